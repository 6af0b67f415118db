"""The façade's client: commands, results, settings, and what becomes of it on bad days."""

from __future__ import annotations

import gc
from functools import partial
from typing import Any

import pytest

from multiplexer.asyncio import ConnectionMultiplexer
from multiplexer.compat.asyncio.client import Redis, StrictRedis
from multiplexer.compat.asyncio.connection import (
    BlockingConnectionPool,
    Connection,
    ConnectionPool,
    DefaultParser,
    PythonParser,
)
from multiplexer.compat.asyncio.utils import from_url, pipeline
from multiplexer.errors import (
    CommandDisabledError,
    ConfigurationError,
    DataError,
    RedisConnectionError,
    RedisError,
    RedisTimeoutError,
    ResponseError,
    WrongTypeError,
)
from multiplexer.retry import AsyncRetry, NoBackoff
from tests.servers import FaultProxy, RealServer

from .._world import WORLD, gather, spawn, until


async def test_methods(client: Redis) -> None:
    assert await client.set("k", "v", ex=60) is True
    assert await client.get("k") == b"v"
    assert await client.hset("h", mapping={"a": 1, "b": "x"}) == 2
    assert await client.hgetall("h") == {b"a": b"1", b"b": b"x"}
    assert await client.zadd("z", {"m": 1.5}) == 1
    assert await client.zrange("z", 0, -1, withscores=True) == [(b"m", 1.5)]
    assert await client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
    assert await client.get("none") is None
    assert await client.mget(["k", "none"]) == [b"v", None]
    assert await client.mget([]) == []
    assert await client.pipeline().get("k").mget([]).execute() == [b"v", []]
    with pytest.raises(WrongTypeError):
        await client.lpush("k", 1)


async def test_numbers_as_their_digits_and_words_as_bytes(client: Redis) -> None:
    """redis-py hands on what it is given, so programs give it what they have read somewhere."""
    given: Any = client  # which says that it wants numbers
    assert await given.set("k", "v", ex="10")
    assert await given.expire("k", "100")
    assert await given.psetex("k", b"100000", "v")
    assert 90 < await given.ttl("k") <= 100
    assert await given.eval("return KEYS[1]", "1", "k") == b"k"
    await given.rpush("l", 1, 2, 3)
    assert await given.blpop("l", "1") == (b"l", b"1")
    assert await given.lmove("l", "m", b"LEFT", b"RIGHT") == b"2"
    assert await given.lmpop("1", "l", direction=b"left") == [b"l", [b"3"]]
    with pytest.raises(DataError, match="must be an int"):
        await given.expire("k", "soon")


if True:  # ASYNC

    async def test_items(client: Redis) -> None:
        """Nothing could be awaited."""
        with pytest.raises(TypeError, match=r"await client\.get"):
            client["k"]
        with pytest.raises(TypeError, match=r"await client\.set"):
            client["k"] = "v"
        with pytest.raises(TypeError, match=r"await client\.delete"):
            del client["k"]
        with pytest.raises(TypeError, match=r"await client\.exists"):
            "k" in client  # noqa: B015  # for its error

else:

    def test_items(client: Redis) -> None:
        client["k"] = "v"
        assert client["k"] == b"v"
        assert "k" in client
        with client.pipeline() as pipe:
            pipe["n"] = 1
            assert pipe["n"] is pipe
            assert "n" in pipe
            del pipe["k"]
            assert pipe.execute() == [True, b"1", 1, 1]
        assert "k" not in client
        with pytest.raises(KeyError, match="k"):
            client["k"]
        del client["k"]  # which is no error


