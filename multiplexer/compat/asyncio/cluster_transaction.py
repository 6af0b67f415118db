"""A cluster's transaction: commands on keys of one slot, run together or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from ...configuration.hidden import shown
from ...core.commands.hash_slots import NO_SLOT
from ...core.commands.words import split_words
from ...errors import (
    AskError,
    ClusterDownError,
    CrossSlotTransactionError,
    RedisClusterException,
    TryAgainError,
    WatchError,
)
from .cluster_nodes import NodePool
from .shared_lane import StackEntry
from .standalone import Pipeline

if TYPE_CHECKING:
    from .cluster_base import BaseClusterClient

#: Nothing was run: the slot is moving, or nobody serves it for a moment.
_NOT_RUN = (AskError, TryAgainError, ClusterDownError)


class ClusterTransaction(Pipeline):
    """Collects commands and runs them between MULTI and EXEC; get it from ``RedisCluster.pipeline(True)``.

    All keys must lie in one slot, those that are watched too; of those that were collected it is :meth:`execute` that
    says so. Where the slot has moved the transaction is run at its new node, unless keys were watched.

    Args:
        client: The client it is of.
    """

    def __init__(self, client: BaseClusterClient) -> None:
        self._owner = client
        self._nodes = NodePool(client.connection_pool)
        #: The first that was collected with keys of another slot.
        self._stray: CrossSlotTransactionError | None = None
        super().__init__(self._nodes, client.response_callbacks, True, None)
        if client._lanes is not None:
            self._lane = client._lanes.by_slot  # unless keys are watched, which takes a connection of one's own

    @shown
    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._owner!r}: {len(self)} commands>"

    def pipeline_execute_command(self, *args: Any, **options: Any) -> Self:
        """Collect a command.

        Raises:
            CrossSlotTransactionError: Its own keys lie in several slots.
        """
        self._stray = self._stray or self._strays(args)
        return super().pipeline_execute_command(*args, **options)

    def _strays(self, args: tuple[Any, ...]) -> CrossSlotTransactionError | None:
        """Return what is wrong with a command whose keys lie in another slot than those before, or None.

        Raises:
            CrossSlotTransactionError: Its own keys lie in several slots.
        """
        command, words = split_words(args)
        try:
            slot = self._owner._slot(command, words)
        except RedisClusterException as error:
            raise CrossSlotTransactionError(
                f"All keys involved in a cluster transaction must map to the same slot. {error}"
            ) from None
        if self._nodes.slot is None and slot != NO_SLOT:
            self._nodes.slot = slot
        if slot in (NO_SLOT, self._nodes.slot):
            return None
        return CrossSlotTransactionError(
            f"All keys involved in a cluster transaction must map to the same slot: {command.name} is for slot "
            f"{slot}, what was before it for slot {self._nodes.slot}"
        )

    async def execute(self, raise_on_error: bool = True) -> list[Any]:
        """Run everything collected and return the results; see :meth:`Pipeline.execute`.

        Raises:
            CrossSlotTransactionError: Not all keys lie in one slot; nothing was sent.
        """
        stray = self._stray
        if stray is None:
            return await super().execute(raise_on_error)
        await self.reset()
        raise stray

    async def load_scripts(self) -> None:
        """Have every primary know the scripts that were collected calls of.

        Redis command: SCRIPT LOAD
        """
        for script in tuple(self.scripts):
            script.sha = await self._owner.execute_command("SCRIPT LOAD", script.script)

    async def reset(self) -> None:
        self._stray = None
        await super().reset()
        self._nodes.slot = None

    async def discard(self) -> None:
        """Forget everything collected, and watch nothing any longer."""
        await self.reset()

    async def _execute_on_own(self, stack: list[StackEntry], transaction: bool, raise_on_error: bool) -> list[Any]:
        failures = 0
        while True:
            watched = self.watching
            try:
                return await super()._execute_on_own(stack, transaction, raise_on_error)
            except _NOT_RUN as error:
                failures += 1
                if watched:
                    raise WatchError("The slot of the watched keys is moving to another node") from error
                if 0 <= self._owner.retry.get_retries() < failures:
                    raise
                await self._leave_node()
                await self._owner._recover(error, failures)

    async def _leave_node(self) -> None:
        """Give the connection back: the slot may be another node's."""
        connection, self.connection = self.connection, None
        if connection is not None:
            await self.connection_pool.release(connection)

    async def immediate_execute_command(self, *args: Any, **options: Any) -> Any:
        """Send a command at once, over the transaction's own connection, and return its result.

        Raises:
            CrossSlotTransactionError: Its keys lie in another slot than those before; it was not sent.
            WatchError: The connection was lost while keys were watched, or their slot has moved.
            RedisError: The command failed.
        """
        stray = self._strays(args)
        if stray is not None:
            raise stray
        try:
            return await super().immediate_execute_command(*args, **options)
        except _NOT_RUN as error:
            watching = self.watching
            slot = self._nodes.slot
            await self.reset()
            await self._owner._recover(error, 1)
            if watching:
                raise WatchError("The slot of the watched keys is moving to another node") from error
            self._nodes.slot = slot
            return await super().immediate_execute_command(*args, **options)

    def annotate_exception(self, exception: Exception, number: int, command: Any) -> None:
        """Have an error say which command it is of, unless it says where to go."""
        if not isinstance(exception, AskError):
            super().annotate_exception(exception, number, command)
