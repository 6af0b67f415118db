# Generated from multiplexer/compat/asyncio/shared.py by scripts/generate_blocking.py; change that file instead.
"""How a client's commands go over a multiplexer's shared connection."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ...core.command import Command
from ...core.words import split_words
from ...errors import RedisError, ResponseError, WrongLoopError
from ...pools.encoder import Encoder
from ..responses import CALL, EMPTY_RESPONSE, NEVER_DECODE, ResponseCallbacks

if TYPE_CHECKING:
    from ...blocking import Database


#: A collected command: its words, and the options it was given.
StackEntry = tuple[tuple[Any, ...], dict[str, Any]]


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

    def _connected(self) -> Database[Any]:
        """Return the handle on the pool's multiplexer, in the running loop if that is another one than before."""
        mux = self._pool.get_multiplexer()
        self._database = mux.get_database(
            self._pool.connection_kwargs.get("db"), decode=self._is_plain and self._encoder.decode_responses
        )
        return self._database

    def execute(self, callbacks: ResponseCallbacks, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
        """Send one command and return its result.

        Raises:
            DataError: An argument cannot be sent; nothing was.
            RedisError: The command failed, or could not be sent.
        """
        call = options.pop(CALL, None)
        if call is not None and not options and self._is_plain and not callbacks.has_changed:
            command, convert, decode = call
            if args[0] is not command.name or " " in command.name:
                args = _words(command, args)
            try:
                return (self._database or self._connected())._execute(command, args, convert, decode)
            except WrongLoopError:
                return self._connected()._execute(command, args, convert, decode)
        return self._execute_slowly(callbacks, call, args, options)

    def _execute_slowly(
        self, callbacks: ResponseCallbacks, call: Any, args: tuple[Any, ...], options: dict[str, Any]
    ) -> Any:
        command, words, decode, convert = self._prepare(callbacks, call, args, options)
        try:
            database = self._database or self._connected()
            try:
                reply = database._execute(command, words, None, decode)
            except WrongLoopError:
                reply = self._connected()._execute(command, words, None, decode)
        except ResponseError:
            if EMPTY_RESPONSE in options:
                return options[EMPTY_RESPONSE]
            raise
        return convert(reply)

    def _prepare(
        self, callbacks: ResponseCallbacks, call: Any, args: tuple[Any, ...], options: dict[str, Any]
    ) -> tuple[Command, tuple[Any, ...], bool | None, Any]:
        """Return a command, its words as they are sent, whether it is decoded on the way, and its conversion."""
        decode = None if call is None else call[2]
        if options.get(NEVER_DECODE):
            decode = False
        seen = {name: value for name, value in options.items() if name not in (NEVER_DECODE, EMPTY_RESPONSE)}
        convert = callbacks.converter(args[0] if args else "", call, seen)
        command, words = split_words(args)
        if self._is_plain:
            return command, words, decode, convert or _as_it_is
        encoder = self._encoder
        decodes = encoder.decode_responses if decode is None else decode
        words = tuple([encoder.encode(word) if isinstance(word, str) else word for word in words])

        def decoded(reply: Any) -> Any:
            if decodes:
                reply = encoder.decode(reply, force=True)
            return reply if convert is None else convert(reply)

        return command, words, False, decoded

    def execute_stack(
        self,
        callbacks: ResponseCallbacks,
        stack: Sequence[StackEntry],
        transaction: bool,
    ) -> list[Any]:
        """Send collected commands as one unit; return their results, errors in the place of theirs.

        Raises:
            ExecAbortError: The server refused a command while it queued the transaction, so nothing was run.
            RedisError: The unit could not be sent.
        """
        try:
            return self._execute_stack(callbacks, stack, transaction)
        except WrongLoopError:
            self._database = None
            return self._execute_stack(callbacks, stack, transaction)

    def _execute_stack(
        self,
        callbacks: ResponseCallbacks,
        stack: Sequence[StackEntry],
        transaction: bool,
    ) -> list[Any]:
        pipeline = (self._database or self._connected()).pipeline(transaction)
        empty: dict[int, Any] = {}
        for number, (args, given) in enumerate(stack):
            options = dict(given)
            call = options.pop(CALL, None)
            command, words, decode, convert = self._prepare(callbacks, call, args, options)
            pipeline._execute(command, words, convert, decode)
            if EMPTY_RESPONSE in options:
                empty[number] = options[EMPTY_RESPONSE]
        results = pipeline.execute(raise_on_error=False)
        for number, value in empty.items():
            if isinstance(results[number], RedisError):
                results[number] = value
        return results


def _as_it_is(reply: Any) -> Any:
    return reply


def _words(command: Command, args: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return a typed command's words with its name taken apart again."""
    return (*command.name.split(" "), *args[1:]) if args[0] == command.name else args
