"""Results of the hash commands."""

from __future__ import annotations

from typing import Any

from ..shapes import as_list
from ..types import Fields, Reply


def to_mapping(reply: Fields) -> dict[Any, Any]:
    """The fields and values of a hash: RESP3's mapping as it is, RESP2's flat array as a dict."""
    if isinstance(reply, dict):
        return reply
    step = iter(reply or ())
    return dict(zip(step, step, strict=True))


def flat_pairs(reply: list[Reply] | None) -> list[Any]:
    """Fields followed by their values: RESP2's flat array as it is, RESP3's array of pairs flattened."""
    if reply and isinstance(reply[0], list):
        return [item for pair in reply for item in as_list(pair)]
    return list(reply or ())


def hash_page(reply: list[Any]) -> tuple[int, dict[Any, Any]]:
    """One page of a scan over a hash: the cursor to go on with (0 at the end), and fields with values."""
    cursor, items = reply
    return int(cursor), to_mapping(items)
