"""How a handle's method becomes a message, for tasks."""

from __future__ import annotations

import asyncio
from asyncio import get_running_loop
from collections.abc import Callable, Sequence
from time import monotonic
from typing import Any

from ...core.command import Command
from ...core.guard import Guard
from ...core.message import QUEUED, CallOptions, CommandFlags, MessageUnit, Payload
from ...core.resp import is_large, pack, pack_command
from ...core.server_selection_strategy import ServerSelectionStrategy
from ...core.types import Encodable
from ...errors import WrongLoopError
from .bridge import EventLoopBridge
from .driver import Driver
from .message import ForgottenMessage, TaskMessage


class Executor:
    """Base of the asyncio handles: sends commands and returns their messages, which are futures."""

    __slots__ = ("_driver", "_guard", "_options", "_plain", "_strategy")

    def __init__(
        self, driver: Driver, strategy: ServerSelectionStrategy[EventLoopBridge], guard: Guard, options: CallOptions
    ) -> None:
        self._driver = driver
        self._strategy = strategy
        self._guard = guard
        self._options = options
        self._plain = guard.is_plain(options)

    def _message(
        self,
        command: Command,
        args: tuple[Encodable, ...],
        convert: Callable[[Any], Any] | None = None,
        decode: bool | None = None,
    ) -> TaskMessage:
        """Pack a command, checked; nothing is queued yet."""
        driver = self._driver
        options = self._options
        _check_loop(driver)
        if decode is not None and decode is not options.decode:
            options = options.replace(decode=decode)
        if command.guarded or not self._plain:
            args = self._guard.prepare(command, args, options)
        message = TaskMessage(loop=driver.loop)
        if command.write and is_large(args):
            message.payload = pack(args)
        else:
            try:
                message.payload = pack_command(args)
            except (TypeError, UnicodeEncodeError):
                message.payload = pack(args)  # says what is wrong, or takes what hiredis does not
        message.command = command
        message.options = options
        message.convert = convert
        message.deadline = monotonic() + (options.timeout or driver.timeout)
        message.phase = QUEUED
        message.attempts = 0
        message.sent_at = 0.0
        return message

    def _execute(
        self,
        command: Command,
        args: tuple[Encodable, ...],
        convert: Callable[[Any], Any] | None = None,
        decode: bool | None = None,
    ) -> Any:
        message = self._message(command, args, convert, decode)
        bridge = self._strategy.only or self._strategy.select(command, message.options)
        if message.options.flags & CommandFlags.FIRE_AND_FORGET:
            return self._forget(message, bridge)
        if message.payload.__class__ is not bytes:
            _count_bytes(message, bridge)
        message.bridge = bridge
        bridge.submit(message)
        return message

    def _forget(self, message: TaskMessage, bridge: EventLoopBridge) -> Any:
        bridge.submit(
            ForgottenMessage(
                message.command, message.payload, message.options, message.deadline, bridge.listener.forgotten_failed
            )
        )
        return self._driver.nothing

    async def _send_unit(self, messages: Sequence[TaskMessage]) -> None:
        """Send messages side by side and wait for all of their replies.

        Raises:
            RedisError: The unit could not be queued.
        """
        first = messages[0]
        bridge = self._strategy.select(first.command, first.options)
        deadline = monotonic() + (first.options.timeout or self._driver.timeout)
        for message in messages:
            message.deadline = deadline
            message.bridge = bridge
        bridge.submit(MessageUnit(messages, first.options, deadline))
        await asyncio.wait(messages)

    def _raw_message(self, command: Command, payload: Payload) -> TaskMessage:
        """Make a part of a transaction: never sent twice, its reply left as it is."""
        options = self._options.replace(decode=False, flags=CommandFlags.NO_RETRY)
        message = TaskMessage(loop=self._driver.loop)
        message.command = command
        message.payload = payload
        message.options = options
        message.convert = None
        message.phase = QUEUED
        message.attempts = 0
        message.sent_at = 0.0
        return message

    def _unit_results(self, messages: Sequence[TaskMessage]) -> list[Any]:
        """Return the results of answered messages; an error takes the place of its result."""
        return [message.exception() or message.result() for message in messages]


def _check_loop(driver: Driver) -> None:
    try:
        if get_running_loop() is driver.loop:
            return
    except RuntimeError:
        pass
    raise WrongLoopError(
        "this multiplexer belongs to the event loop it was connected in; "
        "use ConnectionMultiplexer.for_running_loop(configuration) to get one for each loop"
    )


def _count_bytes(message: TaskMessage, bridge: EventLoopBridge) -> None:
    """Count a large command's bytes against the bound for as long as it is under way."""
    size = sum(map(len, message.payload))  # type: ignore[arg-type]
    bridge.pending_bytes += size

    def uncount(_: Any) -> None:
        bridge.pending_bytes -= size

    message.add_done_callback(uncount)
