"""What is said on a new connection, and every way it can end."""

from __future__ import annotations

from typing import Any

import pytest

from multiplexer.core.handshake.handshake import Introduction, handshake, role_check
from multiplexer.core.handshake.server_facts import ServerFacts
from multiplexer.errors import (
    AuthenticationError,
    AuthorizationError,
    BusyLoadingError,
    MaxClientsError,
    NoPermissionError,
    ProtocolError,
    RedisConnectionError,
    ResponseError,
)

HELLO = {
    b"server": b"valkey",
    b"version": b"9.1.0",
    b"proto": 3,
    b"id": 42,
    b"mode": b"standalone",
    b"role": b"master",
    b"modules": [],
}
INFO_SERVER = b"# Server\r\nredis_version:7.2.4\r\nvalkey_version:9.1.0\r\nserver_mode:standalone\r\nrun_id:abc\r\n"
INFO_REPLICATION = b"# Replication\r\nrole:master\r\nconnected_slaves:0\r\n"

Answers = dict[str, Any]


def introduction(**changes: Any) -> Introduction:
    known: dict[str, Any] = {"tracer": "trace", "command_map": {}, "client_name": "me", "library": ("lib", "1.0")}
    return Introduction(**{**known, **changes})


def usual(words: tuple[Any, ...]) -> Any:
    """Answer as a server without passwords does."""
    name = " ".join(map(str, words[:2])).upper() if words[0] in ("CLIENT", "INFO", "CONFIG") else str(words[0])
    return {
        "AUTH": b"OK",
        "HELLO": HELLO,
        "CLIENT SETNAME": b"OK",
        "CLIENT SETINFO": b"OK",
        "CLIENT ID": 42,
        "SELECT": b"OK",
        "INFO SERVER": INFO_SERVER,
        "INFO REPLICATION": INFO_REPLICATION,
        "CONFIG GET": {b"databases": b"16"} if "databases" in words else {b"replica-read-only": b"yes"},
        "ECHO": str(words[1]).encode() if len(words) > 1 else None,
        "PING": b"PONG",
        "EXISTS": 0,
        "ROLE": [b"master", 0, []],
    }[name]


def converse(talk: Any, answers: Answers) -> tuple[ServerFacts, list[list[tuple[Any, ...]]]]:
    """Run a conversation; ``answers`` replace the usual ones, by the command's first word or first two."""
    said: list[list[tuple[Any, ...]]] = []
    try:
        step = next(talk)
        while True:
            said.append([tuple(words) for words in step])
            replies = []
            for words in step:
                two = " ".join(map(str, words[:2]))
                if two in answers:
                    replies.append(answers[two])
                elif words[0] in answers:
                    replies.append(answers[str(words[0])])
                else:
                    replies.append(usual(tuple(words)))
            step = talk.send(replies)
    except StopIteration as stop:
        return stop.value, said


def shake(answers: Answers | None = None, **changes: Any) -> tuple[ServerFacts, list[list[tuple[Any, ...]]]]:
    return converse(handshake(introduction(**changes)), answers or {})


def test_everything_is_said_in_one_step_and_learnt_from() -> None:
    facts, said = shake(database=5)
    assert len(said) == 1
    names = [" ".join(map(str, words)) for words in said[0]]
    assert names == [
        "HELLO 3",
        "CLIENT SETNAME me",
        "CLIENT SETINFO LIB-NAME lib",
        "CLIENT SETINFO LIB-VER 1.0",
        "CLIENT ID",
        "SELECT 5",
        "INFO SERVER",
        "INFO REPLICATION",
        "CONFIG GET databases",
        "CONFIG GET *replica-read-only",
        "ECHO trace",
    ]
    assert (facts.protocol, facts.client_id, facts.database) == (3, 42, 5)
    assert (facts.server, facts.version, facts.role, facts.run_id) == ("valkey", (9, 1, 0), "primary", "abc")
    assert (facts.databases, facts.replica_read_only) == (16, True)


