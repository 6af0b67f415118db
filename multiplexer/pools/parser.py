"""Takes replies out of what one connection receives."""

from __future__ import annotations

from collections import deque
from typing import Any, ClassVar

from ..core.wire.optional import hiredis
from ..core.wire.resp import NO_REPLY, RespReader, reader_named
from ..errors import ProtocolError, RedisError, from_reply, from_whole_reply

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

    def __init__(self, socket_read_size: int = 65536) -> None:
        self.buffer = bytearray(socket_read_size)
        self._reader = RespReader(reader_named(self._kind), self._make_error)
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
        for piece in reader.without_attributes(buffer, size):
            reader.feed(piece, 0, len(piece))
            while (reply := self._next()) is not NO_REPLY:
                self._ahead.append(reply)
        reader.line_ended = ends_line

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


class CountingParser(BaseParser):
    """Counts what it is given.

    Attributes:
        reads: How often it was fed.
        received: How many bytes.
    """

    def __init__(self, socket_read_size: int = 65536) -> None:
        super().__init__(socket_read_size)
        self.reads = self.received = 0

    def feed(self, size: int) -> None:
        self.reads += 1
        self.received += size
        super().feed(size)


def counting(parser: type[BaseParser]) -> type[BaseParser]:
    """Return a parser like another that counts what it is given."""
    return type(parser.__name__, (CountingParser, parser), {})


def parser_named(name: str, whole_errors: bool = False) -> type[BaseParser]:
    """Return the parser that the multiplexer's option of this name stands for.

    Args:
        name: ``"hiredis"``, ``"python"`` or ``"auto"``.
        whole_errors: Whether errors show the arguments that servers quote.
    """
    found = {"hiredis": HiredisParser, "python": PythonParser}.get(name, DefaultParser)
    return type(found.__name__, (found,), {"_make_error": staticmethod(from_whole_reply)}) if whole_errors else found


DefaultParser: type[BaseParser] = PythonParser if hiredis is None else HiredisParser
