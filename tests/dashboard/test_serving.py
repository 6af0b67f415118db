"""What a dashboard tells its pages, and whom it answers."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from multiplexer import ConnectionMultiplexer
from multiplexer.dashboard import observer
from multiplexer.dashboard.feed import MOST_PAGES, MOST_WAITING, Feed, Page
from multiplexer.dashboard.serving import LEAST_TOKEN, Dashboard
from multiplexer.errors import ConfigurationError
from tests.servers import RealServer

from .conftest import Stream, port_of
from .load import KEY, VALUE

Show = Callable[..., Dashboard]
Open = Callable[..., Stream]
Start = Callable[..., subprocess.Popen[str]]

TOKEN = "a-token-that-is-long-enough"


def ask(dashboard: Dashboard, path: str = "/", **headers: str) -> http.client.HTTPResponse:
    """Send a request and return the response, read."""
    connection = http.client.HTTPConnection("127.0.0.1", port_of(dashboard), timeout=10)
    try:
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        response.said = response.read().decode()  # type: ignore[attr-defined]
        return response
    finally:
        connection.close()


def address_of(server: RealServer) -> str:
    """Return where a server is."""
    return f"{server.host}:{server.port}"


# -- what is told --------------------------------------------------------------------------------------


def test_events_of_an_application_under_load(
    show: Show, stream: Open, application: Start, own_server: RealServer, tmp_path: Path
) -> None:
    process = application(address_of(own_server), tmp_path / "app.sock")
    dashboard = show()
    page = stream(dashboard)
    assert page.take()[0] == "history"

    def is_shown(state: Any) -> bool:
        rows = state["servers"]
        return bool(
            rows and rows[0]["operations"] and rows[0]["p99"] and state["leases"] and state["cache"]["hits"]
        )  # fmt: skip

    state = page.until(is_shown)
    assert state["health"] == "ready"
    assert state["missing"] == state["failures"] == state["storms"] == state["groups"] == []
    (row,) = state["processes"]
    assert (row["pid"], row["program"], row["state"], row["health"]) == (process.pid, "load.py", "live", "ready")
    (server,) = state["servers"]
    assert (server["endpoint"], server["role"], server["state"]) == (address_of(own_server), "primary", "well")
    assert (server["words"], server["connected"], server["processes"]) == ("connected", 1, 1)
    assert 0 < server["p50"] <= server["p99"]
    assert state["leases"][0]["endpoint"] == address_of(own_server)
    at, operations, p50, p99, *_ = state["point"]
    assert operations > 10
    assert 0 < p50 <= p99
    later = page.until(lambda state: state["point"][0] > at)
    assert later["point"][0] - at > 0.5
    # A page that is opened later has what was before.
    name, points = stream(dashboard).take()
    assert name == "history"
    assert [at, operations] in [point[:2] for point in points]
    assert KEY not in page.said
    assert VALUE not in page.said


def test_a_server_that_is_killed_and_comes_back(
    show: Show, stream: Open, application: Start, own_server: RealServer, tmp_path: Path
) -> None:
    application(address_of(own_server), tmp_path / "app.sock")
    page = stream(show())
    page.until(lambda state: state["point"] and state["point"][1])
    own_server.kill()
    state = page.until(lambda state: state["health"] == "down")
    assert state["missing"] == ["no server is connected"]
    assert state["servers"][0]["state"] == "away"
    assert state["servers"][0]["words"].startswith("disconnected for ")
    # Connections may be lost in more than one way, by an end or a reset: each has a row of its own.
    awaited = {"connection lost", "could not connect", "command timed out"}
    state = page.until(lambda state: {row["what"] for row in state["failures"]} >= awaited)
    timeouts = [row["words"] for row in state["failures"] if row["what"] == "command timed out"]
    assert any("was not sent: it waited in the backlog" in words for words in timeouts)
    own_server.restart()
    state = page.until(lambda state: state["health"] == "ready" and state["point"][1])
    assert state["servers"][0]["words"] == "connected"
    page.close()
    assert KEY not in page.said
    assert VALUE not in page.said


def test_processes_come_and_go(
    show: Show, stream: Open, server: RealServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(observer, "GONE_FOR", 2.0)
    page = stream(show())
    assert page.until(lambda state: True)["names"] == []
    with ConnectionMultiplexer.connect(address_of(server)) as first:
        first.serve_status(tmp_path / "first.sock")
        state = page.until(lambda state: state["names"])
        assert [row["where"] for row in state["processes"]] == [str(tmp_path / "first.sock")]
        with ConnectionMultiplexer.connect(address_of(server)) as second:
            second.serve_status(tmp_path / "second.sock")
            state = page.until(lambda state: len(state["names"]) == 2)
            assert {each["pid"] for each in state["names"]} == {os.getpid()}
            assert state["servers"][0]["processes"] == 2
        state = page.until(lambda state: [each["state"] for each in state["processes"]] == ["live", "gone"])
        assert state["servers"][0]["processes"] == 1
        assert state["health"] == "ready"
        assert page.until(lambda state: len(state["names"]) == 1)["processes"][0]["state"] == "live"
    assert page.until(lambda state: not state["names"])["health"] is None


def test_a_process_that_does_not_answer_is_silent_and_holds_up_nobody(
    show: Show, stream: Open, server: RealServer, tmp_path: Path
) -> None:
    """A socket whose owner is busy with something else; the other process is looked at each second meanwhile."""
    with ConnectionMultiplexer.connect(address_of(server)) as mux, ExitStack() as stack:
        mux.serve_status(tmp_path / "well.sock")
        busy = stack.enter_context(socket.socket(socket.AF_UNIX))
        busy.bind(str(tmp_path / "busy.sock"))
        busy.listen()
        page = stream(show())
        page.until(lambda state: state["names"])
        viewer, _ = busy.accept()
        stack.enter_context(viewer)
        view = {"pid": 1, "program": "busy.py", "at": 1.0, "status": mux.get_status()}
        viewer.recv(10)
        viewer.sendall(json.dumps(view).encode() + b"\n")
        state = page.until(lambda state: len(state["names"]) == 2)
        assert {row["state"] for row in state["processes"]} == {"live"}
        state = page.until(lambda state: {row["state"] for row in state["processes"]} == {"live", "silent"})
        began = page.take()[1]["at"]
        assert page.take()[1]["at"] - began < 5 * observer.EVERY
        viewer.sendall(json.dumps(view).encode() + b"\n")
        page.until(lambda state: {row["state"] for row in state["processes"]} == {"live"})


def test_a_page_of_one_process(show: Show, stream: Open, server: RealServer, tmp_path: Path) -> None:
    with (
        ConnectionMultiplexer.connect(address_of(server)) as one,
        ConnectionMultiplexer.connect(address_of(server)) as other,
    ):
        for number, mux in enumerate((one, other)):
            mux.serve_status(tmp_path / f"{number}.sock")
        dashboard = show()
        state = stream(dashboard).until(lambda state: len(state["names"]) == 2)
        chosen = state["processes"][1]
        state = stream(dashboard, chosen["name"]).until(lambda state: state["point"])
        assert [row["where"] for row in state["processes"]] == [chosen["where"]]
        assert len(state["names"]) == 2
        assert state["servers"][0]["processes"] == 1
        state = stream(dashboard, "nobody").until(lambda state: True)
        assert (state["processes"], state["point"], len(state["names"])) == ([], None, 2)


def test_what_is_no_application_is_told_of(show: Show, stream: Open, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(tmp_path / "left.sock"))
    (tmp_path / "file.sock").write_text("no socket")
    page = stream(show())
    state = page.until(lambda state: state["refused"])
    assert state["refused"] == [f"nobody shows anything at {tmp_path / 'left.sock'}: Connection refused"]
    (tmp_path / "left.sock").unlink()
    page.until(lambda state: not state["refused"])


def test_what_is_not_understood_stops_nobody(show: Show, stream: Open, server: RealServer, tmp_path: Path) -> None:
    where = tmp_path / "odd.sock"
    with ConnectionMultiplexer.connect(address_of(server)) as mux, socket.socket(socket.AF_UNIX) as odd:
        mux.serve_status(tmp_path / "well.sock")
        odd.bind(str(where))
        odd.listen()
        page = stream(show())
        viewer, _ = odd.accept()
        for status in ({}, {"servers": [{}]}, {"servers": 1}, {**mux.get_status(), "happenings": [None]}):
            viewer.recv(10)
            viewer.sendall(json.dumps({"pid": 1, "program": "odd", "at": 1.0, "status": status}).encode() + b"\n")
            state = page.until(lambda state: state["refused"])
            assert state["refused"] == [f"what is at {where} shows a state that is not understood"]
            assert [row["where"] for row in state["processes"]] == [str(tmp_path / "well.sock")]
        viewer.close()


def test_a_port_in_the_place_of_a_path(show: Show, stream: Open, server: RealServer) -> None:
    with ConnectionMultiplexer.connect(address_of(server)) as mux:
        _, port = mux.serve_status(0).address.split(":")
        state = stream(show(port)).until(lambda state: state["names"])
        assert state["processes"][0]["where"] == port


def test_one_look_a_second_however_many_pages_are_open(
    show: Show, stream: Open, server: RealServer, tmp_path: Path
) -> None:
    with ConnectionMultiplexer.connect(address_of(server)) as mux:
        served = mux.serve_status(tmp_path / "app.sock")
        dashboard = show()
        pages = [stream(dashboard) for _ in range(5)]
        for page in pages:
            for _ in range(2):
                page.until(lambda state: state["point"])
            assert len(served._viewers) == 1
        _, points = stream(dashboard).take()
        assert len(points) <= (points[-1][0] - points[0][0]) / observer.EVERY + 2


def test_a_page_that_takes_nothing_slows_nobody(show: Show, stream: Open, server: RealServer, tmp_path: Path) -> None:
    with ConnectionMultiplexer.connect(address_of(server)) as mux, socket.socket() as stuck:
        mux.serve_status(tmp_path / "app.sock")
        dashboard = show()
        stuck.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        stuck.connect(("127.0.0.1", port_of(dashboard)))
        stuck.sendall(b"GET /events?process=nobody HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert stuck.recv(12) == b"HTTP/1.1 200"
        page = stream(dashboard)
        (held,) = [each for each in dashboard._feed._pages if each.process == "nobody"]
        loop = dashboard._loop
        assert loop is not None
        while not held._waiting.full():
            loop.call_soon_threadsafe(dashboard._feed.publish, {"nobody": b": " + b"x" * 1_000_000 + b"\n\n"})
            page.until(lambda state: state["names"])
        assert held._waiting.qsize() == MOST_WAITING
        before = page.take()[1]["at"]
        assert page.take()[1]["at"] > before
        assert held._waiting.qsize() == MOST_WAITING


async def test_of_what_waits_for_a_page_the_oldest_is_dropped() -> None:
    page = Page("")
    for number in range(MOST_WAITING + 2):
        page.put(b"%d" % number)
    assert [await page.take() for _ in range(MOST_WAITING)] == [b"%d" % (2 + n) for n in range(MOST_WAITING)]
    feed = Feed()
    pages = [feed.join(str(n % 2)) for n in range(MOST_PAGES)]
    assert feed.is_full
    assert set(feed.wanted()) == {"0", "1"}
    feed.leave(pages.pop())
    assert not feed.is_full


# -- who is answered -----------------------------------------------------------------------------------


def test_the_page_is_one_file_that_lets_in_nothing_from_elsewhere(show: Show) -> None:
    response = ask(show())
    said = response.said  # type: ignore[attr-defined]
    assert response.status == 200
    assert said.startswith("<!doctype html>")
    for elsewhere in ("http:", "https:", "src=", "@import", "/* page"):
        assert elsewhere not in said.replace("http://www.w3.org/2000/svg", ""), elsewhere
    policy = response.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/", "/events"])
def test_on_loopback_it_answers_to_no_name_from_elsewhere(path: str, show: Show) -> None:
    """A page of somebody else's, whose name was made to lead here, is not told anything."""
    dashboard = show()
    for name in ("rebound.example", "rebound.example:8000", "127.0.0.1.rebound.example", "localhost.rebound.example"):
        assert ask(dashboard, path, Host=name).status == 400, name
    for name in ("localhost", f"127.0.0.1:{port_of(dashboard)}", "LOCALHOST:8000", "[::1]:1"):
        assert ask(dashboard, "/", Host=name).status == 200, name


