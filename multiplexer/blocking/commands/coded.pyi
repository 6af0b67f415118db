# Generated from multiplexer/asyncio/commands by scripts/generate_coded.py.
"""The commands as handles with a codec have them, and what collects commands for these: for type checkers only."""

from ...core.commands.arguments import AnyField
from ...core.commands.arguments import Expiry
from ...core.commands.arguments import ExpiryTime
from ...core.commands.batching import Queued
from ...core.results.streams import PendingEntry
from ...core.results.streams import PendingSummary
from ...core.types import Encodable
from ...core.types import Key
from ...core.types import Pattern
from ...core.types import Value
from ..coded import CodedPipeline
from .acl import AclCommands
from .arrays import ArrayBound
from .arrays import ArrayOperation
from .arrays import ArrayPredicate
from .bitmaps import BitmapCommands
from .cluster import ClusterCommands
from .collected import PipedAclCommands
from .collected import PipedBitmapCommands
from .collected import PipedClusterCommands
from .collected import PipedConnectionCommands
from .collected import PipedFunctionCommands
from .collected import PipedHyperLogLogCommands
from .collected import PipedModuleCommands
from .collected import PipedReplicationCommands
from .collected import PipedScriptingCommands
from .collected import PipedSentinelCommands
from .collected import PipedServerCommands
from .collected import PipedVectorSetCommands
from .collected import QueuedAclCommands
from .collected import QueuedBitmapCommands
from .collected import QueuedClusterCommands
from .collected import QueuedConnectionCommands
from .collected import QueuedFunctionCommands
from .collected import QueuedHyperLogLogCommands
from .collected import QueuedModuleCommands
from .collected import QueuedReplicationCommands
from .collected import QueuedScriptingCommands
from .collected import QueuedSentinelCommands
from .collected import QueuedServerCommands
from .collected import QueuedVectorSetCommands
from .connection import ConnectionCommands
from .functions import FunctionCommands
from .hyperloglog import HyperLogLogCommands
from .modules import ModuleCommands
from .replication import ReplicationCommands
from .scripting import ScriptingCommands
from .sentinel import SentinelCommands
from .server import ServerCommands
from .sorted_set_surface import LexBound
from .sorted_set_surface import Score
from .sorted_set_surface import ScoreBound
from .streams import ReferencePolicy
from .streams import StreamId
from .vector_sets import VectorSetCommands
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any
from typing import Generic
from typing import Literal
from typing import overload

class CodedAdminCommands(AclCommands[str], ClusterCommands[str], ConnectionCommands[str], FunctionCommands[str], CodedKeyCommands[Value], CodedPubSubCommands[Value], ReplicationCommands[str], ScriptingCommands[str], SentinelCommands[str], ServerCommands[str]): ...

class CodedDataCommands(CodedAdminCommands[Value], CodedArrayCommands[Value], BitmapCommands[str], CodedConsumerGroupCommands[Value], CodedGeoCommands[Value], CodedHashCommands[Value], HyperLogLogCommands[str], CodedListCommands[Value], ModuleCommands[str], CodedSetCommands[Value], CodedSortedSetCombinationCommands[Value], CodedSortedSetCommands[Value], CodedSortedSetRangeCommands[Value], CodedStreamCommands[Value], CodedStringCommands[Value], VectorSetCommands[str]): ...

class CodedArrayCommands(Generic[Value]):
    def arcount(self, name: Key) -> int:
        """Return how many indexes have a value."""
    def ardel(self, name: Key, *indices: int) -> int:
        """Remove the values at some indexes; return how many there were."""
    def ardelrange(self, name: Key, *ranges: tuple[int, int]) -> int:
        """Remove the values in ranges of indexes, both ends included; return how many there were."""
    def arget(self, name: Key, index: int) -> Value | None:
        """Return the value at ``index``, or None where there is none."""
    def argetrange(self, name: Key, start: int, end: int) -> list[Value | None]:
        """Return the values at indexes ``start`` to ``end``, both included, None where there is none."""
    def argrep(self, name: Key, start: ArrayBound, end: ArrayBound, predicates: Iterable[tuple[ArrayPredicate, Encodable]], combinator: Literal['AND', 'OR'] | None=..., limit: int | None=..., withvalues: bool=..., nocase: bool=...) -> list[Any]:
        """Find values."""
    def arinfo(self, name: Key, full: bool=...) -> dict[str, Any]:
        """Return what the server says about the array, by the server's names such as ``"count"`` and ``"len"``."""
    def arinsert(self, name: Key, *values: Value) -> int:
        """Set values where the last insertion ended; return the index of the last of them."""
    def arlastitems(self, name: Key, count: int, rev: bool=...) -> list[Value | None]:
        """Return the values that were inserted last."""
    def arlen(self, name: Key) -> int:
        """Return the highest index that has a value, plus one."""
    def armget(self, name: Key, *indices: int) -> list[Value | None]:
        """Return the values at some indexes, None where there is none."""
    def armset(self, name: Key, mapping: Mapping[int, Value]) -> int:
        """Set values, given by index; return how many indexes had none before."""
    def arnext(self, name: Key) -> int | None:
        """Return the index where :meth:`arinsert` goes on, or None where there is none left."""
    def arop(self, name: Key, start: ArrayBound, end: ArrayBound, operation: ArrayOperation, value: Value | None=...) -> str | int | None:
        """Make one result of the values in a range."""
    def arring(self, name: Key, size: int, *values: Value) -> int:
        """Set values as :meth:`arinsert` does, beginning anew after ``size`` of them; return the last one's index."""
    def arscan(self, name: Key, start: int, end: int, limit: int | None=...) -> list[list[Any]]:
        """Return index and value of each value in a range."""
    def arseek(self, name: Key, index: int) -> int:
        """Set the index where :meth:`arinsert` goes on; return 1, or 0 where there is no such array."""
    def arset(self, name: Key, index: int, *values: Value) -> int:
        """Set values at ``index`` and those that follow; return how many of these had none before."""

class CodedConsumerGroupCommands(Generic[Value]):
    @overload
    def xreadgroup(self, groupname: Key, consumername: Key, streams: Mapping[AnyField, StreamId], count: int | None=..., block: int | None=..., noack: bool=..., claim_min_idle_time: None=..., max_count: int | None=..., max_size: int | None=...) -> list[tuple[str, list[tuple[str, dict[str, Value]]]]]:
        """Return entries of several streams as one consumer of a group."""
    @overload
    def xreadgroup(self, groupname: Key, consumername: Key, streams: Mapping[AnyField, StreamId], count: int | None=..., block: int | None=..., noack: bool=..., claim_min_idle_time: int | None=..., max_count: int | None=..., max_size: int | None=...) -> list[tuple[str, list[Any]]]: ...
    def xack(self, name: Key, groupname: Key, *ids: StreamId) -> int:
        """Acknowledge entries; return how many were waiting for that."""
    def xackdel(self, name: Key, groupname: Key, *ids: StreamId, ref_policy: ReferencePolicy=...) -> list[int]:
        """Acknowledge entries and remove them."""
    def xnack(self, name: Key, groupname: Key, mode: Literal['SILENT', 'FAIL', 'FATAL'], *ids: StreamId, retrycount: int | None=..., force: bool=...) -> int:
        """Give entries back to the group, so that another consumer gets them at once; return how many."""
    def xpending(self, name: Key, groupname: Key) -> PendingSummary[str]:
        """Return how many entries a group has not acknowledged, their lowest and highest id, and whose they are."""
    def xpending_range(self, name: Key, groupname: Key, min: StreamId, max: StreamId, count: int, consumername: Key | None=..., idle: int | None=...) -> list[PendingEntry[str]]:
        """Return entries that a group has not acknowledged."""
    @overload
    def xclaim(self, name: Key, groupname: Key, consumername: Key, min_idle_time: int, message_ids: Iterable[StreamId], idle: int | None=..., time: int | None=..., retrycount: int | None=..., force: bool=..., justid: Literal[False]=...) -> list[tuple[str, dict[str, Value]]]:
        """Make a consumer the owner of entries that another one got and did not acknowledge."""
    @overload
    def xclaim(self, name: Key, groupname: Key, consumername: Key, min_idle_time: int, message_ids: Iterable[StreamId], idle: int | None=..., time: int | None=..., retrycount: int | None=..., force: bool=..., *, justid: Literal[True]) -> list[str]: ...
    @overload
    def xclaim(self, name: Key, groupname: Key, consumername: Key, min_idle_time: int, message_ids: Iterable[StreamId], idle: int | None=..., time: int | None=..., retrycount: int | None=..., force: bool=..., justid: bool=...) -> list[tuple[str, dict[str, Value]]] | list[str]: ...
    @overload
    def xautoclaim(self, name: Key, groupname: Key, consumername: Key, min_idle_time: int, start_id: StreamId=..., count: int | None=..., justid: Literal[False]=...) -> list[Any]:
        """Make a consumer the owner of whatever others got and did not acknowledge in time."""
    @overload
    def xautoclaim(self, name: Key, groupname: Key, consumername: Key, min_idle_time: int, start_id: StreamId=..., count: int | None=..., *, justid: Literal[True]) -> list[str]: ...
    @overload
    def xautoclaim(self, name: Key, groupname: Key, consumername: Key, min_idle_time: int, start_id: StreamId=..., count: int | None=..., justid: bool=...) -> list[Any]: ...
    def xgroup_create(self, name: Key, groupname: Key, id: StreamId=..., mkstream: bool=..., entries_read: int | None=...) -> bool:
        """Make a consumer group."""
    def xgroup_setid(self, name: Key, groupname: Key, id: StreamId, entries_read: int | None=...) -> bool:
        """Set the last id a group is taken to have read, and how many entries."""
    def xgroup_destroy(self, name: Key, groupname: Key) -> bool:
        """Remove a consumer group; return whether there was one."""
    def xgroup_createconsumer(self, name: Key, groupname: Key, consumername: Key) -> int:
        """Make a consumer; return 1, or 0 where it exists."""
    def xgroup_delconsumer(self, name: Key, groupname: Key, consumername: Key) -> int:
        """Remove a consumer; return how many entries it had not acknowledged."""
    def xinfo_groups(self, name: Key) -> list[dict[str, Any]]:
        """Return what the server says about each consumer group of a stream."""
    def xinfo_consumers(self, name: Key, groupname: Key) -> list[dict[str, Any]]:
        """Return what the server says about each consumer of a group."""

class CodedGeoCommands(Generic[Value]):
    def geoadd(self, name: Key, values: Sequence[Any], nx: bool=..., xx: bool=..., ch: bool=...) -> int:
        """Add places, or move them."""
    def geodist(self, name: Key, place1: Value, place2: Value, unit: str | None=...) -> float | None:
        """Return the distance between two members, or None where one does not exist."""
    def geohash(self, name: Key, *values: Value) -> list[str | None]:
        """Return the geohash text of members, None for each that does not exist."""
    def geopos(self, name: Key, *values: Value) -> list[tuple[float, float] | None]:
        """Return longitude and latitude of members, None for each that does not exist."""
    @overload
    def geosearch(self, name: Key, member: Value | None=..., longitude: float | None=..., latitude: float | None=..., unit: str=..., radius: float | None=..., width: float | None=..., height: float | None=..., sort: str | None=..., count: int | None=..., any: bool=..., withcoord: Literal[False]=..., withdist: Literal[False]=..., withhash: Literal[False]=..., polygon: Sequence[tuple[float, float]] | None=...) -> list[Value]:
        """Return the members within a circle, a rectangle or a polygon."""
    @overload
    def geosearch(self, name: Key, member: Value | None=..., longitude: float | None=..., latitude: float | None=..., unit: str=..., radius: float | None=..., width: float | None=..., height: float | None=..., sort: str | None=..., count: int | None=..., any: bool=..., withcoord: bool=..., withdist: bool=..., withhash: bool=..., polygon: Sequence[tuple[float, float]] | None=...) -> list[Any]: ...
    def geosearchstore(self, dest: Key, name: Key, member: Value | None=..., longitude: float | None=..., latitude: float | None=..., unit: str=..., radius: float | None=..., width: float | None=..., height: float | None=..., sort: str | None=..., count: int | None=..., any: bool=..., storedist: bool=..., polygon: Sequence[tuple[float, float]] | None=...) -> int:
        """Store the members within an area as the sorted set ``dest``; else as :meth:`geosearch`."""
    @overload
    def georadius(self, name: Key, longitude: float, latitude: float, radius: float, unit: str | None=..., withdist: Literal[False]=..., withcoord: Literal[False]=..., withhash: Literal[False]=..., count: int | None=..., sort: str | None=..., store: None=..., store_dist: None=..., any: bool=...) -> list[Value]:
        """Return or store the members within a circle; :meth:`geosearch` is its successor."""
    @overload
    def georadius(self, name: Key, longitude: float, latitude: float, radius: float, unit: str | None=..., withdist: bool=..., withcoord: bool=..., withhash: bool=..., count: int | None=..., sort: str | None=..., store: None=..., store_dist: None=..., any: bool=...) -> list[Any]: ...
    @overload
    def georadius(self, name: Key, longitude: float, latitude: float, radius: float, unit: str | None=..., withdist: Literal[False]=..., withcoord: Literal[False]=..., withhash: Literal[False]=..., count: int | None=..., sort: str | None=..., *, store: Key, store_dist: None=..., any: bool=...) -> int: ...
    @overload
    def georadius(self, name: Key, longitude: float, latitude: float, radius: float, unit: str | None=..., withdist: Literal[False]=..., withcoord: Literal[False]=..., withhash: Literal[False]=..., count: int | None=..., sort: str | None=..., store: None=..., *, store_dist: Key, any: bool=...) -> int: ...
    @overload
    def georadiusbymember(self, name: Key, member: Value, radius: float, unit: str | None=..., withdist: Literal[False]=..., withcoord: Literal[False]=..., withhash: Literal[False]=..., count: int | None=..., sort: str | None=..., store: None=..., store_dist: None=..., any: bool=...) -> list[Value]:
        """Return or store the members within a circle; :meth:`geosearch` is its successor."""
    @overload
    def georadiusbymember(self, name: Key, member: Value, radius: float, unit: str | None=..., withdist: bool=..., withcoord: bool=..., withhash: bool=..., count: int | None=..., sort: str | None=..., store: None=..., store_dist: None=..., any: bool=...) -> list[Any]: ...
    @overload
    def georadiusbymember(self, name: Key, member: Value, radius: float, unit: str | None=..., withdist: Literal[False]=..., withcoord: Literal[False]=..., withhash: Literal[False]=..., count: int | None=..., sort: str | None=..., *, store: Key, store_dist: None=..., any: bool=...) -> int: ...
    @overload
    def georadiusbymember(self, name: Key, member: Value, radius: float, unit: str | None=..., withdist: Literal[False]=..., withcoord: Literal[False]=..., withhash: Literal[False]=..., count: int | None=..., sort: str | None=..., store: None=..., *, store_dist: Key, any: bool=...) -> int: ...

class CodedHashCommands(Generic[Value]):
    def hget(self, name: Key, key: Encodable) -> Value | None:
        """Return the value of field ``key``, or None where it does not exist."""
    def hgetall(self, name: Key) -> dict[str, Value]:
        """Return all fields with their values; an empty dict where there is no such hash."""
    def hmget(self, name: Key, keys: Encodable | Iterable[Encodable], *args: Encodable) -> list[Value | None]:
        """Return the values of several fields, None for each that does not exist."""
    def hkeys(self, name: Key) -> list[str]:
        """Return all fields."""
    def hvals(self, name: Key) -> list[Value]:
        """Return the values of all fields."""
    def hlen(self, name: Key) -> int:
        """Return the number of fields."""
    def hexists(self, name: Key, key: Encodable) -> bool:
        """Return whether field ``key`` exists."""
    def hstrlen(self, name: Key, key: Encodable) -> int:
        """Return the length in bytes of the value of field ``key``, 0 where it does not exist."""
    @overload
    def hrandfield(self, key: Key, count: None=..., withvalues: Literal[False]=...) -> str | None:
        """Return fields picked at random."""
    @overload
    def hrandfield(self, key: Key, count: int, withvalues: bool=...) -> list[Any]: ...
    @overload
    def hscan(self, name: Key, cursor: int=..., match: Pattern | None=..., count: int | None=..., no_values: Literal[False] | None=...) -> tuple[int, dict[str, Value]]:
        """Return one page of the fields of a hash."""
    @overload
    def hscan(self, name: Key, cursor: int=..., match: Pattern | None=..., count: int | None=..., *, no_values: Literal[True]) -> tuple[int, list[str]]: ...
    @overload
    def hscan(self, name: Key, cursor: int=..., match: Pattern | None=..., count: int | None=..., no_values: bool | None=...) -> tuple[int, dict[str, Value]] | tuple[int, list[str]]: ...
    @overload
    def hscan_iter(self, name: Key, match: Pattern | None=..., count: int | None=..., no_values: Literal[False] | None=...) -> Iterator[tuple[str, Value]]:
        """Go through all fields of a hash, a page at a time; one that changes meanwhile may come twice."""
    @overload
    def hscan_iter(self, name: Key, match: Pattern | None=..., count: int | None=..., *, no_values: Literal[True]) -> Iterator[str]: ...
    @overload
    def hscan_iter(self, name: Key, match: Pattern | None=..., count: int | None=..., no_values: bool | None=...) -> Iterator[tuple[str, Value]] | Iterator[str]: ...
    def hset(self, name: Key, key: Encodable | None=..., value: Value | None=..., mapping: Mapping[AnyField, Value] | None=..., items: Sequence[Any] | None=...) -> int:
        """Set fields."""
    def hsetnx(self, name: Key, key: Encodable, value: Value) -> int:
        """Set field ``key`` unless it exists; return 1 where it was set, else 0."""
    def hmset(self, name: Key, mapping: Mapping[AnyField, Value]) -> bool:
        """Set several fields; :meth:`hset` does the same and tells how many were new."""
    def hdel(self, name: Key, *keys: Encodable) -> int:
        """Remove fields; return how many existed."""
    def hincrby(self, name: Key, key: Encodable, amount: int=...) -> int:
        """Add ``amount`` to the integer in field ``key``; return the sum."""
    def hincrbyfloat(self, name: Key, key: Encodable, amount: float=...) -> float:
        """Add ``amount`` to the number in field ``key``; return the sum."""
    def hgetex(self, name: Key, *keys: Encodable, ex: Expiry | None=..., px: Expiry | None=..., exat: ExpiryTime | None=..., pxat: ExpiryTime | None=..., persist: bool=...) -> list[Value | None]:
        """Return the values of fields and change when these fields expire."""
    def hgetdel(self, name: Key, *keys: Encodable) -> list[Value | None]:
        """Return the values of fields and remove these fields."""
    def hsetex(self, name: Key, key: Encodable | None=..., value: Value | None=..., mapping: Mapping[AnyField, Value] | None=..., items: Sequence[Any] | None=..., ex: Expiry | None=..., px: Expiry | None=..., exat: ExpiryTime | None=..., pxat: ExpiryTime | None=..., data_persist_option: Literal['FNX', 'FXX'] | None=..., keepttl: bool=..., nx: bool=..., xx: bool=...) -> int:
        """Set fields together with when they expire."""
    def hexpire(self, name: Key, seconds: Expiry, *fields: Encodable, nx: bool=..., xx: bool=..., gt: bool=..., lt: bool=...) -> list[int]:
        """Let fields expire after ``seconds``."""
    def hpexpire(self, name: Key, milliseconds: Expiry, *fields: Encodable, nx: bool=..., xx: bool=..., gt: bool=..., lt: bool=...) -> list[int]:
        """Let fields expire after ``milliseconds`` (or a timedelta); else as :meth:`hexpire`."""
    def hexpireat(self, name: Key, unix_time_seconds: ExpiryTime, *fields: Encodable, nx: bool=..., xx: bool=..., gt: bool=..., lt: bool=...) -> list[int]:
        """Let fields expire at a time, given in seconds since 1970 or as a datetime; else as :meth:`hexpire`."""
    def hpexpireat(self, name: Key, unix_time_milliseconds: ExpiryTime, *fields: Encodable, nx: bool=..., xx: bool=..., gt: bool=..., lt: bool=...) -> list[int]:
        """Let fields expire at a time, given in milliseconds since 1970 or as a datetime; else as :meth:`hexpire`."""
    def hpersist(self, name: Key, *fields: Encodable) -> list[int]:
        """Let fields no longer expire."""
    def httl(self, key: Key, *fields: Encodable) -> list[int]:
        """Return in how many seconds each field expires, -1 where it does not, -2 where there is no such field."""
    def hpttl(self, key: Key, *fields: Encodable) -> list[int]:
        """Return in how many milliseconds each field expires; else as :meth:`httl`."""
    def hexpiretime(self, key: Key, *fields: Encodable) -> list[int]:
        """Return when each field expires, in seconds since 1970; else as :meth:`httl`."""
    def hpexpiretime(self, key: Key, *fields: Encodable) -> list[int]:
        """Return when each field expires, in milliseconds since 1970; else as :meth:`httl`."""

