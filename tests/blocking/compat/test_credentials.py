# Generated from tests/asyncio/compat/test_credentials.py by scripts/generate_blocking.py; change that file instead.
"""Credentials of classic pools: static, from a function, changing with each connection, and streamed."""

from __future__ import annotations

import gc
import logging
import threading
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from multiplexer.compat.blocking.pubsub import PubSub
from multiplexer.compat.credentials import (
    CallableCredentialProvider,
    CredentialProvider,
    PasswordToken,
    RotatingCredentialProvider,
    StreamingCredentialProvider,
    UsernamePasswordCredentialProvider,
)
from multiplexer.errors import AuthenticationError, DataError
from multiplexer.pools.blocking import BlockingConnectionPool, ConnectionPool
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


def who(connection: Any) -> str:
    """Return as whom a connection is authenticated."""
    connection.send_command("ACL", "WHOAMI")
    return connection.read_response().decode()


def who_is_next(pool: ConnectionPool) -> str:
    """Return the same of the connection a pool hands out next."""
    connection = pool.get_connection()
    try:
        return who(connection)
    finally:
        pool.release(connection)


def users(server: RealServer) -> list[str]:
    """Return as whom the server's clients are authenticated, this one's own aside."""
    return sorted(client["user"] for client in server.clients() if client["user"] != "default")


def rotate(provider: RotatingCredentialProvider, user: str) -> None:
    """Go over to another user."""
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


def test_static(options: dict[str, Any]) -> None:
    provider = UsernamePasswordCredentialProvider("ann", "ann")
    with ConnectionPool(credential_provider=provider, **options) as pool:
        assert who_is_next(pool) == "ann"
    with pytest.raises(DataError, match="credential_provider"):
        ConnectionPool(credential_provider=provider, username="ann", **options).get_connection()


def test_a_password_alone(own_server: RealServer) -> None:
    own_server.command("CONFIG", "SET", "requirepass", "secret")
    provider = UsernamePasswordCredentialProvider(password="secret")
    with ConnectionPool(host=own_server.host, port=own_server.port, credential_provider=provider) as pool:
        assert who_is_next(pool) == "default"


def test_from_a_function(options: dict[str, Any]) -> None:
    names = iter(USERS)

    def give() -> tuple[str, str]:
        name = next(names)
        return name, name

    with ConnectionPool(credential_provider=CallableCredentialProvider(give), **options) as pool:
        first = pool.get_connection()
        second = pool.get_connection()
        assert [who(first), who(second)] == ["ann", "bob"]
        first.disconnect()
        first.connect()
        assert who(first) == "cleo"
        pool.release(first)
        pool.release(second)


def test_from_a_coroutine_function(options: dict[str, Any]) -> None:
    if WORLD == "asyncio":

        def give() -> tuple[str, str]:
            return "ann", "ann"

        with ConnectionPool(credential_provider=CallableCredentialProvider(give), **options) as pool:
            assert who_is_next(pool) == "ann"


def test_a_provider_of_ones_own(options: dict[str, Any], server: RealServer) -> None:
    class Changing(CredentialProvider):
        password = "old"

        def get_credentials(self) -> tuple[str, str]:
            return "ann", self.password

    server.command("ACL", "SETUSER", "ann", "resetpass", ">old")
    provider = Changing()
    with ConnectionPool(credential_provider=provider, **options) as pool:
        assert who_is_next(pool) == "ann"
        server.command("ACL", "SETUSER", "ann", "resetpass", ">new")
        assert who_is_next(pool) == "ann"  # a connection stays what it is
        pool.disconnect()
        with pytest.raises(AuthenticationError):
            pool.get_connection()
        provider.password = "new"
        assert who_is_next(pool) == "ann"


# -- streamed ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [ConnectionPool, BlockingConnectionPool])
def test_idle_at_once_and_busy_when_given_back(
    options: dict[str, Any], server: RealServer, kind: type[ConnectionPool]
) -> None:
    provider = RotatingCredentialProvider("ann", "ann")
    with kind(credential_provider=provider, **options) as pool:
        connections = [pool.get_connection() for _ in range(4)]
        assert users(server) == ["ann"] * 4
        ids = {connection.client_id for connection in connections}
        for connection in connections[2:]:
            pool.release(connection)
        rotate(provider, "bob")
        assert users(server) == ["ann", "ann", "bob", "bob"]
        for connection in connections[:2]:
            assert who(connection) == "ann"
            pool.release(connection)
        assert users(server) == ["bob"] * 4
        rotate(provider, "cleo")
        assert users(server) == ["cleo"] * 4
        again = [pool.get_connection() for _ in range(4)]
        assert {connection.client_id for connection in again} == ids  # none was made anew
        new = pool.get_connection()
        assert who(new) == "cleo"
        for connection in [*again, new]:
            pool.release(connection)


