"""Commands on keys in any hash slots, and on all servers of a cluster."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from time import monotonic
from typing import TYPE_CHECKING, Any, Generic

from ..configuration.hidden import shown
from ..core.cluster.splitting import Part
from ..core.commands.arguments import AnyField, non_empty, some_keys
from ..core.commands.batching import Queued, joined
from ..core.commands.hash_slots import key_bytes
from ..core.server_selection_strategy import pinned_to
from ..core.types import AnyStr, Encodable, Key, Pattern
from ..errors import AcrossSlotsError, CommandDisabledError, NoPermissionError, RedisError
from .batch import Batch
from .cluster_scan import can_scan, scan_cluster
from .server import Server

if TYPE_CHECKING:
    from .commands.scripting import ScriptText
    from .handle import Handle

Fill = Callable[[Batch[Any]], Any]


class AcrossSlots(Generic[AnyStr]):
    """Splits a command up by hash slots, sends the parts side by side, and puts the replies together again.

    Get it from :meth:`Database.across_slots`. What one server does at once happens here in several steps: others may
    see the keys of one slot changed and those of another not yet, and where a part fails the rest is done all the
    same. On a single server the commands are those of the database's handle.
    """

    __slots__ = ("_database",)

    def __init__(self, database: Handle[AnyStr]) -> None:
        self._database: Handle[AnyStr] = database

    @shown
    def __repr__(self) -> str:
        return f"<AcrossSlots of {self._database!r}>"

    # -- keys ------------------------------------------------------------------------------------------

    async def mget(self, keys: Key | Iterable[Key], *args: Key) -> list[AnyStr | None]:
        """Return the values of several keys in order, None for each that does not exist or is no string.

        Redis command: MGET

        Raises:
            AcrossSlotsError: A part failed.
            DataError: There is no key.
        """
        names = some_keys("MGET", keys, args)
        groups = self._groups(names)
        parts = await self._run("MGET", names, groups, lambda batch, part: batch.mget(part))
        values: list[AnyStr | None] = [None] * len(names)
        for indexes, found in zip(groups, parts, strict=True):
            for index, value in zip(indexes, found, strict=True):
                values[index] = value
        return values

    async def mset(self, mapping: Mapping[AnyField, Encodable]) -> bool:
        """Set several keys, those of each slot at once.

        Redis command: MSET

        Raises:
            AcrossSlotsError: A part failed; the others are set.
            DataError: The mapping is empty.
        """
        names: list[Any] = list(non_empty("MSET", "mapping", mapping))

        def fill(batch: Batch[Any], part: list[Any]) -> Any:
            return batch.mset({name: mapping[name] for name in part})

        await self._run("MSET", names, self._groups(names), fill)
        return True

    async def delete(self, *names: Key) -> int:
        """Delete keys; return how many there were.

        Redis command: DEL

        Raises:
            AcrossSlotsError: A part failed.
            DataError: There is no key.
        """
        return await self._count("DEL", names, lambda batch, part: batch.delete(*part))

    async def unlink(self, *names: Key) -> int:
        """Delete keys, freeing their memory in the background; return how many there were.

        Redis command: UNLINK

        Raises:
            AcrossSlotsError: A part failed.
            DataError: There is no key.
        """
        return await self._count("UNLINK", names, lambda batch, part: batch.unlink(*part))

    async def exists(self, *names: Key) -> int:
        """Return how many of the keys exist; one that is named twice counts twice.

        Redis command: EXISTS

        Raises:
            AcrossSlotsError: A part failed.
            DataError: There is no key.
        """
        return await self._count("EXISTS", names, lambda batch, part: batch.exists(*part))

    async def touch(self, *names: Key) -> int:
        """Note that keys were used just now; return how many there are.

        Redis command: TOUCH

        Raises:
            AcrossSlotsError: A part failed.
            DataError: There is no key.
        """
        return await self._count("TOUCH", names, lambda batch, part: batch.touch(*part))

    async def _count(self, command: str, names: tuple[Key, ...], fill: Callable[[Batch[Any], list[Any]], Any]) -> int:
        names = some_keys(command, names)
        return sum(await self._run(command, names, self._groups(names), fill))

    def _groups(self, names: Iterable[Key]) -> list[list[int]]:
        """Return the places of the keys, those together that one command may name."""
        return self._database._strategy.groups(names, self._database.key_prefix)

    async def _run(
        self,
        command: str,
        names: Iterable[Key],
        groups: list[list[int]],
        fill: Callable[[Batch[Any], list[Any]], Any],
    ) -> list[Any]:
        """Send one command for each group of keys; return the results, group by group."""
        keys = list(names)
        batch = self._batch()
        for indexes in groups:
            fill(batch, [keys[index] for index in indexes])
        results: list[Any] = await batch.execute(raise_on_error=False)
        errors: dict[bytes | str, BaseException] = {}
        for indexes, result in zip(groups, results, strict=True):
            if isinstance(result, Exception):
                errors.update((key_bytes(keys[index]), result) for index in indexes)
        if errors:
            raise AcrossSlotsError.of(command, errors)
        return results

    def _batch(self) -> Batch[AnyStr]:
        return Batch(self._database)

    # -- servers ---------------------------------------------------------------------------------------

    async def dbsize(self) -> int:
        """Return the number of keys on all primaries.

        Redis command: DBSIZE

        Raises:
            AcrossSlotsError: A server failed.
        """
        return sum(await self._on_all("DBSIZE", lambda batch: batch.execute_command("DBSIZE")))

    async def keys(self, pattern: Pattern = "*") -> list[AnyStr]:
        """Return all keys that match ``pattern``, of all primaries, which do nothing else meanwhile.

        Redis command: KEYS

        Raises:
            AcrossSlotsError: A server failed.
        """
        found = await self._on_all("KEYS", lambda batch: batch.keys(pattern))
        return [key for part in found for key in part]

    async def flushdb(self, asynchronous: bool = False) -> bool:
        """Delete every key of the database, on all primaries; needs ``allowAdmin``.

        Redis command: FLUSHDB

        Raises:
            AcrossSlotsError: A server failed.
            CommandDisabledError: Admin commands are not allowed.
        """
        words = ("FLUSHDB", "ASYNC") if asynchronous else ("FLUSHDB",)
        await self._on_all("FLUSHDB", lambda batch: batch.execute_command(*words))
        return True

    async def flushall(self, asynchronous: bool = False) -> bool:
        """Delete every key of every database, on all primaries; needs ``allowAdmin``.

        Redis command: FLUSHALL

        Raises:
            AcrossSlotsError: A server failed.
            CommandDisabledError: Admin commands are not allowed.
        """
        words = ("FLUSHALL", "ASYNC") if asynchronous else ("FLUSHALL",)
        await self._on_all("FLUSHALL", lambda batch: batch.execute_command(*words))
        return True

    async def script_load(self, script: ScriptText) -> str:
        """Have all primaries keep a script; return the digest to call it by.

        Redis command: SCRIPT LOAD

        Raises:
            AcrossSlotsError: A server failed.
        """
        found = await self._on_all("SCRIPT LOAD", lambda batch: batch.script_load(script))
        digest: str = found[0]
        return digest

    async def publish(self, channel: Key, message: Encodable) -> int:
        """Publish a message to the subscribers of every server: the servers of a cluster pass it on to one another.

        Redis command: PUBLISH

        Returns:
            How many clients received it from the server that was told; others do not say.
        """
        received: int = await self._database.execute("PUBLISH", channel, message)
        return received

    async def scan_iter(
        self, match: Pattern | None = None, count: int | None = None, _type: str | None = None
    ) -> AsyncIterator[AnyStr]:
        """Go through the keys of all primaries.

        Some may come up twice. Where all primaries have CLUSTERSCAN (Valkey 9.1), and the user may call it, slots may
        move from one server to another meanwhile, and nothing that stays is missed. Elsewhere servers are gone through
        one after the other with SCAN, and some may not come up at all while slots move.

        Redis commands: CLUSTERSCAN or SCAN

        Args:
            match: Only keys that match this pattern.
            count: About how much work a server does in one call.
            _type: Only keys that hold this kind of value, such as ``"hash"``.

        Raises:
            DataError: ``count`` is below one.
        """
        if can_scan(self._database):
            try:
                async for keys in scan_cluster(self._database, match, count, _type):
                    for key in keys:
                        yield key
                return
            except (CommandDisabledError, NoPermissionError):
                pass  # the first call says so, before there was any key
        database = self._database
        for bridge in database._strategy.covering():
            options = database._options.replace(pinned=True)
            server: Server[AnyStr] = Server(database._driver, pinned_to(bridge), database._guard, options)
            async for key in server.scan_iter(match, count, _type):
                yield key

    async def _on_all(self, command: str, fill: Fill) -> list[Any]:
        """Send a command to every primary; return the results."""
        database = self._database
        batch: Batch[AnyStr] = Batch(database)
        fill(batch)
        [queued], [payload] = batch.collected()
        handle = database._view(database._options.replace(pinned=True)).limited()
        deadline = monotonic() + (handle._options.timeout or handle._driver.timeout)
        bridges = database._strategy.covering()
        parts = [Part(bridge, [index], queued.command, joined([payload]), 1, 0) for index, bridge in enumerate(bridges)]
        errors: dict[bytes | str, BaseException] = {}
        results = []
        for part, outcome in zip(parts, await handle._send_units(parts, deadline), strict=True):
            reply = outcome if isinstance(outcome, BaseException) else outcome[0]
            again: Queued[Any] = Queued(queued.command, queued.convert, queued.decode)
            result = again.resolve(reply)
            if isinstance(result, RedisError):
                errors[str(part.bridge.endpoint)] = result
            elif isinstance(result, BaseException):
                raise result
            results.append(result)
        if errors:
            raise AcrossSlotsError.of(command, errors)
        return results
