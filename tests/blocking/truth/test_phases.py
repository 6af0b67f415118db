# Generated from tests/asyncio/truth/test_phases.py by scripts/generate_blocking.py; change that file instead.
"""The phases of docs/semantics.md: each brought about, and what the error says."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from multiplexer.blocking import Database
from multiplexer.errors import RedisError
from tests.blocking._world import until
from tests.semantics.phases import PHASES
from tests.servers import FaultProxy

from .conftest import Connect
from .test_fates import CALM, SHORT, fails


def created(db: Database[bytes], proxy: FaultProxy) -> None:
    nothing: Any = None
    db.set("key", nothing)


def queued(db: Database[bytes], proxy: FaultProxy) -> None:
    proxy.refuse()
    proxy.reset()
    until(partial(fails, db))
    db.set("key", "value")


def written(db: Database[bytes], proxy: FaultProxy) -> None:
    proxy.black_hole("to_client")
    db.set("key", "value")


def answered(db: Database[bytes], proxy: FaultProxy) -> None:
    db.set("text", "some text")
    db.lpush("text", "value")


WAYS = {"created": created, "queued": queued, "written": written, "answered": answered}


@pytest.mark.parametrize("phase", WAYS)
def test_what_an_error_says(phase: str, connect: Connect, proxy: FaultProxy) -> None:
    db = connect(**CALM).get_database().with_options(timeout=SHORT)
    with pytest.raises(RedisError) as caught:
        WAYS[phase](db, proxy)
    assert (caught.value.phase, caught.value.was_sent) == (phase, PHASES[phase].was_sent)
    proxy.restore()
    proxy.accept()


def test_every_phase_that_errors_have_is_brought_about() -> None:
    assert [*WAYS] == [name for name, phase in PHASES.items() if phase.is_told]
