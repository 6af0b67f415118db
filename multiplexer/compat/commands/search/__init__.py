"""What ``client.ft()`` returns; the search engine's classes are in the modules redis-py has them in."""

from __future__ import annotations

from ...asyncio.module_groups import Search as AsyncSearch
from ...blocking.module_groups import Search

__all__ = ["AsyncSearch", "Search"]
