"""What becomes of counters between two looks."""

from __future__ import annotations

import time
from typing import Any

from multiplexer import ConnectionMultiplexer
from multiplexer.dashboard.readings import SECONDS, Flow, History, Point, Reading
from tests.servers import RealServer


def view(mux: ConnectionMultiplexer, at: float) -> dict[str, Any]:
    """Return what an application answers."""
    return {"pid": 1, "program": "app.py", "at": at, "status": mux.get_status()}


def flow(**numbers: object) -> Flow:
    """Return a flow with some numbers."""
    nothing = Flow(0.0, 0, 0, 0.0, 0.0, 0, 0, 0, [])
    return nothing._replace(**numbers)  # type: ignore[arg-type]


def test_rates_are_by_the_applications_own_time(server: RealServer) -> None:
    with ConnectionMultiplexer.connect(f"{server.host}:{server.port}", heartbeat_interval=60) as mux:
        before = Reading(view(mux, 10.0))
        for _ in range(40):
            mux.get_database().ping()
        now = Reading(view(mux, 14.0))
        key = ("", f"{server.host}:{server.port}", "interactive")
        passed = now.since(before)[key]
        assert passed.operations == 10.0
        assert sum(passed.latency) == 40
        assert passed.sent == 40 * len(b"*1\r\n$4\r\nPING\r\n") / 4
        assert now.since(now) == {}
        point = Point.of(14.0, now.since(before).values())
        assert point.operations == 10.0
        assert point.p50 is not None
        assert point.p99 is not None
        assert 0 < point.p50 <= point.p99


def test_what_is_counted_anew_did_not_go_backwards(server: RealServer) -> None:
    """A server that leaves takes its counts along, and begins with none when it is back."""
    key = ("", f"{server.host}:{server.port}", "interactive")
    with ConnectionMultiplexer.connect(f"{server.host}:{server.port}", heartbeat_interval=60) as mux:
        for _ in range(10):
            mux.get_database().ping()
        before = Reading(view(mux, 1.0))
    with ConnectionMultiplexer.connect(f"{server.host}:{server.port}", heartbeat_interval=60) as mux:
        mux.get_database().ping()
        now = Reading(view(mux, 2.0))
    assert now.since(before)[key].operations == now.counts[key].operations
    gone = Reading({"at": 3.0, "status": {"servers": []}})
    assert gone.since(now) == {}
    assert now.since(Reading({"at": 1.0, "status": {"servers": []}}))[key].operations == now.counts[key].operations


def test_what_was_lost_is_not_lost_again_where_a_server_comes_back(own_server: RealServer) -> None:
    with ConnectionMultiplexer.connect(f"{own_server.host}:{own_server.port}") as mux:
        none = Reading(view(mux, 1.0))
        own_server.kill()
        while mux.is_connected:
            time.sleep(0.001)
        there = view(mux, 2.0)
    first = Reading(there)
    gone = Reading({"at": 3.0, "status": {**there["status"], "servers": []}})
    back = Reading({**there, "at": 4.0})
    passed = (first.since(none), gone.since(first), back.since(gone))
    assert [Point.of(1.0, flows.values()).lost for flows in passed] == [1, 0, 0]


def test_a_point_is_the_sum_of_flows() -> None:
    slow, quick = flow(operations=1.0, latency=[0] * 10 + [1], pending=3), flow(operations=99.0, latency=[0, 99])
    point = Point.of(1.0, [slow, quick, flow(lost=2, failed=1, retried=4, backlog=5)])
    assert (point.operations, point.pending, point.backlog) == (100.0, 3, 5)
    assert (point.lost, point.failed, point.retried) == (2, 1, 4)
    assert (point.p50, point.p99) == (2e-6, 2e-6)
    assert Point.of(1.0, [slow, quick, slow]).p99 == 1024e-6
    assert Point.of(1.0, []).p50 is None


def test_fifteen_minutes_are_kept() -> None:
    history = History()
    for second in range(2000):
        history.add(Point.of(float(second), []))
    assert [point.at for point in history.points()] == [float(at) for at in range(2000 - int(SECONDS) - 1, 2000)]
