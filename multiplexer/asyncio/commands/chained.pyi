# Generated from multiplexer/asyncio/commands by scripts/generate_collected.py.
"""The commands as batches, transactions and pipelines have them: for type checkers only."""

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
from .modules.group import Collecting
from .modules.json import Json
from .modules.search import Parameters
from .modules.time_series_samples import Aggregation
from .modules.time_series_samples import Timestamp
from .vector_sets import Attributes
from .vector_sets import Quantization
from .vector_sets import Vector
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Generic
from typing import Literal
from typing import Self
from typing import overload

class ChainedBloomCommands(ChainedModuleGroup[AnyStr]):
    def create(self, key: Key, errorRate: float, capacity: int, expansion: int | None=..., noScale: bool | None=...) -> Self:
        """Create a filter."""
    reserve = create
    def add(self, key: Key, item: Encodable) -> Self:
        """Add an item; the filter is created where it does not exist."""
    def madd(self, key: Key, *items: Encodable) -> Self:
        """Add several items; the filter is created where it does not exist."""
    def insert(self, key: Key, items: Sequence[Encodable], capacity: int | None=..., error: float | None=..., noCreate: bool | None=..., expansion: int | None=..., noScale: bool | None=...) -> Self:
        """Add several items to a filter that is created, if need be, with the options given."""
    def exists(self, key: Key, item: Encodable) -> Self:
        """Tell whether an item was added: 1 means probably, 0 means certainly not."""
    def mexists(self, key: Key, *items: Encodable) -> Self:
        """As :meth:`exists`, for several items."""
    def scandump(self, key: Key, iter: int) -> Self:
        """Return one piece of a filter, for :meth:`loadchunk`."""
    def loadchunk(self, key: Key, iter: int, data: bytes) -> Self:
        """Restore one piece that :meth:`scandump` returned."""
    def info(self, key: Key) -> Self:
        """Return what there is to know about a filter."""
    def card(self, key: Key) -> Self:
        """Return how many distinct items were added, 0 where the filter does not exist."""

class ChainedCountMinSketchCommands(ChainedModuleGroup[AnyStr]):
    def initbydim(self, key: Key, width: int, depth: int) -> Self:
        """Create a sketch of ``depth`` rows with ``width`` counters each."""
    def initbyprob(self, key: Key, error: float, probability: float) -> Self:
        """Create a sketch that is as large as the errors allowed make it."""
    def incrby(self, key: Key, items: Sequence[Encodable], increments: Sequence[int]) -> Self:
        """Count items: each by the increment at its place."""
    def query(self, key: Key, *items: Encodable) -> Self:
        """Return how often each item came, at most."""
    def merge(self, destKey: Key, numKeys: int, srcKeys: Sequence[Key], weights: Sequence[int]=...) -> Self:
        """Add sketches of the same size together into one that exists."""
    def info(self, key: Key) -> Self:
        """Return what there is to know about a sketch."""

class ChainedCuckooCommands(ChainedModuleGroup[AnyStr]):
    def create(self, key: Key, capacity: int, expansion: int | None=..., bucket_size: int | None=..., max_iterations: int | None=...) -> Self:
        """Create a filter."""
    reserve = create
    def add(self, key: Key, item: Encodable) -> Self:
        """Add an item, once more if it is there; the filter is created where it does not exist."""
    def addnx(self, key: Key, item: Encodable) -> Self:
        """Add an item if it is not there yet; the filter is created where it does not exist."""
    def insert(self, key: Key, items: Sequence[Encodable], capacity: int | None=..., nocreate: bool | None=...) -> Self:
        """Add several items, once more those that are there."""
    def insertnx(self, key: Key, items: Sequence[Encodable], capacity: int | None=..., nocreate: bool | None=...) -> Self:
        """As :meth:`insert`, without the items that are probably there already, for which it returns 0."""
    def exists(self, key: Key, item: Encodable) -> Self:
        """Tell whether an item was added: 1 means probably, 0 means certainly not."""
    def mexists(self, key: Key, *items: Encodable) -> Self:
        """As :meth:`exists`, for several items."""
    def delete(self, key: Key, item: Encodable) -> Self:
        """Delete an item once; what was never added must not be deleted."""
    def count(self, key: Key, item: Encodable) -> Self:
        """Return how often an item is there, at most."""
    def scandump(self, key: Key, iter: int) -> Self:
        """Return one piece of a filter, for :meth:`loadchunk`."""
    def loadchunk(self, key: Key, iter: int, data: bytes) -> Self:
        """Restore one piece that :meth:`scandump` returned."""
    def info(self, key: Key) -> Self:
        """Return what there is to know about a filter."""

