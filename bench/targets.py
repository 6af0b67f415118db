"""What the multiplexer is to reach, in medians of one side-by-side run on two cores."""

from __future__ import annotations

from typing import NamedTuple


class Target(NamedTuple):
    """Least ratios of our throughput to that of others; None where there is no target.

    Attributes:
        redis: Of redis-py.
        glide: Of valkey-glide.
        bare: Of the bare loop.
        ours: Of our own in the workload that :data:`BASES` names.
        least: Operations a second that we are to reach whatever others do.
        glide_if_last: Whether the target for valkey-glide counts only where that is slower than redis-py.
    """

    redis: float | None = None
    glide: float | None = None
    bare: float | None = None
    ours: float | None = None
    least: float | None = None
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
    "cluster-threads-16": Target(3.5, 1.5, ours=0.7),
    "cluster-tasks-256": Target(6.0, 2.2, ours=0.7),
    "cached-threads-1": Target(redis=20.0, least=1_000_000),
    "cached-threads-16": Target(ours=0.9),
    "cached-tasks-1": Target(least=800_000),
    **dict.fromkeys(("mixed-threads-16", "mixed-tasks-256"), Target()),
    **dict.fromkeys(("cached-mixed-threads-16", "cached-mixed-tasks-256"), Target(ours=6.0)),
    **dict.fromkeys(("beside-threads-16", "beside-tasks-256"), Target(ours=0.98)),
}
"""By workload. With many tasks redis-py is on its blocking pool."""

BASES = {
    "cluster-threads-16": "threads-16",
    "cluster-tasks-256": "tasks-256",
    "cached-threads-16": "cached-threads-1",
    "cached-mixed-threads-16": "mixed-threads-16",
    "cached-mixed-tasks-256": "mixed-tasks-256",
    "beside-threads-16": "threads-16",
    "beside-tasks-256": "tasks-256",
}
"""What some are compared with besides: the same with one server, by one thread, without a cache, or by itself."""

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
    "cached-drop": 5.0,
    "cached-memory": 400.0,
    **dict.fromkeys(("metrics-threads-16", "metrics-tasks-256"), 1.01),
    **dict.fromkeys(("spans-threads-16", "spans-tasks-256"), 1.05),
}
"""By workload: what our result must not exceed, in the workload's unit."""
