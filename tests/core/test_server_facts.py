"""What a server says of itself, in the shapes different servers and protocols give it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multiplexer import EndPoint
from multiplexer.core.handshake.server_facts import ServerFacts, facts_from_config, facts_from_hello, facts_from_info
from multiplexer.core.server_endpoint import ServerEndPoint

from .engine import bridge


def from_info(text: str) -> ServerFacts:
    facts = ServerFacts()
    facts_from_info(facts, text)
    return facts


@pytest.mark.parametrize("as_list", [True, False])
def test_hello_in_both_shapes(as_list: bool) -> None:
    said: dict[bytes, Any] = {
        b"server": b"redis",
        b"version": b"7.0.15",
        b"proto": 2,
        b"id": 9,
        b"mode": b"cluster",
        b"role": b"replica",
        b"modules": [],
        b"availability_zone": b"north",
    }
    facts = ServerFacts()
    facts_from_hello(facts, [part for pair in said.items() for part in pair] if as_list else said)
    assert (facts.server, facts.version, facts.protocol, facts.client_id) == ("redis", (7, 0, 15), 2, 9)
    assert (facts.mode, facts.role, facts.availability_zone) == ("cluster", "replica", "north")


def test_valkey_is_not_taken_for_the_redis_it_claims_to_be() -> None:
    facts = from_info("redis_version:7.2.4\r\nserver_name:valkey\r\nvalkey_version:9.1.0\r\nserver_mode:standalone\r\n")
    assert (facts.server, facts.version, facts.mode) == ("valkey", (9, 1, 0), "standalone")
    facts_from_info(facts, "redis_version:7.2.4\r\n")
    assert facts.version == (9, 1, 0)
    redis = from_info("redis_version:7.0.15\r\nredis_mode:cluster\r\n")
    assert (redis.server, redis.version, redis.mode) == ("redis", (7, 0, 15), "cluster")


def test_replication_tells_role_primary_and_link() -> None:
    replica = from_info(
        "# Replication\r\nrole:slave\r\nmaster_host:::1\r\nmaster_port:6379\r\n"
        "master_link_status:up\r\nslave_read_only:1\r\n"
    )
    assert (replica.role, replica.primary, replica.link_up) == ("replica", ("::1", 6379), True)
    assert replica.replica_read_only is True
    facts_from_info(replica, "role:master\r\n")
    assert (replica.role, replica.primary) == ("primary", None)


@pytest.mark.parametrize("version", ["unstable", "", "7.x.1", "255.255.255-rc1"])
def test_a_version_that_is_no_number_is_unknown(version: str) -> None:
    assert from_info(f"redis_version:{version}\r\n").version is None


@pytest.mark.parametrize(
    "reply",
    [
        {b"databases": b"4", b"replica-read-only": b"no"},
        [b"databases", b"4", b"slave-read-only", b"no"],
        {"databases": "4", "replica-read-only": "no"},
    ],
)
def test_config_in_every_shape(reply: Any) -> None:
    facts = ServerFacts()
    facts_from_config(facts, reply)
    assert (facts.databases, facts.replica_read_only) == (4, False)


@given(st.text(max_size=200))
def test_any_info_can_be_read(text: str) -> None:
    from_info(text)
    from_info("role:" + text)
    from_info("redis_version:" + text)


anything = st.recursive(
    st.none() | st.integers() | st.binary(max_size=10) | st.booleans(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.binary(max_size=6), inner, max_size=4),
    max_leaves=6,
)


@given(anything)
def test_any_reply_can_be_read(reply: Any) -> None:
    facts_from_hello(ServerFacts(), reply)
    facts_from_config(ServerFacts(), reply)


# -- a server's own record -------------------------------------------------------------------------------------


def server() -> ServerEndPoint[Any]:
    return ServerEndPoint(EndPoint("server", 6379), bridge())


def facts(**known: Any) -> ServerFacts:
    made = ServerFacts()
    for name, value in known.items():
        setattr(made, name, value)
    return made


def test_learning_tells_what_changed_and_keeps_what_was_not_said() -> None:
    known = server()
    assert known.role == "unknown"
    assert set(known.learn(facts(role="primary", run_id="a", version=(7, 0, 0)))) == {"role", "run_id", "version"}
    assert known.learn(facts(role="primary")) == []
    assert known.learn(facts(role="replica", primary=("other", 1))) == ["role", "primary"]
    assert (known.facts.run_id, known.facts.version) == ("a", (7, 0, 0))
    known.learn(facts(role="primary"))
    assert known.facts.primary is None


def test_facts_of_a_connection_are_not_facts_of_the_server() -> None:
    known = server()
    known.facts.protocol = 3
    known.learn(facts(role="primary", client_id=7, database=5))
    assert (known.facts.protocol, known.facts.client_id, known.facts.database) == (3, None, 0)


def test_when_the_role_is_asked_for() -> None:
    known = server()
    assert not known.check_is_due(1e9, 60.0)  # not connected
    known.interactive.set_state(type(known.interactive.state).ESTABLISHED)
    known.checked_at = 100.0
    assert not known.check_is_due(159.0, 60.0)
    assert known.check_is_due(160.0, 60.0)
    assert not known.check_is_due(1e9, 0.0)
    known.in_doubt = True
    assert not known.check_is_due(100.9, 0.0)
    assert known.check_is_due(101.0, 0.0)
    known.checking = True
    assert not known.check_is_due(1e9, 60.0)
