"""What is explored: who calls, and what happens meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from multiplexer.core.maintenance.handover import Handover
from multiplexer.core.pubsub.overflow import Overflow
from multiplexer.drivers.threads.driver import beat_bridge
from multiplexer.drivers.threads.handlers import HandlerQueue
from multiplexer.drivers.threads.queue import Queue
from multiplexer.drivers.threads.waiting import Latch
from multiplexer.drivers.threads.worker import Worker
from multiplexer.errors import BacklogFullError, RedisConnectionError, RedisTimeoutError, ResponseError

from .scheduler import SCHEDULER
from .world import CLOSED, SERVER, TIMED_OUT, World


@dataclass(frozen=True)
class Scene:
    """Something to be explored.

    Attributes:
        name: What it is called.
        set_up: Puts into a world who takes part.
        changes: Options of the configuration.
        can_be_struck: Whether Ctrl-C may strike its first caller.
        is_struck_by_chance: Whether it does so in runs by chance.
    """

    name: str
    set_up: Callable[[World], None]
    changes: dict[str, Any] = field(default_factory=dict)
    can_be_struck: bool = True
    is_struck_by_chance: bool = True

    def world(self, strike: int | None) -> World:
        """Make a world for one run."""
        world = World(strike, **self.changes)
        self.set_up(world)
        return world


def _three(world: World, **options: Any) -> None:
    world.call("GET", "a", **options)
    world.call("SET", "b", "b", **options)
    world.call("GET", "c", **options)


def _loss(how: str) -> Callable[[World], None]:
    def set_up(world: World) -> None:
        _three(world)
        world.lose(how)

    return set_up


def _crowd(world: World) -> None:
    _three(world)
    world.call("SET", "d", "d")
    world.call("GET", "e")


def _crowd_lost(world: World) -> None:
    _crowd(world)
    world.lose("reset")


def _halves(world: World) -> None:
    _three(world)
    world.network.in_halves = True


def _timeouts(world: World) -> None:
    """The first gives up, another's reply comes just then, and the last one calls in that moment."""
    world.network.delays[b"a"] = 1.0
    world.call("GET", "a", timeout=0.6, fails=TIMED_OUT)
    world.call("GET", "b", timeout=1.0, fails=TIMED_OUT)
    world.call("SET", "c", "c", timeout=3.0)
    world.call("GET", "d", at=1.0)


def _late_reader(world: World) -> None:
    """Who reads gives up, while others wait that have more time."""
    world.network.delays[b"b"] = 1.0
    world.call("GET", "a", timeout=1.0, fails=TIMED_OUT)
    world.call("GET", "b", timeout=1.0, fails=TIMED_OUT)
    world.call("GET", "c", timeout=5.0)


def _close(world: World) -> None:
    for caller in ("a", "b", "c"):
        world.call("SET" if caller == "b" else "GET", *([caller] * (2 if caller == "b" else 1)), fails=CLOSED)
    world.close()


def _drain(world: World) -> None:
    for caller in ("a", "b", "c"):
        world.call("GET", caller, fails=CLOSED)
    world.close(drain=True)


def _close_unconnected(world: World) -> None:
    world.is_connected = False
    for caller in ("a", "b"):
        world.call("GET", caller, fails=CLOSED)
    world.close()


def _batch(world: World) -> None:
    world.call(batch=[("GET", "a"), ("SET", "b", "b"), ("GET", "c")])
    world.call("GET", "d")
    world.call("SET", "e", "e")


def _batch_lost(world: World) -> None:
    world.call(batch=[("GET", "a"), ("SET", "b", "b"), ("GET", "c")])
    world.call(batch=[("GET", "d"), ("GET", "e")])
    world.call("GET", "f")
    world.network.in_halves = True
    world.lose("cut")


def _full(world: World) -> None:
    for key in ("a", "b", "c"):
        world.call("GET", key)


def _full_lost(world: World) -> None:
    _full(world)
    world.lose("reset")


