"""Packages that only some tests need."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

import pytest

from .real import MARK

__all__ = ["require_package"]


def require_package(*names: str) -> None:
    """Leave the running test out, counted for the summary, where a package is not installed."""
    for name in names:
        try:
            version(name)
        except PackageNotFoundError:
            pytest.skip(f'{MARK}package {name} (pip install -e ".[acceptance]"): not installed')
