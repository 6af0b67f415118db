"""The interpreter ends: at once, without noise, whatever is under way."""

from __future__ import annotations

import pytest

from tests.servers import RealServer

from .running import run

#: Seconds an interpreter may take to end. Half a second is its own business on a busy machine.
ENDING = 1.8


@pytest.mark.parametrize(
    ("how", "strict"),
    [
        ("daemon_threads_call", False),
        ("daemon_threads_wait_for_a_silent_server", False),
        ("closed_at_exit", True),
        ("first_used_at_exit", True),
        ("never_closed", False),
        ("never_closed_with_everything_on", False),
        ("never_connected", True),
        ("loop_ends_with_tasks_in_flight", True),
        ("loop_ends_without_closing", False),
        ("loop_ends_with_a_silent_server", False),
        ("loop_ends_while_connecting", True),
        ("two_loops_in_a_row", True),
    ],
)
def test_the_interpreter_ends_at_once_and_without_noise(own_server: RealServer, how: str, strict: bool) -> None:
    """Where everything was closed, or nothing was opened, not even the development mode has anything to say."""
    outcome = run("ending", f"127.0.0.1:{own_server.port}", how, strict=strict)
    assert outcome.errors == ""
    assert outcome.code == 0
    assert outcome.output[-1] in ("ending", "closed")
    assert outcome.ending < ENDING


def test_threads_that_are_no_daemons_finish_their_work(own_server: RealServer) -> None:
    outcome = run("ending", f"127.0.0.1:{own_server.port}", "other_threads_finish_their_work")
    assert outcome.errors == ""
    assert outcome.code == 0
    assert sorted(outcome.output) == [f"thread{number} is done" for number in range(4)]
    assert outcome.ending < ENDING


@pytest.mark.parametrize(
    ("how", "code", "said"), [("sys_exit", 3, ""), ("an_error", 1, "the application's own error\n")]
)
def test_the_applications_own_exit_code_stands(own_server: RealServer, how: str, code: int, said: str) -> None:
    outcome = run("ending", f"127.0.0.1:{own_server.port}", how)
    assert outcome.code == code
    assert outcome.errors == said
    assert outcome.ending < ENDING
