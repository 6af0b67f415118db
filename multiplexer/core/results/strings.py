"""Converters of the string commands' replies."""

from __future__ import annotations

from typing import Any

from ..types import Reply
from .common import pairs


def lcs_matches(reply: Reply) -> list[Any]:
    """``LCS … IDX``: a flat list of names and values, into which RESP3's mapping is unrolled."""
    return [item for pair in pairs(reply) for item in pair]
