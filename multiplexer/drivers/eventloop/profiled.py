"""What bridges and messages of tasks are while a profiling session runs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any

from ...core.diagnosis.profiling import Profile
from ...core.message import Message
from .bridge import EventLoopBridge
from .message import TaskForgotten, TaskMessage, TaskUnit

if TYPE_CHECKING:
    import asyncio


class ProfiledMessage(TaskMessage):
    """A message that is awaited, followed by a :class:`Profile`.

    Messages become one by a change of their class, so it must have the same slots.
    """

    __slots__ = ()

    profile: Profile

    def finish(self, reply: Any) -> None:
        self.profile.responded(self, reply)
        super().finish(reply)

    def restart(self) -> None:
        self.profile.restarted(self)
        super().restart()


class ProfiledUnit(ProfiledMessage, TaskUnit):
    """Commands that travel side by side."""

    __slots__ = ()


class ProfiledForgotten(TaskForgotten):
    """A fire-and-forget message: nobody waits, so it is completed with its reply."""

    __slots__ = ()

    profile: Profile

    def finish(self, reply: Any) -> None:
        self.profile.responded(self, reply)
        super().finish(reply)
        self.profile.completed(self, reply if isinstance(reply, Exception) else None)

    def restart(self) -> None:
        self.profile.restarted(self)
        super().restart()


#: What messages become, by what they are.
FOLLOWED: dict[type[Any], type[Any]] = {
    TaskMessage: ProfiledMessage,
    TaskUnit: ProfiledUnit,
    TaskForgotten: ProfiledForgotten,
}
_FOLLOWED = (ProfiledMessage, ProfiledForgotten)


class ProfiledBridge(EventLoopBridge):
    """A bridge whose commands are followed."""

    def submit(self, message: Message, now: float) -> None:
        profiling = self.profiling
        if profiling.skip > 0 and message.__class__ is TaskMessage:  # most, where only some are asked about
            profiling.skip -= 1
            EventLoopBridge.submit(self, message, now)
            return
        profile = self._follow(message, now)
        if profile is None:
            super().submit(message, now)
            return
        now = monotonic()
        profile.enqueued(str(self.endpoint), now)
        try:
            super().submit(message, now)
        except BaseException as error:
            profile.completed(message, error)
            raise

    def post(self, messages: Sequence[Message]) -> None:
        now = monotonic()
        for message in messages:
            profile = self._follow(message, now)
            if profile is not None:
                profile.enqueued(str(self.endpoint), now)
        super().post(messages)

    def _follow(self, message: Message, created: float) -> Profile | None:
        if isinstance(message, _FOLLOWED):
            return message.profile
        kind = FOLLOWED.get(message.__class__)
        profile = None if kind is None else self.profiling.begin(message, created)
        if profile is not None:
            assert kind is not None
            message.profile = profile
            message.__class__ = kind
            if isinstance(message, TaskMessage):
                # Called in the turn of the loop in which whoever awaits it goes on.
                message.add_done_callback(partial(_completed, profile))
        return profile


def _completed(profile: Profile, message: asyncio.Future[Any]) -> None:
    assert isinstance(message, TaskMessage)
    if message.cancelled():
        profile.cancelled(message)
    else:
        # Not exception(), which would take it for an error that somebody has seen.
        profile.completed(message, message._exception)
