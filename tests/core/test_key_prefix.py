"""What a handle with a key prefix sends, and what it makes of replies."""

from __future__ import annotations

import json
from typing import Any

import pytest

from multiplexer.core.commands.command import Command
from multiplexer.core.commands.command_table import COMMANDS, find_command
from multiplexer.core.commands.key_prefix import escaped, prefixed, without_prefix
from multiplexer.errors import DataError
from tests.scripts.loading import load_script


def words(text: str) -> tuple[str, ...]:
    return tuple("" if word == '""' else word for word in text.split())


def sent(text: str, prefix: bytes = b"p:") -> str:
    args = words(text)
    out = prefixed(find_command(args), args, prefix)
    return " ".join(word.decode() if isinstance(word, bytes) else str(word) for word in out)


@pytest.mark.parametrize(
    ("plain", "expected"),
    [
        ("KEYS *", "KEYS p:*"),
        ("SCAN 0", "SCAN 0 MATCH p:*"),
        ("SCAN 0 COUNT 5", "SCAN 0 COUNT 5 MATCH p:*"),
        ("SCAN 0 TYPE match", "SCAN 0 TYPE match MATCH p:*"),
        ("scan 0 type string match a* count 1", "scan 0 type string match p:a* count 1"),
        ("SORT l", "SORT p:l"),
        ("SORT l BY BY GET GET STORE STORE", "SORT p:l BY BY GET p:GET STORE p:STORE"),
        ("SORT l BY w_*->f GET # GET o_* LIMIT 0 1", "SORT p:l BY p:w_*->f GET # GET p:o_* LIMIT 0 1"),
        ("SORT_RO l BY w_*", "SORT_RO p:l BY p:w_*"),
        ("MIGRATE host 1 key 0 10", "MIGRATE host 1 p:key 0 10"),
        ('MIGRATE host 1 "" 0 10 COPY AUTH KEYS KEYS a b', "MIGRATE host 1  0 10 COPY AUTH KEYS KEYS p:a p:b"),
        ("XREADGROUP GROUP STREAMS c STREAMS a b > >", "XREADGROUP GROUP STREAMS c STREAMS p:a p:b > >"),
        ("CLUSTER KEYSLOT key", "CLUSTER KEYSLOT p:key"),
        ("CLUSTER INFO", "CLUSTER INFO"),
        ("PUBLISH channel message", "PUBLISH p:channel message"),
        ("PUBSUB CHANNELS", "PUBSUB CHANNELS p:*"),
        ("PUBSUB NUMSUB a b", "PUBSUB NUMSUB p:a p:b"),
        ("JSON.MGET a b $", "JSON.MGET p:a p:b $"),
        ("JSON.MSET a $ 1 b $ 2", "JSON.MSET p:a $ 1 p:b $ 2"),
        ("CMS.MERGE out 2 a b WEIGHTS 1 2", "CMS.MERGE p:out 2 p:a p:b WEIGHTS 1 2"),
        ("TS.MADD a 1 2 b 1 2", "TS.MADD p:a 1 2 p:b 1 2"),
        ("FT.SUGADD names text 1", "FT.SUGADD p:names text 1"),
        ("COMMAND", "COMMAND"),
        ("PING", "PING"),
    ],
)
def test_what_is_sent(plain: str, expected: str) -> None:
    assert sent(plain) == expected


@pytest.mark.parametrize("text", ["SCAN", "SCAN 0 MATCH", "KEYS", "SORT l BY", "SORT l LIMIT 0", "PUBLISH"])
def test_what_is_incomplete_is_left_to_the_server(text: str) -> None:
    sent(text)


def test_a_prefix_means_itself_in_patterns() -> None:
    assert escaped(b"a*b?c[d]\\e") == b"a\\*b\\?c\\[d]\\\\e"
    assert sent("KEYS x*", b"p*:") == "KEYS p\\*:x*"


@pytest.mark.parametrize("key", [None, True, [1], "\ud800"])
def test_keys_that_cannot_be_sent(key: Any) -> None:
    for name in ("GET", "MGET", "KEYS", "PUBLISH"):
        with pytest.raises(DataError, match=f"^{name}: a key is ") as caught:
            prefixed(COMMANDS[name], (name, key), b"p:")
        assert caught.value.command == name
        assert caught.value.was_sent is False


