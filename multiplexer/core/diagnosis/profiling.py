"""What a profiling session keeps of each command: when it was made, queued, sent, answered and handed over.

Nothing of it is on the way of commands while no session is running: the drivers' bridges and messages change their
class for the time of one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextvars import ContextVar

from ...errors import RedisError
from ...snapshots import snapshot
from ..call_options import database_of
from ..commands.batching import refusal_of
from ..commands.command import Command
from ..message import Message
from ..types import Reply


class ProfiledCommand:
    """One command, batch or transaction, and when it came how far.

    Times are seconds of a clock that only differences can be taken of; those that were not reached are None.

    Attributes:
        command: Its name.
        endpoint: Address of the server.
        database: Index of the logical database; -1 where any will do.
        flags: The handle's :class:`CommandFlags`, as a number.
        created_at: When the call was made, in seconds since the epoch.
        created: The same on the other clock.
        enqueued: When it was queued for its connection.
        sent: When its bytes were handed to the socket.
        responded: When its reply had been read.
        completed: When the caller had its result, or its error.
        error: Name of the error's class and its text, or None.
        retransmission_of: What this is another attempt of, or None.
        retransmission_reason: Why there was another attempt: the code of the server's refusal, such as
            ``"LOADING"`` or ``"MOVED"``, or ``"connection lost"``.
    """

    __slots__ = (
        "command",
        "completed",
        "created",
        "created_at",
        "database",
        "endpoint",
        "enqueued",
        "error",
        "flags",
        "responded",
        "retransmission_of",
        "retransmission_reason",
        "sent",
    )

    def __init__(self, command: str, endpoint: str, database: int, flags: int, created: float, now: float) -> None:
        self.command = command
        self.endpoint = endpoint
        self.database = database
        self.flags = flags
        self.created = created
        self.created_at = now
        self.enqueued: float | None = None
        self.sent: float | None = None
        self.responded: float | None = None
        self.completed: float | None = None
        self.error: str | None = None
        self.retransmission_of: ProfiledCommand | None = None
        self.retransmission_reason: str | None = None

    def __repr__(self) -> str:
        elapsed = self.elapsed
        took = "under way" if elapsed is None else f"{elapsed * 1000:.3f} ms"
        return f"<ProfiledCommand {self.command} {self.endpoint} {took}>"

    @property
    def creation_to_enqueued(self) -> float | None:
        """Seconds from the call until it was queued."""
        return _between(self.created, self.enqueued)

    @property
    def enqueued_to_sending(self) -> float | None:
        """Seconds it waited to be sent."""
        return _between(self.enqueued, self.sent)

    @property
    def sent_to_response(self) -> float | None:
        """Seconds until the reply had come: network and server."""
        return _between(self.sent, self.responded)

    @property
    def response_to_completion(self) -> float | None:
        """Seconds until the caller went on: other tasks, or other threads that held the interpreter."""
        return _between(self.responded, self.completed)

    @property
    def elapsed(self) -> float | None:
        """Seconds from the call to its end, or None while it is under way."""
        return _between(self.created, self.completed)


def _between(start: float | None, end: float | None) -> float | None:
    return None if start is None or end is None else end - start


class ProfilingSession:
    """Collects commands; get one from :meth:`ConnectionMultiplexer.profile`.

    Iterating yields the commands that are completed, in the order they were.
    """

    def __init__(self) -> None:
        self._commands: list[ProfiledCommand] = []
        self._finished = False

    def __len__(self) -> int:
        return len(self._commands)

    def __bool__(self) -> bool:
        return True

    def __iter__(self) -> Iterator[ProfiledCommand]:
        return iter(snapshot(self._commands))

    def __repr__(self) -> str:
        return f"<ProfilingSession {len(self)} commands{', finished' if self._finished else ''}>"

    def add(self, command: ProfiledCommand) -> None:
        """Take a command that is completed, unless the session is finished."""
        if not self._finished:
            self._commands.append(command)

    def began(self, message: Message) -> None:
        """A call begins whose commands belong here; for subclasses that want to see more of it than a record keeps."""

    def ended(self, command: ProfiledCommand) -> None:
        """A call has ended with this attempt, for subclasses; every attempt was added before."""

    def finish(self) -> list[ProfiledCommand]:
        """Take nothing more; return what was collected."""
        self._finished = True
        return snapshot(self._commands)


#: Tells which session a call that is just being made belongs to, or None.
Profiler = Callable[[], ProfilingSession | None]

_sessions: ContextVar[tuple[ProfilingSession, ...]] = ContextVar("multiplexer_profiling_sessions", default=())


def enter_context(session: ProfilingSession) -> None:
    """Let calls of the current context, and of contexts made from it, belong to a session."""
    _sessions.set((*_sessions.get(), session))


def leave_context(session: ProfilingSession) -> None:
    """Undo :func:`enter_context`."""
    _sessions.set(tuple(other for other in _sessions.get() if other is not session))


def context_profiler(session: ProfilingSession) -> Profiler:
    """Return a profiler for the calls of the context a session was entered in."""
    return lambda: session if session in _sessions.get() else None


class Profile:
    """Follows one message on its way.

    Attributes:
        record: The attempt that is under way.
    """

    __slots__ = ("_clock", "_command", "_has_ended", "_refused", "_sessions", "record")

    def __init__(
        self,
        sessions: list[ProfilingSession],
        message: Message,
        created: float,
        now: float,
        clock: Callable[[], float],
        refused: dict[Command, ProfiledCommand],
    ) -> None:
        """Begin with a message that is about to be queued.

        Args:
            sessions: Where its records belong.
            message: The message.
            created: When its call was made, by the driver's clock.
            now: The same in seconds since the epoch.
            clock: The driver's.
            refused: Records of units that were refused and may be sent again as another message.
        """
        self._sessions = sessions
        self._clock = clock
        self._command = message.command
        self._refused = refused
        self._has_ended = False
        options = message.options
        database = database_of(options)
        self.record = ProfiledCommand(message.command.name, "", database, options.flags, created, now)
        if message.attempts:
            self._link(refused.pop(message.command, None))
        for session in sessions:
            session.began(message)

    def enqueued(self, endpoint: str, now: float) -> None:
        """It is queued for a server."""
        self.record.endpoint = endpoint
        self.record.enqueued = now

    def responded(self, message: Message, reply: Reply) -> None:
        """Its reply came, or what stands for it where there will be none."""
        record = self.record
        self._note_sent(message)
        if isinstance(reply, RedisError):
            record.error = _text(reply)
            if reply.phase is not None:
                return  # lost or given up: nothing was answered
        if record.responded is None and record.completed is None:
            record.responded = self._clock()
        if isinstance(reply, list) and message.multi and (refusal := refusal_of(message.command, reply)) is not None:
            record.error = _text(refusal)
            self._refused[self._command] = record

    def restarted(self, message: Message) -> None:
        """It will be sent again: this attempt ends and the next one begins."""
        self._has_ended = False
        old = self.record
        self._note_sent(message)
        now = self._clock()
        if old.completed is None:
            self._complete(now)
        passed = now - old.created
        self.record = ProfiledCommand(old.command, old.endpoint, old.database, old.flags, now, old.created_at + passed)
        self.record.enqueued = now  # where it is put back at the head of the queue
        self._link(old)

    def completed(self, message: Message, error: BaseException | None, is_last: bool = True) -> None:
        """Its caller has the result, or the error.

        Args:
            message: The message.
            error: Why it failed, or None.
            is_last: Whether nobody will send it again; else :meth:`settled` says so later.
        """
        if self.record.completed is None:
            self._note_sent(message)
            if error is not None and self.record.error is None:
                self.record.error = _text(error)
            self._complete(self._clock())
        if is_last:
            self.settled()

    def settled(self) -> None:
        """It will not be sent again."""
        if not self._has_ended:
            self._has_ended = True
            for session in self._sessions:
                session.ended(self.record)

    def cancelled(self, message: Message) -> None:
        """Its caller has stopped waiting."""
        if self.record.completed is None:
            self.record.error = "cancelled"
            self._note_sent(message)
            self._complete(self._clock())
        self.settled()

    def _complete(self, now: float) -> None:
        self.record.completed = now
        for session in self._sessions:
            session.add(self.record)

    def _note_sent(self, message: Message) -> None:
        record = self.record
        if record.sent is None and message.sent_at and record.enqueued is not None:
            # A writer that was at it already takes the time once for all that it sends.
            record.sent = max(message.sent_at, record.enqueued)

    def _link(self, old: ProfiledCommand | None) -> None:
        if old is not None:
            self.record.retransmission_of = old
            self.record.retransmission_reason = (
                old.error.partition(": ")[2].partition(" ")[0] if old.responded and old.error else "connection lost"
            )


def _text(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"
