"""Results of the commands on vector sets."""

from __future__ import annotations

from typing import Any

from ...importing import importing
from ..shapes import as_float, as_text
from ..types import Number, Reply
from .common import chunks, pairs, text


def vector(reply: list[Number] | None) -> list[float] | None:
    """A vector's components; None where the element does not exist."""
    return None if reply is None else [float(component) for component in reply]


def raw_vector(reply: list[Reply] | None) -> dict[str, Any] | None:
    """``VEMB … RAW``: a vector as the server keeps it; None where the element does not exist."""
    if reply is None:
        return None
    kind, data, norm, *span = reply
    result = {"quantization": text(kind), "raw": data, "l2": as_float(norm)}
    if span:
        result["range"] = as_float(span[0])
    return result


def attributes(reply: Reply) -> Any:
    """An element's attributes, which are JSON; None where it has none."""
    if not reply:
        return None
    with importing:
        import json  # only now: few need it

    return json.loads(reply if isinstance(reply, bytes) else as_text(reply))


def similar_with_scores(reply: Reply) -> dict[Any, float]:
    """Scores by element."""
    return {element: as_float(score) for element, score in pairs(reply)}


def similar_with_attributes(reply: Reply) -> dict[Any, Any]:
    """Attributes by element."""
    return {element: attributes(value) for element, value in pairs(reply)}


def similar_with_both(reply: dict[Any, Any] | list[Any]) -> dict[Any, dict[str, Any]]:
    """Scores and attributes by element: RESP2's flat array of three each, or RESP3's mapping to pairs."""
    found = ((element, *both) for element, both in reply.items()) if isinstance(reply, dict) else chunks(reply, 3)
    return {element: {"score": float(score), "attributes": attributes(value)} for element, score, value in found}


def links_with_scores(reply: list[Reply] | None) -> list[dict[Any, float]] | None:
    """For each layer the scores by neighbour; None where the element does not exist."""
    return None if reply is None else [similar_with_scores(layer) for layer in reply]


def description(reply: Reply) -> dict[str, Any] | None:
    """``VINFO`` with text keys and text values; None where there is no such set."""
    return None if reply is None else {as_text(name): text(value) for name, value in pairs(reply)}
