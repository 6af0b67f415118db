"""Spans of single calls, by the profiling hook: nothing is on the way of commands that are not chosen."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Any

from opentelemetry import context as contexts
from opentelemetry import trace

from ..configuration import EndPoint
from ..core.commands.command import Command
from ..core.commands.command_table import find_command
from ..core.diagnosis.profiling import ProfiledCommand, ProfilingSession
from ..core.logging import logger
from ..core.message import Message
from ..core.resending import words_of
from ..core.types import Payload, size_of
from .attributes import SYSTEM, SYSTEM_VALUE, Values, peer_attributes, server_attributes

#: Whoever exports says so in its context, and is not to be traced while it does.
_SUPPRESSED = "suppress_instrumentation"
#: What begins with one of these is never shown: it holds secrets in places that are no keys.
_SECRET = ("AUTH", "HELLO", "ACL", "CONFIG SET", "MIGRATE")
#: Whose first argument names what runs: a script by its digest, or a function.
_PROCEDURES = frozenset(("EVALSHA", "EVALSHA_RO", "FCALL", "FCALL_RO"))
#: Payloads above so many bytes are not read a second time, only to be described.
_MOST_BYTES = 1024 * 1024
#: So many words of a command, and so many commands of a batch, are shown.
_MOST_WORDS = 64
_MOST_COMMANDS = 16


class Tracing:
    """Says which calls become spans; a profiler, to be registered with a multiplexer. In a trace that is not sampled
    none do.

    Args:
        tracer: Makes the spans.
        include: Names of the commands that do, or None for all.
        exclude: Names of those that do not.
        query_text: Whether spans show the commands, their keys as they are and ``?`` for all else.
    """

    def __init__(
        self,
        tracer: Any,
        include: Collection[str] | None,
        exclude: Collection[str],
        query_text: bool,
    ) -> None:
        self.tracer = tracer
        self.query_text = query_text
        self._include = None if include is None else frozenset(name.upper() for name in include)
        self._exclude = frozenset(name.upper() for name in exclude)

    def __call__(self) -> ProfilingSession | None:
        parent = trace.get_current_span().get_span_context()
        if parent.is_valid and not parent.trace_flags.sampled:
            return None
        if contexts.get_value(_SUPPRESSED):
            return None
        # The caller's, though it may be another thread that completes the call.
        return _Call(self, contexts.get_current())

    def wants(self, names: Sequence[str]) -> bool:
        """Whether a call of these commands becomes a span: of a batch, where one of them does."""
        return any((self._include is None or name in self._include) and name not in self._exclude for name in names)


class _Call(ProfilingSession):
    """One call, whose attempts it collects and makes a span of."""

    def __init__(self, tracing: Tracing, context: Any) -> None:
        super().__init__()
        self._tracing = tracing
        self._context = context
        self._command: Command | None = None
        self._payload: Payload = b""
        self._is_unit = False

    def began(self, message: Message) -> None:
        self._command, self._payload, self._is_unit = message.command, message.payload, message.multi

    def ended(self, command: ProfiledCommand) -> None:
        try:
            self._make_span(command)
        except Exception:  # whatever a span processor does, the command itself has an outcome
            logger().exception("a span could not be made")
        self._command, self._payload = None, b""

    def _make_span(self, last: ProfiledCommand) -> None:
        described = self._described(last)
        if not self._tracing.wants(described.names):
            return
        attempts = [*self]
        first = attempts[0] if attempts else last

        def at(seconds: float) -> int:
            return int((first.created_at + seconds - first.created) * 1e9)

        # All of them from the beginning on, as samplers see nothing else.
        attributes = {**_attributes(first, last, len(attempts) - 1), **described.attributes}
        span = self._tracing.tracer.start_span(
            described.operation,
            context=self._context,
            kind=trace.SpanKind.CLIENT,
            attributes=attributes,
            start_time=at(first.created),
        )
        if span.is_recording():
            for attempt in attempts:
                for name in ("enqueued", "sent", "responded"):
                    seconds = getattr(attempt, name)
                    if seconds is not None:
                        span.add_event(_EVENTS[name], timestamp=at(seconds))
            if last.error is not None:
                span.set_status(trace.StatusCode.ERROR, last.error)
        span.end(end_time=at(last.completed if last.completed is not None else last.created))

    def _described(self, last: ProfiledCommand) -> _Described:
        assert self._command is not None
        is_short = size_of(self._payload) <= _MOST_BYTES
        shows = self._tracing.query_text and is_short
        if self._is_unit:
            commands = [(find_command(words), words) for words in words_of(self._payload)] if is_short else []
            return _unit(commands, shows)
        name = last.command
        attributes: Values = {"db.operation.name": name}
        if is_short and (shows or name in _PROCEDURES):
            [words, *_] = words_of(self._payload)
            if shows and (text := masked(self._command, words)) is not None:
                attributes["db.query.text"] = text
            if name in _PROCEDURES and len(words) > 1:
                attributes["db.stored_procedure.name"] = words[1].decode(errors="backslashreplace")
        return _Described(name, [name], attributes)


#: Events of a span, by the name of the time they happen at.
_EVENTS = {"enqueued": "multiplexer.queued", "sent": "multiplexer.sent", "responded": "multiplexer.answered"}


class _Described:
    """What a call is called.

    Attributes:
        operation: The operation.
        names: The commands.
        attributes: What a span says of it.
    """

    __slots__ = ("attributes", "names", "operation")

    def __init__(self, operation: str, names: list[str], attributes: Values) -> None:
        self.operation = operation
        self.names = names
        self.attributes = attributes


def _unit(commands: list[tuple[Command, list[bytes]]], shows: bool) -> _Described:
    """Describe a batch or transaction: one of a single command is that command."""
    is_transaction = bool(commands) and commands[0][0].name == "MULTI"
    inner = [each for each in commands if each[0].name not in ("MULTI", "EXEC")] if is_transaction else commands
    names = [command.name for command, _ in inner]
    kind = "MULTI" if is_transaction else "PIPELINE"
    same = len(set(names)) == 1
    operation = names[0] if same and len(names) == 1 else f"{kind} {names[0]}" if same else kind
    attributes: Values = {"db.operation.name": operation}
    if len(names) != 1 and commands:
        attributes["db.operation.batch.size"] = len(names)
    if shows:
        texts = [text for command, words in inner[:_MOST_COMMANDS] if (text := masked(command, words)) is not None]
        attributes["db.query.text"] = "; ".join(texts)
    return _Described(operation, names or [kind], attributes)


def _attributes(first: ProfiledCommand, last: ProfiledCommand, retries: int) -> Values:
    attributes: Values = {SYSTEM: SYSTEM_VALUE, "multiplexer.was_sent": last.sent is not None}
    if first.endpoint:
        attributes |= server_attributes(_endpoint(first.endpoint))
        attributes |= peer_attributes(_endpoint(last.endpoint or first.endpoint))
    if last.database >= 0:
        attributes["db.namespace"] = str(last.database)
    if retries > 0:
        attributes["redis.client.operation.retry_attempts"] = retries
    if last.error is not None:
        kind, _, text = last.error.partition(": ")
        code = text.partition(" ")[0]
        if last.responded is not None and code.isupper():
            attributes["db.response.status_code"] = kind = code
        attributes["error.type"] = kind
    return attributes


@lru_cache(maxsize=1024)
def _endpoint(address: str) -> EndPoint:
    return EndPoint.parse(address, 6379)


def masked(command: Command, words: Sequence[bytes]) -> str | None:
    """Return a command with its keys, and ``?`` for every other argument; None for what holds secrets."""
    name = command.name
    if any(name == secret or name.startswith(f"{secret} ") for secret in _SECRET):
        return None
    keys = frozenset(command.key_positions(words))
    first = name.count(" ") + 1
    shown = [
        words[place].decode(errors="backslashreplace") if place in keys else "?"
        for place in range(first, min(len(words), _MOST_WORDS))
    ]
    return " ".join([name, *shown, *(("…",) if len(words) > _MOST_WORDS else ())])
