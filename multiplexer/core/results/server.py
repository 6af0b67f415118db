"""Converters of what servers say about themselves, their clients and their commands."""

from __future__ import annotations

import datetime
from typing import Any

from ..shapes import as_int, as_list, as_text
from ..types import Elements, Number, Reply
from .common import deep_text, ok, pairs, pairs_to_dict, text, text_dict, text_keyed, texts

#: A value of INFO: a number, a text, a list of them, or a nested mapping.
InfoValue = Any


def info(reply: Reply) -> dict[str, InfoValue]:
    """``INFO`` as one flat dict: numbers as numbers, ``a=1,b=2`` as a dict, ``a,b`` as a list.

    Modules are collected in a list under ``"modules"``; lines without a colon in one under ``"__raw__"``.
    """
    result: dict[str, InfoValue] = {}
    for line in as_text(reply).splitlines():
        if not line or line.startswith("#"):
            continue
        name, colon, value = line.partition(":")
        if not colon:
            result.setdefault("__raw__", []).append(line)
        elif name == "module":
            result.setdefault("modules", []).append(_info_value(value))
        elif name == "cmdstat_host":
            # Somebody spoke HTTP to the server: the header's name has a colon of its own.
            name, _, value = line.rpartition(":")
            result[name] = _info_value(value)
        else:
            result[name] = _info_value(value)
    return result


def _info_value(value: str) -> InfoValue:
    parts = [part for part in value.split(",") if part]
    if "=" in value:
        nested: dict[str, InfoValue] = {}
        for part in parts:
            name, equals, inner = part.rpartition("=")
            nested[name if equals else inner] = _number_or_text(inner) if equals else True
        return nested
    return [_number_or_text(part) for part in parts] if "," in value else _number_or_text(value)


def _number_or_text(value: str) -> int | float | str:
    try:
        return float(value) if "." in value else int(value)
    except ValueError:
        return value


# The fields of CLIENT INFO that redis-py's users know as numbers; all of them are texts in its CLIENT LIST.
_CLIENT_NUMBERS = (
    "id",
    "age",
    "idle",
    "db",
    "sub",
    "psub",
    "multi",
    "qbuf",
    "qbuf-free",
    "argv-mem",
    "obl",
    "oll",
    "omem",
    "tot-mem",
)


def client_info(reply: Reply) -> dict[str, str | int]:
    """``CLIENT INFO`` as a dict of text, numbers and counters as ints."""
    result: dict[str, str | int] = {**client(reply)}
    for name in _CLIENT_NUMBERS:
        if name in result:
            result[name] = int(result[name])
    return result


def client(reply: Reply) -> dict[str, str]:
    """One line of ``CLIENT LIST`` as a dict of text."""
    result: dict[str, str] = {}
    name = ""
    for word in as_text(reply).strip().split(" "):
        key, equals, value = word.partition("=")
        if equals:
            name = key
            result[name] = value
        elif name:
            result[name] += f" {word}"  # the path of a Unix socket may have spaces in it
    return result


def clients(reply: Reply) -> list[dict[str, str]]:
    """``CLIENT LIST`` as a list of dicts of text."""
    return [client(line) for line in as_text(reply).splitlines() if line]


def time_of_day(reply: Reply) -> tuple[int, int]:
    """``TIME``: seconds since 1970, and microseconds."""
    seconds, microseconds = as_list(reply)
    return as_int(seconds), as_int(microseconds)


def moment(reply: Number) -> datetime.datetime:
    """A Unix time in seconds as a naive datetime in local time."""
    return datetime.datetime.fromtimestamp(int(reply))


def slow_commands(reply: list[list[Any]]) -> list[dict[str, Any]]:
    """``SLOWLOG GET``, and ``COMMANDLOG GET``, as dicts; durations stay in the server's unit."""
    return [_slow_command(entry) for entry in reply]


def _slow_command(entry: list[Any]) -> dict[str, Any]:
    number, start_time, duration, *rest = entry
    result = {"id": number, "start_time": int(start_time), "duration": int(duration)}
    if not isinstance(rest[0], list):
        result["complexity"] = rest.pop(0)  # an element that Redis Enterprise puts in
    words = rest[0]
    result["command"] = b" ".join(words) if words and isinstance(words[0], bytes) else " ".join(words)
    if len(rest) > 2:
        result["client_address"], result["client_name"] = rest[1:3]
    if len(rest) > 3:  # Redis 8.10: how many there were, where the command above is cut short; what follows is unknown
        result["argument_count"] = rest[3]
    return result


def channel_counts(reply: Reply) -> list[tuple[Any, int]]:
    """``PUBSUB NUMSUB`` as tuples of channel and number of subscribers."""
    return [(channel, as_int(count)) for channel, count in pairs(reply)]


