"""How often to try again, under redis-py's names."""

from __future__ import annotations

from ..retry import AbstractRetry, Retry

__all__ = ["AbstractRetry", "Retry"]
