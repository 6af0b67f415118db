"""Write the blocking twins of the asyncio package and of its tests.

Async code is the source. Its syntax tree and its tokens say where to cut and replace in its text, so that comments
and layout stay and no formatter is needed.

What is translated:

* ``async`` and ``await`` go; ``Pending[X]``, ``Awaitable[X]`` and ``Coroutine[Any, Any, X]`` become ``X``,
  ``AsyncGenerator[X, Y]`` becomes ``Generator[X, Y, None]``; names become those of `NAMES`, members of asyncio those of
  `ASYNCIO`;
* packages called ``asyncio`` become ``blocking`` (``multiplexer.asyncio``, ``..asyncio``);
* imports nobody needs any longer go, new ones come, each in its alphabetical place;
* comments and docstrings are put right by `WORDS`.

What a source can say about itself:

* ``if True:  # ASYNC`` … ``else:`` holds code that differs; the twin gets the ``else`` branch;
* the first line ``# asyncio only``: there is no twin.

Usage::

    python scripts/generate_blocking.py           # write what changed, remove twins without a source
    python scripts/generate_blocking.py --check   # write nothing; fail and list what is stale or orphaned
"""

from __future__ import annotations

import argparse
import ast
import io
import re
import sys
import tokenize
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

#: Folders of sources and of their twins.
FOLDERS = (
    ("multiplexer/asyncio", "multiplexer/blocking"),
    ("multiplexer/pools/asyncio", "multiplexer/pools/blocking"),
    ("multiplexer/compat/asyncio", "multiplexer/compat/blocking"),
    ("tests/asyncio", "tests/blocking"),
)
#: Files written by hand in both worlds: what tests need of theirs.
HAND_WRITTEN_NAMES = {"_world.py"}
ASYNCIO_ONLY = "# asyncio only"
HEADER = "# Generated from {source} by scripts/generate_blocking.py; change that file instead.\n"
HEADER_START = "# Generated from "
LINE_LENGTH = 120

#: Identifiers, wherever they stand.
NAMES = {
    "AbstractAsyncContextManager": "AbstractContextManager",
    "AsyncContextManager": "ContextManager",
    "AsyncExitStack": "ExitStack",
    "AsyncGenerator": "Generator",
    "AsyncIterable": "Iterable",
    "AsyncIterator": "Iterator",
    "AsyncRetry": "Retry",
    "StopAsyncIteration": "StopIteration",
    "__aenter__": "__enter__",
    "__aexit__": "__exit__",
    "__aiter__": "__iter__",
    "__anext__": "__next__",
    "aclose": "close",
    "aclosing": "closing",
    "aiter": "iter",
    "anext": "next",
    "asynccontextmanager": "contextmanager",
    "enter_async_context": "enter_context",
    "eventloop": "threads",
    "push_async_callback": "callback",
    "push_async_exit": "push",
    "pytest_asyncio": "pytest",
}

#: Members of asyncio that have a counterpart; any other one is an error.
ASYNCIO = {
    "Condition": "threading.Condition",
    "Event": "threading.Event",
    "Lock": "threading.Lock",
    "Semaphore": "threading.Semaphore",
    "TimeoutError": "TimeoutError",
    "sleep": "time.sleep",
}

#: Modules the translation itself may need.
NEW_MODULES = ("pytest", "threading", "time")

#: Comments and docstrings: pattern and replacement, in this order; `NAMES` follow.
WORDS = (
    (r"\bfrom multiplexer\.asyncio import\b", "from multiplexer import"),
    (r"\b(multiplexer|tests)([./])asyncio\b", r"\1\2blocking"),
    (r"\bAn awaitable of (\w)", lambda match: match[1].upper()),
    (r"\ban awaitable of ", ""),
    (r"\bawait (?=[A-Za-z_]\w*(?:\.\w+)*[(\[]|[a-z_]\w*\.[a-z])", ""),
    (r"\b([Aa])n async (?=(?:with|for|generator|context|method|function)\b)", r"\1 "),
    (r"\basync (?=(?:with|for|def|iterator|generator|context|method|function)\b)", ""),
    (r"\basyncio\.sleep\b", "time.sleep"),
    (r"\basyncio\.run\((\w+\([^()]*\))\)", r"\1"),
    (r"\b(?:asyncio )?tasks of the loop\b", "threads"),
    (r"\b([Aa])n asyncio task", r"\1 thread"),
    (r"\basyncio task", "thread"),
    (r"\b([Cc])oroutine function", lambda match: "Function" if match[1] == "C" else "function"),
    (r"\b([Cc])oroutine", lambda match: "Function" if match[1] == "C" else "function"),
)

