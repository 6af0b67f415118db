"""Queries put together out of parts."""

from __future__ import annotations

from typing import Any

import pytest

from multiplexer.search import querystring as qs


@pytest.mark.parametrize(
    ("part", "text"),
    [
        (qs.intersect("a", "b"), "(a b)"),
        (qs.intersect("a"), "a"),
        (qs.intersect(), ""),
        (qs.union("a", "b"), "(a|b)"),
        (qs.union(qs.intersect("a", "b"), "c"), "((a b)|c)"),
        (qs.intersect(f="x", g=qs.between(1, 2)), "(@f:x @g:[1 2])"),
        (qs.intersect(f=["x", "y"]), "@f:(x y)"),
        (qs.union("a", f=["x", "y"]), "(a|@f:(x|y))"),
        (qs.union(f=["x", qs.between(1, 2)]), "(@f:x|@f:[1 2])"),
        (qs.intersect(f=[qs.tags("a"), qs.between(1, 2)]), "(@f:{a} @f:[1 2])"),
        (qs.intersect(f=3), "@f:3"),
        (qs.disjunct("a"), "-a"),
        (qs.disjunct("a", "b"), "-(a b)"),
        (qs.disjunct_union("a", f="b"), "-(a|@f:b)"),
        (qs.optional("a"), "~a"),
        (qs.optional("a", "b"), "~(a b)"),
        (qs.intersect("a", qs.disjunct("b")), "(a -b)"),
        (qs.querystring("a", f="b"), "(a @f:b)"),
        (qs.tags("a", "b"), "{a | b}"),
        (qs.between(1, 2, inclusive_min=False), "[(1 2]"),
        (qs.equal(3), "[3 3]"),
        (qs.lt(3), "[-inf (3]"),
        (qs.le(3), "[-inf 3]"),
        (qs.gt(3), "[(3 inf]"),
        (qs.ge(3), "[3 inf]"),
        (qs.geo(1.5, 2.5, 3), "[2.5 1.5 3 km]"),
    ],
)
def test_queries(part: Any, text: str) -> None:
    assert str(part) == text


def test_brackets_on_demand() -> None:
    assert qs.intersect("a").to_string(with_parens=True) == "(a)"
    assert qs.intersect("a", "b").to_string(with_parens=False) == "a b"


def test_tags_need_one() -> None:
    with pytest.raises(ValueError, match="at least one"):
        qs.tags()