def test_without_the_token_nobody_is_told_anything(show: Show, stream: Open) -> None:
    dashboard = show(token=TOKEN)
    assert dashboard.token == TOKEN
    for path in ("/", "/events", "/?token=", "/?token=another-token-that-is-long", "/?token=%C3%BC"):
        response = ask(dashboard, path)
        assert response.status == 401, path
        assert "asks for its token" in response.said  # type: ignore[attr-defined]
        assert "events" not in response.said  # type: ignore[attr-defined]
    for headers in ({"Authorization": "Bearer another"}, {"Cookie": f"multiplexer-dashboard={TOKEN}"}):
        assert ask(dashboard, **headers).status == 401
    response = ask(dashboard, f"/?token={TOKEN}")
    assert (response.status, response.headers["Location"]) == (303, "/")
    cookie = response.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert ask(dashboard, Cookie=cookie.partition(";")[0]).status == 200
    assert ask(dashboard, Authorization=f"Bearer {TOKEN}").status == 200
    stream(dashboard, Authorization=f"Bearer {TOKEN}").until(lambda state: True)
    assert ask(dashboard, Host="rebound.example", Authorization=f"Bearer {TOKEN}").status == 400


def test_beyond_loopback_there_is_a_token(show: Show) -> None:
    dashboard = show(host="0.0.0.0")
    assert dashboard.token is not None
    assert len(dashboard.token) >= 32
    assert dashboard.token != show(host="0.0.0.0").token
    assert ask(dashboard).status == 401
    assert ask(dashboard, Host="machine.example", Authorization=f"Bearer {dashboard.token}").status == 200
    assert show(host="0.0.0.0", token=TOKEN).token == TOKEN
    assert show(host="localhost").token is None


def test_over_ipv6(show: Show) -> None:
    try:
        dashboard = show(host="::1")
    except ConfigurationError as error:
        pytest.skip(str(error))
    assert dashboard.address.startswith("http://[::1]:")
    assert dashboard.token is None
    connection = http.client.HTTPConnection("::1", port_of(dashboard), timeout=10)
    connection.request("GET", "/")
    assert connection.getresponse().status == 200
    connection.close()


def test_where_it_cannot_listen(show: Show) -> None:
    dashboard = show()
    with pytest.raises(ConfigurationError, match=rf"127.0.0.1:{port_of(dashboard)}: Address already in use"):
        show(port=port_of(dashboard))
    with pytest.raises(ConfigurationError, match="dashboard: no host: "):
        show(host="no host")
    with pytest.raises(ConfigurationError, match=f"a token has {LEAST_TOKEN} characters at least"):
        show(token="short")


def test_it_ends_whatever_pages_are_open(show: Show, stream: Open) -> None:
    dashboard = show()
    for _ in range(3):
        stream(dashboard).take()
    dashboard.close()
    dashboard.wait()
    assert not dashboard._thread.is_alive()
    with pytest.raises(ConnectionRefusedError):
        ask(dashboard)
    dashboard.close()
