"""The limit: loops with no client around them, see :mod:`bench.bare`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from . import Asynchronous, Blocking, Setting

DISTRIBUTION = "hiredis"
IMPORTS = "hiredis"
OFFERS: frozenset[str] = frozenset()


@contextmanager
def BLOCKING(setting: Setting) -> Iterator[Blocking]:
    """Connect the plain loop for one caller, leader/follower for several."""
    from bench import bare

    if setting.large:
        loop: bare.Lone = bare.LoneLarge(setting.host, setting.port)
    elif setting.callers == 1:
        loop = bare.Lone(setting.host, setting.port)
    else:
        loop = bare.Shared(setting.host, setting.port)
    with loop.socket:
        yield Blocking(loop.get, loop.set, loop.queue, loop.execute)


@asynccontextmanager
async def ASYNCIO(setting: Setting) -> AsyncIterator[Asynchronous]:
    """Connect the plain protocol, or for huge values a plain socket."""
    from bench import bare

    if setting.large:
        large = await bare.LargeOnLoop.connect(setting.host, setting.port)
        with large.socket:
            yield Asynchronous(large.get, large.set, large.batch)
        return
    protocol = await bare.OnLoop.connect(setting.host, setting.port)
    try:
        yield Asynchronous(protocol.get, protocol.set, protocol.batch)
    finally:
        protocol.transport.close()
