"""What a command must pass before it is packed: refusals, renames and key prefixes.

Most commands need none of it; a handle asks only for commands marked ``guarded`` or when it is not plain.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors import CommandDisabledError, DataError, RedisError
from .command import Command
from .types import Encodable

if TYPE_CHECKING:
    from ..configuration import ConfigurationOptions
    from .message import CallOptions

Words = tuple[Encodable, ...]


class Guard:
    """Checks commands against one multiplexer's configuration."""

    __slots__ = ("_command_map", "_options")

    def __init__(self, options: ConfigurationOptions) -> None:
        self._options = options
        self._command_map = options.command_map

    def is_plain(self, call: CallOptions) -> bool:
        """Whether only guarded commands need :meth:`prepare`."""
        return not self._command_map and not call.key_prefix

    def prepare(self, command: Command, args: Words, call: CallOptions) -> Words:
        """Check a command and return its words as they shall be sent.

        Raises:
            CommandDisabledError: The command is refused, disabled, or needs ``allowAdmin``.
            DataError: It cannot be confined to the handle's key prefix.
        """
        if command.guarded:
            self._check(command, args)
        if call.key_prefix:
            args = _with_prefix(command, args, call.key_prefix)
        if self._command_map:
            args = self._renamed(command, args)
        return args

    def _check(self, command: Command, args: Words) -> None:
        if command.refused is not None:
            raise _about(CommandDisabledError(f"{command.name} cannot be sent here: {command.refused}"), command)
        if command.is_blocking(args):
            raise _about(
                CommandDisabledError(
                    f"{command.name} would hold up every caller of the shared connection while it blocks; "
                    "it needs a connection of its own"
                ),
                command,
            )
        if command.needs_admin and not self._options.allow_admin:
            raise _about(CommandDisabledError(f"{command.name} is an admin command: set allowAdmin=true"), command)

    def _renamed(self, command: Command, args: Words) -> Words:
        first = str(args[0]).upper()
        if first not in self._command_map:
            return args
        name = self._command_map[first]
        if name is None:
            raise _about(CommandDisabledError(f"{command.name} is disabled by the command map"), command)
        return (name, *args[1:])


#: Commands without keys that nevertheless see or change every key of the database.
_WHOLE_KEYSPACE = frozenset(("KEYS", "SCAN", "RANDOMKEY", "FLUSHDB", "FLUSHALL", "SWAPDB", "DBSIZE"))


def _with_prefix(command: Command, args: Words, prefix: bytes) -> Words:
    if command.name in _WHOLE_KEYSPACE:
        raise _about(DataError(f"{command.name} sees every key and cannot be confined to a key prefix"), command)
    words = list(args)
    for position in command.key_positions(args):
        words[position] = prefix + _key_bytes(words[position])
    return tuple(words)


def _key_bytes(key: Any) -> bytes:
    if isinstance(key, str):
        return key.encode()
    return bytes(key) if isinstance(key, bytearray | memoryview) else key if isinstance(key, bytes) else b"%d" % key


def _about(error: RedisError, command: Command) -> RedisError:
    error.command = command.name
    error.phase = "created"
    return error
