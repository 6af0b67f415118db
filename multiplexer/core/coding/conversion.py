"""Has a codec convert one value, and says whose error it is where it cannot."""

from __future__ import annotations

from typing import Any, Protocol, TypeVar

from ...errors import DecodeError, EncodeError

_Value = TypeVar("_Value")


class Codec(Protocol[_Value]):
    """Makes bytes of an application's values, and values of bytes.

    Anything with these two methods is one. Several threads may call them at the same time.
    """

    def encode(self, value: _Value, /) -> bytes:
        """Return what is sent for a value.

        Raises:
            Exception: It cannot be encoded; the caller gets an :class:`~multiplexer.errors.EncodeError`, of which it is
                the cause.
        """
        ...

    def decode(self, data: bytes, /) -> _Value:
        """Return the value of what a server has sent.

        Raises:
            Exception: It cannot be decoded; the caller gets a :class:`~multiplexer.errors.DecodeError`, of which it is
                the cause.
        """
        ...


def is_codec(thing: object) -> bool:
    """Whether something has what a codec must have; a class of codecs is none."""
    return not isinstance(thing, type) and all(callable(getattr(thing, name, None)) for name in ("encode", "decode"))


def encoded(codec: Codec[Any], value: Any, command: str, argument: str) -> bytes:
    """Return the bytes of a value.

    Args:
        codec: Whose they are.
        value: The value.
        command: The command it is an argument of.
        argument: What the argument is called.

    Raises:
        EncodeError: The codec cannot encode it.
    """
    try:
        data = codec.encode(value)
    except Exception as error:
        raise _not_encoded(codec, command, argument, f"cannot encode it ({type(error).__name__})") from error
    if not isinstance(data, bytes):
        raise _not_encoded(codec, command, argument, f"made {type(data).__name__} of it where bytes belong")
    return data


def _not_encoded(codec: Codec[Any], command: str, argument: str, why: str) -> EncodeError:
    error = EncodeError(f"{command}: {argument}: {type(codec).__name__} {why}")
    error.command, error.phase = command, "created"
    return error


def decoded(codec: Codec[Any], raw: bytes, command: str) -> Any:
    """Return the value of what came for a command, or with a message.

    Args:
        codec: Whose value it is.
        raw: What came.
        command: The command it came for.

    Raises:
        DecodeError: The codec cannot decode it.
    """
    try:
        return codec.decode(raw)
    except Exception as error:
        text = f"{command}: {type(codec).__name__} cannot decode a value of {len(raw)} bytes ({type(error).__name__})"
        failed = DecodeError(text, raw)
        failed.command, failed.phase = command, "answered"
        raise failed from error
