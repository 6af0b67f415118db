"""Every command that servers have is one that a typed method sends, or there is a reason why none does."""

from __future__ import annotations

import importlib
import importlib.util
import types
from collections.abc import Iterator
from typing import Any

import pytest

from multiplexer.asyncio.commands import DataCommands as AsyncDataCommands
from multiplexer.blocking.commands import DataCommands
from multiplexer.core.commands.command import Command
from multiplexer.core.commands.command_table import COMMANDS
from tests.servers.real import KINDS, RealServer, require_kind

_FOR_PEOPLE = "text for people at a terminal"
_CONTAINER = "only its sub commands do anything"
_OF_SENTINELS = "of the sentinels' making, for themselves or for those who debug them"

#: Commands without a method. What a shared connection cannot carry has its reason in the command table.
REASONS = {
    "CLUSTER": "cluster() sends any of its sub commands",
    "CLUSTER SYNCSLOTS": "what nodes say to one another when slots move",
    "DEBUG": "for those who develop the server; execute() sends it",
    "JSON.NUMPOWBY": "what the module does not document; execute() sends it",
    "PFDEBUG": "for those who develop the server; execute() sends it",
    "PFSELFTEST": "for those who develop the server; execute() sends it",
    "RESTORE-ASKING": "what nodes say to one another when slots move",
    "XIDMPRECORD": "what servers write into their append-only files",
    **dict.fromkeys(
        (
            "ACL",
            "BACKUP",
            "CLIENT",
            "COMMANDLOG",
            "CONFIG",
            "FT.CONFIG",
            "FT.CURSOR",
            "FUNCTION",
            "HIMPORT",
            "HOTKEYS",
            "JSON.DEBUG",
            "LATENCY",
            "MEMORY",
            "MODULE",
            "OBJECT",
            "PUBSUB",
            "SCRIPT",
            "SENTINEL",
            "SLOWLOG",
            "XGROUP",
            "XINFO",
        ),
        _CONTAINER,
    ),
    **dict.fromkeys(
        (
            "BACKUP HELP",
            "CLIENT HELP",
            "CLUSTER HELP",
            "COMMAND HELP",
            "COMMANDLOG HELP",
            "CONFIG HELP",
            "FT.CONFIG HELP",
            "FUNCTION HELP",
            "HOTKEYS HELP",
            "LATENCY HELP",
            "MEMORY HELP",
            "MODULE HELP",
            "OBJECT HELP",
            "PUBSUB HELP",
            "SCRIPT HELP",
            "SENTINEL HELP",
            "SLOWLOG HELP",
            "XGROUP HELP",
            "XINFO HELP",
        ),
        _FOR_PEOPLE,
    ),
    **dict.fromkeys(
        (
            "SENTINEL CONFIG",
            "SENTINEL DEBUG",
            "SENTINEL INFO-CACHE",
            "SENTINEL MYID",
            "SENTINEL PENDING-SCRIPTS",
        ),
        _OF_SENTINELS,
    ),
    "SENTINEL GET-PRIMARY-ADDR-BY-NAME": "Valkey's other name for what sentinel_get_master_addr_by_name() asks",
    "SENTINEL PRIMARIES": "Valkey's other name for what sentinel_masters() asks",
    "SENTINEL PRIMARY": "Valkey's other name for what sentinel_master() asks",
    "SENTINEL REPLICAS": "another name for what sentinel_slaves() asks",
}


_DEFAULT = "what the server does without it"
_BUILDER = "bitfield() returns a builder, which sends them"

