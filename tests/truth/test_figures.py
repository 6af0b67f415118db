"""A leak shows in the figures, and noise does not."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from multiplexer.core.connection_counters import LatencyHistogram
from tests.truth.figures import TOLERANCES, Figures, growth, header, since, slope, trends

ONE = Figures(60.0, 1000.0, 3, 0.001, 0.008, 0.02, 50 * 2**20, 40_000, 20, 4, 5, 7, 3)


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
            tasks=ONE.tasks + int(minute * changes.get("tasks", 0)) + chance.choice((0, 1)),
            clients=ONE.clients + int(minute * changes.get("clients", 0)) + chance.choice((0, 1)),
        )
        for minute in range(60)
    ]


def test_what_stays_the_same_is_no_growth() -> None:
    assert growth(run()) == []


@pytest.mark.parametrize("name", TOLERANCES)
def test_what_leaks_is_named(name: str) -> None:
    [complaint] = growth(run(**{name: 3 * TOLERANCES[name] / 45}))
    assert complaint.startswith(f"{name} grew by ")


def test_a_trend_is_told_with_its_bound() -> None:
    [memory] = [trend for trend in trends(run(memory=2**20)) if trend.name == "memory"]
    assert memory.grown == pytest.approx(44 * 2**20, rel=0.1)
    assert (memory.most, memory.last > memory.first) == (TOLERANCES["memory"], True)


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
    assert ONE.row().startswith("| 60 s | 1000/s | 3 | 1.0 ms | 8 ms | 20 ms | 50.0 MiB |")


def test_latency_since_some_time() -> None:
    latency = LatencyHistogram()
    latency.add(1.0, 100)
    before = [*latency.buckets]
    latency.add(0.001, 10)
    assert since(latency, before).count == 10
    assert since(latency, before).percentile(99) < 0.01