async def test_forms_of_results(options: dict[str, Any], multiplexed: bool) -> None:
    """Whatever the protocol, they are those of redis-py, where the multiplexer's handles have others."""
    async with Redis(**options, multiplexed=multiplexed) as client:
        await client.zadd("z", {"a": 1, "b": 2.5})
        assert await client.zdiff(["z", "none"], withscores=True) == [b"a", b"1", b"b", b"2.5"]
        cast: Any = bytes
        assert await client.zrange("z", 0, -1, withscores=True, score_cast_func=cast) == [(b"a", b"1"), (b"b", b"2.5")]
        assert (await client.zscan("z", score_cast_func=cast))[1] == [(b"a", b"1"), (b"b", b"2.5")]
        assert await client.zrange("z", 0, -1, withscores=True, score_cast_func=int) == [(b"a", 1), (b"b", 2)]
        unpaused: Any = await client.client_unpause()
        assert unpaused == b"OK"
        keys: Any = await client.command_getkeys("GET", "a")
        assert keys == ["a"]
        results = await client.pipeline().zmpop(1, ["z"], min=True).zdiff(["z", "none"], withscores=True).execute()
        assert results == [[b"z", [[b"a", b"1"]]], [b"b", b"2.5"]]


async def test_words(client: Redis) -> None:
    """What is given word by word has the result that redis-py gives it, by the command's name in any case."""
    await client.execute_command("HSET", "h", "a", 1)
    assert await client.execute_command("HGETALL", "h") == {b"a": b"1"}
    assert await client.execute_command("hgetall", "h") == {b"a": b"1"}
    assert await client.execute_command(b"HGETALL", "h") == {b"a": b"1"}
    assert await client.execute_command("CONFIG GET", "maxmemory-policy") == {"maxmemory-policy": "noeviction"}
    assert await client.execute_command("SET", "k", 1) is True
    assert await client.execute_command("SET", "k", 2, "NX") is None
    assert await client.execute_command("INCRBYFLOAT", "k", "0.5") == 1.5
    assert (await client.execute_command("INFO", "server"))["tcp_port"] > 0
    assert await client.execute_command("SADD", "s", "m") == 1
    assert await client.execute_command("SMEMBERS", "s") == {b"m"}
    await client.execute_command("ZADD", "z", 2, "m")
    assert await client.execute_command("ZRANGE", "z", 0, -1, "WITHSCORES", withscores=True) == [(b"m", 2.0)]
    with pytest.raises(ResponseError):
        await client.execute_command("NO-SUCH-COMMAND", "k")


async def test_options_of_a_call(options: dict[str, Any], multiplexed: bool) -> None:
    async with Redis(**options, decode_responses=True, multiplexed=multiplexed) as client:
        await client.set("k", "v")
        assert await client.execute_command("GET", "k", NEVER_DECODE=True) == b"v"
        assert await client.execute_command("LPUSH", "k", 1, EMPTY_RESPONSE=[]) == []
        assert await client.execute_command("GET", "k", EMPTY_RESPONSE=[]) == "v"


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
async def test_text(options: dict[str, Any], multiplexed: bool, encoding: str) -> None:
    async with Redis(**options, decode_responses=True, encoding=encoding, multiplexed=multiplexed) as client:
        await client.set("k", "grün")
        assert await client.get("k") == "grün"
        assert await client.dump("k") is not None  # which is never text
        assert await client.strlen("k") == len("grün".encode(encoding))
        async with client.pipeline() as pipe:
            assert await pipe.get("k").mget("k", "none").execute() == ["grün", ["grün", None]]
            assert (await pipe.dump("k").execute())[0].__class__ is bytes
        await client.hset("h", "ü", "ä")
        assert await client.hgetall("h") == {"ü": "ä"}


async def test_the_log_of_slow_commands_is_not_decoded(
    server: RealServer, options: dict[str, Any], multiplexed: bool
) -> None:
    """It quotes what other clients sent, which need not be text."""
    async with Redis(**options, decode_responses=True, multiplexed=multiplexed) as client:
        await client.config_set("slowlog-log-slower-than", 0)
        try:
            await client.set("k", b"\xff")
            entries = await client.slowlog_get(20)
            assert await client.execute_command("GET", "k", NEVER_DECODE=[]) == b"\xff"  # redis-py's word for yes
        finally:
            await client.config_set("slowlog-log-slower-than", 10000)
        assert b"SET k \xff" in [entry["command"] for entry in entries]


