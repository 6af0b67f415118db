"""What a kept reply is found by, in redis-py's form."""

from __future__ import annotations

from typing import Any, NamedTuple

from ...core.types import Key


class CacheKey(NamedTuple):
    """What a reply is found by, as redis-py has it.

    Attributes:
        command: The command's name.
        redis_keys: The keys it reads.
        redis_args: All its words.
    """

    command: str
    redis_keys: tuple[Key, ...]
    redis_args: tuple[Any, ...] = ()
