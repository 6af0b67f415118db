"""Profiling sessions: what is collected, in which order the times are, and what a retry looks like."""

from __future__ import annotations

import threading
from functools import partial
from time import monotonic, time

import pytest

from multiplexer import ProfiledCommand, ProfilingSession
from multiplexer.asyncio import ConnectionMultiplexer, Database
from multiplexer.core.call_options import CommandFlags
from multiplexer.core.message import Message
from multiplexer.errors import DataError, RedisConnectionError, RedisTimeoutError, ResponseError
from multiplexer.retry import ConstantBackoff
from tests.conftest import Target
from tests.servers import DEFAULT, Close, Delay, Error, FaultProxy, Hold, RealServer, ScriptedServer, Sequence

from ._world import WORLD, gather, spawn, until
from .connecting import connect


def in_order(command: ProfiledCommand) -> bool:
    """Whether every time is there, and none before the one it follows."""
    times = [command.created, command.enqueued, command.sent, command.responded, command.completed]
    return None not in times and times == sorted(times)  # type: ignore[type-var]


def names(session: ProfilingSession) -> list[str]:
    """Return the commands' names, in the order they were completed."""
    return [command.command for command in session]


async def test_times_of_one_command(mux: ConnectionMultiplexer, db: Database[bytes], server: RealServer) -> None:
    clock, wall = monotonic(), time()
    with mux.profile() as session:
        await db.set("k", "v")
    await db.get("k")
    [command] = session
    assert (command.command, command.database, command.flags, command.error) == ("SET", 0, 0, None)
    assert command.endpoint == f"{server.host}:{server.port}"
    assert in_order(command)
    assert clock <= command.created
    assert wall - 0.1 <= command.created_at <= time()
    parts = [
        command.creation_to_enqueued,
        command.enqueued_to_sending,
        command.sent_to_response,
        command.response_to_completion,
    ]
    assert command.elapsed == pytest.approx(sum(part or 0.0 for part in parts), abs=1e-6)
    assert "SET" in repr(command)
    assert "1 commands, finished" in repr(session)


async def test_many_callers(mux: ConnectionMultiplexer, db: Database[bytes]) -> None:
    with mux.profile(everybody=True) as session:
        await gather(*[partial(db.incr, "n")] * 100)
    assert names(session) == ["INCR"] * 100
    assert all(in_order(command) for command in session)
    assert await db.get("n") == b"100"


async def test_only_the_commands_of_this_context(mux: ConnectionMultiplexer, db: Database[bytes]) -> None:
    async def inside() -> list[str]:
        with mux.profile() as session:
            await db.set("inside", 1)
            await db.get("inside")
        return names(session)

    async def outside() -> list[str]:
        await db.incr("outside")
        return []

    with mux.profile() as around:
        await db.ping()
        assert await inside() == ["SET", "GET"]
        beside = await gather(*[inside, outside] * 20)
    assert beside == [["SET", "GET"], []] * 20
    assert names(around)[:3] == ["PING", "SET", "GET"]
    # Tasks run in a copy of the context they are started in; threads have one of their own.
    assert len(around) == (3 + 60 if WORLD == "asyncio" else 3)


async def test_a_function_that_names_the_session(mux: ConnectionMultiplexer, db: Database[bytes]) -> None:
    first, second = ProfilingSession(), ProfilingSession()
    current: ProfilingSession | None = first

    def profiler() -> ProfilingSession | None:
        return current

    mux.register_profiler(profiler)
    await db.set("k", 1)
    current = second
    await db.get("k")
    current = None
    await db.incr("k")
    current = first
    mux.unregister_profiler(profiler)
    await db.ping()
    assert [command.command for command in first.finish()] == ["SET"]
    assert names(second) == ["GET"]


async def test_a_part_of_the_commands(mux: ConnectionMultiplexer, db: Database[bytes]) -> None:
    fifth, tenth, none, every = (ProfilingSession() for _ in range(4))
    asked = 0

    def of_a_fifth() -> ProfilingSession:
        nonlocal asked
        asked += 1
        return fifth

    mux.register_profiler(of_a_fifth, 0.2)
    mux.register_profiler(lambda: tenth, 0.1)
    mux.register_profiler(lambda: none, 0)
    for _ in range(15):
        await gather(*[partial(db.get, "k")] * 50, *[partial(db.blpop, ["k"], 0.001)] * 3)
        batch = db.batch()
        batch.get("k")
        await batch.execute()
    assert 90 < asked == len(fifth) < 260
    assert {"GET", "BLPOP"} <= {*names(fifth)}
    assert 30 < len(tenth) < 150
    assert [*none] == []
    mux.register_profiler(lambda: every)
    await gather(*[partial(db.get, "k")] * 50)
    assert len(every) == 50
    assert asked < 300
    mux.unregister_profiler(of_a_fifth)