async def test_a_command_that_blocks_may_take_its_time(options: dict[str, Any], multiplexed: bool) -> None:
    """``socket_timeout`` is what it may take longer than it was told to block."""
    async with Redis(**options, socket_timeout=0.6, retry=None, multiplexed=multiplexed) as client:
        assert await client.blpop("none", timeout=0.7) is None
        assert await client.execute_command("BRPOP", "none", "0.7") is None
        if not multiplexed:
            assert await client.pipeline(transaction=False).blpop("none", 0.7).ping().execute() == [None, True]
            with pytest.raises(RedisTimeoutError):
                await client.execute_command("DEBUG", "SLEEP", 1)


async def test_the_shared_connection_is_closed_with_its_pool(options: dict[str, Any], other: Redis) -> None:
    async with ConnectionPool(**options, client_name="shared", multiplexed=True) as pool:
        client = Redis(connection_pool=pool)

        async def is_connected() -> bool:
            return any(each["name"] == "shared" for each in await other.client_list())

        async def is_gone() -> bool:
            return not await is_connected()

        await client.ping()
        await pool.disconnect(inuse_connections=False)
        assert await is_connected()
        await pool.disconnect()
        await until(is_gone)
        assert await client.ping()  # and may be used again
        assert await is_connected()


async def test_callback(client: Redis) -> None:
    """A callback that was set stands in the place of the method's own conversion, and sees the call's options."""
    seen: list[Any] = []

    def callback(reply: Any, **options: Any) -> Any:
        seen.append(options)
        return "called", reply

    client.set_response_callback("hgetall", callback)
    await client.hset("h", "a", 1)
    for result in (
        await client.hgetall("h"),
        await client.execute_command("HGETALL", "h", extra=1),
        (await client.pipeline().hgetall("h").execute())[0],
        (await client.pipeline(transaction=False).hgetall("h").execute())[0],
    ):
        assert result[0] == "called"
    assert seen == [{}, {"extra": 1}, {}, {}]
    assert await client.hkeys("h") == [b"a"]
    assert client.response_callbacks["HGetAll"] is callback
    assert "hgetall" in client.response_callbacks
    del client.response_callbacks["HGETALL"]
    assert list(await client.hgetall("h")) in ([b"a"], [b"a", b"1"])  # as the server sent it


async def test_other_clients_have_callbacks_of_their_own(client: Redis, other: Redis) -> None:
    client.set_response_callback("GET", lambda reply: "mine")
    assert await client.get("k") == "mine"
    assert await other.get("k") is None


async def test_data_errors_are_raised_before_anything_is_sent(client: Redis) -> None:
    for wrong in (None, True, ["a"]):
        with pytest.raises(DataError):
            await client.execute_command("SET", "k", wrong)
    assert await client.get("k") is None


async def test_url(server: RealServer, target: Any) -> None:
    url = f"redis://{server.host}:{server.port}/0?decode_responses=yes&protocol={target.protocol}"
    for make in (Redis.from_url, StrictRedis.from_url, from_url):
        async with make(url) as client:
            assert client.auto_close_connection_pool
            assert client.get_retry() is None
            await client.set("k", "v")
            assert await client.get("k") == "v"
    async with Redis.from_url(url, multiplexed=True) as client:
        assert await client.get("k") == "v"
    async with Redis.from_url(url, connection_pool_cls=BlockingConnectionPool, max_connections=1) as client:
        assert isinstance(client.connection_pool, BlockingConnectionPool)
        assert await client.get("k") == "v"


async def test_a_user_without_a_password(server: RealServer, options: dict[str, Any], multiplexed: bool) -> None:
    """It is that user, or nobody: never the default one, who may do more."""
    server.command("ACL", "SETUSER", "limited", "reset", "on", "nopass", "~*", "+@all")
    server.command("ACL", "SETUSER", "secured", "reset", "on", ">secret", "~*", "+@all")
    try:
        async with Redis(**options, username="limited", multiplexed=multiplexed) as client:
            assert await client.acl_whoami() == "limited"
        async with Redis(**options, username="secured", socket_timeout=2, multiplexed=multiplexed) as client:
            with pytest.raises(RedisError, match="WRONGPASS"):
                await client.acl_whoami()
    finally:
        server.command("ACL", "DELUSER", "limited", "secured")


