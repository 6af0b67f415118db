# asyncio only
"""One pool for event loops in several threads: whoever waits is woken in its own."""

from __future__ import annotations

import asyncio
import threading
from time import monotonic

from multiplexer.pools.asyncio import BlockingConnectionPool
from tests.asyncio._world import until
from tests.servers import RealServer


def test_who_waits_in_another_loop_is_given_a_connection_at_once(server: RealServer) -> None:
    pool = BlockingConnectionPool(host=server.host, port=server.port, max_connections=1, timeout=20)
    taken, waited = threading.Event(), []

    async def wait() -> None:
        began = monotonic()
        connection = await pool.get_connection()
        await connection.send_command("PING")
        assert await connection.read_response() == b"PONG"
        waited.append(monotonic() - began)
        await pool.release(connection)

    async def hold() -> None:
        connection = await pool.get_connection()
        taken.set()
        await until(lambda: pool._waiting)
        await pool.release(connection)

    holder = threading.Thread(target=asyncio.run, args=(hold(),))
    holder.start()
    assert taken.wait(10)
    asyncio.run(wait())
    holder.join()
    assert waited[0] < 10  # and not when its time was up
