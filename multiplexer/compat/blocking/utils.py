# Generated from multiplexer/compat/asyncio/utils.py by scripts/generate_blocking.py; change that file instead.
"""Small helpers that applications import."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ...importing import importing
from ...pools.blocking.connection import SENTINEL

if TYPE_CHECKING:
    from .standalone import Redis

__all__ = ["SENTINEL", "from_url", "pipeline", "safe_str", "str_if_bytes"]


def from_url(url: str, **kwargs: Any) -> Redis:
    """Make a client for a server given by URL; see :meth:`Redis.from_url`."""
    with importing:
        from .standalone import Redis

    return Redis.from_url(url, **kwargs)


@contextmanager
def pipeline(redis_obj: Redis) -> Iterator[Any]:
    """Collect commands in a pipeline, and run them when the ``with`` block is left."""
    collected = redis_obj.pipeline()
    yield collected
    collected.execute()


def str_if_bytes(value: Any) -> Any:
    """Return bytes as text, with what is not UTF-8 replaced; everything else as it is."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def safe_str(value: Any) -> str:
    """Return anything as text."""
    return str(str_if_bytes(value))