class ChainedModuleGroup(Collecting, Generic[AnyStr]):
    ...

class ChainedJsonCommands(ChainedModuleGroup[AnyStr]):
    def set(self, name: Key, path: str, obj: Json, nx: bool | None=..., xx: bool | None=..., decode_keys: bool | None=..., fpha: str | None=...) -> Self:
        """Set what is at ``path`` of a document."""
    def mset(self, triplets: Iterable[tuple[Key, str, Json]]) -> Self:
        """Set parts of several documents at once, given as tuples of key, path and value."""
    def merge(self, name: Key, path: str, obj: Json, decode_keys: bool | None=...) -> Self:
        """Merge a value into what is at ``path``: nulls delete, objects are merged, the rest replaces."""
    def get(self, name: Key, *args: str, no_escape: bool | None=...) -> Self:
        """Return what is at one path, or a dict by path for several; by default the whole document."""
    def mget(self, keys: Sequence[Key], path: str) -> Self:
        """Return what is at ``path`` of several documents, None for each that does not exist."""
    def delete(self, key: Key, path: str | None=...) -> Self:
        """Delete what is at ``path``; return how much that was."""
    def forget(self, key: Key, path: str | None=...) -> Self:
        """As :meth:`delete`."""
    def clear(self, name: Key, path: str | None=...) -> Self:
        """Empty objects and arrays at ``path`` and set numbers to 0; return how many were changed."""
    def type(self, name: Key, path: str | None=...) -> Self:
        """Return the type of what is at ``path``, such as ``object``, ``array``, ``integer``."""
    def resp(self, name: Key, path: str | None=...) -> Self:
        """Return what is at ``path`` in the protocol's own types: lists that begin with ``{`` or ``[``, and text."""
    def debug(self, subcommand: str, key: Key | None=..., path: str | None=...) -> Self:
        """Return the bytes a value takes in memory, or the lines of a help text."""
    def arrappend(self, name: Key, path: str | None=..., *args: Json) -> Self:
        """Append values to arrays; return their new lengths."""
    def arrindex(self, name: Key, path: str, scalar: Json, start: int | None=..., stop: int | None=...) -> Self:
        """Return where in arrays a value first is, -1 where it is not."""
    def arrinsert(self, name: Key, path: str, index: int, *args: Json) -> Self:
        """Insert values into arrays before ``index``; return their new lengths."""
    def arrlen(self, name: Key, path: str | None=...) -> Self:
        """Return the lengths of arrays."""
    def arrpop(self, name: Key, path: str | None=..., index: int | None=...) -> Self:
        """Take the element at ``index`` off arrays; by default the last one."""
    def arrtrim(self, name: Key, path: str, start: int, stop: int) -> Self:
        """Cut arrays down to the elements from ``start`` to ``stop``, both included; return their new lengths."""
    def objkeys(self, name: Key, path: str | None=...) -> Self:
        """Return the names in objects, always as text."""
    def objlen(self, name: Key, path: str | None=...) -> Self:
        """Return how many names objects have."""
    def strappend(self, name: Key, value: str, path: str | None=...) -> Self:
        """Append to text; return the new lengths."""
    def strlen(self, name: Key, path: str | None=...) -> Self:
        """Return the lengths of text."""
    def numincrby(self, name: Key, path: str, number: float) -> Self:
        """Add to numbers; return the new ones."""
    def nummultby(self, name: Key, path: str, number: float) -> Self:
        """Multiply numbers; return the new ones, as :meth:`numincrby` does."""
    def toggle(self, name: Key, path: str | None=...) -> Self:
        """Turn booleans over; return the new ones, as 0 and 1 for a JSONPath."""
    def jsonget(self, name: Key, *args: str, no_escape: bool | None=...) -> Self:
        """The old name of :meth:`get`."""
    def jsonmget(self, keys: Sequence[Key], path: str) -> Self:
        """The old name of :meth:`mget`."""
    def jsonset(self, name: Key, path: str, obj: Json, nx: bool | None=..., xx: bool | None=..., decode_keys: bool | None=..., fpha: str | None=...) -> Self:
        """The old name of :meth:`set`."""

