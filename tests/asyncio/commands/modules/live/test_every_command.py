"""The table of docs/modules.md is true: what it says of servers, and that each command is sent to one here."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest

from multiplexer.asyncio import Database
from multiplexer.core.commands.command_table import COMMANDS
from multiplexer.embedded import ServerProcess
from tests.servers import Shared
from tests.servers.module_commands import LIVE, NOWHERE
from tests.servers.redis8 import require_redis_8
from tests.servers.stack import require_redis_stack

GROUPS = ("bf", "cf", "cms", "ft", "json", "tdigest", "topk", "ts", "vset")
REQUIRE = {"Redis Stack 7.4": ("stack", require_redis_stack), "Redis 8.2": ("redis8", require_redis_8)}


@pytest.mark.parametrize("name", LIVE)
def test_servers_have_what_is_tested_there(shared_with_modules: Shared[ServerProcess], name: str) -> None:
    kind, require = REQUIRE[name]
    require()
    server = shared_with_modules(kind)
    assert server.info()["redis_version"].startswith(name.rpartition(" ")[2])
    names = sorted({command.partition(" ")[0] for command in LIVE[name] | NOWHERE})
    known = {command for command, told in zip(names, server.command("COMMAND", "INFO", *names), strict=True) if told}
    assert known == {command.partition(" ")[0] for command in LIVE[name]}


@pytest.mark.parametrize("name", LIVE)
def test_replicas_take_what_is_sent_to_them(shared_with_modules: Shared[ServerProcess], name: str) -> None:
    kind, require = REQUIRE[name]
    require()
    server = shared_with_modules(kind)
    names = sorted(command for command in LIVE[name] if " " not in command)
    told = server.command("COMMAND", "INFO", *names)
    written = {command for command, (_, _, flags, *_) in zip(names, told, strict=True) if b"write" in flags}
    assert written & {"JSON.SET", "VADD"}
    assert {command for command in written if COMMANDS[command].read_only} == set()
    # This one only counts, but a replica refuses it.
    assert {command for command in written if not COMMANDS[command].changes} <= {"TOPK.COUNT"}


def test_every_method_is_called() -> None:
    called = {
        node.func.attr
        for file in Path(__file__).parent.glob("test_*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    named: set[str] = set()
    for group in GROUPS:
        kind: Any = type(getattr(Database, group)(None))
        for method in (name for name in dir(kind) if not name.startswith("_")):
            commands = set(re.findall(r"Redis commands?: ([^(\n]*)", getattr(kind, method).__doc__ or ""))
            sent = {word for words in commands for word in re.split(r"\s*,\s*|\s+and\s+", words.strip())}
            if sent and not sent <= NOWHERE:
                assert method in called, f"{group}().{method}"
            named |= sent
    # Sub commands of JSON.DEBUG are an argument of one method.
    assert set().union(*LIVE.values()) - named == {"JSON.DEBUG HELP", "JSON.DEBUG MEMORY"}
