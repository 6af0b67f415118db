"""Handles confined to keys with a common prefix: what is put before the keys sent and taken off those that come back.

The command table knows where the keys of a command and of its reply are, what else a prefix goes before, and which
commands no prefix can confine. Here is what each kind of place means.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...errors import DataError
from ..shapes import as_list
from ..types import Encodable, Reply
from .arguments import bad_argument
from .command import Command, text_of
from .command_table import COMMANDS

Words = tuple[Encodable, ...]
Convert = Callable[[Any], Any]
#: Takes the prefix off one key of a reply.
Strip = Callable[[Reply], Any]

_UNKNOWN = "where its keys are is not known"


def prefixed(command: Command, args: Words, prefix: bytes) -> Words:
    """Return a command's words with ``prefix`` before every key, pattern for keys, and channel.

    Raises:
        DataError: The command cannot be confined to the keys with that prefix, or a key cannot be sent.
    """
    try:
        first = command.first_key
        if 0 < first < len(args) and command.prefix_rule is None:  # nearly always, and never refused
            return (*args[:first], prefix + sent_bytes(args[first]), *args[first + 1 :])
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
        words[position] = prefix + sent_bytes(words[position])
    if command.prefix_rule is not None:
        kind, index = command.prefix_rule
        _RULES[kind](command, words, prefix, index)
    return tuple(words)


def without_prefix(command: Command, prefix: bytes, convert: Convert | None) -> Convert | None:
    """Return a converter that takes ``prefix`` off the keys in the reply before ``convert`` sees it.

    Args:
        command: Whose reply it is.
        prefix: The prefix of the handle.
        convert: What else is to be done with the reply, or None.
    """
    if command.reply_keys is None:
        return convert
    strip_reply = _REPLIES[command.reply_keys]

    def convert_stripped(reply: Reply) -> Any:
        stripped = None if reply is None else strip_reply(reply, strip)
        return stripped if convert is None else convert(stripped)

    strip = _stripper(prefix)
    return convert_stripped


def escaped(literal: bytes) -> bytes:
    """Return a glob-style pattern that matches ``literal`` and nothing else."""
    for special in (b"\\", b"*", b"?", b"["):
        literal = literal.replace(special, b"\\" + special)
    return literal


def sent_bytes(key: object) -> bytes:
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
    if command.unconfined is not None:
        return command.unconfined
    if command.container and len(args) > 1 and not command.key_specs:
        return _UNKNOWN  # a sub command nobody knows
    return None if COMMANDS.get(command.name) is command else _UNKNOWN


# -- what is sent ------------------------------------------------------------------------------------------------------


def _word(command: Command, words: list[Encodable], prefix: bytes, index: int) -> None:
    if index < len(words):
        words[index] = prefix + sent_bytes(words[index])


def _words(command: Command, words: list[Encodable], prefix: bytes, first: int) -> None:
    words[first:] = [prefix + sent_bytes(word) for word in words[first:]]


def _pattern(command: Command, words: list[Encodable], prefix: bytes, index: int) -> None:
    if index < len(words):
        words[index] = escaped(prefix) + sent_bytes(words[index])
    else:
        words.append(escaped(prefix) + b"*")


def _match_option(command: Command, words: list[Encodable], prefix: bytes, first: int) -> None:
    """Confine the pattern of SCAN, whose options after the cursor are pairs of name and value."""
    found = False
    for index in range(first, len(words) - 1, 2):
        if text_of(words[index]).upper() == "MATCH":
            words[index + 1] = escaped(prefix) + sent_bytes(words[index + 1])
            found = True
    if not found and len(words) % 2 == 0:  # else the server says what is wrong
        words += ("MATCH", escaped(prefix) + b"*")


#: How many values the options of SORT have.
_SORT_OPTIONS = {"BY": 1, "GET": 1, "LIMIT": 2, "STORE": 1}


def _sort_patterns(command: Command, words: list[Encodable], prefix: bytes, first: int) -> None:
    """Confine the patterns of SORT that make keys out of elements: what has no star, and ``#``, looks up nothing."""
    index = first
    while index < len(words):
        option = text_of(words[index]).upper()
        if option in ("BY", "GET") and index + 1 < len(words):
            pattern = sent_bytes(words[index + 1])
            if b"*" in pattern:
                if b"*" in prefix:
                    raise _cannot(command, "the server would take the star in the prefix for that of the pattern")
                words[index + 1] = prefix + pattern
            elif option == "GET" and pattern != b"#":
                words[index + 1] = prefix + pattern
        index += 1 + _SORT_OPTIONS.get(option, 0)


_RULES: dict[str, Callable[[Command, list[Encodable], bytes, int], None]] = {
    "match": _match_option,
    "pattern": _pattern,
    "sort": _sort_patterns,
    "word": _word,
    "words": _words,
}

# -- what comes back ---------------------------------------------------------------------------------------------------


def _stripper(prefix: bytes) -> Strip:
    def strip(key: Reply) -> Any:
        if isinstance(key, str):
            return key.encode().removeprefix(prefix).decode()
        return key.removeprefix(prefix) if isinstance(key, bytes) else key

    return strip


def _strip_all(reply: list[Reply], strip: Strip) -> Any:
    return list(map(strip, reply))


def _strip_first(reply: list[Reply], strip: Strip) -> Any:
    return [strip(reply[0]), *reply[1:]] if reply else reply


def _strip_page(reply: list[Reply], strip: Strip) -> Any:
    return [reply[0], _strip_all(as_list(reply[1]), strip)]


def _strip_series(reply: dict[Reply, Reply] | list[Reply], strip: Strip) -> Any:
    """What is told of a time series: RESP3's mapping, or an array in which names and values alternate."""
    if isinstance(reply, dict):
        return {name: _told_of_series(name, value, strip) for name, value in reply.items()}
    return [_told_of_series(reply[index - 1], item, strip) if index % 2 else item for index, item in enumerate(reply)]


def _told_of_series(name: Reply, value: Any, strip: Strip) -> Any:
    """The series it has its samples of, or those that have theirs of it, without the prefix; all else as it is."""
    word = text_of(name)
    return strip(value) if word == "sourceKey" else _strip_streams(value, strip) if word == "rules" else value


def _strip_streams(reply: dict[Reply, Reply] | list[Reply], strip: Strip) -> Any:
    if isinstance(reply, dict):
        return {strip(name): entries for name, entries in reply.items()}
    return [_strip_first(as_list(stream), strip) for stream in reply]


def _strip_counted(reply: dict[Reply, Reply] | list[Reply], strip: Strip) -> Any:
    """Names with their numbers: RESP3's mapping, or an array in which they alternate."""
    if isinstance(reply, dict):
        return {strip(name): number for name, number in reply.items()}
    return [strip(item) if index % 2 == 0 else item for index, item in enumerate(reply)]


_REPLIES: dict[str, Callable[[Any, Strip], Any]] = {
    "all": _strip_all,
    "counted": _strip_counted,
    "first": _strip_first,
    "page": _strip_page,
    "series": _strip_series,
    "streams": _strip_streams,
}
