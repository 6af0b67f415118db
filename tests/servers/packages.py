"""Packages that only some tests need."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

import pytest

from .real import MARK

__all__ = ["require_package", "require_redis_py"]


def require_package(*names: str) -> None:
    """Leave the running test out, counted for the summary, where a package is not installed."""
    for name in names:
        if _version(name) is None:
            pytest.skip(f"{MARK}package {name} (group acceptance of pyproject.toml): not installed")


def require_redis_py() -> None:
    """Leave the running test out where redis-py is not there to compare with, in a version the façade is like."""
    found = _version("redis")
    if found is None or int(found.partition(".")[0]) < 8:
        pytest.skip(f"redis 8 is not installed, but {found or 'none'}")


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