def _full_late(world: World) -> None:
    world.network.delays[b"a"] = 1.0
    world.call("GET", "a", timeout=0.5, fails=TIMED_OUT)
    world.call("GET", "b", timeout=0.7, fails=(BacklogFullError, RedisTimeoutError))
    world.call("GET", "c", timeout=3.0)


def _full_closed(world: World) -> None:
    for key in ("a", "b", "c"):
        world.call("GET", key, fails=CLOSED)
    world.close()


def _forgotten(world: World) -> None:
    world.call("GET", "a")
    world.call("SET", "b", "b", forget=True)
    world.call("SET", "c", "c", forget=True)


def _lingering(world: World) -> None:
    """The thread that reads where nobody waits is about to end when there is more for it."""
    world.call("SET", "a", "a", forget=True)
    world.call("SET", "b", "b", forget=True, at=5.0)


def _databases(world: World) -> None:
    world.call("GET", "a", database=1)
    world.call("SET", "b", "b", database=2)
    world.call("GET", "c", database=1)
    world.call("GET", "d")


def _refused_database(world: World) -> None:
    world.call("GET", "a", database=16, fails=(ResponseError,))
    world.call("GET", "b", database=16, fails=(ResponseError,))
    world.call("GET", "c")


def _stuffed(world: World) -> None:
    """Either direction holds less than one command, and the server takes none while its replies are not read."""
    world.network.room = 40
    world.call("GET", "a" * 50)
    world.call("SET", "b" * 50, "b" * 50)
    world.call("GET", "c" * 50)


def _stuffed_batch(world: World) -> None:
    """One caller sends more than the server takes while nobody reads."""
    world.network.room = 40
    world.call(batch=[("GET", "a" * 50), ("GET", "b" * 50), ("GET", "c" * 50)])


def _stuffed_lost(world: World) -> None:
    _stuffed(world)
    world.lose("reset")


def _half_written(world: World) -> None:
    """A caller's time is up in the middle of its command."""
    world.network.room = 40
    world.network.delays[b"a"] = 1.0
    world.call("GET", "a")
    world.call("SET", "b" * 50, "b" * 50, timeout=0.5, fails=TIMED_OUT)
    world.call("GET", "c" * 50, timeout=5.0)


def _half_written_lost(world: World) -> None:
    _half_written(world)
    world.lose("reset", at=0.5)


def _connecting(world: World) -> None:
    world.is_connected = False
    world.network.refuses = 1
    _three(world)


def _broken(world: World) -> None:
    """Somebody finds that the connection is of no use, as others lose it."""
    world.call("GET", "a")
    world.call("GET", "b")
    world.lose("reset")

    def break_it() -> None:
        SCHEDULER.point("breaks")
        connection = world.bridge.connection
        if connection is not None and len(world.network.sockets) == 1:  # it is the first one
            world.bridge.break_connection(connection, OSError("of no use"))

    world.task("breaker", break_it)


def _no_threads(world: World) -> None:
    """The process may have no more threads while it calls."""
    world.has_threads = False
    _three(world)
    world.lose("reset")


def _beat(world: World) -> None:
    _three(world)
    world.task("heart", lambda: _beat_twice(world))


def _beat_lost(world: World) -> None:
    _beat(world)
    world.lose("reset")


def _beat_twice(world: World) -> None:
    for _ in range(2):
        SCHEDULER.point("beats")
        beat_bridge(world.bridge, SCHEDULER.now, 0.0)


def _renewed(world: World) -> None:
    """Another connection takes the place of the one there is."""
    _three(world)
    done: list[Exception | None] = []

    def renew() -> None:
        handover = Handover(
            world.bridge, SERVER, SCHEDULER.now + 3.0, lambda *given: None, lambda _, error: done.append(error)
        )
        world.bridge.connector.hand_over(handover)  # type: ignore[attr-defined]

    world.renewals = 1
    world.task("renewer", renew)


def _renewed_lost(world: World) -> None:
    _renewed(world)
    world.lose("reset")


def _idle(world: World) -> None:
    """The server closes a connection that nothing was sent over for a while; then they call."""
    for key in ("a", "b"):
        world.call("SET", key, key, at=1.0)
    world.call("GET", "c", at=1.0)
    world.lose("end")


