# Generated from tests/asyncio/test_endless_replies.py by scripts/generate_blocking.py; change that file instead.
"""A server that sends and sends: deadlines hold, and the connection is given up although it is not silent."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from multiplexer.errors import RedisConnectionError, RedisTimeoutError
from tests.servers import ScriptedServer
from tests.truth.ledger import SLACK

from ._world import until
from .connecting import connect


def endless(begin: bytes, more: bytes, pause: float = 0.0) -> Callable[..., Any]:
    """Make a reply that goes on until the client hangs up."""

    def reply(connection: Any, args: Any) -> None:
        connection.send(begin)
        while True:
            connection.send(more)
            time.sleep(pause)

    return reply


ENDLESS = {
    "value": endless(b"$100000000000\r\n", b"x" * 65536, 0.001),
    "trickle": endless(b"$1000\r\n", b"x", 0.02),
    "attributes": endless(b"", b"|1\r\n+a\r\n:1\r\n" * 1000, 0.001),
    "attribute": endless(b"|100000000\r\n", (b"$4000\r\n" + b"x" * 4000 + b"\r\n") * 16, 0.001),
    "pushes": endless(b"", b">2\r\n+some\r\n+thing\r\n" * 100, 0.001),
    "elements": endless(b"*1000000\r\n", b":1\r\n", 0.02),
}


@pytest.mark.parametrize("parser", ["hiredis", "python"])
@pytest.mark.parametrize("kind", ENDLESS)
def test_deadlines_hold_and_the_connection_ends(kind: str, parser: Any) -> None:
    with ScriptedServer() as server:
        options = {"protocol": 3, "parser": parser, "max_reply_bytes": 8_000_000, "timeout": 0.3}
        with connect(server, heartbeat_interval=0.05, connect_timeout=5, **options) as mux:
            server.on("INCR", ENDLESS[kind])
            began = time.monotonic()
            with pytest.raises((RedisTimeoutError, RedisConnectionError)) as caught:
                mux.get_database().incr("n")
            assert time.monotonic() - began < 0.3 + SLACK
            assert caught.value.was_sent
            until(lambda: server.accepted == 2)
            assert mux.get_database().with_options(timeout=5).get("key") is None
