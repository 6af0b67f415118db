# Generated from multiplexer/asyncio/commands by scripts/generate_collected.py.
"""The commands as batches, transactions and pipelines have them: for type checkers only."""

from ...core.commands.arguments import AnyField
from ...core.commands.arguments import Expiry
from ...core.commands.arguments import ExpiryTime
from ...core.commands.batching import Queued
from ...core.results import search as search_results
from ...core.results import time_series as time_series_results
from ...core.results.bloom import BloomInfo
from ...core.results.bloom import CountMinSketchInfo
from ...core.results.bloom import CuckooInfo
from ...core.results.bloom import TDigestInfo
from ...core.results.bloom import TopKInfo
from ...core.results.cluster import Nodes
from ...core.results.streams import PendingEntry
from ...core.results.streams import PendingSummary
from ...core.search.aggregation import AggregateRequest
from ...core.search.aggregation import Cursor
from ...core.search.fields import Field
from ...core.search.fields import IndexDefinition
from ...core.search.hybrid import CombineResultsMethod
from ...core.search.hybrid import HybridCursorQuery
from ...core.search.hybrid import HybridPostProcessingConfig
from ...core.search.hybrid import HybridQuery
from ...core.search.query import Query
from ...core.search.suggestion import Suggestion
from ...core.types import AnyStr
from ...core.types import Encodable
from ...core.types import Key
from ...core.types import Pattern
from ..pipeline import Pipeline
from .arrays import ArrayBound
from .arrays import ArrayOperation
from .arrays import ArrayPredicate
from .bitmaps import BitOffset
from .modules.json import Counts
from .modules.json import Json
from .modules.search import Parameters
from .modules.time_series_samples import Aggregation
from .modules.time_series_samples import Timestamp
from .modules.top_k import Items
from .scripting import ScriptText
from .sorted_set_surface import LexBound
from .sorted_set_surface import Score
from .sorted_set_surface import ScoreBound
from .streams import ReferencePolicy
from .streams import StreamId
from .vector_sets import Attributes
from .vector_sets import Quantization
from .vector_sets import Vector
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any
from typing import Generic
from typing import Literal
from typing import overload
import datetime

class QueuedAdminCommands(QueuedAclCommands[AnyStr], QueuedClusterCommands[AnyStr], QueuedConnectionCommands[AnyStr], QueuedFunctionCommands[AnyStr], QueuedKeyCommands[AnyStr], QueuedPubSubCommands[AnyStr], QueuedReplicationCommands[AnyStr], QueuedScriptingCommands[AnyStr], QueuedSentinelCommands[AnyStr], QueuedServerCommands[AnyStr]):
    ...

class QueuedDataCommands(QueuedAdminCommands[AnyStr], QueuedArrayCommands[AnyStr], QueuedBitmapCommands[AnyStr], QueuedConsumerGroupCommands[AnyStr], QueuedGeoCommands[AnyStr], QueuedHashCommands[AnyStr], QueuedHyperLogLogCommands[AnyStr], QueuedListCommands[AnyStr], QueuedModuleCommands[AnyStr], QueuedSetCommands[AnyStr], QueuedSortedSetCombinationCommands[AnyStr], QueuedSortedSetCommands[AnyStr], QueuedSortedSetRangeCommands[AnyStr], QueuedStreamCommands[AnyStr], QueuedStringCommands[AnyStr], QueuedVectorSetCommands[AnyStr]):
    ...

class QueuedAclCommands(Generic[AnyStr]):
    def acl_cat(self, category: str | None=...) -> Queued[list[str]]:
        """Return the categories of commands, or the commands of one category."""
    def acl_deluser(self, *username: str) -> Queued[int]:
        """Delete users and close their connections."""
    def acl_dryrun(self, username: str, *args: Encodable) -> Queued[AnyStr]:
        """Ask whether a user may send a command, without running it."""
    def acl_genpass(self, bits: int | None=...) -> Queued[str]:
        """Return a random password in hexadecimal, of 256 bits unless told otherwise."""
    def acl_getuser(self, username: str) -> Queued[dict[str, Any] | None]:
        """Return what a user may do, None where there is no such user."""
    def acl_help(self) -> Queued[list[str]]:
        """Return the lines of the server's own help."""
    def acl_list(self) -> Queued[list[str]]:
        """Return all users with their rules, as in an ACL file."""
    def acl_load(self) -> Queued[bool]:
        """Read all users from the server's ACL file."""
    def acl_log(self, count: int | None=...) -> Queued[list[dict[str, Any]]]:
        """Return what was denied lately."""
    def acl_log_reset(self) -> Queued[bool]:
        """Forget what was denied."""
    def acl_save(self) -> Queued[bool]:
        """Write all users to the server's ACL file."""
    def acl_setuser(self, username: str, enabled: bool=..., nopass: bool=..., passwords: str | Iterable[str] | None=..., hashed_passwords: str | Iterable[str] | None=..., categories: Iterable[str] | None=..., commands: Iterable[str] | None=..., keys: Iterable[Key] | None=..., channels: Iterable[Key] | None=..., selectors: Iterable[tuple[str, Key]] | None=..., reset: bool=..., reset_keys: bool=..., reset_channels: bool=..., reset_passwords: bool=..., databases: Iterable[int] | None=..., reset_databases: bool=...) -> Queued[bool]:
        """Make or change a user."""
    def acl_users(self) -> Queued[list[str]]:
        """Return the names of all users."""
    def acl_whoami(self) -> Queued[str]:
        """Return the name of the user the connection is logged in as."""

class QueuedArrayCommands(Generic[AnyStr]):
    def arcount(self, name: Key) -> Queued[int]:
        """Return how many indexes have a value."""
    def ardel(self, name: Key, *indices: int) -> Queued[int]:
        """Remove the values at some indexes; return how many there were."""
    def ardelrange(self, name: Key, *ranges: tuple[int, int]) -> Queued[int]:
        """Remove the values in ranges of indexes, both ends included; return how many there were."""
    def arget(self, name: Key, index: int) -> Queued[AnyStr | None]:
        """Return the value at ``index``, or None where there is none."""
    def argetrange(self, name: Key, start: int, end: int) -> Queued[list[AnyStr | None]]:
        """Return the values at indexes ``start`` to ``end``, both included, None where there is none."""
    def argrep(self, name: Key, start: ArrayBound, end: ArrayBound, predicates: Iterable[tuple[ArrayPredicate, Encodable]], combinator: Literal['AND', 'OR'] | None=..., limit: int | None=..., withvalues: bool=..., nocase: bool=...) -> Queued[list[Any]]:
        """Find values."""
    def arinfo(self, name: Key, full: bool=...) -> Queued[dict[str, Any]]:
        """Return what the server says about the array, by the server's names such as ``"count"`` and ``"len"``."""
    def arinsert(self, name: Key, *values: Encodable) -> Queued[int]:
        """Set values where the last insertion ended; return the index of the last of them."""
    def arlastitems(self, name: Key, count: int, rev: bool=...) -> Queued[list[AnyStr | None]]:
        """Return the values that were inserted last."""
    def arlen(self, name: Key) -> Queued[int]:
        """Return the highest index that has a value, plus one."""
    def armget(self, name: Key, *indices: int) -> Queued[list[AnyStr | None]]:
        """Return the values at some indexes, None where there is none."""
    def armset(self, name: Key, mapping: Mapping[int, Encodable]) -> Queued[int]:
        """Set values, given by index; return how many indexes had none before."""
    def arnext(self, name: Key) -> Queued[int | None]:
        """Return the index where :meth:`arinsert` goes on, or None where there is none left."""
    def arop(self, name: Key, start: ArrayBound, end: ArrayBound, operation: ArrayOperation, value: Encodable | None=...) -> Queued[AnyStr | int | None]:
        """Make one result of the values in a range."""
    def arring(self, name: Key, size: int, *values: Encodable) -> Queued[int]:
        """Set values as :meth:`arinsert` does, beginning anew after ``size`` of them; return the last one's index."""
    def arscan(self, name: Key, start: int, end: int, limit: int | None=...) -> Queued[list[list[Any]]]:
        """Return index and value of each value in a range."""
    def arseek(self, name: Key, index: int) -> Queued[int]:
        """Set the index where :meth:`arinsert` goes on; return 1, or 0 where there is no such array."""
    def arset(self, name: Key, index: int, *values: Encodable) -> Queued[int]:
        """Set values at ``index`` and those that follow; return how many of these had none before."""

class QueuedBitFieldOperation(Generic[AnyStr]):
    def reset(self) -> None:
        """Forget everything collected so far."""
    def overflow(self, overflow: str) -> QueuedBitFieldOperation[AnyStr]:
        """Say what the increments after this do at the end of their range."""
    def incrby(self, fmt: str, offset: BitOffset, increment: int, overflow: str | None=...) -> QueuedBitFieldOperation[AnyStr]:
        """Add to a field; the result is its new value."""
    def get(self, fmt: str, offset: BitOffset) -> QueuedBitFieldOperation[AnyStr]:
        """Read a field; the result is its value."""
    def set(self, fmt: str, offset: BitOffset, value: int) -> QueuedBitFieldOperation[AnyStr]:
        """Set a field; the result is the value it had before."""
    @property
    def command(self) -> list[Encodable]:
        """The words of the command as collected so far."""
    def execute(self) -> Queued[list[int | None]]:
        """Send what was collected, and start anew."""

class QueuedBitmapCommands(Generic[AnyStr]):
    def bitcount(self, key: Key, start: int | None=..., end: int | None=..., mode: str | None=...) -> Queued[int]:
        """Count the bits that are set."""
    def bitfield(self, key: Key, default_overflow: str | None=...) -> QueuedBitFieldOperation[AnyStr]:
        """Start a BITFIELD, whose parts are added by the methods of what is returned."""
    def bitfield_ro(self, key: Key, encoding: str, offset: BitOffset, items: list[tuple[str, BitOffset]] | None=...) -> Queued[list[int]]:
        """Read fields of a string; a replica may answer."""
    def bitop(self, operation: str, dest: Key, *keys: Key) -> Queued[int]:
        """Combine strings bit by bit and store the result at ``dest``."""
    def bitpos(self, key: Key, bit: int, start: int | None=..., end: int | None=..., mode: str | None=...) -> Queued[int]:
        """Return the position of the first bit that is ``bit``, -1 where there is none."""
    def getbit(self, name: Key, offset: int) -> Queued[int]:
        """Return the bit at ``offset``: 0 or 1."""
    def setbit(self, name: Key, offset: int, value: int) -> Queued[int]:
        """Set the bit at ``offset`` to 1 if ``value`` is true, else to 0."""

class QueuedClusterCommands(Generic[AnyStr]):
    def cluster(self, cluster_arg: str, *args: Encodable) -> Queued[Any]:
        """Send any sub command of ``CLUSTER``; those with a method give the same result here."""
    def cluster_count_failure_report(self, node_id: str) -> Queued[int]:
        """Return how many nodes take a node for failed at present."""
    def cluster_countkeysinslot(self, slot_id: int) -> Queued[int]:
        """Return how many keys the node has in a slot."""
    def cluster_get_keys_in_slot(self, slot: int, num_keys: int) -> Queued[list[AnyStr]]:
        """Return keys that the node has in a slot."""
    def cluster_getslotmigrations(self) -> Queued[list[dict[str, Any]]]:
        """Return what the node says about each move of slots, under way or done, as dicts of text."""
    def cluster_info(self) -> Queued[dict[str, str]]:
        """Return the cluster's state as the node sees it, such as ``cluster_state``, as a dict of text."""
    def cluster_keyslot(self, key: Key) -> Queued[int]:
        """Return the slot a key belongs to."""
    def cluster_links(self) -> Queued[list[dict[str, Any]]]:
        """Return what the node says about its links to other nodes, as dicts of text."""
    def cluster_myid(self) -> Queued[str]:
        """Return the node's id."""
    def cluster_myshardid(self) -> Queued[str]:
        """Return the id of the node's shard."""
    def cluster_nodes(self) -> Queued[Nodes]:
        """Return all nodes by their addresses (``"host:port"``)."""
    def cluster_replicas(self, node_id: str) -> Queued[Nodes]:
        """Return the replicas of a primary, as :meth:`cluster_nodes` has them."""
    def cluster_slaves(self, node_id: str) -> Queued[Nodes]:
        """Return the replicas of a primary. The old name of :meth:`cluster_replicas`."""
    def cluster_shards(self) -> Queued[list[dict[str, Any]]]:
        """Return all shards: the ranges of ``slots`` and the ``nodes`` of each."""
    def cluster_slot_stats(self, slots: tuple[int, int] | None=..., orderby: str | None=..., limit: int | None=..., desc: bool=...) -> Queued[dict[int, dict[str, Any]]]:
        """Return statistics of slots: how many keys, and where the server is set up to count them, time and bytes."""
    def cluster_slots(self) -> Queued[dict[tuple[int, int], dict[str, Any]]]:
        """Return, by first and last slot of each range, the addresses of its ``primary`` and ``replicas``."""
    def clusterscan(self, cursor: str | bytes=..., match: Pattern | None=..., count: int | None=..., _type: str | None=..., slot: int | None=...) -> Queued[tuple[str, list[AnyStr]]]:
        """Return some keys of the whole cluster, slot by slot, and the cursor with which to ask for more."""
    def cluster_addslots(self, *slots: Encodable) -> Queued[bool]:
        """Give slots that nobody serves to the node."""
    def cluster_addslotsrange(self, *slots: Encodable) -> Queued[bool]:
        """Give ranges of slots to the node: first, last, first, last …"""
    def cluster_bumpepoch(self) -> Queued[str]:
        """Raise the node's configuration epoch; return ``"BUMPED"`` or ``"STILL"`` and the epoch."""
    def cluster_cancelslotmigrations(self) -> Queued[bool]:
        """Call off every move of slots away from the node."""
    def cluster_delslots(self, *slots: Encodable) -> Queued[bool]:
        """Have the node take slots for served by nobody."""
    def cluster_delslotsrange(self, *slots: Encodable) -> Queued[bool]:
        """Have the node take ranges of slots for served by nobody: first, last, first, last …"""
    def cluster_failover(self, option: Literal['FORCE', 'TAKEOVER'] | None=...) -> Queued[bool]:
        """Make the node, a replica, the primary of its shard."""
    def cluster_flushslot(self, slot: int, mode: Literal['SYNC', 'ASYNC'] | None=...) -> Queued[bool]:
        """Delete the keys of a slot."""
    def cluster_flushslots(self) -> Queued[bool]:
        """Have the node, which must be empty, serve no slot."""
    def cluster_forget(self, node_id: str) -> Queued[bool]:
        """Have the node forget another one, for a minute at least."""
    def cluster_meet(self, host: str, port: int, cluster_bus_port: int | None=...) -> Queued[bool]:
        """Make another node part of the cluster."""
    def cluster_migrateslots(self, slots: list[tuple[int, int]], node_id: str) -> Queued[bool]:
        """Move ranges of slots, with their keys, to another node; returns when the move has begun."""
    def cluster_migration_import(self, slots: list[tuple[int, int]]) -> Queued[str]:
        """Have the node fetch ranges of slots, with their keys, from those that serve them, and take them over."""
    def cluster_migration_cancel(self, task_id: str | None=...) -> Queued[int]:
        """Give up moves of slots that are under way; ask the node that gets them, or it begins anew."""
    def cluster_migration_status(self, task_id: str | None=...) -> Queued[list[dict[str, Any]]]:
        """Return what the node says about its moves of slots, under way or done, as dicts of text."""
    def cluster_replicate(self, node_id: str | None) -> Queued[bool]:
        """Make the node a replica of a primary, or where that is None a primary without slots (Valkey 9)."""
    def cluster_reset(self, soft: bool=...) -> Queued[bool]:
        """Have the node, which must be empty, forget the cluster."""
    def cluster_save_config(self) -> Queued[bool]:
        """Have the node write what it knows of the cluster to its file."""
    def cluster_set_config_epoch(self, epoch: int) -> Queued[bool]:
        """Set the configuration epoch of a node that belongs to no cluster yet."""
    def cluster_setslot(self, node_id: str, slot_id: int, state: str, timeout: int | None=...) -> Queued[bool]:
        """Set a slot's state on the node."""
    def cluster_setslot_stable(self, slot_id: int) -> Queued[bool]:
        """Take a slot for neither migrating nor importing."""

class QueuedConnectionCommands(Generic[AnyStr]):
    def client_getname(self) -> Queued[str | None]:
        """Return the connection's name, None (or an empty text under RESP2 on older servers) where it has none."""
    def client_getredir(self) -> Queued[int]:
        """Return the id of the client that tracking notices go to: -1 without tracking, 0 for this one."""
    def client_id(self) -> Queued[int]:
        """Return the number of the connection, which the server never gives again."""
    def client_info(self) -> Queued[dict[str, str | int]]:
        """Return what the server knows about this connection, numbers as ints."""
    def client_kill(self, address: str) -> Queued[bool | int]:
        """Close the connection of the client at ``address`` (``host:port``)."""
    def client_kill_filter(self, _id: int | str | None=..., _type: str | None=..., addr: str | None=..., skipme: bool | None=..., laddr: str | None=..., user: str | None=..., maxage: int | None=..., filters: Mapping[str, Encodable] | None=...) -> Queued[int]:
        """Close the connections of all clients that meet every condition given."""
    def client_list(self, _type: str | None=..., client_id: Encodable | Iterable[Encodable]=..., filters: Mapping[str, Encodable] | None=...) -> Queued[list[dict[str, str]]]:
        """Return what the server knows about all clients, or some."""
    def client_pause(self, timeout: int, all: bool=...) -> Queued[bool]:
        """Hold up the commands of all clients for a while."""
    def client_trackinginfo(self) -> Queued[dict[str, Any]]:
        """Return how the server tracks what this connection reads: ``flags``, ``redirect`` and ``prefixes``, as text."""
    def client_unblock(self, client_id: int, error: bool=...) -> Queued[bool]:
        """Release a client that waits in a blocking command."""
    def client_unpause(self) -> Queued[bool]:
        """End what :meth:`client_pause` began."""
    def echo(self, value: Encodable) -> Queued[AnyStr]:
        """Return ``value`` as the server sent it back."""
    def ping(self) -> Queued[bool]:
        """Return True when the server answers."""

class QueuedConsumerGroupCommands(Generic[AnyStr]):
    @overload
    def xreadgroup(self, groupname: Key, consumername: Key, streams: Mapping[AnyField, StreamId], count: int | None=..., block: int | None=..., noack: bool=..., claim_min_idle_time: None=..., max_count: int | None=..., max_size: int | None=...) -> Queued[list[tuple[AnyStr, list[tuple[AnyStr, dict[AnyStr, AnyStr]]]]]]:
        """Return entries of several streams as one consumer of a group."""
    @overload
    def xreadgroup(self, groupname: Key, consumername: Key, streams: Mapping[AnyField, StreamId], count: int | None=..., block: int | None=..., noack: bool=..., claim_min_idle_time: int | None=..., max_count: int | None=..., max_size: int | None=...) -> Queued[list[tuple[AnyStr, list[Any]]]]: ...
    def xack(self, name: Key, groupname: Key, *ids: StreamId) -> Queued[int]:
        """Acknowledge entries; return how many were waiting for that."""
    def xackdel(self, name: Key, groupname: Key, *ids: StreamId, ref_policy: ReferencePolicy=...) -> Queued[list[int]]:
        """Acknowledge entries and remove them."""
    def xnack(self, name: Key, groupname: Key, mode: Literal['SILENT', 'FAIL', 'FATAL'], *ids: StreamId, retrycount: int | None=..., force: bool=...) -> Queued[int]:
        """Give entries back to the group, so that another consumer gets them at once; return how many."""
    def xpending(self, name: Key, groupname: Key) -> Queued[PendingSummary[AnyStr]]:
        """Return how many entries a group has not acknowledged, their lowest and highest id, and whose they are."""
    def xpending_range(self, name: Key, groupname: Key, min: StreamId, max: StreamId, count: int, consumername: Key | None=..., idle: int | None=...) -> Queued[list[PendingEntry[AnyStr]]]:
        """Return entries that a group has not acknowledged."""
    @overload
    def xclaim(self, name: Key, groupname: Key, consumername: Key, min_idle_time: int, message_ids: Iterable[StreamId], idle: int | None=..., time: int | None=..., retrycount: int | None=..., force: bool=..., justid: Literal[False]=...) -> Queued[list[tuple[AnyStr, dict[AnyStr, AnyStr]]]]:
        """Make a consumer the owner of entries that another one got and did not acknowledge."""
    @overload
    def xclaim(self, name: Key, groupname: Key, consumername: Key, min_idle_time: int, message_ids: Iterable[StreamId], idle: int | None=..., time: int | None=..., retrycount: int | None=..., force: bool=..., *, justid: Literal[True]) -> Queued[list[AnyStr]]: ...
    @overload
    def xclaim(self, name: Key, groupname: Key, consumername: Key, min_idle_time: int, message_ids: Iterable[StreamId], idle: int | None=..., time: int | None=..., retrycount: int | None=..., force: bool=..., justid: bool=...) -> Queued[list[tuple[AnyStr, dict[AnyStr, AnyStr]]]] | Queued[list[AnyStr]]: ...
    @overload
    def xautoclaim(self, name: Key, groupname: Key, consumername: Key, min_idle_time: int, start_id: StreamId=..., count: int | None=..., justid: Literal[False]=...) -> Queued[list[Any]]:
        """Make a consumer the owner of whatever others got and did not acknowledge in time."""
    @overload
    def xautoclaim(self, name: Key, groupname: Key, consumername: Key, min_idle_time: int, start_id: StreamId=..., count: int | None=..., *, justid: Literal[True]) -> Queued[list[AnyStr]]: ...
    @overload
    def xautoclaim(self, name: Key, groupname: Key, consumername: Key, min_idle_time: int, start_id: StreamId=..., count: int | None=..., justid: bool=...) -> Queued[list[Any]]: ...
    def xgroup_create(self, name: Key, groupname: Key, id: StreamId=..., mkstream: bool=..., entries_read: int | None=...) -> Queued[bool]:
        """Make a consumer group."""
    def xgroup_setid(self, name: Key, groupname: Key, id: StreamId, entries_read: int | None=...) -> Queued[bool]:
        """Set the last id a group is taken to have read, and how many entries."""
    def xgroup_destroy(self, name: Key, groupname: Key) -> Queued[bool]:
        """Remove a consumer group; return whether there was one."""
    def xgroup_createconsumer(self, name: Key, groupname: Key, consumername: Key) -> Queued[int]:
        """Make a consumer; return 1, or 0 where it exists."""
    def xgroup_delconsumer(self, name: Key, groupname: Key, consumername: Key) -> Queued[int]:
        """Remove a consumer; return how many entries it had not acknowledged."""
    def xinfo_groups(self, name: Key) -> Queued[list[dict[str, Any]]]:
        """Return what the server says about each consumer group of a stream."""
    def xinfo_consumers(self, name: Key, groupname: Key) -> Queued[list[dict[str, Any]]]:
        """Return what the server says about each consumer of a group."""

class QueuedFunctionCommands(Generic[AnyStr]):
    def fcall(self, function: Key, numkeys: int, *keys_and_args: Encodable) -> Queued[Any]:
        """Call a function."""
    def fcall_ro(self, function: Key, numkeys: int, *keys_and_args: Encodable) -> Queued[Any]:
        """As :meth:`fcall`, for a function with the flag ``no-writes``: a replica may run it."""
    def function_delete(self, library: Key) -> Queued[bool]:
        """Remove a library and its functions."""
    def function_dump(self) -> Queued[bytes]:
        """Return all libraries in the form that :meth:`function_restore` takes."""
    def function_flush(self, mode: Literal['SYNC', 'ASYNC'] | None=...) -> Queued[bool]:
        """Remove all libraries."""
    def function_kill(self) -> Queued[bool]:
        """End the function that runs, if it has written nothing yet."""
    def function_list(self, library: Pattern | None=..., withcode: bool | None=...) -> Queued[list[dict[str, Any]]]:
        """Return what the server says about libraries and their functions, as text."""
    def function_load(self, code: ScriptText, replace: bool | None=...) -> Queued[AnyStr]:
        """Have the server keep a library; return the library's name."""
    def function_restore(self, payload: Key, policy: Literal['APPEND', 'FLUSH', 'REPLACE'] | None=...) -> Queued[bool]:
        """Add libraries from what :meth:`function_dump` returned."""
    def function_stats(self) -> Queued[dict[str, Any]]:
        """Return which function runs, and how many libraries and functions each engine has, as text and numbers."""

class QueuedGeoCommands(Generic[AnyStr]):
    def geoadd(self, name: Key, values: Sequence[Encodable], nx: bool=..., xx: bool=..., ch: bool=...) -> Queued[int]:
        """Add places, or move them."""
    def geodist(self, name: Key, place1: Encodable, place2: Encodable, unit: str | None=...) -> Queued[float | None]:
        """Return the distance between two members, or None where one does not exist."""
    def geohash(self, name: Key, *values: Encodable) -> Queued[list[str | None]]:
        """Return the geohash text of members, None for each that does not exist."""
    def geopos(self, name: Key, *values: Encodable) -> Queued[list[tuple[float, float] | None]]:
        """Return longitude and latitude of members, None for each that does not exist."""
    @overload
    def geosearch(self, name: Key, member: Encodable | None=..., longitude: float | None=..., latitude: float | None=..., unit: str=..., radius: float | None=..., width: float | None=..., height: float | None=..., sort: str | None=..., count: int | None=..., any: bool=..., withcoord: Literal[False]=..., withdist: Literal[False]=..., withhash: Literal[False]=..., polygon: Sequence[tuple[float, float]] | None=...) -> Queued[list[AnyStr]]:
        """Return the members within a circle, a rectangle or a polygon."""
    @overload
    def geosearch(self, name: Key, member: Encodable | None=..., longitude: float | None=..., latitude: float | None=..., unit: str=..., radius: float | None=..., width: float | None=..., height: float | None=..., sort: str | None=..., count: int | None=..., any: bool=..., withcoord: bool=..., withdist: bool=..., withhash: bool=..., polygon: Sequence[tuple[float, float]] | None=...) -> Queued[list[Any]]: ...
    def geosearchstore(self, dest: Key, name: Key, member: Encodable | None=..., longitude: float | None=..., latitude: float | None=..., unit: str=..., radius: float | None=..., width: float | None=..., height: float | None=..., sort: str | None=..., count: int | None=..., any: bool=..., storedist: bool=..., polygon: Sequence[tuple[float, float]] | None=...) -> Queued[int]:
        """Store the members within an area as the sorted set ``dest``; else as :meth:`geosearch`."""
    @overload
    def georadius(self, name: Key, longitude: float, latitude: float, radius: float, unit: str | None=..., withdist: Literal[False]=..., withcoord: Literal[False]=..., withhash: Literal[False]=..., count: int | None=..., sort: str | None=..., store: None=..., store_dist: None=..., any: bool=...) -> Queued[list[AnyStr]]:
        """Return or store the members within a circle; :meth:`geosearch` is its successor."""
    @overload
    def georadius(self, name: Key, longitude: float, latitude: float, radius: float, unit: str | None=..., withdist: bool=..., withcoord: bool=..., withhash: bool=..., count: int | None=..., sort: str | None=..., store: None=..., store_dist: None=..., any: bool=...) -> Queued[list[Any]]: ...
    @overload
    def georadius(self, name: Key, longitude: float, latitude: float, radius: float, unit: str | None=..., withdist: Literal[False]=..., withcoord: Literal[False]=..., withhash: Literal[False]=..., count: int | None=..., sort: str | None=..., *, store: Key, store_dist: None=..., any: bool=...) -> Queued[int]: ...
    @overload
    def georadius(self, name: Key, longitude: float, latitude: float, radius: float, unit: str | None=..., withdist: Literal[False]=..., withcoord: Literal[False]=..., withhash: Literal[False]=..., count: int | None=..., sort: str | None=..., store: None=..., *, store_dist: Key, any: bool=...) -> Queued[int]: ...
    @overload
    def georadiusbymember(self, name: Key, member: Encodable, radius: float, unit: str | None=..., withdist: Literal[False]=..., withcoord: Literal[False]=..., withhash: Literal[False]=..., count: int | None=..., sort: str | None=..., store: None=..., store_dist: None=..., any: bool=...) -> Queued[list[AnyStr]]:
        """Return or store the members within a circle; :meth:`geosearch` is its successor."""
    @overload
    def georadiusbymember(self, name: Key, member: Encodable, radius: float, unit: str | None=..., withdist: bool=..., withcoord: bool=..., withhash: bool=..., count: int | None=..., sort: str | None=..., store: None=..., store_dist: None=..., any: bool=...) -> Queued[list[Any]]: ...
    @overload
    def georadiusbymember(self, name: Key, member: Encodable, radius: float, unit: str | None=..., withdist: Literal[False]=..., withcoord: Literal[False]=..., withhash: Literal[False]=..., count: int | None=..., sort: str | None=..., *, store: Key, store_dist: None=..., any: bool=...) -> Queued[int]: ...
    @overload
    def georadiusbymember(self, name: Key, member: Encodable, radius: float, unit: str | None=..., withdist: Literal[False]=..., withcoord: Literal[False]=..., withhash: Literal[False]=..., count: int | None=..., sort: str | None=..., store: None=..., *, store_dist: Key, any: bool=...) -> Queued[int]: ...

