"""Makes a run of a seed, and judges it."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from multiplexer.asyncio import ConnectionMultiplexer
from multiplexer.errors import RedisError
from tests.truth.conservation import unbalanced
from tests.truth.history.checking import Undecided, explain, overlapping

from .clock import BEGINNING, CLOCK
from .loop import SimulatedLoop, simulate
from .network import Network
from .scenes import PACES, SCENES, Listener, Pace, Scene, SimulatedClients, limit_of, watch_slots

#: Seconds after which every command works again once nothing is wrong any more.
RECOVERY = 30.0
#: The same for subscriptions: a connection that is half open and carries nothing else is found by its next keep-alive.
SILENCE = 70.0

Trace = Callable[[str], None]


@dataclass
class Outcome:
    """What became of a run.

    Attributes:
        seed: Its seed.
        scene: Where it took place.
        pace: How fast it went.
        seconds: How long it took, in virtual time.
        calls: How many calls there were.
        unknown: Of how many nobody knows the outcome.
        faults: How often each fault happened.
        commands: How many the servers were sent.
        wrong: What was wrong; nothing where all was right.
    """

    seed: int
    scene: str
    pace: str
    seconds: float = 0.0
    calls: int = 0
    unknown: int = 0
    faults: dict[str, int] = field(default_factory=dict)
    commands: int = 0
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        said = f"{self.calls} calls, {self.unknown} unknown, {sum(self.faults.values())} faults in {self.seconds:.0f} s"
        return f"seed {self.seed} ({self.scene}, {self.pace}): {said}" + "".join(f"\n  {each}" for each in self.wrong)


class _Logged(logging.Handler):
    """Puts what is logged into the story, and what should never be logged among what is wrong."""

    def __init__(self, outcome: Outcome, trace: Trace | None) -> None:
        super().__init__(logging.INFO if trace is not None else logging.ERROR)
        self._outcome = outcome
        self._trace = trace

    def emit(self, record: logging.LogRecord) -> None:
        if self._trace is not None:
            self._trace(f"log: {record.getMessage()}")
        if record.levelno >= logging.ERROR:
            error = record.exc_info[1] if record.exc_info else None
            self._outcome.wrong.append(f"logged: {record.getMessage()} {error!r}")


def run(
    seed: int,
    scene: str | None = None,
    pace: str | None = None,
    trace: Trace | None = None,
    connection_class: type | None = None,
    seconds: float | None = None,
) -> Outcome:
    """Make a run.

    Args:
        seed: What everything follows from.
        scene: Where it takes place; None to let the seed choose.
        pace: How fast it goes; None to let the seed choose.
        trace: Told each line of the story.
        connection_class: A connection that may be broken.
        seconds: How long it takes; None for what the pace says.
    """
    CLOCK.begin(seed)
    chance = Random(f"run/{seed}")
    drawn = chance.choice(sorted(SCENES)), chance.choice(sorted(PACES))  # both, so that the rest is the same
    scene, pace = scene or drawn[0], pace or drawn[1]
    outcome = Outcome(seed, scene, pace)
    tell = None if trace is None else _timed(trace)
    network = Network(Random(f"network/{seed}"), tell)
    stage = SCENES[scene](network, chance, PACES[pace].span)
    handler, root = _Logged(outcome, tell), logging.getLogger()
    root.addHandler(handler)
    level = root.level
    if trace is not None:
        root.setLevel(logging.INFO)
    play = _Play(outcome, network, stage, PACES[pace], chance, connection_class, seconds)
    try:
        simulate(network, play.play)
    except Exception as error:  # whatever it is, this run is the one that shows it
        where = traceback.extract_tb(error.__traceback__)[-1]
        cause = "" if error.__cause__ is None else f", from {error.__cause__!r}"
        where_from = f"{where.filename.rpartition('/')[2]}:{where.lineno}"
        outcome.wrong.append(f"{type(error).__name__}: {error} ({where_from}{cause})")
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    outcome.seconds = CLOCK.now - BEGINNING
    outcome.faults = stage.stage.happened
    outcome.commands = sum(server.commands for server in stage.stage.servers)
    return outcome


def _timed(trace: Trace) -> Trace:
    return lambda text: trace(f"{CLOCK.now - BEGINNING:12.6f} {text}")


class _Play:
    """A run in the making."""

    def __init__(
        self,
        outcome: Outcome,
        network: Network,
        scene: Scene,
        pace: Pace,
        chance: Random,
        connection_class: type | None,
        seconds: float | None,
    ) -> None:
        self.outcome = outcome
        self.network = network
        self.scene = scene
        self.pace = pace
        self.chance = chance
        self.seconds = seconds or pace.seconds
        self.options: dict[str, Any] = {**pace.options, **scene.changes, "protocol": chance.choice((2, 3))}
        if connection_class is not None:
            self.options = {**self.options, "high_integrity": False, "connection_class": connection_class}
        self.is_broken = connection_class is not None

    async def play(self, loop: SimulatedLoop) -> None:
        """Run from beginning to end."""
        mux = await ConnectionMultiplexer.connect(self.scene.seeds, **self.options)
        clients = SimulatedClients(
            mux.get_database(), self.scene.stage.servers[0], self.scene.tags, self.scene.contiguous
        )
        clients.history.limit = limit_of(self.options.get("timeout", 5.0))
        clients.history.tell = self.network.trace
        watch_slots(self.scene, clients)
        listener = Listener(mux)
        end = CLOCK.now + self.seconds
        hearing = asyncio.create_task(listener.listen())
        troubles = [] if self.is_broken else [asyncio.create_task(self._trouble(end))]
        news = asyncio.create_task(self._news(listener, end))
        await clients.work_until(end, self.pace, self.chance)
        await asyncio.gather(news, *troubles)
        self.scene.stage.heal()
        if not self.is_broken:
            await self._recover(mux, listener)
        hearing.cancel()
        await asyncio.wait([hearing])
        self._judge(clients, listener, mux)
        await self._close(loop, mux)

    async def _trouble(self, end: float) -> None:
        chance, pace = Random(self.chance.random()), self.pace
        while True:
            await asyncio.sleep(chance.expovariate(1 / pace.between))
            if CLOCK.now >= end:
                return
            self.scene.stage.happen(chance.choice(self.scene.faults), chance)

    async def _news(self, listener: Listener, end: float) -> None:
        while CLOCK.now < end:
            await listener.publish()
            await asyncio.sleep(self.pace.pause * 2)

    async def _recover(self, mux: ConnectionMultiplexer, listener: Listener) -> None:
        """Once nothing is wrong any more, everything works again."""
        db = mux.get_database()

        async def command() -> None:
            # Every shard of a cluster has some of these.
            await asyncio.gather(*[db.set(f"end:{number}", b"1") for number in range(12)])

        async def news() -> None:
            heard = listener.heard
            await listener.publish()
            await asyncio.sleep(0.1)
            if listener.heard == heard:
                raise RedisError("what is published is not heard")

        await self._until_it_works(command, RECOVERY)
        await self._until_it_works(news, SILENCE)

    async def _until_it_works(self, call: Callable[[], Awaitable[None]], seconds: float) -> None:
        began = CLOCK.now
        while True:
            try:
                return await call()
            except RedisError as error:
                if CLOCK.now > began + seconds:
                    after = f"{CLOCK.now - began:.1f} s after all was well again"
                    self.outcome.wrong.append(f"{after}: {type(error).__name__}: {error}")
                    return None
            await asyncio.sleep(0.1)

    def _judge(self, clients: SimulatedClients, listener: Listener, mux: ConnectionMultiplexer) -> None:
        history, wrong = clients.history, self.outcome.wrong
        self.outcome.calls, self.outcome.unknown = history.begun, history.unknown
        try:
            told = explain(history)
        except Undecided as error:
            told = f"undecided: {error}"
        wrong += [] if told is None else [told]
        wrong += [f"two held one lock: {each}" for each in overlapping(clients.holdings)]
        wrong += [f"late: {each}" for each in history.late]
        wrong += [f"subscription: {each}" for each in listener.wrong]
        wrong += [f"counters: {each}" for each in unbalanced(mux.get_counters())]

    async def _close(self, loop: SimulatedLoop, mux: ConnectionMultiplexer) -> None:
        """Close, and see that nothing is left behind."""
        await mux.close()
        wrong = self.outcome.wrong
        wrong += [f"counters once closed: {each}" for each in unbalanced(mux.get_counters(), waiting=False)]
        await asyncio.sleep(2.0)  # what was said last is on its way
        left = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        wrong += [f"left behind: {each}" for each in (*left, *loop.timers(), *self.network.sockets)]
        wrong += [f"a server still has a connection from {link.place}" for link in self.network.links_to()]
        wrong += [f"the loop: {each}" for each in loop.complaints]
