"""Which documents an index is of."""

from __future__ import annotations

from ....core.search.fields import IndexDefinition, IndexType

__all__ = ["IndexDefinition", "IndexType"]
