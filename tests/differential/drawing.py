"""Valid calls of every command a server describes, drawn from what its COMMAND DOCS say of their arguments."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hypothesis import strategies as st

from .left_out import LEFT_OUT

Draw = Callable[[Any], Any]
#: What COMMAND DOCS says of an argument.
Argument = Mapping[str, Any]

#: Names of keys by the group of the command, so that most calls meet a key that holds what they are for.
KEYS = {
    "string": ("s1", "s2", "s3"),
    "bitmap": ("s1", "bits"),
    "list": ("l1", "l2", "l3"),
    "set": ("set1", "set2", "set3"),
    "sorted-set": ("z1", "z2", "z3"),
    "hash": ("h1", "h2"),
    "stream": ("x1", "x2"),
    "hyperloglog": ("p1", "p2"),
    "geo": ("g1", "g2"),
}
ANY_KEYS = (*dict.fromkeys(key for keys in KEYS.values() for key in keys), "none")

#: Values by what the argument is called.
BY_NAME: dict[str, Sequence[Any]] = {
    "cursor": (0,),
    "db": (1,),
    "destination-db": (1,),
    "seconds": (1000,),
    "milliseconds": (1_000_000,),
    "timeout": ("0.01",),
    "unix-time-seconds": (4_000_000_000,),
    "unix-time-milliseconds": (4_000_000_000_000,),
    "offset": (0, 1, 7),
    "count": (1, 2, 1000),
    "bit": (0, 1),
    "ttl": (0,),
    "encoding": ("u8", "i16"),
    "group": ("grp", "other"),
    "groupname": ("grp", "other"),
    "consumer": ("me",),
    "consumername": ("me",),
    "field": ("a", "b", "missing"),
    "member": ("a", "b", "3", "missing"),
    "member1": ("a",),
    "member2": ("b",),
    "element": ("a", "1"),
    "pivot": ("a",),
    "value": ("v", "5", ""),
    "pattern": ("*", "s*", "none*"),
    "id": ("3-1", "7-1", "1-1", "0"),
    "last-id": ("0",),
    "lastid": ("0",),
    "start": ("-", "0", "1", "1-1"),
    "end": ("+", "-1", "2", "3-1"),
    "min": ("-inf", "(1", "0", "[a", "-"),
    "max": ("inf", "(2", "5", "[c", "+"),
    "longitude": ("13.5",),
    "latitude": ("38",),
    "radius": (200,),
    "width": (400,),
    "height": (400,),
    "min-idle-time": (0,),
    "ms": (0,),
    "serialized-value": ("broken",),
    "script": ("return {#KEYS, ARGV}", "return 1", "return redis.error_reply('MINE not')"),
    "sha1": ("0" * 40,),
    "function-code": ("#!lua name=mine\nredis.register_function('f', function(keys, arguments) return 1 end)",),
    "function": ("f",),
    "library-name": ("mine",),
    "command": ("GET",),
    "command-name": ("GET", "nothing"),
    "username": ("default",),
    "category": ("string",),
    "channel": ("ch",),
    "shardchannel": ("ch",),
    "parameter": ("maxmemory-policy", "hash-max-*"),
}
BY_TYPE: dict[str, Sequence[Any]] = {
    "integer": (0, 1, 2, -1, 10),
    "double": ("0", "1.5", "-2", "1e3", "inf"),
    "string": ("a", "1", "x y", "\u00e9"),
    "pattern": ("*", "a*"),
    "unix-time": (4_000_000_000,),
}


class Caller:
    """Draws the words of one call."""

    def __init__(self, draw: Draw, group: str) -> None:
        self._draw = draw
        self._keys = KEYS.get(group, ANY_KEYS)

    def _one_of(self, choices: Sequence[Any]) -> Any:
        return self._draw(st.sampled_from(choices))

    def _chance(self, tenths: int) -> bool:
        return bool(self._draw(st.integers(0, 9)) >= 10 - tenths)

    def words(self, arguments: Sequence[Argument]) -> list[Any]:
        """Return the words of what stands side by side."""
        words: list[Any] = []
        left = list(arguments)
        while left:
            argument = left.pop(0)
            if left and _counts(argument, left[0]):
                # A number of things, and then so many of them.
                counted = left.pop(0)
                number = self._draw(st.integers(1, 3))
                words += [*_token(argument), number, *_token(counted)]
                for _ in range(number):
                    words += self._value(counted)
            else:
                words += self._argument(argument)
        return words

    def _argument(self, argument: Argument) -> list[Any]:
        flags = argument.get("flags", ())
        if "optional" in flags and not self._chance(4):
            return []
        words: list[Any] = []
        for number in range(self._draw(st.integers(1, 3)) if "multiple" in flags else 1):
            if not number or "multiple_token" in flags:
                words += _token(argument)
            words += self._value(argument)
        return words

    def _value(self, argument: Argument) -> list[Any]:
        kind, name = argument["type"], argument["name"]
        if argument.get("token") == "BLOCK":
            return [1]  # milliseconds
        if kind == "pure-token":
            return []  # its token is all there is
        if kind == "oneof":
            return self._argument({**self._one_of(argument["arguments"]), "flags": ()})
        if kind == "block":
            return self.words(argument["arguments"])
        if kind == "key":
            return [self._one_of(ANY_KEYS if self._chance(1) else self._keys)]
        return [self._one_of(BY_NAME.get(name) or BY_TYPE[kind])]


def _counts(argument: Argument, following: Argument) -> bool:
    return (
        argument["type"] == "integer"
        and str(argument["name"]).startswith("num")
        and "multiple" in following.get("flags", ())
    )


def _token(argument: Argument) -> list[Any]:
    token = argument.get("token")
    return [] if token is None else [token]


def _plain(value: Any) -> Any:
    """Return a reply of COMMAND DOCS with its maps as dicts, whatever the protocol."""
    if isinstance(value, dict):
        return {_plain(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(each) for each in value]
    return value.decode() if isinstance(value, bytes) else value


def described(docs: Any) -> dict[str, tuple[str, list[Argument]]]:
    """Return group and arguments of every command and subcommand, by its name, from the reply to COMMAND DOCS."""
    found: dict[str, tuple[str, list[Argument]]] = {}

    def take(docs: Mapping[str, Any]) -> None:
        for name, doc in docs.items():
            if "subcommands" in doc:
                take(doc["subcommands"])
            if "subcommands" not in doc or name == "command":  # the one that means something by itself too
                found[name.replace("|", " ").upper()] = (doc.get("group", ""), doc.get("arguments", []))

    take(_plain(docs))
    return found


@st.composite
def calls(draw: Draw, commands: Mapping[str, tuple[str, list[Argument]]]) -> tuple[Any, ...]:
    """Draw the words of a call of one of these commands."""
    name = draw(st.sampled_from(sorted(set(commands) - set(LEFT_OUT))))
    return call_of(draw, name, commands)


def call_of(draw: Draw, name: str, commands: Mapping[str, tuple[str, list[Argument]]]) -> tuple[Any, ...]:
    """Draw the words of a call of this command."""
    group, arguments = commands[name]
    words = Caller(draw, group).words(arguments)
    # An ID of the server's own making is the time.
    return (*name.split(), *("9-1" if name == "XADD" and word == "*" else word for word in words))
