"""Clients that lose a server at the same moment do not come back at the same moment."""

from __future__ import annotations

from typing import Any

import pytest

from .loading import load_script

HERD = load_script("herd")
OUTAGES, Outage, simulate = HERD.OUTAGES, HERD.Outage, HERD.simulate
CLIENTS = 300


@pytest.mark.parametrize("outage", OUTAGES, ids=lambda outage: outage.name)
def test_all_come_back_and_each_keeps_to_its_back_off(outage: Any) -> None:
    herd = simulate(outage, CLIENTS)
    assert len(herd.connected) == CLIENTS
    assert min(herd.connected) >= outage.down
    assert max(herd.connected) < outage.down + 5
    later = herd.per_second()[1 : int(outage.down)]
    assert all(count < 3 * CLIENTS for count in later)


def test_they_are_spread_over_a_second() -> None:
    herd = simulate(Outage("away", 10.0), CLIENTS)
    back = [sum(1 for at in herd.connected if 10 + part <= at < 10 + part + 0.1) for part in (0.0, 0.2, 0.4)]
    assert all(0 < count < CLIENTS / 3 for count in back)


def test_one_that_takes_few_at_a_time_is_met_by_no_more() -> None:
    herd = simulate(Outage("slow", 10.0, accepts=100.0), CLIENTS)
    assert max(herd.connected) - 10.0 == pytest.approx(CLIENTS / 100, abs=0.2)


def test_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    HERD.main(["--clients", "50"])
    printed = capsys.readouterr().out
    assert printed.startswith("50 clients lose one server")
    assert printed.count("\n| ") == 1 + len(OUTAGES)
