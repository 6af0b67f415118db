"""Check that imports inside the package point down, and that only drivers do input and output.

Each layer below names the layers it may import and the modules of the standard library it may touch among those that
bring sockets, threads, event loops, clocks or processes. Imports inside functions and for type checking count too.

The core has rooms, and each names the rooms it may import: none of them imports one that imports it, and importing a
room imports none of its modules. In the folders of `WITHOUT_CIRCLES` no module imports one that imports it, not even by
way of others.

And imports inside functions must be guarded against forks; see ``multiplexer/importing.py``.

Usage::

    python scripts/check_layers.py          # prints what is wrong; exit code 1 if anything is
"""

from __future__ import annotations

import argparse
import ast
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "multiplexer"

#: Modules of the standard library that tie code to a world: threads or event loop, sockets, clocks, processes.
WORLDLY = {
    "_socket",
    "_ssl",
    "_thread",
    "asyncio",
    "concurrent",
    "multiprocessing",
    "queue",
    "sched",
    "select",
    "selectors",
    "signal",
    "socket",
    "socketserver",
    "ssl",
    "subprocess",
    "threading",
    "time",
}


@dataclass(frozen=True)
class Layer:
    """What a layer may import beside itself."""

    below: frozenset[str]
    world: frozenset[str]


def _layer(*below: str, world: set[str] | None = None) -> Layer:
    return Layer(frozenset(below), frozenset(world or ()))


#: Modules whose functions may import without a guard: programs, which fork nothing, and one whose functions run only
#: once ``require_cryptography`` has imported, under the guard, what they name.
UNGUARDED = {"__main__", "cli", "embedded", "ocsp", "pytest_plugin"}

_BASE = ("errors", "importing", "snapshots", "retry", "configuration")
_CORE = (*_BASE, "core")
_BLOCKING = (*_CORE, "ocsp", "drivers", "attaching")
_ASYNCIO = (*_CORE, "ocsp", "drivers", "drivers.eventloop", "attaching")
_POOLS = (*_ASYNCIO, "version")
_HANDLES = (*_ASYNCIO, "asyncio", "blocking")
_TOP = (*_HANDLES, "version", "pools", "compat", "embedded", "search", "credentials")

#: By module, the longest name that fits; a new module at the top has to be given its place here.
LAYERS = {
    "version": _layer(),
    "errors": _layer(),
    "importing": _layer(world={"threading"}),
    "snapshots": _layer(),
    "retry": _layer("errors", "importing", world={"asyncio", "time"}),
    "ocsp": _layer("errors", "importing", world={"select", "socket", "ssl", "_ssl", "threading", "time"}),
    "configuration": _layer("errors", "importing", "retry", world={"socket", "ssl"}),
    "core": _layer(*_BASE, "version"),
    "drivers": _layer(*_CORE, "ocsp", world=WORLDLY - {"asyncio"}),
    "drivers.eventloop": _layer(*_CORE, "ocsp", "drivers", world=WORLDLY),
    "attaching": _layer(*_CORE, "drivers", world={"selectors", "socket", "threading", "time"}),
    "blocking": _layer(*_BLOCKING, "pools", "blocking.lease_pool", world={"time"}),
    "blocking.lease_pool": _layer(*_BLOCKING, "pools", "ocsp", world={"socket", "ssl", "time"}),
    "asyncio": _layer(*_ASYNCIO, "pools", "asyncio.lease_pool", world={"asyncio", "time"}),
    "asyncio.lease_pool": _layer(*_ASYNCIO, "pools", "ocsp", world={"socket", "ssl", "time"}),
    "pools": _layer(*_POOLS, world={"asyncio", "concurrent", "socket", "ssl", "threading", "time"}),
    "compat": _layer(*_HANDLES, *_POOLS, "pools", "credentials", world={"asyncio", "ssl", "threading", "time"}),
    "credentials": _layer("errors", "importing", "snapshots", "drivers.eventloop"),
    "search": _layer("core"),
    "codecs": _layer("errors", "importing", "core", world={"threading"}),
    "embedded": _layer("core", "drivers", world=WORLDLY),
    "pytest_plugin": _layer("__init__", "embedded"),
    "telemetry": _layer(*_HANDLES, "version", "__init__", world={"time"}),
    "__init__": _layer(*_TOP),
    "__main__": _layer(*_TOP, "__init__", "cli", world=WORLDLY),
    "dashboard": _layer("errors", "core", "attaching", world={"asyncio", "socket", "threading", "time"}),
    "cli": _layer(*_TOP, "__init__", "dashboard", world=WORLDLY),
}


