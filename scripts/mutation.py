"""Break modules of the core on purpose, one place at a time, and see whether the tests of the core notice.

Each change (a mutant) is made in a copy of the project, where ``tests/core`` runs until a test fails: first the tests
nearest to the module, then all others that have to do with it. A mutant that no test notices survives: either a test is
missing, or the change makes no difference, and then it stands in ``mutation_survivors.txt`` with why. The exit status
is 1 where another one survives. Not part of CI, as it takes hours. There is one rule for each kind of change, so what
is not tried can be read here: texts, types, errors' messages, and what ``repr()`` shows.

Usage::

    scripts/mutation                                  # every mutant of every module
    scripts/mutation physical_connection --sample 50  # fifty of one module, chosen by --seed
    scripts/mutation message --line 120               # those of one line
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CORE = "multiplexer/core"
KNOWN = ROOT / "scripts" / "mutation_survivors.txt"

#: The modules, and what of ``tests/core`` is nearest to each.
MODULES = {
    "message": ("message", "physical_connection", "physical_bridge", "batching", "bad_input"),
    "physical_bridge": ("physical_bridge", "group_guide", "cluster_guide"),
    "physical_connection": ("physical_connection", "prober", "high_integrity", "feed"),
    "resending": ("resending", "physical_bridge", "redirections", "cluster_guide"),
    "server_selection_strategy": ("server_selection", "cluster_guide", "group_guide"),
}
#: Tests that measure time: on a busy machine they would notice mutants that are not there.
TIMED = {"test_topology_speed"}
#: Seconds a run of the tests may take before a mutant counts as noticed: it hangs.
PATIENCE = 300.0

_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_OPERATIONS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Add,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}


@dataclass(frozen=True)
class Mutant:
    """A module with one change.

    Attributes:
        line: Where.
        place: The function or class that it is in.
        before: The code there.
        after: What stands in its place.
        text: The whole module.
    """

    line: int
    place: str
    before: str
    after: str
    text: str

    @property
    def name(self) -> str:
        """What tells it from others, as long as its function stays as it is."""
        line = self.text.splitlines()[self.line - 1].strip()
        return f"{self.place}: {_one_line(self.before)}  ->  {line}"

    def __str__(self) -> str:
        return f"line {self.line}: {_one_line(self.before)}  ->  {_one_line(self.after)}"


def _one_line(code: str) -> str:
    return " ".join(code.split())[:70]


class Mutator:
    """Finds every place of a module that can be changed."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._bytes = text.encode()
        self._lines = [0]
        for line in self._bytes.split(b"\n"):
            self._lines.append(self._lines[-1] + len(line) + 1)

    def mutants(self) -> Iterator[Mutant]:
        """Yield the module with one change after the other."""
        for node, place in self._code(ast.parse(self._text)):
            for after in self._changes(node):
                yield self._replace(node, after, ".".join(place) or "module")

    def _code(self, node: ast.AST, place: tuple[str, ...] = ()) -> Iterator[tuple[ast.AST, tuple[str, ...]]]:
        """Yield what runs, and where, but no texts, no types and nothing that is only for people to read."""
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            place = (*place, node.name)
        for name, value in ast.iter_fields(node):
            if name in ("annotation", "returns", "type_params", "decorator_list"):
                continue
            for child in value if isinstance(value, list) else (value,):
                if isinstance(child, ast.AST) and not _is_for_people(child):
                    yield child, place
                    yield from self._code(child, place)

    def _changes(self, node: ast.AST) -> Iterator[str]:
        if isinstance(node, ast.stmt):
            yield from _of_statement(node)
        elif isinstance(node, ast.expr):
            yield from (f"({ast.unparse(changed)})" for changed in _of_expression(node))

    def _replace(self, node: ast.AST, after: str, place: str) -> Mutant:
        assert isinstance(node, ast.stmt | ast.expr)
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        start = self._lines[node.lineno - 1] + node.col_offset
        end = self._lines[node.end_lineno - 1] + node.end_col_offset
        changed = self._bytes[:start] + after.encode() + self._bytes[end:]
        return Mutant(node.lineno, place, self._bytes[start:end].decode(), after, changed.decode())


def _is_for_people(node: ast.AST) -> bool:
    match node:
        case ast.JoinedStr() | ast.Import() | ast.ImportFrom() | ast.Raise():
            return True
        case ast.FunctionDef(name="__repr__"):
            return True
        case ast.Expr(value=ast.Constant()):
            return True
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return True
        case ast.Assign(targets=[ast.Name(id="__slots__")]):
            return True
    return False


def _of_statement(node: ast.stmt) -> Iterator[str]:
    match node:
        case ast.Expr(value=ast.Call() | ast.Await()):
            yield "pass"
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
            yield "pass"
        case ast.AugAssign():
            yield "pass"
        case ast.Break():
            yield "continue"
        case ast.Continue():
            yield "break"
        case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Constant):
            yield "return None"


