"""A kept reply is never older than what this application has had acknowledged, nor than what the server has said."""

from __future__ import annotations

from typing import Any

import pytest

from multiplexer import EndPoint
from multiplexer.core.cache.client_cache import ClientCache
from multiplexer.core.cache.flights import Flight, Wanted
from multiplexer.core.cache.tracking import TrackingConnection
from multiplexer.core.call_options import CallOptions, with_asking, with_keeping
from multiplexer.core.commands.command_table import COMMANDS, find_command
from multiplexer.core.message import ANSWERED
from multiplexer.core.physical_connection import PhysicalConnection
from multiplexer.core.wire.resp import pack
from multiplexer.errors import RedisError

from .engine import FIRST, KEYS, SECOND, Remembering, RememberingUnit, ToldBridge, World, cluster, feed

HOST = EndPoint("server", 6379)
CACHING = b"*3\r\n$6\r\nCLIENT\r\n$7\r\nCACHING\r\n$3\r\nYES\r\n"


class Fetch(Remembering):
    """A message whose reply is kept, as drivers have it."""

    __slots__ = ("cache", "flight")

    cache: ClientCache[Any]
    flight: Flight

    def finish(self, reply: Any) -> None:
        if not isinstance(reply, RedisError):
            self.cache.land(self.flight, reply)
        super().finish(reply)


class Sleeper:
    """Somebody who has joined a fetch."""

    def __init__(self) -> None:
        self.given: Any = None

    def give(self, value: Any) -> None:
        self.given = value


class Cached:
    """A world whose servers were asked to tell of changes, and have agreed."""

    def __init__(self, world: World | None = None, **changes: Any) -> None:
        if world is None:
            world = World(HOST, **changes)
            world.come_up(HOST)
        self.world = world
        self.cache = world.coordinator.client_cache()
        self.cache.start()
        self.named, self.packed = self.cache.shelves(0, None)
        for bridge in world.bridges:
            if bridge.kind == "interactive" and bridge.connection is not None:
                [asked] = [words for words in bridge.asked() if words.startswith("CLIENT TRACKING ON")]
                bridge.answer_to(asked, b"OK")

    def wanted(self, *words: Any) -> Wanted:
        payload = pack(words)
        assert isinstance(payload, bytes)
        options = with_keeping(CallOptions())
        if words[0] == "GET":
            return Wanted(self.named, words[1], find_command(words), words, payload, (words[1],), options, None)
        return Wanted(self.packed, payload, find_command(words), words, payload, None, options, None)

    def bridge(self, *words: Any) -> ToldBridge:
        strategy = self.world.coordinator.strategy
        return strategy.only or strategy.select(find_command(words), CallOptions(), words)

    def fetch(self, *words: Any, owner: int = 1) -> Fetch:
        """Have something fetched; it waits in the backlog."""
        wanted = self.wanted(*words)
        bridge = self.bridge(*words)
        flight, waiting = self.cache.enter(bridge, wanted, owner, Sleeper)
        assert flight is not None
        assert waiting is None
        message = Fetch(*words)
        message.options = wanted.options
        message.cache = self.cache
        message.flight = flight
        flight.message = message
        bridge.backlog.append(message)
        return message

    def send(self, bridge: ToldBridge | None = None, now: float = 101.0) -> bytes:
        """Send what waits in a backlog; return the bytes."""
        bridge = bridge or self.world.bridges[0]
        return b"".join(self.up(bridge).take(bridge.backlog, now))

    @staticmethod
    def up(bridge: ToldBridge) -> PhysicalConnection:
        assert bridge.connection is not None
        return bridge.connection

    def feed(self, data: bytes, bridge: ToldBridge | None = None) -> None:
        """Have the server send something."""
        feed(self.up(bridge or self.world.bridges[0]), data, 102.0)

    def write(self, *words: Any, bridge: ToldBridge | None = None, now: float = 101.5) -> Remembering:
        """Send a write."""
        bridge = bridge or self.world.bridges[0]
        message = Remembering(*words)
        assert self.up(bridge).put(message, now)
        return message

    def value(self, name: bytes) -> Any:
        """Return what is kept for GET, as far as it still counts."""
        entry = self.named.entries.get(name)
        return "nothing" if entry is None or entry.epoch.over else entry.value

    def keep(self, *words: Any, reply: bytes = b"$3\r\nold\r\n") -> None:
        """Fetch something and keep it."""
        bridge = self.bridge(*words)
        self.fetch(*words)
        self.send(bridge)
        self.feed(b"+OK\r\n" + reply, bridge)


