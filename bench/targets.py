"""What the multiplexer is to reach, in medians of one side-by-side run on two cores."""

from __future__ import annotations

from typing import NamedTuple


class Target(NamedTuple):
    """Least ratios of our throughput to that of others; None where there is no target.

    Attributes:
        redis: Of redis-py.
        glide: Of valkey-glide.
        bare: Of the bare loop.
        one_server: Of our own with one server instead of a cluster.
        glide_if_last: Whether the target for valkey-glide counts only where that is slower than redis-py.
    """

    redis: float | None = None
    glide: float | None = None
    bare: float | None = None
    one_server: float | None = None
    glide_if_last: bool = False


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
    **dict.fromkeys(("hgetall", "zrange", "xrange", "mget"), Target(redis=1.3)),
    **dict.fromkeys(("hgetall-64", "zrange-64", "xrange-64", "mget-64"), Target(glide=5.0, glide_if_last=True)),
    **dict.fromkeys(("messages", "messages-thread", "messages-async"), Target(redis=3.0)),
    "cluster-threads-16": Target(3.5, 1.5, one_server=0.7),
    "cluster-tasks-256": Target(6.0, 2.2, one_server=0.7),
}
"""By workload. With many tasks redis-py is on its blocking pool."""

ONE_SERVER = {"cluster-threads-16": "threads-16", "cluster-tasks-256": "tasks-256"}
"""The same work with one server."""

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
    "refresh": 50.0,
    "refresh-async": 50.0,
    "refresh-stall": 5.0,
    "refresh-stall-async": 5.0,
    "import": 60.0,
}
"""By workload: what our result must not exceed, in the workload's unit."""
