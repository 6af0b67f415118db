"""The façade's clients with ``cache_config``: what they keep, what they show of it, and what they refuse."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import pytest
import pytest_asyncio

from multiplexer.asyncio import ConnectionMultiplexer
from multiplexer.compat.asyncio.client import Redis
from multiplexer.compat.asyncio.connection import ConnectionPool
from multiplexer.compat.asyncio.sentinel import Sentinel
from multiplexer.compat.cache import (
    CacheConfig,
    CacheFactory,
    CacheKey,
    DefaultCache,
    EvictionPolicy,
    EvictionPolicyType,
    LRUPolicy,
)
from multiplexer.errors import ConfigurationError, DataError, WrongTypeError
from tests.servers import RealServer, SentinelGroup

from .._world import until

FOO = CacheKey("GET", ("foo",), ("GET", "foo"))


@pytest.fixture(params=[False, True], ids=["bytes", "text"])
def decodes(request: pytest.FixtureRequest) -> bool:
    """Whether the client returns text."""
    return bool(request.param)


@pytest_asyncio.fixture
async def caching(server: RealServer, decodes: bool) -> AsyncIterator[Redis]:
    """A client that keeps what it reads."""
    config = CacheConfig(max_size=5)
    async with Redis(
        host=server.host, port=server.port, protocol=3, cache_config=config, decode_responses=decodes
    ) as client:
        yield client


def cache_of(client: Redis) -> DefaultCache:
    """Return what shows what a client keeps."""
    cache = client.get_cache()
    assert isinstance(cache, DefaultCache)
    return cache


def text(value: Any) -> Any:
    """Return a reply as text, whichever the client returns."""
    return value.decode() if isinstance(value, bytes) else value


async def kept(client: Redis, key: CacheKey, value: str) -> None:
    """Wait until a command is answered from what is kept; the server may not have been asked to tell of changes yet."""

    async def is_kept() -> bool:
        assert text(await client.execute_command(*key.redis_args)) == value
        return cache_of(client).get(key) is not None

    await until(is_kept)


async def test_what_was_read_is_kept_until_it_changes(caching: Redis, server: RealServer, decodes: bool) -> None:
    cache = cache_of(caching)
    assert (cache.size, cache.get(FOO), cache.flush()) == (0, None, 0)
    await caching.set("foo", "bar")
    await kept(caching, FOO, "bar")
    entry = cache.get(FOO)
    assert entry is not None
    assert entry.cache_value == ("bar" if decodes else b"bar")
    assert entry.status.value == "VALID"
    before = int(server.command("INFO", "commandstats").decode().split("cmdstat_get:calls=")[1].split(",")[0])
    assert text(await caching.get("foo")) == "bar"
    assert f"cmdstat_get:calls={before}," in server.command("INFO", "commandstats").decode()
    server.command("SET", "foo", "barbar")
    await until(lambda: cache.get(FOO) is None)
    assert text(await caching.get("foo")) == "barbar"
    await caching.set("foo", "mine")
    assert text(await caching.get("foo")) == "mine"
    pipeline = caching.pipeline()
    await pipeline.set("foo", "piped").get("foo").execute()
    assert text(await caching.get("foo")) == "piped"


async def test_what_is_shown_of_it(caching: Redis, server: RealServer) -> None:
    cache = cache_of(caching)
    await caching.hset("h", mapping={"a": "1", "b": "2"})
    await caching.set("foo", "bar")
    a, b = (CacheKey("HGET", ("h",), ("HGET", "h", field)) for field in "ab")
    await kept(caching, a, "1")
    await kept(caching, b, "2")
    await kept(caching, FOO, "bar")
    assert [text(value) for value in await caching.mget("foo", "absent")] == ["bar", None]
    both = CacheKey("MGET", ("foo", "absent"), ("MGET", "foo", "absent"))
    assert set(cache.collection) == {FOO, a, b, both}
    assert [text(entry.cache_value) for key, entry in cache.collection.items() if key == a] == ["1"]
    assert cache.size == 4
    assert cache.config.get_max_size() == 5
    server.command("HSET", "h", "a", "3")
    await until(lambda: cache.get(a) is cache.get(b) is None)
    assert cache.delete_by_redis_keys(["foo", b"other"]) == [True, True]
    assert cache.size == 0
    await kept(caching, a, "3")
    assert cache.delete_by_cache_keys([a, b]) == [True, False]
    await kept(caching, FOO, "bar")
    server.command("FLUSHDB")
    await until(lambda: cache.size == 0)
    assert await caching.get("foo") is None


async def test_the_longest_unused_makes_room(caching: Redis) -> None:
    for number in range(6):
        await caching.set(f"k{number}", number)
    await kept(caching, CacheKey("GET", ("k0",), ("GET", "k0")), "0")
    for number in range(1, 6):
        await caching.get(f"k{number}")
    cache = cache_of(caching)
    assert cache.size == 5
    assert CacheKey("GET", ("k0",), ("GET", "k0")) not in cache.collection


async def test_programs_may_make_room_themselves(caching: Redis) -> None:
    names = [f"k{number}" for number in range(4)]
    keys = [CacheKey("GET", (name,), ("GET", name)) for name in names]
    for name, key in zip(names, keys, strict=True):
        await caching.set(name, "x")
        await kept(caching, key, "x")
    policy = cache_of(caching).eviction_policy
    assert isinstance(policy, LRUPolicy)
    assert policy.type is EvictionPolicyType.time_based
    cache_of(caching).flush()
    for name in names:
        await caching.get(name)  # once: none was used since
    policy.touch(keys[0])
    assert policy.evict_next() == keys[1]
    assert policy.evict_many(2) == keys[2:]
    assert {*cache_of(caching).collection} == {keys[0]}
    with pytest.raises(ValueError, match="count"):
        policy.evict_many(2)
    with pytest.raises(ValueError, match="does not keep"):
        policy.touch(keys[1])
    with pytest.raises(ValueError, match="no cache"):
        LRUPolicy().evict_next()


async def test_errors_and_clocks_are_not_kept(caching: Redis) -> None:
    await caching.rpush("foo", "x")
    for _ in range(3):
        with pytest.raises(WrongTypeError):
            await caching.get("foo")
    await caching.expire("foo", 100)
    await caching.ttl("foo")
    assert cache_of(caching).size == 0
    assert cache_of(caching).is_cachable(FOO)
    assert not cache_of(caching).is_cachable(CacheKey("TTL", ("foo",)))


async def test_programs_may_keep_less(server: RealServer) -> None:
    class OnlyHashes(CacheConfig):
        def is_allowed_to_cache(self, command: str) -> bool:
            return command.startswith("H")

    async with Redis(host=server.host, port=server.port, protocol=3, cache_config=OnlyHashes()) as client:
        await client.hset("h", "a", "1")
        await client.set("foo", "bar")
        await kept(client, CacheKey("HGET", ("h",), ("HGET", "h", "a")), "1")
        assert await client.get("foo") == b"bar"
        assert cache_of(client).get(FOO) is None


async def test_other_ways_to_ask_for_it(server: RealServer, group: SentinelGroup) -> None:
    cache = CacheFactory(CacheConfig(max_size=7)).get_cache()
    url = f"redis://{server.host}:{server.port}/0"
    async with Redis.from_url(url, protocol=3, cache=cache, single_connection_client=True) as client:
        assert client.get_cache() is cache
        await client.set("foo", "bar")
        await kept(client, FOO, "bar")
        await client.connection_pool.disconnect()
        assert cache.size == 0  # with the connection goes what it has brought
        await kept(client, FOO, "bar")
    sentinels = [(sentinel.host, sentinel.port) for sentinel in group.sentinels]
    manager = Sentinel(sentinels)
    async with manager.master_for("mymaster", protocol=3, cache_config=CacheConfig()) as primary:
        await primary.set("foo", "bar")
        await kept(primary, FOO, "bar")
    for sentinel in manager.sentinels:
        await sentinel.aclose()


async def test_what_cannot_be_had(mux: ConnectionMultiplexer) -> None:
    config = CacheConfig()
    for wrong in ({"cache": object()}, {"cache_config": object()}, {"cache_config": config, "protocol": 2}):
        name = next(iter(wrong))
        with pytest.raises(ConfigurationError, match=name):
            Redis(**wrong)
    for other in ({"connection_pool": ConnectionPool()}, {"multiplexer": mux}):
        with pytest.raises(DataError, match="cache_config"):
            Redis(cache_config=config, **other)
    for make in (
        partial(CacheConfig, max_size=0),
        partial(CacheConfig, cache_class=dict),
        partial(CacheConfig, eviction_policy=EvictionPolicy.LFU),
    ):
        with pytest.raises(ConfigurationError, match=next(iter(make.keywords))):
            make()
    assert Redis().get_cache() is None