class ChainedSearchCommands(ChainedModuleGroup[AnyStr]):
    def create_index(self, fields: Field | Sequence[Field], no_term_offsets: bool=..., no_field_flags: bool=..., stopwords: Sequence[str] | None=..., definition: IndexDefinition | None=..., max_text_fields: bool=..., temporary: int | None=..., no_highlight: bool=..., no_term_frequencies: bool=..., skip_initial_scan: bool=...) -> Self:
        """Create the index; returns ``OK``."""
    def alter_schema_add(self, fields: Field | Sequence[Field]) -> Self:
        """Add fields to the index; returns ``OK``."""
    def dropindex(self, delete_documents: bool=...) -> Self:
        """Delete the index, and its documents too if asked to; returns ``OK``."""
    def info(self) -> Self:
        """Return what there is to know about the index."""
    def list_indexes(self) -> Self:
        """Return the names of all indexes."""
    def tagvals(self, tagfield: str) -> Self:
        """Return the distinct values of a tag field."""
    def aliasadd(self, alias: Key) -> Self:
        """Give the index a further name; returns ``OK``."""
    def aliasupdate(self, alias: Key) -> Self:
        """Give the index a further name, which another one may have had; returns ``OK``."""
    def aliasdel(self, alias: Key) -> Self:
        """Take a further name away; returns ``OK``."""
    def aliaslist(self) -> Self:
        """Return the index's further names."""
    def search(self, query: str | Query, query_params: Parameters | None=...) -> Self:
        """Search for documents."""
    def explain(self, query: str | Query, query_params: Parameters | None=...) -> Self:
        """Return how the server understands a query."""
    def explain_cli(self, query: str | Query, query_params: Parameters | None=...) -> Self:
        """As :meth:`explain`, as a list of lines."""
    def aggregate(self, query: AggregateRequest | Cursor, query_params: Parameters | None=...) -> Self:
        """Calculate from documents, or go on reading what a cursor has left."""
    def cursor_del(self, cursor: Cursor | int) -> Self:
        """Let the server forget what a cursor has left."""
    def profile(self, query: Query | AggregateRequest, limited: bool=..., query_params: Parameters | None=...) -> Self:
        """Search or calculate, and return the result together with how it came about."""
    def hybrid_search(self, query: HybridQuery, combine_method: CombineResultsMethod | None=..., post_processing: HybridPostProcessingConfig | None=..., params_substitution: Parameters | None=..., timeout: int | None=..., cursor: HybridCursorQuery | None=...) -> Self:
        """Search by text and by vector at once."""
    def load_document(self, id: Key) -> Self:
        """Return one document that is a hash, found or not."""
    def spellcheck(self, query: str, distance: int | None=..., include: str | None=..., exclude: str | None=...) -> Self:
        """Return, for each misspelt word of a query, what it may have been meant for."""
    def dict_add(self, name: str, *terms: str) -> Self:
        """Add words to a dictionary; return how many are new."""
    def dict_del(self, name: str, *terms: str) -> Self:
        """Delete words from a dictionary; return how many were there."""
    def dict_dump(self, name: str) -> Self:
        """Return the words of a dictionary."""
    def synupdate(self, groupid: str, skipinitial: bool=..., *terms: str) -> Self:
        """Make words mean the same as others of a group; returns ``OK``."""
    def syndump(self) -> Self:
        """Return the groups each word belongs to."""
    def sugadd(self, key: Key, *suggestions: Suggestion, increment: bool=...) -> Self:
        """Add suggestions to a key of their own."""
    def sugget(self, key: Key, prefix: str, fuzzy: bool=..., num: int=..., with_scores: bool=..., with_payloads: bool=...) -> Self:
        """Return suggestions that begin with ``prefix``, the likeliest first; their text is always ``str``."""
    def sugdel(self, key: Key, string: str) -> Self:
        """Delete a suggestion; return 1 if it was there, else 0."""
    def suglen(self, key: Key) -> Self:
        """Return how many suggestions there are."""
    def config_get(self, option: str) -> Self:
        """Return settings of the engine."""
    def config_set(self, option: str, value: Encodable) -> Self:
        """Change a setting of the engine."""