def debug_object(reply: Reply) -> dict[str, Any]:
    """``DEBUG OBJECT``: fields by name, the first one, which has none, as ``type``; whole numbers as int."""
    fields = (word.partition(":") for word in f"type:{as_text(reply)}".split())
    return {name: int(value) if name in _DEBUG_NUMBERS else value for name, _, value in fields}


_DEBUG_NUMBERS = frozenset(("refcount", "serializedlength", "lru", "lru_seconds_idle"))


def memory_stats(reply: Reply) -> dict[str, Any]:
    """``MEMORY STATS`` with text keys; what belongs to one database is a dict of its own."""
    result: dict[str, Any] = {}
    for name, value in text_dict(reply).items():
        result[name] = pairs_to_dict(value) if isinstance(value, (list, dict)) else _number_if_text(value)
    return result


def _number_if_text(value: Reply) -> Reply:
    """RESP2's text for what RESP3 sends as a double."""
    return _number_or_text(value) if isinstance(value, str) else value


def latency_histograms(reply: Reply) -> dict[str, dict[str, Any]]:
    """``LATENCY HISTOGRAM``: by command, ``calls`` and ``histogram_usec``, a dict of counts by upper bound."""
    return {
        as_text(command): {as_text(name): _histogram(value) for name, value in pairs(statistics)}
        for command, statistics in pairs(reply)
    }


def _histogram(value: Reply) -> Any:
    return pairs_to_dict(value) if isinstance(value, (list, dict)) else value


def commands(reply: list[Any]) -> dict[str, dict[str, Any]]:
    """``COMMAND`` and ``COMMAND INFO`` as dicts by command name; unknown commands are left out."""
    return {entry["name"]: entry for entry in (_command(words) for words in reply if words)}


_COMMAND_FIELDS = (
    "name",
    "arity",
    "flags",
    "first_key_pos",
    "last_key_pos",
    "step_count",
    "acl_categories",
    "tips",
    "key_specifications",
    "subcommands",
)


def _command(words: list[Any]) -> dict[str, Any]:
    # No element is taken for granted: older servers end earlier.
    result = dict(zip(_COMMAND_FIELDS, words, strict=False))
    result["name"] = text(result["name"])
    for name in ("flags", "acl_categories", "tips"):
        if name in result:
            result[name] = _words(result[name])
    if "key_specifications" in result:
        result["key_specifications"] = [_description(spec) for spec in result["key_specifications"]]
    if "subcommands" in result:
        result["subcommands"] = [_command(inner) for inner in result["subcommands"]]
    return result


def _words(reply: Elements) -> list[str]:
    """An array of words in the server's order, or a set of them in alphabetical order."""
    return sorted(texts(reply)) if isinstance(reply, set) else texts(reply)


def command_docs(reply: Reply) -> dict[str, dict[str, Any]]:
    """``COMMAND DOCS``: by command, what the server says about it, as nested dicts of text."""
    return {as_text(name): _description(value) for name, value in pairs(reply)}


def _description(reply: Reply) -> dict[str, Any]:
    """A mapping some of whose values are mappings, which under RESP2 only their names tell from lists."""
    result: dict[str, Any] = {}
    for name, value in text_keyed(reply).items():
        if name in ("begin_search", "find_keys", "spec"):
            result[name] = _description(value)
        elif name == "arguments":
            result[name] = [_description(argument) for argument in value]
        elif name == "subcommands":
            result[name] = command_docs(value)
        elif name in ("flags", "doc_flags"):
            result[name] = _words(value)
        else:
            result[name] = deep_text(value)
    return result


def command_keys_and_flags(reply: list[list[Any]]) -> list[list[Any]]:
    """``COMMAND GETKEYSANDFLAGS``: each key with a list of its flags."""
    return [[key, _words(flags)] for key, flags in reply]


def killed(reply: Reply) -> bool | int:
    """``CLIENT KILL``: a number of clients, or True for the form that names one address."""
    return reply if isinstance(reply, int) else ok(reply)


def pong(reply: Reply) -> bool:
    """``PING``: whether the answer is the expected one."""
    return text(reply) == "PONG"


def tracking(reply: Reply) -> dict[str, Any]:
    """``CLIENT TRACKINGINFO`` as a dict of text."""
    result = text_dict(reply)
    result["flags"] = _words(result["flags"])
    return result


def hot_keys(reply: Reply) -> list[dict[str, Any]] | None:
    """``HOTKEYS GET``: what was counted, with text keys, counts by key as dicts; None where nothing was."""
    if reply is None:
        return None
    # An array of one mapping, or that mapping itself.
    entries = reply if isinstance(reply, list) and reply and isinstance(reply[0], (list, dict)) else [reply]
    return [_hot_keys(entry) for entry in entries]


def _hot_keys(entry: Reply) -> dict[str, Any]:
    result = text_keyed(entry)
    for name in result:
        if name.startswith("by-"):
            result[name] = pairs_to_dict(result[name])
    return result
