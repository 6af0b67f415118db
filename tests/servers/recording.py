"""Writes down what servers say, for tests that need no server: ``python -m tests.servers.recording``.

A file is one conversation: what was asked stands behind ``#``, and each line below is a whole reply or push, as Python
writes bytes.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import hiredis

from multiplexer.core.handshake.handshake import Introduction, handshake
from multiplexer.errors import from_reply

from .cluster import RealCluster
from .real import RealServer, available_kinds
from .recorded import FOLDER
from .sentinels import SentinelGroup
from .wire import Boundaries

#: What is of this machine, and not of the server's ways.
_OF_THIS_MACHINE = re.compile(rb"(?<=executable:)[^\r]+|(?<=config_file:)[^\r]+|(?<=bind=)/[^\r]+|(?<=os:)[^\r]+")
#: Long enough that it does not come in one packet everywhere.
_LARGE = 3000


class Tape:
    """A connection to a server, and what came over it.

    Attributes:
        lines: The file so far.
    """

    def __init__(self, server: RealServer) -> None:
        self.lines: list[str] = []
        self._socket = socket.create_connection((server.host, server.port), 5)
        self._boundaries = Boundaries()
        self._stream = b""

    def ask(self, *words: Any, replies: int = 1) -> list[Any]:
        """Send a command; return so many replies or pushes to it, parsed."""
        self.lines.append(f"# {' '.join(map(str, words))}"[:100])
        self._socket.sendall(hiredis.pack_command(tuple(words)))
        return [self.take() for _ in range(replies)]

    def take(self) -> Any:
        """Wait for one more reply or push, and return it parsed."""
        while not (items := self._boundaries_of_one()):
            data = self._socket.recv(65536)
            assert data
            self._stream += data
        raw, self._stream = self._stream[:items], self._stream[items:]
        self.lines.append(repr(_OF_THIS_MACHINE.sub(lambda found: b"x" * len(found[0]), raw)))
        if raw.startswith(b"|"):
            return None  # an attribute and its reply, which no conversation depends on
        reader = hiredis.Reader(replyError=from_reply)
        reader.feed(raw)
        return reader.gets()

    def _boundaries_of_one(self) -> int:
        items = Boundaries().feed(self._stream)
        return items[0].end if items else 0

    def save(self, name: str) -> None:
        """Write the file."""
        FOLDER.mkdir(exist_ok=True)
        (FOLDER / f"{name}.txt").write_text("\n".join(self.lines) + "\n")
        self._socket.close()


def record_handshake(name: str, server: RealServer, protocol: int) -> None:
    """Write down what a server answers on a new connection."""
    tape = Tape(server)
    steps = handshake(Introduction("trace", {}, protocol=protocol, client_name="me", library=("lib", "1.0")))
    step: Sequence[Sequence[Any]] = next(steps)
    try:
        while True:
            step = steps.send([tape.ask(*words)[0] for words in step])
    except StopIteration:
        tape.save(name)


@contextmanager
def conversation(name: str, server: RealServer, protocol: int) -> Iterator[Tape]:
    """Write down what a server answers to what the block asks."""
    tape = Tape(server)
    if protocol == 3:
        tape.ask("HELLO", 3)
    tape.lines.clear()
    yield tape
    tape.save(name)


def record_values(server: RealServer, protocol: int) -> None:
    """Every type of reply, errors, and large replies."""
    with conversation(f"values-resp{protocol}", server, protocol) as tape:
        kinds = ("string", "integer", "double", "null", "array", "set", "map", "verbatim", "true", "false", "bignum")
        for kind in kinds:
            tape.ask("DEBUG", "PROTOCOL", kind)
        if protocol == 3:
            tape.ask("DEBUG", "PROTOCOL", "attrib")
        tape.ask("SET", "k", "v" * _LARGE)
        tape.ask("GET", "k")
        tape.ask("LPUSH", "k", "v")
        tape.ask("NOTHING")
        tape.ask("RPUSH", "list", *range(40))
        tape.ask("LRANGE", "list", 0, -1)
        tape.ask("HSET", "hash", *(f"word-{number}" for number in range(20)))
        tape.ask("HGETALL", "hash")
        tape.ask("ZADD", "sorted", 1.5, "a", 2, "b")
        tape.ask("ZRANGE", "sorted", 0, -1, "WITHSCORES")
        tape.ask("XADD", "stream", "1-1", "field", "value")
        tape.ask("XREAD", "STREAMS", "stream", "0")


def record_pushes(server: RealServer, protocol: int) -> None:
    """Confirmations and messages, and what a server says of cached keys."""
    with conversation(f"pushes-resp{protocol}", server, protocol) as tape:
        tape.ask("SUBSCRIBE", "one", "two", replies=2)
        tape.ask("PSUBSCRIBE", "o*")
        tape.ask("SSUBSCRIBE", "shard")
        server.command("PUBLISH", "one", "message")
        server.command("SPUBLISH", "shard", "of a shard")
        for _ in ("message", "pmessage", "smessage"):
            tape.take()
        if protocol == 3:
            tape.ask("CLIENT", "TRACKING", "ON", "BCAST")
            tape.ask("SET", "cached", "1", replies=2)
        tape.ask("UNSUBSCRIBE", "one")
        tape.ask("PUNSUBSCRIBE", "o*")
        tape.ask("SUNSUBSCRIBE", "shard")


def main() -> None:
    """Write all files anew."""
    for kind in available_kinds():
        with RealServer.start(kind, config=["enable-debug-command yes"]) as server:
            for protocol in (2, 3):
                record_handshake(f"handshake-{kind}-resp{protocol}", server, protocol)
                if kind == "valkey":
                    server.command("FLUSHALL")
                    record_values(server, protocol)
                    record_pushes(server, protocol)
    with RealCluster("valkey", primaries=3, replicas=1) as cluster:
        record_handshake("handshake-cluster", cluster.nodes[0], 3)
        record_handshake("handshake-replica", cluster.nodes[3], 3)
        for protocol in (2, 3):
            with conversation(f"cluster-map-resp{protocol}", cluster.nodes[0], protocol) as tape:
                for what in ("INFO", "SLOTS", "SHARDS", "NODES"):
                    tape.ask("CLUSTER", what)
                tape.ask("GET", "elsewhere-1")
                tape.ask("GET", "elsewhere-2")
                tape.ask("GET", "elsewhere-3")
    with SentinelGroup("valkey", replicas=1) as group:
        record_handshake("handshake-sentinel", group.sentinels[0], 3)


if __name__ == "__main__":
    main()
