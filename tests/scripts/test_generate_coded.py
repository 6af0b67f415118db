"""Signatures of commands are written down once more with the values of a codec."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from .loading import load_script

generator = load_script("generate_coded")

GROUPS = '''
from ...core.types import AnyStr
from .hashes import HashCommands
from .keys import KeyCommands

class DataCommands(HashCommands[AnyStr], KeyCommands[AnyStr]):
    """All."""
'''

HASHES = '''
from collections.abc import AsyncIterator, Mapping
from typing import overload
from ...core.types import AnyStr, Encodable, Key, Pending
from .surface import CommandSurface

class HashCommands(CommandSurface[AnyStr]):
    def hset(self, name: Key, key: Encodable, value: Encodable = "x") -> Pending[int]:
        """Set a field.

        And more.
        """
    def hgetall(self, name: Key) -> Pending[dict[AnyStr, AnyStr]]: ...
    every = hgetall
    def hkeys(self, name: Key) -> Pending[list[AnyStr]]: ...
    def hset_part(self, name: Key, part: Encodable) -> Pending[int]: ...
    async def hscan_iter(self, name: Key) -> AsyncIterator[tuple[AnyStr, AnyStr]]: ...
    def _hidden(self): ...
'''

KEYS = """
from ...core.types import AnyStr, Pending
from .surface import CommandSurface

class KeyCommands(CommandSurface[AnyStr]):
    def keys(self) -> Pending[list[AnyStr]]: ...
"""


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / generator.SOURCE
    folder.mkdir(parents=True)
    for name, text in (
        ("__init__", GROUPS),
        ("hashes", HASHES),
        ("keys", KEYS),
        ("surface", "class CommandSurface: ..."),
    ):
        (folder / f"{name}.py").write_text(text)
    monkeypatch.setattr(generator, "TAKES", {"hset": "value"})
    monkeypatch.setattr(generator, "GIVES", {"hgetall", "hscan_iter"})
    monkeypatch.setattr(generator, "REFUSED", {"hset_part"})
    return tmp_path


def test_each_form_has_values_where_they_are(tree: Path) -> None:
    expected = '''
        from ...core.commands.batching import Queued
        from ...core.types import Encodable
        from ...core.types import Key
        from ...core.types import Pending
        from ...core.types import Value
        from ..coded import CodedPipeline
        from .collected import PipedKeyCommands
        from .collected import QueuedKeyCommands
        from .keys import KeyCommands
        from collections.abc import AsyncIterator
        from typing import Generic

        class CodedDataCommands(CodedHashCommands[Value], KeyCommands[str]): ...

        class CodedHashCommands(Generic[Value]):
            def hset(self, name: Key, key: Encodable, value: Value=...) -> Pending[int]:
                """Set a field."""
            def hgetall(self, name: Key) -> Pending[dict[str, Value]]: ...
            every = hgetall
            def hkeys(self, name: Key) -> Pending[list[str]]: ...
            def hscan_iter(self, name: Key) -> AsyncIterator[tuple[str, Value]]: ...

        class QueuedCodedDataCommands(QueuedCodedHashCommands[Value], QueuedKeyCommands[str]): ...

        class QueuedCodedHashCommands(Generic[Value]):
            def hset(self, name: Key, key: Encodable, value: Value=...) -> Queued[int]:
                """Set a field."""
            def hgetall(self, name: Key) -> Queued[dict[str, Value]]: ...
            every = hgetall
            def hkeys(self, name: Key) -> Queued[list[str]]: ...

        class PipedCodedDataCommands(PipedCodedHashCommands[Value], PipedKeyCommands[str]): ...

        class PipedCodedHashCommands(Generic[Value]):
            def hset(self, name: Key, key: Encodable, value: Value=...) -> CodedPipeline[Value]:
                """Set a field."""
            def hgetall(self, name: Key) -> CodedPipeline[Value]: ...
            every = hgetall
            def hkeys(self, name: Key) -> CodedPipeline[Value]: ...
        '''
    text = generator.types(generator.SOURCE, tree)
    assert text == generator.HEADER + textwrap.dedent(expected).lstrip("\n")


def test_a_method_or_an_argument_that_is_nowhere_is_told(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generator, "TAKES", {"hset": "value", "hfoo": "value"})
    with pytest.raises(generator.GenerationError, match="no method is called hfoo"):
        generator.types(generator.SOURCE, tree)
    monkeypatch.setattr(generator, "TAKES", {"hset": "values"})
    with pytest.raises(generator.GenerationError, match="hset has no argument values"):
        generator.types(generator.SOURCE, tree)
