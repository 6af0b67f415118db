"""Converters of what servers say about their users."""

from __future__ import annotations

from typing import Any

from ..types import Reply
from .common import pairs, text_dict
from .server import client_info


def user(reply: Reply) -> dict[str, Any] | None:
    """``ACL GETUSER``: everything as text, lists where there may be several, selectors as flat lists."""
    if reply is None:
        return None
    result = text_dict(reply)
    rules = result["commands"].split()
    result["commands"] = [rule for rule in rules if "@" not in rule]
    result["categories"] = [rule for rule in rules if "@" in rule]
    for name in ("keys", "channels"):
        if isinstance(result.get(name), str):
            result[name] = result[name].split()
    if "selectors" in result:
        result["selectors"] = [[word for pair in pairs(selector) for word in pair] for selector in result["selectors"]]
    result["enabled"] = "on" in result["flags"]
    return result


def denials(reply: list[Reply]) -> list[dict[str, Any]]:
    """``ACL LOG`` as dicts of text, the age as a float of seconds and the client as a dict."""
    return [_denial(entry) for entry in reply]


def _denial(entry: Reply) -> dict[str, Any]:
    result = text_dict(entry)
    result["age-seconds"] = float(result["age-seconds"])
    result["client-info"] = client_info(result["client-info"])
    return result
