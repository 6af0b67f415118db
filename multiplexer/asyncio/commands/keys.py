"""Commands on keys of any kind."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any, Literal, overload

from ...core.commands.arguments import (
    Expiry,
    ExpiryTime,
    at_most_one,
    bad_argument,
    choice,
    flag_words,
    flatten,
    milliseconds,
    non_empty,
    not_negative,
    scan_options,
    seconds,
    some_keys,
    unix_milliseconds,
    unix_seconds,
)
from ...core.commands.command_table import COMMANDS
from ...core.results.common import chunks, ok, scan_page
from ...core.types import AnyStr, Encodable, Key, Pattern, Pending
from .surface import CommandSurface

_COPY = COMMANDS["COPY"]
_DEL = COMMANDS["DEL"]
_DUMP = COMMANDS["DUMP"]
_EXISTS = COMMANDS["EXISTS"]
_EXPIRE = COMMANDS["EXPIRE"]
_EXPIREAT = COMMANDS["EXPIREAT"]
_EXPIRETIME = COMMANDS["EXPIRETIME"]
_KEYS = COMMANDS["KEYS"]
_MIGRATE = COMMANDS["MIGRATE"]
_MOVE = COMMANDS["MOVE"]
_OBJECT = {name: COMMANDS[f"OBJECT {name}"] for name in ("ENCODING", "FREQ", "IDLETIME", "REFCOUNT")}
_PERSIST = COMMANDS["PERSIST"]
_PEXPIRE = COMMANDS["PEXPIRE"]
_PEXPIREAT = COMMANDS["PEXPIREAT"]
_PEXPIRETIME = COMMANDS["PEXPIRETIME"]
_PTTL = COMMANDS["PTTL"]
_RANDOMKEY = COMMANDS["RANDOMKEY"]
_RENAME = COMMANDS["RENAME"]
_RENAMENX = COMMANDS["RENAMENX"]
_RESTORE = COMMANDS["RESTORE"]
_SCAN = COMMANDS["SCAN"]
_SORT = COMMANDS["SORT"]
_SORT_RO = COMMANDS["SORT_RO"]
_TOUCH = COMMANDS["TOUCH"]
_TTL = COMMANDS["TTL"]
_TYPE = COMMANDS["TYPE"]
_UNLINK = COMMANDS["UNLINK"]


class KeyCommands(CommandSurface[AnyStr]):
    """Typed methods for the commands of the generic group."""

    __slots__ = ()

    def copy(
        self, source: Key, destination: Key, destination_db: int | None = None, replace: bool = False
    ) -> Pending[bool]:
        """Copy a key.

        Redis command: COPY

        Args:
            source: The key to copy.
            destination: The key to make.
            destination_db: The database to make it in.
            replace: Overwrite it where it exists.

        Returns:
            Whether it was copied.
        """
        words: list[Encodable] = ["COPY", source, destination]
        if destination_db is not None:
            words += ("DB", not_negative("COPY", "destination_db", destination_db))
        if replace:
            words.append("REPLACE")
        return self._execute(_COPY, tuple(words), bool)

    def delete(self, *names: Key) -> Pending[int]:
        """Delete keys.

        Redis command: DEL

        Returns:
            How many of them existed.

        Raises:
            DataError: There is no key.
        """
        return self._execute(_DEL, ("DEL", *non_empty("DEL", "names", names)))

    def dump(self, name: Key) -> Pending[bytes | None]:
        """Return the value in the server's own form, for :meth:`restore`; always bytes.

        Redis command: DUMP
        """
        return self._execute(_DUMP, ("DUMP", name), decode=False)

    def exists(self, *names: Key) -> Pending[int]:
        """Count those of the keys that exist; one given twice counts twice.

        Redis command: EXISTS

        Raises:
            DataError: There is no key.
        """
        return self._execute(_EXISTS, ("EXISTS", *non_empty("EXISTS", "names", names)))

    def expire(
        self, name: Key, time: Expiry, nx: bool = False, xx: bool = False, gt: bool = False, lt: bool = False
    ) -> Pending[bool]:
        """Let a key expire in ``time`` seconds.

        Redis command: EXPIRE

        Args:
            name: The key.
            time: Seconds, or a timedelta.
            nx: Only if it has no expiry.
            xx: Only if it has one.
            gt: Only if the new one is later.
            lt: Only if the new one is earlier.

        Returns:
            Whether the expiry was set.

        Raises:
            DataError: Options contradict each other, or ``time`` is of a wrong type.
        """
        words = ("EXPIRE", name, seconds("EXPIRE", "time", time), *_expiry_condition("EXPIRE", nx, xx, gt, lt))
        return self._execute(_EXPIRE, words, bool)

    def expireat(
        self, name: Key, when: ExpiryTime, nx: bool = False, xx: bool = False, gt: bool = False, lt: bool = False
    ) -> Pending[bool]:
        """Let a key expire at a point in time.

        Redis command: EXPIREAT

        Args:
            name: The key.
            when: Seconds since 1970, or a datetime.
            nx: Only if it has no expiry.
            xx: Only if it has one.
            gt: Only if the new one is later.
            lt: Only if the new one is earlier.

        Returns:
            Whether the expiry was set.

        Raises:
            DataError: Options contradict each other, or ``when`` is of a wrong type.
        """
        moment = unix_seconds("EXPIREAT", "when", when)
        words = ("EXPIREAT", name, moment, *_expiry_condition("EXPIREAT", nx, xx, gt, lt))
        return self._execute(_EXPIREAT, words, bool)

    def expiretime(self, key: Key) -> Pending[int]:
        """Return when a key expires, in seconds since 1970: -1 for never, -2 where it does not exist.

        Redis command: EXPIRETIME
        """
        return self._execute(_EXPIRETIME, ("EXPIRETIME", key))

    def keys(self, pattern: Pattern = "*") -> Pending[list[AnyStr]]:
        """Return all keys that match ``pattern``. The server does nothing else meanwhile: prefer :meth:`scan_iter`.

        Redis command: KEYS
        """
        return self._execute(_KEYS, ("KEYS", pattern))

    def migrate(
        self,
        host: str,
        port: int,
        keys: Key | Iterable[Key],
        destination_db: int,
        timeout: int,
        copy: bool = False,
        replace: bool = False,
        auth: str | None = None,
        username: str | None = None,
    ) -> Pending[bool]:
        """Move keys to another server.

        Redis command: MIGRATE

        Args:
            host: The other server.
            port: Its port.
            keys: The keys.
            destination_db: The number of the database there.
            timeout: Milliseconds the two servers may be silent.
            copy: Leave the keys here too.
            replace: Overwrite keys that exist there.
            auth: The other server's password.
            username: The user it belongs to.

        Returns:
            True, or False where none of the keys exists.

        Raises:
            DataError: There is no key, ``timeout`` is negative, or there is a user name without a password.
        """
        names: tuple[Key, ...] = some_keys("MIGRATE", keys)
        if username is not None and auth is None:
            raise bad_argument("MIGRATE", "username needs auth")
        not_negative("MIGRATE", "timeout", timeout)
        not_negative("MIGRATE", "destination_db", destination_db)
        words: list[Encodable] = ["MIGRATE", host, port, "", destination_db, timeout]
        if copy:
            words.append("COPY")
        if replace:
            words.append("REPLACE")
        if auth is not None:
            words += ("AUTH", auth) if username is None else ("AUTH2", username, auth)
        return self._execute(_MIGRATE, (*words, "KEYS", *names), ok)

    def move(self, name: Key, db: int, replace: bool = False) -> Pending[bool]:
        """Move a key to another database of the server.

        Redis command: MOVE

        Args:
            name: The key.
            db: Index of the other database.
            replace: Overwrite a key of that name there (Valkey 9.2).

        Returns:
            Whether it was moved: not where it does not exist, or exists there and is not replaced.

        Raises:
            DataError: ``db`` is negative.
        """
        words = ("MOVE", name, not_negative("MOVE", "db", db), *flag_words(replace=replace))
        return self._execute(_MOVE, words, bool)

    def object(self, infotype: str, key: Key) -> Pending[Any]:
        """Ask how the server keeps a value.

        Redis command: OBJECT ENCODING, OBJECT FREQ, OBJECT IDLETIME, OBJECT REFCOUNT

        Args:
            infotype: ``"ENCODING"``, ``"FREQ"``, ``"IDLETIME"`` or ``"REFCOUNT"``.
            key: The key.

        Raises:
            DataError: ``infotype`` is none of these.
        """
        name = choice("OBJECT", "infotype", infotype, tuple(_OBJECT))
        return self._execute(_OBJECT[name], ("OBJECT", name, key))

    def object_encoding(self, key: Key) -> Pending[AnyStr | None]:
        """Return the name of the form in which a value is kept, such as ``"listpack"``.

        Redis command: OBJECT ENCODING
        """
        return self.object("ENCODING", key)

    def object_freq(self, key: Key) -> Pending[int | None]:
        """Return how often a key is used, on a logarithmic scale.

        Redis command: OBJECT FREQ

        Raises:
            ResponseError: The server's ``maxmemory-policy`` is none of the LFU ones.
        """
        return self.object("FREQ", key)

    def object_idletime(self, key: Key) -> Pending[int | None]:
        """Return for how many seconds a key was not used.

        Redis command: OBJECT IDLETIME

        Raises:
            ResponseError: The server's ``maxmemory-policy`` is one of the LFU ones.
        """
        return self.object("IDLETIME", key)

    def object_refcount(self, key: Key) -> Pending[int | None]:
        """Return how many references the server holds to a value.

        Redis command: OBJECT REFCOUNT
        """
        return self.object("REFCOUNT", key)

    def persist(self, name: Key) -> Pending[bool]:
        """Take a key's expiry away.

        Redis command: PERSIST

        Returns:
            Whether it had one.
        """
        return self._execute(_PERSIST, ("PERSIST", name), bool)

    def pexpire(
        self, name: Key, time: Expiry, nx: bool = False, xx: bool = False, gt: bool = False, lt: bool = False
    ) -> Pending[bool]:
        """Let a key expire in ``time`` milliseconds; the options are :meth:`expire`'s.

        Redis command: PEXPIRE

        Returns:
            Whether the expiry was set.

        Raises:
            DataError: Options contradict each other, or ``time`` is of a wrong type.
        """
        words = ("PEXPIRE", name, milliseconds("PEXPIRE", "time", time), *_expiry_condition("PEXPIRE", nx, xx, gt, lt))
        return self._execute(_PEXPIRE, words, bool)

    def pexpireat(
        self, name: Key, when: ExpiryTime, nx: bool = False, xx: bool = False, gt: bool = False, lt: bool = False
    ) -> Pending[bool]:
        """Let a key expire at a point in time, in milliseconds since 1970; the options are :meth:`expire`'s.

        Redis command: PEXPIREAT

        Returns:
            Whether the expiry was set.

        Raises:
            DataError: Options contradict each other, or ``when`` is of a wrong type.
        """
        moment = unix_milliseconds("PEXPIREAT", "when", when)
        words = ("PEXPIREAT", name, moment, *_expiry_condition("PEXPIREAT", nx, xx, gt, lt))
        return self._execute(_PEXPIREAT, words, bool)

    def pexpiretime(self, key: Key) -> Pending[int]:
        """Return when a key expires, in milliseconds since 1970: -1 for never, -2 where it does not exist.

        Redis command: PEXPIRETIME
        """
        return self._execute(_PEXPIRETIME, ("PEXPIRETIME", key))

    def pttl(self, name: Key) -> Pending[int]:
        """Return in how many milliseconds a key expires: -1 for never, -2 where it does not exist.

        Redis command: PTTL
        """
        return self._execute(_PTTL, ("PTTL", name))

    def randomkey(self) -> Pending[AnyStr | None]:
        """Return some key, None where there is none.

        Redis command: RANDOMKEY
        """
        return self._execute(_RANDOMKEY, ("RANDOMKEY",))

    def rename(self, src: Key, dst: Key) -> Pending[bool]:
        """Rename a key; ``dst`` is overwritten.

        Redis command: RENAME

        Raises:
            ResponseError: ``src`` does not exist.
        """
        return self._execute(_RENAME, ("RENAME", src, dst), ok)

    def renamenx(self, src: Key, dst: Key) -> Pending[bool]:
        """Rename a key if ``dst`` does not exist.

        Redis command: RENAMENX

        Returns:
            Whether it was renamed.

        Raises:
            ResponseError: ``src`` does not exist.
        """
        return self._execute(_RENAMENX, ("RENAMENX", src, dst), bool)

    def restore(
        self,
        name: Key,
        ttl: int,
        value: bytes | bytearray | memoryview,
        replace: bool = False,
        absttl: bool = False,
        idletime: int | None = None,
        frequency: int | None = None,
    ) -> Pending[bool]:
        """Make a key of what :meth:`dump` returned.

        Redis command: RESTORE

        Args:
            name: The key.
            ttl: Milliseconds to live, 0 for no expiry.
            value: The dumped value.
            replace: Overwrite the key where it exists.
            absttl: ``ttl`` is a point in time, in milliseconds since 1970.
            idletime: For how many seconds it counts as unused.
            frequency: How often it counts as used, on the server's logarithmic scale.

        Raises:
            DataError: ``ttl``, ``idletime`` or ``frequency`` is negative, or both of the latter are given.
            ResponseError: The key exists and ``replace`` was not given, or the value is damaged.
        """
        at_most_one("RESTORE", idletime=idletime, frequency=frequency)
        words: list[Encodable] = ["RESTORE", name, not_negative("RESTORE", "ttl", ttl), value]
        if replace:
            words.append("REPLACE")
        if absttl:
            words.append("ABSTTL")
        if idletime is not None:
            words += ("IDLETIME", not_negative("RESTORE", "idletime", idletime))
        if frequency is not None:
            words += ("FREQ", not_negative("RESTORE", "frequency", frequency))
        return self._execute(_RESTORE, tuple(words), ok)

    def scan(
        self,
        cursor: int = 0,
        match: Pattern | None = None,
        count: int | None = None,
        _type: str | None = None,
    ) -> Pending[tuple[int, list[AnyStr]]]:
        """Return some keys, and the cursor with which to ask for more.

        Redis command: SCAN

        Args:
            cursor: 0 to begin; afterwards what the call before returned.
            match: Only keys that match this pattern.
            count: About how much work the server does in one call.
            _type: Only keys that hold this kind of value, such as ``"hash"``.

        Returns:
            The cursor to go on with, which is 0 at the end, and the keys.

        Raises:
            DataError: ``cursor`` is negative or ``count`` below one.
        """
        options: list[Encodable] = scan_options("SCAN", match, count, _type)
        return self._execute(_SCAN, ("SCAN", not_negative("SCAN", "cursor", cursor), *options), scan_page)

    async def scan_iter(
        self, match: Pattern | None = None, count: int | None = None, _type: str | None = None
    ) -> AsyncIterator[AnyStr]:
        """Go through the keys in as many calls as it takes; some may come up twice while keys change.

        Redis command: SCAN

        Args:
            match: Only keys that match this pattern.
            count: About how much work the server does in one call.
            _type: Only keys that hold this kind of value, such as ``"hash"``.

        Raises:
            DataError: ``count`` is below one.
        """
        cursor = 0
        while True:
            cursor, keys = await self.scan(cursor, match, count, _type)
            for key in keys:
                yield key
            if not cursor:
                return

    @overload
    def sort(
        self,
        name: Key,
        start: int | None = ...,
        num: int | None = ...,
        by: Key | None = ...,
        get: None = ...,
        desc: bool = ...,
        alpha: bool = ...,
        store: None = ...,
        groups: Literal[False] | None = ...,
    ) -> Pending[list[AnyStr]]: ...
    @overload
    def sort(
        self,
        name: Key,
        start: int | None = ...,
        num: int | None = ...,
        by: Key | None = ...,
        *,
        get: Key | Sequence[Key],
        desc: bool = ...,
        alpha: bool = ...,
        store: None = ...,
        groups: Literal[False] | None = ...,
    ) -> Pending[list[AnyStr | None]]: ...
    @overload
    def sort(
        self,
        name: Key,
        start: int | None = ...,
        num: int | None = ...,
        by: Key | None = ...,
        *,
        get: Key | Sequence[Key],
        desc: bool = ...,
        alpha: bool = ...,
        store: None = ...,
        groups: Literal[True],
    ) -> Pending[list[tuple[AnyStr | None, ...]]]: ...
    @overload
    def sort(
        self,
        name: Key,
        start: int | None = ...,
        num: int | None = ...,
        by: Key | None = ...,
        get: Key | Sequence[Key] | None = ...,
        desc: bool = ...,
        alpha: bool = ...,
        *,
        store: Key,
        groups: Literal[False] | None = ...,
    ) -> Pending[int]: ...
    def sort(
        self,
        name: Key,
        start: int | None = None,
        num: int | None = None,
        by: Key | None = None,
        get: Key | Sequence[Key] | None = None,
        desc: bool = False,
        alpha: bool = False,
        store: Key | None = None,
        groups: bool | None = False,
    ) -> Pending[Any]:
        """Sort the elements of a list, set or sorted set, and return or store them.

        Redis command: SORT

        Args:
            name: The key.
            start: First element to return; needs ``num``.
            num: How many elements to return; needs ``start``.
            by: Sort by the values of the keys this pattern names; one without ``*`` does not sort at all.
            get: Return the values of the keys these patterns name; ``"#"`` is the element itself.
            desc: Largest first.
            alpha: Compare as text; otherwise as numbers.
            store: Store the result as a list at this key.
            groups: Return tuples of as many values as there are ``get`` patterns.

        Returns:
            The elements or values; with ``groups`` tuples of them; with ``store`` their number.

        Raises:
            DataError: Only one of ``start`` and ``num`` is given, or ``groups`` with fewer than two ``get`` patterns
                or with ``store``.
        """
        patterns = _get_patterns(get)
        words = _sort_words("SORT", name, start, num, by, patterns, desc, alpha)
        if store is not None:
            words += ("STORE", store)
        if not groups:
            return self._execute(_SORT, tuple(words))
        at_most_one("SORT", store=store, groups=groups)
        size = len(patterns)
        if size < 2:
            raise bad_argument("SORT", "groups needs at least two get patterns")
        return self._execute(_SORT, tuple(words), lambda reply: chunks(reply, size))

    @overload
    def sort_ro(
        self,
        key: Key,
        start: int | None = ...,
        num: int | None = ...,
        by: Key | None = ...,
        get: None = ...,
        desc: bool = ...,
        alpha: bool = ...,
    ) -> Pending[list[AnyStr]]: ...
    @overload
    def sort_ro(
        self,
        key: Key,
        start: int | None = ...,
        num: int | None = ...,
        by: Key | None = ...,
        *,
        get: Key | Sequence[Key],
        desc: bool = ...,
        alpha: bool = ...,
    ) -> Pending[list[AnyStr | None]]: ...
    def sort_ro(
        self,
        key: Key,
        start: int | None = None,
        num: int | None = None,
        by: Key | None = None,
        get: Key | Sequence[Key] | None = None,
        desc: bool = False,
        alpha: bool = False,
    ) -> Pending[Any]:
        """As :meth:`sort`, but never storing anything, so that a replica may answer.

        Redis command: SORT_RO

        Raises:
            DataError: Only one of ``start`` and ``num`` is given.
        """
        words = _sort_words("SORT_RO", key, start, num, by, _get_patterns(get), desc, alpha)
        return self._execute(_SORT_RO, tuple(words))

    def touch(self, *args: Key) -> Pending[int]:
        """Mark keys as used just now.

        Redis command: TOUCH

        Returns:
            How many of them exist.

        Raises:
            DataError: There is no key.
        """
        return self._execute(_TOUCH, ("TOUCH", *non_empty("TOUCH", "args", args)))

    def ttl(self, name: Key) -> Pending[int]:
        """Return in how many seconds a key expires: -1 for never, -2 where it does not exist.

        Redis command: TTL
        """
        return self._execute(_TTL, ("TTL", name))

    def type(self, name: Key) -> Pending[AnyStr]:
        """Return the kind of value a key holds, such as ``"hash"``; ``"none"`` where it does not exist.

        Redis command: TYPE
        """
        return self._execute(_TYPE, ("TYPE", name))

    def unlink(self, *names: Key) -> Pending[int]:
        """Delete keys; the server frees their memory afterwards in the background.

        Redis command: UNLINK

        Returns:
            How many of them existed.

        Raises:
            DataError: There is no key.
        """
        return self._execute(_UNLINK, ("UNLINK", *non_empty("UNLINK", "names", names)))


def _expiry_condition(command: str, nx: bool, xx: bool, gt: bool, lt: bool) -> tuple[str, ...]:
    """The words of the conditions under which an expiry is set; XX goes with GT or LT, nothing else does."""
    if not (nx or xx or gt or lt):
        return ()
    at_most_one(command, nx=nx, xx=xx)
    at_most_one(command, nx=nx, gt=gt, lt=lt)
    words = {"NX": nx, "XX": xx, "GT": gt, "LT": lt}
    return tuple(word for word, given in words.items() if given)


def _get_patterns(get: Key | Sequence[Key] | None) -> tuple[Key, ...]:
    return () if get is None else flatten(get)


def _sort_words(
    command: str,
    name: Key,
    start: int | None,
    num: int | None,
    by: Key | None,
    patterns: tuple[Key, ...],
    desc: bool,
    alpha: bool,
) -> list[Encodable]:
    if (start is None) != (num is None):
        raise bad_argument(command, "start and num must both be given, or neither")
    words: list[Encodable] = [command, name]
    if by is not None:
        words += ("BY", by)
    if start is not None and num is not None:
        words += ("LIMIT", start, num)
    for pattern in patterns:
        words += ("GET", pattern)
    if desc:
        words.append("DESC")
    if alpha:
        words.append("ALPHA")
    return words
