"""Commands that are collected, sent as one unit and answered together; with MULTI and EXEC, or without."""

from __future__ import annotations

from binascii import crc_hqx
from collections.abc import Callable, Generator, Sequence
from typing import Any, Generic, TypeVar

from ...errors import NEVER_APPLIED, AskError, ClusterCrossSlotError, ExecAbortError, MovedError, RedisError, WatchError
from ..shapes import as_list
from ..types import Encodable, Payload, Reply
from ..wire.resp import decode
from .command import Command
from .command_table import COMMANDS
from .hash_slots import SLOT_COUNT, UNKNOWN_SLOT, key_bytes, slot_of, slot_of_command

#: Group of the table entries that stand for transactions.
_TRANSACTION = "transactions"

#: What a transaction begins with.
MULTI = b"*1\r\n$5\r\nMULTI\r\n"
_EXEC = b"*1\r\n$4\r\nEXEC\r\n"


#: What a command's result is.
Result = TypeVar("Result")
_Result = TypeVar("_Result", covariant=True)


class Queued(Generic[_Result]):
    """One collected command; its result once the batch was executed.

    Attributes:
        command: Entry of the command table.
        convert: Turns the raw reply into the result, or None.
        decode: Whether text comes back as str.
        slot: The hash slot of its keys, ``NO_SLOT`` without keys, ``UNKNOWN_SLOT`` where nobody looked.
    """

    __slots__ = ("command", "convert", "decode", "outcome")

    slot: int = UNKNOWN_SLOT

    outcome: Any  # not there before the batch is executed

    def __init__(self, command: Command, convert: Callable[[Any], Any] | None, decode: bool) -> None:
        self.command = command
        self.convert = convert
        self.decode = decode

    def __repr__(self) -> str:
        return f"<Queued {self.command.name}>"

    def resolve(self, reply: Any) -> Any:
        """Take the reply; return the result, or the error that stands in its place."""
        try:
            if isinstance(reply, RedisError):
                reply.command, reply.phase = self.command.name, reply.phase or "answered"
            else:
                if self.decode:
                    reply = decode(reply)
                if self.convert is not None:
                    reply = self.convert(reply)
        except Exception as error:
            reply = error
        self.outcome = reply
        return reply

    def result(self) -> _Result:
        """Return the result.

        Raises:
            RedisError: The command failed, or its batch was not executed.
        """
        try:
            outcome = self.outcome
        except AttributeError:
            raise RedisError(f"{self.command.name} has no result: its batch was not executed") from None
        if isinstance(outcome, Exception):
            raise outcome
        return outcome  # type: ignore[no-any-return]

    def __await__(self) -> Generator[Any, None, _Result]:
        return self.result()
        yield  # makes this a generator, as awaiting demands


class Placed(Queued[_Result]):
    """A collected command of a cluster, whose hash slot is found while its words are at hand.

    Args:
        command: Entry of the command table.
        convert: Turns the raw reply into the result, or None.
        decode: Whether text comes back as str.
        args: The whole command, its name first, without the key prefix.
        prefix: The handle's key prefix.
    """

    __slots__ = ("slot",)

    def __init__(
        self,
        command: Command,
        convert: Callable[[Any], Any] | None,
        decode: bool,
        args: Sequence[Encodable],
        prefix: bytes,
    ) -> None:
        self.command = command
        self.convert = convert
        self.decode = decode
        first = command.first_key
        if first and not prefix and first < len(args):
            # What slot_of_command() comes to for most commands, without the calls.
            key = args[first]
            if key.__class__ is str:
                key = key.encode()
            elif key.__class__ is not bytes:
                key = key_bytes(key)
            self.slot = slot_of(key) if b"{" in key else crc_hqx(key, 0) % SLOT_COUNT
        else:
            try:
                self.slot = slot_of_command(command, args, prefix)
            except ClusterCrossSlotError:
                self.slot = UNKNOWN_SLOT  # found again, and refused, when the batch is to be sent


def batch_command(queued: Sequence[Queued[object]]) -> Command:
    """Make the table entry that stands for a whole batch: as harmful to repeat as its worst member."""
    replay = max(command.replay for command in {each.command for each in queued})
    return Command(f"a batch of {len(queued)} commands", replay=replay)


def transaction_command(queued: Sequence[Queued[object]]) -> Command:
    """Make the table entry that stands for a whole transaction, which is never repeated."""
    return Command(f"a transaction of {len(queued)} commands", replay=COMMANDS["EXEC"].replay, group=_TRANSACTION)


def is_transaction(command: Command) -> bool:
    """Whether a table entry stands for a whole transaction, perhaps with scripts that are loaded before it."""
    return command.group == _TRANSACTION


def in_transaction(payloads: Sequence[Payload], execute: Payload = _EXEC) -> list[Payload]:
    """Put packed commands between MULTI and EXEC, or an EXEC that has conditions."""
    return [MULTI, *payloads, execute]


def joined(payloads: Sequence[Payload]) -> tuple[bytes, ...]:
    """Join packed commands, as far as they are small."""
    try:
        return (b"".join(payloads),)  # type: ignore[arg-type]
    except TypeError:  # a large value travels in parts of its own
        parts: list[bytes] = []
        for payload in payloads:
            parts += (payload,) if isinstance(payload, bytes) else payload
        return tuple(parts)


def refusal_of(command: Command, replies: Sequence[Reply]) -> RedisError | None:
    """Return why the server applied nothing of a unit, where that is certain and may pass; else None.

    A batch of which only a part was refused is not meant: sending that part again would change the order.
    """
    if is_transaction(command) and isinstance(replies[-1], NEVER_APPLIED):
        return replies[-1]
    if isinstance(replies[-1], ExecAbortError):
        return next((reply for reply in replies if isinstance(reply, NEVER_APPLIED)), None)
    refusal = replies[0]
    if isinstance(refusal, RedisError) and all(isinstance(reply, NEVER_APPLIED) for reply in replies):
        # One ASKING would open the way for the first of the commands only.
        return None if isinstance(refusal, AskError) and not isinstance(refusal, MovedError) else refusal
    return None


def batch_results(queued: Sequence[Queued[object]], replies: Sequence[Reply]) -> list[Any]:
    """Return the results, errors in the place of theirs."""
    results = []
    for each, reply in zip(queued, replies, strict=True):
        if each.decode or each.convert is not None or isinstance(reply, RedisError):
            results.append(each.resolve(reply))
        else:
            each.outcome = reply
            results.append(reply)
    return results


def transaction_results(queued: Sequence[Queued[object]], replies: Sequence[Reply]) -> list[Any]:
    """Return the results of a transaction, errors in the place of theirs.

    Raises:
        WatchError: A watched key was changed, so nothing was run.
        RedisError: Nothing was run.
    """
    *accepted, outcome = replies
    if outcome is None:
        raise WatchError("a watched key was changed before the transaction ran; nothing was run")
    if isinstance(outcome, ExecAbortError):
        reasons = [reply for reply in accepted if isinstance(reply, RedisError)]
        raise outcome from (reasons[0] if reasons else None)
    if isinstance(outcome, Exception):
        raise outcome
    return batch_results(queued, as_list(outcome))
