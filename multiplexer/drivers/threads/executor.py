"""How a handle's method becomes a message, for threads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from ...core.call_options import CallOptions
from ...core.commands.batching import refusal_of
from ...core.commands.command import Command
from ...core.commands.guard import Guard, NeedsLease
from ...core.resending import Rerouted
from ...core.server_selection_strategy import ServerSelectionStrategy
from ...core.types import Encodable, Payload
from ...core.wire.resp import decode as decoded
from ...errors import RedisError
from .. import deadlines
from ..packing import Packing
from .bridge import ThreadBridge
from .driver import Driver
from .message import ThreadForgotten, ThreadMessage, ThreadUnit
from .primitives import monotonic

if TYPE_CHECKING:
    from ...core.cluster.splitting import Part


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
        if deadlines.active:
            options = deadlines.limited(options, self._driver.timeout)
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
        bridge = self._strategy.only or self._strategy.select(command, options, args)
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
        while (other := self._send_again(message, bridge, error)) is not None:
            bridge = other
            if not isinstance(message.reply, RedisError):
                return message.reply
            error = message.reply
        message.settled()
        if error.phase is None:
            error.phase, error.command, error.endpoint = "answered", message.command.name, str(bridge.endpoint)
        raise error

    def _send_again(self, message: ThreadMessage, bridge: ThreadBridge, error: RedisError) -> ThreadBridge | None:
        """Send a refused message again, perhaps after a while; return whereto, or None where that cannot help."""
        resend = bridge.listener.resend(bridge, message, error)
        if resend is None:
            return None
        if resend.delay:
            self._driver.pause(resend.delay)
        target: ThreadBridge = resend.begin(bridge, message)
        target.call(message, monotonic())
        return target

    def _forget(self, message: ThreadMessage, bridge: ThreadBridge) -> None:
        forgotten = ThreadForgotten(message.command, message.payload, message.options, message.deadline, bridge)
        if self._driver.cache is not None:
            self._driver.cache.write_forgotten(message.command, message.payload)  # its caller is back before it is sent
        try:
            bridge.submit(forgotten, monotonic())
        except Rerouted as error:  # the server has left since it was chosen
            forgotten.finish(error)
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
        options = self.limited()._options
        bridge = self._strategy.only or self._strategy.select_packed(command, options, payload)
        now = monotonic()
        unit = ThreadUnit(command, payload, wanted, options, now + (options.timeout or self._driver.timeout))
        bridge.call(unit, now)
        return self._replies_of(unit, bridge, preliminary)

    def _replies_of(self, unit: ThreadUnit, bridge: ThreadBridge, preliminary: int) -> list[Any]:
        """Return the replies of a unit that was sent, once sending it again is of no use.

        Raises:
            RedisError: There are none.
        """
        while True:
            reply: Any = unit.reply
            failed = isinstance(reply, RedisError)
            refusal = reply if failed else refusal_of(unit.command, reply[preliminary:])
            target = None if refusal is None else self._send_again(unit, bridge, refusal)
            if target is not None:
                bridge = target
            elif failed:
                unit.settled()
                raise reply
            else:
                return reply  # type: ignore[no-any-return]

    def _send_units(self, parts: Sequence[Part[ThreadBridge]], deadline: float) -> list[Any]:
        """Send the parts of a batch side by side; return the raw replies of each, or the error it met."""
        now = monotonic()
        begun: list[tuple[Part[ThreadBridge], ThreadUnit]] = []
        outcomes: list[Any] = []
        try:
            for part in parts:
                unit = ThreadUnit(part.command, part.payload, part.wanted, self._options, deadline)
                begun.append((part, unit))
                part.bridge.begin(unit, now)
            for part, unit in begun:
                part.bridge.end(unit)
        except BaseException:
            for part, unit in begun:
                part.bridge.interrupted(unit)
            raise
        for part, unit in begun:
            try:
                outcomes.append(self._replies_of(unit, part.bridge, part.preliminary))
            except RedisError as error:
                outcomes.append(error)
        return outcomes

    def _send_member(
        self, command: Command, payload: Payload, refusal: RedisError, bridge: ThreadBridge, deadline: float
    ) -> Any:
        """Send a command of a batch again that was refused there; return the raw reply.

        Raises:
            RedisError: Sending it again does not help.
        """
        return self._again(ThreadMessage(command, payload, self._options, None, deadline), bridge, refusal)