def entry(name: str) -> list[Any]:
    return [name.encode(), [[b"1-1", [b"f", b"v"]]]]


@pytest.mark.parametrize(
    ("name", "reply", "expected"),
    [
        ("KEYS", [b"p:a", b"p:p:b"], [b"a", b"p:b"]),
        ("KEYS", ["p:a"], ["a"]),
        ("SCAN", [b"7", [b"p:a"]], [b"7", [b"a"]]),
        ("BLPOP", [b"p:a", b"p:value"], [b"a", b"p:value"]),
        ("BZPOPMIN", [b"p:a", b"m", b"1"], [b"a", b"m", b"1"]),
        ("BLPOP", None, None),
        ("ZMPOP", [b"p:a", [[b"p:m", b"1"]]], [b"a", [[b"p:m", b"1"]]]),
        ("XREAD", None, None),
        ("XREAD", [entry("p:a"), entry("p:b")], [entry("a"), entry("b")]),
        ("XREAD", dict([entry("p:a")]), dict([entry("a")])),
        ("PUBSUB NUMSUB", [b"p:a", 1, b"p:b", 2], [b"a", 1, b"b", 2]),
        ("PUBSUB NUMSUB", {b"p:a": 1}, {b"a": 1}),
    ],
)
def test_what_comes_back(name: str, reply: Any, expected: Any) -> None:
    convert = without_prefix(COMMANDS[name], b"p:", None)
    assert convert is not None
    assert convert(reply) == expected
    with_more = without_prefix(COMMANDS[name], b"p:", lambda stripped: ("converted", stripped))
    assert with_more is not None
    assert with_more(reply) == ("converted", expected)


def test_replies_without_keys_are_not_looked_at() -> None:
    assert without_prefix(COMMANDS["GET"], b"p:", None) is None
    assert without_prefix(COMMANDS["GET"], b"p:", len) is len


# -- every row of the table --------------------------------------------------------------------------------

#: Groups whose commands have no keys: they ask or change the server itself.
WITHOUT_KEYS = {"server", "connection", "cluster", "scripting", "sentinel", "transactions"}
#: Commands outside of these groups that have neither keys nor replies with keys.
HARMLESS = {"PFSELFTEST", "PUBSUB NUMPAT", "WAIT", "WAITAOF"}
HARMLESS |= {"JSON.DEBUG HELP", "OBJECT HELP", "PUBSUB HELP", "XGROUP HELP", "XINFO HELP"}
#: Commands of servers that are not at hand, whose replies were looked up: none of them has a key.
LOOKED_UP = {"array", "bf", "cf", "cms", "hash", "json", "list", "set", "stream", "string", "suggestion", "tdigest"}
LOOKED_UP |= {"timeseries", "topk", "vector_set"}


def rewritten(command: Command) -> bool:
    """Whether some of the words of a command get the prefix."""
    args = [*command.name.split(), *(["1"] * 5)]
    for option in ("STREAMS", "KEYS"):
        if any(spec[0] == "keyword" and spec[1] == option for spec in command.key_specs):
            args[4:4] = [option]
    return any(isinstance(word, bytes) and b"p:" in word for word in prefixed(command, tuple(args), b"p:"))


def refused(command: Command) -> bool:
    try:
        prefixed(command, tuple(command.name.split()), b"p:")
    except DataError:
        return True
    return False


def test_every_command_gets_its_prefix_or_has_a_reason_not_to() -> None:
    unexplained = []
    for name, command in COMMANDS.items():
        if command.refused is not None or refused(command) or (command.container and not command.key_specs):
            continue
        if not rewritten(command) and command.group not in WITHOUT_KEYS and name not in HARMLESS:
            unexplained.append(name)
    assert not unexplained


def test_replies_of_commands_that_no_server_here_has_were_looked_up() -> None:
    generator = load_script("generate_command_table")
    for name in generator.BY_HAND:
        for command in json.loads((generator.SNAPSHOTS / name).read_text())["commands"]:
            row = COMMANDS[command]
            if row.key_specs and row.group != "server":
                assert row.group in LOOKED_UP, command


def test_what_is_refused_has_no_single_key() -> None:
    """Those that have are never looked up among what is refused."""
    for command in COMMANDS.values():
        if command.first_key:
            prefixed(command, (*command.name.split(), *(["1"] * 3)), b"p:")
