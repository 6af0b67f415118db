# Generated from multiplexer/asyncio/database.py by scripts/generate_blocking.py; change that file instead.
"""The handle for data: every command, on any thread or task, over the shared connection."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal, overload

from ..configuration import ReadFrom
from ..configuration.hidden import shown
from ..core.call_options import CommandFlags
from ..core.commands.command import ReplayCategory
from ..core.types import AnyStr, Key
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
    from .across_slots import AcrossSlots
    from .pipeline import Pipeline, WatchingPipeline
    from .transaction import Transaction


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
        decode: Literal[True],
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
    ) -> Database[Any]:
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

        Raises:
            DataError: A value makes no sense; the message names the argument.
        """
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
        if cached is UNSET:
            return self._view(options)
        if cached is False:
            return Database(self._driver, self._strategy, self._guard, options)
        view: Database[Any] = self._driver.make_cached(options, cached)
        return view

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

            with db.watch("stock") as tx:
                left = int(tx.get("stock") or 0)
                tx.multi()
                tx.set("stock", left - 1)
                tx.execute()

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
    ) -> Any: ...

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
        return self._transact(func, watches, value_from_callable, watch_delay)

    def _transact(
        self,
        func: Callable[[WatchingPipeline[AnyStr]], Any],
        watches: tuple[Key, ...],
        value_from_callable: bool,
        watch_delay: float | None,
    ) -> Any:
        with importing:
            from .pipeline import WatchingPipeline

        while True:
            with WatchingPipeline(self, True, watches) as pipeline:
                value = func(pipeline)
                try:
                    results = pipeline.execute()
                except WatchError:
                    if watch_delay:
                        self._driver.pause(watch_delay)
                    continue
                return value if value_from_callable else results
