# asyncio only
"""Where another library runs in asyncio's place, or in that of threads, the error says so."""

from __future__ import annotations

import select
import sys
from types import SimpleNamespace
from typing import Any

import pytest

import multiplexer
from multiplexer.asyncio import ConnectionMultiplexer
from multiplexer.errors import ConfigurationError
from multiplexer.pools.asyncio import ConnectionPool
from multiplexer.pools.blocking import ConnectionPool as BlockingPool


def outcome(call: Any) -> Any:
    """Run a coroutine as far as it comes without a loop."""
    with pytest.raises(RuntimeError) as caught:
        call.send(None)
    return str(caught.value)


def test_trio(monkeypatch: pytest.MonkeyPatch) -> None:
    trio: Any = SimpleNamespace(lowlevel=SimpleNamespace(current_task=lambda: object()))
    monkeypatch.setitem(sys.modules, "trio", trio)
    for call in (
        ConnectionMultiplexer.connect("127.0.0.1:1"),
        ConnectionMultiplexer.for_running_loop("127.0.0.1:1"),
        ConnectionPool(host="127.0.0.1", port=1).get_connection(),
        ConnectionPool(host="localhost", port=1).get_connection(),
    ):
        assert "trio's is running" in outcome(call)

    def not_here() -> None:
        raise RuntimeError("must be called from async context")

    trio.lowlevel.current_task = not_here
    assert "no running event loop" in outcome(ConnectionMultiplexer.connect("127.0.0.1:1"))


def test_eventlet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(select, "poll")  # which is what it does
    with pytest.raises(ConfigurationError, match="eventlet"):
        multiplexer.ConnectionMultiplexer.connect("127.0.0.1:1")
    with pytest.raises(ConfigurationError, match="eventlet"):
        BlockingPool(host="127.0.0.1", port=1).get_connection()
