"""What lies under a key whose value is made where it is missing."""

from __future__ import annotations

import pytest

from multiplexer.core.commands.loads import State, found, loading, nothing, terms

NOW = 1_800_000_000.0


def test_what_is_kept_is_what_was_made() -> None:
    plain = terms(60, None, 0, 10)
    assert plain.kept(b"value", NOW, 1) == b"value"
    assert found(b"value").value == b"value"
    assert found(None).state is State.ABSENT
    assert found(b"") == (State.VALUE, b"", b"", 0, 0, 0)


def test_what_looks_like_a_token_is_a_value_all_the_same() -> None:
    token = loading()
    kept = terms(60, None, 0, 10).kept(token, NOW, 1)
    assert found(kept).state is State.VALUE
    assert found(kept).value == token
    assert found(token).state is State.LOADING
    assert found(nothing()).state is State.NONE
    for cut in (token[:-1], token[:12], token[:-3] + b"abc", token.replace(b"L", b"?", 1)):
        assert found(cut) == (State.VALUE, cut, b"", 0, 0, 0)


def test_every_token_is_another() -> None:
    assert len({loading() for _ in range(100)}) == 100
    assert len({len(header) for header in (loading(), nothing())}) == 1


@pytest.mark.parametrize(
    ("left", "cost", "beta", "part"), [(10, 1, 1, 0.0), (1, 1, 1, 0.37), (1, 1, 2, 0.61), (0, 1, 1, 1.0)]
)
def test_the_nearer_the_end_the_likelier_one_renews(left: float, cost: float, beta: float, part: float) -> None:
    kept = found(terms(60, None, beta, 10).kept(b"value", NOW, cost))
    assert (kept.value, kept.expires, kept.cost) == (b"value", NOW * 1000 + 60_000, cost * 1000)
    won = sum(kept.is_due(NOW + 60 - left, beta) for _ in range(2000)) / 2000
    assert abs(won - part) < 0.06  # e to the power of -left / (cost * beta)


def test_nobody_renews_what_somebody_renews() -> None:
    kept = found(terms(60, None, 1, 10).kept(b"value", NOW, 1))
    renewing = found(kept.renewing(NOW + 10) + b"value")
    assert renewing.header != kept.header
    assert (renewing.value, renewing.expires, renewing.cost) == (kept.value, kept.expires, kept.cost)
    assert not renewing.is_due(NOW + 9.9, 1e9)
    assert renewing.is_due(NOW + 61, 1)
