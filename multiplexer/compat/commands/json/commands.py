"""The commands on JSON documents, and their options."""

from __future__ import annotations

from ....asyncio.commands.modules.json import JsonCommands as AsyncJSONCommands
from ....blocking.commands.modules.json import JsonCommands as JSONCommands
from ...machinery.fpha import FPHAType

__all__ = ["AsyncJSONCommands", "FPHAType", "JSONCommands"]
