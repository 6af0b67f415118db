"""Health checks that are written for asyncio, in blocking programs."""

from __future__ import annotations

from inspect import iscoroutinefunction
from typing import Any

from ...importing import importing

__all__ = ["checked_in_a_loop"]


def checked_in_a_loop(check: Any, database: Any) -> Any:
    """Return what a health check finds.

    A coroutine function runs in an event loop of its own, with a client of asyncio that is there for it alone, as it
    would with redis-py. A plain function is given the database's own client.

    Args:
        check: A :class:`~multiplexer.compat.multidb.healthcheck.HealthCheck`.
        database: The database it is to ask.
    """
    if not iscoroutinefunction(check.check_health):
        return check.check_health(database, database.client)
    with importing:
        import asyncio

    return asyncio.run(_check(check, database))


async def _check(check: Any, database: Any) -> Any:
    with importing:
        from ...asyncio import ConnectionMultiplexer
        from ..asyncio import Redis, RedisCluster

    options = database.member.multiplexer.options
    async with await ConnectionMultiplexer.connect(options) as mux:
        client_class = RedisCluster if database.is_cluster() else Redis
        return await check.check_health(database, client_class(multiplexer=mux, **database.text))
