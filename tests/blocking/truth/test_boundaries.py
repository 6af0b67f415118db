# Generated from tests/asyncio/truth/test_boundaries.py by scripts/generate_blocking.py; change that file instead.
"""A handshake may end anywhere: the next one makes up for it."""

from __future__ import annotations

from tests.blocking._world import until
from tests.blocking.truth.conftest import Connect
from tests.servers import FaultProxy

#: Replies of a handshake that are cut; the last of them is the tracer's or comes right before it.
REPLIES = 9


def test_handshakes_that_are_cut_inside_each_reply(connect: Connect, proxy: FaultProxy) -> None:
    db = connect().get_database()
    db.set("k", "v")
    for index in range(REPLIES):
        for size in (index % 2, 3 + index):
            before = proxy.injected["cut"]
            proxy.cut(after_items=index, after_bytes=size, reset=size == 1)
            proxy.reset()
            assert db.get("k") == b"v"
            until(lambda before=before: proxy.injected["cut"] > before)  # type: ignore[misc]
