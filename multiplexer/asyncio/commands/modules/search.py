"""Commands of the search engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any, Self

from ....core.commands.arguments import flag_words, non_empty, not_negative
from ....core.commands.command_table import COMMANDS
from ....core.results import search as results
from ....core.results.bloom import to_int
from ....core.results.common import ok, pairs_to_dict, text_keyed, to_list, to_set
from ....core.search.aggregation import AggregateRequest, Cursor
from ....core.search.fields import Field, IndexDefinition
from ....core.search.hybrid import CombineResultsMethod, HybridCursorQuery, HybridPostProcessingConfig, HybridQuery
from ....core.search.query import Query
from ....core.search.suggestion import Suggestion
from ....core.types import AnyStr, Encodable, Key, Pending
from .group import ModuleGroup

if TYPE_CHECKING:
    from ..chained import ChainedSearchCommands
    from ..surface import CommandSurface

_AGGREGATE = COMMANDS["FT.AGGREGATE"]
_ALIASADD = COMMANDS["FT.ALIASADD"]
_ALIASDEL = COMMANDS["FT.ALIASDEL"]
_ALIASLIST = COMMANDS["FT.ALIASLIST"]
_ALIASUPDATE = COMMANDS["FT.ALIASUPDATE"]
_ALTER = COMMANDS["FT.ALTER"]
_CONFIG_GET = COMMANDS["FT.CONFIG GET"]
_CONFIG_SET = COMMANDS["FT.CONFIG SET"]
_CREATE = COMMANDS["FT.CREATE"]
_CURSOR_DEL = COMMANDS["FT.CURSOR DEL"]
_CURSOR_READ = COMMANDS["FT.CURSOR READ"]
_DICTADD = COMMANDS["FT.DICTADD"]
_DICTDEL = COMMANDS["FT.DICTDEL"]
_DICTDUMP = COMMANDS["FT.DICTDUMP"]
_DROPINDEX = COMMANDS["FT.DROPINDEX"]
_EXPLAIN = COMMANDS["FT.EXPLAIN"]
_EXPLAINCLI = COMMANDS["FT.EXPLAINCLI"]
_HGETALL = COMMANDS["HGETALL"]
_HYBRID = COMMANDS["FT.HYBRID"]
_INFO = COMMANDS["FT.INFO"]
_LIST = COMMANDS["FT._LIST"]
_PROFILE = COMMANDS["FT.PROFILE"]
_SEARCH = COMMANDS["FT.SEARCH"]
_SPELLCHECK = COMMANDS["FT.SPELLCHECK"]
_SUGADD = COMMANDS["FT.SUGADD"]
_SUGDEL = COMMANDS["FT.SUGDEL"]
_SUGGET = COMMANDS["FT.SUGGET"]
_SUGLEN = COMMANDS["FT.SUGLEN"]
_SYNDUMP = COMMANDS["FT.SYNDUMP"]
_SYNUPDATE = COMMANDS["FT.SYNUPDATE"]
_TAGVALS = COMMANDS["FT.TAGVALS"]

#: Values for the names with a ``$`` in a query.
Parameters = Mapping[str, Encodable]


class SearchCommands(ModuleGroup[AnyStr]):
    """Typed methods for the FT group, on one index.

    Attributes:
        index_name: The index.
    """

    __slots__ = ("index_name",)

    if TYPE_CHECKING:

        def pipeline(self, transaction: bool = True, shard_hint: Any = None) -> ChainedSearchCommands[AnyStr]: ...

    def __init__(self, client: CommandSurface[Any], index_name: str = "idx") -> None:
        super().__init__(client)
        self.index_name = index_name

    # -- indexes -----------------------------------------------------------------------------------------------------

    def create_index(
        self,
        fields: Field | Sequence[Field],
        no_term_offsets: bool = False,
        no_field_flags: bool = False,
        stopwords: Sequence[str] | None = None,
        definition: IndexDefinition | None = None,
        max_text_fields: bool = False,
        temporary: int | None = None,
        no_highlight: bool = False,
        no_term_frequencies: bool = False,
        skip_initial_scan: bool = False,
    ) -> Pending[AnyStr]:
        """Create the index; returns ``OK``.

        Redis command: FT.CREATE

        Args:
            fields: Its fields.
            no_term_offsets: Do not store where words are, which exact phrases and highlighting need.
            no_field_flags: Do not store in which fields words are.
            stopwords: Words to leave out; none where it is empty, the server's own where it is None.
            definition: Which documents the index is of.
            max_text_fields: Leave room for more than 32 text fields.
            temporary: Seconds without a query after which the index is dropped.
            no_highlight: Do not store what highlighting needs.
            no_term_frequencies: Do not store how often words are there.
            skip_initial_scan: Index only what is written from now on.

        Raises:
            DataError: There is no field, or ``temporary`` is negative.
        """
        words: list[Encodable] = ["FT.CREATE", self.index_name]
        if definition is not None:
            words += definition.args
        words += flag_words(maxtextfields=max_text_fields)
        if temporary is not None:
            words += ("TEMPORARY", not_negative("FT.CREATE", "temporary", temporary))
        words += flag_words(
            nooffsets=no_term_offsets,
            nohl=no_highlight,
            nofields=no_field_flags,
            nofreqs=no_term_frequencies,
            skipinitialscan=skip_initial_scan,
        )
        if stopwords is not None:
            left_out: list[str] = list(stopwords)
            words += ("STOPWORDS", len(left_out), *left_out)
        words += ("SCHEMA", *_field_words("FT.CREATE", fields))
        return self._execute(_CREATE, tuple(words))

    def alter_schema_add(self, fields: Field | Sequence[Field]) -> Pending[AnyStr]:
        """Add fields to the index; returns ``OK``.

        Redis command: FT.ALTER

        Raises:
            DataError: There is no field.
        """
        words: tuple[Encodable, ...] = ("FT.ALTER", self.index_name, "SCHEMA", "ADD", *_field_words("FT.ALTER", fields))
        return self._execute(_ALTER, words)

    def dropindex(self, delete_documents: bool = False) -> Pending[AnyStr]:
        """Delete the index, and its documents too if asked to; returns ``OK``.

        Redis command: FT.DROPINDEX
        """
        return self._execute(_DROPINDEX, ("FT.DROPINDEX", self.index_name, *flag_words(dd=delete_documents)))

    def info(self) -> Pending[dict[str, Any]]:
        """Return what there is to know about the index.

        Redis command: FT.INFO
        """
        return self._execute(_INFO, ("FT.INFO", self.index_name), results.index_info)

    def list_indexes(self) -> Pending[list[AnyStr]]:
        """Return the names of all indexes.

        Redis command: FT._LIST
        """
        return self._execute(_LIST, ("FT._LIST",), to_list)

    def tagvals(self, tagfield: str) -> Pending[list[AnyStr]]:
        """Return the distinct values of a tag field.

        Redis command: FT.TAGVALS
        """
        return self._execute(_TAGVALS, ("FT.TAGVALS", self.index_name, tagfield), to_list)

    def aliasadd(self, alias: Key) -> Pending[AnyStr]:
        """Give the index a further name; returns ``OK``.

        Redis command: FT.ALIASADD
        """
        return self._execute(_ALIASADD, ("FT.ALIASADD", alias, self.index_name))

    def aliasupdate(self, alias: Key) -> Pending[AnyStr]:
        """Give the index a further name, which another one may have had; returns ``OK``.

        Redis command: FT.ALIASUPDATE
        """
        return self._execute(_ALIASUPDATE, ("FT.ALIASUPDATE", alias, self.index_name))

    def aliasdel(self, alias: Key) -> Pending[AnyStr]:
        """Take a further name away; returns ``OK``.

        Redis command: FT.ALIASDEL
        """
        return self._execute(_ALIASDEL, ("FT.ALIASDEL", alias))

    def aliaslist(self) -> Pending[set[AnyStr]]:
        """Return the index's further names.

        Redis command: FT.ALIASLIST (Redis 8.8)
        """
        return self._execute(_ALIASLIST, ("FT.ALIASLIST", self.index_name), to_set)

    # -- queries -----------------------------------------------------------------------------------------------------

    def search(self, query: str | Query, query_params: Parameters | None = None) -> Pending[results.Result]:
        """Search for documents.

        Redis command: FT.SEARCH

        Args:
            query: What to search for.
            query_params: Values for the names with a ``$`` in it.

        Returns:
            The documents. Text in them is always ``str``; see :meth:`Query.return_field` for what is not text.
        """
        asked: Query = _query(query)
        words: tuple[Encodable, ...] = ("FT.SEARCH", self.index_name, *asked.get_args(), *_parameters(query_params))
        began = monotonic()
        convert: Callable[..., results.Result] = _found(asked)
        return self._execute(
            _SEARCH, words, lambda reply: convert(reply, duration=(monotonic() - began) * 1000.0), decode=False
        )

    def explain(self, query: str | Query, query_params: Parameters | None = None) -> Pending[AnyStr]:
        """Return how the server understands a query.

        Redis command: FT.EXPLAIN
        """
        words: tuple[Encodable, ...] = (
            "FT.EXPLAIN",
            self.index_name,
            *_query(query).get_args(),
            *_parameters(query_params),
        )
        return self._execute(_EXPLAIN, words)

    def explain_cli(self, query: str | Query, query_params: Parameters | None = None) -> Pending[list[AnyStr]]:
        """As :meth:`explain`, as a list of lines.

        Redis command: FT.EXPLAINCLI
        """
        words: tuple[Encodable, ...] = (
            "FT.EXPLAINCLI",
            self.index_name,
            *_query(query).get_args(),
            *_parameters(query_params),
        )
        return self._execute(_EXPLAINCLI, words)

    def aggregate(
        self, query: AggregateRequest | Cursor, query_params: Parameters | None = None
    ) -> Pending[results.AggregateResult]:
        """Calculate from documents, or go on reading what a cursor has left.

        Redis commands: FT.AGGREGATE, FT.CURSOR READ

        Args:
            query: What to calculate, or the cursor of a result.
            query_params: Values for the names with a ``$`` in the query.
        """
        if hasattr(query, "cid"):
            read = ("FT.CURSOR", "READ", self.index_name, query.cid, *_count_of(query))
            return self._execute(_CURSOR_READ, read, partial(results.aggregated, cursor=True, schema=False))
        words: tuple[Encodable, ...] = (
            "FT.AGGREGATE",
            self.index_name,
            *query.build_args(),
            *_parameters(query_params),
        )
        return self._execute(_AGGREGATE, words, _aggregated(query))

    def cursor_del(self, cursor: Cursor | int) -> Pending[bool]:
        """Let the server forget what a cursor has left.

        Redis command: FT.CURSOR DEL
        """
        number = cursor if isinstance(cursor, int) else cursor.cid
        return self._execute(_CURSOR_DEL, ("FT.CURSOR", "DEL", self.index_name, number), ok)

    def profile(
        self,
        query: Query | AggregateRequest,
        limited: bool = False,
        query_params: Parameters | None = None,
    ) -> Pending[tuple[Any, results.ProfileInformation]]:
        """Search or calculate, and return the result together with how it came about.

        Redis command: FT.PROFILE

        Args:
            query: What to search for or to calculate.
            limited: Leave out details.
            query_params: Values for the names with a ``$`` in the query.
        """
        prefix: tuple[Encodable, ...] = ("FT.PROFILE", self.index_name)
        rest: tuple[Encodable, ...] = (*flag_words(limited=limited), "QUERY")
        parameters: list[Encodable] = _parameters(query_params)
        asked: Any = query
        if hasattr(query, "get_args"):
            searched: tuple[Encodable, ...] = (*prefix, "SEARCH", *rest, *asked.get_args(), *parameters)
            return self._execute(_PROFILE, searched, results.profiled(_found(asked)), decode=False)
        calculated: tuple[Encodable, ...] = (*prefix, "AGGREGATE", *rest, *asked.build_args(), *parameters)
        return self._execute(_PROFILE, calculated, results.profiled(_aggregated(asked)))

    def hybrid_search(
        self,
        query: HybridQuery,
        combine_method: CombineResultsMethod | None = None,
        post_processing: HybridPostProcessingConfig | None = None,
        params_substitution: Parameters | None = None,
        timeout: int | None = None,
        cursor: HybridCursorQuery | None = None,
    ) -> Pending[Any]:
        """Search by text and by vector at once.

        Redis command: FT.HYBRID (Redis 8.4)

        Args:
            query: What to search for.
            combine_method: How to make one order of two.
            post_processing: What to do with the documents found.
            params_substitution: Values for the names with a ``$`` in the query.
            timeout: Milliseconds to give the server.
            cursor: Return the results in pieces.

        Returns:
            A ``HybridResult``, its fields in bytes where ``post_processing`` does not say otherwise; with ``cursor``
            a ``HybridCursorResult``.

        Raises:
            DataError: ``timeout`` is negative.
        """
        words: list[Encodable] = ["FT.HYBRID", self.index_name, *query.get_args()]
        if combine_method is not None:
            words += combine_method.get_args()
        if post_processing is not None:
            words += post_processing.build_args()
        words += _parameters(params_substitution)
        if timeout is not None:
            words += ("TIMEOUT", not_negative("FT.HYBRID", "timeout", timeout))
        if cursor is not None:
            words += cursor.build_args()
            return self._execute(_HYBRID, tuple(words), results.hybrid_cursors)
        encodings = getattr(post_processing, "_return_fields_decode_as", {})
        return self._execute(_HYBRID, tuple(words), results.hybrid(encodings), decode=False)

    def load_document(self, id: Key) -> Pending[results.Document]:
        """Return one document that is a hash, found or not.

        Redis command: HGETALL
        """

        def convert(reply: Any) -> results.Document:
            item: list[Any] = [id.encode() if isinstance(id, str) else bytes(id), reply]
            return results.found([1, *item], content=True, scores=False, payloads=False, encodings={}).docs[0]

        return self._execute(_HGETALL, ("HGETALL", id), convert, decode=False)

    # -- words -------------------------------------------------------------------------------------------------------

    def spellcheck(
        self, query: str, distance: int | None = None, include: str | None = None, exclude: str | None = None
    ) -> Pending[dict[AnyStr, list[dict[str, Any]]]]:
        """Return, for each misspelt word of a query, what it may have been meant for.

        Redis command: FT.SPELLCHECK

        Args:
            query: The query.
            distance: How many letters may be wrong, 1 by default.
            include: A dictionary whose words may be meant too.
            exclude: A dictionary whose words are spelt right.

        Returns:
            By word, lists of dicts with ``score`` and ``suggestion``.
        """
        words: list[Encodable] = ["FT.SPELLCHECK", self.index_name, query]
        if distance is not None:
            words += ("DISTANCE", not_negative("FT.SPELLCHECK", "distance", distance))
        if include is not None:
            words += ("TERMS", "INCLUDE", include)
        if exclude is not None:
            words += ("TERMS", "EXCLUDE", exclude)
        return self._execute(_SPELLCHECK, tuple(words), results.corrections)

    def dict_add(self, name: str, *terms: str) -> Pending[int]:
        """Add words to a dictionary; return how many are new.

        Redis command: FT.DICTADD

        Raises:
            DataError: There is no word.
        """
        return self._execute(_DICTADD, ("FT.DICTADD", name, *non_empty("FT.DICTADD", "terms", terms)))

    def dict_del(self, name: str, *terms: str) -> Pending[int]:
        """Delete words from a dictionary; return how many were there.

        Redis command: FT.DICTDEL

        Raises:
            DataError: There is no word.
        """
        return self._execute(_DICTDEL, ("FT.DICTDEL", name, *non_empty("FT.DICTDEL", "terms", terms)))

    def dict_dump(self, name: str) -> Pending[list[AnyStr]]:
        """Return the words of a dictionary.

        Redis command: FT.DICTDUMP
        """
        return self._execute(_DICTDUMP, ("FT.DICTDUMP", name), to_list)

    def synupdate(self, groupid: str, skipinitial: bool = False, *terms: str) -> Pending[AnyStr]:
        """Make words mean the same as others of a group; returns ``OK``.

        Redis command: FT.SYNUPDATE

        Args:
            groupid: The group.
            skipinitial: Do so only for what is written from now on.
            terms: The words.

        Raises:
            DataError: There is no word.
        """
        flags: tuple[str, ...] = flag_words(skipinitialscan=skipinitial)
        words: tuple[Encodable, ...] = (
            "FT.SYNUPDATE",
            self.index_name,
            groupid,
            *flags,
            *non_empty("FT.SYNUPDATE", "terms", terms),
        )
        return self._execute(_SYNUPDATE, words)

    def syndump(self) -> Pending[dict[AnyStr, list[AnyStr]]]:
        """Return the groups each word belongs to.

        Redis command: FT.SYNDUMP
        """
        return self._execute(_SYNDUMP, ("FT.SYNDUMP", self.index_name), pairs_to_dict)

    # -- suggestions -------------------------------------------------------------------------------------------------

    def sugadd(self, key: Key, *suggestions: Suggestion, increment: bool = False) -> Pending[int]:
        """Add suggestions to a key of their own.

        Redis command: FT.SUGADD

        Args:
            key: The key.
            suggestions: What to add.
            increment: Add to the scores of those that are there.

        Returns:
            How many there are now.

        Raises:
            DataError: There is none.
        """
        calls = []
        for suggestion in non_empty("FT.SUGADD", "suggestions", suggestions):
            words: list[Encodable] = ["FT.SUGADD", key, suggestion.string, suggestion.score]
            words += flag_words(incr=increment)
            if suggestion.payload:
                words += ("PAYLOAD", suggestion.payload)
            calls.append(tuple(words))
        if len(calls) > 1 and not self._client._collects_commands:
            return self._add_together(calls)
        return [self._execute(_SUGADD, call) for call in calls][-1]

    async def _add_together(self, calls: list[tuple[Encodable, ...]]) -> int:
        pipeline = self._client.pipeline(False)
        for call in calls:
            pipeline._execute(_SUGADD, call)
        counts: list[int] = await pipeline.execute()
        return counts[-1]

    def sugget(
        self,
        key: Key,
        prefix: str,
        fuzzy: bool = False,
        num: int = 10,
        with_scores: bool = False,
        with_payloads: bool = False,
    ) -> Pending[list[Suggestion]]:
        """Return suggestions that begin with ``prefix``, the likeliest first; their text is always ``str``.

        Redis command: FT.SUGGET

        Args:
            key: The key.
            prefix: What was typed.
            fuzzy: One letter may be wrong.
            num: How many at most.
            with_scores: Return their scores.
            with_payloads: Return their payloads.

        Raises:
            DataError: ``num`` is negative.
        """
        flags: tuple[str, ...] = flag_words(fuzzy=fuzzy, withscores=with_scores, withpayloads=with_payloads)
        words: tuple[Encodable, ...] = ("FT.SUGGET", key, prefix, "MAX", not_negative("FT.SUGGET", "num", num), *flags)
        return self._execute(_SUGGET, words, results.suggestions(with_scores, with_payloads))

    def sugdel(self, key: Key, string: str) -> Pending[int]:
        """Delete a suggestion; return 1 if it was there, else 0.

        Redis command: FT.SUGDEL
        """
        return self._execute(_SUGDEL, ("FT.SUGDEL", key, string), to_int)

    def suglen(self, key: Key) -> Pending[int]:
        """Return how many suggestions there are.

        Redis command: FT.SUGLEN
        """
        return self._execute(_SUGLEN, ("FT.SUGLEN", key))

    # -- settings of the engine --------------------------------------------------------------------------------------

    def config_get(self, option: str) -> Pending[dict[str, Any]]:
        """Return settings of the engine.

        Redis command: FT.CONFIG GET (deprecated since Redis 8.0 in favour of CONFIG GET)
        """
        return self._execute(_CONFIG_GET, ("FT.CONFIG", "GET", option), text_keyed)

    def config_set(self, option: str, value: Encodable) -> Pending[bool]:
        """Change a setting of the engine.

        Redis command: FT.CONFIG SET (deprecated since Redis 8.0 in favour of CONFIG SET)
        """
        return self._execute(_CONFIG_SET, ("FT.CONFIG", "SET", option, value), ok)

    # -- helpers -----------------------------------------------------------------------------------------------------

    def _over(self, client: Any) -> Self:
        return type(self)(client, self.index_name)


def _field_words(command: str, fields: Any) -> list[Encodable]:
    several = [fields] if hasattr(fields, "redis_args") else list(fields)
    return [word for field in non_empty(command, "fields", several) for word in field.redis_args()]


def _query(query: str | Query) -> Query:
    return Query(query) if isinstance(query, str) else query


def _found(query: Any) -> Callable[..., results.Result]:
    return partial(
        results.found,
        content=not query._no_content,
        scores=query._with_scores,
        payloads=query._with_payloads,
        encodings=query._return_fields_decode_as,
    )


def _aggregated(query: Any) -> Callable[[Any], results.AggregateResult]:
    return partial(results.aggregated, cursor=bool(query._cursor), schema=query._with_schema)


def _count_of(cursor: Any) -> tuple[Encodable, ...]:
    return ("COUNT", cursor.count) if cursor.count else ()


def _parameters(parameters: Parameters | None) -> list[Encodable]:
    if not parameters:
        return []
    return ["PARAMS", 2 * len(parameters), *(word for pair in parameters.items() for word in pair)]
