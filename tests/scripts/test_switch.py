"""What callers of a group meet with: nothing is applied that was not sent, and the other deployment answers soon."""

from __future__ import annotations

from typing import Any

import pytest

from .loading import load_script

SWITCH = load_script("switch")


@pytest.mark.parametrize(
    ("fault", "seconds"), [(SWITCH.kill, 2.0), (SWITCH.cut, 10.0)], ids=lambda given: getattr(given, "__name__", "")
)
def test_a_fault(fault: Any, seconds: float) -> None:
    story = SWITCH.tell(fault, 4, seconds, 1.0)
    assert story.given_up is not None
    assert story.switched is not None
    assert story.first_done is not None
    assert story.count("not sent") == 0
    assert story.count("unknown") <= 4 * seconds
    if fault is SWITCH.cut:  # whose server lives to say what it has applied
        assert story.count("done") <= story.counted <= story.count("done") + story.count("unknown")
    assert sum(counts["unknown"] for counts in story.curve().values()) == story.count("unknown")
