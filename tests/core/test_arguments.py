"""Checking and shaping of arguments."""

from __future__ import annotations

import datetime
from datetime import timedelta

import pytest

from multiplexer.core.commands import arguments
from multiplexer.errors import DataError

NOON = datetime.datetime(2030, 1, 1, 12, 0, 0, 999_999, tzinfo=datetime.UTC)
NOON_SECONDS = 1_893_499_200


@pytest.mark.parametrize(
    ("first", "more", "expected"),
    [
        ("a", (), ("a",)),
        ("abc", ("d",), ("abc", "d")),
        (b"abc", (), (b"abc",)),
        (bytearray(b"abc"), (), (bytearray(b"abc"),)),
        (memoryview(b"abc"), (), (memoryview(b"abc"),)),
        (5, (6,), (5, 6)),
        (["a", "b"], (), ("a", "b")),
        (("a",), ("b",), ("a", "b")),
        ((letter for letter in "ab"), ("c",), ("a", "b", "c")),
        ({"a": 1}, (), ("a",)),
        ([], (), ()),
    ],
)
def test_flatten(first, more, expected):
    assert arguments.flatten(first, more) == expected


def test_some_keys():
    assert arguments.some_keys("MGET", ["a"], ("b",)) == ("a", "b")
    with pytest.raises(DataError, match=r"^MGET: keys must not be empty$"):
        arguments.some_keys("MGET", [])


def test_error_says_which_command_and_that_nothing_was_sent():
    error = arguments.bad_argument("SET", "ex is odd")
    assert str(error) == "SET: ex is odd"
    assert error.command == "SET"
    assert error.phase == "created"
    assert not error.was_sent


def test_flatten_mapping():
    assert arguments.flatten_mapping("MSET", {"a": 1, "b": b"x"}) == ["a", 1, "b", b"x"]
    with pytest.raises(DataError, match="mapping must not be empty"):
        arguments.flatten_mapping("MSET", {})


def test_at_most_one():
    arguments.at_most_one("SET", ex=None, px=0, nx=False)
    with pytest.raises(DataError, match=r"^SET: ex and px contradict each other$"):
        arguments.at_most_one("SET", ex=0, px=0)
    with pytest.raises(DataError, match=r"^SET: a and b and c contradict each other$"):
        arguments.at_most_one("SET", a=True, b="", c=1)


@pytest.mark.parametrize(("check", "good", "bad"), [("not_negative", 0, -1), ("positive", 1, 0)])
def test_bounds(check, good, bad):
    function = getattr(arguments, check)
    assert function("SCAN", "count", good) == good
    with pytest.raises(DataError, match=r"^SCAN: count must "):
        function("SCAN", "count", bad)


def test_bounds_leave_other_types_to_the_encoder():
    assert arguments.positive("SCAN", "count", None) is None
    assert arguments.not_negative("SCAN", "cursor", "12") == "12"


def test_number():
    assert arguments.number("ZADD", "score", float("inf")) == float("inf")
    with pytest.raises(DataError, match="score must be a number, not NaN"):
        arguments.number("ZADD", "score", float("nan"))


def test_choice():
    for left in ("left", b"left", "LEFT", b"LEFT"):
        assert arguments.choice("LMOVE", "src", left, ("LEFT", "RIGHT")) == "LEFT"
    with pytest.raises(DataError, match=r"^LMOVE: src must be one of LEFT, RIGHT, not 'up'$"):
        arguments.choice("LMOVE", "src", "up", ("LEFT", "RIGHT"))
    with pytest.raises(DataError, match="not 5"):
        arguments.choice("LMOVE", "src", 5, ("LEFT", "RIGHT"))


@pytest.mark.parametrize(
    ("convert", "value", "expected"),
    [
        ("seconds", 5, 5),
        ("seconds", timedelta(minutes=1, milliseconds=999), 60),
        ("milliseconds", 5, 5),
        ("milliseconds", timedelta(seconds=1, microseconds=1999), 1001),
        ("unix_seconds", 5, 5),
        ("unix_seconds", NOON, NOON_SECONDS),
        ("unix_milliseconds", 5, 5),
        ("unix_milliseconds", NOON, NOON_SECONDS * 1000 + 999),
        (
            "unix_milliseconds",
            NOON.replace(tzinfo=datetime.timezone(timedelta(hours=1))),
            (NOON_SECONDS - 3600) * 1000 + 999,
        ),
    ],
)
def test_times(convert, value, expected):
    assert getattr(arguments, convert)("SET", "ex", value) == expected


def test_naive_datetimes_are_local_time():
    naive = datetime.datetime(2030, 6, 1, 12, 0, 0, 1000)
    assert arguments.unix_seconds("SET", "exat", naive) == naive.timestamp() // 1
    assert arguments.unix_milliseconds("SET", "pxat", naive) == round(naive.timestamp() * 1000)


def test_every_millisecond_of_a_second_arrives():
    for millisecond in range(1000):
        moment = NOON.replace(microsecond=millisecond * 1000)
        assert arguments.unix_milliseconds("SET", "pxat", moment) == NOON_SECONDS * 1000 + millisecond


@pytest.mark.parametrize("five", ["5", b"5", "+5", "05"])
def test_numbers_may_be_their_digits(five):
    for convert in ("seconds", "milliseconds", "unix_seconds", "unix_milliseconds"):
        assert getattr(arguments, convert)("SET", "ex", five) == 5
    assert arguments.block_seconds("BLPOP", five) == 5
    assert arguments.block_milliseconds("XREAD", "block", five) == 5
    assert arguments.counted_keys("EVAL", five, tuple("abcdef")) == (5, *"abcdef")
    assert arguments.seconds("EXPIRE", "time", "-1") == -1


def test_fractions_of_seconds_may_be_their_digits():
    assert arguments.block_seconds("BLPOP", "0.25") == arguments.block_seconds("BLPOP", b"0.25") == 0.25
    for wrong in ("-1", "inf", "nan", "1e400", "", b"\xff", "0x1", True):
        with pytest.raises(DataError, match="timeout must be a number"):
            arguments.block_seconds("BLPOP", wrong)


@pytest.mark.parametrize("convert", ["seconds", "milliseconds", "unix_seconds", "unix_milliseconds"])
@pytest.mark.parametrize("value", [1.5, "5.0", "", "five", b"\xb2", "9" * 20, True, None, datetime.date(2030, 1, 1)])
def test_times_of_a_wrong_type(convert, value):
    with pytest.raises(DataError, match=r"^SET: ex must be an int or a (timedelta|datetime), not \w+$"):
        getattr(arguments, convert)("SET", "ex", value)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, []),
        ({"ex": 5}, ["EX", 5]),
        ({"ex": 0}, ["EX", 0]),
        ({"px": timedelta(seconds=1)}, ["PX", 1000]),
        ({"exat": NOON}, ["EXAT", NOON_SECONDS]),
        ({"pxat": 7}, ["PXAT", 7]),
        ({"keepttl": True}, ["KEEPTTL"]),
        ({"persist": True}, ["PERSIST"]),
    ],
)
def test_expiry_options(options, words):
    assert arguments.expiry_options("SET", **options) == words


def test_expiry_options_that_contradict():
    with pytest.raises(DataError, match="ex and pxat contradict each other"):
        arguments.expiry_options("SET", ex=0, pxat=0)


def test_scan_options():
    assert arguments.scan_options("SCAN") == []
    assert arguments.scan_options("SCAN", "a*", 10, "hash") == ["MATCH", "a*", "COUNT", 10, "TYPE", "hash"]
    assert arguments.scan_options("SCAN", "") == ["MATCH", ""]
