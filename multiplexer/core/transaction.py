"""MULTI … EXEC as one unit, and what its replies mean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ..errors import ExecAbortError, RedisError
from .command import Command
from .command_table import COMMANDS
from .message import Message, Payload
from .resp import decode

_MULTI = (COMMANDS["MULTI"], b"*1\r\n$5\r\nMULTI\r\n")
_EXEC = (COMMANDS["EXEC"], b"*1\r\n$4\r\nEXEC\r\n")


def wrapped(messages: Sequence[Message]) -> Iterator[tuple[Command, Payload]]:
    """Yield command and payload of everything that is sent for a transaction."""
    yield _MULTI
    for message in messages:
        yield message.command, message.payload
    yield _EXEC


def results_of_exec(messages: Sequence[Message], replies: Sequence[Any]) -> list[Any]:
    """Turn the replies to MULTI, the queued commands and EXEC into one result per command.

    Raises:
        RedisError: Nothing was run, or the connection was lost before EXEC was answered.
    """
    *queued, outcome = replies
    if isinstance(outcome, ExecAbortError):
        reasons = [reply for reply in queued if isinstance(reply, RedisError)]
        raise outcome from (reasons[0] if reasons else None)
    if isinstance(outcome, Exception):
        raise outcome
    return [_result(message, reply) for message, reply in zip(messages, outcome, strict=True)]


def _result(message: Message, reply: Any) -> Any:
    if isinstance(reply, RedisError):
        reply.command = message.command.name
        reply.phase = "answered"
        return reply
    try:
        if message.options.decode:
            reply = decode(reply)
        return reply if message.convert is None else message.convert(reply)
    except Exception as error:
        return error
