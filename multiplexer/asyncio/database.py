"""The handle for data: every command, on any thread or task, over the shared connection."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from inspect import isawaitable
from math import inf
from time import monotonic
from typing import Any, Literal, TypeVar, overload

from ..configuration import ReadFrom
from ..core.call_options import CallOptions, CommandFlags
from ..core.commands.command import Command
from ..core.commands.words import split_words
from ..core.types import AnyStr, Encodable, Key, Payload
from ..drivers.eventloop import Executor
from ..errors import DataError, WatchError
from ..retry import AbstractBackoff
from .across_slots import AcrossSlots
from .batch import Batch
from .commands import AdminCommands, DataCommands
from .leases import Lease, LeasedCall
from .lock import LockCommands
from .monitor import Monitor
from .pipeline import Pipeline
from .script import ScriptRegistry
from .transaction import Transaction

_UNSET: Any = object()

#: Seconds that a call is given whose time is over: it fails as any other that comes too late.
_LEAST_TIMEOUT = 0.001

_Handle = TypeVar("_Handle", bound="Handle")


class Handle(Executor):
    """What handles have in common: cheap, stateless, safe to share; a view costs nothing per call."""

    __slots__ = ()

    @property
    def database(self) -> int:
        """Index of the logical database."""
        return self._options.database

    @property
    def decodes(self) -> bool:
        """Whether text comes back as str."""
        return self._options.decode

    @property
    def is_plain(self) -> bool:
        """Whether commands are sent as they are: no key prefix, no renamed commands."""
        return self._plain

    @property
    def is_routed(self) -> bool:
        """Whether slots decide where a command goes: what holds several keys may have to be taken apart."""
        return self._strategy.splits

    def execute(self, *words: Encodable, decode: bool | None = None) -> Awaitable[Any]:
        """Send any command, for those without a method; keys, role and lane come from the command table.

        Args:
            words: The command's words, as ``"GET", "key"`` or ``"CONFIG GET", "maxmemory"``.
            decode: True or False forces str or bytes; None takes the handle's setting.

        Returns:
            The reply as the server sent it.

        Raises:
            CommandDisabledError: The command would disturb the shared connection (the message names the method
                to use), is disabled, or needs ``allowAdmin=true``.
            DataError: No command, or an argument that cannot be sent.
        """
        command, words = split_words(words)
        reply: Awaitable[Any] = self._execute(command, words, None, decode)
        return reply

    @property
    def loads_scripts(self) -> bool:
        """Whether a script can be put on the server that will run it, which behind a proxy nobody knows."""
        return self._guard.proxy is None

    def permit(self, command: Command) -> None:
        """Refuse what is sent by other ways than the methods where a proxy does not pass it on.

        Raises:
            CommandDisabledError: It does not.
        """
        self._guard.permit(command)

    @property
    def forgets(self) -> bool:
        """Whether nobody waits for the replies: fire-and-forget."""
        return self._options.forget

    def with_time_left(self: _Handle, started: float, most: float = inf) -> _Handle:
        """Return a view whose calls may take what is left of one call's time since ``started``, or ``most``."""
        left = started + min(self._options.timeout or self._driver.timeout, most) - monotonic()
        return self._view(self._options.replace(timeout=max(left, _LEAST_TIMEOUT)))

    def make_lock(self) -> Any:
        """Make a lock that orders calls, of this world's kind."""
        return self._driver.make_lock()

    def leased_call(self, command: Command, payload: Payload) -> LeasedCall:
        """Make a call that goes over a connection of its caller's own."""
        return LeasedCall(command, payload, self._options, self._options.timeout or self._driver.timeout)

    async def borrow(self, command: Command, payload: Payload) -> Lease:
        """Borrow a connection to the server a command belongs to; the lease must be ended.

        Raises:
            RedisError: There was none within the timeout.
        """
        lease: Lease = await self._driver.leases.borrow(self._strategy, self.leased_call(command, payload))
        return lease

    def _view(self: _Handle, options: CallOptions) -> _Handle:
        return type(self)(self._driver, self._strategy, self._guard, options)


