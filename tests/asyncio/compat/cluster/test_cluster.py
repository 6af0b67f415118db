"""A client of a cluster: what goes where, and what comes of it."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from multiplexer.compat.asyncio.client import Redis
from multiplexer.compat.asyncio.cluster import (
    ClusterNode,
    LoadBalancingStrategy,
    RedisCluster,
    get_node_name,
)
from multiplexer.compat.asyncio.connection import (
    BlockingClusterConnectionPool,
    BlockingConnectionPool,
    ClusterConnectionPool,
    Connection,
    ConnectionPool,
)
from multiplexer.compat.exceptions import (
    CrossSlotTransactionError,
    DataError,
    MaxConnectionsError,
    RedisClusterException,
    ResponseError,
    WatchError,
)
from multiplexer.embedded import free_port
from multiplexer.errors import ConfigurationError, RedisConnectionError
from multiplexer.retry import NoBackoff
from tests.asyncio._world import WORLD, gather, spawn, until
from tests.servers import RealCluster

KEYS = [f"key:{number}" for number in range(30)]
PER_NODE = pytest.mark.parametrize("per_node", [False, True], ids=["cluster-wide", "per-node"])


def values_of(cluster: RealCluster, command: str, only: ClusterNode | None = None) -> int:
    """Return how often the nodes have run a command, or one of them."""
    nodes = [node for node in cluster.nodes if only is None or node.address == only.name]
    lines = [line for node in nodes for line in node.command("INFO", "COMMANDSTATS").decode().splitlines()]
    found = [line for line in lines if line.lower().startswith(f"cmdstat_{command.lower()}:")]
    return sum(int(line.split("calls=")[1].split(",")[0]) for line in found)


async def test_keys_of_all_nodes(client: RedisCluster, cluster: RealCluster) -> None:
    for number, key in enumerate(KEYS):
        assert await client.set(key, number) is True
    for number, key in enumerate(KEYS):
        assert cluster.owner(key).command("GET", key) == str(number).encode()
        assert await client.get(key) == str(number).encode()
    assert await client.dbsize() == 30
    assert sorted(await client.keys()) == sorted(key.encode() for key in KEYS)
    assert sorted([key async for key in client.scan_iter("key:*", count=3)]) == sorted(key.encode() for key in KEYS)
    cursors, keys = await client.scan(count=100)
    assert cursors == {node.name: 0 for node in client.get_primaries()}
    assert len(keys) == 30
    assert await client.delete(*KEYS[:7]) == 7
    assert await client.exists(*KEYS) == 23
    assert await client.touch(*KEYS) == 23
    assert await client.unlink(*KEYS[:10]) == 3
    assert await client.flushall() == {node.name: True for node in client.get_primaries()}
    assert await client.dbsize() == 0


async def test_several_slots(client: RedisCluster) -> None:
    assert await client.mset_nonatomic({"a": 1, "b": 2, "{a}c": 3}) == [True, True]
    assert await client.mget_nonatomic("a", "b", "none", "{a}c", "a") == [b"1", b"2", None, b"3", b"1"]
    assert await client.mget("a", "{a}c") == [b"1", b"3"]
    for call in (
        lambda: client.mget("a", "b"),
        lambda: client.mset({"a": 1, "b": 2}),
        lambda: client.rename("a", "b"),
        lambda: client.execute_command("DEL", "a", "b"),
        lambda: client.eval("return 1", 2, "a", "b"),
    ):
        with pytest.raises(RedisClusterException, match="all keys must map to the same key slot"):
            await call()


async def test_target_nodes(client: RedisCluster, cluster: RealCluster) -> None:
    replicas = [node.name for node in client.get_replicas()]
    assert await client.ping() is True
    assert await client.ping(target_nodes=RedisCluster.ALL_NODES) is True
    assert list(await client.time(target_nodes=RedisCluster.REPLICAS)) == replicas
    one = client.get_primaries()[1]
    for nodes in (one, [one], (one,), {one.name: one}):
        assert await client.at(nodes).cluster_myid() == await client.cluster_myid(one)
    assert isinstance(await client.time(target_nodes="random"), tuple)
    assert await client.config_set("maxmemory", 0, target_nodes="primaries") is True
    assert set(await client.config_get("maxmemory", target_nodes="all")) == {node.name for node in client.get_nodes()}
    assert await client.at(one).dbsize() == 0
    # Results have redis-py's form, whatever the command is sent to.
    assert await client.at(one).command_getkeys("GET", "k") == ["k"]
    assert type(await client.at(one).cluster_links()) is list
    assert await client.keys(target_nodes="all") == []
    assert await client.dbsize(target_nodes=None) == 0
    with pytest.raises(TypeError, match="target_nodes"):
        await client.ping(target_nodes="nonsense")


async def test_target_nodes_by_position(client: RedisCluster, cluster: RealCluster) -> None:
    """As in redis-py they may come after the command's own arguments, or before them."""
    for node in client.get_nodes():
        name = await client.cluster_myid(node)
        assert (await client.cluster_nodes(node))[node.name]["flags"].startswith("myself")
        assert (await client.cluster_info(node))["cluster_state"] == "ok"
        assert await client.cluster_save_config(node) is True
        assert len(await client.cluster_shards(node)) == 3
        assert (await client.cluster_nodes(target_nodes=node))[node.name]["node_id"] == name
        meetings = values_of(cluster, "cluster|meet", node)
        with pytest.raises(ResponseError, match="Invalid node address"):
            await client.cluster_meet("nonsense", 1, node)
        assert values_of(cluster, "cluster|meet", node) == meetings + 1
    primaries = client.get_primaries()
    replicas = await client.cluster_replicas(await client.cluster_myid(primaries[0]), primaries[1])
    assert len(replicas) == 1