class CodedKeyCommands(Generic[Value]):
    def copy(self, source: Key, destination: Key, destination_db: int | None=..., replace: bool=...) -> bool:
        """Copy a key."""
    def delete(self, *names: Key) -> int:
        """Delete keys."""
    def dump(self, name: Key) -> bytes | None:
        """Return the value in the server's own form, for :meth:`restore`; always bytes."""
    def exists(self, *names: Key) -> int:
        """Count those of the keys that exist; one given twice counts twice."""
    def expire(self, name: Key, time: Expiry, nx: bool=..., xx: bool=..., gt: bool=..., lt: bool=...) -> bool:
        """Let a key expire in ``time`` seconds."""
    def expireat(self, name: Key, when: ExpiryTime, nx: bool=..., xx: bool=..., gt: bool=..., lt: bool=...) -> bool:
        """Let a key expire at a point in time."""
    def expiretime(self, key: Key) -> int:
        """Return when a key expires, in seconds since 1970: -1 for never, -2 where it does not exist."""
    def keys(self, pattern: Pattern=...) -> list[str]:
        """Return all keys that match ``pattern``. The server does nothing else meanwhile: prefer :meth:`scan_iter`."""
    def migrate(self, host: str, port: int, keys: Key | Iterable[Key], destination_db: int, timeout: int, copy: bool=..., replace: bool=..., auth: str | None=..., username: str | None=...) -> bool:
        """Move keys to another server."""
    def move(self, name: Key, db: int, replace: bool=...) -> bool:
        """Move a key to another database of the server."""
    def object(self, infotype: str, key: Key) -> Any:
        """Ask how the server keeps a value."""
    def object_encoding(self, key: Key) -> str | None:
        """Return the name of the form in which a value is kept, such as ``"listpack"``."""
    def object_freq(self, key: Key) -> int | None:
        """Return how often a key is used, on a logarithmic scale."""
    def object_idletime(self, key: Key) -> int | None:
        """Return for how many seconds a key was not used."""
    def object_refcount(self, key: Key) -> int | None:
        """Return how many references the server holds to a value."""
    def persist(self, name: Key) -> bool:
        """Take a key's expiry away."""
    def pexpire(self, name: Key, time: Expiry, nx: bool=..., xx: bool=..., gt: bool=..., lt: bool=...) -> bool:
        """Let a key expire in ``time`` milliseconds; the options are :meth:`expire`'s."""
    def pexpireat(self, name: Key, when: ExpiryTime, nx: bool=..., xx: bool=..., gt: bool=..., lt: bool=...) -> bool:
        """Let a key expire at a point in time, in milliseconds since 1970; the options are :meth:`expire`'s."""
    def pexpiretime(self, key: Key) -> int:
        """Return when a key expires, in milliseconds since 1970: -1 for never, -2 where it does not exist."""
    def pttl(self, name: Key) -> int:
        """Return in how many milliseconds a key expires: -1 for never, -2 where it does not exist."""
    def randomkey(self) -> str | None:
        """Return some key, None where there is none."""
    def rename(self, src: Key, dst: Key) -> bool:
        """Rename a key; ``dst`` is overwritten."""
    def renamenx(self, src: Key, dst: Key) -> bool:
        """Rename a key if ``dst`` does not exist."""
    def restore(self, name: Key, ttl: int, value: bytes | bytearray | memoryview, replace: bool=..., absttl: bool=..., idletime: int | None=..., frequency: int | None=...) -> bool:
        """Make a key of what :meth:`dump` returned."""
    def scan(self, cursor: int=..., match: Pattern | None=..., count: int | None=..., _type: str | None=...) -> tuple[int, list[str]]:
        """Return some keys, and the cursor with which to ask for more."""
    def scan_iter(self, match: Pattern | None=..., count: int | None=..., _type: str | None=...) -> Iterator[str]:
        """Go through the keys in as many calls as it takes; some may come up twice while keys change."""
    @overload
    def sort(self, name: Key, start: int | None=..., num: int | None=..., by: Key | None=..., get: None=..., desc: bool=..., alpha: bool=..., store: None=..., groups: Literal[False] | None=...) -> list[Value]:
        """Sort the elements of a list, set or sorted set, and return or store them."""
    @overload
    def sort(self, name: Key, start: int | None=..., num: int | None=..., by: Key | None=..., *, get: Key | Sequence[Key], desc: bool=..., alpha: bool=..., store: None=..., groups: Literal[False] | None=...) -> list[Value | None]: ...
    @overload
    def sort(self, name: Key, start: int | None=..., num: int | None=..., by: Key | None=..., *, get: Key | Sequence[Key], desc: bool=..., alpha: bool=..., store: None=..., groups: Literal[True]) -> list[tuple[Value | None, ...]]: ...
    @overload
    def sort(self, name: Key, start: int | None=..., num: int | None=..., by: Key | None=..., get: Key | Sequence[Key] | None=..., desc: bool=..., alpha: bool=..., *, store: Key, groups: Literal[False] | None=...) -> int: ...
    @overload
    def sort_ro(self, key: Key, start: int | None=..., num: int | None=..., by: Key | None=..., get: None=..., desc: bool=..., alpha: bool=...) -> list[Value]:
        """As :meth:`sort`, but never storing anything, so that a replica may answer."""
    @overload
    def sort_ro(self, key: Key, start: int | None=..., num: int | None=..., by: Key | None=..., *, get: Key | Sequence[Key], desc: bool=..., alpha: bool=...) -> list[Value | None]: ...
    def touch(self, *args: Key) -> int:
        """Mark keys as used just now."""
    def ttl(self, name: Key) -> int:
        """Return in how many seconds a key expires: -1 for never, -2 where it does not exist."""
    def type(self, name: Key) -> str:
        """Return the kind of value a key holds, such as ``"hash"``; ``"none"`` where it does not exist."""
    def unlink(self, *names: Key) -> int:
        """Delete keys; the server frees their memory afterwards in the background."""

class CodedListCommands(Generic[Value]):
    def blmove(self, first_list: Key, second_list: Key, timeout: float | None, src: str=..., dest: str=...) -> Value | None:
        """As :meth:`lmove`, waiting until there is an element."""
    def blmovem(self, first_list: Key, second_list: Key, timeout: float | None, src: str=..., dest: str=..., count: int | None=..., mode: Literal['COUNT', 'EXACTLY'] | None=..., ordering: Literal['OBO', 'BULK'] | None=...) -> list[Value] | None:
        """As :meth:`lmovem`, waiting until there are elements enough."""
    def blmpop(self, timeout: float | None, numkeys: int, *args: Key, direction: str, count: int | None=...) -> list[Any] | None:
        """As :meth:`lmpop`, waiting until one of the lists has an element."""
    def blpop(self, keys: Key | Iterable[Key], timeout: float | None=...) -> tuple[str, Value] | None:
        """Take an element off the left end of the first list that has any, waiting until there is one."""
    def brpop(self, keys: Key | Iterable[Key], timeout: float | None=...) -> tuple[str, Value] | None:
        """Take an element off the right end of the first list that has any, waiting until there is one."""
    def brpoplpush(self, src: Key, dst: Key, timeout: float | None=...) -> Value | None:
        """As :meth:`rpoplpush`, waiting until there is an element."""
    def lindex(self, name: Key, index: int) -> Value | None:
        """Return the element at ``index``, negative from the end; None where there is none."""
    def linsert(self, name: Key, where: str, refvalue: Value, value: Value) -> int:
        """Insert ``value`` beside the first element that equals ``refvalue``."""
    def llen(self, name: Key) -> int:
        """Return the length of the list, 0 where there is none."""
    def lmove(self, first_list: Key, second_list: Key, src: str=..., dest: str=...) -> Value | None:
        """Take an element off one list and push it onto another."""
    def lmovem(self, first_list: Key, second_list: Key, src: str=..., dest: str=..., count: int | None=..., mode: Literal['COUNT', 'EXACTLY'] | None=..., ordering: Literal['OBO', 'BULK'] | None=...) -> list[Value] | None:
        """Take elements off one list and push them onto another."""
    def lmpop(self, num_keys: int, *args: Key, direction: str, count: int | None=...) -> list[Any] | None:
        """Take elements off the first of several lists that has any."""
    @overload
    def lpop(self, name: Key, count: None=...) -> Value | None:
        """Take elements off the left end."""
    @overload
    def lpop(self, name: Key, count: int) -> list[Value] | None: ...
    @overload
    def lpos(self, name: Key, value: Value, rank: int | None=..., count: None=..., maxlen: int | None=...) -> int | None:
        """Find elements that equal ``value``."""
    @overload
    def lpos(self, name: Key, value: Value, rank: int | None=..., *, count: int, maxlen: int | None=...) -> list[int]: ...
    def lpush(self, name: Key, *values: Value) -> int:
        """Push elements onto the left end, one after the other."""
    def lpushx(self, name: Key, *values: Value) -> int:
        """As :meth:`lpush`, if the list exists."""
    def lrange(self, name: Key, start: int, end: int) -> list[Value]:
        """Return elements ``start`` to ``end``, both included, negative from the end."""
    def lrem(self, name: Key, count: int, value: Value) -> int:
        """Remove elements that equal ``value``."""
    def lset(self, name: Key, index: int, value: Value) -> bool:
        """Replace the element at ``index``, negative from the end."""
    def ltrim(self, name: Key, start: int, end: int) -> bool:
        """Keep elements ``start`` to ``end`` only, both included, negative from the end."""
    @overload
    def rpop(self, name: Key, count: None=...) -> Value | None:
        """Take elements off the right end."""
    @overload
    def rpop(self, name: Key, count: int) -> list[Value] | None: ...
    def rpoplpush(self, src: Key, dst: Key) -> Value | None:
        """Take an element off the right end of ``src`` and push it onto the left end of ``dst``."""
    def rpush(self, name: Key, *values: Value) -> int:
        """Push elements onto the right end, one after the other."""
    def rpushx(self, name: Key, *values: Value) -> int:
        """As :meth:`rpush`, if the list exists."""

class CodedPubSubCommands(Generic[Value]):
    def publish(self, channel: Key, message: Value) -> int:
        """Send ``message`` to everyone who listens to ``channel``."""
    def pubsub_channels(self, pattern: Pattern=...) -> list[str]:
        """Return the channels that have subscribers and match ``pattern``."""
    def pubsub_numpat(self) -> int:
        """Return how many distinct patterns clients are subscribed to."""
    def pubsub_numsub(self, *args: Key) -> list[tuple[str, int]]:
        """Return each of the channels with the number of its subscribers."""
    def pubsub_shardchannels(self, pattern: Pattern=...) -> list[str]:
        """Return the shard channels that have subscribers and match ``pattern``."""
    def pubsub_shardnumsub(self, *args: Key) -> list[tuple[str, int]]:
        """Return each of the shard channels with the number of its subscribers."""
    def spublish(self, shard_channel: Key, message: Value) -> int:
        """Send ``message`` to everyone who listens to ``shard_channel`` within its shard."""

class CodedSetCommands(Generic[Value]):
    def sadd(self, name: Key, *values: Value) -> int:
        """Add members."""
    def scard(self, name: Key) -> int:
        """Return the number of members."""
    def sdiff(self, keys: Key | Iterable[Key], *args: Key) -> list[Value]:
        """Return the members of the first set that are in none of the others."""
    def sdiffcard(self, numkeys: int, keys: Iterable[Key], limit: int=...) -> int:
        """Count the members of the first set that are in none of the others."""
    def sdiffstore(self, dest: Key, keys: Key | Iterable[Key], *args: Key) -> int:
        """Store at ``dest`` the members of the first set that are in none of the others."""
    def sinter(self, keys: Key | Iterable[Key], *args: Key) -> list[Value]:
        """Return the members that are in every set."""
    def sintercard(self, numkeys: int, keys: Iterable[Key], limit: int=...) -> int:
        """Count the members that are in every set."""
    def sinterstore(self, dest: Key, keys: Key | Iterable[Key], *args: Key) -> int:
        """Store at ``dest`` the members that are in every set."""
    @overload
    def sismember(self, name: Key, value: Value, xx: Literal[False]=...) -> bool:
        """Tell whether ``value`` is a member."""
    @overload
    def sismember(self, name: Key, value: Value, xx: bool) -> bool | None: ...
    def smembers(self, name: Key) -> list[Value]:
        """Return all members."""
    def smismember(self, name: Key, values: Iterable[Value], *args: Value) -> list[bool]:
        """Tell of each of the values whether it is a member."""
    def smove(self, src: Key, dst: Key, value: Value) -> bool:
        """Move a member from one set to another."""
    @overload
    def spop(self, name: Key, count: None=...) -> Value | None:
        """Remove members at random and return them."""
    @overload
    def spop(self, name: Key, count: int) -> list[Value]: ...
    @overload
    def srandmember(self, name: Key, number: None=...) -> Value | None:
        """Return members at random."""
    @overload
    def srandmember(self, name: Key, number: int) -> list[Value]: ...
    def srem(self, name: Key, *values: Value) -> int:
        """Remove members."""
    def sscan(self, name: Key, cursor: int=..., match: Pattern | None=..., count: int | None=...) -> tuple[int, list[Value]]:
        """Return some members, and the cursor with which to ask for more."""
    def sscan_iter(self, name: Key, match: Pattern | None=..., count: int | None=...) -> Iterator[Value]:
        """Go through the members in as many calls as it takes; some may come up twice while the set changes."""
    def sunion(self, keys: Key | Iterable[Key], *args: Key) -> list[Value]:
        """Return the members that are in any of the sets."""
    def sunioncard(self, numkeys: int, keys: Iterable[Key], limit: int=..., approx: bool=...) -> int:
        """Count the members that are in any of the sets."""
    def sunionstore(self, dest: Key, keys: Key | Iterable[Key], *args: Key) -> int:
        """Store at ``dest`` the members that are in any of the sets."""

class CodedSortedSetCombinationCommands(Generic[Value]):
    @overload
    def zunion(self, keys: Iterable[Key] | Mapping[AnyField, float], aggregate: str | None=..., withscores: Literal[False]=..., score_cast_func: Callable[[float], Any]=...) -> list[Value]:
        """Return the members that are in any of several sorted sets."""
    @overload
    def zunion(self, keys: Iterable[Key] | Mapping[AnyField, float], aggregate: str | None=..., *, withscores: Literal[True]) -> list[tuple[Value, float]]: ...
    @overload
    def zunion(self, keys: Iterable[Key] | Mapping[AnyField, float], aggregate: str | None=..., *, withscores: Literal[True], score_cast_func: Callable[[float], Score]) -> list[tuple[Value, Score]]: ...
    @overload
    def zunion(self, keys: Iterable[Key] | Mapping[AnyField, float], aggregate: str | None=..., withscores: bool=..., score_cast_func: Callable[[float], Any]=...) -> list[Value] | list[tuple[Value, Any]]: ...
    @overload
    def zinter(self, keys: Iterable[Key] | Mapping[AnyField, float], aggregate: str | None=..., withscores: Literal[False]=...) -> list[Value]:
        """Return the members that are in all of several sorted sets."""
    @overload
    def zinter(self, keys: Iterable[Key] | Mapping[AnyField, float], aggregate: str | None=..., *, withscores: Literal[True]) -> list[tuple[Value, float]]: ...
    @overload
    def zinter(self, keys: Iterable[Key] | Mapping[AnyField, float], aggregate: str | None=..., withscores: bool=...) -> list[Value] | list[tuple[Value, Any]]: ...
    @overload
    def zdiff(self, keys: Iterable[Key], withscores: Literal[False]=...) -> list[Value]:
        """Return the members of the first of several sorted sets that are in none of the others."""
    @overload
    def zdiff(self, keys: Iterable[Key], withscores: Literal[True]) -> list[tuple[Value, float]]: ...
    @overload
    def zdiff(self, keys: Iterable[Key], withscores: bool) -> list[Value] | list[tuple[Value, Any]]: ...
    def zunionstore(self, dest: Key, keys: Iterable[Key] | Mapping[AnyField, float], aggregate: str | None=...) -> int:
        """Store the members that are in any of several sorted sets as the sorted set ``dest``."""
    def zinterstore(self, dest: Key, keys: Iterable[Key] | Mapping[AnyField, float], aggregate: str | None=...) -> int:
        """Store the members that are in all of several sorted sets as the sorted set ``dest``."""
    def zdiffstore(self, dest: Key, keys: Iterable[Key]) -> int:
        """Store the members of the first sorted set that are in none of the others; return how many."""
    def zintercard(self, numkeys: int, keys: Sequence[Key], limit: int=...) -> int:
        """Return how many members are in all of several sorted sets."""

