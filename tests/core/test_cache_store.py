"""Where kept replies lie: bounded in bytes, dropped by key at the same cost among a million, never anybody's own."""

from __future__ import annotations

import gc
import time
import tracemalloc
from typing import Any

import pytest

from multiplexer.core.cache.store import OVERHEAD, Entry, Epoch, Shelf, Store, copied, weight

MIB = 1024 * 1024


def kept(
    store: Store,
    shelf: Shelf,
    key: bytes,
    value: Any = b"value",
    names: bytes | tuple[bytes, ...] | None = None,
    until: float = 1e9,
    epoch: Epoch | None = None,
) -> Entry:
    """Keep something."""
    entry = Entry(shelf, key, names or key, value, 0.0, until, epoch or Epoch())
    store.add(entry)
    return entry


def test_what_is_kept_is_found_and_dropped_by_its_key() -> None:
    store = Store(MIB)
    named, packed = store.make_shelf(True), store.make_shelf(False)
    kept(store, named, b"a")
    kept(store, packed, b"HGETALL a", {b"f": b"1"}, b"a")
    kept(store, packed, b"SINTER a b", [b"1"], (b"a", b"b"))
    kept(store, packed, b"HGETALL b", {}, b"b")
    assert (store.count, store.stored) == (4, 4)
    assert store.drop([b"b"]) == 2
    assert list(packed.entries) == [b"HGETALL a"]
    assert store.drop([b"b", b"c"]) == 0
    assert store.drop([b"a", b"a"]) == 2
    assert not named.entries
    assert not packed.entries
    assert (store.count, store.bytes) == (0, 0)


def test_one_name_stands_for_all_databases() -> None:
    store = Store(MIB)
    first, second = store.make_shelf(True), store.make_shelf(True)
    kept(store, first, b"a")
    kept(store, second, b"a")
    assert store.drop([b"a"]) == 2
    assert not first.entries
    assert not second.entries


def test_what_has_the_same_key_takes_its_place() -> None:
    store = Store(MIB)
    packed = store.make_shelf(False)
    kept(store, packed, b"LRANGE a", [b"1"], b"a")
    second = kept(store, packed, b"LRANGE a", [b"1", b"2"], b"a")
    assert packed.entries == {b"LRANGE a": second}
    assert (store.count, store.bytes) == (1, second.size)
    assert store.drop([b"a"]) == 1


def test_the_longest_unused_makes_room() -> None:
    size = OVERHEAD + 2 + weight(b"x" * 1000)
    store = Store(20 * size)
    shelf = store.make_shelf(True)
    entries = [kept(store, shelf, b"%02d" % number, b"x" * 1000) for number in range(20)]
    assert store.evicted == 0
    entries[0].used = True
    kept(store, shelf, b"20", b"x" * 1000)
    assert sorted(shelf.entries) == [b"00", *(b"%02d" % number for number in range(2, 21))]
    for number in range(21, 41):
        kept(store, shelf, b"%02d" % number, b"x" * 1000)
    assert b"00" not in shelf.entries  # it was passed over once
    assert (store.count, store.bytes, store.evicted) == (20, 20 * size, 21)


def test_no_more_than_so_many_are_kept() -> None:
    store = Store(MIB, 3)
    shelf = store.make_shelf(True)
    for number in range(5):
        kept(store, shelf, b"%d" % number)
    assert sorted(shelf.entries) == [b"2", b"3", b"4"]
    store.limit(MIB, 2)
    assert sorted(shelf.entries) == [b"3", b"4"]
    store.limit(MIB)
    for number in range(5):
        kept(store, shelf, b"%d" % number)
    assert store.count == 5


def test_what_takes_more_than_a_sixteenth_is_not_kept() -> None:
    store = Store(16_000)
    shelf = store.make_shelf(True)
    kept(store, shelf, b"large", b"x" * 1000)
    assert not shelf.entries
    assert (store.count, store.stored, store.refused) == (0, 0, 1)
    kept(store, shelf, b"small", b"x" * 100)
    assert list(shelf.entries) == [b"small"]


