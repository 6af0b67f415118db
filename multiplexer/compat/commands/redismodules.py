"""What gives clients the commands of modules."""

from __future__ import annotations

from ...asyncio.commands.modules import ModuleCommands as AsyncRedisModuleCommands
from ...blocking.commands.modules import ModuleCommands as RedisModuleCommands

__all__ = ["AsyncRedisModuleCommands", "RedisModuleCommands"]
