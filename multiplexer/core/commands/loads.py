"""Values that are made where they are missing: what lies under their keys, and how it is changed.

One key is enough. While somebody makes the value it holds a token that expires; whoever deletes or overwrites the key
meanwhile takes the token away, so that what was made of older data is not kept. A value is kept as it is, so that
everybody can read it, but for one that is renewed before it ends: that has a header, and so has what stands for none.
All headers have one length and each a token of its own, so the header is enough to compare and to exchange.
"""

from __future__ import annotations

from enum import Enum
from math import ceil, log
from typing import NamedTuple

from ...errors import DataError
from ..chance import fraction
from .arguments import finite
from .hash_slots import key_bytes
from .locks import new_token
from .scripts import ScriptSource

#: What a header begins with, and no value.
_MAGIC = b"\x00mux.load\x00"
_HEADER = len(_MAGIC) + 1 + 32 + 3 * 15

#: Replaces what has a certain header, and nothing else. Arguments: the header; what comes in its place; milliseconds
#: for which that stays, 0 for removing it, or empty where only the header is exchanged.
EXCHANGE = ScriptSource.of("""
if redis.call('GETRANGE', KEYS[1], 0, #ARGV[1] - 1) ~= ARGV[1] then
    return 0
end
if ARGV[3] == '' then
    redis.call('SETRANGE', KEYS[1], 0, ARGV[2])
elseif ARGV[3] == '0' then
    redis.call('DEL', KEYS[1])
else
    redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
end
return 1
""")


class State(Enum):
    """What a key holds."""

    ABSENT = b"-"
    """Nothing."""
    LOADING = b"L"
    """The token of somebody who makes the value."""
    NONE = b"N"
    """That there is no value."""
    VALUE = b"V"
    """A value."""


class Found(NamedTuple):
    """What was found under a key.

    Attributes:
        state: What it is.
        value: The value, if it is one.
        header: What is before it; empty for a value that is kept as it is.
        expires: When it expires, in milliseconds of the wall clock.
        cost: How many milliseconds it took to make.
        taken: Until when somebody else sees to a new one, in milliseconds of the wall clock.
    """

    state: State
    value: bytes | None = None
    header: bytes = b""
    expires: int = 0
    cost: int = 0
    taken: int = 0

    def is_due(self, now: float, beta: float) -> bool:
        """Whether it is this caller who makes a new value before the old one ends.

        Each caller draws lots; the nearer the end and the more a value costs, the likelier one wins. ("Optimal
        Probabilistic Cache Stampede Prevention", Vattani and others, 2015.)

        Args:
            now: Seconds of the wall clock.
            beta: 1 for the best guess; with more it comes earlier.
        """
        if not self.expires or now * 1000 < self.taken:
            return False
        return now * 1000 - self.cost * beta * log(1.0 - fraction()) >= self.expires

    def renewing(self, until: float) -> bytes:
        """Return a header that says somebody makes a new value, until that second of the wall clock at most."""
        return _header(State.VALUE, self.expires, self.cost, round(until * 1000))


_ABSENT = Found(State.ABSENT)


class Terms(NamedTuple):
    """How long things last, in milliseconds.

    Attributes:
        life: A value.
        absence: What stands for none; 0 where that is not kept.
        patience: Making a value.
        beta: How early a value is renewed; 0 for never.
    """

    life: int
    absence: int
    patience: int
    beta: float

    def kept(self, value: bytes, now: float, cost: float) -> bytes:
        """Return a value as it is kept.

        Args:
            value: The value.
            now: Seconds of the wall clock.
            cost: Seconds it took to make.
        """
        if not self.beta and not value.startswith(_MAGIC):
            return value
        expires = round(now * 1000) + self.life if self.beta else 0
        return _header(State.VALUE, expires, ceil(cost * 1000)) + value


def terms(ttl: float, negative_ttl: float | None, beta: float, load_timeout: float) -> Terms:
    """Check how long things are to last.

    Raises:
        DataError: One makes no sense; the message names the argument.
    """
    return Terms(
        _milliseconds(ttl, "ttl"),
        0 if negative_ttl is None else _milliseconds(negative_ttl, "negative_ttl"),
        _milliseconds(load_timeout, "load_timeout"),
        finite("get_or_load", "beta", beta, 0.0),
    )


def found(reply: bytes | None) -> Found:
    """Return what GET has found."""
    if reply is None:
        return _ABSENT
    if not reply.startswith(_MAGIC) or len(reply) < _HEADER:
        return Found(State.VALUE, reply)
    start = len(_MAGIC) + 1
    try:
        state = State(reply[len(_MAGIC) : start])
        numbers = [int(reply[place : place + 15]) for place in range(start + 32, _HEADER, 15)]
    except ValueError:  # it only looks like one of these headers
        return Found(State.VALUE, reply)
    return Found(state, reply[_HEADER:] if state is State.VALUE else None, reply[:_HEADER], *numbers)


def loading() -> bytes:
    """Return what a key holds while its value is made, with a token nobody else has."""
    return _header(State.LOADING)


def nothing() -> bytes:
    """Return what a key holds that has no value."""
    return _header(State.NONE)


def made(value: object) -> bytes:
    """Return what a loader has made as it is sent.

    Raises:
        DataError: It cannot be sent.
    """
    if isinstance(value, bool) or not isinstance(value, bytes | bytearray | memoryview | str | int | float):
        kind = type(value).__name__
        raise DataError(f"get_or_load: the loader returned a {kind}; bytes, str, int, float or None can be kept")
    return key_bytes(value)


def _header(state: State, expires: int = 0, cost: int = 0, taken: int = 0) -> bytes:
    return _MAGIC + state.value + new_token() + b"%015d%015d%015d" % (expires, cost, taken)


def _milliseconds(value: float, argument: str) -> int:
    return round(finite("get_or_load", argument, value, 0.001, "a number of seconds") * 1000)
