"""Consumers of streams: what they are told to do, what they hand out, and what they count."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

from ...errors import DataError
from ...importing import importing
from ..types import Key
from .arguments import count, finite
from .hash_slots import by_slot, key_bytes
from .scripts import ScriptSource

#: What names of fields, ids and streams are: bytes, or text.
Name = TypeVar("Name", bound="bytes | str")
#: What values of fields are.
Value = TypeVar("Value")

#: Removes a consumer from its group where nothing is pending that is its own: in one step, or what it was given at the
#: last moment would be forgotten with it. Arguments: group, consumer.
LEAVE = ScriptSource.of("""
if #redis.call('XPENDING', KEYS[1], ARGV[1], '-', '+', 1, ARGV[2]) == 0 then
    redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], ARGV[2])
end
""")


class StreamEntry(NamedTuple, Generic[Name, Value]):
    """One entry of a stream, as a consumer's handler gets it.

    Attributes:
        stream: The stream's key.
        id: The entry's id.
        fields: Its fields and their values.
        deliveries: How often it was delivered by now, as the server counts; 1 the first time.
    """

    stream: Name
    id: Name
    fields: dict[Name, Value]
    deliveries: int


@dataclass(frozen=True, slots=True)
class ConsumerStatistics:
    """What a stream consumer has done so far.

    Attributes:
        delivered: Entries that its handler was called with.
        acknowledged: Entries that were acknowledged.
        failed: Calls that raised, of the handler or of ``dead_letter``.
        claimed: Entries taken over that had been delivered before, to itself or to others.
        dead: Entries that went to ``dead_letter``.
        lost: How often the server could not be asked.
        pending: Entries that it has now: waiting for the handler, in it, or to be acknowledged.
    """

    delivered: int = 0
    acknowledged: int = 0
    failed: int = 0
    claimed: int = 0
    dead: int = 0
    lost: int = 0
    pending: int = 0


class Terms:
    """What a consumer is told to do, checked.

    Attributes:
        streams: The streams.
        group: The group's name.
        consumer: The consumer's name.
        has_own_name: Whether the name was given.
        concurrency: Entries handled at the same time.
        prefetch: Entries that may wait for the handler beside these.
        claim_after: Milliseconds after which an entry is taken to be nobody's.
        block: Milliseconds for which a read waits.
        max_deliveries: How often an entry is given to the handler, or None.
    """

    __slots__ = (
        "block",
        "claim_after",
        "concurrency",
        "consumer",
        "group",
        "has_own_name",
        "max_deliveries",
        "prefetch",
        "streams",
    )

    def __init__(
        self,
        streams: Key | Iterable[Key],
        group: Key,
        consumer: Key | None,
        concurrency: int,
        prefetch: int,
        claim_after: float,
        block: float,
        max_deliveries: int | None,
    ) -> None:
        """Check it; see the consumer.

        Raises:
            DataError: It makes no sense; the message names the argument.
        """
        self.streams = _streams(streams)
        self.group = _name("groupname", group)
        self.has_own_name = consumer is not None
        self.consumer = _new_name() if consumer is None else _name("consumername", consumer)
        self.concurrency = count("StreamConsumer", "concurrency", concurrency, 1)
        self.prefetch = count("StreamConsumer", "prefetch", prefetch, 0)
        self.claim_after = _milliseconds("claim_after", claim_after)
        self.block = _milliseconds("block", block)
        self.max_deliveries = (
            None if max_deliveries is None else count("StreamConsumer", "max_deliveries", max_deliveries, 1)
        )

    def shares(self, key_prefix: bytes, splits: bool) -> list[list[bytes]]:
        """Return the streams, those together that one command may read.

        Args:
            key_prefix: What is put before each.
            splits: Whether one command may only read streams of one slot.
        """
        if not splits:
            return [self.streams]
        return [[self.streams[place] for place in places] for places in by_slot(self.streams, key_prefix)]


def called(argument: str, function: Callable[..., Any]) -> None:
    """Refuse what cannot be called.

    Raises:
        DataError: It cannot.
    """
    if not callable(function):
        raise DataError(f"StreamConsumer: {argument} must be callable, not {type(function).__name__}")


def _streams(given: Any) -> list[bytes]:
    several = [given] if isinstance(given, str | bytes | bytearray | memoryview) else given
    if not isinstance(several, Iterable):
        raise DataError("StreamConsumer: streams must be a key, or several")
    streams = [_name("streams", stream) for stream in several]
    if not streams or len(set(streams)) < len(streams):
        raise DataError("StreamConsumer: streams must be at least one key, and none of them twice")
    return streams


def _name(argument: str, name: Any) -> bytes:
    if not isinstance(name, str | bytes | bytearray | memoryview) or not len(name):
        raise DataError(f"StreamConsumer: {argument} must be str or bytes, and not empty")
    return key_bytes(name)


def _milliseconds(argument: str, value: float) -> int:
    return round(finite("StreamConsumer", argument, value, 0.001, "a number of seconds") * 1000)


def _new_name() -> bytes:
    """Return a name that nobody else has: two consumers of one name would take each other's entries for their own."""
    with importing:
        import platform

    return f"{platform.node()}-{os.getpid()}-{os.urandom(4).hex()}".encode()
