"""Exchanges of several steps with a server."""

from __future__ import annotations

from typing import Any

from multiplexer.core.handshake.conversation import Conversation, Steps
from multiplexer.core.message import InternalMessage
from multiplexer.errors import RedisConnectionError, ResponseError


def run(steps: Steps[Any], answers: dict[str, Any]) -> tuple[Conversation[Any], list[bytes]]:
    """Run a conversation over something that answers each command at once."""
    sent: list[bytes] = []

    def send(messages: list[InternalMessage]) -> None:
        for message in messages:
            assert isinstance(message.payload, bytes)
            sent.append(message.payload)
            message.finish(answers[message.command.name])

    talk: Conversation[Any] = Conversation(steps, send)
    talk.start()
    return talk, sent


def test_steps_follow_one_another_with_their_replies() -> None:
    def steps() -> Steps[str]:
        first = yield [("GET", "a"), ("PING",)]
        assert first == [b"1", b"PONG"]
        (second,) = yield [("ECHO", first[0])]
        return f"{second}"

    talk, sent = run(steps(), {"GET": b"1", "PING": b"PONG", "ECHO": "x"})
    assert talk.finished
    assert talk.result == "x"
    assert talk.error is None
    assert sent == [
        b"*2\r\n$3\r\nGET\r\n$1\r\na\r\n",
        b"*1\r\n$4\r\nPING\r\n",
        b"*2\r\n$4\r\nECHO\r\n$1\r\n1\r\n",
    ]


def test_an_error_reply_is_handed_in_and_remembered() -> None:
    error = ResponseError("ERR no")

    def steps() -> Steps[Any]:
        replies = yield [("GET", "a"), ("PING",)]
        return replies[0]

    talk, _ = run(steps(), {"GET": error, "PING": b"PONG"})
    assert talk.result is error
    assert talk.first_error is error


def test_what_the_generator_raises_ends_it() -> None:
    def steps() -> Steps[None]:
        yield [("PING",)]
        raise RedisConnectionError("cannot be used")

    ended: list[Any] = []
    talk: Conversation[None] = Conversation(steps(), lambda messages: messages[0].finish(b"PONG"), ended.append)
    talk.start()
    assert ended == [talk]
    assert isinstance(talk.error, RedisConnectionError)
    assert talk.result is None


def test_without_steps_it_ends_at_once_and_an_empty_step_is_passed() -> None:
    def none() -> Steps[int]:
        return 1
        yield []

    def empty() -> Steps[int]:
        replies = yield []
        (second,) = yield [("PING",)]
        return len(replies) + len(second)

    assert run(none(), {})[0].result == 1
    assert run(empty(), {"PING": b"PONG"})[0].result == 4


def test_replies_after_its_end_are_ignored() -> None:
    messages: list[InternalMessage] = []

    def steps() -> Steps[None]:
        yield [("PING",)]

    talk: Conversation[None] = Conversation(steps(), messages.extend)
    talk.start()
    messages[0].finish(b"PONG")
    assert talk.finished
    messages[0].finish(b"again")
    assert talk.error is None
