"""Runs of scenes, each with an order of steps: planned, by chance, or all there are with so many preemptions."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

import multiplexer.core.physical_bridge
import multiplexer.core.physical_connection
import multiplexer.drivers.threads.bridge as bridge_module

from .scenes import SCENES, Scene
from .scheduler import SCHEDULER, Turn

#: The files at each of whose lines others may have their turn, in the second mode.
LINES = frozenset(
    str(module.__file__)
    for module in (
        *(
            __import__(f"multiplexer.drivers.threads.{name}", fromlist=["*"])
            for name in ("bridge", "channel", "connector", "handlers", "message", "pump", "queue", "waiting", "worker")
        ),
        multiplexer.core.physical_bridge,
        multiplexer.core.physical_connection,
    )
)
assert bridge_module.__file__ in LINES
#: Garbage is collected after so many runs, so that it is not during one.
COLLECT_EVERY = 50

Plan = tuple[tuple[int, int], ...]


@dataclass
class Outcome:
    """What became of a run.

    Attributes:
        wrong: What was wrong.
        choices: How many times there was a choice.
        was_struck: Whether Ctrl-C came to its step before the call had ended.
        story: Lines of the run, where it was to be told.
    """

    wrong: list[str]
    choices: int = 0
    was_struck: bool = False
    story: list[str] = field(default_factory=list)


class Planned:
    """Whoever can goes on, but for the choices of a plan.

    Attributes:
        seen: For each choice: how many there were, and how many of them are no preemptions.
    """

    def __init__(self, plan: Plan) -> None:
        self._plan = dict(plan)
        self.seen: list[tuple[int, tuple[bool, ...]]] = []

    def choose(self, current: Turn, able: Sequence[Turn]) -> int:
        """Return whose turn it is."""
        place = self._plan.get(len(self.seen), 0)
        goes_on = able[0] is current
        self.seen.append((len(able), tuple(turn.is_free or not goes_on for turn in able)))
        return min(place, len(able) - 1)

    def spawned(self, turn: Turn) -> None:
        """Everybody is treated alike."""

    @property
    def choices(self) -> int:
        """How many choices there were."""
        return len(self.seen)


class Chance:
    """Priorities by chance, of which some change at moments by chance (PCT), or a change of turns now and then.

    With priorities, whatever needs so many orders of two steps to go wrong is found in one run of about steps to the
    power of one less, whoever the others are.
    """

    def __init__(self, seed: object, choices: int) -> None:
        self._chance = chance = Random(f"schedule/{seed}")
        self._priorities: dict[int, float] = {}
        self._changes: set[int] = set()
        self._restless = 0.0
        self.choices = 0
        self._lowest = 0.0
        if chance.random() < 0.25:
            self._restless = chance.choice((0.02, 0.1, 0.4))
        else:
            changes = chance.choice((0, 1, 1, 2, 2, 3, 4))
            self._changes = {chance.randrange(max(choices, 1)) for _ in range(changes)}

    def spawned(self, turn: Turn) -> None:
        """Give somebody a priority."""
        self._priorities[id(turn)] = self._chance.random()

    def choose(self, current: Turn, able: Sequence[Turn]) -> int:
        """Return whose turn it is."""
        step = self.choices
        self.choices = step + 1
        if self._restless:
            if able[0] is current and self._chance.random() >= self._restless:
                return 0
            return self._chance.randrange(len(able))
        priorities = self._priorities
        if step in self._changes:
            self._lowest -= 1.0
            priorities[id(current)] = self._lowest
        return max(range(len(able)), key=lambda place: priorities[id(able[place])])


_runs = 0


def run(
    scene: Scene, strategy: Any, strike: int | None = None, lines: bool = False, story: list[str] | None = None
) -> Outcome:
    """Make a run of a scene.

    Args:
        scene: What happens.
        strategy: Says whose turn it is.
        strike: At which of its steps Ctrl-C strikes the first caller; None for never.
        lines: Whether others may have their turn at each line, and not only at what they can see.
        story: Filled with what happened; None where it is not told.
    """
    global _runs
    _runs += 1
    if _runs % COLLECT_EVERY == 0:
        gc.enable()
        gc.collect()
    gc.disable()
    world = scene.world(strike)
    wrong = SCHEDULER.run(world.play, strategy, LINES if lines else None, story)
    return Outcome(wrong, strategy.choices, world.was_struck, story or [])


# -- all there are -----------------------------------------------------------------------------------------------


def within(
    scene: Scene, preemptions: int, strike: int | None = None, lines: bool = False
) -> Iterator[tuple[Plan, Outcome]]:
    """Run a scene in every order with so many preemptions at most; yields each plan and what became of it.

    Where whoever had its turn cannot go on, each of the others is tried, and what may happen at any moment happens at
    each: neither is a preemption.
    """
    waiting: list[tuple[Plan, int]] = [((), 0)]
    while waiting:
        plan, used = waiting.pop()
        strategy = Planned(plan)
        outcome = run(scene, strategy, strike, lines)
        yield plan, outcome
        first = plan[-1][0] + 1 if plan else 0
        for number in range(len(strategy.seen) - 1, first - 1, -1):
            count, free = strategy.seen[number]
            for place in range(1, count):
                cost = used if free[place] else used + 1
                if cost <= preemptions:
                    waiting.append(((*plan, (number, place)), cost))


# -- by chance ---------------------------------------------------------------------------------------------------

_lengths: dict[tuple[str, bool], tuple[int, int]] = {}


def length_of(scene: Scene, lines: bool) -> tuple[int, int]:
    """Return how many choices there are where whoever can goes on, and at how many steps Ctrl-C may strike then."""
    key = (scene.name, lines)
    if key not in _lengths:
        choices = run(scene, Planned(()), None, lines).choices
        strikes = 0
        if scene.can_be_struck:
            low, high = 0, 4096  # the first step that the call does not come to
            while low < high:
                middle = (low + high) // 2
                if run(scene, Planned(()), middle).was_struck:
                    low = middle + 1
                else:
                    high = middle
            strikes = low
        _lengths[key] = choices, strikes
    return _lengths[key]


@dataclass(frozen=True)
class Drawn:
    """What follows from a seed.

    Attributes:
        scene: What happens.
        lines: Whether others may have their turn at each line.
        strike: At which step Ctrl-C strikes, or None.
        seed: What the order of the steps follows from.
    """

    scene: Scene
    lines: bool
    strike: int | None
    seed: int

    def run(self, story: list[str] | None = None) -> Outcome:
        """Make the run."""
        choices, _ = length_of(self.scene, self.lines)
        return run(self.scene, Chance(self.seed, choices), self.strike, self.lines, story)

    def __str__(self) -> str:
        struck = "" if self.strike is None else f", Ctrl-C at step {self.strike}"
        return f"seed {self.seed} ({self.scene.name}, each {'line' if self.lines else 'operation'}{struck})"


def draw(seed: int, scene: str | None = None, lines: bool | None = None, struck: bool | None = None) -> Drawn:
    """Return what follows from a seed.

    Args:
        seed: Any number.
        scene: The scene's name; None to let the seed choose.
        lines: Whether at each line; None to let the seed choose.
        struck: Whether Ctrl-C strikes; None to let the seed choose.
    """
    chance = Random(f"drawn/{seed}")
    names = sorted(SCENES)
    drawn = chance.choice(names), chance.random() < 0.4, chance.random() < 0.25, chance.random()
    chosen = SCENES[scene or drawn[0]]
    strike = None
    if chosen.can_be_struck and (chosen.is_struck_by_chance and drawn[2] if struck is None else struck):
        strike = int(drawn[3] * 1.5 * length_of(chosen, False)[1])
    return Drawn(chosen, drawn[1] if lines is None else lines, strike, seed)
