"""Threads that run one at a time.

Each thread of a run is a real one that is parked on a lock of its own. Whoever runs comes to a *point* before each
step that others can see (a lock, a queue, a socket; in another mode at each line), and there a strategy says whose turn
it is. What takes time waits until nobody can do anything: then the clock jumps to the next deadline.
"""

from __future__ import annotations

import sys
import threading
from _thread import allocate_lock
from collections.abc import Callable, Sequence
from math import inf
from types import FrameType
from typing import Any, Protocol

#: The time at which each run begins.
BEGINNING = 1000.0
#: Seconds that stand for no deadline.
FOREVER = 1e6
#: Seconds after whose passing nobody is going to come back.
LONGEST = 120.0
#: A run of so many operations, or of so many lines, goes on for ever.
MOST_POINTS = 12_000
MOST_LINES = 40_000


class Stopped(BaseException):
    """The run is over, and with it the thread this is raised in."""


class Turn(Protocol):
    """Whoever may have its turn.

    Attributes:
        name: What a trace calls it.
        is_free: Whether to give it its turn, when others could go on, is no preemption.
    """

    name: str
    is_free: bool


class Actor:
    """Somebody who is no thread, such as the server: takes a step when it has its turn."""

    is_free = False

    def __init__(self, name: str) -> None:
        self.name = name

    def can_act(self) -> bool:
        """Whether there is a step to take now."""
        raise NotImplementedError

    def due(self) -> float:
        """Return when there will be a step to take, should nothing else happen."""
        return inf

    def act(self) -> str:
        """Take a step; return what it was, for a trace."""
        raise NotImplementedError


class Task:
    """A thread of a run.

    Attributes:
        ready: While it waits, tells whether what it waits for has come; else None.
        deadline: Until when it waits.
        what: The latest point it came to.
        strikes: The steps left until Ctrl-C strikes it; negative where it does not.
        is_target: Whether it was to strike.
    """

    is_free = False

    def __init__(self, name: str, work: Callable[[], None], number: int) -> None:
        self.name = name
        self.work = work
        self.number = number
        self.ready: Callable[[], bool] | None = None
        self.deadline = inf
        self.is_over = False
        self.what = "begins"
        self.strikes = -1
        self.is_target = False
        self.host: _Host | None = None


class _Host:
    """A real thread, in which one task after the other runs."""

    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler = scheduler
        self.gate = allocate_lock()
        self.gate.acquire()
        self.task: Task | None = None
        threading.Thread(target=self._live, daemon=True).start()

    def _live(self) -> None:
        while True:
            self.gate.acquire()
            task = self.task
            assert task is not None
            self._scheduler.perform(task, self)


class Strategy(Protocol):
    """Says whose turn it is."""

    def choose(self, current: Turn, able: Sequence[Turn]) -> int:
        """Return the place in ``able``, which has several, of whose turn it is; ``current`` is first if it is there."""

    def spawned(self, turn: Turn) -> None:
        """Somebody more is there."""


