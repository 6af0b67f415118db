"""Results of the search engine's commands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..search.aggregation import Cursor
from ..search.suggestion import Suggestion
from ..shapes import as_float, as_list
from ..types import Reply
from .common import deep_text, pairs, text, text_keyed, to_list

#: What the engine answers with: RESP3's mapping, or RESP2's array of parts of several kinds.
Found = dict[Any, Any] | list[Any]

#: How to decode fields that are not simply text, by name; None leaves them in bytes.
Encodings = Mapping[str, str | None]


class Document:
    """One document found: its fields are attributes and items.

    Attributes:
        id: Its key.
        payload: Its payload, where that was asked for.
        score: How well it matches, where that was asked for.
    """

    id: str
    payload: str | None

    def __init__(self, id: str, payload: str | None = None, **fields: Any) -> None:
        self.__dict__.update(fields)
        self.id = id
        self.payload = payload

    def __repr__(self) -> str:
        return f"Document {self.__dict__}"

    def __getitem__(self, item: str) -> Any:
        try:
            return self.__dict__[item]
        except KeyError:
            raise KeyError(item) from None

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"the document has no field {name!r}")


class Result:
    """What a query found.

    Attributes:
        total: How many documents there are, of which these may be a part.
        docs: The documents.
        duration: Milliseconds from call to reply.
        warnings: What the server warns of; only under RESP3.
    """

    def __init__(self, total: int, docs: list[Document], warnings: list[str], duration: float = 0.0) -> None:
        self.total = total
        self.docs = docs
        self.warnings = warnings
        self.duration = duration

    def __repr__(self) -> str:
        return f"Result{{{self.total} total, docs: {self.docs}}}"


class AggregateResult:
    """What an aggregation made.

    Attributes:
        rows: Lists in which names and values of fields alternate.
        cursor: What is left of the rows, where they come in pieces.
        schema: The fields' types, where they were asked for.
        total: How many rows there are, as far as the server knows.
        warnings: What the server warns of; only under RESP3.
    """

    def __init__(
        self, rows: list[list[Reply]], cursor: Cursor | None, schema: Reply, total: int, warnings: list[str]
    ) -> None:
        self.rows: list[list[Any]] = rows
        self.cursor = cursor
        self.schema = schema
        self.total = total
        self.warnings = warnings

    def __repr__(self) -> str:
        return f"<AggregateResult of {len(self.rows)} rows, cursor {None if self.cursor is None else self.cursor.cid}>"


class ProfileInformation:
    """How the server went about a query: nested lists in which names and values alternate; times are text in RESP2."""

    def __init__(self, info: object) -> None:
        self._info = info

    def __repr__(self) -> str:
        return f"<ProfileInformation {self._info!r}>"

    @property
    def info(self) -> Any:
        """What the server says."""
        return self._info


class HybridResult:
    """What a query by text and vector found.

    Attributes:
        total_results: How many documents there are, of which these may be a part.
        results: Their fields by name.
        warnings: What the server warns of.
        execution_time: Milliseconds it took the server.
    """

    def __init__(
        self, total_results: int, results: list[dict[str, Reply]], warnings: list[str], execution_time: float
    ) -> None:
        self.total_results = total_results
        self.results: list[dict[str, Any]] = results
        self.warnings = warnings
        self.execution_time = execution_time

    def __repr__(self) -> str:
        return f"<HybridResult of {self.total_results}>"


class HybridCursorResult:
    """The numbers of the cursors that go on reading the two halves of a query."""

    def __init__(self, search_cursor_id: int, vsim_cursor_id: int) -> None:
        self.search_cursor_id = search_cursor_id
        self.vsim_cursor_id = vsim_cursor_id

    def __repr__(self) -> str:
        return f"<HybridCursorResult {self.search_cursor_id} {self.vsim_cursor_id}>"


def found(
    reply: Found,
    *,
    content: bool,
    scores: bool,
    payloads: bool,
    encodings: Encodings,
    duration: float = 0.0,
) -> Result:
    """Make a result of a reply, always in bytes, in its RESP2 or RESP3 shape.

    Args:
        reply: The reply.
        content: Whether documents come with their fields.
        scores: Whether they come with scores.
        payloads: Whether they come with payloads.
        encodings: How to decode fields that are not simply text.
        duration: Milliseconds it took.
    """
    if isinstance(reply, dict):
        told = text_keyed(reply)
        docs = [_document_of_map(text_keyed(item), scores, payloads, encodings) for item in told.get("results") or ()]
        return Result(told.get("total_results", 0), docs, deep_text(to_list(told.get("warning"))), duration)
    step = 1 + scores + payloads + content
    docs = [
        _document_of_list(reply[start : start + step], content, scores, payloads, encodings)
        for start in range(1, len(reply), step)
    ]
    return Result(reply[0], docs, [], duration)


def aggregated(reply: Found | None, *, cursor: bool, schema: bool) -> AggregateResult:
    """Make a result of the reply to an aggregation, in its RESP2 or RESP3 shape.

    Args:
        reply: The reply.
        cursor: Whether it is followed by a cursor.
        schema: Whether types come first.
    """
    rest = None
    if cursor:
        reply, number = reply or (None, 0)
        rest = Cursor(int(number))
    if isinstance(reply, dict):
        told = text_keyed(reply)
        rows = [_flat(text_keyed(item).get("extra_attributes")) for item in told.get("results") or ()]
        types = told.get("attributes") if schema else None
        return AggregateResult(rows, rest, types, told.get("total_results", 0), deep_text(to_list(told.get("warning"))))
    total, *rows = reply or [0]
    types = rows.pop(0) if schema and rows else None
    return AggregateResult(rows, rest, types, total, [])


def profiled(convert: Callable[[Any], Any]) -> Callable[[Found], tuple[Any, ProfileInformation]]:
    """Make the converter of a result and how it came about.

    Args:
        convert: Makes the result.
    """

    def convert_both(reply: Found) -> tuple[Any, ProfileInformation]:
        if isinstance(reply, dict):
            told = {name.lower(): part for name, part in text_keyed(reply).items()}
            if isinstance(told.get("results"), list):  # before Redis 8 the result is not wrapped
                return convert(reply), ProfileInformation(_named_lists(told.get("profile")))
            return convert(told.get("results")), ProfileInformation(_lists(told.get("profile")))
        result, information = reply
        return convert(result), ProfileInformation(deep_text(information))

    return convert_both


def hybrid(encodings: Encodings) -> Callable[[Reply], HybridResult]:
    """Make the converter of what a query by text and vector found.

    Args:
        encodings: How to decode fields that are text; all others stay in bytes.
    """

    def convert(reply: Reply) -> HybridResult:
        told = text_keyed(reply)
        rows = [
            {name: _decoded(value, encodings.get(name)) for name, value in text_keyed(row).items()}
            for row in told.get("results") or ()
        ]
        warnings = deep_text(to_list(told.get("warnings")))
        return HybridResult(told.get("total_results", 0), rows, warnings, float(told.get("execution_time") or 0.0))

    return convert


def hybrid_cursors(reply: Reply) -> HybridCursorResult:
    """The numbers of both cursors."""
    told = text_keyed(reply)
    return HybridCursorResult(int(told["SEARCH"]), int(told["VSIM"]))


def index_info(reply: Reply) -> dict[str, Any]:
    """What a server tells about an index: numbers as such, sections as dicts, attributes as flat lists of text."""
    result: dict[str, Any] = {}
    for name, value in text_keyed(reply).items():
        if name == "attributes":
            result[name] = [_attribute(item) for item in value or ()]
        elif name in _SECTIONS:
            result[name] = _section(value)
        elif name == "field statistics":
            result[name] = [_section(item) for item in value or ()]
        else:
            result[name] = _told(name, value)
    return result


def corrections(reply: Found | None) -> dict[Any, list[dict[str, Any]]]:
    """For each misspelt term what it may have been meant for; terms nothing is known of are left out."""
    if isinstance(reply, dict):
        terms = {
            term: [(score, word) for suggestion in as_list(suggestions) for word, score in pairs(suggestion)]
            for term, suggestions in pairs(text_keyed(reply).get("results", reply))
        }
    else:
        terms = {term: [(score, word) for score, word in suggestions] for _, term, suggestions in reply or ()}
    return {
        term: [{"score": _short(as_float(score)), "suggestion": word} for score, word in suggestions]
        for term, suggestions in terms.items()
        if suggestions
    }


def suggestions(scores: bool, payloads: bool) -> Callable[[list[Any] | None], list[Suggestion]]:
    """Make the converter of suggestions, each followed by its score and payload where they were asked for."""
    step = 1 + scores + payloads

    def convert(reply: list[Any] | None) -> list[Suggestion]:
        items = reply or ()
        return [
            Suggestion(
                text(items[start]),
                float(items[start + 1]) if scores else 1.0,
                text(items[start + step - 1]) if payloads else None,
            )
            for start in range(0, len(items), step)
        ]

    return convert


#: What an index's description has names and other words for, which may look like numbers.
_NAMES = frozenset((
    "attribute", "default_language", "filter", "identifier", "index_name", "language_field", "last indexing error",
    "last indexing error key", "payload_field", "score_field",
))  # fmt: skip
#: The parts of an index's description that are mappings of their own.
_SECTIONS = frozenset(("index_definition", "gc_stats", "cursor_stats", "dialect_stats", "Index Errors"))


def _document_of_map(item: dict[str, Any], scores: bool, payloads: bool, encodings: Encodings) -> Document:
    """A document; of a search that was cut short it may come without its key, which is empty then."""
    score = item.get("score")
    payload = item.get("payload") if payloads else None
    return _document(item.get("id", ""), item.get("extra_attributes"), scores, score, payload, encodings)


def _document_of_list(item: list[Any], content: bool, scores: bool, payloads: bool, encodings: Encodings) -> Document:
    score = item[1] if scores else None
    payload = item[1 + scores] if payloads else None
    return _document(item[0], item[-1] if content else None, scores, score, payload, encodings)


def _document(
    key: bytes | str, content: Reply, scores: bool, score: Reply, payload: bytes | None, encodings: Encodings
) -> Document:
    fields = {name: _decoded(value, encodings.get(name, "utf-8")) for name, value in text_keyed(content).items()}
    if "$" in fields:
        fields["json"] = fields.pop("$")
    if scores:
        if isinstance(score, list):  # with an explanation
            score = score[0]
        fields["score"] = None if score is None else as_float(score)
    return Document(text(key), text(payload), **{name: value for name, value in fields.items() if name not in _OWN})


_OWN = ("id", "payload")


def _decoded(value: Reply, encoding: str | None) -> Any:
    """Text where it is text; what is not, such as a vector, stays in bytes."""
    if encoding is None or not isinstance(value, bytes):
        return value
    try:
        return value.decode(encoding)
    except UnicodeDecodeError:
        return value


def _flat(mapping: Reply) -> list[Any]:
    return [item for pair in pairs(mapping) for item in pair]


def _lists(value: Reply) -> Any:
    """Mappings of any depth as lists in which names and values alternate."""
    if isinstance(value, dict):
        return [item for name, part in value.items() for item in (text(name), _lists(part))]
    return [_lists(item) for item in value] if isinstance(value, list) else text(value)


def _named_lists(told: Reply) -> list[list[Any]]:
    """A mapping as RESP2 had it before Redis 8: a list for each name; lists of mappings are no lists of their own."""
    return [[text(name), *_side_by_side(part)] for name, part in pairs(told)]


def _side_by_side(part: Reply) -> list[Any]:
    return [_in_turn(each) for each in part] if isinstance(part, list) else [_in_turn(part)]


def _in_turn(value: Reply) -> Any:
    if isinstance(value, dict):
        return [item for name, part in value.items() for item in (text(name), *_side_by_side(part))]
    return text(value)


def _attribute(item: Reply) -> list[Any]:
    if not isinstance(item, dict):
        return [_short(word) for word in as_list(item)]
    words: list[Any] = []
    for name, value in item.items():
        if text(name) == "flags":
            words += map(text, as_list(value))
        else:
            words += (text(name), _short(value))
    return words


def _section(value: Reply) -> dict[str, Any]:
    return {
        name: _section(part) if name in _SECTIONS else _told(name, part) for name, part in text_keyed(value).items()
    }


def _told(name: str, value: Reply) -> Any:
    plain = deep_text(value)
    return plain if name in _NAMES else _number(plain)


def _number(value: Reply) -> Reply:
    """Text for a number as the number."""
    if not isinstance(value, str):
        return value
    for kind in (int, float):
        try:
            return kind(value)
        except ValueError:
            pass
    return value


def _short(value: Reply) -> Reply:
    """A double as the shortest text for it, which is RESP2's."""
    return repr(value).removesuffix(".0") if isinstance(value, float) else text(value)