def _mixed(world: World) -> None:
    # Lost just as its time is up, it is not sent again.
    world.call("GET", "a", timeout=0.5, fails=(*TIMED_OUT, RedisConnectionError))
    world.call("SET", "b", "b", database=1)
    world.call(batch=[("GET", "c"), ("GET", "d")])
    world.call("SET", "e", "e", forget=True)
    world.call("GET", "f")
    world.network.delays[b"c"] = 0.5
    world.lose("cut", at=0.5)


# -- the driver's small parts ------------------------------------------------------------------------------------


def _queue(world: World, closes: bool = False) -> None:
    """Two wait for what two put."""
    queue = Queue(10, Overflow.DROP_OLDEST)
    got: list[Any] = []

    def take() -> None:
        try:
            got.append(queue.get(5.0))
        except StopIteration:
            got.append("the end")
        except RedisTimeoutError:
            SCHEDULER.complain("who waited for the queue was told nothing")

    def close() -> None:
        SCHEDULER.point("closes")
        queue.close()

    for number in range(2 + closes):
        world.task(f"taker-{number}", take)
    for number in range(2 - closes):
        world.task(f"putter-{number}", lambda: queue.put("one"))
    if closes:
        world.task("closer", close)
    waiting = 2 + closes
    world.looks.append(
        lambda: ["somebody waits, and there is an item"] if queue._items and len(got) < waiting and not closes else []
    )


def _closed_queue(world: World) -> None:
    """It is closed, and whoever waits is told so."""
    _queue(world, closes=True)


def _interrupted_queue(world: World) -> None:
    """One that waits is interrupted just as an item comes, which the other one must get."""
    queue = Queue(10, Overflow.DROP_OLDEST)
    got: list[Any] = []

    def take() -> None:
        world.may_strike()
        try:
            got.append(queue.get(5.0))
        except KeyboardInterrupt:
            got.append(None)
        except RedisTimeoutError:
            pass
        finally:
            world.spare()

    def look() -> list[str]:
        return ["somebody waits, and there is an item"] if queue._items and len(got) < 2 else []

    world.task("taker-1", take)
    world.task("taker-2", take)
    world.task("putter", lambda: queue.put("one"))
    world.looks.append(look)


def _handlers(world: World) -> None:
    """Two queues are filled whose handlers take turns."""
    handled: list[Any] = []
    queues = [HandlerQueue(world.driver, handled.append, lambda: None, 10, Overflow.DROP_OLDEST) for _ in range(2)]

    def look() -> list[str]:
        return ["there is something to handle, and nobody does"] if any(queue._items for queue in queues) else []

    world.task("putter-1", lambda: [queues[0].put(item) for item in ("one", "two")] and None)
    world.task("putter-2", lambda: [queues[place].put("three") for place in (1, 0)] and None)

    world.looks.append(look)


def _late_handlers(world: World) -> None:
    """A thread that has had nothing to do is about to end when there is something."""
    queue = HandlerQueue(world.driver, lambda item: None, lambda: None, 10, Overflow.DROP_OLDEST)

    def put_later() -> None:
        SCHEDULER.wait(lambda: False, 5.0, "for its time")
        queue.put("two")

    world.task("putter-1", lambda: queue.put("one"))
    world.task("putter-2", put_later)
    world.looks.append(lambda: ["there is something to handle, and nobody does"] if queue._items else [])


def _worker(world: World) -> None:
    """Wishes are granted by a thread that ends when there are none."""
    wishes: list[int] = []
    granted: list[int] = []
    at_work: list[int] = []

    def step() -> bool:
        at_work.append(1)
        SCHEDULER.point("works")
        if len(at_work) > 1:
            SCHEDULER.complain("two threads work at once")
        while wishes:
            granted.append(wishes.pop())
        at_work.pop()
        return False

    worker = Worker("work", step, lambda: not wishes)

    def wish(number: int) -> None:
        SCHEDULER.point("wishes")
        wishes.append(number)
        worker.start()

    world.looks.append(lambda: ["a wish is forgotten"] if wishes else [])
    for number in range(3):
        world.task(f"wisher-{number}", lambda number=number: wish(number))