@pytest.mark.parametrize(
    ("changes", "first"),
    [
        ({"password": "p"}, [("AUTH", "p"), ("HELLO", 3)]),
        ({"user": "u", "password": "p"}, [("AUTH", "u", "p"), ("HELLO", 3)]),
        ({"user": "u"}, [("AUTH", "u", ""), ("HELLO", 3)]),
        ({"user": "u", "command_map": {"AUTH": None}}, [("HELLO", 3, "AUTH", "u", "")]),
        ({"user": ""}, [("HELLO", 3)]),
        ({"password": "p", "protocol": 2}, [("AUTH", "p"), ("CLIENT", "SETNAME", "me")]),
        ({"protocol": 2}, [("CLIENT", "SETNAME", "me")]),
        ({"password": "p", "command_map": {"AUTH": None}}, [("HELLO", 3, "AUTH", "default", "p")]),
        (
            {"user": "u", "password": "p", "protocol": 2, "command_map": {"AUTH": None}},
            [("HELLO", 2, "AUTH", "u", "p")],
        ),
        ({"password": "p", "command_map": {"AUTH": "AUTH2"}}, [("AUTH2", "p"), ("HELLO", 3)]),
    ],
)
def test_credentials_go_first(changes: dict[str, Any], first: list[tuple[Any, ...]]) -> None:
    talk = handshake(introduction(**changes))
    assert [tuple(words) for words in next(talk)][: len(first)] == first


def test_only_the_interactive_connection_asks_who_the_server_is() -> None:
    _, said = shake(learn=False, client_name=None, library=None)
    assert [words[0] for words in said[0]] == ["HELLO", "CLIENT", "ECHO"]


def test_falls_back_to_resp2_where_hello_is_unknown() -> None:
    facts, _ = shake({"HELLO": ResponseError("ERR unknown command 'HELLO'")})
    assert facts.protocol == 2
    assert facts.client_id == 42
    assert facts.version == (9, 1, 0)


def test_resp3_that_was_demanded_must_be_had() -> None:
    with pytest.raises(RedisConnectionError, match="RESP3"):
        shake({"HELLO": ResponseError("NOPROTO unsupported")}, protocol=3)
    with pytest.raises(RedisConnectionError, match="command map"):
        shake(protocol=3, command_map={"HELLO": None})


@pytest.mark.parametrize(
    ("answers", "changes", "error"),
    [
        ({"AUTH": AuthenticationError("WRONGPASS")}, {"password": "p"}, AuthenticationError),
        ({"AUTH": ResponseError("ERR Client sent AUTH, but no password")}, {"password": "p"}, AuthenticationError),
        ({"AUTH": MaxClientsError("ERR max number of clients reached")}, {"password": "p"}, MaxClientsError),
        ({"HELLO": MaxClientsError("ERR max number of clients reached")}, {}, MaxClientsError),
        (
            {"HELLO": AuthenticationError("WRONGPASS")},
            {"password": "p", "command_map": {"AUTH": None}},
            AuthenticationError,
        ),
        ({}, {"user": "u", "command_map": {"AUTH": None, "HELLO": None}}, AuthenticationError),
        ({"ECHO": AuthorizationError("NOAUTH Authentication required.")}, {}, AuthorizationError),
        ({"ECHO": BusyLoadingError("LOADING")}, {}, BusyLoadingError),
        ({"ECHO": RedisConnectionError("lost")}, {}, RedisConnectionError),
        ({"ECHO": b"another"}, {}, ProtocolError),
        ({"ECHO": None}, {}, ProtocolError),
        ({"ECHO": 1}, {}, ProtocolError),
        ({"SELECT": ResponseError("ERR DB index is out of range")}, {"database": 99}, RedisConnectionError),
    ],
)
def test_refusals(answers: Answers, changes: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error) as caught:
        shake(answers, **changes)
    assert type(caught.value) is error


def test_an_unconfigured_password_is_named_as_what_is_missing() -> None:
    with pytest.raises(AuthorizationError, match="none is configured"):
        shake({"ECHO": AuthorizationError("NOAUTH Authentication required.")})


@pytest.mark.parametrize(
    "forbidden", ["CLIENT SETNAME", "CLIENT SETINFO", "CLIENT ID", "INFO SERVER", "INFO REPLICATION", "CONFIG GET"]
)
def test_what_is_forbidden_is_stepped_over(forbidden: str) -> None:
    facts, _ = shake({forbidden: NoPermissionError("NOPERM")})
    assert facts.role == "primary"  # HELLO and INFO both tell it
    assert facts.protocol == 3


