"""Puts queries together out of parts, so that nobody has to write brackets by hand.

>>> str(intersect("hello", born=between(1800, 1900), country=tags("uk", "fr")))
'(hello @born:[1800 1900] @country:{uk | fr})'
"""

from __future__ import annotations

from collections.abc import Iterable

from .query import GeoFilter


class Value:
    """What a field is compared with.

    Attributes:
        combinable: Whether several can stand in one pair of brackets after the field's name.
    """

    combinable = False

    def to_string(self) -> str:
        """Return it as it stands in a query."""
        raise NotImplementedError

    def __str__(self) -> str:
        return self.to_string()


class ScalarValue(Value):
    """A word or number; whatever it is, its text is what counts."""

    combinable = True

    def __init__(self, v: object) -> None:
        self.value = v

    def to_string(self) -> str:
        return str(self.value)


class RangeValue(Value):
    """Numbers from one to another."""

    def __init__(self, a: object, b: object, inclusive_min: bool = False, inclusive_max: bool = False) -> None:
        self.lowest = str(a) if inclusive_min else f"({a}"
        self.highest = str(b) if inclusive_max else f"({b}"

    def to_string(self) -> str:
        return f"[{self.lowest} {self.highest}]"


class TagValue(Value):
    """One of several tags."""

    def __init__(self, *tags: object) -> None:
        if not tags:
            raise ValueError("tags: at least one is needed")
        self.tags = tags

    def to_string(self) -> str:
        return f"{{{' | '.join(map(str, self.tags))}}}"


class GeoValue(Value):
    """Places no further than ``radius`` from another one."""

    def __init__(self, lon: float, lat: float, radius: float, unit: str = GeoFilter.KILOMETERS) -> None:
        self.words = (lon, lat, radius, unit)

    def to_string(self) -> str:
        return f"[{' '.join(map(str, self.words))}]"


def tags(*t: object) -> TagValue:
    """A field has one of these tags.

    Raises:
        ValueError: There is none.
    """
    return TagValue(*t)


def between(a: object, b: object, inclusive_min: bool = True, inclusive_max: bool = True) -> RangeValue:
    """A field is from ``a`` to ``b``."""
    return RangeValue(a, b, inclusive_min, inclusive_max)


def equal(n: object) -> RangeValue:
    """A field is this number."""
    return between(n, n)


def lt(n: object) -> RangeValue:
    """A field is below this number."""
    return between("-inf", n, inclusive_max=False)


def le(n: object) -> RangeValue:
    """A field is not above this number."""
    return between("-inf", n)


def gt(n: object) -> RangeValue:
    """A field is above this number."""
    return between(n, "inf", inclusive_min=False)


def ge(n: object) -> RangeValue:
    """A field is not below this number."""
    return between(n, "inf")


def geo(lat: float, lon: float, radius: float, unit: str = GeoFilter.KILOMETERS) -> GeoValue:
    """A field is no further than ``radius`` from a place."""
    return GeoValue(lon, lat, radius, unit)


class Node:
    """A part of a query made of others.

    Args:
        children: Words, or other parts.
        kwparams: What fields are compared with, by their names: a value, or a list of values.
    """

    JOINSTR = " "
    PREFIX = ""

    def __init__(self, *children: object, **kwparams: object) -> None:
        self.params = [*map(str, children)]
        for name, values in kwparams.items():
            self.params += self._clauses(name, values if isinstance(values, (list, tuple)) else [values])

    def _clauses(self, name: str, values: Iterable[object]) -> list[str]:
        found = [value if isinstance(value, Value) else ScalarValue(value) for value in values]
        if len(found) > 1 and all(value.combinable for value in found):
            return [f"@{name}:({self.JOINSTR.join(map(str, found))})"]
        return [f"@{name}:{value}" for value in found]

    def to_string(self, with_parens: bool | None = None) -> str:
        """Return it as it stands in a query; brackets are put where they are needed, or as asked for."""
        joined = self.JOINSTR.join(self.params)
        brackets = len(self.params) > 1 if with_parens is None else with_parens
        return f"{self.PREFIX}({joined})" if brackets else f"{self.PREFIX}{joined}"

    def __str__(self) -> str:
        return self.to_string()


class IntersectNode(Node):
    """All of its parts must match."""


class UnionNode(Node):
    """One of its parts must match."""

    JOINSTR = "|"


class DisjunctNode(IntersectNode):
    """Not all of its parts may match."""

    PREFIX = "-"


class DistjunctUnion(DisjunctNode):
    """None of its parts may match."""

    JOINSTR = "|"


class OptionalNode(IntersectNode):
    """Documents in which its parts match come first."""

    PREFIX = "~"


def intersect(*args: object, **kwargs: object) -> IntersectNode:
    """All of the parts must match."""
    return IntersectNode(*args, **kwargs)


def union(*args: object, **kwargs: object) -> UnionNode:
    """One of the parts must match."""
    return UnionNode(*args, **kwargs)


def disjunct(*args: object, **kwargs: object) -> DisjunctNode:
    """Not all of the parts may match."""
    return DisjunctNode(*args, **kwargs)


def disjunct_union(*args: object, **kwargs: object) -> DistjunctUnion:
    """None of the parts may match."""
    return DistjunctUnion(*args, **kwargs)


def optional(*args: object, **kwargs: object) -> OptionalNode:
    """Documents in which the parts match come first."""
    return OptionalNode(*args, **kwargs)


def querystring(*args: object, **kwargs: object) -> str:
    """As :func:`intersect`, as text."""
    return intersect(*args, **kwargs).to_string()
