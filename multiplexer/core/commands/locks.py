"""Locks: one key per lock, whose value is its owner's token, so that nobody else can release or extend it."""

from __future__ import annotations

import os

from ...errors import DataError
from ..types import Key
from .arguments import finite
from .scripts import ScriptSource

#: Takes a lock that nobody else has; taking it twice is taking it once. Arguments: token, milliseconds or empty.
TAKE = ScriptSource.of("""
local owner = redis.call('GET', KEYS[1])
if owner and owner ~= ARGV[1] then
    return 0
end
if ARGV[2] == '' then
    redis.call('SET', KEYS[1], ARGV[1])
else
    redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
end
return 1
""")

#: Releases a lock. Arguments: token.
RELEASE = ScriptSource.of("""
if redis.call('GET', KEYS[1]) == ARGV[1] then
    return redis.call('DEL', KEYS[1])
end
return 0
""")

#: Changes when a lock expires. Arguments: token, milliseconds, and what they are: ``add`` to what is left, ``set``
#: in its place, or what is to be left at ``least``.
EXTEND = ScriptSource.of("""
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
    return 0
end
local time = tonumber(ARGV[2])
local left = math.max(redis.call('PTTL', KEYS[1]), 0)
if ARGV[3] == 'add' then
    time = left + time
elseif ARGV[3] == 'least' then
    time = math.max(left, time)
end
redis.call('PEXPIRE', KEYS[1], string.format('%.0f', time))
return 1
""")


def new_token() -> bytes:
    """Return a token nobody else has."""
    return os.urandom(16).hex().encode()


def token_bytes(token: Key) -> bytes:
    """Return a token as it is stored.

    Raises:
        DataError: It is empty, or neither str nor bytes.
    """
    if not isinstance(token, str | bytes | bytearray | memoryview) or not len(token):
        raise DataError("lock: token must be str or bytes, and not empty")
    return token.encode() if isinstance(token, str) else bytes(token)


def seconds(value: float, argument: str, least: float = 0.0) -> float:
    """Return a number of seconds.

    Raises:
        DataError: It is none, or not above ``least``; the message names the argument.
    """
    return finite("lock", argument, value, least, "a number of seconds")


def milliseconds(value: float, argument: str) -> int:
    """Return a time to live in the server's unit; see :func:`seconds`."""
    return round(seconds(value, argument, 0.001) * 1000)
