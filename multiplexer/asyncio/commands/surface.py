"""What every group of commands stands on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Generic

from ...core.commands.command import Command
from ...core.types import AnyStr, Encodable, Pending


class CommandSurface(Generic[AnyStr]):
    """A handle that can send commands; the groups of typed methods are mixed into it."""

    __slots__ = ()

    #: Whether commands are collected and sent later, all at once.
    _collects_commands: ClassVar[bool] = False

    def _execute(
        self,
        command: Command,
        args: tuple[Encodable, ...],
        convert: Callable[[Any], Any] | None = None,
        decode: bool | None = None,
    ) -> Pending[Any]:
        """Send one command.

        Args:
            command: Its entry of the command table.
            args: The command's words as sent, name first.
            convert: Turns the raw reply into the method's result.
            decode: True or False forces text or bytes for this call; None takes the handle's setting.

        Returns:
            An awaitable of the converted reply.

        Raises:
            DataError: An argument is of a type that cannot be sent.
        """
        raise NotImplementedError