async def test_unix_socket(server: RealServer) -> None:
    for name in ("unix_socket_path", "unix_domain_socket_path"):
        for multiplexed in (False, True):
            async with Redis(**{name: server.unixsocket}, multiplexed=multiplexed) as client:
                assert await client.ping() is True
                assert client.get_connection_kwargs()["path"] == server.unixsocket


async def test_pools(options: dict[str, Any]) -> None:
    async with ConnectionPool(**options) as pool:
        first, second = Redis(connection_pool=pool), Redis(connection_pool=pool)
        assert not first.auto_close_connection_pool
        await first.set("k", 1)
        assert await second.get("k") == b"1"
        assert pool.created_connections == 1
        await first.aclose()
        assert pool._available_connections[0].is_connected
        await Redis.from_pool(pool).aclose()
        assert not pool._available_connections[0].is_connected


async def test_closing_says_what_becomes_of_the_pool(options: dict[str, Any]) -> None:
    client = Redis(**options)
    await client.ping()
    (connection,) = client.connection_pool._available_connections
    await client.aclose(close_connection_pool=False)
    assert connection.is_connected
    await client.aclose()
    assert not connection.is_connected
    assert await client.ping()  # and may be used again
    await client.aclose()


async def test_single_connection(options: dict[str, Any], multiplexed: bool) -> None:
    async with Redis(**options, multiplexed=multiplexed) as client:
        async with client.client() as single:
            assert single.single_connection_client
            await single.select(1)
            await single.client_setname("one")
            assert await single.client_getname() == "one"
            await single.set("k", "v")
            numbers = await gather(*[partial(single.client_id)] * 10)
            assert len(set(numbers)) == 1
            await single.delete("k")
            await single.select(0)
        assert not client.connection_pool._in_use_connections


async def test_what_concerns_one_connection(options: dict[str, Any], target: Any) -> None:
    async with Redis(**options, single_connection_client=True) as client:
        assert await client.client_no_evict("ON") == b"OK"
        if target.protocol == 3:
            assert await client.client_tracking_on(bcast=True, prefix=["a", "b"]) == b"OK"
            assert await client.client_tracking_off() == b"OK"
        assert (await client.hello())[b"proto" if target.protocol == 3 else 5] in (2, 3)
        with pytest.raises(DataError, match="prefix"):
            client.client_tracking(prefix=["a"])


async def test_retry(options: dict[str, Any]) -> None:
    retry = AsyncRetry(NoBackoff(), 3)
    async with Redis(**options, retry=retry) as client:
        assert client.get_retry() == retry
        await client.ping()
        client.set_retry(AsyncRetry(NoBackoff(), 1))
        assert client.get_retry().get_retries() == 1
        assert client.connection_pool._available_connections[0].retry.get_retries() == 1
    async with Redis(**options) as client:
        assert client.get_retry().get_retries() == 10


async def test_lost_connection(server: RealServer, target: Any) -> None:
    """A client made from arguments tries again; one from a URL says so."""
    with FaultProxy(server.host, server.port) as proxy:
        async with Redis(host=proxy.host, port=proxy.port, protocol=target.protocol) as client:
            await client.set("k", "v")
            proxy.cut(after_bytes=1)
            assert await client.get("k") == b"v"
        async with Redis.from_url(f"redis://{proxy.host}:{proxy.port}?protocol={target.protocol}") as client:
            assert await client.get("k") == b"v"
            proxy.cut(after_bytes=1)
            with pytest.raises(RedisConnectionError):
                await client.get("k")
            assert await client.get("k") == b"v"
            proxy.black_hole("to_client")
            client.connection_pool._available_connections[0].socket_timeout = 0.05
            with pytest.raises(RedisTimeoutError):
                await client.get("k")
            assert client.connection_pool._in_use_connections == set()


async def test_unreachable(options: dict[str, Any]) -> None:
    options["port"] = 1
    async with Redis(**options, retry=None) as client:
        with pytest.raises(RedisConnectionError):
            await client.ping()
        assert client.connection_pool._in_use_connections == set()


