"""Looks at every application whose socket fits a pattern, once a second."""

from __future__ import annotations

import glob
import os
import stat
import threading
from collections.abc import Callable, Iterable, Mapping
from time import monotonic, time
from typing import Any

from ..attaching.viewing import View
from ..errors import RedisConnectionError, RedisError
from .overview import overview
from .readings import Flow, History, Key, Point, Reading

__all__ = ["EVERY", "GONE_FOR", "Observer", "Process"]

#: Seconds between two looks.
EVERY = 1.0
#: Seconds that a look waits for answers; later ones count at the next.
PATIENCE = 0.5
#: Seconds after which an application that has not answered is silent.
SILENT_AFTER = 2.0
#: Seconds for which a process is shown that has ended.
GONE_FOR = 120.0
#: Seconds after which an application that does not answer is attached to anew.
_TIMEOUT = 30.0


class Process:
    """A process that shows, or has shown, its multiplexer.

    Attributes:
        name: What tells it from others.
        where: The socket's path, or the port.
        pid, program: What it says of itself.
        state: ``"live"``, ``"silent"`` while it does not answer, or ``"gone"``.
        heard: When it last answered, in seconds of the monotonic clock.
        status: Its state at that time.
        flows: What went over its connections in the second before.
        history: Its last fifteen minutes.
    """

    def __init__(self, where: str, view: Mapping[str, Any]) -> None:
        self.where = where
        self.pid: int = view["pid"]
        self.program: str = view["program"]
        self.name = name_of(where, view)
        self.history = History()
        self.flows: Mapping[Key, Flow] = {}
        self._reading: Reading | None = None
        self.note(view)

    def note(self, view: Mapping[str, Any]) -> None:
        """Take what it has answered."""
        reading, before = Reading(view), self._reading
        self.state = "live"
        self.heard = monotonic()
        self.status: Mapping[str, Any] = view["status"]
        self._reading = reading
        if before is not None:
            self.flows = reading.since(before)
            self.history.add(Point.of(reading.at, self.flows.values()))

    def missed(self) -> None:
        """Note that it has not answered this time: what is counted by events has not happened again."""
        if self.state == "live":
            self.flows = {key: flow._replace(failed=0, retried=0, lost=0) for key, flow in self.flows.items()}
            if monotonic() - self.heard > SILENT_AFTER:
                self.state = "silent"

    def end(self) -> None:
        """Note that it has ended, or shows nothing any more."""
        self.state = "gone"


class _Reader(threading.Thread):
    """Reads one socket when it is told to. It may wait long for its application, and nobody waits for it.

    Attributes:
        where: The socket's path, or the port.
        is_asked: Whether it was told to and has no answer yet.
        outcome: What it has read, or why it could not; taken by the observer.
    """

    def __init__(self, where: str, answered: threading.Condition) -> None:
        super().__init__(name=f"multiplexer-dashboard {where}", daemon=True)
        self.where = where
        self.is_asked = False
        self.outcome: Mapping[str, Any] | RedisError | None = None
        self._answered = answered
        self._wake = threading.Event()
        self._is_over = False
        self.start()

    def ask(self) -> None:
        """Have it read once."""
        self.outcome = None
        self.is_asked = True
        self._wake.set()

    def end(self) -> None:
        """Have it detach, once it waits for nothing."""
        self._is_over = True
        self._wake.set()

    def run(self) -> None:
        view: View | None = None
        while True:
            self._wake.wait()
            self._wake.clear()
            if self._is_over:
                break
            outcome: Mapping[str, Any] | RedisError
            try:
                view = view or View(self.where, _TIMEOUT)
                outcome = view.take()
            except RedisError as error:
                outcome = error
                if view is not None:
                    view.close()
                    view = None
            with self._answered:
                self.outcome = outcome
                self.is_asked = False
                self._answered.notify()
        if view is not None:
            view.close()


