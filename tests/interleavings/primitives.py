"""What threads meet in, under the scheduler: the names of ``multiplexer.drivers.threads.primitives``.

A step that others can see is a point first, then happens in one go, and then the interpreter looks for signals. It does
not look between taking a lock in a ``with`` statement and the statement's body.
"""

from __future__ import annotations

import collections
import importlib
import pkgutil
import select
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from .scheduler import FOREVER, SCHEDULER

point, strike = SCHEDULER.point, SCHEDULER.strike


class Lock:
    """What ``_thread.allocate_lock`` makes, and ``threading.Lock``."""

    __slots__ = ("_is_held",)

    def __init__(self) -> None:
        self._is_held = False

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        taken = self._take(blocking, timeout)
        strike()
        return taken

    def _take(self, blocking: bool, timeout: float) -> bool:
        point("acquire" if blocking else "try")
        if self._is_held:
            if not blocking:
                return False
            strike()  # who waits for a lock can be interrupted
            if not SCHEDULER.wait(self._is_free, FOREVER if timeout < 0 else timeout, "for a lock"):
                return False
        self._is_held = True
        return True

    def _is_free(self) -> bool:
        return not self._is_held

    def release(self) -> None:
        point("release")
        if not self._is_held:
            strike()
            raise RuntimeError("release unlocked lock")
        self._is_held = False
        strike()

    def locked(self) -> bool:
        return self._is_held

    def __enter__(self) -> bool:
        return self._take(True, -1)

    def __exit__(self, *exception: object) -> None:
        self.release()


class RLock:
    """What ``threading.RLock`` makes."""

    __slots__ = ("__weakref__", "_count", "_owner")

    def __init__(self) -> None:
        self._owner: object = None
        self._count = 0

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        taken = self._take(blocking, timeout)
        strike()
        return taken

    def _take(self, blocking: bool, timeout: float) -> bool:
        point("acquire" if blocking else "try")
        me = SCHEDULER.current
        if self._count and self._owner is not me:
            if not blocking:
                return False
            strike()
            if not SCHEDULER.wait(self._is_free, FOREVER if timeout < 0 else timeout, "for a lock"):
                return False
        self._owner = me
        self._count += 1
        return True

    def _is_free(self) -> bool:
        return not self._count

    def release(self) -> None:
        point("release")
        if not self._is_owned():
            raise RuntimeError("cannot release un-acquired lock")
        self._count -= 1
        strike()

    def _is_owned(self) -> bool:
        return self._count > 0 and self._owner is SCHEDULER.current

    def _at_fork_reinit(self) -> None:
        self._count = 0

    def __enter__(self) -> bool:
        return self._take(True, -1)

    def __exit__(self, *exception: object) -> None:
        self.release()


class Deque(collections.deque[Any]):
    """``collections.deque``, each of whose methods is one step."""

    def append(self, item: Any) -> None:
        point("append")
        super().append(item)
        strike()

    def appendleft(self, item: Any) -> None:
        point("appendleft")
        super().appendleft(item)
        strike()

    def extend(self, items: Iterable[Any]) -> None:
        items = list(items)
        point("extend")
        super().extend(items)
        strike()

    def extendleft(self, items: Iterable[Any]) -> None:
        items = list(items)
        point("extendleft")
        super().extendleft(items)
        strike()

    def popleft(self) -> Any:
        point("popleft")
        item = super().popleft()
        strike()
        return item

    def pop(self) -> Any:  # type: ignore[override]
        point("pop")
        item = super().pop()
        strike()
        return item

    def remove(self, item: Any) -> None:
        point("remove")
        super().remove(item)
        strike()

    def clear(self) -> None:
        point("clear")
        super().clear()
        strike()

    def __len__(self) -> int:
        point("look at length")
        return super().__len__()

    def __getitem__(self, index: Any) -> Any:
        point("look at item")
        return super().__getitem__(index)

    def __iter__(self) -> Iterator[Any]:
        # Who looks through it asks for its length as well: it must not see what comes meanwhile.
        return iter([*super().__iter__()])


