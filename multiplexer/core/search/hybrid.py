"""A query for documents by text and by vector at once."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Self

from ...errors import DataError
from ..types import Encodable
from .aggregation import Reducer, cursor_words, reduced
from .query import SortbyField


class HybridFilter:
    """Lets documents through for which conditions hold.

    Attributes:
        args: The words.
    """

    def __init__(self, conditions: str) -> None:
        self.args: list[Encodable] = ["FILTER", conditions]


class HybridSearchQuery:
    """The half of the query that is text.

    Args:
        query_string: The query in the server's language.
        scorer: The function that says how well a document matches.
        yield_score_as: The field to put that in.
    """

    def __init__(self, query_string: str, scorer: str | None = None, yield_score_as: str | None = None) -> None:
        self._query_string = query_string
        self._scorer = scorer
        self._yield_score_as = yield_score_as

    def query_string(self) -> str:
        """Return the query in the server's language."""
        return self._query_string

    def scorer(self, scorer: str) -> Self:
        """Name the function that says how well a document matches."""
        self._scorer = scorer
        return self

    def yield_score_as(self, alias: str) -> Self:
        """Name the field to put that in."""
        self._yield_score_as = alias
        return self

    def get_args(self) -> list[Encodable]:
        """Return the words."""
        return ["SEARCH", self._query_string, *_option("SCORER", self._scorer), *_yield(self._yield_score_as)]


class VectorSearchMethods(Enum):
    """How to search for vectors: for the nearest ones, or for all within a distance."""

    KNN = "KNN"
    RANGE = "RANGE"


class HybridVsimQuery:
    """The half of the query that is a vector.

    Args:
        vector_field_name: The field, with its ``@``.
        vector_data: The vector in bytes, or the name of a parameter, with its ``$``.
        vsim_search_method: How to search.
        vsim_search_method_params: What the method takes, such as ``K`` or ``RADIUS``.
        filter: Search only documents it lets through.
        yield_score_as: The field to put the distance in.
    """

    def __init__(
        self,
        vector_field_name: str,
        vector_data: bytes | str,
        vsim_search_method: VectorSearchMethods | None = None,
        vsim_search_method_params: Mapping[str, Encodable] | None = None,
        filter: HybridFilter | None = None,
        yield_score_as: str | None = None,
    ) -> None:
        self._field = vector_field_name
        self._data = vector_data
        self._method: list[Encodable] = []
        self._filter = filter
        self._yield_score_as = yield_score_as
        if vsim_search_method is not None and vsim_search_method_params:
            self.vsim_method_params(vsim_search_method, **vsim_search_method_params)

    def vector_field(self) -> str:
        """Return the field."""
        return self._field

    def vector_data(self) -> bytes | str:
        """Return the vector, or the name of the parameter that holds it."""
        return self._data

    def vsim_method_params(self, method: VectorSearchMethods, **kwargs: Encodable) -> Self:
        """Set how to search, and what the method takes."""
        self._method = [method.value, 2 * len(kwargs), *_flat(kwargs)]
        return self

    def filter(self, flt: HybridFilter) -> Self:
        """Search only documents the filter lets through."""
        self._filter = flt
        return self

    def yield_score_as(self, alias: str) -> Self:
        """Name the field to put the distance in."""
        self._yield_score_as = alias
        return self

    def get_args(self) -> list[Encodable]:
        """Return the words."""
        filter = () if self._filter is None else self._filter.args
        return ["VSIM", self._field, self._data, *self._method, *filter, *_yield(self._yield_score_as)]


class HybridQuery:
    """Both halves of a query."""

    def __init__(self, search_query: HybridSearchQuery, vector_similarity_query: HybridVsimQuery) -> None:
        self._halves = (search_query, vector_similarity_query)

    def get_args(self) -> list[Encodable]:
        """Return the words."""
        return [word for half in self._halves for word in half.get_args()]


class CombinationMethods(Enum):
    """How to make one order of two: by places in each, or by a weighted sum of scores."""

    RRF = "RRF"
    LINEAR = "LINEAR"


class CombineResultsMethod:
    """How to make one order of two, and what the method takes, such as ``WINDOW`` or ``ALPHA``."""

    def __init__(self, method: CombinationMethods, **kwargs: Encodable) -> None:
        self._words: list[Encodable] = ["COMBINE", method.value, *((2 * len(kwargs),) if kwargs else ())]
        self._words += _flat(kwargs)

    def get_args(self) -> list[Encodable]:
        """Return the words."""
        return list(self._words)


class HybridPostProcessingConfig:
    """What to do with the documents found, step by step; its methods return the object itself."""

    def __init__(self) -> None:
        self._steps: list[Encodable] = []
        self._return_fields_decode_as: dict[str, str | None] = {}

    def load(self, *fields: str, decode_field: bool | None = False, encoding: str | None = "utf8") -> Self:
        """Load fields from the documents.

        Args:
            fields: The fields, with their ``@``.
            decode_field: Whether their values are text; otherwise they come in bytes.
            encoding: How the text is encoded.

        Raises:
            DataError: There is none.
        """
        if not fields:
            raise DataError("FT.HYBRID: fields must not be empty")
        self._steps += ("LOAD", len(fields), *fields)
        for field in fields:
            self._return_fields_decode_as[field.removeprefix("@")] = encoding if decode_field else None
        return self

    def group_by(self, fields: list[str], *reducers: Reducer) -> Self:
        """Group by fields, and keep of each group what reducers make of it."""
        names = [fields] if isinstance(fields, str) else list(fields)
        self._steps += ("GROUPBY", len(names), *names, *reduced(reducers))
        return self

    def apply(self, **kwexpr: str) -> Self:
        """Add fields: their names, and the expressions that make them."""
        for alias, expression in kwexpr.items():
            self._steps += ("APPLY", expression, "AS", alias)
        return self

    def sort_by(self, *sortby: SortbyField) -> Self:
        """Sort by fields."""
        words = [word for field in sortby for word in field.args]
        self._steps += ("SORTBY", len(words), *words)
        return self

    def filter(self, filter: HybridFilter) -> Self:
        """Keep rows the filter lets through."""
        self._steps += filter.args
        return self

    def limit(self, offset: int, num: int) -> Self:
        """Keep ``num`` rows from place ``offset`` on.

        Raises:
            DataError: A number is negative.
        """
        if offset < 0 or num < 0:
            raise DataError("FT.HYBRID: offset and num must not be negative")
        self._steps += ("LIMIT", offset, num)
        return self

    def build_args(self) -> list[Encodable]:
        """Return the words."""
        return list(self._steps)


class HybridCursorQuery:
    """Asks for the results in pieces of ``count`` rows; the server may forget the rest after ``max_idle`` ms."""

    def __init__(self, count: int = 0, max_idle: int = 0) -> None:
        self._words = cursor_words(count, max_idle)

    def build_args(self) -> list[Encodable]:
        """Return the words."""
        return list(self._words)


def _option(word: str, value: Encodable | None) -> tuple[Encodable, ...]:
    return () if value is None else (word, value)


def _yield(alias: str | None) -> tuple[Encodable, ...]:
    return _option("YIELD_SCORE_AS", alias)


def _flat(mapping: Mapping[str, Encodable]) -> list[Encodable]:
    return [word for pair in mapping.items() for word in pair]
