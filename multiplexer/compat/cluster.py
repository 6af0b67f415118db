"""Clients of clusters, under redis-py's names."""

from __future__ import annotations

from .blocking import cluster as _cluster
from .blocking.cluster import *

__all__ = [*_cluster.__all__]
