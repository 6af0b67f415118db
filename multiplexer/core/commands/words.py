"""The words of a command as an application wrote them."""

from __future__ import annotations

from ...errors import DataError
from ..types import Encodable
from .command import Command
from .command_table import find_command


def split_words(words: tuple[Encodable, ...]) -> tuple[Command, tuple[Encodable, ...]]:
    """Return the table's entry for some words, and the words with ``"CONFIG GET"`` taken apart.

    Raises:
        DataError: The first word is no name.
    """
    if not words or not isinstance(words[0], str | bytes) or not words[0].strip():
        raise DataError("execute: the first argument must be the name of a command")
    words = (*words[0].split(), *words[1:])
    return find_command(words), words
