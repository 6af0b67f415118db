"""A cluster's pipeline: commands that are collected, and sent to each node together."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from ...configuration import EndPoint
from ...core.commands.hash_slots import NO_SLOT
from ...core.commands.words import split_words
from ...errors import (
    AskError,
    ClusterDownError,
    MaxConnectionsError,
    MovedError,
    RedisClusterException,
    RedisConnectionError,
    RedisError,
    RedisTimeoutError,
    ResponseError,
    SlotNotCoveredError,
    TryAgainError,
)
from .cluster_client import RedisCluster
from .cluster_commands import TARGET_NODES
from .pipeline import annotate_exception
from .shared import StackEntry

if TYPE_CHECKING:
    from .scripting import Script

#: What is tried again by itself, as redis-py does; it may have been run.
_AGAIN = (AskError, TryAgainError, ClusterDownError, SlotNotCoveredError, RedisConnectionError, RedisTimeoutError)


class ClusterPipeline(RedisCluster):
    """Collects commands; get it from :meth:`RedisCluster.pipeline`.

    Command methods return the pipeline, :meth:`execute` the results. Commands without keys go to the default node. What
    a node refuses because a slot has moved, and what was lost with a connection, is sent again by itself.

    Args:
        client: The client it is of.

    Attributes:
        command_stack: What was collected, each as its words and its options.
        scripts: The scripts that were collected calls of.
    """

    _collects_commands = True

    def __init__(self, client: RedisCluster) -> None:
        self.client = client
        self.connection_pool = client.connection_pool
        self.auto_close_connection_pool = False
        self.retry = client.retry
        self.load_balancing_strategy = client.load_balancing_strategy
        self.response_callbacks = client.response_callbacks
        self.nodes_manager = client.nodes_manager
        self._lanes = client._lanes
        self.command_stack: list[StackEntry] = []
        self.scripts: set[Script] = set()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self.client!r}: {len(self)} commands>"

    def __len__(self) -> int:
        return len(self.command_stack)

    def __bool__(self) -> bool:
        return True

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.reset()

    if True:  # ASYNC

        def __await__(self) -> Generator[Any, None, Self]:
            return self._itself().__await__()

        async def _itself(self) -> Self:
            return self

    async def reset(self) -> None:
        """Forget everything collected."""
        self.command_stack = []
        self.scripts = set()

    # -- collecting ------------------------------------------------------------------------------------

    def execute_command(self, *args: Any, **kwargs: Any) -> Any:
        """Collect a command.

        Raises:
            RedisClusterException: It would go to several nodes, or to none that can be told.
        """
        return self.pipeline_execute_command(*args, **kwargs)

    def pipeline_execute_command(self, *args: Any, **options: Any) -> Self:
        """Collect a command."""
        self.command_stack.append((args, options))
        return self

    def _refuse(self, name: str) -> RedisClusterException:
        return RedisClusterException(f"{name} is not supported outside of a transaction: pipeline(transaction=True)")

    def watch(self, *names: Any) -> Any:
        """Raise RedisClusterException: a transaction can watch, see :meth:`RedisCluster.pipeline`."""
        raise self._refuse("WATCH")

    def unwatch(self) -> Any:
        """Raise RedisClusterException: a transaction can watch, see :meth:`RedisCluster.pipeline`."""
        raise self._refuse("UNWATCH")

    def multi(self) -> Any:
        """Raise RedisClusterException: there are transactions, see :meth:`RedisCluster.pipeline`."""
        raise self._refuse("MULTI")

    def discard(self) -> Any:
        """Raise RedisClusterException: there are transactions, see :meth:`RedisCluster.pipeline`."""
        raise self._refuse("DISCARD")

    def _one_by_one(self, name: str, keys: Sequence[Any]) -> Self:
        """Collect a command that counts keys; in a pipeline it is one command, and so for keys of one slot."""
        return self.pipeline_execute_command(name, *keys)

    def delete(self, *names: Any) -> Any:
        """Collect a DEL of keys in one slot."""
        return self._one_by_one("DEL", names)

    def exists(self, *names: Any) -> Any:
        """Collect an EXISTS of keys in one slot."""
        return self._one_by_one("EXISTS", names)

    def touch(self, *args: Any) -> Any:
        """Collect a TOUCH of keys in one slot."""
        return self._one_by_one("TOUCH", args)

    def unlink(self, *names: Any) -> Any:
        """Collect an UNLINK of keys in one slot."""
        return self._one_by_one("UNLINK", names)

    def mget_nonatomic(self, keys: Any, *args: Any) -> Any:
        """Raise RedisClusterException: its results would be several."""
        raise RedisClusterException("mget_nonatomic is not supported in a pipeline: use mget for each slot")

    def mset_nonatomic(self, mapping: Any) -> Any:
        """Raise RedisClusterException: its results would be several."""
        raise RedisClusterException("mset_nonatomic is not supported in a pipeline: use mset for each slot")

    # -- running ---------------------------------------------------------------------------------------

    async def execute(self, raise_on_error: bool = True) -> list[Any]:
        """Send everything collected and return the results, in the order of the calls.

        Args:
            raise_on_error: Whether the first error is raised; otherwise errors stand in the place of their results.

        Raises:
            RedisClusterException: It cannot be told where to send a command; nothing was sent.
            RedisError: A command failed, or could not be sent.
        """
        stack, scripts = self.command_stack, self.scripts
        self.command_stack, self.scripts = [], set()
        if not stack:
            return []
        if not self.connection_pool.is_settled:
            await self.connection_pool.initialize()
        places = self._by_node(stack)
        for script in scripts:
            script.sha = await self.client.execute_command("SCRIPT LOAD", script.script)
        results: list[Any] = [None] * len(stack)
        if self._lanes is not None:
            await self._send_shared(stack, places, results)
        else:
            await self._send_all(stack, places, results)
        if self._lanes is None:  # which follow redirections themselves
            await self._repeat(stack, results)
        for number, result in enumerate(results):
            if isinstance(result, ResponseError):
                annotate_exception(result, number + 1, stack[number][0])
            if raise_on_error and isinstance(result, Exception):
                raise result
        return results

    def _by_node(self, stack: Sequence[StackEntry]) -> dict[EndPoint, list[int]]:
        """Return the places of each node's commands in the stack."""
        places: dict[EndPoint, list[int]] = {}
        for number, (args, options) in enumerate(stack):
            command, words = split_words(args)
            endpoints = self._endpoints(command, words, options.get(TARGET_NODES))
            if len(endpoints) != 1:
                raise RedisClusterException(f"{command.name} is not supported in a pipeline: it is for several nodes")
            places.setdefault(endpoints[0], []).append(number)
        return places

    async def _send_shared(
        self, stack: Sequence[StackEntry], places: dict[EndPoint, list[int]], results: list[Any]
    ) -> None:
        """Send what has keys as one batch, and what is for certain nodes beside it."""
        groups: dict[EndPoint | None, list[int]] = {}
        for endpoint, numbers in places.items():
            for number in numbers:
                args, options = stack[number]
                keyed = TARGET_NODES not in options and self._slot(*split_words(args)) != NO_SLOT
                groups.setdefault(None if keyed else endpoint, []).append(number)
        for where, numbers in groups.items():
            entries = [(args, _without_target(options)) for args, options in (stack[number] for number in numbers)]
            replies = await self._lanes.execute_stack(self.response_callbacks, entries, where, annotate_exception)
            for number, reply in zip(numbers, replies, strict=True):
                results[number] = reply

    async def _send_all(
        self, stack: Sequence[StackEntry], places: dict[EndPoint, list[int]], results: list[Any]
    ) -> None:
        """Send each node its commands, to as many nodes at a time as there are connections to be had."""
        left = dict(places)
        while left:
            held: dict[EndPoint, Any] = {}
            try:
                for endpoint in tuple(left):
                    numbers = left[endpoint]
                    try:
                        connection = await self._connection(endpoint, bool(held))
                    except MaxConnectionsError:
                        if not held:
                            raise
                        continue  # with its turn, once these were given back
                    except (RedisConnectionError, RedisTimeoutError) as error:
                        _fail(numbers, results, error)
                        del left[endpoint]
                        continue
                    held[endpoint] = connection
                    await self._send(connection, stack, left[endpoint], results)
                for endpoint, connection in held.items():
                    await self._receive(connection, stack, left.pop(endpoint), results)
            finally:
                for connection in held.values():
                    await self.connection_pool.release(connection)

    async def _connection(self, endpoint: EndPoint, only_if_free: bool) -> Any:
        """Take a connection; whoever holds one already does not wait for another, or two would wait for each other."""
        pool = self.connection_pool
        if not only_if_free:
            return await pool.get_connection_by_node(endpoint)
        connection = pool.get_available_connection(endpoint)
        if not connection.is_reusable():
            await pool._prepare(connection)
        return connection

    async def _send(
        self, connection: Any, stack: Sequence[StackEntry], numbers: Sequence[int], results: list[Any]
    ) -> None:
        try:
            await connection.send_packed_command(connection.pack_commands([stack[number][0] for number in numbers]))
        except (RedisConnectionError, RedisTimeoutError) as error:
            _fail(numbers, results, error)

    async def _receive(
        self, connection: Any, stack: Sequence[StackEntry], numbers: Sequence[int], results: list[Any]
    ) -> None:
        for place, number in enumerate(numbers):
            if isinstance(results[number], RedisError):
                return  # they were not even sent
            args, options = stack[number]
            given = _without_target(options)
            try:
                results[number] = await self.parse_response(connection, args[0], **given)
            except ResponseError as error:
                results[number] = error
            except (RedisConnectionError, RedisTimeoutError) as error:
                if connection.is_connected:
                    results[number] = error  # an answer, of a node that is loading
                    continue
                _fail(numbers[place:], results, error)
                self.connection_pool.suspect(connection.node)
                return

    async def _repeat(self, stack: Sequence[StackEntry], results: list[Any]) -> None:
        """Send what may succeed elsewhere, or later, again by itself and in order."""
        if any(isinstance(result, MovedError) for result in results):
            await self.connection_pool.refresh()
        for number, (args, options) in enumerate(stack):
            if isinstance(results[number], _AGAIN) and not isinstance(results[number], self._FINAL):
                try:
                    results[number] = await self.client.execute_command(*args, **options)
                except (RedisError, RedisClusterException) as error:
                    results[number] = error


def _without_target(options: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if name != TARGET_NODES}


def _fail(numbers: Sequence[int], results: list[Any], error: Exception) -> None:
    for number in numbers:
        results[number] = error