@pytest.mark.parametrize("ratio", [0.0, 5e-324, 1e-17])
async def test_next_to_none_of_the_commands(mux: ConnectionMultiplexer, db: Database[bytes], ratio: float) -> None:
    session = ProfilingSession()
    mux.register_profiler(lambda: session, ratio)
    await gather(*[partial(db.get, "k")] * 50)
    assert [*session] == []


@pytest.mark.parametrize("ratio", [-0.1, 1.1, float("nan")])
async def test_a_part_that_is_none(mux: ConnectionMultiplexer, ratio: float) -> None:
    with pytest.raises(DataError, match="ratio"):
        mux.register_profiler(lambda: None, ratio)


async def test_nothing_is_left_behind(mux: ConnectionMultiplexer, db: Database[bytes]) -> None:
    bridges = list(mux._driver.bridges)
    kinds = [type(bridge) for bridge in bridges]
    with mux.profile(), mux.profile(everybody=True):
        assert [type(bridge) for bridge in bridges] != kinds
        await db.ping()
    assert [type(bridge) for bridge in bridges] == kinds
    assert mux._driver.bridge_class in kinds


async def test_views(mux: ConnectionMultiplexer, db: Database[bytes]) -> None:
    with mux.profile() as session:
        await db.with_options(key_prefix="app:", flags=CommandFlags.NO_RETRY).set("k", 1)
        await mux.get_database(3).get("k")
        await mux.get_server().ping()
    assert [(command.command, command.database, command.flags) for command in session] == [
        ("SET", 0, CommandFlags.NO_RETRY),
        ("GET", 3, 0),
        ("PING", 0, 0),
    ]
    assert all(in_order(command) for command in session)


async def test_units(mux: ConnectionMultiplexer, db: Database[bytes]) -> None:
    with mux.profile() as session:
        batch = db.batch()
        batch.set("k", 1)
        batch.get("k")
        await batch.execute()
        await db.pipeline().incr("k").incr("k").execute()
    first, second = session
    assert "batch of 2" in first.command
    assert "transaction of 2" in second.command
    assert in_order(first)
    assert in_order(second)


async def test_fire_and_forget(mux: ConnectionMultiplexer, db: Database[bytes]) -> None:
    forgetting = db.with_options(flags=CommandFlags.FIRE_AND_FORGET)
    with mux.profile() as session:
        await forgetting.incr("n")
        await forgetting.lpush("n", "wrong type")
        await db.ping()
        await until(lambda: len(session) == 3)
    commands = {command.command: command for command in session}
    assert all(in_order(command) for command in session)
    assert "WRONGTYPE" in (commands["LPUSH"].error or "")
    assert commands["INCR"].flags == CommandFlags.FIRE_AND_FORGET


async def test_errors(mux: ConnectionMultiplexer, db: Database[bytes]) -> None:
    await db.set("k", "text")
    with mux.profile() as session, pytest.raises(ResponseError):
        await db.incr("k")
    [command] = session
    assert "not an integer" in (command.error or "")
    assert in_order(command)


async def test_what_was_never_answered() -> None:
    with ScriptedServer() as server:
        server.on("GET", Hold(threading.Event()))
        async with await connect(server, timeout=0.1) as mux:
            with mux.profile() as session, pytest.raises(RedisTimeoutError):
                await mux.get_database().get("k")
            [command] = session
            assert command.responded is None
            assert command.sent_to_response is None
            assert "RedisTimeoutError" in (command.error or "")
            assert command.elapsed is not None
            assert 0.1 <= command.elapsed < 5
            server.close_connections()


async def test_what_was_never_sent(own_server: RealServer) -> None:
    own_server.kill()
    async with await connect(own_server) as mux:
        with mux.profile() as session, pytest.raises(RedisTimeoutError):
            await mux.get_database().with_options(timeout=0.1).set("k", 1)
        [command] = session
        assert (command.sent, command.responded) == (None, None)
        assert command.enqueued is not None


async def test_the_servers_time_is_told_from_the_callers() -> None:
    with ScriptedServer() as server:
        server.on("GET", Delay(0.5, b"v"))
        async with await connect(server) as mux:
            with mux.profile() as session:
                await mux.get_database().get("k")
            [command] = session
            assert in_order(command)
            assert (command.sent_to_response or 0.0) >= 0.49
            assert (command.elapsed or 0.0) - (command.sent_to_response or 0.0) < 0.4


