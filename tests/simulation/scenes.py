"""Where a run takes place, and who is at work in it."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from typing import Any

from multiplexer.asyncio import ConnectionMultiplexer, Database
from multiplexer.core.commands.hash_slots import slot_of
from multiplexer.core.pubsub.subscriptions import Gap
from multiplexer.errors import ReadOnlyError, RedisError, TryAgainError
from tests.asyncio.truth.history.clients import LARGE, LIFE, PATIENCE, STEPS, Clients, Step
from tests.asyncio.truth.history.scenes import QUICK, WAYS
from tests.truth.history.recording import History, Operation

from .clock import CLOCK
from .cluster import Cluster
from .faults import NAME, NAMED, OF_CLUSTER, OF_GROUP, ONE_SERVER, Fault, Stage
from .keyspace import Ordered
from .network import Network
from .sentinels import Group
from .server import Server

#: Calls after which callers go on with other keys: histories of single keys stay short.
CALLS_PER_KEY = 60
#: Seconds by which a call may end after its deadline: the loop's own turns, and looks at deadlines that come together.
LATE = 0.06


@dataclass(frozen=True)
class Pace:
    """How fast everything goes.

    Attributes:
        seconds: How long a run takes.
        callers: How many there are.
        pause: Seconds between two calls of one caller, on average.
        between: Seconds between two faults, on average.
        span: Seconds that a fault takes at most.
        options: Options of the multiplexer.
    """

    seconds: float
    callers: int
    pause: float
    between: float
    span: float
    options: dict[str, Any]


PACES: dict[str, Pace] = {
    "dense": Pace(20.0, 8, 0.03, 0.7, 3.0, QUICK),
    "calm": Pace(1800.0, 3, 8.0, 25.0, 20.0, {}),
}


class Timed(History):
    """A history that also sees that no call outlives its deadline, in virtual time."""

    limit = math.inf
    late: list[str]
    tell: Callable[[str], None] | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        self.late = []

    @contextmanager
    def call(
        self, process: str, kind: str, key: str, argument: Any = None, *, whole: bool = True
    ) -> Iterator[Operation]:
        began = CLOCK.now
        try:
            with super().call(process, kind, key, argument, whole=whole) as operation:
                yield operation
        finally:
            took = CLOCK.now - began
            # Taking a lock is several calls. A connection of its own may take the timeout, and its reply once more.
            if took > self.limit * (2 if kind in ("acquire", "release", "pop") or _is_large(argument) else 1):
                self.late.append(f"{operation} of {key} took {took:.3f} s")
            if self.tell is not None:
                if isinstance(operation.result, frozenset):
                    operation.result = Ordered(operation.result)  # stories of one run are alike, to the letter
                self.tell(f"{key} {operation}")


def _is_large(argument: Any) -> bool:
    return isinstance(argument, bytes) and len(argument) >= LARGE


class SimulatedClients(Clients):
    """Callers who rest between calls, are cancelled now and then, and go on with other keys after a while."""

    def __init__(self, db: Database[bytes], server: Server, tags: Callable[[int], str], contiguous: bool) -> None:
        self._tags = tags
        self._calls = 0
        super().__init__(db, server, "", tags(0), contiguous)  # type: ignore[arg-type]
        self.history: Timed = Timed()

    async def work_until(self, end: float, pace: Pace, chance: Random) -> None:
        """Work until a time has come."""
        callers = [self._work_until(end, pace, f"c{number}", Random(chance.random())) for number in range(pace.callers)]
        await asyncio.gather(*callers)

    async def _work_until(self, end: float, pace: Pace, process: str, chance: Random) -> None:
        while CLOCK.now < end:
            step = chance.choice(STEPS)
            if step not in _NEVER_CANCELLED and chance.random() < 0.05:
                try:
                    async with asyncio.timeout(chance.random() * 0.02):
                        await step(self, process, chance)
                except TimeoutError:
                    pass
            else:
                try:
                    await step(self, process, chance)
                except (ReadOnlyError, TryAgainError):  # while another server takes over
                    if step is not Clients.expiring_lock:  # which is not written down
                        raise
            self._calls += 1
            if self._calls % CALLS_PER_KEY == 0:
                self.tag = self._tags(self._calls // CALLS_PER_KEY)
                self._lock = self._next_lock()
            # Often at once: whatever is wrong about two calls at a time shows only then.
            await asyncio.sleep(chance.random() * 0.002 if chance.random() < 0.4 else chance.random() * pace.pause * 3)


#: Who is cancelled while it has a lock leaves it to others to tell whether it still has it.
_NEVER_CANCELLED: tuple[Step, ...] = (Clients.lock, Clients.expiring_lock)


class Listener:
    """Publishes numbers, and hears them: in order, none twice, and none lost unless there was a gap.

    Attributes:
        wrong: What was not so.
        heard: The latest number.
    """

    CHANNEL = "news"

    def __init__(self, mux: ConnectionMultiplexer) -> None:
        self._mux = mux
        self._db = mux.get_database()
        self._number = 0
        self._gap = False
        self._acknowledged: list[int] = []
        self._unknown: set[int] = set()
        self.heard = 0
        self.wrong: list[str] = []

    async def publish(self) -> None:
        """Publish the next number, if that can be done."""
        self._number += 1
        number = self._number
        try:
            receivers = await self._db.publish(self.CHANNEL, number)
        except RedisError:
            self._unknown.add(number)  # it may be heard at any time from now on
            return
        if receivers and number > self.heard:
            self._acknowledged.append(number)

    async def listen(self) -> None:
        """Hear whatever is published; cancel it to end it."""
        while True:
            try:
                subscription = await self._mux.get_subscriber().subscribe(self.CHANNEL, gaps=True)
                break
            except RedisError:
                continue
        async for item in subscription:
            if isinstance(item, Gap):
                self._gap = True
            else:
                self._hear(int(item.data))

    def _hear(self, number: int) -> None:
        if number in self._unknown and number <= self.heard:
            self._unknown.discard(number)
            return
        if number <= self.heard:
            self.wrong.append(f"{number} was heard after {self.heard}")
        missed = [each for each in self._acknowledged if self.heard < each < number]
        if missed and self.heard and not self._gap:
            self.wrong.append(f"{missed} were lost between {self.heard} and {number}, and no gap was told of")
        self._acknowledged = [each for each in self._acknowledged if each > number]
        self.heard, self._gap = number, False


@dataclass
class Scene:
    """Servers, and a client's configuration.

    Attributes:
        name: Which one it is.
        stage: What can be hurt.
        faults: What happens there.
        seeds: What to connect to.
        changes: Options.
        tags: What follows the names of keys.
        contiguous: Whether nothing comes between the commands of a batch.
    """

    name: str
    stage: Stage
    faults: tuple[Fault, ...]
    seeds: str
    changes: dict[str, Any]
    tags: Callable[[int], str]
    contiguous: bool = True


def _plain_tag(number: int) -> str:
    return f".{number}"


def _hash_tag(number: int) -> str:
    return f"{{{number}}}"


def one_server(network: Network, chance: Random, span: float) -> Scene:
    """One server, reached by its address."""
    server = Server(network, ("10.0.0.1", 6379))
    changes = WAYS[chance.choice(sorted(WAYS))]
    return Scene("server", Stage(network, [server], None, None, span), ONE_SERVER, server.name, changes, _plain_tag)


def named_server(network: Network, chance: Random, span: float) -> Scene:
    """One server, reached by a name whose address changes."""
    server = Server(network, ("10.0.0.1", 6379))
    network.names[NAME] = ["10.0.0.1"]
    stage = Stage(network, [server], None, None, span)
    return Scene("name", stage, NAMED, f"{NAME}:6379", {}, _plain_tag)


def cluster(network: Network, chance: Random, span: float) -> Scene:
    """A cluster of three shards with a replica each."""
    made = Cluster(network, 3, 1)
    stage = Stage(network, made.servers, made, None, span)
    return Scene("cluster", stage, OF_CLUSTER, made.seeds, {}, _hash_tag, contiguous=False)


def sentinels(network: Network, chance: Random, span: float) -> Scene:
    """A primary with two replicas, of which three sentinels tell."""
    made = Group(network, 2, 3)
    stage = Stage(network, [*made.servers, *made.sentinels], None, made, span)
    return Scene("sentinels", stage, OF_GROUP, made.seeds, {}, _plain_tag, contiguous=False)


def replicas(network: Network, chance: Random, span: float) -> Scene:
    """A primary with two replicas, known by configuration alone."""
    made = Group(network, 2, 0)
    stage = Stage(network, made.servers, None, made, span)
    return Scene("replicas", stage, OF_GROUP, made.seeds, {}, _plain_tag, contiguous=False)


SCENES: dict[str, Callable[[Network, Random, float], Scene]] = {
    "server": one_server,
    "name": named_server,
    "cluster": cluster,
    "sentinels": sentinels,
    "replicas": replicas,
}


def watch_slots(scene: Scene, clients: SimulatedClients) -> None:
    """Let faults know which slot callers use."""
    scene.stage.busy_slot = lambda: slot_of(clients.tag.encode())


def limit_of(timeout: float) -> float:
    """Return how long a call may take, with what a blocking one waits for on purpose."""
    return timeout + PATIENCE + LIFE + LATE
