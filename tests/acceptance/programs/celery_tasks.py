"""The application of Celery: the same module for who asks and for the worker."""

# ruff: noqa: E402 - the façade comes first

from __future__ import annotations

import os

import multiplexer.compat

multiplexer.compat.install()

# isort: split
from celery import Celery

_URL = os.environ["ACCEPTANCE_URL"]
app = Celery("acceptance", broker=_URL, backend=_URL)
app.conf.update(
    broker_connection_retry_on_startup=True,
    worker_hijack_root_logger=False,
    task_acks_late=True,
    result_extended=True,
    broker_transport_options={"global_keyprefix": "celery-"},
    result_backend_transport_options={"global_keyprefix": "results-"},
)


@app.task
def add(a: int, b: int) -> int:
    return a + b


@app.task
def library() -> str:
    """Return what the worker's process has for redis."""
    import redis

    return redis.Redis.__module__


@app.task
def total(numbers: list[int]) -> int:
    return sum(numbers)


@app.task
def fail() -> None:
    raise ZeroDivisionError("on purpose")


@app.task(bind=True, max_retries=2)
def unsteady(self, key: str) -> int:  # type: ignore[no-untyped-def]
    count: int = self.backend.client.incr(key)
    if count < 3:
        raise self.retry(countdown=0)
    return count


@app.task
def process() -> int:
    return os.getpid()
