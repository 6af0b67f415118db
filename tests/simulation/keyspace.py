"""What a server keeps: strings, lists and sets that may expire, and the commands that read and write them.

A command is given its words and returns a reply as :func:`tests.servers.wire.encode` takes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from multiplexer.core.commands import locks
from tests.servers.wire import OK, Error

from .clock import CLOCK

WRONG_TYPE = Error("WRONGTYPE Operation against a key holding the wrong kind of value")
SYNTAX = Error("ERR syntax error")
NOT_A_NUMBER = Error("ERR value is not an integer or out of range")


class Entry(NamedTuple):
    """A key's value, and when it expires by the simulation's clock; None for never."""

    value: Any
    expires: float | None = None


class Keyspace:
    """One database, which the servers of one shard share.

    Attributes:
        entries: What there is.
        versions: How often each key was written.
        listeners: Told of each key that was written.
    """

    def __init__(self) -> None:
        self.entries: dict[bytes, Entry] = {}
        self.versions: dict[bytes, int] = {}
        self.listeners: list[Callable[[bytes], None]] = []

    def get(self, key: bytes, kind: type, empty: Any = None) -> Any:
        """Return a value, or ``empty``.

        Raises:
            TypeError: It is of another kind.
        """
        entry = self.entries.get(key)
        if entry is None:
            return empty
        if entry.expires is not None and entry.expires <= CLOCK.now:
            self.put(key, None)
            return empty
        if not isinstance(entry.value, kind):
            raise TypeError
        return entry.value

    def has(self, key: bytes) -> bool:
        """Whether there is such a key."""
        return self.get(key, object) is not None

    def put(self, key: bytes, value: Any, expires: float | None = None) -> None:
        """Set a value, or take the key away where there is none or nothing in it."""
        if value is None or (not value and not isinstance(value, bytes)):
            self.entries.pop(key, None)
        else:
            self.entries[key] = Entry(value, expires)
        self.wrote(key)

    def wrote(self, key: bytes) -> None:
        """A key was written."""
        self.versions[key] = self.versions.get(key, 0) + 1
        for listener in self.listeners:
            listener(key)

    def clear(self) -> None:
        """Take everything away."""
        for key in list(self.entries):
            self.put(key, None)


# -- strings -------------------------------------------------------------------------------------------


def _get(space: Keyspace, key: bytes) -> Any:
    return space.get(key, bytes)


def _set(space: Keyspace, key: bytes, value: bytes, *options: bytes) -> Any:
    words = [word.upper() for word in options]
    before = space.get(key, object)
    expires = None
    for word, seconds in ((b"EX", 1.0), (b"PX", 0.001)):
        if word in words:
            expires = CLOCK.now + int(options[words.index(word) + 1]) * seconds
    if b"IFEQ" in words and before != options[words.index(b"IFEQ") + 1]:
        return None
    if (b"NX" in words and before is not None) or (b"XX" in words and before is None):
        return None
    space.put(key, value, expires)
    return before if b"GET" in words else OK


def _getdel(space: Keyspace, key: bytes) -> Any:
    value = space.get(key, bytes)
    if value is not None:
        space.put(key, None)
    return value


def _delete(space: Keyspace, *keys: bytes) -> int:
    there = [key for key in dict.fromkeys(keys) if space.has(key)]
    for key in there:
        space.put(key, None)
    return len(there)


def _exists(space: Keyspace, *keys: bytes) -> int:
    return sum(space.has(key) for key in keys)


def _incrby(space: Keyspace, key: bytes, by: bytes = b"1") -> Any:
    try:
        value = int(space.get(key, bytes, b"0")) + int(by)
    except ValueError:
        return NOT_A_NUMBER
    entry = space.entries.get(key)
    space.put(key, b"%d" % value, entry.expires if entry else None)
    return value


# -- lists and sets ------------------------------------------------------------------------------------


def _rpush(space: Keyspace, key: bytes, *values: bytes) -> int:
    new = [*space.get(key, list, ()), *values]
    space.put(key, new)
    return len(new)


def _lpop(space: Keyspace, key: bytes) -> Any:
    there = space.get(key, list)
    if not there:
        return None
    space.put(key, there[1:])
    return there[0]


def _lrange(space: Keyspace, key: bytes, first: bytes, last: bytes) -> Any:
    there = space.get(key, list, [])
    end = int(last)
    return there[int(first) : end + 1 if end >= 0 else len(there) + end + 1]


def _sadd(space: Keyspace, key: bytes, *members: bytes) -> int:
    there = space.get(key, frozenset, frozenset())
    new = there | set(members)
    if new != there:
        space.put(key, new)
    return len(new) - len(there)


def _srem(space: Keyspace, key: bytes, *members: bytes) -> int:
    there = space.get(key, frozenset, frozenset())
    new = there - set(members)
    if new != there:
        space.put(key, new)
    return len(there) - len(new)


def _sismember(space: Keyspace, key: bytes, member: bytes) -> int:
    return int(member in space.get(key, frozenset, frozenset()))


class Ordered(frozenset[bytes]):
    """A set whose members come in the same order each time, whatever Python's hashes are."""

    def __iter__(self) -> Iterator[bytes]:
        return iter(sorted(super().__iter__()))

    def __repr__(self) -> str:
        return f"{{{', '.join(map(repr, self))}}}"


