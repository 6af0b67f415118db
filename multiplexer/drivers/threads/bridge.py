"""The threads driver's bridge: leader and followers.

There are two roles on a connection, each a lock that is only ever *tried*:

* **writer**: whoever queued a message tries to become the writer, sends everything queued in one call, and
  looks at the queue again after letting go, so no message is stranded;
* **reader**: whoever waits for a reply tries to become the reader and then reads for everybody, until its own
  reply is there. The others sleep, each on a lock of its own. A reader that leaves wakes the owner of the
  oldest unanswered message, who takes over.

A lone caller therefore sends and receives in its own thread, without a hand-over. Where replies or pushes are
due and nobody waits for them, the :class:`~.pump.Pump` takes the reader's role.

Locks are taken in the order writer, reader; both are re-entrant only so that an interrupted thread can tell
whether it holds them. User code never runs under either.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from ...core.message import QUEUED, InternalMessage, Message, commands_in
from ...core.physical_bridge import BridgeState, PhysicalBridge
from ...core.physical_connection import BATCH_LIMIT, PhysicalConnection
from ...core.resending import Rerouted
from ...errors import RedisConnectionError, RedisError
from .channel import READ_SLICE, Channel
from .message import PENDING, ThreadMessage
from .primitives import TIMEOUT_MAX, RLock, Thread, allocate_lock, deque, monotonic, sleep
from .pump import Pump

if TYPE_CHECKING:
    from typing import Protocol

    from ...configuration import ConfigurationOptions, EndPoint
    from ...core import seam
    from ..profiling import Profiling

    class Connector(seam.Connector, Protocol):
        """What is asked of the one who makes a bridge's connections; see :mod:`.connector`."""

        def start_or_connect(self) -> None: ...
        def stop(self) -> None: ...
        def forget(self) -> None: ...


_BUFFER_SIZE = 128 * 1024
_DRAIN_SLICE = 0.005
#: Seconds after which whoever sleeps tries the reader's role by itself. The one who was to have it next may be held up:
#: by a finalizer, say, that the garbage collector runs in its thread, and that waits for a reply of its own.
_SLEEP = 0.25
#: Seconds after which it is worth a look whether the server has closed a connection, before anything is written to it.
_IDLE = 0.005