_NAMES_IN_TEXT = re.compile(rf"\b(?:{'|'.join(NAMES)})\b")
_MODULES_IN_STRINGS = re.compile(r"\b(multiplexer|tests)([./])asyncio\b")


class TranslationError(Exception):
    """A source holds something that has no blocking counterpart; the message says where."""


# Passes often leave a text as it was, and then it need not be read again.
@lru_cache(maxsize=8)
def parsed(text: str) -> tuple[ast.AST, ...]:
    """Return the nodes of a text's syntax tree, the tree itself first. Nobody changes them."""
    return tuple(ast.walk(ast.parse(text)))


@lru_cache(maxsize=8)
def tokenized(text: str) -> tuple[tokenize.TokenInfo, ...]:
    """Return the tokens of a text."""
    return tuple(tokenize.generate_tokens(io.StringIO(text).readline))


class Source:
    """One version of a file's text with its syntax tree and tokens, and the edits to be made to it."""

    def __init__(self, text: str, path: str) -> None:
        self.text = text
        self.path = path
        self.nodes = parsed(text)
        self.tree = self.nodes[0]
        self.lines = text.splitlines(keepends=True)
        self._offsets = [0]
        for line in self.lines:
            self._offsets.append(self._offsets[-1] + len(line))
        self._edits: list[tuple[int, int, str]] = []

    @property
    def tokens(self) -> tuple[tokenize.TokenInfo, ...]:
        """The text's tokens."""
        return tokenized(self.text)

    @cached_property
    def docstring_lines(self) -> set[int]:
        """The lines that docstrings take."""
        return {line for node in docstrings(self.nodes) for line in range(node.lineno, (node.end_lineno or 0) + 1)}

    def offset(self, position: tuple[int, int]) -> int:
        """Return the place in the text of a token's position."""
        return self._offsets[position[0] - 1] + position[1]

    def start(self, node: ast.AST) -> int:
        """Return where a node starts; the tree counts in bytes of UTF-8."""
        return self._place(node.lineno, node.col_offset)  # type: ignore[attr-defined]

    def end(self, node: ast.AST) -> int:
        """Return where a node ends."""
        return self._place(node.end_lineno, node.end_col_offset)  # type: ignore[attr-defined]

    def segment(self, node: ast.AST) -> str:
        """Return the text of a node."""
        return self.text[self.start(node) : self.end(node)]

    def _place(self, line: int, column: int) -> int:
        return self._offsets[line - 1] + len(self.lines[line - 1].encode()[:column].decode())

    def line_start(self, line: int) -> int:
        """Return where a line (counted from 1) starts."""
        return self._offsets[line - 1]

    def replace(self, start: int, end: int, new: str) -> None:
        """Note an edit; the text itself changes in `edited`."""
        self._edits.append((start, end, new))

    def remove_lines(self, first: int, last: int) -> None:
        """Note the removal of whole lines, and of a blank one where two would meet."""
        before = first > 1 and not self.lines[first - 2].strip()
        after = last >= len(self.lines) or not self.lines[last].strip()
        if before and after:
            first -= 1
        elif first == 1 and after and last < len(self.lines):
            last += 1
        self.replace(self.line_start(first), self.line_start(last + 1), "")

    def edited(self) -> str:
        """Return the text with all edits made; an edit inside a removed part goes with it."""
        result, done = [], 0
        for start, end, new in sorted(self._edits, key=lambda edit: (edit[0], -edit[1])):
            if start >= done:
                result += [self.text[done:start], new]
                done = end
        return "".join([*result, self.text[done:]])

    def fail(self, node: ast.AST, problem: str) -> TranslationError:
        """Return the error for a place in the source."""
        return TranslationError(f"{self.path}:{getattr(node, 'lineno', 0)}: {problem}")


# ---------------------------------------------------------------------------------------------------------------------
# The passes, each from text to text.


