"""A large cluster is read without holding anybody up."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from typing import Any

import pytest

from multiplexer import EndPoint, ReadFrom
from multiplexer.core.cluster.routes import ClusterRoutes, ShardServers
from multiplexer.core.cluster.topology import Topology, comparing
from multiplexer.core.cluster.topology_replies import TopologyReply, build
from multiplexer.core.commands.hash_slots import SLOT_COUNT
from multiplexer.core.server_endpoint import ServerEndPoint
from multiplexer.core.wire.resp import NO_REPLY, RespReader

from ..servers import encode
from .engine import bridge

SHARDS = 500
PIECE = 64 * 1024
RUNS = 7


def described(shift: int) -> bytes:
    """What a member says of 1,000 nodes that share 16,384 slots, of which no two neighbours belong together."""

    def node(number: int, role: str) -> dict[str, Any]:
        host = f"10.0.{number // 250}.{number % 250}"
        return {
            "id": f"{number:040x}",
            "port": 6379,
            "ip": host,
            "endpoint": host,
            "role": role,
            "replication-offset": 1,
            "health": "online",
        }

    shards = [
        {
            "slots": [end for slot in range(first, SLOT_COUNT, SHARDS) for end in (slot, slot)],
            "nodes": [node((first + shift) % SHARDS, "master"), node(SHARDS + first, "replica")],
        }
        for first in range(SHARDS)
    ]
    return encode(shards, 2)


class Slices:
    """How long the steps of something took, not counting what other processes took of the core meanwhile."""

    def __init__(self) -> None:
        self.total = 0.0
        self.longest = 0.0

    def note(self, seconds: float) -> None:
        self.total += seconds
        self.longest = max(self.longest, seconds)

    def run(self, steps: Iterator[None]) -> Any:
        while True:
            began = time.thread_time()
            try:
                next(steps)
            except StopIteration as stop:
                return stop.value
            finally:
                self.note(time.thread_time() - began)


def parsed(data: bytes, slices: Slices) -> Any:
    reader = RespReader()
    reply: Any = NO_REPLY
    for start in range(0, len(data), PIECE):
        piece = data[start : start + PIECE]
        began = time.thread_time()
        reader.feed(piece, 0, len(piece))
        reply = reader.gets()
        slices.note(time.thread_time() - began)
    assert reply is not NO_REPLY
    return reply


def yardstick() -> float:
    """Return how long this machine takes for some plain work just now: 50 ms are for one that takes 15 at most."""
    times: list[float] = []
    for _ in range(RUNS):
        began = time.thread_time()
        table: dict[int, tuple[int, str]] = {}
        for number in range(50_000):
            table[number] = (number, str(number))
        times.append(time.thread_time() - began)
    return min(times)


@pytest.mark.serial
def test_a_refresh_of_a_large_cluster() -> None:
    """1,000 nodes, 16,384 ranges: 50 ms in all, and no step that others wait for takes more than 5 ms."""
    slowness = yardstick() / 0.015
    one = ServerEndPoint(EndPoint("server", 6379), bridge())
    routes: ClusterRoutes[Any] = ClusterRoutes(ReadFrom.PRIMARY, None)
    known: Topology | None = None
    totals: list[float] = []
    longest: list[float] = []
    for run in range(RUNS):
        data = described(run)
        gc.collect()
        slices = Slices()
        reply = TopologyReply("SHARDS", parsed(data, slices), {})
        topology: Topology = slices.run(build(reply, EndPoint("asked", 6379)))
        assert slices.run(comparing(known, topology))
        shards = [(ShardServers(one, ()), shard.ranges) for shard in topology.shards]
        slices.run(routes.install(shards))
        known = topology
        totals.append(slices.total)
        longest.append(slices.longest)
    assert known is not None
    assert len(known.nodes) == 2 * SHARDS
    assert known.covered == SLOT_COUNT
    slowness = max(slowness, yardstick() / 0.015, 1.0)
    assert min(totals) <= 0.050 * slowness
    assert min(longest) <= 0.005 * slowness
