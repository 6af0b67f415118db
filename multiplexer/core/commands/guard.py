"""What a command must pass before it is packed: refusals, renames and key prefixes.

Most commands need none of it; a handle asks only for commands marked ``guarded`` or when it is not plain.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...errors import CommandDisabledError, RedisError
from ..types import Encodable, Payload, size_of
from ..wire.resp import pack
from .command import Command
from .fieldsets import Fieldsets
from .key_prefix import prefixed
from .proxies import proxy_of

if TYPE_CHECKING:
    from ...configuration import ConfigurationOptions
    from ..call_options import CallOptions

Words = tuple[Encodable, ...]


class NeedsLease(CommandDisabledError):
    """A command cannot share a connection; raised to whoever can give it one of its own.

    Attributes:
        payload: The command as it shall be sent, packed.
        block_time: Seconds the server may hold back the reply.
    """

    def __init__(self, text: str, payload: Payload, block_time: float = 0.0) -> None:
        super().__init__(text)
        self.payload = payload
        self.block_time = block_time


class Guard:
    """Checks commands against one multiplexer's configuration.

    Attributes:
        proxy: What stands before the servers, or None.
        fieldsets: What HIMPORT SET may name, with all handles of the multiplexer, or of the group it is one of.
    """

    __slots__ = ("_command_map", "_options", "fieldsets", "proxy")

    def __init__(self, options: ConfigurationOptions) -> None:
        self._options = options
        self._command_map = options.command_map
        self.proxy = proxy_of(options.proxy)
        self.fieldsets = Fieldsets()

    def reconfigure(self, options: ConfigurationOptions) -> None:
        """Take other options; the command map and the proxy are not among what may change."""
        self._options = options

    def is_plain(self, call: CallOptions) -> bool:
        """Whether only guarded commands need :meth:`prepare`."""
        return not self._command_map and not call.key_prefix and self.proxy is None

    def permit(self, command: Command) -> None:
        """Refuse what is sent by other ways than :meth:`prepare` where a proxy does not pass it on.

        Raises:
            CommandDisabledError: It does not.
        """
        if self.proxy is not None:
            try:
                self.proxy.refuse(command)
            except CommandDisabledError as error:
                raise _about(error, command) from None

    def prepare(self, command: Command, args: Words, call: CallOptions) -> Words:
        """Check a command and return its words as they shall be sent.

        Raises:
            CommandDisabledError: The command is refused, disabled, or needs ``allowAdmin``.
            NeedsLease: It makes its connection wait.
            ClusterCrossSlotError: Its keys may be on several servers behind a proxy, which would ask only one.
            DataError: It cannot be confined to the handle's key prefix.
        """
        self.permit(command)  # before any advice that would not help
        block_time = None
        if command.guarded:
            self._check(command, args)
            if command.is_blocking(args):
                block_time = command.block_time(args)
        args = self.rewritten(command, args, call)
        if block_time is not None:
            text = (
                f"{command.name} would hold up every caller of the shared connection while it blocks; "
                "it needs a connection of its own"
            )
            raise _about(NeedsLease(text, pack(args), block_time), command)
        return args

    def rewritten(self, command: Command, args: Words, call: CallOptions) -> Words:
        """Return a command's words as they shall be sent, whether or not anybody may send it.

        Raises:
            CommandDisabledError: It is disabled by the command map, or a proxy does not pass it on.
            ClusterCrossSlotError: Its keys may be on several servers behind a proxy, which would ask only one.
            DataError: It cannot be confined to the handle's key prefix.
        """
        if call.key_prefix:
            args = prefixed(command, args, call.key_prefix)
        if self.proxy is not None:
            try:
                self.proxy.check(command, args)
            except RedisError as error:
                raise _about(error, command) from None
        if self._command_map:
            args = self._renamed(command, args)
        return args

    def is_too_large(self, payload: Payload) -> bool:
        """Whether a command would hold up the shared connection by its size."""
        return 0 < self._options.lease_above <= size_of(payload)

    def _check(self, command: Command, args: Words) -> None:
        if command.refused is not None:
            raise _about(CommandDisabledError(f"{command.name} cannot be sent here: {command.refused}"), command)
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


def _about(error: RedisError, command: Command) -> RedisError:
    error.command = command.name
    error.phase = "created"
    return error
