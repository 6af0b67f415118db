# Generated from multiplexer/asyncio/batch.py by scripts/generate_blocking.py; change that file instead.
"""Commands that are collected first and then sent side by side."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Self

from ..core.command import Command
from ..core.command_table import find_command
from ..core.transaction import results_of_exec, wrapped
from ..core.types import AnyStr, Encodable
from ..errors import DataError
from .commands import DataCommands

if TYPE_CHECKING:
    from ..drivers.threads import Message
    from .database import Database


class Batch(DataCommands[AnyStr]):
    """Sends its commands as one contiguous unit: nothing of other callers comes between them.

    It is not a transaction: the server may serve other clients meanwhile. Its methods return the result's
    future, which is settled by :meth:`execute`.
    """

    __slots__ = ("_database", "_messages")

    def __init__(self, database: Database[AnyStr]) -> None:
        self._database = database
        self._messages: list[Message] = []

    def __len__(self) -> int:
        return len(self._messages)

    def _execute(
        self,
        command: Command,
        args: tuple[Encodable, ...],
        convert: Callable[[Any], Any] | None = None,
        decode: bool | None = None,
    ) -> Any:
        message = self._database._message(command, args, convert, decode)
        self._messages.append(message)
        return message

    def execute_command(self, *words: Encodable) -> Any:
        """Add any command, word by word."""
        return self._execute(find_command(words), words)  # type: ignore[no-any-return]

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
        messages, self._messages = self._messages, []
        if not messages:
            return []
        self._database._send_unit(messages)
        return _checked(self._database._unit_results(messages), raise_on_error)


class Pipeline(DataCommands[AnyStr]):
    """Collects commands in redis-py's form: its methods return the pipeline, :meth:`execute` the results."""

    __slots__ = ("_commands", "_database", "_transaction")

    def __init__(self, database: Database[AnyStr], transaction: bool) -> None:
        self._database = database
        self._transaction = transaction
        self._commands: list[Message] = []

    def __len__(self) -> int:
        return len(self._commands)

    def __bool__(self) -> bool:
        return True

    def _execute(
        self,
        command: Command,
        args: tuple[Encodable, ...],
        convert: Callable[[Any], Any] | None = None,
        decode: bool | None = None,
    ) -> Any:
        self._commands.append(self._database._message(command, args, convert, decode))
        return self

    def execute_command(self, *words: Encodable) -> Self:
        """Add any command, word by word."""
        if not words:
            raise DataError("execute_command: the first argument must be the name of a command")
        self._execute(find_command(words), words)
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
        commands, self._commands = self._commands, []
        if not commands:
            return []
        if not self._transaction:
            self._database._send_unit(commands)
            return _checked(self._database._unit_results(commands), raise_on_error)
        raw = [self._database._raw_message(*part) for part in wrapped(commands)]
        self._database._send_unit(raw)
        return _checked(results_of_exec(commands, self._database._unit_results(raw)), raise_on_error)

    def reset(self) -> None:
        """Forget everything collected."""
        self._commands = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.reset()


def _checked(results: list[Any], raise_on_error: bool) -> list[Any]:
    if raise_on_error:
        for result in results:
            if isinstance(result, Exception):
                raise result
    return results
