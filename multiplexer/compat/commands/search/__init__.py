"""What ``client.ft()`` returns; the search engine's classes are in the modules redis-py has them in."""

from __future__ import annotations

from ....asyncio.commands.modules.search import SearchCommands as AsyncSearch
from ....blocking.commands.modules.search import SearchCommands as Search

__all__ = ["AsyncSearch", "Search"]