async def test_nodes_that_were_found_are_asked_first_too(cluster: RealCluster, options: dict[str, Any]) -> None:
    for dynamic in (True, False):
        async with RedisCluster(**options, dynamic_startup_nodes=dynamic) as client:
            everybody = {node.name for node in client.get_nodes()}
            named = {cluster.nodes[0].address}
            assert set(client.nodes_manager.startup_nodes) == (everybody if dynamic else named)
            assert named < everybody


async def test_reading_from_nodes_by_position(own: RedisCluster) -> None:
    assert await own.readonly("all") == {node.name: True for node in own.get_nodes()}
    assert await own.readwrite("all") == {node.name: True for node in own.get_nodes()}


async def test_another_default_node(client: RedisCluster) -> None:
    before = client.get_default_node()
    client.replace_default_node()
    after = client.get_default_node()
    assert after in client.get_primaries()
    assert after != before
    client.replace_default_node(before)
    assert client.get_default_node() == before


async def test_a_node_s_client_that_keeps_to_one_connection(own: RedisCluster) -> None:
    """What goes to the node takes it, too, and it is not given to others."""
    node = own.get_primaries()[0]
    alone = own.get_redis_connection(node)
    kept = await alone.connection_pool.get_connection()
    alone.connection = kept
    names = await own.client_setname("kept", target_nodes=node)
    assert names is True
    for _ in range(3):
        assert await own.client_getname(target_nodes=node) == "kept"
    pipe = own.pipeline()
    pipe.client_getname(target_nodes=node)
    assert await pipe.execute() == ["kept"]
    alone.connection = None
    assert await own.client_getname(target_nodes=node) is None
    await alone.connection_pool.release(kept)
    # One that is lost is not kept: the node may be another by now.
    alone.connection = Connection(host=node.host, port=free_port())
    with pytest.raises(RedisConnectionError):
        await own.client_id(target_nodes=node)
    assert own.get_redis_connection(node) is not alone
    assert await own.client_id(target_nodes=node) > 0


async def test_replies_that_servers_hold_back(options: dict[str, Any]) -> None:
    """A socket's timeout does not cut short what blocks by itself."""
    async with RedisCluster(**options, socket_timeout=0.3) as client:
        assert await client.blpop("none", timeout=0.6) is None