def test_nothing_to_learn_from_is_no_hindrance() -> None:
    refusals = {name: ResponseError("ERR unknown command") for name in ("HELLO", "CLIENT", "INFO SERVER", "CONFIG GET")}
    facts, _ = shake({**refusals, "INFO REPLICATION": ResponseError("ERR")})
    assert (facts.client_id, facts.role, facts.version) == (None, None, None)


def test_without_echo_another_command_traces() -> None:
    facts, said = shake({"ECHO": NoPermissionError("NOPERM")})
    assert said[1] == [("PING",), ("EXISTS", "trace")]
    assert facts.protocol == 3
    _, said = shake(command_map={"ECHO": None})
    assert said[1] == [("PING",), ("EXISTS", "trace")]
    _, said = shake(command_map={"ECHO": None, "PING": None, "EXISTS": None})
    assert len(said) == 1


def test_a_named_user_is_asked_for_nothing_that_may_be_forbidden() -> None:
    """What a server refuses stands in its ACL LOG, but everybody may say HELLO."""
    facts, said = shake(user="u", learn=False, client_name=None, library=None)
    assert said == [[("AUTH", "u", ""), ("HELLO", 3), ("HELLO", 3)]]
    assert (facts.protocol, facts.client_id) == (3, 42)
    facts, said = shake(user="u", learn=False, client_name=None, library=None, protocol=2)
    assert said == [[("AUTH", "u", ""), ("HELLO", 2)]]
    assert (facts.protocol, facts.client_id) == (2, 42)


def test_where_hello_is_unknown_a_named_users_connection_is_traced_otherwise() -> None:
    facts, said = shake({"HELLO": ResponseError("ERR unknown command 'HELLO'")}, user="u")
    assert said[1] == [("CLIENT", "ID"), ("PING",), ("EXISTS", "trace")]
    assert (facts.protocol, facts.client_id) == (2, 42)
    _, said = shake(user="u", learn=False, command_map={"HELLO": None})
    assert said[0][-2:] == [("CLIENT", "ID"), ("ECHO", "trace")]


@pytest.mark.parametrize("last", [b"OK", None, {b"proto": 3}, {b"id": 41}, [b"proto", 3, b"id", 41]])
def test_the_last_hello_must_be_of_the_same_connection(last: Any) -> None:
    talk = handshake(introduction(user="u"))
    step = next(talk)
    with pytest.raises(ProtocolError):
        talk.send([*(usual(tuple(words)) for words in step[:-1]), last])


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ({"PING": b"another"}, ProtocolError),
        ({"EXISTS": b"text"}, ProtocolError),
        ({"PING": RedisConnectionError("lost")}, RedisConnectionError),
    ],
)
def test_the_other_tracers_tell_as_well(answers: Answers, error: type[Exception]) -> None:
    with pytest.raises(error):
        shake({"ECHO": NoPermissionError("NOPERM"), **answers})


def test_forbidden_tracers_are_believed() -> None:
    nothing = {name: NoPermissionError("NOPERM") for name in ("ECHO", "PING", "EXISTS")}
    assert shake(nothing)[0].protocol == 3


def test_an_introduction_does_not_show_its_password() -> None:
    assert "secret" not in repr(introduction(password="secret"))


# -- asking for the role again ---------------------------------------------------------------------------------


def check(answers: Answers, command_map: dict[str, str | None] | None = None) -> ServerFacts:
    return converse(role_check(command_map or {}), answers)[0]


def test_a_role_check_learns_role_and_run_id() -> None:
    facts = check({})
    assert (facts.role, facts.run_id) == ("primary", "abc")
    replica = check(
        {"INFO REPLICATION": b"role:slave\r\nmaster_host:h\r\nmaster_port:7\r\nmaster_link_status:down\r\n"}
    )
    assert (replica.role, replica.primary, replica.link_up) == ("replica", ("h", 7), False)


def refused() -> ResponseError:
    return NoPermissionError("NOPERM")


def test_where_info_is_forbidden_role_tells() -> None:
    facts = check({"INFO": refused(), "ROLE": [b"slave", b"host", 6380, b"connected", 1]})
    assert (facts.role, facts.primary) == ("replica", ("host", 6380))
    assert check({"INFO": refused()}).role == "primary"
    assert check({"INFO": refused(), "ROLE": refused()}).role is None


def test_where_all_is_disabled_nothing_is_asked() -> None:
    facts, said = converse(role_check({"INFO": None, "ROLE": None}), {})
    assert said == []
    assert facts.role is None
