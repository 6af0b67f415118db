# asyncio only
"""No message is lost where a task that waits for one is cancelled."""

from __future__ import annotations

import asyncio

import pytest

from multiplexer.compat.asyncio.pubsub import PubSub
from multiplexer.pools.asyncio import Connection, ConnectionPool
from tests.conftest import Target
from tests.servers import FaultProxy, RealServer


async def test_cancelled_waits_lose_nothing(server: RealServer, target: Target) -> None:
    payloads = [str(at).encode() * 20 for at in range(30)]
    with FaultProxy(server.host, server.port) as proxy:
        options = {"host": proxy.host, "port": proxy.port, "protocol": target.protocol}
        async with ConnectionPool(**options) as pool, PubSub(pool, ignore_subscribe_messages=True) as pubsub:
            await pubsub.subscribe("a")
            await pubsub.get_message(timeout=5)
            proxy.limit(31, pause=0.0003, direction="to_client")
            for payload in payloads:
                server.command("PUBLISH", "a", payload)
            seen, cancelled = [], 0
            while len(seen) < len(payloads):
                try:
                    message = await asyncio.wait_for(pubsub.get_message(timeout=None), 0.0005)
                except TimeoutError:
                    cancelled += 1
                else:
                    assert message is not None
                    seen.append(message["data"])
    assert seen == payloads
    assert cancelled


async def test_what_arrives_as_a_read_is_cancelled(server: RealServer, target: Target) -> None:
    connection = Connection(host=server.host, port=server.port, protocol=target.protocol)
    await connection.connect()
    reading = asyncio.create_task(connection.read_response(timeout=None, disconnect_on_error=False))
    await asyncio.sleep(0)
    await connection.send_command("ECHO", "kept")
    stream = connection._stream
    assert stream is not None
    while not stream._poll(0):
        await asyncio.sleep(0)
        if stream._reader is not None and stream._reader.done():
            break
    stream._arrived()  # the reply is in, and in the same turn of the loop the task is cancelled
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert stream._kept
    assert connection.has_unread()
    assert not connection.is_reusable()
    assert await connection.read_response() == b"kept"
    assert connection.is_reusable()
    await connection.disconnect()
