"""A query for documents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

from ...errors import DataError
from ..types import Encodable


class Query:
    """What to search for, and what to return of it; its methods return the query itself.

    Args:
        query_string: The query in the server's language.
    """

    def __init__(self, query_string: str) -> None:
        self._query_string = str(query_string)
        self._offset = 0
        self._num = 10
        self._no_content = False
        self._with_payloads = False
        self._with_scores = False
        self._flags: list[str] = []
        self._options: dict[str, list[Encodable]] = {}
        self._filters: list[Filter] = []
        self._return_fields: list[str] = []
        self._return_fields_decode_as: dict[str, str | None] = {}
        self._summarize: list[Encodable] = []
        self._highlight: list[Encodable] = []
        self._dialect: int | None = 2

    def query_string(self) -> str:
        """Return the query in the server's language."""
        return self._query_string

    def limit_ids(self, *ids: str) -> Self:
        """Search only documents with these keys."""
        return self._set("INKEYS", len(ids), *ids)

    def limit_fields(self, *fields: str) -> Self:
        """Search only in these fields."""
        return self._set("INFIELDS", len(fields), *fields)

    def return_fields(self, *fields: str) -> Self:
        """Return only these fields."""
        for field in fields:
            self.return_field(field)
        return self

    def return_field(
        self,
        field: str,
        as_field: str | None = None,
        decode_field: bool | None = True,
        encoding: str | None = "utf8",
    ) -> Self:
        """Return this field, and others only if they are asked for as well.

        Args:
            field: Its name, or a path.
            as_field: What to call it.
            decode_field: Whether its value is text; otherwise it comes in bytes, such as a vector.
            encoding: How the text is encoded.
        """
        self._return_fields += (field,) if as_field is None else (field, "AS", as_field)
        self._return_fields_decode_as[as_field or field] = encoding if decode_field else None
        return self

    def summarize(
        self,
        fields: Sequence[str] | None = None,
        context_len: int | None = None,
        num_frags: int | None = None,
        sep: str | None = None,
    ) -> Self:
        """Return the parts of fields that match.

        Args:
            fields: The fields; by default all.
            context_len: Words in each part.
            num_frags: How many parts at most.
            sep: What to put between them.
        """
        self._summarize = ["SUMMARIZE", *_fields(fields)]
        for word, value in (("FRAGS", num_frags), ("LEN", context_len), ("SEPARATOR", sep)):
            if value is not None:
                self._summarize += (word, value)
        return self

    def highlight(self, fields: Sequence[str] | None = None, tags: Sequence[str] | None = None) -> Self:
        """Mark the words that match.

        Args:
            fields: The fields; by default all.
            tags: What to put before and after each word.

        Raises:
            DataError: There are not two tags.
        """
        if tags is not None and len(tags) != 2:
            raise DataError("FT.SEARCH: tags must be what to put before and what to put after a word")
        self._highlight = ["HIGHLIGHT", *_fields(fields), *(() if tags is None else ("TAGS", *tags))]
        return self

    def language(self, language: str) -> Self:
        """Set the language of the query."""
        return self._set("LANGUAGE", language)

    def slop(self, slop: int) -> Self:
        """Allow this many other words between those of a phrase."""
        return self._set("SLOP", slop)

    def timeout(self, timeout: float) -> Self:
        """Give the server this many milliseconds."""
        return self._set("TIMEOUT", timeout)

    def in_order(self) -> Self:
        """Match words only in the order they have in the query."""
        return self._flag("INORDER")

    def scorer(self, scorer: str) -> Self:
        """Name the function that says how well a document matches."""
        return self._set("SCORER", scorer)

    def expander(self, expander: str) -> Self:
        """Name what adds further words to the query."""
        return self._set("EXPANDER", expander)

    def paging(self, offset: int, num: int) -> Self:
        """Return ``num`` documents from place ``offset`` on; 10 from the first on by default.

        Raises:
            DataError: A number is negative.
        """
        if offset < 0 or num < 0:
            raise DataError("FT.SEARCH: offset and num must not be negative")
        self._offset, self._num = offset, num
        return self

    def verbatim(self) -> Self:
        """Match words only as they are written."""
        return self._flag("VERBATIM")

    def no_content(self) -> Self:
        """Return keys only."""
        self._no_content = True
        return self

    def no_stopwords(self) -> Self:
        """Search for words as well that are too common otherwise."""
        return self._flag("NOSTOPWORDS")

    def with_payloads(self) -> Self:
        """Return documents' payloads as well."""
        self._with_payloads = True
        return self

    def with_scores(self) -> Self:
        """Return as well how well documents match."""
        self._with_scores = True
        return self

    def add_filter(self, flt: Filter) -> Self:
        """Return only documents that a filter lets through."""
        self._filters.append(flt)
        return self

    def sort_by(self, field: str, asc: bool = True) -> Self:
        """Sort by a field instead of by how well documents match."""
        return self._set("SORTBY", field, "ASC" if asc else "DESC")

    def dialect(self, dialect: int) -> Self:
        """Set the version of the query language; 2 by default."""
        self._dialect = dialect
        return self

    def get_args(self) -> list[Encodable]:
        """Return the words of the query."""
        words: list[Encodable] = [self._query_string]
        if self._no_content:
            words.append("NOCONTENT")
        words += self._flags
        for filter in self._filters:
            words += filter.args
        if self._with_payloads:
            words.append("WITHPAYLOADS")
        if self._with_scores:
            words.append("WITHSCORES")
        for word, values in self._options.items():
            words += (word, *values)
        if self._return_fields:
            words += ("RETURN", len(self._return_fields), *self._return_fields)
        words += self._summarize
        words += self._highlight
        if self._dialect is not None:
            words += ("DIALECT", self._dialect)
        words += ("LIMIT", self._offset, self._num)
        return words

    def _set(self, word: str, *values: Encodable) -> Self:
        self._options[word] = [*values]
        return self

    def _flag(self, word: str) -> Self:
        if word not in self._flags:
            self._flags.append(word)
        return self


class Filter:
    """Lets some documents through.

    Attributes:
        args: The words.
    """

    def __init__(self, keyword: str, field: str, *args: Encodable) -> None:
        self.args: list[Encodable] = [keyword, field, *args]


class NumericFilter(Filter):
    """Lets documents through whose number is from ``minval`` to ``maxval``, by default both included."""

    INF = "+inf"
    NEG_INF = "-inf"

    def __init__(
        self,
        field: str,
        minval: float | str,
        maxval: float | str,
        minExclusive: bool = False,
        maxExclusive: bool = False,
    ) -> None:
        lowest = f"({minval}" if minExclusive else minval
        highest = f"({maxval}" if maxExclusive else maxval
        super().__init__("FILTER", field, lowest, highest)


class GeoFilter(Filter):
    """Lets documents through whose place is no further than ``radius`` from another one."""

    METERS = "m"
    KILOMETERS = "km"
    FEET = "ft"
    MILES = "mi"

    def __init__(self, field: str, lon: float, lat: float, radius: float, unit: str = KILOMETERS) -> None:
        super().__init__("GEOFILTER", field, lon, lat, radius, unit)


class SortbyField:
    """A field to sort by, and in which direction.

    Attributes:
        args: The words.
    """

    def __init__(self, field: str, asc: bool = True) -> None:
        self.args: list[str] = [field, "ASC" if asc else "DESC"]


def _fields(fields: Sequence[str] | str | None) -> list[Encodable]:
    if not fields:
        return []
    names = [fields] if isinstance(fields, str) else list(fields)
    return ["FIELDS", len(names), *names]
