"""What a handle with a codec asks before it sends a command."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, Self

from ...errors import DataError
from ..commands.arguments import bad_argument
from ..commands.command import Command
from ..types import Encodable
from .conversion import Codec, decoded, encoded, is_codec
from .rules import PIECES, RULES
from .shapes import values

#: Makes the result of what a method returns whose values are still bytes.
Finish = Callable[[Any], Any]


class Coder:
    """Puts a codec's bytes in the place of values, and values in the place of bytes.

    Args:
        codec: The codec.

    Attributes:
        codec: The codec.

    Raises:
        DataError: It is none.
    """

    __slots__ = ("codec",)

    def __init__(self, codec: Codec[Any]) -> None:
        if not is_codec(codec):
            raise DataError("codec must be an object with the methods encode and decode, or None")
        self.codec = codec

    def prepared(self, command: Command, args: tuple[Any, ...]) -> tuple[tuple[Encodable, ...], Finish | None] | None:
        """Return the words to send, and what is to be done with the result, or None where it has no values.

        It returns None for a command that is sent and answered as on any other handle.

        Args:
            command: Entry of the command table.
            args: The words, with values where they belong.

        Raises:
            EncodeError: A value cannot be encoded.
            DataError: The command works on a piece of a value.
        """
        rule = RULES.get(command)
        if rule is None:
            if command in PIECES:
                raise bad_argument(command.name, "a piece of a value is none of the codec's; use a handle without one")
            return None
        if rule.places is not None:
            words = list(args)
            for place in rule.places(args):
                words[place] = encoded(self.codec, words[place], command.name, f"argument {place}")
            args = tuple(words)
        shape = None if rule.found is None else rule.found(args)
        if shape is None:
            return args, None
        read = self._reader(command.name)
        return args, lambda found: shape(found, read)

    def encoded(self, value: Any, command: str, argument: str) -> bytes:
        """Return the bytes of one value; see :func:`.conversion.encoded`."""
        return encoded(self.codec, value, command, argument)

    def values(self, command: str) -> Finish:
        """Return what makes the result of a command of whose result all text is values."""
        return partial(values, read=self._reader(command))

    @staticmethod
    def scores(mapping: Mapping[Any, Any] | Iterable[tuple[Any, Any]]) -> Mapping[Any, Any] | Scores:
        """Return scores by member, or pairs that will do for that: not every member has a hash."""
        return mapping if isinstance(mapping, Mapping) else Scores(mapping)

    def _reader(self, command: str) -> Callable[[bytes], Any]:
        return partial(_read, self.codec, command)


def _read(codec: Codec[Any], command: str, raw: bytes) -> Any:
    return decoded(codec, raw, command)


class Scores(list[tuple[Any, Any]]):
    """Members with their scores, in pairs."""

    def items(self) -> Self:
        """Return the pairs."""
        return self


def followed_by(convert: Callable[[Any], Any] | None, finish: Finish) -> Callable[[Any], Any]:
    """Return a converter of replies that goes on to make the result of what it makes."""
    if convert is None:
        return finish
    return lambda reply: finish(convert(reply))
