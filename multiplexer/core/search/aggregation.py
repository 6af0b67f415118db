"""A query for what can be calculated from documents."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar, Protocol, Self

from ...errors import DataError
from ..types import Encodable


class SortDirection:
    """A field to sort by; :class:`Asc` or :class:`Desc`."""

    DIRSTRING: ClassVar[str]

    def __init__(self, field: str) -> None:
        self.field = field


class Asc(SortDirection):
    """The smallest first."""

    DIRSTRING = "ASC"


class Desc(SortDirection):
    """The largest first."""

    DIRSTRING = "DESC"


def sort_words(fields: Iterable[str | SortDirection]) -> list[str]:
    """Return the words for some fields to sort by."""
    words: list[str] = []
    for field in fields:
        words += (field,) if isinstance(field, str) else (field.field, field.DIRSTRING)
    return words


class Reducer:
    """Makes one value of a group of documents; see the module ``reducers``.

    Args:
        args: What it is given.
    """

    NAME: ClassVar[str]

    def __init__(self, *args: Encodable) -> None:
        self._args = args
        self._field: str | None = None
        self._alias: str | None = None

    def alias(self, alias: str | type[Reducer]) -> Self:
        """Name the value; ``FIELDNAME`` names it as the field it is made of.

        Raises:
            DataError: ``FIELDNAME`` is given to a reducer that is not of one field.
        """
        if alias is FIELDNAME:
            if self._field is None:
                raise DataError(f"FT.AGGREGATE: {self.NAME} has no field to be named after")
            alias = self._field.removeprefix("@")
        self._alias = str(alias)
        return self

    @property
    def args(self) -> tuple[Encodable, ...]:
        """What it is given."""
        return self._args

    def build_args(self) -> list[Encodable]:
        """Return the words."""
        words: list[Encodable] = ["REDUCE", self.NAME, len(self._args), *self._args]
        if self._alias is not None:
            words += ("AS", self._alias)
        return words


class FIELDNAME(Reducer):
    """Stands, as an alias, for the name of the field."""


class AggregateRequest:
    """What to calculate, step by step, from the documents a query finds; its methods return the request itself.

    Args:
        query: Which documents, in the server's query language; ``*`` for all.
    """

    def __init__(self, query: str = "*") -> None:
        self._query = query
        self._fields: list[str] = []
        self._load_all = False
        self._steps: list[Encodable] = []
        self._with_schema = False
        self._verbatim = False
        self._add_scores = False
        self._scorer: str | None = None
        self._cursor: list[Encodable] = []
        self._dialect: int | None = 2

    def load(self, *fields: str) -> Self:
        """Load fields from the documents; all of them where none is named."""
        self._fields += fields
        self._load_all = self._load_all or not fields
        return self

    def group_by(self, fields: str | list[str], *reducers: Reducer) -> Self:
        """Group by fields, and keep of each group what reducers make of it."""
        names = [fields] if isinstance(fields, str) else list(fields)
        self._steps += ("GROUPBY", len(names), *names)
        for reducer in reducers:
            self._steps += _reduced(reducer)
        return self

    def apply(self, **kwexpr: str) -> Self:
        """Add fields: their names, and the expressions that make them."""
        for alias, expression in kwexpr.items():
            self._steps += ("APPLY", expression, "AS", alias)
        return self

    def limit(self, offset: int, num: int) -> Self:
        """Keep ``num`` rows from place ``offset`` on; none where both are 0, so that only their number comes.

        Raises:
            DataError: A number is negative.
        """
        if offset < 0 or num < 0:
            raise DataError("FT.AGGREGATE: offset and num must not be negative")
        self._steps += ("LIMIT", offset, num)
        return self

    def sort_by(self, *fields: str | SortDirection, max: int = 0) -> Self:
        """Sort by fields, and keep the first ``max`` rows, or all of them where it is 0."""
        words = sort_words(fields)
        self._steps += ("SORTBY", len(words), *words)
        if max > 0:
            self._steps += ("MAX", max)
        return self

    def filter(self, expressions: str | list[str]) -> Self:
        """Keep rows for which expressions hold."""
        for expression in (expressions,) if isinstance(expressions, str) else expressions:
            self._steps += ("FILTER", expression)
        return self

    def with_schema(self) -> Self:
        """Return the fields' types as well; today's servers refuse it."""
        self._with_schema = True
        return self

    def add_scores(self) -> Self:
        """Make how well documents match a field of them, ``@__score``."""
        self._add_scores = True
        return self

    def scorer(self, scorer: str) -> Self:
        """Name the function that says how well a document matches; ``TFIDF`` by default."""
        self._scorer = scorer
        return self

    def verbatim(self) -> Self:
        """Match words only as they are written."""
        self._verbatim = True
        return self

    def cursor(self, count: int = 0, max_idle: float = 0.0) -> Self:
        """Return the rows in pieces.

        Args:
            count: Rows in each piece; 0 for the server's default.
            max_idle: Seconds after which the server may forget the rest; 0 for its default.
        """
        self._cursor = cursor_words(count, max_idle * 1000)
        return self

    def dialect(self, dialect: int) -> Self:
        """Set the version of the query language; 2 by default."""
        self._dialect = dialect
        return self

    def build_args(self) -> list[Encodable]:
        """Return the words of the request."""
        words: list[Encodable] = [self._query]
        if self._with_schema:
            words.append("WITHSCHEMA")
        if self._verbatim:
            words.append("VERBATIM")
        if self._scorer is not None or self._add_scores:
            words += ("SCORER", self._scorer or "TFIDF")
        if self._add_scores:
            words.append("ADDSCORES")
        words += self._cursor
        if self._load_all:
            words += ("LOAD", "*")
        elif self._fields:
            words += ("LOAD", len(self._fields), *self._fields)
        if self._dialect is not None:
            words += ("DIALECT", self._dialect)
        words += self._steps
        return words


class Cursor:
    """What is left of an aggregation's rows.

    Attributes:
        cid: The server's number for it; 0 where nothing is left.
        count: Rows in the next piece; 0 for the server's default.
        max_idle: Seconds after which the server may forget the rest; 0 for its default.
    """

    def __init__(self, cid: int) -> None:
        self.cid = cid
        self.count = 0
        self.max_idle = 0.0

    def __repr__(self) -> str:
        return f"<Cursor {self.cid}>"

    def build_args(self) -> list[Encodable]:
        """Return the words that go on reading, after the cursor's number."""
        return [str(self.cid), *(("COUNT", self.count) if self.count else ())]


