"""Sending once more: what counts as an attempt, and where to."""

from __future__ import annotations

import pytest

from multiplexer.core.commands.command_table import COMMANDS
from multiplexer.core.connection_counters import ConnectionCounters
from multiplexer.core.message import QUEUED, WRITTEN
from multiplexer.core.resending import Resend, commands_of

from .engine import Remembering, RememberingUnit


@pytest.mark.parametrize(("counts", "attempts"), [(True, 3), (False, 2)])
def test_only_what_was_refused_counts_as_an_attempt(counts: bool, attempts: int) -> None:
    message, counters = Remembering("GET", "k"), ConnectionCounters("interactive")
    message.phase, message.attempts = WRITTEN, 2
    Resend(0.0, counts=counts).prepare(message, counters)
    assert (message.phase, message.attempts) == (QUEUED, attempts)
    assert counters.retried == 1


def test_a_message_is_read_as_the_commands_it_holds() -> None:
    one = Remembering("GET", "k")
    assert commands_of(one.command, one.payload) == [(COMMANDS["GET"], [b"GET", b"k"])]
    unit = RememberingUnit(("SET", "k", "v"), ("GET", "k"))
    assert commands_of(unit.command, unit.payload) == [
        (COMMANDS["SET"], [b"SET", b"k", b"v"]),
        (COMMANDS["GET"], [b"GET", b"k"]),
    ]


def test_the_entry_of_a_single_command_is_the_messages_own() -> None:
    """Words that say another name than the table's, as where a command is renamed, are no reason to look it up."""
    renamed = Remembering("RENAMED", "k")
    assert commands_of(COMMANDS["GET"], renamed.payload) == [(COMMANDS["GET"], [b"RENAMED", b"k"])]
