"""The check that replies have not shifted: after traffic, a heartbeat asks the server for a text nobody else knows.

RESP has no numbers, so nothing else tells when a server, or what stands before it, loses a reply or sends one too many:
each caller would get another's for ever. The text comes back where it belongs or not at all. Where it comes for another
message a reply is missing; where another reply comes for it, there is a reply too many.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from ..errors import NEVER_APPLIED, ProtocolError, RedisError, ResponseError
from .call_options import ANY_DATABASE
from .commands.command_table import COMMANDS
from .message import InternalMessage
from .physical_connection import MUCH, PhysicalConnection, shape_of
from .types import Reply
from .wire.resp import pack_command

#: Refusals that pass: the server is busy, or cannot save its data (it then refuses PING).
_PASSING = ("BUSY ", "MISCONF ")


class Probe(InternalMessage):
    """A command whose reply nobody but the server and this connection knows."""

    __slots__ = ()


class Prober:
    """Asks one connection.

    One question is under way at most: while it is unanswered, the next reply to come tells.

    Args:
        connection: The connection, on which nothing of a caller's was sent yet.
        words: What ECHO and PING are called there, in the order in which they are tried; what the server refuses is
            not tried again. Empty where nothing can be asked.

    Attributes:
        pending: The question that was not answered yet, or None.
    """

    __slots__ = ("_connection", "_operations", "_received", "_words", "pending")

    def __init__(self, connection: PhysicalConnection, words: Sequence[tuple[str, str]]) -> None:
        self._connection = connection
        self._words = list(words)
        self.pending: Probe | None = None
        self._operations = connection.counters.operation_count
        self._received = connection.counters.bytes_received
        if not words:
            connection.let_go_by_itself()

    def is_due(self) -> bool:
        """Whether something was written since the last question, which was answered, or much has come.

        The parser keeps the place of a large reply until an answer comes: see ``PhysicalConnection.expect_nothing``.
        """
        if self.pending is not None or not self._words:
            return False
        counters = self._connection.counters
        return self._operations != counters.operation_count or counters.bytes_received - self._received > MUCH

    def pass_over(self) -> None:
        """Take what is written next for no traffic: it is a question, or a keep-alive."""
        self._operations = self._connection.counters.operation_count + 1
        self._received = self._connection.counters.bytes_received

    def ask(self) -> Probe:
        """Make the question, to be put at the end of the backlog."""
        self.pass_over()
        command, name = self._words[0]
        text = os.urandom(12).hex().encode()
        # A RESP2 connection that is subscribed answers PING with two words.
        texts: tuple[Reply, ...] = (text, [b"pong", text])

        def answered(reply: Reply) -> None:
            self._take(reply, texts)

        probe = self.pending = Probe(COMMANDS[command], pack_command((name, text)), ANY_DATABASE, answered)
        # Before it is written, so that whoever reads knows it before the reply can come.
        self._connection.expect(probe, texts)
        return probe

    def _take(self, reply: Reply, texts: tuple[Reply, ...]) -> None:
        """Judge the reply that came where the text was due.

        Raises:
            ProtocolError: It is another's.
        """
        if isinstance(reply, RedisError):
            if reply.phase is not None:
                return  # not the server's word: the connection is lost
            self._refused(reply)
        elif reply in texts:
            self._connection.expect_nothing()
        elif self._words[0][0] == "PING" and reply in (b"PONG", [b"pong", b""]):
            self._give_up()  # it takes no argument into account
        else:
            raise ProtocolError(
                f"a reply is missing, or one too many: instead of the heartbeat's text came {shape_of(reply)}"
            )
        self.pending = None

    def _refused(self, refusal: RedisError) -> None:
        """Ask otherwise from now on, unless the refusal passes.

        The text of this question is still looked for: the error may have been another's.
        """
        passes = isinstance(refusal, NEVER_APPLIED) or str(refusal).startswith(_PASSING)
        if isinstance(refusal, ResponseError) and not passes:
            self._give_up()

    def _give_up(self) -> None:
        del self._words[0]
        if not self._words:
            self._connection.expect_nothing()
            self._connection.let_go_by_itself()
