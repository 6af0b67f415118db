# Generated from tests/asyncio/pools/test_connection_pool.py by scripts/generate_blocking.py; change that file instead.
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
from multiplexer.pools.blocking import (
    BlockingConnectionPool,
    Connection,
    ConnectionPool,
    SSLConnection,
    UnixDomainSocketConnection,
)
from multiplexer.retry import ConstantBackoff, Retry
from tests.conftest import Target
from tests.servers import RealServer, ScriptedServer
from tests.truth import leftovers

from .._world import gather, spawn, until
from .using import ask, ask_pool, counts

KINDS = [ConnectionPool, BlockingConnectionPool]


def test_the_last_given_back_is_the_first_handed_out(pool: ConnectionPool) -> None:
    first, second, third = [pool.get_connection() for _ in range(3)]
    assert len({first, second, third}) == 3
    assert counts(pool) == (3, 0, 3)
    for connection in (second, third, first):
        pool.release(connection)
    assert counts(pool) == (3, 3, 0)
    assert [pool.get_connection() for _ in range(3)] == [first, third, second]
    for connection in (first, second, third):
        pool.release(connection)


def test_a_connection_is_handed_out_connected(pool: ConnectionPool, server: RealServer) -> None:
    connection = pool.get_connection("PING")
    assert connection.is_connected
    assert ask(connection, "PING") == b"PONG"
    pool.release(connection)
    assert pool.get_connection("GET", "key", option=1) is connection
    pool.release(connection)


def test_one_that_is_marked_connects_anew_for_its_next_holder(pool: ConnectionPool) -> None:
    connection = pool.get_connection()
    first = ask(connection, "CLIENT", "ID")
    connection.mark_for_reconnect()
    assert connection.should_reconnect()
    assert ask(connection, "CLIENT", "ID") == first
    pool.release(connection)
    assert pool.get_connection() is connection
    assert ask(connection, "CLIENT", "ID") != first
    assert not connection.should_reconnect()
    pool.release(connection)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("arrived", [True, False], ids=["arrived", "under way"])
def test_nobody_gets_the_reply_of_another(
    kind: type[ConnectionPool], options: dict[str, Any], arrived: bool
) -> None:
    with kind(**options) as pool:
        ask_pool(pool, "MSET", "a", "AAA", "b", "BBB")
        connection = pool.get_connection()
        connection.send_command("GET", "a")
        if arrived:
            assert connection.can_read(timeout=5)
        pool.release(connection)
        again = pool.get_connection()
        assert again is connection
        assert ask(again, "GET", "b") == b"BBB"
        assert counts(pool) == (1, 0, 1)
        pool.release(again)


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_gets_what_came_while_a_connection_was_idle(kind: type[ConnectionPool], target: Target) -> None:
    with ScriptedServer() as server:
        with kind(host=server.host, port=server.port) as pool:
            connection = pool.get_connection()
            pool.release(connection)
            server.push("invalidate", ["key"])
            until(connection.has_unread)
            again = pool.get_connection()
            assert again is connection
            assert not again.has_unread()
            assert server.accepted == 2
            pool.release(again)


def test_one_the_server_closed_connects_again(pool: ConnectionPool, server: RealServer) -> None:
    connection = pool.get_connection()
    number = connection.client_id
    pool.release(connection)
    server.command("CLIENT", "KILL", "ID", number)
    again = pool.get_connection()
    assert again is connection
    assert again.client_id != number
    assert ask(again, "PING") == b"PONG"
    pool.release(again)


def test_exhaustion(options: dict[str, Any]) -> None:
    with ConnectionPool(max_connections=2, **options) as pool:
        held = [pool.get_connection() for _ in range(2)]
        assert not pool.can_get_connection()
        with pytest.raises(MaxConnectionsError, match="Too many connections: all 2"):
            pool.get_connection()
        assert counts(pool) == (2, 0, 2)
        pool.release(held[0])
        assert pool.can_get_connection()
        assert pool.get_connection() is held[0]
        for connection in held:
            pool.release(connection)
        assert counts(pool) == (2, 2, 0)