class CodedSortedSetRangeCommands(Generic[Value]):
    @overload
    def zrange(self, name: Key, start: Encodable, end: Encodable, desc: bool=..., withscores: Literal[False]=..., score_cast_func: Callable[[float], Any]=..., byscore: bool=..., bylex: bool=..., offset: int | None=..., num: int | None=..., xx: Literal[False]=...) -> list[Value]:
        """Return the members in a range of ranks, scores or names, in ascending order."""
    @overload
    def zrange(self, name: Key, start: Encodable, end: Encodable, desc: bool=..., *, withscores: Literal[True], byscore: bool=..., bylex: bool=..., offset: int | None=..., num: int | None=..., xx: Literal[False]=...) -> list[tuple[Value, float]]: ...
    @overload
    def zrange(self, name: Key, start: Encodable, end: Encodable, desc: bool=..., *, withscores: Literal[True], score_cast_func: Callable[[float], Score], byscore: bool=..., bylex: bool=..., offset: int | None=..., num: int | None=..., xx: Literal[False]=...) -> list[tuple[Value, Score]]: ...
    @overload
    def zrange(self, name: Key, start: Encodable, end: Encodable, desc: bool=..., withscores: bool=..., score_cast_func: Callable[[float], Any]=..., byscore: bool=..., bylex: bool=..., offset: int | None=..., num: int | None=..., xx: Literal[False]=...) -> list[Value] | list[tuple[Value, Any]]: ...
    @overload
    def zrange(self, name: Key, start: Encodable, end: Encodable, desc: bool=..., withscores: Literal[False]=..., score_cast_func: Callable[[float], Any]=..., byscore: bool=..., bylex: bool=..., offset: int | None=..., num: int | None=..., *, xx: Literal[True]) -> list[Value] | None: ...
    @overload
    def zrange(self, name: Key, start: Encodable, end: Encodable, desc: bool=..., *, withscores: Literal[True], score_cast_func: Callable[[float], Any]=..., byscore: bool=..., bylex: bool=..., offset: int | None=..., num: int | None=..., xx: Literal[True]) -> list[tuple[Value, Any]] | None: ...
    def zrangestore(self, dest: Key, name: Key, start: Encodable, end: Encodable, byscore: bool=..., bylex: bool=..., desc: bool=..., offset: int | None=..., num: int | None=...) -> int:
        """Store the members in a range as the sorted set ``dest``; else as :meth:`zrange`."""
    @overload
    def zrevrange(self, name: Key, start: int, end: int, withscores: Literal[False]=..., score_cast_func: Callable[[float], Any]=...) -> list[Value]:
        """Return the members in a range of ranks, in descending order of scores."""
    @overload
    def zrevrange(self, name: Key, start: int, end: int, withscores: Literal[True]) -> list[tuple[Value, float]]: ...
    @overload
    def zrevrange(self, name: Key, start: int, end: int, withscores: Literal[True], score_cast_func: Callable[[float], Score]) -> list[tuple[Value, Score]]: ...
    @overload
    def zrevrange(self, name: Key, start: int, end: int, withscores: bool, score_cast_func: Callable[[float], Any]=...) -> list[Value] | list[tuple[Value, Any]]: ...
    @overload
    def zrangebyscore(self, name: Key, min: ScoreBound, max: ScoreBound, start: int | None=..., num: int | None=..., withscores: Literal[False]=..., score_cast_func: Callable[[float], Any]=...) -> list[Value]:
        """Return the members whose score is from ``min`` to ``max``, in ascending order."""
    @overload
    def zrangebyscore(self, name: Key, min: ScoreBound, max: ScoreBound, start: int | None=..., num: int | None=..., *, withscores: Literal[True]) -> list[tuple[Value, float]]: ...
    @overload
    def zrangebyscore(self, name: Key, min: ScoreBound, max: ScoreBound, start: int | None=..., num: int | None=..., *, withscores: Literal[True], score_cast_func: Callable[[float], Score]) -> list[tuple[Value, Score]]: ...
    @overload
    def zrangebyscore(self, name: Key, min: ScoreBound, max: ScoreBound, start: int | None=..., num: int | None=..., withscores: bool=..., score_cast_func: Callable[[float], Any]=...) -> list[Value] | list[tuple[Value, Any]]: ...
    @overload
    def zrevrangebyscore(self, name: Key, max: ScoreBound, min: ScoreBound, start: int | None=..., num: int | None=..., withscores: Literal[False]=..., score_cast_func: Callable[[float], Any]=...) -> list[Value]:
        """Return the members whose score is from ``min`` to ``max``, in descending order."""
    @overload
    def zrevrangebyscore(self, name: Key, max: ScoreBound, min: ScoreBound, start: int | None=..., num: int | None=..., *, withscores: Literal[True]) -> list[tuple[Value, float]]: ...
    @overload
    def zrevrangebyscore(self, name: Key, max: ScoreBound, min: ScoreBound, start: int | None=..., num: int | None=..., *, withscores: Literal[True], score_cast_func: Callable[[float], Score]) -> list[tuple[Value, Score]]: ...
    @overload
    def zrevrangebyscore(self, name: Key, max: ScoreBound, min: ScoreBound, start: int | None=..., num: int | None=..., withscores: bool=..., score_cast_func: Callable[[float], Any]=...) -> list[Value] | list[tuple[Value, Any]]: ...
    def zrangebylex(self, name: Key, min: LexBound, max: LexBound, start: int | None=..., num: int | None=...) -> list[Value]:
        """Return the members from ``min`` to ``max``, where all have the same score, in ascending order."""
    def zrevrangebylex(self, name: Key, max: LexBound, min: LexBound, start: int | None=..., num: int | None=...) -> list[Value]:
        """Return the members from ``min`` to ``max``, where all have the same score, in descending order."""
    @overload
    def zrandmember(self, key: Key, count: None=..., withscores: Literal[False]=...) -> Value | None:
        """Return members picked at random."""
    @overload
    def zrandmember(self, key: Key, count: int, withscores: Literal[False]=...) -> list[Value]: ...
    @overload
    def zrandmember(self, key: Key, count: int, withscores: Literal[True]) -> list[tuple[Value, float]]: ...
    @overload
    def zrandmember(self, key: Key, count: int, withscores: bool) -> list[Value] | list[tuple[Value, float]]: ...
    @overload
    def zscan(self, name: Key, cursor: int=..., match: Pattern | None=..., count: int | None=...) -> tuple[int, list[tuple[Value, float]]]:
        """Return one page of the members of a sorted set."""
    @overload
    def zscan(self, name: Key, cursor: int=..., match: Pattern | None=..., count: int | None=..., *, score_cast_func: Callable[[float], Score]) -> tuple[int, list[tuple[Value, Score]]]: ...
    @overload
    def zscan(self, name: Key, cursor: int=..., match: Pattern | None=..., count: int | None=..., *, no_scores: Literal[True]) -> tuple[int, list[Value]]: ...
    @overload
    def zscan_iter(self, name: Key, match: Pattern | None=..., count: int | None=...) -> Iterator[tuple[Value, float]]:
        """Go through all members of a sorted set, a page at a time; one that changes meanwhile may come twice."""
    @overload
    def zscan_iter(self, name: Key, match: Pattern | None=..., count: int | None=..., *, score_cast_func: Callable[[float], Score]) -> Iterator[tuple[Value, Score]]: ...
    @overload
    def zscan_iter(self, name: Key, match: Pattern | None=..., count: int | None=..., *, no_scores: Literal[True]) -> Iterator[Value]: ...

class CodedSortedSetCommands(Generic[Value]):
    @overload
    def zadd(self, name: Key, mapping: Mapping[Value, Encodable] | Iterable[tuple[Value, Encodable]], nx: bool=..., xx: bool=..., ch: bool=..., incr: Literal[False]=..., gt: bool=..., lt: bool=...) -> int:
        """Add members, or change their scores."""
    @overload
    def zadd(self, name: Key, mapping: Mapping[Value, Encodable] | Iterable[tuple[Value, Encodable]], nx: bool=..., xx: bool=..., ch: bool=..., *, incr: Literal[True], gt: bool=..., lt: bool=...) -> float | None: ...
    @overload
    def zadd(self, name: Key, mapping: Mapping[Value, Encodable] | Iterable[tuple[Value, Encodable]], nx: bool=..., xx: bool=..., ch: bool=..., incr: bool=..., gt: bool=..., lt: bool=...) -> int | float | None: ...
    def zincrby(self, name: Key, amount: float, value: Value) -> float:
        """Add ``amount`` to the score of member ``value``; return the sum."""
    def zrem(self, name: Key, *values: Value) -> int:
        """Remove members; return how many existed."""
    def zremrangebyrank(self, name: Key, min: int, max: int) -> int:
        """Remove the members whose rank is from ``min`` to ``max``; return how many."""
    def zremrangebyscore(self, name: Key, min: ScoreBound, max: ScoreBound) -> int:
        """Remove the members whose score is from ``min`` to ``max``; return how many."""
    def zremrangebylex(self, name: Key, min: LexBound, max: LexBound) -> int:
        """Remove the members from ``min`` to ``max``, where all have the same score; return how many."""
    def zpopmax(self, name: Key, count: int | None=...) -> list[tuple[Value, float]]:
        """Remove and return the members with the highest scores, with these scores."""
    def zpopmin(self, name: Key, count: int | None=...) -> list[tuple[Value, float]]:
        """Remove and return the members with the lowest scores, with these scores."""
    def zmpop(self, num_keys: int, keys: Sequence[Key], min: bool=..., max: bool=..., count: int=...) -> tuple[str, list[tuple[Value, float]]] | None:
        """Remove and return members of the first of several sorted sets that is not empty."""
    def bzpopmax(self, keys: Key | Iterable[Key], timeout: float | None=...) -> tuple[str, Value, float] | None:
        """Remove the member with the highest score from the first sorted set that has any, waiting until there is one."""
    def bzpopmin(self, keys: Key | Iterable[Key], timeout: float | None=...) -> tuple[str, Value, float] | None:
        """Remove the member with the lowest score from the first sorted set that has any, waiting until there is one."""
    def bzmpop(self, timeout: float | None, numkeys: int, keys: Sequence[Key], min: bool=..., max: bool=..., count: int=...) -> tuple[str, list[tuple[Value, float]]] | None:
        """As :meth:`zmpop`, waiting until one of the sorted sets has a member."""
    def zcard(self, name: Key) -> int:
        """Return the number of members."""
    def zcount(self, name: Key, min: ScoreBound, max: ScoreBound) -> int:
        """Return the number of members whose score is from ``min`` to ``max``."""
    def zlexcount(self, name: Key, min: LexBound, max: LexBound) -> int:
        """Return the number of members from ``min`` to ``max``, where all have the same score."""
    def zscore(self, name: Key, value: Value) -> float | None:
        """Return the score of member ``value``, or None where it does not exist."""
    def zmscore(self, key: Key, members: Iterable[Value]) -> list[float | None]:
        """Return the scores of several members, None for each that does not exist."""
    @overload
    def zrank(self, name: Key, value: Value, withscore: Literal[False]=..., score_cast_func: Callable[[float], Any]=...) -> int | None:
        """Return the rank of member ``value``, 0 for the one with the lowest score."""
    @overload
    def zrank(self, name: Key, value: Value, withscore: Literal[True], score_cast_func: Callable[[float], Any]=...) -> list[Any] | None: ...
    @overload
    def zrank(self, name: Key, value: Value, withscore: bool, score_cast_func: Callable[[float], Any]=...) -> int | list[Any] | None: ...
    @overload
    def zrevrank(self, name: Key, value: Value, withscore: Literal[False]=..., score_cast_func: Callable[[float], Any]=...) -> int | None:
        """Return the rank of member ``value``, 0 for the one with the highest score."""
    @overload
    def zrevrank(self, name: Key, value: Value, withscore: Literal[True], score_cast_func: Callable[[float], Any]=...) -> list[Any] | None: ...
    @overload
    def zrevrank(self, name: Key, value: Value, withscore: bool, score_cast_func: Callable[[float], Any]=...) -> int | list[Any] | None: ...

class CodedStreamCommands(Generic[Value]):
    @overload
    def xadd(self, name: Key, fields: Mapping[AnyField, Value], id: StreamId=..., maxlen: int | None=..., approximate: bool=..., nomkstream: Literal[False]=..., minid: StreamId | None=..., limit: int | None=..., ref_policy: ReferencePolicy | None=..., idmpauto: str | None=..., idmp: tuple[str, bytes] | None=...) -> str:
        """Append an entry."""
    @overload
    def xadd(self, name: Key, fields: Mapping[AnyField, Value], id: StreamId=..., maxlen: int | None=..., approximate: bool=..., nomkstream: bool=..., minid: StreamId | None=..., limit: int | None=..., ref_policy: ReferencePolicy | None=..., idmpauto: str | None=..., idmp: tuple[str, bytes] | None=...) -> str | None: ...
    def xdel(self, name: Key, *ids: StreamId) -> int:
        """Remove entries; return how many existed."""
    def xdelex(self, name: Key, *ids: StreamId, ref_policy: ReferencePolicy=...) -> list[int]:
        """Remove entries and decide about groups' references to them."""
    def xtrim(self, name: Key, maxlen: int | None=..., approximate: bool=..., minid: StreamId | None=..., limit: int | None=..., ref_policy: ReferencePolicy | None=...) -> int:
        """Remove the oldest entries; return how many."""
    def xsetid(self, name: Key, last_id: StreamId, entries_added: int | None=..., max_deleted_id: StreamId | None=...) -> bool:
        """Set a stream's last id, which new entries' ids follow; for replicating a stream by other means."""
    def xcfgset(self, name: Key, idmp_duration: int | None=..., idmp_maxsize: int | None=...) -> bool:
        """Set how a stream recognises what a producer sent before."""
    def xlen(self, name: Key) -> int:
        """Return the number of entries."""
    def xrange(self, name: Key, min: StreamId=..., max: StreamId=..., count: int | None=...) -> list[tuple[str, dict[str, Value]]]:
        """Return entries as pairs of id and fields, the oldest first."""
    def xrevrange(self, name: Key, max: StreamId=..., min: StreamId=..., count: int | None=...) -> list[tuple[str, dict[str, Value]]]:
        """Return entries as pairs of id and fields, the newest first."""
    def xread(self, streams: Mapping[AnyField, StreamId], count: int | None=..., block: int | None=..., max_count: int | None=..., max_size: int | None=...) -> list[tuple[str, list[tuple[str, dict[str, Value]]]]]:
        """Return the entries of several streams that follow a given id each."""
    def xinfo_stream(self, name: Key, full: bool=..., count: int | None=...) -> dict[str, Any]:
        """Return what the server says about a stream, by the server's names such as ``"last-generated-id"``."""

class CodedStringCommands(Generic[Value]):
    def decr(self, name: Key, amount: int=...) -> int:
        """Take 1 off the integer at ``name``, which counts as 0 where it does not exist."""
    def decrby(self, name: Key, amount: int=...) -> int:
        """Take ``amount`` off the integer at ``name``, which counts as 0 where it does not exist."""
    def delex(self, name: Key, ifeq: Value | None=..., ifne: Value | None=..., ifdeq: str | None=..., ifdne: str | None=...) -> int:
        """Delete ``name``, on a condition if one is given."""
    def delifeq(self, name: Key, value: Value) -> bool:
        """Delete ``name`` if it holds exactly ``value``."""
    def digest(self, name: Key) -> str | None:
        """Return the digest of a value in hexadecimal, for the conditions of :meth:`set` and :meth:`delex`."""
    def get(self, name: Key) -> Value | None:
        """Return the value of ``name``, or None where it does not exist."""
    def getdel(self, name: Key) -> Value | None:
        """Return the value of ``name`` and delete it."""
    def getex(self, name: Key, ex: Expiry | None=..., px: Expiry | None=..., exat: ExpiryTime | None=..., pxat: ExpiryTime | None=..., persist: bool=...) -> Value | None:
        """Return the value of ``name`` and set or take away its expiry."""
    def getset(self, name: Key, value: Value) -> Value | None:
        """Set ``name`` to ``value`` and return what it held before."""
    def incr(self, name: Key, amount: int=...) -> int:
        """Add 1 to the integer at ``name``, which counts as 0 where it does not exist."""
    def incrby(self, name: Key, amount: int=...) -> int:
        """Add ``amount`` to the integer at ``name``, which counts as 0 where it does not exist."""
    def incrbyfloat(self, name: Key, amount: float=...) -> float:
        """Add ``amount`` to the number at ``name``, which counts as 0 where it does not exist."""
    def increx(self, name: Key, *, byfloat: float | None=..., byint: int | None=..., lbound: float | None=..., ubound: float | None=..., saturate: bool=..., ex: Expiry | None=..., px: Expiry | None=..., exat: ExpiryTime | None=..., pxat: ExpiryTime | None=..., persist: bool=..., enx: bool=..., nx: bool=..., xx: bool=...) -> list[Any]:
        """Add to the number at ``name`` within bounds, and set when it expires, in one step."""
    def mget(self, keys: Key | Iterable[Key], *args: Key) -> list[Value | None]:
        """Return the values of several keys in order, None for each that does not exist or is no string."""
    def mset(self, mapping: Mapping[AnyField, Value]) -> bool:
        """Set several keys at once."""
    def msetex(self, mapping: Mapping[AnyField, Value], data_persist_option: str | None=..., ex: Expiry | None=..., px: Expiry | None=..., exat: ExpiryTime | None=..., pxat: ExpiryTime | None=..., keepttl: bool=...) -> int:
        """Set several keys at once, with one expiry for all of them."""
    def msetnx(self, mapping: Mapping[AnyField, Value]) -> bool:
        """Set several keys at once, if none of them exists."""
    def psetex(self, name: Key, time_ms: Expiry, value: Value) -> bool:
        """Set ``name`` to ``value`` for ``time_ms`` milliseconds."""
    @overload
    def set(self, name: Key, value: Value, ex: Expiry | None=..., px: Expiry | None=..., nx: bool=..., xx: bool=..., keepttl: bool=..., get: Literal[False]=..., exat: ExpiryTime | None=..., pxat: ExpiryTime | None=..., ifeq: Value | None=..., ifne: Value | None=..., ifdeq: str | None=..., ifdne: str | None=...) -> bool | None:
        """Set ``name`` to ``value``."""
    @overload
    def set(self, name: Key, value: Value, ex: Expiry | None=..., px: Expiry | None=..., nx: bool=..., xx: bool=..., keepttl: bool=..., *, get: Literal[True], exat: ExpiryTime | None=..., pxat: ExpiryTime | None=..., ifeq: Value | None=..., ifne: Value | None=..., ifdeq: str | None=..., ifdne: str | None=...) -> Value | None: ...
    @overload
    def set(self, name: Key, value: Value, ex: Expiry | None=..., px: Expiry | None=..., nx: bool=..., xx: bool=..., keepttl: bool=..., get: bool=..., exat: ExpiryTime | None=..., pxat: ExpiryTime | None=..., ifeq: Value | None=..., ifne: Value | None=..., ifdeq: str | None=..., ifdne: str | None=...) -> bool | None | Value | None: ...
    def setex(self, name: Key, time: Expiry, value: Value) -> bool:
        """Set ``name`` to ``value`` for ``time`` seconds."""
    def setnx(self, name: Key, value: Value) -> bool:
        """Set ``name`` to ``value`` if it does not exist."""
    def strlen(self, name: Key) -> int:
        """Return the length in bytes of the string at ``name``, 0 where it does not exist."""

class QueuedCodedAdminCommands(QueuedAclCommands[str], QueuedClusterCommands[str], QueuedConnectionCommands[str], QueuedFunctionCommands[str], QueuedCodedKeyCommands[Value], QueuedCodedPubSubCommands[Value], QueuedReplicationCommands[str], QueuedScriptingCommands[str], QueuedSentinelCommands[str], QueuedServerCommands[str]): ...

class QueuedCodedDataCommands(QueuedCodedAdminCommands[Value], QueuedCodedArrayCommands[Value], QueuedBitmapCommands[str], QueuedCodedConsumerGroupCommands[Value], QueuedCodedGeoCommands[Value], QueuedCodedHashCommands[Value], QueuedHyperLogLogCommands[str], QueuedCodedListCommands[Value], QueuedModuleCommands[str], QueuedCodedSetCommands[Value], QueuedCodedSortedSetCombinationCommands[Value], QueuedCodedSortedSetCommands[Value], QueuedCodedSortedSetRangeCommands[Value], QueuedCodedStreamCommands[Value], QueuedCodedStringCommands[Value], QueuedVectorSetCommands[str]): ...

class QueuedCodedArrayCommands(Generic[Value]):
    def arcount(self, name: Key) -> Queued[int]:
        """Return how many indexes have a value."""
    def ardel(self, name: Key, *indices: int) -> Queued[int]:
        """Remove the values at some indexes; return how many there were."""
    def ardelrange(self, name: Key, *ranges: tuple[int, int]) -> Queued[int]:
        """Remove the values in ranges of indexes, both ends included; return how many there were."""
    def arget(self, name: Key, index: int) -> Queued[Value | None]:
        """Return the value at ``index``, or None where there is none."""
    def argetrange(self, name: Key, start: int, end: int) -> Queued[list[Value | None]]:
        """Return the values at indexes ``start`` to ``end``, both included, None where there is none."""
    def argrep(self, name: Key, start: ArrayBound, end: ArrayBound, predicates: Iterable[tuple[ArrayPredicate, Encodable]], combinator: Literal['AND', 'OR'] | None=..., limit: int | None=..., withvalues: bool=..., nocase: bool=...) -> Queued[list[Any]]:
        """Find values."""
    def arinfo(self, name: Key, full: bool=...) -> Queued[dict[str, Any]]:
        """Return what the server says about the array, by the server's names such as ``"count"`` and ``"len"``."""
    def arinsert(self, name: Key, *values: Value) -> Queued[int]:
        """Set values where the last insertion ended; return the index of the last of them."""
    def arlastitems(self, name: Key, count: int, rev: bool=...) -> Queued[list[Value | None]]:
        """Return the values that were inserted last."""
    def arlen(self, name: Key) -> Queued[int]:
        """Return the highest index that has a value, plus one."""
    def armget(self, name: Key, *indices: int) -> Queued[list[Value | None]]:
        """Return the values at some indexes, None where there is none."""
    def armset(self, name: Key, mapping: Mapping[int, Value]) -> Queued[int]:
        """Set values, given by index; return how many indexes had none before."""
    def arnext(self, name: Key) -> Queued[int | None]:
        """Return the index where :meth:`arinsert` goes on, or None where there is none left."""
    def arop(self, name: Key, start: ArrayBound, end: ArrayBound, operation: ArrayOperation, value: Value | None=...) -> Queued[str | int | None]:
        """Make one result of the values in a range."""
    def arring(self, name: Key, size: int, *values: Value) -> Queued[int]:
        """Set values as :meth:`arinsert` does, beginning anew after ``size`` of them; return the last one's index."""
    def arscan(self, name: Key, start: int, end: int, limit: int | None=...) -> Queued[list[list[Any]]]:
        """Return index and value of each value in a range."""
    def arseek(self, name: Key, index: int) -> Queued[int]:
        """Set the index where :meth:`arinsert` goes on; return 1, or 0 where there is no such array."""
    def arset(self, name: Key, index: int, *values: Value) -> Queued[int]:
        """Set values at ``index`` and those that follow; return how many of these had none before."""

