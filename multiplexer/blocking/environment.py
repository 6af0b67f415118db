# Generated from multiplexer/asyncio/environment.py by scripts/generate_blocking.py; change that file instead.
"""Connecting to what the environment names."""

from __future__ import annotations

from typing import Any

from ..configuration import environment
from .connecting import entered_at_once
from .connection_multiplexer import ConnectionMultiplexer


@entered_at_once
def from_environment(**changes: Any) -> ConnectionMultiplexer:
    """Make a multiplexer and connect it to what the environment names; as ``ConnectionMultiplexer.connect()``.

    The first of ``MULTIPLEXER_CONFIGURATION``, ``REDIS_URL`` and ``VALKEY_URL`` that is set and not empty counts.
    Each may hold a connection string or a URL.

    Args:
        changes: Options by name, over those of the variable.

    Raises:
        ConfigurationError: None is set, or it is not understood; the message names the variable, not what it holds.
        RedisConnectionError: ``abort_connect`` is set and no server answered.
    """
    return ConnectionMultiplexer.connect(environment.read(), **changes)
