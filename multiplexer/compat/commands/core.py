"""The commands' classes, where programs import them from."""

from __future__ import annotations

from ...asyncio.commands import DataCommands as AsyncCoreCommands
from ...blocking.commands import DataCommands as CoreCommands
from ..asyncio.scripting import Script as AsyncScript
from ..blocking.scripting import Script

__all__ = ["AsyncCoreCommands", "AsyncScript", "CoreCommands", "Script"]
