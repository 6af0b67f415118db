"""What the search engine's classes make of their arguments, and refuse."""

from __future__ import annotations

from typing import Any

import pytest

from multiplexer.core.search import reducers
from multiplexer.core.search.fields import IndexDefinition


@pytest.mark.parametrize("prefix", ["my:prefix:", b"my:prefix:", bytearray(b"my:prefix:"), memoryview(b"my:prefix:")])
def test_one_prefix_is_no_sequence_of_them(prefix: Any) -> None:
    assert IndexDefinition(prefix=prefix, score=None).args == ["PREFIX", 1, prefix]
    assert IndexDefinition(prefix=[prefix, "b"], score=None).args == ["PREFIX", 2, prefix, "b"]


@pytest.mark.parametrize("fields", [[], (), "", "   ", ["name", " "]])
def test_fields_to_collect_have_names(fields: Any) -> None:
    with pytest.raises(ValueError, match="COLLECT: fields"):
        reducers.collect(fields)
