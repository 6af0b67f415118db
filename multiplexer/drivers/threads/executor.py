"""How a handle's method becomes a message, for threads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import monotonic
from typing import Any

from ...core.command import Command
from ...core.guard import Guard
from ...core.message import CallOptions, CommandFlags, MessageUnit, Payload
from ...core.resp import decode as decoded
from ...core.resp import is_large, pack, pack_command
from ...core.server_selection_strategy import ServerSelectionStrategy
from ...core.types import Encodable
from ...errors import RedisError
from .bridge import ThreadBridge, requeue
from .driver import Driver
from .message import PENDING, ForgottenMessage, ThreadMessage


class Executor:
    """Base of the blocking handles: sends commands and waits for their replies."""

    __slots__ = ("_driver", "_guard", "_options", "_plain", "_strategy")

    def __init__(
        self, driver: Driver, strategy: ServerSelectionStrategy[ThreadBridge], guard: Guard, options: CallOptions
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
    ) -> ThreadMessage:
        """Pack a command, checked; nothing is queued yet."""
        options = self._options
        if decode is not None and decode is not options.decode:
            options = options.replace(decode=decode)
        if command.guarded or not self._plain:
            args = self._guard.prepare(command, args, options)
        if command.write and is_large(args):
            payload = pack(args)
        else:
            try:
                payload = pack_command(args)
            except (TypeError, UnicodeEncodeError):
                payload = pack(args)  # says what is wrong, or takes what hiredis does not
        return ThreadMessage(
            command, payload, options, convert, monotonic() + (options.timeout or self._driver.timeout)
        )

    def _execute(
        self,
        command: Command,
        args: tuple[Encodable, ...],
        convert: Callable[[Any], Any] | None = None,
        decode: bool | None = None,
    ) -> Any:
        message = self._message(command, args, convert, decode)
        if message.options.flags & CommandFlags.FIRE_AND_FORGET:
            return self._forget(message)
        if message.payload.__class__ is not bytes:
            return self._call_large(message)
        bridge = self._strategy.only or self._strategy.select(command, message.options)
        bridge.call(message, message.deadline - (message.options.timeout or self._driver.timeout))
        return self._result(message, bridge)

    def _result(self, message: ThreadMessage, bridge: ThreadBridge) -> Any:
        reply = message.reply
        if isinstance(reply, RedisError):
            reply = self._again(message, bridge, reply)
        if message.options.decode:
            reply = decoded(reply)
        convert = message.convert
        return reply if convert is None else convert(reply)

    def _again(self, message: ThreadMessage, bridge: ThreadBridge, error: RedisError) -> Any:
        """Send a refused message again while that can help; return its reply or raise the error."""
        while True:
            if bridge.needs_role_check(error):
                bridge.listener.refused(bridge, error)
            delay = bridge.retry_delay(message, error, monotonic())
            if delay is None:
                if error.phase is None:
                    error.phase, error.command, error.endpoint = "answered", message.command.name, str(bridge.endpoint)
                raise error
            self._driver.pause(delay)
            requeue(message)
            bridge.counters.retried += 1
            bridge = self._strategy.only or self._strategy.select(message.command, message.options)
            bridge.call(message, monotonic())
            if not isinstance(message.reply, RedisError):
                return message.reply
            error = message.reply

    def _call_large(self, message: ThreadMessage) -> Any:
        bridge = self._strategy.select(message.command, message.options)
        size = sum(map(len, message.payload))  # type: ignore[arg-type]
        bridge.hold_bytes(size)
        try:
            bridge.call(message, monotonic())
        finally:
            bridge.hold_bytes(-size)
        return self._result(message, bridge)

    def _forget(self, message: ThreadMessage) -> None:
        bridge = self._strategy.select(message.command, message.options)
        forgotten = ForgottenMessage(
            message.command, message.payload, message.options, message.deadline, bridge.listener.forgotten_failed
        )
        bridge.submit(forgotten, monotonic())
        bridge.promote()

    def _send_unit(self, messages: Sequence[ThreadMessage]) -> None:
        """Send messages side by side and wait for all of their replies.

        Raises:
            RedisError: The unit could not be queued, or its deadline passed.
        """
        first = messages[0]
        bridge = self._strategy.select(first.command, first.options)
        now = monotonic()
        deadline = now + (first.options.timeout or self._driver.timeout)
        unit = MessageUnit(messages, first.options, deadline)
        for message in messages:
            message.deadline = deadline
        try:
            bridge.submit(unit, now)
            for message in messages:
                if message.reply is PENDING:
                    bridge.wait(message, now)
            bridge.promote()  # all may have been answered while this thread wrote for others
        except BaseException:
            _interrupt_unit(bridge, unit)
            raise

    def _raw_message(self, command: Command, payload: Payload) -> ThreadMessage:
        """Make a part of a transaction: never sent twice, its reply left as it is."""
        options = self._options.replace(decode=False, flags=CommandFlags.NO_RETRY)
        return ThreadMessage(command, payload, options, None, 0.0)

    def _unit_results(self, messages: Sequence[ThreadMessage]) -> list[Any]:
        """Return the results of answered messages; an error takes the place of its result."""
        return [_settled(message) for message in messages]


def _interrupt_unit(bridge: ThreadBridge, unit: MessageUnit) -> None:
    for message in unit.members:
        if isinstance(message, ThreadMessage):
            message.orphan = True
    bridge.interrupted(unit)


def _settled(message: ThreadMessage) -> Any:
    try:
        return message.result()
    except Exception as error:
        return error
