"""Small helpers that make values of JSON's replies."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ..helpers import decode_dict_keys, nativestr

__all__ = ["bulk_of_jsons", "decode_dict_keys", "decode_list", "unstring"]


def bulk_of_jsons(d: Callable[[Any], Any]) -> Callable[[list[Any]], list[Any]]:
    """Return what makes values of all items that are not None.

    Args:
        d: Makes one.
    """
    return lambda items: [None if item is None else d(item) for item in items]


def unstring(obj: str) -> Any:
    """Return text as the number it is, or as it is."""
    if re.fullmatch(r"\d+\.\d+", obj):
        return float(obj)
    return int(obj) if re.fullmatch(r"\d+", obj) else obj


def decode_list(b: Any) -> Any:
    """Return texts of a list of bytes, and the number or text of a single one."""
    if isinstance(b, list):
        return [nativestr(item) for item in b]
    if isinstance(b, bytes | str):
        text = nativestr(b)
        return text if text is None else unstring(text)
    return b
