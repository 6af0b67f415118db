"""Write the types of collected commands: ``commands/collected.pyi`` and ``commands/chained.pyi`` in both worlds.

A command's method returns its result, or in asyncio an awaitable of it; that of a batch returns a ``Queued`` that has
the result later, and that of a pipeline the pipeline. At run time it is one and the same method. For type checkers
this script writes the signatures of ``multiplexer/asyncio/commands/`` down again, with those results: `QUEUED` for
batches and transactions, `PIPED` for pipelines, `CHAINED` for a module's group over a pipeline of its own, which
returns itself. Nothing imports the file at run time.

Coroutines and iterators are left out: they wait for replies, which nothing that collects commands can.

Usage::

    python scripts/generate_collected.py           # write the files
    python scripts/generate_collected.py --check   # write nothing; fail where one is stale
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = "multiplexer/asyncio/commands"
FOLDERS = (SOURCE, "multiplexer/blocking/commands")
HEADER = f'''# Generated from {SOURCE} by scripts/generate_collected.py.
"""The commands as batches, transactions and pipelines have them: for type checkers only."""

'''

QUEUED, PIPED, CHAINED = "Queued", "Piped", "Chained"
#: Which forms stand in which file. What the modules' groups import must not lead to pipelines, which import the groups.
FILES = {"collected.pyi": (QUEUED, PIPED), "chained.pyi": (CHAINED,)}
#: What the forms need beside what the sources import.
IMPORTS = {"Queued": "from ...core.commands.batching import Queued", "Pipeline": "from ..pipeline import Pipeline"}
#: The base of all groups of commands, of which nothing is left here.
ROOT_CLASS = "CommandSurface"
#: The base of the modules' groups: its own methods are for pipelines that a group makes for itself.
MODULE_GROUP = "ModuleGroup"
#: What it stands on: it is what it is in every form.
COLLECTING = "Collecting"
#: Names that need no import.
BUILTINS = {"bool", "bytearray", "bytes", "dict", "float", "int", "list", "memoryview", "object", "set", "str", "tuple"}


class GenerationError(Exception):
    """A source holds something that the types cannot be made of; the message says where."""


@dataclass
class Module:
    """One source.

    Attributes:
        path: From the folder of the sources.
        classes: Its groups of commands.
        names: For each name it imports or defines, how a module of the folder itself imports it.
    """

    path: Path
    classes: list[ast.ClassDef] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, folder: Path, path: Path) -> Module:
        """Read a source."""
        module = cls(path.relative_to(folder))
        depth = len(module.path.parts) - 1
        own = "." + ".".join(part for part in module.path.with_suffix("").parts if part != "__init__")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                start = "." * (node.level and max(node.level - depth, 1))
                if node.level:  # what lies in the same folder as the source is one deeper from here
                    start += "".join(f"{part}." for part in module.path.parts[: max(depth - node.level + 1, 0)])
                for alias in node.names:
                    shown = alias.name if alias.asname is None else f"{alias.name} as {alias.asname}"
                    module.names[alias.asname or alias.name] = f"from {start}{node.module} import {shown}"
            elif isinstance(node, ast.Import):
                module.names.update({alias.name: f"import {alias.name}" for alias in node.names})
            elif isinstance(node, ast.Module):
                module._define(node, own)
        return module

    def _define(self, tree: ast.Module, own: str) -> None:
        for node in tree.body:
            if isinstance(node, ast.ClassDef):
                self.classes.append(node)
            elif isinstance(node, ast.Assign | ast.AnnAssign):
                target = node.targets[0] if isinstance(node, ast.Assign) else node.target
                self.names[ast.unparse(target)] = f"from {own} import {ast.unparse(target)}"


class Form:
    """One form of all groups, or of some, in the making.

    Args:
        prefix: What the names of its classes begin with.
        groups: The names of the groups.
    """

    def __init__(self, prefix: str, groups: set[str]) -> None:
        self._prefix = prefix
        self._groups = groups
        self._module = Module(Path())
        self.imports: set[str] = set()

    def written(self, module: Module, group: ast.ClassDef) -> str:
        """Return the class for one group."""
        self._module = module
        bases = [base for base in group.bases if _base_name(base) not in (ROOT_CLASS, COLLECTING)]
        shown = ", ".join(self._shown(base) for base in bases)
        if not bases:
            shown = self._shown(ast.parse("Generic[AnyStr]", mode="eval").body)
            self.imports |= {"from typing import Generic", "from ...core.types import AnyStr"}
        if group.name == MODULE_GROUP and self._prefix == CHAINED:
            self.imports.add(f"from .modules.group import {COLLECTING}")
            shown = f"{COLLECTING}, {shown}"
        body = [] if group.name == MODULE_GROUP else list(self._body(group))
        return f"class {self._prefix}{group.name}({shown}):\n" + ("".join(body) or "    ...\n")

    def _body(self, group: ast.ClassDef) -> Iterator[str]:
        left_out = set()
        methods = [node for node in group.body if isinstance(node, ast.FunctionDef)]
        documented = {node.name: ast.get_docstring(node) or "" for node in methods}
        overloaded = {node.name for node in methods if _is_overload(node)}
        for node in group.body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                if any(isinstance(part, ast.Name) and "Iterator" in part.id for part in ast.walk(_returns(node))):
                    continue
                # A stub has no implementation; its documentation goes to the first overload.
                if _is_overload(node) or node.name not in overloaded:
                    yield self._method(node, documented.pop(node.name, ""))
            elif isinstance(node, ast.AsyncFunctionDef):
                left_out.add(node.name)
            elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Name) and node.value.id not in left_out:
                yield f"    {ast.unparse(node)}\n"  # a second name of a method

    def _method(self, node: ast.FunctionDef, text: str) -> str:
        names = [ast.unparse(decorator) for decorator in node.decorator_list]
        if "overload" in names:
            self.imports.add("from typing import overload")
        decorators = "".join(f"    @{name}\n" for name in names)
        head = f"    def {node.name}({self._arguments(node.args)}) -> {self._result(node)}:"
        if not text:
            return f"{decorators}{head} ...\n"
        first = text.partition("\n")[0]
        return f'{decorators}{head}\n        {"r" * (chr(92) in first)}"""{first}"""\n'

    def _arguments(self, arguments: ast.arguments) -> str:
        hidden = ast.Constant(...)
        for argument in ast.walk(arguments):
            if isinstance(argument, ast.arg) and argument.annotation is not None:
                argument.annotation = ast.parse(self._shown(argument.annotation), mode="eval").body
        arguments.defaults = [hidden for _ in arguments.defaults]
        arguments.kw_defaults = [default and hidden for default in arguments.kw_defaults]
        return ast.unparse(arguments)

    def _result(self, node: ast.FunctionDef) -> str:
        returns = _returns(node)
        awaited = any(isinstance(part, ast.Name) and part.id == "Pending" for part in ast.walk(returns))
        if awaited and self._prefix == PIPED:
            self.imports.add(IMPORTS["Pipeline"])
            return "Pipeline[AnyStr]"
        if awaited and self._prefix == CHAINED:
            self.imports.add("from typing import Self")
            return "Self"
        return self._shown(returns)

    def _shown(self, expression: ast.expr) -> str:
        """Return the text of a type, its names those of this form; note what it imports."""
        expression = ast.parse(ast.unparse(expression), mode="eval").body  # others may want it as it was
        for part in ast.walk(expression):
            if isinstance(part, ast.Name):
                part.id = self._name(part.id)
        return ast.unparse(expression)

    def _name(self, name: str) -> str:
        if name == "Pending":
            self.imports.add(IMPORTS["Queued"])
            return "Queued"
        if name.removeprefix(self._prefix) in self._groups:
            return self._prefix + name.removeprefix(self._prefix)
        if name in self._module.names:
            line = self._module.names[name]
            if f" as {name}" in line:  # several sources may call different modules the same
                name = f"{line.split()[3]}_{name}"
                line = f"{line.rpartition(' ')[0]} {name}"
            self.imports.add(line)
        elif name not in BUILTINS and name != "Generic":
            raise GenerationError(f"{self._module.path}: nobody knows where {name} comes from")
        return name


def _descended(groups: list[ast.ClassDef]) -> set[str]:
    """Return the names of the modules' groups."""
    found = {MODULE_GROUP}
    while more := {group.name for group in groups if found & set(map(_base_name, group.bases))} - found:
        found |= more
    return found