@pytest.mark.parametrize("kind", KINDS)
def test_released_twice_and_foreign(kind: type[ConnectionPool], options: dict[str, Any]) -> None:
    with kind(**options) as pool, kind(**options) as other:
        connection = pool.get_connection()
        foreign = other.get_connection()
        with pytest.raises(RedisConnectionError, match="does not belong to this pool"):
            pool.release(foreign)
        assert ask(foreign, "PING") == b"PONG"
        other.release(foreign)
        pool.release(connection)
        with pytest.raises(RedisConnectionError, match="was released already"):
            pool.release(connection)
        with pytest.raises(RedisConnectionError, match="does not belong to this pool"):
            pool.release(Connection(**options))
        assert counts(pool) == (1, 1, 0)
        assert counts(other) == (1, 1, 0)
        first, second = pool.get_connection(), pool.get_connection()
        assert first is not second
        pool.release(first)
        pool.release(second)


@pytest.mark.parametrize("kind", KINDS)
def test_reset_while_in_use(kind: type[ConnectionPool], options: dict[str, Any], server: RealServer) -> None:
    with kind(**options, client_name="reset") as pool:
        used, idle = pool.get_connection(), pool.get_connection()
        pool.release(idle)
        pool.reset()
        assert counts(pool) == (0, 0, 0)
        until(lambda: len([client for client in server.clients() if client["name"] == "reset"]) == 1)
        assert ask(used, "PING") == b"PONG"
        fresh = pool.get_connection()
        assert fresh not in (used, idle)
        pool.release(used)
        assert not used.is_connected
        assert counts(pool) == (1, 0, 1)
        with pytest.raises(RedisConnectionError, match="does not belong"):
            pool.release(used)
        pool.release(fresh)
        assert counts(pool) == (1, 1, 0)


@pytest.mark.parametrize("kind", KINDS)
def test_disconnect_while_in_use(kind: type[ConnectionPool], options: dict[str, Any]) -> None:
    with kind(**options) as pool:
        used, idle = pool.get_connection(), pool.get_connection()
        pool.release(idle)
        used.send_command("BLPOP", "nothing", 0)
        reading = spawn(used.read_response)
        pool.disconnect(inuse_connections=False)
        assert not idle.is_connected
        assert used.is_connected
        until(lambda: _reads(used))
        pool.disconnect()
        with pytest.raises(RedisConnectionError):
            reading.result()
        assert not used.is_connected
        pool.release(used)
        assert counts(pool) == (2, 2, 0)
        assert ask_pool(pool, "PING") == b"PONG"


def _reads(connection: Any) -> bool:
    stream = connection._stream
    return bool(getattr(stream, "_receiving", None) or getattr(stream, "_reader", None))


@pytest.mark.parametrize("kind", KINDS)
def test_the_server_dies_under_many(kind: type[ConnectionPool], own_server: RealServer) -> None:
    with kind(host=own_server.host, port=own_server.port) as pool:
        held = [pool.get_connection() for _ in range(50)]
        own_server.kill()
        for connection in held:
            with pytest.raises(RedisConnectionError):
                ask(connection, "PING")
            pool.release(connection)
        assert counts(pool) == (50, 50, 0)
        with pytest.raises(RedisConnectionError):
            pool.get_connection()
        assert counts(pool) == (50, 50, 0)
        own_server.restart()
        for connection in [pool.get_connection() for _ in range(50)]:
            assert ask(connection, "PING") == b"PONG"
            pool.release(connection)
        assert counts(pool) == (50, 50, 0)


def test_many_at_once(pool: ConnectionPool) -> None:
    def use() -> int:
        for _ in range(20):
            ask_pool(pool, "INCR", "counter")
        return 0

    gather(*[use] * 10)
    assert ask_pool(pool, "GET", "counter") == b"200"
    created, idle, used = counts(pool)
    assert created == idle <= 10
    assert used == 0


def test_an_error_reply_keeps_the_connection(pool: ConnectionPool) -> None:
    connection = pool.get_connection()
    number = connection.client_id
    with pytest.raises(ResponseError):
        ask(connection, "NO-SUCH-COMMAND")
    pool.release(connection)
    assert pool.get_connection().client_id == number
    pool.release(connection)


