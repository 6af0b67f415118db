# Generated from multiplexer/asyncio/commands/cluster.py by scripts/generate_blocking.py; change that file instead.
"""Commands about a cluster: how it is made up, and how that is changed.

They ask, or change, one node: get its handle from ``mux.get_server(endpoint)``.
"""

from __future__ import annotations

from typing import Any, Literal

from ...core.commands.arguments import bad_argument, choice, non_empty, not_negative, positive, scan_options
from ...core.commands.command import Command
from ...core.commands.command_table import COMMANDS, find_command
from ...core.results.cluster import CONVERTERS, Nodes, cluster_scan_page, descriptions
from ...core.results.common import text
from ...core.types import AnyStr, Encodable, Key, Pattern
from .surface import CommandSurface

_ADDSLOTS = COMMANDS["CLUSTER ADDSLOTS"]
_ADDSLOTSRANGE = COMMANDS["CLUSTER ADDSLOTSRANGE"]
_BUMPEPOCH = COMMANDS["CLUSTER BUMPEPOCH"]
_CANCELSLOTMIGRATIONS = COMMANDS["CLUSTER CANCELSLOTMIGRATIONS"]
_CLUSTERSCAN = COMMANDS["CLUSTERSCAN"]
_COUNT_FAILURE_REPORTS = COMMANDS["CLUSTER COUNT-FAILURE-REPORTS"]
_COUNTKEYSINSLOT = COMMANDS["CLUSTER COUNTKEYSINSLOT"]
_DELSLOTS = COMMANDS["CLUSTER DELSLOTS"]
_DELSLOTSRANGE = COMMANDS["CLUSTER DELSLOTSRANGE"]
_FAILOVER = COMMANDS["CLUSTER FAILOVER"]
_FLUSHSLOT = COMMANDS["CLUSTER FLUSHSLOT"]
_FLUSHSLOTS = COMMANDS["CLUSTER FLUSHSLOTS"]
_FORGET = COMMANDS["CLUSTER FORGET"]
_GETKEYSINSLOT = COMMANDS["CLUSTER GETKEYSINSLOT"]
_GETSLOTMIGRATIONS = COMMANDS["CLUSTER GETSLOTMIGRATIONS"]
_INFO = COMMANDS["CLUSTER INFO"]
_KEYSLOT = COMMANDS["CLUSTER KEYSLOT"]
_LINKS = COMMANDS["CLUSTER LINKS"]
_MEET = COMMANDS["CLUSTER MEET"]
_MIGRATESLOTS = COMMANDS["CLUSTER MIGRATESLOTS"]
_MIGRATION = COMMANDS["CLUSTER MIGRATION"]
_MYID = COMMANDS["CLUSTER MYID"]
_MYSHARDID = COMMANDS["CLUSTER MYSHARDID"]
_NODES = COMMANDS["CLUSTER NODES"]
_REPLICAS = COMMANDS["CLUSTER REPLICAS"]
_REPLICATE = COMMANDS["CLUSTER REPLICATE"]
_RESET = COMMANDS["CLUSTER RESET"]
_SAVECONFIG = COMMANDS["CLUSTER SAVECONFIG"]
_SET_CONFIG_EPOCH = COMMANDS["CLUSTER SET-CONFIG-EPOCH"]
_SETSLOT = COMMANDS["CLUSTER SETSLOT"]
_SHARDS = COMMANDS["CLUSTER SHARDS"]
_SLAVES = COMMANDS["CLUSTER SLAVES"]
_SLOT_STATS = COMMANDS["CLUSTER SLOT-STATS"]
_SLOTS = COMMANDS["CLUSTER SLOTS"]

_SLOT_STATES = ("IMPORTING", "MIGRATING", "NODE", "STABLE")


