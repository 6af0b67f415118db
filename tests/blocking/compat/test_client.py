# Generated from tests/asyncio/compat/test_client.py by scripts/generate_blocking.py; change that file instead.
"""The façade's client: commands, results, settings, and what becomes of it on bad days."""

from __future__ import annotations

import gc
from functools import partial
from typing import Any

import pytest

from multiplexer.blocking import ConnectionMultiplexer
from multiplexer.compat.blocking.client import Redis, StrictRedis
from multiplexer.compat.blocking.connection import (
    BlockingConnectionPool,
    Connection,
    ConnectionPool,
    DefaultParser,
    PythonParser,
)
from multiplexer.compat.blocking.utils import from_url, pipeline
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
from multiplexer.retry import NoBackoff, Retry
from tests.servers import FaultProxy, RealServer

from .._world import WORLD, gather, spawn, until


def test_methods(client: Redis) -> None:
    assert client.set("k", "v", ex=60) is True
    assert client.get("k") == b"v"
    assert client.hset("h", mapping={"a": 1, "b": "x"}) == 2
    assert client.hgetall("h") == {b"a": b"1", b"b": b"x"}
    assert client.zadd("z", {"m": 1.5}) == 1
    assert client.zrange("z", 0, -1, withscores=True) == [(b"m", 1.5)]
    assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
    assert client.get("none") is None
    assert client.mget(["k", "none"]) == [b"v", None]
    assert client.mget([]) == []
    assert client.pipeline().get("k").mget([]).execute() == [b"v", []]
    with pytest.raises(WrongTypeError):
        client.lpush("k", 1)


def test_numbers_as_their_digits_and_words_as_bytes(client: Redis) -> None:
    """redis-py hands on what it is given, so programs give it what they have read somewhere."""
    given: Any = client  # which says that it wants numbers
    assert given.set("k", "v", ex="10")
    assert given.expire("k", "100")
    assert given.psetex("k", b"100000", "v")
    assert 90 < given.ttl("k") <= 100
    assert given.eval("return KEYS[1]", "1", "k") == b"k"
    given.rpush("l", 1, 2, 3)
    assert given.blpop("l", "1") == (b"l", b"1")
    assert given.lmove("l", "m", b"LEFT", b"RIGHT") == b"2"
    assert given.lmpop("1", "l", direction=b"left") == [b"l", [b"3"]]
    with pytest.raises(DataError, match="must be an int"):
        given.expire("k", "soon")



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


def test_forms_of_results(options: dict[str, Any], multiplexed: bool) -> None:
    """Whatever the protocol, they are those of redis-py, where the multiplexer's handles have others."""
    with Redis(**options, multiplexed=multiplexed) as client:
        client.zadd("z", {"a": 1, "b": 2.5})
        assert client.zdiff(["z", "none"], withscores=True) == [b"a", b"1", b"b", b"2.5"]
        cast: Any = bytes
        assert client.zrange("z", 0, -1, withscores=True, score_cast_func=cast) == [(b"a", b"1"), (b"b", b"2.5")]
        assert client.zscan("z", score_cast_func=cast)[1] == [(b"a", b"1"), (b"b", b"2.5")]
        assert client.zrange("z", 0, -1, withscores=True, score_cast_func=int) == [(b"a", 1), (b"b", 2)]
        unpaused: Any = client.client_unpause()
        assert unpaused == b"OK"
        keys: Any = client.command_getkeys("GET", "a")
        assert keys == ["a"]
        results = client.pipeline().zmpop(1, ["z"], min=True).zdiff(["z", "none"], withscores=True).execute()
        assert results == [[b"z", [[b"a", b"1"]]], [b"b", b"2.5"]]


