"""A scripted server that claims to be a thousand: each primary is at an address of its own, all in 127.0.0.0/8.

It says its port, and after that, for every description of the cluster it gives, when that was asked for (in seconds
of ``time.perf_counter``, which on Linux is one clock for all processes). No slot is with the neighbour's owner, and
with every description all slots have moved. Usage: ``python -m bench.crowd``
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable
from typing import Any, ClassVar

import hiredis

from multiplexer.core.commands.hash_slots import SLOT_COUNT

NODES = 1_000
VALUE = b"here"


def packed(value: Any) -> bytes:
    """Write a reply: dicts as RESP3 maps."""
    if isinstance(value, dict):
        return b"%%%d\r\n" % len(value) + b"".join(packed(part) for pair in value.items() for part in pair)
    if isinstance(value, list):
        return b"*%d\r\n" % len(value) + b"".join(map(packed, value))
    if isinstance(value, int):
        return b":%d\r\n" % value
    data = value if isinstance(value, bytes) else value.encode()
    return b"$%d\r\n%b\r\n" % (len(data), data)


def shards(port: int, shift: int) -> bytes:
    """Return the reply to CLUSTER SHARDS: slot after slot goes to the next node, the first to that of ``shift``."""
    described = []
    for number in range(NODES):
        host = f"127.0.{1 + number // 250}.{1 + number % 250}"
        node = {"id": f"{number:040x}", "port": port, "ip": host, "endpoint": host, "role": "master"}
        node |= {"replication-offset": 0, "health": "online"}
        bounds = [slot for slot in range((number - shift) % NODES, SLOT_COUNT, NODES) for _ in "ab"]
        described.append({"slots": bounds, "nodes": [node]})
    return packed(described)


class Crowd(asyncio.Protocol):
    """One connection."""

    port = 0
    descriptions: ClassVar[list[bytes]] = []
    asked = 0

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self.reader = hiredis.Reader()

    def data_received(self, data: bytes) -> None:
        self.reader.feed(data)
        replies = []
        while (args := self.reader.gets()) is not False:
            replies.append(self.answer(*args))
        self.transport.write(b"".join(replies))

    def answer(self, name: bytes, *args: bytes) -> bytes:
        """Return the reply to a command."""
        named: dict[bytes, Callable[[], bytes]] = {
            b"HELLO": lambda: packed({"server": "redis", "version": "7.2.0", "proto": 3, "mode": "cluster"}),
            b"INFO": lambda: packed("redis_version:7.2.0\r\nredis_mode:cluster\r\nrole:master\r\n"),
            b"CONFIG": lambda: packed({}),
            b"ECHO": lambda: packed(args[0]),
            b"GET": lambda: packed(VALUE),
            b"CLUSTER": lambda: self.describe(args[0]),
        }
        return named.get(name.upper(), lambda: b"+OK\r\n")()

    def describe(self, what: bytes) -> bytes:
        """Answer CLUSTER INFO and CLUSTER SHARDS."""
        if what == b"INFO":
            print(time.perf_counter(), flush=True)
            Crowd.asked += 1
            return packed(f"cluster_state:ok\r\ncluster_known_nodes:{NODES}\r\ncluster_current_epoch:{Crowd.asked}\r\n")
        return self.descriptions[Crowd.asked % len(self.descriptions)]


async def main() -> None:
    """Serve until the input ends."""
    server = await asyncio.get_running_loop().create_server(Crowd, "0.0.0.0", 0)
    Crowd.port = server.sockets[0].getsockname()[1]
    Crowd.descriptions = [shards(Crowd.port, shift) for shift in (0, 1)]
    print(Crowd.port, flush=True)
    await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())