def _of_expression(node: ast.expr) -> Iterator[ast.expr]:
    match node:
        case ast.Compare(left=left, ops=[op], comparators=right) if type(op) in _COMPARISONS:
            yield ast.Compare(left, [_COMPARISONS[type(op)]()], right)
        case ast.BoolOp(op=op, values=values):
            yield ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), values)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATIONS:
            yield ast.BinOp(left, _OPERATIONS[type(op)](), right)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield operand
        case ast.Constant(value=bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(value=int(value)):
            yield ast.Constant(value + 1)
        case ast.Constant(value=float(value)):
            yield ast.Constant(value * 2 + 1)
        case ast.IfExp(test=test, body=body, orelse=orelse):
            yield ast.IfExp(test, orelse, body)


def mutants(text: str) -> list[Mutant]:
    """Return every mutant of a module."""
    return list(Mutator(text).mutants())


class Copy:
    """A copy of the project in which mutants are tried."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("multiplexer", "tests", "scripts", "docs"):
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "pyproject.toml", folder)

    def notices(self, module: str, text: str) -> bool:
        """Whether a test fails with another text of a module."""
        path = self.folder / CORE / f"{module}.py"
        original = path.read_text()
        path.write_text(text)
        try:
            near = [f"tests/core/test_{name}.py" for name in MODULES[module]]
            return self._fails(near) or self._fails([name for name in self._concerned(module) if name not in near])
        finally:
            path.write_text(original)

    def _concerned(self, module: str) -> list[str]:
        """Return the tests that name a module, or what most of them share; others never come near it."""
        named = re.compile(rf"\b(engine|sentinels|{module})\b")
        files = sorted((self.folder / "tests" / "core").glob("test_*.py"))
        return [
            f"tests/core/{file.name}" for file in files if file.stem not in TIMED and named.search(file.read_text())
        ]

    def _fails(self, tests: list[str]) -> bool:
        words = [
            "-m",
            "pytest",
            "-x",
            "-q",
            "--no-header",
            "--tb=no",
            "-p",
            "no:cacheprovider",
            "-o",
            "timeout=0",
            *tests,
        ]
        environment = {**os.environ, "PYTHONPATH": str(self.folder), "PYTHONDONTWRITEBYTECODE": "1"}
        try:
            done = subprocess.run(
                [sys.executable, *words],
                cwd=self.folder,
                env=environment,
                capture_output=True,
                timeout=PATIENCE,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return True
        return done.returncode != 0


def known(path: Path = KNOWN) -> dict[str, str]:
    """Return why mutants survive of which that is known, by module and name."""
    found, cause = {}, ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("= "):
            cause = line.removeprefix("= ")
        elif line and not line.startswith("#"):
            found[line] = cause
    return found


def try_module(copy: Copy, module: str, chosen: list[Mutant]) -> list[Mutant]:
    """Try mutants of a module; return those that survive."""
    survivors = []
    for number, mutant in enumerate(chosen, 1):
        survives = not copy.notices(module, mutant.text)
        survivors += [mutant] if survives else []
        print(f"{module} {number}/{len(chosen)} {'SURVIVES' if survives else 'dies'}: {mutant}", flush=True)
    return survivors


def main() -> int:
    """Run the script; return its exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("modules", nargs="*", help=f"of {', '.join(MODULES)}; by default all")
    parser.add_argument("--sample", type=int, metavar="N", help="so many mutants of each module, left to chance")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="what chance follows from (0)")
    parser.add_argument("--line", type=int, metavar="N", help="only mutants of this line")
    options = parser.parse_args()
    if unknown := set(options.modules) - set(MODULES):
        parser.error(f"no such module: {', '.join(sorted(unknown))}")
    tried, survivors = 0, {}
    with tempfile.TemporaryDirectory() as folder:
        copy = Copy(Path(folder))
        for module in options.modules or MODULES:
            text = (ROOT / CORE / f"{module}.py").read_text()
            if copy.notices(module, text):
                parser.error(f"the tests of {module} fail as it is")
            chosen = [each for each in mutants(text) if options.line in (None, each.line)]
            if options.sample is not None and options.sample < len(chosen):
                chosen = random.Random(f"{options.seed}/{module}").sample(chosen, options.sample)
            tried += len(chosen)
            survivors[module] = try_module(copy, module, chosen)
    count = sum(map(len, survivors.values()))
    print(f"\n{tried - count} of {tried} mutants died.")
    reasons, unknown = known(), 0
    for module, left in survivors.items():
        for mutant in sorted(left, key=lambda each: each.line):
            name = f"{module} {mutant.name}"
            unknown += name not in reasons
            print(f"survived: {name}\n    {reasons.get(name, 'nobody knows why')}")
    return 1 if unknown else 0


if __name__ == "__main__":
    sys.exit(main())
