"""A leak shows in the figures, and noise does not."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from multiplexer.core.connection_counters import ConnectionCounters, LatencyHistogram
from tests.truth.figures import TOLERANCES, Figures, growth, header, since, slope, unbalanced

ONE = Figures(60.0, 1000.0, 3, 0.001, 0.02, 50 * 2**20, 40_000, 20, 4, 7, 3)


def run(**changes: float) -> list[Figures]:
    """Make the figures of an hour in which some things grow by so much a minute, with noise."""
    chance = Random(1)
    return [
        replace(
            ONE,
            memory=ONE.memory + int(minute * changes.get("memory", 0)) + chance.randrange(2**20),
            objects=ONE.objects + int(minute * changes.get("objects", 0)) + chance.randrange(500),
            descriptors=ONE.descriptors + int(minute * changes.get("descriptors", 0)) + chance.choice((0, 0, 5)),
            threads=ONE.threads + int(minute * changes.get("threads", 0)) + chance.choice((0, 1)),
        )
        for minute in range(60)
    ]


def test_what_stays_the_same_is_no_growth() -> None:
    assert growth(run()) == []


@pytest.mark.parametrize("name", TOLERANCES)
def test_what_leaks_is_named(name: str) -> None:
    [complaint] = growth(run(**{name: 3 * TOLERANCES[name] / 45}))
    assert complaint.startswith(f"{name} grew by ")


def test_what_is_made_in_the_beginning_is_no_growth() -> None:
    taken = run()
    assert growth([replace(each, memory=each.memory // 2, objects=9) for each in taken[:14]] + taken[14:]) == []


def test_a_short_run_says_nothing_of_slopes() -> None:
    assert growth(run(memory=10**9)[:6]) == []


def test_a_slope_heeds_no_single_value() -> None:
    assert slope([1, 2, 3, 1000, 5, 6]) == 1
    assert slope([7] * 5) == 0


def test_a_table_has_a_cell_for_each_figure() -> None:
    assert header().splitlines()[0].count("|") == ONE.row().count("|") == header().splitlines()[1].count("|")
    assert ONE.row().startswith("| 60 s | 1000/s | 3 | 1.0 ms | 20 ms | 50.0 MiB |")


def test_counters_at_rest_balance() -> None:
    counters = ConnectionCounters("interactive")
    counters.operation_count, counters.completed_synchronously, counters.completed_asynchronously = 10, 4, 6
    assert unbalanced(counters) is None
    counters.operation_count = 11
    assert str(unbalanced(counters)).startswith("1 commands were written and neither answered nor failed")
    counters.failed = 1
    assert unbalanced(counters) is None
    counters.completed_synchronously = 20
    assert str(unbalanced(counters)).startswith("15 replies more than commands")
    counters.socket_count = 1
    assert unbalanced(counters) is None
    counters.sent_items_awaiting_response = 1
    assert str(unbalanced(counters)).startswith("1 outstanding, though nobody is calling")


def test_latency_since_some_time() -> None:
    latency = LatencyHistogram()
    latency.add(1.0, 100)
    before = [*latency.buckets]
    latency.add(0.001, 10)
    assert since(latency, before).count == 10
    assert since(latency, before).percentile(99) < 0.01