def invalidation(*names: bytes) -> bytes:
    """Return what a server pushes when keys were written."""
    listed = b"".join([b"$%d\r\n%b\r\n" % (len(name), name) for name in names])
    return b">2\r\n$10\r\ninvalidate\r\n*%d\r\n%b" % (len(names), listed)


def test_a_fetch_follows_caching_yes_and_its_reply_is_kept() -> None:
    cached = Cached()
    message = cached.fetch("GET", b"k")
    assert cached.send() == CACHING + message.payload  # type: ignore[operator]
    cached.feed(b"+OK\r\n$3\r\nold\r\n")
    assert message.reply == b"old"
    assert cached.value(b"k") == b"old"
    entry = cached.named.entries[b"k"]
    assert (entry.born, entry.until) == (101.0, 161.0)
    assert cached.cache.statistics().stored == 1


def test_in_another_database_select_goes_before_caching_yes() -> None:
    """Whatever comes between CLIENT CACHING and the command undoes it."""
    cached = Cached()
    message = cached.fetch("GET", b"k")
    message.options = with_keeping(CallOptions(database=2))
    assert cached.send() == b"*2\r\n$6\r\nSELECT\r\n$1\r\n2\r\n"
    cached.feed(b"+OK\r\n")
    assert cached.send() == CACHING + message.payload  # type: ignore[operator]
    cached.feed(b"+OK\r\n$3\r\nold\r\n")
    assert cached.value(b"k") == b"old"


def test_a_fetch_of_an_asked_slot_is_not_kept() -> None:
    cached = Cached()
    message = cached.fetch("GET", b"k")
    message.options = with_asking(message.options)
    assert cached.send() == b"*1\r\n$6\r\nASKING\r\n" + message.payload  # type: ignore[operator]
    cached.feed(b"+OK\r\n$3\r\nold\r\n")
    assert message.reply == b"old"
    assert cached.value(b"k") == "nothing"


def test_where_caching_yes_is_refused_nothing_is_kept() -> None:
    cached = Cached()
    message = cached.fetch("GET", b"k")
    cached.send()
    cached.feed(b"-ERR CLIENT CACHING can be called only when the client is in tracking mode\r\n$3\r\nold\r\n")
    assert message.reply == b"old"
    assert cached.value(b"k") == "nothing"


def test_an_invalidation_behind_the_reply_finds_it() -> None:
    cached = Cached()
    message = cached.fetch("GET", b"k")
    cached.send()
    cached.feed(b"+OK\r\n$3\r\nold\r\n" + invalidation(b"k", b"other"))
    assert message.reply == b"old"
    assert cached.value(b"k") == "nothing"
    assert cached.cache.statistics().invalidated == 1


@pytest.mark.parametrize("cut", range(1, 46))
def test_wherever_the_bytes_are_cut(cut: int) -> None:
    cached = Cached()
    cached.fetch("GET", b"k")
    cached.send()
    data = b"+OK\r\n$3\r\nold\r\n" + invalidation(b"k")
    cached.feed(data[:cut])
    if data[cut:]:
        cached.feed(data[cut:])
    assert cached.value(b"k") == "nothing"


def test_an_invalidation_before_the_reply_is_about_an_older_value() -> None:
    cached = Cached()
    cached.fetch("GET", b"k")
    cached.send()
    cached.feed(invalidation(b"k") + b"+OK\r\n$3\r\nnew\r\n")
    assert cached.value(b"k") == b"new"


