"""Hash slots: which of a cluster's 16,384 parts a key belongs to."""

from __future__ import annotations

from binascii import crc_hqx
from collections.abc import Iterable, Sequence
from typing import Any

from ...errors import ClusterCrossSlotError
from ..types import Encodable
from .command import Command

#: How many slots a cluster has.
SLOT_COUNT = 16_384

#: What :func:`slot_of_command` returns for a command without keys.
NO_SLOT = -1

#: Stands for a slot that nobody has looked for.
UNKNOWN_SLOT = -2

_LAST_SLOT = SLOT_COUNT - 1


def slot_of(key: bytes) -> int:
    """Return a key's hash slot; where the key has a ``{hash tag}``, only that counts."""
    if b"{" in key:
        key = hashed_part(key)
    return crc_hqx(key, 0) & _LAST_SLOT


def hashed_part(key: bytes) -> bytes:
    """Return what counts of a key: its ``{hash tag}`` where it has one, else all of it."""
    start = key.find(b"{")
    if start >= 0:
        end = key.find(b"}", start + 1)
        if end > start + 1:
            return key[start + 1 : end]
    return key


def key_bytes(key: Any) -> bytes:
    """Return an argument as the bytes it is sent as."""
    if key.__class__ is bytes:
        return key
    if isinstance(key, str):
        return key.encode()
    if isinstance(key, bytearray | memoryview | bytes):
        return bytes(key)
    return str(key).encode()


def by_slot(keys: Iterable[Encodable], prefix: bytes = b"") -> list[list[int]]:
    """Return the places of keys, those of one slot together, in the order in which slots first come up.

    Args:
        keys: The keys.
        prefix: What is put before every key.
    """
    groups: dict[int, list[int]] = {}
    for index, key in enumerate(keys):
        groups.setdefault(slot_of(prefix + key_bytes(key)), []).append(index)
    return list(groups.values())


def slot_of_command(command: Command, args: Sequence[Encodable], prefix: bytes = b"") -> int:
    """Return the slot that decides where a command goes, or :data:`NO_SLOT` where it has no key.

    Args:
        command: Entry of the command table.
        args: The whole command, its name first.
        prefix: What is put before every key and shard channel.

    Raises:
        ClusterCrossSlotError: Its keys lie in several slots; the message names both. Nothing was sent.
    """
    found = NO_SLOT
    first: Any = None
    for position in command.slot_positions(args):
        key = key_bytes(args[position])
        slot = slot_of(prefix + key if prefix else key)
        if found < 0:
            found, first = slot, key
        elif slot != found:
            raise cross_slot_error(command.name, prefix + first, found, prefix + key, slot)
    return found


def cross_slot_error(name: str, first: bytes, first_slot: int, other: bytes, other_slot: int) -> ClusterCrossSlotError:
    """Make the error for keys that lie in different slots."""
    error = ClusterCrossSlotError(
        f"{name} was not sent: its keys lie in several hash slots: {_shown(first)} in {first_slot}, {_shown(other)} in "
        f"{other_slot}; give them a common {{hash tag}}, or use get_database().across_slots() where it has the command"
    )
    error.command, error.phase = name, "created"
    return error


def _shown(key: bytes) -> str:
    text = key.decode(errors="backslashreplace")
    return repr(text if len(text) <= 60 else f"{text[:57]}...")
