# Generated from tests/asyncio/test_proxies.py by scripts/generate_blocking.py; change that file instead.
"""Behind Twemproxy and Envoy: what is said, what is passed on, and what is not even sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from multiplexer.blocking import ConnectionMultiplexer, Database
from multiplexer.core.commands.command import Command
from multiplexer.core.commands.command_table import COMMANDS
from multiplexer.core.commands.proxies import proxy_of
from multiplexer.errors import (
    AuthenticationError,
    ClusterCrossSlotError,
    CommandDisabledError,
    ConfigurationError,
    RedisError,
    ResponseError,
)
from tests.servers import Close, EnvoyBehaviour, Error, RealServer, ScriptedServer, Sequence, Twemproxy

from ._world import gather, until
from .connecting import connect

KEYS = [f"key:{number}" for number in range(64)]


@pytest.fixture(scope="module")
def backends() -> Iterator[list[RealServer]]:
    """Two servers for proxies to share keys out among."""
    with RealServer.start("valkey") as one, RealServer.start("valkey") as other:
        yield [one, other]


@pytest.fixture(scope="module")
def twemproxy(backends: list[RealServer]) -> Iterator[Twemproxy]:
    """A Twemproxy in front of both."""
    with Twemproxy(backends) as proxy:
        yield proxy


@pytest.fixture
def mux(twemproxy: Twemproxy, backends: list[RealServer]) -> Iterator[ConnectionMultiplexer]:
    """A multiplexer on it, its servers empty."""
    for server in backends:
        server.command("FLUSHALL")
    mux = connect(twemproxy, proxy="twemproxy", abort_connect=True)
    yield mux
    assert [counters.interactive.socket_count for counters in mux.get_counters()] == [1]  # nothing ended it
    mux.close()


@pytest.fixture
def db(mux: ConnectionMultiplexer) -> Database[str]:
    """Its database, with results in str."""
    return mux.get_database(decode=True)


# -- Twemproxy, a real one


def test_keys_are_shared_out(db: Database[str], backends: list[RealServer]) -> None:
    db.mset(dict(zip(KEYS, KEYS, strict=True)))
    sizes = [int(server.command("DBSIZE")) for server in backends]
    assert sum(sizes) == len(KEYS)
    assert min(sizes) > 0
    assert db.mget(KEYS) == KEYS
    assert db.delete(*KEYS[:10]) == 10
    assert db.unlink(*KEYS[:20]) == 10
    assert db.touch(*KEYS) == len(KEYS) - 20


def test_many_callers_and_batches(db: Database[str]) -> None:
    assert gather(*[lambda key=key: db.set(key, key.upper()) for key in KEYS]) == [True] * len(KEYS)  # type: ignore[misc]
    batch = db.batch()
    for key in KEYS:
        batch.get(key)
    assert batch.execute() == [key.upper() for key in KEYS]
    pipeline = db.pipeline(transaction=False)
    pipeline.incr("count").incr("other count")
    assert pipeline.execute() == [1, 1]


def test_scripts_and_locks(db: Database[str]) -> None:
    script = db.register_script("return {KEYS[1], ARGV[1]}")
    for _ in range(2):  # once from its source, and then by its digest, wherever the key is
        for key in KEYS[:8]:
            assert script(keys=[key], args=["x"]) == [key, "x"]
    batch = db.batch()
    for key in ("unheard of", "of another server"):
        script(keys=[key], args=[1], client=batch)
    assert batch.execute() == [["unheard of", "1"], ["of another server", "1"]]
    with db.lock("lock", timeout=10):
        assert db.get("lock") is not None
    assert db.get("lock") is None


def test_large_values_have_a_connection_of_their_own(db: Database[str], mux: ConnectionMultiplexer) -> None:
    value = "x" * (2 * mux.options.lease_above)
    assert db.set("large", value)
    assert db.strlen("large") == len(value)
    assert [counters.leased.operation_count for counters in mux.get_counters()] == [1]


def test_keys_that_belong_together(db: Database[str]) -> None:
    db.sadd("{one}a", "x", "y")
    db.sadd("{one}b", "y", "z")
    assert db.sinter("{one}a", "{one}b") == {"y"}
    with pytest.raises(ClusterCrossSlotError, match=r"SINTER was not sent: Twemproxy .*b'\{one\}a'.*b'two'.*hash tag"):
        db.sinter("{one}a", "two")
    with pytest.raises(ClusterCrossSlotError, match="EXISTS"):  # it counts on one server only
        db.exists("{one}a", "two")
    # A prefix may be what puts keys together.
    assert db.with_options(key_prefix="{one}").sinter("a", "b") == {"y"}


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda db: db.keys("*"), "KEYS"),
        (lambda db: db.dbsize(), "DBSIZE"),
        (lambda db: db.blpop("key", 1), "BLPOP"),
        (lambda db: db.echo("x"), "ECHO"),
        (lambda db: db.xadd("key", {"a": "b"}), "XADD"),
        (lambda db: db.publish("a", "b"), "PUBLISH"),
        (lambda db: db.rename("a", "b"), "RENAME"),
        (lambda db: db.execute("SELECT", 1), "SELECT"),
        (lambda db: db.execute("FLUSHALL"), "FLUSHALL"),
        (lambda db: db.execute("NONSENSE"), "NONSENSE"),
        (lambda db: db.batch().keys("*"), "KEYS"),
        (lambda db: db.pipeline().get("key").execute(), "MULTI"),
        (lambda db: db.transaction(lambda tx: None, "key"), "WATCH"),
        (lambda db: db.expire("key", 1, nx=True), "EXPIRE cannot be sent with 3 arguments"),
        (lambda db: db.execute("PING", "x"), "PING cannot be sent with 1 arguments"),
        (lambda db: db.execute("GET"), "GET cannot be sent with 0 arguments"),
        (lambda db: db.eval("return 1", 0), "EVAL cannot be sent without a key"),
    ],
)
def test_what_is_not_passed_on_is_not_sent(
    db: Database[str], mux: ConnectionMultiplexer, call: Callable[[Any], Any], name: str
) -> None:
    before = mux.get_counters()[0].interactive.operation_count
    with pytest.raises(CommandDisabledError, match=rf"^{name}.*Twemproxy") as caught:
        call(db)
    assert not caught.value.was_sent
    assert mux.get_counters()[0].interactive.operation_count == before
    assert db.set("key", "value")


def test_no_databases_subscriptions_and_server_commands(mux: ConnectionMultiplexer) -> None:
    with pytest.raises(CommandDisabledError, match=r"SELECT .*Twemproxy"):
        mux.get_database(1)
    for method in ("subscribe", "psubscribe", "ssubscribe"):
        with pytest.raises(CommandDisabledError, match=rf"{method.upper()} .*Twemproxy"):
            getattr(mux.get_subscriber(), method)("news")
    with pytest.raises(CommandDisabledError, match=r"CONFIG GET .*Twemproxy"):
        mux.get_server().config_get("*")
    with pytest.raises(CommandDisabledError, match=r"MONITOR .*Twemproxy"):
        with mux.get_server().monitor():
            pass


def test_what_is_known_of_it(mux: ConnectionMultiplexer) -> None:
    [server] = mux.get_status()["servers"]
    assert (server["role"], server["mode"], server["protocol"]) == ("proxy", "twemproxy", 2)
    assert mux.export_configuration()


def test_it_is_kept_alive(twemproxy: Twemproxy) -> None:
    with connect(twemproxy, proxy="twemproxy", keep_alive=0.05) as mux:
        [counters] = mux.get_counters()
        before = counters.interactive.bytes_received
        until(lambda: mux.get_counters()[0].interactive.bytes_received > before)
        assert mux.is_connected


def test_a_server_behind_it_that_is_down(backends: list[RealServer]) -> None:
    with RealServer.start("valkey") as third, Twemproxy([backends[0], third]) as proxy:
        with connect(proxy, proxy="twemproxy") as mux:
            db = mux.get_database()
            third.kill()
            outcomes = gather(*[lambda key=key: _outcome(db, key) for key in KEYS])  # type: ignore[misc]
            assert {type(outcome) for outcome in outcomes} == {bool, ResponseError}
            assert mux.is_connected  # some keys are served as before


def _outcome(db: Database[bytes], key: str) -> Any:
    try:
        return db.set(key, "value")
    except RedisError as error:
        return error


def test_its_password() -> None:
    with RealServer.start("valkey", password="secret") as server, Twemproxy([server], password="secret") as proxy:
        with connect(proxy, proxy="twemproxy", password="secret", abort_connect=True) as mux:
            assert mux.get_database().set("key", "value")
        with pytest.raises(AuthenticationError):
            connect(proxy, proxy="twemproxy", password="wrong", abort_connect=True, connect_retry=1)


def test_every_command_that_is_passed_on_is_known_to_it(db: Database[str]) -> None:
    # Anything it does not know would end the connection, which the fixture would see.
    proxy = proxy_of("twemproxy")
    assert proxy is not None
    tried = 0
    for command in COMMANDS.values():
        for count in range(8):
            args = (*command.name.split(" "), *("{t}1" if command.name not in ("EVAL", "EVALSHA") else "1",) * count)
            if _is_passed_on(proxy, command, args):
                tried += 1
                try:
                    db.execute(*args)
                except ResponseError:
                    pass
    assert tried > 300


def _is_passed_on(proxy: Any, command: Command, args: tuple[Any, ...]) -> bool:
    try:
        proxy.check(command, args)
    except RedisError:
        return False
    return True


# -- Envoy, scripted


@pytest.fixture
def envoy() -> Iterator[ScriptedServer]:
    """A server with Envoy's ways."""
    with ScriptedServer(behaviour=EnvoyBehaviour()) as server:
        yield server


