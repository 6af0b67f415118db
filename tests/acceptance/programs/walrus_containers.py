"""walrus: containers, cache, rate limits, locks, streams, models and autocomplete."""

from __future__ import annotations

import sys
from typing import Any

from .common import check_facade

# isort: split
import walrus


def containers(db: Any) -> None:
    items = db.Hash("hash")
    items.update(a="1", b="2")
    assert (items["a"], "b" in items, len(items)) == (b"1", True, 2)
    del items["a"]
    assert items.as_dict(decode=True) == {"b": "2"}
    numbers = db.List("list")
    numbers.extend(["a", "b", "c"])
    assert (numbers[0], numbers[-1], len(numbers)) == (b"a", b"c", 3)
    assert numbers.popleft() == b"a"
    left, right = db.Set("left"), db.Set("right")
    left.add("x", "y")
    right.add("y", "z")
    assert (left & right, left - right) == ({b"y"}, {b"x"})
    scores = db.ZSet("scores")
    scores.add({"ann": 3, "bob": 1})
    scores["eve"] = 2
    assert scores.as_items(decode=True) == [("bob", 1.0), ("eve", 2.0), ("ann", 3.0)]
    assert (scores.score("ann"), scores[0]) == (3.0, [b"bob"])
    array = db.Array("array")
    array.extend(["a", "b"])
    array.append("c")
    assert (array[1], len(array), array.pop()) == (b"b", 3, b"c")
    seen = db.HyperLogLog("seen")
    seen.add("a", "b", "a")
    assert len(seen) == 2


def tools(db: Any) -> None:
    cache, calls = db.cache(), []

    @cache.cached(timeout=60)
    def double(number: int) -> int:
        calls.append(number)
        return number * 2

    assert [double(2), double(2), double(3)] == [4, 4, 6]
    assert calls == [2, 3]
    limit = db.rate_limit("limit", limit=2, per=60)
    assert [limit.limit("ann") for _ in range(3)] == [False, False, True]
    with db.lock("lock", ttl=10_000):
        assert not db.lock("lock").acquire(block=False)
    words = db.autocomplete()
    for title in ("red wine", "red apple", "green apple"):
        words.store(title)
    assert sorted(words.search("red")) == ["red apple", "red wine"]
    group = db.consumer_group("group", ["stream"])
    group.create()
    group.set_id("$")
    group.stream.add({"n": 1})
    [(stream, [(entry, data)])] = group.read()
    assert (stream, data) == (b"stream", {b"n": b"1"})
    assert group.stream.ack(entry) == 1
    with db.pipeline() as pipe:
        assert pipe.set("a", 1).incr("a").execute() == [True, 2]


def models(db: Any) -> None:
    class User(walrus.Model):
        __database__ = db
        name = walrus.TextField(primary_key=True)
        age = walrus.IntegerField(index=True)

    for name, age in (("ann", 30), ("bob", 20), ("eve", 40)):
        User.create(name=name, age=age)
    assert User.load("ann").age == 30
    assert [user.name for user in User.query(User.age >= 30, order_by=User.age)] == ["ann", "eve"]
    User.load("ann").delete()
    assert [user.name for user in User.query(User.age >= 30)] == ["eve"]


def main(db: Any) -> None:
    check_facade(db)
    containers(db)
    tools(db)
    models(db)
    db.close()


if __name__ == "__main__":
    kept = walrus.Database.from_url(sys.argv[1])  # to the end, when its books are looked through
    main(kept)
