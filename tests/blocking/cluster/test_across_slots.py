# Generated from tests/asyncio/cluster/test_across_slots.py by scripts/generate_blocking.py; change that file instead.
"""Commands that are split up by slots, and commands for all servers."""

from __future__ import annotations

from typing import Any

import pytest

from multiplexer.blocking import ConnectionMultiplexer, Database
from multiplexer.codecs import JsonCodec
from multiplexer.errors import AcrossSlotsError, CommandDisabledError, DataError, DecodeError
from tests.blocking._world import until
from tests.blocking.cluster.conftest import Connect
from tests.conftest import Target
from tests.servers import RealCluster, RealServer

KEYS = [f"key:{number}" for number in range(60)]


@pytest.fixture(params=["cluster", "standalone"])
def where(request: pytest.FixtureRequest, target: Target) -> str:
    """A cluster, or a single server, where the same calls do the same."""
    server: Any = request.getfixturevalue("cluster" if request.param == "cluster" else "server")
    return str(server.nodes[0].address) if request.param == "cluster" else f"{server.host}:{server.port}"


def test_keys_of_any_slots(connect: Connect, where: str) -> None:
    mux = connect(where)
    across = mux.get_database().across_slots()
    assert across.mset({key: key for key in KEYS})
    assert across.mget(KEYS) == [key.encode() for key in KEYS]
    assert across.mget("key:1", "none", "key:2", "key:1") == [b"key:1", None, b"key:2", b"key:1"]
    assert across.exists(*KEYS, "none", "key:1") == 61
    assert across.touch("key:1", "key:2", "none") == 2
    assert across.delete("key:1", "key:2", "none") == 2
    assert across.unlink(*KEYS) == 58
    text = mux.get_database(decode=True).across_slots()
    text.mset({"a": 1, "b": 2})
    assert text.mget("b", "a") == ["2", "1"]


def test_all_servers(connect: Connect, where: str) -> None:
    mux = connect(where, allow_admin=True)
    db = mux.get_database()
    across = db.across_slots()
    across.mset({key: key for key in KEYS})
    assert across.dbsize() == 60
    assert sorted(across.keys("key:1*")) == sorted(key.encode() for key in KEYS if key.startswith("key:1"))
    assert {key for key in across.scan_iter(count=5)} == {key.encode() for key in KEYS}
    digest = across.script_load("return KEYS[1]")
    assert db.evalsha(digest, 1, "a") == b"a"
    assert db.evalsha(digest, 1, "b") == b"b"
    assert across.flushdb()
    assert across.dbsize() == 0
    db.set("k", "v")
    assert across.flushall(asynchronous=True)
    assert across.dbsize() == 0


def test_a_codec(connect: Connect, where: str) -> None:
    mux = connect(where)
    pages = mux.get_database(codec=JsonCodec(dict[str, str]))
    across = pages.across_slots()
    values = {key: {"key": key} for key in KEYS}
    assert across.mset(values)
    assert across.mget([*KEYS, "none"]) == [*values.values(), None]
    batch = pages.batch()
    got = [batch.get(key) for key in KEYS]
    assert batch.execute() == list(values.values())
    assert [each.result() for each in got] == list(values.values())
    mux.get_database().set("key:1", b"no value")
    assert pages.get("key:2") == {"key": "key:2"}
    for key in ("key:1", "key:2"):
        batch.get(key)
    failed, found = batch.execute(raise_on_error=False)
    assert (type(failed), found) == (DecodeError, {"key": "key:2"})
    with pytest.raises(AcrossSlotsError) as raised:
        across.mget("key:1", "key:2")
    assert {type(error) for error in raised.value.errors.values()} == {DecodeError}


def test_a_prefix(connect: Connect, where: str) -> None:
    mux = connect(where)
    db = mux.get_database().with_options(key_prefix="p:")
    across = db.across_slots()
    across.mset({"a": 1, "b": 2})
    assert across.mget("b", "a") == [b"2", b"1"]
    assert mux.get_database().get("p:a") == b"1"
    assert {key for key in across.scan_iter()} == {b"a", b"b"}


def test_errors_say_which_key_failed(db: Database[bytes], cluster: RealCluster) -> None:
    across = db.across_slots()
    db.set("a", 1)
    victim = cluster.owner("b")
    victim.command("CONFIG", "SET", "maxmemory", 1)
    try:
        with pytest.raises(AcrossSlotsError, match=r"MSET failed for b'b'.*OOM") as caught:
            across.mset({"a": 2, "b": 3})
    finally:
        victim.command("CONFIG", "SET", "maxmemory", 0)
    assert set(caught.value.errors) == {b"b"}
    assert db.get("a") == b"2", "the other part was done"


def test_errors_say_which_server_failed(mux: ConnectionMultiplexer, cluster: RealCluster) -> None:
    with pytest.raises(AcrossSlotsError, match=r"SCRIPT LOAD failed for '127.0.0.1:\d+'") as caught:
        mux.get_database().across_slots().script_load("this is no script")
    assert set(caught.value.errors) == {node.address for node in cluster.nodes[:3]}


def test_what_is_refused_before_anything_is_sent(db: Database[bytes]) -> None:
    across = db.across_slots()
    with pytest.raises(DataError):
        across.mget([])
    with pytest.raises(DataError):
        across.mset({})
    with pytest.raises(DataError):
        across.delete()
    with pytest.raises(CommandDisabledError, match="allowAdmin"):
        across.flushall()


def test_what_is_published_reaches_every_server(
    connect: Connect, mux: ConnectionMultiplexer, cluster: RealCluster
) -> None:
    others = [connect(node.address) for node in cluster.nodes[:3]]
    subscriptions = [other.get_subscriber().subscribe("news") for other in others]
    mux.get_database().across_slots().publish("news", "hello")
    for subscription in subscriptions:
        assert subscription.get(5).data == b"hello"


def test_a_subscription_outlives_its_server(connect: Connect, own_cluster: RealCluster) -> None:
    mux = connect(own_cluster.seeds)
    subscriber = mux.get_subscriber()
    subscription = subscriber.subscribe("news")
    address = subscriber.subscribed_endpoint
    assert address is not None
    own_cluster.node(address).kill()
    until(lambda: subscriber.subscribed_endpoint not in (None, address))
    other = next(node for node in own_cluster.running() if node.is_primary)
    other.command("PUBLISH", "news", "still here")
    assert subscription.get(5).data == b"still here"


def test_on_a_single_server_nothing_is_split(connect: Connect, own_server: RealServer) -> None:
    mux = connect(f"{own_server.host}:{own_server.port}")
    own_server.command("CONFIG", "RESETSTAT")
    mux.get_database().across_slots().mget(KEYS)
    assert own_server.info("commandstats")["cmdstat_mget"].startswith("calls=1,")
