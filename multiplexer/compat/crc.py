"""Which slot of a cluster a key belongs to."""

from __future__ import annotations

from binascii import crc_hqx

from ..core.commands.hash_slots import SLOT_COUNT as REDIS_CLUSTER_HASH_SLOTS
from ..core.commands.hash_slots import hashed_part

__all__ = ["REDIS_CLUSTER_HASH_SLOTS", "key_slot"]


def key_slot(key: bytes, bucket: int = REDIS_CLUSTER_HASH_SLOTS) -> int:
    """Return a key's slot.

    Args:
        key: The key.
        bucket: How many slots there are.
    """
    return crc_hqx(hashed_part(key), 0) % bucket
