"""Handles confined to keys with a common prefix: what is put before the keys sent and taken off those that come back.

Where the keys of a command are is known from the command table. The tables below hold what it does not say: patterns
for keys, channels, keys in replies, and commands that no prefix can confine.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...errors import DataError
from ..types import Encodable
from .arguments import bad_argument
from .command import Command, text_of
from .command_table import COMMANDS

Words = tuple[Encodable, ...]
Convert = Callable[[Any], Any]
#: Takes the prefix off one key of a reply.
Strip = Callable[[Any], Any]

_EVERY_KEY = "it sees every key of the database"
_FILTERS = "its filters choose among all time series of the database"
_CANNOT_BE_CONFINED = {
    "CLUSTER COUNTKEYSINSLOT": _EVERY_KEY,
    "CLUSTER FLUSHSLOT": _EVERY_KEY,
    "CLUSTER GETKEYSINSLOT": _EVERY_KEY,
    "DBSIZE": f"{_EVERY_KEY}; count what scan_iter() finds",
    "FLUSHALL": _EVERY_KEY,
    "FLUSHDB": f"{_EVERY_KEY}; delete what scan_iter() finds",
    "RANDOMKEY": f"{_EVERY_KEY}; choose among what scan() finds",
    "SWAPDB": _EVERY_KEY,
    "TS.MGET": _FILTERS,
    "TS.MRANGE": _FILTERS,
    "TS.MREVRANGE": _FILTERS,
    "TS.QUERYINDEX": _FILTERS,
    "TS.QUERYLABELS": _FILTERS,
}
_SEARCH = "search indexes span the whole database"
_UNKNOWN = "where its keys are is not known"


def prefixed(command: Command, args: Words, prefix: bytes) -> Words:
    """Return a command's words with ``prefix`` before every key, pattern for keys, and channel.

    Raises:
        DataError: The command cannot be confined to the keys with that prefix, or a key cannot be sent.
    """
    try:
        first = command.first_key
        if 0 < first < len(args) and command.name not in _REWRITES:  # nearly always, and never refused
            return (*args[:first], prefix + key_bytes(args[first]), *args[first + 1 :])
        return _prefixed(command, args, prefix)
    except DataError as error:
        if error.command is not None:
            raise
        raise bad_argument(command.name, str(error)) from None


def _prefixed(command: Command, args: Words, prefix: bytes) -> Words:
    reason = _refusal(command, args)
    if reason is not None:
        raise _cannot(command, reason)
    words = list(args)
    for position in command.key_positions(args):
        words[position] = prefix + key_bytes(words[position])
    rewrite = _REWRITES.get(command.name)
    if rewrite is not None:
        rewrite(command, words, prefix)
    return tuple(words)


def without_prefix(command: Command, prefix: bytes, convert: Convert | None) -> Convert | None:
    """Return a converter that takes ``prefix`` off the keys in the reply before ``convert`` sees it.

    Args:
        command: Whose reply it is.
        prefix: The prefix of the handle.
        convert: What else is to be done with the reply, or None.
    """
    strip_reply = _REPLIES.get(command.name)
    if strip_reply is None:
        return convert

    def convert_stripped(reply: Any) -> Any:
        stripped = None if reply is None else strip_reply(reply, strip)
        return stripped if convert is None else convert(stripped)

    strip = _stripper(prefix)
    return convert_stripped


def escaped(literal: bytes) -> bytes:
    """Return a glob-style pattern that matches ``literal`` and nothing else."""
    for special in (b"\\", b"*", b"?", b"["):
        literal = literal.replace(special, b"\\" + special)
    return literal


def key_bytes(key: Any) -> bytes:
    """Return a key, pattern or channel as it is sent.

    Raises:
        DataError: It is of a type that cannot be sent.
    """
    if isinstance(key, str):
        try:
            return key.encode()
        except UnicodeEncodeError:
            raise DataError("a key is not valid text: it has surrogates") from None
    if isinstance(key, bytes):
        return key
    if isinstance(key, bytearray | memoryview):
        return bytes(key)
    if isinstance(key, int | float) and not isinstance(key, bool):
        return repr(key).encode()
    raise DataError(f"a key is of type {type(key).__name__}, which cannot be sent")


def _cannot(command: Command, reason: str) -> DataError:
    error = DataError(f"{command.name} cannot be confined to a key prefix: {reason}")
    error.command = command.name
    error.phase = "created"
    return error


def _refusal(command: Command, args: Words) -> str | None:
    reason = _CANNOT_BE_CONFINED.get(command.name)
    if reason is not None:
        return reason
    if command.group == "search":
        return _SEARCH
    if command.container and len(args) > 1 and not command.key_specs:
        return _UNKNOWN  # a sub command nobody knows
    return None if COMMANDS.get(command.name) is command else _UNKNOWN


# -- what is sent ------------------------------------------------------------------------------------------------------


def _prefix_at(index: int) -> Callable[[Command, list[Encodable], bytes], None]:
    def rewrite(command: Command, words: list[Encodable], prefix: bytes) -> None:
        if index < len(words):
            words[index] = prefix + key_bytes(words[index])

    return rewrite


def _prefix_from(index: int) -> Callable[[Command, list[Encodable], bytes], None]:
    def rewrite(command: Command, words: list[Encodable], prefix: bytes) -> None:
        words[index:] = [prefix + key_bytes(word) for word in words[index:]]

    return rewrite


def _pattern_at(index: int) -> Callable[[Command, list[Encodable], bytes], None]:
    def rewrite(command: Command, words: list[Encodable], prefix: bytes) -> None:
        if index < len(words):
            words[index] = escaped(prefix) + key_bytes(words[index])
        else:
            words.append(escaped(prefix) + b"*")

    return rewrite


def _match_option(command: Command, words: list[Encodable], prefix: bytes) -> None:
    """Confine the pattern of SCAN, whose options after the cursor are pairs of name and value."""
    found = False
    for index in range(2, len(words) - 1, 2):
        if text_of(words[index]).upper() == "MATCH":
            words[index + 1] = escaped(prefix) + key_bytes(words[index + 1])
            found = True
    if not found and len(words) % 2 == 0:  # else the server says what is wrong
        words += ("MATCH", escaped(prefix) + b"*")


#: How many values the options of SORT have.
_SORT_OPTIONS = {"BY": 1, "GET": 1, "LIMIT": 2, "STORE": 1}


def _sort_patterns(command: Command, words: list[Encodable], prefix: bytes) -> None:
    """Confine the patterns of SORT that make keys out of elements: what has no star, and ``#``, looks up nothing."""
    index = 2
    while index < len(words):
        option = text_of(words[index]).upper()
        if option in ("BY", "GET") and index + 1 < len(words):
            pattern = key_bytes(words[index + 1])
            if b"*" in pattern:
                if b"*" in prefix:
                    raise _cannot(command, "the server would take the star in the prefix for that of the pattern")
                words[index + 1] = prefix + pattern
            elif option == "GET" and pattern != b"#":
                words[index + 1] = prefix + pattern
        index += 1 + _SORT_OPTIONS.get(option, 0)


