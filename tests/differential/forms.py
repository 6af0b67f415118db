"""What can be told of a call and its result, but for what differs between two servers."""

from __future__ import annotations

from typing import Any

from multiplexer.core.commands.command_table import find_command

from .left_out import MOVING, UNORDERED

Call = tuple[Any, ...]


def name_of(call: Call) -> str:
    """Return the command's name, with that of the subcommand."""
    return find_command([str(word).encode() for word in call[:2]]).name


def form(call: Call, result: Any) -> Any:
    """Return what callers can tell of a result: types and values, without what differs between two servers."""
    if isinstance(result, Exception):
        return type(result).__name__, str(result)
    name = name_of(call)
    if name in MOVING:
        return _kinds(result)
    return _seen(result, name in UNORDERED)


def _kinds(result: Any) -> Any:
    if isinstance(result, list | tuple):
        return type(result).__name__, [_kinds(each) for each in result]
    return type(result).__name__


def _seen(result: Any, unordered: bool) -> Any:
    kind = type(result).__name__
    if isinstance(result, dict):
        pairs = [(_seen(key, unordered), _seen(value, unordered)) for key, value in result.items()]
        return kind, sorted(pairs, key=repr)  # equal whatever their order
    if isinstance(result, list | tuple):
        items = [_seen(each, unordered) for each in result]
        return kind, sorted(items, key=repr) if unordered else items
    if isinstance(result, set | frozenset):
        return kind, sorted((_seen(each, unordered) for each in result), key=repr)
    return kind, repr(result)
