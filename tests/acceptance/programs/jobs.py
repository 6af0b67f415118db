"""What workers are given to do."""

from __future__ import annotations

import os


def add(a: int, b: int) -> int:
    return a + b


def whoami() -> int:
    return os.getpid()


def library() -> str:
    """Return what the worker's process has for redis."""
    import redis

    return redis.Redis.__module__


def fail() -> None:
    raise ZeroDivisionError("on purpose")
