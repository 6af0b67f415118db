"""Publish and subscribe on a connection of one's own, as redis-py does it.

``PubSub(pool)`` takes its connection from ``pool`` with the first subscription and gives it back with
:meth:`PubSub.aclose`. The pool is a classic one, or anything with ``get_connection()``, ``release()`` and
``get_encoder()`` that lends connections of :mod:`multiplexer.pools`, such as a multiplexer's leased ones.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextvars import ContextVar
from inspect import isawaitable
from time import monotonic
from types import TracebackType
from typing import Any, NamedTuple, Self

from ...core.types import Encodable, Key
from ...core.wire.resp import NO_REPLY, PushNotification
from ...drivers.at_fork import free_in_child
from ...errors import ConfigurationError, DataError, PubSubError, RedisConnectionError, RedisTimeoutError
from ...pools.asyncio.credentials import follow
from ...pools.encoder import Encoder
from ..machinery.helpers import deprecated_function
from ..machinery.worker_thread import PubSubWorkerThread
from ..typing import PubSubHandler, Subscription

#: A message: its ``type``, ``pattern`` (or None), ``channel`` and ``data``.
Message = dict[str, Any]
#: Names and what handles their messages.
Handlers = dict[Any, PubSubHandler | None]


class _Kind(NamedTuple):
    """One of the three ways to subscribe.

    Attributes:
        subscribe, unsubscribe: Its commands.
        handlers, pending: Where a PubSub keeps what it is subscribed to, and what is still to be confirmed.
        label: What it is called.
        named: Which part of a message says what it was subscribed to.
    """

    subscribe: str
    unsubscribe: str
    handlers: str
    pending: str
    label: str
    named: str


_CHANNELS = _Kind("SUBSCRIBE", "UNSUBSCRIBE", "channels", "pending_unsubscribe_channels", "Channel", "channel")
_PATTERNS = _Kind("PSUBSCRIBE", "PUNSUBSCRIBE", "patterns", "pending_unsubscribe_patterns", "Pattern", "pattern")
_SHARD_CHANNELS = _Kind(
    "SSUBSCRIBE", "SUNSUBSCRIBE", "shard_channels", "pending_unsubscribe_shard_channels", "Shard Channel", "channel"
)
_KINDS = (_CHANNELS, _PATTERNS, _SHARD_CHANNELS)

#: By the type a message has.
_OF_SUBSCRIBE = {kind.subscribe.lower(): kind for kind in _KINDS}
_OF_UNSUBSCRIBE = {kind.unsubscribe.lower(): kind for kind in _KINDS}
_OF_PUBLISH = {"message": _CHANNELS, "pmessage": _PATTERNS, "smessage": _SHARD_CHANNELS}
_NAMES = (*_OF_SUBSCRIBE, *_OF_UNSUBSCRIBE, *_OF_PUBLISH, "pong")
_TYPES: dict[bytes | str, str] = {**{name: name for name in _NAMES}, **{name.encode(): name for name in _NAMES}}

#: The object that subscribes anew in this thread or task, and the connection that was made for it.
_CONNECTING: ContextVar[tuple[Any, Any]] = ContextVar("connecting", default=(None, None))
#: Stands for: nothing arrived in time.
_NOTHING: Any = object()


class PubSub:
    """Subscriptions, and the messages that come in for them.

    Messages are dicts of ``type`` (such as ``"message"``, ``"pmessage"``, ``"subscribe"``), ``pattern``, ``channel``
    and ``data``. A channel's or pattern's handler is called with its messages, which are then not returned.

    When the connection was lost it is made anew and subscribed to the same; what was published meanwhile is lost. A
    time limit, or a cancelled call, never costs a message, whether it has arrived in full or in part. One task may
    wait for messages while others subscribe and unsubscribe.

    Args:
        connection_pool: Where the connection comes from; see :mod:`multiplexer.compat.asyncio.pubsub`.
        shard_hint: Kept for pools of one's own; of no meaning here.
        ignore_subscribe_messages: Whether confirmations of subscribing and unsubscribing are left out.
        encoder: Turns names into bytes and messages into text; the pool's by default.
        push_handler_func: Under RESP3, called with each message as it came in, a list; what it returns is then
            taken for the message, None for none.
        event_dispatcher: Not to be had.

    Attributes:
        channels, patterns, shard_channels: What is subscribed to, each with its handler or None.
        pending_unsubscribe_channels, pending_unsubscribe_patterns, pending_unsubscribe_shard_channels: What the server
            is still to confirm the end of.
        connection: The connection, None before the first subscription.

    Raises:
        ConfigurationError: An event dispatcher is asked for.
    """

    PUBLISH_MESSAGE_TYPES = tuple(_OF_PUBLISH)
    UNSUBSCRIBE_MESSAGE_TYPES = tuple(_OF_UNSUBSCRIBE)
    #: Sent with PING, to tell its answer from that to a ping of the caller's.
    HEALTH_CHECK_MESSAGE = "redis-py-health-check"
    #: Seconds within which it must be answered, at least; ``health_check_interval`` where that is longer.
    HEALTH_CHECK_TIMEOUT = 1.0

    channels: Handlers
    patterns: Handlers
    shard_channels: Handlers
    pending_unsubscribe_channels: set[Any]
    pending_unsubscribe_patterns: set[Any]
    pending_unsubscribe_shard_channels: set[Any]

    def __init__(
        self,
        connection_pool: Any,
        shard_hint: Any = None,
        ignore_subscribe_messages: bool = False,
        encoder: Encoder | None = None,
        push_handler_func: Callable[[Any], Any] | None = None,
        event_dispatcher: Any = None,
    ) -> None:
        self.connection: Any = None
        if event_dispatcher is not None:
            raise ConfigurationError("event_dispatcher: events are not dispatched")
        self.connection_pool = connection_pool
        self.shard_hint = shard_hint
        self.ignore_subscribe_messages = ignore_subscribe_messages
        self.encoder: Encoder = encoder if encoder is not None else connection_pool.get_encoder()
        self.push_handler_func = push_handler_func
        self._health_check_data = self.encoder.encode(self.HEALTH_CHECK_MESSAGE)
        # Whoever sends or connects holds it; whoever waits for a message does not.
        if True:  # ASYNC
            self._lock = asyncio.Lock()
        else:
            self._lock = free_in_child(threading.RLock())
            self.subscribed_event = threading.Event()
        self._forget()

    def _forget(self) -> None:
        for kind in _KINDS:
            setattr(self, kind.handlers, {})
            setattr(self, kind.pending, set())
        self.health_check_response_counter = 0
        #: One for each answer to AUTH that is still to come, and is no message.
        self._auth_replies: list[None] = []
        self._note_subscribed()

    def _note_subscribed(self) -> None:
        """Let those who wait for a subscription know whether there is one."""
        if True:  # ASYNC
            pass
        else:
            (self.subscribed_event.set if self.subscribed else self.subscribed_event.clear)()

    @property
    def subscribed(self) -> bool:
        """Whether it is subscribed to anything."""
        return self.connection is not None and bool(self.channels or self.patterns or self.shard_channels)

    # -- from first to last ----------------------------------------------------------------------------

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    def __del__(self) -> None:
        connection = getattr(self, "connection", None)
        if connection is not None:
            connection.deregister_connect_callback(self.on_connect)
            connection.drop()
            self.connection_pool._put_back(connection)

    if True:  # ASYNC

        @deprecated_function(version="5.0.1", reason="Use aclose() instead.")
        async def close(self) -> None:
            """The same as :meth:`aclose`, by its old name."""
            await self.aclose()

        @deprecated_function(version="5.0.1", reason="Use aclose() instead.")
        async def reset(self) -> None:
            """The same as :meth:`aclose`, by another name."""
            await self.aclose()

    else:

        def reset(self) -> None:
            """The same as :meth:`close`."""
            self.close()

    async def aclose(self) -> None:
        """Give the connection back, unsubscribed from everything. The object can be used again.

        Whoever waits for a message is woken up.
        """
        connection, self.connection = self.connection, None
        self._forget()
        if connection is None:
            return
        connection.deregister_connect_callback(self.on_connect)
        try:
            await connection.disconnect()  # wakes up who reads, and who sends under the lock
            async with self._lock:
                if connection.is_connected:  # who held the lock had just connected anew
                    await connection.disconnect()
        finally:
            await self.connection_pool.release(connection)

    async def connect(self) -> None:
        """Take a connection, or connect the one there is.

        Raises:
            RedisConnectionError: The server cannot be reached, or the pool has no connection left.
            RedisTimeoutError: The server did not answer in time.
        """
        async with self._lock:
            if self.connection is None:
                connection = await self.connection_pool.get_connection()
                connection.register_connect_callback(self.on_connect)
                self.connection = connection
                follow(getattr(connection, "credential_provider", None), self)
            elif not self.connection.is_connected:
                await self.connection.connect()

    async def on_connect(self, connection: Any) -> None:
        """Subscribe anew; called whenever the connection was made again."""
        self.health_check_response_counter = 0
        self._auth_replies.clear()
        for kind in _KINDS:
            names, pending = getattr(self, kind.handlers), getattr(self, kind.pending)
            wanted = [self._as_text(name) for name in names if name not in pending]
            leaving = [self._as_text(name) for name in pending]  # so that its confirmation comes after all
            for command, named in ((kind.subscribe, wanted), (kind.unsubscribe, leaving)):
                for group in _groups(kind, named):
                    await self._execute_while_connecting(connection, command, group)

    async def _execute_while_connecting(self, connection: Any, command: str, names: list[Key]) -> None:
        # By way of execute_command, which subclasses override to change names.
        token = _CONNECTING.set((self, connection))
        try:
            await self.execute_command(command, *names)
        finally:
            _CONNECTING.reset(token)

    def _as_text(self, name: Any) -> Any:
        """Return a name as a caller may have written it: as str, unless it is none."""
        try:
            text = self.encoder.decode(name, force=True)
            return text if self.encoder.encode(text) == self.encoder.encode(name) else name
        except UnicodeError:
            return name

    def _taken_connection(self) -> Any:
        if self.connection is None:
            raise RuntimeError("connection not set: did you forget to call subscribe() or psubscribe()?")
        return self.connection

    # -- sending ---------------------------------------------------------------------------------------

    async def execute_command(self, *args: Encodable) -> None:
        """Send a command. Its reply comes in among the messages.

        Args:
            args: The command's words.

        Raises:
            DataError: An argument cannot be sent; nothing was.
            RedisConnectionError: The connection was lost or there is none to be had.
            RedisTimeoutError: It could not be sent in time.
        """
        pubsub, connecting = _CONNECTING.get()
        if pubsub is self:  # whoever connects holds the lock already
            await connecting.send_command(*args, check_health=False)
            return
        if self.connection is None:
            await self.connect()
        connection = self._taken_connection()
        async with self._lock:
            await self._execute(connection, self._renew, self._send, connection, args)

    async def _send(self, connection: Any, args: tuple[Encodable, ...]) -> None:
        """Send; to be called under the lock."""
        if connection is not self.connection:
            raise RedisConnectionError("the subscriptions were closed meanwhile")
        await connection.send_command(*args, check_health=False)

    async def _execute(self, connection: Any, renew: Callable[[Any], Any], command: Any, *args: Any) -> Any:
        """Do something with the connection; where it is lost, make it anew and try again as its ``retry`` says."""
        return await connection.retry.call_with_retry(lambda: command(*args), lambda error: renew(connection))

    async def _renew_locked(self, connection: Any) -> None:
        async with self._lock:
            await self._renew(connection)

    async def _renew(self, connection: Any) -> None:
        """Connect anew, unless it was closed or somebody else has done so; to be called under the lock."""
        if connection is self.connection and not connection.is_connected:
            await connection.connect()

    # -- subscribing -----------------------------------------------------------------------------------

    async def subscribe(self, *args: Any, **kwargs: PubSubHandler | None) -> None:
        """Subscribe to channels.

        Redis command: SUBSCRIBE

        Args:
            args: Names of channels, lists of them, or :class:`~multiplexer.compat.typing.Subscription`.
            kwargs: Names of channels, each with what is called with its messages.

        Raises:
            DataError: No channel is named, or one cannot be sent.
            RedisConnectionError: The connection was lost or there is none to be had.
            RedisTimeoutError: It could not be sent in time.
        """
        await self._subscribe(_CHANNELS, args, kwargs)

    async def psubscribe(self, *args: Any, **kwargs: PubSubHandler | None) -> None:
        """Subscribe to all channels that match patterns; otherwise as :meth:`subscribe`.

        Redis command: PSUBSCRIBE
        """
        await self._subscribe(_PATTERNS, args, kwargs)

    async def ssubscribe(self, *args: Any, target_node: Any = None, **kwargs: PubSubHandler | None) -> None:
        """Subscribe to shard channels; otherwise as :meth:`subscribe`.

        Redis command: SSUBSCRIBE

        Args:
            args, kwargs: As for :meth:`subscribe`.
            target_node: For clients of a cluster; of no meaning here.
        """
        await self._subscribe(_SHARD_CHANNELS, args, kwargs)

    async def _subscribe(self, kind: _Kind, args: tuple[Any, ...], kwargs: Handlers) -> None:
        named = [*_named(args), *kwargs.items()]
        new = self._normalize(named)
        if not new:
            raise DataError(f"{kind.subscribe}: name at least one")
        handlers, pending = getattr(self, kind.handlers), getattr(self, kind.pending)
        # Known before it is sent: the first message may come in before this goes on.
        before = {name: handlers[name] for name in new if name in handlers}
        was_pending = pending.intersection(new)
        handlers.update(new)
        pending.difference_update(new)
        try:
            for group in _groups(kind, self._as_given(named)):
                await self.execute_command(kind.subscribe, *group)
        except BaseException:
            for name in new:
                handlers.pop(name, None)
            handlers.update(before)
            pending.update(was_pending)
            raise
        self._note_subscribed()

    async def unsubscribe(self, *args: Any) -> None:
        """End subscriptions to channels; without a name, to all of them.

        Redis command: UNSUBSCRIBE

        Args:
            args: Names of channels, or lists of them.

        Raises:
            DataError: A name cannot be sent.
            RedisConnectionError: The connection was lost or there is none to be had.
            RedisTimeoutError: It could not be sent in time.
        """
        await self._unsubscribe(_CHANNELS, args)

    async def punsubscribe(self, *args: Any) -> None:
        """End subscriptions to patterns; otherwise as :meth:`unsubscribe`.

        Redis command: PUNSUBSCRIBE
        """
        await self._unsubscribe(_PATTERNS, args)

    async def sunsubscribe(self, *args: Any, target_node: Any = None) -> None:
        """End subscriptions to shard channels; otherwise as :meth:`unsubscribe`.

        Redis command: SUNSUBSCRIBE

        Args:
            args: As for :meth:`unsubscribe`.
            target_node: For clients of a cluster; of no meaning here.
        """
        await self._unsubscribe(_SHARD_CHANNELS, args)

    async def _unsubscribe(self, kind: _Kind, args: tuple[Any, ...]) -> None:
        named = list(_named(args))
        pending = getattr(self, kind.pending)
        added = set(self._normalize(named) or getattr(self, kind.handlers)) - pending
        pending.update(added)
        try:
            if named:
                for group in _groups(kind, self._as_given(named)):
                    await self.execute_command(kind.unsubscribe, *group)
            else:
                await self.execute_command(kind.unsubscribe)
        except BaseException:
            pending.difference_update(added)
            raise

    def _normalize(self, named: Iterable[tuple[Any, PubSubHandler | None]]) -> Handlers:
        """Return handlers by name, in the form in which messages carry it."""
        encode, decode = self.encoder.encode, self.encoder.decode
        return {decode(encode(name)): handler for name, handler in named}

    def _as_given(self, named: Iterable[tuple[Any, PubSubHandler | None]]) -> list[Key]:
        """Return each name once, as the caller wrote it."""
        return list({self.encoder.encode(name): name for name, _ in named}.values())

    # -- health ----------------------------------------------------------------------------------------

    async def ping(self, message: Encodable | None = None) -> None:
        """Ask the server for a sign of life, which comes in as a message of type ``"pong"``.

        Redis command: PING

        Args:
            message: What it is to send back.

        Raises:
            RedisConnectionError: The connection was lost or there is none to be had.
            RedisTimeoutError: It could not be sent in time.
        """
        await self.execute_command(*(("PING",) if message is None else ("PING", message)))

    async def check_health(self) -> None:
        """Send a PING where nothing has come in for the connection's ``health_check_interval``.

        The answer is no message. :meth:`parse_response` calls this by itself.

        Raises:
            RedisConnectionError: The connection was lost.
            RuntimeError: There was no subscription yet.
        """
        connection = self._taken_connection()
        interval = connection.health_check_interval
        if interval and monotonic() > connection.next_health_check:
            async with self._lock:
                await self._send(connection, ("PING", self._health_check_data))
            connection.next_health_check = monotonic() + max(interval, self.HEALTH_CHECK_TIMEOUT)
            self.health_check_response_counter += 1

    @property
    def health_check_response(self) -> list[Any]:
        """The answer to a health check in the forms in which it comes in."""
        if self.encoder.decode_responses:
            return [["pong", self.HEALTH_CHECK_MESSAGE], self.HEALTH_CHECK_MESSAGE]
        return [[b"pong", self._health_check_data], self._health_check_data]

    def is_health_check_response(self, response: Any) -> bool:
        """Whether something that came in is the answer to a health check."""
        return response in self.health_check_response

    def _is_awaited(self, response: Any) -> bool:
        """Whether something is the answer to a health check of this connection's, decoded yet or not."""
        if not self.health_check_response_counter:
            return False
        data = response[1] if isinstance(response, list) and len(response) == 2 else response
        return bool(data in (self._health_check_data, self.HEALTH_CHECK_MESSAGE))

    async def re_auth_callback(self, token: Any) -> None:
        """Authenticate with new credentials; under RESP2 subscriptions leave no room for that.

        Args:
            token: Of a streaming credential provider.

        Raises:
            RedisConnectionError: The connection was lost.
            RedisTimeoutError: It could not be sent in time.
        """
        connection = self.connection
        if connection is None or not connection.is_connected or connection.get_protocol() != 3:
            return
        async with self._lock:
            self._auth_replies.append(None)
            await self._send(connection, ("AUTH", token.try_get("oid"), token.get_value()))

    if True:  # ASYNC

        def event_loop(self) -> asyncio.AbstractEventLoop | None:
            """Return the event loop of the connection, None where there is none."""
            stream = getattr(self.connection, "_stream", None)
            return None if stream is None else stream.loop

    # -- receiving -------------------------------------------------------------------------------------

    async def parse_response(self, block: bool = True, timeout: float = 0) -> Any:
        """Return the next message as the server sent it.

        Args:
            block: Whether to wait for as long as it takes.
            timeout: Otherwise, seconds to wait.

        Returns:
            A list; None where nothing came in time, or the subscriptions were closed.

        Raises:
            ResponseError: The server refused a command.
            RedisConnectionError: The connection was lost, and was not to be had again.
            RuntimeError: There was no subscription yet.
        """
        connection = self._taken_connection()
        response = self._at_hand(connection)
        if response is NO_REPLY:
            response = await self._wait_for_message(connection, None if block else monotonic() + timeout)
        if response is None:
            return None
        if self.push_handler_func is not None and isinstance(response, PushNotification):
            response = self.push_handler_func(response)
            if True:  # ASYNC
                if isawaitable(response):
                    response = await response
        return response

    def _at_hand(self, connection: Any) -> Any:
        """Return what came in earlier together with something else; NO_REPLY where there is nothing, or doubt."""
        if connection.health_check_interval or self._auth_replies:
            return NO_REPLY
        response = connection.read_at_hand()
        return response if response is NO_REPLY else self._decoded(connection, response)

    async def _wait_for_message(self, connection: Any, deadline: float | None) -> Any:
        try:
            response = await self._execute(connection, self._renew_locked, self._read, connection, deadline)
        except RedisConnectionError:
            if connection is not self.connection:
                return None  # somebody closed it, and so ended the wait
            raise
        return None if response is _NOTHING else response

    def _decoded(self, connection: Any, response: Any) -> Any:
        return response if connection.encoder.decode_responses else self.encoder.decode(response)

    async def _read(self, connection: Any, deadline: float | None) -> Any:
        """Return what comes in next, health checks aside; a connection that fails is closed."""
        if not connection.is_connected:
            await self._renew_locked(connection)
        sock = connection._sock
        try:
            return await self._next(connection, deadline)
        except BaseException as error:
            if _is_fatal(error) and connection._sock is sock:  # else somebody has made it anew
                await connection.disconnect()
            raise

    async def _next(self, connection: Any, deadline: float | None) -> Any:
        while True:
            # While an answer is due, what has come in is looked at before the next question is asked.
            if not self.health_check_response_counter:
                await self.check_health()
            timeout = self._seconds_to_wait(connection, deadline)
            began = monotonic()
            try:
                response = await connection.read_response(timeout=timeout, disconnect_on_error=False, push_request=True)
            except RedisTimeoutError:
                if timeout is None or monotonic() - began < 0.9 * timeout:
                    raise RedisConnectionError("the server no longer answers") from None  # the system says so
                self._judge_silence(connection)
                if deadline is not None and monotonic() >= deadline:
                    return _NOTHING
                continue
            if self._auth_replies and response in (b"OK", "OK"):
                self._auth_replies.pop()
            elif not self._is_awaited(response):
                return self._decoded(connection, response)
            else:
                self.health_check_response_counter -= 1

    def _seconds_to_wait(self, connection: Any, deadline: float | None) -> float | None:
        ends = [] if deadline is None else [deadline]
        if connection.health_check_interval:
            ends.append(connection.next_health_check)
        return max(min(ends) - monotonic(), 0) if ends else None

    def _judge_silence(self, connection: Any) -> None:
        if self.health_check_response_counter and monotonic() >= connection.next_health_check:
            raise RedisConnectionError("the server does not answer health checks")

    async def handle_message(self, response: Any, ignore_subscribe_messages: bool = False) -> Message | None:
        """Make a message of what came in, and call its handler if it has one.

        Args:
            response: What :meth:`parse_response` returned.
            ignore_subscribe_messages: Whether confirmations are left out.

        Returns:
            The message; None where it was handled, is left out, or is none of publish and subscribe.
        """
        message = self._message(response)
        if message is None:
            return None
        kind = message["type"]
        of = _OF_PUBLISH.get(kind)
        if of is not None:
            handler = getattr(self, of.handlers).get(message[of.named])
            if handler is None:
                return message
            if True:  # ASYNC
                outcome = handler(message)
                if isawaitable(outcome):
                    await outcome
            else:
                handler(message)
            return None
        if kind in _OF_UNSUBSCRIBE:
            self._end(_OF_UNSUBSCRIBE[kind], message["channel"])
        if kind != "pong" and (ignore_subscribe_messages or self.ignore_subscribe_messages):
            return None
        return message

    def _message(self, response: Any) -> Message | None:
        if isinstance(response, list) and response:
            kind = _TYPES.get(response[0]) if isinstance(response[0], bytes | str) else None
            if kind is None:
                return None
            if kind == "pong":
                return {"type": kind, "pattern": None, "channel": None, "data": response[1]}
            pattern = response[1] if kind == "pmessage" else None
            return {"type": kind, "pattern": pattern, "channel": response[-2], "data": response[-1]}
        if isinstance(response, bytes | str):  # under RESP3, and before the first subscription, PING has its own reply
            plain = response[:0] if response in (b"PONG", "PONG") else response
            return {"type": "pong", "pattern": None, "channel": None, "data": plain}
        return None

    def _end(self, kind: _Kind, name: Any) -> None:
        """Note that the server has confirmed the end of a subscription."""
        pending = getattr(self, kind.pending)
        if name in pending:  # else it was subscribed to again meanwhile
            pending.discard(name)
            getattr(self, kind.handlers).pop(name, None)
            self._note_subscribed()

    async def get_message(self, ignore_subscribe_messages: bool = False, timeout: float | None = 0.0) -> Message | None:
        """Return the next message, if there is one.

        Args:
            ignore_subscribe_messages: Whether confirmations are left out: None is returned for one.
            timeout: Seconds to wait for it; None for as long as it takes.

        Returns:
            The message; None where none came in time, or it was handled.

        Raises:
            ResponseError: The server refused a command.
            RedisConnectionError: The connection was lost. It is being made anew: go on calling.
            RuntimeError: There was no subscription yet.
        """
        if True:  # ASYNC
            pass
        else:
            if not self.subscribed_event.is_set():
                began = monotonic()
                if not self.subscribed_event.wait(timeout):
                    return None
                timeout = None if timeout is None else max(timeout - (monotonic() - began), 0)
        response = await self.parse_response(block=timeout is None, timeout=timeout or 0)
        return None if response is None else await self.handle_message(response, ignore_subscribe_messages)

    async def get_sharded_message(
        self, ignore_subscribe_messages: bool = False, timeout: float | None = 0.0
    ) -> Message | None:
        """The same as :meth:`get_message`, by the name that clients of a cluster have."""
        return await self.get_message(ignore_subscribe_messages, timeout)

    async def listen(self) -> AsyncIterator[Message]:
        """Iterate over messages, waiting for each, until it is subscribed to nothing any more."""
        while self.subscribed:
            message = await self.handle_message(await self.parse_response(block=True))
            if message is not None:
                yield message

    # -- in the background -----------------------------------------------------------------------------

    def _require_handlers(self) -> None:
        for kind in _KINDS:
            for name, handler in getattr(self, kind.handlers).items():
                if handler is None:
                    raise PubSubError(f"{kind.label}: '{name}' has no handler registered")

    if True:  # ASYNC

        async def run(
            self,
            *,
            exception_handler: Callable[[Exception, PubSub], Any] | None = None,
            poll_timeout: float = 1.0,
            pubsub: PubSub | None = None,
        ) -> None:
            """Have messages handled until the task is cancelled.

            Args:
                exception_handler: Called with each error and this object, and awaited if it is asynchronous; without
                    one the first error is raised.
                poll_timeout: Seconds for which each call waits for a message.
                pubsub: What is asked for messages instead, such as a wrapper of this object.

            Raises:
                PubSubError: Something is subscribed to without a handler.
                RedisError: What :meth:`get_message` raised, where there is no ``exception_handler``.
            """
            self._require_handlers()
            await self.connect()
            while True:
                try:
                    await (pubsub or self).get_message(ignore_subscribe_messages=True, timeout=poll_timeout)
                except Exception as error:
                    if exception_handler is None:
                        raise
                    outcome = exception_handler(error, self)
                    if isawaitable(outcome):
                        await outcome
                await asyncio.sleep(0)  # messages that are there already must not keep others from running

    else:

        def run_in_thread(
            self,
            sleep_time: float = 0.0,
            daemon: bool = False,
            exception_handler: Callable[[Exception, PubSub, PubSubWorkerThread], Any] | None = None,
            pubsub: PubSub | None = None,
            sharded_pubsub: bool = False,
        ) -> PubSubWorkerThread:
            """Have messages handled by a thread of their own.

            Args:
                sleep_time: Seconds for which each call waits for a message.
                daemon: Whether the thread ends with the program.
                exception_handler: Called with each error, the object asked for messages, and the thread; without one
                    the first error ends the thread.
                pubsub: What is asked for messages instead, such as a wrapper of this object.
                sharded_pubsub: Whether it is asked with :meth:`get_sharded_message`.

            Returns:
                The thread, which is running.

            Raises:
                PubSubError: Something is subscribed to without a handler.
            """
            self._require_handlers()
            thread = PubSubWorkerThread(
                self if pubsub is None else pubsub, sleep_time, daemon, exception_handler, sharded_pubsub
            )
            thread.start()
            return thread


def _is_fatal(error: BaseException) -> bool:
    """Whether nothing more can be read from the connection after an error."""
    if True:  # ASYNC
        survives: tuple[type[BaseException], ...] = (Exception, asyncio.CancelledError)  # cancelling loses nothing read
    else:
        survives = (Exception,)  # after an interrupt nobody knows whether something was read that is now lost
    return isinstance(error, RedisConnectionError) or not isinstance(error, survives)


def _named(args: Iterable[Any]) -> Iterator[tuple[Any, PubSubHandler | None]]:
    """Return the names among a method's arguments, each with its handler or None."""
    for arg in args:
        if isinstance(arg, list | tuple | set | frozenset):
            yield from _named(arg)
        elif isinstance(arg, Subscription):
            yield arg.name, arg.handler
        else:
            yield arg, None


def _groups(kind: _Kind, names: list[Key]) -> list[list[Key]]:
    """Return which names go into one command: shard channels may lie in different slots, and then may not."""
    return [[name] for name in names] if kind is _SHARD_CHANNELS else [names] if names else []
