"""Messages whose callers are tasks: the message itself is the future they await."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

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
        def submit(self, message: Message, now: float) -> None: ...
        def refuse(self, message: TaskMessage, error: RedisError) -> None: ...
        def note_dead(self) -> None: ...


class TaskMessage(asyncio.Future, Message):  # type: ignore[type-arg]
    """A message that is awaited.

    It is made by its future's own constructor, in C, and then filled in: a constructor of its own would cost
    more than everything else about it. The future comes first among its bases, or Python would look for another
    constructor each time.
    """

    __slots__ = ("bridge", *MESSAGE_SLOTS)

    bridge: Carrier

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
            pass  # cancelled or timed out: its place is used up, and the reply dropped
        except Exception as error:
            if not self.done():
                self.set_exception(error)

    def cancel(self, msg: Any = None) -> bool:
        """Stop waiting. A command that is still queued is not sent."""
        cancelled = super().cancel(msg)
        if cancelled and self.phase < WRITTEN:
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
