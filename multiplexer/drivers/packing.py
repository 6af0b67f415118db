"""Checking and packing what handles are asked to send."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Self

from ..core.call_options import CallOptions
from ..core.commands.command import Command
from ..core.commands.guard import Guard, NeedsLease
from ..core.commands.key_prefix import without_prefix
from ..core.types import Encodable, Payload
from ..core.wire.resp import is_large, pack, pack_command
from . import deadlines


class Packing:
    """Base of the handles' executors: checks and packs commands."""

    __slots__ = ("_guard", "_options", "_plain")

    if TYPE_CHECKING:
        _driver: Any

        def _view(self, options: CallOptions) -> Self: ...

    def __init__(self, guard: Guard, options: CallOptions) -> None:
        self._guard = guard
        self._options = options
        self._plain = guard.is_plain(options)

    def limited(self) -> Self:
        """Return a view whose calls keep the deadline of the block this is called in; itself outside of any.

        Raises:
            RedisTimeoutError: The deadline has passed.
        """
        options = deadlines.limited(self._options, self._driver.timeout) if deadlines.active else self._options
        return self if options is self._options else self._view(options)

    def pack(self, command: Command, args: tuple[Encodable, ...], shared: bool = False) -> Payload:
        """Check and pack a command.

        Args:
            command: Entry of the command table.
            args: The command's words.
            shared: Whether it must share a connection whatever its size, as one of a batch.

        Raises:
            CommandDisabledError: It must not be sent here.
            NeedsLease: It needs a connection of its own.
            DataError: An argument cannot be sent.
        """
        if command.guarded or not self._plain:
            args = self._guard.prepare(command, args, self._options)
        if command.write and is_large(args):
            payload = pack(args)
            if not shared and self._guard.is_too_large(payload) and not self._options.forget:
                raise NeedsLease(f"{command.name} has too large a value", payload)
            return payload
        try:
            return pack_command(args)
        except (TypeError, UnicodeEncodeError):
            return pack(args)  # says what is wrong, or takes what hiredis does not

    def pack_for_lease(self, command: Command, args: tuple[Encodable, ...]) -> Payload:
        """Pack a command that only a connection of its caller's own may take.

        Raises:
            CommandDisabledError: It is disabled by the command map.
            DataError: An argument cannot be sent.
        """
        return pack(self._guard.rewritten(command, args, self._options))

    def converter(self, command: Command, convert: Callable[[Any], Any] | None) -> Callable[[Any], Any] | None:
        """Return what is done with the reply to a command of a handle that is not plain.

        Where the handle has a key prefix, it is taken off the keys in the reply before ``convert`` sees it.
        """
        prefix = self._options.key_prefix
        return without_prefix(command, prefix, convert) if prefix else convert