def test_flushing_drops_everything() -> None:
    cached = Cached()
    cached.keep("GET", b"k")
    cached.keep("HGETALL", b"h", reply=b"%0\r\n")
    cached.feed(b">2\r\n$10\r\ninvalidate\r\n_\r\n")
    assert cached.value(b"k") == "nothing"
    cached.world.beat()
    assert cached.cache.statistics().entries == 0
    cached.keep("GET", b"k", reply=b"$3\r\nnew\r\n")
    assert cached.value(b"k") == b"new"


@pytest.mark.parametrize(
    "words",
    [
        ("SET", b"k", b"new"),
        ("DEL", b"other", b"k"),
        ("MSET", b"other", b"1", b"k", b"2"),
        ("RENAME", b"k", b"other"),
        ("EVAL", "redis.call('SET', ARGV[1], 1)", 0, b"k"),
        ("FCALL", "function", 1, b"k"),
        ("MODULE.WRITE", b"k"),
        ("FLUSHDB",),
        ("FLUSHALL", "ASYNC"),
        ("SWAPDB", 0, 1),
    ],
)
def test_a_write_drops_its_keys_before_its_bytes_go_out(words: tuple[Any, ...]) -> None:
    cached = Cached()
    cached.keep("GET", b"k")
    assert cached.value(b"k") == b"old"
    cached.write(*words)
    assert cached.value(b"k") == "nothing"


@pytest.mark.parametrize("words", [("GET", b"k"), ("PING",), ("SET", b"other", b"1"), ("EVAL_RO", "return 1", 1, b"k")])
def test_what_does_not_write_a_key_drops_nothing(words: tuple[Any, ...]) -> None:
    cached = Cached()
    cached.keep("GET", b"k")
    cached.write(*words)
    assert cached.value(b"k") == b"old"


def test_a_write_in_a_unit_and_behind_others() -> None:
    cached = Cached()
    cached.keep("GET", b"k")
    bridge = cached.world.bridges[0]
    bridge.backlog.extend(
        [Remembering("GET", "x"), RememberingUnit(("GET", b"y"), ("SET", b"k", b"new")), Remembering("GET", "z")]
    )
    cached.send()
    assert cached.value(b"k") == "nothing"


def test_a_write_sent_before_the_reply_of_a_fetch_overtakes_it() -> None:
    """Its own push is still to come when its caller is told, who must not find what was asked before."""
    cached = Cached()
    message = cached.fetch("GET", b"k")
    cached.send()
    write = cached.write("SET", b"k", b"new")
    cached.feed(b"+OK\r\n$3\r\nold\r\n")
    assert message.reply == b"old"
    assert cached.value(b"k") == "nothing"
    again = cached.fetch("GET", b"k")  # nobody joins the one before
    assert again.flight is not message.flight
    cached.send()
    cached.feed(b"+OK\r\n+OK\r\n$3\r\nnew\r\n")
    assert write.reply == b"OK"
    assert cached.value(b"k") == b"new"


def test_a_write_and_a_fetch_of_one_flush() -> None:
    cached = Cached()
    bridge = cached.world.bridges[0]
    cached.fetch("GET", b"k")
    bridge.backlog.append(Remembering("SET", b"k", b"new"))
    cached.send()
    cached.feed(b"+OK\r\n$3\r\nold\r\n+OK\r\n")
    assert cached.value(b"k") == "nothing"


def test_a_write_whose_reply_never_comes_leaves_nothing_old_behind() -> None:
    """It timed out, and may have been applied."""
    cached = Cached()
    cached.keep("GET", b"k")
    cached.write("SET", b"k", b"new")
    message = cached.fetch("GET", b"k")
    cached.send()
    assert cached.value(b"k") == "nothing"  # and whoever reads now waits behind the write
    cached.feed(b"+OK\r\n+OK\r\n$3\r\nnew\r\n")
    assert message.reply == b"new"