async def test_a_refused_command_and_its_retransmissions() -> None:
    with ScriptedServer() as server:
        loading = Error("LOADING the data set is being loaded")
        server.on("SET", Sequence(loading, loading, DEFAULT))
        async with await connect(server) as mux:
            db = mux.get_database().with_options(retry=ConstantBackoff(0.01))
            with mux.profile() as session:
                assert await db.set("k", 1)
            first, second, third = session
            assert [command.command for command in session] == ["SET"] * 3
            assert all(in_order(command) for command in session)
            assert (first.retransmission_of, first.retransmission_reason) == (None, None)
            assert (second.retransmission_of, second.retransmission_reason) == (first, "LOADING")
            assert (third.retransmission_of, third.retransmission_reason) == (second, "LOADING")
            assert "LOADING" in (first.error or "")
            assert third.error is None
            assert (first.completed or 0) <= second.created


async def test_a_refused_batch_and_its_retransmission() -> None:
    with ScriptedServer() as server:
        server.on("SET", Sequence(Error("LOADING the data set is being loaded"), DEFAULT))
        async with await connect(server) as mux:
            batch = mux.get_database().with_options(retry=ConstantBackoff(0.01)).batch()
            batch.set("k", 1)
            with mux.profile() as session:
                assert await batch.execute() == [True]
            first, second = session
            assert (second.retransmission_of, second.retransmission_reason) == (first, "LOADING")
            assert in_order(first)
            assert in_order(second)


async def test_a_read_whose_connection_was_lost(server: RealServer, target: Target) -> None:
    with FaultProxy(server.host, server.port) as proxy:
        async with await connect(proxy, protocol=target.protocol) as mux:
            db = mux.get_database()
            with mux.profile(everybody=True) as session:
                proxy.black_hole("to_client")
                reading = spawn(db.get, "k")
                await until(lambda: mux.get_counters()[0].interactive.sent_items_awaiting_response)
                proxy.reset()
                proxy.restore()
                assert await reading.result() is None
            first, second = [command for command in session if command.command == "GET"]
            assert first.responded is None
            assert (second.retransmission_of, second.retransmission_reason) == (first, "connection lost")
            assert in_order(second)
            proxy.black_hole("to_client")
            with mux.profile(everybody=True) as session:
                writing = spawn(db.set, "k", 1)
                await until(lambda: mux.get_counters()[0].interactive.sent_items_awaiting_response)
                proxy.reset()
                proxy.restore()
                with pytest.raises(RedisConnectionError):
                    await writing.result()
            [lost] = session
            assert lost.sent is not None
            assert lost.responded is None
            assert "lost" in (lost.error or "")


async def test_connections_made_meanwhile(own_server: RealServer, target: Target) -> None:
    """A second connection, for subscriptions under RESP2, is made while a session runs."""
    async with await connect(own_server, protocol=target.protocol) as mux:
        with mux.profile() as session:
            async with await mux.get_subscriber().subscribe("news") as news:
                await mux.get_subscriber().publish("news", "x")
                await news.get(5)
        assert names(session) == ["PUBLISH"]
        assert len({type(bridge) for bridge in mux._driver.bridges}) == 1


async def test_commands_on_connections_of_their_own(mux: ConnectionMultiplexer, db: Database[bytes]) -> None:
    await db.rpush("list", "x")
    with mux.profile() as session:
        assert await db.blpop("list", 5) is not None
        assert await db.blpop("list", 0.05) is None
        await db.set("list", "text")
        with pytest.raises(ResponseError):
            await db.blpop("list", 1)
    taken, waited, written, refused = session
    assert [command.command for command in session] == ["BLPOP", "BLPOP", "SET", "BLPOP"]
    assert all(in_order(command) for command in session)
    assert (waited.sent_to_response or 0.0) >= 0.04
    assert taken.endpoint == written.endpoint
    assert "WRONGTYPE" in (refused.error or "")


class Watching(ProfilingSession):
    """A session that notes which calls begin and end."""

    def __init__(self) -> None:
        super().__init__()
        self.begun: list[str] = []
        self.over: list[ProfiledCommand] = []

    def began(self, message: Message) -> None:
        self.begun.append(message.command.name)

    def ended(self, command: ProfiledCommand) -> None:
        self.over.append(command)


async def test_a_session_may_see_calls_begin_and_end_whatever_their_attempts() -> None:
    with ScriptedServer() as server:
        server.on("GET", Sequence(Close(), Error("LOADING not yet")))
        server.on("INCR", Error("ERR wrong"))
        async with await connect(server, reconnect_backoff=ConstantBackoff(0.01)) as mux:
            session = Watching()
            mux.register_profiler(lambda: session)
            db = mux.get_database()
            await db.get("key")
            assert (session.begun, len(session)) == (["GET"], 3)
            [command] = session.over
            assert command is [*session][-1]
            assert command.error is None
            with pytest.raises(ResponseError):
                await db.incr("n")
            batch = db.batch()
            batch.get("key")
            await batch.execute()
            assert [command.error for command in session.over] == [None, "ResponseError: ERR wrong", None]
            assert len(session.begun) == 3
