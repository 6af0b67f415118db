"""What the programs have in common. Importing it makes ``import redis`` mean the façade."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

from multiplexer.compat import install

install()

#: How a command is run with the façade in the place of redis, and how where its own module says so.
RUN = (sys.executable, "-m", "multiplexer.compat")
RUN_AS_EVER = (sys.executable, "-m")


def check_origin(client: Any) -> None:
    """See that a client or pool is the façade's, whatever is installed beside it."""
    origins = [each.__module__.partition(".")[0] for each in type(client).__mro__]
    assert "multiplexer" in origins, origins
    assert "redis" not in origins, origins
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == "redis":
            assert module.__name__.startswith("multiplexer.compat"), name


def check_facade(client: Any) -> None:
    """See that a client or pool of one server is the façade's, and shares its connection where the URL asks for it."""
    check_origin(client)
    pool = getattr(client, "connection_pool", client)
    assert pool.is_multiplexed is ("multiplexed=yes" in sys.argv[-1])


def until(condition: Callable[[], Any], seconds: float = 20.0) -> Any:
    """Wait for a condition and return its value.

    Raises:
        TimeoutError: It did not come true.
    """
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise TimeoutError(condition)
        time.sleep(0.02)
    return value


async def until_true(condition: Callable[[], Awaitable[Any]], seconds: float = 20.0) -> None:
    """Wait for a condition that takes awaiting.

    Raises:
        TimeoutError: It did not come true.
    """
    async with asyncio.timeout(seconds):
        while not await condition():  # noqa: ASYNC110 - it lies in the server
            await asyncio.sleep(0.02)


@contextmanager
def running(*command: str) -> Iterator[subprocess.Popen[bytes]]:
    """Have a command run beside the block, and end it with the block, as a terminal would."""
    process = subprocess.Popen(command)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise
