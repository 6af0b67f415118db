"""The handle for data: every command, on any thread or task, over the shared connection."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from inspect import isawaitable
from typing import TYPE_CHECKING, Any, Literal, Self, TypeVar, overload

from ..configuration import ReadFrom
from ..configuration.hidden import shown
from ..core.call_options import CommandFlags
from ..core.commands.command import ReplayCategory
from ..core.types import AnyStr, Encodable, Key, Pending, Value
from ..drivers.eventloop import Driver
from ..errors import DataError, WatchError
from ..importing import importing
from ..retry import AbstractBackoff
from .batch import Batch
from .commands import DataCommands
from .fieldsets import FieldsetCommands
from .handle import UNSET, Handle, changed_options
from .loading import LoadCommands
from .lock import LockCommands
from .script import ScriptRegistry

if TYPE_CHECKING:
    from ..core.call_options import CallOptions
    from ..core.coding.coder import Finish
    from ..core.coding.conversion import Codec
    from ..core.commands.command import Command
    from .across_slots import AcrossSlots
    from .coded import CodedAcrossSlots, CodedBatch, CodedPipeline, CodedTransaction, CodedWatchingPipeline
    from .commands.coded import CodedDataCommands
    from .pipeline import Pipeline, WatchingPipeline
    from .transaction import Transaction

#: The type of another codec's values.
_Other = TypeVar("_Other")


class Database(
    LoadCommands[AnyStr],
    LockCommands[AnyStr],
    ScriptRegistry[AnyStr],
    FieldsetCommands[AnyStr],
    Handle[AnyStr],
    DataCommands[AnyStr],
):
    """The commands, on one logical database. ``Database[bytes]``, or ``Database[str]`` with ``decode=True``."""

    __slots__ = ()

    @shown
    def __repr__(self) -> str:
        return f"<Database {self.database}>"

    @overload
    def with_options(
        self,
        *,
        codec: Codec[_Other],
        timeout: float | None = ...,
        read_from: ReadFrom | None = ...,
        flags: CommandFlags = ...,
        retry: AbstractBackoff | None = ...,
        retry_up_to: ReplayCategory = ...,
        key_prefix: str | bytes = ...,
        cached: bool | float = ...,
    ) -> CodedDatabase[_Other]: ...

    @overload
    def with_options(
        self,
        *,
        decode: Literal[True],
        codec: None = ...,
        timeout: float | None = ...,
        read_from: ReadFrom | None = ...,
        flags: CommandFlags = ...,
        retry: AbstractBackoff | None = ...,
        retry_up_to: ReplayCategory = ...,
        key_prefix: str | bytes = ...,
        cached: bool | float = ...,
    ) -> Database[str]: ...

    @overload
    def with_options(
        self,
        *,
        decode: Literal[False],
        codec: None = ...,
        timeout: float | None = ...,
        read_from: ReadFrom | None = ...,
        flags: CommandFlags = ...,
        retry: AbstractBackoff | None = ...,
        retry_up_to: ReplayCategory = ...,
        key_prefix: str | bytes = ...,
        cached: bool | float = ...,
    ) -> Database[bytes]: ...

    @overload
    def with_options(
        self,
        *,
        codec: None = ...,
        timeout: float | None = ...,
        read_from: ReadFrom | None = ...,
        flags: CommandFlags = ...,
        retry: AbstractBackoff | None = ...,
        retry_up_to: ReplayCategory = ...,
        key_prefix: str | bytes = ...,
        cached: bool | float = ...,
    ) -> Database[AnyStr]: ...

    def with_options(
        self,
        *,
        timeout: float | None = UNSET,
        read_from: ReadFrom | None = UNSET,
        flags: CommandFlags = UNSET,
        decode: bool = UNSET,
        retry: AbstractBackoff | None = UNSET,
        retry_up_to: ReplayCategory = UNSET,
        key_prefix: str | bytes = UNSET,
        cached: bool | float = UNSET,
        codec: Codec[Any] | None = UNSET,
    ) -> Any:
        """Return a view of this handle with other settings; what is left out stays as it is.

        Args:
            timeout: Seconds a call may take; None for the multiplexer's own.
            read_from: Which role may serve reads; None for the multiplexer's own.
            flags: See :class:`CommandFlags`.
            decode: Whether text comes back as str.
            retry: Back-off between attempts after a reply that says "not applied".
            retry_up_to: The most harmful category of commands that are sent again when their connection was lost after
                they were sent, although they may have been applied: ``READ_ONLY`` at first, up to ``ACCUMULATING``.
            key_prefix: Put before every key; views of views nest.
            cached: Whether replies are kept until the server says that they have changed, or for how many seconds at
                most.
            codec: What makes bytes of values and back; see :class:`CodedDatabase`. It decides about ``decode``, which
                must not be given.

        Raises:
            DataError: A value makes no sense; the message names the argument.
        """
        if codec is not UNSET and codec is not None:
            if decode is not UNSET:
                raise DataError("with_options: decode has no meaning with a codec, whose handles have names as str")
            decode = True
        options = changed_options(
            self._options,
            timeout=timeout,
            read_from=read_from,
            flags=flags,
            decode=decode,
            retry=retry,
            retry_up_to=retry_up_to,
            key_prefix=key_prefix,
        )
        view: Any
        if cached is UNSET:
            view = self._view(options)
        elif cached is False:
            view = Database(self._driver, self._strategy, self._guard, options)
        else:
            view = self._driver.make_cached(options, cached)
        return view if codec is UNSET or codec is None else CodedDatabase(view, codec)

    def across_slots(self) -> AcrossSlots[AnyStr]:
        """Return the commands that may be split up by hash slots, and those that concern all servers of a cluster."""
        with importing:
            from .across_slots import AcrossSlots  # only now, as are pipelines and transactions: few need all of them

        return AcrossSlots(self)

    def batch(self) -> Batch[AnyStr]:
        """Collect commands that :meth:`Batch.execute` sends side by side, in one write."""
        return Batch(self)

    def pipeline(self, transaction: bool = True) -> Pipeline[AnyStr]:
        """Collect commands in redis-py's form; with ``transaction`` they run between MULTI and EXEC."""
        with importing:
            from .pipeline import Pipeline

        return Pipeline(self, transaction)

    def watch(self, *keys: Key) -> WatchingPipeline[AnyStr]:
        """Watch keys on a connection of its own, for optimistic locking.

        ::

            async with db.watch("stock") as tx:
                left = int(await tx.get("stock") or 0)
                tx.multi()
                tx.set("stock", left - 1)
                await tx.execute()

        Redis commands: WATCH, MULTI, EXEC

        Raises:
            DataError: No key was given.
        """
        if not keys:
            raise DataError("watch: no key was given")
        with importing:
            from .pipeline import WatchingPipeline

        return WatchingPipeline(self, True, keys)

    @overload
    def transaction(self) -> Transaction[AnyStr]: ...

    @overload
    def transaction(
        self,
        func: Callable[[WatchingPipeline[AnyStr]], Any],
        *watches: Key,
        value_from_callable: bool = False,
        watch_delay: float | None = None,
    ) -> Pending[Any]: ...

    def transaction(
        self,
        func: Callable[[WatchingPipeline[AnyStr]], Any] | None = None,
        *watches: Key,
        value_from_callable: bool = False,
        watch_delay: float | None = None,
    ) -> Any:
        """Collect commands that run as one, if conditions hold; or run a function as an optimistic transaction.

        Args:
            func: Gets a pipeline that watches ``watches``; it reads what it needs, calls ``multi()`` and collects
                commands. It is called again each time a watched key was changed meanwhile. None: nothing is run,
                and the transaction is returned for commands and conditions.
            watches: Keys to watch.
            value_from_callable: Whether to return what ``func`` returned instead of the commands' results.
            watch_delay: Seconds between attempts.

        Returns:
            A :class:`Transaction`, or for a function the commands' results.

        Raises:
            DataError: Keys were given without a function.
            RedisError: The transaction could not be sent, or a command failed.
        """
        if func is None:
            if watches:
                raise DataError("transaction: keys to watch need a function; use require() for conditions")
            with importing:
                from .transaction import Transaction

            return Transaction(self)
        with importing:
            from .pipeline import WatchingPipeline

        watching = partial(WatchingPipeline, self, True, watches)
        return _transact(self._driver, watching, func, value_from_callable, watch_delay)