#: Options without an argument of a method.
OPTIONS = {
    "BITFIELD": (("GET", "OVERFLOW", "WRAP", "SAT", "FAIL", "SET", "INCRBY"), _BUILDER),
    "CLIENT KILL": (
        (
            *("IDLE", "FLAGS", "LIB-NAME", "LIB-VER", "DB", "CAPA", "IP", "NOT-TYPE", "NOT-ID", "NOT-USER"),
            *("NOT-ADDR", "NOT-LADDR", "NOT-NAME", "NOT-FLAGS", "NOT-LIB-NAME", "NOT-LIB-VER", "NOT-DB"),
            *("NOT-CAPA", "NOT-IP"),
        ),
        "client_kill_filter(filters=…) takes them by name",
    ),
    "CLIENT LIST": (
        (
            *("USER", "ADDR", "LADDR", "SKIPME", "YES", "NO", "MAXAGE", "NAME", "IDLE", "FLAGS", "LIB-NAME", "LIB-VER"),
            *("DB", "CAPA", "IP", "NOT-TYPE", "NOT-ID", "NOT-USER", "NOT-ADDR", "NOT-LADDR", "NOT-NAME", "NOT-FLAGS"),
            *("NOT-LIB-NAME", "NOT-LIB-VER", "NOT-DB", "NOT-CAPA", "NOT-IP"),
        ),
        "client_list(filters=…) takes them by name",
    ),
    "CLIENT UNBLOCK": (("TIMEOUT",), _DEFAULT),
    "FLUSHALL": (("SYNC",), _DEFAULT),
    "FLUSHDB": (("SYNC",), _DEFAULT),
    "GEORADIUS": (("STOREDIST",), "in a method that georadius() calls"),
    "GEORADIUSBYMEMBER": (("STOREDIST",), "in a method that georadiusbymember() calls"),
    "SORT": (("ASC",), _DEFAULT),
    "SORT_RO": (("ASC",), _DEFAULT),
    "XCLAIM": (("LASTID",), "what primaries say to replicas"),
    "XGROUP CREATE": (("$",), "a value of its argument id"),
    "XGROUP SETID": (("$",), "a value of its argument id"),
}


def commands_of(surface: type) -> dict[str, set[str]]:
    """Return the commands that a class's methods send, and the names of these methods.

    What a method sends is found in the module's constants that it, or what it calls, names.
    """
    found: dict[str, set[str]] = {}
    for owner in surface.__mro__:
        for name, member in vars(owner).items():
            if isinstance(member, types.FunctionType):
                for command in _commands(member, set()):
                    found.setdefault(command.name, set()).add(name)
    return found


def _commands(function: types.FunctionType, seen: set[Any]) -> Iterator[Command]:
    if function in seen:
        return
    seen.add(function)
    for value in _constants(function.__code__, function.__globals__):
        if isinstance(value, Command):
            yield value
        elif isinstance(value, dict):
            yield from (item for item in value.values() if isinstance(item, Command))
        elif isinstance(value, types.FunctionType) and _holds_methods(value.__module__):
            yield from _commands(value, seen)
        elif isinstance(value, type) and _holds_methods(value.__module__):
            for member in [member for owner in value.__mro__ for member in vars(owner).values()]:
                if isinstance(member, types.FunctionType):
                    yield from _commands(member, seen)


def _holds_methods(module: str) -> bool:
    return module.startswith(("multiplexer.asyncio.commands", "multiplexer.blocking.commands"))


def _constants(code: types.CodeType, names: dict[str, Any]) -> Iterator[Any]:
    yield from (names[name] for name in code.co_names if name in names)
    for module in _imported(code, names["__package__"]):
        yield from (vars(module)[name] for name in code.co_names if name in vars(module))
    for inner in code.co_consts:
        if isinstance(inner, types.CodeType):
            yield from _constants(inner, names)


def words_of(surface: type) -> dict[str, set[str]]:
    """Return for each command every word, in capitals, in the methods that send it and in what they call."""
    found: dict[str, set[str]] = {}
    for owner in surface.__mro__:
        for member in vars(owner).values():
            if isinstance(member, types.FunctionType):
                for command in set(_commands(member, set())):
                    found.setdefault(command.name, set()).update(_words(member, set()))
    return found


def _words(function: types.FunctionType, seen: set[Any]) -> Iterator[str]:
    if function in seen:
        return
    seen.add(function)
    yield from _words_in(function.__code__)
    for value in _constants(function.__code__, function.__globals__):
        if isinstance(value, types.FunctionType) and value.__module__.startswith("multiplexer."):
            yield from _words(value, seen)
        else:
            yield from _words_in(value)


