"""What ``client.json()`` returns."""

from __future__ import annotations

from ....asyncio.commands.modules.json import JsonCommands as AsyncJSON
from ....blocking.commands.modules.json import JsonCommands as JSON

__all__ = ["JSON", "AsyncJSON"]
