# Generated from multiplexer/asyncio/batch.py by scripts/generate_blocking.py; change that file instead.
"""Commands that are collected first and then sent side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Self

from ..core.batching import (
    Queued,
    batch_command,
    batch_results,
    in_transaction,
    joined,
    transaction_command,
    transaction_results,
)
from ..core.command import Command
from ..core.message import Payload
from ..core.resp import pack_command
from ..core.scripts import SCRIPT_LOAD, ScriptSource
from ..core.types import AnyStr, Encodable, Key
from ..core.words import split_words
from .commands import DataCommands
from .script_calls import load_missing

if TYPE_CHECKING:
    from .database import Database


class _Collector(DataCommands[AnyStr]):
    """Collects commands instead of sending them."""

    __slots__ = ("_database", "_decode", "_pack", "_payloads", "_plain", "_queued", "_scripts")

    def __init__(self, database: Database[Any]) -> None:
        self._database = database
        self._decode = database.decodes
        self._pack = database.pack
        self._plain = database.is_plain
        self.reset()

    def __len__(self) -> int:
        return len(self._queued)

    def __bool__(self) -> bool:
        return True

    def _execute(
        self,
        command: Command,
        args: tuple[Encodable, ...],
        convert: Callable[[Any], Any] | None = None,
        decode: bool | None = None,
    ) -> Any:
        if self._plain and not command.guarded and not command.write:
            try:  # what pack() comes to for most commands, without the call
                payload: Payload = pack_command(args)
            except (TypeError, UnicodeEncodeError):
                payload = self._pack(command, args, True)
        else:
            payload = self._pack(command, args, True)
        self._payloads.append(payload)
        if not self._plain:
            convert = self._database.converter(command, convert)
        queued = Queued(command, convert, self._decode if decode is None else decode)
        self._queued.append(queued)
        return queued

    def collect_script(self, script: ScriptSource, keys: Sequence[Key], args: Sequence[Encodable]) -> Any:
        """Add the call of a script; it is loaded before everything that was collected."""
        self._scripts[script.digest] = script
        return self._execute(script.by_digest, script.words(keys, args, True))

    def reset(self) -> None:
        """Forget everything collected."""
        self._payloads: list[Payload] = []
        self._queued: list[Queued] = []
        self._scripts: dict[str, ScriptSource] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.reset()

    def _send(self, raise_on_error: bool) -> list[Any]:
        queued, payloads, scripts = self._queued, self._payloads, self._scripts.values()
        self.reset()
        if not queued:
            return []
        replies = self._send_unit(batch_command(queued), payloads, len(queued), scripts)
        return _checked(batch_results(queued, replies), raise_on_error)

    def _send_transaction(self, raise_on_error: bool) -> list[Any]:
        queued, payloads, scripts = self._queued, self._payloads, self._scripts.values()
        self.reset()
        if not queued:
            return []
        replies = self._send_unit(transaction_command(queued), in_transaction(payloads), len(queued) + 2, scripts)
        return _checked(transaction_results(queued, replies), raise_on_error)

    def _send_unit(
        self, command: Command, payloads: list[Payload], wanted: int, scripts: Iterable[ScriptSource]
    ) -> list[Any]:
        """Send packed commands side by side, the scripts they need before them; return the raw replies."""
        database = self._database
        if not scripts:
            return database._send_unit(command, joined(payloads), wanted)
        # One that cannot be loaded is found out before anything else is sent ...
        load_missing(database, scripts)
        # ... and with the unit itself each is loaded in any case: the server may have changed or forgotten it since,
        # and a script found missing in the middle would leave the others' effects without its own.
        loads: list[Payload] = [database.pack(SCRIPT_LOAD, script.loading(), True) for script in scripts]
        replies = database._send_unit(command, joined(loads + payloads), len(loads) + wanted, len(loads))
        return replies[len(loads) :]


class Batch(_Collector[AnyStr]):
    """Sends its commands as one contiguous unit: nothing of other callers comes between them.

    It is not a transaction: the server may serve other clients meanwhile. Its methods return an object that
    has the command's own result once :meth:`execute` is done.
    """

    __slots__ = ()

    def execute_command(self, *words: Encodable) -> Any:
        """Add any command, word by word.

        Raises:
            DataError: No command, or an argument that cannot be sent.
        """
        command, words = split_words(words)
        queued: Any = self._execute(command, words)
        return queued

    def execute(self, raise_on_error: bool = True) -> list[Any]:
        """Send everything collected and wait for the replies.

        Args:
            raise_on_error: Whether the first error is raised once all replies are in; otherwise errors stand
                in the place of their results.

        Returns:
            The results, in the order of the calls.

        Raises:
            RedisError: The unit could not be sent, or a command failed.
        """
        return self._send(raise_on_error)


class Pipeline(_Collector[AnyStr]):
    """Collects commands in redis-py's form: its methods return the pipeline, :meth:`execute` the results."""

    __slots__ = ("_transaction",)

    def __init__(self, database: Database[AnyStr], transaction: bool) -> None:
        super().__init__(database)
        self._transaction = transaction

    def _execute(
        self,
        command: Command,
        args: tuple[Encodable, ...],
        convert: Callable[[Any], Any] | None = None,
        decode: bool | None = None,
    ) -> Any:
        super()._execute(command, args, convert, decode)
        return self

    def execute_command(self, *words: Encodable) -> Self:
        """Add any command, word by word.

        Raises:
            DataError: No command, or an argument that cannot be sent.
        """
        command, words = split_words(words)
        self._execute(command, words)
        return self

    def execute(self, raise_on_error: bool = True) -> list[Any]:
        """Send everything collected and wait for the replies.

        Redis commands: MULTI, EXEC (for a transaction)

        Args:
            raise_on_error: Whether the first error is raised once all replies are in; otherwise errors stand
                in the place of their results.

        Returns:
            The results, in the order of the calls.

        Raises:
            RedisError: The pipeline could not be sent, or a command failed.
            ExecAbortError: The server refused a command while it queued the transaction, so nothing was run.
        """
        if self._transaction:
            return self._send_transaction(raise_on_error)
        return self._send(raise_on_error)


def _checked(results: list[Any], raise_on_error: bool) -> list[Any]:
    if raise_on_error:
        for result in results:
            if isinstance(result, Exception):
                raise result
    return results
