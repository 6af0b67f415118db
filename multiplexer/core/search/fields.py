"""The fields of an index, and which documents it is of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from typing import ClassVar, TypedDict, Unpack

from ...errors import DataError
from ..types import Encodable


class IndexType(Enum):
    """What documents are stored as."""

    HASH = 1
    JSON = 2


class IndexDefinition:
    """Which keys an index is of, and where in a document to find what is said of it as a whole.

    Args:
        prefix: What their keys begin with; by default every key.
        filter: An expression that must hold for them.
        language_field: The field that holds a document's language.
        language: The language of documents that have none.
        score_field: The field that holds a document's score.
        score: The score, between 0 and 1, of documents that have none.
        payload_field: The field that holds a document's payload.
        index_type: What they are stored as; hashes by default.

    Attributes:
        args: The words.
    """

    def __init__(
        self,
        prefix: Iterable[str] = (),
        filter: str | None = None,
        language_field: str | None = None,
        language: str | None = None,
        score_field: str | None = None,
        score: float | None = 1.0,
        payload_field: str | None = None,
        index_type: IndexType | None = None,
    ) -> None:
        self.args: list[Encodable] = []
        if index_type is not None:
            self.args += ("ON", _type_name(index_type))
        prefixes = (prefix,) if isinstance(prefix, str) else tuple(prefix)
        if prefixes:
            self.args += ("PREFIX", len(prefixes), *prefixes)
        for word, value in (
            ("FILTER", filter),
            ("LANGUAGE_FIELD", language_field),
            ("LANGUAGE", language),
            ("SCORE_FIELD", score_field),
            ("SCORE", score),
            ("PAYLOAD_FIELD", payload_field),
        ):
            if value is not None:
                self.args += (word, value)


def _type_name(index_type: IndexType) -> str:
    name = getattr(index_type, "name", None)
    if name not in ("HASH", "JSON"):
        raise DataError(f"FT.CREATE: index_type must be IndexType.HASH or IndexType.JSON, not {index_type!r}")
    return str(name)


class FieldOptions(TypedDict, total=False):
    """What a field of any type may be given; see :class:`Field`."""

    sortable: bool
    no_index: bool
    index_missing: bool
    index_empty: bool
    as_name: str | None


class Field:
    """A field of an index.

    Args:
        name: Its name; in JSON documents the path to it.
        args: Further words, after its type.
        sortable: Whether results can be sorted by it.
        no_index: Do not index it, only allow sorting by it.
        index_missing: Allow to search for documents without it.
        index_empty: Allow to search for documents in which it is empty.
        as_name: What queries call it.

    Raises:
        DataError: It is neither indexed nor sortable.
    """

    NUMERIC = "NUMERIC"
    TEXT = "TEXT"
    WEIGHT = "WEIGHT"
    GEO = "GEO"
    TAG = "TAG"
    VECTOR = "VECTOR"
    GEOSHAPE = "GEOSHAPE"
    SORTABLE = "SORTABLE"
    NOINDEX = "NOINDEX"
    AS = "AS"
    INDEX_MISSING = "INDEXMISSING"
    INDEX_EMPTY = "INDEXEMPTY"

    def __init__(
        self,
        name: str,
        args: Sequence[Encodable] | None = None,
        sortable: bool = False,
        no_index: bool = False,
        index_missing: bool = False,
        index_empty: bool = False,
        as_name: str | None = None,
    ) -> None:
        if no_index and not sortable:
            raise DataError(f"FT.CREATE: field {name} is neither indexed nor sortable, so it would be ignored")
        self.name = name
        self.as_name = as_name
        self.args: list[Encodable] = list(args or ())
        # SORTABLE comes last, wherever else the server would take it for an option of the type.
        self.args_suffix: list[Encodable] = []
        for given, word in (
            (no_index, self.NOINDEX),
            (index_missing, self.INDEX_MISSING),
            (index_empty, self.INDEX_EMPTY),
            (sortable, self.SORTABLE),
        ):
            if given:
                self.args_suffix.append(word)

    def append_arg(self, value: Encodable) -> None:
        """Add a word after the field's type."""
        self.args.append(value)

    def redis_args(self) -> list[Encodable]:
        """Return the words that describe it."""
        alias = [] if self.as_name is None else [self.AS, self.as_name]
        return [self.name, *alias, *self.args, *self.args_suffix]


