"""The documentation's examples do what it says, and its links lead somewhere."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.servers import RealCluster, RealServer, SentinelGroup, Shared

from .examples import CLUSTER, ROOT, SENTINEL, Example, Page, anchors, as_module, examples, links, pages

Run = Callable[[str], None]


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_examples(
    page: Path,
    own_server: RealServer,
    shared_groups: Shared[SentinelGroup],
    shared_clusters: Shared[RealCluster],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.chdir(tmp_path)
    found = examples(page)
    sentinel = SENTINEL
    if any(SENTINEL in example.code for example in found):
        group = shared_groups("valkey")
        group.primary.command("FLUSHALL")
        sentinel = f"{group.sentinels[0].host}:{group.sentinels[0].port}"
    cluster = CLUSTER
    if any(CLUSTER in example.code for example in found):
        nodes = shared_clusters("valkey").nodes
        for node in nodes[:3]:
            node.command("FLUSHALL")
        cluster = nodes[0].address
    running = Page(f"{own_server.host}:{own_server.port}", sentinel, cluster)
    log = logging.getLogger("multiplexer")
    level, handlers = log.level, log.handlers[:]
    try:
        for example in found:
            running.run(example)
    finally:
        running.close()
        # What a page configures is not for the tests that come after it.
        log.setLevel(level)
        for handler in set(log.handlers).difference(handlers):
            log.removeHandler(handler)
            handler.close()


@pytest.mark.parametrize(
    "page", [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))], ids=lambda page: page.name
)
def test_links(page: Path) -> None:
    for line, target in links(page):
        path, _, anchor = target.partition("#")
        file = page.parent / path if path else page
        assert file.exists(), f"{page.name}:{line}: {target}"
        assert not anchor or anchor in anchors(file), f"{page.name}:{line}: {target}"


@pytest.fixture
def run(own_server: RealServer, tmp_path: Path) -> Run:
    """Run a page with one example."""

    def run(code: str) -> None:
        page = Page(f"{own_server.host}:{own_server.port}")
        try:
            page.run(Example(tmp_path / "page.md", 7, code))
        finally:
            page.close()

    return run


@pytest.mark.skipif(find_spec("mypy") is None, reason="mypy is not installed")
@pytest.mark.timeout(180)
def test_type_checkers_know_every_example(tmp_path: Path) -> None:
    for page in pages():
        (tmp_path / f"page_{page.stem.replace('-', '_')}.py").write_text(as_module(page), encoding="utf-8")
    files = sorted(map(str, tmp_path.glob("*.py")))
    result = subprocess.run(
        [
            sys.executable,
            *("-m", "mypy", "--strict", "--follow-imports=silent", "--allow-redefinition"),
            "--disable-error-code=import-not-found",  # names that the façade stands in for, and frameworks
            "--disable-error-code=untyped-decorator",  # theirs
            *("--cache-dir", str(tmp_path / "cache"), *files),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr


def test_a_wrong_value_is_noticed(run: Run) -> None:
    run("1 + 1  # -> 2\n")
    with pytest.raises(AssertionError, match=r"page\.md:8: 2 instead of 3"):
        run("\n1 + 1  # -> 3\n")


def test_both_worlds_run_against_the_server(run: Run) -> None:
    run(
        "import multiplexer, multiplexer.asyncio\n"
        "mux = multiplexer.ConnectionMultiplexer.connect('localhost:6379')\n"
        "mux.get_database().set('key', 1)\n"
        "mux = await multiplexer.asyncio.ConnectionMultiplexer.connect('localhost:6379')\n"
        "await mux.get_database().get('key')  # -> b'1'\n"
    )
    with pytest.raises(ZeroDivisionError):
        run("1 / 0")


def test_an_example_may_run_a_loop_of_its_own(run: Run) -> None:
    run("import asyncio\nasync def main():\n    await asyncio.sleep(0)\n    return 7\nasyncio.run(main())  # -> 7\n")
