# Generated from multiplexer/asyncio/commands/hashes.py by scripts/generate_blocking.py; change that file instead.
"""Commands on hashes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal, overload

from ...core.commands import arguments
from ...core.commands.arguments import (
    AnyField,
    Expiry,
    ExpiryTime,
    at_most_one,
    bad_argument,
    choice,
    expiry_options,
    flag_words,
    flatten,
    flatten_mapping,
    non_empty,
    not_negative,
    number,
    scan_options,
    unix_milliseconds,
    unix_seconds,
)
from ...core.commands.command_table import COMMANDS
from ...core.results.common import ok, scan_page, to_bool, to_float
from ...core.results.hashes import flat_pairs, hash_page, to_mapping
from ...core.types import AnyStr, Encodable, Key, Pattern
from .surface import CommandSurface

_HDEL = COMMANDS["HDEL"]
_HEXISTS = COMMANDS["HEXISTS"]
_HEXPIRE = COMMANDS["HEXPIRE"]
_HEXPIREAT = COMMANDS["HEXPIREAT"]
_HEXPIRETIME = COMMANDS["HEXPIRETIME"]
_HGET = COMMANDS["HGET"]
_HGETALL = COMMANDS["HGETALL"]
_HGETDEL = COMMANDS["HGETDEL"]
_HGETEX = COMMANDS["HGETEX"]
_HINCRBY = COMMANDS["HINCRBY"]
_HINCRBYFLOAT = COMMANDS["HINCRBYFLOAT"]
_HKEYS = COMMANDS["HKEYS"]
_HLEN = COMMANDS["HLEN"]
_HMGET = COMMANDS["HMGET"]
_HMSET = COMMANDS["HMSET"]
_HPERSIST = COMMANDS["HPERSIST"]
_HPEXPIRE = COMMANDS["HPEXPIRE"]
_HPEXPIREAT = COMMANDS["HPEXPIREAT"]
_HPEXPIRETIME = COMMANDS["HPEXPIRETIME"]
_HPTTL = COMMANDS["HPTTL"]
_HRANDFIELD = COMMANDS["HRANDFIELD"]
_HSCAN = COMMANDS["HSCAN"]
_HSET = COMMANDS["HSET"]
_HSETEX = COMMANDS["HSETEX"]
_HSETNX = COMMANDS["HSETNX"]
_HSTRLEN = COMMANDS["HSTRLEN"]
_HTTL = COMMANDS["HTTL"]
_HVALS = COMMANDS["HVALS"]


class HashCommands(CommandSurface[AnyStr]):
    """Typed methods for hashes, the expiry of their fields included."""

    __slots__ = ()

    # -- reading ------------------------------------------------------------------------------------------------

    def hget(self, name: Key, key: Encodable) -> AnyStr | None:
        """Return the value of field ``key``, or None where it does not exist.

        Redis command: HGET
        """
        return self._execute(_HGET, ("HGET", name, key))

    def hgetall(self, name: Key) -> dict[AnyStr, AnyStr]:
        """Return all fields with their values; an empty dict where there is no such hash.

        Redis command: HGETALL
        """
        return self._execute(_HGETALL, ("HGETALL", name), to_mapping)

    def hmget(self, name: Key, keys: Encodable | Iterable[Encodable], *args: Encodable) -> list[AnyStr | None]:
        """Return the values of several fields, None for each that does not exist.

        Redis command: HMGET

        Args:
            name: The hash.
            keys: A field, or an iterable of fields.
            args: More fields.

        Raises:
            DataError: No field was given.
        """
        fields: tuple[Encodable, ...] = non_empty("HMGET", "keys", flatten(keys, args))
        return self._execute(_HMGET, ("HMGET", name, *fields))

    def hkeys(self, name: Key) -> list[AnyStr]:
        """Return all fields.

        Redis command: HKEYS
        """
        return self._execute(_HKEYS, ("HKEYS", name))

    def hvals(self, name: Key) -> list[AnyStr]:
        """Return the values of all fields.

        Redis command: HVALS
        """
        return self._execute(_HVALS, ("HVALS", name))

    def hlen(self, name: Key) -> int:
        """Return the number of fields.

        Redis command: HLEN
        """
        return self._execute(_HLEN, ("HLEN", name))

    def hexists(self, name: Key, key: Encodable) -> bool:
        """Return whether field ``key`` exists.

        Redis command: HEXISTS
        """
        return self._execute(_HEXISTS, ("HEXISTS", name, key), to_bool)

    def hstrlen(self, name: Key, key: Encodable) -> int:
        """Return the length in bytes of the value of field ``key``, 0 where it does not exist.

        Redis command: HSTRLEN
        """
        return self._execute(_HSTRLEN, ("HSTRLEN", name, key))

    @overload
    def hrandfield(
        self, key: Key, count: None = None, withvalues: Literal[False] = False
    ) -> AnyStr | None: ...

    @overload
    def hrandfield(self, key: Key, count: int, withvalues: bool = False) -> list[AnyStr]: ...

    def hrandfield(
        self, key: Key, count: int | None = None, withvalues: bool = False
    ) -> AnyStr | None | list[AnyStr]:
        """Return fields picked at random.

        Redis command: HRANDFIELD

        Args:
            key: The hash.
            count: How many different fields; below zero, that many (its absolute value) of which some may repeat.
            withvalues: Let each field's value follow it. Needs ``count``.

        Returns:
            Without ``count``, one field or None; with it, a list of fields, or of fields and values in turn.

        Raises:
            DataError: ``withvalues`` was given without ``count``.
        """
        if count is None:
            if withvalues:
                raise bad_argument("HRANDFIELD", "withvalues needs count")
            return self._execute(_HRANDFIELD, ("HRANDFIELD", key))
        if withvalues:
            return self._execute(_HRANDFIELD, ("HRANDFIELD", key, count, "WITHVALUES"), flat_pairs)
        return self._execute(_HRANDFIELD, ("HRANDFIELD", key, count))

    @overload
    def hscan(
        self,
        name: Key,
        cursor: int = 0,
        match: Pattern | None = None,
        count: int | None = None,
        no_values: Literal[False] | None = None,
    ) -> tuple[int, dict[AnyStr, AnyStr]]: ...

    @overload
    def hscan(
        self,
        name: Key,
        cursor: int = 0,
        match: Pattern | None = None,
        count: int | None = None,
        *,
        no_values: Literal[True],
    ) -> tuple[int, list[AnyStr]]: ...

    @overload
    def hscan(
        self,
        name: Key,
        cursor: int = 0,
        match: Pattern | None = None,
        count: int | None = None,
        no_values: bool | None = None,
    ) -> tuple[int, dict[AnyStr, AnyStr]] | tuple[int, list[AnyStr]]: ...

    def hscan(
        self,
        name: Key,
        cursor: int = 0,
        match: Pattern | None = None,
        count: int | None = None,
        no_values: bool | None = None,
    ) -> tuple[int, dict[AnyStr, AnyStr]] | tuple[int, list[AnyStr]]:
        """Return one page of the fields of a hash.

        Redis command: HSCAN

        Args:
            name: The hash.
            cursor: 0 at first, then what the page before said.
            match: Only fields that match this pattern.
            count: About how many fields to look at.
            no_values: Return fields without their values.

        Returns:
            The cursor for the next page (0 after the last), and a dict, or with ``no_values`` a list of fields.

        Raises:
            DataError: ``count`` is below one.
        """
        words: tuple[Encodable, ...] = (
            "HSCAN",
            name,
            not_negative("HSCAN", "cursor", cursor),
            *scan_options("HSCAN", match, count),
        )
        if no_values:
            return self._execute(_HSCAN, (*words, "NOVALUES"), scan_page)
        return self._execute(_HSCAN, words, hash_page)

    @overload
    def hscan_iter(
        self,
        name: Key,
        match: Pattern | None = None,
        count: int | None = None,
        no_values: Literal[False] | None = None,
    ) -> Iterator[tuple[AnyStr, AnyStr]]: ...

    @overload
    def hscan_iter(
        self,
        name: Key,
        match: Pattern | None = None,
        count: int | None = None,
        *,
        no_values: Literal[True],
    ) -> Iterator[AnyStr]: ...

    @overload
    def hscan_iter(
        self,
        name: Key,
        match: Pattern | None = None,
        count: int | None = None,
        no_values: bool | None = None,
    ) -> Iterator[tuple[AnyStr, AnyStr]] | Iterator[AnyStr]: ...

    def hscan_iter(
        self,
        name: Key,
        match: Pattern | None = None,
        count: int | None = None,
        no_values: bool | None = None,
    ) -> Iterator[tuple[AnyStr, AnyStr] | AnyStr]:
        """Go through all fields of a hash, a page at a time; one that changes meanwhile may come twice.

        Redis command: HSCAN

        Args:
            name: The hash.
            match: Only fields that match this pattern.
            count: About how many fields to look at for one page.
            no_values: Give fields without their values.

        Yields:
            Pairs of field and value, or with ``no_values`` fields.

        Raises:
            DataError: ``count`` is below one.
        """
        cursor = 0
        while True:
            cursor, page = self.hscan(name, cursor, match, count, no_values)
            for item in page.items() if isinstance(page, dict) else page:
                yield item
            if not cursor:
                return

    # -- writing ------------------------------------------------------------------------------------------------

    def hset(
        self,
        name: Key,
        key: Encodable | None = None,
        value: Encodable | None = None,
        mapping: Mapping[AnyField, Encodable] | None = None,
        items: Sequence[Encodable] | None = None,
    ) -> int:
        """Set fields.

        Redis command: HSET

        Args:
            name: The hash.
            key: A field.
            value: Its value.
            mapping: More fields with their values.
            items: More fields and values in turn.

        Returns:
            How many fields were new.

        Raises:
            DataError: No field was given, or a field without a value.
        """
        if mapping is None and items is None and key is not None and value is not None:
            return self._execute(_HSET, ("HSET", name, key, value))
        return self._execute(_HSET, ("HSET", name, *_fields_and_values("HSET", key, value, mapping, items)))

    def hsetnx(self, name: Key, key: Encodable, value: Encodable) -> int:
        """Set field ``key`` unless it exists; return 1 where it was set, else 0.

        Redis command: HSETNX
        """
        return self._execute(_HSETNX, ("HSETNX", name, key, value))

    def hmset(self, name: Key, mapping: Mapping[AnyField, Encodable]) -> bool:
        """Set several fields; :meth:`hset` does the same and tells how many were new.

        Redis command: HMSET

        Raises:
            DataError: ``mapping`` is empty.
        """
        return self._execute(_HMSET, ("HMSET", name, *flatten_mapping("HMSET", mapping)), ok)

    def hdel(self, name: Key, *keys: Encodable) -> int:
        """Remove fields; return how many existed.

        Redis command: HDEL

        Raises:
            DataError: No field was given.
        """
        return self._execute(_HDEL, ("HDEL", name, *non_empty("HDEL", "keys", keys)))

    def hincrby(self, name: Key, key: Encodable, amount: int = 1) -> int:
        """Add ``amount`` to the integer in field ``key``; return the sum.

        Redis command: HINCRBY
        """
        return self._execute(_HINCRBY, ("HINCRBY", name, key, amount))

    def hincrbyfloat(self, name: Key, key: Encodable, amount: float = 1.0) -> float:
        """Add ``amount`` to the number in field ``key``; return the sum.

        Redis command: HINCRBYFLOAT

        Raises:
            DataError: ``amount`` is NaN.
        """
        words: tuple[Encodable, ...] = ("HINCRBYFLOAT", name, key, number("HINCRBYFLOAT", "amount", amount))
        return self._execute(_HINCRBYFLOAT, words, to_float)

    # -- expiry of fields ---------------------------------------------------------------------------------------

    def hgetex(
        self,
        name: Key,
        *keys: Encodable,
        ex: Expiry | None = None,
        px: Expiry | None = None,
        exat: ExpiryTime | None = None,
        pxat: ExpiryTime | None = None,
        persist: bool = False,
    ) -> list[AnyStr | None]:
        """Return the values of fields and change when these fields expire.

        Redis command: HGETEX (Redis 8, Valkey 9)

        Args:
            name: The hash.
            keys: The fields.
            ex: Seconds to live.
            px: Milliseconds to live.
            exat: When to expire, in seconds since 1970.
            pxat: When to expire, in milliseconds since 1970.
            persist: Never expire.

        Raises:
            DataError: No field was given, or more than one of the options.
        """
        options: list[Encodable] = expiry_options("HGETEX", ex, px, exat, pxat, persist=persist)
        return self._execute(_HGETEX, ("HGETEX", name, *options, *_counted("HGETEX", "keys", keys)))

    def hgetdel(self, name: Key, *keys: Encodable) -> list[AnyStr | None]:
        """Return the values of fields and remove these fields.

        Redis command: HGETDEL (Redis 8, Valkey 9.1)

        Raises:
            DataError: No field was given.
        """
        return self._execute(_HGETDEL, ("HGETDEL", name, *_counted("HGETDEL", "keys", keys)))

    def hsetex(
        self,
        name: Key,
        key: Encodable | None = None,
        value: Encodable | None = None,
        mapping: Mapping[AnyField, Encodable] | None = None,
        items: Sequence[Encodable] | None = None,
        ex: Expiry | None = None,
        px: Expiry | None = None,
        exat: ExpiryTime | None = None,
        pxat: ExpiryTime | None = None,
        data_persist_option: Literal["FNX", "FXX"] | None = None,
        keepttl: bool = False,
        nx: bool = False,
        xx: bool = False,
    ) -> int:
        """Set fields together with when they expire.

        Redis command: HSETEX (Redis 8, Valkey 9)

        Args:
            name: The hash.
            key: A field.
            value: Its value.
            mapping: More fields with their values.
            items: More fields and values in turn.
            ex: Seconds to live.
            px: Milliseconds to live.
            exat: When to expire, in seconds since 1970.
            pxat: When to expire, in milliseconds since 1970.
            data_persist_option: ``"FNX"``: only if none of the fields exists; ``"FXX"``: only if all of them do.
            keepttl: Leave the fields' expiry as it is.
            nx: Only if there is no such hash (Valkey).
            xx: Only if there is such a hash (Valkey).

        Returns:
            1 where all fields were set, 0 where none was.

        Raises:
            DataError: No field was given, a field without a value, or options that contradict each other.
        """
        at_most_one("HSETEX", nx=nx, xx=xx)
        options: list[Encodable] = [*flag_words(nx=nx, xx=xx)]
        if data_persist_option is not None:
            options.append(choice("HSETEX", "data_persist_option", data_persist_option, ("FNX", "FXX")))
        options += expiry_options("HSETEX", ex, px, exat, pxat, keepttl=keepttl)
        words: list[Encodable] = _fields_and_values("HSETEX", key, value, mapping, items)
        return self._execute(_HSETEX, ("HSETEX", name, *options, "FIELDS", len(words) // 2, *words))

    def hexpire(
        self,
        name: Key,
        seconds: Expiry,
        *fields: Encodable,
        nx: bool = False,
        xx: bool = False,
        gt: bool = False,
        lt: bool = False,
    ) -> list[int]:
        """Let fields expire after ``seconds``.

        Redis command: HEXPIRE (Redis 7.4, Valkey 9)

        Args:
            name: The hash.
            seconds: Time to live, as a number of seconds or a timedelta.
            fields: The fields.
            nx: Only fields that do not expire so far.
            xx: Only fields that expire already.
            gt: Only fields that would expire later than so far.
            lt: Only fields that would expire earlier than so far.

        Returns:
            For each field 1 (set), 0 (condition not met), 2 (expired at once) or -2 (no such field).

        Raises:
            DataError: No field was given, or more than one of the conditions.
        """
        words: tuple[Encodable, ...] = ("HEXPIRE", name, arguments.seconds("HEXPIRE", "seconds", seconds))
        return self._execute(_HEXPIRE, (*words, *_expiring("HEXPIRE", fields, nx, xx, gt, lt)))

    def hpexpire(
        self,
        name: Key,
        milliseconds: Expiry,
        *fields: Encodable,
        nx: bool = False,
        xx: bool = False,
        gt: bool = False,
        lt: bool = False,
    ) -> list[int]:
        """Let fields expire after ``milliseconds`` (or a timedelta); else as :meth:`hexpire`.

        Redis command: HPEXPIRE (Redis 7.4, Valkey 9)

        Raises:
            DataError: No field was given, or more than one of the conditions.
        """
        words: tuple[Encodable, ...] = (
            "HPEXPIRE",
            name,
            arguments.milliseconds("HPEXPIRE", "milliseconds", milliseconds),
        )
        return self._execute(_HPEXPIRE, (*words, *_expiring("HPEXPIRE", fields, nx, xx, gt, lt)))

    def hexpireat(
        self,
        name: Key,
        unix_time_seconds: ExpiryTime,
        *fields: Encodable,
        nx: bool = False,
        xx: bool = False,
        gt: bool = False,
        lt: bool = False,
    ) -> list[int]:
        """Let fields expire at a time, given in seconds since 1970 or as a datetime; else as :meth:`hexpire`.

        Redis command: HEXPIREAT (Redis 7.4, Valkey 9)

        Raises:
            DataError: No field was given, or more than one of the conditions.
        """
        words: tuple[Encodable, ...] = (
            "HEXPIREAT",
            name,
            unix_seconds("HEXPIREAT", "unix_time_seconds", unix_time_seconds),
        )
        return self._execute(_HEXPIREAT, (*words, *_expiring("HEXPIREAT", fields, nx, xx, gt, lt)))

    def hpexpireat(
        self,
        name: Key,
        unix_time_milliseconds: ExpiryTime,
        *fields: Encodable,
        nx: bool = False,
        xx: bool = False,
        gt: bool = False,
        lt: bool = False,
    ) -> list[int]:
        """Let fields expire at a time, given in milliseconds since 1970 or as a datetime; else as :meth:`hexpire`.

        Redis command: HPEXPIREAT (Redis 7.4, Valkey 9)

        Raises:
            DataError: No field was given, or more than one of the conditions.
        """
        time = unix_milliseconds("HPEXPIREAT", "unix_time_milliseconds", unix_time_milliseconds)
        words: tuple[Encodable, ...] = ("HPEXPIREAT", name, time)
        return self._execute(_HPEXPIREAT, (*words, *_expiring("HPEXPIREAT", fields, nx, xx, gt, lt)))

    def hpersist(self, name: Key, *fields: Encodable) -> list[int]:
        """Let fields no longer expire.

        Redis command: HPERSIST (Redis 7.4, Valkey 9)

        Returns:
            For each field 1 (done), -1 (it did not expire anyway) or -2 (no such field).

        Raises:
            DataError: No field was given.
        """
        return self._execute(_HPERSIST, ("HPERSIST", name, *_counted("HPERSIST", "fields", fields)))

    def httl(self, key: Key, *fields: Encodable) -> list[int]:
        """Return in how many seconds each field expires, -1 where it does not, -2 where there is no such field.

        Redis command: HTTL (Redis 7.4, Valkey 9)

        Raises:
            DataError: No field was given.
        """
        return self._execute(_HTTL, ("HTTL", key, *_counted("HTTL", "fields", fields)))

    def hpttl(self, key: Key, *fields: Encodable) -> list[int]:
        """Return in how many milliseconds each field expires; else as :meth:`httl`.

        Redis command: HPTTL (Redis 7.4, Valkey 9)

        Raises:
            DataError: No field was given.
        """
        return self._execute(_HPTTL, ("HPTTL", key, *_counted("HPTTL", "fields", fields)))

    def hexpiretime(self, key: Key, *fields: Encodable) -> list[int]:
        """Return when each field expires, in seconds since 1970; else as :meth:`httl`.

        Redis command: HEXPIRETIME (Redis 7.4, Valkey 9)

        Raises:
            DataError: No field was given.
        """
        return self._execute(_HEXPIRETIME, ("HEXPIRETIME", key, *_counted("HEXPIRETIME", "fields", fields)))

    def hpexpiretime(self, key: Key, *fields: Encodable) -> list[int]:
        """Return when each field expires, in milliseconds since 1970; else as :meth:`httl`.

        Redis command: HPEXPIRETIME (Redis 7.4, Valkey 9)

        Raises:
            DataError: No field was given.
        """
        return self._execute(_HPEXPIRETIME, ("HPEXPIRETIME", key, *_counted("HPEXPIRETIME", "fields", fields)))


def _fields_and_values(
    command: str,
    key: Encodable | None,
    value: Encodable | None,
    mapping: Mapping[AnyField, Encodable] | None,
    items: Sequence[Encodable] | None,
) -> list[Encodable]:
    """The words ``field value field value …`` of everything that was given."""
    words: list[Encodable] = list(items or ())
    if len(words) % 2:
        raise bad_argument(command, "items must be fields and values in turn, and the last field has no value")
    if (key is None) != (value is None):
        raise bad_argument(command, "key and value must be given together")
    if key is not None and value is not None:
        words += (key, value)
    if mapping:
        words += flatten_mapping(command, mapping)
    if not words:
        raise bad_argument(command, "one of key, mapping and items must be given and not be empty")
    return words


def _counted(command: str, argument: str, fields: tuple[Encodable, ...]) -> tuple[Encodable, ...]:
    return ("FIELDS", len(non_empty(command, argument, fields)), *fields)


def _expiring(
    command: str, fields: tuple[Encodable, ...], nx: bool, xx: bool, gt: bool, lt: bool
) -> tuple[Encodable, ...]:
    """What follows the time in the commands that let fields expire."""
    if not (nx or xx or gt or lt):
        return _counted(command, "fields", fields)
    at_most_one(command, nx=nx, xx=xx, gt=gt, lt=lt)
    return (*flag_words(nx=nx, xx=xx, gt=gt, lt=lt), *_counted(command, "fields", fields))
