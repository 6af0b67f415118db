"""Which shape a reply has, and that one which cannot be is refused without being shown."""

from __future__ import annotations

import math

import pytest

from multiplexer.core.results import cluster, common, sentinel_replies, server, vector_sets
from multiplexer.core.shapes import as_float, as_int, as_list, as_text, plain_text
from multiplexer.errors import InvalidResponse, ResponseError


@pytest.mark.parametrize(
    ("narrow", "reply", "expected"),
    [
        (as_list, [b"a", 1], [b"a", 1]),
        (as_list, [], []),
        (as_list, {b"a"}, [b"a"]),
        (as_list, (b"a",), [b"a"]),
        (as_text, b"w\xc3\xb6rld", "wörld"),
        (as_text, b"\xff", "\\xff"),
        (as_text, "a", "a"),
        (as_int, 5, 5),
        (as_int, True, 1),
        (as_int, b"-5", -5),
        (as_int, "5", 5),
        (as_float, 1.5, 1.5),
        (as_float, 2, 2.0),
        (as_float, b"1.5", 1.5),
        (as_float, "-inf", -math.inf),
    ],
)
def test_narrowed(narrow, reply, expected):
    narrowed = narrow(reply)
    assert narrowed == expected
    assert type(narrowed) is type(expected)


@pytest.mark.parametrize(
    ("value", "expected"), [(b"a", "a"), (b"\xff", "\ufffd"), ("a", "a"), (5, "5"), (None, "None")]
)
def test_whatever_is_said_as_text(value, expected):
    assert plain_text(value) == expected


def test_an_array_is_not_copied():
    reply = [1, 2]
    assert as_list(reply) is reply


@pytest.mark.parametrize(
    ("convert", "reply"),
    [
        (as_list, None),
        (as_list, b"secret"),
        (as_list, {b"secret": 1}),
        (as_text, None),
        (as_text, [b"secret"]),
        (as_int, None),
        (as_int, b"secret"),
        (as_int, math.inf),
        (as_float, b"secret"),
        (as_float, [1.5]),
        (server.info, 5),
        (server.time_of_day, [b"secret", 1]),
        (cluster.nodes, None),
        (cluster.slots, [b"secret"]),
        (common.text_keyed, [[[b"secret"], 1]]),
        (sentinel_replies.address, [b"127.0.0.1", b"secret"]),
        (sentinel_replies.states, b"secret"),
        (vector_sets.similar_with_scores, [b"secret", b"secret"]),
    ],
)
def test_what_cannot_be(convert, reply):
    with pytest.raises(InvalidResponse) as caught:
        convert(reply)
    assert "secret" not in str(caught.value)


def test_the_message_names_both_shapes():
    with pytest.raises(InvalidResponse, match=r"^the server's reply has nil where text belongs$"):
        as_text(None)


@pytest.mark.parametrize("narrow", [as_list, as_text, as_int, as_float])
def test_an_error_in_the_place_of_a_part(narrow):
    error = ResponseError("ERR it failed")
    with pytest.raises(ResponseError) as caught:
        narrow(error)
    assert caught.value is error
