"""Goes through the files of a program and judges what they use of redis-py."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from .differences import ARGUMENTS, MEMBERS, MODULES, OF_CLIENTS, PRIVATE, Difference
from .meanings import Meaning, arguments, attribute, module, result

_PACKAGES = ("redis", "valkey")
#: Folders that hold others' programs.
_OTHERS = frozenset(("__pycache__", "node_modules", "site-packages", "venv", "env", "build", "dist"))


class Verdict(Enum):
    """What becomes of a use; worst last."""

    SAME = "runs as it is"
    DIFFERENT = "differs"
    PRIVATE = "is private"
    MISSING = "is not there"


class Use(NamedTuple):
    """One place where a name of redis-py is used."""

    name: str
    verdict: Verdict
    difference: Difference | None
    file: str
    line: int


def sources(path: Path) -> Iterator[Path]:
    """Yield the program's own Python files, in order."""
    if path.is_file():
        yield path
        return
    for folder, folders, files in os.walk(path):
        folders[:] = sorted(name for name in folders if name not in _OTHERS and not name.startswith("."))
        yield from (Path(folder, name) for name in sorted(files) if name.endswith(".py"))


def uses(file: Path, shown: str) -> list[Use]:
    """Return what a file uses of redis-py.

    Args:
        file: The file.
        shown: What to call it.

    Raises:
        OSError: It cannot be read.
        SyntaxError: It is no Python of this version.
        ValueError: Its text cannot be decoded.
    """
    text = file.read_bytes()
    if not any(name.encode() in text for name in _PACKAGES):
        return []
    tree = ast.parse(text, str(file))
    reader = _Reader(shown)
    reader.visit(tree)  # what functions further down return is known the second time
    reader.found.clear()
    reader.visit(tree)
    return reader.found