class QueuedCodedConsumerGroupCommands(Generic[Value]):
    @overload
    def xreadgroup(self, groupname: Key, consumername: Key, streams: Mapping[AnyField, StreamId], count: int | None=..., block: int | None=..., noack: bool=..., claim_min_idle_time: None=..., max_count: int | None=..., max_size: int | None=...) -> Queued[list[tuple[str, list[tuple[str, dict[str, Value]]]]]]:
        """Return entries of several streams as one consumer of a group."""
    @overload
    def xreadgroup(self, groupname: Key, consumername: Key, streams: Mapping[AnyField, StreamId], count: int | None=..., block: int | None=..., noack: bool=..., claim_min_idle_time: int | None=..., max_count: int | None=..., max_size: int | None=...) -> Queued[list[tuple[str, list[Any]]]]: ...
    def xack(self, name: Key, groupname: Key, *ids: StreamId) -> Queued[int]:
        """Acknowledge entries; return how many were waiting for that."""
    def xackdel(self, name: Key, groupname: Key, *ids: StreamId, ref_policy: ReferencePolicy=...) -> Queued[list[int]]:
        """Acknowledge entries and remove them."""
    def xnack(self, name: Key, groupname: Key, mode: Literal['SILENT', 'FAIL', 'FATAL'], *ids: StreamId, retrycount: int | None=..., force: bool=...) -> Queued[int]:
        """Give entries back to the group, so that another consumer gets them at once; return how many."""
    def xpending(self, name: Key, groupname: Key) -> Queued[PendingSummary[str]]:
        """Return how many entries a group has not acknowledged, their lowest and highest id, and whose they are."""
    def xpending_range(self, name: Key, groupname: Key, min: StreamId, max: StreamId, count: int, consumername: Key | None=..., idle: int | None=...) -> Queued[list[PendingEntry[str]]]:
        """Return entries that a group has not acknowledged."""
    @overload
    def xclaim(self, name: Key, groupname: Key, consumername: Key, min_idle_time: int, message_ids: Iterable[StreamId], idle: int | None=..., time: int | None=..., retrycount: int | None=..., force: bool=..., justid: Literal[False]=...) -> Queued[list[tuple[str, dict[str, Value]]]]:
        """Make a consumer the owner of entries that another one got and did not acknowledge."""
    @overload
    def xclaim(self, name: Key, groupname: Key, consumername: Key, min_idle_time: int, message_ids: Iterable[StreamId], idle: int | None=..., time: int | None=..., retrycount: int | None=..., force: bool=..., *, justid: Literal[True]) -> Queued[list[str]]: ...
    @overload
    def xclaim(self, name: Key, groupname: Key, consumername: Key, min_idle_time: int, message_ids: Iterable[StreamId], idle: int | None=..., time: int | None=..., retrycount: int | None=..., force: bool=..., justid: bool=...) -> Queued[list[tuple[str, dict[str, Value]]]] | Queued[list[str]]: ...
    @overload
    def xautoclaim(self, name: Key, groupname: Key, consumername: Key, min_idle_time: int, start_id: StreamId=..., count: int | None=..., justid: Literal[False]=...) -> Queued[list[Any]]:
        """Make a consumer the owner of whatever others got and did not acknowledge in time."""
    @overload
    def xautoclaim(self, name: Key, groupname: Key, consumername: Key, min_idle_time: int, start_id: StreamId=..., count: int | None=..., *, justid: Literal[True]) -> Queued[list[str]]: ...
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

class QueuedCodedGeoCommands(Generic[Value]):
    def geoadd(self, name: Key, values: Sequence[Any], nx: bool=..., xx: bool=..., ch: bool=...) -> Queued[int]:
        """Add places, or move them."""
    def geodist(self, name: Key, place1: Value, place2: Value, unit: str | None=...) -> Queued[float | None]:
        """Return the distance between two members, or None where one does not exist."""
    def geohash(self, name: Key, *values: Value) -> Queued[list[str | None]]:
        """Return the geohash text of members, None for each that does not exist."""
    def geopos(self, name: Key, *values: Value) -> Queued[list[tuple[float, float] | None]]:
        """Return longitude and latitude of members, None for each that does not exist."""
    @overload
    def geosearch(self, name: Key, member: Value | None=..., longitude: float | None=..., latitude: float | None=..., unit: str=..., radius: float | None=..., width: float | None=..., height: float | None=..., sort: str | None=..., count: int | None=..., any: bool=..., withcoord: Literal[False]=..., withdist: Literal[False]=..., withhash: Literal[False]=..., polygon: Sequence[tuple[float, float]] | None=...) -> Queued[list[Value]]:
        """Return the members within a circle, a rectangle or a polygon."""
    @overload
    def geosearch(self, name: Key, member: Value | None=..., longitude: float | None=..., latitude: float | None=..., unit: str=..., radius: float | None=..., width: float | None=..., height: float | None=..., sort: str | None=..., count: int | None=..., any: bool=..., withcoord: bool=..., withdist: bool=..., withhash: bool=..., polygon: Sequence[tuple[float, float]] | None=...) -> Queued[list[Any]]: ...
    def geosearchstore(self, dest: Key, name: Key, member: Value | None=..., longitude: float | None=..., latitude: float | None=..., unit: str=..., radius: float | None=..., width: float | None=..., height: float | None=..., sort: str | None=..., count: int | None=..., any: bool=..., storedist: bool=..., polygon: Sequence[tuple[float, float]] | None=...) -> Queued[int]:
        """Store the members within an area as the sorted set ``dest``; else as :meth:`geosearch`."""
    @overload
    def georadius(self, name: Key, longitude: float, latitude: float, radius: float, unit: str | None=..., withdist: Literal[False]=..., withcoord: Literal[False]=..., withhash: Literal[False]=..., count: int | None=..., sort: str | None=..., store: None=..., store_dist: None=..., any: bool=...) -> Queued[list[Value]]:
        """Return or store the members within a circle; :meth:`geosearch` is its successor."""
    @overload
    def georadius(self, name: Key, longitude: float, latitude: float, radius: float, unit: str | None=..., withdist: bool=..., withcoord: bool=..., withhash: bool=..., count: int | None=..., sort: str | None=..., store: None=..., store_dist: None=..., any: bool=...) -> Queued[list[Any]]: ...
    @overload
    def georadius(self, name: Key, longitude: float, latitude: float, radius: float, unit: str | None=..., withdist: Literal[False]=..., withcoord: Literal[False]=..., withhash: Literal[False]=..., count: int | None=..., sort: str | None=..., *, store: Key, store_dist: None=..., any: bool=...) -> Queued[int]: ...
    @overload
    def georadius(self, name: Key, longitude: float, latitude: float, radius: float, unit: str | None=..., withdist: Literal[False]=..., withcoord: Literal[False]=..., withhash: Literal[False]=..., count: int | None=..., sort: str | None=..., store: None=..., *, store_dist: Key, any: bool=...) -> Queued[int]: ...
    @overload
    def georadiusbymember(self, name: Key, member: Value, radius: float, unit: str | None=..., withdist: Literal[False]=..., withcoord: Literal[False]=..., withhash: Literal[False]=..., count: int | None=..., sort: str | None=..., store: None=..., store_dist: None=..., any: bool=...) -> Queued[list[Value]]:
        """Return or store the members within a circle; :meth:`geosearch` is its successor."""
    @overload
    def georadiusbymember(self, name: Key, member: Value, radius: float, unit: str | None=..., withdist: bool=..., withcoord: bool=..., withhash: bool=..., count: int | None=..., sort: str | None=..., store: None=..., store_dist: None=..., any: bool=...) -> Queued[list[Any]]: ...
    @overload
    def georadiusbymember(self, name: Key, member: Value, radius: float, unit: str | None=..., withdist: Literal[False]=..., withcoord: Literal[False]=..., withhash: Literal[False]=..., count: int | None=..., sort: str | None=..., *, store: Key, store_dist: None=..., any: bool=...) -> Queued[int]: ...
    @overload
    def georadiusbymember(self, name: Key, member: Value, radius: float, unit: str | None=..., withdist: Literal[False]=..., withcoord: Literal[False]=..., withhash: Literal[False]=..., count: int | None=..., sort: str | None=..., store: None=..., *, store_dist: Key, any: bool=...) -> Queued[int]: ...

class QueuedCodedHashCommands(Generic[Value]):
    def hget(self, name: Key, key: Encodable) -> Queued[Value | None]:
        """Return the value of field ``key``, or None where it does not exist."""
    def hgetall(self, name: Key) -> Queued[dict[str, Value]]:
        """Return all fields with their values; an empty dict where there is no such hash."""
    def hmget(self, name: Key, keys: Encodable | Iterable[Encodable], *args: Encodable) -> Queued[list[Value | None]]:
        """Return the values of several fields, None for each that does not exist."""
    def hkeys(self, name: Key) -> Queued[list[str]]:
        """Return all fields."""
    def hvals(self, name: Key) -> Queued[list[Value]]:
        """Return the values of all fields."""
    def hlen(self, name: Key) -> Queued[int]:
        """Return the number of fields."""
    def hexists(self, name: Key, key: Encodable) -> Queued[bool]:
        """Return whether field ``key`` exists."""
    def hstrlen(self, name: Key, key: Encodable) -> Queued[int]:
        """Return the length in bytes of the value of field ``key``, 0 where it does not exist."""
    @overload
    def hrandfield(self, key: Key, count: None=..., withvalues: Literal[False]=...) -> Queued[str | None]:
        """Return fields picked at random."""
    @overload
    def hrandfield(self, key: Key, count: int, withvalues: bool=...) -> Queued[list[Any]]: ...
    @overload
    def hscan(self, name: Key, cursor: int=..., match: Pattern | None=..., count: int | None=..., no_values: Literal[False] | None=...) -> Queued[tuple[int, dict[str, Value]]]:
        """Return one page of the fields of a hash."""
    @overload
    def hscan(self, name: Key, cursor: int=..., match: Pattern | None=..., count: int | None=..., *, no_values: Literal[True]) -> Queued[tuple[int, list[str]]]: ...
    @overload
    def hscan(self, name: Key, cursor: int=..., match: Pattern | None=..., count: int | None=..., no_values: bool | None=...) -> Queued[tuple[int, dict[str, Value]]] | Queued[tuple[int, list[str]]]: ...
    def hset(self, name: Key, key: Encodable | None=..., value: Value | None=..., mapping: Mapping[AnyField, Value] | None=..., items: Sequence[Any] | None=...) -> Queued[int]:
        """Set fields."""
    def hsetnx(self, name: Key, key: Encodable, value: Value) -> Queued[int]:
        """Set field ``key`` unless it exists; return 1 where it was set, else 0."""
    def hmset(self, name: Key, mapping: Mapping[AnyField, Value]) -> Queued[bool]:
        """Set several fields; :meth:`hset` does the same and tells how many were new."""
    def hdel(self, name: Key, *keys: Encodable) -> Queued[int]:
        """Remove fields; return how many existed."""
    def hincrby(self, name: Key, key: Encodable, amount: int=...) -> Queued[int]:
        """Add ``amount`` to the integer in field ``key``; return the sum."""
    def hincrbyfloat(self, name: Key, key: Encodable, amount: float=...) -> Queued[float]:
        """Add ``amount`` to the number in field ``key``; return the sum."""
    def hgetex(self, name: Key, *keys: Encodable, ex: Expiry | None=..., px: Expiry | None=..., exat: ExpiryTime | None=..., pxat: ExpiryTime | None=..., persist: bool=...) -> Queued[list[Value | None]]:
        """Return the values of fields and change when these fields expire."""
    def hgetdel(self, name: Key, *keys: Encodable) -> Queued[list[Value | None]]:
        """Return the values of fields and remove these fields."""
    def hsetex(self, name: Key, key: Encodable | None=..., value: Value | None=..., mapping: Mapping[AnyField, Value] | None=..., items: Sequence[Any] | None=..., ex: Expiry | None=..., px: Expiry | None=..., exat: ExpiryTime | None=..., pxat: ExpiryTime | None=..., data_persist_option: Literal['FNX', 'FXX'] | None=..., keepttl: bool=..., nx: bool=..., xx: bool=...) -> Queued[int]:
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

class QueuedCodedKeyCommands(Generic[Value]):
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
    def keys(self, pattern: Pattern=...) -> Queued[list[str]]:
        """Return all keys that match ``pattern``. The server does nothing else meanwhile: prefer :meth:`scan_iter`."""
    def migrate(self, host: str, port: int, keys: Key | Iterable[Key], destination_db: int, timeout: int, copy: bool=..., replace: bool=..., auth: str | None=..., username: str | None=...) -> Queued[bool]:
        """Move keys to another server."""
    def move(self, name: Key, db: int, replace: bool=...) -> Queued[bool]:
        """Move a key to another database of the server."""
    def object(self, infotype: str, key: Key) -> Queued[Any]:
        """Ask how the server keeps a value."""
    def object_encoding(self, key: Key) -> Queued[str | None]:
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
    def randomkey(self) -> Queued[str | None]:
        """Return some key, None where there is none."""
    def rename(self, src: Key, dst: Key) -> Queued[bool]:
        """Rename a key; ``dst`` is overwritten."""
    def renamenx(self, src: Key, dst: Key) -> Queued[bool]:
        """Rename a key if ``dst`` does not exist."""
    def restore(self, name: Key, ttl: int, value: bytes | bytearray | memoryview, replace: bool=..., absttl: bool=..., idletime: int | None=..., frequency: int | None=...) -> Queued[bool]:
        """Make a key of what :meth:`dump` returned."""
    def scan(self, cursor: int=..., match: Pattern | None=..., count: int | None=..., _type: str | None=...) -> Queued[tuple[int, list[str]]]:
        """Return some keys, and the cursor with which to ask for more."""
    @overload
    def sort(self, name: Key, start: int | None=..., num: int | None=..., by: Key | None=..., get: None=..., desc: bool=..., alpha: bool=..., store: None=..., groups: Literal[False] | None=...) -> Queued[list[Value]]:
        """Sort the elements of a list, set or sorted set, and return or store them."""
    @overload
    def sort(self, name: Key, start: int | None=..., num: int | None=..., by: Key | None=..., *, get: Key | Sequence[Key], desc: bool=..., alpha: bool=..., store: None=..., groups: Literal[False] | None=...) -> Queued[list[Value | None]]: ...
    @overload
    def sort(self, name: Key, start: int | None=..., num: int | None=..., by: Key | None=..., *, get: Key | Sequence[Key], desc: bool=..., alpha: bool=..., store: None=..., groups: Literal[True]) -> Queued[list[tuple[Value | None, ...]]]: ...
    @overload
    def sort(self, name: Key, start: int | None=..., num: int | None=..., by: Key | None=..., get: Key | Sequence[Key] | None=..., desc: bool=..., alpha: bool=..., *, store: Key, groups: Literal[False] | None=...) -> Queued[int]: ...
    @overload
    def sort_ro(self, key: Key, start: int | None=..., num: int | None=..., by: Key | None=..., get: None=..., desc: bool=..., alpha: bool=...) -> Queued[list[Value]]:
        """As :meth:`sort`, but never storing anything, so that a replica may answer."""
    @overload
    def sort_ro(self, key: Key, start: int | None=..., num: int | None=..., by: Key | None=..., *, get: Key | Sequence[Key], desc: bool=..., alpha: bool=...) -> Queued[list[Value | None]]: ...
    def touch(self, *args: Key) -> Queued[int]:
        """Mark keys as used just now."""
    def ttl(self, name: Key) -> Queued[int]:
        """Return in how many seconds a key expires: -1 for never, -2 where it does not exist."""
    def type(self, name: Key) -> Queued[str]:
        """Return the kind of value a key holds, such as ``"hash"``; ``"none"`` where it does not exist."""
    def unlink(self, *names: Key) -> Queued[int]:
        """Delete keys; the server frees their memory afterwards in the background."""

class QueuedCodedListCommands(Generic[Value]):
    def blmove(self, first_list: Key, second_list: Key, timeout: float | None, src: str=..., dest: str=...) -> Queued[Value | None]:
        """As :meth:`lmove`, waiting until there is an element."""
    def blmovem(self, first_list: Key, second_list: Key, timeout: float | None, src: str=..., dest: str=..., count: int | None=..., mode: Literal['COUNT', 'EXACTLY'] | None=..., ordering: Literal['OBO', 'BULK'] | None=...) -> Queued[list[Value] | None]:
        """As :meth:`lmovem`, waiting until there are elements enough."""
    def blmpop(self, timeout: float | None, numkeys: int, *args: Key, direction: str, count: int | None=...) -> Queued[list[Any] | None]:
        """As :meth:`lmpop`, waiting until one of the lists has an element."""
    def blpop(self, keys: Key | Iterable[Key], timeout: float | None=...) -> Queued[tuple[str, Value] | None]:
        """Take an element off the left end of the first list that has any, waiting until there is one."""
    def brpop(self, keys: Key | Iterable[Key], timeout: float | None=...) -> Queued[tuple[str, Value] | None]:
        """Take an element off the right end of the first list that has any, waiting until there is one."""
    def brpoplpush(self, src: Key, dst: Key, timeout: float | None=...) -> Queued[Value | None]:
        """As :meth:`rpoplpush`, waiting until there is an element."""
    def lindex(self, name: Key, index: int) -> Queued[Value | None]:
        """Return the element at ``index``, negative from the end; None where there is none."""
    def linsert(self, name: Key, where: str, refvalue: Value, value: Value) -> Queued[int]:
        """Insert ``value`` beside the first element that equals ``refvalue``."""
    def llen(self, name: Key) -> Queued[int]:
        """Return the length of the list, 0 where there is none."""
    def lmove(self, first_list: Key, second_list: Key, src: str=..., dest: str=...) -> Queued[Value | None]:
        """Take an element off one list and push it onto another."""
    def lmovem(self, first_list: Key, second_list: Key, src: str=..., dest: str=..., count: int | None=..., mode: Literal['COUNT', 'EXACTLY'] | None=..., ordering: Literal['OBO', 'BULK'] | None=...) -> Queued[list[Value] | None]:
        """Take elements off one list and push them onto another."""
    def lmpop(self, num_keys: int, *args: Key, direction: str, count: int | None=...) -> Queued[list[Any] | None]:
        """Take elements off the first of several lists that has any."""
    @overload
    def lpop(self, name: Key, count: None=...) -> Queued[Value | None]:
        """Take elements off the left end."""
    @overload
    def lpop(self, name: Key, count: int) -> Queued[list[Value] | None]: ...
    @overload
    def lpos(self, name: Key, value: Value, rank: int | None=..., count: None=..., maxlen: int | None=...) -> Queued[int | None]:
        """Find elements that equal ``value``."""
    @overload
    def lpos(self, name: Key, value: Value, rank: int | None=..., *, count: int, maxlen: int | None=...) -> Queued[list[int]]: ...
    def lpush(self, name: Key, *values: Value) -> Queued[int]:
        """Push elements onto the left end, one after the other."""
    def lpushx(self, name: Key, *values: Value) -> Queued[int]:
        """As :meth:`lpush`, if the list exists."""
    def lrange(self, name: Key, start: int, end: int) -> Queued[list[Value]]:
        """Return elements ``start`` to ``end``, both included, negative from the end."""
    def lrem(self, name: Key, count: int, value: Value) -> Queued[int]:
        """Remove elements that equal ``value``."""
    def lset(self, name: Key, index: int, value: Value) -> Queued[bool]:
        """Replace the element at ``index``, negative from the end."""
    def ltrim(self, name: Key, start: int, end: int) -> Queued[bool]:
        """Keep elements ``start`` to ``end`` only, both included, negative from the end."""
    @overload
    def rpop(self, name: Key, count: None=...) -> Queued[Value | None]:
        """Take elements off the right end."""
    @overload
    def rpop(self, name: Key, count: int) -> Queued[list[Value] | None]: ...
    def rpoplpush(self, src: Key, dst: Key) -> Queued[Value | None]:
        """Take an element off the right end of ``src`` and push it onto the left end of ``dst``."""
    def rpush(self, name: Key, *values: Value) -> Queued[int]:
        """Push elements onto the right end, one after the other."""
    def rpushx(self, name: Key, *values: Value) -> Queued[int]:
        """As :meth:`rpush`, if the list exists."""

class QueuedCodedPubSubCommands(Generic[Value]):
    def publish(self, channel: Key, message: Value) -> Queued[int]:
        """Send ``message`` to everyone who listens to ``channel``."""
    def pubsub_channels(self, pattern: Pattern=...) -> Queued[list[str]]:
        """Return the channels that have subscribers and match ``pattern``."""
    def pubsub_numpat(self) -> Queued[int]:
        """Return how many distinct patterns clients are subscribed to."""
    def pubsub_numsub(self, *args: Key) -> Queued[list[tuple[str, int]]]:
        """Return each of the channels with the number of its subscribers."""
    def pubsub_shardchannels(self, pattern: Pattern=...) -> Queued[list[str]]:
        """Return the shard channels that have subscribers and match ``pattern``."""
    def pubsub_shardnumsub(self, *args: Key) -> Queued[list[tuple[str, int]]]:
        """Return each of the shard channels with the number of its subscribers."""
    def spublish(self, shard_channel: Key, message: Value) -> Queued[int]:
        """Send ``message`` to everyone who listens to ``shard_channel`` within its shard."""

