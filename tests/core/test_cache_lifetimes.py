"""Replies that must not outlive their keys: not used before PTTL is answered, and not longer than it says."""

from __future__ import annotations

import pytest

from multiplexer import EndPoint
from multiplexer.core.wire.resp import pack

from .engine import World
from .test_cache_coherence import Cached, invalidation

OLD = b"+OK\r\n$3\r\nold\r\n"


def asked(cached: Cached, now: float = 103.0) -> bytes:
    """Send what was asked after a fetch."""
    [bridge] = cached.world.bridges
    bridge.backlog.extend(bridge.posted)
    bridge.posted.clear()
    return cached.send(now=now)


def kept(*words: str | bytes, reply: bytes = OLD) -> Cached:
    """Fetch something where PTTL is asked for."""
    cached = Cached(client_cache_exact_ttl=True)
    cached.fetch(*words)
    cached.send()
    cached.feed(reply)
    return cached


@pytest.mark.parametrize(
    ("answer", "until"),
    [
        (b":100\r\n", 103.1),  # from before it was asked
        (b":-1\r\n", 161.0),
        (b":90000\r\n", 161.0),
        (b":-2\r\n", 101.0),
        (b"-ERR no\r\n", 101.0),
        (b"-MOVED 1 127.0.0.1:7001\r\n", 101.0),
    ],
)
def test_a_reply_lives_as_long_as_its_key(answer: bytes, until: float) -> None:
    cached = kept("GET", b"k")
    entry = cached.named.entries[b"k"]
    assert entry.until == entry.born == 101.0  # nobody takes it yet
    assert asked(cached) == pack(("PTTL", "k"))
    cached.feed(answer)
    assert entry.until == pytest.approx(until)
    assert cached.cache.disabled is None


def test_that_a_key_is_absent_lives_until_it_is_made() -> None:
    cached = kept("GET", b"k", reply=b"+OK\r\n_\r\n")
    asked(cached)
    cached.feed(b":-2\r\n")
    assert cached.named.entries[b"k"].until == 161.0


def test_of_several_keys_the_first_that_expires_counts() -> None:
    cached = kept("EXISTS", b"a", b"b", b"c", reply=b"+OK\r\n:3\r\n")
    [entry] = cached.packed.entries.values()
    assert asked(cached) == b"".join(pack(("PTTL", key)) for key in "abc")  # type: ignore[misc]
    cached.feed(b":5000\r\n:700\r\n")
    assert entry.until == 101.0
    cached.feed(b":-1\r\n")
    assert entry.until == pytest.approx(103.7)


def test_what_was_dropped_in_between_does_not_come_back() -> None:
    cached = kept("GET", b"k", reply=OLD + invalidation(b"k"))
    asked(cached)
    cached.feed(b":100\r\n")
    assert cached.value(b"k") == "nothing"


def test_a_lost_connection_leaves_it_unused() -> None:
    cached = kept("GET", b"k")
    entry = cached.named.entries[b"k"]
    asked(cached)
    cached.world.bridges[0].go_down()
    assert entry.until == entry.born
    assert entry.epoch.over


def test_a_server_that_refuses_is_told_of_once() -> None:
    cached = kept("GET", b"k")
    asked(cached)
    cached.feed(b"-NOPERM this user has no permissions\r\n")
    assert cached.named.entries[b"k"].until == 101.0
    assert cached.cache.disabled is not None
    assert "PTTL" in cached.cache.disabled


def test_where_it_cannot_be_asked_nothing_is_kept() -> None:
    world = World(EndPoint("server", 6379), client_cache_exact_ttl=True, command_map={"PTTL": None})
    world.come_up(EndPoint("server", 6379))
    cache = world.coordinator.client_cache()
    cache.start()
    assert cache.disabled == "the command map disables PTTL, which clientCacheExactTtl needs"
