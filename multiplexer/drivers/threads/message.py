"""Messages whose callers are threads."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ...core.call_options import CallOptions
from ...core.commands.command import Command
from ...core.message import MESSAGE_SLOTS, QUEUED, ForgottenMessage, Message, Unit
from ...core.types import Payload

if TYPE_CHECKING:
    from ...core.physical_bridge import PhysicalBridge


class _Pending:
    def __repr__(self) -> str:
        return "PENDING"


#: The reply of a message that has none yet.
PENDING: Any = _Pending()


class ThreadMessage(Message):
    """A message a thread waits for.

    Attributes:
        reply: The raw reply, an error object, or :data:`PENDING`.
        waiter: The lock its thread sleeps on, once it sleeps; held except to wake it.
        orphan: Nobody waits: fire-and-forget, timed out or interrupted.
    """

    __slots__ = ("orphan", "reply", "waiter", *MESSAGE_SLOTS)

    def __init__(
        self,
        command: Command,
        payload: Payload,
        options: CallOptions,
        convert: Callable[[Any], Any] | None,
        deadline: float,
    ) -> None:
        self.command = command
        self.payload = payload
        self.options = options
        self.convert = convert
        self.deadline = deadline
        self.phase = QUEUED
        self.attempts = 0
        self.sent_at = 0.0
        self.reply = PENDING
        self.waiter: Any = None
        self.orphan = False

    def finish(self, reply: Any) -> None:
        # The reply before the look at the waiter: a thread about to sleep sets its waiter, then looks at the
        # reply, so one of the two sees the other.
        self.reply = reply
        if self.waiter is not None:
            self.wake()

    def wake(self) -> None:
        """Let the waiting thread look again: at its reply, or at the reader's role."""
        try:
            self.waiter.release()
        except RuntimeError:  # it was woken already and has not run yet
            pass

    def restart(self) -> None:
        super().restart()
        self.reply = PENDING

    def abandoned(self) -> bool:
        return self.orphan

    def settled(self) -> None:
        """Nobody will send it again, though it failed: told for those that are profiled."""


class ThreadUnit(ThreadMessage, Unit):
    """Commands that travel side by side, for whose replies one thread waits."""

    __slots__ = ("replies", "wanted")

    def __init__(self, command: Command, payload: Payload, wanted: int, options: CallOptions, deadline: float) -> None:
        super().__init__(command, payload, options, None, deadline)
        self.replies = []
        self.wanted = wanted


class ThreadForgotten(ForgottenMessage, ThreadMessage):
    """A fire-and-forget message of a thread."""

    __slots__ = ("bridge",)

    def __init__(
        self,
        command: Command,
        payload: Payload,
        options: CallOptions,
        deadline: float,
        bridge: PhysicalBridge,
    ) -> None:
        super().__init__(command, payload, options, None, deadline)
        self.orphan = True
        self.bridge = bridge

    def finish(self, reply: Any) -> None:
        self.reply = reply
        super().finish(reply)
