"""Batches in a cluster: what goes to which server, and how the replies come together again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from ...errors import NEVER_APPLIED, RedisError
from ..call_options import CallOptions
from ..commands.batching import Queued, batch_command, joined
from ..commands.command import Command
from ..commands.hash_slots import UNKNOWN_SLOT
from ..physical_bridge import PhysicalBridge
from ..server_selection_strategy import ServerSelectionStrategy
from ..types import Payload, Reply

Bridge = TypeVar("Bridge", bound=PhysicalBridge)


class Part(NamedTuple, Generic[Bridge]):
    """What one server gets of a batch.

    Attributes:
        bridge: Where to.
        indexes: Places of its commands in the batch.
        command: Table entry that stands for all of them.
        payload: The packed commands.
        wanted: How many replies there will be.
        preliminary: How many of the first commands only prepare for the others.
    """

    bridge: Bridge
    indexes: list[int]
    command: Command
    payload: tuple[bytes, ...]
    wanted: int
    preliminary: int


def split(
    strategy: ServerSelectionStrategy[Bridge],
    options: CallOptions,
    queued: Sequence[Queued[object]],
    payloads: Sequence[Payload],
    loads: Sequence[Payload],
) -> list[Part[Bridge]]:
    """Split a batch by servers.

    Args:
        strategy: Knows which bridge a command belongs on.
        options: The handle's options.
        queued: The commands.
        payloads: The commands as they are sent.
        loads: What every server must be sent first.

    Raises:
        RedisError: A command cannot be sent: its keys lie in several slots, say.
    """
    places: dict[Any, list[int]] = {}
    select = strategy.select_slot
    for index, each in enumerate(queued):
        slot = each.slot
        if slot == UNKNOWN_SLOT:
            bridge = strategy.select_packed(each.command, options, payloads[index])
        else:
            bridge = select(each.command, options, slot)
        places.setdefault(bridge, []).append(index)
    return [
        Part(
            bridge,
            indexes,
            batch_command([queued[index] for index in indexes]),
            joined([*loads, *(payloads[index] for index in indexes)]),
            len(loads) + len(indexes),
            len(loads),
        )
        for bridge, indexes in places.items()
    ]


def in_batch_order(
    parts: Sequence[Part[Any]], outcomes: Sequence[list[Reply] | BaseException], count: int
) -> list[Any]:
    """Put the parts' replies into the batch's order; a part that failed gives its error to all its commands."""
    replies: list[Any] = [None] * count
    for part, outcome in zip(parts, outcomes, strict=True):
        if isinstance(outcome, BaseException):
            if not isinstance(outcome, RedisError):
                raise outcome
            for index in part.indexes:
                replies[index] = outcome
        else:
            for index, reply in zip(part.indexes, outcome[part.preliminary :], strict=True):
                replies[index] = reply
    return replies


def refused(part: Part[Any], replies: Sequence[Any]) -> list[int]:
    """Return the places of a part's commands that were certainly not applied, and may be sent again one by one."""
    return [
        index for index in part.indexes if isinstance(replies[index], NEVER_APPLIED) and replies[index].phase is None
    ]
