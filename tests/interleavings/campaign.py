"""Goes through many orders, and says what it finds and what it took."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from . import guards
from .exploring import Drawn, Outcome, Plan, Planned, draw, run, within
from .scenes import SCENES

_clock = time.process_time


def main(usage: str) -> int:
    """Run as a program; return its exit code."""
    parser = argparse.ArgumentParser(description=usage.partition("\n")[0])
    parser.add_argument("--seed", type=int, default=None, metavar="N", help="the first, or only, run by chance")
    parser.add_argument("--schedules", type=int, metavar="N", help="so many runs by chance")
    parser.add_argument("--scene", choices=sorted(SCENES), help="only there")
    parser.add_argument("--lines", action=argparse.BooleanOptionalAction, help="at each line; else the seed chooses")
    parser.add_argument("--trace", action="store_true", help="tell the run's story")
    parser.add_argument("--exhaustive", action="store_true", help="every order with --preemptions")
    parser.add_argument("--preemptions", type=int, default=2, metavar="N", help="so many at most; 2 unless said")
    parser.add_argument("--plan", metavar="NUMBER:PLACE,…", help="the order that --exhaustive has told")
    parser.add_argument("--strikes", action="store_true", help="Ctrl-C at every step of the first caller")
    parser.add_argument("--strike", type=int, metavar="STEP", help="with --plan or --exhaustive: Ctrl-C at that step")
    parser.add_argument("--guards", action="store_true", help="remove each guard, and see it found")
    parser.add_argument(
        "--quick", action="store_true", help="with --guards: begin where something is known to be found"
    )
    parser.add_argument("--without", choices=sorted(guards.GUARDS), metavar="GUARD", help="with this guard removed")
    parser.add_argument("--found", action="store_true", help="what once failed")
    parser.add_argument("--keep-going", action="store_true", help="also after a run that was wrong")
    asked = parser.parse_args()
    if asked.guards:
        return guards.show(asked.quick)
    if asked.without:
        guards.GUARDS[asked.without].remove()
    if asked.plan is not None:
        return _tell(_plan(asked))
    if asked.exhaustive:
        names = [asked.scene] if asked.scene else ["callers"]
        return max(_exhaust(name, asked) for name in names)
    if asked.strikes:
        return _strike_everywhere(asked)
    if asked.found:
        return _each(found(), asked)
    if asked.schedules is None:
        drawn = draw(asked.seed or 0, asked.scene, asked.lines)
        print(drawn)
        story: list[str] = []
        return _tell(drawn.run(story if asked.trace else None))
    first = asked.seed or 0
    return _each((draw(seed, asked.scene, asked.lines) for seed in range(first, first + asked.schedules)), asked)


def found() -> list[Drawn]:
    """Return the schedules that once failed."""
    lines = (Path(__file__).parent / "found").read_text().splitlines()
    kept = [line.partition(":")[0].split() for line in lines if not line.startswith("#")]
    return [draw(int(seed), scene, mode == "lines", bool(struck)) for seed, scene, mode, *struck in kept]


def _tell(outcome: Outcome) -> int:
    for line in outcome.story:
        print(line)
    for each in outcome.wrong:
        print(f"wrong: {each}")
    return 1 if outcome.wrong else 0


def _plan(asked: Any) -> Outcome:
    plan: Plan = tuple(
        (int(number), int(place))
        for number, _, place in (each.partition(":") for each in asked.plan.split(",") if each)
    )
    story: list[str] | None = [] if asked.trace else None
    return run(SCENES[asked.scene or "callers"], Planned(plan), asked.strike, bool(asked.lines), story)


def _each(runs: Iterable[Drawn], asked: Any) -> int:
    began, count, wrong = _clock(), 0, 0
    for drawn in runs:
        outcome = drawn.run()
        count += 1
        if outcome.wrong:
            wrong += 1
            print(drawn, *outcome.wrong, sep="\n  ", flush=True)
            if not asked.keep_going:
                break
    print(f"{count} schedules in {_clock() - began:.1f} s of the processor, {wrong} wrong")
    return 1 if wrong else 0


def _exhaust(name: str, asked: Any) -> int:
    began, count, wrong = _clock(), 0, 0
    for plan, outcome in within(SCENES[name], asked.preemptions, asked.strike, bool(asked.lines)):
        count += 1
        if outcome.wrong:
            wrong += 1
            said = ",".join(f"{number}:{place}" for number, place in plan)
            print(f"--scene {name} --plan {said or ','}", *outcome.wrong, sep="\n  ", flush=True)
            if not asked.keep_going:
                break
    seconds = _clock() - began
    print(f"{name}: {count} orders with up to {asked.preemptions} preemptions in {seconds:.1f} s, {wrong} wrong")
    return 1 if wrong else 0


def strikes(name: str, preemptions: int, found: Callable[[int, Plan, list[str]], None]) -> tuple[int, int]:
    """Have Ctrl-C strike a scene's first caller at each step; return how many steps and orders there were."""
    scene, step, count = SCENES[name], 0, 0
    while True:
        was_struck = False
        for plan, outcome in within(scene, preemptions, step):
            count += 1
            was_struck = was_struck or outcome.was_struck
            if outcome.wrong:
                found(step, plan, outcome.wrong)
        if not was_struck:
            return step, count
        step += 1


def _strike_everywhere(asked: Any) -> int:
    code = 0
    for name in [asked.scene] if asked.scene else [scene.name for scene in SCENES.values() if scene.can_be_struck]:
        began, told = _clock(), []

        def found(step: int, plan: Plan, wrong: list[str], name: str = name, told: list[int] = told) -> None:
            if len(told) < (1000 if asked.keep_going else 3):
                said = ",".join(f"{number}:{place}" for number, place in plan)
                print(f"--scene {name} --strike {step} --plan {said or ','}", *wrong, sep="\n  ", flush=True)
            told.append(step)

        steps, count = strikes(name, asked.preemptions, found)
        print(f"{name}: Ctrl-C at {steps} steps, {count} orders in {_clock() - began:.1f} s, {len(told)} wrong")
        code = code or int(bool(told))
    return code
