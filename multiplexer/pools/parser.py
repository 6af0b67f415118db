"""Takes replies out of what one connection receives."""

from __future__ import annotations

import sys
from collections import deque
from typing import TYPE_CHECKING, Any, ClassVar

from ..core.wire.optional import hiredis
from ..core.wire.resp import NO_REPLY, RespReader, announces_many, reader_named
from ..errors import ProtocolError, RedisError, from_reply, from_whole_reply

if TYPE_CHECKING:
    from ..configuration import ConfigurationOptions

_LINE_FEED = ord("\n")
#: Bytes that may have passed through a parser which is kept once all of them have become replies.
_MOST_KEPT = 1024 * 1024


class BaseParser:
    """The parser of one connection, made anew for each socket.

    A class of one's own given as ``parser_class`` has the same constructor, attribute and methods.

    Args:
        socket_read_size: Bytes to read at once, at most.

    Attributes:
        buffer: What the connection reads into.
    """

    _kind: ClassVar[str] = "auto"
    #: Most bytes of one reply; what redis-py's programs read has no bound.
    _longest: ClassVar[int] = sys.maxsize

    def __init__(self, socket_read_size: int = 65536) -> None:
        self.buffer = bytearray(socket_read_size)
        self._reader = RespReader(reader_named(self._kind), self._make_error, self._longest)
        self._ahead: deque[Any] = deque()
        self._fed = 0

    @staticmethod
    def _make_error(text: str) -> RedisError:
        return from_reply(text)

    def feed(self, size: int) -> None:
        """Take the first bytes of the buffer.

        Raises:
            ProtocolError: They cannot be RESP.
        """
        reader, buffer = self._reader, self.buffer
        self._fed += size
        # One byte of the 256 announces an attribute; where it does not occur there is none.
        plain = buffer.find(b"|", 0, size) < 0 and not reader.cut and not reader.inside
        ends_line = buffer[size - 1] == _LINE_FEED
        if plain or not reader.may_hold_attributes(buffer, size):
            reader.feed(buffer, 0, size)
            reader.line_ended = ends_line
            return
        self._feed_with_attributes(size)
        reader.line_ended = ends_line

    def _feed_with_attributes(self, size: int) -> None:
        """Take the first bytes of the buffer, in which there may be attributes."""
        reader = self._reader
        for piece in reader.without_attributes(self.buffer, size):
            reader.feed(piece, 0, len(piece))
            while (reply := self._next()) is not NO_REPLY:
                self._ahead.append(reply)

    def gets(self) -> Any:
        """Return the next reply, or NO_REPLY (``...``) while it is not whole.

        Raises:
            ProtocolError: What arrived cannot be RESP.
        """
        if self._ahead:
            return self._ahead.popleft()
        reply = self._next()
        if self._fed > _MOST_KEPT and reply is not NO_REPLY and not self.has_unread():
            self._fed = 0
            self._reader.let_go()
        return reply

    def _next(self) -> Any:
        try:
            return self._reader.gets()
        except (TypeError, ValueError, IndexError, OverflowError, MemoryError) as error:
            raise ProtocolError(f"the server sent a reply that cannot be represented: {error}") from error

    def has_unread(self) -> bool:
        """Whether anything arrived that :meth:`gets` has not returned."""
        return self._reader.has_data() or bool(self._ahead) or self._reader.cut is not None


class HiredisParser(BaseParser):
    """Parses with hiredis.

    Raises:
        ConfigurationError: It is not installed.
    """

    _kind = "hiredis"


class PythonParser(BaseParser):
    """Parses with Python alone: the same results, slower."""

    _kind = "python"


class LeasedParser(BaseParser):
    """The parser of a multiplexer's connection to a borrower: counts what it is given, and bounds a reply.

    Attributes:
        reads: How often it was fed.
        received: How many bytes.
    """

    def __init__(self, socket_read_size: int = 65536) -> None:
        super().__init__(socket_read_size)
        self.reads = self.received = 0
        #: Bytes that have come since the read with the last reply: what is not whole yet has no more.
        self._since = 0
        #: How many bytes of the buffer begin a reply or one of its elements; 0 where that is unsure, or was looked at.
        self._head = 0

    def feed(self, size: int) -> None:
        self.reads += 1
        self.received += size
        self._since += size
        reader, buffer = self._reader, self.buffer
        self._head = 0 if reader.cut or reader.has_data() or not reader.line_ended else size
        if self._head and buffer[0] in b"*%~" and announces_many(buffer):
            reader.look_at_head(buffer, size)  # before hiredis makes room for as many elements
        super().feed(size)

    def _feed_with_attributes(self, size: int) -> None:
        self._head = 0
        super()._feed_with_attributes(size)

    def gets(self) -> Any:
        reply = super().gets()
        if reply is not NO_REPLY:
            self._since = 0
            return reply
        self._reader.check_length(self._since)
        size, self._head = self._head, 0
        if size:
            self._reader.look_at_head(self.buffer, size)
        return reply


def parser_named(name: str) -> type[BaseParser]:
    """Return the parser that the multiplexer's option of this name stands for.

    Args:
        name: ``"hiredis"``, ``"python"`` or ``"auto"``.
    """
    return {"hiredis": HiredisParser, "python": PythonParser}.get(name, DefaultParser)


def parser_of(options: ConfigurationOptions) -> type[BaseParser]:
    """Return the parser that a multiplexer's own connections of its borrowers have."""
    kind = parser_named(options.parser)
    ways: dict[str, Any] = {"_longest": options.max_reply_bytes}
    if options.error_details:
        ways["_make_error"] = staticmethod(from_whole_reply)
    return type(kind.__name__, (LeasedParser, kind), ways)


DefaultParser: type[BaseParser] = PythonParser if hiredis is None else HiredisParser
