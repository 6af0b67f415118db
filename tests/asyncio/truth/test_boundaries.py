"""A handshake may end anywhere: the next one makes up for it."""

from __future__ import annotations

from tests.asyncio._world import until
from tests.asyncio.truth.conftest import Connect
from tests.servers import FaultProxy

#: Replies of a handshake that are cut; the last of them is the tracer's or comes right before it.
REPLIES = 9


async def test_handshakes_that_are_cut_inside_each_reply(connect: Connect, proxy: FaultProxy) -> None:
    db = (await connect()).get_database()
    await db.set("k", "v")
    for index in range(REPLIES):
        for size in (index % 2, 3 + index):
            before = proxy.injected["cut"]
            proxy.cut(after_items=index, after_bytes=size, reset=size == 1)
            proxy.reset()
            assert await db.get("k") == b"v"
            await until(lambda before=before: proxy.injected["cut"] > before)  # type: ignore[misc]
