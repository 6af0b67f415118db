"""A browser for the tests: Debian's Chromium, without a window."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.servers.packages import require_package
from tests.servers.real import MARK

__all__ = ["chromium", "opened", "require_browser"]


def _program() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser")


def require_browser() -> None:
    """Leave the running test out, counted for the summary, where there is no browser or nothing that drives it."""
    require_package("playwright")
    if _program() is None:
        pytest.skip(f"{MARK}chromium: not installed")


@contextmanager
def chromium() -> Iterator[Any]:
    """Start the browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # As root it starts only without its sandbox; it is shown nothing but what these tests serve.
        browser = playwright.chromium.launch(
            executable_path=_program(), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def opened(
    browser: Any, address: str, *, width: int = 1200, height: int = 900, colours: str = "light"
) -> Iterator[Any]:
    """Open a page; what it complains of in its console fails the test."""
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=colours)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    try:
        page.goto(address)
        yield page
    finally:
        page.close()
    assert complaints == []
