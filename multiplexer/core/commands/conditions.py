"""Conditions of transactions: what must hold of some keys when the transaction runs.

A condition asks the server something and judges the reply. Its keys are watched from before it asks until the
transaction runs, so what it found still holds then, or nothing is run.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from ...errors import DataError, RedisError
from ..types import Encodable, Key, Reply
from .command_table import COMMANDS
from .hash_slots import key_bytes

Judge = Callable[[Any], bool]
#: Makes the judge of a number from what the caller compares it with.
_COMPARISONS: dict[str, Callable[[float], Judge]] = {
    "equal": lambda wanted: lambda found: found == wanted,
    "greater_than": lambda wanted: lambda found: found > wanted,
    "less_than": lambda wanted: lambda found: found < wanted,
}


class Condition:
    """One condition; make it with one of the class methods.

    Values and members are what can be sent, or of the codec's type for a transaction of a handle with a codec.

    Attributes:
        key: The key it is about.
        command: What is asked.
        words: The same as it is sent.
        exec_words: What EXEC can be told instead, without the key: its option, and what comes after the key; None where
            it knows of no such condition.
    """

    __slots__ = ("_again", "_judge", "_text", "_value", "command", "exec_words", "key", "words")

    def __init__(self, text: str, judge: Judge, name: str, key: Key, *args: Encodable) -> None:
        """Make a condition of one's own.

        Args:
            text: What it demands, for messages.
            judge: Gets the reply, in bytes; returns whether the condition holds.
            name: The command to ask, read-only, whose first argument is the key.
            key: The key, which is watched.
            args: The command's other arguments.

        Raises:
            DataError: The command is not known or may write.
        """
        command = COMMANDS.get(name.upper())
        if command is None or not command.read_only:
            raise DataError(f"Condition: {name} is no read-only command")
        self.key = key
        self.command = command
        self.words: tuple[Encodable, ...] = (command.name, key, *args)
        self.exec_words: tuple[Any, ...] | None = None
        self._judge = judge
        self._text = text
        self._value: Any = None
        self._again: Callable[[Any], Condition] | None = None

    def __repr__(self) -> str:
        return f"<Condition {self._text}>"

    def holds(self, reply: Reply) -> bool:
        """Judge the reply.

        Raises:
            RedisError: It is an error, as where the key holds another kind of value.
        """
        if isinstance(reply, RedisError):
            raise reply
        return bool(self._judge(reply))

    def encoded(self, encode: Callable[[Any], bytes]) -> Condition:
        """Return the same of what ``encode`` makes of the value it is about; itself where it is about none."""
        return self if self._again is None else self._again(encode(self._value))

    def _about(self, value: Any, again: Callable[[Any], Condition]) -> Condition:
        """Note the value it is about, and what makes the same condition of another."""
        if value is not None:
            self._value, self._again = value, again
        return self

    def words_of_exec(self, prefix: bytes) -> tuple[Encodable, ...]:
        """Return the words by which EXEC is told, with a key prefix; only where it can be."""
        option, *values = self.exec_words or ()
        return (option, prefix + key_bytes(self.key), *[_sent(value) or b"" for value in values])

    def _or_exec(self, *words: Any) -> Condition:
        """Say what EXEC can be told instead, which comes to the same for every value the key may have."""
        self.exec_words = words
        return self

    # -- keys ------------------------------------------------------------------------------------------

    @classmethod
    def key_exists(cls, key: Key) -> Condition:
        """The key exists."""
        return cls(f"{_shown(key)} exists", bool, "EXISTS", key)._or_exec("XX")

    @classmethod
    def key_not_exists(cls, key: Key) -> Condition:
        """The key does not exist."""
        return cls(f"{_shown(key)} does not exist", _not, "EXISTS", key)._or_exec("NX")

    # -- strings ---------------------------------------------------------------------------------------

    @classmethod
    def string_equal(cls, key: Key, value: Any) -> Condition:
        """The key holds a string of this value; None: it does not exist."""
        made = cls(f"{_shown(key)} has a certain value", _same(value), "GET", key)
        made._about(value, partial(cls.string_equal, key))
        return made if value is None else made._or_exec("IFEQ", value)

    @classmethod
    def string_not_equal(cls, key: Key, value: Any) -> Condition:
        """The key does not hold a string of this value; None: it exists."""
        made = cls(f"{_shown(key)} has not a certain value", _other(value), "GET", key)
        made._about(value, partial(cls.string_not_equal, key))
        return made if value is None else made._or_exec("IFNE", value)

    @classmethod
    def string_length(cls, key: Key, **wanted: int) -> Condition:
        """The string's length is ``equal=``, ``greater_than=`` or ``less_than=`` a number; 0 where there is none."""
        return cls._size("string_length", "STRLEN", key, wanted)

    # -- hashes ----------------------------------------------------------------------------------------

    @classmethod
    def hash_exists(cls, key: Key, field: Encodable) -> Condition:
        """The hash has the field."""
        return cls(f"{_shown(key)} has a certain field", bool, "HEXISTS", key, field)

    @classmethod
    def hash_not_exists(cls, key: Key, field: Encodable) -> Condition:
        """The hash has not the field."""
        return cls(f"{_shown(key)} has not a certain field", _not, "HEXISTS", key, field)

    @classmethod
    def hash_equal(cls, key: Key, field: Encodable, value: Any) -> Condition:
        """The hash's field has this value; None: it does not exist."""
        made = cls(f"{_shown(key)} has a field of a certain value", _same(value), "HGET", key, field)
        return made._about(value, partial(cls.hash_equal, key, field))

    @classmethod
    def hash_not_equal(cls, key: Key, field: Encodable, value: Any) -> Condition:
        """The hash's field has not this value; None: it exists."""
        made = cls(f"{_shown(key)} has no field of a certain value", _other(value), "HGET", key, field)
        return made._about(value, partial(cls.hash_not_equal, key, field))

    @classmethod
    def hash_length(cls, key: Key, **wanted: int) -> Condition:
        """The hash's number of fields is ``equal=``, ``greater_than=`` or ``less_than=`` a number."""
        return cls._size("hash_length", "HLEN", key, wanted)

    # -- lists -----------------------------------------------------------------------------------------

    @classmethod
    def list_index_exists(cls, key: Key, index: int) -> Condition:
        """The list has an element there; negative indexes count from its end."""
        return cls(f"{_shown(key)} has an element {index}", _there, "LINDEX", key, index)

    @classmethod
    def list_index_not_exists(cls, key: Key, index: int) -> Condition:
        """The list has no element there."""
        return cls(f"{_shown(key)} has no element {index}", _missing, "LINDEX", key, index)

    @classmethod
    def list_index_equal(cls, key: Key, index: int, value: Any) -> Condition:
        """The list has this element there."""
        made = cls(f"{_shown(key)} has a certain element {index}", _same(value), "LINDEX", key, index)
        return made._about(value, partial(cls.list_index_equal, key, index))

    @classmethod
    def list_index_not_equal(cls, key: Key, index: int, value: Any) -> Condition:
        """The list has not this element there, or none."""
        made = cls(f"{_shown(key)} has another element {index}", _other(value), "LINDEX", key, index)
        return made._about(value, partial(cls.list_index_not_equal, key, index))

    @classmethod
    def list_length(cls, key: Key, **wanted: int) -> Condition:
        """The list's length is ``equal=``, ``greater_than=`` or ``less_than=`` a number."""
        return cls._size("list_length", "LLEN", key, wanted)

    # -- sets ------------------------------------------------------------------------------------------

    @classmethod
    def set_contains(cls, key: Key, member: Any) -> Condition:
        """The set has the member."""
        made = cls(f"{_shown(key)} has a certain member", bool, "SISMEMBER", key, member)
        return made._about(member, partial(cls.set_contains, key))

    @classmethod
    def set_not_contains(cls, key: Key, member: Any) -> Condition:
        """The set has not the member."""
        made = cls(f"{_shown(key)} has not a certain member", _not, "SISMEMBER", key, member)
        return made._about(member, partial(cls.set_not_contains, key))

    @classmethod
    def set_length(cls, key: Key, **wanted: int) -> Condition:
        """The set's number of members is ``equal=``, ``greater_than=`` or ``less_than=`` a number."""
        return cls._size("set_length", "SCARD", key, wanted)

    # -- sorted sets -----------------------------------------------------------------------------------

    @classmethod
    def sorted_set_contains(cls, key: Key, member: Any) -> Condition:
        """The sorted set has the member."""
        made = cls(f"{_shown(key)} has a certain member", _there, "ZSCORE", key, member)
        return made._about(member, partial(cls.sorted_set_contains, key))

    @classmethod
    def sorted_set_not_contains(cls, key: Key, member: Any) -> Condition:
        """The sorted set has not the member."""
        made = cls(f"{_shown(key)} has not a certain member", _missing, "ZSCORE", key, member)
        return made._about(member, partial(cls.sorted_set_not_contains, key))

    @classmethod
    def sorted_set_contains_starting(cls, key: Key, start: str | bytes) -> Condition:
        """The sorted set, whose scores are all the same, has a member that starts so."""
        lowest, highest = _lexical(start)
        return cls(f"{_shown(key)} has a member that starts so", bool, "ZLEXCOUNT", key, lowest, highest)

    @classmethod
    def sorted_set_equal(cls, key: Key, member: Any, score: float) -> Condition:
        """The sorted set has the member with this score."""
        made = cls(f"{_shown(key)} has a member of a certain score", _scored(score), "ZSCORE", key, member)
        return made._about(member, lambda other: cls.sorted_set_equal(key, other, score))

    @classmethod
    def sorted_set_not_equal(cls, key: Key, member: Any, score: float) -> Condition:
        """The sorted set has the member with another score, or not at all."""
        judge = _scored(score)
        made = cls(f"{_shown(key)} has no member of a certain score", lambda r: not judge(r), "ZSCORE", key, member)
        return made._about(member, lambda other: cls.sorted_set_not_equal(key, other, score))

    @classmethod
    def sorted_set_score_exists(cls, key: Key, score: float, count: int | None = None) -> Condition:
        """The sorted set has members of this score, or exactly ``count`` of them."""
        judge = bool if count is None else _COMPARISONS["equal"](count)
        return cls(f"{_shown(key)} has members of score {score}", judge, "ZCOUNT", key, score, score)

    @classmethod
    def sorted_set_score_not_exists(cls, key: Key, score: float) -> Condition:
        """The sorted set has no member of this score."""
        return cls(f"{_shown(key)} has no member of score {score}", _not, "ZCOUNT", key, score, score)

    @classmethod
    def sorted_set_length(
        cls, key: Key, *, min: float = float("-inf"), max: float = float("inf"), **wanted: int
    ) -> Condition:
        """Its number of members scored ``min`` to ``max`` is ``equal=``, ``greater_than=`` or ``less_than=`` such."""
        return cls._size("sorted_set_length", "ZCOUNT", key, wanted, min, max)

    # -- streams ---------------------------------------------------------------------------------------

    @classmethod
    def stream_length(cls, key: Key, **wanted: int) -> Condition:
        """The stream's number of entries is ``equal=``, ``greater_than=`` or ``less_than=`` a number."""
        return cls._size("stream_length", "XLEN", key, wanted)

    @classmethod
    def _size(cls, method: str, name: str, key: Key, wanted: dict[str, int], *args: Encodable) -> Condition:
        if len(wanted) != 1 or not wanted.keys() <= _COMPARISONS.keys():
            raise DataError(f"Condition.{method}: exactly one of {', '.join(_COMPARISONS)} must be given")
        ((comparison, number),) = wanted.items()
        if isinstance(number, bool) or not isinstance(number, int):
            raise DataError(f"Condition.{method}: {comparison} must be an int")
        text = f"the size of {_shown(key)} is {comparison.replace('_', ' ')} {number}"
        return cls(text, _COMPARISONS[comparison](number), name, key, *args)


def _shown(key: Key) -> str:
    return repr(key if len(str(key)) <= 60 else str(key)[:57] + "...")


def _not(reply: Reply) -> bool:
    return not reply


def _there(reply: Reply) -> bool:
    return reply is not None


def _missing(reply: Reply) -> bool:
    return reply is None


def _same(value: Any) -> Judge:
    return lambda reply: bool(reply == _sent(value))


def _other(value: Any) -> Judge:
    return lambda reply: bool(reply != _sent(value))


def _scored(score: float) -> Judge:
    return lambda reply: reply is not None and float(reply) == float(score)


def _sent(value: Any) -> bytes | None:
    if value is None:
        return None
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value)
    if isinstance(value, int | float):
        return repr(value).encode()
    raise DataError(f"Condition: a value is of type {type(value).__name__}, which cannot be sent without a codec")


def _lexical(start: str | bytes) -> tuple[bytes, bytes]:
    """Return the bounds between which everything lies that starts so."""
    text = start.encode() if isinstance(start, str) else start
    trimmed = text.rstrip(b"\xff")
    after = b"(" + trimmed[:-1] + bytes([trimmed[-1] + 1]) if trimmed else b"+"
    return b"[" + text, after