def _words_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield from value.upper().split()
    elif isinstance(value, tuple | frozenset | dict):
        for item in value:
            yield from _words_in(item)
    elif isinstance(value, types.CodeType):
        yield from _words_in((*value.co_consts, *value.co_names, *value.co_varnames))


def _imported(code: types.CodeType, package: str) -> Iterator[types.ModuleType]:
    """Go through the modules beside its own that a function imports when it is called."""
    for name in code.co_names:
        if package.endswith(".modules") and importlib.util.find_spec(f"{package}.{name}") is not None:
            yield importlib.import_module(f"{package}.{name}")


@pytest.fixture(scope="module", params=[AsyncDataCommands, DataCommands], ids=["asyncio", "blocking"])
def sent(request: pytest.FixtureRequest) -> dict[str, set[str]]:
    return commands_of(request.param)


def test_what_methods_send_is_found(sent: dict[str, set[str]]) -> None:
    assert sent["GET"] == {"get"}
    assert sent["EXPIRE"] == {"expire"}
    assert sent["BLPOP"] == {"blpop"}
    assert "object" in sent["OBJECT ENCODING"]
    assert "cluster_slots" in sent["CLUSTER SLOTS"]
    assert "zadd" not in sent["GET"]
    assert "vset" in sent["VADD"]
    assert "GETT" not in sent


def without_a_method(names: set[str], sent: dict[str, set[str]]) -> set[str]:
    return {name for name in names if name not in sent and name not in REASONS and COMMANDS[name].refused is None}


@pytest.mark.parametrize("kind", KINDS)
def test_every_command_of_a_server(kind: str, shared_servers: dict[str, RealServer], sent: dict[str, set[str]]) -> None:
    require_kind(kind)
    listed = shared_servers[kind].command("COMMAND", "LIST")
    names = {name.decode().upper().replace("|", " ") for name in listed}
    assert len(names) > 300
    assert without_a_method(names, sent) == set()


def test_every_command_of_the_table(sent: dict[str, set[str]]) -> None:
    """The table has commands of newer servers and of modules, too."""
    assert without_a_method(set(COMMANDS), sent) == set()


def test_reasons_are_needed(sent: dict[str, set[str]]) -> None:
    assert set(REASONS) <= set(COMMANDS)
    assert {name for name in REASONS if COMMANDS[name].refused is not None} == set()
    # COMMAND and CLUSTER are sent by themselves, or with any sub command.
    assert set(REASONS) & set(sent) <= {"CLUSTER HELP"}


def test_both_worlds_send_the_same() -> None:
    assert commands_of(AsyncDataCommands) == commands_of(DataCommands)


def tokens(arguments: Any) -> Iterator[str]:
    """Go through the words that COMMAND DOCS names as arguments."""
    for argument in arguments or ():
        fields = dict(zip(argument[::2], argument[1::2], strict=True))
        if fields.get(b"token"):  # one of MIGRATE is empty
            yield fields[b"token"].decode().upper()
        yield from tokens(fields.get(b"arguments"))


def documented(reply: Any) -> Iterator[tuple[str, Iterator[str]]]:
    """Go through the commands in COMMAND DOCS, each with its words."""
    for name, description in zip(reply[::2], reply[1::2], strict=True):
        fields = dict(zip(description[::2], description[1::2], strict=True))
        yield name.decode().upper().replace("|", " "), tokens(fields.get(b"arguments"))
        yield from documented(fields.get(b"subcommands", []))


@pytest.mark.parametrize("kind", KINDS)
def test_every_option_of_a_server(kind: str, shared_servers: dict[str, RealServer]) -> None:
    """No method leaves out a word that the server takes, as far as the words of its code tell."""
    require_kind(kind)
    known = words_of(DataCommands)
    left_out: dict[str, list[str]] = {}
    for name, options in documented(shared_servers[kind].command("COMMAND", "DOCS")):
        reasons = OPTIONS.get(name, ((), ""))[0]
        for option in options if name in known else ():
            if not {option, option.replace("-", "_")} & known[name] and option not in reasons:
                left_out.setdefault(name, []).append(option)
    assert left_out == {}
