"""Users, passwords and what they may do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from multiplexer.errors import AuthenticationError, AuthorizationError, NoPermissionError, RedisTimeoutError
from tests.conftest import Target
from tests.servers import RealServer, ScriptedServer

from ._world import spawn, until
from .connecting import connect

SECRET = "s3cret-of-the-test"


def _user(server: RealServer, name: str, *rules: str) -> None:
    server.command("ACL", "SETUSER", name, "reset", "on", f">{SECRET}", *rules)


@pytest.fixture(autouse=True)
def _no_users_left(shared_servers: dict[str, RealServer]) -> Iterator[None]:
    yield
    for server in shared_servers.values():
        server.command("ACL", "DELUSER", "alice", "bob")


async def test_an_acl_user(server: RealServer, target: Target) -> None:
    _user(server, "alice", "~*", "+@all")
    async with await connect(server, user="alice", password=SECRET, protocol=target.protocol) as mux:
        assert await mux.get_database().acl_whoami() == "alice"


async def test_a_user_without_a_password(server: RealServer, target: Target) -> None:
    """It is that user, or nobody: never the default one, who may do more."""
    server.command("ACL", "SETUSER", "alice", "reset", "on", "nopass", "~mine:*", "+@all")
    async with await connect(server, user="alice", protocol=target.protocol) as mux:
        assert await mux.get_database().acl_whoami() == "alice"
        with pytest.raises(NoPermissionError):
            await mux.get_database().set("others", 1)
    _user(server, "bob", "~*", "+@all")
    with pytest.raises(AuthenticationError, match="WRONGPASS"):
        await connect(server, user="bob", abort_connect=True, connect_retry=1, protocol=target.protocol)


async def test_the_default_users_password(target: Target) -> None:
    with RealServer.start("valkey", password=SECRET) as server:
        async with await connect(server, password=SECRET, protocol=target.protocol) as mux:
            assert await mux.get_database().acl_whoami() == "default"
        with pytest.raises(AuthorizationError, match=r"NOAUTH.*none is configured"):
            await connect(server, protocol=target.protocol, abort_connect=True, connect_retry=1)


@pytest.mark.parametrize("credentials", [{"user": "alice", "password": "wr0ng"}, {"user": "nobody", "password": "x"}])
async def test_wrong_credentials(server: RealServer, target: Target, credentials: dict[str, str]) -> None:
    _user(server, "alice", "~*", "+@all")
    with pytest.raises(AuthenticationError, match="WRONGPASS"):
        await connect(server, abort_connect=True, connect_retry=1, protocol=target.protocol, **credentials)
    # Without abort_connect it goes on trying, says so in the status, and callers learn why at their deadline.
    async with await connect(server, protocol=target.protocol, **credentials) as mux:
        assert not mux.is_connected
        (status,) = mux.get_status()["servers"]
        assert status["interactive"]["last_error"].startswith("AuthenticationError: WRONGPASS")
        with pytest.raises(RedisTimeoutError, match=r"was not sent: never connected \(WRONGPASS"):
            await mux.get_database().with_options(timeout=0.05).get("key")
        if credentials["user"] == "alice":
            _user(server, "alice", "resetpass", f">{credentials['password']}", "~*", "+@all")
            assert await mux.get_database().set("key", 1)


@pytest.mark.parametrize(
    "forbidden",
    [
        "-echo",
        "-info",
        "-config",
        "-client",
        "-hello",
        "-select",
        "-echo -info -config -client -hello -ping -role",
        "-@all +get +set",
    ],
)
async def test_a_user_who_may_not_do_all_of_the_handshake(server: RealServer, target: Target, forbidden: str) -> None:
    _user(server, "bob", "~*", "+@all", *forbidden.split())
    protocol = "auto" if "hello" in forbidden or "@all" in forbidden else target.protocol
    async with await connect(
        server, user="bob", password=SECRET, protocol=protocol, abort_connect=True, connect_retry=1
    ) as mux:
        db = mux.get_database()
        assert await db.set("key", "value")
        assert await db.get("key") == b"value"
        if "ping" in forbidden or "@all" in forbidden:
            with pytest.raises(NoPermissionError, match="NOPERM") as caught:
                await db.ping()
            assert caught.value.was_sent


async def test_a_password_changed_while_running(own_server: RealServer, target: Target) -> None:
    _user(own_server, "carol", "~*", "+@all")
    async with await connect(own_server, user="carol", password=SECRET, protocol=target.protocol) as mux:
        db = mux.get_database()
        assert await db.set("key", 1)
        own_server.command("ACL", "SETUSER", "carol", "resetpass", ">another")
        assert await db.get("key") == b"1"  # the connection keeps what it was granted
        own_server.command("CLIENT", "KILL", "USER", "carol")
        await until(lambda: not mux.is_connected)
        call = spawn(db.set, "key", 2)
        await until(lambda: "WRONGPASS" in str(mux.get_status()["servers"][0]["interactive"]["last_error"]))
        own_server.command("ACL", "SETUSER", "carol", f">{SECRET}")
        assert await call.result() is True


async def test_auth_goes_first_and_alone() -> None:
    with ScriptedServer(password=SECRET, username="dave") as server:
        async with await connect(server, user="dave", password=SECRET):
            first, second = server.commands()[:2]
            assert first == (b"AUTH", b"dave", SECRET.encode())
            assert second == (b"HELLO", b"3")


async def test_hello_carries_the_credentials_where_auth_is_disabled() -> None:
    with ScriptedServer(password=SECRET) as server:
        async with await connect(server, password=SECRET, command_map={"AUTH": None}) as mux:
            assert server.commands()[0] == (b"HELLO", b"3", b"AUTH", b"default", SECRET.encode())
            assert await mux.get_database().set("key", 1)
