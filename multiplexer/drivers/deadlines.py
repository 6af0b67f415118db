"""Deadlines that travel: all that is asked for within a block shares one, in both worlds.

A call's own timeout is made shorter where it begins, so whatever follows from it keeps to that: waiting for room and
for a connection, redirections, what is sent again, and what its errors say.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic

from ..core.call_options import CallOptions
from ..errors import DataError, RedisTimeoutError
from .at_fork import free_in_child

__all__ = ["Deadline", "deadline", "left", "limited"]

#: How many blocks are being run in this process. While there are none, calls look at this number and at nothing else.
active = 0

#: Guards the number, which any thread changes. Re-entrant for finalizers.
_counting = free_in_child(threading.RLock())

#: That of the innermost block, also in contexts that were copied within it.
_current: ContextVar[Deadline | None] = ContextVar("multiplexer_deadline", default=None)


class Deadline:
    """The deadline of a block.

    Attributes:
        until: When it passes, in seconds of ``time.monotonic``.
        has_ended: Whether the block has ended. A task that was started in it and goes on has no deadline any more.
    """

    __slots__ = ("has_ended", "outer", "seconds", "until")

    def __init__(self, seconds: float, outer: Deadline | None) -> None:
        self.seconds = seconds
        self.until = monotonic() + seconds
        self.outer = outer
        self.has_ended = False
        if outer is not None and outer.until < self.until:
            self.until, self.seconds = outer.until, outer.seconds

    def __repr__(self) -> str:
        return f"<Deadline {self.seconds:g} s, {self.left:.3f} left>"

    @property
    def left(self) -> float:
        """Seconds that are left; 0 once it has passed."""
        return max(self.until - monotonic(), 0.0)


@contextmanager
def deadline(seconds: float) -> Iterator[Deadline]:
    """Give all that is asked for within a block so much time altogether, in threads and in asyncio alike.

    ::

        with multiplexer.deadline(0.2) as left:
            user = db.hgetall("user:1")
            db.zincrby("seen", 1, "user:1")

    It holds for commands, batches, transactions, scripts, locks, leases and subscriptions, with whatever they are sent
    again for, and never makes a call's own timeout longer; of blocks within one another the one that ends first counts.
    What begins after it has passed is not sent; fire-and-forget commands, for which nobody waits, still are. A task
    that was started in the block shares its deadline until the block ends; other tasks and threads know nothing of it.

    Args:
        seconds: How much time.

    Returns:
        A context manager that gives the :class:`Deadline`.

    Raises:
        DataError: ``seconds`` is no number, or negative.
    """
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 <= seconds < math.inf:
        raise DataError(f"deadline: seconds must be a number, 0 or more, not {seconds!r}")
    mine = Deadline(float(seconds), _innermost())
    token = _current.set(mine)
    _count(1)
    try:
        yield mine
    finally:
        _count(-1)
        mine.has_ended = True
        try:
            _current.reset(token)
        except ValueError:
            pass  # ended in another context than it began in, as fixtures are: what has ended counts nowhere


def _count(change: int) -> None:
    global active
    with _counting:
        active += change


def _innermost() -> Deadline | None:
    found = _current.get()
    while found is not None and found.has_ended:
        found = found.outer
    return found


def left() -> float:
    """Return how many seconds whoever calls this may wait; infinity outside of any block."""
    if not active:
        return math.inf
    found = _innermost()
    return math.inf if found is None else found.left


def limited(options: CallOptions, usual: float) -> CallOptions:
    """Return the options of a call that begins now, its timeout not beyond the deadline of the block it is made in.

    Args:
        options: The handle's.
        usual: The timeout of a handle that has none of its own.

    Raises:
        RedisTimeoutError: The deadline has passed; nothing was sent.
    """
    found = _innermost()
    if found is None or options.forget:
        return options
    remaining = found.until - monotonic()
    if remaining <= 0:
        error = RedisTimeoutError(f"not sent: the deadline of {found.seconds:g} s that it was to be done in has passed")
        error.phase = "created"
        raise error
    return options.replace(timeout=remaining) if remaining < (options.timeout or usual) else options
