# Generated from multiplexer/asyncio/connecting.py by scripts/generate_blocking.py; change that file instead.
"""Connecting, which is awaited, or entered at once."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, ParamSpec, TypeVar

Arguments = ParamSpec("Arguments")
Opened = TypeVar("Opened", bound=AbstractContextManager[Any])


def entered_at_once(function: Callable[Arguments, Opened]) -> Callable[Arguments, Opened]:
    """Return the function as it is: what it returns can be entered."""
    return function
