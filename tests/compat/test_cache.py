"""The cache in this process: what it keeps, for how long, and what makes room."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multiplexer.compat import cache as module
from multiplexer.compat.cache import (
    DEFAULT_ALLOW_LIST,
    DEFAULT_DENY_LIST,
    DEFAULT_EVICTION_POLICY,
    AbstractCache,
    CacheConfig,
    EvictionPolicy,
    LocalCache,
)
from multiplexer.errors import ConfigurationError
from tests.chance import seeded


def fill(cache: LocalCache, *names: str) -> None:
    """Keep a reply for each of some keys."""
    for name in names:
        cache.set(("GET", name), name, [name])


def left(cache: LocalCache, *names: str) -> str:
    """Return which of some keys' replies are still there."""
    return "".join(name for name in names if ("GET", name) in cache._entries)


def test_what_is_kept() -> None:
    cache = LocalCache()
    assert isinstance(cache, AbstractCache)
    assert cache.get(("GET", "a")) is None
    cache.set(("GET", "a"), b"1", ["a"])
    cache.set(["MGET", "a", "b"], [b"1", None], [b"a", "b"])
    cache.set("GET c", b"3", ["c"])
    assert cache.get(["GET", "a"]) == b"1"
    assert cache.get(("MGET", "a", "b")) == [b"1", None]
    assert cache.get("GET c") == b"3"
    assert len(cache) == 3
    cache.set(("GET", "a"), b"2", ["a"])
    assert cache.get(("GET", "a")) == b"2"
    assert len(cache) == 3


def test_what_is_dropped() -> None:
    cache = LocalCache()
    cache.set(("GET", "a"), b"1", ["a"])
    cache.set(("MGET", "a", "b"), [b"1", None], ["a", "b"])
    cache.set(("GET", "b"), None, ["b"])
    cache.invalidate_key(b"a")
    assert len(cache) == 1
    cache.invalidate_key("nobody's")
    cache.delete_command(("GET", "b"))
    cache.delete_command(("GET", "b"))
    assert len(cache) == 0
    assert not cache._commands_of
    fill(cache, "a", "b", "c")
    cache.delete_commands([("GET", "a"), ("GET", "zz")])
    assert left(cache, "a", "b", "c") == "bc"
    cache.flush()
    assert len(cache) == 0


def test_replies_are_copies() -> None:
    cache = LocalCache()
    reply = [b"1"]
    cache.set("KEYS", reply, [])
    reply.append(b"2")
    got = cache.get("KEYS")
    got.append(b"3")
    assert cache.get("KEYS") == [b"1"]


def test_age(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(module, "monotonic", lambda: now)
    cache = LocalCache(ttl=5)
    fill(cache, "a")
    now = 104.9
    assert cache.get(("GET", "a")) == "a"
    now = 105.0
    assert cache.get(("GET", "a")) is None
    assert len(cache) == 0


def test_least_recently_used() -> None:
    assert DEFAULT_EVICTION_POLICY is EvictionPolicy.LRU
    cache = LocalCache(max_size=3)
    fill(cache, "a", "b", "c")
    cache.get(("GET", "a"))
    fill(cache, "d")
    assert left(cache, "a", "b", "c", "d") == "acd"
    fill(cache, "c", "e")  # set anew is used
    assert left(cache, "a", "c", "d", "e") == "cde"


def test_least_frequently_used() -> None:
    cache = LocalCache(max_size=3, eviction_policy=EvictionPolicy.LFU)
    fill(cache, "a", "b", "c")
    for name in "aabbc":
        cache.get(("GET", name))
    fill(cache, "d")
    assert left(cache, "a", "b", "c", "d") == "abd"
    fill(cache, "e")
    assert left(cache, "a", "b", "d", "e") == "abe"
    cache.delete_command(("GET", "e"))
    fill(cache, "f")
    cache.get(("GET", "f"))
    cache.get(("GET", "f"))
    cache.get(("GET", "f"))
    fill(cache, "g")
    assert left(cache, "a", "b", "f", "g") == "bfg"  # of those used equally often, the one unused for longest


def test_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "randrange", seeded("cache").randrange)
    went = set()
    for _ in range(50):
        cache = LocalCache(max_size=3, eviction_policy="random")
        fill(cache, "a", "b", "c", "d")
        assert len(cache) == 3
        assert left(cache, "d") == "d"
        went |= set("abc") - set(left(cache, "a", "b", "c"))
    assert went == set("abc")


@pytest.mark.parametrize("policy", list(EvictionPolicy))
@given(steps=st.lists(st.tuples(st.sampled_from(["set", "get", "delete", "invalidate"]), st.sampled_from("abcdef"))))
def test_the_books_balance(policy: EvictionPolicy, steps: list[tuple[str, str]]) -> None:
    cache = LocalCache(max_size=3, eviction_policy=policy)
    acts: dict[str, Callable[[str], Any]] = {
        "set": lambda name: fill(cache, name),
        "get": lambda name: cache.get(("GET", name)),
        "delete": lambda name: cache.delete_command(("GET", name)),
        "invalidate": cache.invalidate_key,
    }
    for act, name in steps:
        acts[act](name)
        assert len(cache) <= 3
        assert {key.decode() for key in cache._commands_of} == set(left(cache, *"abcdef"))
        if act == "set":
            assert cache.get(("GET", name)) == name
    for name in "xyz":
        fill(cache, name)
    assert len(cache) == 3


@pytest.mark.parametrize(
    "options", [{"max_size": 0}, {"max_size": None}, {"ttl": -1}, {"ttl": "1"}, {"eviction_policy": "mru"}]
)
def test_what_cannot_be(options: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match=next(iter(options))):
        LocalCache(**options)


def test_lists_of_commands() -> None:
    assert {"GET", "MGET", "HGETALL", "ZRANGE", "LRANGE", "SMEMBERS", "JSON.GET"} <= set(DEFAULT_ALLOW_LIST)
    assert {"TTL", "SRANDMEMBER", "SCAN", "PFCOUNT", "BF.EXISTS", "EVAL_RO", "RANDOMKEY", "TS.RANGE"} <= set(
        DEFAULT_DENY_LIST
    )
    assert not set(DEFAULT_ALLOW_LIST) & set(DEFAULT_DENY_LIST)
    assert "SET" not in DEFAULT_ALLOW_LIST


def test_a_configuration_says_whether_it_keeps_less() -> None:
    """By its class, or by itself."""

    class OnlyHashes(CacheConfig):
        def is_allowed_to_cache(self, command: str) -> bool:
            return command.startswith("H")

    class OnlyGet(CacheConfig):
        DEFAULT_ALLOW_LIST = ("GET",)

    by_itself = CacheConfig()
    by_itself.DEFAULT_ALLOW_LIST = ["GET"]
    assert OnlyHashes().chooses
    assert OnlyGet().chooses
    assert by_itself.chooses
    assert not CacheConfig().chooses