class QueuedHashCommands(Generic[AnyStr]):
    def hget(self, name: Key, key: Encodable) -> Queued[AnyStr | None]:
        """Return the value of field ``key``, or None where it does not exist."""
    def hgetall(self, name: Key) -> Queued[dict[AnyStr, AnyStr]]:
        """Return all fields with their values; an empty dict where there is no such hash."""
    def hmget(self, name: Key, keys: Encodable | Iterable[Encodable], *args: Encodable) -> Queued[list[AnyStr | None]]:
        """Return the values of several fields, None for each that does not exist."""
    def hkeys(self, name: Key) -> Queued[list[AnyStr]]:
        """Return all fields."""
    def hvals(self, name: Key) -> Queued[list[AnyStr]]:
        """Return the values of all fields."""
    def hlen(self, name: Key) -> Queued[int]:
        """Return the number of fields."""
    def hexists(self, name: Key, key: Encodable) -> Queued[bool]:
        """Return whether field ``key`` exists."""
    def hstrlen(self, name: Key, key: Encodable) -> Queued[int]:
        """Return the length in bytes of the value of field ``key``, 0 where it does not exist."""
    @overload
    def hrandfield(self, key: Key, count: None=..., withvalues: Literal[False]=...) -> Queued[AnyStr | None]:
        """Return fields picked at random."""
    @overload
    def hrandfield(self, key: Key, count: int, withvalues: bool=...) -> Queued[list[AnyStr]]: ...
    @overload
    def hscan(self, name: Key, cursor: int=..., match: Pattern | None=..., count: int | None=..., no_values: Literal[False] | None=...) -> Queued[tuple[int, dict[AnyStr, AnyStr]]]:
        """Return one page of the fields of a hash."""
    @overload
    def hscan(self, name: Key, cursor: int=..., match: Pattern | None=..., count: int | None=..., *, no_values: Literal[True]) -> Queued[tuple[int, list[AnyStr]]]: ...
    @overload
    def hscan(self, name: Key, cursor: int=..., match: Pattern | None=..., count: int | None=..., no_values: bool | None=...) -> Queued[tuple[int, dict[AnyStr, AnyStr]]] | Queued[tuple[int, list[AnyStr]]]: ...
    def hset(self, name: Key, key: Encodable | None=..., value: Encodable | None=..., mapping: Mapping[AnyField, Encodable] | None=..., items: Sequence[Encodable] | None=...) -> Queued[int]:
        """Set fields."""
    def hsetnx(self, name: Key, key: Encodable, value: Encodable) -> Queued[int]:
        """Set field ``key`` unless it exists; return 1 where it was set, else 0."""
    def hmset(self, name: Key, mapping: Mapping[AnyField, Encodable]) -> Queued[bool]:
        """Set several fields; :meth:`hset` does the same and tells how many were new."""
    def hdel(self, name: Key, *keys: Encodable) -> Queued[int]:
        """Remove fields; return how many existed."""
    def hincrby(self, name: Key, key: Encodable, amount: int=...) -> Queued[int]:
        """Add ``amount`` to the integer in field ``key``; return the sum."""
    def hincrbyfloat(self, name: Key, key: Encodable, amount: float=...) -> Queued[float]:
        """Add ``amount`` to the number in field ``key``; return the sum."""
    def hgetex(self, name: Key, *keys: Encodable, ex: Expiry | None=..., px: Expiry | None=..., exat: ExpiryTime | None=..., pxat: ExpiryTime | None=..., persist: bool=...) -> Queued[list[AnyStr | None]]:
        """Return the values of fields and change when these fields expire."""
    def hgetdel(self, name: Key, *keys: Encodable) -> Queued[list[AnyStr | None]]:
        """Return the values of fields and remove these fields."""
    def hsetex(self, name: Key, key: Encodable | None=..., value: Encodable | None=..., mapping: Mapping[AnyField, Encodable] | None=..., items: Sequence[Encodable] | None=..., ex: Expiry | None=..., px: Expiry | None=..., exat: ExpiryTime | None=..., pxat: ExpiryTime | None=..., data_persist_option: Literal['FNX', 'FXX'] | None=..., keepttl: bool=..., nx: bool=..., xx: bool=...) -> Queued[int]:
        """Set fields together with when they expire."""
    def hexpire(self, name: Key, seconds: Expiry, *fields: Encodable, nx: bool=..., xx: bool=..., gt: bool=..., lt: bool=...) -> Queued[list[int]]:
        """Let fields expire after ``seconds``."""
    def hpexpire(self, name: Key, milliseconds: Expiry, *fields: Encodable, nx: bool=..., xx: bool=..., gt: bool=..., lt: bool=...) -> Queued[list[int]]:
        """Let fields expire after ``milliseconds`` (or a timedelta); else as :meth:`hexpire`."""
    def hexpireat(self, name: Key, unix_time_seconds: ExpiryTime, *fields: Encodable, nx: bool=..., xx: bool=..., gt: bool=..., lt: bool=...) -> Queued[list[int]]:
        """Let fields expire at a time, given in seconds since 1970 or as a datetime; else as :meth:`hexpire`."""
    def hpexpireat(self, name: Key, unix_time_milliseconds: ExpiryTime, *fields: Encodable, nx: bool=..., xx: bool=..., gt: bool=..., lt: bool=...) -> Queued[list[int]]:
        """Let fields expire at a time, given in milliseconds since 1970 or as a datetime; else as :meth:`hexpire`."""
    def hpersist(self, name: Key, *fields: Encodable) -> Queued[list[int]]:
        """Let fields no longer expire."""
    def httl(self, key: Key, *fields: Encodable) -> Queued[list[int]]:
        """Return in how many seconds each field expires, -1 where it does not, -2 where there is no such field."""
    def hpttl(self, key: Key, *fields: Encodable) -> Queued[list[int]]:
        """Return in how many milliseconds each field expires; else as :meth:`httl`."""
    def hexpiretime(self, key: Key, *fields: Encodable) -> Queued[list[int]]:
        """Return when each field expires, in seconds since 1970; else as :meth:`httl`."""
    def hpexpiretime(self, key: Key, *fields: Encodable) -> Queued[list[int]]:
        """Return when each field expires, in milliseconds since 1970; else as :meth:`httl`."""

class QueuedHyperLogLogCommands(Generic[AnyStr]):
    def pfadd(self, name: Key, *values: Encodable) -> Queued[int]:
        """Add elements; without any, only make the key where it does not exist."""
    def pfcount(self, *sources: Key) -> Queued[int]:
        """Estimate how many distinct elements were added to the union of ``sources``."""
    def pfmerge(self, dest: Key, *sources: Key) -> Queued[bool]:
        """Merge ``sources`` into ``dest``, which keeps what it has."""

class QueuedKeyCommands(Generic[AnyStr]):
    def copy(self, source: Key, destination: Key, destination_db: int | None=..., replace: bool=...) -> Queued[bool]:
        """Copy a key."""
    def delete(self, *names: Key) -> Queued[int]:
        """Delete keys."""
    def dump(self, name: Key) -> Queued[bytes | None]:
        """Return the value in the server's own form, for :meth:`restore`; always bytes."""
    def exists(self, *names: Key) -> Queued[int]:
        """Count those of the keys that exist; one given twice counts twice."""
    def expire(self, name: Key, time: Expiry, nx: bool=..., xx: bool=..., gt: bool=..., lt: bool=...) -> Queued[bool]:
        """Let a key expire in ``time`` seconds."""
    def expireat(self, name: Key, when: ExpiryTime, nx: bool=..., xx: bool=..., gt: bool=..., lt: bool=...) -> Queued[bool]:
        """Let a key expire at a point in time."""
    def expiretime(self, key: Key) -> Queued[int]:
        """Return when a key expires, in seconds since 1970: -1 for never, -2 where it does not exist."""
    def keys(self, pattern: Pattern=...) -> Queued[list[AnyStr]]:
        """Return all keys that match ``pattern``. The server does nothing else meanwhile: prefer :meth:`scan_iter`."""
    def migrate(self, host: str, port: int, keys: Key | Iterable[Key], destination_db: int, timeout: int, copy: bool=..., replace: bool=..., auth: str | None=..., username: str | None=...) -> Queued[bool]:
        """Move keys to another server."""
    def move(self, name: Key, db: int, replace: bool=...) -> Queued[bool]:
        """Move a key to another database of the server."""
    def object(self, infotype: str, key: Key) -> Queued[Any]:
        """Ask how the server keeps a value."""
    def object_encoding(self, key: Key) -> Queued[AnyStr | None]:
        """Return the name of the form in which a value is kept, such as ``"listpack"``."""
    def object_freq(self, key: Key) -> Queued[int | None]:
        """Return how often a key is used, on a logarithmic scale."""
    def object_idletime(self, key: Key) -> Queued[int | None]:
        """Return for how many seconds a key was not used."""
    def object_refcount(self, key: Key) -> Queued[int | None]:
        """Return how many references the server holds to a value."""
    def persist(self, name: Key) -> Queued[bool]:
        """Take a key's expiry away."""
    def pexpire(self, name: Key, time: Expiry, nx: bool=..., xx: bool=..., gt: bool=..., lt: bool=...) -> Queued[bool]:
        """Let a key expire in ``time`` milliseconds; the options are :meth:`expire`'s."""
    def pexpireat(self, name: Key, when: ExpiryTime, nx: bool=..., xx: bool=..., gt: bool=..., lt: bool=...) -> Queued[bool]:
        """Let a key expire at a point in time, in milliseconds since 1970; the options are :meth:`expire`'s."""
    def pexpiretime(self, key: Key) -> Queued[int]:
        """Return when a key expires, in milliseconds since 1970: -1 for never, -2 where it does not exist."""
    def pttl(self, name: Key) -> Queued[int]:
        """Return in how many milliseconds a key expires: -1 for never, -2 where it does not exist."""
    def randomkey(self) -> Queued[AnyStr | None]:
        """Return some key, None where there is none."""
    def rename(self, src: Key, dst: Key) -> Queued[bool]:
        """Rename a key; ``dst`` is overwritten."""
    def renamenx(self, src: Key, dst: Key) -> Queued[bool]:
        """Rename a key if ``dst`` does not exist."""
    def restore(self, name: Key, ttl: int, value: bytes | bytearray | memoryview, replace: bool=..., absttl: bool=..., idletime: int | None=..., frequency: int | None=...) -> Queued[bool]:
        """Make a key of what :meth:`dump` returned."""
    def scan(self, cursor: int=..., match: Pattern | None=..., count: int | None=..., _type: str | None=...) -> Queued[tuple[int, list[AnyStr]]]:
        """Return some keys, and the cursor with which to ask for more."""
    @overload
    def sort(self, name: Key, start: int | None=..., num: int | None=..., by: Key | None=..., get: None=..., desc: bool=..., alpha: bool=..., store: None=..., groups: Literal[False] | None=...) -> Queued[list[AnyStr]]:
        """Sort the elements of a list, set or sorted set, and return or store them."""
    @overload
    def sort(self, name: Key, start: int | None=..., num: int | None=..., by: Key | None=..., *, get: Key | Sequence[Key], desc: bool=..., alpha: bool=..., store: None=..., groups: Literal[False] | None=...) -> Queued[list[AnyStr | None]]: ...
    @overload
    def sort(self, name: Key, start: int | None=..., num: int | None=..., by: Key | None=..., *, get: Key | Sequence[Key], desc: bool=..., alpha: bool=..., store: None=..., groups: Literal[True]) -> Queued[list[tuple[AnyStr | None, ...]]]: ...
    @overload
    def sort(self, name: Key, start: int | None=..., num: int | None=..., by: Key | None=..., get: Key | Sequence[Key] | None=..., desc: bool=..., alpha: bool=..., *, store: Key, groups: Literal[False] | None=...) -> Queued[int]: ...
    @overload
    def sort_ro(self, key: Key, start: int | None=..., num: int | None=..., by: Key | None=..., get: None=..., desc: bool=..., alpha: bool=...) -> Queued[list[AnyStr]]:
        """As :meth:`sort`, but never storing anything, so that a replica may answer."""
    @overload
    def sort_ro(self, key: Key, start: int | None=..., num: int | None=..., by: Key | None=..., *, get: Key | Sequence[Key], desc: bool=..., alpha: bool=...) -> Queued[list[AnyStr | None]]: ...
    def touch(self, *args: Key) -> Queued[int]:
        """Mark keys as used just now."""
    def ttl(self, name: Key) -> Queued[int]:
        """Return in how many seconds a key expires: -1 for never, -2 where it does not exist."""
    def type(self, name: Key) -> Queued[AnyStr]:
        """Return the kind of value a key holds, such as ``"hash"``; ``"none"`` where it does not exist."""
    def unlink(self, *names: Key) -> Queued[int]:
        """Delete keys; the server frees their memory afterwards in the background."""

class QueuedListCommands(Generic[AnyStr]):
    def blmove(self, first_list: Key, second_list: Key, timeout: float | None, src: str=..., dest: str=...) -> Queued[AnyStr | None]:
        """As :meth:`lmove`, waiting until there is an element."""
    def blmovem(self, first_list: Key, second_list: Key, timeout: float | None, src: str=..., dest: str=..., count: int | None=..., mode: Literal['COUNT', 'EXACTLY'] | None=..., ordering: Literal['OBO', 'BULK'] | None=...) -> Queued[list[AnyStr] | None]:
        """As :meth:`lmovem`, waiting until there are elements enough."""
    def blmpop(self, timeout: float | None, numkeys: int, *args: Key, direction: str, count: int | None=...) -> Queued[list[Any] | None]:
        """As :meth:`lmpop`, waiting until one of the lists has an element."""
    def blpop(self, keys: Key | Iterable[Key], timeout: float | None=...) -> Queued[tuple[AnyStr, AnyStr] | None]:
        """Take an element off the left end of the first list that has any, waiting until there is one."""
    def brpop(self, keys: Key | Iterable[Key], timeout: float | None=...) -> Queued[tuple[AnyStr, AnyStr] | None]:
        """Take an element off the right end of the first list that has any, waiting until there is one."""
    def brpoplpush(self, src: Key, dst: Key, timeout: float | None=...) -> Queued[AnyStr | None]:
        """As :meth:`rpoplpush`, waiting until there is an element."""
    def lindex(self, name: Key, index: int) -> Queued[AnyStr | None]:
        """Return the element at ``index``, negative from the end; None where there is none."""
    def linsert(self, name: Key, where: str, refvalue: Encodable, value: Encodable) -> Queued[int]:
        """Insert ``value`` beside the first element that equals ``refvalue``."""
    def llen(self, name: Key) -> Queued[int]:
        """Return the length of the list, 0 where there is none."""
    def lmove(self, first_list: Key, second_list: Key, src: str=..., dest: str=...) -> Queued[AnyStr | None]:
        """Take an element off one list and push it onto another."""
    def lmovem(self, first_list: Key, second_list: Key, src: str=..., dest: str=..., count: int | None=..., mode: Literal['COUNT', 'EXACTLY'] | None=..., ordering: Literal['OBO', 'BULK'] | None=...) -> Queued[list[AnyStr] | None]:
        """Take elements off one list and push them onto another."""
    def lmpop(self, num_keys: int, *args: Key, direction: str, count: int | None=...) -> Queued[list[Any] | None]:
        """Take elements off the first of several lists that has any."""
    @overload
    def lpop(self, name: Key, count: None=...) -> Queued[AnyStr | None]:
        """Take elements off the left end."""
    @overload
    def lpop(self, name: Key, count: int) -> Queued[list[AnyStr] | None]: ...
    @overload
    def lpos(self, name: Key, value: Encodable, rank: int | None=..., count: None=..., maxlen: int | None=...) -> Queued[int | None]:
        """Find elements that equal ``value``."""
    @overload
    def lpos(self, name: Key, value: Encodable, rank: int | None=..., *, count: int, maxlen: int | None=...) -> Queued[list[int]]: ...
    def lpush(self, name: Key, *values: Encodable) -> Queued[int]:
        """Push elements onto the left end, one after the other."""
    def lpushx(self, name: Key, *values: Encodable) -> Queued[int]:
        """As :meth:`lpush`, if the list exists."""
    def lrange(self, name: Key, start: int, end: int) -> Queued[list[AnyStr]]:
        """Return elements ``start`` to ``end``, both included, negative from the end."""
    def lrem(self, name: Key, count: int, value: Encodable) -> Queued[int]:
        """Remove elements that equal ``value``."""
    def lset(self, name: Key, index: int, value: Encodable) -> Queued[bool]:
        """Replace the element at ``index``, negative from the end."""
    def ltrim(self, name: Key, start: int, end: int) -> Queued[bool]:
        """Keep elements ``start`` to ``end`` only, both included, negative from the end."""
    @overload
    def rpop(self, name: Key, count: None=...) -> Queued[AnyStr | None]:
        """Take elements off the right end."""
    @overload
    def rpop(self, name: Key, count: int) -> Queued[list[AnyStr] | None]: ...
    def rpoplpush(self, src: Key, dst: Key) -> Queued[AnyStr | None]:
        """Take an element off the right end of ``src`` and push it onto the left end of ``dst``."""
    def rpush(self, name: Key, *values: Encodable) -> Queued[int]:
        """Push elements onto the right end, one after the other."""
    def rpushx(self, name: Key, *values: Encodable) -> Queued[int]:
        """As :meth:`rpush`, if the list exists."""

class QueuedModuleCommands(Generic[AnyStr]):
    def bf(self) -> QueuedBloomCommands[AnyStr]:
        """Return the commands on Bloom filters."""
    def cf(self) -> QueuedCuckooCommands[AnyStr]:
        """Return the commands on Cuckoo filters."""
    def cms(self) -> QueuedCountMinSketchCommands[AnyStr]:
        """Return the commands on Count-Min sketches."""
    def ft(self, index_name: str=...) -> QueuedSearchCommands[AnyStr]:
        """Return the commands of the search engine, on one index."""
    def json(self, encoder: Any=..., decoder: Any=...) -> QueuedJsonCommands[AnyStr]:
        """Return the commands on JSON documents."""
    def tdigest(self) -> QueuedTDigestCommands[AnyStr]:
        """Return the commands on t-digests."""
    def topk(self) -> QueuedTopKCommands[AnyStr]:
        """Return the commands on lists of the most frequent items."""
    def ts(self) -> QueuedTimeSeriesCommands[AnyStr]:
        """Return the commands on time series."""

class QueuedBloomCommands(QueuedModuleGroup[AnyStr]):
    def create(self, key: Key, errorRate: float, capacity: int, expansion: int | None=..., noScale: bool | None=...) -> Queued[bool]:
        """Create a filter."""
    reserve = create
    def add(self, key: Key, item: Encodable) -> Queued[int]:
        """Add an item; the filter is created where it does not exist."""
    def madd(self, key: Key, *items: Encodable) -> Queued[list[int]]:
        """Add several items; the filter is created where it does not exist."""
    def insert(self, key: Key, items: Sequence[Encodable], capacity: int | None=..., error: float | None=..., noCreate: bool | None=..., expansion: int | None=..., noScale: bool | None=...) -> Queued[list[int]]:
        """Add several items to a filter that is created, if need be, with the options given."""
    def exists(self, key: Key, item: Encodable) -> Queued[int]:
        """Tell whether an item was added: 1 means probably, 0 means certainly not."""
    def mexists(self, key: Key, *items: Encodable) -> Queued[list[int]]:
        """As :meth:`exists`, for several items."""
    def scandump(self, key: Key, iter: int) -> Queued[tuple[int, bytes | None]]:
        """Return one piece of a filter, for :meth:`loadchunk`."""
    def loadchunk(self, key: Key, iter: int, data: bytes) -> Queued[AnyStr]:
        """Restore one piece that :meth:`scandump` returned."""
    def info(self, key: Key) -> Queued[BloomInfo]:
        """Return what there is to know about a filter."""
    def card(self, key: Key) -> Queued[int]:
        """Return how many distinct items were added, 0 where the filter does not exist."""

class QueuedCountMinSketchCommands(QueuedModuleGroup[AnyStr]):
    def initbydim(self, key: Key, width: int, depth: int) -> Queued[bool]:
        """Create a sketch of ``depth`` rows with ``width`` counters each."""
    def initbyprob(self, key: Key, error: float, probability: float) -> Queued[bool]:
        """Create a sketch that is as large as the errors allowed make it."""
    def incrby(self, key: Key, items: Sequence[Encodable], increments: Sequence[int]) -> Queued[list[int]]:
        """Count items: each by the increment at its place."""
    def query(self, key: Key, *items: Encodable) -> Queued[list[int]]:
        """Return how often each item came, at most."""
    def merge(self, destKey: Key, numKeys: int, srcKeys: Sequence[Key], weights: Sequence[int]=...) -> Queued[bool]:
        """Add sketches of the same size together into one that exists."""
    def info(self, key: Key) -> Queued[CountMinSketchInfo]:
        """Return what there is to know about a sketch."""

class QueuedCuckooCommands(QueuedModuleGroup[AnyStr]):
    def create(self, key: Key, capacity: int, expansion: int | None=..., bucket_size: int | None=..., max_iterations: int | None=...) -> Queued[bool]:
        """Create a filter."""
    reserve = create
    def add(self, key: Key, item: Encodable) -> Queued[int]:
        """Add an item, once more if it is there; the filter is created where it does not exist."""
    def addnx(self, key: Key, item: Encodable) -> Queued[int]:
        """Add an item if it is not there yet; the filter is created where it does not exist."""
    def insert(self, key: Key, items: Sequence[Encodable], capacity: int | None=..., nocreate: bool | None=...) -> Queued[list[int]]:
        """Add several items, once more those that are there."""
    def insertnx(self, key: Key, items: Sequence[Encodable], capacity: int | None=..., nocreate: bool | None=...) -> Queued[list[int]]:
        """As :meth:`insert`, without the items that are probably there already, for which it returns 0."""
    def exists(self, key: Key, item: Encodable) -> Queued[int]:
        """Tell whether an item was added: 1 means probably, 0 means certainly not."""
    def mexists(self, key: Key, *items: Encodable) -> Queued[list[int]]:
        """As :meth:`exists`, for several items."""
    def delete(self, key: Key, item: Encodable) -> Queued[int]:
        """Delete an item once; what was never added must not be deleted."""
    def count(self, key: Key, item: Encodable) -> Queued[int]:
        """Return how often an item is there, at most."""
    def scandump(self, key: Key, iter: int) -> Queued[tuple[int, bytes | None]]:
        """Return one piece of a filter, for :meth:`loadchunk`."""
    def loadchunk(self, key: Key, iter: int, data: bytes) -> Queued[AnyStr]:
        """Restore one piece that :meth:`scandump` returned."""
    def info(self, key: Key) -> Queued[CuckooInfo]:
        """Return what there is to know about a filter."""

class QueuedModuleGroup(Generic[AnyStr]):
    ...

class QueuedJsonCommands(QueuedModuleGroup[AnyStr]):
    def set(self, name: Key, path: str, obj: Json, nx: bool | None=..., xx: bool | None=..., decode_keys: bool | None=..., fpha: str | None=...) -> Queued[bool | None]:
        """Set what is at ``path`` of a document."""
    def mset(self, triplets: Iterable[tuple[Key, str, Json]]) -> Queued[bool]:
        """Set parts of several documents at once, given as tuples of key, path and value."""
    def merge(self, name: Key, path: str, obj: Json, decode_keys: bool | None=...) -> Queued[bool]:
        """Merge a value into what is at ``path``: nulls delete, objects are merged, the rest replaces."""
    def get(self, name: Key, *args: str, no_escape: bool | None=...) -> Queued[Any]:
        """Return what is at one path, or a dict by path for several; by default the whole document."""
    def mget(self, keys: Sequence[Key], path: str) -> Queued[list[Any]]:
        """Return what is at ``path`` of several documents, None for each that does not exist."""
    def delete(self, key: Key, path: str | None=...) -> Queued[int]:
        """Delete what is at ``path``; return how much that was."""
    def forget(self, key: Key, path: str | None=...) -> Queued[int]:
        """As :meth:`delete`."""
    def clear(self, name: Key, path: str | None=...) -> Queued[int]:
        """Empty objects and arrays at ``path`` and set numbers to 0; return how many were changed."""
    def type(self, name: Key, path: str | None=...) -> Queued[AnyStr | list[AnyStr] | None]:
        """Return the type of what is at ``path``, such as ``object``, ``array``, ``integer``."""
    def resp(self, name: Key, path: str | None=...) -> Queued[Any]:
        """Return what is at ``path`` in the protocol's own types: lists that begin with ``{`` or ``[``, and text."""
    def debug(self, subcommand: str, key: Key | None=..., path: str | None=...) -> Queued[Any]:
        """Return the bytes a value takes in memory, or the lines of a help text."""
    def arrappend(self, name: Key, path: str | None=..., *args: Json) -> Queued[Counts]:
        """Append values to arrays; return their new lengths."""
    def arrindex(self, name: Key, path: str, scalar: Json, start: int | None=..., stop: int | None=...) -> Queued[Counts]:
        """Return where in arrays a value first is, -1 where it is not."""
    def arrinsert(self, name: Key, path: str, index: int, *args: Json) -> Queued[Counts]:
        """Insert values into arrays before ``index``; return their new lengths."""
    def arrlen(self, name: Key, path: str | None=...) -> Queued[Counts]:
        """Return the lengths of arrays."""
    def arrpop(self, name: Key, path: str | None=..., index: int | None=...) -> Queued[Any]:
        """Take the element at ``index`` off arrays; by default the last one."""
    def arrtrim(self, name: Key, path: str, start: int, stop: int) -> Queued[Counts]:
        """Cut arrays down to the elements from ``start`` to ``stop``, both included; return their new lengths."""
    def objkeys(self, name: Key, path: str | None=...) -> Queued[list[str] | list[list[str] | None] | None]:
        """Return the names in objects, always as text."""
    def objlen(self, name: Key, path: str | None=...) -> Queued[Counts]:
        """Return how many names objects have."""
    def strappend(self, name: Key, value: str, path: str | None=...) -> Queued[Counts]:
        """Append to text; return the new lengths."""
    def strlen(self, name: Key, path: str | None=...) -> Queued[Counts]:
        """Return the lengths of text."""
    def numincrby(self, name: Key, path: str, number: float) -> Queued[Any]:
        """Add to numbers; return the new ones."""
    def nummultby(self, name: Key, path: str, number: float) -> Queued[Any]:
        """Multiply numbers; return the new ones, as :meth:`numincrby` does."""
    def toggle(self, name: Key, path: str | None=...) -> Queued[bool | list[int | None] | None]:
        """Turn booleans over; return the new ones, as 0 and 1 for a JSONPath."""
    def jsonget(self, name: Key, *args: str, no_escape: bool | None=...) -> Queued[Any]:
        """The old name of :meth:`get`."""
    def jsonmget(self, keys: Sequence[Key], path: str) -> Queued[list[Any]]:
        """The old name of :meth:`mget`."""
    def jsonset(self, name: Key, path: str, obj: Json, nx: bool | None=..., xx: bool | None=..., decode_keys: bool | None=..., fpha: str | None=...) -> Queued[bool | None]:
        """The old name of :meth:`set`."""

