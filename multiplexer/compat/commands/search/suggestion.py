"""Suggestions that complete what somebody types."""

from __future__ import annotations

from ....core.search.suggestion import Suggestion

__all__ = ["Suggestion"]