def test_a_write_that_nobody_waits_for_drops_its_keys_when_it_is_queued() -> None:
    cached = Cached()
    cached.keep("GET", b"k")
    early = cached.fetch("GET", b"j")
    cached.cache.write_forgotten(COMMANDS["MSET"], pack(("MSET", b"k", b"new", b"j", b"new")))
    assert cached.value(b"k") == "nothing"
    assert not early.flight.current
    cached.cache.write_forgotten(COMMANDS["GET"], pack(("GET", b"k")))


def test_a_write_over_another_connection_keeps_fetches_out_until_it_is_answered() -> None:
    cached = Cached()
    cached.keep("GET", b"k")
    early = cached.fetch("GET", b"k2")
    fence = cached.cache.write_elsewhere(COMMANDS["MSET"], pack(("MSET", b"k", b"new", b"k2", b"new")))
    assert fence is not None
    assert cached.value(b"k") == "nothing"
    assert not early.flight.current
    bridge = cached.world.bridges[0]
    assert cached.cache.enter(bridge, cached.wanted("GET", b"k"), 1, Sleeper) == (None, None)
    assert cached.cache.enter(bridge, cached.wanted("SINTER", b"x", b"k"), 1, Sleeper) == (None, None)
    cached.fetch("GET", b"other")
    cached.cache.written_elsewhere(fence)
    assert cached.fetch("GET", b"k").flight.current
    assert cached.cache.write_elsewhere(COMMANDS["BLPOP"], pack(("BLPOP", b"q", 0))) is not None
    assert cached.cache.write_elsewhere(COMMANDS["GET"], pack(("GET", b"k"))) is None


def test_a_write_of_everything_elsewhere_keeps_all_fetches_out() -> None:
    cached = Cached()
    cached.keep("GET", b"k")
    fence = cached.cache.write_elsewhere(COMMANDS["FLUSHALL"], pack(("FLUSHALL",)))
    assert fence is not None
    assert cached.value(b"k") == "nothing"
    assert cached.cache.enter(cached.world.bridges[0], cached.wanted("GET", b"k"), 1, Sleeper) == (None, None)
    cached.cache.written_elsewhere(fence)
    assert cached.fetch("GET", b"k").flight.current


def test_stripes_know_of_one_anothers_writes() -> None:
    world = World(HOST, connections_per_endpoint=2)
    for bridge in world.bridges:
        bridge.come_up(100.0, role="primary", mode="standalone", version=(9, 1))
    world.wait()
    cached = Cached(world)
    home = cached.bridge("GET", b"k")
    other = next(bridge for bridge in world.bridges if bridge is not home)
    cached.keep("GET", b"k")
    write = cached.write("MSET", b"j", b"new", b"k", b"new", bridge=other)
    assert cached.value(b"k") == "nothing"
    assert cached.cache.enter(home, cached.wanted("GET", b"k"), 1, Sleeper) == (None, None)
    assert cached.cache.enter(other, cached.wanted("GET", b"k"), 1, Sleeper)[0] is not None  # it goes behind
    write.phase = ANSWERED
    cached.named.flights.clear()
    assert cached.fetch("GET", b"k").flight.current
    cached.write("SET", b"k", b"newer", bridge=home)
    assert len(cached.cache._fences) == 1  # those that are over were taken away


def test_what_a_lost_connection_has_brought_counts_no_more() -> None:
    cached = Cached()
    bridge = cached.world.bridges[0]
    cached.keep("GET", b"k")
    late = cached.fetch("GET", b"j")
    cached.send()
    bridge.go_down()
    assert cached.value(b"k") == "nothing"
    bridge.come_up(110.0, role="primary", mode="standalone", version=(9, 1))
    assert isinstance(bridge.connection, TrackingConnection)
    assert "CLIENT TRACKING ON OPTIN" in bridge.asked()
    assert cached.cache.statistics().tracking == 1
    cached.cache.land(late.flight, b"old")  # sent again, say, before tracking was asked for
    assert cached.value(b"j") == "nothing"