class ChainedTDigestCommands(ChainedModuleGroup[AnyStr]):
    def create(self, key: Key, compression: int=...) -> Self:
        """Create a digest."""
    def reset(self, key: Key) -> Self:
        """Forget all numbers; returns ``OK``."""
    def add(self, key: Key, values: Sequence[float]) -> Self:
        """Add numbers; returns ``OK``."""
    def merge(self, destination_key: Key, num_keys: int, *keys: Key, compression: int | None=..., override: bool=...) -> Self:
        """Add the numbers of other digests to one, which is created where it does not exist; returns ``OK``."""
    def min(self, key: Key) -> Self:
        """Return the smallest number, NaN where there is none."""
    def max(self, key: Key) -> Self:
        """Return the largest number, NaN where there is none."""
    def quantile(self, key: Key, quantile: float, *quantiles: float) -> Self:
        """Estimate below which number each share, between 0 and 1, of the numbers lies."""
    def cdf(self, key: Key, value: float, *values: float) -> Self:
        """Estimate which share, between 0 and 1, of the numbers is not above each value."""
    def rank(self, key: Key, value: float, *values: float) -> Self:
        """Estimate how many numbers are below each value: -1 for one below all, -2 where there are no numbers."""
    def revrank(self, key: Key, value: float, *values: float) -> Self:
        """Estimate how many numbers are above each value: -1 for one above all, -2 where there are no numbers."""
    def byrank(self, key: Key, rank: int, *ranks: int) -> Self:
        """Estimate the number at each rank from the smallest on, which is 0; ``inf`` beyond the largest."""
    def byrevrank(self, key: Key, rank: int, *ranks: int) -> Self:
        """Estimate the number at each rank from the largest on, which is 0; ``-inf`` beyond the smallest."""
    def trimmed_mean(self, key: Key, low_cut_quantile: float, high_cut_quantile: float) -> Self:
        """Estimate the mean of the numbers between two quantiles."""
    def info(self, key: Key) -> Self:
        """Return what there is to know about a digest."""

class ChainedTimeSeriesCommands(ChainedTimeSeriesSampleCommands[AnyStr]):
    def create(self, key: Key, retention_msecs: int | None=..., uncompressed: bool | None=..., labels: Mapping[str, str] | None=..., chunk_size: int | None=..., duplicate_policy: str | None=..., ignore_max_time_diff: int | None=..., ignore_max_val_diff: float | None=...) -> Self:
        """Create a series."""
    def alter(self, key: Key, retention_msecs: int | None=..., labels: Mapping[str, str] | None=..., chunk_size: int | None=..., duplicate_policy: str | None=..., ignore_max_time_diff: int | None=..., ignore_max_val_diff: float | None=...) -> Self:
        """Change the options of a series; what is not given stays as it is."""
    def createrule(self, source_key: Key, dest_key: Key, aggregation_type: str, bucket_size_msec: int, align_timestamp: int | None=...) -> Self:
        """Have the server write aggregates of one series into another, which must exist."""
    def deleterule(self, source_key: Key, dest_key: Key) -> Self:
        """Undo :meth:`createrule`."""
    def info(self, key: Key) -> Self:
        """Return what there is to know about a series."""
    def add(self, key: Key, timestamp: Timestamp, value: float | str, retention_msecs: int | None=..., uncompressed: bool | None=..., labels: Mapping[str, str] | None=..., chunk_size: int | None=..., duplicate_policy: str | None=..., ignore_max_time_diff: int | None=..., ignore_max_val_diff: float | None=..., on_duplicate: str | None=...) -> Self:
        """Add a sample; the series is created, with the options given, where it does not exist."""
    def madd(self, ktv_tuples: Iterable[tuple[Key, Timestamp, float | str]]) -> Self:
        """Add samples to several series, given as tuples of key, time and value."""
    def incrby(self, key: Key, value: float, timestamp: Timestamp | None=..., retention_msecs: int | None=..., uncompressed: bool | None=..., labels: Mapping[str, str] | None=..., chunk_size: int | None=..., duplicate_policy: str | None=..., ignore_max_time_diff: int | None=..., ignore_max_val_diff: float | None=...) -> Self:
        """Add a sample that is ``value`` above the newest; the series is created where it does not exist."""
    def decrby(self, key: Key, value: float, timestamp: Timestamp | None=..., retention_msecs: int | None=..., uncompressed: bool | None=..., labels: Mapping[str, str] | None=..., chunk_size: int | None=..., duplicate_policy: str | None=..., ignore_max_time_diff: int | None=..., ignore_max_val_diff: float | None=...) -> Self:
        """Add a sample that is ``value`` below the newest; otherwise as :meth:`incrby`."""
    def delete(self, key: Key, from_time: Timestamp, to_time: Timestamp) -> Self:
        """Delete samples from one time to another, both included; return how many."""

