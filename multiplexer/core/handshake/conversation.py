"""Exchanges of several steps with one server, written as generators.

A generator yields the commands of one step, each a tuple of words, and gets back their replies in order; an
error reply arrives as an exception object. It returns its result. The same generator runs over a socket that
is being opened (the handshake) and over a connection in use (a role check), in both worlds.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence
from typing import Generic, TypeVar

from ...errors import RedisError
from ..call_options import ANY_DATABASE
from ..commands.command_table import find_command
from ..message import InternalMessage
from ..types import Encodable, Reply
from ..wire.resp import pack

Result = TypeVar("Result")
Step = Sequence[Sequence[Encodable]]
Steps = Generator[Step, list[Reply], Result]


class Conversation(Generic[Result]):
    """Runs one generator to its end.

    Attributes:
        finished: Whether it has ended, well or not.
        result: What the generator returned.
        error: What it raised, or what broke the connection under it.
    """

    __slots__ = ("_awaited", "_done", "_replies", "_send", "_steps", "error", "finished", "first_error", "result")

    def __init__(
        self,
        steps: Steps[Result],
        send: Callable[[list[InternalMessage]], None],
        done: Callable[[Conversation[Result]], None] | None = None,
    ) -> None:
        """Make a conversation; nothing is sent before :meth:`start`.

        Args:
            steps: The generator.
            send: Sends messages side by side, in order.
            done: Called once it has ended.
        """
        self._steps = steps
        self._send = send
        self._done = done
        self._replies: list[Reply] = []
        self._awaited = 0
        self.finished = False
        self.result: Result | None = None
        self.error: BaseException | None = None
        self.first_error: RedisError | None = None

    def start(self) -> None:
        """Send the first step."""
        self._advance(None)

    def _advance(self, replies: list[Reply] | None) -> None:
        try:
            step = self._steps.send(replies)  # type: ignore[arg-type]
        except StopIteration as stop:
            self._finish(stop.value, None)
        except Exception as error:
            self._finish(None, error)
        else:
            self._ask(step)

    def _ask(self, step: Iterable[Sequence[Encodable]]) -> None:
        messages = [InternalMessage(find_command(words), pack(words), ANY_DATABASE, self._reply) for words in step]
        self._replies = []
        self._awaited = len(messages)
        if messages:
            self._send(messages)
        else:
            self._advance([])  # every command of the step is disabled

    def _reply(self, reply: Reply) -> None:
        if self.finished:
            return
        if isinstance(reply, RedisError) and self.first_error is None:
            self.first_error = reply
        self._replies.append(reply)
        if len(self._replies) == self._awaited:
            try:
                self._advance(self._replies)
            except RedisError as error:  # the next step cannot be sent: the connection is being closed
                self._finish(None, error)

    def _finish(self, result: Result | None, error: BaseException | None) -> None:
        self.result = result
        self.error = error
        self.finished = True
        if self._done is not None:
            self._done(self)
