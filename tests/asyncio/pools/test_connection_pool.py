"""The pool that refuses when it is exhausted."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from multiplexer.errors import (
    ConfigurationError,
    MaxConnectionsError,
    RedisConnectionError,
    RedisTimeoutError,
    ResponseError,
)
from multiplexer.pools.asyncio import (
    BlockingConnectionPool,
    Connection,
    ConnectionPool,
    SSLConnection,
    UnixDomainSocketConnection,
)
from multiplexer.retry import AsyncRetry, ConstantBackoff
from tests.conftest import Target
from tests.servers import RealServer, ScriptedServer
from tests.truth import leftovers

from .._world import gather, spawn, until
from .using import ask, ask_pool, counts

KINDS = [ConnectionPool, BlockingConnectionPool]


async def test_the_last_given_back_is_the_first_handed_out(pool: ConnectionPool) -> None:
    first, second, third = [await pool.get_connection() for _ in range(3)]
    assert len({first, second, third}) == 3
    assert counts(pool) == (3, 0, 3)
    for connection in (second, third, first):
        await pool.release(connection)
    assert counts(pool) == (3, 3, 0)
    assert [await pool.get_connection() for _ in range(3)] == [first, third, second]
    for connection in (first, second, third):
        await pool.release(connection)


async def test_a_connection_is_handed_out_connected(pool: ConnectionPool, server: RealServer) -> None:
    connection = await pool.get_connection("PING")
    assert connection.is_connected
    assert await ask(connection, "PING") == b"PONG"
    await pool.release(connection)
    assert await pool.get_connection("GET", "key", option=1) is connection
    await pool.release(connection)


async def test_one_that_is_marked_connects_anew_for_its_next_holder(pool: ConnectionPool) -> None:
    connection = await pool.get_connection()
    first = await ask(connection, "CLIENT", "ID")
    connection.mark_for_reconnect()
    assert connection.should_reconnect()
    assert await ask(connection, "CLIENT", "ID") == first
    await pool.release(connection)
    assert await pool.get_connection() is connection
    assert await ask(connection, "CLIENT", "ID") != first
    assert not connection.should_reconnect()
    await pool.release(connection)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("arrived", [True, False], ids=["arrived", "under way"])
async def test_nobody_gets_the_reply_of_another(
    kind: type[ConnectionPool], options: dict[str, Any], arrived: bool
) -> None:
    async with kind(**options) as pool:
        await ask_pool(pool, "MSET", "a", "AAA", "b", "BBB")
        connection = await pool.get_connection()
        await connection.send_command("GET", "a")
        if arrived:
            assert await connection.can_read(timeout=5)
        await pool.release(connection)
        again = await pool.get_connection()
        assert again is connection
        assert await ask(again, "GET", "b") == b"BBB"
        assert counts(pool) == (1, 0, 1)
        await pool.release(again)


@pytest.mark.parametrize("kind", KINDS)
async def test_nobody_gets_what_came_while_a_connection_was_idle(kind: type[ConnectionPool], target: Target) -> None:
    with ScriptedServer() as server:
        async with kind(host=server.host, port=server.port) as pool:
            connection = await pool.get_connection()
            await pool.release(connection)
            server.push("invalidate", ["key"])
            await until(connection.has_unread)
            again = await pool.get_connection()
            assert again is connection
            assert not again.has_unread()
            assert server.accepted == 2
            await pool.release(again)


async def test_one_the_server_closed_connects_again(pool: ConnectionPool, server: RealServer) -> None:
    connection = await pool.get_connection()
    number = connection.client_id
    await pool.release(connection)
    server.command("CLIENT", "KILL", "ID", number)
    again = await pool.get_connection()
    assert again is connection
    assert again.client_id != number
    assert await ask(again, "PING") == b"PONG"
    await pool.release(again)


async def test_exhaustion(options: dict[str, Any]) -> None:
    async with ConnectionPool(max_connections=2, **options) as pool:
        held = [await pool.get_connection() for _ in range(2)]
        assert not pool.can_get_connection()
        with pytest.raises(MaxConnectionsError, match="Too many connections: all 2"):
            await pool.get_connection()
        assert counts(pool) == (2, 0, 2)
        await pool.release(held[0])
        assert pool.can_get_connection()
        assert await pool.get_connection() is held[0]
        for connection in held:
            await pool.release(connection)
        assert counts(pool) == (2, 2, 0)


@pytest.mark.parametrize("kind", KINDS)
async def test_released_twice_and_foreign(kind: type[ConnectionPool], options: dict[str, Any]) -> None:
    async with kind(**options) as pool, kind(**options) as other:
        connection = await pool.get_connection()
        foreign = await other.get_connection()
        with pytest.raises(RedisConnectionError, match="does not belong to this pool"):
            await pool.release(foreign)
        assert await ask(foreign, "PING") == b"PONG"
        await other.release(foreign)
        await pool.release(connection)
        with pytest.raises(RedisConnectionError, match="was released already"):
            await pool.release(connection)
        with pytest.raises(RedisConnectionError, match="does not belong to this pool"):
            await pool.release(Connection(**options))
        assert counts(pool) == (1, 1, 0)
        assert counts(other) == (1, 1, 0)
        first, second = await pool.get_connection(), await pool.get_connection()
        assert first is not second
        await pool.release(first)
        await pool.release(second)


@pytest.mark.parametrize("kind", KINDS)
async def test_reset_while_in_use(kind: type[ConnectionPool], options: dict[str, Any], server: RealServer) -> None:
    async with kind(**options, client_name="reset") as pool:
        used, idle = await pool.get_connection(), await pool.get_connection()
        await pool.release(idle)
        pool.reset()
        assert counts(pool) == (0, 0, 0)
        await until(lambda: len([client for client in server.clients() if client["name"] == "reset"]) == 1)
        assert await ask(used, "PING") == b"PONG"
        fresh = await pool.get_connection()
        assert fresh not in (used, idle)
        await pool.release(used)
        assert not used.is_connected
        assert counts(pool) == (1, 0, 1)
        with pytest.raises(RedisConnectionError, match="does not belong"):
            await pool.release(used)
        await pool.release(fresh)
        assert counts(pool) == (1, 1, 0)


@pytest.mark.parametrize("kind", KINDS)
async def test_disconnect_while_in_use(kind: type[ConnectionPool], options: dict[str, Any]) -> None:
    async with kind(**options) as pool:
        used, idle = await pool.get_connection(), await pool.get_connection()
        await pool.release(idle)
        await used.send_command("BLPOP", "nothing", 0)
        reading = spawn(used.read_response)
        await pool.disconnect(inuse_connections=False)
        assert not idle.is_connected
        assert used.is_connected
        await until(lambda: _reads(used))
        await pool.disconnect()
        with pytest.raises(RedisConnectionError):
            await reading.result()
        assert not used.is_connected
        await pool.release(used)
        assert counts(pool) == (2, 2, 0)
        assert await ask_pool(pool, "PING") == b"PONG"


def _reads(connection: Any) -> bool:
    stream = connection._stream
    return bool(getattr(stream, "_receiving", None) or getattr(stream, "_reader", None))


@pytest.mark.parametrize("kind", KINDS)
async def test_the_server_dies_under_many(kind: type[ConnectionPool], own_server: RealServer) -> None:
    async with kind(host=own_server.host, port=own_server.port) as pool:
        held = [await pool.get_connection() for _ in range(50)]
        own_server.kill()
        for connection in held:
            with pytest.raises(RedisConnectionError):
                await ask(connection, "PING")
            await pool.release(connection)
        assert counts(pool) == (50, 50, 0)
        with pytest.raises(RedisConnectionError):
            await pool.get_connection()
        assert counts(pool) == (50, 50, 0)
        own_server.restart()
        for connection in [await pool.get_connection() for _ in range(50)]:
            assert await ask(connection, "PING") == b"PONG"
            await pool.release(connection)
        assert counts(pool) == (50, 50, 0)


async def test_many_at_once(pool: ConnectionPool) -> None:
    async def use() -> int:
        for _ in range(20):
            await ask_pool(pool, "INCR", "counter")
        return 0

    await gather(*[use] * 10)
    assert await ask_pool(pool, "GET", "counter") == b"200"
    created, idle, used = counts(pool)
    assert created == idle <= 10
    assert used == 0


async def test_an_error_reply_keeps_the_connection(pool: ConnectionPool) -> None:
    connection = await pool.get_connection()
    number = connection.client_id
    with pytest.raises(ResponseError):
        await ask(connection, "NO-SUCH-COMMAND")
    await pool.release(connection)
    assert (await pool.get_connection()).client_id == number
    await pool.release(connection)


async def test_a_server_that_refuses(pool: ConnectionPool) -> None:
    pool.connection_kwargs["db"] = 999
    for _ in range(3):
        with pytest.raises(RedisConnectionError, match="999"):
            await pool.get_connection()
        assert counts(pool) == (1, 1, 0)


async def test_connection_kwargs_are_live_and_can_be_pickled(pool: ConnectionPool, options: dict[str, Any]) -> None:
    first = await pool.get_connection()
    assert pool.connection_kwargs == options
    pool.connection_kwargs["socket_timeout"] = 7.5
    pool.connection_kwargs.update(db=4)
    second = await pool.get_connection()
    assert (first.socket_timeout, second.socket_timeout, second.db) == (None, 7.5, 4)
    copy = ConnectionPool(connection_class=pool.connection_class, **pickle.loads(pickle.dumps(pool.connection_kwargs)))
    assert await ask_pool(copy, "PING") == b"PONG"
    await copy.aclose()
    for connection in (first, second):
        await pool.release(connection)


async def test_a_connection_class_of_ones_own(options: dict[str, Any]) -> None:
    class Mine(Connection):
        def __init__(self, *, your_arg: str, **options: Any) -> None:
            super().__init__(**options)
            self.your_arg = your_arg

    async with ConnectionPool(connection_class=Mine, your_arg="yours", **options) as pool:
        connection = await pool.get_connection()
        assert isinstance(connection, Mine)
        assert connection.your_arg == "yours"
        await pool.release(connection)
        pool.connection_kwargs.pop("your_arg")
        held = await pool.get_connection()
        with pytest.raises(TypeError, match="your_arg"):
            await pool.get_connection()
        await pool.release(held)
        assert counts(pool) == (1, 1, 0)


@pytest.mark.parametrize("maximum", [-1, "10", 1.5, True])
async def test_a_maximum_that_cannot_be(maximum: Any) -> None:
    with pytest.raises(ValueError, match='"max_connections" must be a positive integer'):
        ConnectionPool(max_connections=maximum)


async def test_other_options_that_cannot_be() -> None:
    for name, value in [("max_idle_time", -1), ("idle_check_interval", 0)]:
        with pytest.raises(ConfigurationError, match=name):
            ConnectionPool(**{name: value})
    for name in ("cache_config", "maint_notifications_config"):
        pool = ConnectionPool(**{name: object()})
        with pytest.raises(ConfigurationError, match=name):
            await pool.get_connection()
        assert counts(pool) == (0, 0, 0)


async def test_pools_from_urls(server: RealServer, target: Target) -> None:
    url = f"redis://{server.host}:{server.port}/3?client_name=by-url&protocol={target.protocol}&max_connections=1"
    async with ConnectionPool.from_url(url, db=5, socket_timeout=2) as pool:
        connection = await pool.get_connection()
        assert (connection.db, connection.client_name, connection.socket_timeout) == (3, "by-url", 2)
        assert connection.get_protocol() == target.protocol
        with pytest.raises(MaxConnectionsError):
            await pool.get_connection()
        await pool.release(connection)
    async with ConnectionPool.from_url(f"unix://{server.unixsocket}?db=2") as pool:
        assert pool.connection_class is UnixDomainSocketConnection
        assert await ask_pool(pool, "PING") == b"PONG"
    assert ConnectionPool.from_url("rediss://host").connection_class is SSLConnection
    assert ConnectionPool.from_url("rediss://host", connection_class=Connection).connection_class is Connection
    blocking = BlockingConnectionPool.from_url("redis://host?timeout=3&max_connections=7")
    assert (blocking.timeout, blocking.max_connections) == (3, 7)


async def test_its_encoder(options: dict[str, Any]) -> None:
    encoder = ConnectionPool(encoding="latin-1", decode_responses=True).get_encoder()
    assert encoder.encode("é") == b"\xe9"
    assert encoder.decode([b"\xe9", 1]) == ["é", 1]
    assert ConnectionPool().get_encoder().decode(b"x") == b"x"
    assert ConnectionPool().get_encoder().decode(b"x", force=True) == "x"


async def test_set_retry(pool: ConnectionPool) -> None:
    first = await pool.get_connection()
    retry = AsyncRetry(ConstantBackoff(0), 3)
    pool.set_retry(retry)
    second = await pool.get_connection()
    assert first.retry == second.retry == retry
    for connection in (first, second):
        await pool.release(connection)


class Token:
    def __init__(self, password: str) -> None:
        self.password = password

    def try_get(self, key: str) -> str:
        assert key == "oid"
        return "default"

    def get_value(self) -> str:
        return self.password


@pytest.mark.parametrize("kind", KINDS)
async def test_new_credentials(kind: type[ConnectionPool], target: Target) -> None:
    with ScriptedServer(password="new") as server:
        server.behaviour.password = None
        async with kind(host=server.host, port=server.port, protocol=target.protocol) as pool:
            used, idle = await pool.get_connection(), await pool.get_connection()
            await pool.release(idle)
            server.behaviour.password = "new"
            await pool.re_auth_callback(Token("new"))
            assert len(server.commands("AUTH")) == 1
            await pool.release(used)
            assert server.commands("AUTH") == [(b"AUTH", b"default", b"new")] * 2
            assert counts(pool) == (2, 2, 0)
            number = used.client_id
            await pool.release(await pool.get_connection())
            assert used.client_id == number
            with pytest.raises(RedisConnectionError):
                await pool.re_auth_callback(Token("wrong"))
            assert counts(pool) == (2, 2, 0)


async def test_its_text(pool: ConnectionPool) -> None:
    connection = await pool.get_connection()
    assert repr(pool).endswith("0 idle, 1 in use)>")
    pool.connection_kwargs["password"] = "secret"
    assert "secret" not in repr(pool)
    await pool.release(connection)


async def test_a_timeout_in_use_leaves_the_counts_right(pool: ConnectionPool) -> None:
    connection = await pool.get_connection()
    await connection.send_command("BLPOP", "nothing", 0)
    with pytest.raises(RedisTimeoutError):
        await connection.read_response(timeout=0.01)
    await pool.release(connection)
    assert counts(pool) == (1, 1, 0)
    assert await ask_pool(pool, "PING") == b"PONG"


async def test_closing_and_going_on(pool: ConnectionPool, server: RealServer) -> None:
    pool.connection_kwargs["client_name"] = "closing"
    connection = await pool.get_connection()
    await pool.release(connection)
    await pool.aclose()
    await pool.aclose()
    await until(lambda: not [client for client in server.clients() if client["name"] == "closing"])
    assert await ask_pool(pool, "PING") == b"PONG"


async def test_idle_connections_are_closed(options: dict[str, Any], server: RealServer) -> None:
    async with ConnectionPool(max_idle_time=0.05, idle_check_interval=0.01, **options) as pool:
        first, second, used = [await pool.get_connection() for _ in range(3)]
        await pool.release(first)
        await pool.release(second)
        await until(lambda: counts(pool) == (1, 0, 1))
        assert not first.is_connected
        assert not second.is_connected
        assert await ask(used, "PING") == b"PONG"
        await pool.release(used)
        await until(lambda: counts(pool) == (0, 0, 0))
        await until(lambda: pool._reaper is None)
        connection = await pool.get_connection()
        await pool.release(connection)
        await until(lambda: counts(pool) == (0, 0, 0))


async def test_a_pool_that_starts_anew_watches_idle_connections_no_longer(options: dict[str, Any]) -> None:
    before = leftovers.count()
    pool = ConnectionPool(max_idle_time=100, idle_check_interval=100, **options)
    await pool.release(await pool.get_connection())
    assert leftovers.count().beyond(before)
    pool.reset()
    await until(lambda: not leftovers.count().beyond(before))
    await pool.release(await pool.get_connection())
    assert pool._reaper is not None
    await pool.aclose()


async def test_the_longest_idle_goes_first(options: dict[str, Any]) -> None:
    async with ConnectionPool(max_idle_time=100, idle_check_interval=0.01, **options) as pool:
        connections = [await pool.get_connection() for _ in range(4)]
        for connection in connections:
            await pool.release(connection)
        connections[0].idle_since -= 200
        connections[1].idle_since -= 200
        await until(lambda: counts(pool) == (2, 2, 0))
        assert pool._available_connections == connections[2:]
        again = await pool.get_connection()
        assert again is connections[3]
        await pool.release(again)
