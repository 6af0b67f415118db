"""Credentials of classic pools: static, from a function, changing with each connection, and streamed."""

from __future__ import annotations

import gc
import logging
import threading
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from multiplexer.compat.asyncio.pubsub import PubSub
from multiplexer.compat.credentials import (
    CallableCredentialProvider,
    CredentialProvider,
    PasswordToken,
    RotatingCredentialProvider,
    StreamingCredentialProvider,
    UsernamePasswordCredentialProvider,
)
from multiplexer.errors import AuthenticationError, DataError
from multiplexer.pools.asyncio import BlockingConnectionPool, ConnectionPool
from tests.conftest import Target
from tests.servers import RealServer

from .._world import WORLD, spawn, until

USERS = ("ann", "bob", "cleo")


@pytest.fixture
def options(server: RealServer, target: Target) -> Iterator[dict[str, Any]]:
    """Options of a connection; the server has some users, each with its name as the password."""
    server.command("ACL", "LOG", "RESET")
    for user in USERS:
        server.command("ACL", "SETUSER", user, "on", f">{user}", "~*", "&*", "+@all")
    yield {"host": server.host, "port": server.port, "protocol": target.protocol}
    server.command("ACL", "DELUSER", *USERS)


async def who(connection: Any) -> str:
    """Return as whom a connection is authenticated."""
    await connection.send_command("ACL", "WHOAMI")
    return (await connection.read_response()).decode()


async def who_is_next(pool: ConnectionPool) -> str:
    """Return the same of the connection a pool hands out next."""
    connection = await pool.get_connection()
    try:
        return await who(connection)
    finally:
        await pool.release(connection)


def users(server: RealServer) -> list[str]:
    """Return as whom the server's clients are authenticated, this one's own aside."""
    return sorted(client["user"] for client in server.clients() if client["user"] != "default")


async def rotate(provider: RotatingCredentialProvider, user: str) -> None:
    """Go over to another user."""
    if True:  # ASYNC
        await provider.rotate_async(user, user)
    else:
        provider.rotate(user, user)


class OneCallback(StreamingCredentialProvider):
    """A streaming provider that keeps one callback of each kind, as some do."""

    def __init__(self) -> None:
        self.user = "ann"
        self.next: Callable[[Any], Any] = lambda _: None
        self.error: Callable[[Exception], Any] = lambda _: None

    def get_credentials(self) -> tuple[str, str]:
        return self.user, self.user

    def on_next(self, callback: Callable[[Any], Any]) -> None:
        self.next = callback

    def on_error(self, callback: Callable[[Exception], Any]) -> None:
        self.error = callback

    def is_streaming(self) -> bool:
        return True


# -- asked at each connect ---------------------------------------------------------------------------------------------


async def test_static(options: dict[str, Any]) -> None:
    provider = UsernamePasswordCredentialProvider("ann", "ann")
    async with ConnectionPool(credential_provider=provider, **options) as pool:
        assert await who_is_next(pool) == "ann"
    with pytest.raises(DataError, match="credential_provider"):
        await ConnectionPool(credential_provider=provider, username="ann", **options).get_connection()


async def test_a_password_alone(own_server: RealServer) -> None:
    own_server.command("CONFIG", "SET", "requirepass", "secret")
    provider = UsernamePasswordCredentialProvider(password="secret")
    async with ConnectionPool(host=own_server.host, port=own_server.port, credential_provider=provider) as pool:
        assert await who_is_next(pool) == "default"


async def test_from_a_function(options: dict[str, Any]) -> None:
    names = iter(USERS)

    def give() -> tuple[str, str]:
        name = next(names)
        return name, name

    async with ConnectionPool(credential_provider=CallableCredentialProvider(give), **options) as pool:
        first = await pool.get_connection()
        second = await pool.get_connection()
        assert [await who(first), await who(second)] == ["ann", "bob"]
        await first.disconnect()
        await first.connect()
        assert await who(first) == "cleo"
        await pool.release(first)
        await pool.release(second)


async def test_from_a_coroutine_function(options: dict[str, Any]) -> None:
    if WORLD == "asyncio":

        async def give() -> tuple[str, str]:
            return "ann", "ann"

        async with ConnectionPool(credential_provider=CallableCredentialProvider(give), **options) as pool:
            assert await who_is_next(pool) == "ann"


async def test_a_provider_of_ones_own(options: dict[str, Any], server: RealServer) -> None:
    class Changing(CredentialProvider):
        password = "old"

        def get_credentials(self) -> tuple[str, str]:
            return "ann", self.password

    server.command("ACL", "SETUSER", "ann", "resetpass", ">old")
    provider = Changing()
    async with ConnectionPool(credential_provider=provider, **options) as pool:
        assert await who_is_next(pool) == "ann"
        server.command("ACL", "SETUSER", "ann", "resetpass", ">new")
        assert await who_is_next(pool) == "ann"  # a connection stays what it is
        await pool.disconnect()
        with pytest.raises(AuthenticationError):
            await pool.get_connection()
        provider.password = "new"
        assert await who_is_next(pool) == "ann"


