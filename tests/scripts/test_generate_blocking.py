from __future__ import annotations

import ast
import textwrap
from pathlib import Path

import pytest

from .loading import load_script

generator = load_script("generate_blocking")


def translated(text: str) -> str:
    """Translate a dedented piece of code; return it without the header."""
    result: str = generator.translate(textwrap.dedent(text).lstrip("\n"), "source.py")
    header, _, body = result.partition("\n")
    assert header == "# Generated from source.py by scripts/generate_blocking.py; change that file instead."
    ast.parse(body)
    return body


def check(text: str, expected: str) -> None:
    assert translated(text) == textwrap.dedent(expected).lstrip("\n")


# ------------------------------------------------------------------------------------------------------------ keywords


def test_async_and_await_go_and_layout_stays() -> None:
    check(
        """
        class Thing:
            async def run(self,   odd = 1):   # a comment

                async with self.a() as a, self.b():
                    async for x in a:
                        await x.stop( )
                return [y async for y in self.c if await y]
        """,
        """
        class Thing:
            def run(self,   odd = 1):   # a comment

                with self.a() as a, self.b():
                    for x in a:
                        x.stop( )
                return [y for y in self.c if y]
        """,
    )


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("(await x()).y", "x().y"),
        ("(await x.z)[0]", "x.z[0]"),
        ("f(await x())", "f(x())"),
        ("f[0](await x())", "f[0](x())"),
        ("f()(await x())", "f()(x())"),
        ("not (await x())", "not x()"),
        ("(await (a or b)).y", "((a or b)).y"),
        ("-await x()", "-x()"),
        ("await aiter(x).__anext__()", "iter(x).__next__()"),
        ("await anext(x)", "next(x)"),
        ("'é', (await x()).y", "'é', x().y"),
    ],
)
def test_await_and_its_parentheses(source: str, expected: str) -> None:
    check(f"async def f():\n    return {source}\n", f"def f():\n    return {expected}\n")


def test_special_methods_and_names() -> None:
    check(
        """
        class Thing:
            async def __aenter__(self): ...
            async def __aexit__(self, *args): ...
            def __aiter__(self): ...
            async def __anext__(self):
                raise StopAsyncIteration
            async def aclose(self):
                await self.inner.aclose()
        """,
        """
        class Thing:
            def __enter__(self): ...
            def __exit__(self, *args): ...
            def __iter__(self): ...
            def __next__(self):
                raise StopIteration
            def close(self):
                self.inner.close()
        """,
    )


# --------------------------------------------------------------------------------------------------------------- types


def test_types() -> None:
    check(
        """
        from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Coroutine, Mapping
        from contextlib import asynccontextmanager, closing
        from typing import Any


        def a(call: Callable[[], Awaitable[list[int]]]) -> Awaitable[Mapping[str, Awaitable[int]] | None]: ...
        async def b() -> AsyncIterator[int]: ...
        async def c() -> AsyncGenerator[int, None]: ...
        async def d() -> AsyncGenerator[int]: ...
        def e() -> Coroutine[Any, Any, int]: ...
        @asynccontextmanager
        async def f() -> AsyncIterator[closing[Any]]: ...
        """,
        """
        from collections.abc import Callable, Generator, Iterator, Mapping
        from contextlib import closing, contextmanager
        from typing import Any


        def a(call: Callable[[], list[int]]) -> Mapping[str, int] | None: ...
        def b() -> Iterator[int]: ...
        def c() -> Generator[int, None, None]: ...
        def d() -> Generator[int, None, None]: ...
        def e() -> int: ...
        @contextmanager
        def f() -> Iterator[closing[Any]]: ...
        """,
    )


def test_a_type_over_several_lines_stays_valid() -> None:
    text = translated(
        """
        from collections.abc import Awaitable
        def f() -> Awaitable[
            int
            | str
        ]: ...
        def g() -> Awaitable[
            dict[
                int, str
            ],
        ]: ...
        """
    )
    functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]
    assert [ast.unparse(node.returns or node) for node in functions] == ["int | str", "dict[int, str]"]


