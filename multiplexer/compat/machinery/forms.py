"""What the façade makes of some commands' replies, where the multiplexer's handles make something else of them.

A command's method hands on its own conversion and decoding; what :data:`FORMS` has for the command stands in their
place. Under RESP3 results have the form of RESP2 too: what a server tells as text there is text here, as bytes or
``str`` like what is beside it. Clients that ask for other forms have those of ``other_families`` instead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ...core.commands.command import Command
from ...core.results.common import pairs, text, text_keyed, texts
from ...core.results.server import commands
from ..commands.helpers import parse_to_list

#: Turns a reply into a result; None where the reply is the result.
Convert = Callable[[Any], Any] | None
#: A command's words.
Words = tuple[Any, ...]
#: What stands in the place of a method's conversion of the reply to such words, and of its decoding, where None follows
#: the client's settings.
Form = Callable[[Convert, Words], tuple[Convert, bool | None]]


def score_text(score: Any, like: Any) -> Any:
    """Return a score as RESP2 has it: text, decoded where ``like`` is."""
    if isinstance(score, float | int):
        digits = repr(score).removesuffix(".0")
        return digits if isinstance(like, str) else digits.encode()
    return score


def flat_scores(reply: Any) -> Any:
    """Members and scores in turn, of RESP3's pairs."""
    if not isinstance(reply, list) or not reply or not isinstance(reply[0], list):
        return reply
    return [each for member, score in reply for each in (member, score_text(score, member))]


def popped(reply: Any) -> Any:
    """``ZMPOP`` and ``BZMPOP``: the key, and pairs of member and score as lists."""
    if reply is None:
        return None
    return [reply[0], [[member, score_text(score, member)] for member, score in reply[1]]]


def of_text(cast: Callable[[Any], Any], decoded: bool) -> Callable[[float], Any]:
    """Return what hands a score on to ``cast`` as text, or as it is where that fails: ``int`` takes no ``2.5``."""
    like = "" if decoded else b""

    def convert(score: float) -> Any:
        try:
            return cast(score_text(score, like))
        except (TypeError, ValueError):
            return cast(score)

    return convert


def flat(reply: Any) -> Any:
    """Mappings of RESP3 at any depth as names and values in turn."""
    if isinstance(reply, dict):
        return [each for pair in reply.items() for each in map(flat, pair)]
    if isinstance(reply, list | set | frozenset):
        return [flat(each) for each in reply]
    return reply


def named_in_turn(reply: Any) -> list[Any]:
    return [each for name, value in pairs(reply) for each in (text(name), flat(value))]


def shards_told(reply: Any) -> list[dict[str, Any]]:
    """``CLUSTER SHARDS``: ranges of slots as tuples, and the nodes as the server describes them."""
    shards = []
    for shard in reply:
        told = text_keyed(shard)
        slots = iter(told["slots"])
        ranges = [(first, next(slots)) if not isinstance(first, list) else tuple(first) for first in slots]
        shards.append({"slots": ranges, "nodes": [dict(pairs(node)) for node in told["nodes"]]})
    return shards


def commands_told(reply: Any) -> dict[str, dict[str, Any]]:
    """``COMMAND``: by name, with tips, keys and subcommands as the server describes them."""
    told = commands(reply)
    for words in filter(None, reply):
        told[text(words[0])] |= dict(zip(("tips", "key_specifications", "subcommands"), words[7:], strict=False))
    return told


def instead(convert: Convert, decode: bool | None = None) -> Form:
    """Take another conversion, whatever the method's."""
    return lambda *_: (convert, decode)


def _undecoded(convert: Convert, words: Words) -> tuple[Convert, bool | None]:
    """Quotes of other clients' commands need not be text."""
    return convert, False


def _without_null(convert: Convert, words: Words) -> tuple[Convert, bool | None]:
    """Elements are JSON text, but for null."""
    assert convert is not None
    make = convert

    def convert_all(reply: Any) -> Any:
        if reply == "null":  # as text it stays as it is, as bytes it is None
            return reply
        result = make(reply)
        return [None if each == "null" else each for each in result] if isinstance(reply, list) else result

    return convert_all, None


def _rules_by_key(convert: Convert, words: Words) -> tuple[Convert, bool | None]:
    """What RESP3 tells of a series: its rules are a mapping there."""
    assert convert is not None
    make = convert

    def told(reply: Any) -> Any:
        info = make(reply)
        if isinstance(reply, dict):
            info.rules = {rule[0]: rule[1:] for rule in info.rules}
        return info

    return told, None


#: By the name of the command in the table.
FORMS: dict[str, Form] = {
    **dict.fromkeys(("COMMANDLOG GET", "SLOWLOG GET"), _undecoded),
    **dict.fromkeys(("CLIENT UNPAUSE", "MIGRATE", "REPLICAOF", "RESTORE"), instead(None)),
    **dict.fromkeys(("CLUSTER LINKS", "COMMAND GETKEYSANDFLAGS", "FUNCTION LIST"), instead(flat)),
    **dict.fromkeys(("ZDIFF", "ZRANDMEMBER"), instead(flat_scores)),
    **dict.fromkeys(("ZMPOP", "BZMPOP"), instead(popped)),
    "CLIENT TRACKINGINFO": instead(named_in_turn),
    "CLUSTER SHARDS": instead(shards_told),
    "COMMAND": instead(commands_told),
    "COMMAND GETKEYS": instead(texts),
    "JSON.ARRPOP": _without_null,
    "TS.INFO": _rules_by_key,
    "TS.QUERYINDEX": instead(parse_to_list),
}


def in_form(
    command: Command, args: Words, convert: Convert, decode: bool | None, forms: Mapping[str, Form] = FORMS
) -> tuple[Words, tuple[Command, Convert, bool | None]]:
    """Return a method's command with its words and its result in redis-py's form.

    Args:
        command: Entry of the command table.
        args: The command's words.
        convert: The method's conversion of the reply, or None.
        decode: Whether the method has text come back as str; None follows the client's settings.
        forms: Those of the client's family of results.

    Returns:
        The words for ``execute_command``, a sub command's name being one of them, and what stands for the call there.
    """
    name = command.name
    form = forms.get(name)
    if form is not None:
        convert, decode = form(convert, args)
    if name != args[0] and " " in name:
        args = (name, *args[name.count(" ") + 1 :])
    return args, (command, convert, decode)