def test_a_server_that_refuses(pool: ConnectionPool) -> None:
    pool.connection_kwargs["db"] = 999
    for _ in range(3):
        with pytest.raises(RedisConnectionError, match="999"):
            pool.get_connection()
        assert counts(pool) == (1, 1, 0)


def test_connection_kwargs_are_live_and_can_be_pickled(pool: ConnectionPool, options: dict[str, Any]) -> None:
    first = pool.get_connection()
    assert pool.connection_kwargs == options
    pool.connection_kwargs["socket_timeout"] = 7.5
    pool.connection_kwargs.update(db=4)
    second = pool.get_connection()
    assert (first.socket_timeout, second.socket_timeout, second.db) == (None, 7.5, 4)
    copy = ConnectionPool(connection_class=pool.connection_class, **pickle.loads(pickle.dumps(pool.connection_kwargs)))
    assert ask_pool(copy, "PING") == b"PONG"
    copy.close()
    for connection in (first, second):
        pool.release(connection)


def test_a_connection_class_of_ones_own(options: dict[str, Any]) -> None:
    class Mine(Connection):
        def __init__(self, *, your_arg: str, **options: Any) -> None:
            super().__init__(**options)
            self.your_arg = your_arg

    with ConnectionPool(connection_class=Mine, your_arg="yours", **options) as pool:
        connection = pool.get_connection()
        assert isinstance(connection, Mine)
        assert connection.your_arg == "yours"
        pool.release(connection)
        pool.connection_kwargs.pop("your_arg")
        held = pool.get_connection()
        with pytest.raises(TypeError, match="your_arg"):
            pool.get_connection()
        pool.release(held)
        assert counts(pool) == (1, 1, 0)


@pytest.mark.parametrize("maximum", [-1, "10", 1.5, True])
def test_a_maximum_that_cannot_be(maximum: Any) -> None:
    with pytest.raises(ValueError, match='"max_connections" must be a positive integer'):
        ConnectionPool(max_connections=maximum)


def test_other_options_that_cannot_be() -> None:
    for name, value in [("max_idle_time", -1), ("idle_check_interval", 0)]:
        with pytest.raises(ConfigurationError, match=name):
            ConnectionPool(**{name: value})
    for name in ("cache_config", "maint_notifications_config"):
        pool = ConnectionPool(**{name: object()})
        with pytest.raises(ConfigurationError, match=name):
            pool.get_connection()
        assert counts(pool) == (0, 0, 0)


def test_pools_from_urls(server: RealServer, target: Target) -> None:
    url = f"redis://{server.host}:{server.port}/3?client_name=by-url&protocol={target.protocol}&max_connections=1"
    with ConnectionPool.from_url(url, db=5, socket_timeout=2) as pool:
        connection = pool.get_connection()
        assert (connection.db, connection.client_name, connection.socket_timeout) == (3, "by-url", 2)
        assert connection.get_protocol() == target.protocol
        with pytest.raises(MaxConnectionsError):
            pool.get_connection()
        pool.release(connection)
    with ConnectionPool.from_url(f"unix://{server.unixsocket}?db=2") as pool:
        assert pool.connection_class is UnixDomainSocketConnection
        assert ask_pool(pool, "PING") == b"PONG"
    assert ConnectionPool.from_url("rediss://host").connection_class is SSLConnection
    assert ConnectionPool.from_url("rediss://host", connection_class=Connection).connection_class is Connection
    blocking = BlockingConnectionPool.from_url("redis://host?timeout=3&max_connections=7")
    assert (blocking.timeout, blocking.max_connections) == (3, 7)


def test_its_encoder(options: dict[str, Any]) -> None:
    encoder = ConnectionPool(encoding="latin-1", decode_responses=True).get_encoder()
    assert encoder.encode("é") == b"\xe9"
    assert encoder.decode([b"\xe9", 1]) == ["é", 1]
    assert ConnectionPool().get_encoder().decode(b"x") == b"x"
    assert ConnectionPool().get_encoder().decode(b"x", force=True) == "x"