class OrderedDict(collections.OrderedDict[Any, Any]):
    """``collections.OrderedDict``, as far as the driver uses it."""

    def __setitem__(self, key: Any, value: Any) -> None:
        point("set item")
        super().__setitem__(key, value)
        strike()

    def popitem(self, last: bool = True) -> Any:
        point("popitem")
        item = super().popitem(last)
        strike()
        return item

    def __len__(self) -> int:
        point("look at length")
        return super().__len__()


class Thread:
    """``threading.Thread``.

    Attributes:
        are_to_be_had: Whether the system gives any more.
    """

    are_to_be_had = True

    def __init__(
        self,
        target: Callable[..., object] = lambda: None,
        args: Iterable[Any] = (),
        name: str = "thread",
        daemon: bool | None = None,
    ) -> None:
        self.name = name
        self._work = lambda: target(*args)
        self._task: Any = None

    def start(self) -> None:
        point("start a thread")
        if not Thread.are_to_be_had:
            raise RuntimeError("can't start new thread")
        self._task = SCHEDULER.spawn(self.name.removeprefix("multiplexer-").partition("-")[0], self._run)
        strike()

    def _run(self) -> None:
        self._work()

    def is_alive(self) -> bool:
        return self._task is not None and not self._task.is_over

    def join(self, timeout: float | None = None) -> None:
        SCHEDULER.wait(lambda: not self.is_alive(), FOREVER if timeout is None else timeout, "for a thread")


def current_thread() -> object:
    """``threading.current_thread``."""
    return SCHEDULER.current


def monotonic() -> float:
    """``time.monotonic``."""
    return SCHEDULER.now


def sleep(seconds: float) -> None:
    """``time.sleep``."""
    point("sleep")
    SCHEDULER.wait(lambda: False, seconds, "sleeps")
    strike()


class poll:
    """``select.poll``, for the sockets of the model network."""

    def __init__(self) -> None:
        self._wanted: list[tuple[Any, int]] = []

    def register(self, sock: Any, events: int) -> None:
        if sock.fileno() < 0:
            raise ValueError("file descriptor cannot be a negative integer (-1)")
        self._wanted.append((sock, events))

    def poll(self, milliseconds: float | None = None) -> list[tuple[int, int]]:
        point("poll")
        if not self._ready() and milliseconds != 0:
            strike()
            SCHEDULER.wait(self._is_ready, FOREVER if milliseconds is None else milliseconds / 1000, "for a socket")
        strike()
        return self._ready()

    def _is_ready(self) -> bool:
        return bool(self._ready())

    def _ready(self) -> list[tuple[int, int]]:
        found = []
        for sock, events in self._wanted:
            read = select.POLLIN if events & select.POLLIN and sock.can_read() else 0
            write = select.POLLOUT if events & select.POLLOUT and sock.can_write() else 0
            if read or write:
                found.append((sock.fileno(), read | write))
        return found


_MODELS = {
    "Lock": Lock,
    "OrderedDict": OrderedDict,
    "RLock": RLock,
    "Thread": Thread,
    "allocate_lock": Lock,
    "current_thread": current_thread,
    "deque": Deque,
    "monotonic": monotonic,
    "poll": poll,
    "sleep": sleep,
}


def install() -> None:
    """Put the driver's threads of this process under the scheduler, for good."""
    name = "multiplexer.drivers.threads"
    package = importlib.import_module(name)
    modules = [importlib.import_module(each.name) for each in pkgutil.iter_modules(package.__path__, f"{name}.")]
    modules += [importlib.import_module(f"multiplexer.{each}") for each in _OTHERS]
    real = dict(vars(importlib.import_module(f"{name}.primitives")))
    for module in modules:
        for each, model in _MODELS.items():
            if vars(module).get(each) is real[each]:
                setattr(module, each, model)


#: Modules that are no part of the driver, and make what it meets in.
_OTHERS = ("core.physical_bridge", "core.physical_connection", "drivers.base_driver")
