"""No thread can be started any more, and what needs none goes on."""

from __future__ import annotations

from tests.servers import RealServer

from .running import run


def test_calls_give_their_results(own_server: RealServer) -> None:
    outcome = run("threadless", own_server.port)
    assert outcome.code == 0, outcome.errors
