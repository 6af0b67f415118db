"""Commands that are split up by slots, and commands for all servers."""

from __future__ import annotations

from typing import Any

import pytest

from multiplexer.asyncio import ConnectionMultiplexer, Database
from multiplexer.codecs import JsonCodec
from multiplexer.errors import AcrossSlotsError, CommandDisabledError, DataError, DecodeError
from tests.asyncio._world import until
from tests.asyncio.cluster.conftest import Connect
from tests.conftest import Target
from tests.servers import RealCluster, RealServer

KEYS = [f"key:{number}" for number in range(60)]


@pytest.fixture(params=["cluster", "standalone"])
def where(request: pytest.FixtureRequest, target: Target) -> str:
    """A cluster, or a single server, where the same calls do the same."""
    server: Any = request.getfixturevalue("cluster" if request.param == "cluster" else "server")
    return str(server.nodes[0].address) if request.param == "cluster" else f"{server.host}:{server.port}"


async def test_keys_of_any_slots(connect: Connect, where: str) -> None:
    mux = await connect(where)
    across = mux.get_database().across_slots()
    assert await across.mset({key: key for key in KEYS})
    assert await across.mget(KEYS) == [key.encode() for key in KEYS]
    assert await across.mget("key:1", "none", "key:2", "key:1") == [b"key:1", None, b"key:2", b"key:1"]
    assert await across.exists(*KEYS, "none", "key:1") == 61
    assert await across.touch("key:1", "key:2", "none") == 2
    assert await across.delete("key:1", "key:2", "none") == 2
    assert await across.unlink(*KEYS) == 58
    text = mux.get_database(decode=True).across_slots()
    await text.mset({"a": 1, "b": 2})
    assert await text.mget("b", "a") == ["2", "1"]


async def test_all_servers(connect: Connect, where: str) -> None:
    mux = await connect(where, allow_admin=True)
    db = mux.get_database()
    across = db.across_slots()
    await across.mset({key: key for key in KEYS})
    assert await across.dbsize() == 60
    assert sorted(await across.keys("key:1*")) == sorted(key.encode() for key in KEYS if key.startswith("key:1"))
    assert {key async for key in across.scan_iter(count=5)} == {key.encode() for key in KEYS}
    digest = await across.script_load("return KEYS[1]")
    assert await db.evalsha(digest, 1, "a") == b"a"
    assert await db.evalsha(digest, 1, "b") == b"b"
    assert await across.flushdb()
    assert await across.dbsize() == 0
    await db.set("k", "v")
    assert await across.flushall(asynchronous=True)
    assert await across.dbsize() == 0


async def test_a_codec(connect: Connect, where: str) -> None:
    mux = await connect(where)
    pages = mux.get_database(codec=JsonCodec(dict[str, str]))
    across = pages.across_slots()
    values = {key: {"key": key} for key in KEYS}
    assert await across.mset(values)
    assert await across.mget([*KEYS, "none"]) == [*values.values(), None]
    batch = pages.batch()
    got = [batch.get(key) for key in KEYS]
    assert await batch.execute() == list(values.values())
    assert [each.result() for each in got] == list(values.values())
    await mux.get_database().set("key:1", b"no value")
    assert await pages.get("key:2") == {"key": "key:2"}
    for key in ("key:1", "key:2"):
        batch.get(key)
    failed, found = await batch.execute(raise_on_error=False)
    assert (type(failed), found) == (DecodeError, {"key": "key:2"})
    with pytest.raises(AcrossSlotsError) as raised:
        await across.mget("key:1", "key:2")
    assert {type(error) for error in raised.value.errors.values()} == {DecodeError}


async def test_a_prefix(connect: Connect, where: str) -> None:
    mux = await connect(where)
    db = mux.get_database().with_options(key_prefix="p:")
    across = db.across_slots()
    await across.mset({"a": 1, "b": 2})
    assert await across.mget("b", "a") == [b"2", b"1"]
    assert await mux.get_database().get("p:a") == b"1"
    assert {key async for key in across.scan_iter()} == {b"a", b"b"}


async def test_errors_say_which_key_failed(db: Database[bytes], cluster: RealCluster) -> None:
    across = db.across_slots()
    await db.set("a", 1)
    victim = cluster.owner("b")
    victim.command("CONFIG", "SET", "maxmemory", 1)
    try:
        with pytest.raises(AcrossSlotsError, match=r"MSET failed for b'b'.*OOM") as caught:
            await across.mset({"a": 2, "b": 3})
    finally:
        victim.command("CONFIG", "SET", "maxmemory", 0)
    assert set(caught.value.errors) == {b"b"}
    assert await db.get("a") == b"2", "the other part was done"


async def test_errors_say_which_server_failed(mux: ConnectionMultiplexer, cluster: RealCluster) -> None:
    with pytest.raises(AcrossSlotsError, match=r"SCRIPT LOAD failed for '127.0.0.1:\d+'") as caught:
        await mux.get_database().across_slots().script_load("this is no script")
    assert set(caught.value.errors) == {node.address for node in cluster.nodes[:3]}


async def test_what_is_refused_before_anything_is_sent(db: Database[bytes]) -> None:
    across = db.across_slots()
    with pytest.raises(DataError):
        await across.mget([])
    with pytest.raises(DataError):
        await across.mset({})
    with pytest.raises(DataError):
        await across.delete()
    with pytest.raises(CommandDisabledError, match="allowAdmin"):
        await across.flushall()


async def test_what_is_published_reaches_every_server(
    connect: Connect, mux: ConnectionMultiplexer, cluster: RealCluster
) -> None:
    others = [await connect(node.address) for node in cluster.nodes[:3]]
    subscriptions = [await other.get_subscriber().subscribe("news") for other in others]
    await mux.get_database().across_slots().publish("news", "hello")
    for subscription in subscriptions:
        assert (await subscription.get(5)).data == b"hello"


async def test_a_subscription_outlives_its_server(connect: Connect, own_cluster: RealCluster) -> None:
    mux = await connect(own_cluster.seeds)
    subscriber = mux.get_subscriber()
    subscription = await subscriber.subscribe("news")
    address = subscriber.subscribed_endpoint
    assert address is not None
    own_cluster.node(address).kill()
    await until(lambda: subscriber.subscribed_endpoint not in (None, address))
    other = next(node for node in own_cluster.running() if node.is_primary)
    other.command("PUBLISH", "news", "still here")
    assert (await subscription.get(5)).data == b"still here"


async def test_on_a_single_server_nothing_is_split(connect: Connect, own_server: RealServer) -> None:
    mux = await connect(f"{own_server.host}:{own_server.port}")
    own_server.command("CONFIG", "RESETSTAT")
    await mux.get_database().across_slots().mget(KEYS)
    assert own_server.info("commandstats")["cmdstat_mget"].startswith("calls=1,")