def _base_name(base: ast.expr) -> str:
    return ast.unparse(base.value if isinstance(base, ast.Subscript) else base)


def _is_overload(node: ast.FunctionDef) -> bool:
    return any(ast.unparse(decorator) == "overload" for decorator in node.decorator_list)


def _returns(node: ast.FunctionDef) -> ast.expr:
    if node.returns is None:
        raise GenerationError(f"{node.name} does not say what it returns")
    return node.returns


def types(forms: Sequence[str] = FILES["collected.pyi"], root: Path = ROOT) -> str:
    """Return the text of the file of some forms.

    Raises:
        GenerationError: The sources hold something that has no counterpart here.
    """
    folder = root / SOURCE
    classes: list[str] = []
    imports: set[str] = set()
    for prefix in forms:
        modules = [Module.read(folder, path) for path in sorted(folder.rglob("*.py"))]
        every = [group for module in modules for group in module.classes]
        groups = _descended(every) if prefix == CHAINED else {group.name for group in every} - {ROOT_CLASS, COLLECTING}
        form = Form(prefix, groups)
        for module in modules:
            classes += [form.written(module, group) for group in module.classes if group.name in groups]
        imports |= form.imports
    check(imports)
    return HEADER + "".join(f"{line}\n" for line in sorted(imports)) + "\n" + "\n".join(classes)


def check(imports: set[str]) -> None:
    """Refuse imports that give one name two meanings.

    Raises:
        GenerationError: There are some.
    """
    found: dict[str, str] = {}
    for line in imports:
        name = line.split()[-1]
        if found.setdefault(name, line) != line:
            raise GenerationError(f"{name} means two things: {line}, {found[name]}")


def write(files: Mapping[Path, str], script: str) -> int:
    """Write files, or with ``--check`` say which of them are stale; return the exit code.

    Args:
        files: What each file is to hold.
        script: What makes them.
    """
    stale = {target: text for target, text in files.items() if not target.exists() or target.read_text("utf-8") != text}
    if "--check" in sys.argv[1:]:
        for target in stale:
            print(f"{target.relative_to(ROOT)} is stale: run scripts/{script}", file=sys.stderr)
        return int(bool(stale))
    for target, text in stale.items():
        target.write_text(text, "utf-8")
    return 0


def main() -> int:
    """Write the files, or say whether they are up to date."""
    texts = {name: types(forms) for name, forms in FILES.items()}
    files = {ROOT / folder / name: text for name, text in texts.items() for folder in FOLDERS}
    return write(files, "generate_collected.py")


if __name__ == "__main__":
    sys.exit(main())