class ChainedTimeSeriesSampleCommands(ChainedModuleGroup[AnyStr]):
    def get(self, key: Key, latest: bool | None=...) -> Self:
        """Return the newest sample, None where there is none."""
    def range(self, key: Key, from_time: Timestamp, to_time: Timestamp, count: int | None=..., aggregation_type: Aggregation | None=..., bucket_size_msec: int | None=..., filter_by_ts: Sequence[int] | None=..., filter_by_min_value: float | None=..., filter_by_max_value: float | None=..., align: Timestamp | None=..., latest: bool | None=..., bucket_timestamp: str | None=..., empty: bool | None=...) -> Self:
        """Return samples from one time to another, both included, the oldest first."""
    def revrange(self, key: Key, from_time: Timestamp, to_time: Timestamp, count: int | None=..., aggregation_type: Aggregation | None=..., bucket_size_msec: int | None=..., filter_by_ts: Sequence[int] | None=..., filter_by_min_value: float | None=..., filter_by_max_value: float | None=..., align: Timestamp | None=..., latest: bool | None=..., bucket_timestamp: str | None=..., empty: bool | None=...) -> Self:
        """As :meth:`range`, the newest sample first."""
    def read(self, key: Key, timestamp: Timestamp, block_milliseconds: int | None=..., block_min_count: int | None=..., max_count: int | None=...) -> Self:
        """Return samples newer than ``timestamp``, waiting for them if need be."""
    def mget(self, filters: Sequence[str], with_labels: bool | None=..., select_labels: Sequence[str] | None=..., latest: bool | None=...) -> Self:
        """Return the newest sample of every series that filters choose."""
    def mrange(self, from_time: Timestamp, to_time: Timestamp, filters: Sequence[str], count: int | None=..., aggregation_type: Aggregation | None=..., bucket_size_msec: int | None=..., with_labels: bool | None=..., filter_by_ts: Sequence[int] | None=..., filter_by_min_value: float | None=..., filter_by_max_value: float | None=..., groupby: str | None=..., reduce: str | None=..., select_labels: Sequence[str] | None=..., align: Timestamp | None=..., latest: bool | None=..., bucket_timestamp: str | None=..., empty: bool | None=..., exclude_empty: bool | None=...) -> Self:
        """Return samples, the oldest first, of every series that filters choose."""
    def mrevrange(self, from_time: Timestamp, to_time: Timestamp, filters: Sequence[str], count: int | None=..., aggregation_type: Aggregation | None=..., bucket_size_msec: int | None=..., with_labels: bool | None=..., filter_by_ts: Sequence[int] | None=..., filter_by_min_value: float | None=..., filter_by_max_value: float | None=..., groupby: str | None=..., reduce: str | None=..., select_labels: Sequence[str] | None=..., align: Timestamp | None=..., latest: bool | None=..., bucket_timestamp: str | None=..., empty: bool | None=..., exclude_empty: bool | None=...) -> Self:
        """As :meth:`mrange`, the newest sample first."""
    def nrange(self, keys: Sequence[Key], from_time: Timestamp, to_time: Timestamp, count: int | None=..., aggregators: Aggregation | None=..., bucket_size_msec: int | None=..., filter_by_ts: Sequence[int] | None=..., filter_by_min_value: float | None=..., filter_by_max_value: float | None=..., align: Timestamp | None=..., latest: bool | None=..., bucket_timestamp: str | None=..., empty: bool | None=...) -> Self:
        """Return the samples of several series side by side, the oldest first."""
    def nrevrange(self, keys: Sequence[Key], from_time: Timestamp, to_time: Timestamp, count: int | None=..., aggregators: Aggregation | None=..., bucket_size_msec: int | None=..., filter_by_ts: Sequence[int] | None=..., filter_by_min_value: float | None=..., filter_by_max_value: float | None=..., align: Timestamp | None=..., latest: bool | None=..., bucket_timestamp: str | None=..., empty: bool | None=...) -> Self:
        """As :meth:`nrange`, the newest sample first."""
    def queryindex(self, filters: Sequence[str]) -> Self:
        """Return the keys of all series that filters choose."""
    def querylabels(self, label: str | None=..., filters: Iterable[str] | None=...) -> Self:
        """Return the names of all labels, or all values of one."""

