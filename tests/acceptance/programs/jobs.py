"""What workers are given to do."""

from __future__ import annotations

import os


def add(a: int, b: int) -> int:
    return a + b


def whoami() -> int:
    return os.getpid()


def fail() -> None:
    raise ZeroDivisionError("on purpose")