class QueuedCodedSetCommands(Generic[Value]):
    def sadd(self, name: Key, *values: Value) -> Queued[int]:
        """Add members."""
    def scard(self, name: Key) -> Queued[int]:
        """Return the number of members."""
    def sdiff(self, keys: Key | Iterable[Key], *args: Key) -> Queued[list[Value]]:
        """Return the members of the first set that are in none of the others."""
    def sdiffcard(self, numkeys: int, keys: Iterable[Key], limit: int=...) -> Queued[int]:
        """Count the members of the first set that are in none of the others."""
    def sdiffstore(self, dest: Key, keys: Key | Iterable[Key], *args: Key) -> Queued[int]:
        """Store at ``dest`` the members of the first set that are in none of the others."""
    def sinter(self, keys: Key | Iterable[Key], *args: Key) -> Queued[list[Value]]:
        """Return the members that are in every set."""
    def sintercard(self, numkeys: int, keys: Iterable[Key], limit: int=...) -> Queued[int]:
        """Count the members that are in every set."""
    def sinterstore(self, dest: Key, keys: Key | Iterable[Key], *args: Key) -> Queued[int]:
        """Store at ``dest`` the members that are in every set."""
    @overload
    def sismember(self, name: Key, value: Value, xx: Literal[False]=...) -> Queued[bool]:
        """Tell whether ``value`` is a member."""
    @overload
    def sismember(self, name: Key, value: Value, xx: bool) -> Queued[bool | None]: ...
    def smembers(self, name: Key) -> Queued[list[Value]]:
        """Return all members."""
    def smismember(self, name: Key, values: Iterable[Value], *args: Value) -> Queued[list[bool]]:
        """Tell of each of the values whether it is a member."""
    def smove(self, src: Key, dst: Key, value: Value) -> Queued[bool]:
        """Move a member from one set to another."""
    @overload
    def spop(self, name: Key, count: None=...) -> Queued[Value | None]:
        """Remove members at random and return them."""
    @overload
    def spop(self, name: Key, count: int) -> Queued[list[Value]]: ...
    @overload
    def srandmember(self, name: Key, number: None=...) -> Queued[Value | None]:
        """Return members at random."""
    @overload
    def srandmember(self, name: Key, number: int) -> Queued[list[Value]]: ...
    def srem(self, name: Key, *values: Value) -> Queued[int]:
        """Remove members."""
    def sscan(self, name: Key, cursor: int=..., match: Pattern | None=..., count: int | None=...) -> Queued[tuple[int, list[Value]]]:
        """Return some members, and the cursor with which to ask for more."""
    def sunion(self, keys: Key | Iterable[Key], *args: Key) -> Queued[list[Value]]:
        """Return the members that are in any of the sets."""
    def sunioncard(self, numkeys: int, keys: Iterable[Key], limit: int=..., approx: bool=...) -> Queued[int]:
        """Count the members that are in any of the sets."""
    def sunionstore(self, dest: Key, keys: Key | Iterable[Key], *args: Key) -> Queued[int]:
        """Store at ``dest`` the members that are in any of the sets."""

class QueuedCodedSortedSetCombinationCommands(Generic[Value]):
    @overload
    def zunion(self, keys: Iterable[Key] | Mapping[AnyField, float], aggregate: str | None=..., withscores: Literal[False]=..., score_cast_func: Callable[[float], Any]=...) -> Queued[list[Value]]:
        """Return the members that are in any of several sorted sets."""
    @overload
    def zunion(self, keys: Iterable[Key] | Mapping[AnyField, float], aggregate: str | None=..., *, withscores: Literal[True]) -> Queued[list[tuple[Value, float]]]: ...
    @overload
    def zunion(self, keys: Iterable[Key] | Mapping[AnyField, float], aggregate: str | None=..., *, withscores: Literal[True], score_cast_func: Callable[[float], Score]) -> Queued[list[tuple[Value, Score]]]: ...
    @overload
    def zunion(self, keys: Iterable[Key] | Mapping[AnyField, float], aggregate: str | None=..., withscores: bool=..., score_cast_func: Callable[[float], Any]=...) -> Queued[list[Value]] | Queued[list[tuple[Value, Any]]]: ...
    @overload
    def zinter(self, keys: Iterable[Key] | Mapping[AnyField, float], aggregate: str | None=..., withscores: Literal[False]=...) -> Queued[list[Value]]:
        """Return the members that are in all of several sorted sets."""
    @overload
    def zinter(self, keys: Iterable[Key] | Mapping[AnyField, float], aggregate: str | None=..., *, withscores: Literal[True]) -> Queued[list[tuple[Value, float]]]: ...
    @overload
    def zinter(self, keys: Iterable[Key] | Mapping[AnyField, float], aggregate: str | None=..., withscores: bool=...) -> Queued[list[Value]] | Queued[list[tuple[Value, Any]]]: ...
    @overload
    def zdiff(self, keys: Iterable[Key], withscores: Literal[False]=...) -> Queued[list[Value]]:
        """Return the members of the first of several sorted sets that are in none of the others."""
    @overload
    def zdiff(self, keys: Iterable[Key], withscores: Literal[True]) -> Queued[list[tuple[Value, float]]]: ...
    @overload
    def zdiff(self, keys: Iterable[Key], withscores: bool) -> Queued[list[Value]] | Queued[list[tuple[Value, Any]]]: ...
    def zunionstore(self, dest: Key, keys: Iterable[Key] | Mapping[AnyField, float], aggregate: str | None=...) -> Queued[int]:
        """Store the members that are in any of several sorted sets as the sorted set ``dest``."""
    def zinterstore(self, dest: Key, keys: Iterable[Key] | Mapping[AnyField, float], aggregate: str | None=...) -> Queued[int]:
        """Store the members that are in all of several sorted sets as the sorted set ``dest``."""
    def zdiffstore(self, dest: Key, keys: Iterable[Key]) -> Queued[int]:
        """Store the members of the first sorted set that are in none of the others; return how many."""
    def zintercard(self, numkeys: int, keys: Sequence[Key], limit: int=...) -> Queued[int]:
        """Return how many members are in all of several sorted sets."""

class QueuedCodedSortedSetRangeCommands(Generic[Value]):
    @overload
    def zrange(self, name: Key, start: Encodable, end: Encodable, desc: bool=..., withscores: Literal[False]=..., score_cast_func: Callable[[float], Any]=..., byscore: bool=..., bylex: bool=..., offset: int | None=..., num: int | None=..., xx: Literal[False]=...) -> Queued[list[Value]]:
        """Return the members in a range of ranks, scores or names, in ascending order."""
    @overload
    def zrange(self, name: Key, start: Encodable, end: Encodable, desc: bool=..., *, withscores: Literal[True], byscore: bool=..., bylex: bool=..., offset: int | None=..., num: int | None=..., xx: Literal[False]=...) -> Queued[list[tuple[Value, float]]]: ...
    @overload
    def zrange(self, name: Key, start: Encodable, end: Encodable, desc: bool=..., *, withscores: Literal[True], score_cast_func: Callable[[float], Score], byscore: bool=..., bylex: bool=..., offset: int | None=..., num: int | None=..., xx: Literal[False]=...) -> Queued[list[tuple[Value, Score]]]: ...
    @overload
    def zrange(self, name: Key, start: Encodable, end: Encodable, desc: bool=..., withscores: bool=..., score_cast_func: Callable[[float], Any]=..., byscore: bool=..., bylex: bool=..., offset: int | None=..., num: int | None=..., xx: Literal[False]=...) -> Queued[list[Value]] | Queued[list[tuple[Value, Any]]]: ...
    @overload
    def zrange(self, name: Key, start: Encodable, end: Encodable, desc: bool=..., withscores: Literal[False]=..., score_cast_func: Callable[[float], Any]=..., byscore: bool=..., bylex: bool=..., offset: int | None=..., num: int | None=..., *, xx: Literal[True]) -> Queued[list[Value] | None]: ...
    @overload
    def zrange(self, name: Key, start: Encodable, end: Encodable, desc: bool=..., *, withscores: Literal[True], score_cast_func: Callable[[float], Any]=..., byscore: bool=..., bylex: bool=..., offset: int | None=..., num: int | None=..., xx: Literal[True]) -> Queued[list[tuple[Value, Any]] | None]: ...
    def zrangestore(self, dest: Key, name: Key, start: Encodable, end: Encodable, byscore: bool=..., bylex: bool=..., desc: bool=..., offset: int | None=..., num: int | None=...) -> Queued[int]:
        """Store the members in a range as the sorted set ``dest``; else as :meth:`zrange`."""
    @overload
    def zrevrange(self, name: Key, start: int, end: int, withscores: Literal[False]=..., score_cast_func: Callable[[float], Any]=...) -> Queued[list[Value]]:
        """Return the members in a range of ranks, in descending order of scores."""
    @overload
    def zrevrange(self, name: Key, start: int, end: int, withscores: Literal[True]) -> Queued[list[tuple[Value, float]]]: ...
    @overload
    def zrevrange(self, name: Key, start: int, end: int, withscores: Literal[True], score_cast_func: Callable[[float], Score]) -> Queued[list[tuple[Value, Score]]]: ...
    @overload
    def zrevrange(self, name: Key, start: int, end: int, withscores: bool, score_cast_func: Callable[[float], Any]=...) -> Queued[list[Value]] | Queued[list[tuple[Value, Any]]]: ...
    @overload
    def zrangebyscore(self, name: Key, min: ScoreBound, max: ScoreBound, start: int | None=..., num: int | None=..., withscores: Literal[False]=..., score_cast_func: Callable[[float], Any]=...) -> Queued[list[Value]]:
        """Return the members whose score is from ``min`` to ``max``, in ascending order."""
    @overload
    def zrangebyscore(self, name: Key, min: ScoreBound, max: ScoreBound, start: int | None=..., num: int | None=..., *, withscores: Literal[True]) -> Queued[list[tuple[Value, float]]]: ...
    @overload
    def zrangebyscore(self, name: Key, min: ScoreBound, max: ScoreBound, start: int | None=..., num: int | None=..., *, withscores: Literal[True], score_cast_func: Callable[[float], Score]) -> Queued[list[tuple[Value, Score]]]: ...
    @overload
    def zrangebyscore(self, name: Key, min: ScoreBound, max: ScoreBound, start: int | None=..., num: int | None=..., withscores: bool=..., score_cast_func: Callable[[float], Any]=...) -> Queued[list[Value]] | Queued[list[tuple[Value, Any]]]: ...
    @overload
    def zrevrangebyscore(self, name: Key, max: ScoreBound, min: ScoreBound, start: int | None=..., num: int | None=..., withscores: Literal[False]=..., score_cast_func: Callable[[float], Any]=...) -> Queued[list[Value]]:
        """Return the members whose score is from ``min`` to ``max``, in descending order."""
    @overload
    def zrevrangebyscore(self, name: Key, max: ScoreBound, min: ScoreBound, start: int | None=..., num: int | None=..., *, withscores: Literal[True]) -> Queued[list[tuple[Value, float]]]: ...
    @overload
    def zrevrangebyscore(self, name: Key, max: ScoreBound, min: ScoreBound, start: int | None=..., num: int | None=..., *, withscores: Literal[True], score_cast_func: Callable[[float], Score]) -> Queued[list[tuple[Value, Score]]]: ...
    @overload
    def zrevrangebyscore(self, name: Key, max: ScoreBound, min: ScoreBound, start: int | None=..., num: int | None=..., withscores: bool=..., score_cast_func: Callable[[float], Any]=...) -> Queued[list[Value]] | Queued[list[tuple[Value, Any]]]: ...
    def zrangebylex(self, name: Key, min: LexBound, max: LexBound, start: int | None=..., num: int | None=...) -> Queued[list[Value]]:
        """Return the members from ``min`` to ``max``, where all have the same score, in ascending order."""
    def zrevrangebylex(self, name: Key, max: LexBound, min: LexBound, start: int | None=..., num: int | None=...) -> Queued[list[Value]]:
        """Return the members from ``min`` to ``max``, where all have the same score, in descending order."""
    @overload
    def zrandmember(self, key: Key, count: None=..., withscores: Literal[False]=...) -> Queued[Value | None]:
        """Return members picked at random."""
    @overload
    def zrandmember(self, key: Key, count: int, withscores: Literal[False]=...) -> Queued[list[Value]]: ...
    @overload
    def zrandmember(self, key: Key, count: int, withscores: Literal[True]) -> Queued[list[tuple[Value, float]]]: ...
    @overload
    def zrandmember(self, key: Key, count: int, withscores: bool) -> Queued[list[Value]] | Queued[list[tuple[Value, float]]]: ...
    @overload
    def zscan(self, name: Key, cursor: int=..., match: Pattern | None=..., count: int | None=...) -> Queued[tuple[int, list[tuple[Value, float]]]]:
        """Return one page of the members of a sorted set."""
    @overload
    def zscan(self, name: Key, cursor: int=..., match: Pattern | None=..., count: int | None=..., *, score_cast_func: Callable[[float], Score]) -> Queued[tuple[int, list[tuple[Value, Score]]]]: ...
    @overload
    def zscan(self, name: Key, cursor: int=..., match: Pattern | None=..., count: int | None=..., *, no_scores: Literal[True]) -> Queued[tuple[int, list[Value]]]: ...

class QueuedCodedSortedSetCommands(Generic[Value]):
    @overload
    def zadd(self, name: Key, mapping: Mapping[Value, Encodable] | Iterable[tuple[Value, Encodable]], nx: bool=..., xx: bool=..., ch: bool=..., incr: Literal[False]=..., gt: bool=..., lt: bool=...) -> Queued[int]:
        """Add members, or change their scores."""
    @overload
    def zadd(self, name: Key, mapping: Mapping[Value, Encodable] | Iterable[tuple[Value, Encodable]], nx: bool=..., xx: bool=..., ch: bool=..., *, incr: Literal[True], gt: bool=..., lt: bool=...) -> Queued[float | None]: ...
    @overload
    def zadd(self, name: Key, mapping: Mapping[Value, Encodable] | Iterable[tuple[Value, Encodable]], nx: bool=..., xx: bool=..., ch: bool=..., incr: bool=..., gt: bool=..., lt: bool=...) -> Queued[int] | Queued[float | None]: ...
    def zincrby(self, name: Key, amount: float, value: Value) -> Queued[float]:
        """Add ``amount`` to the score of member ``value``; return the sum."""
    def zrem(self, name: Key, *values: Value) -> Queued[int]:
        """Remove members; return how many existed."""
    def zremrangebyrank(self, name: Key, min: int, max: int) -> Queued[int]:
        """Remove the members whose rank is from ``min`` to ``max``; return how many."""
    def zremrangebyscore(self, name: Key, min: ScoreBound, max: ScoreBound) -> Queued[int]:
        """Remove the members whose score is from ``min`` to ``max``; return how many."""
    def zremrangebylex(self, name: Key, min: LexBound, max: LexBound) -> Queued[int]:
        """Remove the members from ``min`` to ``max``, where all have the same score; return how many."""
    def zpopmax(self, name: Key, count: int | None=...) -> Queued[list[tuple[Value, float]]]:
        """Remove and return the members with the highest scores, with these scores."""
    def zpopmin(self, name: Key, count: int | None=...) -> Queued[list[tuple[Value, float]]]:
        """Remove and return the members with the lowest scores, with these scores."""
    def zmpop(self, num_keys: int, keys: Sequence[Key], min: bool=..., max: bool=..., count: int=...) -> Queued[tuple[str, list[tuple[Value, float]]] | None]:
        """Remove and return members of the first of several sorted sets that is not empty."""
    def bzpopmax(self, keys: Key | Iterable[Key], timeout: float | None=...) -> Queued[tuple[str, Value, float] | None]:
        """Remove the member with the highest score from the first sorted set that has any, waiting until there is one."""
    def bzpopmin(self, keys: Key | Iterable[Key], timeout: float | None=...) -> Queued[tuple[str, Value, float] | None]:
        """Remove the member with the lowest score from the first sorted set that has any, waiting until there is one."""
    def bzmpop(self, timeout: float | None, numkeys: int, keys: Sequence[Key], min: bool=..., max: bool=..., count: int=...) -> Queued[tuple[str, list[tuple[Value, float]]] | None]:
        """As :meth:`zmpop`, waiting until one of the sorted sets has a member."""
    def zcard(self, name: Key) -> Queued[int]:
        """Return the number of members."""
    def zcount(self, name: Key, min: ScoreBound, max: ScoreBound) -> Queued[int]:
        """Return the number of members whose score is from ``min`` to ``max``."""
    def zlexcount(self, name: Key, min: LexBound, max: LexBound) -> Queued[int]:
        """Return the number of members from ``min`` to ``max``, where all have the same score."""
    def zscore(self, name: Key, value: Value) -> Queued[float | None]:
        """Return the score of member ``value``, or None where it does not exist."""
    def zmscore(self, key: Key, members: Iterable[Value]) -> Queued[list[float | None]]:
        """Return the scores of several members, None for each that does not exist."""
    @overload
    def zrank(self, name: Key, value: Value, withscore: Literal[False]=..., score_cast_func: Callable[[float], Any]=...) -> Queued[int | None]:
        """Return the rank of member ``value``, 0 for the one with the lowest score."""
    @overload
    def zrank(self, name: Key, value: Value, withscore: Literal[True], score_cast_func: Callable[[float], Any]=...) -> Queued[list[Any] | None]: ...
    @overload
    def zrank(self, name: Key, value: Value, withscore: bool, score_cast_func: Callable[[float], Any]=...) -> Queued[int | list[Any] | None]: ...
    @overload
    def zrevrank(self, name: Key, value: Value, withscore: Literal[False]=..., score_cast_func: Callable[[float], Any]=...) -> Queued[int | None]:
        """Return the rank of member ``value``, 0 for the one with the highest score."""
    @overload
    def zrevrank(self, name: Key, value: Value, withscore: Literal[True], score_cast_func: Callable[[float], Any]=...) -> Queued[list[Any] | None]: ...
    @overload
    def zrevrank(self, name: Key, value: Value, withscore: bool, score_cast_func: Callable[[float], Any]=...) -> Queued[int | list[Any] | None]: ...

class QueuedCodedStreamCommands(Generic[Value]):
    @overload
    def xadd(self, name: Key, fields: Mapping[AnyField, Value], id: StreamId=..., maxlen: int | None=..., approximate: bool=..., nomkstream: Literal[False]=..., minid: StreamId | None=..., limit: int | None=..., ref_policy: ReferencePolicy | None=..., idmpauto: str | None=..., idmp: tuple[str, bytes] | None=...) -> Queued[str]:
        """Append an entry."""
    @overload
    def xadd(self, name: Key, fields: Mapping[AnyField, Value], id: StreamId=..., maxlen: int | None=..., approximate: bool=..., nomkstream: bool=..., minid: StreamId | None=..., limit: int | None=..., ref_policy: ReferencePolicy | None=..., idmpauto: str | None=..., idmp: tuple[str, bytes] | None=...) -> Queued[str | None]: ...
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
    def xrange(self, name: Key, min: StreamId=..., max: StreamId=..., count: int | None=...) -> Queued[list[tuple[str, dict[str, Value]]]]:
        """Return entries as pairs of id and fields, the oldest first."""
    def xrevrange(self, name: Key, max: StreamId=..., min: StreamId=..., count: int | None=...) -> Queued[list[tuple[str, dict[str, Value]]]]:
        """Return entries as pairs of id and fields, the newest first."""
    def xread(self, streams: Mapping[AnyField, StreamId], count: int | None=..., block: int | None=..., max_count: int | None=..., max_size: int | None=...) -> Queued[list[tuple[str, list[tuple[str, dict[str, Value]]]]]]:
        """Return the entries of several streams that follow a given id each."""
    def xinfo_stream(self, name: Key, full: bool=..., count: int | None=...) -> Queued[dict[str, Any]]:
        """Return what the server says about a stream, by the server's names such as ``"last-generated-id"``."""

