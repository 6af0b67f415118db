"""The event-loop driver's bridge: everything happens in the loop's own thread, so nothing needs a lock.

A command issued while nothing is in flight is written at once. Otherwise commands collect, and one flush per
turn of the loop sends them together.
"""

from __future__ import annotations

import asyncio
import math
from collections import deque
from collections.abc import Iterable, Sequence
from contextvars import Context
from time import monotonic
from typing import TYPE_CHECKING, Any

from ...core.message import DEAD, QUEUED, WRITTEN, Message
from ...core.physical_bridge import CHECK_EVERY, BridgeState, PhysicalBridge
from ...core.physical_connection import BATCH_LIMIT, PhysicalConnection
from ...core.resending import Rerouted, Resend
from ...core.types import size_of
from ...errors import RedisConnectionError, RedisError
from .message import TaskMessage
from .protocol import ConnectionProtocol

if TYPE_CHECKING:
    from typing import Protocol

    from ...configuration import ConfigurationOptions, EndPoint
    from ...core import seam
    from ..profiling import Profiling

    class Connector(seam.Connector, Protocol):
        """What is asked of the one who makes a bridge's connections; see :mod:`.connector`."""

        def stop(self) -> None: ...
        async def ended(self) -> None: ...
        def keep_awake(self) -> None: ...
        def keep_going(self) -> None: ...


#: Seconds between two looks for deadlines that have passed, at most, where others are due.
_BETWEEN_LOOKS = 0.03
#: The dead are taken out of the queues once they are one in so many.
_DEAD_PART = 8