async def _transact(
    driver: Driver,
    watching: Callable[[], Any],
    func: Callable[[Any], Any],
    value_from_callable: bool,
    watch_delay: float | None,
) -> Any:
    """Run a function as an optimistic transaction until no watched key was changed meanwhile.

    Args:
        driver: The handle's.
        watching: Makes a pipeline that watches them.
        func: What is called with it.
        value_from_callable: Whether to return what ``func`` returned instead of the commands' results.
        watch_delay: Seconds between attempts.
    """
    while True:
        async with watching() as pipeline:
            value = func(pipeline)
            if True:  # ASYNC
                if isawaitable(value):
                    value = await value
            try:
                results = await pipeline.execute()
            except WatchError:
                if watch_delay:
                    await driver.pause(watch_delay)
                continue
            return value if value_from_callable else results


if TYPE_CHECKING:

    class _Coded(LockCommands[str], ScriptRegistry[str], Handle[str], CodedDataCommands[Value]):
        """What a handle with a codec has beside its own methods."""

else:
    _Coded = Database


class CodedDatabase(_Coded[Value]):
    """The commands, on one logical database, with values of the application's own types.

    A codec makes bytes of every value that is sent, and a value of what comes; keys, fields, ids and whatever else is
    no value come back as str. Get it from :meth:`Database.with_options`. The codec works in the caller; where it cannot
    decode a value, its caller gets a :class:`~multiplexer.errors.DecodeError`, and nobody else notices.

    Sets come as lists, as not every value has a hash. Commands on a piece of a value (APPEND, GETRANGE, SETRANGE, LCS)
    are refused; scripts, functions and :meth:`execute` have nothing to do with the codec.
    """

    __slots__ = ("_coder", "_raw", "_text")

    def __init__(self, text: Database[str], codec: Codec[Value]) -> None:
        """Use :meth:`Database.with_options` instead.

        Raises:
            DataError: The codec is none.
        """
        with importing:
            from ..core.coding.coder import Coder

        super().__init__(text._driver, text._strategy, text._guard, text._options)
        self._coder = Coder(codec)
        #: The same handle with text, for whatever is no value, and with bytes.
        self._text = text
        self._raw: Database[bytes] = text.with_options(decode=False)

    @shown
    def __repr__(self) -> str:
        return f"<CodedDatabase {self.database}: {type(self.codec).__name__}>"

    @property
    def codec(self) -> Codec[Value]:
        """What makes bytes of values and back."""
        return self._coder.codec

    def _view(self, options: CallOptions) -> Any:
        # For locks, sessions and the like, which have no values of the codec's.
        return self._text._view(options)

    @overload
    def with_options(
        self,
        *,
        codec: Codec[_Other],
        timeout: float | None = ...,
        read_from: ReadFrom | None = ...,
        flags: CommandFlags = ...,
        retry: AbstractBackoff | None = ...,
        retry_up_to: ReplayCategory = ...,
        key_prefix: str | bytes = ...,
        cached: bool | float = ...,
    ) -> CodedDatabase[_Other]: ...

    @overload
    def with_options(
        self,
        *,
        codec: None,
        timeout: float | None = ...,
        read_from: ReadFrom | None = ...,
        flags: CommandFlags = ...,
        retry: AbstractBackoff | None = ...,
        retry_up_to: ReplayCategory = ...,
        key_prefix: str | bytes = ...,
        cached: bool | float = ...,
    ) -> Database[str]: ...

    @overload
    def with_options(
        self,
        *,
        timeout: float | None = ...,
        read_from: ReadFrom | None = ...,
        flags: CommandFlags = ...,
        retry: AbstractBackoff | None = ...,
        retry_up_to: ReplayCategory = ...,
        key_prefix: str | bytes = ...,
        cached: bool | float = ...,
    ) -> Self: ...

    def with_options(
        self,
        *,
        timeout: float | None = UNSET,
        read_from: ReadFrom | None = UNSET,
        flags: CommandFlags = UNSET,
        retry: AbstractBackoff | None = UNSET,
        retry_up_to: ReplayCategory = UNSET,
        key_prefix: str | bytes = UNSET,
        cached: bool | float = UNSET,
        codec: Codec[Any] | None = UNSET,
    ) -> Any:
        """Return a view of this handle with other settings; what is left out stays as it is.

        Args:
            timeout: See :meth:`Database.with_options`, as for the others.
            read_from: Which role may serve reads.
            flags: See :class:`CommandFlags`.
            retry: Back-off between attempts.
            retry_up_to: The most harmful category of commands that are sent again.
            key_prefix: Put before every key.
            cached: Whether replies are kept, as they came; each caller has the codec make a value of its own.
            codec: Another codec, or None for a handle without one, which decodes text.

        Raises:
            DataError: A value makes no sense; the message names the argument.
        """
        text = self._text.with_options(
            timeout=timeout,
            read_from=read_from,
            flags=flags,
            retry=retry,
            retry_up_to=retry_up_to,
            key_prefix=key_prefix,
            cached=cached,
        )
        if codec is None:
            return text
        return CodedDatabase(text, self.codec if codec is UNSET else codec)

    # -- sending -----------------------------------------------------------------------------------------

    def _execute(
        self,
        command: Command,
        args: tuple[Encodable, ...],
        convert: Callable[[Any], Any] | None = None,
        decode: bool | None = None,
    ) -> Any:
        prepared = self._coder.prepared(command, args)
        if prepared is None:
            return self._text._execute(command, args, convert, decode)
        words, finish = prepared
        if finish is None:
            return self._text._execute(command, words, convert, decode)
        return self._finished(self._raw._execute(command, words, convert), finish)

    def _finished(self, pending: Pending[Any], finish: Finish) -> Any:
        """Have a result finished in its caller, not where replies are read."""
        return pending if self.forgets else _finish(pending, finish)

    if not TYPE_CHECKING:  # as the bases have them

        def execute(self, *words: Encodable, decode: bool | None = None, returns: object = None) -> Pending[Any]:
            return self._text.execute(*words, decode=decode)

        def get(self, name: Key) -> Pending[Any]:
            return self._finished(self._raw.get(name), self._coder.values("GET"))  # which may be kept

        def mget(self, keys: Key | Iterable[Key], *args: Key) -> Pending[list[Any]]:
            return self._finished(self._raw.mget(keys, *args), self._coder.values("MGET"))

        def zadd(self, name: Key, mapping: Any, *args: Any, **options: Any) -> Pending[Any]:
            return super().zadd(name, self._coder.scores(mapping), *args, **options)

        def lock_take(self, key: Key, value: Key, expiry: float) -> Pending[bool]:
            return self._text.lock_take(key, value, expiry)

        def lock_query(self, key: Key) -> Pending[str | None]:
            return self._text.lock_query(key)

    @overload
    async def get_or_load(
        self,
        key: Key,
        *,
        loader: Callable[[], Awaitable[Value] | Value],
        ttl: float,
        negative_ttl: float | None = ...,
        beta: float = ...,
        load_timeout: float = ...,
    ) -> Value: ...

    @overload
    async def get_or_load(
        self,
        key: Key,
        *,
        loader: Callable[[], Awaitable[Value | None] | Value | None],
        ttl: float,
        negative_ttl: float | None = ...,
        beta: float = ...,
        load_timeout: float = ...,
    ) -> Value | None: ...

    async def get_or_load(
        self,
        key: Key,
        *,
        loader: Callable[[], Any],
        ttl: float,
        negative_ttl: float | None = None,
        beta: float = 0.0,
        load_timeout: float = 10.0,
    ) -> Any:
        """Return the value of ``key``; where there is none have it made. See :meth:`Database.get_or_load`.

        Args:
            key: The key.
            loader: Makes a value of the codec's type, or returns None for no value.
            ttl: Seconds for which the value is kept.
            negative_ttl: Seconds for which it is kept that there is none.
            beta: How likely a value is made anew before it expires.
            load_timeout: Seconds after which a loader counts as dead.

        Raises:
            EncodeError: What the loader returned cannot be encoded.
            DecodeError: What is kept cannot be decoded.
            DataError: An argument makes no sense, or the loader asks for its own key.
            RedisError: The server could not be asked.
            Exception: What the loader raised.
        """
        if not callable(loader):
            raise DataError(f"get_or_load: loader must be a function, not {loader!r}")

        async def encoding() -> bytes | None:
            value = loader()
            if True:  # ASYNC
                if isawaitable(value):
                    value = await value
            return None if value is None else self._coder.encoded(value, "get_or_load", "loader")

        found = await self._raw.get_or_load(
            key, loader=encoding, ttl=ttl, negative_ttl=negative_ttl, beta=beta, load_timeout=load_timeout
        )
        return self._coder.values("get_or_load")(found)

    # -- collecting --------------------------------------------------------------------------------------

    def across_slots(self) -> CodedAcrossSlots[Value]:
        """Return the commands that may be split up by hash slots, and those that concern all servers of a cluster."""
        with importing:
            from .coded import CodedAcrossSlots

        return CodedAcrossSlots(self._text, self._coder)

    def batch(self) -> CodedBatch[Value]:
        """Collect commands that are sent side by side, in one write; see :class:`Batch`."""
        with importing:
            from .coded import CodedBatch

        return CodedBatch(self._text, self._coder)

    def pipeline(self, transaction: bool = True) -> CodedPipeline[Value]:
        """Collect commands in redis-py's form; with ``transaction`` they run between MULTI and EXEC."""
        with importing:
            from .coded import CodedPipeline

        return CodedPipeline(self._text, self._coder, transaction)

    def watch(self, *keys: Key) -> CodedWatchingPipeline[Value]:
        """Watch keys on a connection of its own, for optimistic locking; see :meth:`Database.watch`.

        Redis commands: WATCH, MULTI, EXEC

        Raises:
            DataError: No key was given.
        """
        if not keys:
            raise DataError("watch: no key was given")
        return self._watching(keys)

    def _watching(self, keys: tuple[Key, ...]) -> CodedWatchingPipeline[Value]:
        with importing:
            from .coded import CodedWatchingPipeline

        return CodedWatchingPipeline(self._text, self._coder, True, keys)

    @overload
    def transaction(self) -> CodedTransaction[Value]: ...

    @overload
    def transaction(
        self,
        func: Callable[[CodedWatchingPipeline[Value]], Any],
        *watches: Key,
        value_from_callable: bool = False,
        watch_delay: float | None = None,
    ) -> Pending[Any]: ...

    def transaction(
        self,
        func: Callable[[CodedWatchingPipeline[Value]], Any] | None = None,
        *watches: Key,
        value_from_callable: bool = False,
        watch_delay: float | None = None,
    ) -> Any:
        """Collect commands that run as one, if conditions hold; or run a function as an optimistic transaction.

        Values of conditions are the codec's, too. See :meth:`Database.transaction`.

        Args:
            func: Gets a pipeline that watches ``watches``; None: nothing is run, and the transaction is returned.
            watches: Keys to watch.
            value_from_callable: Whether to return what ``func`` returned instead of the commands' results.
            watch_delay: Seconds between attempts.

        Raises:
            DataError: Keys were given without a function.
            RedisError: The transaction could not be sent, or a command failed.
        """
        if func is None:
            if watches:
                raise DataError("transaction: keys to watch need a function; use require() for conditions")
            with importing:
                from .coded import CodedTransaction

            return CodedTransaction(self._text, self._coder)
        watching = partial(self._watching, watches)
        return _transact(self._driver, watching, func, value_from_callable, watch_delay)


async def _finish(pending: Pending[Any], finish: Finish) -> Any:
    return finish(await pending)
