# Generated from tests/asyncio/test_high_integrity.py by scripts/generate_blocking.py; change that file instead.
"""High-integrity mode over sockets: replies that are lost, doubled or shifted never reach a caller."""

from __future__ import annotations

import threading
from functools import partial
from typing import Any

import pytest

from multiplexer.errors import ProtocolError, RedisConnectionError, RedisTimeoutError
from tests.conftest import Target
from tests.servers import DEFAULT, Error, Many, Push, RealServer, ScriptedServer, Sequence, Silence

from ._world import gather, spawn, until
from .connecting import connect


def _proven(server: Any, **changes: Any) -> Any:
    return connect(server, high_integrity=True, **changes)


@pytest.mark.parametrize("protocol", [2, 3])
@pytest.mark.parametrize(
    "fault", [Silence(), Many("stray", DEFAULT), Many(DEFAULT, "stray")], ids=["lost", "before", "after"]
)
def test_a_shifted_reply_reaches_nobody(fault: Any, protocol: int) -> None:
    with ScriptedServer() as server:
        server.on("INCR", Sequence(fault))
        with _proven(server, protocol=protocol) as mux:
            db = mux.get_database()
            db.set("key", "mine")
            with pytest.raises(ProtocolError, match="high integrity"):
                db.incr("n")
            # The connection was closed, and the next one serves.
            until(lambda: mux.is_connected)
            assert db.get("key") == b"mine"
            assert server.accepted == 2


def test_without_it_a_shifted_reply_does_reach_a_caller() -> None:
    """What the mode is for; a test of the tests above."""
    with ScriptedServer() as server:
        server.on("GETDEL", Sequence(Many("stray", DEFAULT)))
        with connect(server) as mux:
            assert mux.get_database().getdel("key") == b"stray"


def test_whatever_is_in_flight_fails_and_nothing_gets_a_neighbours_reply() -> None:
    with ScriptedServer() as server:
        lost = threading.Event()

        def lose(connection: Any, args: Any) -> Any:
            if args[1] == b"key-50" and not lost.is_set():
                lost.set()
                return Silence()
            return DEFAULT

        server.on("INCRBY", lose)
        with _proven(server) as mux:
            db = mux.get_database()

            def count(index: int) -> Any:
                try:
                    return db.incr(f"key-{index}", index)
                except RedisConnectionError as error:
                    return error

            results = gather(*[partial(count, index) for index in range(100)])
            assert isinstance(results[50], ProtocolError)
            for index, result in enumerate(results):
                # What was not in flight was sent on the next connection.
                assert result == index or (isinstance(result, ProtocolError) and result.was_sent)


def test_reads_are_sent_again_and_then_have_their_own_reply() -> None:
    with ScriptedServer() as server:
        with _proven(server) as mux:
            db = mux.get_database()
            db.mset({"a": 1, "b": 2})
            server.on("GET", Sequence(Silence()))
            assert gather(partial(db.get, "a"), partial(db.get, "b")) == [b"1", b"2"]
            assert server.accepted == 2


def test_a_lost_token_is_waited_for_no_longer_than_the_deadline() -> None:
    with ScriptedServer() as server:
        with _proven(server, timeout=0.3) as mux:
            db = mux.get_database()
            server.on("ECHO", Sequence(Silence()))
            with pytest.raises(RedisTimeoutError):
                db.set("key", 1)
            server.off("ECHO")
            # The next reply comes in the place of the token.
            with pytest.raises(ProtocolError):
                db.incr("n")


def test_echo_forbidden_says_so() -> None:
    with ScriptedServer() as server:
        with _proven(server) as mux:
            server.on("ECHO", Sequence(Error("NOPERM this user has no permissions to run the 'echo' command")))
            with pytest.raises(ProtocolError, match="refused the ECHO that high integrity needs: NOPERM"):
                mux.get_database().incr("n")


def test_batches_and_transactions() -> None:
    with ScriptedServer() as server:
        with _proven(server) as mux:
            db = mux.get_database()
            for make in (db.batch, db.pipeline):
                server.on("GETDEL", Sequence(Silence()))
                queue = make()
                queue.set("key", 1)
                queue.getdel("key")
                queue.incr("n")
                with pytest.raises(RedisConnectionError):
                    queue.execute()
                server.off("GETDEL")
                until(lambda: mux.is_connected)