class Scheduler:
    """Runs tasks one at a time.

    Attributes:
        now: Virtual time.
        points: Points so far.
        complaints: What went wrong.
        lines: Files at each of whose lines there is a point, or None.
        trace: Lines of the run's story, or None where it is not told.
        has_struck: Whether Ctrl-C has struck somebody.
        quiet: Called before time passes, as nobody can do anything: returns what is wrong then.
    """

    def __init__(self) -> None:
        self._free: list[_Host] = []
        self._returned = allocate_lock()
        self._returned.acquire()
        self.current: Task | None = None
        self._reset()

    def _reset(self) -> None:
        self.now = BEGINNING
        self.points = 0
        self.complaints: list[str] = []
        self.lines: frozenset[str] | None = None
        self.trace: list[str] | None = None
        self.quiet: Callable[[], list[str]] = list
        self.tasks: list[Task] = []
        self.actors: list[Actor] = []
        self.strategy: Strategy | None = None
        self.is_over = False
        self.has_struck = False
        self.muted = 0
        self._spawned = 0

    # -- a run -----------------------------------------------------------------------------------------

    def run(
        self, play: Callable[[], None], strategy: Strategy, lines: frozenset[str] | None, trace: list[str] | None
    ) -> list[str]:
        """Run a play until it returns; return what was wrong.

        Args:
            play: What the first task does. Points count from :meth:`explore` on.
            strategy: Says whose turn it is, once exploring.
            lines: Files at each of whose lines there is a point, or None.
            trace: Filled with the run's story, or None.
        """
        self._reset()
        self.lines, self.trace = lines, trace
        self._strategy_to_be = strategy
        main = self.spawn("main", play)
        self.main = main
        self.current = main
        self._resume(main)
        self._returned.acquire()
        for task in self.tasks.copy():  # what is left ends now, wherever it is
            self.current = task
            self._resume(task)
            self._returned.acquire()
        self.current = None
        return self.complaints

    def explore(self) -> None:
        """From here on the strategy says whose turn it is; until now whoever can goes on."""
        self.strategy = self._strategy_to_be
        for turn in (*self.tasks, *self.actors):
            self.strategy.spawned(turn)

    def rest(self) -> None:
        """From here on whoever can goes on."""
        self.strategy = None

    def spawn(self, name: str, work: Callable[[], None]) -> Task:
        """Make a task, which runs when it has its turn."""
        task = Task(name, work, self._spawned)
        self._spawned += 1
        self.tasks.append(task)
        if self.strategy is not None:
            self.strategy.spawned(task)
        return task

    def add_actor(self, actor: Actor) -> None:
        """Let somebody take part."""
        if actor.is_free:
            self.actors.append(actor)
        else:
            self.actors.insert(0, actor)  # what may happen at any moment happens last where nobody chooses
        if self.strategy is not None:
            self.strategy.spawned(actor)

    def settle(self) -> None:
        """Wait until nobody else can go on without time passing."""
        me = self.current

        def is_quiet() -> bool:
            tasks = [task for task in self.tasks if task is not me]
            if any(task.ready is None or task.deadline <= self.now or task.ready() for task in tasks):
                return False
            return not any(actor.can_act() for actor in self.actors)

        self.wait(is_quiet, FOREVER, "until all is quiet")

    def complain(self, text: str) -> None:
        """Note that something is wrong."""
        if text not in self.complaints:
            self.complaints.append(text)
            self.tell("WRONG", text)

    def tell(self, who: str, text: str) -> None:
        """Add a line to the story."""
        if self.trace is not None:
            self.trace.append(f"{self.now - BEGINNING:9.4f} {who:<14} {text}")

    # -- what hosts do ---------------------------------------------------------------------------------

    def perform(self, task: Task, host: _Host) -> None:
        """Run a task from beginning to end, in its host's thread."""
        if not self.is_over:
            if self.lines is not None:
                sys.settrace(self._on_call)
            try:
                task.work()
            except Stopped:
                pass
            except BaseException as error:  # as a thread that dies of it
                self.complain(f"{task.name} died of {error!r}")
            finally:
                sys.settrace(None)
                sys.setprofile(None)
        task.is_over = True
        self.tasks.remove(task)
        task.host = None
        over = self.is_over
        if task is self.main:
            self.is_over = over = True
        successor = None if over else self._pick(task)
        self._free.append(host)
        if successor is None:
            self._returned.release()
        else:
            self.current = successor
            self._resume(successor)

    def _resume(self, task: Task) -> None:
        host = task.host
        if host is None:
            host = self._free.pop() if self._free else _Host(self)
            host.task = task
            task.host = host
        host.gate.release()

    # -- points ----------------------------------------------------------------------------------------

    def point(self, what: str) -> None:
        """Whoever runs is about to take a step that others can see."""
        task = self.current
        if task is None or self.muted:
            return
        if self.is_over:
            raise Stopped
        self.points += 1
        task.what = what
        if self.trace is not None:
            self.tell(task.name, f"{what:<22} {_place()}")
        if self.points > (MOST_POINTS if self.lines is None else MOST_LINES):
            self.complain("it goes on for ever")
            self._end(task)
        if self.strategy is not None:
            self._give_way(task)

    def strike(self) -> None:
        """Whoever runs has taken a step: here the interpreter looks for signals."""
        task = self.current
        if task is not None and task.strikes >= 0 and not self.muted:
            task.strikes -= 1
            if task.strikes < 0:
                self.tell(task.name, "KeyboardInterrupt")
                self.has_struck = True
                raise KeyboardInterrupt

    def wait(self, ready: Callable[[], bool], seconds: float, what: str) -> bool:
        """Wait until something has come or time is up; return whether it has come."""
        task = self.current
        if task is None or self.muted:
            return ready()
        if ready():
            return True
        if seconds <= 0:
            return False
        task.ready = ready
        task.deadline = inf if seconds >= FOREVER else self.now + seconds
        task.what = what
        if self.trace is not None:
            self.tell(task.name, f"waits: {what:<15} {_place()}")
        try:
            self._give_way(task)
        finally:
            task.ready, task.deadline = None, inf
        return ready()

    def _give_way(self, task: Task) -> None:
        successor = self._pick(task)
        if successor is None:
            self._end(task)
        elif successor is not task:
            self.current = successor
            self._resume(successor)
            assert task.host is not None
            task.host.gate.acquire()
            if self.is_over:
                raise Stopped

    def _end(self, task: Task) -> None:
        """The run is over, though its play is not."""
        self.is_over = True
        raise Stopped

    def _pick(self, current: Task) -> Task | None:
        """Return whose turn it is; None where it is never anybody's again."""
        while True:
            able = self._able(current)
            if not able:
                if not self._pass_time():
                    return None
                continue
            place = 0 if len(able) == 1 or self.strategy is None else self.strategy.choose(current, able)
            chosen = able[place]
            if isinstance(chosen, Task):
                return chosen
            assert isinstance(chosen, Actor)
            self.muted += 1
            try:
                did = chosen.act()
            finally:
                self.muted -= 1
            self.tell(chosen.name, did)
            if self.is_over:
                return None

    def _able(self, current: Task) -> list[Any]:
        """Return who can go on: the current task first, then those after it in turn, then those who are no threads."""
        now = self.now
        self.muted += 1
        before: list[Any] = []
        after: list[Any] = []
        for task in self.tasks:
            ready = task.ready
            if ready is None or task.deadline <= now or ready():
                if task is current:
                    after.insert(0, task)
                elif task.number < current.number:
                    before.append(task)
                else:
                    after.append(task)
        able = after + before
        able += [actor for actor in self.actors if actor.can_act()]
        self.muted -= 1
        return able

    def _pass_time(self) -> bool:
        """Nobody can do anything now: let time pass. Returns False where nobody ever will."""
        self.muted += 1
        for complaint in self.quiet():
            self.complain(complaint)
        self.muted -= 1
        then = min([task.deadline for task in self.tasks] + [actor.due() for actor in self.actors])
        if self.complaints:
            self.is_over = True
            return False
        if then > BEGINNING + LONGEST:
            self.complain("nobody can go on: " + ", ".join(f"{task.name} ({task.what})" for task in self.tasks))
            self.is_over = True
            return False
        self.now = max(then, self.now)
        return True

    # -- lines -----------------------------------------------------------------------------------------

    def _on_call(self, frame: FrameType, event: str, arg: object) -> Any:
        return self._on_line if self.lines is not None and frame.f_code.co_filename in self.lines else None

    def _on_line(self, frame: FrameType, event: str, arg: object) -> Any:
        if event == "line" and not self.is_over and not self.muted:
            self.point(f"line {frame.f_lineno}")
        return self._on_line

    # -- strikes ---------------------------------------------------------------------------------------

    def strike_at(self, task: Task, step: int) -> None:
        """Have Ctrl-C strike a task, which is the one that runs, at a step of the package's: see :meth:`strike`.

        The interpreter looks for signals as it enters a function and as it comes back from one that is not Python's.
        """
        task.strikes = step
        task.is_target = True

        def at(frame: FrameType, event: str, arg: object) -> None:
            if event in ("call", "c_return") and frame.f_globals.get("__name__", "").startswith(_STRUCK):
                self.strike()

        sys.setprofile(at)

    def spare(self, task: Task) -> bool:
        """Strike a task no more; return whether it was struck."""
        sys.setprofile(None)
        struck = task.is_target and task.strikes < 0
        task.strikes, task.is_target = -1, False
        return struck


#: Where Ctrl-C strikes: not in what is late imports' or the log's, whose locks are the whole process's.
_STRUCK = ("multiplexer.drivers.threads", "multiplexer.core.physical")

SCHEDULER = Scheduler()


def _place() -> str:
    """Return which line of the package is being run."""
    frame: FrameType | None = sys._getframe(2)
    while frame is not None and "interleavings" in frame.f_code.co_filename:
        frame = frame.f_back
    if frame is None:
        return ""
    code = frame.f_code
    return f"{code.co_filename.rpartition('/')[2]}:{frame.f_lineno} {code.co_name}"