async def test_connections_do_not_try_again_by_themselves(own: RedisCluster) -> None:
    for node in own.get_nodes():
        retry = own.get_redis_connection(node).get_retry()
        assert retry is not None
        assert retry.get_retries() == 0
    before = own.get_redis_connection(own.get_nodes()[0]).get_retry()
    own.set_retry(type(own.retry)(NoBackoff(), 7))
    assert own.get_retry().get_retries() == 7
    assert own.get_redis_connection(own.get_nodes()[0]).get_retry() is before


async def test_connections_of_a_node(options: dict[str, Any]) -> None:
    async with RedisCluster(**options, max_connections=2) as client:
        node = client.get_primaries()[0]
        assert [each.max_connections for each in client.get_nodes()] == [2] * len(client.get_nodes())
        if WORLD == "asyncio":
            taken: Any = [node.acquire_connection(), node.acquire_connection()]
            assert [connection.port for connection in taken] == [node.port] * 2
            with pytest.raises(MaxConnectionsError):
                node.acquire_connection()
            for connection in taken:
                node.release(connection)
        assert await node.execute_command("PING") is True
    with pytest.raises(RedisClusterException, match="no node of a client"):
        await ClusterNode("127.0.0.1", 1).execute_command("PING")


async def test_pools_by_redis_py_s_names(options: dict[str, Any]) -> None:
    pools = {ConnectionPool: ClusterConnectionPool, BlockingConnectionPool: BlockingClusterConnectionPool}
    for given, made in pools.items():
        async with RedisCluster(**options, connection_pool_class=given) as client:
            assert type(client.connection_pool) is made
            assert await client.ping() is True
    async with RedisCluster(**options, connection_pool_class=BlockingConnectionPool, timeout=3) as client:
        assert client.connection_pool.timeout == 3
        for node in (*client.nodes_manager.startup_nodes.values(), *client.get_nodes()):
            assert client.get_redis_connection(node).connection_pool.timeout == 3
        assert client.cluster_response_callbacks["copy"] is client.cluster_response_callbacks["COPY"]


async def test_startup_nodes_may_say_how_many_connections(options: dict[str, Any]) -> None:
    nodes = [ClusterNode(options["host"], options["port"], max_connections=1)]
    async with RedisCluster(startup_nodes=nodes, protocol=options["protocol"]) as client:
        node = client.get_primaries()[0]
        alone = client.get_redis_connection(node).connection_pool
        taken = await alone.get_connection()
        with pytest.raises(MaxConnectionsError):
            await alone.get_connection()
        await alone.release(taken)
    async with RedisCluster(startup_nodes=nodes, protocol=options["protocol"], max_connections=7) as client:
        assert client.connection_pool.max_connections == 7


async def test_commands_without_keys(client: RedisCluster, cluster: RealCluster) -> None:
    before = values_of(cluster, "script|load")
    sha = await client.script_load("return 'x'")
    assert len(sha) == 40
    assert values_of(cluster, "script|load") == before + 3
    assert await client.script_exists(sha, "0" * 40) == [True, False]
    assert await client.evalsha(sha, 0) == b"x"
    assert await client.script_flush() is True
    assert await client.script_exists(sha) == [False]
    assert await client.publish("channel", "message") == 0
    assert await client.spublish("channel", "message") == 0
    assert await client.pubsub_numsub("a", "b") == [(b"a", 0), (b"b", 0)]
    assert (await client.cluster_info())["cluster_state"] == "ok"
    assert len(await client.cluster_nodes()) == 6
    assert await client.cluster_countkeysinslot(7) == 0
    assert await client.cluster_keyslot("foo") == client.keyslot("foo") == 12182
    assert (await client.info("cluster"))["cluster_enabled"] == 1
    assert await client.memory_doctor()
    for words in (("GET",), ("NOSUCH", "x"), ("REPLICAOF", "NO", "ONE")):
        with pytest.raises(RedisClusterException, match="No way to dispatch"):
            await client.execute_command(*words)
    for call in (client.swapdb, client.replicaof, client.slaveof, client.select):
        with pytest.raises(RedisClusterException, match="not supported in cluster mode"):
            await call(0, 1)


