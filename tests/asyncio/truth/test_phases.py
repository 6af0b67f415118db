"""The phases of docs/semantics.md: each brought about, and what the error says."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from multiplexer.asyncio import Database
from multiplexer.errors import RedisError
from tests.asyncio._world import until
from tests.semantics.phases import PHASES
from tests.servers import FaultProxy

from .conftest import Connect
from .test_fates import CALM, SHORT, fails


async def created(db: Database[bytes], proxy: FaultProxy) -> None:
    nothing: Any = None
    await db.set("key", nothing)


async def queued(db: Database[bytes], proxy: FaultProxy) -> None:
    proxy.refuse()
    proxy.reset()
    await until(partial(fails, db))
    await db.set("key", "value")


async def written(db: Database[bytes], proxy: FaultProxy) -> None:
    proxy.black_hole("to_client")
    await db.set("key", "value")


async def answered(db: Database[bytes], proxy: FaultProxy) -> None:
    await db.set("text", "some text")
    await db.lpush("text", "value")


WAYS = {"created": created, "queued": queued, "written": written, "answered": answered}


@pytest.mark.parametrize("phase", WAYS)
async def test_what_an_error_says(phase: str, connect: Connect, proxy: FaultProxy) -> None:
    db = (await connect(**CALM)).get_database().with_options(timeout=SHORT)
    with pytest.raises(RedisError) as caught:
        await WAYS[phase](db, proxy)
    assert (caught.value.phase, caught.value.was_sent) == (phase, PHASES[phase].was_sent)
    proxy.restore()
    proxy.accept()


def test_every_phase_that_errors_have_is_brought_about() -> None:
    assert [*WAYS] == [name for name, phase in PHASES.items() if phase.is_told]