class QueuedCodedStringCommands(Generic[Value]):
    def decr(self, name: Key, amount: int=...) -> Queued[int]:
        """Take 1 off the integer at ``name``, which counts as 0 where it does not exist."""
    def decrby(self, name: Key, amount: int=...) -> Queued[int]:
        """Take ``amount`` off the integer at ``name``, which counts as 0 where it does not exist."""
    def delex(self, name: Key, ifeq: Value | None=..., ifne: Value | None=..., ifdeq: str | None=..., ifdne: str | None=...) -> Queued[int]:
        """Delete ``name``, on a condition if one is given."""
    def delifeq(self, name: Key, value: Value) -> Queued[bool]:
        """Delete ``name`` if it holds exactly ``value``."""
    def digest(self, name: Key) -> Queued[str | None]:
        """Return the digest of a value in hexadecimal, for the conditions of :meth:`set` and :meth:`delex`."""
    def get(self, name: Key) -> Queued[Value | None]:
        """Return the value of ``name``, or None where it does not exist."""
    def getdel(self, name: Key) -> Queued[Value | None]:
        """Return the value of ``name`` and delete it."""
    def getex(self, name: Key, ex: Expiry | None=..., px: Expiry | None=..., exat: ExpiryTime | None=..., pxat: ExpiryTime | None=..., persist: bool=...) -> Queued[Value | None]:
        """Return the value of ``name`` and set or take away its expiry."""
    def getset(self, name: Key, value: Value) -> Queued[Value | None]:
        """Set ``name`` to ``value`` and return what it held before."""
    def incr(self, name: Key, amount: int=...) -> Queued[int]:
        """Add 1 to the integer at ``name``, which counts as 0 where it does not exist."""
    def incrby(self, name: Key, amount: int=...) -> Queued[int]:
        """Add ``amount`` to the integer at ``name``, which counts as 0 where it does not exist."""
    def incrbyfloat(self, name: Key, amount: float=...) -> Queued[float]:
        """Add ``amount`` to the number at ``name``, which counts as 0 where it does not exist."""
    def increx(self, name: Key, *, byfloat: float | None=..., byint: int | None=..., lbound: float | None=..., ubound: float | None=..., saturate: bool=..., ex: Expiry | None=..., px: Expiry | None=..., exat: ExpiryTime | None=..., pxat: ExpiryTime | None=..., persist: bool=..., enx: bool=..., nx: bool=..., xx: bool=...) -> Queued[list[Any]]:
        """Add to the number at ``name`` within bounds, and set when it expires, in one step."""
    def mget(self, keys: Key | Iterable[Key], *args: Key) -> Queued[list[Value | None]]:
        """Return the values of several keys in order, None for each that does not exist or is no string."""
    def mset(self, mapping: Mapping[AnyField, Value]) -> Queued[bool]:
        """Set several keys at once."""
    def msetex(self, mapping: Mapping[AnyField, Value], data_persist_option: str | None=..., ex: Expiry | None=..., px: Expiry | None=..., exat: ExpiryTime | None=..., pxat: ExpiryTime | None=..., keepttl: bool=...) -> Queued[int]:
        """Set several keys at once, with one expiry for all of them."""
    def msetnx(self, mapping: Mapping[AnyField, Value]) -> Queued[bool]:
        """Set several keys at once, if none of them exists."""
    def psetex(self, name: Key, time_ms: Expiry, value: Value) -> Queued[bool]:
        """Set ``name`` to ``value`` for ``time_ms`` milliseconds."""
    @overload
    def set(self, name: Key, value: Value, ex: Expiry | None=..., px: Expiry | None=..., nx: bool=..., xx: bool=..., keepttl: bool=..., get: Literal[False]=..., exat: ExpiryTime | None=..., pxat: ExpiryTime | None=..., ifeq: Value | None=..., ifne: Value | None=..., ifdeq: str | None=..., ifdne: str | None=...) -> Queued[bool | None]:
        """Set ``name`` to ``value``."""
    @overload
    def set(self, name: Key, value: Value, ex: Expiry | None=..., px: Expiry | None=..., nx: bool=..., xx: bool=..., keepttl: bool=..., *, get: Literal[True], exat: ExpiryTime | None=..., pxat: ExpiryTime | None=..., ifeq: Value | None=..., ifne: Value | None=..., ifdeq: str | None=..., ifdne: str | None=...) -> Queued[Value | None]: ...
    @overload
    def set(self, name: Key, value: Value, ex: Expiry | None=..., px: Expiry | None=..., nx: bool=..., xx: bool=..., keepttl: bool=..., get: bool=..., exat: ExpiryTime | None=..., pxat: ExpiryTime | None=..., ifeq: Value | None=..., ifne: Value | None=..., ifdeq: str | None=..., ifdne: str | None=...) -> Queued[bool | None] | Queued[Value | None]: ...
    def setex(self, name: Key, time: Expiry, value: Value) -> Queued[bool]:
        """Set ``name`` to ``value`` for ``time`` seconds."""
    def setnx(self, name: Key, value: Value) -> Queued[bool]:
        """Set ``name`` to ``value`` if it does not exist."""
    def strlen(self, name: Key) -> Queued[int]:
        """Return the length in bytes of the string at ``name``, 0 where it does not exist."""

class PipedCodedAdminCommands(PipedAclCommands[str], PipedClusterCommands[str], PipedConnectionCommands[str], PipedFunctionCommands[str], PipedCodedKeyCommands[Value], PipedCodedPubSubCommands[Value], PipedReplicationCommands[str], PipedScriptingCommands[str], PipedSentinelCommands[str], PipedServerCommands[str]): ...

class PipedCodedDataCommands(PipedCodedAdminCommands[Value], PipedCodedArrayCommands[Value], PipedBitmapCommands[str], PipedCodedConsumerGroupCommands[Value], PipedCodedGeoCommands[Value], PipedCodedHashCommands[Value], PipedHyperLogLogCommands[str], PipedCodedListCommands[Value], PipedModuleCommands[str], PipedCodedSetCommands[Value], PipedCodedSortedSetCombinationCommands[Value], PipedCodedSortedSetCommands[Value], PipedCodedSortedSetRangeCommands[Value], PipedCodedStreamCommands[Value], PipedCodedStringCommands[Value], PipedVectorSetCommands[str]): ...

class PipedCodedArrayCommands(Generic[Value]):
    def arcount(self, name: Key) -> CodedPipeline[Value]:
        """Return how many indexes have a value."""
    def ardel(self, name: Key, *indices: int) -> CodedPipeline[Value]:
        """Remove the values at some indexes; return how many there were."""
    def ardelrange(self, name: Key, *ranges: tuple[int, int]) -> CodedPipeline[Value]:
        """Remove the values in ranges of indexes, both ends included; return how many there were."""
    def arget(self, name: Key, index: int) -> CodedPipeline[Value]:
        """Return the value at ``index``, or None where there is none."""
    def argetrange(self, name: Key, start: int, end: int) -> CodedPipeline[Value]:
        """Return the values at indexes ``start`` to ``end``, both included, None where there is none."""
    def argrep(self, name: Key, start: ArrayBound, end: ArrayBound, predicates: Iterable[tuple[ArrayPredicate, Encodable]], combinator: Literal['AND', 'OR'] | None=..., limit: int | None=..., withvalues: bool=..., nocase: bool=...) -> CodedPipeline[Value]:
        """Find values."""
    def arinfo(self, name: Key, full: bool=...) -> CodedPipeline[Value]:
        """Return what the server says about the array, by the server's names such as ``"count"`` and ``"len"``."""
    def arinsert(self, name: Key, *values: Value) -> CodedPipeline[Value]:
        """Set values where the last insertion ended; return the index of the last of them."""
    def arlastitems(self, name: Key, count: int, rev: bool=...) -> CodedPipeline[Value]:
        """Return the values that were inserted last."""
    def arlen(self, name: Key) -> CodedPipeline[Value]:
        """Return the highest index that has a value, plus one."""
    def armget(self, name: Key, *indices: int) -> CodedPipeline[Value]:
        """Return the values at some indexes, None where there is none."""
    def armset(self, name: Key, mapping: Mapping[int, Value]) -> CodedPipeline[Value]:
        """Set values, given by index; return how many indexes had none before."""
    def arnext(self, name: Key) -> CodedPipeline[Value]:
        """Return the index where :meth:`arinsert` goes on, or None where there is none left."""
    def arop(self, name: Key, start: ArrayBound, end: ArrayBound, operation: ArrayOperation, value: Value | None=...) -> CodedPipeline[Value]:
        """Make one result of the values in a range."""
    def arring(self, name: Key, size: int, *values: Value) -> CodedPipeline[Value]:
        """Set values as :meth:`arinsert` does, beginning anew after ``size`` of them; return the last one's index."""
    def arscan(self, name: Key, start: int, end: int, limit: int | None=...) -> CodedPipeline[Value]:
        """Return index and value of each value in a range."""
    def arseek(self, name: Key, index: int) -> CodedPipeline[Value]:
        """Set the index where :meth:`arinsert` goes on; return 1, or 0 where there is no such array."""
    def arset(self, name: Key, index: int, *values: Value) -> CodedPipeline[Value]:
        """Set values at ``index`` and those that follow; return how many of these had none before."""

class PipedCodedConsumerGroupCommands(Generic[Value]):
    @overload
    def xreadgroup(self, groupname: Key, consumername: Key, streams: Mapping[AnyField, StreamId], count: int | None=..., block: int | None=..., noack: bool=..., claim_min_idle_time: None=..., max_count: int | None=..., max_size: int | None=...) -> CodedPipeline[Value]:
        """Return entries of several streams as one consumer of a group."""
    @overload
    def xreadgroup(self, groupname: Key, consumername: Key, streams: Mapping[AnyField, StreamId], count: int | None=..., block: int | None=..., noack: bool=..., claim_min_idle_time: int | None=..., max_count: int | None=..., max_size: int | None=...) -> CodedPipeline[Value]: ...
    def xack(self, name: Key, groupname: Key, *ids: StreamId) -> CodedPipeline[Value]:
        """Acknowledge entries; return how many were waiting for that."""
    def xackdel(self, name: Key, groupname: Key, *ids: StreamId, ref_policy: ReferencePolicy=...) -> CodedPipeline[Value]:
        """Acknowledge entries and remove them."""
    def xnack(self, name: Key, groupname: Key, mode: Literal['SILENT', 'FAIL', 'FATAL'], *ids: StreamId, retrycount: int | None=..., force: bool=...) -> CodedPipeline[Value]:
        """Give entries back to the group, so that another consumer gets them at once; return how many."""
    def xpending(self, name: Key, groupname: Key) -> CodedPipeline[Value]:
        """Return how many entries a group has not acknowledged, their lowest and highest id, and whose they are."""
    def xpending_range(self, name: Key, groupname: Key, min: StreamId, max: StreamId, count: int, consumername: Key | None=..., idle: int | None=...) -> CodedPipeline[Value]:
        """Return entries that a group has not acknowledged."""
    @overload
    def xclaim(self, name: Key, groupname: Key, consumername: Key, min_idle_time: int, message_ids: Iterable[StreamId], idle: int | None=..., time: int | None=..., retrycount: int | None=..., force: bool=..., justid: Literal[False]=...) -> CodedPipeline[Value]:
        """Make a consumer the owner of entries that another one got and did not acknowledge."""
    @overload
    def xclaim(self, name: Key, groupname: Key, consumername: Key, min_idle_time: int, message_ids: Iterable[StreamId], idle: int | None=..., time: int | None=..., retrycount: int | None=..., force: bool=..., *, justid: Literal[True]) -> CodedPipeline[Value]: ...
    @overload
    def xclaim(self, name: Key, groupname: Key, consumername: Key, min_idle_time: int, message_ids: Iterable[StreamId], idle: int | None=..., time: int | None=..., retrycount: int | None=..., force: bool=..., justid: bool=...) -> CodedPipeline[Value]: ...
    @overload
    def xautoclaim(self, name: Key, groupname: Key, consumername: Key, min_idle_time: int, start_id: StreamId=..., count: int | None=..., justid: Literal[False]=...) -> CodedPipeline[Value]:
        """Make a consumer the owner of whatever others got and did not acknowledge in time."""
    @overload
    def xautoclaim(self, name: Key, groupname: Key, consumername: Key, min_idle_time: int, start_id: StreamId=..., count: int | None=..., *, justid: Literal[True]) -> CodedPipeline[Value]: ...
    @overload
    def xautoclaim(self, name: Key, groupname: Key, consumername: Key, min_idle_time: int, start_id: StreamId=..., count: int | None=..., justid: bool=...) -> CodedPipeline[Value]: ...
    def xgroup_create(self, name: Key, groupname: Key, id: StreamId=..., mkstream: bool=..., entries_read: int | None=...) -> CodedPipeline[Value]:
        """Make a consumer group."""
    def xgroup_setid(self, name: Key, groupname: Key, id: StreamId, entries_read: int | None=...) -> CodedPipeline[Value]:
        """Set the last id a group is taken to have read, and how many entries."""
    def xgroup_destroy(self, name: Key, groupname: Key) -> CodedPipeline[Value]:
        """Remove a consumer group; return whether there was one."""
    def xgroup_createconsumer(self, name: Key, groupname: Key, consumername: Key) -> CodedPipeline[Value]:
        """Make a consumer; return 1, or 0 where it exists."""
    def xgroup_delconsumer(self, name: Key, groupname: Key, consumername: Key) -> CodedPipeline[Value]:
        """Remove a consumer; return how many entries it had not acknowledged."""
    def xinfo_groups(self, name: Key) -> CodedPipeline[Value]:
        """Return what the server says about each consumer group of a stream."""
    def xinfo_consumers(self, name: Key, groupname: Key) -> CodedPipeline[Value]:
        """Return what the server says about each consumer of a group."""

class PipedCodedGeoCommands(Generic[Value]):
    def geoadd(self, name: Key, values: Sequence[Any], nx: bool=..., xx: bool=..., ch: bool=...) -> CodedPipeline[Value]:
        """Add places, or move them."""
    def geodist(self, name: Key, place1: Value, place2: Value, unit: str | None=...) -> CodedPipeline[Value]:
        """Return the distance between two members, or None where one does not exist."""
    def geohash(self, name: Key, *values: Value) -> CodedPipeline[Value]:
        """Return the geohash text of members, None for each that does not exist."""
    def geopos(self, name: Key, *values: Value) -> CodedPipeline[Value]:
        """Return longitude and latitude of members, None for each that does not exist."""
    @overload
    def geosearch(self, name: Key, member: Value | None=..., longitude: float | None=..., latitude: float | None=..., unit: str=..., radius: float | None=..., width: float | None=..., height: float | None=..., sort: str | None=..., count: int | None=..., any: bool=..., withcoord: Literal[False]=..., withdist: Literal[False]=..., withhash: Literal[False]=..., polygon: Sequence[tuple[float, float]] | None=...) -> CodedPipeline[Value]:
        """Return the members within a circle, a rectangle or a polygon."""
    @overload
    def geosearch(self, name: Key, member: Value | None=..., longitude: float | None=..., latitude: float | None=..., unit: str=..., radius: float | None=..., width: float | None=..., height: float | None=..., sort: str | None=..., count: int | None=..., any: bool=..., withcoord: bool=..., withdist: bool=..., withhash: bool=..., polygon: Sequence[tuple[float, float]] | None=...) -> CodedPipeline[Value]: ...
    def geosearchstore(self, dest: Key, name: Key, member: Value | None=..., longitude: float | None=..., latitude: float | None=..., unit: str=..., radius: float | None=..., width: float | None=..., height: float | None=..., sort: str | None=..., count: int | None=..., any: bool=..., storedist: bool=..., polygon: Sequence[tuple[float, float]] | None=...) -> CodedPipeline[Value]:
        """Store the members within an area as the sorted set ``dest``; else as :meth:`geosearch`."""
    @overload
    def georadius(self, name: Key, longitude: float, latitude: float, radius: float, unit: str | None=..., withdist: Literal[False]=..., withcoord: Literal[False]=..., withhash: Literal[False]=..., count: int | None=..., sort: str | None=..., store: None=..., store_dist: None=..., any: bool=...) -> CodedPipeline[Value]:
        """Return or store the members within a circle; :meth:`geosearch` is its successor."""
    @overload
    def georadius(self, name: Key, longitude: float, latitude: float, radius: float, unit: str | None=..., withdist: bool=..., withcoord: bool=..., withhash: bool=..., count: int | None=..., sort: str | None=..., store: None=..., store_dist: None=..., any: bool=...) -> CodedPipeline[Value]: ...
    @overload
    def georadius(self, name: Key, longitude: float, latitude: float, radius: float, unit: str | None=..., withdist: Literal[False]=..., withcoord: Literal[False]=..., withhash: Literal[False]=..., count: int | None=..., sort: str | None=..., *, store: Key, store_dist: None=..., any: bool=...) -> CodedPipeline[Value]: ...
    @overload
    def georadius(self, name: Key, longitude: float, latitude: float, radius: float, unit: str | None=..., withdist: Literal[False]=..., withcoord: Literal[False]=..., withhash: Literal[False]=..., count: int | None=..., sort: str | None=..., store: None=..., *, store_dist: Key, any: bool=...) -> CodedPipeline[Value]: ...
    @overload
    def georadiusbymember(self, name: Key, member: Value, radius: float, unit: str | None=..., withdist: Literal[False]=..., withcoord: Literal[False]=..., withhash: Literal[False]=..., count: int | None=..., sort: str | None=..., store: None=..., store_dist: None=..., any: bool=...) -> CodedPipeline[Value]:
        """Return or store the members within a circle; :meth:`geosearch` is its successor."""
    @overload
    def georadiusbymember(self, name: Key, member: Value, radius: float, unit: str | None=..., withdist: bool=..., withcoord: bool=..., withhash: bool=..., count: int | None=..., sort: str | None=..., store: None=..., store_dist: None=..., any: bool=...) -> CodedPipeline[Value]: ...
    @overload
    def georadiusbymember(self, name: Key, member: Value, radius: float, unit: str | None=..., withdist: Literal[False]=..., withcoord: Literal[False]=..., withhash: Literal[False]=..., count: int | None=..., sort: str | None=..., *, store: Key, store_dist: None=..., any: bool=...) -> CodedPipeline[Value]: ...
    @overload
    def georadiusbymember(self, name: Key, member: Value, radius: float, unit: str | None=..., withdist: Literal[False]=..., withcoord: Literal[False]=..., withhash: Literal[False]=..., count: int | None=..., sort: str | None=..., store: None=..., *, store_dist: Key, any: bool=...) -> CodedPipeline[Value]: ...

