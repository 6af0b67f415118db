# Generated from tests/asyncio/compat/test_pipeline.py by scripts/generate_blocking.py; change that file instead.
"""The façade's pipeline: collecting, transactions, watching, and errors that say which command they are of."""

from __future__ import annotations

import gc
from typing import Any

import pytest

from multiplexer.compat.blocking.client import Pipeline, Redis
from multiplexer.errors import BusyLoadingError, ExecAbortError, RedisError, ResponseError, WatchError
from tests.servers import FaultProxy, RealServer

from .._world import until


@pytest.fixture(params=[True, False], ids=["transaction", "plain"])
def transaction(request: pytest.FixtureRequest) -> bool:
    """Whether the pipeline is a transaction."""
    return bool(request.param)


def test_results(client: Redis, transaction: bool) -> None:
    with client.pipeline(transaction) as pipe:
        assert pipe.set("k", 1) is pipe
        pipe.incr("k").get("k").hset("h", "a", 1).hgetall("h").execute_command("HGETALL", "h")
        pipe.zadd("z", {"m": 1}).zrange("z", 0, -1, withscores=True).config_get("maxmemory-policy")
        assert len(pipe) == 9
        assert pipe.execute() == [
            True,
            2,
            b"2",
            1,
            {b"a": b"1"},
            {b"a": b"1"},
            1,
            [(b"m", 1.0)],
            {"maxmemory-policy": "noeviction"},
        ]
        assert len(pipe) == 0
        assert bool(pipe)
        assert pipe.execute() == []
        assert pipe.get("k").execute() == [b"2"]
    assert not client.connection_pool._in_use_connections


def test_texts(options: dict[str, Any], multiplexed: bool, transaction: bool) -> None:
    with Redis(**options, decode_responses=True, multiplexed=multiplexed) as client:
        pipe = client.pipeline(transaction)
        assert pipe.set("k", "ü").get("k").execute_command("GET", "k", NEVER_DECODE=True).execute() == [
            True,
            "ü",
            "ü".encode(),
        ]


def test_the_first_error_is_raised_and_says_of_what(client: Redis, transaction: bool) -> None:
    client.set("k", "v")
    pipe = client.pipeline(transaction).set("a", 1).lpush("k", 1).set("b", 1)
    with pytest.raises(ResponseError, match=r"^Command # 2 \(LPUSH k 1\) of pipeline caused error: WRONGTYPE"):
        pipe.execute()
    assert client.mget("a", "b") == [b"1", b"1"]
    results = client.pipeline(transaction).set("a", 2).lpush("k", "y" * 300).execute(raise_on_error=False)
    assert results[0] is True
    assert isinstance(results[1], ResponseError)
    assert str(results[1]).startswith("WRONGTYPE ")  # only what is raised says of what it is
    assert not client.connection_pool._in_use_connections


def test_long_commands_are_shortened(client: Redis) -> None:
    client.set("k", "v")
    with pytest.raises(ResponseError, match=r"^Command # 1 \(LPUSH k 1\.\.\.\) of pipeline"):
        client.pipeline().lpush("k", 1, "y" * 300).execute()


def test_a_refused_transaction_runs_nothing(client: Redis) -> None:
    pipe = client.pipeline().set("a", 1).execute_command("SET", "b").set("c", 1)
    with pytest.raises(ResponseError, match=r"^Command # 2 \(SET b\) of pipeline caused error"):
        pipe.execute()
    assert client.exists("a", "b", "c") == 0
    with pytest.raises(ResponseError):
        client.pipeline().execute_command("NO-SUCH").execute(raise_on_error=False)


def test_replies_that_stand_in_for_nothing(client: Redis, transaction: bool) -> None:
    pipe = client.pipeline(transaction)
    pipe.set("k", 1).execute_command("MGET", EMPTY_RESPONSE=[]).get("k")
    assert pipe.execute() == [True, [], b"1"]