class QueuedSearchCommands(QueuedModuleGroup[AnyStr]):
    def create_index(self, fields: Field | Sequence[Field], no_term_offsets: bool=..., no_field_flags: bool=..., stopwords: Sequence[str] | None=..., definition: IndexDefinition | None=..., max_text_fields: bool=..., temporary: int | None=..., no_highlight: bool=..., no_term_frequencies: bool=..., skip_initial_scan: bool=...) -> Queued[AnyStr]:
        """Create the index; returns ``OK``."""
    def alter_schema_add(self, fields: Field | Sequence[Field]) -> Queued[AnyStr]:
        """Add fields to the index; returns ``OK``."""
    def dropindex(self, delete_documents: bool=...) -> Queued[AnyStr]:
        """Delete the index, and its documents too if asked to; returns ``OK``."""
    def info(self) -> Queued[dict[str, Any]]:
        """Return what there is to know about the index."""
    def list_indexes(self) -> Queued[list[AnyStr]]:
        """Return the names of all indexes."""
    def tagvals(self, tagfield: str) -> Queued[list[AnyStr]]:
        """Return the distinct values of a tag field."""
    def aliasadd(self, alias: Key) -> Queued[AnyStr]:
        """Give the index a further name; returns ``OK``."""
    def aliasupdate(self, alias: Key) -> Queued[AnyStr]:
        """Give the index a further name, which another one may have had; returns ``OK``."""
    def aliasdel(self, alias: Key) -> Queued[AnyStr]:
        """Take a further name away; returns ``OK``."""
    def aliaslist(self) -> Queued[set[AnyStr]]:
        """Return the index's further names."""
    def search(self, query: str | Query, query_params: Parameters | None=...) -> Queued[search_results.Result]:
        """Search for documents."""
    def explain(self, query: str | Query, query_params: Parameters | None=...) -> Queued[AnyStr]:
        """Return how the server understands a query."""
    def explain_cli(self, query: str | Query, query_params: Parameters | None=...) -> Queued[list[AnyStr]]:
        """As :meth:`explain`, as a list of lines."""
    def aggregate(self, query: AggregateRequest | Cursor, query_params: Parameters | None=...) -> Queued[search_results.AggregateResult]:
        """Calculate from documents, or go on reading what a cursor has left."""
    def cursor_del(self, cursor: Cursor | int) -> Queued[bool]:
        """Let the server forget what a cursor has left."""
    def profile(self, query: Query | AggregateRequest, limited: bool=..., query_params: Parameters | None=...) -> Queued[tuple[Any, search_results.ProfileInformation]]:
        """Search or calculate, and return the result together with how it came about."""
    def hybrid_search(self, query: HybridQuery, combine_method: CombineResultsMethod | None=..., post_processing: HybridPostProcessingConfig | None=..., params_substitution: Parameters | None=..., timeout: int | None=..., cursor: HybridCursorQuery | None=...) -> Queued[Any]:
        """Search by text and by vector at once."""
    def load_document(self, id: Key) -> Queued[search_results.Document]:
        """Return one document that is a hash, found or not."""
    def spellcheck(self, query: str, distance: int | None=..., include: str | None=..., exclude: str | None=...) -> Queued[dict[AnyStr, list[dict[str, Any]]]]:
        """Return, for each misspelt word of a query, what it may have been meant for."""
    def dict_add(self, name: str, *terms: str) -> Queued[int]:
        """Add words to a dictionary; return how many are new."""
    def dict_del(self, name: str, *terms: str) -> Queued[int]:
        """Delete words from a dictionary; return how many were there."""
    def dict_dump(self, name: str) -> Queued[list[AnyStr]]:
        """Return the words of a dictionary."""
    def synupdate(self, groupid: str, skipinitial: bool=..., *terms: str) -> Queued[AnyStr]:
        """Make words mean the same as others of a group; returns ``OK``."""
    def syndump(self) -> Queued[dict[AnyStr, list[AnyStr]]]:
        """Return the groups each word belongs to."""
    def sugadd(self, key: Key, *suggestions: Suggestion, increment: bool=...) -> Queued[int]:
        """Add suggestions to a key of their own."""
    def sugget(self, key: Key, prefix: str, fuzzy: bool=..., num: int=..., with_scores: bool=..., with_payloads: bool=...) -> Queued[list[Suggestion]]:
        """Return suggestions that begin with ``prefix``, the likeliest first; their text is always ``str``."""
    def sugdel(self, key: Key, string: str) -> Queued[int]:
        """Delete a suggestion; return 1 if it was there, else 0."""
    def suglen(self, key: Key) -> Queued[int]:
        """Return how many suggestions there are."""
    def config_get(self, option: str) -> Queued[dict[str, Any]]:
        """Return settings of the engine."""
    def config_set(self, option: str, value: Encodable) -> Queued[bool]:
        """Change a setting of the engine."""

class QueuedTDigestCommands(QueuedModuleGroup[AnyStr]):
    def create(self, key: Key, compression: int=...) -> Queued[bool]:
        """Create a digest."""
    def reset(self, key: Key) -> Queued[AnyStr]:
        """Forget all numbers; returns ``OK``."""
    def add(self, key: Key, values: Sequence[float]) -> Queued[AnyStr]:
        """Add numbers; returns ``OK``."""
    def merge(self, destination_key: Key, num_keys: int, *keys: Key, compression: int | None=..., override: bool=...) -> Queued[AnyStr]:
        """Add the numbers of other digests to one, which is created where it does not exist; returns ``OK``."""
    def min(self, key: Key) -> Queued[float]:
        """Return the smallest number, NaN where there is none."""
    def max(self, key: Key) -> Queued[float]:
        """Return the largest number, NaN where there is none."""
    def quantile(self, key: Key, quantile: float, *quantiles: float) -> Queued[list[float]]:
        """Estimate below which number each share, between 0 and 1, of the numbers lies."""
    def cdf(self, key: Key, value: float, *values: float) -> Queued[list[float]]:
        """Estimate which share, between 0 and 1, of the numbers is not above each value."""
    def rank(self, key: Key, value: float, *values: float) -> Queued[list[int]]:
        """Estimate how many numbers are below each value: -1 for one below all, -2 where there are no numbers."""
    def revrank(self, key: Key, value: float, *values: float) -> Queued[list[int]]:
        """Estimate how many numbers are above each value: -1 for one above all, -2 where there are no numbers."""
    def byrank(self, key: Key, rank: int, *ranks: int) -> Queued[list[float]]:
        """Estimate the number at each rank from the smallest on, which is 0; ``inf`` beyond the largest."""
    def byrevrank(self, key: Key, rank: int, *ranks: int) -> Queued[list[float]]:
        """Estimate the number at each rank from the largest on, which is 0; ``-inf`` beyond the smallest."""
    def trimmed_mean(self, key: Key, low_cut_quantile: float, high_cut_quantile: float) -> Queued[float]:
        """Estimate the mean of the numbers between two quantiles."""
    def info(self, key: Key) -> Queued[TDigestInfo]:
        """Return what there is to know about a digest."""

class QueuedTimeSeriesCommands(QueuedTimeSeriesSampleCommands[AnyStr]):
    def create(self, key: Key, retention_msecs: int | None=..., uncompressed: bool | None=..., labels: Mapping[str, str] | None=..., chunk_size: int | None=..., duplicate_policy: str | None=..., ignore_max_time_diff: int | None=..., ignore_max_val_diff: float | None=...) -> Queued[bool]:
        """Create a series."""
    def alter(self, key: Key, retention_msecs: int | None=..., labels: Mapping[str, str] | None=..., chunk_size: int | None=..., duplicate_policy: str | None=..., ignore_max_time_diff: int | None=..., ignore_max_val_diff: float | None=...) -> Queued[bool]:
        """Change the options of a series; what is not given stays as it is."""
    def createrule(self, source_key: Key, dest_key: Key, aggregation_type: str, bucket_size_msec: int, align_timestamp: int | None=...) -> Queued[bool]:
        """Have the server write aggregates of one series into another, which must exist."""
    def deleterule(self, source_key: Key, dest_key: Key) -> Queued[bool]:
        """Undo :meth:`createrule`."""
    def info(self, key: Key) -> Queued[time_series_results.TimeSeriesInfo]:
        """Return what there is to know about a series."""
    def add(self, key: Key, timestamp: Timestamp, value: float | str, retention_msecs: int | None=..., uncompressed: bool | None=..., labels: Mapping[str, str] | None=..., chunk_size: int | None=..., duplicate_policy: str | None=..., ignore_max_time_diff: int | None=..., ignore_max_val_diff: float | None=..., on_duplicate: str | None=...) -> Queued[int]:
        """Add a sample; the series is created, with the options given, where it does not exist."""
    def madd(self, ktv_tuples: Iterable[tuple[Key, Timestamp, float | str]]) -> Queued[list[Any]]:
        """Add samples to several series, given as tuples of key, time and value."""
    def incrby(self, key: Key, value: float, timestamp: Timestamp | None=..., retention_msecs: int | None=..., uncompressed: bool | None=..., labels: Mapping[str, str] | None=..., chunk_size: int | None=..., duplicate_policy: str | None=..., ignore_max_time_diff: int | None=..., ignore_max_val_diff: float | None=...) -> Queued[int]:
        """Add a sample that is ``value`` above the newest; the series is created where it does not exist."""
    def decrby(self, key: Key, value: float, timestamp: Timestamp | None=..., retention_msecs: int | None=..., uncompressed: bool | None=..., labels: Mapping[str, str] | None=..., chunk_size: int | None=..., duplicate_policy: str | None=..., ignore_max_time_diff: int | None=..., ignore_max_val_diff: float | None=...) -> Queued[int]:
        """Add a sample that is ``value`` below the newest; otherwise as :meth:`incrby`."""
    def delete(self, key: Key, from_time: Timestamp, to_time: Timestamp) -> Queued[int]:
        """Delete samples from one time to another, both included; return how many."""

class QueuedTimeSeriesSampleCommands(QueuedModuleGroup[AnyStr]):
    def get(self, key: Key, latest: bool | None=...) -> Queued[tuple[int, float] | None]:
        """Return the newest sample, None where there is none."""
    def range(self, key: Key, from_time: Timestamp, to_time: Timestamp, count: int | None=..., aggregation_type: Aggregation | None=..., bucket_size_msec: int | None=..., filter_by_ts: Sequence[int] | None=..., filter_by_min_value: float | None=..., filter_by_max_value: float | None=..., align: Timestamp | None=..., latest: bool | None=..., bucket_timestamp: str | None=..., empty: bool | None=...) -> Queued[list[tuple[Any, ...]]]:
        """Return samples from one time to another, both included, the oldest first."""
    def revrange(self, key: Key, from_time: Timestamp, to_time: Timestamp, count: int | None=..., aggregation_type: Aggregation | None=..., bucket_size_msec: int | None=..., filter_by_ts: Sequence[int] | None=..., filter_by_min_value: float | None=..., filter_by_max_value: float | None=..., align: Timestamp | None=..., latest: bool | None=..., bucket_timestamp: str | None=..., empty: bool | None=...) -> Queued[list[tuple[Any, ...]]]:
        """As :meth:`range`, the newest sample first."""
    def read(self, key: Key, timestamp: Timestamp, block_milliseconds: int | None=..., block_min_count: int | None=..., max_count: int | None=...) -> Queued[list[list[Any]]]:
        """Return samples newer than ``timestamp``, waiting for them if need be."""
    def mget(self, filters: Sequence[str], with_labels: bool | None=..., select_labels: Sequence[str] | None=..., latest: bool | None=...) -> Queued[list[dict[str, list[Any]]]]:
        """Return the newest sample of every series that filters choose."""
    def mrange(self, from_time: Timestamp, to_time: Timestamp, filters: Sequence[str], count: int | None=..., aggregation_type: Aggregation | None=..., bucket_size_msec: int | None=..., with_labels: bool | None=..., filter_by_ts: Sequence[int] | None=..., filter_by_min_value: float | None=..., filter_by_max_value: float | None=..., groupby: str | None=..., reduce: str | None=..., select_labels: Sequence[str] | None=..., align: Timestamp | None=..., latest: bool | None=..., bucket_timestamp: str | None=..., empty: bool | None=..., exclude_empty: bool | None=...) -> Queued[list[dict[str, list[Any]]]]:
        """Return samples, the oldest first, of every series that filters choose."""
    def mrevrange(self, from_time: Timestamp, to_time: Timestamp, filters: Sequence[str], count: int | None=..., aggregation_type: Aggregation | None=..., bucket_size_msec: int | None=..., with_labels: bool | None=..., filter_by_ts: Sequence[int] | None=..., filter_by_min_value: float | None=..., filter_by_max_value: float | None=..., groupby: str | None=..., reduce: str | None=..., select_labels: Sequence[str] | None=..., align: Timestamp | None=..., latest: bool | None=..., bucket_timestamp: str | None=..., empty: bool | None=..., exclude_empty: bool | None=...) -> Queued[list[dict[str, list[Any]]]]:
        """As :meth:`mrange`, the newest sample first."""
    def nrange(self, keys: Sequence[Key], from_time: Timestamp, to_time: Timestamp, count: int | None=..., aggregators: Aggregation | None=..., bucket_size_msec: int | None=..., filter_by_ts: Sequence[int] | None=..., filter_by_min_value: float | None=..., filter_by_max_value: float | None=..., align: Timestamp | None=..., latest: bool | None=..., bucket_timestamp: str | None=..., empty: bool | None=...) -> Queued[list[list[Any]]]:
        """Return the samples of several series side by side, the oldest first."""
    def nrevrange(self, keys: Sequence[Key], from_time: Timestamp, to_time: Timestamp, count: int | None=..., aggregators: Aggregation | None=..., bucket_size_msec: int | None=..., filter_by_ts: Sequence[int] | None=..., filter_by_min_value: float | None=..., filter_by_max_value: float | None=..., align: Timestamp | None=..., latest: bool | None=..., bucket_timestamp: str | None=..., empty: bool | None=...) -> Queued[list[list[Any]]]:
        """As :meth:`nrange`, the newest sample first."""
    def queryindex(self, filters: Sequence[str]) -> Queued[list[str]]:
        """Return the keys of all series that filters choose."""
    def querylabels(self, label: str | None=..., filters: Iterable[str] | None=...) -> Queued[set[AnyStr]]:
        """Return the names of all labels, or all values of one."""

class QueuedTopKCommands(QueuedModuleGroup[AnyStr]):
    def reserve(self, key: Key, k: int, width: int, depth: int, decay: float) -> Queued[bool]:
        """Create a list."""
    def add(self, key: Key, *items: Encodable) -> Queued[Items[AnyStr | None]]:
        """Count items, each once."""
    def incrby(self, key: Key, items: Sequence[Encodable], increments: Sequence[int]) -> Queued[Items[AnyStr | None]]:
        """Count items: each by the increment at its place."""
    def query(self, key: Key, *items: Encodable) -> Queued[Items[int]]:
        """Tell for each item whether it is in the list: 1 or 0."""
    def count(self, key: Key, *items: Encodable) -> Queued[Items[int]]:
        """Estimate how often each item came."""
    def list(self, key: Key, withcount: bool=...) -> Queued[Items[AnyStr | int]]:
        """Return the items of the list, the most frequent first."""
    def info(self, key: Key) -> Queued[TopKInfo]:
        """Return what there is to know about a list."""

class QueuedPubSubCommands(Generic[AnyStr]):
    def publish(self, channel: Key, message: Encodable) -> Queued[int]:
        """Send ``message`` to everyone who listens to ``channel``."""
    def pubsub_channels(self, pattern: Pattern=...) -> Queued[list[AnyStr]]:
        """Return the channels that have subscribers and match ``pattern``."""
    def pubsub_numpat(self) -> Queued[int]:
        """Return how many distinct patterns clients are subscribed to."""
    def pubsub_numsub(self, *args: Key) -> Queued[list[tuple[AnyStr, int]]]:
        """Return each of the channels with the number of its subscribers."""
    def pubsub_shardchannels(self, pattern: Pattern=...) -> Queued[list[AnyStr]]:
        """Return the shard channels that have subscribers and match ``pattern``."""
    def pubsub_shardnumsub(self, *args: Key) -> Queued[list[tuple[AnyStr, int]]]:
        """Return each of the shard channels with the number of its subscribers."""
    def spublish(self, shard_channel: Key, message: Encodable) -> Queued[int]:
        """Send ``message`` to everyone who listens to ``shard_channel`` within its shard."""

class QueuedReplicationCommands(Generic[AnyStr]):
    def failover(self, to: tuple[str, int] | None=..., force: bool=..., abort: bool=..., timeout: int | None=...) -> Queued[bool]:
        """Have the server, a primary, change parts with one of its replicas; returns when that has begun."""
    def replicaof(self, *args: Encodable) -> Queued[bool]:
        """Make the server a replica of another, or a primary."""
    def role(self) -> Queued[list[Any]]:
        """Return the server's part in replication as a list that begins with its name."""
    def slaveof(self, host: str | None=..., port: int | None=...) -> Queued[bool]:
        """Make the server a replica of another; without arguments, a primary. The old name of :meth:`replicaof`."""
    def wait(self, num_replicas: int, timeout: int | None) -> Queued[int]:
        """Wait until replicas have received the writes that came before; return how many have."""
    def waitaof(self, num_local: int, num_replicas: int, timeout: int | None) -> Queued[list[int]]:
        """Wait until the writes that came before are on disk, in the append-only files; else as :meth:`wait`."""

class QueuedScriptingCommands(Generic[AnyStr]):
    def eval(self, script: ScriptText, numkeys: int, *keys_and_args: Encodable) -> Queued[Any]:
        """Run a script, sending its text."""
    def eval_ro(self, script: ScriptText, numkeys: int, *keys_and_args: Encodable) -> Queued[Any]:
        """As :meth:`eval`, for a script that only reads: a replica may run it."""
    def evalsha(self, sha: str | bytes, numkeys: int, *keys_and_args: Encodable) -> Queued[Any]:
        """Run a script that the server has, by the SHA-1 digest of its text."""
    def evalsha_ro(self, sha: str | bytes, numkeys: int, *keys_and_args: Encodable) -> Queued[Any]:
        """As :meth:`evalsha`, for a script that only reads: a replica may run it."""
    def script_exists(self, *args: str | bytes) -> Queued[list[bool]]:
        """Tell of each script, named by its digest, whether the server has it."""
    def script_flush(self, sync_type: Literal['SYNC', 'ASYNC'] | None=...) -> Queued[bool]:
        """Make the server forget all scripts."""
    def script_kill(self) -> Queued[bool]:
        """End the script that runs, if it has written nothing yet."""
    def script_load(self, script: ScriptText) -> Queued[str]:
        """Have the server keep a script without running it; return the digest to call it by."""
    def script_show(self, sha: str | bytes) -> Queued[AnyStr]:
        """Return the text of a script, named by its digest."""

class QueuedSentinelCommands(Generic[AnyStr]):
    def sentinel_ckquorum(self, new_master_name: str) -> Queued[bool]:
        """Ask whether enough sentinels are reachable to agree on a failover and to authorise it."""
    def sentinel_failover(self, new_master_name: str) -> Queued[bool]:
        """Make a replica the primary, without asking the other sentinels."""
    def sentinel_flushconfig(self) -> Queued[bool]:
        """Have the sentinel write its configuration, with what it knows by now, to its file."""
    def sentinel_get_master_addr_by_name(self, service_name: str) -> Queued[tuple[AnyStr, int] | None]:
        """Return host and port of a service's primary, None where the service is unknown."""
    def sentinel_master(self, service_name: str) -> Queued[dict[str, Any]]:
        """Return the state of a service's primary."""
    def sentinel_masters(self) -> Queued[dict[str, dict[str, Any]]]:
        """Return the states of all services' primaries, by service."""
    def sentinel_monitor(self, name: str, ip: str, port: int, quorum: int) -> Queued[bool]:
        """Have the sentinel watch a further primary."""
    def sentinel_remove(self, name: str) -> Queued[bool]:
        """Have the sentinel watch a service no longer."""
    def sentinel_reset(self, pattern: str) -> Queued[int]:
        """Have the sentinel forget what it knows of services: replicas, other sentinels, failovers under way."""
    def sentinel_sentinels(self, service_name: str) -> Queued[list[dict[str, Any]]]:
        """Return the states of the other sentinels that watch a service."""
    def sentinel_set(self, name: str, option: str, value: Encodable) -> Queued[bool]:
        """Change how a service is watched."""
    def sentinel_slaves(self, service_name: str) -> Queued[list[dict[str, Any]]]:
        """Return the states of a service's replicas."""

class QueuedServerCommands(Generic[AnyStr]):
    def dbsize(self) -> Queued[int]:
        """Return the number of keys in the database."""
    def flushall(self, asynchronous: bool=...) -> Queued[bool]:
        """Delete every key of every database."""
    def flushdb(self, asynchronous: bool=...) -> Queued[bool]:
        """Delete every key of the database."""
    def swapdb(self, first: int, second: int) -> Queued[bool]:
        """Let two databases change places, for all clients at once; needs ``allowAdmin``."""
    def bgrewriteaof(self) -> Queued[bool]:
        """Begin to rewrite the append-only file in the background."""
    def bgsave(self, schedule: bool=..., cancel: bool=...) -> Queued[bool]:
        """Begin to save the data set in the background."""
    def lastsave(self) -> Queued[datetime.datetime]:
        """Return when the data set was last saved, in local time."""
    def save(self) -> Queued[bool]:
        """Save the data set; the server does nothing else meanwhile."""
    def backup_abort(self) -> Queued[bool]:
        """Call off the backup that is under way."""
    def backup_cleanup(self) -> Queued[bool]:
        """Remove the files of the finished backup."""
    def backup_list(self) -> Queued[list[str]]:
        """Return the paths of the backup's files that are complete."""
    def backup_seal(self) -> Queued[bool]:
        """Complete the backup with the writes since its beginning."""
    def backup_start(self) -> Queued[bool]:
        """Begin a backup into the directory that the server is set up to use."""
    def backup_status(self) -> Queued[dict[str, Any]]:
        """Return how far the backup is, as a dict of text."""
    def config_get(self, pattern: Pattern=..., *args: Pattern) -> Queued[dict[str, str]]:
        """Return the settings whose names match any of the patterns."""
    def config_resetstat(self) -> Queued[bool]:
        """Set the counters of :meth:`info` to zero."""
    def config_rewrite(self) -> Queued[bool]:
        """Write the settings as they are into the server's configuration file."""
    def config_set(self, name: Key, value: Encodable, *args: Encodable) -> Queued[bool]:
        """Change settings while the server runs."""
    def debug_object(self, key: Key) -> Queued[dict[str, Any]]:
        """Return details of how the server keeps a value."""
    def info(self, section: str | None=..., *args: str) -> Queued[dict[str, Any]]:
        """Return what the server says about itself, as one flat dict."""
    def lolwut(self, *version_numbers: str | float) -> Queued[AnyStr]:
        """Return a drawing, and the server's version."""
    def module_list(self) -> Queued[list[dict[AnyStr, Any]]]:
        """Return the modules that are loaded."""
    def module_load(self, path: str, *args: Encodable) -> Queued[bool]:
        """Have the server load a module."""
    def module_loadex(self, path: str, options: Sequence[Encodable] | None=..., args: Sequence[Encodable] | None=...) -> Queued[bool]:
        """Have the server load a module, with settings."""
    def module_unload(self, name: str) -> Queued[bool]:
        """Have the server unload a module."""
    def time(self) -> Queued[tuple[int, int]]:
        """Return the server's clock: seconds since 1970, and microseconds."""
    def command(self) -> Queued[dict[str, dict[str, Any]]]:
        """Return a description of every command, by name."""
    def command_count(self) -> Queued[int]:
        """Return the number of commands."""
    def command_docs(self, *args: str) -> Queued[dict[str, dict[str, Any]]]:
        """Return the documentation of the commands named, or of all, by name."""
    def command_getkeys(self, *args: Encodable) -> Queued[list[AnyStr]]:
        """Return the keys among a command's words."""
    def command_getkeysandflags(self, *args: Encodable) -> Queued[list[list[Any]]]:
        """Return the keys among a command's words, each in a list with a list of flags."""
    def command_info(self, *args: str) -> Queued[dict[str, dict[str, Any]]]:
        """Return a description of the commands named, or of all, by name; unknown ones are left out."""
    def command_list(self, module: str | None=..., category: str | None=..., pattern: str | None=...) -> Queued[list[AnyStr]]:
        """Return the names of all commands, or of some."""
    def memory_doctor(self) -> Queued[str]:
        """Return the server's advice on its memory."""
    def memory_malloc_stats(self) -> Queued[AnyStr]:
        """Return the statistics of the server's allocator."""
    def memory_purge(self) -> Queued[bool]:
        """Ask the allocator to give back what it does not need."""
    def memory_stats(self) -> Queued[dict[str, Any]]:
        """Return what the server's memory is used for, in bytes where not said otherwise."""
    def memory_usage(self, key: Key, samples: int | None=...) -> Queued[int | None]:
        """Return how many bytes a key takes, None where it does not exist."""
    def hotkeys_get(self) -> Queued[list[dict[str, Any]] | None]:
        """Return which keys are used most, as counted so far; None where nothing was counted."""
    def hotkeys_reset(self) -> Queued[bool]:
        """Forget what was counted."""
    def hotkeys_start(self, metrics: Sequence[Literal['CPU', 'NET']], count: int | None=..., duration: int | None=..., sample_ratio: int | None=..., slots: Sequence[int] | None=...) -> Queued[bool]:
        """Begin to count which keys are used most."""
    def hotkeys_stop(self) -> Queued[bool]:
        """Stop counting; what was counted can still be had."""
    def commandlog_get(self, count: int, kind: str) -> Queued[list[dict[str, Any]]]:
        """Return the latest commands that were slow or large."""
    def commandlog_len(self, kind: str) -> Queued[int]:
        """Return how many commands are kept as slow or large."""
    def commandlog_reset(self, kind: str) -> Queued[bool]:
        """Forget the commands that were slow or large."""
    def latency_doctor(self) -> Queued[str]:
        """Return the server's advice on what held it up."""
    def latency_graph(self, event: str) -> Queued[str]:
        """Return a drawing of how long an event took over time."""
    def latency_histogram(self, *args: str) -> Queued[dict[str, dict[str, Any]]]:
        """Return how long the commands named, or all that were called, took."""
    def latency_history(self, event: str) -> Queued[list[list[int]]]:
        """Return when an event was slow (in seconds since 1970) and how slow (in milliseconds)."""
    def latency_latest(self) -> Queued[list[list[Any]]]:
        """Return name, time of the latest slow one, its length and the longest ever, of every event that was slow."""
    def latency_reset(self, *events: str) -> Queued[int]:
        """Forget what is known of the events named, or of all."""
    def slowlog_get(self, num: int | None=...) -> Queued[list[dict[str, Any]]]:
        """Return the latest commands that took long."""
    def slowlog_len(self) -> Queued[int]:
        """Return how many slow commands are kept."""
    def slowlog_reset(self) -> Queued[bool]:
        """Forget the slow commands."""

class QueuedSetCommands(Generic[AnyStr]):
    def sadd(self, name: Key, *values: Encodable) -> Queued[int]:
        """Add members."""
    def scard(self, name: Key) -> Queued[int]:
        """Return the number of members."""
    def sdiff(self, keys: Key | Iterable[Key], *args: Key) -> Queued[set[AnyStr]]:
        """Return the members of the first set that are in none of the others."""
    def sdiffcard(self, numkeys: int, keys: Iterable[Key], limit: int=...) -> Queued[int]:
        """Count the members of the first set that are in none of the others."""
    def sdiffstore(self, dest: Key, keys: Key | Iterable[Key], *args: Key) -> Queued[int]:
        """Store at ``dest`` the members of the first set that are in none of the others."""
    def sinter(self, keys: Key | Iterable[Key], *args: Key) -> Queued[set[AnyStr]]:
        """Return the members that are in every set."""
    def sintercard(self, numkeys: int, keys: Iterable[Key], limit: int=...) -> Queued[int]:
        """Count the members that are in every set."""
    def sinterstore(self, dest: Key, keys: Key | Iterable[Key], *args: Key) -> Queued[int]:
        """Store at ``dest`` the members that are in every set."""
    @overload
    def sismember(self, name: Key, value: Encodable, xx: Literal[False]=...) -> Queued[bool]:
        """Tell whether ``value`` is a member."""
    @overload
    def sismember(self, name: Key, value: Encodable, xx: bool) -> Queued[bool | None]: ...
    def smembers(self, name: Key) -> Queued[set[AnyStr]]:
        """Return all members."""
    def smismember(self, name: Key, values: Encodable | Iterable[Encodable], *args: Encodable) -> Queued[list[bool]]:
        """Tell of each of the values whether it is a member."""
    def smove(self, src: Key, dst: Key, value: Encodable) -> Queued[bool]:
        """Move a member from one set to another."""
    @overload
    def spop(self, name: Key, count: None=...) -> Queued[AnyStr | None]:
        """Remove members at random and return them."""
    @overload
    def spop(self, name: Key, count: int) -> Queued[list[AnyStr]]: ...
    @overload
    def srandmember(self, name: Key, number: None=...) -> Queued[AnyStr | None]:
        """Return members at random."""
    @overload
    def srandmember(self, name: Key, number: int) -> Queued[list[AnyStr]]: ...
    def srem(self, name: Key, *values: Encodable) -> Queued[int]:
        """Remove members."""
    def sscan(self, name: Key, cursor: int=..., match: Pattern | None=..., count: int | None=...) -> Queued[tuple[int, list[AnyStr]]]:
        """Return some members, and the cursor with which to ask for more."""
    def sunion(self, keys: Key | Iterable[Key], *args: Key) -> Queued[set[AnyStr]]:
        """Return the members that are in any of the sets."""
    def sunioncard(self, numkeys: int, keys: Iterable[Key], limit: int=..., approx: bool=...) -> Queued[int]:
        """Count the members that are in any of the sets."""
    def sunionstore(self, dest: Key, keys: Key | Iterable[Key], *args: Key) -> Queued[int]:
        """Store at ``dest`` the members that are in any of the sets."""

