"""Pools of connections of one's own, under redis-py's names.

This is the world of threads; that of asyncio tasks is :mod:`multiplexer.pools.asyncio`.
"""

from __future__ import annotations

from . import blocking
from .blocking import *

__all__ = [*blocking.__all__]