def _latch(world: World) -> None:
    """Two wait until it is open."""
    latch = Latch()
    passed: list[bool] = []
    for number in range(2):
        world.task(f"waits-{number}", lambda: passed.append(latch.wait(5.0)))
    world.task("opens", latch.open)
    world.looks.append(lambda: ["somebody waits before what is open"] if latch.is_open() and len(passed) < 2 else [])


def _watch(world: World) -> None:
    """Somebody waits for what two changes of state bring about."""
    happened: list[int] = []

    def change() -> None:
        SCHEDULER.point("changes")
        happened.append(1)
        world.driver.notify()

    def look() -> list[str]:
        return ["somebody waits for what has come true"] if len(happened) == 2 and not seen else []

    seen: list[bool] = []
    world.task("watcher", lambda: seen.append(world.driver.wait_for(lambda: len(happened) == 2, 5.0)))
    world.task("changer-1", change)
    world.task("changer-2", change)
    world.looks.append(look)


def _chores(world: World) -> None:
    """Things are to be done soon, some while others are done."""
    done: list[int] = []
    asked: list[float] = []

    def ask(number: int, seconds: float) -> None:
        asked.append(SCHEDULER.now + seconds)
        world.driver.later(seconds, done.append, number)

    def look() -> list[str]:
        overdue = sum(due <= SCHEDULER.now for due in asked)
        return ["a chore is late"] if overdue > len(done) else []

    world.task("asker-1", lambda: ask(1, 0.5))
    world.task("asker-2", lambda: ask(2, 0.0))

    def ask_later() -> None:
        SCHEDULER.wait(lambda: False, 0.5, "for its time")
        ask(3, 0.0)

    world.task("asker-3", ask_later)
    world.looks.append(look)


SCENES = {
    scene.name: scene
    for scene in (
        Scene("callers", _three),
        Scene("crowd", _crowd),
        Scene("crowd-lost", _crowd_lost),
        Scene("halves", _halves),
        Scene("reset", _loss("reset")),
        Scene("end", _loss("end")),
        Scene("cut", _loss("cut")),
        Scene("idle", _idle),
        Scene("timeouts", _timeouts),
        Scene("late-reader", _late_reader),
        Scene("close", _close),
        Scene("drain", _drain),
        Scene("close-unconnected", _close_unconnected),
        Scene("batch", _batch),
        Scene("batch-lost", _batch_lost),
        Scene("full", _full, {"max_pending": 1}),
        Scene("full-lost", _full_lost, {"max_pending": 1}),
        Scene("full-late", _full_late, {"max_pending": 1}),
        Scene("full-closed", _full_closed, {"max_pending": 1}),
        Scene("forgotten", _forgotten),
        Scene("lingering", _lingering, can_be_struck=False),
        Scene("databases", _databases),
        Scene("refused-database", _refused_database),
        Scene("stuffed", _stuffed),
        Scene("stuffed-batch", _stuffed_batch),
        Scene("stuffed-lost", _stuffed_lost),
        Scene("half-written", _half_written),
        Scene("half-written-lost", _half_written_lost),
        Scene("connecting", _connecting),
        Scene("broken", _broken),
        Scene("no-threads", _no_threads, can_be_struck=False),
        Scene("beat", _beat),
        Scene("beat-lost", _beat_lost),
        Scene("renewed", _renewed),
        Scene("renewed-lost", _renewed_lost),
        Scene("mixed", _mixed),
        Scene("queue", _queue, can_be_struck=False),
        Scene("closed-queue", _closed_queue, can_be_struck=False),
        # Who is struck in the very step that takes somebody out of those to be woken wakes nobody.
        Scene("interrupted-queue", _interrupted_queue, is_struck_by_chance=False),
        Scene("handlers", _handlers, can_be_struck=False),
        Scene("late-handlers", _late_handlers, can_be_struck=False),
        Scene("worker", _worker, can_be_struck=False),
        Scene("latch", _latch, can_be_struck=False),
        Scene("watch", _watch, can_be_struck=False),
        Scene("chores", _chores, can_be_struck=False),
    )
}