class TextField(Field):
    """Text to search for words in.

    Args:
        name: Its name.
        weight: How much a match counts.
        no_stem: Whether words match only as they are written.
        phonetic_matcher: Match words that sound alike: ``dm:en``, ``dm:fr``, ``dm:pt`` or ``dm:es``.
        withsuffixtrie: Speed up queries for words that contain or end with something.
        kwargs: As for :class:`Field`.
    """

    NOSTEM = "NOSTEM"
    PHONETIC = "PHONETIC"

    def __init__(
        self,
        name: str,
        weight: float = 1.0,
        no_stem: bool = False,
        phonetic_matcher: str | None = None,
        withsuffixtrie: bool = False,
        **kwargs: Unpack[FieldOptions],
    ) -> None:
        words: list[Encodable] = [self.TEXT, self.WEIGHT, weight]
        if no_stem:
            words.append(self.NOSTEM)
        if phonetic_matcher is not None:
            words += (self.PHONETIC, phonetic_matcher)
        if withsuffixtrie:
            words.append("WITHSUFFIXTRIE")
        super().__init__(name, words, **kwargs)


class NumericField(Field):
    """A number to search for ranges of."""

    def __init__(self, name: str, **kwargs: Unpack[FieldOptions]) -> None:
        super().__init__(name, [self.NUMERIC], **kwargs)


class GeoField(Field):
    """A place: longitude and latitude with a comma between them."""

    def __init__(self, name: str, **kwargs: Unpack[FieldOptions]) -> None:
        super().__init__(name, [self.GEO], **kwargs)


class GeoShapeField(Field):
    """A shape in the well-known text format, on a sphere or in a plane."""

    SPHERICAL = "SPHERICAL"
    FLAT = "FLAT"

    def __init__(self, name: str, coord_system: str | None = None, **kwargs: Unpack[FieldOptions]) -> None:
        super().__init__(name, [self.GEOSHAPE, *(() if coord_system is None else (coord_system,))], **kwargs)


class TagField(Field):
    """Words that match only as a whole.

    Args:
        name: Its name.
        separator: What stands between them.
        case_sensitive: Whether capitals count.
        withsuffixtrie: Speed up queries for words that contain or end with something.
        kwargs: As for :class:`Field`.
    """

    SEPARATOR = "SEPARATOR"
    CASESENSITIVE = "CASESENSITIVE"

    def __init__(
        self,
        name: str,
        separator: str = ",",
        case_sensitive: bool = False,
        withsuffixtrie: bool = False,
        **kwargs: Unpack[FieldOptions],
    ) -> None:
        words: list[Encodable] = [self.TAG, self.SEPARATOR, separator]
        if case_sensitive:
            words.append(self.CASESENSITIVE)
        if withsuffixtrie:
            words.append("WITHSUFFIXTRIE")
        super().__init__(name, words, **kwargs)


class VectorField(Field):
    """A vector to search for the nearest of.

    Args:
        name: Its name.
        algorithm: ``FLAT``, ``HNSW`` or ``SVS-VAMANA``.
        attributes: Its ``TYPE``, ``DIM``, ``DISTANCE_METRIC`` and what else the algorithm takes.
        kwargs: As for :class:`Field`.

    Raises:
        DataError: The algorithm is another one, or the field is to be sortable or not indexed.
    """

    ALGORITHMS: ClassVar[tuple[str, ...]] = ("FLAT", "HNSW", "SVS-VAMANA")

    def __init__(
        self, name: str, algorithm: str, attributes: Mapping[str, Encodable], **kwargs: Unpack[FieldOptions]
    ) -> None:
        if kwargs.get("sortable") or kwargs.get("no_index"):
            raise DataError(f"FT.CREATE: vector field {name} can be neither sortable nor no_index")
        if algorithm.upper() not in self.ALGORITHMS:
            raise DataError(f"FT.CREATE: algorithm must be one of {', '.join(self.ALGORITHMS)}, not {algorithm!r}")
        words: list[Encodable] = [self.VECTOR, algorithm.upper(), 2 * len(attributes)]
        for attribute, value in attributes.items():
            words += (attribute, value)
        super().__init__(name, words, **kwargs)
