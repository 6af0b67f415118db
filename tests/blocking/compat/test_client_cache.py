# Generated from tests/asyncio/compat/test_client_cache.py by scripts/generate_blocking.py; change that file instead.
"""The façade's clients with ``cache_config``: what they keep, what they show of it, and what they refuse."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from multiplexer.blocking import ConnectionMultiplexer
from multiplexer.compat.blocking.client import Redis
from multiplexer.compat.blocking.connection import ConnectionPool
from multiplexer.compat.blocking.sentinel import Sentinel
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


@pytest.fixture
def caching(server: RealServer, decodes: bool) -> Iterator[Redis]:
    """A client that keeps what it reads."""
    config = CacheConfig(max_size=5)
    with Redis(
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


def kept(client: Redis, key: CacheKey, value: str) -> None:
    """Wait until a command is answered from what is kept; the server may not have been asked to tell of changes yet."""

    def is_kept() -> bool:
        assert text(client.execute_command(*key.redis_args)) == value
        return cache_of(client).get(key) is not None

    until(is_kept)


def test_what_was_read_is_kept_until_it_changes(caching: Redis, server: RealServer, decodes: bool) -> None:
    cache = cache_of(caching)
    assert (cache.size, cache.get(FOO), cache.flush()) == (0, None, 0)
    caching.set("foo", "bar")
    kept(caching, FOO, "bar")
    entry = cache.get(FOO)
    assert entry is not None
    assert entry.cache_value == ("bar" if decodes else b"bar")
    assert entry.status.value == "VALID"
    before = int(server.command("INFO", "commandstats").decode().split("cmdstat_get:calls=")[1].split(",")[0])
    assert text(caching.get("foo")) == "bar"
    assert f"cmdstat_get:calls={before}," in server.command("INFO", "commandstats").decode()
    server.command("SET", "foo", "barbar")
    until(lambda: cache.get(FOO) is None)
    assert text(caching.get("foo")) == "barbar"
    caching.set("foo", "mine")
    assert text(caching.get("foo")) == "mine"
    pipeline = caching.pipeline()
    pipeline.set("foo", "piped").get("foo").execute()
    assert text(caching.get("foo")) == "piped"


def test_what_is_shown_of_it(caching: Redis, server: RealServer) -> None:
    cache = cache_of(caching)
    caching.hset("h", mapping={"a": "1", "b": "2"})
    caching.set("foo", "bar")
    a, b = (CacheKey("HGET", ("h",), ("HGET", "h", field)) for field in "ab")
    kept(caching, a, "1")
    kept(caching, b, "2")
    kept(caching, FOO, "bar")
    assert [text(value) for value in caching.mget("foo", "absent")] == ["bar", None]
    both = CacheKey("MGET", ("foo", "absent"), ("MGET", "foo", "absent"))
    assert set(cache.collection) == {FOO, a, b, both}
    assert [text(entry.cache_value) for key, entry in cache.collection.items() if key == a] == ["1"]
    assert cache.size == 4
    assert cache.config.get_max_size() == 5
    server.command("HSET", "h", "a", "3")
    until(lambda: cache.get(a) is cache.get(b) is None)
    assert cache.delete_by_redis_keys(["foo", b"other"]) == [True, True]
    assert cache.size == 0
    kept(caching, a, "3")
    assert cache.delete_by_cache_keys([a, b]) == [True, False]
    kept(caching, FOO, "bar")
    server.command("FLUSHDB")
    until(lambda: cache.size == 0)
    assert caching.get("foo") is None


def test_the_longest_unused_makes_room(caching: Redis) -> None:
    for number in range(6):
        caching.set(f"k{number}", number)
    kept(caching, CacheKey("GET", ("k0",), ("GET", "k0")), "0")
    for number in range(1, 6):
        caching.get(f"k{number}")
    cache = cache_of(caching)
    assert cache.size == 5
    assert CacheKey("GET", ("k0",), ("GET", "k0")) not in cache.collection


def test_programs_may_make_room_themselves(caching: Redis) -> None:
    names = [f"k{number}" for number in range(4)]
    keys = [CacheKey("GET", (name,), ("GET", name)) for name in names]
    for name, key in zip(names, keys, strict=True):
        caching.set(name, "x")
        kept(caching, key, "x")
    policy = cache_of(caching).eviction_policy
    assert isinstance(policy, LRUPolicy)
    assert policy.type is EvictionPolicyType.time_based
    cache_of(caching).flush()
    for name in names:
        caching.get(name)  # once: none was used since
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


def test_errors_and_clocks_are_not_kept(caching: Redis) -> None:
    caching.rpush("foo", "x")
    for _ in range(3):
        with pytest.raises(WrongTypeError):
            caching.get("foo")
    caching.expire("foo", 100)
    caching.ttl("foo")
    assert cache_of(caching).size == 0
    assert cache_of(caching).is_cachable(FOO)
    assert not cache_of(caching).is_cachable(CacheKey("TTL", ("foo",)))


def test_programs_may_keep_less(server: RealServer) -> None:
    class OnlyHashes(CacheConfig):
        def is_allowed_to_cache(self, command: str) -> bool:
            return command.startswith("H")

    with Redis(host=server.host, port=server.port, protocol=3, cache_config=OnlyHashes()) as client:
        client.hset("h", "a", "1")
        client.set("foo", "bar")
        kept(client, CacheKey("HGET", ("h",), ("HGET", "h", "a")), "1")
        assert client.get("foo") == b"bar"
        assert cache_of(client).get(FOO) is None


def test_other_ways_to_ask_for_it(server: RealServer, group: SentinelGroup) -> None:
    cache = CacheFactory(CacheConfig(max_size=7)).get_cache()
    url = f"redis://{server.host}:{server.port}/0"
    with Redis.from_url(url, protocol=3, cache=cache, single_connection_client=True) as client:
        assert client.get_cache() is cache
        client.set("foo", "bar")
        kept(client, FOO, "bar")
        client.connection_pool.disconnect()
        assert cache.size == 0  # with the connection goes what it has brought
        kept(client, FOO, "bar")
    sentinels = [(sentinel.host, sentinel.port) for sentinel in group.sentinels]
    manager = Sentinel(sentinels)
    with manager.master_for("mymaster", protocol=3, cache_config=CacheConfig()) as primary:
        primary.set("foo", "bar")
        kept(primary, FOO, "bar")
    for sentinel in manager.sentinels:
        sentinel.close()


def test_what_cannot_be_had(mux: ConnectionMultiplexer) -> None:
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
