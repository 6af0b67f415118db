"""Messages whose callers are tasks: the message itself is the future they await."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextvars import Context, copy_context
from typing import TYPE_CHECKING, Any, Never, Self

from ...core.call_options import CallOptions
from ...core.commands.command import Command
from ...core.message import DEAD, MESSAGE_SLOTS, QUEUED, WRITTEN, ForgottenMessage, Message, Unit
from ...core.types import Payload
from ...core.wire.resp import decode
from ...errors import RedisError

if TYPE_CHECKING:
    from typing import Protocol

    from ...configuration import EndPoint
    from ...core.resending import Refused
    from ...core.seam import Listener

    class Carrier(Refused, Protocol):
        """What is asked of the bridge that a message was handed to."""

        @property
        def endpoint(self) -> EndPoint: ...
        @property
        def listener(self) -> Listener[Any]: ...
        @property
        def answered(self) -> list[TaskMessage] | None: ...
        def submit(self, message: Message, now: float) -> None: ...
        def refuse(self, message: TaskMessage, error: RedisError) -> None: ...
        def note_dead(self) -> None: ...
        def forgotten_failed(self, message: ForgottenMessage, error: RedisError) -> None: ...


class AsCoroutine:
    """What lets a future pass for a coroutine too, of which ``asyncio.create_task`` and task groups make a task.

    Awaiting it goes by none of this. A task that is made of it is one step: it waits for the future.
    """

    if not TYPE_CHECKING:  # the type checker would take it that nothing can be set
        __slots__ = ()
    else:
        _asyncio_future_blocking: bool

        def done(self) -> bool:
            raise NotImplementedError

        def result(self) -> Any:
            raise NotImplementedError

        def cancel(self, msg: Any = None) -> bool:
            raise NotImplementedError

    def send(self, value: None) -> Self:
        """Go on: return what the task is to wait for, or be done.

        Raises:
            StopIteration: There is a result, which it carries.
            BaseException: What it ended with instead.
        """
        try:
            if self.done():
                raise StopIteration(self.result())
            self._asyncio_future_blocking = True  # as a future's own iterator says that it is awaited
            return self
        finally:
            del self  # the error would hold itself, by its traceback

    def throw(self, *error: Any) -> Never:
        """End what waits with an error; nobody wants the reply then."""
        try:
            self.cancel()
            raise error[1] if len(error) > 1 and error[1] is not None else error[0]
        finally:
            del self, error

    def close(self) -> None:
        """End it before anybody has waited."""
        self.cancel()


class Nothing(asyncio.Future, AsCoroutine):  # type: ignore[type-arg]
    """What is awaited where nobody waits for a reply."""


class Ready(asyncio.Future, AsCoroutine):  # type: ignore[type-arg]
    """What is awaited of a reply that is at hand."""


class LeasedTask(asyncio.Task, AsCoroutine):  # type: ignore[type-arg]
    """The task of a call that has a connection of its own."""


class TaskMessage(asyncio.Future, AsCoroutine, Message):  # type: ignore[type-arg]
    """A message that is awaited.

    It is made by its future's own constructor, in C, and then filled in: a constructor of its own would cost
    more than everything else about it. The future comes first among its bases, or Python would look for another
    constructor each time.

    Attributes:
        bridge: The bridge it was handed to.
        waiter: Whom to tell that it is done, and in which context, where one wants to know. A future would have its
            loop call each by itself; all who wait for what one read has brought are told by one call of the loop.
    """

    __slots__ = ("bridge", "waiter", *MESSAGE_SLOTS)

    bridge: Carrier
    waiter: tuple[Callable[[Any], object], Context] | None

    def finish(self, reply: Any) -> None:
        try:
            if isinstance(reply, RedisError):
                self.bridge.refuse(self, reply)
                return
            if self.options.decode:
                reply = decode(reply)
            convert = self.convert
            if convert is not None:
                reply = convert(reply)
            self.set_result(reply)
        except asyncio.InvalidStateError:
            return  # cancelled or timed out: its place is used up, and the reply dropped
        except Exception as error:
            if not self.done():
                self.set_exception(error)
            return
        if self.waiter is not None:
            self.tell()

    def tell(self) -> None:
        """Now that it is done, have its waiter told: with others whose replies came by the same read, or by itself."""
        answered = self.bridge.answered
        if answered is not None:
            answered.append(self)
            return
        waiter = self.waiter
        if waiter is not None:
            self.waiter = None
            self.get_loop().call_soon(waiter[0], self, context=waiter[1])

    def add_done_callback(self, fn: Callable[[Any], object], /, *, context: Context | None = None) -> None:
        if context is None:
            context = copy_context()
        if self.waiter is None and not self.done():
            self.waiter = fn, context
        else:
            self._leave_to_future()
            super().add_done_callback(fn, context=context)

    def remove_done_callback(self, fn: Callable[[Any], object], /) -> int:
        self._leave_to_future()
        return super().remove_done_callback(fn)

    def _leave_to_future(self) -> None:
        """Have the future itself tell the waiter, which is not the only one: they are told in order."""
        waiter = self.waiter
        if waiter is not None and not self.done():
            self.waiter = None
            super().add_done_callback(waiter[0], context=waiter[1])

    def set_exception(self, exception: type | BaseException, /) -> None:
        super().set_exception(exception)
        if self.waiter is not None:
            self.tell()

    def cancel(self, msg: Any = None) -> bool:
        """Stop waiting. A command that is still queued is not sent."""
        cancelled = super().cancel(msg)
        if cancelled:
            if self.waiter is not None:
                self.tell()
            if self.phase < WRITTEN:
                self.phase = DEAD
                self.bridge.note_dead()
        return cancelled

    def abandoned(self) -> bool:
        return self.done()


class TaskUnit(TaskMessage, Unit):
    """Commands that travel side by side, for whose replies one task waits."""

    __slots__ = ("replies", "wanted")


class TaskForgotten(ForgottenMessage):
    """A fire-and-forget message of a task."""

    __slots__ = ("bridge", *MESSAGE_SLOTS)

    def __init__(
        self,
        command: Command,
        payload: Payload,
        options: CallOptions,
        deadline: float,
        bridge: Carrier,
    ) -> None:
        self.command = command
        self.payload = payload
        self.options = options
        self.convert = None
        self.deadline = deadline
        self.phase = QUEUED
        self.attempts = 0
        self.sent_at = 0.0
        self.bridge = bridge