# ------------------------------------------------------------------------------------------------------------- imports


def test_imports_follow_what_is_used() -> None:
    check(
        """
        from __future__ import annotations

        import asyncio
        import re
        from collections.abc import AsyncIterator, Awaitable, Iterator
        from typing import TYPE_CHECKING, Any

        import hiredis

        if TYPE_CHECKING:
            from collections.abc import Coroutine

        def f(x: Coroutine[Any, Any, Iterator[int]]) -> Awaitable[re.Pattern[str]]: ...
        async def g() -> AsyncIterator[int]:
            await asyncio.sleep(hiredis.x)
        """,
        """
        from __future__ import annotations

        import re
        import time
        from collections.abc import Iterator

        import hiredis

        def f(x: Iterator[int]) -> re.Pattern[str]: ...
        def g() -> Iterator[int]:
            time.sleep(hiredis.x)
        """,
    )


def test_an_import_nobody_used_before_stays() -> None:
    check(
        """
        from .a import reexported
        from .b import Awaitable
        def f() -> Awaitable[int]: ...
        """,
        """
        from .a import reexported
        def f() -> int: ...
        """,
    )


def test_new_imports_find_their_place() -> None:
    check(
        """
        import asyncio
        import zlib

        x = asyncio.Event, asyncio.sleep, asyncio.TimeoutError, zlib
        """,
        """
        import threading
        import time
        import zlib

        x = threading.Event, time.sleep, TimeoutError, zlib
        """,
    )
    check(
        """
        from __future__ import annotations

        import asyncio
        from typing import Any

        x: Any = asyncio.sleep
        """,
        """
        from __future__ import annotations

        import time
        from typing import Any

        x: Any = time.sleep
        """,
    )
    check(
        """
        '''Documentation.'''

        import asyncio

        x = asyncio.sleep
        """,
        """
        '''Documentation.'''

        import time

        x = time.sleep
        """,
    )


def test_a_shorter_list_of_imports_fits_one_line_or_keeps_several() -> None:
    names = [f"name_{number:02}_of_a_long_list" for number in range(6)]
    uses = "x = " + ", ".join(names) + "\n"
    text = "from collections.abc import (\n    Awaitable,\n    Mapping,\n)\ndef f() -> Awaitable[Mapping]: ...\n"
    check(text, "from collections.abc import Mapping\ndef f() -> Mapping: ...\n")
    listed = "".join(f"    {name},\n" for name in names)
    text = f"from a import (\n    Awaitable,\n{listed})\n{uses}y: Awaitable[int]\n"
    check(text, f"from a import (\n{listed})\n{uses}y: int\n")


def test_packages_called_asyncio_become_blocking() -> None:
    check(
        """
        import multiplexer.asyncio
        from multiplexer.asyncio import Database
        from tests.asyncio import helpers
        from ..asyncio.commands import strings
        from ...drivers.eventloop import Driver

        patch("multiplexer.asyncio.database.Database", multiplexer.asyncio.x, "uses asyncio")
        """,
        """
        import multiplexer.blocking
        from multiplexer.blocking import Database
        from tests.blocking import helpers
        from ..blocking.commands import strings
        from ...drivers.threads import Driver

        patch("multiplexer.blocking.database.Database", multiplexer.blocking.x, "uses asyncio")
        """,
    )


# -------------------------------------------------------------------------------------------------------------- pytest


def test_marks_and_fixtures_of_pytest_asyncio() -> None:
    check(
        """
        import asyncio

        import pytest
        import pytest_asyncio

        pytestmark = pytest.mark.asyncio

        @pytest_asyncio.fixture
        async def a(): ...

        @pytest_asyncio.fixture(loop_scope="module", scope="module")
        async def b(): ...

        @pytest_asyncio.fixture(loop_scope="module")
        async def c(): ...

        @pytest.mark.parametrize("x", [1])
        @pytest.mark.asyncio(loop_scope="module")
        async def test_it(a, x): ...

        asyncio.run(main(1, y=2))
        """,
        """
        import pytest

        @pytest.fixture
        def a(): ...

        @pytest.fixture(scope="module")
        def b(): ...

        @pytest.fixture
        def c(): ...

        @pytest.mark.parametrize("x", [1])
        def test_it(a, x): ...

        main(1, y=2)
        """,
    )


