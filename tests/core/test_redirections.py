"""What a MOVED or ASK says, whatever a server may have written there."""

from __future__ import annotations

import pytest

from multiplexer.configuration import EndPoint
from multiplexer.core.cluster.redirections import Redirection, read_redirection
from multiplexer.errors import AskError, MovedError, from_reply

ASKED = EndPoint("asked", 7000)

READ = {
    "MOVED 3999 10.0.0.1:6381": (3999, EndPoint("10.0.0.1", 6381)),
    "ASK 0 host.example:1": (0, EndPoint("host.example", 1)),
    "MOVED 16383 :6381": (16383, EndPoint("asked", 6381)),
    "MOVED 5 ::1:6381": (5, EndPoint("::1", 6381)),
    "MOVED 5 ?:6381": (5, None),
    "MOVED": (-1, None),
    "MOVED abc": (-1, None),
    "MOVED \u00b2 h:1": (-1, EndPoint("h", 1)),
    "MOVED 16384 h:1": (-1, EndPoint("h", 1)),
    f"MOVED {'9' * 5000} h:1": (-1, EndPoint("h", 1)),
    "MOVED -1 h:1": (-1, EndPoint("h", 1)),
    "MOVED 1 h:0": (1, None),
    "MOVED 1 h:65536": (1, None),
    f"MOVED 1 h:{'9' * 5000}": (1, None),
    "MOVED 1 h:\u00b2": (1, None),
    "MOVED 1 h": (1, None),
    "MOVED  1 h:1": (-1, None),
}


@pytest.mark.parametrize(("text", "expected"), READ.items(), ids=lambda value: str(value)[:30])
def test_whatever_it_says_is_read_or_left(text: str, expected: tuple[int, EndPoint | None]) -> None:
    error = from_reply(text)
    assert isinstance(error, AskError)
    assert read_redirection(error, ASKED, None) == Redirection(*expected)


def test_programs_make_them_without_the_first_word() -> None:
    error = MovedError("3999 10.0.0.1:6381")
    assert (error.slot_id, error.host, error.port) == (3999, "10.0.0.1", 6381)
    assert read_redirection(AskError("0 :1"), ASKED, None) == Redirection(0, EndPoint("asked", 1))