class EventLoopBridge(PhysicalBridge):
    """One server's shared connection, for tasks of one event loop.

    Attributes:
        protocol: The current connection's protocol object, or None.
        answered: Messages with waiters whose replies the read at hand has brought; None while nothing is read.
        profiling: Who wants to know of its commands; see :mod:`.profiled`.
        connector: Makes connections in a task of its own.
    """

    connector: Connector
    profiling: Profiling

    def __init__(
        self,
        endpoint: EndPoint,
        kind: str,
        options: ConfigurationOptions,
        listener: seam.Listener[PhysicalBridge],
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        super().__init__(endpoint, kind, options, monotonic())
        self.listener = listener
        self.loop = loop
        self.protocol: ConnectionProtocol | None = None
        self.answered: list[TaskMessage] | None = None
        #: What the loop is to tell waiters of, by identity.
        self._untold: dict[int, list[TaskMessage]] = {}
        self._batch_limit = BATCH_LIMIT if options.auto_pipeline else 1
        self._flush_delay = options.max_flush_delay
        self._flush_scheduled = False
        self._waiting_for_room: deque[TaskMessage] = deque()
        self._dead = 0
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at = math.inf

    # -- calling ---------------------------------------------------------------------------------------

    def submit(self, message: Message, now: float) -> None:
        """Queue a message and see that it is sent: at once where nothing is in flight, else with others.

        Raises:
            RedisError: The bridge takes no messages.
        """
        if message.deadline < self._timer_at:
            self._set_timer(message.deadline)
        connection = self.connection
        if connection is None:
            self._submit_disconnected(message)
            return
        backlog = self.backlog
        sent = len(connection.sent)
        if (sent + len(backlog) >= self.check_from or message.payload.__class__ is not bytes) and self._park(message):
            return
        if self._flush_scheduled:
            backlog.append(message)
        elif sent or backlog:
            backlog.append(message)
            self._schedule_flush()
        else:
            self._send_alone(connection, message, now)

    def _send_alone(self, connection: PhysicalConnection, message: Message, now: float) -> None:
        """Send a message past the empty backlog where that is possible."""
        protocol = self.protocol
        if protocol is not None and not protocol.blocked:
            try:
                if connection.put(message, now):
                    protocol.transport.write(message.payload)
                    return
            except BaseException:
                protocol.interrupted()
                raise
        self.backlog.append(message)
        self.flush()

    def _submit_disconnected(self, message: Message) -> None:
        if not self.accepting:
            raise self.rejection(message)
        self.connector.start()
        large = message.payload.__class__ is not bytes
        if (large or len(self.backlog) >= self.check_from) and self._park(message):
            return
        self.backlog.append(message)

    def post(self, messages: Sequence[Message]) -> None:
        if not messages:
            return
        if not self.accepting:
            raise self.rejection(messages[0])
        deadline = min([message.deadline for message in messages])
        if deadline < self._timer_at:
            self._set_timer(deadline)
        self.backlog.extend(messages)
        if self.connection is None:
            self.connector.start()
        else:
            self.kick()

    def keep_reading(self, always: bool) -> None:
        """Read even while nobody waits: the event loop always does."""

    def flush(self) -> None:
        """Send what is queued, as far as the transport takes it."""
        self._flush_scheduled = False
        connection, protocol = self.connection, self.protocol
        if connection is None or protocol is None:
            return
        backlog = self.backlog
        try:
            # Writing may find the connection lost: what is sent again then is not for the dead one.
            while backlog and not protocol.blocked and self.connection is connection:
                buffers = connection.take(backlog, monotonic(), self._batch_limit)
                if not buffers:
                    return
                protocol.write(buffers)
        except BaseException:
            protocol.interrupted()
            raise
        if not backlog:
            self.forget_check()

    def _schedule_flush(self) -> None:
        if self._flush_delay:
            self.loop.call_later(self._flush_delay, self.flush, context=Context())
        else:
            self.loop.call_soon(self.flush)
        self._flush_scheduled = True

    def wake_soon(self, answered: list[TaskMessage]) -> None:
        """Have waiters told in the loop's next turn that their messages are done, all by one call of the loop."""
        self._untold[id(answered)] = answered
        self.loop.call_soon(self._wake, answered)

    def _wake(self, answered: list[TaskMessage]) -> None:
        try:
            for message in answered:
                waiter = message.waiter
                if waiter is not None:  # else it was told before Ctrl-C stopped this
                    message.waiter = None
                    try:
                        waiter[1].run(waiter[0], message)
                    except (SystemExit, KeyboardInterrupt):
                        raise
                    except BaseException as error:  # as the loop has it
                        self._report(waiter[0], error)
        except BaseException:
            # Ctrl-C, in a waiter or between two: the loop stops, and where it goes on the others are told then.
            self.loop.call_soon(self._wake, answered)
            raise
        self._untold.pop(id(answered), None)
        # Errors that waiters took up hold this frame, and the messages hold them.
        message = waiter = None  # type: ignore[assignment]
        del answered

    def _report(self, waiter: object, error: BaseException) -> None:
        self.loop.call_exception_handler({"message": f"Exception in callback {waiter!r}", "exception": error})

    def make_up(self, now: float) -> None:
        """Do what a callback would have done that Ctrl-C took the place of, once a heartbeat."""
        due = self._timer_at
        if due < now - 1:
            self._set_timer(now)
            self._timer_at = due  # tells how late it is, which may as well be the event loop's fault
        if self.answered is not None:
            answered, self.answered = self.answered, None
            self.wake_soon(answered)
        for answered in self._untold.values():
            self.loop.call_soon(self._wake, answered)  # who was told already is not told again
        protocol, connection = self.protocol, self.connection
        if protocol is not None and protocol.transport.is_closing():
            protocol.abort(RedisConnectionError("the connection was closed"))  # of which nobody was told
        elif protocol is None and connection is not None:
            self.lose(connection, RedisConnectionError("the connection was lost"))  # as far as this had come
        if self.parked:
            self.unpark()  # what has expired leaves room
        if self.backlog:
            self.flush()

    def refuse(self, message: TaskMessage, error: RedisError) -> None:
        """Hand an error to a message, unless sending it again can help."""
        rerouted = isinstance(error, Rerouted)
        if not rerouted and (message.phase == QUEUED or error.phase is not None):
            message.set_exception(error)
            return
        resend = self.listener.resend(self, message, error)
        if resend is None:
            if not rerouted:
                error.phase, error.command, error.endpoint = "answered", message.command.name, str(self.endpoint)
            message.set_exception(error)
            return
        resend.prepare(message, self.counters)
        if resend.delay:
            self.loop.call_later(resend.delay, self._submit_again, message, resend, context=Context())
        else:
            self._submit_again(message, resend)

    def _submit_again(self, message: TaskMessage, resend: Resend[EventLoopBridge]) -> None:
        if message.done():
            return
        try:
            message.bridge = resend.target(self, message)
            message.bridge.submit(message, monotonic())
        except RedisError as error:
            message.set_exception(error)

    # -- bounds ----------------------------------------------------------------------------------------

    def reconfigure(self, options: ConfigurationOptions) -> None:
        super().reconfigure(options)
        if self.draining or self.tripped is not None:
            self._first_check = self.check_from = -1  # brings submit(), which does not look at `accepting`, to _park()

    def drain(self) -> None:
        super().drain()
        self._first_check = self.check_from = -1

    def trip(self, why: str | None) -> list[tuple[Message, RedisError]]:
        failed = super().trip(why)
        self._first_check = self.check_from = -1 if why is not None else min(CHECK_EVERY, self.options.max_pending)
        return failed

    def _park(self, message: Message) -> bool:
        """Let a message wait for room; return False where there is some after all.

        Raises:
            BacklogFullError: Nobody awaits the message, so nothing can be made to wait.
            MultiplexerClosedError: The bridge takes no messages any more.
        """
        if not self.accepting:
            raise self.rejection(message)
        if self.parked:
            self.unpark()  # in turn
        if not self.parked and not self.is_full():
            self.note_queued(message)
            return False
        if not isinstance(message, TaskMessage):
            raise self.full_error(message)
        self._waiting_for_room.append(message)
        self.parked = len(self._waiting_for_room)
        return True

    def note_dead(self) -> None:
        """Note that a message was cancelled, or timed out, where it waits: it would count against the bound.

        Those are taken out together, once they are so many that each pays for a few others only.
        """
        self._dead += 1
        self._sweep()

    def _sweep(self) -> None:
        if self._dead * _DEAD_PART >= len(self.backlog) + len(self._waiting_for_room):
            self._dead = 0
            queues: tuple[deque[Any], ...] = (self.backlog, self._waiting_for_room)
            for queue in queues:
                alive = [message for message in queue if message.phase < WRITTEN]
                queue.clear()
                queue.extend(alive)
        if self.parked:
            self.unpark()

    def unpark(self) -> None:
        """Queue messages that waited for room."""
        waiting = self._waiting_for_room
        messages, size = self.headroom()
        while waiting and messages > 0 and size > 0:
            message = waiting.popleft()
            if not message.done():
                self.backlog.append(message)
                self.note_queued(message)
                messages -= 1
                size -= size_of(message.payload)
        self.parked = len(waiting)
        if self.backlog and not self._flush_scheduled:
            self._schedule_flush()

    # -- deadlines -------------------------------------------------------------------------------------

    def _set_timer(self, deadline: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self.loop.call_later(max(deadline - monotonic(), 0), self._expire, context=Context())
        self._timer_at = deadline

    def _expire(self) -> None:
        """Fail what has passed its deadline, and set the timer for the next one.

        One timer serves all messages: most have the same timeout, so it fires about once per timeout and not
        once per message.
        """
        now = monotonic()
        self.lag = max(now - self._timer_at, self.lag if self.connection is None else 0.0)
        self._timer = None
        self._timer_at = math.inf
        self.connector.keep_awake()  # the heart sees in return that this is done
        if self.server is not None and self.server.windows is not None:
            self._put_off(now)
        pending: list[Message] = [*self._expired(now), *self.backlog, *self._waiting_for_room]
        if self.connection is not None:
            pending += self.connection.sent
        nearest = min([message.deadline for message in pending if message.deadline > now], default=math.inf)
        looked = monotonic()
        for message in [message for message in pending if message.deadline <= now]:
            if not message.abandoned():
                self._time_out(message, now)
        self._sweep()
        if nearest < math.inf:
            # However many deadlines there are, looking for them takes a fifth of the loop's time, or as much as it must
            # for them to hold.
            ended = monotonic()
            self._set_timer(max(nearest, ended + 0.001, ended + min(5 * (looked - now), _BETWEEN_LOOKS)))

    def _put_off(self, now: float) -> None:
        """Give what may wait longer while its server is being maintained a later deadline."""
        waiting: list[Message] = [*self.backlog, *self._waiting_for_room]
        if self.connection is not None:
            waiting += self.connection.sent
        for message in waiting:
            if message.deadline <= now:
                self.puts_off(message, now)

    def _expired(self, now: float) -> list[Message]:
        # All at once, as nothing else touches the queue meanwhile: one by one, each would be searched for.
        expired = [message for message in self.backlog if message.deadline <= now and message.phase < WRITTEN]
        if expired:
            left = [message for message in self.backlog if message.deadline > now and message.phase < WRITTEN]
            self.backlog.clear()
            self.backlog.extend(left)
            for message in expired:
                message.phase = DEAD
        return expired

    def _time_out(self, message: Message, now: float) -> None:
        sent = message.phase == WRITTEN
        timeout = now - message.deadline + (message.options.timeout or self.options.async_timeout)
        error = self.timeout_error(message, now, timeout)
        self.counters.failed += 1
        self.listener.timed_out(self, error)
        if sent:
            self.note_timeout(now)  # its place stays, so that replies keep matching
        else:
            message.phase = DEAD
            self._dead += 1
        if isinstance(message, TaskMessage):
            if not message.done():
                message.set_exception(error)
        elif not sent:
            message.finish(error)

    # -- another connection in place of the one there is -----------------------------------------------

    def hold(self, connection: PhysicalConnection) -> bool:
        if self.connection is not connection or connection.holding:
            return False
        connection.holding = True
        return True

    def let_go(self, connection: PhysicalConnection) -> None:
        connection.holding = False
        self.kick()

    # -- losing ----------------------------------------------------------------------------------------

    def lose(self, connection: PhysicalConnection, error: BaseException) -> None:
        """Give a connection up."""
        if self.connection is not connection:
            return  # noticed before, or never established
        self.protocol = None
        self.hand_out_failures(self.lost(error, monotonic()))
        self.listener.lost(self, error)
        self.connector.start()

    def break_connection(self, connection: PhysicalConnection, error: BaseException) -> None:
        """Give a connection up and close its socket."""
        if self.protocol is not None and self.protocol.connection is connection:
            self.protocol.abort(error)

    def hand_out_failures(self, failed: list[tuple[Message, RedisError]]) -> None:
        """Hand out errors."""
        self.counters.failed += len(failed)
        for message, error in failed:
            message.finish(error)
        if self.parked:
            self.unpark() if self.accepting else self._reject_parked()

    def release(self, rerouted: Iterable[tuple[Message, RedisError]]) -> None:
        super().release(rerouted)
        if self.parked:
            self.unpark() if self.accepting else self._reject_parked()

    def kick(self) -> None:
        """Send what is queued, if anything can be sent."""
        self.flush()

    def _reject_parked(self) -> None:
        while self._waiting_for_room:
            message = self._waiting_for_room.popleft()
            if not message.done():
                message.finish(self.rejection(message))
        self.parked = 0

    def shut(self, error: RedisError) -> None:
        """Close for good: fail what is queued and what is in flight."""
        self.hand_out_failures(self.close())
        self._reject_parked()
        protocol = self.protocol
        if protocol is not None:
            protocol.abort(error)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self.connector.stop()

    def start_using(self, protocol: ConnectionProtocol, now: float) -> None:
        """Send on a connection whose handshake has succeeded."""
        self.protocol = protocol
        self.established(protocol.connection, now)
        self.go_on()

    def go_on(self) -> None:
        """See to what has waited for a new connection."""
        self.flush()
        if self.parked:
            self.unpark()

    @property
    def is_closed(self) -> bool:
        """Whether it was closed for good."""
        return self.state is BridgeState.CLOSED