def test_pytest_itself_is_imported_where_only_its_plugin_was() -> None:
    check(
        """
        import os

        import pytest_asyncio

        @pytest_asyncio.fixture
        async def a():
            yield os
        """,
        """
        import os

        import pytest

        @pytest.fixture
        def a():
            yield os
        """,
    )


# ------------------------------------------------------------------------------------------------------------ branches


def test_the_else_branch_is_picked() -> None:
    check(
        '''
        import asyncio
        import time

        class A:
            def f(self):
                if True:  # ASYNC
                    # goes
                    return asyncio.get_running_loop()
                else:
                    # stays
                    text = """
                        kept as it is
                    """
                    if True:  # ASYNC
                        x = 1
                    else:
                        x = text

                    return time, x

            if True:  # ASYNC

                def g(self): ...

            y = 1
        ''',
        '''
        import time

        class A:
            def f(self):
                # stays
                text = """
                        kept as it is
                    """
                x = text

                return time, x

            y = 1
        ''',
    )


def test_docstrings_in_a_branch_move_with_it() -> None:
    check(
        '''
        if True:  # ASYNC
            x = 1
        else:
            def f():
                """One.

                Two.
                """
        ''',
        '''
        def f():
            """One.

            Two.
            """
        ''',
    )


# --------------------------------------------------------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x = await mux.get_database().get(1)", "x = mux.get_database().get(1)"),
        ("mux = await ConnectionMultiplexer.connect()", "mux = ConnectionMultiplexer.connect()"),
        ("callers await them. Then", "callers await them. Then"),
        ("those who must await something", "those who must await something"),
        ("from multiplexer.asyncio import Lock", "from multiplexer import Lock"),
        ("see multiplexer.asyncio.lock, multiplexer/asyncio", "see multiplexer.blocking.lock, multiplexer/blocking"),
        ("use ``aclose`` and `__aenter__`", "use ``close`` and `__enter__`"),
        ("`async with` it; an async with block", "`with` it; a with block"),
        ("An async iterator; an async function", "An iterator; a function"),
        ("An awaitable of the reply", "The reply"),
        ("Returns an awaitable of int", "Returns int"),
        ("asyncio.run(main())", "main()"),
        ("any coroutine function, a coroutine", "any function, a function"),
        ("An asyncio task, asyncio tasks", "A thread, threads"),
        ("shared by tasks of the loop", "shared by threads"),
    ],
)
def test_words_of_comments_and_docstrings(source: str, expected: str) -> None:
    check(f'x = 1  # {source}\n"""{source}"""\n', f'x = 1  # {expected}\n"""{expected}"""\n')


def test_other_strings_are_left_alone() -> None:
    check('f("await mux.close() in async with")\n', 'f("await mux.close() in async with")\n')


# -------------------------------------------------------------------------------------------------------------- errors


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("import asyncio\n\nasyncio.gather(1)\n", "source.py:3: no blocking counterpart of asyncio.gather"),
        ("import asyncio\nf(asyncio)\n", "no blocking counterpart of asyncio as such"),
        ("from asyncio import sleep\n", "source.py:1: import asyncio as a whole"),
        ("isinstance(x, Awaitable)\n", "no blocking counterpart of Awaitable"),
        ("x: Coroutine[int]\n", "three parameters"),
        ("async def f():\n    f'{await x}'\n", "source.py:2: takes a translation inside an f-string"),
        ("f'{x.aclose}'\n", "inside an f-string"),
    ],
)
def test_what_has_no_counterpart_is_an_error(source: str, problem: str) -> None:
    with pytest.raises(generator.TranslationError) as raised:
        generator.translate(source, "source.py")
    assert problem in str(raised.value)


