"""arq: a worker with results, failures, retries, deferred and aborted jobs, and cron."""

from __future__ import annotations

import asyncio
import sys
from datetime import timedelta
from typing import Any

import pytest

from .common import check_facade, until_true

# isort: split
from arq import Retry, create_pool, cron
from arq.connections import RedisSettings
from arq.jobs import Job, JobStatus
from arq.worker import Worker, func


async def add(context: dict[str, Any], a: int, b: int) -> int:
    return a + b


async def fail(context: dict[str, Any]) -> None:
    raise ZeroDivisionError("on purpose")


async def unsteady(context: dict[str, Any]) -> int:
    if context["job_try"] < 3:
        raise Retry(defer=0)
    return int(context["job_try"])


async def sleep(context: dict[str, Any]) -> None:
    await asyncio.sleep(60)


async def tick(context: dict[str, Any]) -> None:
    await context["redis"].incr("ticks")


async def main(url: str) -> None:
    pool = await create_pool(RedisSettings.from_dsn(url))
    check_facade(pool)
    added = await pool.enqueue_job("add", 1, 2, _job_id="only one")
    assert await pool.enqueue_job("add", 1, 2, _job_id="only one") is None
    failing, retried = await pool.enqueue_job("fail"), await pool.enqueue_job("unsteady")
    later = await pool.enqueue_job("add", 3, 4, _defer_by=timedelta(seconds=0.5))
    assert await later.status() is JobStatus.deferred
    assert len(await pool.queued_jobs()) == 4
    worker = Worker(
        functions=[add, fail, func(unsteady, max_tries=5), sleep],
        cron_jobs=[cron(tick, second=set(range(60)))],
        redis_pool=pool,
        poll_delay=0.05,
        allow_abort_jobs=True,
        handle_signals=False,
    )
    running = asyncio.create_task(worker.async_run())
    assert await added.result(timeout=20) == 3
    assert await retried.result(timeout=20) == 3
    assert await later.result(timeout=20) == 7
    with pytest.raises(ZeroDivisionError, match="on purpose"):
        await failing.result(timeout=20)
    long = await pool.enqueue_job("sleep")

    async def is_running() -> bool:
        return (await long.status()) is JobStatus.in_progress

    await until_true(is_running)
    assert await long.abort(timeout=20)
    await until_true(lambda: pool.get("ticks"))
    assert {result.function for result in await pool.all_job_results()} >= {"add", "fail", "unsteady"}
    assert await Job("nothing", pool).status() is JobStatus.not_found
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await asyncio.gather(*worker.tasks.values())  # the second's tick may be under way, and closing would cancel it
    await worker.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
