"""Build wheel and sdist, check them, and install them in clean environments; see scripts/release."""

from __future__ import annotations

import argparse
import re
import runpy
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAME = "redis-multiplexer"
PYTHONS = ("3.11", "3.12", "3.13")

#: What the sdist has for who packages, tests or documents it, and what the wheel has not.
IN_SDIST = (
    "CHANGELOG.md",
    "LICENSE",
    "SECURITY.md",
    "docs/index.md",
    "tests/conftest.py",
    "scripts/test",
    "bench/compare.py",
)

#: What a new user reads first.
TUTORIAL = ("install.md", "first-minutes.md", "getting-started.md")

#: Run with nothing installed but the package and its extras: both worlds against a server of its own, every block of
#: the tutorial, and the command.
TRY = """
import asyncio, pathlib, subprocess, sys
import multiplexer, multiplexer.asyncio, multiplexer.compat, multiplexer.pools
from multiplexer.embedded import EmbeddedServer
assert multiplexer.__version__ == sys.argv[1], multiplexer.__version__
assert "site-packages" in multiplexer.__file__, multiplexer.__file__
with EmbeddedServer.start() as server:
    address = f"{server.host}:{server.port}"
    with multiplexer.ConnectionMultiplexer.connect(address) as mux:
        mux.get_database().set("key", "value")
    async def read():
        async with await multiplexer.asyncio.ConnectionMultiplexer.connect(address) as mux:
            return await mux.get_database().get("key")
    assert asyncio.run(read()) == b"value"
    import importlib.util
    spec = importlib.util.spec_from_file_location("examples", sys.argv[2])
    examples = sys.modules["examples"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(examples)
    for name in sys.argv[3:]:
        page = examples.Page(address)
        for example in examples.examples(pathlib.Path(name)):
            page.run(example)
        page.close()
command = pathlib.Path(sys.executable).with_name("multiplexer")
assert sys.argv[1] in subprocess.run([command, "--version"], capture_output=True, text=True, check=True).stdout
"""


def main() -> int:
    """Do what the arguments say; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="leave nothing behind")
    parser.add_argument("--notes", action="store_true", help="print the changelog's section of this version, no more")
    arguments = parser.parse_args()
    version: str = runpy.run_path(str(ROOT / "multiplexer" / "version.py"))["__version__"]
    notes = _notes(version)
    if arguments.notes:
        print(notes)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        wheel, sdist = _build(Path(folder), version)
        _check(wheel, sdist)
        tried = [_install(file, python, version, Path(folder)) for python in _pythons() for file in (wheel, sdist)]
        if not tried:
            sys.exit(f"none of Python {', '.join(PYTHONS)} is here")
        if not arguments.check:
            (ROOT / "dist").mkdir(exist_ok=True)
            for file in (wheel, sdist):
                print("left in dist:", shutil.copy(file, ROOT / "dist"))
    print(f"{NAME} {version} can be released.")
    return 0


def _notes(version: str) -> str:
    """Return the changelog's section of a version, which must have a date and stand below Unreleased."""
    sections = re.split(r"^## ", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    if not sections[0].startswith("[Unreleased]"):
        sys.exit("CHANGELOG.md: the first section is not [Unreleased]")
    for section in sections:
        heading, _, text = section.partition("\n")
        if re.fullmatch(rf"\[{re.escape(version)}\] - \d{{4}}-\d\d-\d\d", heading):
            return re.sub(r"^\[.*\]: .*\n?", "", text, flags=re.MULTILINE).strip()
    return sys.exit(f"CHANGELOG.md has no section with a date for {version}")


def _build(folder: Path, version: str) -> tuple[Path, Path]:
    """Build the sdist, and the wheel out of it, so that the sdist has all that it takes."""
    source = folder / "source"
    # What git knows, and no more: neither environments nor what an earlier build has left.
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, source / name)
    _run([sys.executable, "-m", "build", "--outdir", folder / "built", source])
    stem = f"{NAME.replace('-', '_')}-{version}"
    return folder / "built" / f"{stem}-py3-none-any.whl", folder / "built" / f"{stem}.tar.gz"


def _check(wheel: Path, sdist: Path) -> None:
    """Check the metadata as an index would, and what the files have in them."""
    _run([sys.executable, "-m", "twine", "--no-color", "check", "--strict", wheel, sdist])
    with tarfile.open(sdist) as archive:
        packed = {name.partition("/")[2] for name in archive.getnames()}
    missing = [name for name in IN_SDIST if name not in packed]
    if missing:
        sys.exit(f"the sdist lacks {', '.join(missing)}")
    with zipfile.ZipFile(wheel) as archive:
        folders = {name.partition("/")[0] for name in archive.namelist()}
        typed = "multiplexer/py.typed" in archive.namelist()
    if not typed or {folder for folder in folders if not folder.endswith(".dist-info")} != {"multiplexer"}:
        sys.exit(f"the wheel has {sorted(folders)} and {'a' if typed else 'no'} py.typed")


def _pythons() -> Iterator[str]:
    """Yield the Pythons that are here."""
    for version in PYTHONS:
        # pyenv's own name for one: the stand-in on PATH may name a version that is not chosen.
        pyenv = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python"))
        for candidate in (f"python{version}", *map(str, pyenv)):
            try:
                subprocess.run([candidate, "-c", "import venv, ensurepip"], capture_output=True, check=True)
            except (OSError, subprocess.CalledProcessError):
                continue
            yield candidate
            break
        else:
            print(f"Python {version} is not here: not tried")


def _install(file: Path, python: str, version: str, folder: Path) -> str:
    """Install a file with the extras that a trial needs in an environment of its own, and try it."""
    environment = folder / "environment"
    _run([python, "-m", "venv", "--clear", environment])
    inside = environment / "bin" / "python"
    options = ["--quiet", "--disable-pip-version-check", "--no-input"]
    _run([inside, "-m", "pip", "install", *options, f"{NAME}[cli,embedded] @ {file.as_uri()}"])
    _run([inside, "-m", "pip", "check", "--disable-pip-version-check"])
    # Isolated, and elsewhere: the checkout must not be found instead.
    pages = [ROOT / "docs" / name for name in TUTORIAL]
    _run([inside, "-I", "-c", TRY, version, ROOT / "tests" / "docs" / "examples.py", *pages], cwd=folder)
    done = f"{file.name} works with {python}"
    print(done)
    return done


def _run(command: Sequence[str | Path], cwd: Path | None = None) -> None:
    """Run a program; show what it said, and end, where it failed."""
    result = subprocess.run(command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if result.returncode != 0:
        print(result.stdout)
        sys.exit(f"failed: {' '.join(map(str, command))[:200]}")


if __name__ == "__main__":
    sys.exit(main())
