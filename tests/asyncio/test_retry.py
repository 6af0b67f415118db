"""What is sent again, and what never."""

from __future__ import annotations

import threading
from itertools import pairwise
from typing import Any

import pytest

from multiplexer import CommandFlags, HashSlotMoved, ReplayCategory
from multiplexer.errors import (
    AskError,
    BusyLoadingError,
    ClusterDownError,
    DataError,
    MasterDownError,
    MovedError,
    ReadOnlyError,
    RedisConnectionError,
    RedisError,
    ResponseError,
    TryAgainError,
)
from multiplexer.retry import ConstantBackoff
from tests.servers import Close, Error, FaultProxy, Hold, RealServer, ScriptedServer, Sequence

from ._world import spawn, until
from .connecting import connect

NEVER_APPLIED = [
    ("LOADING Redis is loading the dataset in memory", BusyLoadingError),
    ("READONLY You can't write against a read only replica.", ReadOnlyError),
    ("TRYAGAIN Multiple keys request during rehashing of slot", TryAgainError),
    ("CLUSTERDOWN The cluster is down", ClusterDownError),
    ("MASTERDOWN Link with MASTER is down", MasterDownError),
]


@pytest.mark.parametrize("protocol", [2, 3])
@pytest.mark.parametrize(("text", "kind"), NEVER_APPLIED)
async def test_what_was_not_applied_is_sent_again(text: str, kind: type[RedisError], protocol: int) -> None:
    with ScriptedServer() as server:
        server.on("INCR", Sequence(Error(text), Error(text)))
        async with await connect(server, protocol=protocol) as mux:
            assert await mux.get_database().incr("n") == 1
            assert len(server.commands("INCR")) == 3
            assert mux.get_counters()[0].interactive.retried == 2


@pytest.mark.parametrize(("text", "kind"), NEVER_APPLIED)
async def test_retrying_ends_at_the_deadline(text: str, kind: type[RedisError]) -> None:
    with ScriptedServer() as server:
        server.on("INCR", Error(text))
        async with await connect(server) as mux:
            with pytest.raises(kind) as caught:
                await mux.get_database().with_options(timeout=2, retry=ConstantBackoff(0.75)).incr("n")
            assert (caught.value.phase, caught.value.command) == ("answered", "INCR")
            assert str(caught.value) == text
            assert len(server.commands("INCR")) > 1


@pytest.mark.parametrize("text", ["ERR no such thing", "WRONGTYPE Operation against a key", "OOM command not allowed"])
async def test_other_errors_are_handed_over_at_once(text: str) -> None:
    with ScriptedServer() as server:
        server.on("GET", Error(text))
        async with await connect(server) as mux:
            with pytest.raises(ResponseError, match=text):
                await mux.get_database().get("key")
            assert len(server.commands("GET")) == 1


@pytest.mark.parametrize(("text", "kind"), [("MOVED 1 10.0.0.1:1", MovedError), ("ASK 1 10.0.0.1:1", AskError)])
async def test_redirections_of_a_lone_server_reach_the_caller(text: str, kind: type[RedisError]) -> None:
    with ScriptedServer() as server:
        server.on("GET", Error(text))
        async with await connect(server) as mux:
            moves: list[HashSlotMoved] = []
            mux.hash_slot_moved += moves.append
            with pytest.raises(kind):
                await mux.get_database().get("key")
            assert len(server.commands("GET")) == 1
            if kind is MovedError:
                await until(lambda: moves == [HashSlotMoved(1, f"{server.host}:{server.port}", "10.0.0.1:1")])


async def test_no_retry() -> None:
    with ScriptedServer() as server:
        server.on("INCR", Error("LOADING"))
        server.on("GET", Close())
        async with await connect(server) as mux:
            db = mux.get_database().with_options(flags=CommandFlags.NO_RETRY)
            with pytest.raises(BusyLoadingError):
                await db.incr("n")
            assert len(server.commands("INCR")) == 1
            with pytest.raises(RedisConnectionError) as caught:
                await db.get("key")
            assert caught.value.was_sent
            assert len(server.commands("GET")) == 1


async def test_a_handle_says_how_harmful_what_is_sent_again_may_be() -> None:
    """When the connection is lost after a command was sent."""
    with ScriptedServer() as server:
        async with await connect(server) as mux:
            db = mux.get_database().with_options(retry_up_to=ReplayCategory.WRITE_CHECKED)
            server.on("SET", Sequence(Close(), Close()))
            assert await db.set("key", "value", nx=True) is True
            assert len(server.commands("SET")) == 3
            server.on("SET", Sequence(Close()))
            with pytest.raises(RedisConnectionError) as caught:
                await db.set("key", "value")
            assert caught.value.was_sent
            server.on("SET", Sequence(Close()))
            milder = db.with_options(retry_up_to=ReplayCategory.WRITE_LAST_WINS)
            assert await milder.set("key", "value") is True
            server.on("INCR", Sequence(Close()))
            with pytest.raises(RedisConnectionError):
                await milder.incr("n")
            assert await milder.with_options(retry_up_to=ReplayCategory.ACCUMULATING).incr("n") == 1
            wrong: tuple[Any, ...] = (ReplayCategory.ADMIN, ReplayCategory.CONNECTION, 4, None, "READ_ONLY")
            for limit in wrong:
                with pytest.raises(DataError, match="retry_up_to"):
                    db.with_options(retry_up_to=limit)


async def test_the_wait_between_attempts_can_be_chosen() -> None:
    with ScriptedServer() as server:
        server.on("INCR", Sequence(*[Error("TRYAGAIN")] * 3))
        async with await connect(server) as mux:
            assert await mux.get_database().with_options(retry=ConstantBackoff(0.05)).incr("n") == 1
        times = [item.time for item in server.received if item.name == "INCR"]
        assert all(later - earlier >= 0.045 for earlier, later in pairwise(times))


