"""What any bytes a server might send do to a connection: the target of the fuzzers.

Run it under coverage guidance, which needs the dependency group ``fuzz``:
``python -m tests.fuzz.receiving -max_total_time=60``.
"""

from __future__ import annotations

import sys
from collections import deque
from typing import Any

from multiplexer.core.physical_connection import PhysicalConnection, SubscriptionMessage
from multiplexer.core.wire.resp import RespReader, reader_named
from multiplexer.errors import ProtocolError
from tests.core.engine import Remembering, RememberingUnit, connection

#: Aggregates are allocated as long as they say they are, before their elements have come.
_LONGEST = 9


def _is_harmless(data: bytes) -> bool:
    """Whether no length in it is so great that the parser's memory would be what is tested."""
    digits = 0
    for byte in data:
        digits = digits + 1 if 48 <= byte <= 57 else 0
        if digits > _LONGEST - 3:
            return False
    return True


class Outcome:
    """Everything that came of some bytes."""

    def __init__(self, resp2: bool, parser: str = "auto") -> None:
        self.parser = parser
        self.pushes: list[Any] = []
        self.connection: PhysicalConnection = connection(self.pushes)
        self.connection.read_with(RespReader(reader_named(parser)))
        self.connection.pushes_are_replies = resp2
        self.confirmed: list[Any] = []
        self.messages: list[Any] = [
            Remembering("GET", "a"),
            RememberingUnit(("GET", "b"), ("GET", "c")),
            SubscriptionMessage("SUBSCRIBE", (b"n",), self.confirmed.append),
            Remembering("GET", "d"),
            Remembering("GET", "e", database=1),
        ]
        # The last one stays queued: its database must be entered first, and nothing is taken after that here.
        self.connection.take(deque(self.messages), 1.0)
        self.refused = False

    def receive(self, data: bytes) -> None:
        """Receive some bytes, as a driver does, unless the connection has ended."""
        if self.refused or not data:
            return
        buffer = bytearray(data + b"|\r\n+rest of the buffer\r\n")
        try:
            self.connection.receive(buffer, len(data), 2.0)
        except ProtocolError:
            self.refused = True

    def replies(self) -> list[Any]:
        """Return what each message was given; there must never be two replies."""
        remembering = [message for message in self.messages if isinstance(message, Remembering)]
        for message in remembering:
            assert len(message.replies_given) <= 1, message.replies_given
        assert len(self.confirmed) <= 1
        return [message.replies_given for message in remembering] + [self.confirmed, self.pushes]


def receive(data: bytes) -> None:
    """Let connections receive bytes, whole and in pieces, with either parser: the same must come of all.

    The first byte tells how long the pieces are, and which protocol it is.
    """
    if not data or not _is_harmless(data):
        return
    resp2, size, data = bool(data[0] & 1), (data[0] >> 1) % 40 + 1, data[1:]
    outcomes = [_outcome(data, resp2, parser, pieces) for parser in ("hiredis", "python") for pieces in (0, size)]
    for pair in (outcomes[:2], outcomes[2:], outcomes[1:3]):
        # hiredis refuses blob errors, which Python's parser takes.
        if pair[0].parser == pair[1].parser or b"!" not in data:
            assert repr(pair[0].replies()) == repr(pair[1].replies())
            assert pair[0].refused == pair[1].refused


def _outcome(data: bytes, resp2: bool, parser: str, size: int) -> Outcome:
    """Receive in pieces of a size, or whole where it is 0."""
    outcome = Outcome(resp2, parser)
    for at in range(0, len(data), size or len(data) or 1):
        outcome.receive(data[at : at + (size or len(data))])
    unanswered = len(outcome.connection.sent)
    assert unanswered + sum(map(bool, outcome.replies()[:-1])) <= len(outcome.messages) + 1  # SELECT is one more
    return outcome


def main() -> None:
    """Run under atheris."""
    import atheris

    atheris.instrument_all()
    atheris.Setup(sys.argv, receive)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
