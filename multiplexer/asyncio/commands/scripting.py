"""Commands that run and keep scripts."""

from __future__ import annotations

from typing import Any, Literal

from ...core.commands.arguments import choice, counted_keys, non_empty
from ...core.commands.command_table import COMMANDS
from ...core.results.common import ok, to_bools
from ...core.types import AnyStr, Encodable, Pending
from .surface import CommandSurface

_EVAL = COMMANDS["EVAL"]
_EVAL_RO = COMMANDS["EVAL_RO"]
_EVALSHA = COMMANDS["EVALSHA"]
_EVALSHA_RO = COMMANDS["EVALSHA_RO"]
_SCRIPT_EXISTS = COMMANDS["SCRIPT EXISTS"]
_SCRIPT_FLUSH = COMMANDS["SCRIPT FLUSH"]
_SCRIPT_KILL = COMMANDS["SCRIPT KILL"]
_SCRIPT_LOAD = COMMANDS["SCRIPT LOAD"]
_SCRIPT_SHOW = COMMANDS["SCRIPT SHOW"]

#: A script's text.
ScriptText = str | bytes | bytearray | memoryview


class ScriptingCommands(CommandSurface[AnyStr]):
    """Typed methods for the commands of the scripting group, functions apart.

    What a script returns comes as the server sends it: numbers as int, text as the handle has it, tables as lists,
    ``false`` as None.
    """

    __slots__ = ()

    def eval(self, script: ScriptText, numkeys: int, *keys_and_args: Encodable) -> Pending[Any]:
        """Run a script, sending its text.

        Redis command: EVAL

        Args:
            script: Its text.
            numkeys: How many of ``keys_and_args`` are keys.
            keys_and_args: The keys, which the script sees as ``KEYS``, then what it sees as ``ARGV``.

        Returns:
            What the script returns.

        Raises:
            DataError: ``numkeys`` is negative or more than there are.
            ResponseError: The script does not compile, or failed.
        """
        return self._execute(_EVAL, ("EVAL", script, *counted_keys("EVAL", numkeys, keys_and_args)))

    def eval_ro(self, script: ScriptText, numkeys: int, *keys_and_args: Encodable) -> Pending[Any]:
        """As :meth:`eval`, for a script that only reads: a replica may run it.

        Redis command: EVAL_RO
        """
        return self._execute(_EVAL_RO, ("EVAL_RO", script, *counted_keys("EVAL_RO", numkeys, keys_and_args)))

    def evalsha(self, sha: str | bytes, numkeys: int, *keys_and_args: Encodable) -> Pending[Any]:
        """Run a script that the server has, by the SHA-1 digest of its text.

        Redis command: EVALSHA

        Args:
            sha: The digest, as :meth:`script_load` returns it.
            numkeys: How many of ``keys_and_args`` are keys.
            keys_and_args: The keys, which the script sees as ``KEYS``, then what it sees as ``ARGV``.

        Returns:
            What the script returns.

        Raises:
            DataError: ``numkeys`` is negative or more than there are.
            NoScriptError: The server does not have it.
            ResponseError: The script failed.
        """
        return self._execute(_EVALSHA, ("EVALSHA", sha, *counted_keys("EVALSHA", numkeys, keys_and_args)))

    def evalsha_ro(self, sha: str | bytes, numkeys: int, *keys_and_args: Encodable) -> Pending[Any]:
        """As :meth:`evalsha`, for a script that only reads: a replica may run it.

        Redis command: EVALSHA_RO
        """
        return self._execute(_EVALSHA_RO, ("EVALSHA_RO", sha, *counted_keys("EVALSHA_RO", numkeys, keys_and_args)))

    def script_exists(self, *args: str | bytes) -> Pending[list[bool]]:
        """Tell of each script, named by its digest, whether the server has it.

        Redis command: SCRIPT EXISTS

        Raises:
            DataError: There is no digest.
        """
        words = ("SCRIPT", "EXISTS", *non_empty("SCRIPT EXISTS", "args", args))
        return self._execute(_SCRIPT_EXISTS, words, to_bools)

    def script_flush(self, sync_type: Literal["SYNC", "ASYNC"] | None = None) -> Pending[bool]:
        """Make the server forget all scripts.

        Redis command: SCRIPT FLUSH

        Args:
            sync_type: ``"SYNC"`` or ``"ASYNC"``: before it answers, or in the background.

        Raises:
            DataError: ``sync_type`` is neither.
        """
        return self._execute(
            _SCRIPT_FLUSH, ("SCRIPT", "FLUSH", *flush_mode("SCRIPT FLUSH", "sync_type", sync_type)), ok
        )

    def script_kill(self) -> Pending[bool]:
        """End the script that runs, if it has written nothing yet.

        Redis command: SCRIPT KILL

        Raises:
            ResponseError: None runs, or it has written.
        """
        return self._execute(_SCRIPT_KILL, ("SCRIPT", "KILL"), ok)

    def script_load(self, script: ScriptText) -> Pending[str]:
        """Have the server keep a script without running it; return the digest to call it by.

        Redis command: SCRIPT LOAD

        Raises:
            ResponseError: The script does not compile.
        """
        return self._execute(_SCRIPT_LOAD, ("SCRIPT", "LOAD", script), decode=True)

    def script_show(self, sha: str | bytes) -> Pending[AnyStr]:
        """Return the text of a script, named by its digest.

        Redis command: SCRIPT SHOW (Valkey 8)

        Raises:
            NoScriptError: The server does not have it.
        """
        return self._execute(_SCRIPT_SHOW, ("SCRIPT", "SHOW", sha))


def flush_mode(command: str, argument: str, mode: str | None) -> tuple[str, ...]:
    """The word that says when to forget: at once, or in the background."""
    return () if mode is None else (choice(command, argument, mode, ("SYNC", "ASYNC")),)