def choose_branches(text: str, path: str) -> str:
    """Replace ``if True:  # ASYNC`` statements by what their else branch holds."""
    while (choice := next(_choices(source := Source(text, path)), None)) is not None:
        last = choice.end_lineno or 0
        if choice.orelse:
            first = _else_line(source, choice) + 1
            body = _dedented(source, first, last, choice.orelse[0].col_offset - choice.col_offset)
            source.replace(source.line_start(choice.lineno), source.line_start(last + 1), "".join(body))
        else:
            source.remove_lines(choice.lineno, last)
        text = source.edited()
    return text


def _choices(source: Source) -> Iterator[ast.If]:
    comments = (token for token in source.tokens if token.type == tokenize.COMMENT)
    marked = {token.start[0] for token in comments if token.string == "# ASYNC"}
    for node in source.nodes:
        if isinstance(node, ast.If) and node.lineno in marked and ast.unparse(node.test) == "True":
            yield node


def _else_line(source: Source, choice: ast.If) -> int:
    end = choice.body[-1].end_lineno or 0
    keyword = next(token for token in source.tokens if token.start[0] > end and token.string == "else")
    return keyword.start[0]


def _dedented(source: Source, first: int, last: int, width: int) -> Iterator[str]:
    inside_strings = _string_lines(source) - source.docstring_lines
    for number in range(first, last + 1):
        line = source.lines[number - 1]
        yield line[width:] if line[:width].isspace() and line.strip() and number not in inside_strings else line


def _string_lines(source: Source) -> set[int]:
    """Return the lines that start inside a string."""
    lines: set[int] = set()
    starts: list[int] = []
    for token in source.tokens:
        kind = tokenize.tok_name[token.type]
        if kind == "STRING":
            lines.update(range(token.start[0] + 1, token.end[0] + 1))
        elif kind == "FSTRING_START":
            starts.append(token.start[0])
        elif kind == "FSTRING_END":
            lines.update(range(starts.pop() + 1, token.end[0] + 1))
    return lines


def translate_code(text: str, path: str) -> str:
    """Translate names, types and keywords."""
    source = Source(text, path)
    _check_format_strings(source)
    for node in source.nodes:
        for rule in _RULES:
            rule(source, node)
    _edit_tokens(source)
    return source.edited()


def _check_format_strings(source: Source) -> None:
    # Their inside is one token or many, with right or wrong positions, depending on Python's version.
    for string in source.nodes:
        if isinstance(string, ast.JoinedStr):
            for node in ast.walk(string):
                name = getattr(node, "id", getattr(node, "attr", None))
                if isinstance(node, ast.Await) or name in NAMES or name == "asyncio":
                    raise source.fail(string, "takes a translation inside an f-string; use a variable")


def _edit_tokens(source: Source) -> None:
    tokens = source.tokens
    for index, token in enumerate(tokens):
        start, end = source.offset(token.start), source.offset(token.end)
        if token.type == tokenize.NAME:
            if token.string in ("async", "await"):
                source.replace(start, source.offset(tokens[index + 1].start), "")
            elif token.string == "asyncio" and tokens[index - 1].string in (".", "..."):
                source.replace(start, end, "blocking")
            elif token.string in NAMES:
                source.replace(start, end, NAMES[token.string])
        elif token.type == tokenize.STRING and "f" not in token.string.split(token.string[-1])[0].lower():
            new = _MODULES_IN_STRINGS.sub(r"\1\2blocking", token.string)
            # Docstrings get all of `WORDS` later, and must come there as they were.
            if new != token.string and token.start[0] not in source.docstring_lines:
                source.replace(start, end, new)


def _rule_parentheses(source: Source, node: ast.AST) -> None:
    """``(await x()).y``: the parentheses were there for the await only."""
    simple = (ast.Call, ast.Name, ast.Attribute, ast.Subscript)
    if not isinstance(node, ast.Await) or not isinstance(node.value, simple):
        return
    start, end = source.start(node), source.end(node)
    if source.text[start - 1 : start] != "(" or source.text[end : end + 1] != ")":
        return
    opening = next(i for i, token in enumerate(source.tokens) if source.offset(token.start) == start - 1)
    before = source.tokens[opening - 1]
    called = before.string in (")", "]") or (before.type == tokenize.NAME and before.string not in _BEFORE_GROUP)
    if not called:
        source.replace(start - 1, start, "")
        source.replace(end, end + 1, "")


