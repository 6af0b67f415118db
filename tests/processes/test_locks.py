"""Locks where processes fork, end and are interrupted."""

from __future__ import annotations

import pytest

from tests.servers import RealServer

from .running import run


@pytest.mark.parametrize("what", ["fork_while_held", "end_loop_while_held", "interrupted"])
def test_locks(own_server: RealServer, what: str) -> None:
    outcome = run("locking", own_server.port, what, strict=what != "interrupted")
    assert outcome.errors == ""
    assert outcome.code == 0


def test_a_process_that_ends_does_not_wait_for_its_locks(own_server: RealServer) -> None:
    outcome = run("locking", own_server.port, "end_while_held")
    assert (outcome.code, outcome.errors) == (0, "")
    assert outcome.ending < 5
    assert own_server.command("PTTL", "lock") > 0
