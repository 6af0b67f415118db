"""Which redis-py the façade's names are those of."""

from __future__ import annotations

__version__ = "8.1.0"
VERSION: tuple[int | str, ...] = (8, 1, 0)
