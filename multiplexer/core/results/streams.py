"""Results of the stream commands."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Generic, TypedDict

from ..shapes import as_list
from ..types import AnyStr, Reply
from .common import text_keyed

#: Entries by stream: RESP3's mapping, or RESP2's array of pairs; nil for none.
Streams = dict[Any, Any] | list[Any] | None


class PendingConsumer(TypedDict, Generic[AnyStr]):
    """One consumer in the summary of what a group has not acknowledged."""

    name: AnyStr
    pending: int


class PendingSummary(TypedDict, Generic[AnyStr]):
    """What a group has not acknowledged: how many entries, the lowest and highest id, and whose they are."""

    pending: int
    min: AnyStr | None
    max: AnyStr | None
    consumers: list[PendingConsumer[AnyStr]]


class PendingEntry(TypedDict, Generic[AnyStr]):
    """One entry that was delivered and not acknowledged; the time since is in milliseconds."""

    message_id: AnyStr
    consumer: AnyStr
    time_since_delivered: int
    times_delivered: int


def entries(reply: list[Any] | None) -> list[tuple[Any, dict[Any, Any]]]:
    """Entries as pairs of id and fields; an entry that was deleted meanwhile has no fields."""
    # Entries come by the hundred, most with one field or two: dicts that are written out take a third of the time.
    return [
        (name, {fields[0]: fields[1]})
        if (size := len(fields or ())) == 2
        else (name, {fields[0]: fields[1], fields[2]: fields[3]})
        if size == 4
        else (name, _fields(fields))
        for name, fields in reply or ()
    ]


def claimed_entries(reply: list[Any] | None) -> list[tuple[Any, ...]]:
    """As :func:`entries`, where entries may carry idle time and number of deliveries, or be nil.

    Entries read with a ``CLAIM`` option are followed by those two numbers.
    """
    return [(None, None) if entry is None else (entry[0], _fields(entry[1]), *entry[2:]) for entry in reply or ()]


def autoclaimed(reply: list[Any]) -> list[Any]:
    """The id to go on with, the claimed entries, and the ids of those that were deleted meanwhile."""
    return [reply[0], claimed_entries(reply[1]), *reply[2:]]


def autoclaimed_ids(reply: list[Reply]) -> list[Any]:
    """The ids alone that were claimed."""
    return list(as_list(reply[1]))


def by_stream(reply: Streams) -> list[list[Any]]:
    """A list of ``[stream, entries]``, from RESP2's array or RESP3's mapping; nil gives an empty list."""
    if not reply:
        return []
    return [[name, entries(items)] for name, items in _pairs(reply)]


def claimed_by_stream(reply: Streams) -> list[list[Any]]:
    """As :func:`by_stream`, with entries as :func:`claimed_entries` gives them."""
    if not reply:
        return []
    return [[name, claimed_entries(items)] for name, items in _pairs(reply)]


def pending_summary(reply: list[Any]) -> dict[str, Any]:
    """A :class:`PendingSummary`."""
    count, lowest, highest, consumers = reply
    return {
        "pending": count,
        "min": lowest,
        "max": highest,
        "consumers": [{"name": name, "pending": int(owned)} for name, owned in consumers or ()],
    }


def pending_entries(reply: list[list[Reply]]) -> list[dict[str, Any]]:
    """A list of :class:`PendingEntry`."""
    return [dict(zip(_PENDING_KEYS, entry, strict=True)) for entry in reply]


def description(reply: Reply) -> dict[str, Any]:
    """A stream's description with its first and last entry as pairs of id and fields."""
    result = text_keyed(reply)
    for name in ("first-entry", "last-entry"):
        entry = result.get(name)
        if entry is not None:
            result[name] = (entry[0], _fields(entry[1]))
    return result


def full_description(reply: Reply) -> dict[str, Any]:
    """A stream's full description: its entries by id, its groups and their consumers as dicts."""
    result = text_keyed(reply)
    result["entries"] = dict(entries(result["entries"]))
    result["groups"] = [_full_group(group) for group in result["groups"] or ()]
    return result


_PENDING_KEYS = ("message_id", "consumer", "time_since_delivered", "times_delivered")


def _fields(flat: list[Reply] | None) -> dict[Any, Any]:
    step = iter(flat or ())
    return dict(zip(step, step, strict=True))


def _pairs(reply: dict[Any, Any] | list[Any]) -> Iterable[tuple[Any, Any]]:
    return reply.items() if isinstance(reply, dict) else reply


def _full_group(group: Reply) -> dict[str, Any]:
    result = text_keyed(group)
    result["consumers"] = [text_keyed(consumer) for consumer in result["consumers"] or ()]
    return result
