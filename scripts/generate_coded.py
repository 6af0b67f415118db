"""Write the types of commands with a codec: ``commands/coded.pyi`` in both worlds.

At run time a handle with a codec has the methods of every other one. For type checkers this script writes their
signatures down again, with the codec's type where values are and str where names are: for handles, for batches and
transactions, and for pipelines. Groups of commands without values stand in it as they are, for text. Nothing imports
the file at run time.

Which arguments and results are values is said in the tables below; those of the running program are in
``multiplexer/core/coding``, and a test compares the two.

Usage::

    python scripts/generate_coded.py           # write the files
    python scripts/generate_coded.py --check   # write nothing; fail where one is stale
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from generate_collected import BUILTINS, FOLDERS, ROOT, SOURCE, GenerationError, Module, check, write

NAME = "coded.pyi"
HEADER = f'''# Generated from {SOURCE} by scripts/generate_coded.py.
"""The commands as handles with a codec have them, and what collects commands for these: for type checkers only."""

'''

#: The arguments that are values, or hold some, by method.
TAKES = {
    "arinsert": "values",
    "armset": "mapping",
    "arop": "value",
    "arring": "values",
    "arset": "values",
    "delex": "ifeq ifne",
    "delifeq": "value",
    "geoadd": "values",
    "geodist": "place1 place2",
    "geohash": "values",
    "geopos": "values",
    "georadiusbymember": "member",
    "geosearch": "member",
    "geosearchstore": "member",
    "getset": "value",
    "hmset": "mapping",
    "hset": "value mapping items",
    "hsetex": "value mapping items",
    "hsetnx": "value",
    "linsert": "refvalue value",
    "lpos": "value",
    "lpush": "values",
    "lpushx": "values",
    "lrem": "value",
    "lset": "value",
    "mset": "mapping",
    "msetex": "mapping",
    "msetnx": "mapping",
    "psetex": "value",
    "publish": "message",
    "rpush": "values",
    "rpushx": "values",
    "sadd": "values",
    "set": "value ifeq ifne",
    "setex": "value",
    "setnx": "value",
    "sismember": "value",
    "smismember": "values args",
    "smove": "value",
    "spublish": "message",
    "srem": "values",
    "xadd": "fields",
    "zadd": "mapping",
    "zincrby": "value",
    "zmscore": "members",
    "zrank": "value",
    "zrem": "values",
    "zrevrank": "value",
    "zscore": "value",
}

#: Arguments whose type says more than that ``Encodable`` is a value.
ARGUMENTS = {
    ("geoadd", "values"): "Sequence[Any]",
    ("hset", "items"): "Sequence[Any] | None",
    ("hsetex", "items"): "Sequence[Any] | None",
    ("smismember", "values"): "Iterable[Value]",  # a value may be one itself
    ("zadd", "mapping"): "Mapping[Value, Encodable] | Iterable[tuple[Value, Encodable]]",
}

#: The methods that return values.
GIVES = {
    *("arget", "argetrange", "arlastitems", "armget"),
    *("blmove", "blmovem", "blmpop", "blpop", "brpop", "brpoplpush", "lindex", "lmove", "lmovem", "lmpop"),
    *("lpop", "lrange", "rpop", "rpoplpush", "sort", "sort_ro"),
    *("bzmpop", "bzpopmax", "bzpopmin", "zdiff", "zinter", "zmpop", "zpopmax", "zpopmin", "zrandmember"),
    *("zrange", "zrangebylex", "zrangebyscore", "zrevrange", "zrevrangebylex", "zrevrangebyscore", "zscan"),
    *("zscan_iter", "zunion"),
    *("georadius", "georadiusbymember", "geosearch"),
    *("get", "getdel", "getex", "getset", "mget", "set"),
    *("hget", "hgetall", "hgetdel", "hgetex", "hmget", "hrandfield", "hscan", "hscan_iter", "hvals"),
    *("sdiff", "sinter", "smembers", "spop", "srandmember", "sscan", "sscan_iter", "sunion"),
    *("xautoclaim", "xclaim", "xrange", "xread", "xreadgroup", "xrevrange"),
}

#: Where text stands in a result that has values: what it is then, the first that fits.
RESULTS = (
    ("dict[AnyStr, AnyStr]", "dict[str, Value]"),
    ("tuple[AnyStr, dict[", "tuple[str, dict["),
    ("tuple[AnyStr, list[", "tuple[str, list["),
    ("tuple[AnyStr, AnyStr", "tuple[str, Value"),
    ("set[AnyStr]", "list[Value]"),
)
#: What else is text there is no value but a name.
NAMED = {"hrandfield", "hscan", "hscan_iter", "xautoclaim", "xclaim"}
#: What has names and values in turn.
MIXED = {"hrandfield": ("list[AnyStr]", "list[Any]")}

#: What works on a piece of a value, and is refused.
REFUSED = {"append", "getrange", "lcs", "setrange", "substr"}

#: What the names of the forms begin with, and where groups without values come from.
HANDLE, QUEUED, PIPED = "Coded", "QueuedCoded", "PipedCoded"
PLAIN = {HANDLE: "", QUEUED: "Queued", PIPED: "Piped"}
#: The modules of the composed groups.
COMPOSED = "__init__.py"


class Form:
    """One form of all groups that have to do with values, in the making.

    Args:
        prefix: What the names of its classes begin with.
        coded: The names of those groups, and of what is composed of them.
        homes: The module of each other group, as it is imported.
    """

    def __init__(self, prefix: str, coded: set[str], homes: dict[str, str]) -> None:
        self._prefix = prefix
        self._coded = coded
        self._homes = homes
        self._module = Module(Path())
        self.imports: set[str] = {"from ...core.types import Value"}

    def written(self, module: Module, group: ast.ClassDef) -> str:
        """Return the class for one group."""
        self._module = module
        name = f"{self._prefix}{group.name}"
        if module.path.name == COMPOSED:
            bases = [self._base(ast.unparse(base).partition("[")[0]) for base in group.bases]
            return f"class {name}({', '.join(bases)}): ...\n"
        self.imports.add("from typing import Generic")
        return f"class {name}(Generic[Value]):\n" + "".join(self._body(group))

    def _base(self, group: str) -> str:
        if group in self._coded:
            return f"{self._prefix}{group}[Value]"
        plain = f"{PLAIN[self._prefix]}{group}"
        home = self._homes[group] if self._prefix == HANDLE else ".collected"
        self.imports.add(f"from {home} import {plain}")
        return f"{plain}[str]"

    def _body(self, group: ast.ClassDef) -> Iterator[str]:
        left_out = set(REFUSED)
        methods = [node for node in group.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
        documented = {node.name: ast.get_docstring(node) or "" for node in methods}
        overloaded = {node.name for node in methods if _is_overload(node)}
        for node in group.body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
                waits = isinstance(node, ast.AsyncFunctionDef) or "Iterator" in ast.unparse(_returns(node))
                if node.name in left_out or (waits and self._prefix != HANDLE):
                    left_out.add(node.name)
                elif _is_overload(node) or node.name not in overloaded:
                    yield self._method(node, documented.pop(node.name, ""))
            elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Name) and node.value.id not in left_out:
                yield f"    {ast.unparse(node)}\n"  # a second name of a method

    def _method(self, node: ast.FunctionDef | ast.AsyncFunctionDef, text: str) -> str:
        decorators = [ast.unparse(decorator) for decorator in node.decorator_list]
        if "overload" in decorators:
            self.imports.add("from typing import overload")
        head = "".join(f"    @{decorator}\n" for decorator in decorators)
        # One that yields is none to type checkers where nobody sees it yield.
        kind = "async def" if isinstance(node, ast.AsyncFunctionDef) and not _is_iterator(node) else "def"
        head += f"    {kind} {node.name}({self._arguments(node)}) -> {self._result(node)}:"
        if not text:
            return f"{head} ...\n"
        first = text.partition("\n")[0]
        return f'{head}\n        {"r" * (chr(92) in first)}"""{first}"""\n'

    def _arguments(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
        takes = TAKES.get(node.name, "").split()
        found = deepcopy(node.args)
        names = {each.arg for each in ast.walk(found) if isinstance(each, ast.arg)}
        if not names >= set(takes):
            raise GenerationError(f"{node.name} has no argument {', '.join(set(takes) - names)}")
        for argument in ast.walk(found):
            if isinstance(argument, ast.arg) and argument.annotation is not None:
                annotation = ast.unparse(argument.annotation)
                if (node.name, argument.arg) in ARGUMENTS:
                    annotation = ARGUMENTS[node.name, argument.arg]
                elif argument.arg in takes:
                    annotation = annotation.replace("Encodable", "Value")
                argument.annotation = self._parsed(annotation)
        found.defaults = [ast.Constant(...) for _ in found.defaults]
        found.kw_defaults = [default and ast.Constant(...) for default in found.kw_defaults]
        return ast.unparse(found)

    def _result(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
        text = ast.unparse(_returns(node))
        if "Pending[" in text and self._prefix == PIPED:
            self.imports.add("from ..coded import CodedPipeline")
            return "CodedPipeline[Value]"
        if node.name in GIVES:
            for old, new in (MIXED[node.name],) if node.name in MIXED else RESULTS:
                text = text.replace(old, new)
        return ast.unparse(self._parsed(text, "Value" if node.name in GIVES - NAMED else "str"))

    def _parsed(self, annotation: str, text: str = "str") -> ast.expr:
        """Return a type with the names of this form, and ``text`` where text is; note what it imports."""
        expression = ast.parse(annotation, mode="eval").body
        for part in ast.walk(expression):
            if isinstance(part, ast.Name):
                part.id = self._name(text if part.id == "AnyStr" else part.id)
        return expression

    def _name(self, name: str) -> str:
        if name == "Pending" and self._prefix == QUEUED:
            self.imports.add("from ...core.commands.batching import Queued")
            return "Queued"
        if name in ("Any", "Iterable", "Sequence"):  # what the tables bring in
            self.imports.add(f"from {'typing' if name == 'Any' else 'collections.abc'} import {name}")
        elif name in self._module.names:
            self.imports.add(self._module.names[name])
        elif name not in BUILTINS and name != "Value":
            raise GenerationError(f"{self._module.path}: nobody knows where {name} comes from")
        return name


def _is_overload(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(ast.unparse(decorator) == "overload" for decorator in node.decorator_list)


def _is_iterator(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return "Iterator" in ast.unparse(_returns(node))


def _returns(node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.expr:
    if node.returns is None:
        raise GenerationError(f"{node.name} does not say what it returns")
    return node.returns


def _bases(group: ast.ClassDef) -> set[str]:
    return {ast.unparse(base).partition("[")[0] for base in group.bases}


def _public(group: ast.ClassDef) -> set[str]:
    return {node.name for node in group.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def types(folder: str, root: Path = ROOT) -> str:
    """Return the text of the file for one world.

    Args:
        folder: The world's folder of commands.
        root: The project's folder.

    Raises:
        GenerationError: The sources hold something that has no counterpart here, or a method of the tables is nowhere.
    """
    classes: list[str] = []
    imports: set[str] = set()
    missing = {*TAKES, *GIVES, *REFUSED}
    for prefix in (HANDLE, QUEUED, PIPED):
        source = root / (folder if prefix == HANDLE else SOURCE)
        modules = [Module.read(source, path) for path in sorted(source.glob("*.py"))]
        every = [(module, group) for module in modules for group in module.classes]
        composed = {group.name: _bases(group) for module, group in every if module.path.name == COMPOSED}
        groups = set().union(*composed.values())
        coded = {group.name for _, group in every if group.name in groups and _public(group) & {*TAKES, *GIVES}}
        while more := {name for name, bases in composed.items() if bases & coded} - coded:
            coded |= more
        homes = {group.name: f".{module.path.stem}" for module, group in every}
        homes["ModuleCommands"] = ".modules"
        form = Form(prefix, coded, homes)
        for module, group in every:
            if group.name in coded:
                classes.append(form.written(module, group))
                missing -= _public(group)
        imports |= form.imports
    if missing:
        raise GenerationError(f"no method is called {', '.join(sorted(missing))}")
    check(imports)
    return HEADER + "".join(f"{line}\n" for line in sorted(imports)) + "\n" + "\n".join(classes)


def main() -> int:
    """Write the files, or say whether they are up to date."""
    return write({ROOT / folder / NAME: types(folder) for folder in FOLDERS}, "generate_coded.py")


if __name__ == "__main__":
    sys.exit(main())
