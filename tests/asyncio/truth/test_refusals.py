"""Which error replies are followed by another attempt: the table of docs/semantics.md, row by row."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import pytest_asyncio

from multiplexer.asyncio import ConnectionMultiplexer
from multiplexer.errors import RedisError
from multiplexer.retry import ConstantBackoff
from tests.asyncio._world import until
from tests.asyncio.connecting import connect
from tests.semantics.refusals import REFUSALS, Refusal
from tests.servers import Error, ScriptedServer, Sequence

from .test_fates import CALM, LONG

ROWS = [
    pytest.param(refusal, reply, error, id=reply.split()[0])
    for refusal in REFUSALS
    for reply, error in refusal.replies.items()
]
every_row = pytest.mark.parametrize(("refusal", "reply", "error"), ROWS)


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as server:
        yield server


@pytest_asyncio.fixture
async def mux(server: ScriptedServer) -> AsyncIterator[ConnectionMultiplexer]:
    async with await connect(server, **CALM) as mux:
        server.clear()
        yield mux


@every_row
async def test_a_command_that_is_refused_for_good(
    refusal: Refusal, reply: str, error: str, mux: ConnectionMultiplexer, server: ScriptedServer
) -> None:
    server.on("INCR", Error(reply))
    timeout = 1.0 if refusal.times is None else LONG
    with pytest.raises(RedisError) as caught:
        await mux.get_database().with_options(timeout=timeout, retry=ConstantBackoff(0.2)).incr("n")
    assert (type(caught.value).__name__, caught.value.phase, caught.value.was_sent) == (error, "answered", True)
    attempts = len(server.commands("INCR"))
    assert attempts > 1 if refusal.times is None else attempts == refusal.times + 1
    if refusal.asks:
        await until(lambda: server.commands("ROLE"))
    else:
        assert not server.commands("ROLE")


@every_row
async def test_what_is_refused_once(
    refusal: Refusal, reply: str, error: str, mux: ConnectionMultiplexer, server: ScriptedServer
) -> None:
    """As a whole a batch is sent again where a command is, but not where the server has done a part of it."""
    again = refusal.times != 0
    failed = None if again else error
    db = mux.get_database().with_options(timeout=LONG)

    server.on("INCR", Sequence(Error(reply)))
    batch = db.batch()
    batch.incr("n")
    assert await told(batch) == [failed]
    assert len(server.commands("INCR")) == 1 + again

    server.clear()
    server.on("INCR", Sequence(Error(reply), Error(reply)))
    batch = db.batch()
    batch.incr("n")
    batch.incr("n")
    assert await told(batch) == [failed, failed]
    assert len(server.commands("INCR")) == 2 * (1 + again)

    server.clear()
    server.on("INCR", Sequence(Error(reply)))
    batch = db.batch()
    batch.incr("n")
    batch.incr("n")
    assert await told(batch) == [error, None]
    assert len(server.commands("INCR")) == 2


async def told(batch: Any) -> list[str | None]:
    """Return the classes of the errors that commands of a batch end with; None for those that are answered."""
    results = await batch.execute(raise_on_error=False)
    return [type(result).__name__ if isinstance(result, Exception) else None for result in results]