class QueuedSortedSetCombinationCommands(QueuedSortedSetSurface[AnyStr]):
    @overload
    def zunion(self, keys: Iterable[Key] | Mapping[AnyField, float], aggregate: str | None=..., withscores: Literal[False]=..., score_cast_func: Callable[[float], Any]=...) -> Queued[list[AnyStr]]:
        """Return the members that are in any of several sorted sets."""
    @overload
    def zunion(self, keys: Iterable[Key] | Mapping[AnyField, float], aggregate: str | None=..., *, withscores: Literal[True]) -> Queued[list[tuple[AnyStr, float]]]: ...
    @overload
    def zunion(self, keys: Iterable[Key] | Mapping[AnyField, float], aggregate: str | None=..., *, withscores: Literal[True], score_cast_func: Callable[[float], Score]) -> Queued[list[tuple[AnyStr, Score]]]: ...
    @overload
    def zunion(self, keys: Iterable[Key] | Mapping[AnyField, float], aggregate: str | None=..., withscores: bool=..., score_cast_func: Callable[[float], Any]=...) -> Queued[list[AnyStr]] | Queued[list[tuple[AnyStr, Any]]]: ...
    @overload
    def zinter(self, keys: Iterable[Key] | Mapping[AnyField, float], aggregate: str | None=..., withscores: Literal[False]=...) -> Queued[list[AnyStr]]:
        """Return the members that are in all of several sorted sets."""
    @overload
    def zinter(self, keys: Iterable[Key] | Mapping[AnyField, float], aggregate: str | None=..., *, withscores: Literal[True]) -> Queued[list[tuple[AnyStr, float]]]: ...
    @overload
    def zinter(self, keys: Iterable[Key] | Mapping[AnyField, float], aggregate: str | None=..., withscores: bool=...) -> Queued[list[AnyStr]] | Queued[list[tuple[AnyStr, Any]]]: ...
    @overload
    def zdiff(self, keys: Iterable[Key], withscores: Literal[False]=...) -> Queued[list[AnyStr]]:
        """Return the members of the first of several sorted sets that are in none of the others."""
    @overload
    def zdiff(self, keys: Iterable[Key], withscores: Literal[True]) -> Queued[list[tuple[AnyStr, float]]]: ...
    @overload
    def zdiff(self, keys: Iterable[Key], withscores: bool) -> Queued[list[AnyStr]] | Queued[list[tuple[AnyStr, Any]]]: ...
    def zunionstore(self, dest: Key, keys: Iterable[Key] | Mapping[AnyField, float], aggregate: str | None=...) -> Queued[int]:
        """Store the members that are in any of several sorted sets as the sorted set ``dest``."""
    def zinterstore(self, dest: Key, keys: Iterable[Key] | Mapping[AnyField, float], aggregate: str | None=...) -> Queued[int]:
        """Store the members that are in all of several sorted sets as the sorted set ``dest``."""
    def zdiffstore(self, dest: Key, keys: Iterable[Key]) -> Queued[int]:
        """Store the members of the first sorted set that are in none of the others; return how many."""
    def zintercard(self, numkeys: int, keys: Sequence[Key], limit: int=...) -> Queued[int]:
        """Return how many members are in all of several sorted sets."""

class QueuedSortedSetRangeCommands(QueuedSortedSetSurface[AnyStr]):
    @overload
    def zrange(self, name: Key, start: Encodable, end: Encodable, desc: bool=..., withscores: Literal[False]=..., score_cast_func: Callable[[float], Any]=..., byscore: bool=..., bylex: bool=..., offset: int | None=..., num: int | None=..., xx: Literal[False]=...) -> Queued[list[AnyStr]]:
        """Return the members in a range of ranks, scores or names, in ascending order."""
    @overload
    def zrange(self, name: Key, start: Encodable, end: Encodable, desc: bool=..., *, withscores: Literal[True], byscore: bool=..., bylex: bool=..., offset: int | None=..., num: int | None=..., xx: Literal[False]=...) -> Queued[list[tuple[AnyStr, float]]]: ...
    @overload
    def zrange(self, name: Key, start: Encodable, end: Encodable, desc: bool=..., *, withscores: Literal[True], score_cast_func: Callable[[float], Score], byscore: bool=..., bylex: bool=..., offset: int | None=..., num: int | None=..., xx: Literal[False]=...) -> Queued[list[tuple[AnyStr, Score]]]: ...
    @overload
    def zrange(self, name: Key, start: Encodable, end: Encodable, desc: bool=..., withscores: bool=..., score_cast_func: Callable[[float], Any]=..., byscore: bool=..., bylex: bool=..., offset: int | None=..., num: int | None=..., xx: Literal[False]=...) -> Queued[list[AnyStr]] | Queued[list[tuple[AnyStr, Any]]]: ...
    @overload
    def zrange(self, name: Key, start: Encodable, end: Encodable, desc: bool=..., withscores: Literal[False]=..., score_cast_func: Callable[[float], Any]=..., byscore: bool=..., bylex: bool=..., offset: int | None=..., num: int | None=..., *, xx: Literal[True]) -> Queued[list[AnyStr] | None]: ...
    @overload
    def zrange(self, name: Key, start: Encodable, end: Encodable, desc: bool=..., *, withscores: Literal[True], score_cast_func: Callable[[float], Any]=..., byscore: bool=..., bylex: bool=..., offset: int | None=..., num: int | None=..., xx: Literal[True]) -> Queued[list[tuple[AnyStr, Any]] | None]: ...
    def zrangestore(self, dest: Key, name: Key, start: Encodable, end: Encodable, byscore: bool=..., bylex: bool=..., desc: bool=..., offset: int | None=..., num: int | None=...) -> Queued[int]:
        """Store the members in a range as the sorted set ``dest``; else as :meth:`zrange`."""
    @overload
    def zrevrange(self, name: Key, start: int, end: int, withscores: Literal[False]=..., score_cast_func: Callable[[float], Any]=...) -> Queued[list[AnyStr]]:
        """Return the members in a range of ranks, in descending order of scores."""
    @overload
    def zrevrange(self, name: Key, start: int, end: int, withscores: Literal[True]) -> Queued[list[tuple[AnyStr, float]]]: ...
    @overload
    def zrevrange(self, name: Key, start: int, end: int, withscores: Literal[True], score_cast_func: Callable[[float], Score]) -> Queued[list[tuple[AnyStr, Score]]]: ...
    @overload
    def zrevrange(self, name: Key, start: int, end: int, withscores: bool, score_cast_func: Callable[[float], Any]=...) -> Queued[list[AnyStr]] | Queued[list[tuple[AnyStr, Any]]]: ...
    @overload
    def zrangebyscore(self, name: Key, min: ScoreBound, max: ScoreBound, start: int | None=..., num: int | None=..., withscores: Literal[False]=..., score_cast_func: Callable[[float], Any]=...) -> Queued[list[AnyStr]]:
        """Return the members whose score is from ``min`` to ``max``, in ascending order."""
    @overload
    def zrangebyscore(self, name: Key, min: ScoreBound, max: ScoreBound, start: int | None=..., num: int | None=..., *, withscores: Literal[True]) -> Queued[list[tuple[AnyStr, float]]]: ...
    @overload
    def zrangebyscore(self, name: Key, min: ScoreBound, max: ScoreBound, start: int | None=..., num: int | None=..., *, withscores: Literal[True], score_cast_func: Callable[[float], Score]) -> Queued[list[tuple[AnyStr, Score]]]: ...
    @overload
    def zrangebyscore(self, name: Key, min: ScoreBound, max: ScoreBound, start: int | None=..., num: int | None=..., withscores: bool=..., score_cast_func: Callable[[float], Any]=...) -> Queued[list[AnyStr]] | Queued[list[tuple[AnyStr, Any]]]: ...
    @overload
    def zrevrangebyscore(self, name: Key, max: ScoreBound, min: ScoreBound, start: int | None=..., num: int | None=..., withscores: Literal[False]=..., score_cast_func: Callable[[float], Any]=...) -> Queued[list[AnyStr]]:
        """Return the members whose score is from ``min`` to ``max``, in descending order."""
    @overload
    def zrevrangebyscore(self, name: Key, max: ScoreBound, min: ScoreBound, start: int | None=..., num: int | None=..., *, withscores: Literal[True]) -> Queued[list[tuple[AnyStr, float]]]: ...
    @overload
    def zrevrangebyscore(self, name: Key, max: ScoreBound, min: ScoreBound, start: int | None=..., num: int | None=..., *, withscores: Literal[True], score_cast_func: Callable[[float], Score]) -> Queued[list[tuple[AnyStr, Score]]]: ...
    @overload
    def zrevrangebyscore(self, name: Key, max: ScoreBound, min: ScoreBound, start: int | None=..., num: int | None=..., withscores: bool=..., score_cast_func: Callable[[float], Any]=...) -> Queued[list[AnyStr]] | Queued[list[tuple[AnyStr, Any]]]: ...
    def zrangebylex(self, name: Key, min: LexBound, max: LexBound, start: int | None=..., num: int | None=...) -> Queued[list[AnyStr]]:
        """Return the members from ``min`` to ``max``, where all have the same score, in ascending order."""
    def zrevrangebylex(self, name: Key, max: LexBound, min: LexBound, start: int | None=..., num: int | None=...) -> Queued[list[AnyStr]]:
        """Return the members from ``min`` to ``max``, where all have the same score, in descending order."""
    @overload
    def zrandmember(self, key: Key, count: None=..., withscores: Literal[False]=...) -> Queued[AnyStr | None]:
        """Return members picked at random."""
    @overload
    def zrandmember(self, key: Key, count: int, withscores: Literal[False]=...) -> Queued[list[AnyStr]]: ...
    @overload
    def zrandmember(self, key: Key, count: int, withscores: Literal[True]) -> Queued[list[tuple[AnyStr, float]]]: ...
    @overload
    def zrandmember(self, key: Key, count: int, withscores: bool) -> Queued[list[AnyStr]] | Queued[list[tuple[AnyStr, float]]]: ...
    @overload
    def zscan(self, name: Key, cursor: int=..., match: Pattern | None=..., count: int | None=...) -> Queued[tuple[int, list[tuple[AnyStr, float]]]]:
        """Return one page of the members of a sorted set."""
    @overload
    def zscan(self, name: Key, cursor: int=..., match: Pattern | None=..., count: int | None=..., *, score_cast_func: Callable[[float], Score]) -> Queued[tuple[int, list[tuple[AnyStr, Score]]]]: ...
    @overload
    def zscan(self, name: Key, cursor: int=..., match: Pattern | None=..., count: int | None=..., *, no_scores: Literal[True]) -> Queued[tuple[int, list[AnyStr]]]: ...

class QueuedSortedSetSurface(Generic[AnyStr]):
    ...

class QueuedSortedSetCommands(QueuedSortedSetSurface[AnyStr]):
    @overload
    def zadd(self, name: Key, mapping: Mapping[AnyField, Encodable], nx: bool=..., xx: bool=..., ch: bool=..., incr: Literal[False]=..., gt: bool=..., lt: bool=...) -> Queued[int]:
        """Add members, or change their scores."""
    @overload
    def zadd(self, name: Key, mapping: Mapping[AnyField, Encodable], nx: bool=..., xx: bool=..., ch: bool=..., *, incr: Literal[True], gt: bool=..., lt: bool=...) -> Queued[float | None]: ...
    @overload
    def zadd(self, name: Key, mapping: Mapping[AnyField, Encodable], nx: bool=..., xx: bool=..., ch: bool=..., incr: bool=..., gt: bool=..., lt: bool=...) -> Queued[int] | Queued[float | None]: ...
    def zincrby(self, name: Key, amount: float, value: Encodable) -> Queued[float]:
        """Add ``amount`` to the score of member ``value``; return the sum."""
    def zrem(self, name: Key, *values: Encodable) -> Queued[int]:
        """Remove members; return how many existed."""
    def zremrangebyrank(self, name: Key, min: int, max: int) -> Queued[int]:
        """Remove the members whose rank is from ``min`` to ``max``; return how many."""
    def zremrangebyscore(self, name: Key, min: ScoreBound, max: ScoreBound) -> Queued[int]:
        """Remove the members whose score is from ``min`` to ``max``; return how many."""
    def zremrangebylex(self, name: Key, min: LexBound, max: LexBound) -> Queued[int]:
        """Remove the members from ``min`` to ``max``, where all have the same score; return how many."""
    def zpopmax(self, name: Key, count: int | None=...) -> Queued[list[tuple[AnyStr, float]]]:
        """Remove and return the members with the highest scores, with these scores."""
    def zpopmin(self, name: Key, count: int | None=...) -> Queued[list[tuple[AnyStr, float]]]:
        """Remove and return the members with the lowest scores, with these scores."""
    def zmpop(self, num_keys: int, keys: Sequence[Key], min: bool=..., max: bool=..., count: int=...) -> Queued[tuple[AnyStr, list[tuple[AnyStr, float]]] | None]:
        """Remove and return members of the first of several sorted sets that is not empty."""
    def bzpopmax(self, keys: Key | Iterable[Key], timeout: float | None=...) -> Queued[tuple[AnyStr, AnyStr, float] | None]:
        """Remove the member with the highest score from the first sorted set that has any, waiting until there is one."""
    def bzpopmin(self, keys: Key | Iterable[Key], timeout: float | None=...) -> Queued[tuple[AnyStr, AnyStr, float] | None]:
        """Remove the member with the lowest score from the first sorted set that has any, waiting until there is one."""
    def bzmpop(self, timeout: float | None, numkeys: int, keys: Sequence[Key], min: bool=..., max: bool=..., count: int=...) -> Queued[tuple[AnyStr, list[tuple[AnyStr, float]]] | None]:
        """As :meth:`zmpop`, waiting until one of the sorted sets has a member."""
    def zcard(self, name: Key) -> Queued[int]:
        """Return the number of members."""
    def zcount(self, name: Key, min: ScoreBound, max: ScoreBound) -> Queued[int]:
        """Return the number of members whose score is from ``min`` to ``max``."""
    def zlexcount(self, name: Key, min: LexBound, max: LexBound) -> Queued[int]:
        """Return the number of members from ``min`` to ``max``, where all have the same score."""
    def zscore(self, name: Key, value: Encodable) -> Queued[float | None]:
        """Return the score of member ``value``, or None where it does not exist."""
    def zmscore(self, key: Key, members: Iterable[Encodable]) -> Queued[list[float | None]]:
        """Return the scores of several members, None for each that does not exist."""
    @overload
    def zrank(self, name: Key, value: Encodable, withscore: Literal[False]=..., score_cast_func: Callable[[float], Any]=...) -> Queued[int | None]:
        """Return the rank of member ``value``, 0 for the one with the lowest score."""
    @overload
    def zrank(self, name: Key, value: Encodable, withscore: Literal[True], score_cast_func: Callable[[float], Any]=...) -> Queued[list[Any] | None]: ...
    @overload
    def zrank(self, name: Key, value: Encodable, withscore: bool, score_cast_func: Callable[[float], Any]=...) -> Queued[int | list[Any] | None]: ...
    @overload
    def zrevrank(self, name: Key, value: Encodable, withscore: Literal[False]=..., score_cast_func: Callable[[float], Any]=...) -> Queued[int | None]:
        """Return the rank of member ``value``, 0 for the one with the highest score."""
    @overload
    def zrevrank(self, name: Key, value: Encodable, withscore: Literal[True], score_cast_func: Callable[[float], Any]=...) -> Queued[list[Any] | None]: ...
    @overload
    def zrevrank(self, name: Key, value: Encodable, withscore: bool, score_cast_func: Callable[[float], Any]=...) -> Queued[int | list[Any] | None]: ...

class QueuedStreamCommands(Generic[AnyStr]):
    @overload
    def xadd(self, name: Key, fields: Mapping[AnyField, Encodable], id: StreamId=..., maxlen: int | None=..., approximate: bool=..., nomkstream: Literal[False]=..., minid: StreamId | None=..., limit: int | None=..., ref_policy: ReferencePolicy | None=..., idmpauto: str | None=..., idmp: tuple[str, bytes] | None=...) -> Queued[AnyStr]:
        """Append an entry."""
    @overload
    def xadd(self, name: Key, fields: Mapping[AnyField, Encodable], id: StreamId=..., maxlen: int | None=..., approximate: bool=..., nomkstream: bool=..., minid: StreamId | None=..., limit: int | None=..., ref_policy: ReferencePolicy | None=..., idmpauto: str | None=..., idmp: tuple[str, bytes] | None=...) -> Queued[AnyStr | None]: ...
    def xdel(self, name: Key, *ids: StreamId) -> Queued[int]:
        """Remove entries; return how many existed."""
    def xdelex(self, name: Key, *ids: StreamId, ref_policy: ReferencePolicy=...) -> Queued[list[int]]:
        """Remove entries and decide about groups' references to them."""
    def xtrim(self, name: Key, maxlen: int | None=..., approximate: bool=..., minid: StreamId | None=..., limit: int | None=..., ref_policy: ReferencePolicy | None=...) -> Queued[int]:
        """Remove the oldest entries; return how many."""
    def xsetid(self, name: Key, last_id: StreamId, entries_added: int | None=..., max_deleted_id: StreamId | None=...) -> Queued[bool]:
        """Set a stream's last id, which new entries' ids follow; for replicating a stream by other means."""
    def xcfgset(self, name: Key, idmp_duration: int | None=..., idmp_maxsize: int | None=...) -> Queued[bool]:
        """Set how a stream recognises what a producer sent before."""
    def xlen(self, name: Key) -> Queued[int]:
        """Return the number of entries."""
    def xrange(self, name: Key, min: StreamId=..., max: StreamId=..., count: int | None=...) -> Queued[list[tuple[AnyStr, dict[AnyStr, AnyStr]]]]:
        """Return entries as pairs of id and fields, the oldest first."""
    def xrevrange(self, name: Key, max: StreamId=..., min: StreamId=..., count: int | None=...) -> Queued[list[tuple[AnyStr, dict[AnyStr, AnyStr]]]]:
        """Return entries as pairs of id and fields, the newest first."""
    def xread(self, streams: Mapping[AnyField, StreamId], count: int | None=..., block: int | None=..., max_count: int | None=..., max_size: int | None=...) -> Queued[list[tuple[AnyStr, list[tuple[AnyStr, dict[AnyStr, AnyStr]]]]]]:
        """Return the entries of several streams that follow a given id each."""
    def xinfo_stream(self, name: Key, full: bool=..., count: int | None=...) -> Queued[dict[str, Any]]:
        """Return what the server says about a stream, by the server's names such as ``"last-generated-id"``."""

class QueuedStringCommands(Generic[AnyStr]):
    def append(self, key: Key, value: Encodable) -> Queued[int]:
        """Append ``value`` to the string at ``key``, which is made where it does not exist."""
    def decr(self, name: Key, amount: int=...) -> Queued[int]:
        """Take 1 off the integer at ``name``, which counts as 0 where it does not exist."""
    def decrby(self, name: Key, amount: int=...) -> Queued[int]:
        """Take ``amount`` off the integer at ``name``, which counts as 0 where it does not exist."""
    def delex(self, name: Key, ifeq: Encodable | None=..., ifne: Encodable | None=..., ifdeq: str | None=..., ifdne: str | None=...) -> Queued[int]:
        """Delete ``name``, on a condition if one is given."""
    def delifeq(self, name: Key, value: Encodable) -> Queued[bool]:
        """Delete ``name`` if it holds exactly ``value``."""
    def digest(self, name: Key) -> Queued[AnyStr | None]:
        """Return the digest of a value in hexadecimal, for the conditions of :meth:`set` and :meth:`delex`."""
    def get(self, name: Key) -> Queued[AnyStr | None]:
        """Return the value of ``name``, or None where it does not exist."""
    def getdel(self, name: Key) -> Queued[AnyStr | None]:
        """Return the value of ``name`` and delete it."""
    def getex(self, name: Key, ex: Expiry | None=..., px: Expiry | None=..., exat: ExpiryTime | None=..., pxat: ExpiryTime | None=..., persist: bool=...) -> Queued[AnyStr | None]:
        """Return the value of ``name`` and set or take away its expiry."""
    def getrange(self, key: Key, start: int, end: int) -> Queued[AnyStr]:
        """Return bytes ``start`` to ``end`` of a string, both included; negative ones count from the end."""
    def getset(self, name: Key, value: Encodable) -> Queued[AnyStr | None]:
        """Set ``name`` to ``value`` and return what it held before."""
    def incr(self, name: Key, amount: int=...) -> Queued[int]:
        """Add 1 to the integer at ``name``, which counts as 0 where it does not exist."""
    def incrby(self, name: Key, amount: int=...) -> Queued[int]:
        """Add ``amount`` to the integer at ``name``, which counts as 0 where it does not exist."""
    def incrbyfloat(self, name: Key, amount: float=...) -> Queued[float]:
        """Add ``amount`` to the number at ``name``, which counts as 0 where it does not exist."""
    def increx(self, name: Key, *, byfloat: float | None=..., byint: int | None=..., lbound: float | None=..., ubound: float | None=..., saturate: bool=..., ex: Expiry | None=..., px: Expiry | None=..., exat: ExpiryTime | None=..., pxat: ExpiryTime | None=..., persist: bool=..., enx: bool=..., nx: bool=..., xx: bool=...) -> Queued[list[Any]]:
        """Add to the number at ``name`` within bounds, and set when it expires, in one step."""
    @overload
    def lcs(self, key1: Key, key2: Key, len: Literal[False] | None=..., idx: Literal[False] | None=..., minmatchlen: int | None=..., withmatchlen: bool | None=...) -> Queued[AnyStr]:
        """Find the longest common subsequence of two strings."""
    @overload
    def lcs(self, key1: Key, key2: Key, len: Literal[True], idx: Literal[False] | None=..., minmatchlen: int | None=..., withmatchlen: bool | None=...) -> Queued[int]: ...
    @overload
    def lcs(self, key1: Key, key2: Key, len: Literal[False] | None=..., *, idx: Literal[True], minmatchlen: int | None=..., withmatchlen: bool | None=...) -> Queued[list[Any]]: ...
    def mget(self, keys: Key | Iterable[Key], *args: Key) -> Queued[list[AnyStr | None]]:
        """Return the values of several keys in order, None for each that does not exist or is no string."""
    def mset(self, mapping: Mapping[AnyField, Encodable]) -> Queued[bool]:
        """Set several keys at once."""
    def msetex(self, mapping: Mapping[AnyField, Encodable], data_persist_option: str | None=..., ex: Expiry | None=..., px: Expiry | None=..., exat: ExpiryTime | None=..., pxat: ExpiryTime | None=..., keepttl: bool=...) -> Queued[int]:
        """Set several keys at once, with one expiry for all of them."""
    def msetnx(self, mapping: Mapping[AnyField, Encodable]) -> Queued[bool]:
        """Set several keys at once, if none of them exists."""
    def psetex(self, name: Key, time_ms: Expiry, value: Encodable) -> Queued[bool]:
        """Set ``name`` to ``value`` for ``time_ms`` milliseconds."""
    @overload
    def set(self, name: Key, value: Encodable, ex: Expiry | None=..., px: Expiry | None=..., nx: bool=..., xx: bool=..., keepttl: bool=..., get: Literal[False]=..., exat: ExpiryTime | None=..., pxat: ExpiryTime | None=..., ifeq: Encodable | None=..., ifne: Encodable | None=..., ifdeq: str | None=..., ifdne: str | None=...) -> Queued[bool | None]:
        """Set ``name`` to ``value``."""
    @overload
    def set(self, name: Key, value: Encodable, ex: Expiry | None=..., px: Expiry | None=..., nx: bool=..., xx: bool=..., keepttl: bool=..., *, get: Literal[True], exat: ExpiryTime | None=..., pxat: ExpiryTime | None=..., ifeq: Encodable | None=..., ifne: Encodable | None=..., ifdeq: str | None=..., ifdne: str | None=...) -> Queued[AnyStr | None]: ...
    @overload
    def set(self, name: Key, value: Encodable, ex: Expiry | None=..., px: Expiry | None=..., nx: bool=..., xx: bool=..., keepttl: bool=..., get: bool=..., exat: ExpiryTime | None=..., pxat: ExpiryTime | None=..., ifeq: Encodable | None=..., ifne: Encodable | None=..., ifdeq: str | None=..., ifdne: str | None=...) -> Queued[bool | None] | Queued[AnyStr | None]: ...
    def setex(self, name: Key, time: Expiry, value: Encodable) -> Queued[bool]:
        """Set ``name`` to ``value`` for ``time`` seconds."""
    def setnx(self, name: Key, value: Encodable) -> Queued[bool]:
        """Set ``name`` to ``value`` if it does not exist."""
    def setrange(self, name: Key, offset: int, value: Encodable) -> Queued[int]:
        """Overwrite part of a string, which is padded with zero bytes up to ``offset`` where it is shorter."""
    def strlen(self, name: Key) -> Queued[int]:
        """Return the length in bytes of the string at ``name``, 0 where it does not exist."""
    def substr(self, name: Key, start: int, end: int=...) -> Queued[AnyStr]:
        """Return bytes ``start`` to ``end`` of a string, both included: the old name of :meth:`getrange`."""

class QueuedVectorSet(QueuedModuleGroup[AnyStr]):
    def vadd(self, key: Key, vector: Vector, element: Encodable, reduce_dim: int | None=..., cas: bool | None=..., quantization: Quantization | None=..., ef: int | None=..., attributes: Attributes | None=..., numlinks: int | None=...) -> Queued[bool]:
        """Add an element, or change its vector."""
    def vcard(self, key: Key) -> Queued[int]:
        """Return the number of elements."""
    def vdim(self, key: Key) -> Queued[int]:
        """Return how many components the vectors have."""
    @overload
    def vemb(self, key: Key, element: Encodable, raw: Literal[False] | None=...) -> Queued[list[float] | None]:
        """Return an element's vector, or None where it does not exist."""
    @overload
    def vemb(self, key: Key, element: Encodable, raw: Literal[True]) -> Queued[dict[str, Any] | None]: ...
    def vgetattr(self, key: Key, element: Encodable) -> Queued[Any]:
        """Return an element's attributes, read from JSON; None where it has none."""
    def vinfo(self, key: Key) -> Queued[dict[str, Any] | None]:
        """Return what the server says about a vector set, by the server's names; None where there is none."""
    def vismember(self, key: Key, element: Encodable) -> Queued[bool]:
        """Tell whether an element is in the set."""
    @overload
    def vlinks(self, key: Key, element: Encodable, with_scores: Literal[False] | None=...) -> Queued[list[list[AnyStr]] | None]:
        """Return an element's neighbours in each layer of the graph, or None where it does not exist."""
    @overload
    def vlinks(self, key: Key, element: Encodable, with_scores: Literal[True]) -> Queued[list[dict[AnyStr, float]] | None]: ...
    @overload
    def vrandmember(self, key: Key, count: None=...) -> Queued[AnyStr | None]:
        """Return elements at random."""
    @overload
    def vrandmember(self, key: Key, count: int) -> Queued[list[AnyStr]]: ...
    def vrange(self, key: Key, start: str, end: str, count: int | None=...) -> Queued[list[AnyStr]]:
        """Return elements in alphabetical order."""
    def vrem(self, key: Key, element: Encodable) -> Queued[bool]:
        """Remove an element; return whether it was there."""
    def vsetattr(self, key: Key, element: Encodable, attributes: Attributes | None=...) -> Queued[bool]:
        """Set an element's attributes, or take them away where there are none; return whether it exists."""
    def vsim(self, key: Key, input: Vector | str, with_scores: bool | None=..., with_attribs: bool | None=..., count: int | None=..., ef: int | None=..., filter: str | None=..., filter_ef: int | str | None=..., truth: bool | None=..., no_thread: bool | None=..., epsilon: float | None=...) -> Queued[list[AnyStr] | dict[AnyStr, Any]]:
        """Return the elements that are most similar to a vector, or to an element."""