async def test_nodes(client: RedisCluster, cluster: RealCluster) -> None:
    assert {node.port for node in client.get_primaries()} == {node.port for node in cluster.nodes[:3]}
    assert {node.port for node in client.get_replicas()} == {node.port for node in cluster.nodes[3:]}
    node = client.get_node_from_key("foo")
    assert node is not None
    assert node.port == cluster.owner("foo").port
    assert node.server_type == "primary"
    assert client.get_node("127.0.0.1", node.port) == client.get_node(node_name=node.name) == node
    assert client.get_node("localhost", node.port) == node
    assert client.get_node("127.0.0.1", 1) is None
    replica = client.get_node_from_key("foo", replica=True)
    assert replica is not None
    assert replica.server_type == "replica"
    assert client.get_random_node() in client.get_nodes()
    assert client.get_random_primary_node() in client.get_primaries()
    assert client.get_default_node() in client.get_primaries()
    assert client.set_default_node(node) is True
    assert client.get_default_node() == node
    stranger = ClusterNode("127.0.0.1", 1)
    if WORLD == "asyncio":
        for nobody in (stranger, None):
            with pytest.raises(DataError, match="does not exist in the cluster"):
                client.set_default_node(nobody)
    else:
        assert client.set_default_node(stranger) is client.set_default_node(None) is False
    assert client.get_default_node() == node
    alone = client.get_redis_connection(node)
    assert isinstance(alone, Redis)
    assert await alone.set("foo", "bar") is True
    assert await client.get("foo") == b"bar"
    assert [each.port for each in client.nodes_manager.slots_cache[12182]] == [node.port, replica.port]
    assert await client.determine_slot("GET", "foo") == 12182
    assert await client.determine_slot("PING") is None
    assert get_node_name("h", 1) == "h:1"


async def test_scripts_and_locks(client: RedisCluster) -> None:
    script = client.register_script("return redis.call('INCRBY', KEYS[1], ARGV[1])")
    for key in KEYS[:6]:
        assert await script(keys=[key], args=[5]) == 5
    async with client.lock("lock", timeout=10):
        assert await client.exists("lock") == 1
        assert not await client.lock("lock", timeout=10, blocking=False).acquire()
    assert await client.exists("lock") == 0


async def test_results_are_those_of_any_client(client: RedisCluster) -> None:
    assert await client.hset("h", mapping={"a": 1}) == 1
    assert await client.hgetall("h") == {b"a": b"1"}
    assert await client.execute_command("HGETALL", "h") == {b"a": b"1"}
    client.set_response_callback("HGETALL", lambda reply, **options: "mine")
    assert await client.hgetall("h") == "mine"
    await client.zadd("z", {"a": 1.5})
    assert await client.zrange("z", 0, -1, withscores=True) == [(b"a", 1.5)]
    assert await client.blpop("none", 0.01) is None
    with pytest.raises(ResponseError, match="WRONGTYPE"):
        await client.incr("h")


# -- pipelines -------------------------------------------------------------------------------------------


async def test_the_cluster_described_word_by_word(client: RedisCluster) -> None:
    node = client.get_primaries()[0]
    slots = await client.execute_command("CLUSTER SLOTS", target_nodes=node)
    assert slots == await client.cluster_slots(node)
    assert {each["primary"] for each in slots.values()} == {(each.host, each.port) for each in client.get_primaries()}
    shards = await client.execute_command("cluster shards", target_nodes=node)
    assert sorted(place for each in shards for place in each["slots"]) == sorted(slots)
    assert all(isinstance(told, dict) and told for each in shards for told in each["nodes"])
    callbacks = client.cluster_response_callbacks
    assert callbacks["cluster slots"] is callbacks["CLUSTER SLOTS"]
    assert callbacks["CLUSTER MYSHARDID"](b"2f4b") == "2f4b"  # which not every server has
    assert "CLUSTER SLOTS" not in Redis(host="127.0.0.1").response_callbacks


