"""The ledger notices each kind of lie."""

from __future__ import annotations

import time

import pytest

from multiplexer.errors import RedisConnectionError, ResponseError
from tests.truth import ledger as ledger_module
from tests.truth.ledger import Ledger


def told(phase: str | None) -> RedisConnectionError:
    """Make the error of a call that had come so far."""
    error = RedisConnectionError("lost")
    error.phase = phase
    return error


@pytest.fixture
def ledger() -> Ledger:
    """One call that succeeded, one of unknown outcome and one that was not sent, by three callers."""
    ledger = Ledger("list")
    with ledger.call("a", 0):
        pass
    with ledger.call("b", 0):
        raise told("written")
    with ledger.call("c", 0):
        raise told("queued")
    return ledger


@pytest.mark.parametrize("applied", [[b"a/0"], [b"a/0", b"b/0"], [b"b/0", b"a/0"]])
def test_the_truth_passes(ledger: Ledger, applied: list[bytes]) -> None:
    ledger.check(applied)
    ledger.check_count(len(applied))


@pytest.mark.parametrize(
    ("applied", "claim"),
    [
        ([], "what was acknowledged was applied"),
        ([b"a/0", b"a/0"], "nothing was applied twice"),
        ([b"a/0", b"c/0"], "what was not sent was not applied"),
        ([b"a/0", b"d/0"], "nothing was applied that nobody asked for"),
    ],
)
def test_a_lie_is_noticed(ledger: Ledger, applied: list[bytes], claim: str) -> None:
    with pytest.raises(AssertionError, match=claim):
        ledger.check(applied)


@pytest.mark.parametrize("applied", [0, 3])
def test_a_wrong_count_is_noticed(ledger: Ledger, applied: int) -> None:
    with pytest.raises(AssertionError, match=f"but {applied} applied"):
        ledger.check_count(applied)


def test_a_wrong_order_is_noticed() -> None:
    ledger = Ledger("list")
    tokens = [ledger.note("a", number) for number in range(12)]
    ledger.check(tokens)
    with pytest.raises(AssertionError, match="in order"):
        ledger.check([*tokens[:9], tokens[10], tokens[9], tokens[11]])


def test_a_late_call_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger_module, "SLACK", 0.0)
    ledger = Ledger("list", longest=0.001)
    with ledger.call("a", 0):
        time.sleep(0.01)
    with pytest.raises(AssertionError, match="outlived its deadline"):
        ledger.check([b"a/0"])


def test_a_call_that_has_not_ended_is_noticed(ledger: Ledger) -> None:
    with ledger.call("d", 0), pytest.raises(AssertionError, match="came to its end"):
        ledger.check([b"a/0"])


@pytest.mark.parametrize("error", [told(None), ResponseError("ERR no fault explains this")])
def test_an_error_that_says_too_little_or_has_no_reason_is_noticed(ledger: Ledger, error: Exception) -> None:
    with pytest.raises(AssertionError), ledger.call("d", 0):
        raise error