class _Reader(ast.NodeVisitor):
    """Keeps what names stand for while it goes through a file."""

    def __init__(self, shown: str) -> None:
        self.found: list[Use] = []
        self._shown = shown
        self._scopes: list[str] = [""]
        self._classes: list[str] = []
        self._known: dict[tuple[str, str], Meaning] = {}
        self._returns: dict[tuple[str, str], Meaning] = {}
        #: What classes that derive from redis-py's define themselves.
        self._own: dict[str, set[str]] = {}

    # -- what is said --------------------------------------------------------------------------------------

    def _note(self, name: str, verdict: Verdict, difference: Difference | None, node: ast.AST) -> None:
        self.found.append(Use(name, verdict, difference, self._shown, getattr(node, "lineno", 0)))

    def _judge(self, meaning: Meaning, node: ast.AST) -> None:
        name = meaning.member
        of_client = meaning.owner is None or "Pipeline" not in meaning.owner.member
        known = MEMBERS.get(name) if meaning.owner is not None and (of_client or name not in OF_CLIENTS) else None
        if meaning.owner is None:
            known = MODULES.get(meaning.label.split(".")[1]) if "." in meaning.label else None
        if name.startswith("_") and not name.endswith("__"):
            self._note(meaning.label, Verdict.PRIVATE, known or PRIVATE, node)
        elif meaning.thing is None:
            self._note(meaning.label, Verdict.MISSING, known, node)
        else:
            self._note(meaning.label, Verdict.DIFFERENT if known else Verdict.SAME, known, node)

    # -- what is known -------------------------------------------------------------------------------------

    def _bind(self, target: ast.expr, meaning: Meaning | None) -> None:
        if meaning is None:
            return
        if isinstance(target, ast.Name):
            self._known[self._scopes[-1], target.id] = meaning
        elif isinstance(target, ast.Attribute) and ast.unparse(target.value) in ("self", "cls") and self._classes:
            self._known[self._classes[-1], target.attr] = meaning

    def _look_up(self, table: dict[tuple[str, str], Meaning], name: str) -> Meaning | None:
        return next((table[scope, name] for scope in reversed(self._scopes) if (scope, name) in table), None)

    def _meaning(self, node: ast.expr | None) -> Meaning | None:
        if isinstance(node, ast.Name):
            return self._look_up(self._known, node.id)
        if isinstance(node, ast.Attribute):
            kept = self._kept(node)
            of = None if kept else self._meaning(node.value)
            return kept if of is None or of.thing is None else attribute(of, node.attr)
        if isinstance(node, ast.Await | ast.NamedExpr):
            return self._meaning(node.value)
        if isinstance(node, ast.IfExp):
            return self._meaning(node.body) or self._meaning(node.orelse)
        if isinstance(node, ast.BoolOp):
            return next(filter(None, map(self._meaning, node.values)), None)
        if isinstance(node, ast.Call):
            called = self._meaning(node.func)
            if called is not None:
                return result(called)
            return self._look_up(self._returns, node.func.id) if isinstance(node.func, ast.Name) else None
        return None

    def _kept(self, node: ast.Attribute) -> Meaning | None:
        """Return the meaning of an attribute of the object that a method is of."""
        if not self._classes or ast.unparse(node.value) not in ("self", "cls"):
            return None
        return self._known.get((self._classes[-1], node.attr))

    def _annotated(self, node: ast.expr | None) -> Meaning | None:
        """Return the meaning of an object that is annotated so."""
        if node is None:
            return None
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            try:
                node = ast.parse(node.value, mode="eval").body
            except SyntaxError:
                return None
        for part in ast.walk(node):
            meaning = self._meaning(part) if isinstance(part, ast.Name | ast.Attribute) else None
            if meaning is not None and isinstance(meaning.thing, type):
                return meaning._replace(is_made=True)
        return None

    # -- the program ---------------------------------------------------------------------------------------

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            if alias.name.partition(".")[0] not in _PACKAGES:
                continue
            meaning = module(alias.name)
            self._judge(meaning, node)
            self._bind(
                ast.Name(alias.asname or alias.name.partition(".")[0]), meaning if alias.asname else module("redis")
            )

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        if node.level or (node.module or "").partition(".")[0] not in _PACKAGES:
            return
        base = module(node.module or "")
        for alias in node.names:
            if alias.name == "*" or base.thing is None:
                self._judge(base if alias.name == "*" else Meaning(f"{base.label}.{alias.name}", None), node)
                continue
            meaning = attribute(base, alias.name)
            self._judge(meaning, node)
            self._bind(ast.Name(alias.asname or alias.name), meaning if meaning.thing is not None else None)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        self.generic_visit(node)
        if not isinstance(node.ctx, ast.Load) or self._kept(node) is not None:
            return
        of = self._meaning(node.value)
        if of is None or of.thing is None:
            return
        if isinstance(node.value, ast.Name) and node.value.id in ("self", "cls") and node.attr in self._defined():
            return
        if isinstance(of.thing, ModuleType) or (isinstance(of.thing, type) and of.thing is not object):
            self._judge(attribute(of, node.attr), node)

    def _defined(self) -> set[str]:
        return self._own.get(self._classes[-1], set()) if self._classes else set()

    def visit_Call(self, node: ast.Call) -> None:
        self.generic_visit(node)
        called = self._meaning(node.func)
        if called is None or called.thing is None:
            return
        known = arguments(called)
        for keyword in node.keywords:
            if keyword.arg is None:
                continue
            value = ast.unparse(keyword.value)
            difference = ARGUMENTS.get(keyword.arg)
            if difference is not None and (value == "None" or difference.value not in ("", value)):
                difference = None
            name = f"{called.label}({keyword.arg}=)"
            if (known is not None and keyword.arg not in known) or (difference is not None and difference.is_refused):
                self._note(name, Verdict.MISSING, difference, node)
            elif difference is not None:
                self._note(name, Verdict.DIFFERENT, difference, node)

    def visit_Assign(self, node: ast.Assign) -> None:
        self.generic_visit(node)
        for target in node.targets:
            self._bind(target, self._meaning(node.value))

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self.generic_visit(node)
        self._bind(node.target, self._meaning(node.value) or self._annotated(node.annotation))

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.generic_visit(node)
        self._bind(node.target, self._meaning(node.value))

    def visit_withitem(self, node: ast.withitem) -> None:
        self.generic_visit(node)
        if node.optional_vars is not None:
            self._bind(node.optional_vars, self._meaning(node.context_expr))

    def visit_Return(self, node: ast.Return) -> None:
        self.generic_visit(node)
        meaning = self._meaning(node.value)
        if meaning is not None and meaning.is_made and len(self._scopes) > 1:
            outer, _, name = self._scopes[-1].rpartition("/")
            self._returns[outer, name] = meaning

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        name = f"{self._scopes[-1]}/{node.name}"
        base = next(filter(None, map(self._meaning, node.bases)), None)
        if base is not None and isinstance(base.thing, type):
            self._bind(ast.Name(node.name), base)
            self._known[name, "self"] = base._replace(is_made=True)
            self._own[name] = set(_defined_in(node))
        self._classes.append(name)
        self.generic_visit(node)
        self._classes.pop()

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        returned = self._annotated(node.returns)
        if returned is not None:
            self._returns[self._scopes[-1], node.name] = returned
        outer = self._scopes[-1]
        self._scopes.append(f"{outer}/{node.name}")
        if self._classes and (self._classes[-1], "self") in self._known:
            self._bind(ast.Name("self"), self._known[self._classes[-1], "self"])
        for argument in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs):
            self._bind(ast.Name(argument.arg), self._annotated(argument.annotation))
        self.generic_visit(node)
        self._scopes.pop()

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> Any:
        self.visit_FunctionDef(node)


def _defined_in(node: ast.ClassDef) -> Iterator[str]:
    """Yield the names that a class gives its objects itself."""
    for part in ast.walk(node):
        if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef):
            yield part.name
        elif isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
            yield part.id
        elif isinstance(part, ast.Attribute) and isinstance(part.ctx, ast.Store):
            yield part.attr