class PipedCodedHashCommands(Generic[Value]):
    def hget(self, name: Key, key: Encodable) -> CodedPipeline[Value]:
        """Return the value of field ``key``, or None where it does not exist."""
    def hgetall(self, name: Key) -> CodedPipeline[Value]:
        """Return all fields with their values; an empty dict where there is no such hash."""
    def hmget(self, name: Key, keys: Encodable | Iterable[Encodable], *args: Encodable) -> CodedPipeline[Value]:
        """Return the values of several fields, None for each that does not exist."""
    def hkeys(self, name: Key) -> CodedPipeline[Value]:
        """Return all fields."""
    def hvals(self, name: Key) -> CodedPipeline[Value]:
        """Return the values of all fields."""
    def hlen(self, name: Key) -> CodedPipeline[Value]:
        """Return the number of fields."""
    def hexists(self, name: Key, key: Encodable) -> CodedPipeline[Value]:
        """Return whether field ``key`` exists."""
    def hstrlen(self, name: Key, key: Encodable) -> CodedPipeline[Value]:
        """Return the length in bytes of the value of field ``key``, 0 where it does not exist."""
    @overload
    def hrandfield(self, key: Key, count: None=..., withvalues: Literal[False]=...) -> CodedPipeline[Value]:
        """Return fields picked at random."""
    @overload
    def hrandfield(self, key: Key, count: int, withvalues: bool=...) -> CodedPipeline[Value]: ...
    @overload
    def hscan(self, name: Key, cursor: int=..., match: Pattern | None=..., count: int | None=..., no_values: Literal[False] | None=...) -> CodedPipeline[Value]:
        """Return one page of the fields of a hash."""
    @overload
    def hscan(self, name: Key, cursor: int=..., match: Pattern | None=..., count: int | None=..., *, no_values: Literal[True]) -> CodedPipeline[Value]: ...
    @overload
    def hscan(self, name: Key, cursor: int=..., match: Pattern | None=..., count: int | None=..., no_values: bool | None=...) -> CodedPipeline[Value]: ...
    def hset(self, name: Key, key: Encodable | None=..., value: Value | None=..., mapping: Mapping[AnyField, Value] | None=..., items: Sequence[Any] | None=...) -> CodedPipeline[Value]:
        """Set fields."""
    def hsetnx(self, name: Key, key: Encodable, value: Value) -> CodedPipeline[Value]:
        """Set field ``key`` unless it exists; return 1 where it was set, else 0."""
    def hmset(self, name: Key, mapping: Mapping[AnyField, Value]) -> CodedPipeline[Value]:
        """Set several fields; :meth:`hset` does the same and tells how many were new."""
    def hdel(self, name: Key, *keys: Encodable) -> CodedPipeline[Value]:
        """Remove fields; return how many existed."""
    def hincrby(self, name: Key, key: Encodable, amount: int=...) -> CodedPipeline[Value]:
        """Add ``amount`` to the integer in field ``key``; return the sum."""
    def hincrbyfloat(self, name: Key, key: Encodable, amount: float=...) -> CodedPipeline[Value]:
        """Add ``amount`` to the number in field ``key``; return the sum."""
    def hgetex(self, name: Key, *keys: Encodable, ex: Expiry | None=..., px: Expiry | None=..., exat: ExpiryTime | None=..., pxat: ExpiryTime | None=..., persist: bool=...) -> CodedPipeline[Value]:
        """Return the values of fields and change when these fields expire."""
    def hgetdel(self, name: Key, *keys: Encodable) -> CodedPipeline[Value]:
        """Return the values of fields and remove these fields."""
    def hsetex(self, name: Key, key: Encodable | None=..., value: Value | None=..., mapping: Mapping[AnyField, Value] | None=..., items: Sequence[Any] | None=..., ex: Expiry | None=..., px: Expiry | None=..., exat: ExpiryTime | None=..., pxat: ExpiryTime | None=..., data_persist_option: Literal['FNX', 'FXX'] | None=..., keepttl: bool=..., nx: bool=..., xx: bool=...) -> CodedPipeline[Value]:
        """Set fields together with when they expire."""
    def hexpire(self, name: Key, seconds: Expiry, *fields: Encodable, nx: bool=..., xx: bool=..., gt: bool=..., lt: bool=...) -> CodedPipeline[Value]:
        """Let fields expire after ``seconds``."""
    def hpexpire(self, name: Key, milliseconds: Expiry, *fields: Encodable, nx: bool=..., xx: bool=..., gt: bool=..., lt: bool=...) -> CodedPipeline[Value]:
        """Let fields expire after ``milliseconds`` (or a timedelta); else as :meth:`hexpire`."""
    def hexpireat(self, name: Key, unix_time_seconds: ExpiryTime, *fields: Encodable, nx: bool=..., xx: bool=..., gt: bool=..., lt: bool=...) -> CodedPipeline[Value]:
        """Let fields expire at a time, given in seconds since 1970 or as a datetime; else as :meth:`hexpire`."""
    def hpexpireat(self, name: Key, unix_time_milliseconds: ExpiryTime, *fields: Encodable, nx: bool=..., xx: bool=..., gt: bool=..., lt: bool=...) -> CodedPipeline[Value]:
        """Let fields expire at a time, given in milliseconds since 1970 or as a datetime; else as :meth:`hexpire`."""
    def hpersist(self, name: Key, *fields: Encodable) -> CodedPipeline[Value]:
        """Let fields no longer expire."""
    def httl(self, key: Key, *fields: Encodable) -> CodedPipeline[Value]:
        """Return in how many seconds each field expires, -1 where it does not, -2 where there is no such field."""
    def hpttl(self, key: Key, *fields: Encodable) -> CodedPipeline[Value]:
        """Return in how many milliseconds each field expires; else as :meth:`httl`."""
    def hexpiretime(self, key: Key, *fields: Encodable) -> CodedPipeline[Value]:
        """Return when each field expires, in seconds since 1970; else as :meth:`httl`."""
    def hpexpiretime(self, key: Key, *fields: Encodable) -> CodedPipeline[Value]:
        """Return when each field expires, in milliseconds since 1970; else as :meth:`httl`."""

class PipedCodedKeyCommands(Generic[Value]):
    def copy(self, source: Key, destination: Key, destination_db: int | None=..., replace: bool=...) -> CodedPipeline[Value]:
        """Copy a key."""
    def delete(self, *names: Key) -> CodedPipeline[Value]:
        """Delete keys."""
    def dump(self, name: Key) -> CodedPipeline[Value]:
        """Return the value in the server's own form, for :meth:`restore`; always bytes."""
    def exists(self, *names: Key) -> CodedPipeline[Value]:
        """Count those of the keys that exist; one given twice counts twice."""
    def expire(self, name: Key, time: Expiry, nx: bool=..., xx: bool=..., gt: bool=..., lt: bool=...) -> CodedPipeline[Value]:
        """Let a key expire in ``time`` seconds."""
    def expireat(self, name: Key, when: ExpiryTime, nx: bool=..., xx: bool=..., gt: bool=..., lt: bool=...) -> CodedPipeline[Value]:
        """Let a key expire at a point in time."""
    def expiretime(self, key: Key) -> CodedPipeline[Value]:
        """Return when a key expires, in seconds since 1970: -1 for never, -2 where it does not exist."""
    def keys(self, pattern: Pattern=...) -> CodedPipeline[Value]:
        """Return all keys that match ``pattern``. The server does nothing else meanwhile: prefer :meth:`scan_iter`."""
    def migrate(self, host: str, port: int, keys: Key | Iterable[Key], destination_db: int, timeout: int, copy: bool=..., replace: bool=..., auth: str | None=..., username: str | None=...) -> CodedPipeline[Value]:
        """Move keys to another server."""
    def move(self, name: Key, db: int, replace: bool=...) -> CodedPipeline[Value]:
        """Move a key to another database of the server."""
    def object(self, infotype: str, key: Key) -> CodedPipeline[Value]:
        """Ask how the server keeps a value."""
    def object_encoding(self, key: Key) -> CodedPipeline[Value]:
        """Return the name of the form in which a value is kept, such as ``"listpack"``."""
    def object_freq(self, key: Key) -> CodedPipeline[Value]:
        """Return how often a key is used, on a logarithmic scale."""
    def object_idletime(self, key: Key) -> CodedPipeline[Value]:
        """Return for how many seconds a key was not used."""
    def object_refcount(self, key: Key) -> CodedPipeline[Value]:
        """Return how many references the server holds to a value."""
    def persist(self, name: Key) -> CodedPipeline[Value]:
        """Take a key's expiry away."""
    def pexpire(self, name: Key, time: Expiry, nx: bool=..., xx: bool=..., gt: bool=..., lt: bool=...) -> CodedPipeline[Value]:
        """Let a key expire in ``time`` milliseconds; the options are :meth:`expire`'s."""
    def pexpireat(self, name: Key, when: ExpiryTime, nx: bool=..., xx: bool=..., gt: bool=..., lt: bool=...) -> CodedPipeline[Value]:
        """Let a key expire at a point in time, in milliseconds since 1970; the options are :meth:`expire`'s."""
    def pexpiretime(self, key: Key) -> CodedPipeline[Value]:
        """Return when a key expires, in milliseconds since 1970: -1 for never, -2 where it does not exist."""
    def pttl(self, name: Key) -> CodedPipeline[Value]:
        """Return in how many milliseconds a key expires: -1 for never, -2 where it does not exist."""
    def randomkey(self) -> CodedPipeline[Value]:
        """Return some key, None where there is none."""
    def rename(self, src: Key, dst: Key) -> CodedPipeline[Value]:
        """Rename a key; ``dst`` is overwritten."""
    def renamenx(self, src: Key, dst: Key) -> CodedPipeline[Value]:
        """Rename a key if ``dst`` does not exist."""
    def restore(self, name: Key, ttl: int, value: bytes | bytearray | memoryview, replace: bool=..., absttl: bool=..., idletime: int | None=..., frequency: int | None=...) -> CodedPipeline[Value]:
        """Make a key of what :meth:`dump` returned."""
    def scan(self, cursor: int=..., match: Pattern | None=..., count: int | None=..., _type: str | None=...) -> CodedPipeline[Value]:
        """Return some keys, and the cursor with which to ask for more."""
    @overload
    def sort(self, name: Key, start: int | None=..., num: int | None=..., by: Key | None=..., get: None=..., desc: bool=..., alpha: bool=..., store: None=..., groups: Literal[False] | None=...) -> CodedPipeline[Value]:
        """Sort the elements of a list, set or sorted set, and return or store them."""
    @overload
    def sort(self, name: Key, start: int | None=..., num: int | None=..., by: Key | None=..., *, get: Key | Sequence[Key], desc: bool=..., alpha: bool=..., store: None=..., groups: Literal[False] | None=...) -> CodedPipeline[Value]: ...
    @overload
    def sort(self, name: Key, start: int | None=..., num: int | None=..., by: Key | None=..., *, get: Key | Sequence[Key], desc: bool=..., alpha: bool=..., store: None=..., groups: Literal[True]) -> CodedPipeline[Value]: ...
    @overload
    def sort(self, name: Key, start: int | None=..., num: int | None=..., by: Key | None=..., get: Key | Sequence[Key] | None=..., desc: bool=..., alpha: bool=..., *, store: Key, groups: Literal[False] | None=...) -> CodedPipeline[Value]: ...
    @overload
    def sort_ro(self, key: Key, start: int | None=..., num: int | None=..., by: Key | None=..., get: None=..., desc: bool=..., alpha: bool=...) -> CodedPipeline[Value]:
        """As :meth:`sort`, but never storing anything, so that a replica may answer."""
    @overload
    def sort_ro(self, key: Key, start: int | None=..., num: int | None=..., by: Key | None=..., *, get: Key | Sequence[Key], desc: bool=..., alpha: bool=...) -> CodedPipeline[Value]: ...
    def touch(self, *args: Key) -> CodedPipeline[Value]:
        """Mark keys as used just now."""
    def ttl(self, name: Key) -> CodedPipeline[Value]:
        """Return in how many seconds a key expires: -1 for never, -2 where it does not exist."""
    def type(self, name: Key) -> CodedPipeline[Value]:
        """Return the kind of value a key holds, such as ``"hash"``; ``"none"`` where it does not exist."""
    def unlink(self, *names: Key) -> CodedPipeline[Value]:
        """Delete keys; the server frees their memory afterwards in the background."""

class PipedCodedListCommands(Generic[Value]):
    def blmove(self, first_list: Key, second_list: Key, timeout: float | None, src: str=..., dest: str=...) -> CodedPipeline[Value]:
        """As :meth:`lmove`, waiting until there is an element."""
    def blmovem(self, first_list: Key, second_list: Key, timeout: float | None, src: str=..., dest: str=..., count: int | None=..., mode: Literal['COUNT', 'EXACTLY'] | None=..., ordering: Literal['OBO', 'BULK'] | None=...) -> CodedPipeline[Value]:
        """As :meth:`lmovem`, waiting until there are elements enough."""
    def blmpop(self, timeout: float | None, numkeys: int, *args: Key, direction: str, count: int | None=...) -> CodedPipeline[Value]:
        """As :meth:`lmpop`, waiting until one of the lists has an element."""
    def blpop(self, keys: Key | Iterable[Key], timeout: float | None=...) -> CodedPipeline[Value]:
        """Take an element off the left end of the first list that has any, waiting until there is one."""
    def brpop(self, keys: Key | Iterable[Key], timeout: float | None=...) -> CodedPipeline[Value]:
        """Take an element off the right end of the first list that has any, waiting until there is one."""
    def brpoplpush(self, src: Key, dst: Key, timeout: float | None=...) -> CodedPipeline[Value]:
        """As :meth:`rpoplpush`, waiting until there is an element."""
    def lindex(self, name: Key, index: int) -> CodedPipeline[Value]:
        """Return the element at ``index``, negative from the end; None where there is none."""
    def linsert(self, name: Key, where: str, refvalue: Value, value: Value) -> CodedPipeline[Value]:
        """Insert ``value`` beside the first element that equals ``refvalue``."""
    def llen(self, name: Key) -> CodedPipeline[Value]:
        """Return the length of the list, 0 where there is none."""
    def lmove(self, first_list: Key, second_list: Key, src: str=..., dest: str=...) -> CodedPipeline[Value]:
        """Take an element off one list and push it onto another."""
    def lmovem(self, first_list: Key, second_list: Key, src: str=..., dest: str=..., count: int | None=..., mode: Literal['COUNT', 'EXACTLY'] | None=..., ordering: Literal['OBO', 'BULK'] | None=...) -> CodedPipeline[Value]:
        """Take elements off one list and push them onto another."""
    def lmpop(self, num_keys: int, *args: Key, direction: str, count: int | None=...) -> CodedPipeline[Value]:
        """Take elements off the first of several lists that has any."""
    @overload
    def lpop(self, name: Key, count: None=...) -> CodedPipeline[Value]:
        """Take elements off the left end."""
    @overload
    def lpop(self, name: Key, count: int) -> CodedPipeline[Value]: ...
    @overload
    def lpos(self, name: Key, value: Value, rank: int | None=..., count: None=..., maxlen: int | None=...) -> CodedPipeline[Value]:
        """Find elements that equal ``value``."""
    @overload
    def lpos(self, name: Key, value: Value, rank: int | None=..., *, count: int, maxlen: int | None=...) -> CodedPipeline[Value]: ...
    def lpush(self, name: Key, *values: Value) -> CodedPipeline[Value]:
        """Push elements onto the left end, one after the other."""
    def lpushx(self, name: Key, *values: Value) -> CodedPipeline[Value]:
        """As :meth:`lpush`, if the list exists."""
    def lrange(self, name: Key, start: int, end: int) -> CodedPipeline[Value]:
        """Return elements ``start`` to ``end``, both included, negative from the end."""
    def lrem(self, name: Key, count: int, value: Value) -> CodedPipeline[Value]:
        """Remove elements that equal ``value``."""
    def lset(self, name: Key, index: int, value: Value) -> CodedPipeline[Value]:
        """Replace the element at ``index``, negative from the end."""
    def ltrim(self, name: Key, start: int, end: int) -> CodedPipeline[Value]:
        """Keep elements ``start`` to ``end`` only, both included, negative from the end."""
    @overload
    def rpop(self, name: Key, count: None=...) -> CodedPipeline[Value]:
        """Take elements off the right end."""
    @overload
    def rpop(self, name: Key, count: int) -> CodedPipeline[Value]: ...
    def rpoplpush(self, src: Key, dst: Key) -> CodedPipeline[Value]:
        """Take an element off the right end of ``src`` and push it onto the left end of ``dst``."""
    def rpush(self, name: Key, *values: Value) -> CodedPipeline[Value]:
        """Push elements onto the right end, one after the other."""
    def rpushx(self, name: Key, *values: Value) -> CodedPipeline[Value]:
        """As :meth:`rpush`, if the list exists."""

class PipedCodedPubSubCommands(Generic[Value]):
    def publish(self, channel: Key, message: Value) -> CodedPipeline[Value]:
        """Send ``message`` to everyone who listens to ``channel``."""
    def pubsub_channels(self, pattern: Pattern=...) -> CodedPipeline[Value]:
        """Return the channels that have subscribers and match ``pattern``."""
    def pubsub_numpat(self) -> CodedPipeline[Value]:
        """Return how many distinct patterns clients are subscribed to."""
    def pubsub_numsub(self, *args: Key) -> CodedPipeline[Value]:
        """Return each of the channels with the number of its subscribers."""
    def pubsub_shardchannels(self, pattern: Pattern=...) -> CodedPipeline[Value]:
        """Return the shard channels that have subscribers and match ``pattern``."""
    def pubsub_shardnumsub(self, *args: Key) -> CodedPipeline[Value]:
        """Return each of the shard channels with the number of its subscribers."""
    def spublish(self, shard_channel: Key, message: Value) -> CodedPipeline[Value]:
        """Send ``message`` to everyone who listens to ``shard_channel`` within its shard."""

class PipedCodedSetCommands(Generic[Value]):
    def sadd(self, name: Key, *values: Value) -> CodedPipeline[Value]:
        """Add members."""
    def scard(self, name: Key) -> CodedPipeline[Value]:
        """Return the number of members."""
    def sdiff(self, keys: Key | Iterable[Key], *args: Key) -> CodedPipeline[Value]:
        """Return the members of the first set that are in none of the others."""
    def sdiffcard(self, numkeys: int, keys: Iterable[Key], limit: int=...) -> CodedPipeline[Value]:
        """Count the members of the first set that are in none of the others."""
    def sdiffstore(self, dest: Key, keys: Key | Iterable[Key], *args: Key) -> CodedPipeline[Value]:
        """Store at ``dest`` the members of the first set that are in none of the others."""
    def sinter(self, keys: Key | Iterable[Key], *args: Key) -> CodedPipeline[Value]:
        """Return the members that are in every set."""
    def sintercard(self, numkeys: int, keys: Iterable[Key], limit: int=...) -> CodedPipeline[Value]:
        """Count the members that are in every set."""
    def sinterstore(self, dest: Key, keys: Key | Iterable[Key], *args: Key) -> CodedPipeline[Value]:
        """Store at ``dest`` the members that are in every set."""
    @overload
    def sismember(self, name: Key, value: Value, xx: Literal[False]=...) -> CodedPipeline[Value]:
        """Tell whether ``value`` is a member."""
    @overload
    def sismember(self, name: Key, value: Value, xx: bool) -> CodedPipeline[Value]: ...
    def smembers(self, name: Key) -> CodedPipeline[Value]:
        """Return all members."""
    def smismember(self, name: Key, values: Iterable[Value], *args: Value) -> CodedPipeline[Value]:
        """Tell of each of the values whether it is a member."""
    def smove(self, src: Key, dst: Key, value: Value) -> CodedPipeline[Value]:
        """Move a member from one set to another."""
    @overload
    def spop(self, name: Key, count: None=...) -> CodedPipeline[Value]:
        """Remove members at random and return them."""
    @overload
    def spop(self, name: Key, count: int) -> CodedPipeline[Value]: ...
    @overload
    def srandmember(self, name: Key, number: None=...) -> CodedPipeline[Value]:
        """Return members at random."""
    @overload
    def srandmember(self, name: Key, number: int) -> CodedPipeline[Value]: ...
    def srem(self, name: Key, *values: Value) -> CodedPipeline[Value]:
        """Remove members."""
    def sscan(self, name: Key, cursor: int=..., match: Pattern | None=..., count: int | None=...) -> CodedPipeline[Value]:
        """Return some members, and the cursor with which to ask for more."""
    def sunion(self, keys: Key | Iterable[Key], *args: Key) -> CodedPipeline[Value]:
        """Return the members that are in any of the sets."""
    def sunioncard(self, numkeys: int, keys: Iterable[Key], limit: int=..., approx: bool=...) -> CodedPipeline[Value]:
        """Count the members that are in any of the sets."""
    def sunionstore(self, dest: Key, keys: Key | Iterable[Key], *args: Key) -> CodedPipeline[Value]:
        """Store at ``dest`` the members that are in any of the sets."""

class PipedCodedSortedSetCombinationCommands(Generic[Value]):
    @overload
    def zunion(self, keys: Iterable[Key] | Mapping[AnyField, float], aggregate: str | None=..., withscores: Literal[False]=..., score_cast_func: Callable[[float], Any]=...) -> CodedPipeline[Value]:
        """Return the members that are in any of several sorted sets."""
    @overload
    def zunion(self, keys: Iterable[Key] | Mapping[AnyField, float], aggregate: str | None=..., *, withscores: Literal[True]) -> CodedPipeline[Value]: ...
    @overload
    def zunion(self, keys: Iterable[Key] | Mapping[AnyField, float], aggregate: str | None=..., *, withscores: Literal[True], score_cast_func: Callable[[float], Score]) -> CodedPipeline[Value]: ...
    @overload
    def zunion(self, keys: Iterable[Key] | Mapping[AnyField, float], aggregate: str | None=..., withscores: bool=..., score_cast_func: Callable[[float], Any]=...) -> CodedPipeline[Value]: ...
    @overload
    def zinter(self, keys: Iterable[Key] | Mapping[AnyField, float], aggregate: str | None=..., withscores: Literal[False]=...) -> CodedPipeline[Value]:
        """Return the members that are in all of several sorted sets."""
    @overload
    def zinter(self, keys: Iterable[Key] | Mapping[AnyField, float], aggregate: str | None=..., *, withscores: Literal[True]) -> CodedPipeline[Value]: ...
    @overload
    def zinter(self, keys: Iterable[Key] | Mapping[AnyField, float], aggregate: str | None=..., withscores: bool=...) -> CodedPipeline[Value]: ...
    @overload
    def zdiff(self, keys: Iterable[Key], withscores: Literal[False]=...) -> CodedPipeline[Value]:
        """Return the members of the first of several sorted sets that are in none of the others."""
    @overload
    def zdiff(self, keys: Iterable[Key], withscores: Literal[True]) -> CodedPipeline[Value]: ...
    @overload
    def zdiff(self, keys: Iterable[Key], withscores: bool) -> CodedPipeline[Value]: ...
    def zunionstore(self, dest: Key, keys: Iterable[Key] | Mapping[AnyField, float], aggregate: str | None=...) -> CodedPipeline[Value]:
        """Store the members that are in any of several sorted sets as the sorted set ``dest``."""
    def zinterstore(self, dest: Key, keys: Iterable[Key] | Mapping[AnyField, float], aggregate: str | None=...) -> CodedPipeline[Value]:
        """Store the members that are in all of several sorted sets as the sorted set ``dest``."""
    def zdiffstore(self, dest: Key, keys: Iterable[Key]) -> CodedPipeline[Value]:
        """Store the members of the first sorted set that are in none of the others; return how many."""
    def zintercard(self, numkeys: int, keys: Sequence[Key], limit: int=...) -> CodedPipeline[Value]:
        """Return how many members are in all of several sorted sets."""