async def test_a_role_is_asked_for_when_a_write_meets_a_replica() -> None:
    with ScriptedServer() as server:
        async with await connect(server) as mux:
            server.clear()
            server.on("SET", Sequence(Error("READONLY You can't write against a read only replica.")))
            assert await mux.get_database().set("key", 1)
            await until(lambda: server.commands("ROLE"))


@pytest.mark.parametrize("protocol", [2, 3])
async def test_a_sent_read_is_sent_again_when_the_connection_breaks(protocol: int) -> None:
    with ScriptedServer() as server:
        server.on("GET", Sequence(Close("value", after_bytes=3), Close(reset=True)))
        async with await connect(server, protocol=protocol) as mux:
            db = mux.get_database()
            await db.set("key", "value")
            assert await db.get("key") == b"value"
            assert len(server.commands("GET")) == 3


async def test_a_sent_read_that_breaks_every_connection_is_given_up() -> None:
    with ScriptedServer() as server:
        server.on("GET", Close())
        async with await connect(server) as mux:
            with pytest.raises(RedisConnectionError, match="was sent"):
                await mux.get_database().get("key")
            assert len(server.commands("GET")) == 4


@pytest.mark.parametrize("call", [("INCR", "n"), ("SET", "key", "1"), ("LPOP", "list"), ("EVAL", "return 1", "0")])
async def test_a_sent_write_is_never_sent_again_unasked(call: tuple[str, ...]) -> None:
    with ScriptedServer() as server:
        server.on(call[0], Close())
        async with await connect(server) as mux:
            with pytest.raises(RedisConnectionError, match="was sent and may have been applied") as caught:
                await mux.get_database().execute(*call)
            assert (caught.value.was_sent, caught.value.phase, caught.value.command) == (True, "written", call[0])
            assert caught.value.endpoint == f"{server.host}:{server.port}"
            await until(lambda: mux.is_connected)
            assert await mux.get_database().ping()
            assert len(server.commands(call[0])) == 1


async def test_a_sent_write_is_sent_again_when_asked_for() -> None:
    with ScriptedServer() as server:
        server.on("SET", Sequence(Close(), Close(reset=True)))
        server.on("EVAL", Close())
        async with await connect(server) as mux:
            db = mux.get_database().with_options(flags=CommandFlags.RETRY_WRITES)
            assert await db.set("key", 1) is True
            assert len(server.commands("SET")) == 3
            with pytest.raises(RedisConnectionError):  # what a script does cannot be judged
                await db.execute("EVAL", "return 1", 0)
            assert len(server.commands("EVAL")) == 1


async def test_each_caller_gets_an_error_of_its_own() -> None:
    with ScriptedServer() as server:
        held = threading.Event()
        server.on("INCR", Hold(held))
        async with await connect(server) as mux:
            db = mux.get_database()
            sent = [spawn(db.incr, f"n{index}") for index in range(3)]
            await until(lambda: mux.get_counters()[0].interactive.sent_items_awaiting_response == 3)
            server.stop_listening()
            server.close_connections(reset=True)
            await until(lambda: not mux.is_connected)
            queued = spawn(db.with_options(timeout=0.1).incr, "late")
            errors = []
            for call in [*sent, queued]:
                with pytest.raises(RedisError) as caught:
                    await call.result()
                errors.append(caught.value)
            assert [error.was_sent for error in errors] == [True, True, True, False]
            assert len({id(error) for error in errors}) == 4


async def test_reads_survive_a_cut_in_the_middle_of_a_reply(server: RealServer) -> None:
    with FaultProxy(server.host, server.port) as proxy:
        async with await connect(proxy) as mux:
            db = mux.get_database()
            await db.set("key", b"v" * 1000)
            for _ in range(5):
                proxy.cut(after_bytes=400)
                assert await db.get("key") == b"v" * 1000
            assert mux.get_counters()[0].interactive.socket_count == 6


@pytest.mark.parametrize(("text", "kind"), NEVER_APPLIED)
async def test_a_batch_that_was_refused_as_a_whole_is_sent_again(text: str, kind: type[RedisError]) -> None:
    with ScriptedServer() as server:
        server.on("INCR", Sequence(Error(text), Error(text), Error(text), Error(text)))
        async with await connect(server) as mux:
            batch = mux.get_database().batch()
            first = batch.incr("n")
            batch.incr("n")
            assert await batch.execute() == [1, 2]
            assert first.result() == 1  # type: ignore[attr-defined]
            assert len(server.commands("INCR")) == 6


async def test_a_batch_that_was_refused_in_part_is_not_sent_again() -> None:
    with ScriptedServer() as server:
        server.on("INCR", Sequence(Error("LOADING Redis is loading the dataset in memory")))
        async with await connect(server) as mux:
            results = await mux.get_database().pipeline(transaction=False).incr("n").incr("n").execute(False)
            assert isinstance(results[0], BusyLoadingError)
            assert results[1] == 1
            assert len(server.commands("INCR")) == 2


async def test_a_transaction_that_was_refused_is_sent_again() -> None:
    with ScriptedServer() as server:
        server.on("INCR", Sequence(Error("LOADING Redis is loading the dataset in memory")))
        server.on("EXEC", Sequence(Error("EXECABORT Transaction discarded because of previous errors.")))
        async with await connect(server) as mux:
            assert await mux.get_database().pipeline().incr("n").execute() == [1]
            assert len(server.commands("INCR")) == 2