class QueuedVectorSetCommands(Generic[AnyStr]):
    def vset(self) -> QueuedVectorSet[AnyStr]:
        """Return the commands on vector sets: ``db.vset().vadd(…)``."""

class PipedAdminCommands(PipedAclCommands[AnyStr], PipedClusterCommands[AnyStr], PipedConnectionCommands[AnyStr], PipedFunctionCommands[AnyStr], PipedKeyCommands[AnyStr], PipedPubSubCommands[AnyStr], PipedReplicationCommands[AnyStr], PipedScriptingCommands[AnyStr], PipedSentinelCommands[AnyStr], PipedServerCommands[AnyStr]):
    ...

class PipedDataCommands(PipedAdminCommands[AnyStr], PipedArrayCommands[AnyStr], PipedBitmapCommands[AnyStr], PipedConsumerGroupCommands[AnyStr], PipedGeoCommands[AnyStr], PipedHashCommands[AnyStr], PipedHyperLogLogCommands[AnyStr], PipedListCommands[AnyStr], PipedModuleCommands[AnyStr], PipedSetCommands[AnyStr], PipedSortedSetCombinationCommands[AnyStr], PipedSortedSetCommands[AnyStr], PipedSortedSetRangeCommands[AnyStr], PipedStreamCommands[AnyStr], PipedStringCommands[AnyStr], PipedVectorSetCommands[AnyStr]):
    ...

class PipedAclCommands(Generic[AnyStr]):
    def acl_cat(self, category: str | None=...) -> Pipeline[AnyStr]:
        """Return the categories of commands, or the commands of one category."""
    def acl_deluser(self, *username: str) -> Pipeline[AnyStr]:
        """Delete users and close their connections."""
    def acl_dryrun(self, username: str, *args: Encodable) -> Pipeline[AnyStr]:
        """Ask whether a user may send a command, without running it."""
    def acl_genpass(self, bits: int | None=...) -> Pipeline[AnyStr]:
        """Return a random password in hexadecimal, of 256 bits unless told otherwise."""
    def acl_getuser(self, username: str) -> Pipeline[AnyStr]:
        """Return what a user may do, None where there is no such user."""
    def acl_help(self) -> Pipeline[AnyStr]:
        """Return the lines of the server's own help."""
    def acl_list(self) -> Pipeline[AnyStr]:
        """Return all users with their rules, as in an ACL file."""
    def acl_load(self) -> Pipeline[AnyStr]:
        """Read all users from the server's ACL file."""
    def acl_log(self, count: int | None=...) -> Pipeline[AnyStr]:
        """Return what was denied lately."""
    def acl_log_reset(self) -> Pipeline[AnyStr]:
        """Forget what was denied."""
    def acl_save(self) -> Pipeline[AnyStr]:
        """Write all users to the server's ACL file."""
    def acl_setuser(self, username: str, enabled: bool=..., nopass: bool=..., passwords: str | Iterable[str] | None=..., hashed_passwords: str | Iterable[str] | None=..., categories: Iterable[str] | None=..., commands: Iterable[str] | None=..., keys: Iterable[Key] | None=..., channels: Iterable[Key] | None=..., selectors: Iterable[tuple[str, Key]] | None=..., reset: bool=..., reset_keys: bool=..., reset_channels: bool=..., reset_passwords: bool=..., databases: Iterable[int] | None=..., reset_databases: bool=...) -> Pipeline[AnyStr]:
        """Make or change a user."""
    def acl_users(self) -> Pipeline[AnyStr]:
        """Return the names of all users."""
    def acl_whoami(self) -> Pipeline[AnyStr]:
        """Return the name of the user the connection is logged in as."""

class PipedArrayCommands(Generic[AnyStr]):
    def arcount(self, name: Key) -> Pipeline[AnyStr]:
        """Return how many indexes have a value."""
    def ardel(self, name: Key, *indices: int) -> Pipeline[AnyStr]:
        """Remove the values at some indexes; return how many there were."""
    def ardelrange(self, name: Key, *ranges: tuple[int, int]) -> Pipeline[AnyStr]:
        """Remove the values in ranges of indexes, both ends included; return how many there were."""
    def arget(self, name: Key, index: int) -> Pipeline[AnyStr]:
        """Return the value at ``index``, or None where there is none."""
    def argetrange(self, name: Key, start: int, end: int) -> Pipeline[AnyStr]:
        """Return the values at indexes ``start`` to ``end``, both included, None where there is none."""
    def argrep(self, name: Key, start: ArrayBound, end: ArrayBound, predicates: Iterable[tuple[ArrayPredicate, Encodable]], combinator: Literal['AND', 'OR'] | None=..., limit: int | None=..., withvalues: bool=..., nocase: bool=...) -> Pipeline[AnyStr]:
        """Find values."""
    def arinfo(self, name: Key, full: bool=...) -> Pipeline[AnyStr]:
        """Return what the server says about the array, by the server's names such as ``"count"`` and ``"len"``."""
    def arinsert(self, name: Key, *values: Encodable) -> Pipeline[AnyStr]:
        """Set values where the last insertion ended; return the index of the last of them."""
    def arlastitems(self, name: Key, count: int, rev: bool=...) -> Pipeline[AnyStr]:
        """Return the values that were inserted last."""
    def arlen(self, name: Key) -> Pipeline[AnyStr]:
        """Return the highest index that has a value, plus one."""
    def armget(self, name: Key, *indices: int) -> Pipeline[AnyStr]:
        """Return the values at some indexes, None where there is none."""
    def armset(self, name: Key, mapping: Mapping[int, Encodable]) -> Pipeline[AnyStr]:
        """Set values, given by index; return how many indexes had none before."""
    def arnext(self, name: Key) -> Pipeline[AnyStr]:
        """Return the index where :meth:`arinsert` goes on, or None where there is none left."""
    def arop(self, name: Key, start: ArrayBound, end: ArrayBound, operation: ArrayOperation, value: Encodable | None=...) -> Pipeline[AnyStr]:
        """Make one result of the values in a range."""
    def arring(self, name: Key, size: int, *values: Encodable) -> Pipeline[AnyStr]:
        """Set values as :meth:`arinsert` does, beginning anew after ``size`` of them; return the last one's index."""
    def arscan(self, name: Key, start: int, end: int, limit: int | None=...) -> Pipeline[AnyStr]:
        """Return index and value of each value in a range."""
    def arseek(self, name: Key, index: int) -> Pipeline[AnyStr]:
        """Set the index where :meth:`arinsert` goes on; return 1, or 0 where there is no such array."""
    def arset(self, name: Key, index: int, *values: Encodable) -> Pipeline[AnyStr]:
        """Set values at ``index`` and those that follow; return how many of these had none before."""

class PipedBitFieldOperation(Generic[AnyStr]):
    def reset(self) -> None:
        """Forget everything collected so far."""
    def overflow(self, overflow: str) -> PipedBitFieldOperation[AnyStr]:
        """Say what the increments after this do at the end of their range."""
    def incrby(self, fmt: str, offset: BitOffset, increment: int, overflow: str | None=...) -> PipedBitFieldOperation[AnyStr]:
        """Add to a field; the result is its new value."""
    def get(self, fmt: str, offset: BitOffset) -> PipedBitFieldOperation[AnyStr]:
        """Read a field; the result is its value."""
    def set(self, fmt: str, offset: BitOffset, value: int) -> PipedBitFieldOperation[AnyStr]:
        """Set a field; the result is the value it had before."""
    @property
    def command(self) -> list[Encodable]:
        """The words of the command as collected so far."""
    def execute(self) -> Pipeline[AnyStr]:
        """Send what was collected, and start anew."""

class PipedBitmapCommands(Generic[AnyStr]):
    def bitcount(self, key: Key, start: int | None=..., end: int | None=..., mode: str | None=...) -> Pipeline[AnyStr]:
        """Count the bits that are set."""
    def bitfield(self, key: Key, default_overflow: str | None=...) -> PipedBitFieldOperation[AnyStr]:
        """Start a BITFIELD, whose parts are added by the methods of what is returned."""
    def bitfield_ro(self, key: Key, encoding: str, offset: BitOffset, items: list[tuple[str, BitOffset]] | None=...) -> Pipeline[AnyStr]:
        """Read fields of a string; a replica may answer."""
    def bitop(self, operation: str, dest: Key, *keys: Key) -> Pipeline[AnyStr]:
        """Combine strings bit by bit and store the result at ``dest``."""
    def bitpos(self, key: Key, bit: int, start: int | None=..., end: int | None=..., mode: str | None=...) -> Pipeline[AnyStr]:
        """Return the position of the first bit that is ``bit``, -1 where there is none."""
    def getbit(self, name: Key, offset: int) -> Pipeline[AnyStr]:
        """Return the bit at ``offset``: 0 or 1."""
    def setbit(self, name: Key, offset: int, value: int) -> Pipeline[AnyStr]:
        """Set the bit at ``offset`` to 1 if ``value`` is true, else to 0."""

class PipedClusterCommands(Generic[AnyStr]):
    def cluster(self, cluster_arg: str, *args: Encodable) -> Pipeline[AnyStr]:
        """Send any sub command of ``CLUSTER``; those with a method give the same result here."""
    def cluster_count_failure_report(self, node_id: str) -> Pipeline[AnyStr]:
        """Return how many nodes take a node for failed at present."""
    def cluster_countkeysinslot(self, slot_id: int) -> Pipeline[AnyStr]:
        """Return how many keys the node has in a slot."""
    def cluster_get_keys_in_slot(self, slot: int, num_keys: int) -> Pipeline[AnyStr]:
        """Return keys that the node has in a slot."""
    def cluster_getslotmigrations(self) -> Pipeline[AnyStr]:
        """Return what the node says about each move of slots, under way or done, as dicts of text."""
    def cluster_info(self) -> Pipeline[AnyStr]:
        """Return the cluster's state as the node sees it, such as ``cluster_state``, as a dict of text."""
    def cluster_keyslot(self, key: Key) -> Pipeline[AnyStr]:
        """Return the slot a key belongs to."""
    def cluster_links(self) -> Pipeline[AnyStr]:
        """Return what the node says about its links to other nodes, as dicts of text."""
    def cluster_myid(self) -> Pipeline[AnyStr]:
        """Return the node's id."""
    def cluster_myshardid(self) -> Pipeline[AnyStr]:
        """Return the id of the node's shard."""
    def cluster_nodes(self) -> Pipeline[AnyStr]:
        """Return all nodes by their addresses (``"host:port"``)."""
    def cluster_replicas(self, node_id: str) -> Pipeline[AnyStr]:
        """Return the replicas of a primary, as :meth:`cluster_nodes` has them."""
    def cluster_slaves(self, node_id: str) -> Pipeline[AnyStr]:
        """Return the replicas of a primary. The old name of :meth:`cluster_replicas`."""
    def cluster_shards(self) -> Pipeline[AnyStr]:
        """Return all shards: the ranges of ``slots`` and the ``nodes`` of each."""
    def cluster_slot_stats(self, slots: tuple[int, int] | None=..., orderby: str | None=..., limit: int | None=..., desc: bool=...) -> Pipeline[AnyStr]:
        """Return statistics of slots: how many keys, and where the server is set up to count them, time and bytes."""
    def cluster_slots(self) -> Pipeline[AnyStr]:
        """Return, by first and last slot of each range, the addresses of its ``primary`` and ``replicas``."""
    def clusterscan(self, cursor: str | bytes=..., match: Pattern | None=..., count: int | None=..., _type: str | None=..., slot: int | None=...) -> Pipeline[AnyStr]:
        """Return some keys of the whole cluster, slot by slot, and the cursor with which to ask for more."""
    def cluster_addslots(self, *slots: Encodable) -> Pipeline[AnyStr]:
        """Give slots that nobody serves to the node."""
    def cluster_addslotsrange(self, *slots: Encodable) -> Pipeline[AnyStr]:
        """Give ranges of slots to the node: first, last, first, last …"""
    def cluster_bumpepoch(self) -> Pipeline[AnyStr]:
        """Raise the node's configuration epoch; return ``"BUMPED"`` or ``"STILL"`` and the epoch."""
    def cluster_cancelslotmigrations(self) -> Pipeline[AnyStr]:
        """Call off every move of slots away from the node."""
    def cluster_delslots(self, *slots: Encodable) -> Pipeline[AnyStr]:
        """Have the node take slots for served by nobody."""
    def cluster_delslotsrange(self, *slots: Encodable) -> Pipeline[AnyStr]:
        """Have the node take ranges of slots for served by nobody: first, last, first, last …"""
    def cluster_failover(self, option: Literal['FORCE', 'TAKEOVER'] | None=...) -> Pipeline[AnyStr]:
        """Make the node, a replica, the primary of its shard."""
    def cluster_flushslot(self, slot: int, mode: Literal['SYNC', 'ASYNC'] | None=...) -> Pipeline[AnyStr]:
        """Delete the keys of a slot."""
    def cluster_flushslots(self) -> Pipeline[AnyStr]:
        """Have the node, which must be empty, serve no slot."""
    def cluster_forget(self, node_id: str) -> Pipeline[AnyStr]:
        """Have the node forget another one, for a minute at least."""
    def cluster_meet(self, host: str, port: int, cluster_bus_port: int | None=...) -> Pipeline[AnyStr]:
        """Make another node part of the cluster."""
    def cluster_migrateslots(self, slots: list[tuple[int, int]], node_id: str) -> Pipeline[AnyStr]:
        """Move ranges of slots, with their keys, to another node; returns when the move has begun."""
    def cluster_migration_import(self, slots: list[tuple[int, int]]) -> Pipeline[AnyStr]:
        """Have the node fetch ranges of slots, with their keys, from those that serve them, and take them over."""
    def cluster_migration_cancel(self, task_id: str | None=...) -> Pipeline[AnyStr]:
        """Give up moves of slots that are under way; ask the node that gets them, or it begins anew."""
    def cluster_migration_status(self, task_id: str | None=...) -> Pipeline[AnyStr]:
        """Return what the node says about its moves of slots, under way or done, as dicts of text."""
    def cluster_replicate(self, node_id: str | None) -> Pipeline[AnyStr]:
        """Make the node a replica of a primary, or where that is None a primary without slots (Valkey 9)."""
    def cluster_reset(self, soft: bool=...) -> Pipeline[AnyStr]:
        """Have the node, which must be empty, forget the cluster."""
    def cluster_save_config(self) -> Pipeline[AnyStr]:
        """Have the node write what it knows of the cluster to its file."""
    def cluster_set_config_epoch(self, epoch: int) -> Pipeline[AnyStr]:
        """Set the configuration epoch of a node that belongs to no cluster yet."""
    def cluster_setslot(self, node_id: str, slot_id: int, state: str, timeout: int | None=...) -> Pipeline[AnyStr]:
        """Set a slot's state on the node."""
    def cluster_setslot_stable(self, slot_id: int) -> Pipeline[AnyStr]:
        """Take a slot for neither migrating nor importing."""

class PipedConnectionCommands(Generic[AnyStr]):
    def client_getname(self) -> Pipeline[AnyStr]:
        """Return the connection's name, None (or an empty text under RESP2 on older servers) where it has none."""
    def client_getredir(self) -> Pipeline[AnyStr]:
        """Return the id of the client that tracking notices go to: -1 without tracking, 0 for this one."""
    def client_id(self) -> Pipeline[AnyStr]:
        """Return the number of the connection, which the server never gives again."""
    def client_info(self) -> Pipeline[AnyStr]:
        """Return what the server knows about this connection, numbers as ints."""
    def client_kill(self, address: str) -> Pipeline[AnyStr]:
        """Close the connection of the client at ``address`` (``host:port``)."""
    def client_kill_filter(self, _id: int | str | None=..., _type: str | None=..., addr: str | None=..., skipme: bool | None=..., laddr: str | None=..., user: str | None=..., maxage: int | None=..., filters: Mapping[str, Encodable] | None=...) -> Pipeline[AnyStr]:
        """Close the connections of all clients that meet every condition given."""
    def client_list(self, _type: str | None=..., client_id: Encodable | Iterable[Encodable]=..., filters: Mapping[str, Encodable] | None=...) -> Pipeline[AnyStr]:
        """Return what the server knows about all clients, or some."""
    def client_pause(self, timeout: int, all: bool=...) -> Pipeline[AnyStr]:
        """Hold up the commands of all clients for a while."""
    def client_trackinginfo(self) -> Pipeline[AnyStr]:
        """Return how the server tracks what this connection reads: ``flags``, ``redirect`` and ``prefixes``, as text."""
    def client_unblock(self, client_id: int, error: bool=...) -> Pipeline[AnyStr]:
        """Release a client that waits in a blocking command."""
    def client_unpause(self) -> Pipeline[AnyStr]:
        """End what :meth:`client_pause` began."""
    def echo(self, value: Encodable) -> Pipeline[AnyStr]:
        """Return ``value`` as the server sent it back."""
    def ping(self) -> Pipeline[AnyStr]:
        """Return True when the server answers."""

class PipedConsumerGroupCommands(Generic[AnyStr]):
    @overload
    def xreadgroup(self, groupname: Key, consumername: Key, streams: Mapping[AnyField, StreamId], count: int | None=..., block: int | None=..., noack: bool=..., claim_min_idle_time: None=..., max_count: int | None=..., max_size: int | None=...) -> Pipeline[AnyStr]:
        """Return entries of several streams as one consumer of a group."""
    @overload
    def xreadgroup(self, groupname: Key, consumername: Key, streams: Mapping[AnyField, StreamId], count: int | None=..., block: int | None=..., noack: bool=..., claim_min_idle_time: int | None=..., max_count: int | None=..., max_size: int | None=...) -> Pipeline[AnyStr]: ...
    def xack(self, name: Key, groupname: Key, *ids: StreamId) -> Pipeline[AnyStr]:
        """Acknowledge entries; return how many were waiting for that."""
    def xackdel(self, name: Key, groupname: Key, *ids: StreamId, ref_policy: ReferencePolicy=...) -> Pipeline[AnyStr]:
        """Acknowledge entries and remove them."""
    def xnack(self, name: Key, groupname: Key, mode: Literal['SILENT', 'FAIL', 'FATAL'], *ids: StreamId, retrycount: int | None=..., force: bool=...) -> Pipeline[AnyStr]:
        """Give entries back to the group, so that another consumer gets them at once; return how many."""
    def xpending(self, name: Key, groupname: Key) -> Pipeline[AnyStr]:
        """Return how many entries a group has not acknowledged, their lowest and highest id, and whose they are."""
    def xpending_range(self, name: Key, groupname: Key, min: StreamId, max: StreamId, count: int, consumername: Key | None=..., idle: int | None=...) -> Pipeline[AnyStr]:
        """Return entries that a group has not acknowledged."""
    @overload
    def xclaim(self, name: Key, groupname: Key, consumername: Key, min_idle_time: int, message_ids: Iterable[StreamId], idle: int | None=..., time: int | None=..., retrycount: int | None=..., force: bool=..., justid: Literal[False]=...) -> Pipeline[AnyStr]:
        """Make a consumer the owner of entries that another one got and did not acknowledge."""
    @overload
    def xclaim(self, name: Key, groupname: Key, consumername: Key, min_idle_time: int, message_ids: Iterable[StreamId], idle: int | None=..., time: int | None=..., retrycount: int | None=..., force: bool=..., *, justid: Literal[True]) -> Pipeline[AnyStr]: ...
    @overload
    def xclaim(self, name: Key, groupname: Key, consumername: Key, min_idle_time: int, message_ids: Iterable[StreamId], idle: int | None=..., time: int | None=..., retrycount: int | None=..., force: bool=..., justid: bool=...) -> Pipeline[AnyStr]: ...
    @overload
    def xautoclaim(self, name: Key, groupname: Key, consumername: Key, min_idle_time: int, start_id: StreamId=..., count: int | None=..., justid: Literal[False]=...) -> Pipeline[AnyStr]:
        """Make a consumer the owner of whatever others got and did not acknowledge in time."""
    @overload
    def xautoclaim(self, name: Key, groupname: Key, consumername: Key, min_idle_time: int, start_id: StreamId=..., count: int | None=..., *, justid: Literal[True]) -> Pipeline[AnyStr]: ...
    @overload
    def xautoclaim(self, name: Key, groupname: Key, consumername: Key, min_idle_time: int, start_id: StreamId=..., count: int | None=..., justid: bool=...) -> Pipeline[AnyStr]: ...
    def xgroup_create(self, name: Key, groupname: Key, id: StreamId=..., mkstream: bool=..., entries_read: int | None=...) -> Pipeline[AnyStr]:
        """Make a consumer group."""
    def xgroup_setid(self, name: Key, groupname: Key, id: StreamId, entries_read: int | None=...) -> Pipeline[AnyStr]:
        """Set the last id a group is taken to have read, and how many entries."""
    def xgroup_destroy(self, name: Key, groupname: Key) -> Pipeline[AnyStr]:
        """Remove a consumer group; return whether there was one."""
    def xgroup_createconsumer(self, name: Key, groupname: Key, consumername: Key) -> Pipeline[AnyStr]:
        """Make a consumer; return 1, or 0 where it exists."""
    def xgroup_delconsumer(self, name: Key, groupname: Key, consumername: Key) -> Pipeline[AnyStr]:
        """Remove a consumer; return how many entries it had not acknowledged."""
    def xinfo_groups(self, name: Key) -> Pipeline[AnyStr]:
        """Return what the server says about each consumer group of a stream."""
    def xinfo_consumers(self, name: Key, groupname: Key) -> Pipeline[AnyStr]:
        """Return what the server says about each consumer of a group."""

class PipedFunctionCommands(Generic[AnyStr]):
    def fcall(self, function: Key, numkeys: int, *keys_and_args: Encodable) -> Pipeline[AnyStr]:
        """Call a function."""
    def fcall_ro(self, function: Key, numkeys: int, *keys_and_args: Encodable) -> Pipeline[AnyStr]:
        """As :meth:`fcall`, for a function with the flag ``no-writes``: a replica may run it."""
    def function_delete(self, library: Key) -> Pipeline[AnyStr]:
        """Remove a library and its functions."""
    def function_dump(self) -> Pipeline[AnyStr]:
        """Return all libraries in the form that :meth:`function_restore` takes."""
    def function_flush(self, mode: Literal['SYNC', 'ASYNC'] | None=...) -> Pipeline[AnyStr]:
        """Remove all libraries."""
    def function_kill(self) -> Pipeline[AnyStr]:
        """End the function that runs, if it has written nothing yet."""
    def function_list(self, library: Pattern | None=..., withcode: bool | None=...) -> Pipeline[AnyStr]:
        """Return what the server says about libraries and their functions, as text."""
    def function_load(self, code: ScriptText, replace: bool | None=...) -> Pipeline[AnyStr]:
        """Have the server keep a library; return the library's name."""
    def function_restore(self, payload: Key, policy: Literal['APPEND', 'FLUSH', 'REPLACE'] | None=...) -> Pipeline[AnyStr]:
        """Add libraries from what :meth:`function_dump` returned."""
    def function_stats(self) -> Pipeline[AnyStr]:
        """Return which function runs, and how many libraries and functions each engine has, as text and numbers."""

class PipedGeoCommands(Generic[AnyStr]):
    def geoadd(self, name: Key, values: Sequence[Encodable], nx: bool=..., xx: bool=..., ch: bool=...) -> Pipeline[AnyStr]:
        """Add places, or move them."""
    def geodist(self, name: Key, place1: Encodable, place2: Encodable, unit: str | None=...) -> Pipeline[AnyStr]:
        """Return the distance between two members, or None where one does not exist."""
    def geohash(self, name: Key, *values: Encodable) -> Pipeline[AnyStr]:
        """Return the geohash text of members, None for each that does not exist."""
    def geopos(self, name: Key, *values: Encodable) -> Pipeline[AnyStr]:
        """Return longitude and latitude of members, None for each that does not exist."""
    @overload
    def geosearch(self, name: Key, member: Encodable | None=..., longitude: float | None=..., latitude: float | None=..., unit: str=..., radius: float | None=..., width: float | None=..., height: float | None=..., sort: str | None=..., count: int | None=..., any: bool=..., withcoord: Literal[False]=..., withdist: Literal[False]=..., withhash: Literal[False]=..., polygon: Sequence[tuple[float, float]] | None=...) -> Pipeline[AnyStr]:
        """Return the members within a circle, a rectangle or a polygon."""
    @overload
    def geosearch(self, name: Key, member: Encodable | None=..., longitude: float | None=..., latitude: float | None=..., unit: str=..., radius: float | None=..., width: float | None=..., height: float | None=..., sort: str | None=..., count: int | None=..., any: bool=..., withcoord: bool=..., withdist: bool=..., withhash: bool=..., polygon: Sequence[tuple[float, float]] | None=...) -> Pipeline[AnyStr]: ...
    def geosearchstore(self, dest: Key, name: Key, member: Encodable | None=..., longitude: float | None=..., latitude: float | None=..., unit: str=..., radius: float | None=..., width: float | None=..., height: float | None=..., sort: str | None=..., count: int | None=..., any: bool=..., storedist: bool=..., polygon: Sequence[tuple[float, float]] | None=...) -> Pipeline[AnyStr]:
        """Store the members within an area as the sorted set ``dest``; else as :meth:`geosearch`."""
    @overload
    def georadius(self, name: Key, longitude: float, latitude: float, radius: float, unit: str | None=..., withdist: Literal[False]=..., withcoord: Literal[False]=..., withhash: Literal[False]=..., count: int | None=..., sort: str | None=..., store: None=..., store_dist: None=..., any: bool=...) -> Pipeline[AnyStr]:
        """Return or store the members within a circle; :meth:`geosearch` is its successor."""
    @overload
    def georadius(self, name: Key, longitude: float, latitude: float, radius: float, unit: str | None=..., withdist: bool=..., withcoord: bool=..., withhash: bool=..., count: int | None=..., sort: str | None=..., store: None=..., store_dist: None=..., any: bool=...) -> Pipeline[AnyStr]: ...
    @overload
    def georadius(self, name: Key, longitude: float, latitude: float, radius: float, unit: str | None=..., withdist: Literal[False]=..., withcoord: Literal[False]=..., withhash: Literal[False]=..., count: int | None=..., sort: str | None=..., *, store: Key, store_dist: None=..., any: bool=...) -> Pipeline[AnyStr]: ...
    @overload
    def georadius(self, name: Key, longitude: float, latitude: float, radius: float, unit: str | None=..., withdist: Literal[False]=..., withcoord: Literal[False]=..., withhash: Literal[False]=..., count: int | None=..., sort: str | None=..., store: None=..., *, store_dist: Key, any: bool=...) -> Pipeline[AnyStr]: ...
    @overload
    def georadiusbymember(self, name: Key, member: Encodable, radius: float, unit: str | None=..., withdist: Literal[False]=..., withcoord: Literal[False]=..., withhash: Literal[False]=..., count: int | None=..., sort: str | None=..., store: None=..., store_dist: None=..., any: bool=...) -> Pipeline[AnyStr]:
        """Return or store the members within a circle; :meth:`geosearch` is its successor."""
    @overload
    def georadiusbymember(self, name: Key, member: Encodable, radius: float, unit: str | None=..., withdist: bool=..., withcoord: bool=..., withhash: bool=..., count: int | None=..., sort: str | None=..., store: None=..., store_dist: None=..., any: bool=...) -> Pipeline[AnyStr]: ...
    @overload
    def georadiusbymember(self, name: Key, member: Encodable, radius: float, unit: str | None=..., withdist: Literal[False]=..., withcoord: Literal[False]=..., withhash: Literal[False]=..., count: int | None=..., sort: str | None=..., *, store: Key, store_dist: None=..., any: bool=...) -> Pipeline[AnyStr]: ...
    @overload
    def georadiusbymember(self, name: Key, member: Encodable, radius: float, unit: str | None=..., withdist: Literal[False]=..., withcoord: Literal[False]=..., withhash: Literal[False]=..., count: int | None=..., sort: str | None=..., store: None=..., *, store_dist: Key, any: bool=...) -> Pipeline[AnyStr]: ...

