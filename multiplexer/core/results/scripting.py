"""Results of the commands about scripts and functions."""

from __future__ import annotations

from typing import Any

from .common import deep_text, pairs, text, text_dict


def libraries(reply: Any) -> list[dict[str, Any]]:
    """``FUNCTION LIST``: each library as a dict of text, its functions as a list of dicts."""
    return [_library(entry) for entry in reply]


def _library(entry: Any) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for name, value in pairs(entry):
        word = text(name)
        result[word] = [_function(item) for item in value] if word == "functions" else deep_text(value)
    return result


def _function(entry: Any) -> dict[str, Any]:
    result = text_dict(entry)
    result["flags"] = sorted(result["flags"])  # a set under RESP3
    return result


def function_stats(reply: Any) -> dict[str, Any]:
    """``FUNCTION STATS``: the running script as a dict or None, and a dict of numbers for each engine."""
    result = {text(name): value for name, value in pairs(reply)}
    running = result["running_script"]
    result["running_script"] = None if running is None else text_dict(running)
    result["engines"] = {text(name): text_dict(numbers) for name, numbers in pairs(result["engines"])}
    return result