async def test_arguments_that_are_not_to_be_had() -> None:
    cases: tuple[dict[str, Any], ...] = (
        {"cache": object()},
        {"cache_config": object()},
        {"event_dispatcher": object()},
        {"maint_notifications_config": object()},
        {"oss_cluster_maint_notifications_handler": object()},
        {"max_connections": -1},
        {"redis_connect_func": print, "multiplexed": True},
        {"ssl": True, "unix_socket_path": "/s"},
    )
    for wrong in cases:
        name = next(iter(wrong))
        with pytest.raises(ConfigurationError, match=name):
            Redis(**wrong)
    with pytest.raises(TypeError):
        Redis(no_such_argument=1)
    with pytest.raises(DataError, match="connection_pool"):
        Redis(connection_pool=ConnectionPool(), multiplexed=True)
    with pytest.raises(ConfigurationError, match="multiplexed"):
        await ConnectionPool().get_multiplexer()


async def test_settings(options: dict[str, Any]) -> None:
    client = Redis(**options, db=3, client_name="me")
    kwargs = client.get_connection_kwargs()
    assert kwargs is client.connection_pool.connection_kwargs
    assert (kwargs["db"], kwargs["client_name"], kwargs["socket_timeout"]) == (3, "me", None)
    assert client.get_encoder().encode("ü") == "ü".encode()
    assert f"{options['host']}:{options['port']}" in repr(client)
    assert "secret" not in repr(Redis(password="secret"))
    client.load_external_module("shout", lambda text: text.upper())
    assert client.shout("a") == "A"
    assert client.get_cache() is None
    assert client.connection_pool.cache is None


async def test_subclasses_may_override_what_they_like(options: dict[str, Any], multiplexed: bool) -> None:
    """Every method ends in ``execute_command``; every reply on a connection of one's own in ``parse_response``."""
    commands: list[Any] = []
    parsed: list[Any] = []

    class Watched(Redis):
        async def execute_command(self, *args: Any, **options: Any) -> Any:
            commands.append(args)
            return await super().execute_command(*args, **options)

        async def parse_response(self, connection: Any, command_name: Any, **options: Any) -> Any:
            parsed.append(command_name)
            return await super().parse_response(connection, command_name, **options)

    async with Watched(**options, multiplexed=multiplexed) as client:
        await client.set("k", 1)
        assert await client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert await client.memory_usage("k") > 0
    assert commands == [("SET", "k", 1), ("CONFIG GET", "maxmemory-policy"), ("MEMORY USAGE", "k")]
    assert parsed == ([] if multiplexed else ["SET", "CONFIG GET", "MEMORY USAGE"])


