"""Where values stand among the words of a command, as the handles' methods put them down."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

Words = Sequence[Any]
#: Says at which places of a command's words values stand.
Places = Callable[[Words], Iterable[int]]


def at(*places: int) -> Places:
    """At these places, as far as there are words."""
    return lambda words: [place for place in places if place < len(words)]


def every(first: int, step: int = 1) -> Places:
    """From a place on: all words, or every second, …"""
    return lambda words: range(first, len(words), step)


def after(start: int, *options: str) -> Places:
    """Behind each of these options, which are looked for from a place on."""

    def places(words: Words) -> Iterable[int]:
        found = []
        place = start
        while place < len(words) - 1:
            if _is_one(words[place], options):
                place += 1
                found.append(place)
            place += 1
        return found

    return places


def both(first: Places, second: Places) -> Places:
    """Where either of two says."""
    return lambda words: (*first(words), *second(words))


def behind(start: int, step: int, options: frozenset[str]) -> Places:
    """At the end of each group of words that follow options.

    Args:
        start: Where the options begin.
        step: How many words each group has.
        options: What options there are; none takes a value.
    """

    def places(words: Words) -> Iterable[int]:
        first = start
        while first < len(words) and _is_one(words[first], options):
            first += 1
        return range(first + step - 1, len(words), step)

    return places


def counted_pairs(words: Words) -> Iterable[int]:
    """MSETEX: how many keys, and then each with its value."""
    return range(3, 3 + 2 * words[1], 2)


def field_values(words: Words) -> Iterable[int]:
    """HSETEX: ``FIELDS``, how many, and then each with its value."""
    place = 2
    while not _is_one(words[place], ("FIELDS",)):
        place += 1
    return range(place + 3, len(words), 2)


def entry_values(words: Words) -> Iterable[int]:
    """XADD: options, an id, and then fields with their values."""
    place = 2
    while _is_one(words[place], _ENTRY_OPTIONS):
        place += 1 + _ENTRY_OPTIONS[words[place]]
        if _is_one(words[place - 1], ("=", "~")):
            place += 1
    return range(place + 2, len(words), 2)


#: How many values the options of XADD have; the threshold of a trim may follow one of two signs.
_ENTRY_OPTIONS = {
    "NOMKSTREAM": 0,
    "KEEPREF": 0,
    "DELREF": 0,
    "ACKED": 0,
    "IDMPAUTO": 1,
    "IDMP": 2,
    "MAXLEN": 1,
    "MINID": 1,
    "LIMIT": 1,
}


def _is_one(word: object, options: Any) -> bool:
    """Whether a word is one of some options, which the methods write as str."""
    return isinstance(word, str) and word in options