class PipedHashCommands(Generic[AnyStr]):
    def hget(self, name: Key, key: Encodable) -> Pipeline[AnyStr]:
        """Return the value of field ``key``, or None where it does not exist."""
    def hgetall(self, name: Key) -> Pipeline[AnyStr]:
        """Return all fields with their values; an empty dict where there is no such hash."""
    def hmget(self, name: Key, keys: Encodable | Iterable[Encodable], *args: Encodable) -> Pipeline[AnyStr]:
        """Return the values of several fields, None for each that does not exist."""
    def hkeys(self, name: Key) -> Pipeline[AnyStr]:
        """Return all fields."""
    def hvals(self, name: Key) -> Pipeline[AnyStr]:
        """Return the values of all fields."""
    def hlen(self, name: Key) -> Pipeline[AnyStr]:
        """Return the number of fields."""
    def hexists(self, name: Key, key: Encodable) -> Pipeline[AnyStr]:
        """Return whether field ``key`` exists."""
    def hstrlen(self, name: Key, key: Encodable) -> Pipeline[AnyStr]:
        """Return the length in bytes of the value of field ``key``, 0 where it does not exist."""
    @overload
    def hrandfield(self, key: Key, count: None=..., withvalues: Literal[False]=...) -> Pipeline[AnyStr]:
        """Return fields picked at random."""
    @overload
    def hrandfield(self, key: Key, count: int, withvalues: bool=...) -> Pipeline[AnyStr]: ...
    @overload
    def hscan(self, name: Key, cursor: int=..., match: Pattern | None=..., count: int | None=..., no_values: Literal[False] | None=...) -> Pipeline[AnyStr]:
        """Return one page of the fields of a hash."""
    @overload
    def hscan(self, name: Key, cursor: int=..., match: Pattern | None=..., count: int | None=..., *, no_values: Literal[True]) -> Pipeline[AnyStr]: ...
    @overload
    def hscan(self, name: Key, cursor: int=..., match: Pattern | None=..., count: int | None=..., no_values: bool | None=...) -> Pipeline[AnyStr]: ...
    def hset(self, name: Key, key: Encodable | None=..., value: Encodable | None=..., mapping: Mapping[AnyField, Encodable] | None=..., items: Sequence[Encodable] | None=...) -> Pipeline[AnyStr]:
        """Set fields."""
    def hsetnx(self, name: Key, key: Encodable, value: Encodable) -> Pipeline[AnyStr]:
        """Set field ``key`` unless it exists; return 1 where it was set, else 0."""
    def hmset(self, name: Key, mapping: Mapping[AnyField, Encodable]) -> Pipeline[AnyStr]:
        """Set several fields; :meth:`hset` does the same and tells how many were new."""
    def hdel(self, name: Key, *keys: Encodable) -> Pipeline[AnyStr]:
        """Remove fields; return how many existed."""
    def hincrby(self, name: Key, key: Encodable, amount: int=...) -> Pipeline[AnyStr]:
        """Add ``amount`` to the integer in field ``key``; return the sum."""
    def hincrbyfloat(self, name: Key, key: Encodable, amount: float=...) -> Pipeline[AnyStr]:
        """Add ``amount`` to the number in field ``key``; return the sum."""
    def hgetex(self, name: Key, *keys: Encodable, ex: Expiry | None=..., px: Expiry | None=..., exat: ExpiryTime | None=..., pxat: ExpiryTime | None=..., persist: bool=...) -> Pipeline[AnyStr]:
        """Return the values of fields and change when these fields expire."""
    def hgetdel(self, name: Key, *keys: Encodable) -> Pipeline[AnyStr]:
        """Return the values of fields and remove these fields."""
    def hsetex(self, name: Key, key: Encodable | None=..., value: Encodable | None=..., mapping: Mapping[AnyField, Encodable] | None=..., items: Sequence[Encodable] | None=..., ex: Expiry | None=..., px: Expiry | None=..., exat: ExpiryTime | None=..., pxat: ExpiryTime | None=..., data_persist_option: Literal['FNX', 'FXX'] | None=..., keepttl: bool=..., nx: bool=..., xx: bool=...) -> Pipeline[AnyStr]:
        """Set fields together with when they expire."""
    def hexpire(self, name: Key, seconds: Expiry, *fields: Encodable, nx: bool=..., xx: bool=..., gt: bool=..., lt: bool=...) -> Pipeline[AnyStr]:
        """Let fields expire after ``seconds``."""
    def hpexpire(self, name: Key, milliseconds: Expiry, *fields: Encodable, nx: bool=..., xx: bool=..., gt: bool=..., lt: bool=...) -> Pipeline[AnyStr]:
        """Let fields expire after ``milliseconds`` (or a timedelta); else as :meth:`hexpire`."""
    def hexpireat(self, name: Key, unix_time_seconds: ExpiryTime, *fields: Encodable, nx: bool=..., xx: bool=..., gt: bool=..., lt: bool=...) -> Pipeline[AnyStr]:
        """Let fields expire at a time, given in seconds since 1970 or as a datetime; else as :meth:`hexpire`."""
    def hpexpireat(self, name: Key, unix_time_milliseconds: ExpiryTime, *fields: Encodable, nx: bool=..., xx: bool=..., gt: bool=..., lt: bool=...) -> Pipeline[AnyStr]:
        """Let fields expire at a time, given in milliseconds since 1970 or as a datetime; else as :meth:`hexpire`."""
    def hpersist(self, name: Key, *fields: Encodable) -> Pipeline[AnyStr]:
        """Let fields no longer expire."""
    def httl(self, key: Key, *fields: Encodable) -> Pipeline[AnyStr]:
        """Return in how many seconds each field expires, -1 where it does not, -2 where there is no such field."""
    def hpttl(self, key: Key, *fields: Encodable) -> Pipeline[AnyStr]:
        """Return in how many milliseconds each field expires; else as :meth:`httl`."""
    def hexpiretime(self, key: Key, *fields: Encodable) -> Pipeline[AnyStr]:
        """Return when each field expires, in seconds since 1970; else as :meth:`httl`."""
    def hpexpiretime(self, key: Key, *fields: Encodable) -> Pipeline[AnyStr]:
        """Return when each field expires, in milliseconds since 1970; else as :meth:`httl`."""

class PipedHyperLogLogCommands(Generic[AnyStr]):
    def pfadd(self, name: Key, *values: Encodable) -> Pipeline[AnyStr]:
        """Add elements; without any, only make the key where it does not exist."""
    def pfcount(self, *sources: Key) -> Pipeline[AnyStr]:
        """Estimate how many distinct elements were added to the union of ``sources``."""
    def pfmerge(self, dest: Key, *sources: Key) -> Pipeline[AnyStr]:
        """Merge ``sources`` into ``dest``, which keeps what it has."""

class PipedKeyCommands(Generic[AnyStr]):
    def copy(self, source: Key, destination: Key, destination_db: int | None=..., replace: bool=...) -> Pipeline[AnyStr]:
        """Copy a key."""
    def delete(self, *names: Key) -> Pipeline[AnyStr]:
        """Delete keys."""
    def dump(self, name: Key) -> Pipeline[AnyStr]:
        """Return the value in the server's own form, for :meth:`restore`; always bytes."""
    def exists(self, *names: Key) -> Pipeline[AnyStr]:
        """Count those of the keys that exist; one given twice counts twice."""
    def expire(self, name: Key, time: Expiry, nx: bool=..., xx: bool=..., gt: bool=..., lt: bool=...) -> Pipeline[AnyStr]:
        """Let a key expire in ``time`` seconds."""
    def expireat(self, name: Key, when: ExpiryTime, nx: bool=..., xx: bool=..., gt: bool=..., lt: bool=...) -> Pipeline[AnyStr]:
        """Let a key expire at a point in time."""
    def expiretime(self, key: Key) -> Pipeline[AnyStr]:
        """Return when a key expires, in seconds since 1970: -1 for never, -2 where it does not exist."""
    def keys(self, pattern: Pattern=...) -> Pipeline[AnyStr]:
        """Return all keys that match ``pattern``. The server does nothing else meanwhile: prefer :meth:`scan_iter`."""
    def migrate(self, host: str, port: int, keys: Key | Iterable[Key], destination_db: int, timeout: int, copy: bool=..., replace: bool=..., auth: str | None=..., username: str | None=...) -> Pipeline[AnyStr]:
        """Move keys to another server."""
    def move(self, name: Key, db: int, replace: bool=...) -> Pipeline[AnyStr]:
        """Move a key to another database of the server."""
    def object(self, infotype: str, key: Key) -> Pipeline[AnyStr]:
        """Ask how the server keeps a value."""
    def object_encoding(self, key: Key) -> Pipeline[AnyStr]:
        """Return the name of the form in which a value is kept, such as ``"listpack"``."""
    def object_freq(self, key: Key) -> Pipeline[AnyStr]:
        """Return how often a key is used, on a logarithmic scale."""
    def object_idletime(self, key: Key) -> Pipeline[AnyStr]:
        """Return for how many seconds a key was not used."""
    def object_refcount(self, key: Key) -> Pipeline[AnyStr]:
        """Return how many references the server holds to a value."""
    def persist(self, name: Key) -> Pipeline[AnyStr]:
        """Take a key's expiry away."""
    def pexpire(self, name: Key, time: Expiry, nx: bool=..., xx: bool=..., gt: bool=..., lt: bool=...) -> Pipeline[AnyStr]:
        """Let a key expire in ``time`` milliseconds; the options are :meth:`expire`'s."""
    def pexpireat(self, name: Key, when: ExpiryTime, nx: bool=..., xx: bool=..., gt: bool=..., lt: bool=...) -> Pipeline[AnyStr]:
        """Let a key expire at a point in time, in milliseconds since 1970; the options are :meth:`expire`'s."""
    def pexpiretime(self, key: Key) -> Pipeline[AnyStr]:
        """Return when a key expires, in milliseconds since 1970: -1 for never, -2 where it does not exist."""
    def pttl(self, name: Key) -> Pipeline[AnyStr]:
        """Return in how many milliseconds a key expires: -1 for never, -2 where it does not exist."""
    def randomkey(self) -> Pipeline[AnyStr]:
        """Return some key, None where there is none."""
    def rename(self, src: Key, dst: Key) -> Pipeline[AnyStr]:
        """Rename a key; ``dst`` is overwritten."""
    def renamenx(self, src: Key, dst: Key) -> Pipeline[AnyStr]:
        """Rename a key if ``dst`` does not exist."""
    def restore(self, name: Key, ttl: int, value: bytes | bytearray | memoryview, replace: bool=..., absttl: bool=..., idletime: int | None=..., frequency: int | None=...) -> Pipeline[AnyStr]:
        """Make a key of what :meth:`dump` returned."""
    def scan(self, cursor: int=..., match: Pattern | None=..., count: int | None=..., _type: str | None=...) -> Pipeline[AnyStr]:
        """Return some keys, and the cursor with which to ask for more."""
    @overload
    def sort(self, name: Key, start: int | None=..., num: int | None=..., by: Key | None=..., get: None=..., desc: bool=..., alpha: bool=..., store: None=..., groups: Literal[False] | None=...) -> Pipeline[AnyStr]:
        """Sort the elements of a list, set or sorted set, and return or store them."""
    @overload
    def sort(self, name: Key, start: int | None=..., num: int | None=..., by: Key | None=..., *, get: Key | Sequence[Key], desc: bool=..., alpha: bool=..., store: None=..., groups: Literal[False] | None=...) -> Pipeline[AnyStr]: ...
    @overload
    def sort(self, name: Key, start: int | None=..., num: int | None=..., by: Key | None=..., *, get: Key | Sequence[Key], desc: bool=..., alpha: bool=..., store: None=..., groups: Literal[True]) -> Pipeline[AnyStr]: ...
    @overload
    def sort(self, name: Key, start: int | None=..., num: int | None=..., by: Key | None=..., get: Key | Sequence[Key] | None=..., desc: bool=..., alpha: bool=..., *, store: Key, groups: Literal[False] | None=...) -> Pipeline[AnyStr]: ...
    @overload
    def sort_ro(self, key: Key, start: int | None=..., num: int | None=..., by: Key | None=..., get: None=..., desc: bool=..., alpha: bool=...) -> Pipeline[AnyStr]:
        """As :meth:`sort`, but never storing anything, so that a replica may answer."""
    @overload
    def sort_ro(self, key: Key, start: int | None=..., num: int | None=..., by: Key | None=..., *, get: Key | Sequence[Key], desc: bool=..., alpha: bool=...) -> Pipeline[AnyStr]: ...
    def touch(self, *args: Key) -> Pipeline[AnyStr]:
        """Mark keys as used just now."""
    def ttl(self, name: Key) -> Pipeline[AnyStr]:
        """Return in how many seconds a key expires: -1 for never, -2 where it does not exist."""
    def type(self, name: Key) -> Pipeline[AnyStr]:
        """Return the kind of value a key holds, such as ``"hash"``; ``"none"`` where it does not exist."""
    def unlink(self, *names: Key) -> Pipeline[AnyStr]:
        """Delete keys; the server frees their memory afterwards in the background."""

class PipedListCommands(Generic[AnyStr]):
    def blmove(self, first_list: Key, second_list: Key, timeout: float | None, src: str=..., dest: str=...) -> Pipeline[AnyStr]:
        """As :meth:`lmove`, waiting until there is an element."""
    def blmovem(self, first_list: Key, second_list: Key, timeout: float | None, src: str=..., dest: str=..., count: int | None=..., mode: Literal['COUNT', 'EXACTLY'] | None=..., ordering: Literal['OBO', 'BULK'] | None=...) -> Pipeline[AnyStr]:
        """As :meth:`lmovem`, waiting until there are elements enough."""
    def blmpop(self, timeout: float | None, numkeys: int, *args: Key, direction: str, count: int | None=...) -> Pipeline[AnyStr]:
        """As :meth:`lmpop`, waiting until one of the lists has an element."""
    def blpop(self, keys: Key | Iterable[Key], timeout: float | None=...) -> Pipeline[AnyStr]:
        """Take an element off the left end of the first list that has any, waiting until there is one."""
    def brpop(self, keys: Key | Iterable[Key], timeout: float | None=...) -> Pipeline[AnyStr]:
        """Take an element off the right end of the first list that has any, waiting until there is one."""
    def brpoplpush(self, src: Key, dst: Key, timeout: float | None=...) -> Pipeline[AnyStr]:
        """As :meth:`rpoplpush`, waiting until there is an element."""
    def lindex(self, name: Key, index: int) -> Pipeline[AnyStr]:
        """Return the element at ``index``, negative from the end; None where there is none."""
    def linsert(self, name: Key, where: str, refvalue: Encodable, value: Encodable) -> Pipeline[AnyStr]:
        """Insert ``value`` beside the first element that equals ``refvalue``."""
    def llen(self, name: Key) -> Pipeline[AnyStr]:
        """Return the length of the list, 0 where there is none."""
    def lmove(self, first_list: Key, second_list: Key, src: str=..., dest: str=...) -> Pipeline[AnyStr]:
        """Take an element off one list and push it onto another."""
    def lmovem(self, first_list: Key, second_list: Key, src: str=..., dest: str=..., count: int | None=..., mode: Literal['COUNT', 'EXACTLY'] | None=..., ordering: Literal['OBO', 'BULK'] | None=...) -> Pipeline[AnyStr]:
        """Take elements off one list and push them onto another."""
    def lmpop(self, num_keys: int, *args: Key, direction: str, count: int | None=...) -> Pipeline[AnyStr]:
        """Take elements off the first of several lists that has any."""
    @overload
    def lpop(self, name: Key, count: None=...) -> Pipeline[AnyStr]:
        """Take elements off the left end."""
    @overload
    def lpop(self, name: Key, count: int) -> Pipeline[AnyStr]: ...
    @overload
    def lpos(self, name: Key, value: Encodable, rank: int | None=..., count: None=..., maxlen: int | None=...) -> Pipeline[AnyStr]:
        """Find elements that equal ``value``."""
    @overload
    def lpos(self, name: Key, value: Encodable, rank: int | None=..., *, count: int, maxlen: int | None=...) -> Pipeline[AnyStr]: ...
    def lpush(self, name: Key, *values: Encodable) -> Pipeline[AnyStr]:
        """Push elements onto the left end, one after the other."""
    def lpushx(self, name: Key, *values: Encodable) -> Pipeline[AnyStr]:
        """As :meth:`lpush`, if the list exists."""
    def lrange(self, name: Key, start: int, end: int) -> Pipeline[AnyStr]:
        """Return elements ``start`` to ``end``, both included, negative from the end."""
    def lrem(self, name: Key, count: int, value: Encodable) -> Pipeline[AnyStr]:
        """Remove elements that equal ``value``."""
    def lset(self, name: Key, index: int, value: Encodable) -> Pipeline[AnyStr]:
        """Replace the element at ``index``, negative from the end."""
    def ltrim(self, name: Key, start: int, end: int) -> Pipeline[AnyStr]:
        """Keep elements ``start`` to ``end`` only, both included, negative from the end."""
    @overload
    def rpop(self, name: Key, count: None=...) -> Pipeline[AnyStr]:
        """Take elements off the right end."""
    @overload
    def rpop(self, name: Key, count: int) -> Pipeline[AnyStr]: ...
    def rpoplpush(self, src: Key, dst: Key) -> Pipeline[AnyStr]:
        """Take an element off the right end of ``src`` and push it onto the left end of ``dst``."""
    def rpush(self, name: Key, *values: Encodable) -> Pipeline[AnyStr]:
        """Push elements onto the right end, one after the other."""
    def rpushx(self, name: Key, *values: Encodable) -> Pipeline[AnyStr]:
        """As :meth:`rpush`, if the list exists."""

class PipedModuleCommands(Generic[AnyStr]):
    def bf(self) -> PipedBloomCommands[AnyStr]:
        """Return the commands on Bloom filters."""
    def cf(self) -> PipedCuckooCommands[AnyStr]:
        """Return the commands on Cuckoo filters."""
    def cms(self) -> PipedCountMinSketchCommands[AnyStr]:
        """Return the commands on Count-Min sketches."""
    def ft(self, index_name: str=...) -> PipedSearchCommands[AnyStr]:
        """Return the commands of the search engine, on one index."""
    def json(self, encoder: Any=..., decoder: Any=...) -> PipedJsonCommands[AnyStr]:
        """Return the commands on JSON documents."""
    def tdigest(self) -> PipedTDigestCommands[AnyStr]:
        """Return the commands on t-digests."""
    def topk(self) -> PipedTopKCommands[AnyStr]:
        """Return the commands on lists of the most frequent items."""
    def ts(self) -> PipedTimeSeriesCommands[AnyStr]:
        """Return the commands on time series."""

class PipedBloomCommands(PipedModuleGroup[AnyStr]):
    def create(self, key: Key, errorRate: float, capacity: int, expansion: int | None=..., noScale: bool | None=...) -> Pipeline[AnyStr]:
        """Create a filter."""
    reserve = create
    def add(self, key: Key, item: Encodable) -> Pipeline[AnyStr]:
        """Add an item; the filter is created where it does not exist."""
    def madd(self, key: Key, *items: Encodable) -> Pipeline[AnyStr]:
        """Add several items; the filter is created where it does not exist."""
    def insert(self, key: Key, items: Sequence[Encodable], capacity: int | None=..., error: float | None=..., noCreate: bool | None=..., expansion: int | None=..., noScale: bool | None=...) -> Pipeline[AnyStr]:
        """Add several items to a filter that is created, if need be, with the options given."""
    def exists(self, key: Key, item: Encodable) -> Pipeline[AnyStr]:
        """Tell whether an item was added: 1 means probably, 0 means certainly not."""
    def mexists(self, key: Key, *items: Encodable) -> Pipeline[AnyStr]:
        """As :meth:`exists`, for several items."""
    def scandump(self, key: Key, iter: int) -> Pipeline[AnyStr]:
        """Return one piece of a filter, for :meth:`loadchunk`."""
    def loadchunk(self, key: Key, iter: int, data: bytes) -> Pipeline[AnyStr]:
        """Restore one piece that :meth:`scandump` returned."""
    def info(self, key: Key) -> Pipeline[AnyStr]:
        """Return what there is to know about a filter."""
    def card(self, key: Key) -> Pipeline[AnyStr]:
        """Return how many distinct items were added, 0 where the filter does not exist."""

class PipedCountMinSketchCommands(PipedModuleGroup[AnyStr]):
    def initbydim(self, key: Key, width: int, depth: int) -> Pipeline[AnyStr]:
        """Create a sketch of ``depth`` rows with ``width`` counters each."""
    def initbyprob(self, key: Key, error: float, probability: float) -> Pipeline[AnyStr]:
        """Create a sketch that is as large as the errors allowed make it."""
    def incrby(self, key: Key, items: Sequence[Encodable], increments: Sequence[int]) -> Pipeline[AnyStr]:
        """Count items: each by the increment at its place."""
    def query(self, key: Key, *items: Encodable) -> Pipeline[AnyStr]:
        """Return how often each item came, at most."""
    def merge(self, destKey: Key, numKeys: int, srcKeys: Sequence[Key], weights: Sequence[int]=...) -> Pipeline[AnyStr]:
        """Add sketches of the same size together into one that exists."""
    def info(self, key: Key) -> Pipeline[AnyStr]:
        """Return what there is to know about a sketch."""

class PipedCuckooCommands(PipedModuleGroup[AnyStr]):
    def create(self, key: Key, capacity: int, expansion: int | None=..., bucket_size: int | None=..., max_iterations: int | None=...) -> Pipeline[AnyStr]:
        """Create a filter."""
    reserve = create
    def add(self, key: Key, item: Encodable) -> Pipeline[AnyStr]:
        """Add an item, once more if it is there; the filter is created where it does not exist."""
    def addnx(self, key: Key, item: Encodable) -> Pipeline[AnyStr]:
        """Add an item if it is not there yet; the filter is created where it does not exist."""
    def insert(self, key: Key, items: Sequence[Encodable], capacity: int | None=..., nocreate: bool | None=...) -> Pipeline[AnyStr]:
        """Add several items, once more those that are there."""
    def insertnx(self, key: Key, items: Sequence[Encodable], capacity: int | None=..., nocreate: bool | None=...) -> Pipeline[AnyStr]:
        """As :meth:`insert`, without the items that are probably there already, for which it returns 0."""
    def exists(self, key: Key, item: Encodable) -> Pipeline[AnyStr]:
        """Tell whether an item was added: 1 means probably, 0 means certainly not."""
    def mexists(self, key: Key, *items: Encodable) -> Pipeline[AnyStr]:
        """As :meth:`exists`, for several items."""
    def delete(self, key: Key, item: Encodable) -> Pipeline[AnyStr]:
        """Delete an item once; what was never added must not be deleted."""
    def count(self, key: Key, item: Encodable) -> Pipeline[AnyStr]:
        """Return how often an item is there, at most."""
    def scandump(self, key: Key, iter: int) -> Pipeline[AnyStr]:
        """Return one piece of a filter, for :meth:`loadchunk`."""
    def loadchunk(self, key: Key, iter: int, data: bytes) -> Pipeline[AnyStr]:
        """Restore one piece that :meth:`scandump` returned."""
    def info(self, key: Key) -> Pipeline[AnyStr]:
        """Return what there is to know about a filter."""

class PipedModuleGroup(Generic[AnyStr]):
    ...

class PipedJsonCommands(PipedModuleGroup[AnyStr]):
    def set(self, name: Key, path: str, obj: Json, nx: bool | None=..., xx: bool | None=..., decode_keys: bool | None=..., fpha: str | None=...) -> Pipeline[AnyStr]:
        """Set what is at ``path`` of a document."""
    def mset(self, triplets: Iterable[tuple[Key, str, Json]]) -> Pipeline[AnyStr]:
        """Set parts of several documents at once, given as tuples of key, path and value."""
    def merge(self, name: Key, path: str, obj: Json, decode_keys: bool | None=...) -> Pipeline[AnyStr]:
        """Merge a value into what is at ``path``: nulls delete, objects are merged, the rest replaces."""
    def get(self, name: Key, *args: str, no_escape: bool | None=...) -> Pipeline[AnyStr]:
        """Return what is at one path, or a dict by path for several; by default the whole document."""
    def mget(self, keys: Sequence[Key], path: str) -> Pipeline[AnyStr]:
        """Return what is at ``path`` of several documents, None for each that does not exist."""
    def delete(self, key: Key, path: str | None=...) -> Pipeline[AnyStr]:
        """Delete what is at ``path``; return how much that was."""
    def forget(self, key: Key, path: str | None=...) -> Pipeline[AnyStr]:
        """As :meth:`delete`."""
    def clear(self, name: Key, path: str | None=...) -> Pipeline[AnyStr]:
        """Empty objects and arrays at ``path`` and set numbers to 0; return how many were changed."""
    def type(self, name: Key, path: str | None=...) -> Pipeline[AnyStr]:
        """Return the type of what is at ``path``, such as ``object``, ``array``, ``integer``."""
    def resp(self, name: Key, path: str | None=...) -> Pipeline[AnyStr]:
        """Return what is at ``path`` in the protocol's own types: lists that begin with ``{`` or ``[``, and text."""
    def debug(self, subcommand: str, key: Key | None=..., path: str | None=...) -> Pipeline[AnyStr]:
        """Return the bytes a value takes in memory, or the lines of a help text."""
    def arrappend(self, name: Key, path: str | None=..., *args: Json) -> Pipeline[AnyStr]:
        """Append values to arrays; return their new lengths."""
    def arrindex(self, name: Key, path: str, scalar: Json, start: int | None=..., stop: int | None=...) -> Pipeline[AnyStr]:
        """Return where in arrays a value first is, -1 where it is not."""
    def arrinsert(self, name: Key, path: str, index: int, *args: Json) -> Pipeline[AnyStr]:
        """Insert values into arrays before ``index``; return their new lengths."""
    def arrlen(self, name: Key, path: str | None=...) -> Pipeline[AnyStr]:
        """Return the lengths of arrays."""
    def arrpop(self, name: Key, path: str | None=..., index: int | None=...) -> Pipeline[AnyStr]:
        """Take the element at ``index`` off arrays; by default the last one."""
    def arrtrim(self, name: Key, path: str, start: int, stop: int) -> Pipeline[AnyStr]:
        """Cut arrays down to the elements from ``start`` to ``stop``, both included; return their new lengths."""
    def objkeys(self, name: Key, path: str | None=...) -> Pipeline[AnyStr]:
        """Return the names in objects, always as text."""
    def objlen(self, name: Key, path: str | None=...) -> Pipeline[AnyStr]:
        """Return how many names objects have."""
    def strappend(self, name: Key, value: str, path: str | None=...) -> Pipeline[AnyStr]:
        """Append to text; return the new lengths."""
    def strlen(self, name: Key, path: str | None=...) -> Pipeline[AnyStr]:
        """Return the lengths of text."""
    def numincrby(self, name: Key, path: str, number: float) -> Pipeline[AnyStr]:
        """Add to numbers; return the new ones."""
    def nummultby(self, name: Key, path: str, number: float) -> Pipeline[AnyStr]:
        """Multiply numbers; return the new ones, as :meth:`numincrby` does."""
    def toggle(self, name: Key, path: str | None=...) -> Pipeline[AnyStr]:
        """Turn booleans over; return the new ones, as 0 and 1 for a JSONPath."""
    def jsonget(self, name: Key, *args: str, no_escape: bool | None=...) -> Pipeline[AnyStr]:
        """The old name of :meth:`get`."""
    def jsonmget(self, keys: Sequence[Key], path: str) -> Pipeline[AnyStr]:
        """The old name of :meth:`mget`."""
    def jsonset(self, name: Key, path: str, obj: Json, nx: bool | None=..., xx: bool | None=..., decode_keys: bool | None=..., fpha: str | None=...) -> Pipeline[AnyStr]:
        """The old name of :meth:`set`."""

