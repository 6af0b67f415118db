"""Calls the handlers of subscriptions and events: in order for each, and none waits long for another's.

Whoever reads puts messages into a :class:`HandlerQueue` and says that it has some; the threads of a :class:`Crew` take
turns with the queues. There is one thread while handlers return soon, one more for each that keeps others waiting, and
none once nothing has come for a while. The reader takes no lock here, so it may be interrupted anywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ...core.logging import logger
from ...core.pubsub.overflow import Overflow
from .primitives import Lock, OrderedDict, Thread, allocate_lock, deque, monotonic
from .queue import Queue

if TYPE_CHECKING:
    from typing import Protocol

    class HasCrew(Protocol):
        """What is asked of a driver: its threads for handlers, others in the child of a fork."""

        @property
        def crew(self) -> Crew: ...


#: Seconds an idle thread waits for more to do.
_LINGER = 5.0
#: Seconds in which some queue must have had its turn, or one more thread is started.
_PATIENCE = 0.01
#: The same after no thread could be had.
_LONG_PATIENCE = 1.0
#: Messages of one queue that are handled before others have their turn.
_TURN = 64


class HandlerQueue(Queue):
    """Ordered and bounded, and emptied by a handler. After :meth:`close` what is left is still handled."""

    def __init__(
        self,
        driver: HasCrew,
        handle: Callable[[Any], Any],
        ended: Callable[[], None],
        size: int,
        overflow: Overflow,
    ) -> None:
        """Make a queue.

        Args:
            driver: Whose threads call the handler.
            handle: Called with each item, in order, by one thread at a time.
            ended: Called once the queue is closed and empty, where there was anything to handle.
            size: As for :class:`Queue`.
            overflow: As for :class:`Queue`.
        """
        super().__init__(size, overflow)
        self._driver = driver
        self._crew = driver.crew
        self._handle = handle
        self._ended = ended

    def put(self, item: Any) -> None:
        """Add an item, and see that it is handled."""
        if self._closed:
            return
        crew = self._driver.crew
        if crew is not self._crew:  # the child of a fork: what waited is the parent's to handle
            self._items.clear()
            self._crew = crew
        super().put(item)
        crew.call(self)

    def turn(self) -> None:
        """Handle what there is, but not all of it where others may wait. One thread at a time does so."""
        for _ in range(_TURN):
            try:
                item = self._items.popleft()
            except IndexError:
                break
            try:
                self._handle(item)
            except BaseException:  # sys.exit() too: it would end a thread that others share
                logger().exception("a handler raised")
        if self._closed and not self._items:
            self._ended()


class Crew:
    """The threads that call handlers."""

    def __init__(self, later: Callable[..., None]) -> None:
        """Make a crew without threads.

        Args:
            later: Calls something in so many seconds, as :meth:`.driver.Driver.later` does.
        """
        self._later = later
        # Queues that have something to handle, the longest waiting first. Adding one, again or not, is a single step.
        self._ready: OrderedDict[HandlerQueue, None] = OrderedDict()
        self._running: set[HandlerQueue] = set()
        #: Guards whose turn it is. Only the threads themselves take it, and the child of a fork has a crew of its own.
        self._lock = Lock()
        self._threads: set[object] = set()
        self._sleepers: deque[Any] = deque()
        self._stopped = False
        self._turns = self._turns_seen = 0
        self._look_at = 0.0

    def call(self, queue: HandlerQueue) -> None:
        """See that a queue, which has got one more item, has its turn."""
        if queue in self._running:
            return  # whoever runs it looks once more after saying that it does not any longer
        self._ready[queue] = None
        if self._sleepers:
            self._wake()
        elif not self._threads:
            self._start()
        elif monotonic() >= self._look_at:
            self._look_later(_PATIENCE)

    def stop(self) -> None:
        """End once everything is handled that has come so far."""
        self._stopped = True
        while self._sleepers:
            self._wake()

    def abandon(self) -> None:
        """In the child of a fork: end, should this be the thread of a handler that forked."""
        self._threads.clear()

    # -- how many threads ------------------------------------------------------------------------------

    def _look_later(self, seconds: float) -> None:
        self._look_at = monotonic() + seconds
        self._later(seconds, self._look)

    def _look(self) -> None:
        """Start one more thread where something waits and no queue has had its turn since the last look."""
        if not self._ready:
            return
        patience = _PATIENCE
        if self._turns == self._turns_seen and not self._start():
            patience = _LONG_PATIENCE
        self._turns_seen = self._turns
        self._look_later(patience)

    def _start(self) -> bool:
        """Start a thread, if one can be had."""
        me = object()
        self._threads.add(me)
        try:
            Thread(target=self._run, args=(me,), name="multiplexer-handlers", daemon=True).start()
        except BaseException as error:
            # Ctrl-C, say. Whether a thread has started is unknown: it is none of the crew, and ends.
            self._threads.discard(me)
            if not isinstance(error, RuntimeError):
                raise
            logger().error("multiplexer-handlers: %s", error)
            return False
        return True

    # -- what a thread does ----------------------------------------------------------------------------

    def _run(self, me: object) -> None:
        try:
            while me in self._threads:
                queue = self._next()
                if queue is not None:
                    self._turn(queue)
                elif not self._sleep():
                    self._threads.discard(me)
                    # Something may have come before this one was seen to be gone.
                    if not self._ready:
                        return
                    self._threads.add(me)
        finally:
            self._threads.discard(me)  # also where something was raised in this thread from outside

    def _next(self) -> HandlerQueue | None:
        """Return the queue whose turn it is."""
        with self._lock:
            while self._ready:
                queue, _ = self._ready.popitem(last=False)
                if queue not in self._running:
                    self._running.add(queue)
                    self._turns += 1
                    return queue
        return None

    def _turn(self, queue: HandlerQueue) -> None:
        try:
            queue.turn()
        except Exception:
            logger().exception("a subscription could not be ended")
        finally:
            self._running.discard(queue)
            if len(queue):
                self._ready[queue] = None

    def _sleep(self) -> bool:
        """Wait for something to do; return whether there may be some."""
        gate = allocate_lock()
        gate.acquire()
        self._sleepers.append(gate)
        # Looked at once it can be seen that this one sleeps.
        if not self._ready and not self._stopped:
            gate.acquire(True, _LINGER)
        try:
            self._sleepers.remove(gate)
        except ValueError:
            return not self._stopped or bool(self._ready)  # somebody woke this one
        return bool(self._ready)

    def _wake(self) -> None:
        try:
            self._sleepers.popleft().release()
        except IndexError:  # gone meanwhile
            pass
