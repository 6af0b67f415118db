"""Signatures of commands are written down once more as batches and pipelines have them."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from .loading import load_script

generator = load_script("generate_collected")

STRINGS = '''
from collections.abc import AsyncIterator
from typing import Literal, overload
from ...core.types import AnyStr, Key, Pending
from .surface import CommandSurface

Limit = int | str

class StringCommands(CommandSurface[AnyStr]):
    def get(self, name: Key, limit: Limit = 1, *, how: str = "x") -> Pending[AnyStr | None]:
        """Return the value.

        And more.
        """
    fetch = get

    @overload
    def pop(self, name: Key, many: Literal[True]) -> Pending[list[AnyStr]]: ...
    @overload
    def pop(self, name: Key, many: Literal[False] = ...) -> Pending[AnyStr] | Pending[None]: ...
    def pop(self, name: Key, many: bool = False) -> Pending[list[AnyStr]] | Pending[AnyStr]:
        """Take it away."""
    def group(self) -> StringCommands[AnyStr]:
        """Return a group."""
    def _hidden(self): ...
    def walk(self) -> AsyncIterator[AnyStr]: ...
    async def wait(self) -> int: ...
    await_it = wait
'''


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    folder = tmp_path / generator.SOURCE
    folder.mkdir(parents=True)
    (folder / "surface.py").write_text("class CommandSurface: ...\n")
    (folder / "strings.py").write_text(STRINGS)
    return tmp_path


def test_each_group_is_there_in_both_forms(tree: Path) -> None:
    expected = '''
        from ...core.commands.batching import Queued
        from ...core.types import AnyStr
        from ...core.types import Key
        from ..pipeline import Pipeline
        from .strings import Limit
        from typing import Generic
        from typing import Literal
        from typing import overload

        class QueuedStringCommands(Generic[AnyStr]):
            def get(self, name: Key, limit: Limit=..., *, how: str=...) -> Queued[AnyStr | None]:
                """Return the value."""
            fetch = get
            @overload
            def pop(self, name: Key, many: Literal[True]) -> Queued[list[AnyStr]]:
                """Take it away."""
            @overload
            def pop(self, name: Key, many: Literal[False]=...) -> Queued[AnyStr] | Queued[None]: ...
            def group(self) -> QueuedStringCommands[AnyStr]:
                """Return a group."""

        class PipedStringCommands(Generic[AnyStr]):
            def get(self, name: Key, limit: Limit=..., *, how: str=...) -> Pipeline[AnyStr]:
                """Return the value."""
            fetch = get
            @overload
            def pop(self, name: Key, many: Literal[True]) -> Pipeline[AnyStr]:
                """Take it away."""
            @overload
            def pop(self, name: Key, many: Literal[False]=...) -> Pipeline[AnyStr]: ...
            def group(self) -> PipedStringCommands[AnyStr]:
                """Return a group."""
        '''
    assert generator.types(root=tree) == generator.HEADER + textwrap.dedent(expected).lstrip("\n")


def test_a_name_from_nowhere_is_told(tree: Path) -> None:
    path = tree / generator.SOURCE / "strings.py"
    path.write_text(path.read_text().replace("Limit = int | str", ""))
    with pytest.raises(generator.GenerationError, match=r"strings\.py: nobody knows where Limit comes from"):
        generator.types(root=tree)


def test_a_group_over_a_pipeline_of_its_own_returns_itself(tree: Path) -> None:
    modules = tree / generator.SOURCE / "modules"
    modules.mkdir(exist_ok=True)
    (modules / "group.py").write_text(
        textwrap.dedent("""
            from typing import Any, Generic
            from ....core.types import AnyStr, Pending

            class Collecting:
                def execute(self) -> Pending[list[Any]]: ...

            class ModuleGroup(Collecting, Generic[AnyStr]):
                def pipeline(self) -> Any: ...

            class Json(ModuleGroup[AnyStr]):
                def get(self, name: str) -> Pending[AnyStr]: ...
        """)
    )
    text = generator.types(generator.FILES["chained.pyi"], tree)
    assert "class ChainedModuleGroup(Collecting, Generic[AnyStr]):\n    ...\n" in text
    assert "class ChainedJson(ChainedModuleGroup[AnyStr]):\n    def get(self, name: str) -> Self: ...\n" in text
    assert "from .modules.group import Collecting\n" in text
    assert "Strings" not in text