def cursor_words(count: int, max_idle: float) -> list[Encodable]:
    """Return the words that ask for a cursor; ``max_idle`` is in milliseconds.

    Raises:
        DataError: A number is negative.
    """
    if count < 0 or max_idle < 0:
        raise DataError("FT.AGGREGATE: count and max_idle must not be negative")
    words: list[Encodable] = ["WITHCURSOR"]
    if count:
        words += ("COUNT", count)
    if max_idle:
        words += ("MAXIDLE", int(max_idle))
    return words


class AnyReducer(Protocol):
    """What is asked of a reducer, which may be one of redis-py's."""

    @property
    def NAME(self) -> str:
        """The server's name for it."""

    @property
    def args(self) -> Sequence[Encodable]:
        """What it is given."""


def _reduced(reducer: AnyReducer) -> list[Encodable]:
    if isinstance(reducer, Reducer):
        return reducer.build_args()
    alias = getattr(reducer, "_alias", None)  # one of redis-py's
    return ["REDUCE", reducer.NAME, len(reducer.args), *reducer.args, *(() if alias is None else ("AS", alias))]


def reduced(reducers: Iterable[AnyReducer]) -> list[Encodable]:
    """Return the words of reducers."""
    return [word for reducer in reducers for word in _reduced(reducer)]
