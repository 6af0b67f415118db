"""The commands of sentinels."""

from __future__ import annotations

from ...asyncio.commands.sentinel import SentinelCommands as AsyncSentinelCommands
from ...blocking.commands.sentinel import SentinelCommands

__all__ = ["AsyncSentinelCommands", "SentinelCommands"]