class PipedSearchCommands(PipedModuleGroup[AnyStr]):
    def create_index(self, fields: Field | Sequence[Field], no_term_offsets: bool=..., no_field_flags: bool=..., stopwords: Sequence[str] | None=..., definition: IndexDefinition | None=..., max_text_fields: bool=..., temporary: int | None=..., no_highlight: bool=..., no_term_frequencies: bool=..., skip_initial_scan: bool=...) -> Pipeline[AnyStr]:
        """Create the index; returns ``OK``."""
    def alter_schema_add(self, fields: Field | Sequence[Field]) -> Pipeline[AnyStr]:
        """Add fields to the index; returns ``OK``."""
    def dropindex(self, delete_documents: bool=...) -> Pipeline[AnyStr]:
        """Delete the index, and its documents too if asked to; returns ``OK``."""
    def info(self) -> Pipeline[AnyStr]:
        """Return what there is to know about the index."""
    def list_indexes(self) -> Pipeline[AnyStr]:
        """Return the names of all indexes."""
    def tagvals(self, tagfield: str) -> Pipeline[AnyStr]:
        """Return the distinct values of a tag field."""
    def aliasadd(self, alias: Key) -> Pipeline[AnyStr]:
        """Give the index a further name; returns ``OK``."""
    def aliasupdate(self, alias: Key) -> Pipeline[AnyStr]:
        """Give the index a further name, which another one may have had; returns ``OK``."""
    def aliasdel(self, alias: Key) -> Pipeline[AnyStr]:
        """Take a further name away; returns ``OK``."""
    def aliaslist(self) -> Pipeline[AnyStr]:
        """Return the index's further names."""
    def search(self, query: str | Query, query_params: Parameters | None=...) -> Pipeline[AnyStr]:
        """Search for documents."""
    def explain(self, query: str | Query, query_params: Parameters | None=...) -> Pipeline[AnyStr]:
        """Return how the server understands a query."""
    def explain_cli(self, query: str | Query, query_params: Parameters | None=...) -> Pipeline[AnyStr]:
        """As :meth:`explain`, as a list of lines."""
    def aggregate(self, query: AggregateRequest | Cursor, query_params: Parameters | None=...) -> Pipeline[AnyStr]:
        """Calculate from documents, or go on reading what a cursor has left."""
    def cursor_del(self, cursor: Cursor | int) -> Pipeline[AnyStr]:
        """Let the server forget what a cursor has left."""
    def profile(self, query: Query | AggregateRequest, limited: bool=..., query_params: Parameters | None=...) -> Pipeline[AnyStr]:
        """Search or calculate, and return the result together with how it came about."""
    def hybrid_search(self, query: HybridQuery, combine_method: CombineResultsMethod | None=..., post_processing: HybridPostProcessingConfig | None=..., params_substitution: Parameters | None=..., timeout: int | None=..., cursor: HybridCursorQuery | None=...) -> Pipeline[AnyStr]:
        """Search by text and by vector at once."""
    def load_document(self, id: Key) -> Pipeline[AnyStr]:
        """Return one document that is a hash, found or not."""
    def spellcheck(self, query: str, distance: int | None=..., include: str | None=..., exclude: str | None=...) -> Pipeline[AnyStr]:
        """Return, for each misspelt word of a query, what it may have been meant for."""
    def dict_add(self, name: str, *terms: str) -> Pipeline[AnyStr]:
        """Add words to a dictionary; return how many are new."""
    def dict_del(self, name: str, *terms: str) -> Pipeline[AnyStr]:
        """Delete words from a dictionary; return how many were there."""
    def dict_dump(self, name: str) -> Pipeline[AnyStr]:
        """Return the words of a dictionary."""
    def synupdate(self, groupid: str, skipinitial: bool=..., *terms: str) -> Pipeline[AnyStr]:
        """Make words mean the same as others of a group; returns ``OK``."""
    def syndump(self) -> Pipeline[AnyStr]:
        """Return the groups each word belongs to."""
    def sugadd(self, key: Key, *suggestions: Suggestion, increment: bool=...) -> Pipeline[AnyStr]:
        """Add suggestions to a key of their own."""
    def sugget(self, key: Key, prefix: str, fuzzy: bool=..., num: int=..., with_scores: bool=..., with_payloads: bool=...) -> Pipeline[AnyStr]:
        """Return suggestions that begin with ``prefix``, the likeliest first; their text is always ``str``."""
    def sugdel(self, key: Key, string: str) -> Pipeline[AnyStr]:
        """Delete a suggestion; return 1 if it was there, else 0."""
    def suglen(self, key: Key) -> Pipeline[AnyStr]:
        """Return how many suggestions there are."""
    def config_get(self, option: str) -> Pipeline[AnyStr]:
        """Return settings of the engine."""
    def config_set(self, option: str, value: Encodable) -> Pipeline[AnyStr]:
        """Change a setting of the engine."""

class PipedTDigestCommands(PipedModuleGroup[AnyStr]):
    def create(self, key: Key, compression: int=...) -> Pipeline[AnyStr]:
        """Create a digest."""
    def reset(self, key: Key) -> Pipeline[AnyStr]:
        """Forget all numbers; returns ``OK``."""
    def add(self, key: Key, values: Sequence[float]) -> Pipeline[AnyStr]:
        """Add numbers; returns ``OK``."""
    def merge(self, destination_key: Key, num_keys: int, *keys: Key, compression: int | None=..., override: bool=...) -> Pipeline[AnyStr]:
        """Add the numbers of other digests to one, which is created where it does not exist; returns ``OK``."""
    def min(self, key: Key) -> Pipeline[AnyStr]:
        """Return the smallest number, NaN where there is none."""
    def max(self, key: Key) -> Pipeline[AnyStr]:
        """Return the largest number, NaN where there is none."""
    def quantile(self, key: Key, quantile: float, *quantiles: float) -> Pipeline[AnyStr]:
        """Estimate below which number each share, between 0 and 1, of the numbers lies."""
    def cdf(self, key: Key, value: float, *values: float) -> Pipeline[AnyStr]:
        """Estimate which share, between 0 and 1, of the numbers is not above each value."""
    def rank(self, key: Key, value: float, *values: float) -> Pipeline[AnyStr]:
        """Estimate how many numbers are below each value: -1 for one below all, -2 where there are no numbers."""
    def revrank(self, key: Key, value: float, *values: float) -> Pipeline[AnyStr]:
        """Estimate how many numbers are above each value: -1 for one above all, -2 where there are no numbers."""
    def byrank(self, key: Key, rank: int, *ranks: int) -> Pipeline[AnyStr]:
        """Estimate the number at each rank from the smallest on, which is 0; ``inf`` beyond the largest."""
    def byrevrank(self, key: Key, rank: int, *ranks: int) -> Pipeline[AnyStr]:
        """Estimate the number at each rank from the largest on, which is 0; ``-inf`` beyond the smallest."""
    def trimmed_mean(self, key: Key, low_cut_quantile: float, high_cut_quantile: float) -> Pipeline[AnyStr]:
        """Estimate the mean of the numbers between two quantiles."""
    def info(self, key: Key) -> Pipeline[AnyStr]:
        """Return what there is to know about a digest."""

class PipedTimeSeriesCommands(PipedTimeSeriesSampleCommands[AnyStr]):
    def create(self, key: Key, retention_msecs: int | None=..., uncompressed: bool | None=..., labels: Mapping[str, str] | None=..., chunk_size: int | None=..., duplicate_policy: str | None=..., ignore_max_time_diff: int | None=..., ignore_max_val_diff: float | None=...) -> Pipeline[AnyStr]:
        """Create a series."""
    def alter(self, key: Key, retention_msecs: int | None=..., labels: Mapping[str, str] | None=..., chunk_size: int | None=..., duplicate_policy: str | None=..., ignore_max_time_diff: int | None=..., ignore_max_val_diff: float | None=...) -> Pipeline[AnyStr]:
        """Change the options of a series; what is not given stays as it is."""
    def createrule(self, source_key: Key, dest_key: Key, aggregation_type: str, bucket_size_msec: int, align_timestamp: int | None=...) -> Pipeline[AnyStr]:
        """Have the server write aggregates of one series into another, which must exist."""
    def deleterule(self, source_key: Key, dest_key: Key) -> Pipeline[AnyStr]:
        """Undo :meth:`createrule`."""
    def info(self, key: Key) -> Pipeline[AnyStr]:
        """Return what there is to know about a series."""
    def add(self, key: Key, timestamp: Timestamp, value: float | str, retention_msecs: int | None=..., uncompressed: bool | None=..., labels: Mapping[str, str] | None=..., chunk_size: int | None=..., duplicate_policy: str | None=..., ignore_max_time_diff: int | None=..., ignore_max_val_diff: float | None=..., on_duplicate: str | None=...) -> Pipeline[AnyStr]:
        """Add a sample; the series is created, with the options given, where it does not exist."""
    def madd(self, ktv_tuples: Iterable[tuple[Key, Timestamp, float | str]]) -> Pipeline[AnyStr]:
        """Add samples to several series, given as tuples of key, time and value."""
    def incrby(self, key: Key, value: float, timestamp: Timestamp | None=..., retention_msecs: int | None=..., uncompressed: bool | None=..., labels: Mapping[str, str] | None=..., chunk_size: int | None=..., duplicate_policy: str | None=..., ignore_max_time_diff: int | None=..., ignore_max_val_diff: float | None=...) -> Pipeline[AnyStr]:
        """Add a sample that is ``value`` above the newest; the series is created where it does not exist."""
    def decrby(self, key: Key, value: float, timestamp: Timestamp | None=..., retention_msecs: int | None=..., uncompressed: bool | None=..., labels: Mapping[str, str] | None=..., chunk_size: int | None=..., duplicate_policy: str | None=..., ignore_max_time_diff: int | None=..., ignore_max_val_diff: float | None=...) -> Pipeline[AnyStr]:
        """Add a sample that is ``value`` below the newest; otherwise as :meth:`incrby`."""
    def delete(self, key: Key, from_time: Timestamp, to_time: Timestamp) -> Pipeline[AnyStr]:
        """Delete samples from one time to another, both included; return how many."""

class PipedTimeSeriesSampleCommands(PipedModuleGroup[AnyStr]):
    def get(self, key: Key, latest: bool | None=...) -> Pipeline[AnyStr]:
        """Return the newest sample, None where there is none."""
    def range(self, key: Key, from_time: Timestamp, to_time: Timestamp, count: int | None=..., aggregation_type: Aggregation | None=..., bucket_size_msec: int | None=..., filter_by_ts: Sequence[int] | None=..., filter_by_min_value: float | None=..., filter_by_max_value: float | None=..., align: Timestamp | None=..., latest: bool | None=..., bucket_timestamp: str | None=..., empty: bool | None=...) -> Pipeline[AnyStr]:
        """Return samples from one time to another, both included, the oldest first."""
    def revrange(self, key: Key, from_time: Timestamp, to_time: Timestamp, count: int | None=..., aggregation_type: Aggregation | None=..., bucket_size_msec: int | None=..., filter_by_ts: Sequence[int] | None=..., filter_by_min_value: float | None=..., filter_by_max_value: float | None=..., align: Timestamp | None=..., latest: bool | None=..., bucket_timestamp: str | None=..., empty: bool | None=...) -> Pipeline[AnyStr]:
        """As :meth:`range`, the newest sample first."""
    def read(self, key: Key, timestamp: Timestamp, block_milliseconds: int | None=..., block_min_count: int | None=..., max_count: int | None=...) -> Pipeline[AnyStr]:
        """Return samples newer than ``timestamp``, waiting for them if need be."""
    def mget(self, filters: Sequence[str], with_labels: bool | None=..., select_labels: Sequence[str] | None=..., latest: bool | None=...) -> Pipeline[AnyStr]:
        """Return the newest sample of every series that filters choose."""
    def mrange(self, from_time: Timestamp, to_time: Timestamp, filters: Sequence[str], count: int | None=..., aggregation_type: Aggregation | None=..., bucket_size_msec: int | None=..., with_labels: bool | None=..., filter_by_ts: Sequence[int] | None=..., filter_by_min_value: float | None=..., filter_by_max_value: float | None=..., groupby: str | None=..., reduce: str | None=..., select_labels: Sequence[str] | None=..., align: Timestamp | None=..., latest: bool | None=..., bucket_timestamp: str | None=..., empty: bool | None=..., exclude_empty: bool | None=...) -> Pipeline[AnyStr]:
        """Return samples, the oldest first, of every series that filters choose."""
    def mrevrange(self, from_time: Timestamp, to_time: Timestamp, filters: Sequence[str], count: int | None=..., aggregation_type: Aggregation | None=..., bucket_size_msec: int | None=..., with_labels: bool | None=..., filter_by_ts: Sequence[int] | None=..., filter_by_min_value: float | None=..., filter_by_max_value: float | None=..., groupby: str | None=..., reduce: str | None=..., select_labels: Sequence[str] | None=..., align: Timestamp | None=..., latest: bool | None=..., bucket_timestamp: str | None=..., empty: bool | None=..., exclude_empty: bool | None=...) -> Pipeline[AnyStr]:
        """As :meth:`mrange`, the newest sample first."""
    def nrange(self, keys: Sequence[Key], from_time: Timestamp, to_time: Timestamp, count: int | None=..., aggregators: Aggregation | None=..., bucket_size_msec: int | None=..., filter_by_ts: Sequence[int] | None=..., filter_by_min_value: float | None=..., filter_by_max_value: float | None=..., align: Timestamp | None=..., latest: bool | None=..., bucket_timestamp: str | None=..., empty: bool | None=...) -> Pipeline[AnyStr]:
        """Return the samples of several series side by side, the oldest first."""
    def nrevrange(self, keys: Sequence[Key], from_time: Timestamp, to_time: Timestamp, count: int | None=..., aggregators: Aggregation | None=..., bucket_size_msec: int | None=..., filter_by_ts: Sequence[int] | None=..., filter_by_min_value: float | None=..., filter_by_max_value: float | None=..., align: Timestamp | None=..., latest: bool | None=..., bucket_timestamp: str | None=..., empty: bool | None=...) -> Pipeline[AnyStr]:
        """As :meth:`nrange`, the newest sample first."""
    def queryindex(self, filters: Sequence[str]) -> Pipeline[AnyStr]:
        """Return the keys of all series that filters choose."""
    def querylabels(self, label: str | None=..., filters: Iterable[str] | None=...) -> Pipeline[AnyStr]:
        """Return the names of all labels, or all values of one."""

class PipedTopKCommands(PipedModuleGroup[AnyStr]):
    def reserve(self, key: Key, k: int, width: int, depth: int, decay: float) -> Pipeline[AnyStr]:
        """Create a list."""
    def add(self, key: Key, *items: Encodable) -> Pipeline[AnyStr]:
        """Count items, each once."""
    def incrby(self, key: Key, items: Sequence[Encodable], increments: Sequence[int]) -> Pipeline[AnyStr]:
        """Count items: each by the increment at its place."""
    def query(self, key: Key, *items: Encodable) -> Pipeline[AnyStr]:
        """Tell for each item whether it is in the list: 1 or 0."""
    def count(self, key: Key, *items: Encodable) -> Pipeline[AnyStr]:
        """Estimate how often each item came."""
    def list(self, key: Key, withcount: bool=...) -> Pipeline[AnyStr]:
        """Return the items of the list, the most frequent first."""
    def info(self, key: Key) -> Pipeline[AnyStr]:
        """Return what there is to know about a list."""

class PipedPubSubCommands(Generic[AnyStr]):
    def publish(self, channel: Key, message: Encodable) -> Pipeline[AnyStr]:
        """Send ``message`` to everyone who listens to ``channel``."""
    def pubsub_channels(self, pattern: Pattern=...) -> Pipeline[AnyStr]:
        """Return the channels that have subscribers and match ``pattern``."""
    def pubsub_numpat(self) -> Pipeline[AnyStr]:
        """Return how many distinct patterns clients are subscribed to."""
    def pubsub_numsub(self, *args: Key) -> Pipeline[AnyStr]:
        """Return each of the channels with the number of its subscribers."""
    def pubsub_shardchannels(self, pattern: Pattern=...) -> Pipeline[AnyStr]:
        """Return the shard channels that have subscribers and match ``pattern``."""
    def pubsub_shardnumsub(self, *args: Key) -> Pipeline[AnyStr]:
        """Return each of the shard channels with the number of its subscribers."""
    def spublish(self, shard_channel: Key, message: Encodable) -> Pipeline[AnyStr]:
        """Send ``message`` to everyone who listens to ``shard_channel`` within its shard."""

class PipedReplicationCommands(Generic[AnyStr]):
    def failover(self, to: tuple[str, int] | None=..., force: bool=..., abort: bool=..., timeout: int | None=...) -> Pipeline[AnyStr]:
        """Have the server, a primary, change parts with one of its replicas; returns when that has begun."""
    def replicaof(self, *args: Encodable) -> Pipeline[AnyStr]:
        """Make the server a replica of another, or a primary."""
    def role(self) -> Pipeline[AnyStr]:
        """Return the server's part in replication as a list that begins with its name."""
    def slaveof(self, host: str | None=..., port: int | None=...) -> Pipeline[AnyStr]:
        """Make the server a replica of another; without arguments, a primary. The old name of :meth:`replicaof`."""
    def wait(self, num_replicas: int, timeout: int | None) -> Pipeline[AnyStr]:
        """Wait until replicas have received the writes that came before; return how many have."""
    def waitaof(self, num_local: int, num_replicas: int, timeout: int | None) -> Pipeline[AnyStr]:
        """Wait until the writes that came before are on disk, in the append-only files; else as :meth:`wait`."""

class PipedScriptingCommands(Generic[AnyStr]):
    def eval(self, script: ScriptText, numkeys: int, *keys_and_args: Encodable) -> Pipeline[AnyStr]:
        """Run a script, sending its text."""
    def eval_ro(self, script: ScriptText, numkeys: int, *keys_and_args: Encodable) -> Pipeline[AnyStr]:
        """As :meth:`eval`, for a script that only reads: a replica may run it."""
    def evalsha(self, sha: str | bytes, numkeys: int, *keys_and_args: Encodable) -> Pipeline[AnyStr]:
        """Run a script that the server has, by the SHA-1 digest of its text."""
    def evalsha_ro(self, sha: str | bytes, numkeys: int, *keys_and_args: Encodable) -> Pipeline[AnyStr]:
        """As :meth:`evalsha`, for a script that only reads: a replica may run it."""
    def script_exists(self, *args: str | bytes) -> Pipeline[AnyStr]:
        """Tell of each script, named by its digest, whether the server has it."""
    def script_flush(self, sync_type: Literal['SYNC', 'ASYNC'] | None=...) -> Pipeline[AnyStr]:
        """Make the server forget all scripts."""
    def script_kill(self) -> Pipeline[AnyStr]:
        """End the script that runs, if it has written nothing yet."""
    def script_load(self, script: ScriptText) -> Pipeline[AnyStr]:
        """Have the server keep a script without running it; return the digest to call it by."""
    def script_show(self, sha: str | bytes) -> Pipeline[AnyStr]:
        """Return the text of a script, named by its digest."""

class PipedSentinelCommands(Generic[AnyStr]):
    def sentinel_ckquorum(self, new_master_name: str) -> Pipeline[AnyStr]:
        """Ask whether enough sentinels are reachable to agree on a failover and to authorise it."""
    def sentinel_failover(self, new_master_name: str) -> Pipeline[AnyStr]:
        """Make a replica the primary, without asking the other sentinels."""
    def sentinel_flushconfig(self) -> Pipeline[AnyStr]:
        """Have the sentinel write its configuration, with what it knows by now, to its file."""
    def sentinel_get_master_addr_by_name(self, service_name: str) -> Pipeline[AnyStr]:
        """Return host and port of a service's primary, None where the service is unknown."""
    def sentinel_master(self, service_name: str) -> Pipeline[AnyStr]:
        """Return the state of a service's primary."""
    def sentinel_masters(self) -> Pipeline[AnyStr]:
        """Return the states of all services' primaries, by service."""
    def sentinel_monitor(self, name: str, ip: str, port: int, quorum: int) -> Pipeline[AnyStr]:
        """Have the sentinel watch a further primary."""
    def sentinel_remove(self, name: str) -> Pipeline[AnyStr]:
        """Have the sentinel watch a service no longer."""
    def sentinel_reset(self, pattern: str) -> Pipeline[AnyStr]:
        """Have the sentinel forget what it knows of services: replicas, other sentinels, failovers under way."""
    def sentinel_sentinels(self, service_name: str) -> Pipeline[AnyStr]:
        """Return the states of the other sentinels that watch a service."""
    def sentinel_set(self, name: str, option: str, value: Encodable) -> Pipeline[AnyStr]:
        """Change how a service is watched."""
    def sentinel_slaves(self, service_name: str) -> Pipeline[AnyStr]:
        """Return the states of a service's replicas."""

class PipedServerCommands(Generic[AnyStr]):
    def dbsize(self) -> Pipeline[AnyStr]:
        """Return the number of keys in the database."""
    def flushall(self, asynchronous: bool=...) -> Pipeline[AnyStr]:
        """Delete every key of every database."""
    def flushdb(self, asynchronous: bool=...) -> Pipeline[AnyStr]:
        """Delete every key of the database."""
    def swapdb(self, first: int, second: int) -> Pipeline[AnyStr]:
        """Let two databases change places, for all clients at once; needs ``allowAdmin``."""
    def bgrewriteaof(self) -> Pipeline[AnyStr]:
        """Begin to rewrite the append-only file in the background."""
    def bgsave(self, schedule: bool=..., cancel: bool=...) -> Pipeline[AnyStr]:
        """Begin to save the data set in the background."""
    def lastsave(self) -> Pipeline[AnyStr]:
        """Return when the data set was last saved, in local time."""
    def save(self) -> Pipeline[AnyStr]:
        """Save the data set; the server does nothing else meanwhile."""
    def backup_abort(self) -> Pipeline[AnyStr]:
        """Call off the backup that is under way."""
    def backup_cleanup(self) -> Pipeline[AnyStr]:
        """Remove the files of the finished backup."""
    def backup_list(self) -> Pipeline[AnyStr]:
        """Return the paths of the backup's files that are complete."""
    def backup_seal(self) -> Pipeline[AnyStr]:
        """Complete the backup with the writes since its beginning."""
    def backup_start(self) -> Pipeline[AnyStr]:
        """Begin a backup into the directory that the server is set up to use."""
    def backup_status(self) -> Pipeline[AnyStr]:
        """Return how far the backup is, as a dict of text."""
    def config_get(self, pattern: Pattern=..., *args: Pattern) -> Pipeline[AnyStr]:
        """Return the settings whose names match any of the patterns."""
    def config_resetstat(self) -> Pipeline[AnyStr]:
        """Set the counters of :meth:`info` to zero."""
    def config_rewrite(self) -> Pipeline[AnyStr]:
        """Write the settings as they are into the server's configuration file."""
    def config_set(self, name: Key, value: Encodable, *args: Encodable) -> Pipeline[AnyStr]:
        """Change settings while the server runs."""
    def debug_object(self, key: Key) -> Pipeline[AnyStr]:
        """Return details of how the server keeps a value."""
    def info(self, section: str | None=..., *args: str) -> Pipeline[AnyStr]:
        """Return what the server says about itself, as one flat dict."""
    def lolwut(self, *version_numbers: str | float) -> Pipeline[AnyStr]:
        """Return a drawing, and the server's version."""
    def module_list(self) -> Pipeline[AnyStr]:
        """Return the modules that are loaded."""
    def module_load(self, path: str, *args: Encodable) -> Pipeline[AnyStr]:
        """Have the server load a module."""
    def module_loadex(self, path: str, options: Sequence[Encodable] | None=..., args: Sequence[Encodable] | None=...) -> Pipeline[AnyStr]:
        """Have the server load a module, with settings."""
    def module_unload(self, name: str) -> Pipeline[AnyStr]:
        """Have the server unload a module."""
    def time(self) -> Pipeline[AnyStr]:
        """Return the server's clock: seconds since 1970, and microseconds."""
    def command(self) -> Pipeline[AnyStr]:
        """Return a description of every command, by name."""
    def command_count(self) -> Pipeline[AnyStr]:
        """Return the number of commands."""
    def command_docs(self, *args: str) -> Pipeline[AnyStr]:
        """Return the documentation of the commands named, or of all, by name."""
    def command_getkeys(self, *args: Encodable) -> Pipeline[AnyStr]:
        """Return the keys among a command's words."""
    def command_getkeysandflags(self, *args: Encodable) -> Pipeline[AnyStr]:
        """Return the keys among a command's words, each in a list with a list of flags."""
    def command_info(self, *args: str) -> Pipeline[AnyStr]:
        """Return a description of the commands named, or of all, by name; unknown ones are left out."""
    def command_list(self, module: str | None=..., category: str | None=..., pattern: str | None=...) -> Pipeline[AnyStr]:
        """Return the names of all commands, or of some."""
    def memory_doctor(self) -> Pipeline[AnyStr]:
        """Return the server's advice on its memory."""
    def memory_malloc_stats(self) -> Pipeline[AnyStr]:
        """Return the statistics of the server's allocator."""
    def memory_purge(self) -> Pipeline[AnyStr]:
        """Ask the allocator to give back what it does not need."""
    def memory_stats(self) -> Pipeline[AnyStr]:
        """Return what the server's memory is used for, in bytes where not said otherwise."""
    def memory_usage(self, key: Key, samples: int | None=...) -> Pipeline[AnyStr]:
        """Return how many bytes a key takes, None where it does not exist."""
    def hotkeys_get(self) -> Pipeline[AnyStr]:
        """Return which keys are used most, as counted so far; None where nothing was counted."""
    def hotkeys_reset(self) -> Pipeline[AnyStr]:
        """Forget what was counted."""
    def hotkeys_start(self, metrics: Sequence[Literal['CPU', 'NET']], count: int | None=..., duration: int | None=..., sample_ratio: int | None=..., slots: Sequence[int] | None=...) -> Pipeline[AnyStr]:
        """Begin to count which keys are used most."""
    def hotkeys_stop(self) -> Pipeline[AnyStr]:
        """Stop counting; what was counted can still be had."""
    def commandlog_get(self, count: int, kind: str) -> Pipeline[AnyStr]:
        """Return the latest commands that were slow or large."""
    def commandlog_len(self, kind: str) -> Pipeline[AnyStr]:
        """Return how many commands are kept as slow or large."""
    def commandlog_reset(self, kind: str) -> Pipeline[AnyStr]:
        """Forget the commands that were slow or large."""
    def latency_doctor(self) -> Pipeline[AnyStr]:
        """Return the server's advice on what held it up."""
    def latency_graph(self, event: str) -> Pipeline[AnyStr]:
        """Return a drawing of how long an event took over time."""
    def latency_histogram(self, *args: str) -> Pipeline[AnyStr]:
        """Return how long the commands named, or all that were called, took."""
    def latency_history(self, event: str) -> Pipeline[AnyStr]:
        """Return when an event was slow (in seconds since 1970) and how slow (in milliseconds)."""
    def latency_latest(self) -> Pipeline[AnyStr]:
        """Return name, time of the latest slow one, its length and the longest ever, of every event that was slow."""
    def latency_reset(self, *events: str) -> Pipeline[AnyStr]:
        """Forget what is known of the events named, or of all."""
    def slowlog_get(self, num: int | None=...) -> Pipeline[AnyStr]:
        """Return the latest commands that took long."""
    def slowlog_len(self) -> Pipeline[AnyStr]:
        """Return how many slow commands are kept."""
    def slowlog_reset(self) -> Pipeline[AnyStr]:
        """Forget the slow commands."""

class PipedSetCommands(Generic[AnyStr]):
    def sadd(self, name: Key, *values: Encodable) -> Pipeline[AnyStr]:
        """Add members."""
    def scard(self, name: Key) -> Pipeline[AnyStr]:
        """Return the number of members."""
    def sdiff(self, keys: Key | Iterable[Key], *args: Key) -> Pipeline[AnyStr]:
        """Return the members of the first set that are in none of the others."""
    def sdiffcard(self, numkeys: int, keys: Iterable[Key], limit: int=...) -> Pipeline[AnyStr]:
        """Count the members of the first set that are in none of the others."""
    def sdiffstore(self, dest: Key, keys: Key | Iterable[Key], *args: Key) -> Pipeline[AnyStr]:
        """Store at ``dest`` the members of the first set that are in none of the others."""
    def sinter(self, keys: Key | Iterable[Key], *args: Key) -> Pipeline[AnyStr]:
        """Return the members that are in every set."""
    def sintercard(self, numkeys: int, keys: Iterable[Key], limit: int=...) -> Pipeline[AnyStr]:
        """Count the members that are in every set."""
    def sinterstore(self, dest: Key, keys: Key | Iterable[Key], *args: Key) -> Pipeline[AnyStr]:
        """Store at ``dest`` the members that are in every set."""
    @overload
    def sismember(self, name: Key, value: Encodable, xx: Literal[False]=...) -> Pipeline[AnyStr]:
        """Tell whether ``value`` is a member."""
    @overload
    def sismember(self, name: Key, value: Encodable, xx: bool) -> Pipeline[AnyStr]: ...
    def smembers(self, name: Key) -> Pipeline[AnyStr]:
        """Return all members."""
    def smismember(self, name: Key, values: Encodable | Iterable[Encodable], *args: Encodable) -> Pipeline[AnyStr]:
        """Tell of each of the values whether it is a member."""
    def smove(self, src: Key, dst: Key, value: Encodable) -> Pipeline[AnyStr]:
        """Move a member from one set to another."""
    @overload
    def spop(self, name: Key, count: None=...) -> Pipeline[AnyStr]:
        """Remove members at random and return them."""
    @overload
    def spop(self, name: Key, count: int) -> Pipeline[AnyStr]: ...
    @overload
    def srandmember(self, name: Key, number: None=...) -> Pipeline[AnyStr]:
        """Return members at random."""
    @overload
    def srandmember(self, name: Key, number: int) -> Pipeline[AnyStr]: ...
    def srem(self, name: Key, *values: Encodable) -> Pipeline[AnyStr]:
        """Remove members."""
    def sscan(self, name: Key, cursor: int=..., match: Pattern | None=..., count: int | None=...) -> Pipeline[AnyStr]:
        """Return some members, and the cursor with which to ask for more."""
    def sunion(self, keys: Key | Iterable[Key], *args: Key) -> Pipeline[AnyStr]:
        """Return the members that are in any of the sets."""
    def sunioncard(self, numkeys: int, keys: Iterable[Key], limit: int=..., approx: bool=...) -> Pipeline[AnyStr]:
        """Count the members that are in any of the sets."""
    def sunionstore(self, dest: Key, keys: Key | Iterable[Key], *args: Key) -> Pipeline[AnyStr]:
        """Store at ``dest`` the members that are in any of the sets."""

