"""The commands of clusters' clients."""

from __future__ import annotations

from ...core.commands.command_table import COMMANDS
from ..asyncio.cluster_commands import ClusterCommands as AsyncRedisClusterCommands
from ..blocking.cluster_commands import ClusterCommands as RedisClusterCommands

#: What replicas may answer.
READ_COMMANDS = frozenset(name for name, command in COMMANDS.items() if command.read_only)

__all__ = ["READ_COMMANDS", "AsyncRedisClusterCommands", "RedisClusterCommands"]