async def test_pipelines(client: RedisCluster) -> None:
    async with client.pipeline() as pipe:
        for number, key in enumerate(KEYS):
            assert pipe.set(key, number) is pipe
        pipe.get(KEYS[3]).mget("{a}1", "{a}2").delete("{a}1", "{a}2").ping()
        assert len(pipe) == 34
        assert await pipe.execute() == [True] * 30 + [b"3", [None, None], 0, True]
        assert await pipe.execute() == []
    assert await client.dbsize() == 30


async def test_many_begin_with_a_pipeline(options: dict[str, Any]) -> None:
    """One of them connects what is shared; the others must not send before it is known who serves what."""
    async with RedisCluster(**options, multiplexed=True) as client:

        async def run() -> Any:
            pipe = client.pipeline()
            for key in KEYS:
                pipe.set(key, 1)
            return await pipe.execute(raise_on_error=False)

        assert await gather(*[run] * 20) == [[True] * 30] * 20


async def test_several_slots_in_a_pipeline(client: RedisCluster) -> None:
    """Each slot's keys are one command, which has a result of its own."""
    pipe = client.pipeline()
    assert pipe.mset_nonatomic({"a": 1, "b": 2, "{a}c": 3}) is pipe
    assert await pipe.get("{a}c").get("b").execute() == [True, True, b"3", b"2"]


async def test_errors_in_pipelines(client: RedisCluster) -> None:
    pipe = client.pipeline()
    pipe.set("a", "x").incr("a").set("b", 1)
    results = await pipe.execute(raise_on_error=False)
    assert (results[0], results[2]) == (True, True)
    assert isinstance(results[1], ResponseError)
    pipe.set("a", "x").incr("a").set("b", 2)
    with pytest.raises(ResponseError, match=r"Command # 2 \(INCRBY a 1\) of pipeline caused error: "):
        await pipe.execute()
    assert await client.get("b") == b"2"
    pipe.keys()
    with pytest.raises(RedisClusterException, match="several nodes"):
        await pipe.execute()
    # Keys in several slots are refused at once, and nothing is collected.
    for refuse in (
        partial(pipe.mget, "a", "b"),
        partial(pipe.rename, "a", "b"),
        partial(pipe.execute_command, "DEL", "a", "b"),
    ):
        with pytest.raises(RedisClusterException, match="same key slot"):
            refuse()
    assert await pipe.execute() == []
    for refused in (pipe.multi, pipe.unwatch, pipe.discard, partial(pipe.watch, "a")):
        with pytest.raises(RedisClusterException, match=r"^method \w+\(\) is not supported .*transaction=True"):
            refused()
    for refused in (pipe.load_scripts, partial(pipe.script_load_for_pipeline, None)):
        with pytest.raises(RedisClusterException, match=r"by itself|by themselves"):
            refused()
    with pytest.raises(RedisClusterException, match="pipeline"):
        pipe.mget_nonatomic("a", "b")
    with pytest.raises(RedisClusterException, match="shard_hint is deprecated in cluster mode"):
        client.pipeline(shard_hint="a")


async def test_keys_counted_in_a_pipeline(client: RedisCluster) -> None:
    """As in redis-py: in asyncio one command for each slot, for threads keys of one slot."""
    await client.mset_nonatomic({"a": 1, "b": 2, "{a}c": 3})
    pipe = client.pipeline()
    if WORLD == "asyncio":
        pipe.exists("a", "b", "{a}c").touch("a", "b").unlink("{a}c").delete("a", "b", "none")
        assert await pipe.execute() == [2, 1, 1, 1, 1, 1, 1, 0]
    else:
        for add in (pipe.exists, pipe.touch, pipe.unlink, pipe.delete):
            with pytest.raises(RedisClusterException, match="same key slot"):
                add("a", "b")
        assert await pipe.exists("a", "{a}c").touch("a").unlink("b").delete("a", "{a}c").execute() == [2, 1, 1, 2]
    pipe.delete()
    with pytest.raises(RedisClusterException, match="Missing key"):
        await pipe.execute()