def test_callbacks(client: Redis, transaction: bool) -> None:
    client.set_response_callback("GET", lambda reply, **options: ("called", reply))
    assert client.pipeline(transaction).set("k", 1).get("k").execute() == [True, ("called", b"1")]


def test_watch(client: Redis, other: Redis) -> None:
    with client.pipeline() as pipe:
        client.set("k", 1)
        assert pipe.watch("k") is True
        assert pipe.watching
        value = int(pipe.get("k"))
        pipe.multi()
        assert pipe.explicit_transaction
        pipe.set("k", value + 1)
        assert pipe.execute() == [True]
        assert not pipe.watching
        assert client.get("k") == b"2"

        pipe.watch("k")
        other.set("k", 10)
        pipe.multi()
        pipe.set("k", 3)
        with pytest.raises(WatchError):
            pipe.execute()
        assert client.get("k") == b"10"

        pipe.watch("k")
        other.set("k", 11)
        assert pipe.unwatch() is True
        assert not pipe.watching
        assert pipe.set("k", 12).execute() == [True]
    assert not client.connection_pool._in_use_connections


def test_watched_values_are_read_at_once(client: Redis) -> None:
    with client.pipeline() as pipe:
        pipe.watch("k")
        client.set("k", 1)
        pipe.multi()
        with pytest.raises(WatchError):
            pipe.execute()
        pipe.watch("k")
        assert pipe.get("k") == b"1"
        assert pipe.execute() == []


def test_leaving_ends_the_watch(client: Redis, other: Redis) -> None:
    with client.pipeline() as pipe:
        pipe.watch("k")
    (connection,) = client.connection_pool._available_connections
    assert connection.is_connected
    with client.pipeline() as pipe:
        pipe.watch("other")
        assert pipe.connection is connection
        other.set("k", 1)
        pipe.multi()
        pipe.get("k")
        assert pipe.execute() == [b"1"]


def test_misuse(client: Redis) -> None:
    pipe = client.pipeline()
    pipe.multi()
    with pytest.raises(RedisError, match="nested"):
        pipe.multi()
    with pytest.raises(RedisError, match="after a MULTI"):
        pipe.watch("k")
    pipe.reset()
    pipe.get("k")
    with pytest.raises(RedisError, match="already been issued"):
        pipe.multi()
    pipe.discard()
    assert [args for args, _ in pipe.command_stack] == [("GET", "k"), ("DISCARD",)]
    pipe.close()
    assert not pipe.command_stack


def test_a_connection_lost_while_watching_ends_the_transaction(server: RealServer, target: Any) -> None:
    """Whatever is lost, and whenever: what was watched is not known any longer, so nothing is run."""
    with FaultProxy(server.host, server.port) as proxy:
        with Redis(host=proxy.host, port=proxy.port, protocol=target.protocol) as client:
            for lose in (proxy.reset, proxy.close_all):
                with client.pipeline() as pipe:
                    pipe.watch("k")
                    lose()
                    pipe.multi()
                    pipe.set("k", 1)
                    with pytest.raises(WatchError, match="ConnectionError occurred while watching"):
                        pipe.execute()
                with client.pipeline() as pipe:
                    pipe.watch("k")
                    lose()
                    with pytest.raises(WatchError, match="ConnectionError occurred while watching"):
                        pipe.get("k")
                    assert not pipe.watching
            with client.pipeline() as pipe:
                pipe.watch("k")
                pipe.connection.disconnect()
                with pytest.raises(WatchError):
                    pipe.get("k")
                pipe.watch("k")
                pipe.connection.disconnect()
                pipe.multi()
                with pytest.raises(WatchError):
                    pipe.set("k", 1).execute()
            assert not client.exists("k")
            assert not client.connection_pool._in_use_connections


