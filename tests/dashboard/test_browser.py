"""The page in a browser, in front of a real application."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from multiplexer import ConnectionMultiplexer
from multiplexer.dashboard.serving import Dashboard
from tests.servers import RealServer

from .browser import chromium, opened, require_browser
from .conftest import port_of
from .load import KEY, VALUE

Show = Callable[..., Dashboard]
Start = Callable[..., subprocess.Popen[str]]

#: A browser loads the machine.
pytestmark = [pytest.mark.serial, pytest.mark.timeout(180)]

#: Milliseconds that the page may take to show something, where it does not matter.
LONG = 60_000


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A browser for all tests of this module."""
    require_browser()
    with chromium() as browser:
        yield browser


@pytest.fixture
def work(application: Start, own_server: RealServer, tmp_path: Path) -> RealServer:
    """A server with an application at work."""
    application(f"{own_server.host}:{own_server.port}", tmp_path / "app.sock")
    return own_server


def has(page: Any, place: str, words: str, timeout: int = LONG) -> None:
    """Wait until some words stand somewhere."""
    page.locator(place, has_text=words).first.wait_for(timeout=timeout)


def test_a_server_that_is_killed_is_seen_within_two_seconds_and_when_it_is_back(
    browser: Any, show: Show, work: RealServer
) -> None:
    """The best of a few times: what is measured has a browser on a busy machine in it."""
    times = []
    with opened(browser, show().address) as page:
        for _ in range(3):
            has(page, "#health", "ready")
            has(page, "#servers .state.well", "connected")
            work.kill()
            killed = time.monotonic()
            has(page, "#health", "down")
            has(page, "#servers .state.away", "disconnected for")
            times.append(time.monotonic() - killed)
            has(page, "#announced", "down. No server is connected.")
            work.restart()
        has(page, "#health", "ready")
        assert min(times) < 2
        work.kill()
        has(page, "#failures tr", "connection lost")
        has(page, "#failures td", "it waited in the backlog, disconnected for")
        work.restart()
        has(page, "#health", "ready")
        has(page, "#servers .state.well", "connected")
        has(page, "#summary", "1 process; every server is connected.")
        said = page.content()
    assert KEY not in said
    assert VALUE not in said


def test_charts_show_what_was(browser: Any, show: Show, work: RealServer) -> None:
    with opened(browser, show().address) as page:
        throughput = page.locator("figure", has_text="Throughput")
        throughput.locator(".line[d*=L]").wait_for(state="attached", timeout=LONG)
        assert re.search(r"now [\d,]+/s, most [\d,]+/s", throughput.locator("svg").get_attribute("aria-label"))
        assert page.locator("figure").count() == 6
        # The moment that is looked at, by the keyboard.
        moment = page.get_by_role("slider", name="Moment")
        moment.focus()
        for _ in range(2):
            page.keyboard.press("ArrowLeft")
        assert re.fullmatch(r"\d\d:\d\d:\d\d", page.locator("#moment-shown").inner_text())
        assert page.locator("svg .cursor").count() == 6
        page.keyboard.press("End")
        assert page.locator("#moment-shown").inner_text() == "now"


def test_landmarks_headings_and_tables(browser: Any, show: Show, work: RealServer) -> None:
    with opened(browser, show().address) as page:
        has(page, "#leases td", "0")
        for role in ("banner", "main", "contentinfo"):
            assert page.get_by_role(role).count() == 1
        assert page.get_by_role("heading", level=1).all_inner_texts() == ["multiplexer"]
        titles = page.get_by_role("heading", level=2).all_inner_texts()
        assert [title.partition(",")[0] for title in titles] == [
            "Last fifteen minutes",
            "Servers",
            "Processes",
            "Last failures",
            "Leased connections",
            "Client-side cache",
            "Storm log",
        ]
        for title in titles:
            assert page.get_by_role("region", name=title).count() == 1
        table = page.get_by_role("table", name="Servers, and how they are")
        assert table.get_by_role("columnheader").all_inner_texts()[:4] == ["server", "role", "slots", "state"]
        assert table.get_by_role("rowheader").all_inner_texts() == [f"{work.host}:{work.port}"]
        assert page.get_by_role("status").count() == 1
        assert page.get_by_role("img").count() == 6
        assert all("last fifteen minutes" in each.get_attribute("aria-label") for each in page.get_by_role("img").all())


def test_everything_is_reached_by_the_keyboard(browser: Any, show: Show, work: RealServer) -> None:
    with opened(browser, show().address) as page:
        has(page, "#processes a", "load.py")
        reached = []
        for _ in range(4):
            page.keyboard.press("Tab")
            reached.append(page.evaluate("document.activeElement.id || document.activeElement.className"))
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        assert reached[:3] == ["skip", "process", "moment"]
        assert page.evaluate("document.activeElement.textContent").startswith("load.py")
        page.keyboard.press("Enter")
        page.wait_for_url("**/#*app.sock")
        chosen = page.locator("#process option:checked", has_text="load.py")
        chosen.wait_for(state="attached", timeout=LONG)
        page.locator("#process").focus()
        page.keyboard.press("ArrowUp")
        page.wait_for_url(lambda url: not url.endswith("app.sock"))
        chosen.wait_for(state="detached", timeout=LONG)
        page.locator(".skip").focus()
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"


