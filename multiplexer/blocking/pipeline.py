# Generated from multiplexer/asyncio/pipeline.py by scripts/generate_blocking.py; change that file instead.
"""Pipelines in redis-py's form, with optimistic locking."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Self

from ..core.commands.batching import Queued, joined
from ..core.commands.command import Command
from ..core.commands.fieldsets import IMPORT, Fieldset
from ..core.commands.scripts import ScriptSource
from ..core.commands.words import split_words
from ..core.results.common import ok
from ..core.types import AnyStr, Encodable, Key
from ..errors import DataError
from .batch import Collector
from .session import WatchSession

if TYPE_CHECKING:
    from .commands import DataCommands
    from .commands.collected import PipedDataCommands
    from .handle import Handle
else:
    from .commands import DataCommands as PipedDataCommands


class PipelineCollector(Collector[AnyStr]):
    """What a pipeline does; the commands' methods are mixed into it."""

    __slots__ = ("_explicit", "_transaction", "_watched")

    def __init__(self, database: Handle[AnyStr], transaction: bool, watched: tuple[Key, ...] = ()) -> None:
        super().__init__(database)
        self._transaction = transaction
        self._watched = watched
        self._explicit = False

    def _execute(
        self,
        command: Command,
        args: tuple[Encodable, ...],
        convert: Callable[[Any], Any] | None = None,
        decode: bool | None = None,
    ) -> Any:
        if self._session is not None and not self._explicit:
            return self._ask(self._session, command, args, convert, decode)
        super()._execute(command, args, convert, decode)
        return self

    def collect_script(self, script: ScriptSource, keys: Sequence[Key], args: Sequence[Encodable]) -> Any:
        if self._session is not None and not self._explicit:
            # From its source: what the server of this connection knows would have to be asked first.
            return self._ask(self._session, script.by_text, script.words(keys, args, False), None, None)
        return super().collect_script(script, keys, args)

    def himport_set(self, key: Key, fieldset_name: str, values: Iterable[Encodable]) -> Any:
        if self._session is not None and not self._explicit:
            return self._import(self._session, *self._database.fieldsets.words(key, fieldset_name, values))
        return super().himport_set(key, fieldset_name, values)

    def _import(self, session: WatchSession, fieldset: Fieldset, words: tuple[Encodable, ...]) -> Any:
        queued: Queued[Any] = Queued(IMPORT, ok, self._decode)
        _, reply = session.ask(IMPORT, joined((fieldset.preparing, self._pack(IMPORT, words, True))), 2)
        queued.resolve(reply)
        return queued.result()

    def _ask(
        self,
        session: WatchSession,
        command: Command,
        args: tuple[Encodable, ...],
        convert: Callable[[Any], Any] | None,
        decode: bool | None,
    ) -> Any:
        payload = self._pack(command, args, True)
        if not self._plain:
            convert = self._database.converter(command, convert)
        queued: Queued[Any] = Queued(command, convert, self._decode if decode is None else decode)
        [reply] = session.ask(command, payload)
        queued.resolve(reply)
        return queued.result()

    def execute_command(self, *words: Encodable) -> Any:
        """Add any command, word by word; while watching, send it at once.

        Raises:
            DataError: No command, or an argument that cannot be sent.
        """
        command, words = split_words(words)
        return self._execute(command, words)

    # -- watching --------------------------------------------------------------------------------------

    def watch(self, *names: Key) -> bool:
        """Watch keys from now on; commands are sent at once until :meth:`multi`.

        Redis command: WATCH

        Raises:
            DataError: No key, or commands were collected already.
            RedisError: There was no connection, or it was lost.
        """
        if not names:
            raise DataError("watch: no key was given")
        if self._explicit or self._queued:
            raise DataError("watch: keys must be watched before commands are collected")
        if self._session is None:
            self._session = WatchSession(self._database)
        try:
            self._session.watch(names)
        finally:
            if not self._session.is_open:
                self._session = None
        return True

    def multi(self) -> Pipeline[AnyStr]:
        """Collect commands from here on, for a transaction.

        Redis command: MULTI

        Raises:
            DataError: It was called already, or commands were collected before.
        """
        if self._explicit:
            raise DataError("multi: the transaction has begun already")
        if self._queued:
            raise DataError("multi: commands were collected before; they would not be part of the transaction")
        self._explicit = True
        return self  # type: ignore[return-value]  # whatever type checkers take it for, it is a Pipeline

    def unwatch(self) -> bool:
        """Watch no longer, and give the connection back.

        Redis command: UNWATCH
        """
        self._end_session()
        return True

    def reset(self) -> None:
        """Forget everything collected, watch no longer, and give the connection back."""
        self._clear()
        self._end_session()

    def _end_session(self) -> None:
        session, self._session, self._explicit = self._session, None, False
        if session is not None:
            session.end()

    def __enter__(self) -> Self:
        if self._watched:
            self.watch(*self._watched)
        return self

    # -- executing -------------------------------------------------------------------------------------

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
            WatchError: A watched key was changed meanwhile, so nothing was run.
        """
        try:
            if self._transaction or self._explicit:
                return self._send_transaction(raise_on_error)
            return self._send(raise_on_error)
        finally:
            self._end_session()


class Pipeline(PipelineCollector[AnyStr], PipedDataCommands[AnyStr]):
    """Collects commands in redis-py's form: its methods return the pipeline, :meth:`execute` the results.

    After :meth:`watch` it works on a connection of its own: commands are sent at once and return their results, until
    :meth:`multi`; from there on they are collected again, and :meth:`execute` runs them only if no watched key was
    changed meanwhile. Leaving the ``with`` block gives the connection back.
    """

    __slots__ = ()


if TYPE_CHECKING:

    class WatchingPipeline(PipelineCollector[AnyStr], DataCommands[AnyStr]):
        """A pipeline as :meth:`Database.watch` returns it: until ``multi()``, methods return their commands' results.

        It is so for type checkers only, which cannot know whether ``multi()`` was called; what it returns they know.
        """

else:
    WatchingPipeline = Pipeline