def test_what_envoy_is_told(envoy: ScriptedServer) -> None:
    envoy.behaviour.password = "secret"
    with connect(envoy, proxy="envoyproxy", user="default", password="secret", name="me") as mux:
        assert mux.is_connected
        assert [words[0] for words in envoy.commands()] == [b"AUTH", b"ECHO"]
        db = mux.get_database()
        db.mset({"a": "1", "b": "2"})
        assert db.mget("a", "b") == [b"1", b"2"]
        assert db.delete("a", "b") == 2


def test_an_envoy_without_echo(envoy: ScriptedServer) -> None:
    envoy.on("ECHO", Error("ERR unknown command 'echo', with args beginning with: "))
    with connect(envoy, proxy="envoyproxy", abort_connect=True) as mux:
        assert [words[0] for words in envoy.commands()] == [b"ECHO", b"PING"]
        assert mux.get_database().set("key", "value")


def test_nobody_asks_a_proxy_for_its_role(envoy: ScriptedServer) -> None:
    every_moment = {"heartbeat_interval": 0.05, "keep_alive": 0.05, "config_check_seconds": 0.05}
    with connect(envoy, proxy="envoyproxy", **every_moment) as mux:
        until(lambda: len(envoy.commands("PING")) > 3)
        assert {words[0] for words in envoy.commands()} == {b"ECHO", b"PING"}
        assert mux.get_status()["servers"][0]["role"] == "proxy"