def test_what_does_not_change_is_left_alone(browser: Any, show: Show, work: RealServer) -> None:
    """Or whoever reads the page, or has it read, would be thrown back each second."""
    with opened(browser, show().address) as page:
        has(page, "#processes a", "load.py")
        page.locator("#processes a").focus()
        row = page.locator("#servers tbody tr").element_handle()
        told = page.evaluate(
            """() => new Promise((done) => {
                let changes = 0;
                const observer = new MutationObserver(() => { changes += 1; });
                observer.observe(announced, { childList: true, characterData: true, subtree: true });
                setTimeout(() => done(changes), 3000);
            })"""
        )
        assert told == 0
        assert page.evaluate("document.activeElement.textContent").startswith("load.py")
        assert row.evaluate("(row) => row.isConnected")


@pytest.mark.parametrize("width", [390, 1200])
def test_nothing_is_cut_off(width: int, browser: Any, show: Show, work: RealServer) -> None:
    work.kill()
    with opened(browser, show().address, width=width) as page:
        has(page, "#failures td", "it waited in the backlog")
        work.restart()
        has(page, "#servers .state", "connected")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        sizes = page.evaluate(
            "[...document.querySelectorAll('td, th, dd, h2, p')].filter((each) => each.checkVisibility() && "
            "!each.closest('.unseen, thead')).map((each) => [each.textContent, each.getBoundingClientRect().right, "
            "each.scrollWidth - each.clientWidth])"
        )
        assert len(sizes) > 20
        assert [each for each in sizes if each[1] > width or each[2] > 1] == []


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_texts_stand_out_from_what_is_behind_them(colours: str, browser: Any, show: Show, work: RealServer) -> None:
    """By the contrast that is asked of small text, 4.5 to 1."""
    work.kill()
    with opened(browser, show().address, colours=colours) as page:
        has(page, "#failures td", "it waited in the backlog")
        pairs = page.evaluate(
            """() => {
                const all = "h1, h2, h3, p, th, td, td span, dt, dd, a, label, .moment span, select, svg text";
                const background = (node) => {
                    const found = getComputedStyle(node).backgroundColor;
                    return found === "rgba(0, 0, 0, 0)" ? background(node.parentElement) : found;
                };
                const text = (node, style) => (node.namespaceURI.endsWith("svg") ? style.fill : style.color);
                return [...document.querySelectorAll(all)].filter((each) => each.checkVisibility()).map(
                    (each) => [each.textContent, text(each, getComputedStyle(each)), background(each)]);
            }"""
        )
        background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (luminance(background) > 0.5) == (colours == "light")
    assert len(pairs) > 50
    assert [each for each in pairs if contrast(each[1], each[2]) < 4.5] == []


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour, as browsers write it."""
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 on."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_what_an_application_says_of_itself_is_shown_as_it_is(
    browser: Any, show: Show, server: RealServer, tmp_path: Path, stack: ExitStack
) -> None:
    """Also where it is no name of a program, but would be a program itself."""
    name = "<img src=x onerror=alert(1)>"
    with ConnectionMultiplexer.connect(f"{server.host}:{server.port}") as mux:
        view = {"pid": 1, "program": name, "at": 1.0, "status": mux.get_status()}
    listener = stack.enter_context(socket.socket(socket.AF_UNIX))
    listener.bind(str(tmp_path / "odd.sock"))
    listener.listen()
    with opened(browser, show().address) as page:
        viewer, _ = listener.accept()
        stack.enter_context(viewer)
        viewer.recv(10)
        viewer.sendall(json.dumps(view).encode() + b"\n")
        has(page, "#processes a", name)
        assert page.locator("img").count() == 0


def test_a_token_is_asked_for(browser: Any, show: Show) -> None:
    dashboard = show(token="a-token-that-is-long-enough")
    with opened(browser, f"{dashboard.address}?token={dashboard.token}") as page:
        has(page, "#health", "nobody there")
        assert page.url == dashboard.address
        assert dashboard.token not in page.content()


def test_a_dashboard_that_ends_and_begins_again(browser: Any, show: Show, work: RealServer, tmp_path: Path) -> None:
    dashboard = show()
    page = browser.new_page()
    page.goto(dashboard.address)
    has(page, "#health", "ready")
    dashboard.close()
    has(page, "#health", "no contact")
    has(page, "#summary", "The dashboard does not answer. What is shown is from ")
    show(port=port_of(dashboard))
    has(page, "#health", "ready")
    page.close()