def test_words(client: Redis) -> None:
    """What is given word by word has the result that redis-py gives it, by the command's name in any case."""
    client.execute_command("HSET", "h", "a", 1)
    assert client.execute_command("HGETALL", "h") == {b"a": b"1"}
    assert client.execute_command("hgetall", "h") == {b"a": b"1"}
    assert client.execute_command(b"HGETALL", "h") == {b"a": b"1"}
    assert client.execute_command("CONFIG GET", "maxmemory-policy") == {"maxmemory-policy": "noeviction"}
    assert client.execute_command("SET", "k", 1) is True
    assert client.execute_command("SET", "k", 2, "NX") is None
    assert client.execute_command("INCRBYFLOAT", "k", "0.5") == 1.5
    assert client.execute_command("INFO", "server")["tcp_port"] > 0
    assert client.execute_command("SADD", "s", "m") == 1
    assert client.execute_command("SMEMBERS", "s") == {b"m"}
    client.execute_command("ZADD", "z", 2, "m")
    assert client.execute_command("ZRANGE", "z", 0, -1, "WITHSCORES", withscores=True) == [(b"m", 2.0)]
    with pytest.raises(ResponseError):
        client.execute_command("NO-SUCH-COMMAND", "k")


def test_options_of_a_call(options: dict[str, Any], multiplexed: bool) -> None:
    with Redis(**options, decode_responses=True, multiplexed=multiplexed) as client:
        client.set("k", "v")
        assert client.execute_command("GET", "k", NEVER_DECODE=True) == b"v"
        assert client.execute_command("LPUSH", "k", 1, EMPTY_RESPONSE=[]) == []
        assert client.execute_command("GET", "k", EMPTY_RESPONSE=[]) == "v"


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_text(options: dict[str, Any], multiplexed: bool, encoding: str) -> None:
    with Redis(**options, decode_responses=True, encoding=encoding, multiplexed=multiplexed) as client:
        client.set("k", "grün")
        assert client.get("k") == "grün"
        assert client.dump("k") is not None  # which is never text
        assert client.strlen("k") == len("grün".encode(encoding))
        with client.pipeline() as pipe:
            assert pipe.get("k").mget("k", "none").execute() == ["grün", ["grün", None]]
            assert pipe.dump("k").execute()[0].__class__ is bytes
        client.hset("h", "ü", "ä")
        assert client.hgetall("h") == {"ü": "ä"}


def test_the_log_of_slow_commands_is_not_decoded(
    server: RealServer, options: dict[str, Any], multiplexed: bool
) -> None:
    """It quotes what other clients sent, which need not be text."""
    with Redis(**options, decode_responses=True, multiplexed=multiplexed) as client:
        client.config_set("slowlog-log-slower-than", 0)
        try:
            client.set("k", b"\xff")
            entries = client.slowlog_get(20)
            assert client.execute_command("GET", "k", NEVER_DECODE=[]) == b"\xff"  # redis-py's word for yes
        finally:
            client.config_set("slowlog-log-slower-than", 10000)
        assert b"SET k \xff" in [entry["command"] for entry in entries]


def test_a_command_that_blocks_may_take_its_time(options: dict[str, Any], multiplexed: bool) -> None:
    """``socket_timeout`` is what it may take longer than it was told to block."""
    with Redis(**options, socket_timeout=0.6, retry=None, multiplexed=multiplexed) as client:
        assert client.blpop("none", timeout=0.7) is None
        assert client.execute_command("BRPOP", "none", "0.7") is None
        if not multiplexed:
            assert client.pipeline(transaction=False).blpop("none", 0.7).ping().execute() == [None, True]
            with pytest.raises(RedisTimeoutError):
                client.execute_command("DEBUG", "SLEEP", 1)


def test_the_shared_connection_is_closed_with_its_pool(options: dict[str, Any], other: Redis) -> None:
    with ConnectionPool(**options, client_name="shared", multiplexed=True) as pool:
        client = Redis(connection_pool=pool)

        def is_connected() -> bool:
            return any(each["name"] == "shared" for each in other.client_list())

        def is_gone() -> bool:
            return not is_connected()

        client.ping()
        pool.disconnect(inuse_connections=False)
        assert is_connected()
        pool.disconnect()
        until(is_gone)
        assert client.ping()  # and may be used again
        assert is_connected()


