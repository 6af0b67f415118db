"""Commands on strings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal, overload

from ...core.commands.arguments import (
    AnyField,
    Expiry,
    ExpiryTime,
    at_most_one,
    bad_argument,
    choice,
    expiry_options,
    flag_words,
    flatten_mapping,
    milliseconds,
    not_negative,
    number,
    seconds,
    some_keys,
)
from ...core.commands.command_table import COMMANDS
from ...core.results.common import ok, ok_or_none, to_float, to_floats
from ...core.results.strings import lcs_matches
from ...core.types import AnyStr, Encodable, Key, Pending
from .surface import CommandSurface

_APPEND = COMMANDS["APPEND"]
_DECR = COMMANDS["DECR"]
_DECRBY = COMMANDS["DECRBY"]
_DELEX = COMMANDS["DELEX"]
_DELIFEQ = COMMANDS["DELIFEQ"]
_DIGEST = COMMANDS["DIGEST"]
_GET = COMMANDS["GET"]
_GETDEL = COMMANDS["GETDEL"]
_GETEX = COMMANDS["GETEX"]
_GETRANGE = COMMANDS["GETRANGE"]
_GETSET = COMMANDS["GETSET"]
_INCR = COMMANDS["INCR"]
_INCRBY = COMMANDS["INCRBY"]
_INCRBYFLOAT = COMMANDS["INCRBYFLOAT"]
_INCREX = COMMANDS["INCREX"]
_LCS = COMMANDS["LCS"]
_MGET = COMMANDS["MGET"]
_MSET = COMMANDS["MSET"]
_MSETEX = COMMANDS["MSETEX"]
_MSETNX = COMMANDS["MSETNX"]
_PSETEX = COMMANDS["PSETEX"]
_SET = COMMANDS["SET"]
_SETEX = COMMANDS["SETEX"]
_SETNX = COMMANDS["SETNX"]
_SETRANGE = COMMANDS["SETRANGE"]
_STRLEN = COMMANDS["STRLEN"]
_SUBSTR = COMMANDS["SUBSTR"]


def _condition(
    command: str,
    nx: bool,
    xx: bool,
    ifeq: Encodable | None,
    ifne: Encodable | None,
    ifdeq: str | None,
    ifdne: str | None,
) -> list[Encodable]:
    """The words of the one condition under which a string is written or deleted."""
    words: list[Encodable] = []
    if nx:
        words.append("NX")
    if xx:
        words.append("XX")
    if ifeq is not None:
        words += ("IFEQ", ifeq)
    if ifne is not None:
        words += ("IFNE", ifne)
    if ifdeq is not None:
        words += ("IFDEQ", ifdeq)
    if ifdne is not None:
        words += ("IFDNE", ifdne)
    if len(words) > 2 or (nx and xx):
        at_most_one(command, nx=nx, xx=xx, ifeq=ifeq, ifne=ifne, ifdeq=ifdeq, ifdne=ifdne)
    return words


class StringCommands(CommandSurface[AnyStr]):
    """Typed methods for the commands of the string group."""

    __slots__ = ()

    def append(self, key: Key, value: Encodable) -> Pending[int]:
        """Append ``value`` to the string at ``key``, which is made where it does not exist.

        Redis command: APPEND

        Returns:
            The new length in bytes.
        """
        return self._execute(_APPEND, ("APPEND", key, value))

    def decr(self, name: Key, amount: int = 1) -> Pending[int]:
        """Take 1 off the integer at ``name``, which counts as 0 where it does not exist.

        Redis command: DECR; DECRBY where ``amount`` is given

        Returns:
            The new value.
        """
        if amount.__class__ is int and amount == 1:
            return self._execute(_DECR, ("DECR", name))
        return self.decrby(name, amount)

    def decrby(self, name: Key, amount: int = 1) -> Pending[int]:
        """Take ``amount`` off the integer at ``name``, which counts as 0 where it does not exist.

        Redis command: DECRBY

        Returns:
            The new value.
        """
        return self._execute(_DECRBY, ("DECRBY", name, amount))

    def delex(
        self,
        name: Key,
        ifeq: Encodable | None = None,
        ifne: Encodable | None = None,
        ifdeq: str | None = None,
        ifdne: str | None = None,
    ) -> Pending[int]:
        """Delete ``name``, on a condition if one is given.

        Redis command: DELEX (Redis 8.4)

        Args:
            name: The key.
            ifeq: Only if it holds exactly this.
            ifne: Only if it holds something else.
            ifdeq: Only if its value's digest is this.
            ifdne: Only if its value's digest is another.

        Returns:
            1 if it was deleted, else 0.

        Raises:
            DataError: More than one condition is given.
        """
        return self._execute(_DELEX, ("DELEX", name, *_condition("DELEX", False, False, ifeq, ifne, ifdeq, ifdne)))

    def delifeq(self, name: Key, value: Encodable) -> Pending[bool]:
        """Delete ``name`` if it holds exactly ``value``.

        Redis command: DELIFEQ (Valkey 9)

        Returns:
            Whether it was deleted.
        """
        return self._execute(_DELIFEQ, ("DELIFEQ", name, value), bool)

    def digest(self, name: Key) -> Pending[AnyStr | None]:
        """Return the digest of a value in hexadecimal, for the conditions of :meth:`set` and :meth:`delex`.

        Redis command: DIGEST (Redis 8.4)
        """
        return self._execute(_DIGEST, ("DIGEST", name))

    def get(self, name: Key) -> Pending[AnyStr | None]:
        """Return the value of ``name``, or None where it does not exist.

        Redis command: GET

        Raises:
            WrongTypeError: The key does not hold a string.
        """
        return self._execute(_GET, ("GET", name))

    def getdel(self, name: Key) -> Pending[AnyStr | None]:
        """Return the value of ``name`` and delete it.

        Redis command: GETDEL
        """
        return self._execute(_GETDEL, ("GETDEL", name))

    def getex(
        self,
        name: Key,
        ex: Expiry | None = None,
        px: Expiry | None = None,
        exat: ExpiryTime | None = None,
        pxat: ExpiryTime | None = None,
        persist: bool = False,
    ) -> Pending[AnyStr | None]:
        """Return the value of ``name`` and set or take away its expiry.

        Redis command: GETEX

        Args:
            name: The key.
            ex: Seconds to live.
            px: Milliseconds to live.
            exat: When to expire, in seconds since 1970.
            pxat: When to expire, in milliseconds since 1970.
            persist: Take the expiry away.

        Raises:
            DataError: More than one option is given.
        """
        return self._execute(_GETEX, ("GETEX", name, *expiry_options("GETEX", ex, px, exat, pxat, persist=persist)))

    def getrange(self, key: Key, start: int, end: int) -> Pending[AnyStr]:
        """Return bytes ``start`` to ``end`` of a string, both included; negative ones count from the end.

        Redis command: GETRANGE
        """
        return self._execute(_GETRANGE, ("GETRANGE", key, start, end))

    def getset(self, name: Key, value: Encodable) -> Pending[AnyStr | None]:
        """Set ``name`` to ``value`` and return what it held before.

        Redis command: GETSET
        """
        return self._execute(_GETSET, ("GETSET", name, value))

    def incr(self, name: Key, amount: int = 1) -> Pending[int]:
        """Add 1 to the integer at ``name``, which counts as 0 where it does not exist.

        Redis command: INCR; INCRBY where ``amount`` is given

        Returns:
            The new value.
        """
        if amount.__class__ is int and amount == 1:
            return self._execute(_INCR, ("INCR", name))
        return self.incrby(name, amount)

    def incrby(self, name: Key, amount: int = 1) -> Pending[int]:
        """Add ``amount`` to the integer at ``name``, which counts as 0 where it does not exist.

        Redis command: INCRBY

        Returns:
            The new value.
        """
        return self._execute(_INCRBY, ("INCRBY", name, amount))

    def incrbyfloat(self, name: Key, amount: float = 1.0) -> Pending[float]:
        """Add ``amount`` to the number at ``name``, which counts as 0 where it does not exist.

        Redis command: INCRBYFLOAT

        Returns:
            The new value.

        Raises:
            DataError: ``amount`` is NaN.
        """
        return self._execute(_INCRBYFLOAT, ("INCRBYFLOAT", name, number("INCRBYFLOAT", "amount", amount)), to_float)

    def increx(
        self,
        name: Key,
        *,
        byfloat: float | None = None,
        byint: int | None = None,
        lbound: float | None = None,
        ubound: float | None = None,
        saturate: bool = False,
        ex: Expiry | None = None,
        px: Expiry | None = None,
        exat: ExpiryTime | None = None,
        pxat: ExpiryTime | None = None,
        persist: bool = False,
        enx: bool = False,
        nx: bool = False,
        xx: bool = False,
    ) -> Pending[list[Any]]:
        """Add to the number at ``name`` within bounds, and set when it expires, in one step.

        Redis command: INCREX (Redis 8.8, Valkey 9.2)

        Args:
            name: The key, which counts as 0 where it does not exist.
            byfloat: What to add, to a number with a fraction.
            byint: What to add, to an integer; 1 by default.
            lbound: The least the sum may be.
            ubound: The most the sum may be.
            saturate: Stop at the bound; otherwise do nothing where the sum would pass it.
            ex: Seconds to live.
            px: Milliseconds to live.
            exat: When to expire, in seconds since 1970.
            pxat: When to expire, in milliseconds since 1970.
            persist: Take the expiry away.
            enx: Set the expiry only where there is none.
            nx: Only where the key does not exist (Valkey).
            xx: Only where the key exists (Valkey).

        Returns:
            A list of the new value and what was added: floats with ``byfloat``, else integers.

        Raises:
            DataError: Options contradict each other, ``enx`` without an expiry, or a number that is NaN.
        """
        at_most_one("INCREX", byfloat=byfloat, byint=byint)
        at_most_one("INCREX", nx=nx, xx=xx)
        words: list[Encodable] = ["INCREX", name, *flag_words(nx=nx, xx=xx)]
        for argument, value in (("byfloat", byfloat), ("byint", byint), ("lbound", lbound), ("ubound", ubound)):
            if value is not None:
                words += (argument.upper(), number("INCREX", argument, value))
        words += flag_words(saturate=saturate)
        expiry: list[Encodable] = expiry_options("INCREX", ex, px, exat, pxat, persist=persist)
        if enx and (persist or not expiry):
            raise bad_argument("INCREX", "enx needs ex, px, exat or pxat")
        words += (*expiry, *flag_words(enx=enx))
        return self._execute(_INCREX, tuple(words), None if byfloat is None else to_floats)

    @overload
    def lcs(
        self,
        key1: Key,
        key2: Key,
        len: Literal[False] | None = ...,
        idx: Literal[False] | None = ...,
        minmatchlen: int | None = ...,
        withmatchlen: bool | None = ...,
    ) -> Pending[AnyStr]: ...
    @overload
    def lcs(
        self,
        key1: Key,
        key2: Key,
        len: Literal[True],
        idx: Literal[False] | None = ...,
        minmatchlen: int | None = ...,
        withmatchlen: bool | None = ...,
    ) -> Pending[int]: ...
    @overload
    def lcs(
        self,
        key1: Key,
        key2: Key,
        len: Literal[False] | None = ...,
        *,
        idx: Literal[True],
        minmatchlen: int | None = ...,
        withmatchlen: bool | None = ...,
    ) -> Pending[list[Any]]: ...
    def lcs(
        self,
        key1: Key,
        key2: Key,
        len: bool | None = False,
        idx: bool | None = False,
        minmatchlen: int | None = 0,
        withmatchlen: bool | None = False,
    ) -> Pending[AnyStr] | Pending[int] | Pending[list[Any]]:
        """Find the longest common subsequence of two strings.

        Redis command: LCS

        Args:
            key1: The first string's key.
            key2: The second string's key.
            len: Return the length only.
            idx: Return where the pieces lie in both strings.
            minmatchlen: With ``idx``, leave out pieces that are shorter.
            withmatchlen: With ``idx``, give the length of each piece too.

        Returns:
            The subsequence; with ``len`` its length; with ``idx`` a list ``["matches", pieces, "len", length]``.

        Raises:
            DataError: Both ``len`` and ``idx`` are given.
        """
        at_most_one("LCS", len=len, idx=idx)
        words: list[Encodable] = ["LCS", key1, key2]
        if len:
            words.append("LEN")
        if idx:
            words.append("IDX")
        if minmatchlen:
            words += ("MINMATCHLEN", not_negative("LCS", "minmatchlen", minmatchlen))
        if withmatchlen:
            words.append("WITHMATCHLEN")
        return self._execute(_LCS, tuple(words), lcs_matches if idx else None)

    def mget(self, keys: Key | Iterable[Key], *args: Key) -> Pending[list[AnyStr | None]]:
        """Return the values of several keys in order, None for each that does not exist or is no string.

        Redis command: MGET

        Raises:
            DataError: There is no key.
        """
        return self._execute(_MGET, ("MGET", *some_keys("MGET", keys, args)))

    def mset(self, mapping: Mapping[AnyField, Encodable]) -> Pending[bool]:
        """Set several keys at once.

        Redis command: MSET

        Raises:
            DataError: The mapping is empty.
        """
        return self._execute(_MSET, ("MSET", *flatten_mapping("MSET", mapping)), ok)

    def msetex(
        self,
        mapping: Mapping[AnyField, Encodable],
        data_persist_option: str | None = None,
        ex: Expiry | None = None,
        px: Expiry | None = None,
        exat: ExpiryTime | None = None,
        pxat: ExpiryTime | None = None,
        keepttl: bool = False,
    ) -> Pending[int]:
        """Set several keys at once, with one expiry for all of them.

        Redis command: MSETEX (Redis 8.4, Valkey 9.1)

        Args:
            mapping: Values by key.
            data_persist_option: ``"NX"`` sets them only if none exists, ``"XX"`` only if all do.
            ex: Seconds to live.
            px: Milliseconds to live.
            exat: When to expire, in seconds since 1970.
            pxat: When to expire, in milliseconds since 1970.
            keepttl: Leave each key's expiry as it is.

        Returns:
            1 if the keys were set, 0 if the condition did not hold.

        Raises:
            DataError: The mapping is empty, or options contradict each other.
        """
        pairs: list[Encodable] = flatten_mapping("MSETEX", mapping)
        words: list[Encodable] = ["MSETEX", len(mapping), *pairs]
        if data_persist_option is not None:
            words.append(choice("MSETEX", "data_persist_option", data_persist_option, ("NX", "XX")))
        words += expiry_options("MSETEX", ex, px, exat, pxat, keepttl=keepttl)
        return self._execute(_MSETEX, tuple(words))

    def msetnx(self, mapping: Mapping[AnyField, Encodable]) -> Pending[bool]:
        """Set several keys at once, if none of them exists.

        Redis command: MSETNX

        Returns:
            Whether they were set.

        Raises:
            DataError: The mapping is empty.
        """
        return self._execute(_MSETNX, ("MSETNX", *flatten_mapping("MSETNX", mapping)), bool)

    def psetex(self, name: Key, time_ms: Expiry, value: Encodable) -> Pending[bool]:
        """Set ``name`` to ``value`` for ``time_ms`` milliseconds.

        Redis command: PSETEX
        """
        return self._execute(_PSETEX, ("PSETEX", name, milliseconds("PSETEX", "time_ms", time_ms), value), ok)

    @overload
    def set(
        self,
        name: Key,
        value: Encodable,
        ex: Expiry | None = ...,
        px: Expiry | None = ...,
        nx: bool = ...,
        xx: bool = ...,
        keepttl: bool = ...,
        get: Literal[False] = ...,
        exat: ExpiryTime | None = ...,
        pxat: ExpiryTime | None = ...,
        ifeq: Encodable | None = ...,
        ifne: Encodable | None = ...,
        ifdeq: str | None = ...,
        ifdne: str | None = ...,
    ) -> Pending[bool | None]: ...
    @overload
    def set(
        self,
        name: Key,
        value: Encodable,
        ex: Expiry | None = ...,
        px: Expiry | None = ...,
        nx: bool = ...,
        xx: bool = ...,
        keepttl: bool = ...,
        *,
        get: Literal[True],
        exat: ExpiryTime | None = ...,
        pxat: ExpiryTime | None = ...,
        ifeq: Encodable | None = ...,
        ifne: Encodable | None = ...,
        ifdeq: str | None = ...,
        ifdne: str | None = ...,
    ) -> Pending[AnyStr | None]: ...
    @overload
    def set(
        self,
        name: Key,
        value: Encodable,
        ex: Expiry | None = ...,
        px: Expiry | None = ...,
        nx: bool = ...,
        xx: bool = ...,
        keepttl: bool = ...,
        get: bool = ...,
        exat: ExpiryTime | None = ...,
        pxat: ExpiryTime | None = ...,
        ifeq: Encodable | None = ...,
        ifne: Encodable | None = ...,
        ifdeq: str | None = ...,
        ifdne: str | None = ...,
    ) -> Pending[bool | None] | Pending[AnyStr | None]: ...
    def set(
        self,
        name: Key,
        value: Encodable,
        ex: Expiry | None = None,
        px: Expiry | None = None,
        nx: bool = False,
        xx: bool = False,
        keepttl: bool = False,
        get: bool = False,
        exat: ExpiryTime | None = None,
        pxat: ExpiryTime | None = None,
        ifeq: Encodable | None = None,
        ifne: Encodable | None = None,
        ifdeq: str | None = None,
        ifdne: str | None = None,
    ) -> Pending[bool | None] | Pending[AnyStr | None]:
        """Set ``name`` to ``value``.

        Redis command: SET

        Args:
            name: The key.
            value: What it is to hold.
            ex: Seconds to live.
            px: Milliseconds to live.
            nx: Only if the key does not exist.
            xx: Only if it exists.
            keepttl: Leave its expiry as it is.
            get: Return what the key held before.
            exat: When to expire, in seconds since 1970.
            pxat: When to expire, in milliseconds since 1970.
            ifeq: Only if the key holds exactly this (Redis 8.4, Valkey 8.1).
            ifne: Only if it holds something else, or does not exist (Redis 8.4).
            ifdeq: Only if the value's digest is this (Redis 8.4).
            ifdne: Only if its digest is another, or the key does not exist (Redis 8.4).

        Returns:
            True, or None where the condition did not hold; with ``get`` the value before, or None.

        Raises:
            DataError: Options contradict each other.
            WrongTypeError: ``get`` was asked for and the key does not hold a string.
        """
        if ex is px is exat is pxat is ifeq is ifne is ifdeq is ifdne is None and not (nx or xx or keepttl or get):
            return self._execute(_SET, ("SET", name, value), ok_or_none)
        words: list[Encodable] = expiry_options("SET", ex, px, exat, pxat, keepttl=keepttl)
        words += _condition("SET", nx, xx, ifeq, ifne, ifdeq, ifdne)
        if get:
            return self._execute(_SET, ("SET", name, value, *words, "GET"))
        return self._execute(_SET, ("SET", name, value, *words), ok_or_none)

    def setex(self, name: Key, time: Expiry, value: Encodable) -> Pending[bool]:
        """Set ``name`` to ``value`` for ``time`` seconds.

        Redis command: SETEX
        """
        return self._execute(_SETEX, ("SETEX", name, seconds("SETEX", "time", time), value), ok)

    def setnx(self, name: Key, value: Encodable) -> Pending[bool]:
        """Set ``name`` to ``value`` if it does not exist.

        Redis command: SETNX

        Returns:
            Whether it was set.
        """
        return self._execute(_SETNX, ("SETNX", name, value), bool)

    def setrange(self, name: Key, offset: int, value: Encodable) -> Pending[int]:
        """Overwrite part of a string, which is padded with zero bytes up to ``offset`` where it is shorter.

        Redis command: SETRANGE

        Returns:
            The new length in bytes.

        Raises:
            DataError: ``offset`` is negative.
        """
        return self._execute(_SETRANGE, ("SETRANGE", name, not_negative("SETRANGE", "offset", offset), value))

    def strlen(self, name: Key) -> Pending[int]:
        """Return the length in bytes of the string at ``name``, 0 where it does not exist.

        Redis command: STRLEN
        """
        return self._execute(_STRLEN, ("STRLEN", name))

    def substr(self, name: Key, start: int, end: int = -1) -> Pending[AnyStr]:
        """Return bytes ``start`` to ``end`` of a string, both included: the old name of :meth:`getrange`.

        Redis command: SUBSTR
        """
        return self._execute(_SUBSTR, ("SUBSTR", name, start, end))