@dataclass(frozen=True)
class Room:
    """A part of the core: a folder, or modules that lie in the core itself and belong together.

    Attributes:
        below: The rooms it may import.
        modules: The names of the modules, where it is no folder.
    """

    below: frozenset[str]
    modules: frozenset[str]


def _room(below: str = "", modules: str = "") -> Room:
    return Room(frozenset(below.split()), frozenset(modules.split()))


#: The rooms of the core, from the ground up. A new module of the core itself has to be given its place here.
ROOMS = {
    "ground": _room(
        modules="types shapes addresses call_options chance joining logging connection_counters retry_budget"
    ),
    "wire": _room("ground"),
    "commands": _room("ground wire"),
    "search": _room("ground"),
    "coding": _room("ground wire commands"),
    "results": _room("ground search"),
    "messages": _room("ground wire commands", modules="message resending"),
    "diagnosis": _room("ground commands messages"),
    "handshake": _room("ground wire commands messages"),
    "seam": _room("messages diagnosis handshake", modules="seam"),
    "connections": _room(
        "ground wire commands messages diagnosis seam",
        modules="physical_connection preparation high_integrity prober physical_bridge renewing",
    ),
    "servers": _room(
        "ground commands messages handshake connections", modules="server_endpoint server_set reading features"
    ),
    "cache": _room("ground wire commands messages diagnosis seam connections servers"),
    "maintenance": _room("ground messages handshake seam connections servers"),
    "choice": _room("ground commands messages connections servers", modules="server_selection_strategy"),
    "availability": _room("ground messages connections servers"),
    "cluster": _room("ground wire commands messages diagnosis handshake seam connections servers choice"),
    "guides": _room("messages handshake connections servers cluster", modules="guide"),
    "pubsub": _room("ground commands coding messages seam connections servers guides"),
    "group": _room("ground wire commands messages diagnosis handshake seam connections servers choice guides"),
    "sentinel": _room("ground results messages diagnosis handshake seam connections servers choice pubsub group"),
    "coordination": _room(
        "ground commands messages diagnosis handshake seam connections servers cache maintenance availability choice "
        "guides pubsub cluster group sentinel",
        modules="coordinator status health",
    ),
}


#: The folders in which no module imports one that imports it.
WITHOUT_CIRCLES = (
    "configuration",
    "core",
    "drivers",
    "asyncio",
    "blocking",
    "pools",
    "compat",
    "cli",
    "dashboard",
    "embedded",
)


@dataclass(frozen=True)
class Imported:
    """A module that is imported, by its full name, and where."""

    name: str
    line: int


def layer_of(module: str) -> str | None:
    """Return the layer of a module named from the package on (``core.message``, or ``__init__`` for itself)."""
    parts = module.split(".")
    names = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((name for name in names if name in LAYERS), None)


@cache
def _parsed(text: str) -> ast.Module:
    return ast.parse(text)


def imports_of(path: Path, root: Path) -> Sequence[Imported]:
    """Return what a file imports, wherever in the file it does."""
    return _imports_in(path.read_text(), path, root)


@cache  # several checks ask for the same
def _imports_in(text: str, path: Path, root: Path) -> Sequence[Imported]:
    return tuple(_find_imports(text, path, root))


