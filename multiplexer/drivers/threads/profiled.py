"""What bridges and messages of threads are while a profiling session runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...core.diagnosis.profiling import Profile
from ...core.message import Message
from .bridge import ThreadBridge
from .message import ThreadForgotten, ThreadMessage, ThreadUnit
from .primitives import monotonic


class Followed(ThreadMessage):
    """A message that is followed by a :class:`Profile`.

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

    def settled(self) -> None:
        self.profile.settled()


class ProfiledMessage(Followed, ThreadMessage):
    """A message a thread waits for."""

    __slots__ = ()


class ProfiledUnit(Followed, ThreadUnit):
    """Commands that travel side by side."""

    __slots__ = ()


class ProfiledForgotten(Followed, ThreadForgotten):
    """A fire-and-forget message: nobody waits, so it is completed with its reply."""

    __slots__ = ()

    def finish(self, reply: Any) -> None:
        super().finish(reply)
        self.profile.completed(self, reply if isinstance(reply, Exception) else None)


#: What messages become, by what they are.
FOLLOWED: dict[type[Any], type[Any]] = {
    ThreadMessage: ProfiledMessage,
    ThreadUnit: ProfiledUnit,
    ThreadForgotten: ProfiledForgotten,
}


class ProfiledBridge(ThreadBridge):
    """A bridge whose commands are followed."""

    def call(self, message: ThreadMessage, now: float) -> None:
        try:
            super().call(message, now)
        except BaseException as error:
            if isinstance(message, Followed):
                message.profile.completed(message, error)
            raise
        if isinstance(message, Followed):
            reply = message.reply
            # A refused one may be sent again; what becomes of it is noted then, or when the error is raised.
            refusal = reply if isinstance(reply, Exception) else None
            message.profile.completed(message, refusal, is_last=refusal is None)

    def submit(self, message: Message, now: float) -> None:
        profile = self._follow(message, now)
        if profile is not None:
            now = monotonic()
            profile.enqueued(str(self.endpoint), now)
        super().submit(message, now)

    def post(self, messages: Sequence[Message]) -> None:
        now = monotonic()
        for message in messages:
            profile = self._follow(message, now)
            if profile is not None:
                profile.enqueued(str(self.endpoint), now)
        super().post(messages)

    def _follow(self, message: Message, created: float) -> Profile | None:
        if isinstance(message, Followed):
            return message.profile
        kind = FOLLOWED.get(message.__class__)
        profile = None if kind is None else self.profiling.begin(message, created)
        if profile is not None:
            assert kind is not None
            message.profile = profile
            message.__class__ = kind
        return profile
