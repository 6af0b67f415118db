"""Commands with larger replies, by each client's own typed method.

The first result of a client must hold what was stored, however it is shaped; every further one must equal the first.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from time import perf_counter
from typing import Any

from .clients import Asynchronous, Blocking, Setting
from .loops import HASH, STREAM, VALUES, ZSET, Workload, WrongReplyError, check, repeat

FIELDS = {f"field:{number:03d}".encode(): VALUES[number][:20] for number in range(100)}
SCORES = {f"member:{number:04d}".encode(): number + 0.5 for number in range(1_000)}
ENTRIES = [(b"%d-0" % number, {b"sensor": b"%d" % number, b"data": VALUES[number][:20]}) for number in range(1, 101)]

TITLES = {
    "hgetall": "HGETALL of 100",
    "zrange": "ZRANGE of 1,000 with scores",
    "xrange": "XRANGE of 100",
    "mget": "MGET of 1,000",
}
TASKS = 64


def store(command: Callable[..., Any]) -> None:
    """Write what the commands read.

    Args:
        command: Runs one command on the server.
    """
    command("HSET", HASH, *(part for pair in FIELDS.items() for part in pair))
    command("ZADD", ZSET, *(part for member, score in SCORES.items() for part in (score, member)))
    for name, fields in ENTRIES:
        command("XADD", STREAM, name, *(part for pair in fields.items() for part in pair))


def plain(value: Any) -> Any:
    """Return a reply in the one shape in which those of all clients are alike: lists of lists, without what is None."""
    if isinstance(value, Mapping):
        return [[plain(key), plain(each)] for key, each in value.items()]
    if isinstance(value, list | tuple):
        return [plain(each) for each in value if each is not None]
    return value.encode() if isinstance(value, str) else value


STORED = {"hgetall": plain(FIELDS), "zrange": plain(SCORES), "xrange": plain(ENTRIES), "mget": VALUES}


def check_first(name: str, result: Any) -> None:
    """Compare a client's first result with what was stored.

    Raises:
        WrongReplyError: They differ.
    """
    found = plain(result)
    check(sorted(found) if name == "hgetall" else found, STORED[name])


def one_thread(name: str) -> Callable[[Blocking, Setting, float], float]:
    """Return the loop of one thread that calls a command."""

    def measure(client: Blocking, setting: Setting, seconds: float) -> float:
        call = client.commands[name]
        expected = call()
        check_first(name, expected)

        def once() -> int:
            if call() != expected:
                raise WrongReplyError(f"{name}: not what it returned at first")
            return 1

        return repeat(once, seconds)

    return measure


def many_tasks(name: str) -> Callable[[Asynchronous, Setting, float], Any]:
    """Return the loop of many tasks that call a command."""

    async def measure(client: Asynchronous, setting: Setting, seconds: float) -> float:
        call = client.commands[name]
        expected = await call()
        check_first(name, expected)
        start = perf_counter()
        deadline = start + seconds

        async def caller() -> int:
            count = 0
            while perf_counter() < deadline:
                if await call() != expected:
                    raise WrongReplyError(f"{name}: not what it returned at first")
                count += 1
            return count

        async with asyncio.TaskGroup() as group:
            running = [group.create_task(caller()) for _ in range(setting.callers)]
        return sum(task.result() for task in running) / (perf_counter() - start)

    return measure


WORKLOADS = [
    *(Workload(name, title, "blocking", "ops/s", one_thread(name), needs="commands") for name, title in TITLES.items()),
    *(
        Workload(
            f"{name}-{TASKS}", f"{title}, {TASKS} tasks", "asyncio", "ops/s", many_tasks(name), TASKS, needs="commands"
        )
        for name, title in TITLES.items()
    ),
]
"""In the order of the report."""