async def test_methods_may_be_wrapped_later(client: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    """As programs that trace or count do: on the class, after clients were made."""
    names: list[Any] = []
    original = Redis.execute_command

    if True:  # ASYNC

        async def wrapped(self: Redis, *args: Any, **options: Any) -> Any:
            names.append(args[0])
            return await original(self, *args, **options)

    else:

        def wrapped(self: Redis, *args: Any, **options: Any) -> Any:
            names.append(args[0])
            return original(self, *args, **options)

    monkeypatch.setattr(Redis, "execute_command", wrapped)
    await client.set("k", 1)
    await client.get("k")
    assert names == ["SET", "GET"]


async def test_a_reply_may_be_parsed_by_hand(options: dict[str, Any]) -> None:
    async with Redis(**options) as client:
        await client.rpush("l", "a")
        connection = await client.connection_pool.get_connection()
        await connection.send_command("BRPOP", "l", 1)
        assert await client.parse_response(connection, "BRPOP") == (b"l", b"a")
        await client.connection_pool.release(connection)


async def test_own_connection_classes(options: dict[str, Any]) -> None:
    class Mine(Connection):
        def __init__(self, my_arg: str = "", **options: Any) -> None:
            super().__init__(**options)
            self.my_arg = my_arg

    async with ConnectionPool(connection_class=Mine, my_arg="x", **options) as pool:
        assert await Redis(connection_pool=pool).ping()
        assert pool._available_connections[0].my_arg == "x"


async def test_a_pool_that_refuses_and_one_that_waits(options: dict[str, Any]) -> None:
    """Of ten calls at once on two connections eight fail on the one, and none on the other."""
    if WORLD != "asyncio":
        return  # threads do not all get there at once
    for kind, failures in ((ConnectionPool, 8), (BlockingConnectionPool, 0)):
        async with Redis(**options, connection_pool_cls=kind, max_connections=2) as client:
            await client.set("k", 1)

            async def get(client: Redis = client) -> Any:
                try:
                    return await client.get("k")
                except RedisConnectionError as error:
                    return error

            results = await gather(*[get] * 10)
            assert len([result for result in results if isinstance(result, Exception)]) == failures
            assert client.connection_pool.created_connections == 2


async def test_somebody_elses_multiplexer(mux: ConnectionMultiplexer, server: RealServer) -> None:
    async with Redis(multiplexer=mux, decode_responses=True) as client:
        await client.set("k", "v")
        assert await client.get("k") == "v"
        assert await client.client_id() == await mux.get_database().client_id()
        async with client.pipeline() as pipe:
            await pipe.watch("k")
            pipe.multi()
            pipe.get("k")
            assert await pipe.execute() == ["v"]
    assert await mux.get_database().get("k") == b"v"  # it is not the client's to close
    for wrong in ({"multiplexed": True}, {"host": "elsewhere"}, {"ssl": True}, {"retry": None}, {"max_connections": 1}):
        with pytest.raises(DataError, match=next(iter(wrong))):
            Redis(multiplexer=mux, **wrong)
    async with Redis(multiplexer=mux, db=1, encoding="latin-1", decode_responses=True) as client:
        assert await client.get("k") is None
        await client.set("k", "ü")
        assert await client.execute_command("GET", "k", NEVER_DECODE=True) == b"\xfc"
        async with client.pipeline() as pipe:
            await pipe.watch("k")
            assert await pipe.get("k") == "ü"
        async with client.pubsub() as pubsub:
            await pubsub.subscribe("c")
            await pubsub.get_message(timeout=5)
            await client.publish("c", "ü")
            assert (await pubsub.get_message(timeout=5))["data"] == "ü"
        async with client.monitor() as monitor:
            await client.get("k")
            while "GET" not in (await monitor.next_command())["command"]:
                pass
        await client.pipeline().watch("k")  # forgotten
        gc.collect()
        await until(lambda: not client.connection_pool._in_use_connections)
        await client.delete("k")
    with pytest.raises(RedisConnectionError, match="released already"):
        await client.connection_pool.release(Connection())


async def test_shared_connection_is_shared(options: dict[str, Any], other: Redis) -> None:
    """Whatever is called at once, there is one connection, and none of the pool's is made."""
    async with Redis(**options, multiplexed=True, client_name="shared") as client:
        await gather(*[partial(client.incr, "n")] * 100)
        assert await client.get("n") == b"100"
        names = [each["name"] for each in await other.client_list()]
        assert sum(name == "shared" for name in names) == 1
        assert client.connection_pool.created_connections == 0


async def test_pipeline_helper(client: Redis) -> None:
    async with pipeline(client) as pipe:
        pipe.set("k", 1)
    assert await client.get("k") == b"1"


async def test_locks_and_subscriptions(client: Redis) -> None:
    async with client.lock("lock", timeout=5) as lock:
        assert await lock.owned()
        assert not await client.lock("lock").acquire(blocking=False)
    assert not await client.exists("lock")
    async with client.pubsub(ignore_subscribe_messages=True) as pubsub:
        await pubsub.subscribe("c")
        await until(lambda: pubsub.subscribed)
        while not await client.publish("c", "m"):
            await pubsub.get_message(timeout=0.1)
        message = None
        while message is None:
            message = await pubsub.get_message(timeout=5)
        assert message["data"] == b"m"
    assert not client.connection_pool._in_use_connections


async def test_blocking_commands_do_not_hold_up_others(client: Redis) -> None:
    waiting = spawn(client.blpop, "l", 10)
    await client.set("k", 1)
    assert await client.get("k") == b"1"
    assert not waiting.done()
    await client.rpush("l", "a")
    assert await waiting.result() == (b"l", b"a")


async def test_iterators(client: Redis) -> None:
    await client.mset({f"k{number}": number for number in range(50)})
    found = [key async for key in client.scan_iter("k*", count=10)]
    assert sorted(found) == sorted(f"k{number}".encode() for number in range(50))


async def test_a_restricted_user_leaves_little_in_the_servers_log(options: dict[str, Any], other: Redis) -> None:
    """No more than redis-py's connections do: whoever reads ACL LOG looks for intruders there."""
    await other.acl_setuser("little", enabled=True, reset=True, commands=["+get"], keys=["*"], nopass=True)
    try:
        await other.acl_log_reset()
        async with Redis(**options, username="little") as client:
            assert await client.get("k") is None
        assert {entry["object"] for entry in await other.acl_log()} <= {"client|setinfo"}
    finally:
        await other.acl_deluser("little")


async def test_what_would_concern_everybody_is_refused(options: dict[str, Any]) -> None:
    """As a server that forbids the command would: programs that can do without it catch that."""
    async with Redis(**options, multiplexed=True) as client:
        for refused in (
            partial(client.select, 1),
            partial(client.client_no_touch, "ON"),
            partial(client.auth, "secret"),
        ):
            with pytest.raises(ResponseError, match="cannot be sent here") as raised:
                await refused()
            assert isinstance(raised.value, CommandDisabledError)
        with pytest.raises(ResponseError, match="cannot be sent here"):
            await client.execute_command("MULTI")
        with pytest.raises(ResponseError, match="cannot be sent here"):
            await client.pipeline().set("k", 1).execute_command("SELECT", 1).execute()
        assert await client.get("k") is None


async def test_a_server_that_goes_away_while_the_connection_is_shared(server: RealServer, target: Any) -> None:
    with FaultProxy(server.host, server.port) as proxy:
        settings = {"host": proxy.host, "port": proxy.port, "protocol": target.protocol, "socket_timeout": 0.5}
        async with Redis(**settings, multiplexed=True) as client:
            await client.set("n", 0)
            proxy.cut(after_bytes=1)
            with pytest.raises(RedisConnectionError) as lost:
                await client.incr("n")
            assert lost.value.was_sent
            assert await client.get("n") == b"1"
            proxy.refuse()
            proxy.reset()
            with pytest.raises((RedisTimeoutError, RedisConnectionError)):
                await client.get("n")
            proxy.accept()
            mux = await client.connection_pool.get_multiplexer()
            await until(lambda: mux.is_connected)
            assert await client.get("n") == b"1"


async def test_parsers_of_shared_connections(options: dict[str, Any]) -> None:
    """Programs name the default parser; other classes could not be honoured."""
    for parser in (DefaultParser, PythonParser):
        async with ConnectionPool(parser_class=parser, multiplexed=True, **options) as pool:
            assert await Redis(connection_pool=pool).ping()
    with pytest.raises(ConfigurationError, match="parser_class"):
        ConnectionPool(parser_class=object, multiplexed=True)
    with pytest.raises(ConfigurationError, match="connection_class"):
        ConnectionPool(connection_class=type("Mine", (Connection,), {}), multiplexed=True)


async def test_closing_under_a_command_does_not_send_it_twice(server: RealServer, target: Any, other: Redis) -> None:
    with FaultProxy(server.host, server.port) as proxy:
        settings = {"host": proxy.host, "port": proxy.port, "protocol": target.protocol, "socket_timeout": 0.3}
        async with Redis(**settings, multiplexed=True) as client:
            await client.set("n", 0)
            proxy.black_hole("to_client")
            task = spawn(client.incr, "n")
            seen = b"0"
            while seen == b"0":
                seen = await other.get("n")
            await client.aclose()
            proxy.restore()
            with pytest.raises((RedisConnectionError, RedisTimeoutError)):
                await task.result()
            assert await other.get("n") == b"1"
