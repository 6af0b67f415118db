"""How late calls come back from their deadlines."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Any

from multiplexer.errors import RedisError

#: Seconds by which a call may outlive its deadline.
HOLDS = 0.05
#: Attempts on a machine that is busy with other things; one must do where nothing but them holds a call up.
_ATTEMPTS = 12


async def holds_deadline(call: Callable[[], Awaitable[Any]], timeout: float) -> None:
    """Make a call, and again if it came late: whatever arrives, it comes back in time.

    Args:
        call: What to call; it may fail.
        timeout: Seconds it has.

    Raises:
        AssertionError: It came late each time.
    """
    late: list[float] = []
    while not late or late[-1] >= HOLDS:
        assert len(late) < _ATTEMPTS, f"late by {late} s"
        began = time.monotonic()
        try:
            await call()
        except RedisError:
            pass
        late.append(time.monotonic() - began - timeout)
