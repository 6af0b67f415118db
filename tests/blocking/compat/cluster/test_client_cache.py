# Generated from tests/asyncio/compat/cluster/test_client_cache.py by scripts/generate_blocking.py; change that file instead.
"""Clusters' clients with ``cache_config``: one cache for all nodes, each of which tells of its own keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from multiplexer.blocking import ConnectionMultiplexer
from multiplexer.compat.blocking.cluster import RedisCluster
from multiplexer.compat.blocking.connection import ClusterConnectionPool
from multiplexer.compat.cache import CacheConfig, CacheInterface, CacheKey, DefaultCache
from multiplexer.errors import ConfigurationError, DataError
from tests.servers import RealCluster

from ..._world import until

#: Keys of slots that three nodes serve.
KEYS = ("a", "b", "c")


def get(key: str) -> CacheKey:
    return CacheKey("GET", (key,), ("GET", key))


@pytest.fixture(params=[False, True], ids=["primaries", "replicas"])
def caching(request: pytest.FixtureRequest, cluster: RealCluster) -> Iterator[RedisCluster]:
    """A client that keeps what it reads, of primaries or of replicas as well."""
    node = cluster.nodes[0]
    config = CacheConfig(max_size=5)
    with RedisCluster(
        host=node.host,
        port=node.port,
        protocol=3,
        cache_config=config,
        read_from_replicas=request.param,
        decode_responses=True,
    ) as client:
        yield client


def cache_of(client: RedisCluster) -> CacheInterface:
    """Return what shows what a client keeps."""
    cache = client.get_cache()
    assert isinstance(cache, DefaultCache)
    return cache


def kept(client: RedisCluster, key: str, value: str) -> None:
    """Wait until a key is read from what is kept: replicas may be late, or servers not asked to tell of changes."""

    def is_kept() -> bool:
        return client.get(key) == value and cache_of(client).get(get(key)) is not None

    until(is_kept)


def test_each_node_tells_of_its_own_keys(caching: RedisCluster, own: RedisCluster) -> None:
    cache = cache_of(caching)
    for key in KEYS:
        caching.set(key, "1")
    for key in KEYS:
        kept(caching, key, "1")
    assert {*cache.collection} >= {get(key) for key in KEYS}
    entry = cache.get(get("a"))
    assert entry is not None
    assert entry.cache_value == "1"
    nodes = {node.name: node for node in (own.get_node_from_key(key) for key in KEYS) if node is not None}
    assert len(nodes) == len(KEYS)
    for key in KEYS:
        own.set(key, "2")
        until(lambda key=key: cache.get(get(key)) is None)
        kept(caching, key, "2")
    caching.set("a", "mine")
    assert cache.get(get("a")) is None  # at once, as it is the client's own


def test_one_cache_is_shown_of_all_nodes(caching: RedisCluster) -> None:
    caching.set("a", "1")
    kept(caching, "a", "1")
    for node in caching.get_nodes():
        assert node.redis_connection.get_cache() is caching.get_cache()
    assert cache_of(caching).delete_by_redis_keys(["a"]) == [True]
    assert cache_of(caching).size == 0
    assert cache_of(caching).config.get_max_size() == 5


def test_programs_may_keep_less(options: dict[str, Any]) -> None:
    class OnlyHashes(CacheConfig):
        DEFAULT_ALLOW_LIST = ("HGET",)

    with RedisCluster(**{**options, "protocol": 3}, cache=DefaultCache(OnlyHashes())) as client:
        client.hset("h", "a", "1")
        client.set("foo", "bar")

        def is_kept() -> bool:
            assert client.hget("h", "a") == b"1"
            return cache_of(client).size == 1

        until(is_kept)
        assert client.get("foo") == b"bar"
        assert {*cache_of(client).collection} == {CacheKey("HGET", ("h",), ("HGET", "h", "a"))}


def test_what_cannot_be_had(mux: ConnectionMultiplexer) -> None:
    config = CacheConfig()
    for wrong in ({"cache": object()}, {"cache_config": object()}, {"cache_config": config, "protocol": 2}):
        with pytest.raises(ConfigurationError, match=next(iter(wrong))):
            RedisCluster("localhost", **wrong)
    pool = ClusterConnectionPool(startup_nodes=["localhost:1"])
    for other in ({"connection_pool": pool}, {"multiplexer": mux}):
        with pytest.raises(DataError, match="cache_config"):
            RedisCluster(cache_config=config, **other)
