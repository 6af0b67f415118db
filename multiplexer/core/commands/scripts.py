"""Server-side scripts and libraries: their digests, names and the commands that run them."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Sequence
from typing import Any

from ...errors import DataError, NoScriptError, RedisError, ResponseError
from ...importing import importing
from ..types import Encodable, Key
from .command import Command
from .command_table import COMMANDS

#: Puts a script into a server's cache.
SCRIPT_LOAD = COMMANDS["SCRIPT LOAD"]
#: Puts a library of functions on a server.
FUNCTION_LOAD = COMMANDS["FUNCTION LOAD"]

_HEADER = re.compile(rb"#!\s*\S+[^\r\n]*?\bname=([A-Za-z0-9_]+)")


class ScriptSource:
    """A script and what it is known by.

    Attributes:
        text: Its source.
        by_text: The command that runs it from its source, which also loads it.
        by_digest: The command that runs it when it is loaded.
    """

    __slots__ = ("_digest", "by_digest", "by_text", "text")

    def __init__(self, text: bytes, by_text: Command, by_digest: Command) -> None:
        self.text = text
        self.by_text = by_text
        self.by_digest = by_digest
        self._digest: str | None = None

    @classmethod
    def of(cls, source: Key, read_only: bool = False) -> ScriptSource:
        """Describe a script.

        Args:
            source: The script.
            read_only: Whether it changes nothing, so that replicas may run it.

        Raises:
            DataError: It is empty, or no text.
        """
        text = source_bytes(source, "register_script")
        suffix = "_RO" if read_only else ""
        return cls(text, COMMANDS[f"EVAL{suffix}"], COMMANDS[f"EVALSHA{suffix}"])

    @property
    def digest(self) -> str:
        """SHA1 of the source, in hexadecimal: the server's name for it."""
        if self._digest is None:
            with importing:
                import hashlib  # only now: it takes long to import, and the package's own scripts may never be run

            self._digest = hashlib.sha1(self.text, usedforsecurity=False).hexdigest()
        return self._digest

    def words(self, keys: Sequence[Key], args: Iterable[Encodable], loaded: bool) -> tuple[Encodable, ...]:
        """Return the words of a call."""
        start = (self.by_digest.name, self.digest) if loaded else (self.by_text.name, self.text)
        return (*start, len(keys), *keys, *args)

    def loading(self) -> tuple[Encodable, ...]:
        """Return the words of the command that loads it."""
        return ("SCRIPT", "LOAD", self.text)


class Collected:
    """A pipeline that a call was added to, which may be awaited or not, as redis-py's users do."""

    __slots__ = ("_pipeline",)

    def __init__(self, pipeline: object) -> None:
        self._pipeline = pipeline

    def __await__(self) -> Generator[Any, None, Any]:
        return self._pipeline
        yield  # makes this a generator, as awaiting demands


def source_bytes(source: Key, method: str) -> bytes:
    """Return the text of a script or library as it is sent.

    Raises:
        DataError: It is empty, or no text.
    """
    if not isinstance(source, str | bytes | bytearray | memoryview):
        raise DataError(f"{method}: the source must be str or bytes, not {type(source).__name__}")
    text = source.encode() if isinstance(source, str) else bytes(source)
    if not text.strip():
        raise DataError(f"{method}: the source is empty")
    return text


def library_name(text: bytes) -> str:
    """Return the name a library gives itself in its first line.

    Raises:
        DataError: It gives none.
    """
    found = _HEADER.match(text)
    if found is None:
        raise DataError('register_library: the first line must be like "#!lua name=mylibrary"')
    return found[1].decode()


def keys_of(keys: object, method: str) -> tuple[Key, ...]:
    """Return the keys of a call as a tuple.

    Raises:
        DataError: They are a single key, whose letters would be taken for keys.
    """
    if isinstance(keys, str | bytes | bytearray | memoryview):
        raise DataError(f"{method}: keys and args must be lists, not a single text")
    return tuple(keys) if keys else ()  # type: ignore[arg-type]


def is_unknown_script(error: RedisError) -> bool:
    """Whether the server did not run a script because it does not know it.

    Not every NOSCRIPT says so: a script may return an error of that name after it has changed something.
    """
    return isinstance(error, NoScriptError) and str(error).startswith("NOSCRIPT No matching script")


def is_unknown_function(error: RedisError) -> bool:
    """Whether the server did not run a function because it does not know it."""
    return isinstance(error, ResponseError) and str(error) == "ERR Function not found"
