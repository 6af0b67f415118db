"""Counters and the latency histogram."""

from __future__ import annotations

import pytest

from multiplexer import ConnectionCounters, ServerCounters
from multiplexer.core.connection_counters import LatencyHistogram


def test_the_histogram_counts_by_powers_of_two_of_a_microsecond() -> None:
    histogram = LatencyHistogram()
    assert histogram.percentile(50) == 0.0
    histogram.add(0.0)
    histogram.add(100e-6, 98)
    histogram.add(1.0)
    assert histogram.count == 100
    assert histogram.percentile(50) == 128e-6
    assert histogram.percentile(99) == 128e-6
    assert histogram.percentile(100) == pytest.approx(2**20 / 1e6)


@pytest.mark.parametrize("seconds", [0.0, 1e-9, 1e-6, 1.0, 3600.0, 1e9])
def test_any_duration_has_a_bucket_that_is_no_shorter(seconds: float) -> None:
    histogram = LatencyHistogram()
    histogram.add(seconds)
    assert histogram.count == 1
    assert histogram.percentile(50) >= seconds


def test_a_new_counter_is_empty_and_every_field_is_a_number() -> None:
    counters = ConnectionCounters("interactive")
    assert counters.is_empty
    numbers = counters.as_dict()
    assert numbers.pop("connection_type") == "interactive"
    assert numbers.pop("latency") == {"p50": 0.0, "p90": 0.0, "p99": 0.0}
    assert numbers.pop("latency_counts") == []
    assert set(numbers.values()) == {0}
    assert counters.unaccounted == 0
    assert set(ConnectionCounters.__slots__) - {"latency", "connection_type"} <= set(numbers)


def test_outstanding_is_everything_nobody_has_an_answer_to() -> None:
    counters = ConnectionCounters("interactive")
    counters.pending_unsent_items = 1
    counters.sent_items_awaiting_response = 20
    counters.responses_awaiting_async_completion = 300
    assert counters.total_outstanding == 321
    assert counters.as_dict()["total_outstanding"] == 321
    assert not counters.is_empty


def test_text_is_one_line_and_names_an_unused_connection_not() -> None:
    interactive, subscription = ConnectionCounters("interactive"), ConnectionCounters("subscription")
    leased = ConnectionCounters("leased")
    interactive.operation_count = 7
    counters = ServerCounters("server:1", interactive, subscription, leased)
    text = str(counters)
    assert text.startswith("server:1 interactive: ops=7 ")
    assert "\n" not in text
    assert "subscription" not in text
    subscription.socket_count = 1
    assert "subscription:" in str(counters)
    subscription.pending_unsent_items = 5
    leased.sent_items_awaiting_response = 2
    assert "leased:" in str(counters)
    assert counters.total_outstanding == 7
    assert counters.as_dict()["subscription"]["pending_unsent_items"] == 5


def test_what_is_neither_answered_nor_lost_nor_waited_for_is_told() -> None:
    counters = ConnectionCounters("interactive")
    counters.operation_count = 10
    counters.completed_synchronously, counters.completed_asynchronously, counters.lost = 1, 2, 3
    counters.sent_items_awaiting_response = 4
    assert (counters.answered, counters.unaccounted) == (3, 0)
    counters.operation_count += 1
    assert counters.unaccounted == 1


def test_fields_for_a_log_are_flat_and_those_of_connections_that_were_used() -> None:
    interactive, leased = ConnectionCounters("interactive"), ConnectionCounters("leased")
    interactive.operation_count, leased.socket_count = 7, 1
    interactive.latency.add(100e-6)
    fields = ServerCounters("server:1", interactive, ConnectionCounters("subscription"), leased).as_fields()
    assert fields["endpoint"] == "server:1"
    assert (fields["interactive_operation_count"], fields["leased_socket_count"]) == (7, 1)
    assert fields["interactive_latency_p50"] == 128e-6
    assert not [name for name in fields if name.startswith("subscription")]
    assert all(isinstance(value, int | float) for name, value in fields.items() if name != "endpoint")


def test_a_child_begins_anew() -> None:
    counters = ConnectionCounters("leased")
    counters.operation_count = counters.sent_items_awaiting_response = 1
    counters.latency.add(1.0)
    counters.reset()
    assert counters.is_empty
    assert (counters.connection_type, counters.latency.count) == ("leased", 0)
