"""Locks that many processes share."""

from __future__ import annotations

from .blocking.lock import Lock

__all__ = ["Lock"]