def test_a_password_that_changes(options: dict[str, Any], server: RealServer) -> None:
    provider = RotatingCredentialProvider("ann", "ann")
    with ConnectionPool(credential_provider=provider, **options) as pool:
        busy = pool.get_connection()
        pool.release(pool.get_connection())
        server.command("ACL", "SETUSER", "ann", "resetpass", ">new")
        provider.rotate("ann", "new")
        assert who_is_next(pool) == "ann"
        pool.release(busy)
        pool.disconnect()
        assert who_is_next(pool) == "ann"
        assert server.command("ACL", "LOG") == []  # nothing was refused


def test_what_the_server_refuses(
    options: dict[str, Any], server: RealServer, caplog: pytest.LogCaptureFixture
) -> None:
    provider = RotatingCredentialProvider("ann", "ann")
    with ConnectionPool(credential_provider=provider, **options) as pool:
        connections = [pool.get_connection() for _ in range(3)]
        for connection in connections[1:]:
            pool.release(connection)
        with caplog.at_level(logging.WARNING, "multiplexer"):
            rotate(provider, "nobody")
        assert "refused" in caplog.text
        assert "nobody" not in caplog.text
        pool.release(connections[0])
        until(lambda: users(server) == [])  # closed: none goes on with credentials that are no longer valid
        with pytest.raises(AuthenticationError):
            pool.get_connection()
        rotate(provider, "bob")
        assert who_is_next(pool) == "bob"
        assert (pool._created_connections, len(pool._available_connections)) == (3, 3)


def test_several_pools_and_one_callback(options: dict[str, Any], server: RealServer) -> None:
    provider = OneCallback()
    options["credential_provider"] = provider
    with ConnectionPool(**options) as first, ConnectionPool(**options) as second:
        assert [who_is_next(first), who_is_next(second)] == ["ann", "ann"]
        provider.user = "bob"
        provider.next(PasswordToken("bob", "bob"))
        until(lambda: users(server) == ["bob", "bob"])


def test_from_another_thread(options: dict[str, Any], server: RealServer) -> None:
    provider = RotatingCredentialProvider("ann", "ann")
    with ConnectionPool(credential_provider=provider, **options) as pool:
        pool.release(pool.get_connection())
        thread = threading.Thread(target=provider.rotate, args=("bob", "bob"))
        thread.start()
        until(lambda: users(server) == ["bob"])
        thread.join()


def test_a_provider_that_fails(options: dict[str, Any], caplog: pytest.LogCaptureFixture) -> None:
    provider = RotatingCredentialProvider("ann", "ann")
    with ConnectionPool(credential_provider=provider, **options) as pool:
        assert who_is_next(pool) == "ann"
        with caplog.at_level(logging.WARNING, "multiplexer"):
            provider.fail(RuntimeError("no token to be had"))
        assert "no token to be had" in caplog.text
        assert who_is_next(pool) == "ann"


def test_a_lost_connection_takes_what_is_valid(options: dict[str, Any], server: RealServer) -> None:
    provider = OneCallback()
    with ConnectionPool(credential_provider=provider, **options) as pool:
        connection = pool.get_connection()
        provider.next(PasswordToken("bob", "bob"))  # it is busy, and so to authenticate later
        until(lambda: connection._re_auth_token is not None)
        connection.disconnect()
        provider.user = "cleo"
        connection.connect()
        assert who(connection) == "cleo"
        pool.release(connection)
        assert who_is_next(pool) == "cleo"


def test_a_pool_is_not_kept_alive(options: dict[str, Any]) -> None:
    provider = RotatingCredentialProvider("ann", "ann")
    pool = ConnectionPool(credential_provider=provider, **options)
    assert who_is_next(pool) == "ann"
    pool.close()
    left = weakref.ref(pool)
    del pool
    gc.collect()
    assert left() is None
    rotate(provider, "bob")


def test_subscriptions_go_on(options: dict[str, Any], server: RealServer, target: Target) -> None:
    provider = RotatingCredentialProvider("ann", "ann")
    with ConnectionPool(credential_provider=provider, **options) as pool, PubSub(pool) as pubsub:
        pubsub.subscribe("a")
        assert pubsub.get_message(timeout=5)
        waiting = spawn(pubsub.get_message, timeout=None)
        rotate(provider, "bob")
        if target.protocol == 3:
            until(lambda: users(server) == ["bob"])
        server.command("PUBLISH", "a", "x")
        message = waiting.result()
        assert message is not None
        assert message["data"] == b"x"
        assert pubsub.get_message(timeout=0.01) is None
        pubsub.connection.disconnect()
        assert pubsub.get_message(timeout=5) == {
            "type": "subscribe",
            "pattern": None,
            "channel": b"a",
            "data": 1,
        }
        assert users(server) == ["bob"]