class PipedCodedSortedSetRangeCommands(Generic[Value]):
    @overload
    def zrange(self, name: Key, start: Encodable, end: Encodable, desc: bool=..., withscores: Literal[False]=..., score_cast_func: Callable[[float], Any]=..., byscore: bool=..., bylex: bool=..., offset: int | None=..., num: int | None=..., xx: Literal[False]=...) -> CodedPipeline[Value]:
        """Return the members in a range of ranks, scores or names, in ascending order."""
    @overload
    def zrange(self, name: Key, start: Encodable, end: Encodable, desc: bool=..., *, withscores: Literal[True], byscore: bool=..., bylex: bool=..., offset: int | None=..., num: int | None=..., xx: Literal[False]=...) -> CodedPipeline[Value]: ...
    @overload
    def zrange(self, name: Key, start: Encodable, end: Encodable, desc: bool=..., *, withscores: Literal[True], score_cast_func: Callable[[float], Score], byscore: bool=..., bylex: bool=..., offset: int | None=..., num: int | None=..., xx: Literal[False]=...) -> CodedPipeline[Value]: ...
    @overload
    def zrange(self, name: Key, start: Encodable, end: Encodable, desc: bool=..., withscores: bool=..., score_cast_func: Callable[[float], Any]=..., byscore: bool=..., bylex: bool=..., offset: int | None=..., num: int | None=..., xx: Literal[False]=...) -> CodedPipeline[Value]: ...
    @overload
    def zrange(self, name: Key, start: Encodable, end: Encodable, desc: bool=..., withscores: Literal[False]=..., score_cast_func: Callable[[float], Any]=..., byscore: bool=..., bylex: bool=..., offset: int | None=..., num: int | None=..., *, xx: Literal[True]) -> CodedPipeline[Value]: ...
    @overload
    def zrange(self, name: Key, start: Encodable, end: Encodable, desc: bool=..., *, withscores: Literal[True], score_cast_func: Callable[[float], Any]=..., byscore: bool=..., bylex: bool=..., offset: int | None=..., num: int | None=..., xx: Literal[True]) -> CodedPipeline[Value]: ...
    def zrangestore(self, dest: Key, name: Key, start: Encodable, end: Encodable, byscore: bool=..., bylex: bool=..., desc: bool=..., offset: int | None=..., num: int | None=...) -> CodedPipeline[Value]:
        """Store the members in a range as the sorted set ``dest``; else as :meth:`zrange`."""
    @overload
    def zrevrange(self, name: Key, start: int, end: int, withscores: Literal[False]=..., score_cast_func: Callable[[float], Any]=...) -> CodedPipeline[Value]:
        """Return the members in a range of ranks, in descending order of scores."""
    @overload
    def zrevrange(self, name: Key, start: int, end: int, withscores: Literal[True]) -> CodedPipeline[Value]: ...
    @overload
    def zrevrange(self, name: Key, start: int, end: int, withscores: Literal[True], score_cast_func: Callable[[float], Score]) -> CodedPipeline[Value]: ...
    @overload
    def zrevrange(self, name: Key, start: int, end: int, withscores: bool, score_cast_func: Callable[[float], Any]=...) -> CodedPipeline[Value]: ...
    @overload
    def zrangebyscore(self, name: Key, min: ScoreBound, max: ScoreBound, start: int | None=..., num: int | None=..., withscores: Literal[False]=..., score_cast_func: Callable[[float], Any]=...) -> CodedPipeline[Value]:
        """Return the members whose score is from ``min`` to ``max``, in ascending order."""
    @overload
    def zrangebyscore(self, name: Key, min: ScoreBound, max: ScoreBound, start: int | None=..., num: int | None=..., *, withscores: Literal[True]) -> CodedPipeline[Value]: ...
    @overload
    def zrangebyscore(self, name: Key, min: ScoreBound, max: ScoreBound, start: int | None=..., num: int | None=..., *, withscores: Literal[True], score_cast_func: Callable[[float], Score]) -> CodedPipeline[Value]: ...
    @overload
    def zrangebyscore(self, name: Key, min: ScoreBound, max: ScoreBound, start: int | None=..., num: int | None=..., withscores: bool=..., score_cast_func: Callable[[float], Any]=...) -> CodedPipeline[Value]: ...
    @overload
    def zrevrangebyscore(self, name: Key, max: ScoreBound, min: ScoreBound, start: int | None=..., num: int | None=..., withscores: Literal[False]=..., score_cast_func: Callable[[float], Any]=...) -> CodedPipeline[Value]:
        """Return the members whose score is from ``min`` to ``max``, in descending order."""
    @overload
    def zrevrangebyscore(self, name: Key, max: ScoreBound, min: ScoreBound, start: int | None=..., num: int | None=..., *, withscores: Literal[True]) -> CodedPipeline[Value]: ...
    @overload
    def zrevrangebyscore(self, name: Key, max: ScoreBound, min: ScoreBound, start: int | None=..., num: int | None=..., *, withscores: Literal[True], score_cast_func: Callable[[float], Score]) -> CodedPipeline[Value]: ...
    @overload
    def zrevrangebyscore(self, name: Key, max: ScoreBound, min: ScoreBound, start: int | None=..., num: int | None=..., withscores: bool=..., score_cast_func: Callable[[float], Any]=...) -> CodedPipeline[Value]: ...
    def zrangebylex(self, name: Key, min: LexBound, max: LexBound, start: int | None=..., num: int | None=...) -> CodedPipeline[Value]:
        """Return the members from ``min`` to ``max``, where all have the same score, in ascending order."""
    def zrevrangebylex(self, name: Key, max: LexBound, min: LexBound, start: int | None=..., num: int | None=...) -> CodedPipeline[Value]:
        """Return the members from ``min`` to ``max``, where all have the same score, in descending order."""
    @overload
    def zrandmember(self, key: Key, count: None=..., withscores: Literal[False]=...) -> CodedPipeline[Value]:
        """Return members picked at random."""
    @overload
    def zrandmember(self, key: Key, count: int, withscores: Literal[False]=...) -> CodedPipeline[Value]: ...
    @overload
    def zrandmember(self, key: Key, count: int, withscores: Literal[True]) -> CodedPipeline[Value]: ...
    @overload
    def zrandmember(self, key: Key, count: int, withscores: bool) -> CodedPipeline[Value]: ...
    @overload
    def zscan(self, name: Key, cursor: int=..., match: Pattern | None=..., count: int | None=...) -> CodedPipeline[Value]:
        """Return one page of the members of a sorted set."""
    @overload
    def zscan(self, name: Key, cursor: int=..., match: Pattern | None=..., count: int | None=..., *, score_cast_func: Callable[[float], Score]) -> CodedPipeline[Value]: ...
    @overload
    def zscan(self, name: Key, cursor: int=..., match: Pattern | None=..., count: int | None=..., *, no_scores: Literal[True]) -> CodedPipeline[Value]: ...

class PipedCodedSortedSetCommands(Generic[Value]):
    @overload
    def zadd(self, name: Key, mapping: Mapping[Value, Encodable] | Iterable[tuple[Value, Encodable]], nx: bool=..., xx: bool=..., ch: bool=..., incr: Literal[False]=..., gt: bool=..., lt: bool=...) -> CodedPipeline[Value]:
        """Add members, or change their scores."""
    @overload
    def zadd(self, name: Key, mapping: Mapping[Value, Encodable] | Iterable[tuple[Value, Encodable]], nx: bool=..., xx: bool=..., ch: bool=..., *, incr: Literal[True], gt: bool=..., lt: bool=...) -> CodedPipeline[Value]: ...
    @overload
    def zadd(self, name: Key, mapping: Mapping[Value, Encodable] | Iterable[tuple[Value, Encodable]], nx: bool=..., xx: bool=..., ch: bool=..., incr: bool=..., gt: bool=..., lt: bool=...) -> CodedPipeline[Value]: ...
    def zincrby(self, name: Key, amount: float, value: Value) -> CodedPipeline[Value]:
        """Add ``amount`` to the score of member ``value``; return the sum."""
    def zrem(self, name: Key, *values: Value) -> CodedPipeline[Value]:
        """Remove members; return how many existed."""
    def zremrangebyrank(self, name: Key, min: int, max: int) -> CodedPipeline[Value]:
        """Remove the members whose rank is from ``min`` to ``max``; return how many."""
    def zremrangebyscore(self, name: Key, min: ScoreBound, max: ScoreBound) -> CodedPipeline[Value]:
        """Remove the members whose score is from ``min`` to ``max``; return how many."""
    def zremrangebylex(self, name: Key, min: LexBound, max: LexBound) -> CodedPipeline[Value]:
        """Remove the members from ``min`` to ``max``, where all have the same score; return how many."""
    def zpopmax(self, name: Key, count: int | None=...) -> CodedPipeline[Value]:
        """Remove and return the members with the highest scores, with these scores."""
    def zpopmin(self, name: Key, count: int | None=...) -> CodedPipeline[Value]:
        """Remove and return the members with the lowest scores, with these scores."""
    def zmpop(self, num_keys: int, keys: Sequence[Key], min: bool=..., max: bool=..., count: int=...) -> CodedPipeline[Value]:
        """Remove and return members of the first of several sorted sets that is not empty."""
    def bzpopmax(self, keys: Key | Iterable[Key], timeout: float | None=...) -> CodedPipeline[Value]:
        """Remove the member with the highest score from the first sorted set that has any, waiting until there is one."""
    def bzpopmin(self, keys: Key | Iterable[Key], timeout: float | None=...) -> CodedPipeline[Value]:
        """Remove the member with the lowest score from the first sorted set that has any, waiting until there is one."""
    def bzmpop(self, timeout: float | None, numkeys: int, keys: Sequence[Key], min: bool=..., max: bool=..., count: int=...) -> CodedPipeline[Value]:
        """As :meth:`zmpop`, waiting until one of the sorted sets has a member."""
    def zcard(self, name: Key) -> CodedPipeline[Value]:
        """Return the number of members."""
    def zcount(self, name: Key, min: ScoreBound, max: ScoreBound) -> CodedPipeline[Value]:
        """Return the number of members whose score is from ``min`` to ``max``."""
    def zlexcount(self, name: Key, min: LexBound, max: LexBound) -> CodedPipeline[Value]:
        """Return the number of members from ``min`` to ``max``, where all have the same score."""
    def zscore(self, name: Key, value: Value) -> CodedPipeline[Value]:
        """Return the score of member ``value``, or None where it does not exist."""
    def zmscore(self, key: Key, members: Iterable[Value]) -> CodedPipeline[Value]:
        """Return the scores of several members, None for each that does not exist."""
    @overload
    def zrank(self, name: Key, value: Value, withscore: Literal[False]=..., score_cast_func: Callable[[float], Any]=...) -> CodedPipeline[Value]:
        """Return the rank of member ``value``, 0 for the one with the lowest score."""
    @overload
    def zrank(self, name: Key, value: Value, withscore: Literal[True], score_cast_func: Callable[[float], Any]=...) -> CodedPipeline[Value]: ...
    @overload
    def zrank(self, name: Key, value: Value, withscore: bool, score_cast_func: Callable[[float], Any]=...) -> CodedPipeline[Value]: ...
    @overload
    def zrevrank(self, name: Key, value: Value, withscore: Literal[False]=..., score_cast_func: Callable[[float], Any]=...) -> CodedPipeline[Value]:
        """Return the rank of member ``value``, 0 for the one with the highest score."""
    @overload
    def zrevrank(self, name: Key, value: Value, withscore: Literal[True], score_cast_func: Callable[[float], Any]=...) -> CodedPipeline[Value]: ...
    @overload
    def zrevrank(self, name: Key, value: Value, withscore: bool, score_cast_func: Callable[[float], Any]=...) -> CodedPipeline[Value]: ...

class PipedCodedStreamCommands(Generic[Value]):
    @overload
    def xadd(self, name: Key, fields: Mapping[AnyField, Value], id: StreamId=..., maxlen: int | None=..., approximate: bool=..., nomkstream: Literal[False]=..., minid: StreamId | None=..., limit: int | None=..., ref_policy: ReferencePolicy | None=..., idmpauto: str | None=..., idmp: tuple[str, bytes] | None=...) -> CodedPipeline[Value]:
        """Append an entry."""
    @overload
    def xadd(self, name: Key, fields: Mapping[AnyField, Value], id: StreamId=..., maxlen: int | None=..., approximate: bool=..., nomkstream: bool=..., minid: StreamId | None=..., limit: int | None=..., ref_policy: ReferencePolicy | None=..., idmpauto: str | None=..., idmp: tuple[str, bytes] | None=...) -> CodedPipeline[Value]: ...
    def xdel(self, name: Key, *ids: StreamId) -> CodedPipeline[Value]:
        """Remove entries; return how many existed."""
    def xdelex(self, name: Key, *ids: StreamId, ref_policy: ReferencePolicy=...) -> CodedPipeline[Value]:
        """Remove entries and decide about groups' references to them."""
    def xtrim(self, name: Key, maxlen: int | None=..., approximate: bool=..., minid: StreamId | None=..., limit: int | None=..., ref_policy: ReferencePolicy | None=...) -> CodedPipeline[Value]:
        """Remove the oldest entries; return how many."""
    def xsetid(self, name: Key, last_id: StreamId, entries_added: int | None=..., max_deleted_id: StreamId | None=...) -> CodedPipeline[Value]:
        """Set a stream's last id, which new entries' ids follow; for replicating a stream by other means."""
    def xcfgset(self, name: Key, idmp_duration: int | None=..., idmp_maxsize: int | None=...) -> CodedPipeline[Value]:
        """Set how a stream recognises what a producer sent before."""
    def xlen(self, name: Key) -> CodedPipeline[Value]:
        """Return the number of entries."""
    def xrange(self, name: Key, min: StreamId=..., max: StreamId=..., count: int | None=...) -> CodedPipeline[Value]:
        """Return entries as pairs of id and fields, the oldest first."""
    def xrevrange(self, name: Key, max: StreamId=..., min: StreamId=..., count: int | None=...) -> CodedPipeline[Value]:
        """Return entries as pairs of id and fields, the newest first."""
    def xread(self, streams: Mapping[AnyField, StreamId], count: int | None=..., block: int | None=..., max_count: int | None=..., max_size: int | None=...) -> CodedPipeline[Value]:
        """Return the entries of several streams that follow a given id each."""
    def xinfo_stream(self, name: Key, full: bool=..., count: int | None=...) -> CodedPipeline[Value]:
        """Return what the server says about a stream, by the server's names such as ``"last-generated-id"``."""

class PipedCodedStringCommands(Generic[Value]):
    def decr(self, name: Key, amount: int=...) -> CodedPipeline[Value]:
        """Take 1 off the integer at ``name``, which counts as 0 where it does not exist."""
    def decrby(self, name: Key, amount: int=...) -> CodedPipeline[Value]:
        """Take ``amount`` off the integer at ``name``, which counts as 0 where it does not exist."""
    def delex(self, name: Key, ifeq: Value | None=..., ifne: Value | None=..., ifdeq: str | None=..., ifdne: str | None=...) -> CodedPipeline[Value]:
        """Delete ``name``, on a condition if one is given."""
    def delifeq(self, name: Key, value: Value) -> CodedPipeline[Value]:
        """Delete ``name`` if it holds exactly ``value``."""
    def digest(self, name: Key) -> CodedPipeline[Value]:
        """Return the digest of a value in hexadecimal, for the conditions of :meth:`set` and :meth:`delex`."""
    def get(self, name: Key) -> CodedPipeline[Value]:
        """Return the value of ``name``, or None where it does not exist."""
    def getdel(self, name: Key) -> CodedPipeline[Value]:
        """Return the value of ``name`` and delete it."""
    def getex(self, name: Key, ex: Expiry | None=..., px: Expiry | None=..., exat: ExpiryTime | None=..., pxat: ExpiryTime | None=..., persist: bool=...) -> CodedPipeline[Value]:
        """Return the value of ``name`` and set or take away its expiry."""
    def getset(self, name: Key, value: Value) -> CodedPipeline[Value]:
        """Set ``name`` to ``value`` and return what it held before."""
    def incr(self, name: Key, amount: int=...) -> CodedPipeline[Value]:
        """Add 1 to the integer at ``name``, which counts as 0 where it does not exist."""
    def incrby(self, name: Key, amount: int=...) -> CodedPipeline[Value]:
        """Add ``amount`` to the integer at ``name``, which counts as 0 where it does not exist."""
    def incrbyfloat(self, name: Key, amount: float=...) -> CodedPipeline[Value]:
        """Add ``amount`` to the number at ``name``, which counts as 0 where it does not exist."""
    def increx(self, name: Key, *, byfloat: float | None=..., byint: int | None=..., lbound: float | None=..., ubound: float | None=..., saturate: bool=..., ex: Expiry | None=..., px: Expiry | None=..., exat: ExpiryTime | None=..., pxat: ExpiryTime | None=..., persist: bool=..., enx: bool=..., nx: bool=..., xx: bool=...) -> CodedPipeline[Value]:
        """Add to the number at ``name`` within bounds, and set when it expires, in one step."""
    def mget(self, keys: Key | Iterable[Key], *args: Key) -> CodedPipeline[Value]:
        """Return the values of several keys in order, None for each that does not exist or is no string."""
    def mset(self, mapping: Mapping[AnyField, Value]) -> CodedPipeline[Value]:
        """Set several keys at once."""
    def msetex(self, mapping: Mapping[AnyField, Value], data_persist_option: str | None=..., ex: Expiry | None=..., px: Expiry | None=..., exat: ExpiryTime | None=..., pxat: ExpiryTime | None=..., keepttl: bool=...) -> CodedPipeline[Value]:
        """Set several keys at once, with one expiry for all of them."""
    def msetnx(self, mapping: Mapping[AnyField, Value]) -> CodedPipeline[Value]:
        """Set several keys at once, if none of them exists."""
    def psetex(self, name: Key, time_ms: Expiry, value: Value) -> CodedPipeline[Value]:
        """Set ``name`` to ``value`` for ``time_ms`` milliseconds."""
    @overload
    def set(self, name: Key, value: Value, ex: Expiry | None=..., px: Expiry | None=..., nx: bool=..., xx: bool=..., keepttl: bool=..., get: Literal[False]=..., exat: ExpiryTime | None=..., pxat: ExpiryTime | None=..., ifeq: Value | None=..., ifne: Value | None=..., ifdeq: str | None=..., ifdne: str | None=...) -> CodedPipeline[Value]:
        """Set ``name`` to ``value``."""
    @overload
    def set(self, name: Key, value: Value, ex: Expiry | None=..., px: Expiry | None=..., nx: bool=..., xx: bool=..., keepttl: bool=..., *, get: Literal[True], exat: ExpiryTime | None=..., pxat: ExpiryTime | None=..., ifeq: Value | None=..., ifne: Value | None=..., ifdeq: str | None=..., ifdne: str | None=...) -> CodedPipeline[Value]: ...
    @overload
    def set(self, name: Key, value: Value, ex: Expiry | None=..., px: Expiry | None=..., nx: bool=..., xx: bool=..., keepttl: bool=..., get: bool=..., exat: ExpiryTime | None=..., pxat: ExpiryTime | None=..., ifeq: Value | None=..., ifne: Value | None=..., ifdeq: str | None=..., ifdne: str | None=...) -> CodedPipeline[Value]: ...
    def setex(self, name: Key, time: Expiry, value: Value) -> CodedPipeline[Value]:
        """Set ``name`` to ``value`` for ``time`` seconds."""
    def setnx(self, name: Key, value: Value) -> CodedPipeline[Value]:
        """Set ``name`` to ``value`` if it does not exist."""
    def strlen(self, name: Key) -> CodedPipeline[Value]:
        """Return the length in bytes of the string at ``name``, 0 where it does not exist."""
