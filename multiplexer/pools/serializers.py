"""Packing commands, as ``command_packer`` of a connection."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..core.wire.optional import hiredis
from ..errors import ConfigurationError, DataError
from .encoder import Encoder, split_name

#: Bytes from which a value is a chunk of its own instead of being copied.
BUFFER_CUTOFF = 6000


class PythonRespSerializer:
    """Packs with Python alone, and with any encoding.

    Args:
        buffer_cutoff: Bytes from which a value, or what has come together before it, is a chunk of its own.
        encode: Turns an argument into bytes; by default what an :class:`~multiplexer.pools.encoder.Encoder` does.
    """

    def __init__(self, buffer_cutoff: int = BUFFER_CUTOFF, encode: Callable[[Any], bytes] | None = None) -> None:
        self._buffer_cutoff = buffer_cutoff
        self.encode = encode or Encoder().encode

    def pack(self, *args: Any) -> list[bytes]:
        """Return the chunks to be sent for a command.

        Args:
            args: The command's name, which may be of several words, and its arguments.

        Raises:
            DataError: An argument cannot be sent.
        """
        words = split_name(args)
        chunks: list[bytes] = []
        small = [b"*%d\r\n" % len(words)]
        size = len(small[0])
        for word in words:
            value = self.encode(word)
            header = b"$%d\r\n" % len(value)
            if size > self._buffer_cutoff or len(value) > self._buffer_cutoff:
                chunks += (b"".join((*small, header)), value)
                small = [b"\r\n"]
                size = 2
            else:
                small += (header, value, b"\r\n")
                size += len(header) + len(value) + 2
        chunks.append(b"".join(small))
        return chunks


class HiredisRespSerializer:
    """Packs with hiredis: text as UTF-8, and everything into one chunk.

    Raises:
        ConfigurationError: It is not installed.
    """

    def __init__(self) -> None:
        if hiredis is None:
            raise ConfigurationError("HiredisRespSerializer: hiredis is not installed")
        self._pack = hiredis.pack_command

    def pack(self, *args: Any) -> list[bytes]:
        """Return the only chunk to be sent for a command.

        Args:
            args: The command's name, which may be of several words, and its arguments.

        Raises:
            DataError: An argument is none of str, bytes, int and float.
        """
        try:
            return [self._pack(split_name(args))]
        except TypeError as error:
            raise DataError(f"an argument cannot be sent: {error}") from error