_REWRITES: dict[str, Callable[[Command, list[Encodable], bytes], None]] = {
    "CLUSTER KEYSLOT": _prefix_at(2),
    "CLUSTERSCAN": _match_option,
    "KEYS": _pattern_at(1),
    "PUBLISH": _prefix_at(1),
    "PUBSUB CHANNELS": _pattern_at(2),
    "PUBSUB NUMSUB": _prefix_from(2),
    "PUBSUB SHARDCHANNELS": _pattern_at(2),
    "PUBSUB SHARDNUMSUB": _prefix_from(2),
    "SCAN": _match_option,
    "SORT": _sort_patterns,
    "SORT_RO": _sort_patterns,
    "SPUBLISH": _prefix_at(1),
}

# -- what comes back ---------------------------------------------------------------------------------------------------


def _stripper(prefix: bytes) -> Strip:
    def strip(key: Any) -> Any:
        if isinstance(key, str):
            return key.encode().removeprefix(prefix).decode()
        return key.removeprefix(prefix) if isinstance(key, bytes) else key

    return strip


def _strip_all(reply: Any, strip: Strip) -> Any:
    return list(map(strip, reply))


def _strip_first(reply: Any, strip: Strip) -> Any:
    return [strip(reply[0]), *reply[1:]] if reply else reply


def _strip_page(reply: Any, strip: Strip) -> Any:
    return [reply[0], _strip_all(reply[1], strip)]


def _strip_streams(reply: Any, strip: Strip) -> Any:
    if isinstance(reply, dict):
        return {strip(name): entries for name, entries in reply.items()}
    return [_strip_first(stream, strip) for stream in reply]


def _strip_counted(reply: Any, strip: Strip) -> Any:
    """Names with their numbers: RESP3's mapping, or an array in which they alternate."""
    if isinstance(reply, dict):
        return {strip(name): number for name, number in reply.items()}
    return [strip(item) if index % 2 == 0 else item for index, item in enumerate(reply)]


_REPLIES: dict[str, Callable[[Any, Strip], Any]] = {
    "BLMPOP": _strip_first,
    "BLPOP": _strip_first,
    "BRPOP": _strip_first,
    "BZMPOP": _strip_first,
    "BZPOPMAX": _strip_first,
    "BZPOPMIN": _strip_first,
    "CLUSTERSCAN": _strip_page,
    "KEYS": _strip_all,
    "LMPOP": _strip_first,
    "PUBSUB CHANNELS": _strip_all,
    "PUBSUB NUMSUB": _strip_counted,
    "PUBSUB SHARDCHANNELS": _strip_all,
    "PUBSUB SHARDNUMSUB": _strip_counted,
    "SCAN": _strip_page,
    "XREAD": _strip_streams,
    "XREADGROUP": _strip_streams,
    "ZMPOP": _strip_first,
}
