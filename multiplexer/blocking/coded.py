# Generated from multiplexer/asyncio/coded.py by scripts/generate_blocking.py; change that file instead.
"""What collects commands for a handle with a codec.

The codec works where a command is collected and where its result is taken, which is in the caller that executes the
batch. A value that cannot be decoded is the error of its own command alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, Self

from ..configuration.hidden import shown
from ..core.coding.coder import Coder, followed_by
from ..core.commands.command import Command
from ..core.commands.conditions import Condition
from ..core.commands.words import split_words
from ..core.types import Encodable, Key, Value
from .across_slots import AcrossSlots
from .batch import BatchCollector, Collector
from .pipeline import PipelineCollector
from .transaction import TransactionCollector

if TYPE_CHECKING:
    from .commands.coded import CodedDataCommands, PipedCodedDataCommands, QueuedCodedDataCommands
    from .handle import Handle
else:
    from .commands import DataCommands

    class _Commands(DataCommands, Generic[Value]):
        __slots__ = ()

    QueuedCodedDataCommands = PipedCodedDataCommands = CodedDataCommands = _Commands


class CodedCollector(Collector[str]):
    """Collects commands whose values are a codec's.

    Args:
        database: The handle without the codec, which decodes.
        coder: The codec, and what is known of commands.
        args: What else the collector is made of.
    """

    if not TYPE_CHECKING:  # the type checker would take it that nothing can be set
        __slots__ = ()

    _coder: Coder

    def __init__(self, database: Handle[str], coder: Coder, *args: Any) -> None:
        super().__init__(database, *args)
        self._coder = coder

    def _execute(
        self,
        command: Command,
        args: tuple[Encodable, ...],
        convert: Callable[[Any], Any] | None = None,
        decode: bool | None = None,
    ) -> Any:
        prepared = self._coder.prepared(command, args)
        if prepared is None:
            return super()._execute(command, args, convert, decode)
        words, finish = prepared
        if finish is None:
            return super()._execute(command, words, convert, decode)
        return super()._execute(command, words, followed_by(convert, finish), False)

    if not TYPE_CHECKING:

        def execute_command(self, *words: Encodable, returns: object = None) -> Any:
            """Add any command, word by word; the codec has nothing to do with it.

            Raises:
                DataError: No command, or an argument that cannot be sent.
            """
            command, words = split_words(words)
            return super()._execute(command, words)

        def zadd(self, name: Key, mapping: Any, *args: Any, **options: Any) -> Any:
            return super().zadd(name, self._coder.scores(mapping), *args, **options)


class CodedBatch(CodedCollector, BatchCollector[str], QueuedCodedDataCommands[Value]):
    """A :class:`Batch` of a handle with a codec."""

    __slots__ = ("_coder",)


class CodedTransaction(CodedCollector, TransactionCollector[str], QueuedCodedDataCommands[Value]):
    """A :class:`Transaction` of a handle with a codec, which also encodes the values of conditions."""

    __slots__ = ("_coder",)

    def require(self, *conditions: Condition) -> Self:
        """Run only if all of these hold.

        Raises:
            DataError: Something is no condition.
            EncodeError: The value of a condition cannot be encoded.
        """
        encode = partial(self._coder.encoded, command="require", argument="a condition's value")
        return super().require(*[each.encoded(encode) if isinstance(each, Condition) else each for each in conditions])


class CodedPipeline(CodedCollector, PipelineCollector[str], PipedCodedDataCommands[Value]):
    """A :class:`Pipeline` of a handle with a codec."""

    __slots__ = ("_coder",)


if TYPE_CHECKING:

    class CodedWatchingPipeline(CodedCollector, PipelineCollector[str], CodedDataCommands[Value]):
        """A :class:`WatchingPipeline` of a handle with a codec."""

else:
    CodedWatchingPipeline = CodedPipeline


class CodedAcrossSlots(AcrossSlots[str], Generic[Value]):
    """What :meth:`Database.across_slots` returns, of a handle with a codec."""

    __slots__ = ("_coder",)

    def __init__(self, database: Handle[str], coder: Coder) -> None:
        super().__init__(database)
        self._coder = coder

    @shown
    def __repr__(self) -> str:
        return f"<CodedAcrossSlots of {self._database!r}>"

    def _batch(self) -> Any:
        return CodedBatch(self._database, self._coder)

    if TYPE_CHECKING:
        from collections.abc import Mapping

        from ..core.commands.arguments import AnyField

        def mget(self, keys: Key | Iterable[Key], *args: Key) -> list[Value | None]:  # type: ignore[override]
            """Return the values of several keys in order, None for each that does not exist or is no string."""
            raise NotImplementedError

        def mset(self, mapping: Mapping[AnyField, Value]) -> bool:  # type: ignore[override]
            """Set several keys, those of each slot at once."""
            raise NotImplementedError

    def publish(self, channel: Key, message: Value) -> int:  # type: ignore[override]
        """Publish a message to the subscribers of every server: the servers of a cluster pass it on to one another.

        Redis command: PUBLISH

        Returns:
            How many clients received it from the server that was told; others do not say.

        Raises:
            EncodeError: The message cannot be encoded.
        """
        return super().publish(channel, self._coder.encoded(message, "PUBLISH", "message"))
