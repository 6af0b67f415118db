"""The queue in front of one connection, and every decision about it that needs no socket.

A driver's bridge derives from :class:`PhysicalBridge`: it moves bytes and wakes callers, and asks here what to
do. All times are the driver's clock, in seconds.

States: ``DISCONNECTED`` → ``CONNECTING`` → ``ESTABLISHING`` (socket open, handshake under way) →
``ESTABLISHED`` (the tracer came back), and ``CLOSED`` for good. Only an established bridge sends what callers
queue.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from ..errors import (
    NEVER_APPLIED,
    AskError,
    BacklogFullError,
    BusyLoadingError,
    CircuitOpenError,
    MultiplexerClosedError,
    ProtocolError,
    ReadOnlyError,
    RedisConnectionError,
    RedisError,
    RedisTimeoutError,
)
from ..snapshots import snapshot
from .call_options import ANY_DATABASE, CommandFlags
from .commands.command import ReplayCategory
from .commands.command_table import COMMANDS
from .commands.proxies import proxy_of
from .connection_counters import ConnectionCounters
from .diagnosis import causes
from .high_integrity import HighIntegrityConnection
from .message import DEAD, ForgottenMessage, InternalMessage, Message, Unit, commands_in
from .physical_connection import PhysicalConnection
from .prober import Probe, Prober
from .resending import Rerouted, Resend, commands_of
from .retry_budget import RetryBudget
from .types import size_of

if TYPE_CHECKING:
    from ..configuration import ConfigurationOptions, EndPoint
    from .seam import Connector, Listener

#: The bounds are looked at for every so many messages, and for each large one.
CHECK_EVERY = 1024
#: The bytes of what is queued are counted again once this part of it, one in so many messages, has come or gone.
COUNT_EVERY_PART = 16
#: How often one message is sent again at most after its connection broke: it may be what breaks it.
MOST_RESENDS = 3
#: The same where its reply had begun to arrive: a server may close the connection because of what that comes to, and
#: each time it has sent much of it.
MOST_RESENDS_OF_BEGUN = 1
#: How often READONLY is retried while no other server can take the write.
MOST_READONLY_RETRIES = 3
#: A silent peer is given up when nothing was read for this many timeouts and one of them has passed.
DEAD_AFTER_TIMEOUTS = 4
#: A reply that has not grown by so many bytes in that time makes no progress.
PROGRESS = 64 * 1024
#: A connection that lasted so many seconds is no sign of a peer that takes connections only to close them: the next
#: one is made at once. So is one that lasted longer than the longest wait before, but not less than a second.
LASTED = 5.0
LASTED_AT_LEAST = 1.0


class BridgeState(IntEnum):
    """How far the connection is."""

    DISCONNECTED = 0
    CONNECTING = 1
    ESTABLISHING = 2
    ESTABLISHED = 3
    CLOSED = 4


class Beat:
    """What a heartbeat found to do."""

    __slots__ = ("drop", "expired", "ping", "probe")

    def __init__(self) -> None:
        self.expired: list[Message] = []
        self.ping = False
        self.probe: Probe | None = None
        self.drop: RedisConnectionError | None = None


class Progress:
    """The latest sign that replies come to their ends.

    Attributes:
        at: Time of the driver's clock.
        answered: How many commands had been answered.
        unfinished: Bytes of a reply that had begun to arrive.
    """

    __slots__ = ("answered", "at", "unfinished")

    def __init__(self, at: float, answered: int = -1, unfinished: int = 0) -> None:
        self.at = at
        self.answered = answered
        self.unfinished = unfinished


class PhysicalBridge(ABC):
    """The backlog and the state of one connection to one server.

    Attributes:
        endpoint: Where it leads.
        kind: ``"interactive"`` or ``"subscription"``.
        server: The server it leads to.
        listener: Told what happens to it; set by the driver.
        connector: Makes its connections; set by the driver.
        lease_counters: What went to the same server over connections of callers' own.
        backlog: Messages that were not sent, oldest first. Appending is all a caller does to it.
        connection: The established connection, or None.
        reached: Where the latest connection was made to; see :attr:`address`.
        accepting: False where a new message would wait in vain: closed, disconnected under ``FAIL_FAST``, or tripped.
        tripped: Why the circuit breaker of the server is open, or None.
        state: See :class:`BridgeState`.
        last_error: Why the latest attempt to connect failed or the connection broke.
        check_from: Number of pending messages at which the bounds must be looked at, so that most calls need not.
        ever_established: Whether it was connected once.
        heard_at: When something was last read from the connection before, in seconds of the driver's clock.
        scripts: Digests of scripts that the server is known to have.
        silence: Why the server was last given up for its silence, or None: what goes to it over connections of callers'
            own is then as lost.
    """

    listener: Listener[Any]
    connector: Connector

    def __init__(self, endpoint: EndPoint, kind: str, options: ConfigurationOptions, now: float) -> None:
        self.endpoint = self.reached = endpoint
        self.kind = kind
        self.options = options
        self.server: Any = None
        self.counters = ConnectionCounters(kind)
        self.lease_counters = ConnectionCounters("leased")
        self.backlog: deque[Message] = deque()
        self.connection: PhysicalConnection | None = None
        self._prober: Prober | None = None
        self.state = BridgeState.DISCONNECTED
        self.accepting = True
        self.draining = False
        self.retiring = False
        self.tripped: str | None = None
        self.last_error: BaseException | None = None
        self.ever_established = False
        self.established_at = now
        self.disconnected_at = now
        self.heard_at = now
        self.attempts = 0
        self._failures = 0
        self._longest_wait = 0.0
        self.reported_failure = False
        self.lag = 0.0
        self.latency = 0.0
        self.parked = 0
        self._queued_bytes = 0
        self._counted = self._counted_at = 0
        self.scripts: set[str] = set()
        self.silence: BaseException | None = None
        self._timed_out_at = -1.0
        self._was_held_up = False
        self._progress = Progress(now)
        self._budget = RetryBudget(now)
        self._leaves: Callable[[Message], bool] | None = None
        self._stayed: Message | None = None
        self.reconfigure(options)

    def __repr__(self) -> str:
        return (
            f"<{type(self).__name__} {self.kind} {self.endpoint} {self.state.name.lower()} "
            f"backlog={len(self.backlog)} sent={self.sent_count}>"
        )

    def reconfigure(self, options: ConfigurationOptions) -> None:
        """Take other options; what concerns the connection itself applies to the next one."""
        self.options = options
        self._first_check = min(CHECK_EVERY, options.max_pending)
        self.check_from = self._first_check
        self._backoff = options.reconnect_backoff.clone()
        self._reject_when_disconnected = options.backlog_policy.name == "FAIL_FAST"
        self._set_accepting()

    # -- what a driver does ----------------------------------------------------------------------------

    @abstractmethod
    def post(self, messages: Sequence[Message]) -> None:
        """Queue messages of the package's own, which nobody waits for, all or none of them.

        They pass the bounds. There are few at a time, whoever posts them may be the reader, who makes room, or the
        heartbeat, and would be left in doubt which of them are queued.

        Raises:
            RedisError: The bridge takes no messages.
        """

    @abstractmethod
    def kick(self) -> None:
        """See that what is queued is sent, though no caller is there to do it."""

    @abstractmethod
    def hold(self, connection: PhysicalConnection) -> bool:
        """Send a connection nothing more until :meth:`let_go`; return False where that cannot be at present."""

    @abstractmethod
    def let_go(self, connection: PhysicalConnection) -> None:
        """Send on a connection again that was held, unless it is not this bridge's any more."""

    @abstractmethod
    def break_connection(self, connection: PhysicalConnection, error: BaseException) -> None:
        """Give a connection up, unless it is not this bridge's any more."""

    @abstractmethod
    def hand_out_failures(self, failed: list[tuple[Message, RedisError]]) -> None:
        """Hand out errors, and let callers that wait for room look for it."""

    @abstractmethod
    def keep_reading(self, always: bool) -> None:
        """Read even while nobody waits for a reply, because pushes may arrive; or no longer."""

    # -- where it leads --------------------------------------------------------------------------------

    @property
    def address(self) -> EndPoint:
        """Where its next connection is made to: its endpoint, unless the server was moved."""
        return self.endpoint if self.server is None else self.server.address

    def name_for(self, address: EndPoint) -> str | None:
        """Return the name that a certificate must have there: the server's own where the address is but a number."""
        return self.options.server_hostname(self.endpoint if address.is_numeric else address)

    # -- queueing --------------------------------------------------------------------------------------

    @property
    def sent_count(self) -> int:
        """Messages written and unanswered."""
        connection = self.connection
        return len(connection.sent) if connection is not None else 0

    def headroom(self) -> tuple[int, int]:
        """Return how many messages, and how many bytes, may be queued; not positive where none.

        Bytes are counted anew only once a part of the queue has changed, so that however many wait for room, looking
        costs each of them the same.
        """
        queued = len(self.backlog)
        messages = self.options.max_pending - queued - self.sent_count
        self.check_from = self.options.max_pending - messages + min(max(messages, 0), CHECK_EVERY)
        written = self.counters.operation_count
        changes = abs(written - self._counted_at) + abs(queued - self._counted)
        if changes * COUNT_EVERY_PART >= queued:
            self._counted_at, self._counted = written, queued
            self._queued_bytes = sum([size_of(message.payload) for message in snapshot(self.backlog)])
        return messages, self.options.max_pending_bytes - self._queued_bytes

    def is_full(self) -> bool:
        """Whether the bound on pending messages or bytes is reached."""
        return min(self.headroom()) <= 0

    def note_queued(self, message: Message) -> None:
        """Count a message that was looked at, as each large one is, and goes into the backlog now."""
        self._queued_bytes += size_of(message.payload)

    def forget_check(self) -> None:
        """The backlog is empty: look at the bounds when it has grown again."""
        self.check_from = self._first_check

    def full_error(self, message: Message) -> RedisError:
        """Make the error for a message that found no place before its deadline."""
        error = BacklogFullError(
            f"{message.command.name} was not sent: {len(self.backlog)} commands are queued for {self.endpoint} and "
            f"{self.sent_count} unanswered; the bound is max_pending={self.options.max_pending} messages or "
            f"max_pending_bytes={self.options.max_pending_bytes}"
        )
        return causes.describe(error, message, self, "queued")

    def rejection(self, message: Message) -> RedisError:
        """Make the error for a message that cannot be queued: the bridge is closed, or it fails fast."""
        fate = f"{message.command.name} {causes.fate(message)}"
        if self.retiring or (
            self.draining and message.options.travels and self.listener.belongs_elsewhere(self, message)
        ):
            return causes.describe(Rerouted(f"{fate}: {self.endpoint} has left"), message, self, None)
        if self.draining:
            error: RedisError = MultiplexerClosedError(f"{fate}: the multiplexer is closed")
        elif self.tripped is not None:
            error = CircuitOpenError(f"{fate}: the circuit breaker of {self.endpoint} is open, {self.tripped}")
        else:
            error = RedisConnectionError(
                f"{fate}: {self.endpoint} is {self.state.name.lower()} and backlogPolicy=FailFast"
                f"{causes.because(self.last_error)}{self.beyond(message)}"
            )
        return causes.describe(error, message, self, None)

    def forgotten_failed(self, message: ForgottenMessage, error: RedisError) -> None:
        """A fire-and-forget command that was handed to this bridge failed."""
        self.listener.forgotten_failed(self, message, error)

    def beyond(self, message: Message) -> str:
        """Return what is the matter with each deployment that an unsent message could go to, where none is well."""
        why = self.listener.beyond() if message.options.travels and not message.sent_at else ""
        return f"; {why}" if why else ""

    def take_backlog(self) -> list[Message]:
        """Empty the backlog."""
        taken = []
        while True:
            try:
                taken.append(self.backlog.popleft())
            except IndexError:
                return taken

    def _set_accepting(self) -> None:
        self.accepting = (
            not self.draining
            and self.tripped is None
            and (self.state is BridgeState.ESTABLISHED or not self._reject_when_disconnected)
        )

    def drain(self) -> None:
        """Take no more messages; what was taken is still sent."""
        self.draining = True
        self._set_accepting()

    def trip(self, why: str | None) -> list[tuple[Message, RedisError]]:
        """Take no messages while the circuit breaker of the server is open; return those that were not sent.

        Args:
            why: Why it has opened, in words; None where it has closed.
        """
        self.tripped = why
        self._set_accepting()
        own: list[Message] = []
        failed: list[tuple[Message, RedisError]] = []
        for message in [] if why is None else self.take_backlog():
            if isinstance(message, InternalMessage):
                own.append(message)
            else:
                failed.append((message, self.rejection(message)))
        self.backlog.extendleft(reversed(own))
        return failed

    def retire(self) -> list[tuple[Message, RedisError]]:
        """Take no more messages, as the server has left; return those that were not sent, to be routed afresh."""
        self.retiring = True
        self.drain()
        if self.connection is None:
            self.set_state(BridgeState.CLOSED)
        return [(message, self.rejection(message)) for message in self.take_backlog()]

    def release(self, rerouted: Iterable[tuple[Message, RedisError]]) -> None:
        """Hand over messages that are to go elsewhere."""
        for message, error in rerouted:
            message.finish(error)

    def reroute(self, leaves: Callable[[Message], bool]) -> None:
        """Send elsewhere what waits in the backlog, and belongs on another bridge by now.

        Until there is a connection, each heartbeat does the same for what has come since: a caller may have chosen this
        bridge before and queued its message only now, or may have waited for room.

        Args:
            leaves: Says whether a message belongs on another. The package's own, and those meant for this very server,
                stay in any case.
        """
        self._leaves = leaves  # first: what comes after the backlog was taken is found by the next heartbeat
        if self.backlog:
            self._send_elsewhere(leaves, None)

    def _send_elsewhere(self, leaves: Callable[[Message], bool], after: Message | None) -> None:
        """Send elsewhere what leaves of what came after a message that stayed, or of all."""
        taken = self.take_backlog()
        first = taken.index(after) + 1 if after in taken else 0
        stays: list[Message] = taken[:first]
        goes: list[Message] = []
        for message in taken[first:]:
            own = isinstance(message, InternalMessage) or message.options.pinned
            (stays if own or not leaves(message) else goes).append(message)
        self._stayed = stays[-1] if stays else None
        self.backlog.extendleft(reversed(stays))
        self.kick()  # it may have been connected meanwhile
        self.release((message, Rerouted(f"{message.command.name} is sent elsewhere")) for message in goes)

    def _reroute_late(self) -> None:
        """Do what :meth:`reroute` does once more, for what has come since."""
        leaves = self._leaves
        if leaves is None:
            return
        try:
            latest = self.backlog[-1]
        except IndexError:
            latest = None
        if self.connection is not None:
            self._leaves = self._stayed = None
        elif latest is not self._stayed:
            self._send_elsewhere(leaves, self._stayed)

    # -- connecting ------------------------------------------------------------------------------------

    def set_state(self, state: BridgeState) -> None:
        """Move on to another state; a closed bridge stays closed."""
        if self.state is not BridgeState.CLOSED:
            self.state = state
            self._set_accepting()

    def reconnect_delay(self) -> float:
        """Return how many seconds to wait before the next attempt: none before the first."""
        if self._failures == 0:
            return 0.0
        wait = float(self._backoff.compute(self._failures))
        self._longest_wait = max(self._longest_wait, wait)
        return wait

    @property
    def failures(self) -> int:
        """Connections that were not made, or soon lost again, in a row."""
        return self._failures

    def forget_failures(self) -> None:
        """Let the next attempt be the first: at once."""
        self.attempts = self._failures = 0
        self._longest_wait = 0.0
        self._backoff.reset()

    def connect_failed(self, error: BaseException, now: float) -> list[tuple[Message, RedisError]]:
        """Note that an attempt failed; return what is to be failed, each with its error."""
        self.attempts += 1
        self._failures += 1
        self.last_error = error
        self._note_silence(error)
        self.set_state(BridgeState.DISCONNECTED)
        return [(message, self.rejection(message)) for message in self.take_backlog()] if not self.accepting else []

    def established(self, connection: PhysicalConnection, now: float) -> None:
        """Note that the tracer came back on a connection."""
        self._progress = Progress(now)
        self._prober = Prober(connection, self._questions(connection))
        connection.server = self.server
        self.connection = connection
        self.attempts = 0  # but a handshake is no life yet: the waits go on growing where the next loss comes soon
        self.ever_established = True
        self.established_at = now
        self.set_state(BridgeState.ESTABLISHED)

    def replace(self, old: PhysicalConnection, connection: PhysicalConnection, now: float) -> None:
        """Note that a connection, its tracer back, takes the place of one that has answered everything."""
        self.heard_at = old.last_read
        old.drain()  # there is nothing to give up, but what it was to be told of counts no longer
        self._withdraw_probe()
        self.established(connection, now)

    def lost(self, error: BaseException, now: float) -> list[tuple[Message, RedisError]]:
        """Note that the connection broke.

        What was sent and may be sent again goes to the head of the backlog. The caller must be the only one
        who reads from the connection.

        Returns:
            The messages to fail, each with its error.
        """
        connection = self.connection
        self.connection = None
        self.last_error = error
        self._note_silence(error)
        self.disconnected_at = now
        if connection is not None:
            self.heard_at = connection.last_read
            lasted = now - self.established_at
            if lasted >= LASTED or lasted >= max(self._longest_wait, LASTED_AT_LEAST):
                self.forget_failures()
            else:
                self._failures += 1
        self.set_state(BridgeState.DISCONNECTED)
        self._withdraw_probe()
        failed = self.give_up(connection, error, now) if connection is not None else []
        if not self.accepting:
            failed += [(message, self.rejection(message)) for message in self.take_backlog()]
        if self.retiring:
            self.set_state(BridgeState.CLOSED)  # there is nothing to connect to again
        return failed

    def _withdraw_probe(self) -> None:
        """Ask nothing more of the connection that there was: a probe that waits is about that one."""
        if self._prober is not None and self._prober.pending is not None:
            self.withdraw(self._prober.pending)

    def _note_silence(self, error: BaseException) -> None:
        if isinstance(error, TimeoutError | RedisTimeoutError):  # of connecting, or the system's own
            self.silence = error

    def give_up(
        self, connection: PhysicalConnection, error: BaseException, now: float
    ) -> list[tuple[Message, RedisError]]:
        """Give up what a lost connection has not answered; like :meth:`lost`, which calls it."""
        failed: list[tuple[Message, RedisError]] = []
        again: list[Message] = []
        unanswered = connection.drain()
        self.counters.lost += commands_in(unanswered)
        begun = unanswered[0] if unanswered and _has_begun(unanswered[0], connection) else None
        for message in unanswered:
            most = MOST_RESENDS_OF_BEGUN if message is begun else MOST_RESENDS
            wanted = self.retiring or (not self.draining and self.accepting)
            if wanted and self.may_resend(message, now, most) and self._affords(message, now):
                message.restart()
                again.append(message)
            else:
                failed.append((message, self._lost_error(message, error)))
        self.counters.retried += len(again)
        self.counters.retried_after_loss += len(again)
        self.backlog.extendleft(reversed(again))
        return failed

    def close(self) -> list[tuple[Message, RedisError]]:
        """Close for good; return what was queued, to be failed. Sent messages are :meth:`lost` to give up."""
        self.draining = True
        self.set_state(BridgeState.CLOSED)
        self._set_accepting()
        return [(message, self.rejection(message)) for message in self.take_backlog()]

    def may_resend(self, message: Message, now: float, most: int = MOST_RESENDS) -> bool:
        """Whether a message may be sent again that was sent over a connection that was lost."""
        flags = message.options.flags
        if isinstance(message, InternalMessage) or flags & CommandFlags.NO_RETRY or message.abandoned():
            return False
        if message.deadline <= now or message.attempts >= most:
            return False
        most_harmful = message.options.retry_up_to or ReplayCategory.READ_ONLY
        if flags & CommandFlags.RETRY_WRITES:
            most_harmful = ReplayCategory.ACCUMULATING
        replay = message.command.replay
        if replay <= ReplayCategory.READ_ONLY or most_harmful >= ReplayCategory.ACCUMULATING:
            return replay <= most_harmful
        if most_harmful <= ReplayCategory.READ_ONLY or replay > ReplayCategory.ACCUMULATING:
            return False
        commands = commands_of(message.command, message.payload)
        return all(command.replay_category(words) <= most_harmful for command, words in commands)

    def _affords(self, message: Message, now: float) -> bool:
        """Whether the budget for what is sent again over and over has room; a handle's own ``retry`` has none."""
        return message.options.retry is not None or self._budget.allows(
            message.attempts, self.counters.operation_count, now
        )

    def _lost_error(self, message: Message, cause: BaseException) -> RedisError:
        name = message.command.name
        if self.draining and not self.retiring:
            kind: type[RedisError] = MultiplexerClosedError
            what = "the multiplexer was closed before the reply arrived"
        else:
            kind = ProtocolError if isinstance(cause, ProtocolError) else RedisConnectionError
            what = f"the connection to {self.endpoint} was lost before the reply arrived{causes.because(cause)}"
        error = kind(f"{name} was sent and may have been applied: {what}")
        error.__cause__ = cause
        return causes.describe(error, message, self, "written")

    # -- replies that say "not applied" ----------------------------------------------------------------

    def retry_delay(self, message: Message, error: RedisError, now: float) -> float | None:
        """Return after how many seconds a refused message may be sent again; None: never, it failed.

        Args:
            message: The message, which the server answered with ``error``.
            error: A reply after which the command was certainly not applied, or any other.
            now: Time of the driver's clock.
        """
        if not isinstance(error, NEVER_APPLIED) or isinstance(error, AskError):
            return None
        if message.options.flags & CommandFlags.NO_RETRY or isinstance(message, InternalMessage):
            return None
        if isinstance(error, ReadOnlyError) and message.attempts >= MOST_READONLY_RETRIES:
            return None
        backoff = message.options.retry or self.options.reconnect_backoff
        delay = max(float(backoff.compute(message.attempts + 1)), 0.01)
        return delay if now + delay < message.deadline else None

    def retry(self, message: Message, error: RedisError, now: float) -> Resend[Any] | None:
        """Return how to send a refused message again wherever it belongs by then, or None where that cannot help."""
        delay = self.retry_delay(message, error, now)
        return None if delay is None else Resend(delay)

    def needs_role_check(self, error: RedisError) -> bool:
        """Whether a reply says that the server's role is not what was thought."""
        return isinstance(error, NEVER_APPLIED) and not isinstance(error, BusyLoadingError)

    # -- time ------------------------------------------------------------------------------------------

    def beat(self, now: float, lag: float) -> Beat:
        """Do what is due once a heartbeat.

        Args:
            now: Time of the driver's clock.
            lag: Seconds the heartbeat came late: the event loop or the GIL was held up for so long.

        Returns:
            Queued messages to expire, whether to send a PING, what else to ask, and whether to give the connection up.
        """
        self.lag = lag
        beat = Beat()
        beat.expired = self._expired(now)
        self._reroute_late()
        connection = self.connection
        # After a stall there may be replies that nobody has had time to read: the socket has its turn before it is
        # judged. Only one beat is passed over, or a process that is always late would never find a dead peer.
        self._was_held_up = lag > causes.HELD_UP and not self._was_held_up
        if connection is not None and self.state is BridgeState.ESTABLISHED:
            self._look_after(connection, beat, now)
        return beat

    def _look_after(self, connection: PhysicalConnection, beat: Beat, now: float) -> None:
        """Find out what a connection in use needs: to be given up, to be asked, or to be kept alive."""
        if connection.sent and not self._was_held_up:
            silent = self._judged(connection, now)
            self.silence = silent or self.silence
            beat.drop = silent or self._unending(connection, now)
        elif not connection.sent:
            self._progress = Progress(now)
        prober = self._prober
        if prober is None or beat.drop is not None:
            return
        if prober.is_due():
            beat.probe = prober.ask()
        elif not connection.sent and self.options.keep_alive and now - connection.last_write >= self.options.keep_alive:
            prober.pass_over()
            beat.ping = True

    def _unending(self, connection: PhysicalConnection, now: float) -> RedisConnectionError | None:
        """Return why a peer is given up that sends and does not come to the end of a reply, or None where it does."""
        counters, progress = self.counters, self._progress
        unfinished, most = connection.unfinished_bytes(), self.options.max_reply_bytes
        if unfinished > most:
            return RedisConnectionError(
                f"a reply has {unfinished} bytes and no end; the bound is max_reply_bytes={most}"
            )
        answered = counters.answered
        if answered != progress.answered or unfinished >= progress.unfinished + PROGRESS:
            self._progress = Progress(now, answered, unfinished)
            return None
        progress.unfinished = min(unfinished, progress.unfinished)
        owed = self._owed(connection)
        since = max(progress.at, now if owed is None else owed.sent_at)
        timeout = self._patience(now)
        heard = min(self._timed_out_at, connection.last_read) > since  # where nothing was, it is silent
        if heard and now - since > DEAD_AFTER_TIMEOUTS * timeout:
            return RedisConnectionError(f"no reply has come to its end for {now - since:.1f} s, whatever has arrived")
        return None

    def _questions(self, connection: PhysicalConnection) -> list[tuple[str, str]]:
        """Return by which commands a connection is asked whether replies have shifted, and what they are called."""
        if isinstance(connection, HighIntegrityConnection):
            return []  # it asks behind each command
        usable: tuple[str, ...] = ("PING",) if connection.pushes_are_replies else ("ECHO", "PING")
        proxy = proxy_of(self.options.proxy)
        if proxy is not None:
            usable = tuple(command for command in usable if command in proxy.questions)
        called = [(command, self.options.command_map.get(command, command)) for command in usable]
        return [(command, name) for command, name in called if name is not None]

    def _judged(self, connection: PhysicalConnection, now: float) -> RedisConnectionError | None:
        """Return why a peer that owes replies is given up, or None where it is not."""
        timeout = self._patience(now)
        head = self._owed(connection)
        silent = 0.0 if head is None else now - max(connection.last_read, head.sent_at)
        # Nobody waits for the reply to a keep-alive and its kin, so no caller's timeout tells of its absence.
        if isinstance(head, InternalMessage) and silent >= timeout:
            what = "a keep-alive PING" if head.command.name == "PING" else head.command.name
            return RedisConnectionError(f"{what} was not answered within {silent:.1f} s")
        if self._timed_out_at > connection.last_read and silent > DEAD_AFTER_TIMEOUTS * timeout:
            return RedisConnectionError(f"nothing was read for {silent:.1f} s")
        return None

    @staticmethod
    def _owed(connection: PhysicalConnection) -> Message | None:
        """Return the message whose absent reply counts: a probe's only where nobody waits behind it."""
        try:
            head = connection.sent[0]
            return connection.sent[1] if isinstance(head, Probe) and len(connection.sent) > 1 else head
        except IndexError:  # the reader took it meanwhile
            return None

    def ask(self, connection: PhysicalConnection, probe: InternalMessage) -> None:
        """Send a connection what the heartbeat asks of it, past the bounds: there is one at a time of each kind."""
        self.backlog.append(probe)
        self.kick()
        if self.connection is not connection:  # whoever lost it may have looked before the probe was there
            self.withdraw(probe)

    def keepalive(self) -> InternalMessage:
        """Make a PING that nobody waits for."""
        return InternalMessage(COMMANDS["PING"], b"*1\r\n$4\r\nPING\r\n", ANY_DATABASE)

    def note_timeout(self, now: float) -> None:
        """Note that a sent message's deadline passed: the peer may be gone (the dead-socket rule)."""
        self._timed_out_at = now

    def oldest_sent_at(self, connection: PhysicalConnection, now: float) -> float:
        """Return when the oldest message that is unanswered was sent; now where there is none."""
        oldest = self._oldest(connection)
        return now if oldest is None else oldest.sent_at

    @staticmethod
    def _oldest(connection: PhysicalConnection) -> Message | None:
        try:
            return connection.sent[0]
        except IndexError:  # the reader took it meanwhile
            return None

    def _expired(self, now: float) -> list[Message]:
        """Take messages out of the backlog whose deadline has passed: they are never sent."""
        if not self.backlog:
            return []
        expired = []
        for message in snapshot(self.backlog):
            if message.deadline <= now and not self.puts_off(message, now) and self.withdraw(message):
                expired.append(message)
        return expired

    def withdraw(self, message: Message) -> bool:
        """Take a message back; True means that it was not sent and never will be."""
        try:
            self.backlog.remove(message)
        except ValueError:  # the writer has taken it
            return False
        message.phase = DEAD
        return True

    def puts_off(self, message: Message, now: float) -> bool:
        """Whether a message whose deadline has passed has a later one now, because its server is being maintained.

        That of a caller who has set one stays as it is.
        """
        if message.options.timeout:
            return False
        relaxed, opened = self._relaxed(now)
        until = (message.sent_at or opened) + relaxed
        if not relaxed or until <= max(now, message.deadline):
            return False
        message.deadline = until
        return True

    def _relaxed(self, now: float) -> tuple[float, float]:
        """Return how many seconds commands may take now, and since when that is so; 0 where no longer than ever."""
        windows = None if self.server is None else self.server.windows
        opened = None if windows is None else windows.opened_at(now)
        return (0.0, now) if opened is None else (self.options.maint_relaxed_timeout, opened)

    def _patience(self, now: float) -> float:
        """Return after how many seconds a reply is missed."""
        return max(self.options.sync_timeout, self.options.async_timeout, self._relaxed(now)[0])

    def timeout_error(self, message: Message, now: float, timeout: float) -> RedisError:
        """Make the error of a message whose deadline has passed; its phase tells whether it was sent."""
        if message.sent_at:
            timeout = max(timeout, now - message.sent_at)  # longer than it was given, where that was put off
        going_on = [] if self.server is None else self.server.under_way(now)
        during = f"; during {', '.join(going_on)}" if going_on else ""
        error = RedisTimeoutError(causes.timeout_text(message, self, now, timeout) + during + self.beyond(message))
        if self.connection is None and message.sent_at == 0:
            error.__cause__ = self.last_error  # why there was nothing to send it over
        return causes.describe(error, message, self, None, now)

    # -- status ----------------------------------------------------------------------------------------

    def snapshot_counters(self) -> ConnectionCounters:
        """Bring the counters that are lengths of queues up to date and return them."""
        counters = self.counters
        counters.pending_unsent_items = len(self.backlog)
        connection = self.connection
        counters.sent_items_awaiting_response = 0 if connection is None else commands_in(snapshot(connection.sent))
        counters.responses_awaiting_async_completion = self.parked
        return counters

    def status(self) -> dict[str, Any]:
        """Return the state in words and numbers."""
        return {
            "state": self.state.name.lower(),
            "last_error": None if self.last_error is None else f"{type(self.last_error).__name__}: {self.last_error}",
            "attempts": self.attempts,
            "lag": self.lag,
            "address": str(self.reached),
            "client_id": self.connection.client_id if self.connection is not None else None,
            **self.snapshot_counters().as_dict(),
        }


def _has_begun(message: Message, connection: PhysicalConnection) -> bool:
    """Whether some of what the oldest unanswered message is owed has arrived."""
    return bool(connection.unfinished_bytes()) or (isinstance(message, Unit) and bool(message.replies))