def test_a_smaller_bound_holds_at_once() -> None:
    store = Store(MIB)
    shelf = store.make_shelf(True)
    for number in range(100):
        kept(store, shelf, b"%02d" % number)
    store.limit(store.bytes // 2)
    assert store.count == 50
    assert next(iter(shelf.entries)) == b"50"


def test_what_has_ended_is_swept_away() -> None:
    store = Store(8 * MIB)
    shelf = store.make_shelf(True)
    epoch = Epoch()
    for number in range(3000):
        kept(store, shelf, b"%d" % number, until=1.0 if number % 3 else 9.0, epoch=epoch if number % 2 else Epoch())
    epoch.over = True
    slices = list(store.sweep(5.0))
    assert len(slices) == 6
    assert sorted(map(int, shelf.entries)) == list(range(0, 3000, 6))


def test_a_sweep_survives_what_happens_between_its_slices() -> None:
    store = Store(8 * MIB)
    shelf = store.make_shelf(True)
    for number in range(3000):
        kept(store, shelf, b"%d" % number, until=1.0)
    sweep = store.sweep(5.0)
    next(sweep)
    store.drop([b"%d" % number for number in range(400, 600)])
    assert list(sweep) == []  # what it would have gone on with is gone
    assert store.count == 2400
    assert len(list(store.sweep(5.0))) == 4
    assert (store.count, store.bytes) == (0, 0)


def test_what_is_dropped_in_the_middle_of_a_change_goes_at_its_end() -> None:
    """A finalizer may write while an entry is taken in, in the same thread."""
    store = Store(MIB)
    shelf = store.make_shelf(True)
    kept(store, shelf, b"other")

    class Writes(dict[bytes, Entry]):
        def __setitem__(self, key: bytes, entry: Entry) -> None:
            super().__setitem__(key, entry)
            store.drop([b"key", b"other"])

    shelf.entries = Writes(shelf.entries)
    kept(store, shelf, b"key")
    assert not shelf.entries
    assert (store.count, store.bytes) == (0, 0)


@pytest.mark.parametrize(
    "reply",
    [b"text", 1, None, 1.5, [b"a", [b"b", None], {b"c": [1]}], {b"a": b"1", b"b": [b"2"]}, {b"a", b"b"}, [], {}],
)
def test_a_copy_is_equal_and_shares_nothing_that_can_be_changed(reply: Any) -> None:
    copy = copied(reply)
    assert copy == reply
    assert weight(reply) > 0
    if isinstance(reply, list | dict | set):
        assert copy is not reply
    if isinstance(reply, list) and reply:
        copy[1].append(b"more")
        copy[2][b"c"].append(2)
        assert reply == [b"a", [b"b", None], {b"c": [1]}]


def test_dropping_a_key_costs_the_same_among_many() -> None:
    def seconds(number: int) -> float:
        store = Store(1 << 40)
        shelf = store.make_shelf(True)
        epoch = Epoch()
        for key in range(number):
            store.add(Entry(shelf, b"%d" % key, b"%d" % key, b"v", 0.0, 1e9, epoch))
        names = [[b"%d" % key] for key in range(0, number, number // 100)]
        best = 1.0
        for name in names:
            began = time.perf_counter()
            store.drop(name)
            best = min(best, time.perf_counter() - began)
        assert store.count == number - len(names)
        return best

    gc.disable()
    try:
        assert seconds(100_000) < 10 * seconds(1000) + 5e-6
    finally:
        gc.enable()


def test_an_entry_takes_less_than_400_bytes_besides_key_and_value() -> None:
    store = Store(1 << 40)
    shelf = store.make_shelf(True)
    epoch = Epoch()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        for number in range(20_000):
            key = b"key:%012d" % number
            store.add(Entry(shelf, key, key, b"value %094d" % number, 1e3 + number, 2e3 + number, epoch))
        taken = (tracemalloc.get_traced_memory()[0] - before) / 20_000
    finally:
        tracemalloc.stop()
    assert taken - 16 - 100 < 400
    assert 0.7 < store.bytes / 20_000 / taken < 1.4  # what is counted is about what is taken
