"""What a page is told of a cluster, of a group, and of several processes at once."""

from __future__ import annotations

import json
import time
from time import monotonic
from typing import Any

import pytest

from multiplexer import ConnectionGroup, ConnectionMultiplexer, Member
from multiplexer.dashboard.observer import Process
from multiplexer.dashboard.overview import overview
from multiplexer.embedded import EmbeddedCluster, EmbeddedSentinels
from multiplexer.errors import RedisError
from tests.servers import RealServer


def process(shown: Any, pid: int = 1) -> Process:
    """Return a process that has just answered."""
    view = {"pid": pid, "program": "app.py", "at": time.time(), "status": shown.get_status()}
    return Process("app.sock", json.loads(json.dumps(view, default=str)))


def told(*processes: Process) -> dict[str, Any]:
    """Return what a page is told."""
    return overview(processes, monotonic())


def until_not_connected(mux: ConnectionMultiplexer) -> None:
    """Wait until a multiplexer has noticed that its server is gone."""
    while mux.is_connected:
        time.sleep(0.001)


def test_servers_of_a_cluster_with_their_slots() -> None:
    with EmbeddedCluster(3, 1) as cluster, ConnectionMultiplexer.connect(cluster.seeds) as mux:
        while len(mux.get_status()["servers"]) < 6:
            time.sleep(0.01)
        slots = sorted(shard["slots"][0] for shard in mux.get_status()["cluster"]["shards"])
        rows = told(process(mux))["servers"]
    primaries, replicas = rows[:3], rows[3:]
    assert [row["slots"] for row in primaries] == [f"{first}-{last}" for first, last in slots]
    assert [row["role"] for row in primaries] == ["primary"] * 3
    assert {row["role"] for row in replicas} == {"replica"}
    assert {row["slots"] for row in replicas} == {f"as {row['endpoint']}" for row in primaries}


def test_members_of_a_group(server: RealServer, own_server: RealServer) -> None:
    members = [Member(f"{each.host}:{each.port}", name) for each, name in ((own_server, "east"), (server, "west"))]
    with ConnectionGroup.connect(members) as group:
        state = told(process(group), process(group, 2))
        assert state["health"] == "ready"
        east, west = state["groups"]
        assert (east["name"], east["used"], east["processes"], east["words"]) == ("east", 2, 2, "well")
        assert (west["name"], west["used"], west["state"]) == ("west", 0, "well")
        own_server.kill()
        while group.active.name != "west":
            time.sleep(0.001)
        until_not_connected(group.members["east"].multiplexer)
        state = told(process(group))
        east, west = state["groups"]
        assert (east["used"], east["state"]) == (0, "troubled")
        assert east["words"]
        assert west["used"] == 1
        assert [row["member"] for row in state["servers"]] == ["east", "west"]
        assert [row["state"] for row in state["servers"]] == ["away", "well"]
        assert state["missing"] == ["east: no server is connected"]
        # It is as the member is that is used.
        assert state["health"] == "ready"


def test_sentinels() -> None:
    with EmbeddedSentinels() as group, ConnectionMultiplexer.connect(group.configuration) as mux:
        while not all(each["connected"] for each in mux.get_status()["sentinels"]):
            time.sleep(0.01)
        rows = told(process(mux))["sentinels"]
    assert len(rows) == len(group.sentinels)
    assert {(row["state"], row["words"]) for row in rows} == {("well", "connected")}


def test_the_same_of_several_processes_is_told_once(own_server: RealServer) -> None:
    address = f"{own_server.host}:{own_server.port}"
    with ConnectionMultiplexer.connect(address) as well, ConnectionMultiplexer.connect(address) as ill:
        first = process(well)
        own_server.kill()
        until_not_connected(ill)
        with pytest.raises(RedisError):
            ill.get_database().with_options(timeout=0.05).get("key")
        while len(ill.get_status()["happenings"]) < 3:
            time.sleep(0.001)
        second, third = process(ill, 2), process(ill, 3)
        state = told(first, second, third)
    (server,) = state["servers"]
    assert (server["processes"], server["connected"], server["state"]) == (3, 1, "troubled")
    assert server["words"].startswith("for 2 of 3 processes: disconnected for ")
    assert state["health"] == "down"
    failures = {row["what"]: row for row in state["failures"]}
    assert failures["command timed out"]["count"] == 2
    assert failures["command timed out"]["words"].startswith("GET to ")
    assert len(state["failures"]) == len(failures) == 3
    assert [row["ago"] for row in state["failures"]] == sorted(row["ago"] for row in state["failures"])


def test_one_that_is_gone_counts_for_nothing_else(server: RealServer) -> None:
    with ConnectionMultiplexer.connect(f"{server.host}:{server.port}") as mux:
        shown = process(mux)
        shown.end()
        state = told(shown)
    assert (state["health"], state["servers"], state["cache"]) == (None, [], None)
    (row,) = state["processes"]
    assert (row["state"], row["health"], row["operations"], row["lag"]) == ("gone", None, None, None)


def test_nothing_of_the_configuration_goes_out(server: RealServer) -> None:
    """It has names of channels and prefixes of keys."""
    options = f"{server.host}:{server.port},channelPrefix=hidden-channel,name=hidden-name"
    with ConnectionMultiplexer.connect(options) as mux:
        mux.get_database(cached=True).get("hidden-key")
        assert "hidden-channel" in str(mux.get_status())
        assert "hidden" not in str(told(process(mux)))