def _find_imports(text: str, path: Path, root: Path) -> Iterator[Imported]:
    package = path.relative_to(root).parent.parts
    for node in ast.walk(_parsed(text)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Imported(alias.name, node.lineno)
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else ()
            base = ".".join((*start, *((node.module,) if node.module else ())))
            for alias in node.names:
                # ``from package import module`` imports the module; of anything else the package itself.
                yield Imported(f"{base}.{alias.name}" if _is_module(root, base, alias.name) else base, node.lineno)
        elif isinstance(node, ast.Call) and (name := _dynamic_import(node)) is not None:
            yield Imported(name, node.lineno)


def _is_module(root: Path, base: str, name: str) -> bool:
    folder = root.joinpath(*base.split("."))
    return (folder / f"{name}.py").exists() or (folder / name).is_dir()


def _dynamic_import(node: ast.Call) -> str | None:
    called = ast.unparse(node.func)
    argument = node.args[0] if node.args else None
    if called in ("__import__", "import_module", "importlib.import_module") and isinstance(argument, ast.Constant):
        return str(argument.value)
    return None


def check_file(path: Path, root: Path) -> Iterator[str]:
    """Yield a line for each import of a file that its layer may not have."""
    shown = path.relative_to(root).as_posix()
    parts = path.relative_to(root / PACKAGE).with_suffix("").parts
    own = layer_of(".".join(parts))
    if own is None:
        yield f"{shown}: belongs to no layer; give it one in scripts/check_layers.py"
        return
    layer = LAYERS[own]
    for imported in imports_of(path, root):
        top, _, rest = imported.name.partition(".")
        if top == PACKAGE:
            other = layer_of(rest or "__init__")
            if other not in (own, *layer.below):
                yield f"{shown}:{imported.line}: {own} must not import {imported.name}"
        elif top in WORLDLY and top not in layer.world:
            yield f"{shown}:{imported.line}: {own} must not import {top}"


def room_of(module: str) -> str | None:
    """Return the room of a module of the core, named from the core on (``wire.resp``, or ``message``)."""
    first = module.partition(".")[0]
    if first in ROOMS and not ROOMS[first].modules:
        return first
    return next((name for name, room in ROOMS.items() if first in room.modules), None)


def check_room(path: Path, root: Path) -> Iterator[str]:
    """Yield a line for each import of a module of the core that its room may not have."""
    shown = path.relative_to(root).as_posix()
    parts = path.relative_to(root / PACKAGE / "core").with_suffix("").parts
    if parts[-1] == "__init__":
        for imported in imports_of(path, root):
            yield f"{shown}:{imported.line}: importing a room must import nothing; name the module instead"
        return
    own = room_of(".".join(parts))
    if own is None:
        yield f"{shown}: belongs to no room of the core; give it one in scripts/check_layers.py"
        return
    for name, line in _imports_within("core", path, root):
        other = room_of(name)
        if other not in (own, None, *ROOMS[own].below):  # one without a room is told of by itself
            yield f"{shown}:{line}: room {own} must not import {name} of room {other}"


def _imports_within(folder: str, path: Path, root: Path) -> Iterator[tuple[str, int]]:
    """Yield the modules of a folder of the package that a file imports, and where.

    They are named from the folder on (``message``); the folder's own is ``__init__``.
    """
    own = f"{PACKAGE}.{folder}"
    for imported in imports_of(path, root):
        if imported.name == own:
            yield "__init__", imported.line
        elif imported.name.startswith(f"{own}."):
            yield imported.name.removeprefix(f"{own}."), imported.line


def circle_in(folder: str, root: Path) -> list[str]:
    """Return modules of a folder of the package of which each imports the next, the last one being the first.

    It is empty where there is no such circle.
    """
    start = root / PACKAGE / folder
    waiting: dict[str, set[str]] = {}
    for path in start.rglob("*.py"):
        parts = path.relative_to(start).with_suffix("").parts
        name = ".".join(parts[:-1] if len(parts) > 1 and parts[-1] == "__init__" else parts)
        waiting[name] = {other for other, _ in _imports_within(folder, path, root)}
    while ready := {name for name, others in waiting.items() if not others & waiting.keys()}:
        for name in ready:
            del waiting[name]
    if not waiting:
        return []
    way = [min(waiting)]  # whatever is left imports something that is left
    while way[-1] not in way[:-1]:
        way.append(min(waiting[way[-1]] & waiting.keys()))
    circle = way[way.index(way[-1]) : -1]
    first = circle.index(min(circle))
    return [*circle[first:], *circle[: first + 1]]


def unguarded_imports(path: Path, root: Path) -> Iterator[str]:
    """Yield a line for each import in a function that a fork might cut in half."""
    shown = path.relative_to(root).as_posix()
    if path.relative_to(root / PACKAGE).with_suffix("").parts[0] in UNGUARDED:
        return

    def visit(node: ast.AST, in_function: bool) -> Iterator[str]:
        if isinstance(node, ast.With) and any(ast.unparse(item.context_expr) == "importing" for item in node.items):
            return
        if in_function and isinstance(node, ast.Import | ast.ImportFrom):
            yield f"{shown}:{node.lineno}: an import in a function needs `with importing:`"
        for child in ast.iter_child_nodes(node):
            yield from visit(child, in_function or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))

    yield from visit(_parsed(path.read_text()), False)


def main(arguments: list[str] | None = None, report: Callable[[str], None] = print) -> int:
    """Run the script; return its exit code."""
    parser = argparse.ArgumentParser(description="Check that imports inside the package point down.")
    parser.add_argument("--root", type=Path, default=ROOT, help="the project's folder")
    root = parser.parse_args(arguments).root.resolve()
    files = sorted((root / PACKAGE).rglob("*.py"))
    wrong = {line for path in files for line in (*check_file(path, root), *unguarded_imports(path, root))}
    wrong.update(line for path in (root / PACKAGE / "core").rglob("*.py") for line in check_room(path, root))
    for folder in WITHOUT_CIRCLES:
        if circle := circle_in(folder, root):
            wrong.add(f"{PACKAGE}/{folder}: modules import one another: {' > '.join(circle)}")
    for line in sorted(wrong):
        report(line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
