"""A client that outlives its event loop, or the process it was made in."""

from __future__ import annotations

import asyncio
import os
from typing import Any

import pytest

import multiplexer.compat
import multiplexer.compat.asyncio
from tests.servers import RealServer


@pytest.mark.parametrize("multiplexed", [False, True])
def test_a_client_used_in_one_event_loop_after_the_other(server: RealServer, multiplexed: bool) -> None:
    client = multiplexer.compat.asyncio.Redis(port=server.port, multiplexed=multiplexed)

    async def use() -> list[Any]:
        await client.set("k", 1)
        async with client.pipeline() as pipe:
            results = await pipe.get("k").execute()
        await client.aclose()
        results.append(await client.get("k"))
        await client.aclose()
        return results

    for _ in range(3):
        assert asyncio.run(use()) == [b"1", b"1"]


@pytest.mark.parametrize("multiplexed", [False, True])
def test_a_client_used_on_both_sides_of_a_fork(server: RealServer, multiplexed: bool) -> None:
    with multiplexer.compat.Redis(port=server.port, multiplexed=multiplexed) as client:
        client.set("k", 1)
        child = os.fork()
        if child == 0:
            ended = 1
            try:
                ended = 0 if client.get("k") == b"1" and client.incr("k") == 2 else 2
            finally:
                os._exit(ended)
        _, status = os.waitpid(child, 0)
        assert os.waitstatus_to_exitcode(status) == 0
        assert client.get("k") == b"2"
