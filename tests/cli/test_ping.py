"""``ping``: round trips, and clear errors."""

from __future__ import annotations

import json
import re
import time

import pytest

from multiplexer.cli.ping import percentile
from multiplexer.embedded import free_port
from tests.servers import RealServer

from .conftest import PASSWORD, Run


def test_round_trips_are_shown(run: Run, address: str, guarded_server: RealServer) -> None:
    before = int(guarded_server.info("commandstats")["cmdstat_ping"].split(",")[0].removeprefix("calls="))
    result = run("ping", address, "--count", "25", "--interval", "0")
    after = int(guarded_server.info("commandstats")["cmdstat_ping"].split(",")[0].removeprefix("calls="))
    assert result.exit_code == 0
    assert "25 of 25" in result.output
    times = [float(time) for time in re.findall(r"(\d+\.\d+) ms", result.output)]
    assert len(times) == 4
    assert times == sorted(times)
    assert times[0] > 0
    assert after - before == 25 + 1  # closing sends one more, to learn that all was answered


def test_the_interval_lies_between_two_pings(run: Run, address: str) -> None:
    began = time.monotonic()
    assert run("ping", address, "-c", "4", "-i", "0.1").exit_code == 0
    assert time.monotonic() - began >= 0.3


def test_the_configuration_may_stand_in_the_environment(run: Run, guarded_server: RealServer) -> None:
    url = f"redis://:{PASSWORD}@{guarded_server.host}:{guarded_server.port}"
    result = run("ping", "-c", "1", env={"MULTIPLEXER_CONFIGURATION": url})
    assert result.exit_code == 0
    assert "1 of 1" in result.output


def test_every_server_has_a_row(run: Run, address: str) -> None:
    with RealServer.start("valkey", password=PASSWORD) as other:
        result = run("ping", f"{other.host}:{other.port},{address}", "-c", "2", "-i", "0")
    assert result.exit_code == 0
    assert result.output.count("2 of 2") == 2


def test_json(run: Run, address: str, guarded_server: RealServer) -> None:
    away = f"127.0.0.1:{free_port()}"
    result = run("ping", f"{away},{address}", "-c", "5", "-i", "0", "-t", "0.3", "--json")
    assert result.exit_code == 1
    assert away in result.stderr
    lost, answered = json.loads(result.stdout)["servers"]
    assert (lost["endpoint"], lost["sent"], lost["replies"], lost["p99"]) == (away, 5, 0, None)
    assert "never connected" in lost["error"]
    assert (answered["endpoint"], answered["replies"]) == (f"127.0.0.1:{guarded_server.port}", 5)
    assert answered["error"] is None
    assert 0 < answered["min"] <= answered["p50"] <= answered["p99"] <= answered["max"] < 5
    assert run("ping", address, "-c", "1", "--json").exit_code == 0


def test_json_of_nobody(run: Run) -> None:
    result = run("ping", f"127.0.0.1:{free_port()}", "--json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "no server could be reached" in result.stderr


def test_one_server_of_two_away(run: Run, address: str) -> None:
    result = run("ping", f"127.0.0.1:{free_port()},{address}", "-c", "2", "-i", "0", "-t", "0.3")
    assert result.exit_code == 1
    assert "0 of 2" in result.output
    assert "2 of 2" in result.output
    assert "never connected" in result.stderr


@pytest.mark.parametrize(
    ("configuration", "message"),
    [
        ("127.0.0.1:{free}", "no server could be reached"),
        ("127.0.0.1:{port},password=wrong-but-secret", "WRONGPASS"),
        ("127.0.0.1:{port}", "wants a password"),
        ("127.0.0.1:{port},pasword=wrong-but-secret", "did you mean 'password'"),
        ("redis://127.0.0.1:99999", "port"),
    ],
)
def test_what_is_wrong_is_said_without_secrets(
    run: Run, guarded_server: RealServer, configuration: str, message: str
) -> None:
    result = run("ping", configuration.format(free=free_port(), port=guarded_server.port))
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: ")
    assert message in result.stderr
    assert "secret" not in result.output
    assert "Traceback" not in result.output


def test_a_silent_server_does_not_hold_it_up(run: Run, own_server: RealServer) -> None:
    own_server.pause()
    began = time.monotonic()
    result = run("ping", f"{own_server.host}:{own_server.port}", "-t", "0.3")
    own_server.resume()
    assert result.exit_code == 1
    assert "within 0.3 s" in result.stderr or "did not end in time" in result.stderr
    assert time.monotonic() - began < 3


@pytest.mark.parametrize("arguments", [("-c", "0"), ("-i", "-1"), ("-t", "0")])
def test_senseless_numbers_are_refused(run: Run, arguments: tuple[str, str]) -> None:
    result = run("ping", *arguments)
    assert result.exit_code == 2
    assert "Invalid value" in result.stderr


def test_percentiles() -> None:
    times = [float(number) for number in range(1, 101)]
    assert [percentile(times, percent) for percent in (0, 50, 99, 100)] == [1, 50, 99, 100]
    assert percentile([7.0], 99) == 7
