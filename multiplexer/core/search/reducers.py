"""Reducers: each makes one value of a group of documents. Their names are those of redis-py."""

from __future__ import annotations

from collections.abc import Iterable

from ..types import Encodable
from .aggregation import Asc, Desc, Reducer, sort_words


class FieldOnlyReducer(Reducer):
    """A reducer of one field."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self._field = field


class count(Reducer):
    """How many documents there are."""

    NAME = "COUNT"

    def __init__(self) -> None:
        super().__init__()


class sum(FieldOnlyReducer):
    """The sum of a field."""

    NAME = "SUM"


class min(FieldOnlyReducer):
    """The smallest value of a field."""

    NAME = "MIN"


class max(FieldOnlyReducer):
    """The largest value of a field."""

    NAME = "MAX"


class avg(FieldOnlyReducer):
    """The mean of a field."""

    NAME = "AVG"


class tolist(FieldOnlyReducer):
    """All distinct values of a field."""

    NAME = "TOLIST"


class count_distinct(FieldOnlyReducer):
    """How many distinct values a field has."""

    NAME = "COUNT_DISTINCT"


class count_distinctish(FieldOnlyReducer):
    """How many distinct values a field has, more or less."""

    NAME = "COUNT_DISTINCTISH"


class stddev(FieldOnlyReducer):
    """The standard deviation of a field."""

    NAME = "STDDEV"


class quantile(Reducer):
    """The value of a field below which the share ``pct``, between 0 and 1, of the values lies."""

    NAME = "QUANTILE"

    def __init__(self, field: str, pct: float) -> None:
        super().__init__(field, str(pct))
        self._field = field


class first_value(Reducer):
    """The value of a field in the first document, in the order of other fields where some are given."""

    NAME = "FIRST_VALUE"

    def __init__(self, field: str, *byfields: Asc | Desc) -> None:
        super().__init__(field, *(("BY", *sort_words(byfields)) if byfields else ()))
        self._field = field


class random_sample(Reducer):
    """The values of a field in ``size`` documents chosen at random."""

    NAME = "RANDOM_SAMPLE"

    def __init__(self, field: str, size: int) -> None:
        super().__init__(field, str(size))
        self._field = field


class collect(Reducer):
    """Fields of all documents of the group (Redis 8.8).

    Args:
        fields: The fields; ``*`` for all.
        distinct: Leave out repetitions.
        sort_by: Sort by these.
        limit: Keep this many from a place on: a tuple of the place and the number.

    Raises:
        ValueError: There is no field, or one without a name.
    """

    NAME = "COLLECT"

    def __init__(
        self,
        fields: str | Iterable[str] = "*",
        distinct: bool = False,
        sort_by: Asc | Desc | Iterable[Asc | Desc] | None = None,
        limit: tuple[int, int] | None = None,
    ) -> None:
        names = [fields] if isinstance(fields, str) else list(fields)
        if not names or not all(name.strip() for name in names):
            raise ValueError("COLLECT: fields must be '*', or names that are not blank")
        words: list[Encodable] = ["FIELDS", *(("*",) if names == ["*"] else (str(len(names)), *names))]
        if distinct:
            words.append("DISTINCT")
        if sort_by is not None:
            order = sort_words((sort_by,) if isinstance(sort_by, (Asc, Desc)) else sort_by)
            words += ("SORTBY", str(len(order)), *order)
        if limit is not None:
            words += ("LIMIT", *map(str, limit))
        super().__init__(*words)
