# Generated from tests/asyncio/test_reconfigure.py by scripts/generate_blocking.py; change that file instead.
"""Options that change while the multiplexer runs, and credentials that come from a provider."""

from __future__ import annotations

from collections.abc import Iterator
from time import monotonic
from typing import Any

import pytest

from multiplexer import BacklogPolicy, ConfigurationOptions
from multiplexer.blocking import ConnectionMultiplexer
from multiplexer.credentials import (
    CallableCredentialProvider,
    PasswordToken,
    RotatingCredentialProvider,
    UsernamePasswordCredentialProvider,
)
from multiplexer.errors import (
    CommandDisabledError,
    ConfigurationError,
    ExternalAuthProviderError,
    RedisConnectionError,
    RedisTimeoutError,
)
from tests.conftest import Target
from tests.servers import RealServer

from ._world import spawn, until
from .connecting import connect

OLD, NEW = "old-s3cret", "new-s3cret"


@pytest.fixture
def user(server: RealServer) -> Iterator[RealServer]:
    """A server with a user "alice", whose password is OLD."""
    server.command("ACL", "SETUSER", "alice", "reset", "on", f">{OLD}", "~*", "&*", "+@all")
    yield server
    server.command("ACL", "DELUSER", "alice", "bob")


def drop_connections(server: RealServer) -> None:
    """Have the server close every connection but the test's own."""
    server.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")


def test_a_timeout_applies_at_once(mux: ConnectionMultiplexer) -> None:
    db = mux.get_database()
    view = db.with_options(timeout=20)
    assert db.ping()
    mux.reconfigure(timeout=0.2)
    assert mux.options.sync_timeout == mux.options.async_timeout == 0.2
    began = monotonic()
    sleeping = spawn(view.execute, "DEBUG", "SLEEP", "0.5")
    until(lambda: mux.get_counters()[0].interactive.sent_items_awaiting_response)
    with pytest.raises(RedisTimeoutError):
        db.get("key")
    assert monotonic() - began < 2  # and not the five seconds that were configured
    sleeping.result()


def test_policies_apply_at_once(own_server: RealServer) -> None:
    with connect(own_server) as mux:
        db = mux.get_database()
        with pytest.raises(CommandDisabledError):
            db.flushall()
        mux.reconfigure(allow_admin=True, backlog_policy="failFast")
        assert mux.options.backlog_policy is BacklogPolicy.FAIL_FAST
        assert db.flushall()
        own_server.kill()
        until(lambda: not mux.is_connected)
        with pytest.raises(RedisConnectionError, match="FailFast"):
            db.get("key")


def test_a_password_applies_to_the_next_connection(user: RealServer, target: Target) -> None:
    with connect(user, user="alice", password=OLD, protocol=target.protocol) as mux:
        db = mux.get_database()
        assert db.acl_whoami() == "alice"
        user.command("ACL", "SETUSER", "alice", "resetpass", f">{NEW}")
        mux.reconfigure(password=NEW, name="renamed")
        assert NEW not in repr(mux.options)
        drop_connections(user)
        until(lambda: any(client["name"] == "renamed" for client in user.clients()))
        assert db.acl_whoami() == "alice"


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"endpoints": ["elsewhere"]}, "endpoints: cannot be changed while running"),
        ({"protocol": 2}, "protocol: cannot be changed"),
        ({"tiemout": 3}, "timeout"),
        ({"timeout": -1}, "timeout"),
        ({"timeout": 1, "heartbeat_interval": 2}, "heartbeat_interval: cannot"),
    ],
)
def test_what_cannot_be_changed(mux: ConnectionMultiplexer, changes: dict[str, Any], match: str) -> None:
    before = mux.options
    with pytest.raises(ConfigurationError, match=match):
        mux.reconfigure(**changes)
    assert mux.options is before


# -- credential providers ----------------------------------------------------------------------------------------------


def test_a_static_provider(user: RealServer, target: Target) -> None:
    provider = UsernamePasswordCredentialProvider("alice", OLD)
    with connect(user, credential_provider=provider, protocol=target.protocol) as mux:
        assert mux.get_database().acl_whoami() == "alice"