class PipedSortedSetCombinationCommands(PipedSortedSetSurface[AnyStr]):
    @overload
    def zunion(self, keys: Iterable[Key] | Mapping[AnyField, float], aggregate: str | None=..., withscores: Literal[False]=..., score_cast_func: Callable[[float], Any]=...) -> Pipeline[AnyStr]:
        """Return the members that are in any of several sorted sets."""
    @overload
    def zunion(self, keys: Iterable[Key] | Mapping[AnyField, float], aggregate: str | None=..., *, withscores: Literal[True]) -> Pipeline[AnyStr]: ...
    @overload
    def zunion(self, keys: Iterable[Key] | Mapping[AnyField, float], aggregate: str | None=..., *, withscores: Literal[True], score_cast_func: Callable[[float], Score]) -> Pipeline[AnyStr]: ...
    @overload
    def zunion(self, keys: Iterable[Key] | Mapping[AnyField, float], aggregate: str | None=..., withscores: bool=..., score_cast_func: Callable[[float], Any]=...) -> Pipeline[AnyStr]: ...
    @overload
    def zinter(self, keys: Iterable[Key] | Mapping[AnyField, float], aggregate: str | None=..., withscores: Literal[False]=...) -> Pipeline[AnyStr]:
        """Return the members that are in all of several sorted sets."""
    @overload
    def zinter(self, keys: Iterable[Key] | Mapping[AnyField, float], aggregate: str | None=..., *, withscores: Literal[True]) -> Pipeline[AnyStr]: ...
    @overload
    def zinter(self, keys: Iterable[Key] | Mapping[AnyField, float], aggregate: str | None=..., withscores: bool=...) -> Pipeline[AnyStr]: ...
    @overload
    def zdiff(self, keys: Iterable[Key], withscores: Literal[False]=...) -> Pipeline[AnyStr]:
        """Return the members of the first of several sorted sets that are in none of the others."""
    @overload
    def zdiff(self, keys: Iterable[Key], withscores: Literal[True]) -> Pipeline[AnyStr]: ...
    @overload
    def zdiff(self, keys: Iterable[Key], withscores: bool) -> Pipeline[AnyStr]: ...
    def zunionstore(self, dest: Key, keys: Iterable[Key] | Mapping[AnyField, float], aggregate: str | None=...) -> Pipeline[AnyStr]:
        """Store the members that are in any of several sorted sets as the sorted set ``dest``."""
    def zinterstore(self, dest: Key, keys: Iterable[Key] | Mapping[AnyField, float], aggregate: str | None=...) -> Pipeline[AnyStr]:
        """Store the members that are in all of several sorted sets as the sorted set ``dest``."""
    def zdiffstore(self, dest: Key, keys: Iterable[Key]) -> Pipeline[AnyStr]:
        """Store the members of the first sorted set that are in none of the others; return how many."""
    def zintercard(self, numkeys: int, keys: Sequence[Key], limit: int=...) -> Pipeline[AnyStr]:
        """Return how many members are in all of several sorted sets."""

class PipedSortedSetRangeCommands(PipedSortedSetSurface[AnyStr]):
    @overload
    def zrange(self, name: Key, start: Encodable, end: Encodable, desc: bool=..., withscores: Literal[False]=..., score_cast_func: Callable[[float], Any]=..., byscore: bool=..., bylex: bool=..., offset: int | None=..., num: int | None=..., xx: Literal[False]=...) -> Pipeline[AnyStr]:
        """Return the members in a range of ranks, scores or names, in ascending order."""
    @overload
    def zrange(self, name: Key, start: Encodable, end: Encodable, desc: bool=..., *, withscores: Literal[True], byscore: bool=..., bylex: bool=..., offset: int | None=..., num: int | None=..., xx: Literal[False]=...) -> Pipeline[AnyStr]: ...
    @overload
    def zrange(self, name: Key, start: Encodable, end: Encodable, desc: bool=..., *, withscores: Literal[True], score_cast_func: Callable[[float], Score], byscore: bool=..., bylex: bool=..., offset: int | None=..., num: int | None=..., xx: Literal[False]=...) -> Pipeline[AnyStr]: ...
    @overload
    def zrange(self, name: Key, start: Encodable, end: Encodable, desc: bool=..., withscores: bool=..., score_cast_func: Callable[[float], Any]=..., byscore: bool=..., bylex: bool=..., offset: int | None=..., num: int | None=..., xx: Literal[False]=...) -> Pipeline[AnyStr]: ...
    @overload
    def zrange(self, name: Key, start: Encodable, end: Encodable, desc: bool=..., withscores: Literal[False]=..., score_cast_func: Callable[[float], Any]=..., byscore: bool=..., bylex: bool=..., offset: int | None=..., num: int | None=..., *, xx: Literal[True]) -> Pipeline[AnyStr]: ...
    @overload
    def zrange(self, name: Key, start: Encodable, end: Encodable, desc: bool=..., *, withscores: Literal[True], score_cast_func: Callable[[float], Any]=..., byscore: bool=..., bylex: bool=..., offset: int | None=..., num: int | None=..., xx: Literal[True]) -> Pipeline[AnyStr]: ...
    def zrangestore(self, dest: Key, name: Key, start: Encodable, end: Encodable, byscore: bool=..., bylex: bool=..., desc: bool=..., offset: int | None=..., num: int | None=...) -> Pipeline[AnyStr]:
        """Store the members in a range as the sorted set ``dest``; else as :meth:`zrange`."""
    @overload
    def zrevrange(self, name: Key, start: int, end: int, withscores: Literal[False]=..., score_cast_func: Callable[[float], Any]=...) -> Pipeline[AnyStr]:
        """Return the members in a range of ranks, in descending order of scores."""
    @overload
    def zrevrange(self, name: Key, start: int, end: int, withscores: Literal[True]) -> Pipeline[AnyStr]: ...
    @overload
    def zrevrange(self, name: Key, start: int, end: int, withscores: Literal[True], score_cast_func: Callable[[float], Score]) -> Pipeline[AnyStr]: ...
    @overload
    def zrevrange(self, name: Key, start: int, end: int, withscores: bool, score_cast_func: Callable[[float], Any]=...) -> Pipeline[AnyStr]: ...
    @overload
    def zrangebyscore(self, name: Key, min: ScoreBound, max: ScoreBound, start: int | None=..., num: int | None=..., withscores: Literal[False]=..., score_cast_func: Callable[[float], Any]=...) -> Pipeline[AnyStr]:
        """Return the members whose score is from ``min`` to ``max``, in ascending order."""
    @overload
    def zrangebyscore(self, name: Key, min: ScoreBound, max: ScoreBound, start: int | None=..., num: int | None=..., *, withscores: Literal[True]) -> Pipeline[AnyStr]: ...
    @overload
    def zrangebyscore(self, name: Key, min: ScoreBound, max: ScoreBound, start: int | None=..., num: int | None=..., *, withscores: Literal[True], score_cast_func: Callable[[float], Score]) -> Pipeline[AnyStr]: ...
    @overload
    def zrangebyscore(self, name: Key, min: ScoreBound, max: ScoreBound, start: int | None=..., num: int | None=..., withscores: bool=..., score_cast_func: Callable[[float], Any]=...) -> Pipeline[AnyStr]: ...
    @overload
    def zrevrangebyscore(self, name: Key, max: ScoreBound, min: ScoreBound, start: int | None=..., num: int | None=..., withscores: Literal[False]=..., score_cast_func: Callable[[float], Any]=...) -> Pipeline[AnyStr]:
        """Return the members whose score is from ``min`` to ``max``, in descending order."""
    @overload
    def zrevrangebyscore(self, name: Key, max: ScoreBound, min: ScoreBound, start: int | None=..., num: int | None=..., *, withscores: Literal[True]) -> Pipeline[AnyStr]: ...
    @overload
    def zrevrangebyscore(self, name: Key, max: ScoreBound, min: ScoreBound, start: int | None=..., num: int | None=..., *, withscores: Literal[True], score_cast_func: Callable[[float], Score]) -> Pipeline[AnyStr]: ...
    @overload
    def zrevrangebyscore(self, name: Key, max: ScoreBound, min: ScoreBound, start: int | None=..., num: int | None=..., withscores: bool=..., score_cast_func: Callable[[float], Any]=...) -> Pipeline[AnyStr]: ...
    def zrangebylex(self, name: Key, min: LexBound, max: LexBound, start: int | None=..., num: int | None=...) -> Pipeline[AnyStr]:
        """Return the members from ``min`` to ``max``, where all have the same score, in ascending order."""
    def zrevrangebylex(self, name: Key, max: LexBound, min: LexBound, start: int | None=..., num: int | None=...) -> Pipeline[AnyStr]:
        """Return the members from ``min`` to ``max``, where all have the same score, in descending order."""
    @overload
    def zrandmember(self, key: Key, count: None=..., withscores: Literal[False]=...) -> Pipeline[AnyStr]:
        """Return members picked at random."""
    @overload
    def zrandmember(self, key: Key, count: int, withscores: Literal[False]=...) -> Pipeline[AnyStr]: ...
    @overload
    def zrandmember(self, key: Key, count: int, withscores: Literal[True]) -> Pipeline[AnyStr]: ...
    @overload
    def zrandmember(self, key: Key, count: int, withscores: bool) -> Pipeline[AnyStr]: ...
    @overload
    def zscan(self, name: Key, cursor: int=..., match: Pattern | None=..., count: int | None=...) -> Pipeline[AnyStr]:
        """Return one page of the members of a sorted set."""
    @overload
    def zscan(self, name: Key, cursor: int=..., match: Pattern | None=..., count: int | None=..., *, score_cast_func: Callable[[float], Score]) -> Pipeline[AnyStr]: ...
    @overload
    def zscan(self, name: Key, cursor: int=..., match: Pattern | None=..., count: int | None=..., *, no_scores: Literal[True]) -> Pipeline[AnyStr]: ...

class PipedSortedSetSurface(Generic[AnyStr]):
    ...

class PipedSortedSetCommands(PipedSortedSetSurface[AnyStr]):
    @overload
    def zadd(self, name: Key, mapping: Mapping[AnyField, Encodable], nx: bool=..., xx: bool=..., ch: bool=..., incr: Literal[False]=..., gt: bool=..., lt: bool=...) -> Pipeline[AnyStr]:
        """Add members, or change their scores."""
    @overload
    def zadd(self, name: Key, mapping: Mapping[AnyField, Encodable], nx: bool=..., xx: bool=..., ch: bool=..., *, incr: Literal[True], gt: bool=..., lt: bool=...) -> Pipeline[AnyStr]: ...
    @overload
    def zadd(self, name: Key, mapping: Mapping[AnyField, Encodable], nx: bool=..., xx: bool=..., ch: bool=..., incr: bool=..., gt: bool=..., lt: bool=...) -> Pipeline[AnyStr]: ...
    def zincrby(self, name: Key, amount: float, value: Encodable) -> Pipeline[AnyStr]:
        """Add ``amount`` to the score of member ``value``; return the sum."""
    def zrem(self, name: Key, *values: Encodable) -> Pipeline[AnyStr]:
        """Remove members; return how many existed."""
    def zremrangebyrank(self, name: Key, min: int, max: int) -> Pipeline[AnyStr]:
        """Remove the members whose rank is from ``min`` to ``max``; return how many."""
    def zremrangebyscore(self, name: Key, min: ScoreBound, max: ScoreBound) -> Pipeline[AnyStr]:
        """Remove the members whose score is from ``min`` to ``max``; return how many."""
    def zremrangebylex(self, name: Key, min: LexBound, max: LexBound) -> Pipeline[AnyStr]:
        """Remove the members from ``min`` to ``max``, where all have the same score; return how many."""
    def zpopmax(self, name: Key, count: int | None=...) -> Pipeline[AnyStr]:
        """Remove and return the members with the highest scores, with these scores."""
    def zpopmin(self, name: Key, count: int | None=...) -> Pipeline[AnyStr]:
        """Remove and return the members with the lowest scores, with these scores."""
    def zmpop(self, num_keys: int, keys: Sequence[Key], min: bool=..., max: bool=..., count: int=...) -> Pipeline[AnyStr]:
        """Remove and return members of the first of several sorted sets that is not empty."""
    def bzpopmax(self, keys: Key | Iterable[Key], timeout: float | None=...) -> Pipeline[AnyStr]:
        """Remove the member with the highest score from the first sorted set that has any, waiting until there is one."""
    def bzpopmin(self, keys: Key | Iterable[Key], timeout: float | None=...) -> Pipeline[AnyStr]:
        """Remove the member with the lowest score from the first sorted set that has any, waiting until there is one."""
    def bzmpop(self, timeout: float | None, numkeys: int, keys: Sequence[Key], min: bool=..., max: bool=..., count: int=...) -> Pipeline[AnyStr]:
        """As :meth:`zmpop`, waiting until one of the sorted sets has a member."""
    def zcard(self, name: Key) -> Pipeline[AnyStr]:
        """Return the number of members."""
    def zcount(self, name: Key, min: ScoreBound, max: ScoreBound) -> Pipeline[AnyStr]:
        """Return the number of members whose score is from ``min`` to ``max``."""
    def zlexcount(self, name: Key, min: LexBound, max: LexBound) -> Pipeline[AnyStr]:
        """Return the number of members from ``min`` to ``max``, where all have the same score."""
    def zscore(self, name: Key, value: Encodable) -> Pipeline[AnyStr]:
        """Return the score of member ``value``, or None where it does not exist."""
    def zmscore(self, key: Key, members: Iterable[Encodable]) -> Pipeline[AnyStr]:
        """Return the scores of several members, None for each that does not exist."""
    @overload
    def zrank(self, name: Key, value: Encodable, withscore: Literal[False]=..., score_cast_func: Callable[[float], Any]=...) -> Pipeline[AnyStr]:
        """Return the rank of member ``value``, 0 for the one with the lowest score."""
    @overload
    def zrank(self, name: Key, value: Encodable, withscore: Literal[True], score_cast_func: Callable[[float], Any]=...) -> Pipeline[AnyStr]: ...
    @overload
    def zrank(self, name: Key, value: Encodable, withscore: bool, score_cast_func: Callable[[float], Any]=...) -> Pipeline[AnyStr]: ...
    @overload
    def zrevrank(self, name: Key, value: Encodable, withscore: Literal[False]=..., score_cast_func: Callable[[float], Any]=...) -> Pipeline[AnyStr]:
        """Return the rank of member ``value``, 0 for the one with the highest score."""
    @overload
    def zrevrank(self, name: Key, value: Encodable, withscore: Literal[True], score_cast_func: Callable[[float], Any]=...) -> Pipeline[AnyStr]: ...
    @overload
    def zrevrank(self, name: Key, value: Encodable, withscore: bool, score_cast_func: Callable[[float], Any]=...) -> Pipeline[AnyStr]: ...

class PipedStreamCommands(Generic[AnyStr]):
    @overload
    def xadd(self, name: Key, fields: Mapping[AnyField, Encodable], id: StreamId=..., maxlen: int | None=..., approximate: bool=..., nomkstream: Literal[False]=..., minid: StreamId | None=..., limit: int | None=..., ref_policy: ReferencePolicy | None=..., idmpauto: str | None=..., idmp: tuple[str, bytes] | None=...) -> Pipeline[AnyStr]:
        """Append an entry."""
    @overload
    def xadd(self, name: Key, fields: Mapping[AnyField, Encodable], id: StreamId=..., maxlen: int | None=..., approximate: bool=..., nomkstream: bool=..., minid: StreamId | None=..., limit: int | None=..., ref_policy: ReferencePolicy | None=..., idmpauto: str | None=..., idmp: tuple[str, bytes] | None=...) -> Pipeline[AnyStr]: ...
    def xdel(self, name: Key, *ids: StreamId) -> Pipeline[AnyStr]:
        """Remove entries; return how many existed."""
    def xdelex(self, name: Key, *ids: StreamId, ref_policy: ReferencePolicy=...) -> Pipeline[AnyStr]:
        """Remove entries and decide about groups' references to them."""
    def xtrim(self, name: Key, maxlen: int | None=..., approximate: bool=..., minid: StreamId | None=..., limit: int | None=..., ref_policy: ReferencePolicy | None=...) -> Pipeline[AnyStr]:
        """Remove the oldest entries; return how many."""
    def xsetid(self, name: Key, last_id: StreamId, entries_added: int | None=..., max_deleted_id: StreamId | None=...) -> Pipeline[AnyStr]:
        """Set a stream's last id, which new entries' ids follow; for replicating a stream by other means."""
    def xcfgset(self, name: Key, idmp_duration: int | None=..., idmp_maxsize: int | None=...) -> Pipeline[AnyStr]:
        """Set how a stream recognises what a producer sent before."""
    def xlen(self, name: Key) -> Pipeline[AnyStr]:
        """Return the number of entries."""
    def xrange(self, name: Key, min: StreamId=..., max: StreamId=..., count: int | None=...) -> Pipeline[AnyStr]:
        """Return entries as pairs of id and fields, the oldest first."""
    def xrevrange(self, name: Key, max: StreamId=..., min: StreamId=..., count: int | None=...) -> Pipeline[AnyStr]:
        """Return entries as pairs of id and fields, the newest first."""
    def xread(self, streams: Mapping[AnyField, StreamId], count: int | None=..., block: int | None=..., max_count: int | None=..., max_size: int | None=...) -> Pipeline[AnyStr]:
        """Return the entries of several streams that follow a given id each."""
    def xinfo_stream(self, name: Key, full: bool=..., count: int | None=...) -> Pipeline[AnyStr]:
        """Return what the server says about a stream, by the server's names such as ``"last-generated-id"``."""

class PipedStringCommands(Generic[AnyStr]):
    def append(self, key: Key, value: Encodable) -> Pipeline[AnyStr]:
        """Append ``value`` to the string at ``key``, which is made where it does not exist."""
    def decr(self, name: Key, amount: int=...) -> Pipeline[AnyStr]:
        """Take 1 off the integer at ``name``, which counts as 0 where it does not exist."""
    def decrby(self, name: Key, amount: int=...) -> Pipeline[AnyStr]:
        """Take ``amount`` off the integer at ``name``, which counts as 0 where it does not exist."""
    def delex(self, name: Key, ifeq: Encodable | None=..., ifne: Encodable | None=..., ifdeq: str | None=..., ifdne: str | None=...) -> Pipeline[AnyStr]:
        """Delete ``name``, on a condition if one is given."""
    def delifeq(self, name: Key, value: Encodable) -> Pipeline[AnyStr]:
        """Delete ``name`` if it holds exactly ``value``."""
    def digest(self, name: Key) -> Pipeline[AnyStr]:
        """Return the digest of a value in hexadecimal, for the conditions of :meth:`set` and :meth:`delex`."""
    def get(self, name: Key) -> Pipeline[AnyStr]:
        """Return the value of ``name``, or None where it does not exist."""
    def getdel(self, name: Key) -> Pipeline[AnyStr]:
        """Return the value of ``name`` and delete it."""
    def getex(self, name: Key, ex: Expiry | None=..., px: Expiry | None=..., exat: ExpiryTime | None=..., pxat: ExpiryTime | None=..., persist: bool=...) -> Pipeline[AnyStr]:
        """Return the value of ``name`` and set or take away its expiry."""
    def getrange(self, key: Key, start: int, end: int) -> Pipeline[AnyStr]:
        """Return bytes ``start`` to ``end`` of a string, both included; negative ones count from the end."""
    def getset(self, name: Key, value: Encodable) -> Pipeline[AnyStr]:
        """Set ``name`` to ``value`` and return what it held before."""
    def incr(self, name: Key, amount: int=...) -> Pipeline[AnyStr]:
        """Add 1 to the integer at ``name``, which counts as 0 where it does not exist."""
    def incrby(self, name: Key, amount: int=...) -> Pipeline[AnyStr]:
        """Add ``amount`` to the integer at ``name``, which counts as 0 where it does not exist."""
    def incrbyfloat(self, name: Key, amount: float=...) -> Pipeline[AnyStr]:
        """Add ``amount`` to the number at ``name``, which counts as 0 where it does not exist."""
    def increx(self, name: Key, *, byfloat: float | None=..., byint: int | None=..., lbound: float | None=..., ubound: float | None=..., saturate: bool=..., ex: Expiry | None=..., px: Expiry | None=..., exat: ExpiryTime | None=..., pxat: ExpiryTime | None=..., persist: bool=..., enx: bool=..., nx: bool=..., xx: bool=...) -> Pipeline[AnyStr]:
        """Add to the number at ``name`` within bounds, and set when it expires, in one step."""
    @overload
    def lcs(self, key1: Key, key2: Key, len: Literal[False] | None=..., idx: Literal[False] | None=..., minmatchlen: int | None=..., withmatchlen: bool | None=...) -> Pipeline[AnyStr]:
        """Find the longest common subsequence of two strings."""
    @overload
    def lcs(self, key1: Key, key2: Key, len: Literal[True], idx: Literal[False] | None=..., minmatchlen: int | None=..., withmatchlen: bool | None=...) -> Pipeline[AnyStr]: ...
    @overload
    def lcs(self, key1: Key, key2: Key, len: Literal[False] | None=..., *, idx: Literal[True], minmatchlen: int | None=..., withmatchlen: bool | None=...) -> Pipeline[AnyStr]: ...
    def mget(self, keys: Key | Iterable[Key], *args: Key) -> Pipeline[AnyStr]:
        """Return the values of several keys in order, None for each that does not exist or is no string."""
    def mset(self, mapping: Mapping[AnyField, Encodable]) -> Pipeline[AnyStr]:
        """Set several keys at once."""
    def msetex(self, mapping: Mapping[AnyField, Encodable], data_persist_option: str | None=..., ex: Expiry | None=..., px: Expiry | None=..., exat: ExpiryTime | None=..., pxat: ExpiryTime | None=..., keepttl: bool=...) -> Pipeline[AnyStr]:
        """Set several keys at once, with one expiry for all of them."""
    def msetnx(self, mapping: Mapping[AnyField, Encodable]) -> Pipeline[AnyStr]:
        """Set several keys at once, if none of them exists."""
    def psetex(self, name: Key, time_ms: Expiry, value: Encodable) -> Pipeline[AnyStr]:
        """Set ``name`` to ``value`` for ``time_ms`` milliseconds."""
    @overload
    def set(self, name: Key, value: Encodable, ex: Expiry | None=..., px: Expiry | None=..., nx: bool=..., xx: bool=..., keepttl: bool=..., get: Literal[False]=..., exat: ExpiryTime | None=..., pxat: ExpiryTime | None=..., ifeq: Encodable | None=..., ifne: Encodable | None=..., ifdeq: str | None=..., ifdne: str | None=...) -> Pipeline[AnyStr]:
        """Set ``name`` to ``value``."""
    @overload
    def set(self, name: Key, value: Encodable, ex: Expiry | None=..., px: Expiry | None=..., nx: bool=..., xx: bool=..., keepttl: bool=..., *, get: Literal[True], exat: ExpiryTime | None=..., pxat: ExpiryTime | None=..., ifeq: Encodable | None=..., ifne: Encodable | None=..., ifdeq: str | None=..., ifdne: str | None=...) -> Pipeline[AnyStr]: ...
    @overload
    def set(self, name: Key, value: Encodable, ex: Expiry | None=..., px: Expiry | None=..., nx: bool=..., xx: bool=..., keepttl: bool=..., get: bool=..., exat: ExpiryTime | None=..., pxat: ExpiryTime | None=..., ifeq: Encodable | None=..., ifne: Encodable | None=..., ifdeq: str | None=..., ifdne: str | None=...) -> Pipeline[AnyStr]: ...
    def setex(self, name: Key, time: Expiry, value: Encodable) -> Pipeline[AnyStr]:
        """Set ``name`` to ``value`` for ``time`` seconds."""
    def setnx(self, name: Key, value: Encodable) -> Pipeline[AnyStr]:
        """Set ``name`` to ``value`` if it does not exist."""
    def setrange(self, name: Key, offset: int, value: Encodable) -> Pipeline[AnyStr]:
        """Overwrite part of a string, which is padded with zero bytes up to ``offset`` where it is shorter."""
    def strlen(self, name: Key) -> Pipeline[AnyStr]:
        """Return the length in bytes of the string at ``name``, 0 where it does not exist."""
    def substr(self, name: Key, start: int, end: int=...) -> Pipeline[AnyStr]:
        """Return bytes ``start`` to ``end`` of a string, both included: the old name of :meth:`getrange`."""

class PipedVectorSet(PipedModuleGroup[AnyStr]):
    def vadd(self, key: Key, vector: Vector, element: Encodable, reduce_dim: int | None=..., cas: bool | None=..., quantization: Quantization | None=..., ef: int | None=..., attributes: Attributes | None=..., numlinks: int | None=...) -> Pipeline[AnyStr]:
        """Add an element, or change its vector."""
    def vcard(self, key: Key) -> Pipeline[AnyStr]:
        """Return the number of elements."""
    def vdim(self, key: Key) -> Pipeline[AnyStr]:
        """Return how many components the vectors have."""
    @overload
    def vemb(self, key: Key, element: Encodable, raw: Literal[False] | None=...) -> Pipeline[AnyStr]:
        """Return an element's vector, or None where it does not exist."""
    @overload
    def vemb(self, key: Key, element: Encodable, raw: Literal[True]) -> Pipeline[AnyStr]: ...
    def vgetattr(self, key: Key, element: Encodable) -> Pipeline[AnyStr]:
        """Return an element's attributes, read from JSON; None where it has none."""
    def vinfo(self, key: Key) -> Pipeline[AnyStr]:
        """Return what the server says about a vector set, by the server's names; None where there is none."""
    def vismember(self, key: Key, element: Encodable) -> Pipeline[AnyStr]:
        """Tell whether an element is in the set."""
    @overload
    def vlinks(self, key: Key, element: Encodable, with_scores: Literal[False] | None=...) -> Pipeline[AnyStr]:
        """Return an element's neighbours in each layer of the graph, or None where it does not exist."""
    @overload
    def vlinks(self, key: Key, element: Encodable, with_scores: Literal[True]) -> Pipeline[AnyStr]: ...
    @overload
    def vrandmember(self, key: Key, count: None=...) -> Pipeline[AnyStr]:
        """Return elements at random."""
    @overload
    def vrandmember(self, key: Key, count: int) -> Pipeline[AnyStr]: ...
    def vrange(self, key: Key, start: str, end: str, count: int | None=...) -> Pipeline[AnyStr]:
        """Return elements in alphabetical order."""
    def vrem(self, key: Key, element: Encodable) -> Pipeline[AnyStr]:
        """Remove an element; return whether it was there."""
    def vsetattr(self, key: Key, element: Encodable, attributes: Attributes | None=...) -> Pipeline[AnyStr]:
        """Set an element's attributes, or take them away where there are none; return whether it exists."""
    def vsim(self, key: Key, input: Vector | str, with_scores: bool | None=..., with_attribs: bool | None=..., count: int | None=..., ef: int | None=..., filter: str | None=..., filter_ef: int | str | None=..., truth: bool | None=..., no_thread: bool | None=..., epsilon: float | None=...) -> Pipeline[AnyStr]:
        """Return the elements that are most similar to a vector, or to an element."""

class PipedVectorSetCommands(Generic[AnyStr]):
    def vset(self) -> PipedVectorSet[AnyStr]:
        """Return the commands on vector sets: ``db.vset().vadd(…)``."""
