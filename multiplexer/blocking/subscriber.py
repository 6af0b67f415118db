# Generated from multiplexer/asyncio/subscriber.py by scripts/generate_blocking.py; change that file instead.
"""Publish and subscribe."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, Literal, overload

from ..core.commands.key_prefix import sent_bytes
from ..core.pubsub.decoding import Decoding
from ..core.pubsub.keyspace import KeyspaceNotification, keyevent_pattern, keyspace_pattern, parse_notification
from ..core.pubsub.overflow import Overflow
from ..core.pubsub.subscriptions import Data, Gap, Name, Publication
from ..core.types import Encodable, Key, Pattern, Topic
from ..core.wire.resp import pack
from ..errors import DataError
from .subscription import GapHandler, Subscription, SubscriptionHub

if TYPE_CHECKING:
    from ..core.coding.conversion import Codec
    from .database import Database

#: Kinds of subscriptions and what their names are.
_KINDS = {"channel": "channel", "pattern": "pattern", "shard": "shard channel"}


class Subscriber(Generic[Name, Data]):
    """The pub/sub handle of a multiplexer; get it from ``mux.get_subscriber()``.

    ``Subscriber[bytes, bytes]``, with ``decode=True`` ``Subscriber[str, str]``, and with a codec
    ``Subscriber[str, T]``: what names are, and what messages are. All subscribers of a multiplexer share its
    subscriptions at the server.
    """

    def __init__(self, hub: SubscriptionHub, database: Database[bytes], decoding: Decoding | None = None) -> None:
        """Use ``get_subscriber()`` instead."""
        self._hub = hub
        self._database = database
        self._decoding = decoding
        self._prefix = (hub.coordinator.options.channel_prefix or "").encode()

    def view(self, decode: bool, codec: Codec[Any] | None) -> Subscriber[Any, Any]:
        """Return a subscriber of the same subscriptions that decodes; see ``get_subscriber()``."""
        if not decode and codec is None:
            return self
        return Subscriber(self._hub, self._database, Decoding(codec))

    @overload
    def subscribe(
        self,
        *channels: Key,
        handler: Callable[[Publication[Name, Data]], Any] | None = ...,
        queue_size: int = ...,
        overflow: Overflow = ...,
        gaps: Literal[False] = ...,
        on_gap: GapHandler | None = ...,
    ) -> Subscription[Publication[Name, Data]]: ...

    @overload
    def subscribe(
        self,
        *channels: Key,
        handler: Callable[[Publication[Name, Data]], Any] | None = ...,
        queue_size: int = ...,
        overflow: Overflow = ...,
        gaps: bool,
        on_gap: GapHandler | None = ...,
    ) -> Subscription[Publication[Name, Data] | Gap]: ...

    def subscribe(
        self,
        *channels: Key,
        handler: Callable[[Publication[Name, Data]], Any] | None = None,
        queue_size: int = 10_000,
        overflow: Overflow = Overflow.DROP_OLDEST,
        gaps: bool = False,
        on_gap: GapHandler | None = None,
    ) -> Subscription[Any]:
        """Subscribe to channels, and wait until the server has confirmed.

        Redis command: SUBSCRIBE

        Args:
            channels: Names of channels, at least one.
            handler: Called with each :class:`Publication`, one at a time and in order, away from the reader and from
                other subscriptions' handlers; without one the returned subscription is iterated over.
            queue_size: Messages kept for a reader or handler who does not keep up.
            overflow: What becomes of a message for which there is no room.
            gaps: Whether iterating also yields a :class:`Gap` where messages may have been missed because the
                connection was lost, between the last message before and the first one after.
            on_gap: Called with each gap, where the handler is called and in order with its messages.

        Returns:
            The subscription.

        Raises:
            DataError: No channel, or one that cannot be sent.
            RedisTimeoutError: The server did not confirm in time.
            ResponseError: The server refused, say because of its access control list.
        """
        return self._subscribe("channel", channels, handler, queue_size, overflow, gaps, on_gap)

    @overload
    def psubscribe(
        self,
        *patterns: Key,
        handler: Callable[[Publication[Name, Data]], Any] | None = ...,
        queue_size: int = ...,
        overflow: Overflow = ...,
        gaps: Literal[False] = ...,
        on_gap: GapHandler | None = ...,
    ) -> Subscription[Publication[Name, Data]]: ...

    @overload
    def psubscribe(
        self,
        *patterns: Key,
        handler: Callable[[Publication[Name, Data]], Any] | None = ...,
        queue_size: int = ...,
        overflow: Overflow = ...,
        gaps: bool,
        on_gap: GapHandler | None = ...,
    ) -> Subscription[Publication[Name, Data] | Gap]: ...

    def psubscribe(
        self,
        *patterns: Key,
        handler: Callable[[Publication[Name, Data]], Any] | None = None,
        queue_size: int = 10_000,
        overflow: Overflow = Overflow.DROP_OLDEST,
        gaps: bool = False,
        on_gap: GapHandler | None = None,
    ) -> Subscription[Any]:
        """Subscribe to every channel that matches one of the patterns; otherwise as :meth:`subscribe`.

        Redis command: PSUBSCRIBE
        """
        return self._subscribe("pattern", patterns, handler, queue_size, overflow, gaps, on_gap)

    @overload
    def ssubscribe(
        self,
        *shard_channels: Key,
        handler: Callable[[Publication[Name, Data]], Any] | None = ...,
        queue_size: int = ...,
        overflow: Overflow = ...,
        gaps: Literal[False] = ...,
        on_gap: GapHandler | None = ...,
    ) -> Subscription[Publication[Name, Data]]: ...

    @overload
    def ssubscribe(
        self,
        *shard_channels: Key,
        handler: Callable[[Publication[Name, Data]], Any] | None = ...,
        queue_size: int = ...,
        overflow: Overflow = ...,
        gaps: bool,
        on_gap: GapHandler | None = ...,
    ) -> Subscription[Publication[Name, Data] | Gap]: ...

    def ssubscribe(
        self,
        *shard_channels: Key,
        handler: Callable[[Publication[Name, Data]], Any] | None = None,
        queue_size: int = 10_000,
        overflow: Overflow = Overflow.DROP_OLDEST,
        gaps: bool = False,
        on_gap: GapHandler | None = None,
    ) -> Subscription[Any]:
        """Subscribe to shard channels, whose messages stay within the shard; otherwise as :meth:`subscribe`.

        Redis command: SSUBSCRIBE
        """
        return self._subscribe("shard", shard_channels, handler, queue_size, overflow, gaps, on_gap)

    def subscribe_keyspace(
        self,
        key: Pattern = "*",
        *,
        database: int | None = None,
        key_prefix: Key = b"",
        handler: Callable[[KeyspaceNotification[Name]], Any] | None = None,
        queue_size: int = 10_000,
        overflow: Overflow = Overflow.DROP_OLDEST,
        on_gap: GapHandler | None = None,
    ) -> Subscription[KeyspaceNotification[Name]]:
        """Learn what happens to keys; yields a :class:`KeyspaceNotification` each time.

        The servers tell it only where their setting ``notify-keyspace-events`` asks for it (with ``K``).

        Redis command: PSUBSCRIBE

        Args:
            key: Pattern for the keys.
            database: Index of their logical database; None for all.
            key_prefix: What they begin with, which is taken off again.
            handler: As for :meth:`subscribe`, as everything that follows.
            queue_size: Notifications kept for a reader who does not keep up.
            overflow: What becomes of one for which there is no room.
            on_gap: Called with each gap in which some may have been missed.

        Raises:
            RedisError: As :meth:`subscribe`.
        """
        pattern = keyspace_pattern(key, database, key_prefix)
        return self._notifications(pattern, sent_bytes(key_prefix), handler, queue_size, overflow, on_gap)

    def subscribe_keyevent(
        self,
        event: Pattern = "*",
        *,
        database: int | None = None,
        key_prefix: Key = b"",
        handler: Callable[[KeyspaceNotification[Name]], Any] | None = None,
        queue_size: int = 10_000,
        overflow: Overflow = Overflow.DROP_OLDEST,
        on_gap: GapHandler | None = None,
    ) -> Subscription[KeyspaceNotification[Name]]:
        """Learn to which keys something happens, as ``"expired"`` or ``"del"``.

        Otherwise as :meth:`subscribe_keyspace`; the setting needs ``E``, and only keys with the prefix are told.

        Redis command: PSUBSCRIBE
        """
        pattern = keyevent_pattern(event, database)
        return self._notifications(pattern, sent_bytes(key_prefix), handler, queue_size, overflow, on_gap)

    def _notifications(
        self,
        pattern: bytes,
        prefix: bytes,
        handler: Callable[[KeyspaceNotification[Name]], Any] | None,
        queue_size: int,
        overflow: Overflow,
        on_gap: GapHandler | None,
    ) -> Subscription[Any]:
        def parse(publication: Publication) -> KeyspaceNotification[Any] | None:
            return parse_notification(publication.channel, publication.data, prefix)

        # They are the servers' own channels, whatever prefix the application's have.
        topics: list[Topic] = [("pattern", pattern)]
        return self._hub.start(topics, handler, queue_size, overflow, False, on_gap, parse, self._decoding)

    def _subscribe(
        self,
        kind: str,
        names: tuple[Key, ...],
        handler: Callable[[Any], Any] | None,
        queue_size: int,
        overflow: Overflow,
        gaps: bool,
        on_gap: GapHandler | None,
    ) -> Subscription[Any]:
        if not names:
            raise DataError(f"subscribe: name at least one {_KINDS[kind]}")
        parse = self._without_prefix if self._prefix else None
        topics = self._topics(kind, names)
        return self._hub.start(topics, handler, queue_size, overflow, gaps, on_gap, parse, self._decoding)

    def unsubscribe(self, *channels: Key) -> None:
        """End every subscription to these channels, or every subscription of whatever kind.

        Redis command: UNSUBSCRIBE
        """
        self._hub.forget(self._topics("channel", channels) or self._hub.live_topics(*_KINDS))

    def punsubscribe(self, *patterns: Key) -> None:
        """End every subscription to these patterns, or to all patterns.

        Redis command: PUNSUBSCRIBE
        """
        self._hub.forget(self._topics("pattern", patterns) or self._hub.live_topics("pattern"))

    def sunsubscribe(self, *shard_channels: Key) -> None:
        """End every subscription to these shard channels, or to all shard channels.

        Redis command: SUNSUBSCRIBE
        """
        self._hub.forget(self._topics("shard", shard_channels) or self._hub.live_topics("shard"))

    def _topics(self, kind: str, names: tuple[Key, ...]) -> list[Topic]:
        return [(kind, self._prefix + _name_bytes(name)) for name in names]

    def _without_prefix(self, publication: Publication) -> Publication:
        """Return a message as its publisher named it, without the configured ``channelPrefix``."""
        size = len(self._prefix)
        pattern = publication.pattern and publication.pattern[size:]
        return publication._replace(channel=publication.channel[size:], pattern=pattern)

    def publish(self, channel: Key, message: Data | Encodable) -> int:
        """Publish a message; return how many clients received it.

        Redis command: PUBLISH

        Raises:
            EncodeError: The subscriber's codec cannot encode it.
        """
        return self._database.publish(self._prefix + _name_bytes(channel), self._sent("PUBLISH", message))

    def spublish(self, shard_channel: Key, message: Data | Encodable) -> int:
        """Publish a message within the shard of a channel; return how many clients received it.

        Redis command: SPUBLISH

        Raises:
            EncodeError: The subscriber's codec cannot encode it.
        """
        return self._database.spublish(self._prefix + _name_bytes(shard_channel), self._sent("SPUBLISH", message))

    def _sent(self, command: str, message: Any) -> Encodable:
        return message if self._decoding is None else self._decoding.write(message, command)

    def is_connected(self, channel: Key | None = None) -> bool:
        """Whether messages come in at present.

        Args:
            channel: A channel, pattern or shard channel; None asks about any.
        """
        confirmed = self._hub.coordinator.subscriptions.confirmed
        if channel is None:
            return bool(confirmed)
        name = self._prefix + _name_bytes(channel)
        return any((kind, name) in confirmed for kind in _KINDS)

    @property
    def subscribed_endpoint(self) -> str | None:
        """Address of the server that carries the subscriptions, or None while nothing is subscribed."""
        return self._hub.coordinator.placement.endpoint()


def _name_bytes(name: Key) -> bytes:
    if isinstance(name, str):
        return name.encode()
    if isinstance(name, bytes | bytearray | memoryview):
        return bytes(name)
    pack(("SUBSCRIBE", name))  # says what is wrong
    raise DataError("SUBSCRIBE: argument 1 must be bytes or str")
