"""coredis' examples of connections with the lines for clusters: ten calls at once on pools of two connections."""

from __future__ import annotations

import sys
import textwrap
from typing import Any

import pytest

import multiplexer.compat.asyncio
from tests.servers import RealCluster

EXAMPLE = """
    import coredis
    import asyncio

    async def test():
        client = coredis.RedisCluster(ARGUMENTS)

        await client.set("fubar", 1)
        results = await asyncio.gather(
            *[client.get("fubar") for _ in range(10)],
            return_exceptions=True
        )
        await client.aclose()
        print(len([r for r in results if isinstance(r, Exception)]))
        assert len([r for r in results if isinstance(r, Exception)]) == EXPECTED

    asyncio.run(test())
"""

ARGUMENTS = [
    ('"localhost", 7000, max_connections=2, max_connections_per_node=True', 8),
    ('"localhost", 7000, max_connections=2, max_connections_per_node=False', 8),
    ('"localhost", 7000, max_connections=10, max_connections_per_node=True', 0),
    *(
        (
            '"localhost", 7000, connection_pool_cls=coredis.BlockingClusterConnectionPool, max_connections=2, '
            f"max_connections_per_node={per_node}",
            0,
        )
        for per_node in (True, False)
    ),
]


@pytest.mark.parametrize("protocol", [2, 3])
@pytest.mark.parametrize(("arguments", "expected"), ARGUMENTS)
def test_examples(
    arguments: str, expected: int, protocol: int, shared_clusters: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster: RealCluster = shared_clusters("valkey")
    monkeypatch.setitem(sys.modules, "coredis", multiplexer.compat.asyncio)
    code = EXAMPLE.replace("ARGUMENTS", f"{arguments}, protocol={protocol}").replace("EXPECTED", str(expected))
    exec(textwrap.dedent(code.replace("7000", str(cluster.nodes[0].port))), {})
