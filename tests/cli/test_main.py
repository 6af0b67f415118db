"""What surrounds the commands."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from multiplexer import __version__

from .conftest import Run


def test_version_and_help(run: Run) -> None:
    assert __version__ in run("--version").output
    output = run("-h").output
    for name in ("bench", "demo", "monitor", "ping", "status", "topology"):
        assert name in output


def test_an_unknown_command_is_refused(start: Callable[..., subprocess.Popen[str]]) -> None:
    process = start("pong")
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 2
    assert "No such command 'pong'" in errors


@pytest.mark.parametrize("package", ["click", "rich"])
def test_a_missing_package_is_named_with_its_extra(tmp_path: Path, package: str) -> None:
    (tmp_path / f"{package}.py").write_text(
        f"raise ModuleNotFoundError(\"No module named '{package}'\", name='{package}')"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(tmp_path), *sys.path))}
    result = subprocess.run(
        [sys.executable, "-m", "multiplexer", "ping"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert result.returncode == 1
    assert f"needs the package {package}" in result.stderr
    assert "redis-multiplexer[cli]" in result.stderr
    assert "Traceback" not in result.stderr


def test_the_package_does_not_import_the_command_line() -> None:
    code = "import multiplexer, multiplexer.asyncio, sys; print({'click', 'rich'} & set(sys.modules))"
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=20, check=True).stdout
    assert output.strip() == "set()"
