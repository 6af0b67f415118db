"""Threads for what cannot be awaited: looking up names, credential providers, sockets of the user's, OCSP.

Not those of the loop's default executor: these are the application's, which may keep all of them busy for as long as it
likes, while nobody could connect again.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from contextvars import Context, copy_context
from typing import Any

from ...snapshots import snapshot_items
from ..at_fork import after_fork_in_child
from ..threads.waiting import Bell
from .waiting import running_loop, timeout_at

#: Threads at most: none but those of a resolver or provider that hangs takes long.
MOST = 8
#: Seconds after which a thread ends that has nothing to do.
LINGER = 5.0
_PROVIDER = "the credential provider"


class _Job:
    """A call on its way to a thread, and back to the event loop that waits for it."""

    def __init__(self, call: Callable[..., Any], args: tuple[Any, ...], context: Context) -> None:
        self._call = call
        self._args = args
        self._context = context
        self._loop = running_loop()
        self.outcome: asyncio.Future[Any] = self._loop.create_future()
        self.has_begun = False

    def run(self) -> None:
        """Make the call, unless nobody waits for it any more; in the thread."""
        if self.outcome.done():
            return
        self.has_begun = True
        result, failure = None, None
        try:
            result = self._context.run(self._call, *self._args)
        except BaseException as error:  # whatever it is, it is the waiting task's
            failure = error
        try:
            self._loop.call_soon_threadsafe(self._hand_over, result, failure, context=Context())
        except RuntimeError:
            pass  # the loop was closed meanwhile

    def _hand_over(self, result: Any, failure: BaseException | None) -> None:
        if self.outcome.done():
            return
        if failure is None:
            self.outcome.set_result(result)
        elif isinstance(failure, StopIteration):  # futures do not take it
            self.outcome.set_exception(RuntimeError(f"a call raised {failure!r}"))
        else:
            self.outcome.set_exception(failure)


class _Helpers:
    """The threads of this process, started when needed and gone when there is nothing to do.

    Ctrl-C may strike at any step of :meth:`submit`: a lock is taken and let go in one step each, which a
    ``threading.Condition`` is not, and a thread that is none of those noted here ends once there is nothing to do.
    """

    def __init__(self) -> None:
        # Guards who is there and who sleeps. Re-entrant for the sake of finalizers and signal handlers, which run in
        # whatever thread they interrupt.
        self._lock = threading.RLock()
        self._jobs: deque[_Job] = deque()
        self._threads: dict[object, threading.Thread] = {}
        self._sleepers: deque[Bell] = deque()

    def submit(self, job: _Job) -> None:
        """Have a job done.

        Raises:
            RuntimeError: No thread can be had.
        """
        self._jobs.append(job)
        me = object()
        try:
            with self._lock:
                if self._sleepers:
                    self._sleepers[0].ring()  # first: one that was forgotten would sleep on
                    self._sleepers.popleft()
                    return
                if len(self._threads) >= MOST:
                    self._forget_the_dead()
                if len(self._threads) >= MOST:
                    return  # one of them will come to it
                thread = threading.Thread(target=self._run, args=(me,), name="multiplexer-helper", daemon=True)
                self._threads[me] = thread
            thread.start()
        except BaseException as error:
            self._threads.pop(me, None)  # whether it has started is unknown
            if isinstance(error, RuntimeError) and (self._threads or not self._withdraw(job)):
                return  # one of the others will come to it, or this one: of Ctrl-C threads may make the same error
            raise

    def _withdraw(self, job: _Job) -> bool:
        """Take a job back; return whether no thread had taken it yet."""
        try:
            self._jobs.remove(job)
        except ValueError:
            return False
        return True

    def _forget_the_dead(self) -> None:
        """Count no thread that something was raised in from outside before it came to anything."""
        for me, thread in snapshot_items(self._threads):
            if thread.ident is not None and not thread.is_alive():
                del self._threads[me]

    def _run(self, me: object) -> None:
        try:
            while (job := self._next(me)) is not None:
                job.run()
                del job  # or its loop and what it was called with would live as long as the thread
        finally:
            with self._lock:
                self._threads.pop(me, None)

    def _next(self, me: object) -> _Job | None:
        """Return a job, or None where none comes for a while."""
        rested = False
        while True:
            with self._lock:
                if self._jobs:
                    return self._jobs.popleft()
                if rested or me not in self._threads:
                    self._threads.pop(me, None)  # under the lock: whoever has a job next starts another thread
                    return None
                bell = Bell()
                self._sleepers.append(bell)
            rested = not bell.wait(LINGER)
            with self._lock:
                if bell in self._sleepers:
                    self._sleepers.remove(bell)


_helpers = _Helpers()


def _after_fork_in_child() -> None:
    """The threads stayed in the parent, and one of them may have held the lock."""
    global _helpers
    _helpers = _Helpers()


after_fork_in_child(_after_fork_in_child)


async def help_with(
    what: str, deadline: float, call: Callable[..., Any], *args: Any, context: Context | None = None
) -> Any:
    """Make a call in a thread and return its result.

    Args:
        what: What it does, for errors.
        deadline: Time of ``time.monotonic`` after which nobody waits for it; infinity for none.
        call: What to call.
        args: Its arguments.
        context: Its context variables; by default it has none.

    Raises:
        TimeoutError: It did not return before the deadline. It goes on by itself if it has begun.
        OSError: No thread can be had for it.
    """
    job = _Job(call, args, context or Context())
    try:
        _helpers.submit(job)
    except RuntimeError as error:
        raise OSError(f"{what} needs a thread: {error}") from error
    try:
        async with timeout_at(deadline):
            return await job.outcome
    except TimeoutError:
        if job.outcome.done() and not job.outcome.cancelled():
            raise  # its own
        if job.has_begun:
            raise TimeoutError(f"{what} took too long") from None
        raise TimeoutError(f"{what} did not begin in time: {MOST} calls like it take too long") from None


async def ask_provider(provider: Any, deadline: float) -> Any:
    """Ask a credential provider, which may ask a service and take its time, for what it returns.

    Args:
        provider: An object with ``get_credentials()``, and perhaps ``get_credentials_async()``.
        deadline: Time of ``time.monotonic`` after which nobody waits for it; infinity for none.

    Raises:
        TimeoutError: It did not return before the deadline.
        OSError: No thread can be had for it.
    """
    try:
        async with timeout_at(deadline):
            if hasattr(provider, "get_credentials_async"):
                return await provider.get_credentials_async()
            return await help_with(_PROVIDER, deadline, provider.get_credentials, context=copy_context())
    except TimeoutError as error:
        if error.args:
            raise
        raise TimeoutError(f"{_PROVIDER} took too long") from None


async def ask_blocking(call: Callable[[], Any]) -> Any:
    """Have a thread ask what blocks, with the context variables of whoever asks; :func:`ask_provider` bounds it."""
    return await help_with(_PROVIDER, float("inf"), call, context=copy_context())
