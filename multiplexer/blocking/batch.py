# Generated from multiplexer/asyncio/batch.py by scripts/generate_blocking.py; change that file instead.
"""Commands that are collected first and then sent side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Generic, Self, overload

from ..core.commands.batching import (
    Placed,
    Queued,
    Result,
    batch_command,
    batch_results,
    in_transaction,
    joined,
    transaction_command,
    transaction_results,
)
from ..core.commands.command import Command
from ..core.commands.command_table import COMMANDS
from ..core.commands.fieldsets import IMPORT, Fieldset
from ..core.commands.scripts import SCRIPT_LOAD, ScriptSource
from ..core.commands.words import split_words
from ..core.preparation import Prepares
from ..core.results.common import ok
from ..core.types import AnyStr, Encodable, Key, Payload
from ..core.wire.resp import pack_command
from ..importing import importing
from .script_calls import load_missing

if TYPE_CHECKING:
    from .commands.collected import QueuedDataCommands
    from .handle import Handle
    from .session import WatchSession
else:
    from .commands import DataCommands as QueuedDataCommands

_MULTI = COMMANDS["MULTI"]


class Collector(Generic[AnyStr]):
    """Collects commands instead of sending them; the commands' methods are mixed into it."""

    __slots__ = (
        "_database",
        "_decode",
        "_fieldsets",
        "_pack",
        "_payloads",
        "_plain",
        "_queued",
        "_routed",
        "_scripts",
        "_session",
    )

    _collects_commands = True

    def __init__(self, database: Handle[Any]) -> None:
        self._database = database
        self._decode = database.decodes
        self._pack = database.pack
        self._plain = database.is_plain
        self._routed = database.is_routed
        #: The connection of its own that it works on, if it watches keys.
        self._session: WatchSession | None = None
        self._clear()

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
        decode = self._decode if decode is None else decode
        if self._routed:
            queued: Queued[Any] = Placed(command, convert, decode, args, self._database.key_prefix)
        else:
            queued = Queued(command, convert, decode)
        self._queued.append(queued)
        return queued

    def collect_script(self, script: ScriptSource, keys: Sequence[Key], args: Sequence[Encodable]) -> Any:
        """Add the call of a script; it is loaded before everything that was collected."""
        if not self._database.loads_scripts:
            return self._execute(script.by_text, script.words(keys, args, False))
        self._scripts[script.digest] = script
        return self._execute(script.by_digest, script.words(keys, args, True))

    def himport_set(self, key: Key, fieldset_name: str, values: Iterable[Encodable]) -> Any:
        """Add the setting of a hash; its server is told of the fields before everything that was collected.

        Redis command: HIMPORT SET (Redis 8.10)

        Raises:
            DataError: The name was not prepared, or the values are not as many as its fields.
        """
        fieldset, words = self._database.fieldsets.words(key, fieldset_name, values)
        self._fieldsets[fieldset] = None
        return self._execute(IMPORT, words, ok)

    def collected(self) -> tuple[list[Queued[Any]], list[Payload]]:
        """Return what was collected: the commands, and the same packed."""
        return self._queued, self._payloads

    def reset(self) -> None:
        """Forget everything collected."""
        self._clear()

    def _clear(self) -> None:
        self._payloads: list[Payload] = []
        self._queued: list[Queued[Any]] = []
        self._scripts: dict[str, ScriptSource] = {}
        self._fieldsets: dict[Fieldset, None] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.reset()

    def _send(self, raise_on_error: bool) -> list[Any]:
        queued, payloads, scripts, fieldsets = self._queued, self._payloads, self._scripts.values(), self._fieldsets
        self._clear()
        if not queued:
            return []
        if self._session is None and self._database.is_routed:
            replies = self._send_split(queued, payloads, scripts, fieldsets)
        else:
            replies = self._send_unit(batch_command(queued), payloads, len(queued), scripts, fieldsets)
        return checked(batch_results(queued, replies), raise_on_error)

    def _send_transaction(self, raise_on_error: bool) -> list[Any]:
        self._database.permit(_MULTI)
        queued, payloads, scripts, fieldsets = self._queued, self._payloads, self._scripts.values(), self._fieldsets
        self._clear()
        if not queued:
            return []
        command, sent = transaction_command(queued), in_transaction(payloads)
        replies = self._send_unit(command, sent, len(queued) + 2, scripts, fieldsets)
        return checked(transaction_results(queued, replies), raise_on_error)

    def _send_unit(
        self,
        command: Command,
        payloads: list[Payload],
        wanted: int,
        scripts: Iterable[ScriptSource],
        fieldsets: Iterable[Fieldset] = (),
    ) -> list[Any]:
        """Send packed commands side by side, the scripts and fields they need before them; return the raw replies."""
        if not scripts and not fieldsets:
            return self._transmit(command, joined(payloads), wanted, 0)
        loads = self._preliminaries(scripts, fieldsets)
        replies = self._transmit(command, joined(loads + payloads), len(loads) + wanted, len(loads))
        return replies[len(loads) :]

    def _send_split(
        self,
        queued: list[Queued[Any]],
        payloads: list[Payload],
        scripts: Iterable[ScriptSource],
        fieldsets: Iterable[Fieldset] = (),
    ) -> list[Any]:
        """Send packed commands in a cluster, each to the server of its keys; return the raw replies."""
        with importing:
            from .cluster_batch import send_split  # only now: most have no cluster

        database = self._database
        loads = self._preliminaries(scripts, fieldsets)
        if fieldsets:
            database = database.with_preparation(Prepares(*fieldsets))  # for those that are sent again by themselves
        return send_split(database, queued, payloads, loads)

    def _preliminaries(self, scripts: Iterable[ScriptSource], fieldsets: Iterable[Fieldset]) -> list[Payload]:
        """Return what goes before commands, so that servers have the scripts and fields they need."""
        database = self._database
        # One that cannot be loaded is found out before anything else is sent ...
        load_missing(database, scripts)
        # ... and with the unit itself each is loaded in any case: the server may have changed or forgotten it since,
        # and a script found missing in the middle would leave the others' effects without its own.
        loads: list[Payload] = [database.pack(SCRIPT_LOAD, script.loading(), True) for script in scripts]
        return loads + [fieldset.preparing for fieldset in fieldsets]

    def _transmit(self, command: Command, payload: tuple[bytes, ...], wanted: int, preliminary: int) -> list[Any]:
        if self._session is not None:
            return self._session.ask(command, payload, wanted, ends_watch=True)
        return self._database._send_unit(command, payload, wanted, preliminary)


class BatchCollector(Collector[AnyStr]):
    """What a batch does; the commands' methods are mixed into it."""

    __slots__ = ()

    @overload
    def execute_command(self, *words: Encodable, returns: type[Result]) -> Queued[Result]: ...

    @overload
    def execute_command(self, *words: Encodable) -> Queued[Any]: ...

    def execute_command(self, *words: Encodable, returns: object = None) -> Queued[Any]:
        """Add any command, word by word.

        Args:
            words: Its words.
            returns: What the reply is, such as ``int``: for type checkers, nothing is converted.

        Raises:
            DataError: No command, or an argument that cannot be sent.
        """
        command, words = split_words(words)
        queued: Queued[Any] = self._execute(command, words)
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


class Batch(BatchCollector[AnyStr], QueuedDataCommands[AnyStr]):
    """Sends its commands as one contiguous unit: nothing of other callers comes between them.

    It is not a transaction: the server may serve other clients meanwhile. Its methods return an object that
    has the command's own result once :meth:`execute` is done.
    """

    __slots__ = ()


def checked(results: list[Any], raise_on_error: bool) -> list[Any]:
    """Return results, or raise the first error among them."""
    if raise_on_error:
        for result in results:
            if isinstance(result, Exception):
                raise result
    return results