_BEFORE_GROUP = {"and", "assert", "await", "elif", "else", "if", "in", "is", "not", "or", "return", "while", "yield"}


def _rule_types(source: Source, node: ast.AST) -> None:
    """``Pending[X]`` and ``Awaitable[X]`` are ``X``; ``AsyncGenerator`` has one parameter less than ``Generator``."""
    if not isinstance(node, ast.Subscript) or not isinstance(node.value, ast.Name):
        return
    name, parameters = node.value.id, node.slice
    if name in ("Awaitable", "Pending"):
        one = isinstance(parameters, ast.Tuple) and parameters.elts  # a trailing comma makes a tuple of it
        _unwrap(source, node, one[0] if one else parameters)
    elif name == "Coroutine":
        if not isinstance(parameters, ast.Tuple) or len(parameters.elts) != 3:
            raise source.fail(node, "Coroutine takes three parameters")
        _unwrap(source, node, parameters.elts[2])
    elif name == "AsyncGenerator":
        missing = 3 - (len(parameters.elts) if isinstance(parameters, ast.Tuple) else 1)
        source.replace(source.end(parameters), source.end(parameters), ", None" * missing)


def _unwrap(source: Source, whole: ast.Subscript, part: ast.expr) -> None:
    # What was split over lines inside the brackets needs others, unless it brings its own.
    split = part.lineno != part.end_lineno and not isinstance(part, ast.Subscript)
    source.replace(source.start(whole), source.start(part), "(" if split else "")
    source.replace(source.end(part), source.end(whole), ")" if split else "")


def _rule_asyncio(source: Source, node: ast.AST) -> None:
    """Members of asyncio; ``asyncio.run(x)`` is ``x``."""
    if isinstance(node, ast.ImportFrom) and node.level == 0 and (node.module or "").split(".")[0] == "asyncio":
        raise source.fail(node, "import asyncio as a whole")
    if isinstance(node, ast.Call) and _asyncio_member(node.func) == "run" and len(node.args) == 1:
        source.replace(source.start(node), source.start(node.args[0]), "")
        source.replace(source.end(node.args[0]), source.end(node), "")
        return
    member = _asyncio_member(node)
    if member in ASYNCIO:
        source.replace(source.start(node), source.end(node), ASYNCIO[member])
    elif member is not None and member != "run":
        raise source.fail(node, f"no blocking counterpart of asyncio.{member}; use an ASYNC branch")


def _asyncio_member(node: ast.AST) -> str | None:
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "asyncio":
        return node.attr
    return None


