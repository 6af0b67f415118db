"""Text and bytes as they are."""

from __future__ import annotations

from typing import Any


class BytesCodec:
    """Bytes as they are; it refuses everything else, also what a handle without a codec would make bytes of."""

    def encode(self, value: bytes, /) -> bytes:
        """Return the value.

        Raises:
            TypeError: It is not bytes.
        """
        data: bytes = expect(bytes, value)
        return data

    def decode(self, data: bytes, /) -> bytes:
        """Return what came."""
        return data


class TextCodec:
    """Text in UTF-8; it refuses everything else, also what a handle without a codec would make text of."""

    def encode(self, value: str, /) -> bytes:
        """Return text in UTF-8.

        Raises:
            TypeError: It is not text.
            UnicodeEncodeError: It has lone surrogates.
        """
        text: str = expect(str, value)
        return text.encode()

    def decode(self, data: bytes, /) -> str:
        """Return the text.

        Raises:
            UnicodeDecodeError: It is not UTF-8.
        """
        return data.decode()


def expect(wanted: type, value: Any) -> Any:
    """Return a value, or refuse one of another type."""
    if not isinstance(value, wanted):
        raise TypeError(f"expected {wanted.__name__}, got {type(value).__name__}")
    return value
