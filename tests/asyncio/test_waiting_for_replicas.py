"""WAIT and WAITAOF on connections of their own answer for what was written on the shared one."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.servers import RealServer, require_kind

from ._world import spawn, until
from .connecting import connect


@pytest.fixture(params=["valkey", "redis"])
def pair(request: pytest.FixtureRequest) -> Iterator[tuple[RealServer, RealServer]]:
    """A primary and its replica."""
    require_kind(request.param)
    config = ["repl-diskless-sync-delay 0"]
    with RealServer.start(request.param, config=config) as primary:
        config = [f"replicaof {primary.host} {primary.port}", *config]
        with RealServer.start(request.param, config=config) as replica:
            yield primary, replica


@pytest.fixture(params=["valkey", "redis"])
def nodes(request: pytest.FixtureRequest) -> Iterator[tuple[RealServer, RealServer]]:
    """A cluster of a primary and its replica."""
    require_kind(request.param)
    config = ["cluster-enabled yes", "repl-diskless-sync-delay 0"]
    with (
        RealServer.start(request.param, config=config) as primary,
        RealServer.start(request.param, config=config) as replica,
    ):
        primary.command("CLUSTER", "ADDSLOTSRANGE", 0, 16383)
        replica.command("CLUSTER", "MEET", primary.host, primary.port)
        own_id = primary.command("CLUSTER", "MYID")
        deadline = time.monotonic() + 20
        while own_id not in replica.command("CLUSTER", "NODES"):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        replica.command("CLUSTER", "REPLICATE", own_id)
        while b"cluster_state:ok" not in primary.command("CLUSTER", "INFO"):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        yield primary, replica


@pytest.mark.parametrize("protocol", [2, 3])
async def test_it_answers_for_every_write_before(pair: Any, protocol: int) -> None:
    await answers_for_every_write(*pair, protocol)


async def test_it_does_so_in_clusters(nodes: Any) -> None:
    await answers_for_every_write(*nodes, 3)


async def answers_for_every_write(primary: RealServer, replica: RealServer, protocol: int) -> None:
    """Write, wait, stop the replica, write, and wait for nothing."""
    async with await connect(primary, protocol=protocol) as mux:
        db = mux.get_database()

        async def replicated() -> bool:
            return bool(await db.wait(1, 100))

        await until(replicated)
        assert await db.set("key", 1)
        assert await db.wait(1, 5000) == 1
        # From now on the replica receives nothing more.
        os.kill(replica.pid, signal.SIGSTOP)
        try:
            assert await db.set("key", 3)
            assert await db.wait(1, 50) == 0
            waiting = spawn(db.wait, 1, 10_000)
            assert await db.get("key") == b"3"
            assert not waiting.done()
        finally:
            os.kill(replica.pid, signal.SIGCONT)
        assert await waiting.result(20) == 1
        assert await db.wait(2, 50) == 1