class ThreadBridge(PhysicalBridge):
    """One server's shared connection, for threads.

    Attributes:
        channel: The socket of the current connection; outlives it until the next one is made.
        profiling: Who wants to know of its commands; see :mod:`.profiled`.
        connector: Makes connections in a thread of its own.
        pump: Reads where nobody waits.
    """

    connector: Connector
    profiling: Profiling

    def __init__(
        self, endpoint: EndPoint, kind: str, options: ConfigurationOptions, listener: seam.Listener[Any]
    ) -> None:
        self.make_locks()
        super().__init__(endpoint, kind, options, monotonic())
        self.channel: Channel | None = None
        self.listener = listener
        self._batch_limit = BATCH_LIMIT if options.auto_pipeline else 1
        self._flush_delay = options.max_flush_delay
        self._broken: tuple[PhysicalConnection, BaseException] | None = None
        self.pump = Pump(self)

    def make_locks(self) -> None:
        """Make all locks anew (also in the child of a fork, whatever state they were in)."""
        #: Whoever has it is the writer: takes from the backlog and sends. Re-entrant for finalizers, which see that.
        self.write_lock: Any = RLock()
        #: Whoever has it is the reader: receives, hands out replies, and gives connections up.
        self.read_lock: Any = RLock()
        #: Held for a look at the state and the change that goes by it: one who was held up in between would otherwise
        #: open again what was closed meanwhile. Re-entrant for finalizers that close.
        self._state_lock: Any = RLock()
        self._parked: deque[Any] = deque()
        self.buffer = bytearray()

    def make_buffer(self) -> None:
        """Make the buffer replies are read into, for the first connection: many a bridge never has one."""
        if not self.buffer:
            self.buffer = bytearray(_BUFFER_SIZE)

    # -- calling ---------------------------------------------------------------------------------------

    def call(self, message: ThreadMessage, now: float) -> None:
        """Send a message and wait for its reply, which is then in ``message.reply``.

        Raises:
            RedisError: It could not be queued, or its deadline passed.
        """
        if self.read_lock._is_owned() or self.write_lock._is_owned():
            raise _nested(message)
        try:
            self.submit(message, now)
            if message.reply is PENDING:
                self.wait(message, monotonic())  # queueing may have taken long: for room, or in a full socket
            else:
                # Answered before its writer came back: others it wrote for may sleep, and nobody reads.
                self.promote()
        except Rerouted as error:
            message.reply = error  # the server has left since it was chosen
        except BaseException:
            self.interrupted(message)
            raise

    def begin(self, message: ThreadMessage, now: float) -> None:
        """Send a message whose reply :meth:`end` waits for; an error it meets is its reply."""
        if self.read_lock._is_owned() or self.write_lock._is_owned():
            raise _nested(message)
        try:
            self.submit(message, now)
        except RedisError as error:
            message.reply = error
        except BaseException:
            self.interrupted(message)
            raise

    def end(self, message: ThreadMessage) -> None:
        """Wait for the reply of a message that was begun; it is then in ``message.reply``."""
        try:
            if message.reply is PENDING:
                self.wait(message, monotonic())
            else:
                self.promote()
        except RedisError as error:
            self.interrupted(message)
            message.reply = error
        except BaseException:
            self.interrupted(message)
            raise

    def submit(self, message: Message, now: float) -> None:
        """Queue a message and send what is queued.

        Raises:
            RedisError: There is no room before its deadline, or the bridge takes no messages.
        """
        connection = self.connection
        backlog = self.backlog
        if connection is None:
            self.connector.start_or_connect()
            if len(backlog) >= self.check_from or message.payload.__class__ is not bytes:
                self._wait_for_room(message)
        elif len(connection.sent) + len(backlog) >= self.check_from or message.payload.__class__ is not bytes:
            self._wait_for_room(message)
        elif not backlog and self._send_alone(connection, message, now):
            if backlog:
                self.flush(now, message.deadline)
            return
        backlog.append(message)
        # Only now: whoever closes the bridge or loses the connection empties the backlog after saying so.
        if not self.accepting and self.withdraw(message):
            raise self.rejection(message)
        if self.state is BridgeState.ESTABLISHED:
            self.flush(now, message.deadline)
        elif connection is not None:  # lost meanwhile
            self.connector.start_or_connect()

    def _send_alone(self, connection: PhysicalConnection, message: Message, now: float) -> bool:
        """Send a message past the empty backlog; return False where it must be queued instead."""
        write_lock = self.write_lock
        if write_lock._is_owned() or not write_lock.acquire(False):
            return False
        try:
            # Looked at under the lock: a lost connection is not replaced while somebody writes.
            if self.connection is not connection or not self.accepting or self._flush_delay:
                return False
            assert self.channel is not None
            if now - connection.last_write > _IDLE and self._has_ended(connection, self.channel):
                return False
            payload: Any = message.payload
            try:
                if not connection.put(message, now):
                    return False
                left = self.channel.send_one(payload)
                if left:
                    self._write_rest(connection, self.channel, left, message.deadline)
            except OSError as error:
                self.break_connection(connection, error)
            except BaseException:
                self.break_connection(connection, RedisConnectionError("a thread was interrupted while it wrote"))
                raise
            if self.connection is not connection:
                self._settle_stranded(connection)
        finally:
            write_lock.release()
        return True

    def wait(self, message: ThreadMessage, now: float) -> None:
        """Wait for a message's reply, reading for everybody meanwhile if nobody else does.

        Raises:
            RedisTimeoutError: The deadline passed.
        """
        read_lock = self.read_lock
        while message.reply is PENDING:
            if self.connection is not None and not read_lock._is_owned() and read_lock.acquire(False):
                try:
                    self._lead(message, now)
                finally:
                    read_lock.release()
                connection = self.connection
                if connection is not None and connection.sent:
                    self.promote()
            elif message.waiter is None:
                # Seen by the next reader or writer of the message; then look once more before sleeping:
                # the reply may have come, or the role fallen free, before the waiter could be seen.
                waiter = allocate_lock()
                waiter.acquire()
                message.waiter = waiter
                continue
            else:
                if self.connection is None:
                    self.connector.start_or_connect()  # whoever lost it may have found no thread to do so
                remaining = message.deadline - monotonic()
                if remaining > 0:
                    message.waiter.acquire(True, min(remaining, _SLEEP))
            if message.reply is PENDING:
                now = monotonic()
                if now >= message.deadline and not self.puts_off(message, now):
                    self.time_out(message, now)
                    return

    def _lead(self, message: ThreadMessage, now: float) -> None:
        """Read for everybody until ``message`` is answered or its deadline has passed. Holds the role."""
        connection = self.connection
        channel = self.channel
        if connection is None or channel is None:
            return
        if message.reply is not PENDING:
            return  # answered by the reader before, just as it left
        buffer = self.buffer
        deadline = message.deadline
        try:
            while True:
                try:
                    if deadline - now >= READ_SLICE:
                        size = channel.receive_into(buffer)
                    else:
                        size = self._read_before(channel, deadline, now)
                except BlockingIOError:
                    now = monotonic()
                    if now >= deadline or self.connection is not connection:
                        return
                    if message.reply is not PENDING:
                        return  # by nobody who read: it was refused as it was to be sent
                    continue
                now = monotonic()
                if not size:
                    raise RedisConnectionError("the server closed the connection")
                connection.receive(buffer, size, now)
                if connection.resume or self._parked:
                    self._after_receiving(connection, now, deadline)
                if message.reply is not PENDING:
                    counters = self.counters
                    counters.completed_synchronously += 1
                    counters.completed_asynchronously -= 1
                    return
                if now >= deadline:
                    return  # bytes may go on coming for ever, of others' replies or of one that never ends
        except (OSError, RedisError) as error:
            self.lose(connection, error)
        except BaseException:
            # Ctrl-C, say: a reply may be lost between the socket and its message.
            self.lose(connection, RedisConnectionError("a thread was interrupted while it read"))
            raise

    def _read_before(self, channel: Channel, deadline: float, now: float) -> int:
        """Read, but wait no longer than until a deadline that is near."""
        if not channel.has_unread():
            channel.wait(deadline - now, read=True, write=False)
        return channel.receive_now(self.buffer)

    def received(self, connection: PhysicalConnection, size: int, now: float) -> None:
        """Take what was read into the buffer. Holds the reader's role.

        Raises:
            RedisConnectionError: The peer has closed, or sent what cannot be understood.
        """
        if not size:
            raise RedisConnectionError("the server closed the connection")
        connection.receive(self.buffer, size, now)
        if connection.resume or self._parked:
            self._after_receiving(connection, now, math.inf)

    def _after_receiving(self, connection: PhysicalConnection, now: float, deadline: float) -> None:
        """Do what waited for replies to come."""
        if connection.resume:
            connection.resume = False
            self.flush(now, min(deadline, now + READ_SLICE))
        if self._parked:
            self.unpark()

    def attend(self) -> None:
        """See to what arrived while nobody reads: a reply without a waiter, a push, or the end of the connection."""
        if self.connection is not None and self.read_lock.acquire(False):
            try:
                due = self.has_unread()
            finally:
                self.read_lock.release()
            if due:
                self.pump.start()
            self.promote()  # somebody may have tried the role just now

    def has_unread(self) -> bool:
        """Whether something is due, or waits to be read. Holds the reader's role, so the channel stays open."""
        connection, channel = self.connection, self.channel
        return connection is not None and channel is not None and (bool(connection.sent) or channel.is_readable())

    def promote(self) -> None:
        """Having left the reader's role, see that somebody takes it while replies are due."""
        connection = self.connection
        if connection is None:
            return
        try:
            head = connection.sent[0]
        except IndexError:
            return
        if isinstance(head, ThreadMessage) and not head.orphan:
            if head.waiter is not None:
                head.wake()
            # Without a waiter its owner is awake, and tries the role before it sleeps.
        else:
            self.pump.start()

    def time_out(self, message: ThreadMessage, now: float) -> None:
        """Give a message up at its deadline.

        Raises:
            RedisTimeoutError: Unless the reply came at the last moment.
        """
        timeout = now - message.deadline + self.timeout_of(message)
        if not self.withdraw(message):
            message.orphan = True  # its place stays, so that replies keep matching
            if message.reply is not PENDING:
                return
            message.sent_at = message.sent_at or now  # the writer has just taken it, and not noted that yet
            self.note_timeout(now)
        self.lag = max(self.lag, now - message.deadline)  # the next heartbeat measures anew
        error = self.timeout_error(message, now, timeout)
        self.counters.failed += 1
        self.listener.timed_out(self, error)
        raise error

    def timeout_of(self, message: Message) -> float:
        """Return how many seconds a message was given."""
        return message.options.timeout or self.options.sync_timeout

    def interrupted(self, message: Message) -> None:
        """Clean up after an exception flew through a caller, perhaps at the worst moment.

        A writer may have sent half a command and a reader may have dropped half a reply: the connection
        cannot be trusted any more.
        """
        connection = self.connection
        if self.write_lock._is_owned() or self.read_lock._is_owned():
            if connection is not None:
                self.break_connection(connection, RedisConnectionError("a thread was interrupted while it used it"))
            while self.read_lock._is_owned():
                self.read_lock.release()
            while self.write_lock._is_owned():
                self.write_lock.release()
        if not self.withdraw(message) and isinstance(message, ThreadMessage):
            message.orphan = True
        self.flush(monotonic())
        self.promote()

    def post(self, messages: Sequence[Message]) -> None:
        if not messages:
            return
        if not self.accepting:
            raise self.rejection(messages[0])
        self.backlog.extend(messages)
        # Only now, as in submit(). What whoever closed the bridge has found in the backlog was told so.
        if not self.accepting:
            for message in messages:
                if self.withdraw(message):
                    message.finish(self.rejection(message))
            return
        if self.connection is None:
            self.connector.start_or_connect()
        self.kick()

    def set_state(self, state: BridgeState) -> None:
        with self._state_lock:
            PhysicalBridge.set_state(self, state)

    def _set_accepting(self) -> None:
        with self._state_lock:
            PhysicalBridge._set_accepting(self)

    def keep_reading(self, always: bool) -> None:
        """Read even while nobody waits, because pushes may arrive."""
        self.pump.keep(always)

    # -- writing ---------------------------------------------------------------------------------------

    def flush(self, now: float, deadline: float | None = None) -> None:
        """Send everything queued, unless another thread is doing so.

        Args:
            now: Time of the driver's clock.
            deadline: When this thread must be back; it then leaves what is to be written to another one.
        """
        write_lock = self.write_lock
        backlog = self.backlog
        late = False
        while backlog and self.state is BridgeState.ESTABLISHED:
            if late:
                # Others may go on queueing for as long as they like, and nobody waits for what is forgotten.
                if self._flush_in_thread():
                    return
                late = False
            if write_lock._is_owned() or not write_lock.acquire(False):
                return  # the writer looks at the backlog again after it let go
            try:
                connection = self.connection
                if connection is None:
                    return
                held = connection.holding
                if not held:
                    late = self._write(connection, now, now + READ_SLICE if deadline is None else deadline)
            finally:
                write_lock.release()
            if held and connection.holding:
                return  # looked at twice: whoever ended it meanwhile found this thread writing and left

    def _flush_in_thread(self) -> bool:
        """Have a thread of its own send what is queued; return False where none can be had."""
        name, until = f"multiplexer-write-{self.endpoint}", math.inf
        try:
            Thread(target=self.flush, args=(monotonic(), until), name=name, daemon=True).start()
        except RuntimeError:
            return False
        return True

    def _write(self, connection: PhysicalConnection, now: float, deadline: float) -> bool:
        """Send everything queued; return whether the deadline has passed meanwhile. Holds the writer's role."""
        channel = self.channel
        assert channel is not None
        if now - connection.last_write > _IDLE and self._has_ended(connection, channel):
            return False  # what is queued stays so for the next connection
        again = late = False
        self.counters.writer_count = 1
        try:
            if self._flush_delay and len(self.backlog) + len(connection.sent) > 1:
                sleep(self._flush_delay)
            while not late and (buffers := connection.take(self.backlog, now, self._batch_limit)):
                left = channel.send(buffers)
                if left:
                    self._write_rest(connection, channel, left, deadline)
                if left or again:
                    now = monotonic()
                    late = now >= deadline and not connection.holding
                again = True
            if not late:
                self.forget_check()
        except OSError as error:
            self.break_connection(connection, error)
        except BaseException:
            self.break_connection(connection, RedisConnectionError("a thread was interrupted while it wrote"))
            raise
        finally:
            self.counters.writer_count = 0
        if self.connection is not connection:
            self._settle_stranded(connection)
        return late

    def _has_ended(self, connection: PhysicalConnection, channel: Channel) -> bool:
        """Whether the server has closed a connection that was idle, which is then given up. Holds the writer's role.

        While nobody reads, nobody hears of it, and what is written into such a connection might have been applied for
        all its caller can tell. Where somebody reads, that one hears of it.
        """
        if connection.sent or not channel.is_readable():
            return False
        if self.read_lock._is_owned() or not self.read_lock.acquire(False):
            return False
        try:
            if self.connection is connection:
                self._drain(connection, channel)  # or it was a push, which is as welcome
        except (OSError, RedisError) as error:
            self.lose(connection, error)
        finally:
            self.read_lock.release()
        self.promote()  # somebody may have tried the role just now
        return self.connection is not connection

    def _settle_stranded(self, connection: PhysicalConnection) -> None:
        """The connection was lost while messages were taken for it: nobody else sees those. Holds the writer's role.

        Its socket was shut before it was given up, so what was taken since never left this process and is queued again,
        as if nobody had taken it. Only the package's own messages are about that connection, and fail with it.
        """
        error = self.last_error or OSError("connection lost")
        failed: list[tuple[Message, RedisError]] = []
        with self.read_lock:
            stranded = connection.drain()
            self.counters.lost += commands_in(stranded)
            for message in reversed(stranded):
                if isinstance(message, InternalMessage) or message.abandoned():
                    failed.append((message, self._lost_error(message, error)))
                else:
                    message.phase = QUEUED
                    message.sent_at = message.sent_at if message.attempts else 0.0
                    self.backlog.appendleft(message)
            if not self.accepting:  # looked at only now: whoever says so then empties the backlog
                failed += [(message, self.rejection(message)) for message in self.take_backlog()]
            self.hand_out_failures(failed)

    def _write_rest(
        self, connection: PhysicalConnection, channel: Channel, left: Sequence[Any], deadline: float
    ) -> None:
        """The socket is full: go on as it takes more, and read meanwhile, or both sides might stall for ever."""
        while left:
            remaining = deadline - monotonic()
            if remaining <= 0:
                self._leave_rest(connection, channel, left)
                return
            reads = not self.read_lock._is_owned() and self.read_lock.acquire(False)
            try:
                channel.wait(min(READ_SLICE if reads else _DRAIN_SLICE, remaining), read=reads, write=True)
                if self.connection is not connection:
                    raise RedisConnectionError("the connection was lost")
                if reads:
                    self._drain(connection, channel)
            except RedisError as error:
                if reads:
                    self.lose(connection, error)
                raise OSError(str(error)) from error
            finally:
                if reads:
                    self.read_lock.release()
            left = channel.send_rest(left)
        self.promote()

    def _leave_rest(self, connection: PhysicalConnection, channel: Channel, left: Sequence[Any]) -> None:
        """Let a thread of its own end a write whose caller has no more time. Holds the writer's role.

        Nothing may come between the parts of a command, so the connection takes nothing until that is done,
        also in the moment between the two threads' holding the role.
        """
        held = connection.holding  # then the last command written is what everything waits for, not this write
        connection.holding = True

        def end() -> None:
            with self.write_lock:
                if self.connection is not connection:
                    return  # lost before this thread came, and perhaps replaced: the channel may be closed
                try:
                    self._write_rest(connection, channel, left, math.inf)
                except OSError as error:
                    self.break_connection(connection, error)
                if not held:
                    connection.holding = False
            self.flush(monotonic())
            self.promote()

        try:
            Thread(target=end, name=f"multiplexer-write-{self.endpoint}", daemon=True).start()
        except RuntimeError as error:  # no more threads: half a command stands on the wire, and nobody can end it
            raise OSError(f"a write is not ended, {error}") from error

    def _drain(self, connection: PhysicalConnection, channel: Channel) -> None:
        try:
            self.received(connection, channel.receive_now(self.buffer), monotonic())
        except BlockingIOError:
            pass

    # -- another connection in place of the one there is -----------------------------------------------

    def hold(self, connection: PhysicalConnection) -> bool:
        with self.write_lock:  # nobody is in the middle of a command, nor left one half written to a thread of its own
            if self.connection is not connection or connection.holding:
                return False
            connection.holding = True
        return True

    def let_go(self, connection: PhysicalConnection) -> None:
        with self.write_lock:
            connection.holding = False
        self.kick()

    # -- losing ----------------------------------------------------------------------------------------

    def break_connection(self, connection: PhysicalConnection, error: BaseException) -> None:
        """Give a connection up from any thread, whoever reads from it at present."""
        channel = self.channel  # before the look at the connection, or it might be the next one's
        if channel is not None and self.connection is connection:
            self._broken = (connection, error)  # the reader, whom this wakes, shall not take it for the server's doing
            channel.shutdown()
        with self.read_lock:
            self.lose(connection, error)

    def lose(self, connection: PhysicalConnection, error: BaseException) -> None:
        """Give a connection up. Holds the reader's role, so nobody matches replies meanwhile."""
        if self.connection is not connection:
            return  # somebody noticed before
        if self._broken is not None and self._broken[0] is connection:
            error = self._broken[1]
        if self.channel is not None:
            self.channel.shutdown()  # only now: a writer whom this fails shall not be taken for the cause
        self._broken = None
        self.hand_out_failures(self.lost(error, monotonic()))
        self.listener.lost(self, error)
        self.connector.start()

    def hand_out_failures(self, failed: list[tuple[Message, RedisError]]) -> None:
        """Hand out errors and let parked callers look for room."""
        self.counters.failed += len(failed)
        for message, error in failed:
            message.finish(error)
        self.unpark()

    def release(self, rerouted: Iterable[tuple[Message, RedisError]]) -> None:
        super().release(rerouted)
        self.unpark()

    def kick(self) -> None:
        """Send what is queued, if anything can be sent."""
        self.flush(monotonic())
        self.promote()

    # -- bounds ----------------------------------------------------------------------------------------

    def _wait_for_room(self, message: Message) -> None:
        """Wait until the bound on pending messages leaves room.

        Raises:
            BacklogFullError: The deadline passed.
        """
        while self.is_full():
            remaining = message.deadline - monotonic()
            if remaining <= 0 or not self.accepting:
                raise self.full_error(message) if self.accepting else self.rejection(message)
            gate = allocate_lock()
            gate.acquire()
            self._parked.append(gate)
            self.parked += 1
            try:
                self.promote()
                if self.is_full():  # the room may have come before the gate could be seen
                    gate.acquire(True, min(remaining, TIMEOUT_MAX))
            finally:
                self.parked -= 1
        self.note_queued(message)

    def unpark(self) -> None:
        """Let parked callers look for room."""
        if self.is_full() and self.accepting:
            return
        for _ in range(len(self._parked)):
            try:
                self._parked.popleft().release()
            except IndexError:  # somebody else lets them look too
                return

    # -- ending ----------------------------------------------------------------------------------------

    def send_last(self, message: ThreadMessage) -> None:
        """Send one more message although no others are taken any more; gives up quietly."""
        if self.read_lock._is_owned() or self.write_lock._is_owned():
            return  # closed by a signal handler that interrupted this thread as it read or wrote: it cannot wait
        self.backlog.append(message)
        now = monotonic()
        try:
            self.flush(now)
            self.wait(message, monotonic())
        except RedisError:
            self.interrupted(message)

    def shut(self, error: RedisError) -> None:
        """Close for good: fail what is queued and what is in flight."""
        self.hand_out_failures(self.close())
        connection = self.connection
        if connection is not None:
            self.break_connection(connection, error)
        self.connector.stop()
        self.pump.stop()
        if self.read_lock._is_owned():
            # Closed by a finalizer or signal handler in a thread that reads: it must not wait for a writer, who might
            # be waiting for the reader.
            Thread(target=self._free, name=f"multiplexer-close-{self.endpoint}", daemon=True).start()
        else:
            self._free()

    def _free(self) -> None:
        with self.write_lock:
            if self.channel is not None:
                self.channel.close()

    def forget(self) -> None:
        """In the child of a fork: drop everything that belongs to the parent, without a byte on its socket."""
        self.make_locks()
        self.backlog.clear()
        self.counters.reset()  # what the parent has done, and waits for, is not this process's
        self.lease_counters.reset()
        self.connection = None
        if self.channel is not None:
            self.channel.close()
            self.channel = None
        self.set_state(BridgeState.DISCONNECTED)
        self.forget_failures()
        self.parked = 0
        always = self.pump.always
        self.pump = Pump(self)
        self.pump.always = always
        self.connector.forget()
        self.listener.left_to_parent(self)


def _nested(message: Message) -> RedisError:
    error = RedisError(
        f"{message.command.name} was not sent: a finalizer or signal handler called it in a thread that was reading or "
        "writing for all callers, and that cannot wait for a reply now; use CommandFlags.FIRE_AND_FORGET there"
    )
    error.command, error.phase = message.command.name, "created"
    return error
