"""The tasks and the queue of huey: the same module for who asks and for the consumer."""

from __future__ import annotations

import os

from huey import PriorityRedisHuey, crontab

huey = PriorityRedisHuey("acceptance", url=os.environ["ACCEPTANCE_URL"])


@huey.task()
def add(a: int, b: int) -> int:
    return a + b


@huey.task()
def library() -> str:
    """Return what the worker's process has for redis."""
    import redis

    return redis.Redis.__module__


@huey.task(retries=1)
def fail() -> None:
    huey.storage.conn.incr("failures")
    raise ZeroDivisionError("on purpose")


@huey.task()
@huey.lock_task("one at a time")
def locked() -> str:
    return "done"


@huey.periodic_task(crontab(minute="*"))
def tick() -> None:
    huey.storage.conn.incr("ticks")
