"""Results of the hash commands, from every shape a server sends."""

from __future__ import annotations

from typing import Any

import pytest

from multiplexer.core.results.hashes import flat_pairs, hash_page, to_mapping


@pytest.mark.parametrize(
    ("reply", "result"),
    [
        ([b"f", b"v", b"g", b"w"], {b"f": b"v", b"g": b"w"}),
        ({b"f": b"v", b"g": b"w"}, {b"f": b"v", b"g": b"w"}),
        (["f", "v"], {"f": "v"}),
        ({"f": "v"}, {"f": "v"}),
        ([], {}),
        ({}, {}),
        (None, {}),
    ],
)
def test_mapping(reply: Any, result: Any) -> None:
    assert to_mapping(reply) == result


def test_mapping_keeps_the_order_of_fields() -> None:
    assert list(to_mapping([b"z", b"1", b"a", b"2", b"m", b"3"])) == [b"z", b"a", b"m"]


def test_mapping_of_half_a_pair_is_an_error() -> None:
    with pytest.raises(ValueError, match="zip"):
        to_mapping([b"f", b"v", b"g"])


@pytest.mark.parametrize(
    ("reply", "result"),
    [
        ([b"f", b"v", b"f", b"v"], [b"f", b"v", b"f", b"v"]),
        ([[b"f", b"v"], [b"f", b"v"]], [b"f", b"v", b"f", b"v"]),
        ([["f", "v"]], ["f", "v"]),
        ([], []),
        (None, []),
    ],
)
def test_flat_pairs(reply: Any, result: Any) -> None:
    assert flat_pairs(reply) == result


@pytest.mark.parametrize(
    ("reply", "result"),
    [
        ([b"0", [b"f", b"v"]], (0, {b"f": b"v"})),
        (["17", ["f", "v"]], (17, {"f": "v"})),
        ([b"18446744073709551615", []], (18446744073709551615, {})),
        ([b"0", {b"f": b"v"}], (0, {b"f": b"v"})),
    ],
)
def test_hash_page(reply: Any, result: Any) -> None:
    assert hash_page(reply) == result