def test_a_provider_is_asked_at_each_connect(user: RealServer) -> None:
    passwords = [OLD]
    provider = CallableCredentialProvider(lambda: ("alice", passwords[-1]))
    with connect(user, credential_provider=provider) as mux:
        db = mux.get_database()
        db.rpush("queue", 1)
        assert db.blpop(["queue"], 1) == (b"queue", b"1")  # leased connections ask it as well
        user.command("ACL", "SETUSER", "alice", "resetpass", f">{NEW}")
        passwords.append(NEW)
        drop_connections(user)
        until(lambda: not mux.is_connected or mux.get_counters()[0].interactive.socket_count > 1)
        assert db.acl_whoami() == "alice"
        db.rpush("queue", 2)
        assert db.blpop(["queue"], 1) == (b"queue", b"2")


@pytest.mark.parametrize("given", [None, (), ("a", "b", "c"), "alice"])
def test_a_provider_that_gives_something_else(user: RealServer, given: Any) -> None:
    class Odd:
        def get_credentials(self) -> Any:
            return given

    with pytest.raises(ExternalAuthProviderError):
        connect(user, credential_provider=Odd(), abort_connect=True, connect_retry=1)


def test_a_provider_that_fails(user: RealServer) -> None:
    class Broken:
        fails = True

        def get_credentials(self) -> Any:
            if self.fails:
                raise OSError("the vault is sealed")
            return "alice", OLD

    provider = Broken()
    with connect(user, credential_provider=provider) as mux:
        until(lambda: "the vault is sealed" in str(mux.get_status()))
        provider.fails = False
        assert mux.get_database().acl_whoami() == "alice"


def test_streamed_credentials_reach_connections_in_use(user: RealServer, target: Target) -> None:
    user.command("ACL", "SETUSER", "bob", "reset", "on", f">{NEW}", "~*", "&*", "+@all")
    provider = RotatingCredentialProvider("alice", OLD)
    with connect(user, credential_provider=provider, protocol=target.protocol) as mux:
        db = mux.get_database()
        db.rpush("idle", 1)
        db.blpop(["idle"], 1)  # leaves an idle leased connection behind
        with db.watch("key") as tx:  # and this is one in use
            db.set("key", "value")
            provider.rotate("bob", NEW)
            until(db.acl_whoami)
            assert db.acl_whoami() == "bob"
            assert tx.execute_command("ACL WHOAMI") in (b"alice", b"bob")
        users = [client["user"] for client in user.clients()]
        until(lambda: "alice" not in [client["user"] for client in user.clients()])
        assert mux.get_counters()[0].interactive.socket_count == 1, users  # nobody had to connect again


def test_streamed_credentials_beside_a_subscription(user: RealServer, target: Target) -> None:
    """Under RESP2 a connection that subscribes takes no AUTH, and is not asked to."""
    user.command("ACL", "SETUSER", "bob", "reset", "on", f">{NEW}", "~*", "&*", "+@all")
    provider = RotatingCredentialProvider("alice", OLD)
    with connect(user, credential_provider=provider, protocol=target.protocol) as mux:
        errors: list[Any] = []
        mux.error_message += errors.append
        subscription = mux.get_subscriber().subscribe("news")
        provider.rotate("bob", NEW)
        until(lambda: [client["user"] for client in user.clients() if client["sub"] == "0"] == ["bob"])
        listens_as = "bob" if target.protocol == 3 else "alice"
        until(lambda: [client["user"] for client in user.clients() if client["sub"] != "0"] == [listens_as])
        mux.get_database().publish("news", "here")
        assert subscription.get(timeout=5).data == b"here"
        assert errors == []


def test_streamed_credentials_that_are_refused(user: RealServer) -> None:
    provider = RotatingCredentialProvider("alice", OLD)
    with connect(user, credential_provider=provider) as mux:
        errors: list[Any] = []
        mux.error_message += errors.append
        mux.re_auth_callback(PasswordToken("alice", "wr0ng"))
        until(lambda: errors)
        assert "wr0ng" not in str(errors)
        assert mux.get_database().acl_whoami() == "alice"


def test_a_provider_and_a_password() -> None:
    with pytest.raises(ConfigurationError, match="credential_provider"):
        ConfigurationOptions(
            endpoints=["localhost"], password="x", credential_provider=UsernamePasswordCredentialProvider("a", "b")
        )
