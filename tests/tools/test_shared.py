"""Servers that tests share run while tests ask for them, and no longer."""

from __future__ import annotations

import pytest

from tests.servers import RealServer, Shared, shared


def test_they_are_started_once_and_stopped_when_nobody_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    servers = Shared(lambda kind: RealServer.start(kind))  # type: ignore[arg-type]
    monkeypatch.setattr(shared, "LINGER", 60.0)
    first = servers("valkey")
    assert servers("valkey") is first
    servers.rest()
    assert first.command("PING") == b"PONG"
    monkeypatch.setattr(shared, "LINGER", 0.0)
    servers.rest()
    assert not first.alive
    again = servers("valkey")
    assert again.command("PING") == b"PONG"
    servers.close()
    assert not again.alive
