"""Check that imports inside the package point down, and that only drivers do input and output.

Each layer below names the layers it may import and the modules of the standard library it may touch among those that
bring sockets, threads, event loops, clocks or processes. Imports inside functions and for type checking count too.

And it checks that imports inside functions are guarded against forks; see ``multiplexer/importing.py``.

Usage::

    python scripts/check_layers.py          # prints what is wrong; exit code 1 if anything is
"""

from __future__ import annotations

import argparse
import ast
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
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
UNGUARDED = {"__main__", "cli", "embedded", "ocsp"}

_BASE = ("errors", "importing", "retry", "configuration")
_CORE = (*_BASE, "core")
_BLOCKING = (*_CORE, "ocsp", "drivers")
_ASYNCIO = (*_CORE, "ocsp", "drivers", "drivers.eventloop")
_POOLS = (*_ASYNCIO, "version", "pools.asyncio.world", "pools.blocking.world")
_HANDLES = (*_ASYNCIO, "asyncio", "blocking")
_TOP = (*_HANDLES, "version", "pools", "compat", "embedded", "search", "credentials")

#: By module, the longest name that fits; a new module at the top has to be given its place here.
LAYERS = {
    "version": _layer(),
    "errors": _layer(),
    "importing": _layer(world={"threading"}),
    "retry": _layer("errors", "importing", world={"asyncio", "time"}),
    "ocsp": _layer("errors", "importing", world={"select", "socket", "ssl", "_ssl", "threading", "time"}),
    "configuration": _layer("errors", "importing", "retry", world={"socket", "ssl"}),
    "core": _layer(*_BASE, "version"),
    "drivers": _layer(*_CORE, "ocsp", world=WORLDLY - {"asyncio"}),
    "drivers.eventloop": _layer(*_CORE, "ocsp", "drivers", world=WORLDLY),
    "blocking": _layer(*_BLOCKING, "pools", "blocking.lease_pool", world={"time"}),
    "blocking.lease_pool": _layer(*_BLOCKING, "pools", "ocsp", world={"socket", "ssl", "time"}),
    "asyncio": _layer(*_ASYNCIO, "pools", "asyncio.lease_pool", world={"asyncio", "time"}),
    "asyncio.lease_pool": _layer(*_ASYNCIO, "pools", "ocsp", world={"socket", "ssl", "time"}),
    "pools": _layer(*_POOLS, world={"asyncio", "concurrent", "socket", "ssl", "threading", "time"}),
    "pools.asyncio.world": _layer(*_ASYNCIO, world=WORLDLY),
    "pools.blocking.world": _layer(*_BLOCKING, world=WORLDLY - {"asyncio"}),
    "compat": _layer(*_HANDLES, *_POOLS, "pools", "credentials", world={"asyncio", "ssl", "threading", "time"}),
    "credentials": _layer("errors"),
    "search": _layer("core"),
    "embedded": _layer("errors", world=WORLDLY),
    "__init__": _layer(*_TOP),
    "__main__": _layer(*_TOP, "__init__", "cli", world=WORLDLY),
    "cli": _layer(*_TOP, "__init__", world=WORLDLY),
}


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


def imports_of(path: Path, root: Path) -> Iterator[Imported]:
    """Yield what a file imports, wherever in the file it does."""
    package = path.relative_to(root).parent.parts
    for node in ast.walk(ast.parse(path.read_text())):
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

    yield from visit(ast.parse(path.read_text()), False)


def main(arguments: list[str] | None = None, report: Callable[[str], None] = print) -> int:
    """Run the script; return its exit code."""
    parser = argparse.ArgumentParser(description="Check that imports inside the package point down.")
    parser.add_argument("--root", type=Path, default=ROOT, help="the project's folder")
    root = parser.parse_args(arguments).root.resolve()
    files = sorted((root / PACKAGE).rglob("*.py"))
    wrong = sorted({line for path in files for line in (*check_file(path, root), *unguarded_imports(path, root))})
    for line in wrong:
        report(line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