# -- streamed ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [ConnectionPool, BlockingConnectionPool])
async def test_idle_at_once_and_busy_when_given_back(
    options: dict[str, Any], server: RealServer, kind: type[ConnectionPool]
) -> None:
    provider = RotatingCredentialProvider("ann", "ann")
    async with kind(credential_provider=provider, **options) as pool:
        connections = [await pool.get_connection() for _ in range(4)]
        assert users(server) == ["ann"] * 4
        ids = {connection.client_id for connection in connections}
        for connection in connections[2:]:
            await pool.release(connection)
        await rotate(provider, "bob")
        assert users(server) == ["ann", "ann", "bob", "bob"]
        for connection in connections[:2]:
            assert await who(connection) == "ann"
            await pool.release(connection)
        assert users(server) == ["bob"] * 4
        await rotate(provider, "cleo")
        assert users(server) == ["cleo"] * 4
        again = [await pool.get_connection() for _ in range(4)]
        assert {connection.client_id for connection in again} == ids  # none was made anew
        new = await pool.get_connection()
        assert await who(new) == "cleo"
        for connection in [*again, new]:
            await pool.release(connection)


async def test_a_password_that_changes(options: dict[str, Any], server: RealServer) -> None:
    provider = RotatingCredentialProvider("ann", "ann")
    async with ConnectionPool(credential_provider=provider, **options) as pool:
        busy = await pool.get_connection()
        await pool.release(await pool.get_connection())
        server.command("ACL", "SETUSER", "ann", "resetpass", ">new")
        provider.rotate("ann", "new")
        assert await who_is_next(pool) == "ann"
        await pool.release(busy)
        await pool.disconnect()
        assert await who_is_next(pool) == "ann"
        assert server.command("ACL", "LOG") == []  # nothing was refused


async def test_what_the_server_refuses(
    options: dict[str, Any], server: RealServer, caplog: pytest.LogCaptureFixture
) -> None:
    provider = RotatingCredentialProvider("ann", "ann")
    async with ConnectionPool(credential_provider=provider, **options) as pool:
        connections = [await pool.get_connection() for _ in range(3)]
        for connection in connections[1:]:
            await pool.release(connection)
        with caplog.at_level(logging.WARNING, "multiplexer"):
            await rotate(provider, "nobody")
        assert "refused" in caplog.text
        assert "nobody" not in caplog.text
        await pool.release(connections[0])
        await until(lambda: users(server) == [])  # closed: none goes on with credentials that are no longer valid
        with pytest.raises(AuthenticationError):
            await pool.get_connection()
        await rotate(provider, "bob")
        assert await who_is_next(pool) == "bob"
        assert (pool._created_connections, len(pool._available_connections)) == (3, 3)


async def test_several_pools_and_one_callback(options: dict[str, Any], server: RealServer) -> None:
    provider = OneCallback()
    options["credential_provider"] = provider
    async with ConnectionPool(**options) as first, ConnectionPool(**options) as second:
        assert [await who_is_next(first), await who_is_next(second)] == ["ann", "ann"]
        provider.user = "bob"
        provider.next(PasswordToken("bob", "bob"))
        await until(lambda: users(server) == ["bob", "bob"])


async def test_from_another_thread(options: dict[str, Any], server: RealServer) -> None:
    provider = RotatingCredentialProvider("ann", "ann")
    async with ConnectionPool(credential_provider=provider, **options) as pool:
        await pool.release(await pool.get_connection())
        thread = threading.Thread(target=provider.rotate, args=("bob", "bob"))
        thread.start()
        await until(lambda: users(server) == ["bob"])
        thread.join()


async def test_a_provider_that_fails(options: dict[str, Any], caplog: pytest.LogCaptureFixture) -> None:
    provider = RotatingCredentialProvider("ann", "ann")
    async with ConnectionPool(credential_provider=provider, **options) as pool:
        assert await who_is_next(pool) == "ann"
        with caplog.at_level(logging.WARNING, "multiplexer"):
            provider.fail(RuntimeError("no token to be had"))
        assert "no token to be had" in caplog.text
        assert await who_is_next(pool) == "ann"


async def test_a_lost_connection_takes_what_is_valid(options: dict[str, Any], server: RealServer) -> None:
    provider = OneCallback()
    async with ConnectionPool(credential_provider=provider, **options) as pool:
        connection = await pool.get_connection()
        provider.next(PasswordToken("bob", "bob"))  # it is busy, and so to authenticate later
        await until(lambda: connection._re_auth_token is not None)
        await connection.disconnect()
        provider.user = "cleo"
        await connection.connect()
        assert await who(connection) == "cleo"
        await pool.release(connection)
        assert await who_is_next(pool) == "cleo"


async def test_a_pool_is_not_kept_alive(options: dict[str, Any]) -> None:
    provider = RotatingCredentialProvider("ann", "ann")
    pool = ConnectionPool(credential_provider=provider, **options)
    assert await who_is_next(pool) == "ann"
    await pool.aclose()
    left = weakref.ref(pool)
    del pool
    gc.collect()
    assert left() is None
    await rotate(provider, "bob")


async def test_subscriptions_go_on(options: dict[str, Any], server: RealServer, target: Target) -> None:
    provider = RotatingCredentialProvider("ann", "ann")
    async with ConnectionPool(credential_provider=provider, **options) as pool, PubSub(pool) as pubsub:
        await pubsub.subscribe("a")
        assert await pubsub.get_message(timeout=5)
        waiting = spawn(pubsub.get_message, timeout=None)
        await rotate(provider, "bob")
        if target.protocol == 3:
            await until(lambda: users(server) == ["bob"])
        server.command("PUBLISH", "a", "x")
        message = await waiting.result()
        assert message is not None
        assert message["data"] == b"x"
        assert await pubsub.get_message(timeout=0.01) is None
        await pubsub.connection.disconnect()
        assert await pubsub.get_message(timeout=5) == {
            "type": "subscribe",
            "pattern": None,
            "channel": b"a",
            "data": 1,
        }
        assert users(server) == ["bob"]
