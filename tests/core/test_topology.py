"""Reading a cluster from what its members say."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multiplexer import EndPoint
from multiplexer.core.cluster.topology import Topology, compare
from multiplexer.core.cluster.topology_replies import TopologyReply, ask_for_topology, build, built
from multiplexer.core.commands.hash_slots import SLOT_COUNT
from multiplexer.errors import RedisConnectionError, ResponseError

ASKED = EndPoint("seed", 7000)
A, B, C, D = (EndPoint("10.0.0.1", port) for port in (7001, 7002, 7003, 7004))
INFO = {"cluster_state": "ok", "cluster_current_epoch": "7"}


def topology(source: str, reply: Any, asked: EndPoint = ASKED, **options: Any) -> Topology:
    return built(TopologyReply(source, reply, INFO), asked, **options)


def node(host: Any, port: int, name: str = "n", *names: Any) -> list[Any]:
    return [host, port, name.encode(), list(names)]


SLOTS: list[Any] = [
    [0, 99, node(b"10.0.0.1", 7001, "a"), node(b"10.0.0.1", 7003, "c")],
    [100, 16382, node(b"10.0.0.1", 7002, "b"), node(b"10.0.0.1", 7004, "d")],
    [16383, 16383, node(b"10.0.0.1", 7001, "a"), node(b"10.0.0.1", 7003, "c")],
]


def member(name: bytes, port: int, role: bytes, health: bytes = b"online", **more: Any) -> dict[bytes, Any]:
    fields = {
        b"id": name,
        b"port": port,
        b"ip": b"10.0.0.1",
        b"endpoint": b"10.0.0.1",
        b"role": role,
        b"replication-offset": 5,
        b"health": health,
    }
    return {**fields, **{key.replace("_", "-").encode(): value for key, value in more.items()}}


SHARDS: list[Any] = [
    {
        b"slots": [0, 99, 16383, 16383],
        b"nodes": [member(b"c", 7003, b"replica"), member(b"a", 7001, b"master")],
    },
    {b"slots": [100, 16382], b"nodes": [member(b"b", 7002, b"master"), member(b"d", 7004, b"replica")]},
]

NODES = (
    b"a 10.0.0.1:7001@17001 myself,master - 0 0 1 connected 0-99 16383 [55->-b] [77-<-b]\n"
    b"b 10.0.0.1:7002@17002,,tls-port=0,shard-id=x master - 0 0 2 connected 100-16382\n"
    b"c 10.0.0.1:7003@17003 slave a 0 0 1 connected\n"
    b"d 10.0.0.1:7004@17004,host.example slave b 0 0 2 connected\n"
    b"e :0@0 master,noaddr - 0 0 3 disconnected\n"
    b"f 10.0.0.1:7009@17009 handshake - 0 0 0 connected\n"
)


def flat(value: Any) -> Any:
    """The same reply as RESP2 has it."""
    if isinstance(value, dict):
        return [part for pair in value.items() for part in (pair[0], flat(pair[1]))]
    return [flat(each) for each in value] if isinstance(value, list) else value


def text(value: Any) -> Any:
    """The same reply as a connection that decodes has it."""
    if isinstance(value, dict):
        return {text(key): text(each) for key, each in value.items()}
    if isinstance(value, list):
        return [text(each) for each in value]
    return value.decode() if isinstance(value, bytes) else value


@pytest.mark.parametrize("shape", [lambda reply: reply, flat, text], ids=["resp3", "resp2", "text"])
@pytest.mark.parametrize(("source", "reply"), [("SLOTS", SLOTS), ("SHARDS", SHARDS), ("NODES", NODES)])
def test_every_dialect_says_the_same(source: str, reply: Any, shape: Any) -> None:
    found = topology(source, shape(reply))
    assert set(found.nodes) == {A, B, C, D}
    assert {found.nodes[each].role for each in (A, B)} == {"primary"}
    assert {found.nodes[each].role for each in (C, D)} == {"replica"}
    assert [found.primary_of(slot) for slot in (0, 99, 100, 16382, 16383)] == [A, A, B, B, A]
    assert found.owners[0] is not None
    assert found.owners[0].replicas == (C,)
    assert found.covered == SLOT_COUNT
    assert found.gaps() == []
    assert list(found.ranges) == [0, 100, 16383]
    assert found.range_at(16000) == (100, 16382, found.owners[16000])
    assert sorted(found.primaries, key=str) == [A, B]
    assert found.epoch == 7
    assert found.is_up
    assert found.nodes[A].id == "a"


def test_gaps_are_known() -> None:
    found = topology("SLOTS", [SLOTS[1]])
    assert found.gaps() == [(0, 99), (16383, 16383)]
    assert found.covered == 16283
    assert found.primary_of(5) is None
    assert found.range_at(5) is None
    assert found.range_at(16383) is None
    assert topology("SLOTS", []).gaps() == [(0, 16383)]


def test_a_member_that_does_not_know_its_own_address_is_the_one_that_was_asked() -> None:
    for host in (None, b""):
        found = topology("SLOTS", [[0, 5, node(host, 7001)]])
        assert found.primary_of(0) == EndPoint("seed", 7001)
    assert topology("NODES", b"a :7001@17001 myself,master - 0 0 0 connected 0-5\n").primary_of(3) == EndPoint(
        "seed", 7001
    )
    shard = {b"slots": [0, 5], b"nodes": [member(b"a", 7001, b"master", endpoint=None)]}
    assert topology("SHARDS", [shard]).primary_of(0) == EndPoint("seed", 7001)


def test_a_name_that_is_not_known_gives_way_to_the_address() -> None:
    shard = {b"slots": [0, 5], b"nodes": [member(b"a", 7001, b"master", endpoint=b"?")]}
    assert topology("SHARDS", [shard]).primary_of(0) == A
    slots = [[0, 5, node(b"?", 7001, "a", b"ip", b"10.0.0.1")]]
    assert topology("SLOTS", slots).primary_of(0) == A
    unknown = topology("SLOTS", [[0, 5, node(b"?", 7001)]])
    assert unknown.primary_of(0) is None
    assert not unknown.nodes


def test_host_names_and_ipv6() -> None:
    slots = [[0, 5, node(b"Node-1.Example", 7001, "a", b"ip", b"10.0.0.1")], [6, 9, node(b"::1", 7002, "b")]]
    found = topology("SLOTS", slots)
    assert found.primary_of(0) == EndPoint("node-1.example", 7001)
    assert found.primary_of(6) == EndPoint("::1", 7002)
    assert str(found.primary_of(6)) == "[::1]:7002"
    found = topology("NODES", b"a ::1:7001@17001 master - 0 0 1 connected 0-5\n")
    assert found.primary_of(0) == EndPoint("::1", 7001)


def test_an_address_nobody_can_have_is_left_out() -> None:
    found = topology("SLOTS", [[0, 5, node(b"no such name", 7001)], [6, 9, node(b"10.0.0.1", 0, "m")]])
    assert found.primary_of(0) is None
    assert found.primary_of(6) == EndPoint("10.0.0.1", 7000), "port 0 stands for the port that was asked"


def test_addresses_are_remapped() -> None:
    found = topology("SLOTS", SLOTS, remap=lambda place: ("outside", place[1] + 1000))
    assert found.primary_of(0) == EndPoint("outside", 8001)
    assert set(found.nodes) == {EndPoint("outside", port) for port in (8001, 8002, 8003, 8004)}


def test_clients_with_tls_get_the_ports_for_it() -> None:
    shard = {b"slots": [0, 5], b"nodes": [member(b"a", 7001, b"master", tls_port=8001)]}
    assert topology("SHARDS", [shard], tls=True).primary_of(0) == EndPoint("10.0.0.1", 8001)
    assert topology("SHARDS", [shard]).primary_of(0) == A
    line = b"a 10.0.0.1:7001@17001,,tls-port=8001 master - 0 0 1 connected 0-5\n"
    assert topology("NODES", line, tls=True).primary_of(0) == EndPoint("10.0.0.1", 8001)


def test_of_two_primaries_of_a_shard_the_healthy_one_counts() -> None:
    """As after a failover, until the old one is back."""
    shard = {
        b"slots": [0, 5],
        b"nodes": [member(b"a", 7001, b"master", b"fail"), member(b"b", 7002, b"master")],
    }
    found = topology("SHARDS", [shard])
    assert found.primary_of(0) == B
    assert not found.nodes[A].is_healthy


def test_a_failed_replica_takes_no_reads() -> None:
    shard = {
        b"slots": [0, 5],
        b"nodes": [member(b"a", 7001, b"master"), member(b"b", 7002, b"replica", b"fail")],
    }
    found = topology("SHARDS", [shard])
    assert found.owners[0] is not None
    assert found.owners[0].replicas == ()
    line = b"a 10.0.0.1:7001@1 master - 0 0 1 connected 0-5\nb 10.0.0.1:7002@1 slave,fail? a 0 0 1 connected\n"
    assert topology("NODES", line).owners[0] == found.owners[0]


def test_zones_are_taken_where_they_are_told() -> None:
    shard = {b"slots": [0, 5], b"nodes": [member(b"a", 7001, b"master", availability_zone=b"eu-1")]}
    assert topology("SHARDS", [shard]).nodes[A].availability_zone == "eu-1"


def test_snapshots_are_compared() -> None:
    before, same = topology("SLOTS", SLOTS), topology("SHARDS", SHARDS)
    assert not compare(before, same)
    assert before == topology("SLOTS", SLOTS)
    assert compare(None, before).names() == ("added", "moved")
    swapped = topology("SLOTS", [[0, 16383, node(b"10.0.0.1", 7002, "b"), node(b"10.0.0.1", 7001, "a")]])
    change = compare(before, swapped)
    assert change.demoted == (A,)
    assert set(change.removed) == {C, D}
    assert change.moved == 101
    assert change.names() == ("removed", "demoted", "moved")
    back = compare(swapped, before)
    assert back.promoted == (A,)
    assert set(back.added) == {C, D}


@given(st.lists(st.integers(0, SLOT_COUNT - 1), min_size=1, max_size=30, unique=True), st.integers(2, 5))
def test_however_slots_are_cut_lookups_agree(cuts: list[int], owners: int) -> None:
    bounds = sorted({0, *cuts})
    slots = [
        [first, (*bounds, SLOT_COUNT)[index + 1] - 1, node(b"10.0.0.1", 7001 + index % owners, f"n{index % owners}")]
        for index, first in enumerate(bounds)
    ]
    found = topology("SLOTS", slots)
    assert found.covered == SLOT_COUNT
    for slot in {edge % SLOT_COUNT for bound in bounds for edge in (bound, bound - 1)}:
        first, last, shard = found.range_at(slot) or pytest.fail("not covered")
        assert first <= slot <= last
        assert shard is found.owners[slot]


def test_a_large_cluster_is_read_in_slices() -> None:
    slots = [[slot, slot, node(b"10.0.0.1", 7000 + slot % 500, f"n{slot % 500}")] for slot in range(SLOT_COUNT)]
    slices = build(TopologyReply("SLOTS", slots, {}), ASKED)
    assert sum(1 for _ in slices) >= 50


# -- asking


def converse(answers: dict[tuple[str, ...], Any]) -> tuple[Any, list[tuple[str, ...]]]:
    talk = ask_for_topology()
    asked = []
    step = next(talk)
    try:
        while True:
            words = [tuple(map(str, command)) for command in step]
            asked += words
            step = talk.send([answers.get(each, ResponseError("ERR unknown subcommand")) for each in words])
    except StopIteration as stop:
        return stop.value, asked


def test_slots_are_asked_for_first() -> None:
    found, asked = converse({("CLUSTER", "SLOTS"): SLOTS, ("CLUSTER", "INFO"): b"cluster_state:fail\r\n"})
    assert found.source == "SLOTS"
    assert found.info == {"cluster_state": "fail"}
    assert asked == [("CLUSTER", "INFO"), ("CLUSTER", "SLOTS")]
    assert not built(found, ASKED).is_up


def test_a_large_cluster_is_asked_for_its_shards() -> None:
    found, _ = converse({("CLUSTER", "SHARDS"): SHARDS, ("CLUSTER", "INFO"): b"cluster_known_nodes:100\r\n"})
    assert found.source == "SHARDS"


def test_what_is_forbidden_is_asked_otherwise() -> None:
    found, asked = converse({("CLUSTER", "NODES"): NODES})
    assert found.source == "NODES"
    assert asked[1:] == [("CLUSTER", "SLOTS"), ("CLUSTER", "SHARDS"), ("CLUSTER", "NODES")]


def test_a_server_without_a_cluster_says_so() -> None:
    disabled = ResponseError("ERR This instance has cluster support disabled")
    with pytest.raises(ResponseError, match="cluster support disabled"):
        converse({("CLUSTER", "SLOTS"): disabled})


def test_a_lost_connection_ends_the_conversation() -> None:
    lost = RedisConnectionError("lost")
    lost.phase = "written"
    with pytest.raises(RedisConnectionError, match="lost"):
        converse({("CLUSTER", "SLOTS"): lost})