def test_another_role_and_another_user() -> None:
    cached = Cached()
    cached.keep("GET", b"k")
    cached.cache.changed(cached.world.server(HOST))
    assert cached.value(b"k") == "nothing"
    cached.keep("GET", b"k")
    cached.cache.clear()
    assert cached.value(b"k") == "nothing"


def test_a_primary_that_was_replaced_though_its_connection_lives() -> None:
    other = EndPoint("other", 6379)
    world = World(HOST, other)
    world.come_up(HOST)
    world.come_up(other, "replica")
    cached = Cached(world)
    cached.keep("GET", b"k")
    world.server(HOST).facts.role = "replica"
    world.server(other).facts.role = "primary"
    cached.keep("GET", b"j")
    assert cached.value(b"j") == b"old"
    world.server(HOST).facts.role = "primary"
    world.guide._choice.elect(world.server(other))
    cached.cache.review()
    assert cached.value(b"k") == "nothing"
    assert cached.value(b"j") == b"old"


def test_only_the_slots_that_have_moved() -> None:
    world = cluster()
    cached = Cached(world)
    moved, stays = KEYS[0], KEYS[1]
    cached.keep("GET", moved)
    cached.keep("GET", stays)
    slot = cached.cache.slot_of(moved)
    world.guide.routes.correct(slot, world.server(SECOND))
    world.coordinator.slots_moved()
    assert cached.value(moved) == "nothing"
    assert cached.value(stays) == b"old"
    assert world.target("GET", moved) == SECOND != FIRST


def test_a_fork_leaves_nothing_to_the_child() -> None:
    cached = Cached()
    cached.keep("GET", b"k")
    cached.fetch("GET", b"j")
    cached.cache.forget()
    assert cached.value(b"k") == "nothing"
    assert not cached.named.flights


def test_in_broadcast_mode_servers_tell_of_all_keys_with_a_prefix() -> None:
    world = World(HOST, client_cache="broadcast", client_cache_prefixes=["user:", "k"])
    world.come_up(HOST)
    world.coordinator.client_cache().start()
    assert "CLIENT TRACKING ON BCAST PREFIX user: PREFIX k" in world.bridges[0].asked()
    cached = Cached(world)
    message = cached.fetch("GET", b"k")
    assert cached.send() == message.payload  # CLIENT CACHING would be refused
    cached.feed(b"$3\r\nold\r\n")
    assert cached.value(b"k") == b"old"
    assert cached.cache.enter(world.bridges[0], cached.wanted("GET", b"other"), 1, Sleeper) == (None, None)
    cached.feed(invalidation(b"k"))
    assert cached.value(b"k") == "nothing"


@pytest.mark.parametrize(
    ("facts", "reason"), [({"protocol": 2}, "speaks RESP2, and caching needs RESP3"), ({"protocol": 3}, None)]
)
def test_where_nothing_can_be_kept_the_reason_is_told_once(facts: dict[str, Any], reason: str | None) -> None:
    world = World(HOST)
    told: list[Any] = []
    world.coordinator.error_message += told.append
    world.come_up(HOST, **facts)
    cache = world.coordinator.client_cache()
    cache.start()
    cache.start()
    bridge = world.bridges[0]
    if reason is None:
        bridge.answer_to("CLIENT TRACKING ON OPTIN", RedisError("ERR unknown subcommand"))
        reason = "server:6379 refused CLIENT TRACKING: ERR unknown subcommand"
        assert cache.statistics().tracking == 0
    else:
        assert "CLIENT TRACKING ON OPTIN" not in bridge.asked()
    for _ in range(2):
        bridge.go_down()
        bridge.come_up(110.0, role="primary", mode="standalone", version=(9, 1), **facts)
    assert reason in str(cache.statistics().disabled)
    assert [reason in str(event.error) for event in told] == [True]
