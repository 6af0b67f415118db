"""How a handle's method becomes a message, for tasks."""

from __future__ import annotations

from _thread import get_ident
from asyncio import gather, sleep
from collections.abc import Callable, Sequence
from time import monotonic
from typing import TYPE_CHECKING, Any

from ...core.call_options import CallOptions
from ...core.commands.batching import refusal_of
from ...core.commands.command import Command
from ...core.commands.guard import Guard, NeedsLease
from ...core.message import ANSWERED, MESSAGE_SLOTS, QUEUED
from ...core.server_selection_strategy import ServerSelectionStrategy
from ...core.types import Encodable, Payload
from ...errors import RedisError, WrongLoopError
from .. import deadlines
from ..packing import Packing
from .bridge import EventLoopBridge
from .driver import Driver
from .message import TaskForgotten, TaskMessage, TaskUnit

if TYPE_CHECKING:
    from ...core.cluster.splitting import Part


class Executor(Packing):
    """Base of the asyncio handles: sends commands and returns their messages, which are futures."""

    __slots__ = ("_driver", "_strategy")

    def __init__(
        self, driver: Driver, strategy: ServerSelectionStrategy[EventLoopBridge], guard: Guard, options: CallOptions
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
        driver = self._driver
        if get_ident() != driver.thread or not driver.is_running():
            raise wrong_loop()
        options = self._options
        if deadlines.active:
            options = deadlines.limited(options, driver.timeout)
        if decode is not None and decode is not options.decode:
            options = options.replace(decode=decode)
        if not self._plain:
            convert = self.converter(command, convert)
        try:
            payload = self.pack(command, args)
        except NeedsLease as need:
            return driver.spawn_call(driver.leases.call(self._strategy, command, options, need, convert))
        bridge = self._strategy.only or self._strategy.select(command, options, args)
        if options.forget:
            return self._forget(command, payload, bridge)
        now = monotonic()
        message = TaskMessage(loop=driver.loop)
        message.command = command
        message.payload = payload
        message.options = options
        message.convert = convert
        message.deadline = now + (options.timeout or driver.timeout)
        message.phase = QUEUED
        message.attempts = 0
        message.sent_at = 0.0
        message.waiter = None
        message.bridge = bridge
        bridge.submit(message, now)
        return message

    def _forget(self, command: Command, payload: Payload, bridge: EventLoopBridge) -> Any:
        options = self._options
        now = monotonic()
        deadline = now + (options.timeout or self._driver.timeout)
        if self._driver.cache is not None:
            self._driver.cache.write_forgotten(command, payload)  # its caller is back before it is sent
        bridge.submit(TaskForgotten(command, payload, options, deadline, bridge), now)
        return self._driver.nothing

    async def _send_unit(
        self, command: Command, payload: tuple[bytes, ...], wanted: int, preliminary: int = 0
    ) -> list[Any]:
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
        driver = self._driver
        if get_ident() != driver.thread or not driver.is_running():
            raise wrong_loop()
        bridge = self._strategy.only or self._strategy.select_packed(command, self._options, payload)
        handle = self.limited()
        deadline = monotonic() + (handle._options.timeout or driver.timeout)
        return await self._replies_of(handle._unit(command, payload, wanted, deadline, bridge), preliminary)

    async def _replies_of(self, unit: TaskUnit, preliminary: int) -> list[Any]:
        """Send a unit, again and again while that can help, and return its replies.

        Raises:
            RedisError: There are none.
        """
        while True:
            unit.bridge.submit(unit, monotonic())
            replies: list[Any] = await unit
            refusal = refusal_of(unit.command, replies[preliminary:])
            resend = None if refusal is None else unit.bridge.listener.resend(unit.bridge, unit, refusal)
            if resend is None:
                return replies
            if resend.delay:
                await sleep(resend.delay)
            unit = self._anew(unit)
            unit.bridge = resend.begin(unit.bridge, unit)

    def _unit(
        self, command: Command, payload: tuple[bytes, ...], wanted: int, deadline: float, bridge: EventLoopBridge
    ) -> TaskUnit:
        options = self._options if not self._options.decode else self._options.replace(decode=False)
        unit = TaskUnit(loop=self._driver.loop)
        unit.command = command
        unit.payload = payload
        unit.options = options
        unit.convert = None
        unit.deadline = deadline
        unit.phase = QUEUED
        unit.attempts = 0
        unit.sent_at = 0.0
        unit.waiter = None
        unit.replies = []
        unit.wanted = wanted
        unit.bridge = bridge
        return unit

    def _anew(self, unit: TaskUnit) -> TaskUnit:
        """Return a copy of a unit that was answered, to be awaited once more."""
        again = TaskUnit(loop=self._driver.loop)
        for name in (*MESSAGE_SLOTS, "bridge", "wanted"):
            if hasattr(unit, name):
                setattr(again, name, getattr(unit, name))
        again.waiter = None
        return again

    async def _send_units(self, parts: Sequence[Part[EventLoopBridge]], deadline: float) -> list[Any]:
        """Send the parts of a batch side by side; return the raw replies of each, or the error it met."""
        driver = self._driver
        if get_ident() != driver.thread or not driver.is_running():
            raise wrong_loop()
        units = [self._unit(part.command, part.payload, part.wanted, deadline, part.bridge) for part in parts]
        sent = [self._replies_of(unit, part.preliminary) for unit, part in zip(units, parts, strict=True)]
        outcomes: list[Any] = await gather(*sent, return_exceptions=True)
        return outcomes

    async def _send_member(
        self, command: Command, payload: Payload, refusal: RedisError, bridge: EventLoopBridge, deadline: float
    ) -> Any:
        """Send a command of a batch again that was refused there; return the raw reply.

        Raises:
            RedisError: Sending it again does not help.
        """
        message = TaskMessage(loop=self._driver.loop)
        message.command = command
        message.payload = payload
        message.options = self._options if not self._options.decode else self._options.replace(decode=False)
        message.convert = None
        message.deadline = deadline
        message.phase = ANSWERED
        message.attempts = 0
        message.sent_at = 0.0
        message.waiter = None
        message.bridge = bridge
        bridge.refuse(message, refusal)
        return await message


def wrong_loop() -> WrongLoopError:
    """Make the error for a call from another event loop, or from none."""
    return WrongLoopError(
        "this multiplexer belongs to the event loop it was connected in; "
        "use ConnectionMultiplexer.for_running_loop(configuration) to get one for each loop"
    )