def test_pushes_in_between_are_no_replies() -> None:
    with ScriptedServer() as server:
        server.on("GET", Many(Push("invalidate", [b"k"]), DEFAULT, Push("invalidate", [b"k"])))
        server.on("ECHO", Many(Push("weather", "rain"), DEFAULT, Push("weather", "sun")))
        with _proven(server, protocol=3) as mux:
            db = mux.get_database()
            db.set("key", "value")
            assert gather(*[partial(db.get, "key")] * 20) == [b"value"] * 20
            assert server.accepted == 1


def test_every_kind_of_command_on_a_real_server(server: RealServer, target: Target) -> None:
    with _proven(server, protocol=target.protocol) as mux:
        db = mux.get_database()
        large = bytes(range(256)) * 400
        assert gather(*[partial(db.incr, "n")] * 50, partial(db.set, "large", large))
        assert db.get("n") == b"50"
        assert db.get("large") == large
        assert db.hset("hash", mapping={"a": 1, "b": 2}) == 2
        assert db.hgetall("hash") == {b"a": b"1", b"b": b"2"}
        batch = db.batch()
        calls = [batch.incr("n"), batch.set("large", large), batch.get("large"), batch.lpush("n", 1), batch.get("n")]
        results = batch.execute(raise_on_error=False)
        assert results[:3] == [51, True, large]
        assert "WRONGTYPE" in str(results[3])
        assert results[4] == b"51"
        assert calls[0].result() == 51
        transaction = db.pipeline()
        transaction.incr("n")
        transaction.set("large", large)
        transaction.get("n")
        assert transaction.execute() == [52, True, b"52"]
        with_script = db.pipeline()
        with_script.get("n")
        db.register_script("return ARGV[1]")(args=["loaded before MULTI"], client=with_script)
        assert with_script.execute() == [b"52", b"loaded before MULTI"]
        other = mux.get_database(3)
        assert gather(*[partial(db.set, f"k{n}", n) for n in range(20)], *[partial(other.incr, "n")] * 20)
        assert other.get("n") == b"20"
        assert db.get("n") == b"52"
        other.delete("n")
        counters = mux.get_counters()[0].interactive
        assert counters.sent_items_awaiting_response == 0


def test_subscriptions(server: RealServer, target: Target) -> None:
    with _proven(server, protocol=target.protocol) as mux:
        news = mux.get_subscriber().subscribe("news")
        db = mux.get_database()
        for number in range(10):
            assert gather(partial(db.publish, "news", number), partial(db.incr, "n"))
        received = [news.get(5).data for _ in range(10)]
        assert received == [b"%d" % number for number in range(10)]
        news.unsubscribe()


def test_a_database_entered_in_between(server: RealServer, target: Target) -> None:
    with _proven(server, protocol=target.protocol) as mux:
        handles = [mux.get_database(index) for index in (0, 1, 2)]
        tasks = [spawn(handles[number % 3].rpush, "list", number) for number in range(60)]
        for task in tasks:
            task.result()
        for index, db in enumerate(handles):
            members = db.lrange("list", 0, -1)
            assert sorted(map(int, members)) == list(range(index, 60, 3))
            db.delete("list")


def test_asked_for_while_running(own_server: RealServer) -> None:
    with connect(own_server) as mux:
        db = mux.get_database()
        assert db.incr("n") == 1
        mux.reconfigure(high_integrity=True, parser="python")
        own_server.command("CLIENT", "KILL", "TYPE", "normal")
        until(lambda: mux.get_counters()[0].interactive.socket_count == 2 and mux.is_connected)
        before = int(own_server.info("commandstats")["cmdstat_echo"].split(",")[0].removeprefix("calls="))
        assert gather(*[partial(db.incr, "n")] * 20)
        after = int(own_server.info("commandstats")["cmdstat_echo"].split(",")[0].removeprefix("calls="))
        assert after - before == 20
