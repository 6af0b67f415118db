"""The fuzzers' target under hypothesis, which mixes whole protocol elements where atheris follows coverage."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from .receiving import receive

elements = st.sampled_from(
    [
        b"+OK\r\n",
        b"-ERR no\r\n",
        b":1\r\n",
        b"$3\r\nabc\r\n",
        b"$0\r\n\r\n",
        b"$-1\r\n",
        b"_\r\n",
        b"#t\r\n",
        b",1.5\r\n",
        b"(123\r\n",
        b"=7\r\ntxt:abc\r\n",
        b"*0\r\n",
        b"*-1\r\n",
        b"*2\r\n",
        b"*3\r\n",
        b"%1\r\n",
        b"~2\r\n",
        b">2\r\n",
        b">3\r\n",
        b">0\r\n",
        b"|1\r\n",
        b"|0\r\n",
        b"|-1\r\n",
        b"$9\r\nsubscribe\r\n",
        b"$11\r\nunsubscribe\r\n",
        b"$7\r\nmessage\r\n",
        b"$1\r\nn\r\n",
        b"$5\r\n\r\n|1\r\r\n",
        b"!3\r\nERR\r\n",
        b"\r\n",
        b"|",
        b"\n",
    ]
)
streams = st.lists(elements | st.binary(max_size=4), max_size=14).map(b"".join)


@settings(max_examples=1500)
@given(st.integers(0, 255), streams)
@example(1, b"+OK\r\n+OK\r\n*2\r\n*0\r\n+OK\r\n")  # an array within an array is no push
@example(1, b"*0\r\n" * 3)
@example(1, b"+OK\r\n+OK\r\n*2\r\n$9\r\nsubscribe\r\n+OK\r\n")  # nor is one among a batch's replies another's
@example(0, b"+a\r\n+b\r\n+c\r\n>3\r\n$9\r\nsubscribe\r\n$1\r\nn\r\n:1\r\n+d\r\n+OK\r\n")
@example(0, b"+OK\r\n$5\r\n\r\n|1\r\r\n")  # what looks like an attribute within a value begins no reply
def test_any_stream_is_understood_or_refused_and_cuts_change_nothing(first: int, stream: bytes) -> None:
    receive(bytes([first]) + stream)


@settings(max_examples=300)
@given(st.binary(max_size=60))
def test_any_bytes_at_all(data: bytes) -> None:
    receive(data)


def test_the_target_can_fail() -> None:
    """A target that swallowed its own complaints would find nothing."""
    from . import receiving

    outcome = receiving.Outcome(resp2=False)
    outcome.messages[0].finish(b"one")
    outcome.messages[0].finish(b"two")
    with pytest.raises(AssertionError):
        outcome.replies()
