"""How threads ask for what may be kept: nothing is sent where it is, and else one asks for all who want the same."""

from __future__ import annotations

from _thread import get_ident
from collections.abc import Callable
from typing import Any

from ...core.cache.client_cache import ClientCache
from ...core.cache.flights import Flight, Wanted
from ...core.cache.store import copied
from ...core.call_options import CallOptions
from ...core.commands.guard import Guard
from ...core.message import WRITTEN
from ...core.server_selection_strategy import ServerSelectionStrategy
from ...core.wire.resp import decode as decoded
from ...errors import RedisError
from .. import deadlines
from ..keeping import KeepsReplies
from .bridge import ThreadBridge
from .driver import Driver
from .executor import Executor
from .message import ThreadMessage
from .primitives import monotonic
from .profiled import FOLLOWED, Followed
from .waiting import Waiter


class FetchMessage(ThreadMessage):
    """A message whose reply is kept, and serves those who have joined, even where its thread has given up."""

    __slots__ = ("cache", "flight")

    cache: ClientCache[Any]
    flight: Flight

    def finish(self, reply: Any) -> None:
        if not isinstance(reply, RedisError):
            self.cache.land(self.flight, reply)  # here, where it is read: what is pushed behind it comes later
        else:
            self.flight.epoch = None  # where it is sent again, perhaps nobody tells of changes
            if self.orphan:
                self.cache.fail(self.flight, None)  # whoever asked has left, and so nobody sends it again
        super().finish(reply)


class ProfiledFetch(Followed, FetchMessage):
    """A fetch while somebody wants to know of commands."""

    __slots__ = ()


FOLLOWED[FetchMessage] = ProfiledFetch


class Fetching(KeepsReplies, Executor):
    """Base of the handles of threads that keep replies."""

    __slots__ = ("_age", "_cache", "_decodes", "_entries", "_hit", "_keeping", "_named", "_packed")

    def __init__(
        self,
        driver: Driver,
        strategy: ServerSelectionStrategy[ThreadBridge],
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
                entry.used = True
                self._hit()
                value = entry.value
                return value.decode() if self._decodes and value is not None else value
        return super().get(name)  # type: ignore[misc]

    def _answer(self, wanted: Wanted) -> Any:
        """Return what is asked for: as it is kept, or as the server says.

        Raises:
            RedisError: It was refused, lost, or its deadline passed.
        """
        entry = wanted.shelf.entries.get(wanted.key)
        if not self._is_fresh(entry):
            return self._fetch(wanted)
        entry.used = True
        self._hit()
        return self._ready(copied(entry.value), wanted.options.decode, wanted.convert)

    @staticmethod
    def _ready(reply: Any, decode: bool, convert: Callable[[Any], Any] | None) -> Any:
        """Make the result of a reply that is at hand."""
        if decode:
            reply = decoded(reply)
        return reply if convert is None else convert(reply)

    def _fetch(self, wanted: Wanted) -> Any:
        """Ask the server, or wait for the reply of somebody who does."""
        if deadlines.active:
            wanted = wanted._replace(options=deadlines.limited(wanted.options, self._driver.timeout))
        options = wanted.options
        bridge = self._strategy.only or self._strategy.select(wanted.command, options, wanted.args)
        now = monotonic()
        deadline = now + (options.timeout or self._driver.timeout)
        # A signal handler or finalizer must not wait for what its own thread is in the middle of.
        flight, waiting = self._cache.enter(bridge, wanted, get_ident(), Waiter)
        if flight is None:
            message = ThreadMessage(wanted.command, wanted.payload, self._unkept(options), None, deadline)
            bridge.call(message, now)
            reply = self._reply_of(message, bridge)
        elif waiting is not None:
            return self._join(flight, waiting, wanted, deadline)
        else:
            fetch = FetchMessage(wanted.command, wanted.payload, options, None, deadline)
            fetch.cache = self._cache
            fetch.flight = flight
            flight.message = fetch
            reply = self._ask(fetch, bridge, now)
        return self._ready(reply, options.decode, wanted.convert)

    def _ask(self, message: FetchMessage, bridge: ThreadBridge, now: float) -> Any:
        """Ask the server for all who have joined; return the raw reply."""
        try:
            bridge.call(message, now)
            return self._reply_of(message, bridge)
        except BaseException as error:
            if isinstance(message.reply, RedisError):
                self._cache.fail(message.flight, error if isinstance(error, RedisError) else None)
            elif message.phase != WRITTEN:  # it was never sent; one that was is still answered
                self._cache.fail(message.flight, None)
            raise

    def _reply_of(self, message: ThreadMessage, bridge: ThreadBridge) -> Any:
        reply = message.reply
        return self._again(message, bridge, reply) if isinstance(reply, RedisError) else reply

    def _join(self, flight: Flight, waiting: Waiter, wanted: Wanted, deadline: float) -> Any:
        """Wait for another's reply; where that one gives up, ask anew.

        Raises:
            RedisError: What came instead of the reply, or nothing before the deadline.
        """
        options = wanted.options
        waiting.wait(deadline - monotonic())
        if flight.answered:
            return self._ready(copied(flight.reply), options.decode, wanted.convert)
        if flight.error is not None:
            raise flight.error
        now = monotonic()
        if now >= deadline or waiting.given is None:
            message: ThreadMessage = flight.message
            bridge = self._strategy.only or self._strategy.select_packed(message.command, options, message.payload)
            raise bridge.timeout_error(message, now, options.timeout or self._driver.timeout)
        return self._answer(wanted._replace(options=options.replace(timeout=deadline - now)))
