# Generated from tests/asyncio/test_deadlines.py by scripts/generate_blocking.py; change that file instead.
"""Deadlines hold while others have more and more to write and to read, and on connections of one's own."""

from __future__ import annotations

import time
from collections import deque
from typing import Any

import pytest

from multiplexer.core.call_options import ANY_DATABASE
from multiplexer.core.commands.command_table import COMMANDS
from multiplexer.core.message import InternalMessage, Message
from multiplexer.core.physical_connection import BATCH_LIMIT, PhysicalConnection
from multiplexer.pools.blocking import Connection
from tests.servers import Delay, RealServer, ScriptedServer

from ._world import WORLD, gather, spawn, until
from .connecting import connect
from .lateness import holds_deadline
from .test_endless_replies import LONGEST, endless

#: Something always waits to be read.
FLOODS = {
    "value": endless(b"$1000000000\r\n", b"x" * 65536),
    "pushes": endless(b"", b">2\r\n+some\r\n+thing\r\n" * 100),
}


def test_others_are_answered_all_the_time() -> None:
    """Whoever reads for others leaves in time."""
    with ScriptedServer() as server:
        server.on("HGET", Delay(0.003, b"x"))
        with connect(server, timeout=10.0) as mux:
            db = mux.get_database()
            batches = [db.batch() for _ in range(3)]
            for batch in batches:
                for _ in range(200):
                    batch.hget("key", "field")
            others = spawn(gather, *[batch.execute for batch in batches])
            until(lambda: server.commands("HGET"))
            holds_deadline(lambda: db.with_options(timeout=LONGEST).get("key"), LONGEST)
            assert not others.done()
            server.on("HGET", b"x")
            others.result()


def test_others_go_on_queueing(server: RealServer) -> None:
    """Whoever writes for others leaves in time; tasks queue nothing while one of them writes."""

    class Busy(PhysicalConnection):
        __slots__ = ()
        until = 0.0

        def put(self, message: Message, now: float) -> bool:
            return False

        def take(self, backlog: deque[Message], now: float, most: int = BATCH_LIMIT) -> list[bytes]:
            if WORLD == "blocking" and time.monotonic() < Busy.until:
                time.sleep(0.001)
                backlog.append(InternalMessage(COMMANDS["PING"], b"*1\r\n$4\r\nPING\r\n", ANY_DATABASE))
            return super().take(backlog, now, most)

    with connect(server, connection_class=Busy) as mux:
        db = mux.get_database()

        def call() -> None:
            Busy.until = time.monotonic() + 5 * LONGEST
            db.with_options(timeout=LONGEST).get("key")

        holds_deadline(call, LONGEST)
        Busy.until = 0.0
        assert db.incr("n") == 1


@pytest.mark.parametrize("kind", FLOODS)
def test_on_a_leased_connection(kind: str) -> None:
    with ScriptedServer() as server:
        server.on("BLPOP", FLOODS[kind])
        with connect(server, protocol=3) as mux:
            db = mux.get_database().with_options(timeout=LONGEST)
            holds_deadline(lambda: db.blpop("list", 0.1), LONGEST + 0.1)


@pytest.mark.parametrize("kind", FLOODS)
def test_on_a_connection_of_a_pool(kind: str) -> None:
    with ScriptedServer() as server:
        server.on("GET", FLOODS[kind])

        def call() -> Any:
            connection = Connection(host=server.host, port=server.port, socket_timeout=5, protocol=3)
            connection.send_command("GET", "key")
            return connection.read_response(timeout=LONGEST)

        holds_deadline(call, LONGEST)
