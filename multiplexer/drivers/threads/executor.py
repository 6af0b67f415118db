"""How a handle's method becomes a message, for threads."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Any

from ...core.batching import refusal_of
from ...core.command import Command
from ...core.guard import Guard, NeedsLease
from ...core.message import CallOptions, Payload
from ...core.resp import decode as decoded
from ...core.server_selection_strategy import ServerSelectionStrategy
from ...core.types import Encodable
from ...errors import RedisError
from ..shared import Packing
from .bridge import ThreadBridge
from .driver import Driver
from .message import ForgottenMessage, ThreadMessage, ThreadUnit


class Executor(Packing):
    """Base of the blocking handles: sends commands and waits for their replies."""

    __slots__ = ("_driver", "_strategy")

    def __init__(
        self, driver: Driver, strategy: ServerSelectionStrategy[ThreadBridge], guard: Guard, options: CallOptions
    ) -> None:
        super().__init__(guard, options)
        self._driver = driver
        self._strategy = strategy

    def _execute(
        self,
        command: Command,
        args: tuple[Encodable, ...],
        convert: Callable[[Any], Any] | None = None,
        decode: bool | None = None,
    ) -> Any:
        options = self._options
        if decode is not None and decode is not options.decode:
            options = options.replace(decode=decode)
        if not self._plain:
            convert = self.converter(command, convert)
        payload: Payload | None
        try:
            payload = self.pack(command, args)
        except NeedsLease as caught:
            payload, need = None, caught
        if payload is None:  # not in the clause above: this one's errors are not that one's consequence
            return self._driver.leases.call(self._strategy, command, options, need, convert)
        now = monotonic()
        message = ThreadMessage(command, payload, options, convert, now + (options.timeout or self._driver.timeout))
        bridge = self._strategy.only or self._strategy.select(command, options)
        if options.forget:
            return self._forget(message, bridge)
        bridge.call(message, now)
        reply = message.reply
        if isinstance(reply, RedisError):
            reply = self._again(message, bridge, reply)
        if options.decode:
            reply = decoded(reply)
        return reply if convert is None else convert(reply)

    def _again(self, message: ThreadMessage, bridge: ThreadBridge, error: RedisError) -> Any:
        """Send a refused message again while that can help; return its reply or raise the error."""
        while self._send_again(message, bridge, error):
            if not isinstance(message.reply, RedisError):
                return message.reply
            error = message.reply
        if error.phase is None:
            error.phase, error.command, error.endpoint = "answered", message.command.name, str(bridge.endpoint)
        raise error

    def _send_again(self, message: ThreadMessage, bridge: ThreadBridge, error: RedisError) -> bool:
        """Send a refused message again after a while; return False where that cannot help."""
        if bridge.needs_role_check(error):
            bridge.listener.refused(bridge, error)
        delay = bridge.retry_delay(message, error, monotonic())
        if delay is None:
            return False
        self._driver.pause(delay)
        message.restart()
        bridge.counters.retried += 1
        bridge = self._strategy.only or self._strategy.select(message.command, message.options)
        bridge.call(message, monotonic())
        return True

    def _forget(self, message: ThreadMessage, bridge: ThreadBridge) -> None:
        forgotten = ForgottenMessage(
            message.command, message.payload, message.options, message.deadline, bridge.listener.forgotten_failed
        )
        bridge.submit(forgotten, monotonic())
        bridge.promote()

    def _send_unit(self, command: Command, payload: tuple[bytes, ...], wanted: int, preliminary: int = 0) -> list[Any]:
        """Send commands side by side and return their raw replies.

        Args:
            command: Table entry that stands for all of them.
            payload: The packed commands.
            wanted: How many replies there will be.
            preliminary: How many of the first commands only prepare for the others: their being applied does not
                speak against sending everything again.

        Raises:
            RedisError: The unit could not be queued, its connection was lost, or its deadline passed.
        """
        options = self._options
        bridge = self._strategy.only or self._strategy.select(command, options)
        now = monotonic()
        unit = ThreadUnit(command, payload, wanted, options, now + (options.timeout or self._driver.timeout))
        bridge.call(unit, now)
        while True:
            if isinstance(unit.reply, RedisError):
                raise unit.reply
            replies: list[Any] = unit.reply
            refusal = refusal_of(replies[preliminary:])
            if refusal is None or not self._send_again(unit, bridge, refusal):
                return replies
