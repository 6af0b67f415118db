# Generated from tests/asyncio/commands/words.py by scripts/generate_blocking.py; change that file instead.
"""The words that methods send, for commands and options that no server at hand has."""

from __future__ import annotations

from typing import Any

from multiplexer.blocking.commands import DataCommands


class Words(DataCommands[bytes]):
    """Every method returns the words of its command, joined with spaces."""

    def _execute(self, command: Any, args: Any, convert: Any = None, decode: Any = None) -> Any:
        assert " ".join(map(str, args)).upper().startswith(command.name)
        return " ".join(map(str, args))