async def test_pipelines_with_few_connections(options: dict[str, Any]) -> None:
    """A pipeline for three nodes works with a single connection, and two of them do not wait for each other."""
    limits = {"max_connections": 1, "max_connections_per_node": False}
    async with RedisCluster(**options, **limits, connection_pool_cls=BlockingClusterConnectionPool) as client:

        async def run() -> list[Any]:
            pipe = client.pipeline()
            for key in KEYS:
                pipe.set(key, 1)
            results: list[Any] = await pipe.execute()
            return results

        assert await gather(*[run] * 5) == [[True] * 30] * 5
        assert client.connection_pool.created_connections == 1


async def test_scripts_in_pipelines(client: RedisCluster) -> None:
    script = client.register_script("return KEYS[1]")
    pipe = client.pipeline()
    for key in KEYS[:5]:
        await script(keys=[key], client=pipe)
    assert await pipe.execute() == [key.encode() for key in KEYS[:5]]


# -- transactions ----------------------------------------------------------------------------------------


async def test_transactions(client: RedisCluster) -> None:
    async with client.pipeline(transaction=True) as pipe:
        pipe.set("{a}1", 1).get("{a}1").incr("{a}2")
        assert await pipe.execute() == [True, b"1", 1]
        pipe.set("b", 1)  # another slot, in another transaction
        assert await pipe.execute() == [True]
        pipe.set("a", 2).set("b", 2).get("c")  # which may stand in a chain: it is told when they are to be run
        with pytest.raises(CrossSlotTransactionError, match="must map to the same slot: SET is for slot 3300,"):
            await pipe.execute()
        assert await client.get("a") is None
        assert await pipe.get("b").execute() == [b"1"]  # nothing is left of it
        with pytest.raises(CrossSlotTransactionError):
            pipe.mget("a", "b")


async def test_a_transaction_that_is_given_up(client: RedisCluster) -> None:
    async with client.pipeline(transaction=True) as pipe:
        await pipe.watch("{a}1")
        assert await pipe.get("{a}1") is None
        pipe.multi()
        pipe.set("{a}1", 1)
        await pipe.discard()
        assert (len(pipe), pipe.watching) == (0, False)
        assert await pipe.set("b", 1).execute() == [True]
    assert await client.exists("{a}1") == 0


async def test_scripts_in_transactions(client: RedisCluster) -> None:
    script = client.register_script("return redis.call('INCRBY', KEYS[1], ARGV[1])")
    async with client.pipeline(transaction=True) as pipe:
        await script(keys=["a"], args=[2], client=pipe)
        pipe.get("a")
        assert await pipe.execute() == [2, b"2"]


async def test_watch(client: RedisCluster, own: RedisCluster) -> None:
    async with client.pipeline(True) as pipe:
        await pipe.watch("{a}1")
        assert await pipe.get("{a}1") is None
        pipe.multi()
        pipe.set("{a}1", "mine")
        await own.set("{a}1", "theirs")
        with pytest.raises(WatchError):
            await pipe.execute()
        await pipe.watch("{a}1")
        with pytest.raises(CrossSlotTransactionError):
            await pipe.get("b")
    assert await client.get("{a}1") == b"theirs"

    async def move(pipe: Any) -> None:
        value = await pipe.get("{a}1")
        pipe.multi()
        pipe.set("{a}2", value)

    assert await client.transaction(move, "{a}1") == [True]
    assert await client.get("{a}2") == b"theirs"


# -- pools -----------------------------------------------------------------------------------------------


