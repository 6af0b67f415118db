# Generated from tests/asyncio/test_acl.py by scripts/generate_blocking.py; change that file instead.
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


def test_an_acl_user(server: RealServer, target: Target) -> None:
    _user(server, "alice", "~*", "+@all")
    with connect(server, user="alice", password=SECRET, protocol=target.protocol) as mux:
        assert mux.get_database().acl_whoami() == "alice"


def test_a_user_without_a_password(server: RealServer, target: Target) -> None:
    """It is that user, or nobody: never the default one, who may do more."""
    server.command("ACL", "SETUSER", "alice", "reset", "on", "nopass", "~mine:*", "+@all")
    with connect(server, user="alice", protocol=target.protocol) as mux:
        assert mux.get_database().acl_whoami() == "alice"
        with pytest.raises(NoPermissionError):
            mux.get_database().set("others", 1)
    _user(server, "bob", "~*", "+@all")
    with pytest.raises(AuthenticationError, match="WRONGPASS"):
        connect(server, user="bob", abort_connect=True, connect_retry=1, protocol=target.protocol)


def test_the_default_users_password(target: Target) -> None:
    with RealServer.start("valkey", password=SECRET) as server:
        with connect(server, password=SECRET, protocol=target.protocol) as mux:
            assert mux.get_database().acl_whoami() == "default"
        with pytest.raises(AuthorizationError, match=r"NOAUTH.*none is configured"):
            connect(server, protocol=target.protocol, abort_connect=True, connect_retry=1)


@pytest.mark.parametrize("credentials", [{"user": "alice", "password": "wr0ng"}, {"user": "nobody", "password": "x"}])
def test_wrong_credentials(server: RealServer, target: Target, credentials: dict[str, str]) -> None:
    _user(server, "alice", "~*", "+@all")
    with pytest.raises(AuthenticationError, match="WRONGPASS"):
        connect(server, abort_connect=True, connect_retry=1, protocol=target.protocol, **credentials)
    # Without abort_connect it goes on trying, says so in the status, and callers learn why at their deadline.
    with connect(server, protocol=target.protocol, **credentials) as mux:
        assert not mux.is_connected
        (status,) = mux.get_status()["servers"]
        assert status["interactive"]["last_error"].startswith("AuthenticationError: WRONGPASS")
        with pytest.raises(RedisTimeoutError, match=r"was not sent: never connected \(WRONGPASS"):
            mux.get_database().with_options(timeout=0.05).get("key")
        if credentials["user"] == "alice":
            _user(server, "alice", "resetpass", f">{credentials['password']}", "~*", "+@all")
            assert mux.get_database().set("key", 1)


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
def test_a_user_who_may_not_do_all_of_the_handshake(server: RealServer, target: Target, forbidden: str) -> None:
    _user(server, "bob", "~*", "+@all", *forbidden.split())
    protocol = "auto" if "hello" in forbidden or "@all" in forbidden else target.protocol
    with connect(
        server, user="bob", password=SECRET, protocol=protocol, abort_connect=True, connect_retry=1
    ) as mux:
        db = mux.get_database()
        assert db.set("key", "value")
        assert db.get("key") == b"value"
        if "ping" in forbidden or "@all" in forbidden:
            with pytest.raises(NoPermissionError, match="NOPERM") as caught:
                db.ping()
            assert caught.value.was_sent


def test_a_password_changed_while_running(own_server: RealServer, target: Target) -> None:
    _user(own_server, "carol", "~*", "+@all")
    with connect(own_server, user="carol", password=SECRET, protocol=target.protocol) as mux:
        db = mux.get_database()
        assert db.set("key", 1)
        own_server.command("ACL", "SETUSER", "carol", "resetpass", ">another")
        assert db.get("key") == b"1"  # the connection keeps what it was granted
        own_server.command("CLIENT", "KILL", "USER", "carol")
        until(lambda: not mux.is_connected)
        call = spawn(db.set, "key", 2)
        until(lambda: "WRONGPASS" in str(mux.get_status()["servers"][0]["interactive"]["last_error"]))
        own_server.command("ACL", "SETUSER", "carol", f">{SECRET}")
        assert call.result() is True


def test_auth_goes_first_and_alone() -> None:
    with ScriptedServer(password=SECRET, username="dave") as server:
        with connect(server, user="dave", password=SECRET):
            first, second = server.commands()[:2]
            assert first == (b"AUTH", b"dave", SECRET.encode())
            assert second == (b"HELLO", b"3")


def test_hello_carries_the_credentials_where_auth_is_disabled() -> None:
    with ScriptedServer(password=SECRET) as server:
        with connect(server, password=SECRET, command_map={"AUTH": None}) as mux:
            assert server.commands()[0] == (b"HELLO", b"3", b"AUTH", b"default", SECRET.encode())
            assert mux.get_database().set("key", 1)
