"""Clusters' clients have items, as others do."""

from __future__ import annotations

from typing import Any

import pytest

from multiplexer.compat import RedisCluster
from tests.servers import RealCluster


@pytest.mark.parametrize("multiplexed", [False, True])
def test_items_of_a_cluster(shared_clusters: Any, multiplexed: bool) -> None:
    cluster: RealCluster = shared_clusters("valkey")
    with RedisCluster(host=cluster.nodes[0].host, port=cluster.nodes[0].port, multiplexed=multiplexed) as client:
        for key in ("a", "b", "c"):
            client[key] = "v"
            assert client[key] == b"v"
            assert key in client
            del client[key]
            assert key not in client
        with pytest.raises(KeyError):
            client["a"]
        pipe = client.pipeline()
        pipe["a"], pipe["b"] = 1, 2
        assert pipe["a"] is pipe
        del pipe["a"], pipe["b"]
        assert pipe.execute() == [True, True, b"1", 1, 1]