def test_callback(client: Redis) -> None:
    """A callback that was set stands in the place of the method's own conversion, and sees the call's options."""
    seen: list[Any] = []

    def callback(reply: Any, **options: Any) -> Any:
        seen.append(options)
        return "called", reply

    client.set_response_callback("hgetall", callback)
    client.hset("h", "a", 1)
    for result in (
        client.hgetall("h"),
        client.execute_command("HGETALL", "h", extra=1),
        client.pipeline().hgetall("h").execute()[0],
        client.pipeline(transaction=False).hgetall("h").execute()[0],
    ):
        assert result[0] == "called"
    assert seen == [{}, {"extra": 1}, {}, {}]
    assert client.hkeys("h") == [b"a"]
    assert client.response_callbacks["HGetAll"] is callback
    assert "hgetall" in client.response_callbacks
    del client.response_callbacks["HGETALL"]
    assert list(client.hgetall("h")) in ([b"a"], [b"a", b"1"])  # as the server sent it


def test_other_clients_have_callbacks_of_their_own(client: Redis, other: Redis) -> None:
    client.set_response_callback("GET", lambda reply: "mine")
    assert client.get("k") == "mine"
    assert other.get("k") is None


def test_data_errors_are_raised_before_anything_is_sent(client: Redis) -> None:
    for wrong in (None, True, ["a"]):
        with pytest.raises(DataError):
            client.execute_command("SET", "k", wrong)
    assert client.get("k") is None


def test_url(server: RealServer, target: Any) -> None:
    url = f"redis://{server.host}:{server.port}/0?decode_responses=yes&protocol={target.protocol}"
    for make in (Redis.from_url, StrictRedis.from_url, from_url):
        with make(url) as client:
            assert client.auto_close_connection_pool
            assert client.get_retry() is None
            client.set("k", "v")
            assert client.get("k") == "v"
    with Redis.from_url(url, multiplexed=True) as client:
        assert client.get("k") == "v"
    with Redis.from_url(url, connection_pool_cls=BlockingConnectionPool, max_connections=1) as client:
        assert isinstance(client.connection_pool, BlockingConnectionPool)
        assert client.get("k") == "v"


def test_a_user_without_a_password(server: RealServer, options: dict[str, Any], multiplexed: bool) -> None:
    """It is that user, or nobody: never the default one, who may do more."""
    server.command("ACL", "SETUSER", "limited", "reset", "on", "nopass", "~*", "+@all")
    server.command("ACL", "SETUSER", "secured", "reset", "on", ">secret", "~*", "+@all")
    try:
        with Redis(**options, username="limited", multiplexed=multiplexed) as client:
            assert client.acl_whoami() == "limited"
        with Redis(**options, username="secured", socket_timeout=2, multiplexed=multiplexed) as client:
            with pytest.raises(RedisError, match="WRONGPASS"):
                client.acl_whoami()
    finally:
        server.command("ACL", "DELUSER", "limited", "secured")


def test_unix_socket(server: RealServer) -> None:
    for name in ("unix_socket_path", "unix_domain_socket_path"):
        for multiplexed in (False, True):
            with Redis(**{name: server.unixsocket}, multiplexed=multiplexed) as client:
                assert client.ping() is True
                assert client.get_connection_kwargs()["path"] == server.unixsocket


def test_pools(options: dict[str, Any]) -> None:
    with ConnectionPool(**options) as pool:
        first, second = Redis(connection_pool=pool), Redis(connection_pool=pool)
        assert not first.auto_close_connection_pool
        first.set("k", 1)
        assert second.get("k") == b"1"
        assert pool.created_connections == 1
        first.close()
        assert pool._available_connections[0].is_connected
        Redis.from_pool(pool).close()
        assert not pool._available_connections[0].is_connected


def test_closing_says_what_becomes_of_the_pool(options: dict[str, Any]) -> None:
    client = Redis(**options)
    client.ping()
    (connection,) = client.connection_pool._available_connections
    client.close(close_connection_pool=False)
    assert connection.is_connected
    client.close()
    assert not connection.is_connected
    assert client.ping()  # and may be used again
    client.close()


def test_single_connection(options: dict[str, Any], multiplexed: bool) -> None:
    with Redis(**options, multiplexed=multiplexed) as client:
        with client.client() as single:
            assert single.single_connection_client
            single.select(1)
            single.client_setname("one")
            assert single.client_getname() == "one"
            single.set("k", "v")
            numbers = gather(*[partial(single.client_id)] * 10)
            assert len(set(numbers)) == 1
            single.delete("k")
            single.select(0)
        assert not client.connection_pool._in_use_connections


