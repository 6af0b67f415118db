"""What it costs to be seen: calls while metrics are read, or some of them become spans, and without, in turn.

Both are measured in one process: two of them differ by more than what is looked for here.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from .clients import Asynchronous, Blocking, Setting
from .loops import Workload

#: Turns of each of the two.
TURNS = 6
#: Part of the calls that become spans.
SAMPLED = 0.01


def blocking(
    measure: Callable[[Blocking, Setting, float], float], spans: float
) -> Callable[[Blocking, Setting, float], float]:
    """Return a loop whose result is the time of a call that is seen, as a multiple of one that is not."""

    def measured(client: Blocking, setting: Setting, seconds: float) -> float:
        assert client.observed is not None
        without = during = 0.0
        for _ in range(TURNS):
            without += measure(client, setting, seconds / TURNS / 2)
            with client.observed(spans):
                during += measure(client, setting, seconds / TURNS / 2)
        return without / during

    return measured


def asynchronous(
    measure: Callable[[Asynchronous, Setting, float], Awaitable[float]], spans: float
) -> Callable[[Asynchronous, Setting, float], Awaitable[float]]:
    """The same for tasks."""

    async def measured(client: Asynchronous, setting: Setting, seconds: float) -> float:
        assert client.observed is not None
        without = during = 0.0
        for _ in range(TURNS):
            without += await measure(client, setting, seconds / TURNS / 2)
            with client.observed(spans):
                during += await measure(client, setting, seconds / TURNS / 2)
        return without / during

    return measured


def workloads(
    threads: Callable[[Blocking, Setting, float], float],
    tasks: Callable[[Asynchronous, Setting, float], Awaitable[float]],
) -> list[Workload]:
    """Return the workloads, given the loops of callers that only read."""
    return [
        Workload(
            f"{name}-{kind}-{callers}",
            f"GET time, {title}, {callers} {kind}",
            world,
            "x",
            loop,
            callers,
            needs="observed",
        )
        for name, title, spans in (("metrics", "metrics read", 0.0), ("spans", "spans of 1 in 100", SAMPLED))
        for kind, world, callers, loop in (
            ("threads", "blocking", 16, blocking(threads, spans)),
            ("tasks", "asyncio", 256, asynchronous(tasks, spans)),
        )
    ]
