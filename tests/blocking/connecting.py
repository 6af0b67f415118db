# Generated from tests/asyncio/connecting.py by scripts/generate_blocking.py; change that file instead.
"""A multiplexer on some server, that reconnects without delay."""

from __future__ import annotations

from typing import Any

from multiplexer.blocking import ConnectionMultiplexer
from multiplexer.retry import ConstantBackoff


def connect(server: Any, **changes: Any) -> ConnectionMultiplexer:
    """Connect to a real or scripted server or a proxy, with options by name.

    Reconnecting is tried again and again without growing waits, so that tests need not sit them out.
    """
    changes.setdefault("reconnect_backoff", ConstantBackoff(0.01))
    return ConnectionMultiplexer.connect(f"{server.host}:{server.port}", **changes)
