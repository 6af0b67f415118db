"""What the client knows about a command: where its keys are, where it may go and whether it may be sent again.

The table of all commands is `multiplexer.core.commands.command_table`, generated from the servers' own description of
themselves. Routing, the choice of a lane (shared or leased connection) and retry read these objects and name no
command themselves.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from enum import IntEnum
from typing import Any

from ..types import Encodable

KeySpec = tuple[Any, ...]
"""Where some keys of a command are. One of:

* ``("range", first, last, step, limit)``: every ``step``-th argument from ``first`` on;
* ``("keynum", count_index, first, step)``: as many as the argument at ``count_index`` says;
* ``("keyword", word, start, skips, last, step, limit)``: a range after ``word``, searched from ``start`` on;
  ``skips`` are ``(option, number of its values)`` pairs, whose values must not be taken for the word;
* ``("filled", index)``: the argument at ``index``, unless it is empty.

``last`` is relative to the first key, or to the end where it is negative. ``limit`` above 1 divides what is left:
2 means the first half (XREAD's keys, whose second half are ids).
"""

BlockSpec = tuple[int | str, float]
"""How long a command blocks: ``(index of its timeout, seconds per unit)`` or ``(option, index to search from)``."""


PrefixRule = tuple[str, int]
"""What a key prefix goes before, beside keys: ``(kind, index of the word)``; the kinds are in ``key_prefix``."""


class ReplayCategory(IntEnum):
    """What sending a command twice could do, in ascending order of harm.

    A retry policy allows every category up to one of its choice. What was never applied (never written, or refused by
    the server) may be sent again whatever its category.
    """

    CONNECTION = 1
    """Concerns this connection only: PING, CLIENT SETNAME."""
    READ_ONLY = 2
    """Changes nothing."""
    WRITE_CHECKED = 3
    """A second time finds its condition not met and changes nothing, though the reply may differ: SETNX, XACK."""
    WRITE_LAST_WINS = 4
    """A second time leaves the same data, but may undo what another client wrote in between: SET, DEL, EXPIREAT."""
    ACCUMULATING = 5
    """A second time has a second effect, or loses what the first one returned: INCR, LPUSH, LPOP, PUBLISH."""
    ADMIN = 6
    """Changes the server itself: CONFIG SET, FLUSHALL."""
    NEVER = 7
    """Cannot be judged: scripts that may write, blocking commands, transactions, unknown commands."""


# Looking a member up in its class takes a while, and there are hundreds of commands.
_READ_ONLY, _ADMIN = ReplayCategory.READ_ONLY, ReplayCategory.ADMIN


class Command:
    """One command, or sub command such as ``CONFIG GET``. Immutable by convention and shared by all callers.

    Attributes:
        name: Upper-case name; a sub command's has a space in it.
        read_only: The server's ``readonly`` flag: a replica may answer it.
        write: The server's ``write`` flag.
        changes: It may change what is stored, or its caller's words decide whether it does, as for scripts.
        blocking: The command may make its connection wait; ask `is_blocking` about a call.
        admin: The server's ``admin`` flag.
        pubsub: The server's ``pubsub`` flag.
        container: There are sub commands of this name.
        first_key: Index of the key where there is exactly one at a fixed place, else 0.
        key_specs: Where the keys are.
        slot_specs: Where arguments are that are no keys but decide the slot: shard channels.
        replay: What sending it twice could do; ask `replay_category` about a call.
        replay_options: ``(index to search from, option, category)``: options that make a call more harmful, or less;
            one that begins with ``!`` counts where no word ends so.
        block_spec: Where the time is that it blocks.
        since: The first version that had it, in the numbering of the server it was learnt from.
        group: The server's group, such as ``"string"``.
        guarded: Whether a call must be looked at before it is queued: dangerous, blocking or refused.
        needs_admin: Whether it changes the server itself and so needs ``allowAdmin``.
        refused: Why ``execute`` refuses it, and what to use instead; None where it is not refused.
        whole_database: It sees or changes all keys of a database; in a cluster, those of one server.
        counts_own_writes: Its reply is about what its own connection has written.
        lasting: Its reply stays the same until one of its keys is written, so it may be kept until then.
        unconfined: Why no key prefix can confine it; None where one can.
        prefix_rule: What a key prefix goes before, beside keys.
        reply_keys: Where keys are in its reply: ``"first"``, ``"all"``, ``"page"``, ``"counted"``, ``"streams"``,
            ``"series"``.
    """

    __slots__ = (
        "_one_key",
        "admin",
        "block_spec",
        "blocking",
        "changes",
        "container",
        "counts_own_writes",
        "first_key",
        "group",
        "guarded",
        "key_specs",
        "lasting",
        "name",
        "needs_admin",
        "prefix_rule",
        "pubsub",
        "read_only",
        "refused",
        "replay",
        "replay_options",
        "reply_keys",
        "since",
        "slot_specs",
        "unconfined",
        "whole_database",
        "write",
    )

    def __init__(
        self,
        name: str,
        *,
        read_only: bool = False,
        write: bool = False,
        blocking: bool = False,
        admin: bool = False,
        pubsub: bool = False,
        container: bool = False,
        key_specs: tuple[KeySpec, ...] = (),
        slot_specs: tuple[KeySpec, ...] = (),
        replay: ReplayCategory = ReplayCategory.NEVER,
        replay_options: tuple[tuple[int, str, ReplayCategory], ...] = (),
        block_spec: BlockSpec | None = None,
        since: str = "",
        group: str = "",
        refused: str | None = None,
        whole_database: bool = False,
        counts_own_writes: bool = False,
        fleeting: bool = False,
        unconfined: str | None = None,
        prefix_rule: PrefixRule | None = None,
        reply_keys: str | None = None,
    ) -> None:
        self.name = name
        self.read_only = read_only
        self.write = write
        self.blocking = blocking
        self.admin = admin
        self.pubsub = pubsub
        self.container = container
        self.key_specs = key_specs
        self.slot_specs = slot_specs
        self.replay = replay
        self.changes = replay > _READ_ONLY
        self.replay_options = replay_options
        self.block_spec = block_spec
        self.since = since
        self.group = group
        self.refused = refused
        self.whole_database = whole_database
        self.counts_own_writes = counts_own_writes
        self.lasting = read_only and bool(key_specs) and not container and not fleeting
        self.unconfined = unconfined
        self.prefix_rule = prefix_rule
        self.reply_keys = reply_keys
        self.needs_admin = replay is _ADMIN or (admin and self.changes)
        self.guarded = self.needs_admin or blocking or refused is not None
        # Most commands have one key at a fixed place; knowing so saves the hot path the search.
        fixed = len(key_specs) == 1 and key_specs[0][0] == "range" and key_specs[0][2] == 0
        self.first_key: int = key_specs[0][1] if fixed else 0
        self._one_key = (self.first_key,)

    def __repr__(self) -> str:
        return f"<Command {self.name} {self.replay.name}>"

    def key_positions(self, args: Sequence[Encodable]) -> range | tuple[int, ...]:
        """Return the indexes of the keys in ``args``.

        Args:
            args: The whole command as it is sent, its name first.

        Returns:
            Indexes into ``args``; empty where there are no keys or the arguments make no sense, which the server
            will say better.
        """
        first_key = self.first_key
        if first_key:
            return self._one_key if first_key < len(args) else ()
        specs = self.key_specs
        if not specs:
            return ()
        return _find(specs, args)

    def keys(self, args: Sequence[Encodable]) -> tuple[Encodable, ...]:
        """Return the keys among ``args`` (the whole command, its name first), as they were given."""
        return tuple([args[position] for position in self.key_positions(args)])

    def slot_positions(self, args: Sequence[Encodable]) -> range | tuple[int, ...]:
        """Return the indexes of everything in ``args`` that decides the cluster slot: keys and shard channels."""
        specs = self.slot_specs
        return _find(specs, args) if specs else self.key_positions(args)

    def is_blocking(self, args: Sequence[Encodable]) -> bool:
        """Whether this call makes its connection wait: always for BLPOP, for XREAD only with BLOCK."""
        return self.blocking and (self.block_spec is None or self._timeout_index(self.block_spec, args) is not None)

    def block_time(self, args: Sequence[Encodable]) -> float:
        """Return how many seconds the server may hold back the reply to this call.

        Returns:
            0.0 for a call that does not block, ``math.inf`` for one that waits without end.
        """
        spec = self.block_spec
        if spec is None:
            return 0.0
        index = self._timeout_index(spec, args)
        if index is None:
            return 0.0
        unit = 0.001 if isinstance(spec[0], str) else spec[1]
        try:
            return float(text_of(args[index])) * unit or math.inf
        except (ValueError, IndexError):
            return 0.0  # the server refuses it at once

    def replay_category(self, args: Sequence[Encodable]) -> ReplayCategory:
        """Return what sending this call twice could do, its options considered (ZADD with INCR accumulates).

        Of several options the most harmful counts; a word that only looks like one makes a call no less harmful than
        it is.
        """
        found = [category for start, option, category in self.replay_options if _has_option(option, start, args)]
        return max(found, default=self.replay)

    @staticmethod
    def _timeout_index(spec: BlockSpec, args: Sequence[Encodable]) -> int | None:
        where, detail = spec
        if isinstance(where, int):
            return where if where >= 0 else len(args) + where
        # Streams come last; one of them may bear the option's name.
        end = _search("STREAMS", int(detail), (), args)
        found = _search(where, int(detail), (), args[:end])
        return None if found is None else found + 1


def _find(specs: tuple[KeySpec, ...], args: Sequence[Encodable]) -> range | tuple[int, ...]:
    if len(specs) == 1:
        return _FINDERS[specs[0][0]](specs[0], args)
    positions: list[int] = []
    for spec in specs:
        positions.extend(_FINDERS[spec[0]](spec, args))
    return tuple(positions)


def _range(first: int, last: int, step: int, limit: int, args: Sequence[Encodable]) -> range:
    count = len(args)
    if last >= 0:
        end = first + last
    elif limit > 1:
        end = first + (count - first) // limit + last
    else:
        end = count + last
    return range(first, min(end + 1, count), step)


def _find_range(spec: KeySpec, args: Sequence[Encodable]) -> range:
    _, first, last, step, limit = spec
    return _range(first, last, step, limit, args)


def _find_keynum(spec: KeySpec, args: Sequence[Encodable]) -> range | tuple[int, ...]:
    _, count_index, first, step = spec
    try:
        number = int(text_of(args[count_index]))
    except (ValueError, IndexError):
        return ()
    return range(first, min(first + number * step, len(args)), step)


def _find_keyword(spec: KeySpec, args: Sequence[Encodable]) -> range | tuple[int, ...]:
    _, word, start, skips, last, step, limit = spec
    found = _search(word, start, skips, args)
    return () if found is None else _range(found + 1, last, step, limit, args)


def _find_filled(spec: KeySpec, args: Sequence[Encodable]) -> tuple[int, ...]:
    index: int = spec[1]
    return (index,) if index < len(args) and text_of(args[index]) else ()


_FINDERS: dict[str, Callable[[KeySpec, Sequence[Encodable]], range | tuple[int, ...]]] = {
    "range": _find_range,
    "keynum": _find_keynum,
    "keyword": _find_keyword,
    "filled": _find_filled,
}


def _search(word: str, start: int, skips: Sequence[tuple[str, int]], args: Sequence[Encodable]) -> int | None:
    """Return the index of an option in ``args``, stepping over the values of the options in ``skips``."""
    index = start
    while index < len(args):
        text = text_of(args[index]).upper()
        if text == word:
            return index
        for option, values in skips:
            if text == option:
                index += values
        index += 1
    return None


def _has_option(option: str, start: int, args: Sequence[Encodable]) -> bool:
    if option[0] == "!":
        return not any(text_of(arg).endswith(option[1:]) for arg in args[start:])
    return _search(option, start, (), args) is not None


def text_of(arg: object) -> str:
    """Return an argument as text, for comparing it with a word or reading a number; keys need not be text."""
    if isinstance(arg, str):
        return arg
    if isinstance(arg, (bytes, bytearray, memoryview)):
        return bytes(arg).decode("latin-1")
    return str(arg)