@PER_NODE
async def test_ten_calls_on_a_pool_of_two(cluster: RealCluster, options: dict[str, Any], per_node: bool) -> None:
    limits = {"max_connections": 2, "max_connections_per_node": per_node}
    async with RedisCluster(**options, **limits) as client:
        assert isinstance(client.connection_pool, ClusterConnectionPool)

        refused: list[MaxConnectionsError] = []

        async def call() -> Any:
            try:
                return (await client.blpop("fubar", 10))[1]
            except MaxConnectionsError as error:
                refused.append(error)
                return b""

        calls = [spawn(call) for _ in range(10)]
        await until(lambda: len(refused) == 8)  # the other two have a connection and wait for an element
        cluster.owner("fubar").command("RPUSH", "fubar", 1, 2)
        assert sorted([await each.result() for each in calls]) == [b""] * 8 + [b"1", b"2"]
    async with RedisCluster(**options, **limits, connection_pool_cls=BlockingClusterConnectionPool) as client:
        await client.set("fubar", 1)
        assert await gather(*[partial(client.get, "fubar")] * 10) == [b"1"] * 10
        assert client.connection_pool.created_connections <= 2


async def test_a_pool_of_one_s_own(options: dict[str, Any]) -> None:
    async with ClusterConnectionPool(**options, decode_responses=True) as pool:
        async with RedisCluster(connection_pool=pool) as client, RedisCluster(connection_pool=pool) as other:
            assert await client.set("a", "b") is True
            assert await other.get("a") == "b"
        assert pool.created_connections == 1
        assert len(pool._available_connections) == 1


async def test_reads_from_replicas(cluster: RealCluster, options: dict[str, Any]) -> None:
    replica = cluster.replicas_of(cluster.owner("foo"))[0]

    async def replicated(client: RedisCluster) -> bool:
        return bool(await client.get("foo") == b"bar")

    for how in (
        {"read_from_replicas": True},
        {"readonly": True},
        {"load_balancing_strategy": LoadBalancingStrategy.RANDOM_REPLICA},
        {"load_balancing_strategy": LoadBalancingStrategy.ROUND_ROBIN_REPLICAS},
        {"load_balancing_strategy": LoadBalancingStrategy.RANDOM},
        {"load_balancing_strategy": LoadBalancingStrategy.ROUND_ROBIN, "multiplexed": True},
        {"load_balancing_strategy": LoadBalancingStrategy.RANDOM_REPLICA, "multiplexed": True},
        {},  # told later
        {"multiplexed": True},
    ):
        for node in cluster.nodes:
            node.command("CONFIG", "RESETSTAT")
        async with RedisCluster(**options, **how) as client:
            await client.set("foo", "bar")
            strategy = client.load_balancing_strategy
            client.read_from_replicas = True
            assert client.load_balancing_strategy is (strategy or LoadBalancingStrategy.ROUND_ROBIN)

            async def served(client: RedisCluster = client) -> bool:
                """Whether the replica has, once it is connected."""
                await client.get("foo")
                return b"cmdstat_get:" in replica.command("INFO", "COMMANDSTATS")

            await until(served)
            await until(partial(replicated, client))
            assert client.reinitialize_counter == 0
            client.read_from_replicas = False
            assert client.load_balancing_strategy is None


# -- subscriptions ---------------------------------------------------------------------------------------


async def test_pubsub(client: RedisCluster) -> None:
    pubsub = client.pubsub()
    await pubsub.subscribe("channel")
    assert (await pubsub.get_message(timeout=5))["type"] == "subscribe"
    assert pubsub.get_pubsub_node() == client.get_node_from_key("channel")
    await client.publish("channel", "message")
    message = await pubsub.get_message(timeout=5)
    assert (message["type"], message["data"]) == ("message", b"message")
    await pubsub.aclose()
    node = client.get_primaries()[2]
    pubsub = client.pubsub(node=node)
    await pubsub.psubscribe("c*")
    assert pubsub.connection.node == node.endpoint
    await pubsub.aclose()
    with pytest.raises(DataError, match="port"):
        client.pubsub(host="h")
    with pytest.raises(RedisClusterException, match="doesn't exist"):
        client.pubsub(host="127.0.0.1", port=1)


