"""The commands of the search engine."""

from __future__ import annotations

from ....asyncio.commands.modules.search import SearchCommands as AsyncSearchCommands
from ....blocking.commands.modules.search import SearchCommands

__all__ = ["AsyncSearchCommands", "SearchCommands"]