def _smembers(space: Keyspace, key: bytes) -> frozenset[bytes]:
    return Ordered(space.get(key, frozenset, frozenset()))


# -- time ----------------------------------------------------------------------------------------------


def _pexpire(space: Keyspace, key: bytes, milliseconds: bytes) -> int:
    value = space.get(key, object)
    if value is None:
        return 0
    space.put(key, value, CLOCK.now + int(milliseconds) / 1000)
    return 1


def _pttl(space: Keyspace, key: bytes) -> int:
    if not space.has(key):
        return -2
    expires = space.entries[key].expires
    return -1 if expires is None else max(int((expires - CLOCK.now) * 1000), 0)


class Model(NamedTuple):
    """What a server knows of a command.

    Attributes:
        run: Does it.
        keys: Which of its words are keys, as a slice.
        writes: Whether it may write.
    """

    run: Callable[..., Any]
    keys: slice
    writes: bool


_FIRST, _ALL = slice(1, 2), slice(1, None)

COMMANDS: dict[bytes, Model] = {
    b"GET": Model(_get, _FIRST, False),
    b"SET": Model(_set, _FIRST, True),
    b"GETDEL": Model(_getdel, _FIRST, True),
    b"DEL": Model(_delete, _ALL, True),
    b"UNLINK": Model(_delete, _ALL, True),
    b"EXISTS": Model(_exists, _ALL, False),
    b"INCR": Model(_incrby, _FIRST, True),
    b"INCRBY": Model(_incrby, _FIRST, True),
    b"RPUSH": Model(_rpush, _FIRST, True),
    b"LPOP": Model(_lpop, _FIRST, True),
    b"LRANGE": Model(_lrange, _FIRST, False),
    b"SADD": Model(_sadd, _FIRST, True),
    b"SREM": Model(_srem, _FIRST, True),
    b"SISMEMBER": Model(_sismember, _FIRST, False),
    b"SMEMBERS": Model(_smembers, _FIRST, False),
    b"PEXPIRE": Model(_pexpire, _FIRST, True),
    b"PTTL": Model(_pttl, _FIRST, False),
}

# -- scripts -------------------------------------------------------------------------------------------


def _take(space: Keyspace, key: bytes, token: bytes, milliseconds: bytes) -> int:
    owner = space.get(key, bytes)
    if owner is not None and owner != token:
        return 0
    space.put(key, token, CLOCK.now + int(milliseconds) / 1000 if milliseconds else None)
    return 1


def _release(space: Keyspace, key: bytes, token: bytes) -> int:
    return _delete(space, key) if space.get(key, bytes) == token else 0


def _extend(space: Keyspace, key: bytes, token: bytes, milliseconds: bytes, how: bytes) -> int:
    if space.get(key, bytes) != token:
        return 0
    left, time = max(_pttl(space, key), 0), int(float(milliseconds))
    time = left + time if how == b"add" else max(left, time) if how == b"least" else time
    return _pexpire(space, key, b"%d" % time)


#: What the package's own scripts do, each of one key, by their digests.
SCRIPTS: dict[bytes, Callable[..., Any]] = {
    locks.TAKE.digest.encode(): _take,
    locks.RELEASE.digest.encode(): _release,
    locks.EXTEND.digest.encode(): _extend,
}
TEXTS: dict[bytes, bytes] = {each.text: each.digest.encode() for each in (locks.TAKE, locks.RELEASE, locks.EXTEND)}
