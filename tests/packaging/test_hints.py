"""What messages and pages say to install is this package, under the name it has in an index, and can be installed."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
NAME = "redis-multiplexer"

#: What a shell would make of the words after "pip install", up to the end of the sentence.
_HINT = re.compile(r"""pip\s+install((?:\s+(?:"[^"\s]+"|'[^'\s]+'|(?:--?[\w-]+|redis-multiplexer\S*)(?=[\s`)])))+)""")
#: This package with an extra, however it is quoted.
_NAMED = re.compile(r"(?<![\w.])([\w-]*multiplexer)\[([a-z, ]+)\]")


def _texts() -> list[Path]:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    sources = [path for path in (ROOT / "multiplexer").rglob("*.py") if "blocking" not in path.parts]
    return [path for path in (*pages, *sources, ROOT / "pyproject.toml") if "_build" not in path.parts]


def _hints() -> list[str]:
    """Return what stands behind "pip install", once each, that a user is to type."""
    found = set()
    for path in _texts():
        for hint in _HINT.findall(path.read_text(encoding="utf-8")):
            words = [word for word in shlex.split(hint) if not word.startswith("-")]
            found.update(word for word in words if NAME in word)
    return sorted(found)


def test_every_extra_is_named_with_the_package_and_exists() -> None:
    known = set(PROJECT["optional-dependencies"])
    found = 0
    for path in _texts():
        for name, extras in _NAMED.findall(path.read_text(encoding="utf-8")):
            assert name == NAME, f"{path.relative_to(ROOT)}: {name}[{extras}]"
            assert {extra.strip() for extra in extras.split(",")} <= known, f"{path.relative_to(ROOT)}: {extras}"
            found += 1
    assert found >= 5


def test_nothing_says_to_install_the_name_of_somebody_else() -> None:
    foreign = re.compile(r"""install\s+(?:-\S+\s+)*["']?multiplexer\b""")
    assert not [path for path in _texts() if foreign.search(path.read_text(encoding="utf-8"))]


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a wheel of this checkout, and nothing else."""
    folder = tmp_path_factory.mktemp("wheels")
    # Built from a copy: setuptools leaves its own folders beside what it builds.
    source = tmp_path_factory.mktemp("source")
    shutil.copytree(ROOT / "multiplexer", source / "multiplexer", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    code = "import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])"
    subprocess.run([sys.executable, "-c", code, folder], cwd=source, capture_output=True, timeout=50, check=True)
    return folder


def test_the_hints_are_found() -> None:
    assert {f"{NAME}[{extra}]" for extra in ("cli", "dashboard", "embedded", "ocsp", "plot")} <= set(_hints())


def test_what_hints_name_is_this_package(wheels: Path, tmp_path: Path) -> None:
    """Its dependencies come from wherever a user has them from; here there is but this package."""
    from_there = ["--no-index", "--find-links", wheels, "--no-deps", "--no-compile", "--target", tmp_path]
    result = subprocess.run(
        [sys.executable, "-m", "pip", "--isolated", "--disable-pip-version-check", "install", *from_there, *_hints()],
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert "does not provide the extra" not in result.stderr
    assert (tmp_path / "multiplexer" / "py.typed").is_file()
    assert {"page.css", "page.html", "page.js"} <= {path.name for path in (tmp_path / "multiplexer").rglob("page.*")}
