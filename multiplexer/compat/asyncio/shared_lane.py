"""How a client's commands go over a multiplexer's shared connection."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from inspect import isawaitable
from typing import TYPE_CHECKING, Any

from ...asyncio.batch import Collector
from ...core.commands.batching import (
    batch_command,
    batch_results,
    in_transaction,
    transaction_command,
    transaction_results,
)
from ...core.commands.command import Command
from ...core.commands.words import split_words
from ...errors import (
    CommandDisabledError,
    ExecAbortError,
    MultiplexerClosedError,
    RedisError,
    RedisTimeoutError,
    ResponseError,
    WrongLoopError,
)
from ...pools.encoder import Encoder
from ..exceptions import SharedConnectionError
from ..machinery.responses import CALL, EMPTY_RESPONSE, NEVER_DECODE, ResponseCallbacks
from ..machinery.unreached import raise_if_unreached

if TYPE_CHECKING:
    from ...asyncio import Database


#: Called with an error, a command's place (from 1) and its words.
Annotate = Callable[[Exception, int, Sequence[Any]], None]
#: A collected command: its words, and the options it was given.
StackEntry = tuple[tuple[Any, ...], dict[str, Any]]
#: About one connection, and never about what others find on the shared one.
_ABOUT_ONE = frozenset(("CLIENT GETNAME", "CLIENT SETINFO", "CLIENT SETNAME", "QUIT", "RESET"))
#: These leave nothing of it.
_ENDING = frozenset(("QUIT", "RESET"))
#: How much of a command is shown where an error says which one it is of.
_LONGEST_COMMAND = 100
#: Raised by a handle whose multiplexer is of another event loop, or was closed with its pool (there is a new one), or
#: refuses the command.
_NOT_SENT = (WrongLoopError, MultiplexerClosedError, CommandDisabledError)


class SharedLane:
    """Sends commands and pipelines over the shared connection of a pool's multiplexer.

    Args:
        pool: A pool that ``is_multiplexed``.
    """

    def __init__(self, pool: Any) -> None:
        self._pool = pool
        self._database: Database[Any] | None = None
        self._encoder: Encoder = pool.get_encoder()
        self._is_plain = self._encoder.is_plain

    async def _connected(self) -> Database[Any]:
        """Return the handle on the pool's multiplexer, in the running loop if that is another one than before."""
        mux = await self._pool.get_multiplexer()
        self._database = mux.get_database(
            self._pool.connection_kwargs.get("db"), decode=self._is_plain and self._encoder.decode_responses
        )
        return self._database

    async def execute(self, callbacks: ResponseCallbacks, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
        """Send one command and return its result.

        Raises:
            DataError: An argument cannot be sent; nothing was.
            RedisError: The command failed, or could not be sent.
        """
        call = options.pop(CALL, None)
        try:
            if call is not None and not options and self._is_plain and not callbacks.has_changed:
                command, convert, decode = call
                if " " in command.name:
                    args = _words(command, args)
                try:
                    return await (self._database or await self._connected())._execute(command, args, convert, decode)
                except _NOT_SENT as error:
                    return await self._again(error, command, args, convert, decode)
            return await self._execute_slowly(callbacks, call, args, options)
        except RedisTimeoutError as error:
            raise_if_unreached(error, self._pool.class_of_unreached)
            raise

    async def _again(
        self, error: RedisError, command: Command, words: tuple[Any, ...], convert: Any, decode: bool | None
    ) -> Any:
        """Send a command to a new multiplexer where the one before would not take it."""
        _raise_unless_stale(error)
        return await (await self._connected())._execute(command, words, convert, decode)

    async def _execute_slowly(
        self, callbacks: ResponseCallbacks, call: Any, args: tuple[Any, ...], options: dict[str, Any]
    ) -> Any:
        command, words, decode, convert = self._prepare(callbacks, call, args, options)
        try:
            database = self._database or await self._connected()
            try:
                reply = await database._execute(command, words, None, decode)
            except _NOT_SENT as error:
                reply = await self._again(error, command, words, None, decode)
        except ResponseError:
            if EMPTY_RESPONSE in options:
                return options[EMPTY_RESPONSE]
            raise
        if convert is None:
            return reply
        if True:  # ASYNC
            result = convert(reply)
            return await result if isawaitable(result) else result
        return convert(reply)

    def _prepare(
        self, callbacks: ResponseCallbacks, call: Any, args: tuple[Any, ...], options: dict[str, Any]
    ) -> tuple[Command, tuple[Any, ...], bool | None, Any]:
        """Return a command, its words as they are sent, whether it is decoded on the way, and its conversion."""
        if call is None:
            decode = None
            command, words = split_words(args)
        else:
            command, _, decode = call
            words = _words(command, args) if " " in command.name else args
        if options:
            if options.get(NEVER_DECODE, False) is not False:
                decode = False
            options = {name: value for name, value in options.items() if name not in (NEVER_DECODE, EMPTY_RESPONSE)}
        convert = callbacks.converter(args[0], call, options)
        if self._is_plain:
            return command, words, decode, convert
        encoder = self._encoder
        decodes = encoder.decode_responses if decode is None else decode
        words = tuple([encoder.encode(word) if isinstance(word, str) else word for word in words])

        def decoded(reply: Any) -> Any:
            if decodes:
                reply = encoder.decode(reply, force=True)
            return reply if convert is None else convert(reply)

        return command, words, False, decoded

    async def execute_stack(
        self, callbacks: ResponseCallbacks, stack: Sequence[StackEntry], transaction: bool, annotate: Annotate
    ) -> list[Any]:
        """Send collected commands as one unit; return their results, errors in the place of theirs.

        Args:
            callbacks: The client's.
            stack: The commands.
            transaction: Whether they run between MULTI and EXEC.
            annotate: Called with the error, the command's place (from 1) and its words where one of them was refused.

        Raises:
            RedisError: The server refused a command while it queued the transaction, or the unit could not be sent.
        """
        try:
            unit = _Unit(self._database or await self._connected())
            return await self._run(unit, callbacks, stack, transaction, annotate)
        except _NOT_SENT as error:
            _raise_unless_stale(error)
            unit = _Unit(await self._connected())
            return await self._run(unit, callbacks, stack, transaction, annotate)
        except RedisTimeoutError as error:
            raise_if_unreached(error, self._pool.class_of_unreached)
            raise

    async def _run(
        self,
        unit: _Unit,
        callbacks: ResponseCallbacks,
        stack: Sequence[StackEntry],
        transaction: bool,
        annotate: Annotate,
    ) -> list[Any]:
        empty = {
            number: options[EMPTY_RESPONSE] for number, (_, options) in enumerate(stack) if EMPTY_RESPONSE in options
        }
        sent = [number for number in range(len(stack)) if not (transaction and number in empty)]
        for number in sent:
            args, given = stack[number]
            options = dict(given)
            command, words, decode, convert = self._prepare(callbacks, options.pop(CALL, None), args, options)
            unit._execute(command, words, convert, decode)
        results = await unit.run(
            transaction, lambda error, place: annotate(error, sent[place] + 1, stack[sent[place]][0])
        )
        for number, value in empty.items():
            if transaction:
                results.insert(number, value)
            elif isinstance(results[number], ResponseError):
                results[number] = value
        if True:  # ASYNC
            results = [await result if isawaitable(result) else result for result in results]
        return results


class StandaloneLane(SharedLane):
    """Sends what is about one connection, whichever it is, over one of the pool's own, as pools do that share none."""

    async def _execute_slowly(
        self, callbacks: ResponseCallbacks, call: Any, args: tuple[Any, ...], options: dict[str, Any]
    ) -> Any:
        command = split_words(args)[0] if call is None else call[0]
        if command.name not in _ABOUT_ONE:
            return await super()._execute_slowly(callbacks, call, args, options)
        connection = await self._pool.get_connection(args[0])
        try:
            reply = await connection.retry.call_with_retry(
                lambda: _ask(connection, args), lambda error: _disconnect(connection)
            )
        finally:
            if command.name in _ENDING:
                await connection.disconnect()
            await self._pool.release(connection)
        convert = callbacks.converter(args[0], call, options)
        return reply if convert is None else convert(reply)


async def _ask(connection: Any, args: tuple[Any, ...]) -> Any:
    await connection.send_command(*args)
    return await connection.read_response()


async def _disconnect(connection: Any) -> None:
    await connection.disconnect()


class _Unit(Collector[Any]):
    """Commands that are sent side by side."""

    __slots__ = ()

    async def run(self, transaction: bool, refused: Callable[[Exception, int], None]) -> list[Any]:
        """Send them, and return their results, errors in the place of theirs.

        Args:
            transaction: Whether they run between MULTI and EXEC.
            refused: Called with the error and the place of the command that the server refused to queue.

        Raises:
            RedisError: Nothing was run.
        """
        queued, payloads = self._queued, self._payloads
        self._clear()
        if not queued:
            return []
        if not transaction:
            if self._database.is_routed:
                return batch_results(queued, await self._send_split(queued, payloads, ()))
            return batch_results(queued, await self._send_unit(batch_command(queued), payloads, len(queued), ()))
        replies = await self._send_unit(transaction_command(queued), in_transaction(payloads), len(queued) + 2, ())
        try:
            return transaction_results(queued, replies)
        except ExecAbortError as error:
            for place, reply in enumerate(replies[1:-1]):
                if isinstance(reply, ResponseError):
                    refused(reply, place)
                    raise reply from error
            raise


def _raise_unless_stale(error: RedisError) -> None:
    if isinstance(error, CommandDisabledError):
        refused = SharedConnectionError(*error.args)
        refused.command, refused.phase = error.command, error.phase
        raise refused from None
    if error.was_sent:
        raise error


def _words(command: Command, args: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return a typed command's words with its name taken apart again."""
    return (*command.name.split(" "), *args[1:]) if args[0] == command.name else args


def annotate_exception(exception: Exception, number: int, command: Sequence[Any]) -> None:
    """Have an error say which of a pipeline's commands it is of; see :meth:`Pipeline.annotate_exception`."""
    words = " ".join(word.decode(errors="replace") if isinstance(word, bytes) else str(word) for word in command)
    shown = words if len(words) <= _LONGEST_COMMAND else f"{words[: _LONGEST_COMMAND - 3].rsplit(' ', 1)[0]}..."
    text = f"Command # {number} ({shown}) of pipeline caused error: {exception.args[0]}"
    exception.args = (text, *exception.args[1:])
