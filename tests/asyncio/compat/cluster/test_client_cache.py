"""Clusters' clients with ``cache_config``: one cache for all nodes, each of which tells of its own keys."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from multiplexer.asyncio import ConnectionMultiplexer
from multiplexer.compat.asyncio.cluster import RedisCluster
from multiplexer.compat.asyncio.connection import ClusterConnectionPool
from multiplexer.compat.cache import CacheConfig, CacheInterface, CacheKey, DefaultCache
from multiplexer.errors import ConfigurationError, DataError
from tests.servers import RealCluster

from ..._world import until

#: Keys of slots that three nodes serve.
KEYS = ("a", "b", "c")


def get(key: str) -> CacheKey:
    return CacheKey("GET", (key,), ("GET", key))


@pytest_asyncio.fixture(params=[False, True], ids=["primaries", "replicas"])
async def caching(request: pytest.FixtureRequest, cluster: RealCluster) -> AsyncIterator[RedisCluster]:
    """A client that keeps what it reads, of primaries or of replicas as well."""
    node = cluster.nodes[0]
    config = CacheConfig(max_size=5)
    async with RedisCluster(
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


async def kept(client: RedisCluster, key: str, value: str) -> None:
    """Wait until a key is read from what is kept: replicas may be late, or servers not asked to tell of changes."""

    async def is_kept() -> bool:
        return await client.get(key) == value and cache_of(client).get(get(key)) is not None

    await until(is_kept)


async def test_each_node_tells_of_its_own_keys(caching: RedisCluster, own: RedisCluster) -> None:
    cache = cache_of(caching)
    for key in KEYS:
        await caching.set(key, "1")
    for key in KEYS:
        await kept(caching, key, "1")
    assert {*cache.collection} >= {get(key) for key in KEYS}
    entry = cache.get(get("a"))
    assert entry is not None
    assert entry.cache_value == "1"
    nodes = {node.name: node for node in (own.get_node_from_key(key) for key in KEYS) if node is not None}
    assert len(nodes) == len(KEYS)
    for key in KEYS:
        await own.set(key, "2")
        await until(lambda key=key: cache.get(get(key)) is None)
        await kept(caching, key, "2")
    await caching.set("a", "mine")
    assert cache.get(get("a")) is None  # at once, as it is the client's own


async def test_one_cache_is_shown_of_all_nodes(caching: RedisCluster) -> None:
    await caching.set("a", "1")
    await kept(caching, "a", "1")
    for node in caching.get_nodes():
        assert node.redis_connection.get_cache() is caching.get_cache()
    assert cache_of(caching).delete_by_redis_keys(["a"]) == [True]
    assert cache_of(caching).size == 0
    assert cache_of(caching).config.get_max_size() == 5


async def test_programs_may_keep_less(options: dict[str, Any]) -> None:
    class OnlyHashes(CacheConfig):
        DEFAULT_ALLOW_LIST = ("HGET",)

    async with RedisCluster(**{**options, "protocol": 3}, cache=DefaultCache(OnlyHashes())) as client:
        await client.hset("h", "a", "1")
        await client.set("foo", "bar")

        async def is_kept() -> bool:
            assert await client.hget("h", "a") == b"1"
            return cache_of(client).size == 1

        await until(is_kept)
        assert await client.get("foo") == b"bar"
        assert {*cache_of(client).collection} == {CacheKey("HGET", ("h",), ("HGET", "h", "a"))}


async def test_what_cannot_be_had(mux: ConnectionMultiplexer) -> None:
    config = CacheConfig()
    for wrong in ({"cache": object()}, {"cache_config": object()}, {"cache_config": config, "protocol": 2}):
        with pytest.raises(ConfigurationError, match=next(iter(wrong))):
            RedisCluster("localhost", **wrong)
    pool = ClusterConnectionPool(startup_nodes=["localhost:1"])
    for other in ({"connection_pool": pool}, {"multiplexer": mux}):
        with pytest.raises(DataError, match="cache_config"):
            RedisCluster(cache_config=config, **other)
