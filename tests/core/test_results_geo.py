"""Results of the geo commands, from every shape a server sends."""

from __future__ import annotations

from typing import Any

import pytest

from multiplexer.core.results.geo import places_with, positions


@pytest.mark.parametrize(
    "reply",
    [
        [[b"13.36138933897018433", b"38.11555639549629859"], None],
        [["13.36138933897018433", "38.11555639549629859"], None],
        [[13.361389338970184, 38.1155563954963], None],
    ],
)
def test_positions(reply: Any) -> None:
    assert positions(reply) == [(13.361389338970184, 38.1155563954963), None]


@pytest.mark.parametrize(
    ("options", "reply", "result"),
    [
        (
            (True, True, True),
            [[b"p", b"190.4424", 3479099956230698, [b"13.5", b"38.25"]]],
            [[b"p", 190.4424, 3479099956230698, (13.5, 38.25)]],
        ),
        (
            (True, True, True),
            [["p", "190.4424", 3479099956230698, [13.5, 38.25]]],
            [["p", 190.4424, 3479099956230698, (13.5, 38.25)]],
        ),
        ((True, False, False), [[b"p", b"1.5"], [b"q", b"2"]], [[b"p", 1.5], [b"q", 2.0]]),
        ((False, True, False), [[b"p", 17]], [[b"p", 17]]),
        ((False, False, True), [[b"p", [b"1", b"2"]]], [[b"p", (1.0, 2.0)]]),
        ((True, False, True), [[b"p", b"1.5", [1.0, 2.0]]], [[b"p", 1.5, (1.0, 2.0)]]),
        ((True, True, True), [], []),
    ],
)
def test_places(options: Any, reply: Any, result: Any) -> None:
    assert places_with(*options)(reply) == result
