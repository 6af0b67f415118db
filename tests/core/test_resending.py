"""Sending once more: what counts as an attempt, and where to."""

from __future__ import annotations

import pytest

from multiplexer.core.connection_counters import ConnectionCounters
from multiplexer.core.message import QUEUED, WRITTEN
from multiplexer.core.resending import Resend

from .engine import Remembering


@pytest.mark.parametrize(("counts", "attempts"), [(True, 3), (False, 2)])
def test_only_what_was_refused_counts_as_an_attempt(counts: bool, attempts: int) -> None:
    message, counters = Remembering("GET", "k"), ConnectionCounters("interactive")
    message.phase, message.attempts = WRITTEN, 2
    Resend(0.0, counts=counts).prepare(message, counters)
    assert (message.phase, message.attempts) == (QUEUED, attempts)
    assert counters.retried == 1