class Database(Handle, DataCommands[AnyStr], LockCommands[AnyStr], ScriptRegistry[AnyStr]):
    """The commands, on one logical database. ``Database[bytes]``, or ``Database[str]`` with ``decode=True``."""

    __slots__ = ()

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
        key_prefix: str | bytes = ...,
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
        key_prefix: str | bytes = ...,
    ) -> Database[bytes]: ...

    @overload
    def with_options(
        self,
        *,
        timeout: float | None = ...,
        read_from: ReadFrom | None = ...,
        flags: CommandFlags = ...,
        retry: AbstractBackoff | None = ...,
        key_prefix: str | bytes = ...,
    ) -> Database[AnyStr]: ...

    def with_options(
        self,
        *,
        timeout: float | None = _UNSET,
        read_from: ReadFrom | None = _UNSET,
        flags: CommandFlags = _UNSET,
        decode: bool = _UNSET,
        retry: AbstractBackoff | None = _UNSET,
        key_prefix: str | bytes = _UNSET,
    ) -> Database[Any]:
        """Return a view of this handle with other settings; what is left out stays as it is.

        Args:
            timeout: Seconds a call may take; None for the multiplexer's own.
            read_from: Which role may serve reads; None for the multiplexer's own.
            flags: See :class:`CommandFlags`.
            decode: Whether text comes back as str.
            retry: Back-off between attempts after a reply that says "not applied".
            key_prefix: Put before every key; views of views nest.

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
            key_prefix=key_prefix,
        )
        return self._view(options)

    def across_slots(self) -> AcrossSlots[AnyStr]:
        """Return the commands that may be split up by hash slots, and those that concern all servers of a cluster."""
        return AcrossSlots(self)

    def batch(self) -> Batch[AnyStr]:
        """Collect commands that :meth:`Batch.execute` sends side by side, in one write."""
        return Batch(self)

    def pipeline(self, transaction: bool = True) -> Pipeline[AnyStr]:
        """Collect commands in redis-py's form; with ``transaction`` they run between MULTI and EXEC."""
        return Pipeline(self, transaction)

    def watch(self, *keys: Key) -> Pipeline[AnyStr]:
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
        return Pipeline(self, True, keys)

    @overload
    def transaction(self) -> Transaction[AnyStr]: ...

    @overload
    def transaction(
        self,
        func: Callable[[Pipeline[AnyStr]], Any],
        *watches: Key,
        value_from_callable: bool = False,
        watch_delay: float | None = None,
    ) -> Awaitable[Any]: ...

    def transaction(
        self,
        func: Callable[[Pipeline[AnyStr]], Any] | None = None,
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
            return Transaction(self)
        return self._transact(func, watches, value_from_callable, watch_delay)

    async def _transact(
        self,
        func: Callable[[Pipeline[AnyStr]], Any],
        watches: tuple[Key, ...],
        value_from_callable: bool,
        watch_delay: float | None,
    ) -> Any:
        while True:
            async with Pipeline(self, True, watches) as pipeline:
                value = func(pipeline)
                if True:  # ASYNC
                    if isawaitable(value):
                        value = await value
                try:
                    results = await pipeline.execute()
                except WatchError:
                    if watch_delay:
                        await self._driver.pause(watch_delay)
                    continue
                return value if value_from_callable else results


class Server(Handle, AdminCommands[AnyStr]):
    """The handle for one particular server; get it from ``mux.get_server(endpoint)``."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<Server {self.endpoint}>"

    @property
    def endpoint(self) -> str:
        """The server's address."""
        bridge = self._strategy.only
        return "" if bridge is None else str(bridge.endpoint)

    def in_database(self, index: int) -> Server[AnyStr]:
        """Return a view of this handle on another logical database."""
        return self._view(self._options.replace(database=index))

    def monitor(self) -> Monitor:
        """Watch the commands the server gets from any client.

        Redis command: MONITOR
        """
        return Monitor(self)

    @property
    def is_connected(self) -> bool:
        """Whether commands are sent at once."""
        bridge = self._strategy.only
        return bridge is not None and bridge.connection is not None


def changed_options(options: CallOptions, **changes: Any) -> CallOptions:
    """Return call options with some fields changed, checked; fields that are unset stay."""
    given = {name: value for name, value in changes.items() if value is not _UNSET}
    timeout = given.get("timeout")
    if timeout is not None and (isinstance(timeout, bool) or not isinstance(timeout, int | float) or not timeout > 0):
        raise DataError("with_options: timeout must be a positive number of seconds, or None")
    if not isinstance(given.get("flags", CommandFlags.NONE), CommandFlags):
        raise DataError("with_options: flags must be CommandFlags")
    if not isinstance(given.get("retry"), AbstractBackoff | None):
        raise DataError("with_options: retry must be a back-off of multiplexer.retry, or None")
    if not isinstance(given.get("read_from"), ReadFrom | None):
        raise DataError("with_options: read_from must be a ReadFrom, or None")
    if "key_prefix" in given:
        prefix = given["key_prefix"]
        if not isinstance(prefix, str | bytes):
            raise DataError("with_options: key_prefix must be str or bytes")
        given["key_prefix"] = options.key_prefix + (prefix.encode() if isinstance(prefix, str) else prefix)
    return options.replace(**given)