class ChainedTopKCommands(ChainedModuleGroup[AnyStr]):
    def reserve(self, key: Key, k: int, width: int, depth: int, decay: float) -> Self:
        """Create a list."""
    def add(self, key: Key, *items: Encodable) -> Self:
        """Count items, each once."""
    def incrby(self, key: Key, items: Sequence[Encodable], increments: Sequence[int]) -> Self:
        """Count items: each by the increment at its place."""
    def query(self, key: Key, *items: Encodable) -> Self:
        """Tell for each item whether it is in the list: 1 or 0."""
    def count(self, key: Key, *items: Encodable) -> Self:
        """Estimate how often each item came."""
    def list(self, key: Key, withcount: bool=...) -> Self:
        """Return the items of the list, the most frequent first."""
    def info(self, key: Key) -> Self:
        """Return what there is to know about a list."""

class ChainedVectorSet(ChainedModuleGroup[AnyStr]):
    def vadd(self, key: Key, vector: Vector, element: Encodable, reduce_dim: int | None=..., cas: bool | None=..., quantization: Quantization | None=..., ef: int | None=..., attributes: Attributes | None=..., numlinks: int | None=...) -> Self:
        """Add an element, or change its vector."""
    def vcard(self, key: Key) -> Self:
        """Return the number of elements."""
    def vdim(self, key: Key) -> Self:
        """Return how many components the vectors have."""
    @overload
    def vemb(self, key: Key, element: Encodable, raw: Literal[False] | None=...) -> Self:
        """Return an element's vector, or None where it does not exist."""
    @overload
    def vemb(self, key: Key, element: Encodable, raw: Literal[True]) -> Self: ...
    def vgetattr(self, key: Key, element: Encodable) -> Self:
        """Return an element's attributes, read from JSON; None where it has none."""
    def vinfo(self, key: Key) -> Self:
        """Return what the server says about a vector set, by the server's names; None where there is none."""
    def vismember(self, key: Key, element: Encodable) -> Self:
        """Tell whether an element is in the set."""
    @overload
    def vlinks(self, key: Key, element: Encodable, with_scores: Literal[False] | None=...) -> Self:
        """Return an element's neighbours in each layer of the graph, or None where it does not exist."""
    @overload
    def vlinks(self, key: Key, element: Encodable, with_scores: Literal[True]) -> Self: ...
    @overload
    def vrandmember(self, key: Key, count: None=...) -> Self:
        """Return elements at random."""
    @overload
    def vrandmember(self, key: Key, count: int) -> Self: ...
    def vrange(self, key: Key, start: str, end: str, count: int | None=...) -> Self:
        """Return elements in alphabetical order."""
    def vrem(self, key: Key, element: Encodable) -> Self:
        """Remove an element; return whether it was there."""
    def vsetattr(self, key: Key, element: Encodable, attributes: Attributes | None=...) -> Self:
        """Set an element's attributes, or take them away where there are none; return whether it exists."""
    def vsim(self, key: Key, input: Vector | str, with_scores: bool | None=..., with_attribs: bool | None=..., count: int | None=..., ef: int | None=..., filter: str | None=..., filter_ef: int | str | None=..., truth: bool | None=..., no_thread: bool | None=..., epsilon: float | None=...) -> Self:
        """Return the elements that are most similar to a vector, or to an element."""