def test_what_concerns_one_connection(options: dict[str, Any], target: Any) -> None:
    with Redis(**options, single_connection_client=True) as client:
        assert client.client_no_evict("ON") == b"OK"
        if target.protocol == 3:
            assert client.client_tracking_on(bcast=True, prefix=["a", "b"]) == b"OK"
            assert client.client_tracking_off() == b"OK"
        assert client.hello()[b"proto" if target.protocol == 3 else 5] in (2, 3)
        with pytest.raises(DataError, match="prefix"):
            client.client_tracking(prefix=["a"])


def test_retry(options: dict[str, Any]) -> None:
    retry = Retry(NoBackoff(), 3)
    with Redis(**options, retry=retry) as client:
        assert client.get_retry() == retry
        client.ping()
        client.set_retry(Retry(NoBackoff(), 1))
        assert client.get_retry().get_retries() == 1
        assert client.connection_pool._available_connections[0].retry.get_retries() == 1
    with Redis(**options) as client:
        assert client.get_retry().get_retries() == 10


def test_lost_connection(server: RealServer, target: Any) -> None:
    """A client made from arguments tries again; one from a URL says so."""
    with FaultProxy(server.host, server.port) as proxy:
        with Redis(host=proxy.host, port=proxy.port, protocol=target.protocol) as client:
            client.set("k", "v")
            proxy.cut(after_bytes=1)
            assert client.get("k") == b"v"
        with Redis.from_url(f"redis://{proxy.host}:{proxy.port}?protocol={target.protocol}") as client:
            assert client.get("k") == b"v"
            proxy.cut(after_bytes=1)
            with pytest.raises(RedisConnectionError):
                client.get("k")
            assert client.get("k") == b"v"
            proxy.black_hole("to_client")
            client.connection_pool._available_connections[0].socket_timeout = 0.05
            with pytest.raises(RedisTimeoutError):
                client.get("k")
            assert client.connection_pool._in_use_connections == set()


def test_unreachable(options: dict[str, Any]) -> None:
    options["port"] = 1
    with Redis(**options, retry=None) as client:
        with pytest.raises(RedisConnectionError):
            client.ping()
        assert client.connection_pool._in_use_connections == set()


def test_arguments_that_are_not_to_be_had() -> None:
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
        ConnectionPool().get_multiplexer()


def test_settings(options: dict[str, Any]) -> None:
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


def test_subclasses_may_override_what_they_like(options: dict[str, Any], multiplexed: bool) -> None:
    """Every method ends in ``execute_command``; every reply on a connection of one's own in ``parse_response``."""
    commands: list[Any] = []
    parsed: list[Any] = []

    class Watched(Redis):
        def execute_command(self, *args: Any, **options: Any) -> Any:
            commands.append(args)
            return super().execute_command(*args, **options)

        def parse_response(self, connection: Any, command_name: Any, **options: Any) -> Any:
            parsed.append(command_name)
            return super().parse_response(connection, command_name, **options)

    with Watched(**options, multiplexed=multiplexed) as client:
        client.set("k", 1)
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert client.memory_usage("k") > 0
    assert commands == [("SET", "k", 1), ("CONFIG GET", "maxmemory-policy"), ("MEMORY USAGE", "k")]
    assert parsed == ([] if multiplexed else ["SET", "CONFIG GET", "MEMORY USAGE"])


