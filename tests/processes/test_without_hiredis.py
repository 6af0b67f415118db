"""Where hiredis cannot be imported, or is switched off, everything works without it."""

from __future__ import annotations

import pytest

from tests.servers import RealServer

from .running import run


@pytest.mark.parametrize("switched_off", [False, True])
def test_both_worlds_and_pools(own_server: RealServer, monkeypatch: pytest.MonkeyPatch, switched_off: bool) -> None:
    monkeypatch.setenv("MULTIPLEXER_NO_HIREDIS", "1" if switched_off else "")
    outcome = run("without_hiredis", own_server.host, own_server.port)
    assert outcome.code == 0, outcome.errors
    assert outcome.report["replies"] == [
        [True, 50_000, 1],
        [2, {"a": "1", "b": "2.5"}, "hello"],
        [True, ["1", None]],
    ]
    assert not outcome.report["imported"]
