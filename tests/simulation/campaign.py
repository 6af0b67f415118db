"""Makes one run after the other, and sums them up."""

from __future__ import annotations

import argparse
import itertools
import math
import random
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from tests.truth.history import broken

from .run import Outcome, run
from .scenes import PACES, SCENES

#: Seeds that once failed, each with where and how fast, and what it has found.
FOUND = Path(__file__).parent / "found"


class Task(NamedTuple):
    """A run to make."""

    seed: int
    scene: str | None
    pace: str | None
    duration: float | None


def tasks(options: argparse.Namespace) -> Iterator[Task]:
    """Yield the runs that a program's arguments ask for; they may never end."""
    if options.found:
        for file in sorted(FOUND.glob("*.txt")):
            seed, scene, pace = file.stem.split("-")
            yield Task(int(seed), scene, pace, None)
    elif options.each:
        for scene, pace in itertools.product(sorted(SCENES), sorted(PACES)):
            yield Task(options.seed or 0, scene, pace, PACES[pace].seconds / 6)
    else:
        first = last = options.seed
        if options.seeds:
            first, last = map(int, options.seeds.split("-"))
        elif first is None or options.seconds:
            first, last = random.SystemRandom().randrange(2**32) if first is None else first, None
        for seed in itertools.count(first) if last is None else range(first, last + 1):
            yield Task(seed, options.scene, options.pace, options.duration)


def campaign(options: argparse.Namespace, clocks: tuple[Callable[[], float], Callable[[], float]]) -> int:
    """Make runs until there are no more, or time is up; return 1 if any was wrong.

    Args:
        options: The program's arguments.
        clocks: The real time, and the processor's.
    """
    now, used = clocks
    began, worked = now(), used()
    until = math.inf if options.seconds is None else began + options.seconds
    connection_class = getattr(broken, options.broken) if options.broken else None
    trace = print if options.trace else None
    done: list[Outcome] = []
    for task in tasks(options):
        if done and now() >= until:
            break
        outcome = run(task.seed, task.scene, task.pace, trace, connection_class, task.duration)
        done.append(outcome)
        if outcome.wrong or options.trace:
            print(outcome, flush=True)
        if outcome.wrong and not options.keep_going:
            break
    if not options.trace:
        print(summary(done, used() - worked))
    return 1 if any(outcome.wrong for outcome in done) else 0


def summary(done: list[Outcome], seconds: float) -> str:
    """Return what was done in so many seconds of the processor."""
    faults: Counter[str] = Counter()
    for outcome in done:
        faults.update(outcome.faults)
    hours, calls = sum(outcome.seconds for outcome in done) / 3600, sum(outcome.calls for outcome in done)
    wrong, minutes = sum(bool(outcome.wrong) for outcome in done), max(seconds, 1e-9) / 60
    return (
        f"{len(done)} runs from seed {done[0].seed} on, {wrong} wrong: "
        f"{hours:.2f} simulated hours, {calls} calls, {faults.total()} faults, "
        f"{sum(outcome.commands for outcome in done)} commands; "
        f"a minute of the processor: {hours / minutes:.1f} hours, {faults.total() / minutes:.0f} faults, "
        f"{calls / minutes:.0f} calls"
    )
