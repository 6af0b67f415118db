"""Short runs in virtual time; ``python -m tests.simulation`` makes longer ones. Each process lives in virtual time."""

from __future__ import annotations

import pytest

from tests.chance import SEED
from tests.running import run_module
from tests.truth.history.broken import BROKEN

#: A run takes a second or two of the processor, for which a busy machine may take its time.
pytestmark = pytest.mark.timeout(300)

#: A seed and what follows from it: one of every server, and a cluster has most to go wrong.
STORY = ("--scene", "cluster", "--pace", "dense", "--duration", "3", "--trace")


def simulate(*arguments: str, hashes: str = "0") -> tuple[int, str]:
    """Run the program; return its exit code and what it said."""
    return run_module("tests.simulation", *arguments, hashes=hashes)


@pytest.mark.chance
def test_a_short_run_of_each_scene_at_each_pace() -> None:
    code, said = simulate("--each", "--seed", SEED, "--keep-going")
    assert not code, said


def test_seeds_that_once_failed() -> None:
    code, said = simulate("--found", "--keep-going")
    assert not code, said


def test_one_seed_is_one_story_whatever_came_before_and_whatever_hashes_are() -> None:
    _, one = simulate("--seed", "7", *STORY)
    code, two = simulate("--seeds", "6-7", *STORY, hashes="1")
    assert not code
    assert two.endswith(one)
    assert one.count("\n") > 500
    assert "fault: " in one


@pytest.mark.parametrize("broken", [each.__name__ for each in BROKEN])
def test_a_broken_client_is_found(broken: str) -> None:
    code, said = simulate(
        "--seeds", "1-3", "--scene", "server", "--pace", "dense", "--duration", "4", "--broken", broken
    )
    assert code
    assert "not linearizable" in said
