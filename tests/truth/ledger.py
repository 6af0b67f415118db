"""The invariants of the truth battery: who was told what, against what the server did.

::

    ledger = Ledger("key", longest=1.5)
    with ledger.call("caller-3", 17) as token:
        await db.rpush("key", token)
    ledger.check(server.command("LRANGE", "key", 0, -1))

Each write carries a token of its own, so the server's list says what was applied, how often and in which order.
"""

from __future__ import annotations

import time
from asyncio import CancelledError
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from multiplexer.errors import BacklogFullError, RedisConnectionError, RedisError, RedisTimeoutError

#: Seconds a call may end late: cores that are busy with other tests, a garbage collection.
SLACK = 2.0

_EXPECTED = (RedisConnectionError, RedisTimeoutError, BacklogFullError)


class Ledger:
    """What became of every call, from its caller's point of view. Any number of threads or tasks may write in it.

    Attributes:
        name: For the messages of failed checks.
        longest: Seconds a call may take, or None where it does not matter.
        acknowledged: Tokens of calls that succeeded.
        unknown: Tokens of calls that failed after they were, or may have been, sent.
        not_sent: Tokens of calls whose error says that the server never saw them.
        errors: What the failed calls raised, by token.
    """

    def __init__(self, name: str, longest: float | None = None) -> None:
        self.name = name
        self.longest = longest
        self.acknowledged: list[bytes] = []
        self.unknown: list[bytes] = []
        self.not_sent: list[bytes] = []
        self.errors: dict[bytes, BaseException] = {}
        self._begun: list[bytes] = []
        self._late: list[str] = []

    @contextmanager
    def call(self, caller: str, number: int) -> Iterator[bytes]:
        """Enter one call; the block makes it with the token it is given.

        Errors that faults may cause end here; any other is the test's failure.
        """
        token = b"%s/%d" % (caller.encode(), number)
        self._begun.append(token)
        started = time.monotonic()
        try:
            yield token
        except _EXPECTED as error:
            self.errors[token] = error
            if error.phase is None:
                raise AssertionError(f"{self.name}: the error of {token!r} does not say how far it came") from error
            (self.unknown if error.was_sent else self.not_sent).append(token)
        except CancelledError:
            self.unknown.append(token)
            raise
        except RedisError as error:
            raise AssertionError(f"{self.name}: {token!r} got an error no fault explains") from error
        else:
            self.acknowledged.append(token)
        finally:
            took = time.monotonic() - started
            if self.longest is not None and took > self.longest + SLACK:
                self._late.append(f"{token!r} took {took:.2f} s")

    def note(self, caller: str, number: int) -> bytes:
        """Note a call that is known to succeed although nobody waits for its reply; return its token."""
        token = b"%s/%d" % (caller.encode(), number)
        self._begun.append(token)
        self.acknowledged.append(token)
        return token

    def check(self, applied: Iterable[bytes]) -> None:
        """Compare with what the server has: the tokens in the order it applied them.

        Raises:
            AssertionError: One of the invariants does not hold; the message says which tokens break it.
        """
        applied = list(applied)
        done = set(applied)
        twice = [token for token, times in Counter(applied).items() if times > 1]
        self._claim("every call came to its end", Counter(self._begun) - Counter(self._ended()))
        self._claim("no call outlived its deadline", self._late)
        self._claim("nothing was applied twice", twice)
        self._claim("what was acknowledged was applied", set(self.acknowledged) - done)
        self._claim("what was not sent was not applied", set(self.not_sent) & done)
        self._claim("nothing was applied that nobody asked for", done - set(self._begun))
        self._claim("each caller's calls were applied in order", _out_of_order(applied))

    def check_count(self, applied: int) -> None:
        """Compare with a counter that every call incremented by one.

        Raises:
            AssertionError: ``acknowledged <= applied <= acknowledged + unknown`` does not hold.
        """
        sure, unsure = len(self.acknowledged), len(self.unknown)
        if not sure <= applied <= sure + unsure:
            raise AssertionError(f"{self.name}: {sure} acknowledged, {unsure} unknown, but {applied} applied")
        self._claim("every call came to its end", Counter(self._begun) - Counter(self._ended()))
        self._claim("no call outlived its deadline", self._late)

    def _ended(self) -> list[bytes]:
        return [*self.acknowledged, *self.unknown, *self.not_sent]

    def _claim(self, claim: str, exceptions: Iterable[object]) -> None:
        exceptions = list(exceptions)
        if exceptions:
            shown = ", ".join(self._shown(one) for one in exceptions[:5])
            raise AssertionError(f"{self.name}: not true that {claim}: {len(exceptions)} exceptions, such as {shown}")

    def _shown(self, token: object) -> str:
        error = self.errors.get(token) if isinstance(token, bytes) else None
        return f"{token!r}" if error is None else f"{token!r} ({type(error).__name__}: {error})"

    def __str__(self) -> str:
        return (
            f"{self.name}: {len(self.acknowledged)} acknowledged, {len(self.unknown)} unknown, "
            f"{len(self.not_sent)} not sent"
        )


def _out_of_order(applied: list[bytes]) -> list[bytes]:
    """Return the tokens that were applied after a later one of the same caller."""
    latest: dict[bytes, int] = {}
    wrong = []
    for token in applied:
        caller, _, number = token.rpartition(b"/")
        if int(number) < latest.get(caller, -1):
            wrong.append(token)
        latest[caller] = max(int(number), latest.get(caller, -1))
    return wrong