async def test_what_subscriptions_of_a_node_are_sent_over(client: RedisCluster) -> None:
    node = client.get_primaries()[0]
    async with client.pubsub(node=node) as pubsub:
        if True:  # ASYNC
            assert pubsub.get_redis_connection() is None
        await pubsub.subscribe("news")
        connection: Any = pubsub.get_redis_connection()
        if True:  # ASYNC
            assert connection is pubsub.connection
            assert connection is not None
        else:
            assert connection is client.get_redis_connection(node)


async def test_shard_channels(client: RedisCluster) -> None:
    handled: list[Any] = []
    async with client.pubsub() as pubsub:
        await pubsub.ssubscribe("s1", "s2", "s3", s4=handled.append)
        names = set()
        for _ in range(4):
            message = await pubsub.get_sharded_message(timeout=5)
            assert message is not None
            assert message["type"] == "ssubscribe"
            names.add(message["channel"])
        assert names == {b"s1", b"s2", b"s3", b"s4"}
        assert len(pubsub.node_pubsub_mapping) > 1
        assert pubsub.subscribed
        for channel in ("s1", "s2", "s3"):
            assert await client.spublish(channel, channel) == 1
            message = await pubsub.get_sharded_message(timeout=5)
            assert message is not None
            assert (message["type"], message["data"]) == ("smessage", channel.encode())
        await client.spublish("s4", "x")
        await pubsub.get_sharded_message(timeout=0.2)
        assert [message["data"] for message in handled] == [b"x"]
        await pubsub.sunsubscribe("s1")
        message = await pubsub.get_sharded_message(timeout=5)
        assert message is not None
        assert (message["type"], message["channel"]) == ("sunsubscribe", b"s1")
        await pubsub.sunsubscribe()
        for _ in range(3):
            await pubsub.get_sharded_message(timeout=5)
        assert not pubsub.shard_channels
        assert not pubsub.subscribed


async def test_monitor(client: RedisCluster, own: RedisCluster) -> None:
    node = own.get_node_from_key("foo")
    async with client.monitor(node) as monitor:
        await own.set("foo", "seen")
        while "seen" not in (await monitor.next_command())["command"]:
            pass


# -- arguments -------------------------------------------------------------------------------------------


async def test_from_url(cluster: RealCluster, options: dict[str, Any]) -> None:
    url = f"redis://{cluster.nodes[1].address}?decode_responses=true"
    async with RedisCluster.from_url(url, protocol=options["protocol"]) as client:
        assert await client.set("a", "b") is True
        assert await client.get("a") == "b"
        assert client.get_connection_kwargs()["decode_responses"] is True
    async with RedisCluster(
        startup_nodes=[ClusterNode("127.0.0.1", 1), ClusterNode("127.0.0.1", options["port"])]
    ) as it:
        assert await it.ping() is True


def test_arguments_that_cannot_be() -> None:
    for arguments, error, message in (
        ({}, RedisClusterException, "at least one node"),
        ({"host": "h", "db": 1}, RedisClusterException, "'db'"),
        ({"host": "h", "unix_socket_path": "/p"}, RedisClusterException, "'unix_socket_path'"),
        ({"host": "h", "nonsense": 1}, TypeError, "'nonsense'"),
        ({"host": "h", "cache": object()}, ConfigurationError, "cache"),
        ({"host": "h", "load_balancing_strategy": "x"}, ConfigurationError, "load_balancing_strategy"),
        ({"url": "http://h"}, ConfigurationError, "scheme"),
        ({"multiplexer": object(), "multiplexed": True}, DataError, "'multiplexer'"),
    ):
        with pytest.raises(error, match=message):
            RedisCluster(**arguments)


async def test_nobody_answers() -> None:
    with pytest.raises(RedisClusterException, match="cannot be connected"):
        async with RedisCluster("127.0.0.1", 1):
            raise AssertionError(WORLD)