class ClusterCommands(CommandSurface[AnyStr]):
    """Typed methods for the commands of the cluster group."""

    __slots__ = ()

    def cluster(self, cluster_arg: str, *args: Encodable) -> Any:
        """Send any sub command of ``CLUSTER``; those with a method give the same result here.

        Redis command: CLUSTER

        Args:
            cluster_arg: The sub command, such as ``"info"``.
            args: What follows it.
        """
        words = ("CLUSTER", cluster_arg.upper(), *args)
        return self._cluster(find_command(words), *args)

    # -- looking into -------------------------------------------------------------------------------------------

    def cluster_count_failure_report(self, node_id: str) -> int:
        """Return how many nodes take a node for failed at present.

        Redis command: CLUSTER COUNT-FAILURE-REPORTS
        """
        return self._cluster(_COUNT_FAILURE_REPORTS, node_id)

    def cluster_countkeysinslot(self, slot_id: int) -> int:
        """Return how many keys the node has in a slot.

        Redis command: CLUSTER COUNTKEYSINSLOT
        """
        return self._cluster(_COUNTKEYSINSLOT, slot_id)

    def cluster_get_keys_in_slot(self, slot: int, num_keys: int) -> list[AnyStr]:
        """Return keys that the node has in a slot.

        Redis command: CLUSTER GETKEYSINSLOT

        Args:
            slot: The slot.
            num_keys: How many at most.

        Raises:
            DataError: ``num_keys`` is negative.
        """
        return self._cluster(_GETKEYSINSLOT, slot, not_negative("CLUSTER GETKEYSINSLOT", "num_keys", num_keys))

    def cluster_getslotmigrations(self) -> list[dict[str, Any]]:
        """Return what the node says about each move of slots, under way or done, as dicts of text.

        Redis command: CLUSTER GETSLOTMIGRATIONS (Valkey 9)
        """
        return self._cluster(_GETSLOTMIGRATIONS)

    def cluster_info(self) -> dict[str, str]:
        """Return the cluster's state as the node sees it, such as ``cluster_state``, as a dict of text.

        Redis command: CLUSTER INFO
        """
        return self._cluster(_INFO)

    def cluster_keyslot(self, key: Key) -> int:
        """Return the slot a key belongs to.

        Redis command: CLUSTER KEYSLOT
        """
        return self._cluster(_KEYSLOT, key)

    def cluster_links(self) -> list[dict[str, Any]]:
        """Return what the node says about its links to other nodes, as dicts of text.

        Redis command: CLUSTER LINKS
        """
        return self._cluster(_LINKS)

    def cluster_myid(self) -> str:
        """Return the node's id.

        Redis command: CLUSTER MYID
        """
        return self._cluster(_MYID)

    def cluster_myshardid(self) -> str:
        """Return the id of the node's shard.

        Redis command: CLUSTER MYSHARDID (Redis 7.2)
        """
        return self._cluster(_MYSHARDID)

    def cluster_nodes(self) -> Nodes:
        """Return all nodes by their addresses (``"host:port"``).

        Redis command: CLUSTER NODES

        Returns:
            For each node a dict of ``node_id``, ``hostname``, ``flags``, ``master_id``, ``last_ping_sent``,
            ``last_pong_rcvd``, ``epoch``, ``slots`` (ranges of first and last slot), ``migrations`` (slots on their
            way) and ``connected``; everything but ``connected`` is text.
        """
        return self._cluster(_NODES)

    def cluster_replicas(self, node_id: str) -> Nodes:
        """Return the replicas of a primary, as :meth:`cluster_nodes` has them.

        Redis command: CLUSTER REPLICAS
        """
        return self._cluster(_REPLICAS, node_id)

    def cluster_slaves(self, node_id: str) -> Nodes:
        """Return the replicas of a primary. The old name of :meth:`cluster_replicas`.

        Redis command: CLUSTER SLAVES
        """
        return self._cluster(_SLAVES, node_id)

    def cluster_shards(self) -> list[dict[str, Any]]:
        """Return all shards: the ranges of ``slots`` and the ``nodes`` of each.

        Redis command: CLUSTER SHARDS
        """
        return self._cluster(_SHARDS)

    def cluster_slot_stats(
        self,
        slots: tuple[int, int] | None = None,
        orderby: str | None = None,
        limit: int | None = None,
        desc: bool = True,
    ) -> dict[int, dict[str, Any]]:
        """Return statistics of slots: how many keys, and where the server is set up to count them, time and bytes.

        Redis command: CLUSTER SLOT-STATS (Redis 8.2, Valkey 8)

        Args:
            slots: The first and the last slot to tell of.
            orderby: Tell of the slots with the most of this statistic, such as ``"key-count"``.
            limit: How many slots at most; only with ``orderby``.
            desc: The most first; otherwise the least.

        Raises:
            DataError: Not exactly one of ``slots`` and ``orderby`` was given, or ``limit`` without ``orderby``.
        """
        if (slots is None) == (orderby is None):
            raise bad_argument("CLUSTER SLOT-STATS", "one of slots and orderby must be given, and not both")
        if slots is not None:
            if limit is not None:
                raise bad_argument("CLUSTER SLOT-STATS", "limit needs orderby")
            return self._cluster(_SLOT_STATS, "SLOTSRANGE", *slots)
        words: list[Encodable] = ["ORDERBY", str(orderby)]
        if limit is not None:
            words += ("LIMIT", positive("CLUSTER SLOT-STATS", "limit", limit))
        return self._cluster(_SLOT_STATS, *words, "DESC" if desc else "ASC")

    def cluster_slots(self) -> dict[tuple[int, int], dict[str, Any]]:
        """Return, by first and last slot of each range, the addresses of its ``primary`` and ``replicas``.

        Redis command: CLUSTER SLOTS
        """
        return self._cluster(_SLOTS)

    def clusterscan(
        self,
        cursor: str | bytes = "0",
        match: Pattern | None = None,
        count: int | None = None,
        _type: str | None = None,
        slot: int | None = None,
    ) -> tuple[str, list[AnyStr]]:
        """Return some keys of the whole cluster, slot by slot, and the cursor with which to ask for more.

        Redis command: CLUSTERSCAN (Valkey 9.1)

        Args:
            cursor: ``"0"`` to begin; afterwards what the call before returned.
            match: Only keys that match this pattern.
            count: About how much work the server does in one call.
            _type: Only keys of this type, such as ``"hash"``.
            slot: Only keys of this slot.

        Returns:
            The cursor to go on with, which is ``"0"`` at the end, and the keys.

        Raises:
            DataError: ``count`` is below one.
        """
        words: list[Encodable] = ["CLUSTERSCAN", cursor, *scan_options("CLUSTERSCAN", match, count, _type)]
        if slot is not None:
            words += ("SLOT", slot)
        return self._execute(_CLUSTERSCAN, tuple(words), cluster_scan_page)

    # -- changing -----------------------------------------------------------------------------------------------

    def cluster_addslots(self, *slots: Encodable) -> bool:
        """Give slots that nobody serves to the node.

        Redis command: CLUSTER ADDSLOTS

        Raises:
            DataError: There is no slot.
            ResponseError: A slot is served already.
        """
        return self._cluster(_ADDSLOTS, *non_empty("CLUSTER ADDSLOTS", "slots", slots))

    def cluster_addslotsrange(self, *slots: Encodable) -> bool:
        """Give ranges of slots to the node: first, last, first, last …

        Redis command: CLUSTER ADDSLOTSRANGE

        Raises:
            DataError: There are no pairs.
        """
        return self._cluster(_ADDSLOTSRANGE, *_ranges(_ADDSLOTSRANGE, slots))

    def cluster_bumpepoch(self) -> str:
        """Raise the node's configuration epoch; return ``"BUMPED"`` or ``"STILL"`` and the epoch.

        Redis command: CLUSTER BUMPEPOCH
        """
        return self._cluster(_BUMPEPOCH)

    def cluster_cancelslotmigrations(self) -> bool:
        """Call off every move of slots away from the node.

        Redis command: CLUSTER CANCELSLOTMIGRATIONS (Valkey 9)
        """
        return self._cluster(_CANCELSLOTMIGRATIONS)

    def cluster_delslots(self, *slots: Encodable) -> bool:
        """Have the node take slots for served by nobody.

        Redis command: CLUSTER DELSLOTS

        Raises:
            DataError: There is no slot.
        """
        return self._cluster(_DELSLOTS, *non_empty("CLUSTER DELSLOTS", "slots", slots))

    def cluster_delslotsrange(self, *slots: Encodable) -> bool:
        """Have the node take ranges of slots for served by nobody: first, last, first, last …

        Redis command: CLUSTER DELSLOTSRANGE

        Raises:
            DataError: There are no pairs.
        """
        return self._cluster(_DELSLOTSRANGE, *_ranges(_DELSLOTSRANGE, slots))

    def cluster_failover(self, option: Literal["FORCE", "TAKEOVER"] | None = None) -> bool:
        """Make the node, a replica, the primary of its shard.

        Redis command: CLUSTER FAILOVER

        Args:
            option: ``"FORCE"``: without the primary's consent; ``"TAKEOVER"``: without the other nodes' either.

        Raises:
            DataError: ``option`` is neither.
        """
        words = () if option is None else (choice("CLUSTER FAILOVER", "option", option, ("FORCE", "TAKEOVER")),)
        return self._cluster(_FAILOVER, *words)

    def cluster_flushslot(self, slot: int, mode: Literal["SYNC", "ASYNC"] | None = None) -> bool:
        """Delete the keys of a slot.

        Redis command: CLUSTER FLUSHSLOT (Valkey 9)

        Args:
            slot: The slot.
            mode: ``"SYNC"`` or ``"ASYNC"``: before it answers, or in the background.

        Raises:
            DataError: ``mode`` is neither.
        """
        words = () if mode is None else (choice("CLUSTER FLUSHSLOT", "mode", mode, ("SYNC", "ASYNC")),)
        return self._cluster(_FLUSHSLOT, slot, *words)

    def cluster_flushslots(self) -> bool:
        """Have the node, which must be empty, serve no slot.

        Redis command: CLUSTER FLUSHSLOTS
        """
        return self._cluster(_FLUSHSLOTS)

    def cluster_forget(self, node_id: str) -> bool:
        """Have the node forget another one, for a minute at least.

        Redis command: CLUSTER FORGET
        """
        return self._cluster(_FORGET, node_id)

    def cluster_meet(self, host: str, port: int, cluster_bus_port: int | None = None) -> bool:
        """Make another node part of the cluster.

        Redis command: CLUSTER MEET

        Args:
            host: Its address, as a number.
            port: Its port.
            cluster_bus_port: Its port for other nodes, where that is not ``port`` + 10000.
        """
        words = () if cluster_bus_port is None else (cluster_bus_port,)
        return self._cluster(_MEET, host, port, *words)

    def cluster_migrateslots(self, slots: list[tuple[int, int]], node_id: str) -> bool:
        """Move ranges of slots, with their keys, to another node; returns when the move has begun.

        Redis command: CLUSTER MIGRATESLOTS (Valkey 9)

        Args:
            slots: First and last slot of each range.
            node_id: The node that gets them.

        Raises:
            DataError: There is no range.
        """
        ranges = non_empty("CLUSTER MIGRATESLOTS", "slots", slots)
        words = [bound for first_and_last in ranges for bound in first_and_last]
        return self._cluster(_MIGRATESLOTS, "SLOTSRANGE", *words, "NODE", node_id)

    def cluster_migration_import(self, slots: list[tuple[int, int]]) -> str:
        """Have the node fetch ranges of slots, with their keys, from those that serve them, and take them over.

        Ask the node that is to get them. It returns once the task is begun; :meth:`cluster_migration_status` tells
        how it fares.

        Redis command: CLUSTER MIGRATION IMPORT (Redis 8.4)

        Args:
            slots: First and last slot of each range.

        Returns:
            The task's id.

        Raises:
            DataError: There is no range.
        """
        ranges = non_empty("CLUSTER MIGRATION IMPORT", "slots", slots)
        words: list[Encodable] = [bound for first_and_last in ranges for bound in first_and_last]
        return self._execute(_MIGRATION, ("CLUSTER", "MIGRATION", "IMPORT", *words), text)

    def cluster_migration_cancel(self, task_id: str | None = None) -> int:
        """Give up moves of slots that are under way; ask the node that gets them, or it begins anew.

        Redis command: CLUSTER MIGRATION CANCEL (Redis 8.4)

        Args:
            task_id: Which; all of the node's where None.

        Returns:
            How many were given up.
        """
        return self._execute(_MIGRATION, ("CLUSTER", "MIGRATION", "CANCEL", *_task_words(task_id)))

    def cluster_migration_status(self, task_id: str | None = None) -> list[dict[str, Any]]:
        """Return what the node says about its moves of slots, under way or done, as dicts of text.

        It needs ``allowAdmin``, as the command as a whole does.

        Redis command: CLUSTER MIGRATION STATUS (Redis 8.4)

        Args:
            task_id: Which; all of them where None.
        """
        return self._execute(_MIGRATION, ("CLUSTER", "MIGRATION", "STATUS", *_task_words(task_id)), descriptions)

    def cluster_replicate(self, node_id: str | None) -> bool:
        """Make the node a replica of a primary, or where that is None a primary without slots (Valkey 9).

        Redis command: CLUSTER REPLICATE
        """
        return self._cluster(_REPLICATE, *(("NO", "ONE") if node_id is None else (node_id,)))

    def cluster_reset(self, soft: bool = True) -> bool:
        """Have the node, which must be empty, forget the cluster.

        Redis command: CLUSTER RESET

        Args:
            soft: Keep its id and epochs.
        """
        return self._cluster(_RESET, "SOFT" if soft else "HARD")

    def cluster_save_config(self) -> bool:
        """Have the node write what it knows of the cluster to its file.

        Redis command: CLUSTER SAVECONFIG
        """
        return self._cluster(_SAVECONFIG)

    def cluster_set_config_epoch(self, epoch: int) -> bool:
        """Set the configuration epoch of a node that belongs to no cluster yet.

        Redis command: CLUSTER SET-CONFIG-EPOCH

        Raises:
            DataError: ``epoch`` is negative.
        """
        return self._cluster(_SET_CONFIG_EPOCH, not_negative("CLUSTER SET-CONFIG-EPOCH", "epoch", epoch))

    def cluster_setslot(self, node_id: str, slot_id: int, state: str, timeout: int | None = None) -> bool:
        """Set a slot's state on the node.

        Redis command: CLUSTER SETSLOT

        Args:
            node_id: The other node; without meaning for ``"STABLE"``.
            slot_id: The slot.
            state: ``"IMPORTING"`` from the other node, ``"MIGRATING"`` to it, ``"NODE"``: it serves the slot, or
                ``"STABLE"``: the slot is not on its way.
            timeout: How many milliseconds to wait for the node's replicas (Valkey 8).

        Raises:
            DataError: ``state`` is none of them, or ``timeout`` is negative.
        """
        words: list[Encodable] = [slot_id, choice("CLUSTER SETSLOT", "state", state, _SLOT_STATES)]
        if words[1] != "STABLE":
            words.append(node_id)
        if timeout is not None:
            words += ("TIMEOUT", not_negative("CLUSTER SETSLOT", "timeout", timeout))
        return self._cluster(_SETSLOT, *words)

    def cluster_setslot_stable(self, slot_id: int) -> bool:
        """Take a slot for neither migrating nor importing.

        Redis command: CLUSTER SETSLOT
        """
        return self._cluster(_SETSLOT, slot_id, "STABLE")

    def _cluster(self, command: Command, *args: Encodable) -> Any:
        words: tuple[Encodable, ...] = (*command.name.split(" "), *args)
        return self._execute(command, words, CONVERTERS.get(command.name))


def _task_words(task_id: str | None) -> tuple[Encodable, ...]:
    return ("ALL",) if task_id is None else ("ID", task_id)


def _ranges(command: Command, slots: tuple[Encodable, ...]) -> tuple[Encodable, ...]:
    if not slots or len(slots) % 2:
        raise bad_argument(command.name, "slots must be first and last slot of each range")
    return slots
