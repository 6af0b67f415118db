"""Finds the Python examples of the documentation and runs them.

The examples of a page are run in order and share their names, as a reader would read them. Where a line ends with
``# -> value``, its expression must have that value. ``await`` at the top level is allowed, as in
``python -m asyncio``; all blocks of a page that have it run in one event loop.
"""

from __future__ import annotations

import ast
import asyncio
import inspect
import re
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent

#: What the examples connect to; it is replaced by the address of a server that is there.
ADDRESS = "localhost:6379"
#: The same for sentinels.
SENTINEL = "localhost:26379"
#: The same for a cluster.
CLUSTER = "localhost:7000"

_BLOCK = re.compile(r"^```(python|py)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_EXPECTED = re.compile(r"#\s*->\s*(.+?)\s*$")


@dataclass(frozen=True)
class Example:
    """One block of code.

    Attributes:
        page: The file it stands in.
        line: The line of the file its first line is.
        code: The code.
    """

    page: Path
    line: int
    code: str


def pages() -> list[Path]:
    """Return the pages of the documentation that have examples."""
    return [page for page in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))) if examples(page, every=True)]


def examples(page: Path, *, every: bool = False) -> list[Example]:
    """Return the examples of a page.

    Args:
        page: The page.
        every: Those too that need more than a server (``py``, not ``python``); see tests/acceptance/test_pages.py.
    """
    text = page.read_text(encoding="utf-8")
    return [
        Example(page, text.count("\n", 0, block.start(2)) + 1, block[2])
        for block in _BLOCK.finditer(text)
        if every or block[1] == "python"
    ]


def as_module(page: Path) -> str:
    """Return a page's examples as a module for type checkers, in which each line keeps its number.

    They are one function. Another begins where an example imports a name of one before from somewhere else: what stands
    in front of it, readers of that example do not need.
    """
    lines = ["async def page() -> None:"]
    known: dict[str, str] = {}
    for example in examples(page, every=True):
        lines += [""] * (example.line - 1 - len(lines))
        imported = dict(_imports(example))
        if any(known.get(name, source) != source for name, source in imported.items()):
            lines[-1] = f"async def page_from_{example.line}() -> None:"
            known = {}
        known |= imported
        lines += [f"    {line}" if line else "" for line in example.code.splitlines()]
    return "\n".join([*lines, ""])


def _imports(example: Example) -> Iterator[tuple[str, str]]:
    """Yield the names an example imports, each with where it is from."""
    for node in ast.walk(ast.parse(example.code)):
        if isinstance(node, ast.Import):
            yield from ((alias.asname or alias.name, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((alias.asname or alias.name, f"{node.module}.{alias.name}") for alias in node.names)


class Page:
    """Runs the examples of one page.

    Attributes:
        names: What they have defined.
    """

    def __init__(self, address: str, sentinel: str = SENTINEL, cluster: str = CLUSTER) -> None:
        self._address = address
        self._sentinel = sentinel
        self._cluster = cluster
        self.names: dict[str, Any] = {"__name__": "example"}
        self._to_close: dict[int, Any] = {}
        self._runner = asyncio.Runner()

    def run(self, example: Example) -> None:
        """Run one example.

        Raises:
            AssertionError: An expression has another value than the page says.
            Exception: What the example raises.
        """
        code = example.code.replace(ADDRESS, self._address).replace(SENTINEL, self._sentinel)
        code = code.replace(CLUSTER, self._cluster)
        lines = code.splitlines()
        tree = ast.parse(code, str(example.page))
        in_loop = _awaits(_compiled(tree, example.page, "exec"))
        ast.increment_lineno(tree, example.line - 1)
        for node in tree.body:
            expected = _EXPECTED.search(lines[(node.end_lineno or 0) - example.line])
            running = _evaluated(node, example.page, self.names)
            value = self._runner.run(running) if in_loop else _without_loop(running)
            if expected is not None:
                wanted = eval(expected[1], dict(self.names))
                assert value == wanted, f"{example.page.name}:{node.lineno}: {value!r} instead of {wanted!r}"
            self._note_what_is_open()

    def _note_what_is_open(self) -> None:
        for value in self.names.values():
            if type(value).__name__ == "ConnectionMultiplexer":
                self._to_close[id(value)] = value

    def close(self) -> None:
        """Close every multiplexer the examples have left open."""
        for mux in self._to_close.values():
            outcome = mux.close()
            if outcome is not None:
                self._runner.run(_awaited(outcome))
        self._runner.close()


async def _evaluated(node: ast.stmt, page: Path, names: dict[str, Any]) -> Any:
    """Run one statement; return the value of an expression."""
    if isinstance(node, ast.Expr):
        code = _compiled(ast.Expression(node.value), page, "eval")
    else:
        code = _compiled(ast.Module([node], []), page, "exec")
    value = eval(code, names)
    return await value if _awaits(code) else value


def _without_loop(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine that awaits nothing, so that the example may run an event loop of its own."""
    try:
        coroutine.send(None)
    except StopIteration as stop:
        return stop.value
    raise AssertionError("it awaited something")


def _awaits(code: CodeType) -> bool:
    return bool(code.co_flags & inspect.CO_COROUTINE)


def _compiled(tree: ast.AST, page: Path, mode: str) -> CodeType:
    code = compile(tree, str(page), mode, ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)  # type: ignore[call-overload]
    assert isinstance(code, CodeType)
    return code


async def _awaited(awaitable: Any) -> Any:
    return await awaitable


def links(page: Path) -> Iterator[tuple[int, str]]:
    """Yield the links of a page that lead to a file, each with its line; pictures are no links."""
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
        for target in re.findall(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)", line):
            if "://" not in target:
                yield number, target


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings."""
    headings = re.findall(r"^#+\s+(.+?)\s*$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
