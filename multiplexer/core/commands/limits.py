"""Rate limits: one key per limited name, counted by the server in one step and by its own clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ...errors import DataError, RedisError
from .arguments import count, finite
from .scripts import ScriptSource

#: How a limit is counted; see :data:`SCRIPTS`.
Algorithm = Literal["sliding_window", "token_bucket"]
#: What an attempt comes to that nobody could decide about.
OnError = Literal["raise", "allow", "refuse"]

_MICROSECONDS = 1_000_000
#: The largest number that Lua and the server both count with exactly.
_MOST = 2**53

# The list has for each time something was let through how many there had been before, and when; last, how many there
# have been in all. So what lies within the window is the last number less the first. Arguments: how many may pass,
# within how many microseconds, how many ask.
_SLIDING_WINDOW = ScriptSource.of("""
local limit, window, amount = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
if redis.call('EXISTS', KEYS[1]) == 0 then
    redis.call('RPUSH', KEYS[1], 0)
end
local total = tonumber(redis.call('LINDEX', KEYS[1], -1))
-- A clock that was set back shortens no window.
now = math.max(now, tonumber(redis.call('LINDEX', KEYS[1], -2)) or now)
local oldest = redis.call('LRANGE', KEYS[1], 0, 1)
while oldest[2] and now - oldest[2] >= window do
    redis.call('LPOP', KEYS[1])
    redis.call('LPOP', KEYS[1])
    oldest = redis.call('LRANGE', KEYS[1], 0, 1)
end
local left = limit - (total - oldest[1])
if amount <= left then
    redis.call('RPUSH', KEYS[1], string.format('%.0f', now), string.format('%.0f', total + amount))
    redis.call('PEXPIRE', KEYS[1], math.ceil(window / 1000))
    return {1, left - amount, 0}
end
local enough = total + amount - limit
local index = 1
while true do
    local some = redis.call('LRANGE', KEYS[1], index, index + 127)
    for place = 1, #some, 2 do
        if tonumber(some[place + 1]) >= enough then
            return {0, math.max(left, 0), window - (now - some[place])}
        end
    end
    index = index + 128
end
""")

# The key has how many tokens were left, and when. Arguments: how many there may be, how many come within how many
# microseconds, how many are asked for.
_TOKEN_BUCKET = ScriptSource.of("""
local burst, limit, period, amount = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local tokens = burst
local state = redis.call('GET', KEYS[1])
if state then
    local left, since = string.match(state, '^(%S+) (%S+)$')
    -- A clock that was set back brings no tokens, and takes none.
    now = math.max(now, tonumber(since))
    tokens = math.min(burst, left + (now - since) * limit / period)
end
if amount <= tokens then
    tokens = tokens - amount
    local full = math.ceil((burst - tokens) * period / limit / 1000)
    redis.call('SET', KEYS[1], string.format('%.17g %.0f', tokens, now), 'PX', string.format('%.0f', full))
    return {1, math.floor(tokens), 0}
end
return {0, math.floor(tokens), math.ceil((amount - tokens) * period / limit)}
""")

SCRIPTS: dict[str, ScriptSource] = {"sliding_window": _SLIDING_WINDOW, "token_bucket": _TOKEN_BUCKET}


@dataclass(frozen=True, slots=True)
class RateLimitResult:
    """What a rate limiter says to one attempt; true where it is allowed.

    Attributes:
        allowed: Whether it is let through.
        remaining: How many more would be let through right now.
        retry_after: Seconds until as many may be let through, unless others come first; 0 where it is allowed.
        error: Why nobody could decide about it, where ``on_error`` has; None otherwise.
    """

    allowed: bool
    remaining: int
    retry_after: float
    error: RedisError | None = None

    def __bool__(self) -> bool:
        return self.allowed


def result_of(reply: list[int]) -> RateLimitResult:
    """What the scripts return: whether it is allowed, how many are left, and in how many microseconds to try again."""
    allowed, remaining, wait = reply
    return RateLimitResult(bool(allowed), remaining, wait / _MICROSECONDS)


class Limit:
    """How often something may be done, checked.

    Attributes:
        most: How many may pass at once.
        script: Decides about an attempt.
        words: What it is called with before the number that ask.
    """

    __slots__ = ("most", "script", "words")

    def __init__(self, limit: int, period: float, algorithm: Algorithm, burst: int | None) -> None:
        """Check it; see the limiter.

        Raises:
            DataError: It makes no sense; the message names the argument.
        """
        if algorithm not in SCRIPTS:
            raise DataError(f"RateLimiter: algorithm must be one of {', '.join(SCRIPTS)}, not {algorithm!r}")
        if burst is not None and algorithm != "token_bucket":
            raise DataError("RateLimiter: burst is for the algorithm token_bucket")
        microseconds = round(finite("RateLimiter", "period", period, 0.001, "a number of seconds") * _MICROSECONDS)
        self.script = SCRIPTS[algorithm]
        self.most = count("RateLimiter", "limit", limit, 1, _MOST)
        self.words: tuple[int, ...] = (limit, microseconds)
        if algorithm == "token_bucket":
            self.most = limit if burst is None else count("RateLimiter", "burst", burst, 1, _MOST)
            self.words = (self.most, limit, microseconds)
        if self.most * microseconds >= _MOST * 1000 or microseconds >= _MOST:
            raise DataError("RateLimiter: period is too long to be counted with")


def reaction(on_error: OnError) -> OnError:
    """Return what is to be done where nobody could decide.

    Raises:
        DataError: There is no such thing.
    """
    if on_error not in ("raise", "allow", "refuse"):
        raise DataError(f"RateLimiter: on_error must be 'raise', 'allow' or 'refuse', not {on_error!r}")
    return on_error
