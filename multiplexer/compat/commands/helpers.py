"""Small helpers for those who write commands of their own."""

from __future__ import annotations

import random
import string
from collections.abc import Iterable, Mapping
from typing import Any

from ...core.commands.arguments import flatten
from ..machinery.helpers import DEFAULT_RESP_VERSION

__all__ = [
    "at_most_one_value_set",
    "decode_dict_keys",
    "delist",
    "get_protocol_version",
    "list_or_args",
    "nativestr",
    "parse_to_list",
    "random_string",
]


def list_or_args(keys: Any, args: Iterable[Any] | None) -> list[Any]:
    """Return ``f("a", "b")`` and ``f(["a"], "b")`` as one list."""
    return [*flatten(keys), *(args or ())]


def nativestr(x: Any) -> str | None:
    """Return bytes as text; ``null`` is None."""
    text: str = x.decode("utf-8", "replace") if isinstance(x, bytes) else x
    return None if text == "null" else text


def delist(x: Iterable[Any] | None) -> list[str | None] | None:
    """Return bytes as texts."""
    return None if x is None else [nativestr(each) for each in x]


def parse_to_list(response: Iterable[Any] | None) -> list[Any]:
    """Return a reply's items as the numbers or texts they are."""
    return [] if response is None else [_parsed(item) for item in response]


def _parsed(item: Any) -> Any:
    text = nativestr(item)
    if text is None or text in ("infinity", "nan", "-infinity"):
        return text
    for kind in (int, float):
        try:
            return kind(item)
        except (TypeError, ValueError):
            pass
    return text


def random_string(length: int = 10) -> str:
    """Return a text of so many small letters."""
    return "".join(random.choices(string.ascii_lowercase, k=length))


def decode_dict_keys(obj: Mapping[Any, Any]) -> dict[Any, Any]:
    """Return a dict whose keys are texts where they were bytes."""
    return {key.decode() if isinstance(key, bytes) else key: value for key, value in obj.items()}


def get_protocol_version(client: Any) -> int:
    """Return the protocol a client's connections ask for."""
    pool = client.connection_pool
    return int(pool.connection_kwargs.get("protocol") or DEFAULT_RESP_VERSION)


def at_most_one_value_set(iterable: Iterable[Any]) -> bool:
    """Whether at most one of some values is true."""
    return sum(bool(each) for each in iterable) <= 1