def test_methods_may_be_wrapped_later(client: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    """As programs that trace or count do: on the class, after clients were made."""
    names: list[Any] = []
    original = Redis.execute_command


    def wrapped(self: Redis, *args: Any, **options: Any) -> Any:
        names.append(args[0])
        return original(self, *args, **options)

    monkeypatch.setattr(Redis, "execute_command", wrapped)
    client.set("k", 1)
    client.get("k")
    assert names == ["SET", "GET"]


def test_a_reply_may_be_parsed_by_hand(options: dict[str, Any]) -> None:
    with Redis(**options) as client:
        client.rpush("l", "a")
        connection = client.connection_pool.get_connection()
        connection.send_command("BRPOP", "l", 1)
        assert client.parse_response(connection, "BRPOP") == (b"l", b"a")
        client.connection_pool.release(connection)


def test_own_connection_classes(options: dict[str, Any]) -> None:
    class Mine(Connection):
        def __init__(self, my_arg: str = "", **options: Any) -> None:
            super().__init__(**options)
            self.my_arg = my_arg

    with ConnectionPool(connection_class=Mine, my_arg="x", **options) as pool:
        assert Redis(connection_pool=pool).ping()
        assert pool._available_connections[0].my_arg == "x"


def test_a_pool_that_refuses_and_one_that_waits(options: dict[str, Any]) -> None:
    """Of ten calls at once on two connections eight fail on the one, and none on the other."""
    if WORLD != "asyncio":
        return  # threads do not all get there at once
    for kind, failures in ((ConnectionPool, 8), (BlockingConnectionPool, 0)):
        with Redis(**options, connection_pool_cls=kind, max_connections=2) as client:
            client.set("k", 1)

            def get(client: Redis = client) -> Any:
                try:
                    return client.get("k")
                except RedisConnectionError as error:
                    return error

            results = gather(*[get] * 10)
            assert len([result for result in results if isinstance(result, Exception)]) == failures
            assert client.connection_pool.created_connections == 2


def test_somebody_elses_multiplexer(mux: ConnectionMultiplexer, server: RealServer) -> None:
    with Redis(multiplexer=mux, decode_responses=True) as client:
        client.set("k", "v")
        assert client.get("k") == "v"
        assert client.client_id() == mux.get_database().client_id()
        with client.pipeline() as pipe:
            pipe.watch("k")
            pipe.multi()
            pipe.get("k")
            assert pipe.execute() == ["v"]
    assert mux.get_database().get("k") == b"v"  # it is not the client's to close
    for wrong in ({"multiplexed": True}, {"host": "elsewhere"}, {"ssl": True}, {"retry": None}, {"max_connections": 1}):
        with pytest.raises(DataError, match=next(iter(wrong))):
            Redis(multiplexer=mux, **wrong)
    with Redis(multiplexer=mux, db=1, encoding="latin-1", decode_responses=True) as client:
        assert client.get("k") is None
        client.set("k", "ü")
        assert client.execute_command("GET", "k", NEVER_DECODE=True) == b"\xfc"
        with client.pipeline() as pipe:
            pipe.watch("k")
            assert pipe.get("k") == "ü"
        with client.pubsub() as pubsub:
            pubsub.subscribe("c")
            pubsub.get_message(timeout=5)
            client.publish("c", "ü")
            assert pubsub.get_message(timeout=5)["data"] == "ü"
        with client.monitor() as monitor:
            client.get("k")
            while "GET" not in monitor.next_command()["command"]:
                pass
        client.pipeline().watch("k")  # forgotten
        gc.collect()
        until(lambda: not client.connection_pool._in_use_connections)
        client.delete("k")
    with pytest.raises(RedisConnectionError, match="released already"):
        client.connection_pool.release(Connection())


def test_shared_connection_is_shared(options: dict[str, Any], other: Redis) -> None:
    """Whatever is called at once, there is one connection, and none of the pool's is made."""
    with Redis(**options, multiplexed=True, client_name="shared") as client:
        gather(*[partial(client.incr, "n")] * 100)
        assert client.get("n") == b"100"
        names = [each["name"] for each in other.client_list()]
        assert sum(name == "shared" for name in names) == 1
        assert client.connection_pool.created_connections == 0


def test_pipeline_helper(client: Redis) -> None:
    with pipeline(client) as pipe:
        pipe.set("k", 1)
    assert client.get("k") == b"1"


def test_locks_and_subscriptions(client: Redis) -> None:
    with client.lock("lock", timeout=5) as lock:
        assert lock.owned()
        assert not client.lock("lock").acquire(blocking=False)
    assert not client.exists("lock")
    with client.pubsub(ignore_subscribe_messages=True) as pubsub:
        pubsub.subscribe("c")
        until(lambda: pubsub.subscribed)
        while not client.publish("c", "m"):
            pubsub.get_message(timeout=0.1)
        message = None
        while message is None:
            message = pubsub.get_message(timeout=5)
        assert message["data"] == b"m"
    assert not client.connection_pool._in_use_connections


def test_blocking_commands_do_not_hold_up_others(client: Redis) -> None:
    waiting = spawn(client.blpop, "l", 10)
    client.set("k", 1)
    assert client.get("k") == b"1"
    assert not waiting.done()
    client.rpush("l", "a")
    assert waiting.result() == (b"l", b"a")


def test_iterators(client: Redis) -> None:
    client.mset({f"k{number}": number for number in range(50)})
    found = [key for key in client.scan_iter("k*", count=10)]
    assert sorted(found) == sorted(f"k{number}".encode() for number in range(50))


def test_a_restricted_user_leaves_little_in_the_servers_log(options: dict[str, Any], other: Redis) -> None:
    """No more than redis-py's connections do: whoever reads ACL LOG looks for intruders there."""
    other.acl_setuser("little", enabled=True, reset=True, commands=["+get"], keys=["*"], nopass=True)
    try:
        other.acl_log_reset()
        with Redis(**options, username="little") as client:
            assert client.get("k") is None
        assert {entry["object"] for entry in other.acl_log()} <= {"client|setinfo"}
    finally:
        other.acl_deluser("little")


def test_what_would_concern_everybody_is_refused(options: dict[str, Any]) -> None:
    """As a server that forbids the command would: programs that can do without it catch that."""
    with Redis(**options, multiplexed=True) as client:
        for refused in (
            partial(client.select, 1),
            partial(client.client_no_touch, "ON"),
            partial(client.auth, "secret"),
        ):
            with pytest.raises(ResponseError, match="cannot be sent here") as raised:
                refused()
            assert isinstance(raised.value, CommandDisabledError)
        with pytest.raises(ResponseError, match="cannot be sent here"):
            client.execute_command("MULTI")
        with pytest.raises(ResponseError, match="cannot be sent here"):
            client.pipeline().set("k", 1).execute_command("SELECT", 1).execute()
        assert client.get("k") is None


def test_a_server_that_goes_away_while_the_connection_is_shared(server: RealServer, target: Any) -> None:
    with FaultProxy(server.host, server.port) as proxy:
        settings = {"host": proxy.host, "port": proxy.port, "protocol": target.protocol, "socket_timeout": 0.5}
        with Redis(**settings, multiplexed=True) as client:
            client.set("n", 0)
            proxy.cut(after_bytes=1)
            with pytest.raises(RedisConnectionError) as lost:
                client.incr("n")
            assert lost.value.was_sent
            assert client.get("n") == b"1"
            proxy.refuse()
            proxy.reset()
            with pytest.raises((RedisTimeoutError, RedisConnectionError)):
                client.get("n")
            proxy.accept()
            mux = client.connection_pool.get_multiplexer()
            until(lambda: mux.is_connected)
            assert client.get("n") == b"1"


def test_parsers_of_shared_connections(options: dict[str, Any]) -> None:
    """Programs name the default parser; other classes could not be honoured."""
    for parser in (DefaultParser, PythonParser):
        with ConnectionPool(parser_class=parser, multiplexed=True, **options) as pool:
            assert Redis(connection_pool=pool).ping()
    with pytest.raises(ConfigurationError, match="parser_class"):
        ConnectionPool(parser_class=object, multiplexed=True)
    with pytest.raises(ConfigurationError, match="connection_class"):
        ConnectionPool(connection_class=type("Mine", (Connection,), {}), multiplexed=True)


def test_closing_under_a_command_does_not_send_it_twice(server: RealServer, target: Any, other: Redis) -> None:
    with FaultProxy(server.host, server.port) as proxy:
        settings = {"host": proxy.host, "port": proxy.port, "protocol": target.protocol, "socket_timeout": 0.3}
        with Redis(**settings, multiplexed=True) as client:
            client.set("n", 0)
            proxy.black_hole("to_client")
            task = spawn(client.incr, "n")
            seen = b"0"
            while seen == b"0":
                seen = other.get("n")
            client.close()
            proxy.restore()
            with pytest.raises((RedisConnectionError, RedisTimeoutError)):
                task.result()
            assert other.get("n") == b"1"