class Observer:
    """Looks at applications in a thread of its own, however many pages are open.

    Attributes:
        patterns: What was given: patterns of paths, and ports.
    """

    def __init__(self, patterns: Iterable[str], on_look: Callable[[], None]) -> None:
        """Make one that has not begun; see :meth:`start`.

        Args:
            patterns: Patterns of the sockets' paths, or ports on loopback.
            on_look: Called after each look, in the observer's thread.
        """
        self.patterns = tuple(patterns)
        self._on_look = on_look
        self._lock = threading.Lock()
        self._answered = threading.Condition()
        self._readers: dict[str, _Reader] = {}
        self._processes: dict[str, Process] = {}
        self._refused: dict[str, str] = {}
        self._history = History()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="multiplexer-dashboard", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def close(self) -> None:
        """Look no longer. Nothing is waited for."""
        self._over.set()

    def history(self, process: str) -> list[Point]:
        """Return the last fifteen minutes of one process, or of all where the name is empty."""
        with self._lock:
            if not process:
                return self._history.points()
            found = self._processes.get(process)
            return [] if found is None else found.history.points()

    def state(self, process: str) -> dict[str, Any]:
        """Return everything a page shows of one process, or of all where the name is empty."""
        with self._lock:
            every = list(self._processes.values())
            shown = [each for each in every if process in ("", each.name)]
            points = (self._history if not process else shown[0].history if shown else History()).points()
            return {
                "at": time(),
                "attached": self.patterns,
                "refused": list(self._refused.values()),
                "names": [
                    {"name": each.name, "program": each.program, "pid": each.pid, "state": each.state} for each in every
                ],
                "point": points[-1] if points else None,
                **overview(shown, monotonic()),
            }

    # -- the thread ------------------------------------------------------------------------------------

    def _run(self) -> None:
        due = monotonic()
        while not self._over.is_set():
            self.look()
            self._on_look()
            due = max(due + EVERY, monotonic())  # what was late is not made up for
            self._over.wait(due - monotonic())
        for reader in self._readers.values():
            reader.end()

    def look(self) -> None:
        """Look once at every application there is."""
        found = find(self.patterns)
        for where in found:
            if where not in self._readers:
                self._readers[where] = _Reader(where, self._answered)
        with self._lock:
            for reader in tuple(self._readers.values()):
                if reader.outcome is not None:  # it came too late for the look before
                    self._take(reader, reader.where in found)
        asked = [reader for reader in self._readers.values() if not reader.is_asked]
        for reader in asked:
            reader.ask()
        with self._answered:
            self._answered.wait_for(lambda: not any(reader.is_asked for reader in asked), PATIENCE)
        with self._lock:
            for reader in tuple(self._readers.values()):
                self._take(reader, reader.where in found)
            self._forget()
            live = [flow for each in self._processes.values() if each.state == "live" for flow in each.flows.values()]
            if live:
                self._history.add(Point.of(time(), live))

    def _take(self, reader: _Reader, is_there: bool) -> None:
        """Take what a reader has brought."""
        outcome, reader.outcome = reader.outcome, None
        shown = [each for each in self._processes.values() if each.where == reader.where and each.state != "gone"]
        if isinstance(outcome, Mapping):
            self._refused.pop(reader.where, None)
            try:
                answered = self._note(reader.where, outcome)
            except (AttributeError, LookupError, TypeError, ValueError):
                answered = None
                self._refused[reader.where] = f"what is at {reader.where} shows a state that is not understood"
            for each in shown:
                if each is not answered:
                    each.end()
        elif isinstance(outcome, RedisConnectionError):
            for each in shown:
                each.end()
            if not shown:
                self._refused[reader.where] = str(outcome)
            if not is_there:
                self._refused.pop(reader.where, None)
                self._readers.pop(reader.where).end()
        else:
            for each in shown:
                each.missed()

    def _note(self, where: str, view: Mapping[str, Any]) -> Process:
        """Return the process that has answered, which may be a new one.

        Raises:
            Exception: It is of another version, or something else altogether.
        """
        process = self._processes.get(name_of(where, view))
        if process is None:
            process = Process(where, view)
        else:
            process.note(view)
        overview((process,), monotonic())  # before anybody asks for it
        self._processes[process.name] = process
        return process

    def _forget(self) -> None:
        """Forget what has ended long ago."""
        now = monotonic()
        for name, process in tuple(self._processes.items()):
            if process.state == "gone" and now - process.heard > GONE_FOR:
                del self._processes[name]


def name_of(where: str, view: Mapping[str, Any]) -> str:
    """Return what tells a process, and which of its multiplexers, from others."""
    return f"{view['pid']}@{where}"


def find(patterns: Iterable[str]) -> list[str]:
    """Return the sockets that fit some pattern, and the ports."""
    found: dict[str, None] = {}
    for pattern in patterns:
        paths = [pattern] if pattern.isdigit() else sorted(path for path in glob.glob(pattern) if _is_socket(path))
        found.update(dict.fromkeys(paths))
    return list(found)


def _is_socket(path: str) -> bool:
    try:
        return stat.S_ISSOCK(os.stat(path).st_mode)
    except OSError:  # it went meanwhile
        return False
