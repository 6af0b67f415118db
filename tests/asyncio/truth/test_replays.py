"""What a handle has sent again though it may have been applied: the table of docs/semantics.md, by real commands."""

from __future__ import annotations

import pytest

from multiplexer.errors import RedisConnectionError, ResponseError
from tests.asyncio._world import until
from tests.semantics.replays import EXAMPLES, LIMITS, Example
from tests.servers import FaultProxy, RealServer

from .conftest import Connect
from .test_fates import CALM, LONG, sent_again


def times_done(server: RealServer, example: Example) -> int:
    """Return how often the server has run a command since its statistics began."""
    lines = server.command("INFO", "commandstats").decode().splitlines()
    counts = dict(line.removeprefix("cmdstat_").split(":calls=") for line in lines if ":calls=" in line)
    return int(counts.get(example.counted_as, "0").partition(",")[0])


@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.shown)
async def test_a_reply_is_lost(
    example: Example, limit: int, connect: Connect, proxy: FaultProxy, server: RealServer
) -> None:
    if example.kind not in ("", server.kind):
        pytest.skip(f"{server.kind} has no {example.shown}")
    server.command("FLUSHALL")
    server.command("SET", "text", "some text")
    server.command("XADD", "stream", "1-1", "field", "value")
    server.command("XGROUP", "CREATE", "stream", "group", "0")
    mux = await connect(**CALM, allow_admin=True)
    server.command("CONFIG", "RESETSTAT")
    again = example.category <= limit
    db = mux.get_database().with_options(timeout=LONG, retry_up_to=limit)
    proxy.cut(after_bytes=0)
    try:
        await db.execute(*example.words)
        was_told = True
    except ResponseError:
        was_told = True  # that a second time finds it done
    except RedisConnectionError as error:
        was_told = not error.was_sent
    assert was_told == again
    assert await until(lambda: times_done(server, example) >= (2 if again else 1))
    await until(lambda: mux.is_connected)
    assert await mux.get_database().ping()
    assert times_done(server, example) == (2 if again else 1)
    assert sent_again(mux) == (1 if again else 0)
