"""Some of the orders in which threads may take their steps; ``python -m tests.interleavings`` tries as many as asked.

In processes of their own, whose driver knows no real threads.
"""

from __future__ import annotations

import pytest

from tests.chance import SEED
from tests.running import run_module

#: They take some seconds of the processor each, for which a busy machine may take its time.
pytestmark = pytest.mark.timeout(300)

#: Where one run of chance begins; others begin elsewhere.
FIRST = int(SEED) * 1_000_000


def explore(*arguments: str) -> tuple[int, str]:
    """Run the program; return its exit code and what it said."""
    return run_module("tests.interleavings", *arguments)


@pytest.mark.chance
def test_schedules_by_chance() -> None:
    code, said = explore("--schedules", "600", "--seed", str(FIRST), "--keep-going")
    assert not code, said
    assert "600 schedules" in said


def test_every_order_of_three_callers_without_a_preemption() -> None:
    code, said = explore("--exhaustive", "--preemptions", "0")
    assert not code, said


def test_schedules_that_once_failed() -> None:
    code, said = explore("--found", "--keep-going")
    assert not code, said


def test_no_guard_goes_without_being_missed() -> None:
    code, said = explore("--guards", "--quick")
    assert not code, said


def test_one_seed_is_one_story() -> None:
    arguments = ("--seed", "7", "--scene", "crowd-lost", "--lines", "--trace")
    code, said = explore(*arguments)
    assert not code
    assert said.count("\n") > 300
    assert explore(*arguments) == (code, said)
    _, after = explore("--without", "reader-passes-on", "--seed", "0", "--scene", "callers", "--no-lines", "--trace")
    assert "there are replies, and nobody reads them" in after
