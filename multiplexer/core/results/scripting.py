"""Results of the commands about scripts and functions."""

from __future__ import annotations

from typing import Any

from ..shapes import as_list, as_text
from ..types import Reply
from .common import deep_text, pairs, text, text_dict, text_keyed


def libraries(reply: list[Reply]) -> list[dict[str, Any]]:
    """``FUNCTION LIST``: each library as a dict of text, its functions as a list of dicts."""
    return [_library(entry) for entry in reply]


def _library(entry: Reply) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for name, value in pairs(entry):
        word = as_text(name)
        result[word] = [_function(item) for item in as_list(value)] if word == "functions" else deep_text(value)
    return result


def _function(entry: Reply) -> dict[str, Any]:
    result = text_dict(entry)
    result["flags"] = sorted(result["flags"])  # a set under RESP3
    return result


def function_stats(reply: Reply) -> dict[str, Any]:
    """``FUNCTION STATS``: the running script as a dict or None, and a dict of numbers for each engine."""
    result = text_keyed(reply)
    running = result["running_script"]
    result["running_script"] = None if running is None else text_dict(running)
    result["engines"] = {text(name): text_dict(numbers) for name, numbers in pairs(result["engines"])}
    return result
