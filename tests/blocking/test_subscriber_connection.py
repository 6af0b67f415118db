# Generated from tests/asyncio/test_subscriber_connection.py by scripts/generate_blocking.py; change that file instead.
"""Subscriptions have a connection of their own, under either protocol."""

from __future__ import annotations

import pytest

from multiplexer import Publication
from multiplexer.blocking import ConnectionMultiplexer
from tests.conftest import Target
from tests.servers import RealServer

from ._world import until
from .connecting import connect

MIB = 1024 * 1024


def test_large_replies_do_not_count_as_messages_that_were_not_read(target: Target) -> None:
    """Servers close the connection of a subscriber who leaves too much unread, be it messages or replies."""
    limits = {"client-output-buffer-limit": "pubsub 1mb 0 0"}
    with RealServer.start("valkey", config=limits) as server:
        with connect(server, protocol=target.protocol, timeout=20) as mux:
            db = mux.get_database()
            subscription = mux.get_subscriber().subscribe("news", gaps=True)
            db.setrange("large", 8 * MIB - 1, "x")
            batch = db.batch()
            large = [batch.get("large") for _ in range(8)]
            batch.execute()
            assert [len(value.result()) for value in large] == [8 * MIB] * 8
            mux.get_subscriber().publish("news", "x")
            assert subscription.get(5) == Publication(b"news", b"x", None, "channel")
            counters = mux.get_counters()[0]
            assert (counters.interactive.socket_count, counters.subscription.socket_count) == (1, 1)
            assert counters.interactive.retried == 0


def _is_back(mux: ConnectionMultiplexer, server: RealServer, protocol: int) -> None:
    """Wait until everything is connected again, to a server that speaks this protocol."""

    def knows() -> bool:
        subscriber = mux.get_subscriber()
        heard = subscriber.is_connected("news") and subscriber.is_connected("n*")
        return heard and mux.is_connected and mux.get_status()["servers"][0]["protocol"] == protocol

    until(knows)
    until(lambda: server.command("PUBSUB", "NUMPAT") == 1)


@pytest.mark.parametrize("first", [2, 3])
def test_each_message_comes_once_whatever_the_server_speaks_by_now(first: int) -> None:
    """An older server, or a proxy, behind the same address knows no HELLO; later it is the newer one again."""
    server = RealServer.start("valkey")
    try:
        with connect(server) as mux:
            subscriber, seen = mux.get_subscriber(), list[bytes]()
            subscriber.subscribe("news", handler=lambda message: seen.append(message.data))
            subscriber.psubscribe("n*", handler=lambda message: seen.append(message.data + b" once more"))
            for number, protocol in enumerate([first, 5 - first] * 2):
                server.close()
                config = {"rename-command": 'HELLO ""'} if protocol == 2 else {}
                server = RealServer.start("valkey", port=server.port, config=config)
                _is_back(mux, server, protocol)
                assert subscriber.publish("news", number) == 2
                assert subscriber.publish("news", f"{number} ends") == 2
                until(lambda number=number: b"%d ends once more" % number in seen)  # type: ignore[misc]
                until(lambda number=number: b"%d ends" % number in seen)  # type: ignore[misc]
                assert [seen.count(b"%d" % number), seen.count(b"%d once more" % number)] == [1, 1]
    finally:
        server.close()
