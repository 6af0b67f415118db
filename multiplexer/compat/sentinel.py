"""Servers found through sentinels, under redis-py's names."""

from __future__ import annotations

from .blocking import sentinel as _sentinel
from .blocking.sentinel import *

__all__ = [*_sentinel.__all__]
