"""Keyspace notifications: the channels they come on, and what their messages say.

A server publishes what happens to its keys on channels of its own, once ``notify-keyspace-events`` asks for it. The
channel has one half of the news and the message the other; which half depends on the kind of channel::

    __keyspace@0__:key                  event
    __keyevent@0__:event                key
    __subkeyspace@0__:key               event|4:name,5:other     (Redis 8.8: what of the key was concerned)
    __subkeyevent@0__:event             3:key|4:name,5:other
    __subkeyspaceitem@0__:key\\nname     event
    __subkeyspaceevent@0__:event|key    4:name,5:other

Every server tells only of its own keys and databases, also in a cluster.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, NamedTuple

from ..commands.key_prefix import escaped, sent_bytes
from ..types import Key, Pattern
from .subscriptions import Name


class KeyspaceNotification(NamedTuple, Generic[Name]):
    """Something that happened to a key.

    Attributes:
        database: Index of the key's logical database.
        key: The key, without the prefix that was asked for.
        event: What happened, as ``"set"``, ``"del"``, ``"expired"``.
        subkeys: The fields of the hash that were concerned, where the channel tells.
    """

    database: int
    key: Name
    event: str
    subkeys: tuple[Name, ...] = ()


def parse_notification(
    channel: bytes | str, message: bytes | str, prefix: bytes | str = b""
) -> KeyspaceNotification[Any] | None:
    """Return what a message of a notification channel says.

    Args:
        channel: The channel it came on.
        message: What was published.
        prefix: Only keys that begin with it are of interest; it is taken off.

    Returns:
        The notification, its keys in bytes or str as the message is; None for another channel, another key, or a
        message that is not of the server's making.
    """
    decode = isinstance(message, str)
    found = _parse(sent_bytes(channel), sent_bytes(message))
    if found is None:
        return None
    database, key, event, subkeys = found
    start = sent_bytes(prefix)
    if not key.startswith(start):
        return None
    key = key.removeprefix(start)
    name = event.decode("utf-8", "backslashreplace")
    if decode:
        return KeyspaceNotification(database, key.decode(), name, tuple(subkey.decode() for subkey in subkeys))
    return KeyspaceNotification(database, key, name, subkeys)


def is_notification_channel(name: bytes) -> bool:
    """Whether a channel, or a pattern for channels, is one of those a server tells of its own keys on."""
    return name.startswith((b"__key", b"__subkey")) and b"@" in name


def keyspace_channel(key: Key, database: int = 0, prefix: Key = b"") -> bytes:
    """Return the channel on which everything that happens to one key is told."""
    return _channel("keyspace", database, sent_bytes(prefix) + sent_bytes(key))


def keyevent_channel(event: Key, database: int = 0) -> bytes:
    """Return the channel on which the key is told whenever one event happens."""
    return _channel("keyevent", database, sent_bytes(event))


def keyspace_pattern(key: Pattern = "*", database: int | None = None, prefix: Key = b"") -> bytes:
    """Return a pattern for the channels of all keys that match one.

    Args:
        key: The pattern for the keys.
        database: Index of their database, None for all.
        prefix: What they begin with, taken literally.
    """
    return _channel("keyspace", database, _key_pattern(key, prefix))


def keyevent_pattern(event: Pattern = "*", database: int | None = None) -> bytes:
    """Return a pattern for the channels of all events that match one; ``database`` None means all."""
    return _channel("keyevent", database, sent_bytes(event))


def subkeyspace_pattern(key: Pattern = "*", database: int | None = None, prefix: Key = b"") -> bytes:
    """As :func:`keyspace_pattern`, for channels that also tell the subkeys (Redis 8.8)."""
    return _channel("subkeyspace", database, _key_pattern(key, prefix))


def subkeyevent_pattern(event: Pattern = "*", database: int | None = None) -> bytes:
    """As :func:`keyevent_pattern`, for channels that also tell the subkeys (Redis 8.8)."""
    return _channel("subkeyevent", database, sent_bytes(event))


def subkeyspaceitem_pattern(
    key: Pattern = "*", subkey: Pattern = "*", database: int | None = None, prefix: Key = b""
) -> bytes:
    """Return a pattern for the channels of single subkeys (Redis 8.8)."""
    return _channel("subkeyspaceitem", database, _key_pattern(key, prefix) + b"\n" + sent_bytes(subkey))


def subkeyspaceevent_pattern(
    event: Pattern = "*", key: Pattern = "*", database: int | None = None, prefix: Key = b""
) -> bytes:
    """Return a pattern for the channels of one event of one key, which tell the subkeys (Redis 8.8)."""
    return _channel("subkeyspaceevent", database, sent_bytes(event) + b"|" + _key_pattern(key, prefix))


_Found = tuple[bytes, bytes, tuple[bytes, ...]]


def _channel(kind: str, database: int | None, rest: bytes) -> bytes:
    where = "*" if database is None else str(database)
    return f"__{kind}@{where}__:".encode() + rest


def _key_pattern(key: Pattern, prefix: Key) -> bytes:
    return escaped(sent_bytes(prefix)) + sent_bytes(key)


def _parse(channel: bytes, message: bytes) -> tuple[int, bytes, bytes, tuple[bytes, ...]] | None:
    head, separator, rest = channel.partition(b"__:")
    kind, at, database = head.partition(b"@")
    reader = _READERS.get(kind)
    if reader is None or not (at and separator and database.isdigit()):
        return None
    try:
        return int(database), *reader(rest, message)
    except ValueError:
        return None


def _keyspace(rest: bytes, message: bytes) -> _Found:
    return rest, message, ()


def _keyevent(rest: bytes, message: bytes) -> _Found:
    return message, rest, ()


def _subkeyspace(rest: bytes, message: bytes) -> _Found:
    event, subkeys = _halves(message, b"|")
    return rest, event, _items(subkeys)


def _subkeyevent(rest: bytes, message: bytes) -> _Found:
    key, end = _item(message, 0)
    if message[end : end + 1] != b"|":
        raise ValueError("no subkeys")
    return key, rest, _items(message[end + 1 :])


def _subkeyspaceitem(rest: bytes, message: bytes) -> _Found:
    key, subkey = _halves(rest, b"\n")
    return key, message, (subkey,)


def _subkeyspaceevent(rest: bytes, message: bytes) -> _Found:
    event, key = _halves(rest, b"|")
    return key, event, _items(message)


_READERS: dict[bytes, Callable[[bytes, bytes], _Found]] = {
    b"__keyspace": _keyspace,
    b"__keyevent": _keyevent,
    b"__subkeyspace": _subkeyspace,
    b"__subkeyevent": _subkeyevent,
    b"__subkeyspaceitem": _subkeyspaceitem,
    b"__subkeyspaceevent": _subkeyspaceevent,
}


def _halves(text: bytes, separator: bytes) -> tuple[bytes, bytes]:
    first, found, second = text.partition(separator)
    if not found:
        raise ValueError("one half is missing")
    return first, second


def _item(text: bytes, start: int) -> tuple[bytes, int]:
    """Return the item ``length:bytes`` at ``start``, and where it ends."""
    colon = text.index(b":", start)
    end = colon + 1 + int(text[start:colon])
    if not colon < end <= len(text):
        raise ValueError("an item is cut off")
    return text[colon + 1 : end], end


def _items(text: bytes) -> tuple[bytes, ...]:
    """Return items with their lengths and commas between them; they may have commas of their own."""
    items = []
    position = 0
    while position < len(text):
        item, position = _item(text, position)
        items.append(item)
        if text[position : position + 1] not in (b"", b","):
            raise ValueError("items are not separated")
        position += 1
    return tuple(items)