# --------------------------------------------------------------------------------------------------------------- files


class Project:
    """A small project in a temporary folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.said: list[str] = []

    def write(self, path: str, text: str) -> Path:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
        return target

    def read(self, path: str) -> str:
        return (self.root / path).read_text()

    def run(self, *arguments: str) -> int:
        self.said.clear()
        result: int = generator.main(["--root", str(self.root), *arguments], report=self.said.append)
        return result


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def test_a_run_writes_and_a_check_agrees(project: Project) -> None:
    project.write("multiplexer/asyncio/commands/a.py", "async def f(): ...\n")
    project.write("multiplexer/asyncio/commands/__init__.py", "")
    project.write("tests/asyncio/test_a.py", "async def test_f(): ...\n")
    assert project.run("--check") == 1
    assert not (project.root / "multiplexer/blocking").exists()
    assert project.said == [
        "multiplexer/blocking/commands/__init__.py is stale",
        "multiplexer/blocking/commands/a.py is stale",
        "tests/blocking/test_a.py is stale",
    ]
    assert project.run() == 0
    assert project.run("--check") == 0
    assert project.said == []
    assert project.read("tests/blocking/test_a.py") == (
        "# Generated from tests/asyncio/test_a.py by scripts/generate_blocking.py; change that file instead.\n"
        "def test_f(): ...\n"
    )


def test_a_change_on_either_side_is_stale(project: Project) -> None:
    source = project.write("multiplexer/asyncio/a.py", "async def f(): ...\n")
    project.run()
    source.write_text("async def g(): ...\n")
    assert project.run("--check") == 1
    project.run()
    twin = project.root / "multiplexer/blocking/a.py"
    twin.write_text(twin.read_text() + "# by hand\n")
    assert project.run("--check") == 1
    assert project.said == ["multiplexer/blocking/a.py is stale"]


def test_orphans_are_listed_and_removed(project: Project) -> None:
    source = project.write("multiplexer/asyncio/a.py", "x = 1\n")
    by_hand = project.write("multiplexer/blocking/only_here.py", "y = 1\n")
    project.run()
    source.unlink()
    assert project.run("--check") == 1
    assert project.said == ["multiplexer/blocking/a.py is orphaned"]
    assert project.run() == 0
    assert not (project.root / "multiplexer/blocking/a.py").exists()
    assert by_hand.exists()


def test_hand_written_files_are_left_alone_but_must_exist(project: Project) -> None:
    project.write("tests/asyncio/_world.py", "import asyncio\n")
    project.write("tests/asyncio/test_loop.py", "# asyncio only\nimport asyncio\n")
    assert project.run("--check") == 1
    assert project.said == ["tests/blocking/_world.py is missing, to be written by hand"]
    project.write("tests/blocking/_world.py", "import threading\n")
    assert project.run() == 0
    assert project.read("tests/blocking/_world.py") == "import threading\n"
    assert not (project.root / "tests/blocking/test_loop.py").exists()


def test_a_twin_written_by_hand_is_never_overwritten(project: Project) -> None:
    project.write("multiplexer/asyncio/a.py", "async def f(): ...\n")
    project.write("multiplexer/blocking/a.py", "def f(): ...\n")
    assert project.run() == 1
    assert project.said == ["multiplexer/blocking/a.py was written by hand and would be overwritten"]
    assert project.read("multiplexer/blocking/a.py") == "def f(): ...\n"


def test_errors_name_the_place_and_other_files_are_still_written(project: Project) -> None:
    project.write("multiplexer/asyncio/a.py", "import asyncio\nasyncio.shield(1)\n")
    project.write("multiplexer/asyncio/b.py", "def f(:\n")
    project.write("multiplexer/asyncio/c.py", "x = 1\n")
    assert project.run() == 1
    assert project.said[0].startswith("multiplexer/asyncio/a.py:2: no blocking counterpart of asyncio.shield")
    assert project.said[1].startswith("multiplexer/asyncio/b.py:1: ")
    assert (project.root / "multiplexer/blocking/c.py").exists()