def test_several_instances_of_a_proxy(envoy: ScriptedServer) -> None:
    with ScriptedServer(behaviour=EnvoyBehaviour()) as other:
        servers = f"{envoy.host}:{envoy.port},{other.host}:{other.port}"
        with ConnectionMultiplexer.connect(servers, proxy="envoyproxy") as mux:
            db = mux.get_database()
            until(lambda: all(server["interactive"]["state"] == "established" for server in _servers(mux)))
            assert db.set("key", "value")
            envoy.close()
            until(lambda: _servers(mux)[0]["interactive"]["state"] != "established")
            assert db.set("key", "value")
            assert len(other.commands("SET")) == 1


def _servers(mux: ConnectionMultiplexer) -> Any:
    return mux.get_status()["servers"]


def test_servers_behind_envoy_that_are_down(envoy: ScriptedServer) -> None:
    behaviour: Any = envoy.behaviour
    with connect(envoy, proxy="envoyproxy") as mux:
        db = mux.get_database()
        db.mset({"up": "1", "down": "2"})
        behaviour.down = {b"down"}
        assert db.get("up") == b"1"
        with pytest.raises(ResponseError, match="upstream failure"):
            db.get("down")
        with pytest.raises(ResponseError, match="finished with 1 error"):
            db.delete("up", "down")
        up, down = db.mget("up", "down")
        assert up == b"1"
        assert isinstance(down, ResponseError)


def test_envoy_comes_back(envoy: ScriptedServer) -> None:
    with connect(envoy, proxy="envoyproxy") as mux:
        envoy.on("GET", Sequence(Close(reset=True)))
        assert mux.get_database().get("key") is None  # sent again, as it changes nothing
        assert {words[0] for words in envoy.commands()} == {b"ECHO", b"GET"}


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda db: db.blpop("key", 1), "BLPOP"),
        (lambda db: db.xread({"key": 0}), "XREAD"),
        (lambda db: db.pipeline().get("key").execute(), "MULTI"),
        (lambda db: db.watch("key").__enter__(), "WATCH"),
        (lambda db: db.execute("CONFIG", "SET", "a", "b"), "CONFIG SET"),
        (lambda db: db.sunion("a", "b"), "SUNION was not sent"),
    ],
)
def test_what_envoy_does_not_pass_on(envoy: ScriptedServer, call: Callable[[Any], Any], name: str) -> None:
    with connect(envoy, proxy="envoyproxy") as mux:
        with pytest.raises((CommandDisabledError, ClusterCrossSlotError), match=rf"^{name}.*Envoy"):
            call(mux.get_database())
        assert [words[0] for words in envoy.commands()] == [b"ECHO"]


# -- configuration


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("proxy=twemproxy,protocol=3", "protocol"),
        ("proxy=envoyproxy,defaultDatabase=1", "default_database"),
        ("proxy=envoyproxy,serviceName=main", "service_name"),
        ("proxy=twemproxy,readFrom=preferReplica", "read_from"),
        ("proxy=twemproxy,user=me,password=secret", "user"),
        ("proxy=twemproxy,highIntegrity=true", "high_integrity"),
    ],
)
def test_what_makes_no_sense_with_a_proxy(text: str, part: str) -> None:
    with pytest.raises(ConfigurationError, match=rf"^{part}: "):
        ConnectionMultiplexer.connect(f"localhost:6379,{text}")
