"""How tasks ask for what may be kept: nothing is sent where it is, and else one asks for all who want the same."""

from __future__ import annotations

from _thread import get_ident
from collections.abc import Callable
from time import monotonic
from typing import Any

from ...core.cache.client_cache import ClientCache
from ...core.cache.flights import Flight, Wanted
from ...core.cache.store import copied
from ...core.call_options import CallOptions
from ...core.commands.guard import Guard
from ...core.message import DEAD, QUEUED
from ...core.server_selection_strategy import ServerSelectionStrategy
from ...core.wire.resp import decode as decoded
from ...errors import RedisError, RedisTimeoutError
from .. import deadlines
from ..keeping import KeepsReplies
from .bridge import EventLoopBridge
from .driver import Driver
from .executor import Executor, wrong_loop
from .message import Ready, TaskMessage
from .profiled import FOLLOWED, ProfiledMessage
from .waiting import Waiter


class FetchMessage(TaskMessage):
    """A message whose reply is kept, and serves those who have joined, even where nobody awaits it any more."""

    __slots__ = ("cache", "flight")

    cache: ClientCache[Any]
    flight: Flight

    def finish(self, reply: Any) -> None:
        if not isinstance(reply, RedisError):
            self.cache.land(self.flight, reply)
        else:
            self.flight.epoch = None  # where it is sent again, perhaps nobody tells of changes
            if self.done():
                self.cache.fail(self.flight, None)  # whoever asked has left, and so nobody sends it again
        super().finish(reply)

    def set_exception(self, exception: type | BaseException, /) -> None:
        super().set_exception(exception)
        if not isinstance(exception, RedisTimeoutError):
            self.cache.fail(self.flight, exception if isinstance(exception, RedisError) else None)
        elif self.phase == DEAD:
            self.cache.fail(self.flight, None)  # it was never sent; one that was is still answered

    def cancel(self, msg: Any = None) -> bool:
        cancelled = super().cancel(msg)
        if cancelled and self.phase == DEAD:
            self.cache.fail(self.flight, None)
        return cancelled


class ProfiledFetch(ProfiledMessage, FetchMessage):
    """A fetch while somebody wants to know of commands."""

    __slots__ = ()


FOLLOWED[FetchMessage] = ProfiledFetch


class Fetching(KeepsReplies, Executor):
    """Base of the handles of tasks that keep replies."""

    __slots__ = ("_age", "_cache", "_decodes", "_entries", "_hit", "_keeping", "_named", "_packed")

    def __init__(
        self,
        driver: Driver,
        strategy: ServerSelectionStrategy[EventLoopBridge],
        guard: Guard,
        options: CallOptions,
        cache: ClientCache[Any],
        age: float,
    ) -> None:
        super().__init__(driver, strategy, guard, options)
        self._keep(cache, age)

    def get(self, name: Any) -> Any:
        """Return the value of ``name``, or None where it does not exist.

        Redis command: GET

        Raises:
            WrongTypeError: The key does not hold a string.
        """
        try:
            entry = self._entries.get(name.encode() if name.__class__ is str else name)
        except (TypeError, UnicodeEncodeError):  # what cannot be looked up may still be sent, or is refused there
            entry = None
        if entry is not None:
            now = monotonic()
            if now < entry.until and now - entry.born < self._age and not entry.epoch.over:
                driver = self._driver
                if get_ident() != driver.thread or not driver.is_running():
                    raise wrong_loop()
                entry.used = True
                self._hit()
                value = entry.value
                answer = Ready(loop=driver.loop)
                answer.set_result(value.decode() if self._decodes and value is not None else value)
                return answer
        return super().get(name)  # type: ignore[misc]

    def _answer(self, wanted: Wanted) -> Any:
        """Return what is asked for as something to be awaited: as it is kept, or as the server says.

        Raises:
            RedisError: It could not be queued.
        """
        driver = self._driver
        if get_ident() != driver.thread or not driver.is_running():
            raise wrong_loop()
        entry = wanted.shelf.entries.get(wanted.key)
        if not self._is_fresh(entry):
            return self._fetch(wanted)
        entry.used = True
        self._hit()
        return self._ready(copied(entry.value), wanted.options.decode, wanted.convert)

    def _ready(self, reply: Any, decode: bool, convert: Callable[[Any], Any] | None) -> Any:
        """Return a reply that is at hand as something to be awaited."""
        answer = Ready(loop=self._driver.loop)
        try:
            if decode:
                reply = decoded(reply)
            answer.set_result(reply if convert is None else convert(reply))
        except Exception as error:
            answer.set_exception(error)
        return answer

    def _fetch(self, wanted: Wanted) -> Any:
        """Ask the server, or wait for the reply of somebody who does."""
        driver = self._driver
        if deadlines.active:
            wanted = wanted._replace(options=deadlines.limited(wanted.options, self._driver.timeout))
        options = wanted.options
        bridge = self._strategy.only or self._strategy.select(wanted.command, options, wanted.args)
        now = monotonic()
        deadline = now + (options.timeout or driver.timeout)
        flight, waiting = self._cache.enter(bridge, wanted, None, Waiter)
        if flight is None:
            message = self._message(TaskMessage(loop=driver.loop), wanted, deadline, bridge)
            message.options = self._unkept(options)
            bridge.submit(message, now)
            return message
        if waiting is not None:
            return driver.spawn_call(self._join(flight, waiting, wanted, deadline))
        fetch = FetchMessage(loop=driver.loop)
        fetch.cache = self._cache
        fetch.flight = flight
        flight.message = fetch
        try:
            bridge.submit(self._message(fetch, wanted, deadline, bridge), now)
        except BaseException:
            self._cache.fail(flight, None)
            raise
        return fetch

    @staticmethod
    def _message(message: TaskMessage, wanted: Wanted, deadline: float, bridge: EventLoopBridge) -> TaskMessage:
        message.command = wanted.command
        message.payload = wanted.payload
        message.options = wanted.options
        message.convert = wanted.convert
        message.deadline = deadline
        message.phase = QUEUED
        message.attempts = 0
        message.sent_at = 0.0
        message.waiter = None
        message.bridge = bridge
        return message

    async def _join(self, flight: Flight, waiting: Waiter, wanted: Wanted, deadline: float) -> Any:
        """Wait for another's reply; where that one gives up, ask anew.

        Raises:
            RedisError: What came instead of the reply, or nothing before the deadline.
        """
        options = wanted.options
        await waiting.wait(deadline - monotonic())
        if flight.answered:
            return await self._ready(copied(flight.reply), options.decode, wanted.convert)
        if flight.error is not None:
            raise flight.error
        now = monotonic()
        if now >= deadline or waiting.given is None:
            bridge: EventLoopBridge = flight.message.bridge
            raise bridge.timeout_error(flight.message, now, options.timeout or self._driver.timeout)
        return await self._answer(wanted._replace(options=options.replace(timeout=deadline - now)))
