"""Small helpers that applications import."""

from __future__ import annotations

from .blocking.utils import SENTINEL, from_url, pipeline, safe_str, str_if_bytes

__all__ = ["HIREDIS_AVAILABLE", "SENTINEL", "from_url", "pipeline", "safe_str", "str_if_bytes"]

#: hiredis is always there.
HIREDIS_AVAILABLE = True