def test_a_forgotten_pipeline_gives_its_connection_back(client: Redis, other: Redis) -> None:
    pool = client.connection_pool
    client.pipeline().watch("k")
    gc.collect()
    until(lambda: not pool._in_use_connections)
    other.set("k", 1)
    with client.pipeline() as pipe:
        pipe.watch("other")
        pipe.multi()
        pipe.get("k")
        assert pipe.execute() == [b"1"]  # nothing of the first one's watch is left


def test_transaction(client: Redis, other: Redis) -> None:
    tries: list[int] = []


    def count(pipe: Pipeline) -> str:
        value = int(pipe.get("n") or 0)
        tries.append(value)
        if len(tries) == 1:
            other.set("n", 5)
        pipe.multi()
        pipe.set("n", value + 1)
        return "done"

    assert client.transaction(count, "n", watch_delay=0.001) == [True]
    assert tries == [0, 5]
    assert client.get("n") == b"6"
    assert client.transaction(count, "n", value_from_callable=True) == "done"
    assert client.transaction(lambda pipe: pipe.set("k", 1)) == [True]


def test_scripts(client: Redis) -> None:
    script = client.register_script("return {KEYS[1], ARGV[1]}")
    assert script(keys=["k"], args=["v"]) == [b"k", b"v"]
    client.script_flush()
    assert script(keys=["k"], args=["v"]) == [b"k", b"v"]
    client.script_flush()
    for transaction in (True, False):
        pipe = client.pipeline(transaction)
        pipe.set("k", 1)
        assert script(keys=["k"], args=["v"], client=pipe) is pipe
        assert pipe.scripts == {script}
        assert pipe.execute() == [True, [b"k", b"v"]]
        client.script_flush()


def test_subclasses_may_override_what_they_like(client: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    """Programs that trace wrap these; wrapping goes for pipelines that exist already."""
    calls: list[str] = []
    pipe = client.pipeline()
    for name in ("execute", "immediate_execute_command", "pipeline_execute_command"):
        original = getattr(Pipeline, name)

        def wrapped(self: Any, *args: Any, _name: str = name, _original: Any = original, **options: Any) -> Any:
            calls.append(_name)
            return _original(self, *args, **options)

        monkeypatch.setattr(Pipeline, name, wrapped)
    pipe.watch("k")
    pipe.get("k")
    pipe.multi()
    pipe.get("k")
    pipe.execute()
    assert calls == ["immediate_execute_command"] * 2 + ["pipeline_execute_command", "execute"]


def test_aborted_transactions(client: Redis) -> None:
    """DISCARD in a transaction: the server says that EXEC comes without MULTI."""
    pipe = client.pipeline()
    pipe.set("k", 1)
    with pytest.raises((ResponseError, ExecAbortError)):
        pipe.execute_command("SET").execute()
    assert not client.exists("k")


def test_what_cannot_be_decoded(options: dict[str, Any], multiplexed: bool, transaction: bool) -> None:
    """One result that is no text does not take the others with it, and is an error like any other."""
    with Redis(**options, decode_responses=True, multiplexed=multiplexed) as client:
        client.set("k", b"\xff")
        pipe = client.pipeline(transaction).set("n", 1).get("k").incr("n")
        first, second, third = pipe.execute(raise_on_error=False)
        assert (first, second.__class__, third) == (True, UnicodeDecodeError, 2)
        with pytest.raises(UnicodeDecodeError):
            client.pipeline(transaction).set("n", 5).get("k").incr("n").execute()
        assert client.get("n") == "6"
        with pytest.raises(UnicodeDecodeError):
            client.get("k")


def test_an_error_of_any_class_is_raised(client: Redis) -> None:
    """Whatever was run is not run again because of it."""
    pipe = client.pipeline().execute_command("DEBUG", "ERROR", "LOADING x").incr("n")
    with pytest.raises(BusyLoadingError):
        pipe.execute()
    assert client.get("n") == b"1"
    (error, number) = pipe.execute_command("DEBUG", "ERROR", "LOADING x").incr("n").execute(False)
    assert (error.__class__, number) == (BusyLoadingError, 2)
