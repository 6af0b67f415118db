"""What a command must pass before it is packed."""

from __future__ import annotations

from typing import Any

import pytest

from multiplexer import ConfigurationOptions, EndPoint
from multiplexer.core.call_options import CallOptions
from multiplexer.core.commands.command_table import COMMANDS, find_command
from multiplexer.core.commands.guard import Guard
from multiplexer.errors import CommandDisabledError, DataError


def guard(**changes: Any) -> Guard:
    return Guard(ConfigurationOptions(endpoints=[EndPoint("server", 6379)], **changes))


def prepare(words: tuple[Any, ...], prefix: bytes = b"", **changes: Any) -> tuple[Any, ...]:
    return guard(**changes).prepare(find_command(words), words, CallOptions(key_prefix=prefix))


@pytest.mark.parametrize(
    "name", ["SELECT", "AUTH", "HELLO", "SUBSCRIBE", "PSUBSCRIBE", "MULTI", "EXEC", "WATCH", "MONITOR"]
)
def test_what_would_disturb_the_shared_connection_is_refused(name: str) -> None:
    with pytest.raises(CommandDisabledError, match=f"{name} cannot be sent here: ") as caught:
        prepare((name, "x"))
    assert caught.value.command == name
    assert caught.value.was_sent is False


@pytest.mark.parametrize(
    "words",
    [
        ("BLPOP", "key", 0),
        ("BLMOVE", "a", "b", "LEFT", "RIGHT", 1),
        ("XREAD", "BLOCK", 0, "STREAMS", "key", "$"),
        ("WAIT", 1, 0),
    ],
)
def test_what_blocks_is_refused(words: tuple[Any, ...]) -> None:
    with pytest.raises(CommandDisabledError, match=r"would hold up|cannot be sent"):
        prepare(words)


def test_what_may_block_but_does_not_passes() -> None:
    words = ("XREAD", "COUNT", 1, "STREAMS", "key", "0")
    assert prepare(words) == words


def test_admin_commands_need_leave() -> None:
    with pytest.raises(CommandDisabledError, match="allowAdmin=true"):
        prepare(("FLUSHALL",))
    assert prepare(("FLUSHALL",), allow_admin=True) == ("FLUSHALL",)
    with pytest.raises(CommandDisabledError, match="allowAdmin=true"):
        prepare(("SWAPDB", 0, 1))  # everybody's data is another's from then on


def test_renamed_and_disabled_commands() -> None:
    renames = {"FLUSHDB": "WIPE", "KEYS": None}
    assert prepare(("flushdb",), command_map=renames, allow_admin=True) == ("WIPE",)
    assert prepare(("GET", "key"), command_map=renames) == ("GET", "key")
    with pytest.raises(CommandDisabledError, match="KEYS is disabled by the command map"):
        prepare(("KEYS", "*"), command_map=renames)


@pytest.mark.parametrize(
    ("words", "prefixed"),
    [
        (("GET", "key"), ("GET", b"p:key")),
        (("GET", b"\xff"), ("GET", b"p:\xff")),
        (("GET", bytearray(b"key")), ("GET", b"p:key")),
        (("GET", memoryview(b"key")), ("GET", b"p:key")),
        (("GET", 7), ("GET", b"p:7")),
        (("MGET", "a", "b"), ("MGET", b"p:a", b"p:b")),
        (("MSET", "a", "1", "b", "2"), ("MSET", b"p:a", "1", b"p:b", "2")),
        (("ZUNIONSTORE", "out", 2, "a", "b"), ("ZUNIONSTORE", b"p:out", 2, b"p:a", b"p:b")),
        (("PING",), ("PING",)),
    ],
)
def test_keys_and_only_keys_are_prefixed(words: tuple[Any, ...], prefixed: tuple[Any, ...]) -> None:
    assert prepare(words, b"p:") == prefixed


@pytest.mark.parametrize("name", ["RANDOMKEY", "FLUSHDB", "DBSIZE"])
def test_what_sees_every_key_cannot_be_prefixed(name: str) -> None:
    with pytest.raises(DataError, match=f"{name} cannot be confined .* sees every key"):
        prepare((name, "0"), b"p:", allow_admin=True)


def test_plain_handles_ask_for_guarded_commands_only() -> None:
    assert guard().is_plain(CallOptions())
    assert not guard().is_plain(CallOptions(key_prefix=b"p"))
    assert not guard(command_map={"GET": "READ"}).is_plain(CallOptions())
    assert not COMMANDS["GET"].guarded
    assert COMMANDS["SELECT"].guarded
