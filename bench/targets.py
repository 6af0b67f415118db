"""What the multiplexer is to reach, in medians of one side-by-side run on two cores."""

from __future__ import annotations

from typing import NamedTuple


class Target(NamedTuple):
    """Least ratios of our throughput to that of others."""

    redis: float
    glide: float
    bare: float


TARGETS = {
    "threads-1": Target(1.4, 1.7, 0.8),
    "threads-4": Target(2.4, 1.6, 0.8),
    "threads-16": Target(3.6, 1.8, 0.8),
    "threads-64": Target(4.0, 1.8, 0.8),
    "tasks-1": Target(1.2, 2.0, 0.85),
    "tasks-16": Target(4.5, 3.0, 0.65),
    "tasks-256": Target(13.0, 5.5, 0.6),
    "gather": Target(17.0, 5.5, 0.55),
    "batch": Target(3.0, 3.0, 0.5),
    "batch-async": Target(3.0, 3.0, 0.5),
    "large": Target(3.0, 1.7, 0.85),
    "large-async": Target(3.0, 1.7, 0.85),
}
"""By workload. With many tasks redis-py is on its blocking pool."""

FACADE_TARGETS = {
    "facade-pool": {"threads-1": 1.0, "threads-16": 1.0, "threads-64": 1.0, "tasks-1": 1.0, "tasks-16": 1.0},
    "facade-shared": {"threads-16": 3.0, "tasks-256": 8.0},
}
"""Least ratios of the façade's throughput to redis-py's, by what it stands on and workload."""

LIMITS = {
    "blocked": 1.2,
    "blocked-async": 1.2,
    "memory": 700.0,
    "memory-async": 700.0,
    "idle": 1.0,
    "idle-async": 1.0,
    "import": 60.0,
}
"""By workload: what our result must not exceed, in the workload's unit."""
