"""A daemon thread that lives while there is something to do."""

from __future__ import annotations

from collections.abc import Callable

from ...core.logging import logger
from .primitives import RLock, Thread, monotonic

#: Seconds within which a thread that was started is seen to run.
_BIRTH = 5.0


class Worker:
    """At most one thread that works step by step, started when needed and gone when there is nothing to do."""

    def __init__(self, name: str, step: Callable[[], bool], is_done: Callable[[], bool]) -> None:
        """Make a worker; nothing runs before :meth:`start`.

        Args:
            name: The thread's name.
            step: Does one piece of work; returns True where the next one shall follow at once.
            is_done: Tells, after a step that returned False, whether the thread may end.
        """
        self._name = name
        self._step = step
        self._is_done = is_done
        # Re-entrant for the sake of finalizers and signal handlers, which run in whatever thread they interrupt.
        self._lock = RLock()
        self._turn: object | None = None
        self._thread: Thread | None = None
        self._started_at = 0.0

    @property
    def is_running(self) -> bool:
        """Whether there is a thread that will notice what is wished."""
        return self._turn is not None

    def start(self) -> None:
        """See that the thread runs, if one can be had. Whatever was wished before this call is noticed by it."""
        turn = object()
        thread, now = None, 0.0
        try:
            while True:
                dead = self._stillborn()
                with self._lock:
                    # Nothing is made in here: the garbage collector might run a finalizer that waits for a reply, and
                    # whoever is to read it might wait for this lock.
                    if self._turn is not None and (dead is None or self._thread is not dead):
                        return
                    if thread is not None:
                        self._started_at = now  # first: whoever sees the thread takes it for as old as this says
                        self._thread = thread
                        self._turn = turn
                        break
                thread = Thread(target=self._run, args=(turn,), name=self._name, daemon=True)
                now = monotonic()
            thread.start()
        except BaseException as error:
            # Ctrl-C, say. Whether a thread has started is unknown: it loses its turn, and the next call starts another.
            if self._turn is turn:
                self._turn = None
            if not isinstance(error, RuntimeError):
                raise
            logger().error("%s: %s", self._name, error)  # no thread to be had now; the heartbeat tries again

    def _stillborn(self) -> Thread | None:
        """Return the thread where it died before it came to anything.

        What is raised in a thread from outside (``PyThreadState_SetAsyncExc``, as timers of jobs do) while that thread
        starts another one may strike the new one at its first step. Whoever started it then waits for ever.
        """
        thread = self._thread
        if thread is None or self._turn is None or thread.is_alive() or monotonic() - self._started_at <= _BIRTH:
            return None
        return thread

    def _run(self, turn: object) -> None:
        try:
            while self._turn is turn:
                if self._step():
                    continue
                with self._lock:
                    # Decided under the lock that start() takes, so no wish is lost.
                    if self._turn is turn and self._is_done():
                        self._turn = None
        finally:
            if self._turn is turn:  # something was raised in this thread from outside: the next call starts another
                self._turn = None
