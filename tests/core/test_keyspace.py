"""Channels and messages of keyspace notifications."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import hiredis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from multiplexer.core.pubsub.keyspace import (
    KeyspaceNotification,
    keyevent_channel,
    keyevent_pattern,
    keyspace_channel,
    keyspace_pattern,
    parse_notification,
    subkeyevent_pattern,
    subkeyspace_pattern,
    subkeyspaceevent_pattern,
    subkeyspaceitem_pattern,
)
from tests.servers import RealServer


@pytest.mark.parametrize(
    ("channel", "message", "database", "key", "event", "subkeys"),
    [
        (b"__keyspace@0__:key", b"set", 0, b"key", "set", ()),
        (b"__keyspace@12__:a__:b@c", b"del", 12, b"a__:b@c", "del", ()),
        (b"__keyspace@0__:", b"set", 0, b"", "set", ()),
        (b"__keyspace@0__:\xff", b"set", 0, b"\xff", "set", ()),
        (b"__keyevent@3__:expired", b"key", 3, b"key", "expired", ()),
        (b"__subkeyspace@0__:h", b"hset|4:name,5:a,b|c", 0, b"h", "hset", (b"name", b"a,b|c")),
        (b"__subkeyevent@0__:hdel", b"3:k|:|1:f", 0, b"k|:", "hdel", (b"f",)),
        (b"__subkeyspaceitem@1__:h\na\nb", b"hset", 1, b"h", "hset", (b"a\nb",)),
        (b"__subkeyspaceevent@0__:hset|k|y", b"1:f,0:", 0, b"k|y", "hset", (b"f", b"")),
    ],
)
def test_notifications(
    channel: bytes, message: bytes, database: int, key: bytes, event: str, subkeys: tuple[bytes, ...]
) -> None:
    assert parse_notification(channel, message) == KeyspaceNotification(database, key, event, subkeys)


def test_text_stays_text() -> None:
    assert parse_notification("__keyspace@0__:ä", "set") == KeyspaceNotification(0, "ä", "set")
    found = parse_notification("__subkeyspace@0__:h", "hset|2:ä,1:b")  # lengths count bytes
    assert found == KeyspaceNotification(0, "h", "hset", ("ä", "b"))


@pytest.mark.parametrize(
    ("channel", "message"),
    [
        (b"news", b"set"),
        (b"__keyspace@0:key", b"set"),
        (b"__keyspace@x__:key", b"set"),
        (b"__keyspace__:key", b"set"),
        (b"__other@0__:key", b"set"),
        (b"__subkeyspace@0__:h", b"hset"),
        (b"__subkeyspace@0__:h", b"hset|9:short"),
        (b"__subkeyspace@0__:h", b"hset|-1:x"),
        (b"__subkeyspace@0__:h", b"hset|1:xy"),
        (b"__subkeyevent@0__:hset", b"1:k"),
        (b"__subkeyspaceitem@0__:h", b"hset"),
        (b"__subkeyspaceevent@0__:hset", b"1:f"),
    ],
)
def test_what_is_no_notification(channel: bytes, message: bytes) -> None:
    assert parse_notification(channel, message) is None


@given(st.binary(max_size=30), st.binary(max_size=30))
def test_nothing_published_can_raise(rest: bytes, message: bytes) -> None:
    for kind in ("keyspace", "keyevent", "subkeyspace", "subkeyevent", "subkeyspaceitem", "subkeyspaceevent"):
        parse_notification(f"__{kind}@0__:".encode() + rest, message)
    parse_notification(rest, message)


def test_a_prefix_is_asked_for_and_taken_off() -> None:
    assert parse_notification(b"__keyspace@0__:p:key", b"set", "p:") == KeyspaceNotification(0, b"key", "set")
    assert parse_notification(b"__keyevent@0__:set", b"p:key", b"p:") == KeyspaceNotification(0, b"key", "set")
    assert parse_notification(b"__keyevent@0__:set", b"other", b"p:") is None


def test_channels_and_patterns() -> None:
    assert keyspace_channel("key") == b"__keyspace@0__:key"
    assert keyspace_channel(b"key", 2, "p:") == b"__keyspace@2__:p:key"
    assert keyevent_channel("expired") == b"__keyevent@0__:expired"
    assert keyspace_pattern() == b"__keyspace@*__:*"
    assert keyspace_pattern("user:*", 0, "p*:") == b"__keyspace@0__:p\\*:user:*"
    assert keyevent_pattern() == b"__keyevent@*__:*"
    assert keyevent_pattern("exp*", 1) == b"__keyevent@1__:exp*"
    assert subkeyspace_pattern("h", 0) == b"__subkeyspace@0__:h"
    assert subkeyevent_pattern("hset") == b"__subkeyevent@*__:hset"
    assert subkeyspaceitem_pattern("h", "f", 0, "p:") == b"__subkeyspaceitem@0__:p:h\nf"
    assert subkeyspaceevent_pattern("hset", "h", 0) == b"__subkeyspaceevent@0__:hset|h"


@pytest.fixture
def subscribed(own_server: RealServer) -> Iterator[tuple[RealServer, Iterator[list[bytes]]]]:
    own_server.command("CONFIG", "SET", "notify-keyspace-events", "KEA")
    with socket.create_connection((own_server.host, own_server.port), timeout=10) as listener:
        reader = hiredis.Reader()

        def messages() -> Iterator[list[bytes]]:
            while True:
                while (reply := reader.gets()) is not False:
                    yield reply
                reader.feed(listener.recv(1 << 16))

        listener.sendall(hiredis.pack_command(("PSUBSCRIBE", keyspace_pattern(prefix="p*:"), keyevent_pattern("set"))))
        replies = messages()
        next(replies), next(replies)
        yield own_server, replies


def test_what_a_server_publishes(subscribed: tuple[RealServer, Iterator[list[bytes]]]) -> None:
    server, replies = subscribed
    server.command("SET", "other", "x")
    server.command("SET", "p*:key", "x")
    found = [parse_notification(reply[2], reply[3]) for reply in (next(replies), next(replies), next(replies))]
    expected = KeyspaceNotification(0, b"p*:key", "set")
    assert found == [KeyspaceNotification(0, b"other", "set"), expected, expected]
