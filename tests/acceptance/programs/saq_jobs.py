"""saq: a worker with results, failures, retries, scheduled and aborted jobs."""

from __future__ import annotations

import asyncio
import sys
import time
from typing import Any

import pytest

from .common import check_facade, until_true

# isort: split
from saq import Job, Queue, Status, Worker
from saq.queue.base import JobError


async def add(context: dict[str, Any], *, a: int, b: int) -> int:
    return a + b


async def fail(context: dict[str, Any]) -> None:
    raise ZeroDivisionError("on purpose")


async def unsteady(context: dict[str, Any]) -> int:
    if context["job"].attempts < 3:
        raise ConnectionError("not yet")
    return int(context["job"].attempts)


async def sleep(context: dict[str, Any]) -> None:
    await asyncio.sleep(60)


async def main(url: str) -> None:
    queue = Queue.from_url(url)
    check_facade(queue.redis)
    check_facade(queue._pubsub.pubsub)
    await queue.sweep(lock=3600)  # a worker begins with it, and may take a job for stuck that another has just begun
    timers = {"schedule": 1, "abort": 0.1}
    worker = Worker(
        queue,
        functions=[add, fail, unsteady, sleep],
        concurrency=4,
        dequeue_timeout=0.5,
        timers=timers,
        cancellation_hard_deadline_s=0.2,
    )
    running = asyncio.create_task(worker.start())
    assert await queue.apply("add", a=1, b=2, timeout=20) == 3
    assert await queue.map("add", [{"a": n, "b": n} for n in range(5)]) == [0, 2, 4, 6, 8]
    assert await queue.apply("unsteady", retries=5, timeout=20) == 3
    with pytest.raises(JobError, match="on purpose"):
        await queue.apply("fail", timeout=20)
    later = await queue.enqueue("add", a=3, b=4, scheduled=time.time() + 1)
    assert later.status is Status.QUEUED
    await later.refresh(20)
    assert later.result == 7
    long = await queue.enqueue("sleep", timeout=60, key="long")
    assert await queue.enqueue("sleep", key="long") is None  # one of a key at a time

    async def is_now(status: Status) -> bool:
        return (await queue.job("long")).status is status

    await until_true(lambda: is_now(Status.ACTIVE))
    await long.abort("enough")
    await until_true(lambda: is_now(Status.ABORTED))
    info = await queue.info(jobs=True)
    assert info["queued"] == 0
    assert isinstance(await queue.job(later.key), Job)
    await worker.stop()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await queue.disconnect()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
