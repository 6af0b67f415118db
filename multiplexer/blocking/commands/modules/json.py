# Generated from multiplexer/asyncio/commands/modules/json.py by scripts/generate_blocking.py; change that file instead.
"""Commands on JSON documents."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from json import JSONDecodeError, JSONDecoder, JSONEncoder, loads
from typing import TYPE_CHECKING, Any, Self

from ....core.commands.arguments import at_most_one, bad_argument, choice, non_empty, number
from ....core.commands.command import Command
from ....core.commands.command_table import COMMANDS
from ....core.results import json as results
from ....core.results.common import deep_text, ok, ok_or_none
from ....core.types import AnyStr, Encodable, Key
from .group import ModuleGroup

if TYPE_CHECKING:
    from ..chained import ChainedJsonCommands
    from ..surface import CommandSurface

_ARRAPPEND = COMMANDS["JSON.ARRAPPEND"]
_ARRINDEX = COMMANDS["JSON.ARRINDEX"]
_ARRINSERT = COMMANDS["JSON.ARRINSERT"]
_ARRLEN = COMMANDS["JSON.ARRLEN"]
_ARRPOP = COMMANDS["JSON.ARRPOP"]
_ARRTRIM = COMMANDS["JSON.ARRTRIM"]
_CLEAR = COMMANDS["JSON.CLEAR"]
_DEBUG_HELP = COMMANDS["JSON.DEBUG HELP"]
_DEBUG_MEMORY = COMMANDS["JSON.DEBUG MEMORY"]
_DEL = COMMANDS["JSON.DEL"]
_FORGET = COMMANDS["JSON.FORGET"]
_GET = COMMANDS["JSON.GET"]
_MERGE = COMMANDS["JSON.MERGE"]
_MGET = COMMANDS["JSON.MGET"]
_MSET = COMMANDS["JSON.MSET"]
_NUMINCRBY = COMMANDS["JSON.NUMINCRBY"]
_NUMMULTBY = COMMANDS["JSON.NUMMULTBY"]
_OBJKEYS = COMMANDS["JSON.OBJKEYS"]
_OBJLEN = COMMANDS["JSON.OBJLEN"]
_RESP = COMMANDS["JSON.RESP"]
_SET = COMMANDS["JSON.SET"]
_STRAPPEND = COMMANDS["JSON.STRAPPEND"]
_STRLEN = COMMANDS["JSON.STRLEN"]
_TOGGLE = COMMANDS["JSON.TOGGLE"]
_TYPE = COMMANDS["JSON.TYPE"]

#: How numbers in an array may be stored.
_FLOATS = ("BF16", "FP16", "FP32", "FP64")
_ROOT = "."

_ENCODER = JSONEncoder(allow_nan=False)
_DECODER = JSONDecoder()

#: What JSON can say.
Json = str | int | float | bool | None | dict[str, Any] | list[Any]
#: A length or position: one for a legacy path, a list with one for each match of a JSONPath (one that begins with $).
Counts = int | list[int | None] | None


class JsonCommands(ModuleGroup[AnyStr]):
    """Typed methods for the JSON group. A path that begins with ``$`` may match often, and gives lists."""

    __slots__ = ("_decoder", "_encoder")

    if TYPE_CHECKING:

        def pipeline(self, transaction: bool = True, shard_hint: Any = None) -> ChainedJsonCommands[AnyStr]: ...

    def __init__(self, client: CommandSurface[Any], encoder: Any = None, decoder: Any = None) -> None:
        super().__init__(client)
        self._encoder = _ENCODER if encoder is None else encoder
        self._decoder = _DECODER if decoder is None else decoder

    # -- whole documents and parts of them ---------------------------------------------------------------------------

    def set(
        self,
        name: Key,
        path: str,
        obj: Json,
        nx: bool | None = False,
        xx: bool | None = False,
        decode_keys: bool | None = False,
        fpha: str | None = None,
    ) -> bool | None:
        """Set what is at ``path`` of a document.

        Redis command: JSON.SET

        Args:
            name: The key.
            path: The path; ``$`` is the whole document, as which a new one must be set.
            obj: The value.
            nx: Only if there is nothing yet.
            xx: Only if there is something.
            decode_keys: Turn keys of ``obj`` that are bytes into text.
            fpha: How to store arrays of numbers: ``BF16``, ``FP16``, ``FP32`` or ``FP64`` (Redis 8.6).

        Returns:
            True, or None where the condition did not hold.

        Raises:
            DataError: ``obj`` cannot be encoded, or options contradict each other.
        """
        at_most_one("JSON.SET", nx=nx, xx=xx)
        value = self._encode("JSON.SET", "obj", deep_text(obj) if decode_keys else obj)
        words: list[Encodable] = ["JSON.SET", name, str(path), value]
        if nx:
            words.append("NX")
        if xx:
            words.append("XX")
        if fpha is not None:
            words += ("FPHA", choice("JSON.SET", "fpha", getattr(fpha, "value", fpha), _FLOATS))
        return self._execute(_SET, tuple(words), ok_or_none)

    def set_file(
        self,
        name: Key,
        path: str,
        file_name: str,
        nx: bool | None = False,
        xx: bool | None = False,
        decode_keys: bool | None = False,
        fpha: str | None = None,
    ) -> bool | None:
        """As :meth:`set`, with the JSON that a file holds.

        Redis command: JSON.SET

        Raises:
            JSONDecodeError: The file does not hold JSON.
            OSError: It cannot be read.
        """
        content = _load(file_name)
        return self.set(name, path, content, nx, xx, decode_keys, fpha)

    def set_path(
        self,
        json_path: str,
        root_folder: str,
        nx: bool | None = False,
        xx: bool | None = False,
        decode_keys: bool | None = False,
        fpha: str | None = None,
    ) -> dict[str, bool]:
        """As :meth:`set_file` for every file below a folder; keys are the files' paths without their suffix.

        Redis command: JSON.SET

        Returns:
            Each file's path, and whether it held JSON.
        """
        loaded: dict[str, bool] = {}
        paths = _files_below(root_folder)
        for path in paths:
            try:
                self.set_file(os.path.splitext(path)[0], json_path, path, nx, xx, decode_keys, fpha)
                loaded[path] = True
            except JSONDecodeError:
                loaded[path] = False
        return loaded

    def mset(self, triplets: Iterable[tuple[Key, str, Json]]) -> bool:
        """Set parts of several documents at once, given as tuples of key, path and value.

        Redis command: JSON.MSET

        Raises:
            DataError: There is none, or a value cannot be encoded.
        """
        words: list[Encodable] = ["JSON.MSET"]
        for name, path, obj in non_empty("JSON.MSET", "triplets", list(triplets)):
            words += (name, str(path), self._encode("JSON.MSET", "triplets", obj))
        return self._execute(_MSET, tuple(words), ok)

    def merge(self, name: Key, path: str, obj: Json, decode_keys: bool | None = False) -> bool:
        """Merge a value into what is at ``path``: nulls delete, objects are merged, the rest replaces.

        Redis command: JSON.MERGE

        Raises:
            DataError: ``obj`` cannot be encoded.
        """
        value = self._encode("JSON.MERGE", "obj", deep_text(obj) if decode_keys else obj)
        return self._execute(_MERGE, ("JSON.MERGE", name, str(path), value), ok)

    def get(self, name: Key, *args: str, no_escape: bool | None = False) -> Any:
        """Return what is at one path, or a dict by path for several; by default the whole document.

        Redis command: JSON.GET

        Args:
            name: The key.
            args: The paths.
            no_escape: Ask the server not to escape characters.

        Returns:
            The value, None where the key does not exist.
        """
        words: list[Encodable] = ["JSON.GET", name]
        if no_escape:
            words.append("noescape")
        words += map(str, args or (_ROOT,))
        return self._execute(_GET, tuple(words), results.document(self._decode))

    def mget(self, keys: Sequence[Key], path: str) -> list[Any]:
        """Return what is at ``path`` of several documents, None for each that does not exist.

        Redis command: JSON.MGET

        Raises:
            DataError: There is no key.
        """
        words: tuple[Encodable, ...] = ("JSON.MGET", *non_empty("JSON.MGET", "keys", keys), str(path))
        return self._execute(_MGET, words, results.documents(self._decode))

    def delete(self, key: Key, path: str | None = _ROOT) -> int:
        """Delete what is at ``path``; return how much that was.

        Redis command: JSON.DEL
        """
        return self._execute(_DEL, ("JSON.DEL", key, *_path(path)))

    def forget(self, key: Key, path: str | None = _ROOT) -> int:
        """As :meth:`delete`.

        Redis command: JSON.FORGET
        """
        return self._execute(_FORGET, ("JSON.FORGET", key, *_path(path)))

    def clear(self, name: Key, path: str | None = _ROOT) -> int:
        """Empty objects and arrays at ``path`` and set numbers to 0; return how many were changed.

        Redis command: JSON.CLEAR
        """
        return self._execute(_CLEAR, ("JSON.CLEAR", name, *_path(path)))

    def type(self, name: Key, path: str | None = _ROOT) -> AnyStr | list[AnyStr] | None:
        """Return the type of what is at ``path``, such as ``object``, ``array``, ``integer``.

        Redis command: JSON.TYPE
        """
        return self._execute(_TYPE, ("JSON.TYPE", name, *_path(path)), results.types(_is_legacy(path)))

    def resp(self, name: Key, path: str | None = _ROOT) -> Any:
        """Return what is at ``path`` in the protocol's own types: lists that begin with ``{`` or ``[``, and text.

        Redis command: JSON.RESP
        """
        return self._execute(_RESP, ("JSON.RESP", name, *_path(path)), results.in_resp)

    def debug(self, subcommand: str, key: Key | None = None, path: str | None = _ROOT) -> Any:
        """Return the bytes a value takes in memory, or the lines of a help text.

        Redis command: JSON.DEBUG

        Args:
            subcommand: ``MEMORY`` or ``HELP``.
            key: The key, for ``MEMORY``.
            path: The path.

        Raises:
            DataError: The subcommand is another one, or the key is missing.
        """
        if choice("JSON.DEBUG", "subcommand", subcommand, ("MEMORY", "HELP")) == "HELP":
            return self._execute(_DEBUG_HELP, ("JSON.DEBUG", "HELP"), deep_text)
        if key is None:
            raise bad_argument("JSON.DEBUG", "key is missing")
        return self._execute(_DEBUG_MEMORY, ("JSON.DEBUG", "MEMORY", key, *_path(path)))

    # -- arrays ------------------------------------------------------------------------------------------------------

    def arrappend(self, name: Key, path: str | None = _ROOT, *args: Json) -> Counts:
        """Append values to arrays; return their new lengths.

        Redis command: JSON.ARRAPPEND

        Raises:
            DataError: There is no value, or one cannot be encoded.
        """
        words: tuple[Encodable, ...] = (*_path(path), *self._encode_all("JSON.ARRAPPEND", args))
        return self._execute(_ARRAPPEND, ("JSON.ARRAPPEND", name, *words))

    def arrindex(
        self, name: Key, path: str, scalar: Json, start: int | None = None, stop: int | None = None
    ) -> Counts:
        """Return where in arrays a value first is, -1 where it is not.

        Redis command: JSON.ARRINDEX

        Args:
            name: The key.
            path: The path.
            scalar: The value.
            start: Where to begin.
            stop: Where to end; this place is no longer looked at. Needs ``start``.

        Raises:
            DataError: ``stop`` is given without ``start``.
        """
        words: list[Encodable] = ["JSON.ARRINDEX", name, str(path), self._encode("JSON.ARRINDEX", "scalar", scalar)]
        if start is not None:
            words.append(start)
            if stop is not None:
                words.append(stop)
        elif stop is not None:
            raise bad_argument("JSON.ARRINDEX", "stop needs start")
        return self._execute(_ARRINDEX, tuple(words))

    def arrinsert(self, name: Key, path: str, index: int, *args: Json) -> Counts:
        """Insert values into arrays before ``index``; return their new lengths.

        Redis command: JSON.ARRINSERT

        Raises:
            DataError: There is no value, or one cannot be encoded.
        """
        values: list[str] = self._encode_all("JSON.ARRINSERT", args)
        return self._execute(_ARRINSERT, ("JSON.ARRINSERT", name, str(path), index, *values))

    def arrlen(self, name: Key, path: str | None = _ROOT) -> Counts:
        """Return the lengths of arrays.

        Redis command: JSON.ARRLEN
        """
        return self._execute(_ARRLEN, ("JSON.ARRLEN", name, *_path(path)))

    def arrpop(self, name: Key, path: str | None = _ROOT, index: int | None = -1) -> Any:
        """Take the element at ``index`` off arrays; by default the last one.

        Redis command: JSON.ARRPOP

        Returns:
            The element; for a JSONPath a list with each element's JSON text, or None.

        Raises:
            DataError: ``index`` is given without a path.
        """
        words: list[Encodable] = ["JSON.ARRPOP", name, *_path(path)]
        if index is not None:
            if path is None and index != -1:
                raise bad_argument("JSON.ARRPOP", "index needs path")
            words += () if path is None else (index,)
        return self._execute(_ARRPOP, tuple(words), results.popped(self._decode))

    def arrtrim(self, name: Key, path: str, start: int, stop: int) -> Counts:
        """Cut arrays down to the elements from ``start`` to ``stop``, both included; return their new lengths.

        Redis command: JSON.ARRTRIM
        """
        return self._execute(_ARRTRIM, ("JSON.ARRTRIM", name, str(path), start, stop))

    # -- objects, text, numbers, booleans ----------------------------------------------------------------------------

    def objkeys(self, name: Key, path: str | None = _ROOT) -> list[str] | list[list[str] | None] | None:
        """Return the names in objects, always as text.

        Redis command: JSON.OBJKEYS
        """
        return self._execute(_OBJKEYS, ("JSON.OBJKEYS", name, *_path(path)), deep_text)

    def objlen(self, name: Key, path: str | None = _ROOT) -> Counts:
        """Return how many names objects have.

        Redis command: JSON.OBJLEN
        """
        return self._execute(_OBJLEN, ("JSON.OBJLEN", name, *_path(path)))

    def strappend(self, name: Key, value: str, path: str | None = _ROOT) -> Counts:
        """Append to text; return the new lengths.

        Redis command: JSON.STRAPPEND
        """
        encoded = self._encode("JSON.STRAPPEND", "value", value)
        return self._execute(_STRAPPEND, ("JSON.STRAPPEND", name, *_path(path), encoded))

    def strlen(self, name: Key, path: str | None = None) -> Counts:
        """Return the lengths of text.

        Redis command: JSON.STRLEN
        """
        return self._execute(_STRLEN, ("JSON.STRLEN", name, *_path(path)))

    def numincrby(self, name: Key, path: str, number: float) -> Any:
        """Add to numbers; return the new ones.

        Where a path that begins otherwise than with ``$`` leads to no number, RESP2 has an error and RESP3 None.

        Redis command: JSON.NUMINCRBY

        Raises:
            DataError: ``number`` is NaN.
        """
        return self._calculate(_NUMINCRBY, name, path, number)

    def nummultby(self, name: Key, path: str, number: float) -> Any:
        """Multiply numbers; return the new ones, as :meth:`numincrby` does.

        Redis command: JSON.NUMMULTBY

        Raises:
            DataError: ``number`` is NaN.
        """
        return self._calculate(_NUMMULTBY, name, path, number)

    def toggle(self, name: Key, path: str | None = _ROOT) -> bool | list[int | None] | None:
        """Turn booleans over; return the new ones, as 0 and 1 for a JSONPath.

        Redis command: JSON.TOGGLE
        """
        return self._execute(_TOGGLE, ("JSON.TOGGLE", name, *_path(path)), results.toggled)

    # -- old names ---------------------------------------------------------------------------------------------------

    def jsonget(self, name: Key, *args: str, no_escape: bool | None = False) -> Any:
        """The old name of :meth:`get`."""
        return self.get(name, *args, no_escape=no_escape)

    def jsonmget(self, keys: Sequence[Key], path: str) -> list[Any]:
        """The old name of :meth:`mget`."""
        return self.mget(keys, path)

    def jsonset(
        self,
        name: Key,
        path: str,
        obj: Json,
        nx: bool | None = False,
        xx: bool | None = False,
        decode_keys: bool | None = False,
        fpha: str | None = None,
    ) -> bool | None:
        """The old name of :meth:`set`."""
        return self.set(name, path, obj, nx, xx, decode_keys, fpha)

    # -- helpers -----------------------------------------------------------------------------------------------------

    def _over(self, client: Any) -> Self:
        return type(self)(client, self._encoder, self._decoder)

    def _calculate(self, command: Command, name: Key, path: str, value: float) -> Any:
        words: tuple[Encodable, ...] = (
            command.name,
            name,
            str(path),
            self._encode(command.name, "number", number(command.name, "number", value)),
        )
        return self._execute(command, words, results.calculated(self._decode, _is_legacy(path)))

    @property
    def _decode(self) -> Callable[[str], Any]:
        decode: Callable[[str], Any] = self._decoder.decode
        return decode

    def _encode(self, command: str, argument: str, value: Any) -> str:
        try:
            encoded: str = self._encoder.encode(value)
        except (TypeError, ValueError, RecursionError) as error:
            raise bad_argument(command, f"{argument} cannot be encoded as JSON: {error}") from error
        return encoded

    def _encode_all(self, command: str, values: Sequence[Json]) -> list[str]:
        return [self._encode(command, "args", value) for value in non_empty(command, "args", values)]


def _path(path: str | None) -> tuple[str, ...]:
    return () if path is None else (str(path),)


def _is_legacy(path: str | None) -> bool:
    return path is None or not str(path).startswith("$")


def _files_below(folder: str) -> list[str]:
    return [os.path.join(path, file) for path, _, files in os.walk(folder) for file in files]


def _load(file_name: str) -> Any:
    with open(file_name, encoding="utf-8") as file:
        return loads(file.read())
