# Generated from tests/asyncio/truth/test_every_boundary.py by scripts/generate_blocking.py; change that file instead.
"""What servers said once, cut at every byte as it comes in, and with pushes between any two replies."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from multiplexer.blocking import ConnectionMultiplexer
from multiplexer.core.wire.resp import NO_REPLY, RespReader, reader_named
from multiplexer.pools.blocking import UnixDomainSocketConnection
from tests.blocking.pools.using import ask
from tests.servers import Pieces, ScriptedServer, Sequence, Silence
from tests.servers.recorded import HANDSHAKES, NAMES, PUSHES, answers, cut, items

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what the other side has read")

REPLIES = [name for name in NAMES if name not in HANDSHAKES and not name.startswith("pushes")]
PARSERS = ("hiredis", "python")
#: Servers that stand alone: what others say would have the multiplexer look for those that belong to them.
ALONE = [name for name in HANDSHAKES if "valkey" in name or "redis" in name]


def protocol_of(name: str) -> int:
    return 2 if name.endswith("resp2") else 3


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ScriptedServer]:
    with ScriptedServer(unixsocket=tmp_path / "socket") as server:
        yield server


@pytest.fixture
def mux(server: ScriptedServer, request: pytest.FixtureRequest) -> Iterator[ConnectionMultiplexer]:
    """A multiplexer for a conversation and a parser, of which nothing else is heard meanwhile."""
    name, parser = request.param
    options = {"protocol": protocol_of(name), "parser": parser, "heartbeat_interval": 60, "timeout": 30}
    with ConnectionMultiplexer.connect(f"unix://{server.unixsocket}", **options) as mux:
        yield mux


def each_with_a_parser(names: list[str]) -> pytest.MarkDecorator:
    """Have a test take each conversation, with one parser: what is above it does not know which it is."""
    pairs = [(name, PARSERS[place % 2]) for place, name in enumerate(names)]
    ids = ["-".join(pair) for pair in pairs]
    return pytest.mark.parametrize(("name", "mux"), list(zip(names, pairs, strict=True)), ids=ids, indirect=["mux"])


def shown(reply: Any) -> str:
    """Return what a reply is, whatever else is known of an error."""
    return f"{type(reply).__name__}: {reply}" if isinstance(reply, Exception) else repr(reply)


def parsed(stream: bytes) -> list[str]:
    """Return the replies that stand in some bytes."""
    reader, told = RespReader(reader_named("python")), []
    for piece in reader.without_attributes(stream, len(stream)):
        reader.feed(piece, 0, len(piece))
        told += iter(reader.gets, NO_REPLY)
    return [shown(reply) for reply in told]


def replies(mux: ConnectionMultiplexer, server: ScriptedServer, count: int, pieces: list[bytes]) -> list[str]:
    """Ask for so many replies, all of which the server gives in pieces."""
    server.on("GET", Sequence(*[Silence()] * (count - 1), Pieces(*pieces)))
    batch = mux.get_database().batch()
    for _ in range(count):
        batch.execute_command("GET", "k")
    return [shown(reply) for reply in batch.execute(raise_on_error=False)]


@each_with_a_parser(REPLIES)
def test_replies_cut_at_every_byte(name: str, mux: ConnectionMultiplexer, server: ScriptedServer) -> None:
    for item in items(name):
        [expected] = parsed(item)
        times = len(item) - 1
        places = [number * len(item) + number + 1 for number in range(times)]  # one byte further in each of them
        assert replies(mux, server, times, cut(item * times, places)) == [expected] * times
    assert server.accepted == 1


@each_with_a_parser([name for name in REPLIES if protocol_of(name) == 3])
def test_pushes_between_replies_cut_at_every_byte(
    name: str, mux: ConnectionMultiplexer, server: ScriptedServer
) -> None:
    told = items(name)
    expected = parsed(b"".join(told))
    for push in PUSHES:
        for at in range(len(push) + 1):
            stream, places = b"", []
            for item in told:
                places.append(len(stream) + at)
                stream += push + item
            assert replies(mux, server, len(told), cut(stream, places)) == expected
    assert server.accepted == 1


@each_with_a_parser(["pushes-resp2", "pushes-resp3"])
def test_messages_cut_at_every_byte(name: str, mux: ConnectionMultiplexer, server: ScriptedServer) -> None:
    subscriber = mux.get_subscriber()
    heard = [
        subscriber.subscribe("one"),
        subscriber.psubscribe("o*"),
        subscriber.ssubscribe("shard"),
    ]
    [carrier] = [each for each in server.connections if each.subscriptions]
    kinds = (b"\nmessage", b"pmessage", b"smessage")
    for kind, subscription in zip(kinds, heard, strict=True):
        [message] = [item for item in items(name) if kind + b"\r\n$" in item]
        server.on("PUBLISH", lambda _, args, sent=message: carrier.send_pieces(*cut(sent, [int(args[-1])])))
        for at in range(1, len(message)):
            mux.get_database().publish("any", at)
            told = subscription.get(timeout=10)
            assert told.data == (b"of a shard" if kind == b"smessage" else b"message")


@pytest.mark.parametrize("size", [1, 7])
@pytest.mark.parametrize("name", HANDSHAKES)
def test_handshakes_in_pieces(name: str, server: ScriptedServer, size: int) -> None:
    server.on("*", answers(name, size))
    connection = UnixDomainSocketConnection(path=server.unixsocket, protocol=protocol_of(name), client_name="me")
    connection.connect()
    assert connection.get_protocol() == protocol_of(name)
    assert connection.client_id
    server.off()
    assert ask(connection, "ECHO", "mine") == b"mine"
    connection.disconnect()


@pytest.mark.parametrize("size", [1, 7])
@pytest.mark.parametrize("name", ALONE)
def test_handshakes_of_a_multiplexer_in_pieces(name: str, server: ScriptedServer, size: int) -> None:
    server.on("*", answers(name, size))
    options = {"protocol": protocol_of(name), "abort_connect": True, "connect_retry": 1, "connect_timeout": 60}
    with ConnectionMultiplexer.connect(f"unix://{server.unixsocket}", **options) as mux:
        [status] = mux.get_status()["servers"]
        assert status["version"]
        assert mux.get_database().get("k") is None
    assert server.accepted == 1
