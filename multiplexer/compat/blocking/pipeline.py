# Generated from multiplexer/compat/asyncio/pipeline.py by scripts/generate_blocking.py; change that file instead.
"""redis-py's pipeline: commands that are collected, sent together, and run as a transaction if asked for."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

from ...core.types import Encodable
from ...errors import (
    ExecAbortError,
    RedisConnectionError,
    RedisError,
    RedisTimeoutError,
    ResponseError,
    WatchError,
)
from ..responses import CALL, EMPTY_RESPONSE, ResponseCallbacks
from .scripting import Script
from .shared import StackEntry
from .standalone import Redis

_LONGEST_COMMAND = 100


class Pipeline(Redis):
    """Collects commands; get it from :meth:`Redis.pipeline`.

    Command methods return the pipeline, :meth:`execute` the results. After :meth:`watch`, and until :meth:`multi`,
    commands are sent at once instead, over a connection of the pipeline's own.

    Attributes:
        command_stack: What was collected, each as its words and its options.
        watching: Whether keys are watched.
        explicit_transaction: Whether :meth:`multi` was called.
        scripts: The scripts that were collected calls of.
    """

    UNWATCH_COMMANDS = frozenset(("DISCARD", "EXEC", "UNWATCH"))
    _collects_commands = True

    def __init__(
        self,
        connection_pool: Any,
        response_callbacks: ResponseCallbacks,
        transaction: bool,
        shard_hint: str | None,
    ) -> None:
        self.connection_pool = connection_pool
        self.auto_close_connection_pool = False
        self._start(response_callbacks, False)
        self.transaction: Any = transaction  # a flag here, a method there, as in redis-py
        self.shard_hint = shard_hint
        self.watching = False
        self.explicit_transaction = False
        self.command_stack: list[StackEntry] = []
        self.scripts: set[Script] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.reset()

    def __del__(self) -> None:
        # A pipeline that was forgotten while it watched: its connection must not be handed out as it is.
        connection = getattr(self, "connection", None)
        if connection is not None:
            connection.drop()
            self.connection_pool.release(connection)

    def __len__(self) -> int:
        return len(self.command_stack)

    def __bool__(self) -> bool:
        return True

    def close(self, close_connection_pool: bool | None = None) -> None:
        """Forget everything collected and give back the connection."""
        self.reset()

    def reset(self) -> None:
        """Forget everything collected, watch nothing any longer, and give back the connection."""
        self.command_stack = []
        self.scripts = set()
        connection, self.connection = self.connection, None
        watching, self.watching = self.watching, False
        self.explicit_transaction = False
        if connection is None:
            return
        try:
            if watching and connection.is_connected:
                connection.send_command("UNWATCH")
                connection.read_response()
        except RedisError:
            connection.disconnect()
        except BaseException:
            connection.disconnect()
            raise
        finally:
            self.connection_pool.release(connection)

    # -- collecting ------------------------------------------------------------------------------------

    def multi(self) -> None:
        """Collect from here on, after :meth:`watch`.

        Raises:
            RedisError: It was called already, or commands were collected before.
        """
        if self.explicit_transaction:
            raise RedisError("Cannot issue nested calls to MULTI")
        if self.command_stack:
            raise RedisError("Commands without an initial WATCH have already been issued")
        self.explicit_transaction = True

    def execute_command(self, *args: Any, **options: Any) -> Any:
        """Collect a command, or send it at once while keys are watched."""
        if (self.watching or args[0] == "WATCH") and not self.explicit_transaction:
            return self.immediate_execute_command(*args, **options)
        return self.pipeline_execute_command(*args, **options)

    def pipeline_execute_command(self, *args: Any, **options: Any) -> Self:
        """Collect a command."""
        self.command_stack.append((args, options))
        return self

    def immediate_execute_command(self, *args: Any, **options: Any) -> Any:
        """Send a command at once, over the pipeline's own connection, and return its result.

        Raises:
            WatchError: The connection was lost while keys were watched.
            RedisError: The command failed.
        """
        connection = self.connection
        if connection is None:
            connection = self.connection = self.connection_pool.get_connection(args[0])
        elif self.watching and not connection.is_connected:
            self._give_up_watch(RedisConnectionError("the connection was closed"))
        return connection.retry.call_with_retry(
            lambda: self._send_command_parse_response(connection, args[0], *args, **options),
            lambda error: self._disconnect_reset_raise_on_watching(connection, error),
        )

    def _disconnect_reset_raise_on_watching(self, connection: Any, error: Exception) -> None:
        connection.disconnect()
        if self.watching:
            self._give_up_watch(error)

    def _give_up_watch(self, error: Exception) -> None:
        self.reset()
        raise _watch_broken(error) from error

    def parse_response(self, connection: Any, command_name: str | bytes, **options: Any) -> Any:
        """Read a reply, as :meth:`Redis.parse_response` does, and note whether keys are watched now."""
        result = super().parse_response(connection, command_name, **options)
        if command_name in self.UNWATCH_COMMANDS:
            self.watching = False
        elif command_name == "WATCH":
            self.watching = True
        return result

    def watch(self, *names: Encodable) -> bool:
        """Watch keys: the transaction to come is not run where one of them was changed.

        Redis command: WATCH

        Raises:
            RedisError: :meth:`multi` was called already.
        """
        if self.explicit_transaction:
            raise RedisError("Cannot issue a WATCH after a MULTI")
        return bool(self.execute_command("WATCH", *names))

    def unwatch(self) -> bool:
        """Watch nothing any longer.

        Redis command: UNWATCH
        """
        return bool(self.immediate_execute_command("UNWATCH")) if self.watching else True

    def discard(self) -> None:
        """Collect a DISCARD, after which the server runs nothing."""
        self.execute_command("DISCARD")

    # -- running ---------------------------------------------------------------------------------------

    def execute(self, raise_on_error: bool = True) -> list[Any]:
        """Send everything collected and return the results, in the order of the calls.

        Args:
            raise_on_error: Whether the first error is raised; otherwise errors stand in the place of their results.

        Raises:
            WatchError: A watched key was changed, or the connection was lost meanwhile; nothing was run.
            ExecAbortError: The server refused to run the transaction.
            RedisError: A command failed, or could not be sent.
        """
        stack = self.command_stack
        if not stack and not self.watching:
            return []
        try:
            if self.scripts:
                self.load_scripts()
            transaction = self.transaction or self.explicit_transaction
            if self._lane is not None and self.connection is None:
                return self._execute_shared(stack, transaction, raise_on_error)
            return self._execute_on_own(stack, transaction, raise_on_error)
        finally:
            self.reset()

    def _execute_on_own(self, stack: list[StackEntry], transaction: bool, raise_on_error: bool) -> list[Any]:
        run = self._execute_transaction if transaction else self._execute_pipeline
        connection = self.connection
        if connection is None:
            connection = self.connection = self.connection_pool.get_connection("MULTI")
        elif self.watching and not connection.is_connected:
            raise _watch_broken(RedisConnectionError("the connection was closed"))
        results: list[Any] = connection.retry.call_with_retry(
            lambda: run(connection, stack, raise_on_error),
            lambda error: self._disconnect_raise_on_watching(connection, error),
        )
        return results

    def _disconnect_raise_on_watching(self, connection: Any, error: Exception) -> None:
        connection.disconnect()
        if self.watching:
            raise _watch_broken(error) from error

    def _execute_shared(self, stack: list[StackEntry], transaction: bool, raise_on_error: bool) -> list[Any]:
        lane = self._lane
        assert lane is not None
        results = lane.execute_stack(self.response_callbacks, stack, transaction, self.annotate_exception)
        if raise_on_error:
            self.raise_first_error(stack, results)
        elif not transaction:
            self._annotate_all(stack, results)
        return results

    def _execute_transaction(
        self, connection: Any, commands: Sequence[StackEntry], raise_on_error: bool
    ) -> list[Any]:
        sent = [entry for entry in commands if EMPTY_RESPONSE not in entry[1]]
        packed = connection.pack_commands([("MULTI",), *(args for args, _ in sent), ("EXEC",)])
        connection.send_packed_command(packed)
        refused: list[tuple[int, Exception]] = []
        try:
            connection.read_response(disable_decoding=True)
        except ResponseError as error:
            refused.append((0, error))
        for number, (args, options) in enumerate(commands):
            if EMPTY_RESPONSE in options:
                refused.append((number, options[EMPTY_RESPONSE]))
                continue
            try:
                connection.read_response(disable_decoding=True)
            except ResponseError as error:
                self.annotate_exception(error, number + 1, args)
                refused.append((number, error))
        try:
            replies = connection.read_response(disable_decoding=True)
        except ExecAbortError as error:
            raise (refused[0][1] if refused else error) from None
        finally:
            self.watching = False
        if replies is None:
            raise WatchError("Watched variable changed.")
        for number, refusal in refused:
            replies.insert(number, refusal)
        if len(replies) != len(commands):
            connection.disconnect()
            raise ResponseError("Wrong number of response items from pipeline execution")
        return self._results(connection, commands, replies, raise_on_error)

    def _results(
        self, connection: Any, commands: Sequence[StackEntry], replies: list[Any], raise_on_error: bool
    ) -> list[Any]:
        """Turn the replies of a transaction into results."""
        if raise_on_error:
            self.raise_first_error(commands, replies)
        results = []
        for (args, options), reply in zip(commands, replies, strict=True):
            if not isinstance(reply, Exception) and EMPTY_RESPONSE not in options:
                reply = self._result(connection, args, options, reply)
            results.append(reply)
        return results

    def _result(self, connection: Any, args: tuple[Any, ...], options: dict[str, Any], reply: Any) -> Any:
        options = dict(options)
        call = options.pop(CALL, None)
        decode = False if options.pop("NEVER_DECODE", False) else None if call is None else call[2]
        encoder = connection.encoder
        if encoder.decode_responses if decode is None else decode:
            reply = encoder.decode(reply, force=True)
        convert = self.response_callbacks.converter(args[0], call, options)
        return reply if convert is None else convert(reply)

    def _execute_pipeline(
        self, connection: Any, commands: Sequence[StackEntry], raise_on_error: bool
    ) -> list[Any]:
        connection.send_packed_command(connection.pack_commands([args for args, _ in commands]))
        results: list[Any] = []
        for args, options in commands:
            try:
                results.append(self.parse_response(connection, args[0], **options))
            except ResponseError as error:
                self.annotate_exception(error, len(results) + 1, args)
                results.append(error)
        if raise_on_error:
            for result in results:
                if isinstance(result, ResponseError):
                    raise result
        return results

    def raise_first_error(self, commands: Sequence[StackEntry], response: Sequence[Any]) -> None:
        """Raise the first error among replies, saying which command it is of."""
        for number, reply in enumerate(response):
            if isinstance(reply, ResponseError):
                self.annotate_exception(reply, number + 1, commands[number][0])
                raise reply

    def _annotate_all(self, commands: Sequence[StackEntry], response: Sequence[Any]) -> None:
        for number, reply in enumerate(response):
            if isinstance(reply, ResponseError):
                self.annotate_exception(reply, number + 1, commands[number][0])

    def annotate_exception(self, exception: Exception, number: int, command: Sequence[Any]) -> None:
        """Have an error say which of a pipeline's commands it is of.

        Args:
            exception: The error.
            number: The command's place, from 1.
            command: Its words.
        """
        annotate_exception(exception, number, command)

    def load_scripts(self) -> None:
        """Have the server know the scripts that were collected calls of.

        Redis commands: SCRIPT EXISTS, SCRIPT LOAD
        """
        scripts = list(self.scripts)
        digests = [script.sha for script in scripts]
        if not all(known := self._at_once("SCRIPT EXISTS", *digests)):
            for script, is_known in zip(scripts, known, strict=True):
                if not is_known:
                    script.sha = self._at_once("SCRIPT LOAD", script.script)

    def _at_once(self, *args: Any) -> Any:
        if self._lane is not None and self.connection is None:
            return self._lane.execute(self.response_callbacks, args, {})
        return self.immediate_execute_command(*args)


def _watch_broken(error: Exception) -> WatchError:
    name = type(error).__name__
    if isinstance(error, RedisConnectionError | RedisTimeoutError):
        name = name.removeprefix("Redis")
    return WatchError(f"A {name} occurred while watching one or more keys")


def annotate_exception(exception: Exception, number: int, command: Sequence[Any]) -> None:
    """Have an error say which of a pipeline's commands it is of; see :meth:`Pipeline.annotate_exception`."""
    words = " ".join(word.decode(errors="replace") if isinstance(word, bytes) else str(word) for word in command)
    shown = words if len(words) <= _LONGEST_COMMAND else f"{words[: _LONGEST_COMMAND - 3].rsplit(' ', 1)[0]}..."
    text = f"Command # {number} ({shown}) of pipeline caused error: {exception.args[0]}"
    exception.args = (text, *exception.args[1:])