def _rule_pytest(source: Source, node: ast.AST) -> None:
    """Marks for pytest-asyncio go, as whole lines; so do its fixtures' loop scopes."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        for mark in node.decorator_list:
            if _is_asyncio_mark(mark):
                source.remove_lines(mark.lineno, mark.end_lineno or 0)
    elif isinstance(node, ast.Assign) and _is_asyncio_mark(node.value):
        source.remove_lines(node.lineno, node.end_lineno or 0)
    elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("pytest_asyncio.fixture", "pytest.fixture"):
        kept = [keyword for keyword in node.keywords if keyword.arg != "loop_scope"]
        if len(kept) < len(node.keywords):
            arguments = ", ".join(source.segment(argument) for argument in (*node.args, *kept))
            source.replace(source.end(node.func), source.end(node), f"({arguments})" if arguments else "")


def _is_asyncio_mark(node: ast.expr) -> bool:
    return ast.unparse(node.func if isinstance(node, ast.Call) else node) == "pytest.mark.asyncio"


_RULES = (_rule_parentheses, _rule_types, _rule_asyncio, _rule_pytest)


def tidy_imports(text: str, path: str, before: str) -> str:
    """Drop imports that only ``before`` (the source) needed, add those the translation needs, keep all sorted."""
    source = Source(text, path)
    used, used_before = _used_names(source.nodes), _used_names(parsed(before))
    given_up = (used_before | {NAMES.get(name, name) for name in used_before}) - used
    imported: set[str] = set()
    dropped: set[ast.stmt] = set()
    for node in source.nodes:
        if isinstance(node, ast.Import | ast.ImportFrom):
            kept: dict[str, ast.alias] = {}
            for alias in node.names:
                name = _bound_name(alias)
                twice = isinstance(node, ast.Import) and name in imported and name in NEW_MODULES
                if name not in given_up and not twice:
                    kept.setdefault(name, alias)
            imported |= set(kept)
            if not kept:
                dropped.add(node)
            _rewrite_import(source, node, list(kept.values()))
    for node in source.nodes:
        if isinstance(node, ast.If) and not node.orelse and dropped.issuperset(node.body):
            source.remove_lines(node.lineno, node.end_lineno or 0)  # such as ``if TYPE_CHECKING:``
    missing = [module for module in NEW_MODULES if module in used - used_before and module not in imported]
    text = source.edited()
    if dropped:
        # What only the removed statements needed, such as TYPE_CHECKING.
        return tidy_imports(_add_imports(text, path, missing), path, source.text)
    return _add_imports(text, path, missing)


def _bound_name(alias: ast.alias) -> str:
    return (alias.asname or alias.name).split(".")[0]


def _used_names(nodes: Sequence[ast.AST]) -> set[str]:
    """Return the names a module reads, those of ``__all__`` included."""
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    for node in nodes:
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "__all__" for t in node.targets):
            names |= {str(item.value) for item in ast.walk(node.value) if isinstance(item, ast.Constant)}
    return names


def _rewrite_import(source: Source, node: ast.Import | ast.ImportFrom, kept: list[ast.alias]) -> None:
    order = sorted(kept, key=_import_order)
    if not kept:
        source.remove_lines(node.lineno, node.end_lineno or 0)
        return
    if isinstance(node, ast.Import) or order == node.names:
        return
    names = [alias.name + (f" as {alias.asname}" if alias.asname else "") for alias in order]
    start = f"from {'.' * node.level}{node.module or ''} import "
    line = start + ", ".join(names)
    indent = " " * node.col_offset
    if len(indent + line) > LINE_LENGTH:
        line = start + "(\n" + "".join(f"{indent}    {name},\n" for name in names) + f"{indent})"
    source.replace(source.start(node), source.end(node), line)


def _import_order(alias: ast.alias) -> tuple[int, str, str]:
    """Constants, then classes, then the rest, as the linter wants them."""
    name = alias.name
    kind = 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2
    return kind, name.lower(), name


def _add_imports(text: str, path: str, modules: Iterable[str]) -> str:
    """Insert ``import module`` lines before the first import of their kind that comes later in the alphabet."""
    for module in modules:
        source = Source(text, path)
        standard = [
            node
            for node in source.tree.body
            if isinstance(node, ast.Import | ast.ImportFrom) and _is_standard(node) == (module != "pytest")
        ]
        plain = [node for node in standard if isinstance(node, ast.Import)]
        later = [node for node in plain if node.names[0].name > module]
        if later:
            place, gap = source.line_start(later[0].lineno), ""
        elif plain:
            place, gap = source.line_start((plain[-1].end_lineno or 0) + 1), ""
        elif standard:
            place, gap = source.line_start(standard[0].lineno), ""
        else:
            place, gap = _new_section(source, module), "\n"
        source.replace(place, place, f"import {module}\n{gap}")
        text = source.edited()
    return text


def _is_standard(node: ast.Import | ast.ImportFrom) -> bool:
    if isinstance(node, ast.ImportFrom):
        return node.level == 0 and node.module != "__future__" and _top(node.module) in sys.stdlib_module_names
    return _top(node.names[0].name) in sys.stdlib_module_names


def _top(module: str | None) -> str:
    return (module or "").split(".")[0]


def _new_section(source: Source, module: str) -> int:
    """Return where a section of imports starts that the file lacks."""
    for node in source.tree.body:
        documentation = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        future = isinstance(node, ast.ImportFrom) and node.module == "__future__"
        earlier = module == "pytest" and isinstance(node, ast.Import | ast.ImportFrom) and _is_standard(node)
        if not (documentation or future or earlier):
            return source.line_start(node.lineno)
    return len(source.text)


def docstrings(nodes: Sequence[ast.AST]) -> Iterator[ast.Expr]:
    """Yield every statement that is but a string: docstrings, of attributes too."""
    for node in nodes:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield node


def translate_words(text: str, path: str) -> str:
    """Put comments and docstrings right."""
    source = Source(text, path)
    for node in docstrings(source.nodes):
        start, end = source.start(node), source.end(node)
        source.replace(start, end, reword(text[start:end]))
    for token in source.tokens:
        if token.type == tokenize.COMMENT:
            source.replace(source.offset(token.start), source.offset(token.end), reword(token.string))
    return source.edited()


def reword(text: str) -> str:
    """Return prose or an example of code with the words of the blocking world."""
    for pattern, replacement in WORDS:
        text = re.sub(pattern, replacement, text)
    return _NAMES_IN_TEXT.sub(lambda match: NAMES[match[0]], text)


def translate(text: str, path: str) -> str:
    """Return the blocking twin of a source.

    Args:
        text: The source.
        path: Its path from the root of the project, for the header and for errors.

    Raises:
        TranslationError: Something in it has no blocking counterpart.
    """
    before = text
    text = choose_branches(text, path)
    text = translate_code(text, path)
    text = tidy_imports(text, path, before)
    text = translate_words(text, path)
    _check_result(text, path)
    return HEADER.format(source=path) + text


def _check_result(text: str, path: str) -> None:
    source = Source(text, path)
    for node in source.nodes:
        if isinstance(node, ast.Name) and node.id in ("asyncio", "Awaitable", "Coroutine", "Pending"):
            raise source.fail(node, f"no blocking counterpart of {node.id} as such; use an ASYNC branch")


# ---------------------------------------------------------------------------------------------------------------------
# Files.


@dataclass
class Plan:
    """What a run has to do."""

    write: dict[Path, str] = field(default_factory=dict)
    remove: list[Path] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def plan(root: Path) -> Plan:
    """Compare the twins under ``root`` with what their sources make of them."""
    result = Plan()
    for source_folder, target_folder in FOLDERS:
        wanted: set[Path] = set()
        for source in sorted((root / source_folder).rglob("*.py")):
            target = root / target_folder / source.relative_to(root / source_folder)
            text = source.read_text()
            if text.partition("\n")[0].rstrip() == ASYNCIO_ONLY:
                continue
            if source.name in HAND_WRITTEN_NAMES:
                if not target.exists():
                    result.problems.append(f"{_shown(target, root)} is missing, to be written by hand")
                continue
            wanted.add(target)
            _plan_file(root, source, target, text, result)
        for target in sorted((root / target_folder).rglob("*.py")):
            if target not in wanted and target.read_text().startswith(HEADER_START):
                result.remove.append(target)
    return result


def _plan_file(root: Path, source: Path, target: Path, text: str, result: Plan) -> None:
    try:
        twin = translate(text, _shown(source, root))
    except TranslationError as error:
        result.problems.append(str(error))
        return
    except SyntaxError as error:
        result.problems.append(f"{_shown(source, root)}:{error.lineno}: {error.msg}")
        return
    old = target.read_text() if target.exists() else None
    if old is not None and old.strip() and not old.startswith(HEADER_START):
        result.problems.append(f"{_shown(target, root)} was written by hand and would be overwritten")
    elif old != twin:
        result.write[target] = twin


def _shown(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()


def main(arguments: list[str] | None = None, report: Callable[[str], None] = print) -> int:
    """Run the script; return its exit code."""
    parser = argparse.ArgumentParser(description="Write the blocking twins of the asyncio package and its tests.")
    parser.add_argument("--check", action="store_true", help="write nothing, fail when anything is stale or orphaned")
    parser.add_argument("--root", type=Path, default=ROOT, help="the project's folder")
    options = parser.parse_args(arguments)
    root = options.root.resolve()
    todo = plan(root)
    for problem in todo.problems:
        report(problem)
    if options.check:
        for path in todo.write:
            report(f"{_shown(path, root)} is stale")
        for path in todo.remove:
            report(f"{_shown(path, root)} is orphaned")
        return 1 if todo.problems or todo.write or todo.remove else 0
    for path, text in todo.write.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    for path in todo.remove:
        path.unlink()
    return 1 if todo.problems else 0


if __name__ == "__main__":
    sys.exit(main())
