"""Commands that call and keep functions: libraries of scripts that the server saves with the data."""

from __future__ import annotations

from typing import Any, Literal

from ...core.commands.arguments import choice, counted_keys
from ...core.commands.command_table import COMMANDS
from ...core.results.common import ok
from ...core.results.scripting import function_stats, libraries
from ...core.types import AnyStr, Encodable, Key, Pattern, Pending
from .scripting import ScriptText, flush_mode
from .surface import CommandSurface

_FCALL = COMMANDS["FCALL"]
_FCALL_RO = COMMANDS["FCALL_RO"]
_FUNCTION_DELETE = COMMANDS["FUNCTION DELETE"]
_FUNCTION_DUMP = COMMANDS["FUNCTION DUMP"]
_FUNCTION_FLUSH = COMMANDS["FUNCTION FLUSH"]
_FUNCTION_KILL = COMMANDS["FUNCTION KILL"]
_FUNCTION_LIST = COMMANDS["FUNCTION LIST"]
_FUNCTION_LOAD = COMMANDS["FUNCTION LOAD"]
_FUNCTION_RESTORE = COMMANDS["FUNCTION RESTORE"]
_FUNCTION_STATS = COMMANDS["FUNCTION STATS"]


class FunctionCommands(CommandSurface[AnyStr]):
    """Typed methods for the commands about functions."""

    __slots__ = ()

    def fcall(self, function: Key, numkeys: int, *keys_and_args: Encodable) -> Pending[Any]:
        """Call a function.

        Redis command: FCALL

        Args:
            function: Its name.
            numkeys: How many of ``keys_and_args`` are keys.
            keys_and_args: The keys, then the arguments.

        Returns:
            What the function returns, as :meth:`eval` has it.

        Raises:
            DataError: ``numkeys`` is negative or more than there are.
            ResponseError: There is no such function, or it failed.
        """
        return self._execute(_FCALL, ("FCALL", function, *counted_keys("FCALL", numkeys, keys_and_args)))

    def fcall_ro(self, function: Key, numkeys: int, *keys_and_args: Encodable) -> Pending[Any]:
        """As :meth:`fcall`, for a function with the flag ``no-writes``: a replica may run it.

        Redis command: FCALL_RO
        """
        return self._execute(_FCALL_RO, ("FCALL_RO", function, *counted_keys("FCALL_RO", numkeys, keys_and_args)))

    def function_delete(self, library: Key) -> Pending[bool]:
        """Remove a library and its functions.

        Redis command: FUNCTION DELETE

        Raises:
            ResponseError: There is no such library.
        """
        return self._execute(_FUNCTION_DELETE, ("FUNCTION", "DELETE", library), ok)

    def function_dump(self) -> Pending[bytes]:
        """Return all libraries in the form that :meth:`function_restore` takes.

        Redis command: FUNCTION DUMP
        """
        return self._execute(_FUNCTION_DUMP, ("FUNCTION", "DUMP"), decode=False)

    def function_flush(self, mode: Literal["SYNC", "ASYNC"] | None = "SYNC") -> Pending[bool]:
        """Remove all libraries.

        Redis command: FUNCTION FLUSH

        Args:
            mode: ``"SYNC"`` or ``"ASYNC"``: before it answers, or in the background.

        Raises:
            DataError: ``mode`` is neither.
        """
        return self._execute(_FUNCTION_FLUSH, ("FUNCTION", "FLUSH", *flush_mode("FUNCTION FLUSH", "mode", mode)), ok)

    def function_kill(self) -> Pending[bool]:
        """End the function that runs, if it has written nothing yet.

        Redis command: FUNCTION KILL

        Raises:
            ResponseError: None runs, or it has written.
        """
        return self._execute(_FUNCTION_KILL, ("FUNCTION", "KILL"), ok)

    def function_list(
        self, library: Pattern | None = "*", withcode: bool | None = False
    ) -> Pending[list[dict[str, Any]]]:
        """Return what the server says about libraries and their functions, as text.

        Redis command: FUNCTION LIST

        Args:
            library: A pattern that the libraries' names match; None for all.
            withcode: Include the libraries' text.

        Returns:
            For each library a dict of ``library_name``, ``engine``, ``functions`` (a list of dicts of ``name``,
            ``description`` and ``flags``) and, where asked for, ``library_code``.
        """
        words: list[Encodable] = ["FUNCTION", "LIST"]
        if library is not None:
            words += ("LIBRARYNAME", library)
        if withcode:
            words.append("WITHCODE")
        return self._execute(_FUNCTION_LIST, tuple(words), libraries)

    def function_load(self, code: ScriptText, replace: bool | None = False) -> Pending[AnyStr]:
        """Have the server keep a library; return the library's name.

        Redis command: FUNCTION LOAD

        Args:
            code: Its text, which begins with a line such as ``#!lua name=mylib``.
            replace: Take the place of a library of that name.

        Raises:
            ResponseError: The text does not compile, or there is such a library or function.
        """
        options: tuple[str, ...] = ("REPLACE",) if replace else ()
        return self._execute(_FUNCTION_LOAD, ("FUNCTION", "LOAD", *options, code))

    def function_restore(
        self, payload: Key, policy: Literal["APPEND", "FLUSH", "REPLACE"] | None = "APPEND"
    ) -> Pending[bool]:
        """Add libraries from what :meth:`function_dump` returned.

        Redis command: FUNCTION RESTORE

        Args:
            payload: The dump.
            policy: ``"APPEND"``: fail where there is such a library; ``"REPLACE"``: take its place; ``"FLUSH"``:
                remove all others.

        Raises:
            DataError: ``policy`` is none of them.
            ResponseError: The dump is damaged, or there is such a library or function.
        """
        words: list[Encodable] = ["FUNCTION", "RESTORE", payload]
        if policy is not None:
            words.append(choice("FUNCTION RESTORE", "policy", policy, ("APPEND", "FLUSH", "REPLACE")))
        return self._execute(_FUNCTION_RESTORE, tuple(words), ok)

    def function_stats(self) -> Pending[dict[str, Any]]:
        """Return which function runs, and how many libraries and functions each engine has, as text and numbers.

        Redis command: FUNCTION STATS

        Returns:
            ``running_script`` (None, or a dict of ``name``, ``command`` and ``duration_ms``) and ``engines``.
        """
        return self._execute(_FUNCTION_STATS, ("FUNCTION", "STATS"), function_stats)