def test_set_retry(pool: ConnectionPool) -> None:
    first = pool.get_connection()
    retry = Retry(ConstantBackoff(0), 3)
    pool.set_retry(retry)
    second = pool.get_connection()
    assert first.retry == second.retry == retry
    for connection in (first, second):
        pool.release(connection)


class Token:
    def __init__(self, password: str) -> None:
        self.password = password

    def try_get(self, key: str) -> str:
        assert key == "oid"
        return "default"

    def get_value(self) -> str:
        return self.password


@pytest.mark.parametrize("kind", KINDS)
def test_new_credentials(kind: type[ConnectionPool], target: Target) -> None:
    with ScriptedServer(password="new") as server:
        server.behaviour.password = None
        with kind(host=server.host, port=server.port, protocol=target.protocol) as pool:
            used, idle = pool.get_connection(), pool.get_connection()
            pool.release(idle)
            server.behaviour.password = "new"
            pool.re_auth_callback(Token("new"))
            assert len(server.commands("AUTH")) == 1
            pool.release(used)
            assert server.commands("AUTH") == [(b"AUTH", b"default", b"new")] * 2
            assert counts(pool) == (2, 2, 0)
            number = used.client_id
            pool.release(pool.get_connection())
            assert used.client_id == number
            with pytest.raises(RedisConnectionError):
                pool.re_auth_callback(Token("wrong"))
            assert counts(pool) == (2, 2, 0)


def test_its_text(pool: ConnectionPool) -> None:
    connection = pool.get_connection()
    assert repr(pool).endswith("0 idle, 1 in use)>")
    pool.connection_kwargs["password"] = "secret"
    assert "secret" not in repr(pool)
    pool.release(connection)


def test_a_timeout_in_use_leaves_the_counts_right(pool: ConnectionPool) -> None:
    connection = pool.get_connection()
    connection.send_command("BLPOP", "nothing", 0)
    with pytest.raises(RedisTimeoutError):
        connection.read_response(timeout=0.01)
    pool.release(connection)
    assert counts(pool) == (1, 1, 0)
    assert ask_pool(pool, "PING") == b"PONG"


def test_closing_and_going_on(pool: ConnectionPool, server: RealServer) -> None:
    pool.connection_kwargs["client_name"] = "closing"
    connection = pool.get_connection()
    pool.release(connection)
    pool.close()
    pool.close()
    until(lambda: not [client for client in server.clients() if client["name"] == "closing"])
    assert ask_pool(pool, "PING") == b"PONG"


def test_idle_connections_are_closed(options: dict[str, Any], server: RealServer) -> None:
    with ConnectionPool(max_idle_time=0.05, idle_check_interval=0.01, **options) as pool:
        first, second, used = [pool.get_connection() for _ in range(3)]
        pool.release(first)
        pool.release(second)
        until(lambda: counts(pool) == (1, 0, 1))
        assert not first.is_connected
        assert not second.is_connected
        assert ask(used, "PING") == b"PONG"
        pool.release(used)
        until(lambda: counts(pool) == (0, 0, 0))
        until(lambda: pool._reaper is None)
        connection = pool.get_connection()
        pool.release(connection)
        until(lambda: counts(pool) == (0, 0, 0))


def test_a_pool_that_starts_anew_watches_idle_connections_no_longer(options: dict[str, Any]) -> None:
    before = leftovers.count()
    pool = ConnectionPool(max_idle_time=100, idle_check_interval=100, **options)
    pool.release(pool.get_connection())
    assert leftovers.count().beyond(before)
    pool.reset()
    until(lambda: not leftovers.count().beyond(before))
    pool.release(pool.get_connection())
    assert pool._reaper is not None
    pool.close()


def test_the_longest_idle_goes_first(options: dict[str, Any]) -> None:
    with ConnectionPool(max_idle_time=100, idle_check_interval=0.01, **options) as pool:
        connections = [pool.get_connection() for _ in range(4)]
        for connection in connections:
            pool.release(connection)
        connections[0].idle_since -= 200
        connections[1].idle_since -= 200
        until(lambda: counts(pool) == (2, 2, 0))
        assert pool._available_connections == connections[2:]
        again = pool.get_connection()
        assert again is connections[3]
        pool.release(again)
