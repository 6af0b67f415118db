"""What servers said once, cut at every byte, with pushes at every boundary: the same replies, to the same commands."""

from __future__ import annotations

from collections import deque
from itertools import pairwise
from typing import Any

import pytest

from multiplexer.core.handshake.handshake import Introduction, handshake
from multiplexer.core.physical_connection import PhysicalConnection
from multiplexer.core.wire.resp import PushNotification, RespReader, reader_named
from tests.servers.recorded import HANDSHAKES, NAMES, PUSHES, items

from .engine import Remembering, connection, feed

PARSERS = ("hiredis", "python")

whatever_the_parser = pytest.mark.parametrize("parser", PARSERS)


class Listener:
    """A connection that hears one conversation, or parts of it, again and again."""

    def __init__(self, name: str, parser: str) -> None:
        self._pushes: list[Any] = []
        self._connection: PhysicalConnection = connection(self._pushes)
        self._connection.read_with(RespReader(reader_named(parser)))
        self._connection.pushes_are_replies = name == "pushes-resp2"
        self._messages: list[Remembering] = []

    def hear(self, data: bytes) -> list[Any]:
        """Take bytes; return what they told: replies, each to the message whose turn it was, and then pushes."""
        while len(self._messages) < 3:
            self._messages.append(Remembering("GET", "k"))
            self._connection.take(deque(self._messages[-1:]), 0.0)
        told: list[Any] = []
        feed(self._connection, data)
        while self._messages and self._messages[0].replies_given:
            told.append(self._messages.pop(0).reply)
        assert not any(message.replies_given for message in self._messages), "a reply passed others by"
        told += self._pushes
        self._pushes.clear()
        return told


def heard(name: str, parser: str) -> list[Any]:
    """Return what a conversation tells, item by item."""
    listener = Listener(name, parser)
    told = [listener.hear(item) for item in items(name)]
    assert all(len(each) == 1 for each in told)
    return [each[0] for each in told]


def test_there_is_something_of_everything() -> None:
    assert len(HANDSHAKES) >= 6
    everything = b"".join(item for name in NAMES for item in items(name))
    assert all(b"\n" + bytes((kind,)) in everything for kind in b"+-:$*,#(%~=_>|")
    assert max(len(item) for name in NAMES for item in items(name)) > 3000


@pytest.mark.parametrize("name", NAMES)
def test_both_parsers_hear_the_same(name: str) -> None:
    first, second = (heard(name, parser) for parser in PARSERS)
    assert repr(first) == repr(second)
    pushed = [isinstance(each, PushNotification) for each in first]
    assert name == "pushes-resp3" or not any(pushed)


@whatever_the_parser
@pytest.mark.parametrize("name", NAMES)
def test_byte_by_byte(name: str, parser: str) -> None:
    listener, told = Listener(name, parser), []
    for byte in b"".join(items(name)):
        told += listener.hear(bytes((byte,)))
    assert repr(told) == repr(heard(name, parser))


@whatever_the_parser
@pytest.mark.parametrize("name", NAMES)
def test_cut_at_every_byte(name: str, parser: str) -> None:
    """In front of the cut there is nothing yet; with what is behind it comes the reply, and with the next one both."""
    listener, told = Listener(name, parser), heard(name, parser)
    for index, item in enumerate(items(name)):
        for at in range(1, len(item)):
            assert listener.hear(item[:at]) == [], f"{item[:at]!r} is no reply"
            assert repr(listener.hear(item[at:])) == repr(told[index : index + 1]), f"{item!r} cut after {at} bytes"
        for at in (1, len(item) // 2, len(item) - 1):
            assert listener.hear(item[:at]) == []
            assert repr(listener.hear(item[at:] + item)) == repr([told[index]] * 2)


@whatever_the_parser
@pytest.mark.parametrize("name", [name for name in NAMES if not name.endswith("resp2")])
def test_pushes_between_any_two_replies_cut_at_every_byte(name: str, parser: str) -> None:
    listener, told = Listener("pushes-resp3", parser), heard(name, parser)
    for index, (before, after) in enumerate(pairwise(items(name))):
        for push in PUSHES:
            [pushed] = listener.hear(push)
            assert isinstance(pushed, PushNotification)
            expected = sorted(map(repr, [*told[index : index + 2], pushed]))
            for at in range(len(push) + 1):
                first = listener.hear(before + push[:at])
                second = listener.hear(push[at:] + after)
                assert repr(first[0]) == repr(told[index])
                assert sorted(map(repr, [*first, *second])) == expected


@pytest.mark.parametrize("name", HANDSHAKES)
def test_what_a_server_says_of_itself_is_understood(name: str) -> None:
    replies = iter(heard(name, "hiredis"))
    protocol = 2 if name.endswith("resp2") else 3
    steps = handshake(Introduction("trace", {}, protocol=protocol, client_name="me", library=("lib", "1.0")))
    step = next(steps)
    try:
        while True:
            step = steps.send([next(replies) for _ in step])
    except StopIteration as stop:
        facts = stop.value
    assert next(replies, None) is None
    assert facts.protocol == protocol
    assert facts.client_id
    kinds = {"cluster": "cluster", "replica": "cluster", "sentinel": "sentinel"}
    assert facts.mode == kinds.get(name.split("-")[1], "standalone")
    assert facts.role == {"replica": "replica", "sentinel": facts.role}.get(name.split("-")[1], "primary")
