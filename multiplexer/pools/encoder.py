"""From Python's values to bytes and back, with the encoding of one connection or client."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ..core.wire.resp import NO_REPLY, Reader, is_large, pack, pack_command
from ..core.wire.resp import decode as decode_utf8
from ..errors import DataError, ProtocolError


class PackedCommands(list[bytes]):
    """Chunks to be sent one after the other, and how many commands they are, None where nobody can tell.

    Attributes:
        commands: How many commands, that is how many replies are to come.
    """

    __slots__ = ("commands",)

    def __init__(self, chunks: Iterable[bytes], commands: int | None) -> None:
        super().__init__(chunks)
        self.commands = commands

    def __repr__(self) -> str:
        return f"<PackedCommands of {sum(map(len, self))} bytes>"  # what they say may be a password


class Encoder:
    """Encodes arguments and decodes replies.

    Args:
        encoding: Name of the encoding of text.
        encoding_errors: What to do about what it cannot represent, as in ``str.encode``.
        decode_responses: Whether replies are turned into str.
    """

    __slots__ = ("_plain", "decode_responses", "encoding", "encoding_errors")

    def __init__(
        self, encoding: str = "utf-8", encoding_errors: str = "strict", decode_responses: bool = False
    ) -> None:
        self.encoding = encoding
        self.encoding_errors = encoding_errors
        self.decode_responses = decode_responses
        self._plain = encoding.lower() in ("utf-8", "utf8") and encoding_errors == "strict"

    @property
    def is_plain(self) -> bool:
        """Whether text is UTF-8 and what is not raises."""
        return self._plain

    def encode(self, value: Any) -> bytes:
        """Return the bytes that are sent for a value.

        Raises:
            DataError: It is none of bytes, str, int, float, memoryview and bytearray.
        """
        if isinstance(value, bytes):
            return value
        if isinstance(value, str):
            return value.encode(self.encoding, self.encoding_errors)
        if isinstance(value, bytearray | memoryview):
            return bytes(value)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return repr(value).encode()
        raise DataError(f"a value of type {type(value).__name__} cannot be sent; bytes, str, int and float can")

    def decode(self, value: Any, force: bool = False) -> Any:
        """Return a reply with bytes turned into str, if that is configured or ``force`` says so.

        Raises:
            UnicodeDecodeError: Something in it is not text of this encoding.
        """
        if not self.decode_responses and not force:
            return value
        if value.__class__ is bytes:
            return value.decode(self.encoding, self.encoding_errors)
        if self._plain and value.__class__ in (list, dict):
            return decode_utf8(value)
        return self._decoded(value)

    def _decoded(self, value: Any) -> Any:
        if isinstance(value, bytes):
            return value.decode(self.encoding, self.encoding_errors)
        if isinstance(value, list):  # or a push, which stays one
            return type(value)(self._decoded(item) for item in value)
        if isinstance(value, dict):
            return {self._decoded(key): self._decoded(item) for key, item in value.items()}
        return value

    def pack(self, args: Sequence[Any]) -> PackedCommands:
        """Pack one command.

        Args:
            args: The command's name, which may be of several words, and its arguments.

        Raises:
            DataError: An argument cannot be sent.
        """
        args = split_name(args)
        if not self._plain:
            args = [self.encode(arg) if isinstance(arg, str) else arg for arg in args]
        if not is_large(args):
            try:
                return PackedCommands((pack_command(tuple(args)),), 1)
            except (TypeError, ValueError):
                pass  # something odd: the slow way takes it, or says what is wrong with it
        packed = pack(args)
        return PackedCommands((packed,) if isinstance(packed, bytes) else packed, 1)


def split_name(args: Sequence[Any]) -> tuple[Any, ...]:
    """Return a command's words, its name taken apart (``"CONFIG GET"``)."""
    name = args[0]
    if (" " if isinstance(name, str) else b" ") in name:
        return (*name.split(), *args[1:])
    return tuple(args)


def count_commands(chunks: Iterable[bytes]) -> int | None:
    """Return how many commands packed bytes hold, or None where they are not whole commands."""
    reader = Reader(protocolError=ProtocolError, replyError=ProtocolError, notEnoughData=NO_REPLY)
    count = 0
    try:
        for chunk in chunks:
            reader.feed(chunk)
            while reader.gets() is not NO_REPLY:
                count += 1
    except Exception:  # inline commands, or no RESP at all
        return None
    return None if reader.has_data() else count
