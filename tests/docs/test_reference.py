"""The reference leaves no public name out."""

from __future__ import annotations

import re
from pathlib import Path

import multiplexer
import multiplexer.asyncio

from .examples import ROOT

API = ROOT / "docs" / "api"
_TABLE = re.compile(r"^```\{toctree\}\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def _documented(directive: str) -> set[str]:
    text = "\n".join(page.read_text(encoding="utf-8") for page in API.rglob("*.md"))
    return set(re.findall(rf"^\.\. {directive}:: (\S+)$", text, re.MULTILINE))


def test_every_public_name_has_its_place() -> None:
    #: Explained with all errors, and by itself.
    elsewhere = {"multiplexer.RedisError", "multiplexer.__version__"}
    wanted = {f"multiplexer.{name}" for name in multiplexer.__all__} - elsewhere
    wanted |= {f"multiplexer.asyncio.{name}" for name in multiplexer.asyncio.__all__}
    # Of a room of its own, which an application enters where it is attached to.
    wanted |= {"multiplexer.attaching.status_server.StatusServer", "multiplexer.attaching.viewing.View"}
    assert wanted == _documented("autoclass") | _documented("autofunction")


def test_every_group_of_commands_has_a_page_that_is_listed() -> None:
    folder = ROOT / "multiplexer" / "blocking" / "commands"
    bases = {"__init__", "surface", "sorted_set_surface", "modules.__init__", "modules.group"}
    found = {".".join(path.relative_to(folder).with_suffix("").parts) for path in folder.rglob("*.py")} - bases
    wanted = {f"multiplexer.blocking.commands.{name}" for name in found}
    assert wanted == {name for name in _documented("automodule") if ".commands." in name}
    listed = (API / "commands" / "index.md").read_text(encoding="utf-8")
    assert all(re.search(rf"^{name.replace('.', '_')}$", listed, re.MULTILINE) for name in found)


def test_every_page_stands_in_a_table_of_contents() -> None:
    docs = ROOT / "docs"
    pages = [docs / "index.md", *docs.glob("api/**/index.md")]
    listed: set[Path] = set(pages[:1])
    for page in pages:
        for block in _TABLE.findall(page.read_text(encoding="utf-8")):
            names = [line for line in block.splitlines() if line and not line.startswith(":")]
            listed.update(page.parent / f"{name}.md" for name in names)
    assert {page for page in docs.rglob("*.md") if "_build" not in page.parts} == listed
