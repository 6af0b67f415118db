"""Servers that come and go."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

from multiplexer import EndPoint
from multiplexer.core.physical_bridge import BridgeState, PhysicalBridge
from multiplexer.core.resending import Rerouted, words_of
from multiplexer.core.server_endpoint import ServerEndPoint
from multiplexer.core.server_set import GRACE, ServerSet
from multiplexer.core.wire.resp import pack
from multiplexer.errors import RedisConnectionError

from .engine import Remembering, bridge, connection

A, B, C = (EndPoint("server", port) for port in (1, 2, 3))


class World:
    """A clock, and what was removed."""

    def __init__(self) -> None:
        self.now = 100.0
        self.removed: list[PhysicalBridge] = []
        self.servers: ServerSet[PhysicalBridge] = ServerSet(
            self.make, lambda bridge, error: self.removed.append(bridge), lambda: self.now, nullcontext()
        )

    def make(self, endpoint: EndPoint) -> ServerEndPoint[PhysicalBridge]:
        return ServerEndPoint(endpoint, bridge(self.now, endpoint))


def test_servers_are_made_once_and_keep_their_order() -> None:
    world = World()
    first = world.servers.add([A, B])
    again = world.servers.add([B, C])
    assert [server.endpoint for server in world.servers.servers] == [A, B, C]
    assert again[0] is first[1]
    assert world.servers.get(C) is again[1]
    assert world.servers.get(EndPoint("other", 1)) is None


def test_one_that_leaves_is_closed_at_once_where_nothing_is_due() -> None:
    world = World()
    a, b = world.servers.add([A, B])
    waiting = Remembering("GET", "k")
    a.interactive.backlog.append(waiting)
    world.servers.retire([a])
    assert world.servers.servers == (b,)
    assert world.servers.leaving == ()
    assert world.removed == [a.interactive]
    assert isinstance(waiting.reply, Rerouted)
    assert not waiting.reply.was_sent
    assert "server:1 has left" in str(waiting.reply)
    assert isinstance(a.interactive.rejection(Remembering("GET", "k")), Rerouted)
    assert a.interactive.state is BridgeState.CLOSED
    world.servers.retire([a])
    assert world.removed == [a.interactive], "it leaves only once"


def test_one_that_leaves_answers_what_it_was_sent() -> None:
    world = World()
    (a,) = world.servers.add([A])
    up = connection()
    a.interactive.established(up, 0.0)
    sent = Remembering("INCR", "k")
    up.put(sent, 0.0)
    world.servers.retire([a])
    assert not world.removed
    up.receive(b":1\r\n", 4, 1.0)
    assert sent.reply == 1
    world.servers.sweep(world.now)
    assert world.removed == [a.interactive]


def test_one_that_leaves_and_does_not_answer_is_closed_after_a_while() -> None:
    world = World()
    (a,) = world.servers.add([A])
    up = connection()
    a.interactive.established(up, 0.0)
    up.put(Remembering("INCR", "k"), 0.0)
    world.servers.retire([a])
    world.servers.sweep(world.now + GRACE - 0.1)
    assert not world.removed
    world.servers.sweep(world.now + GRACE)
    assert world.removed == [a.interactive]


def test_of_what_a_leaving_server_took_with_it_reads_are_routed_afresh() -> None:
    world = World()
    (a,) = world.servers.add([A])
    up = connection()
    a.interactive.established(up, 0.0)
    read, write = Remembering("GET", "k"), Remembering("INCR", "k")
    up.put(read, 0.0)
    up.put(write, 0.0)
    world.servers.retire([a])
    failed: dict[Any, Any] = dict(a.interactive.lost(OSError("gone"), 1.0))
    assert isinstance(failed[read], Rerouted)
    assert isinstance(failed[write], RedisConnectionError)
    assert not isinstance(failed[write], Rerouted)
    assert "was lost" in str(failed[write])
    assert a.interactive.state is BridgeState.CLOSED, "it is not connected again"


def test_the_words_of_a_payload_are_read_back() -> None:
    large = b"x" * 100_000
    assert words_of(pack(("SET", "k", 5))) == [[b"SET", b"k", b"5"]]
    packed = pack(("SET", "k", large))
    assert isinstance(packed, tuple)
    assert words_of(packed) == [[b"SET", b"k", large]]
    assert words_of((b"*1\r\n$4\r\nPING\r\n*2\r\n$3\r\nGET\r\n", b"$1\r\na\r\n")) == [[b"PING"], [b"GET", b"a"]]
