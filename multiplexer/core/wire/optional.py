"""hiredis, or None where it cannot be imported or is not wanted."""

from __future__ import annotations

import os
from typing import Any

__all__ = ["hiredis"]

#: Set to anything, this environment variable has the package do without hiredis although it is installed.
NO_HIREDIS = "MULTIPLEXER_NO_HIREDIS"

hiredis: Any = None
if not os.environ.get(NO_HIREDIS):
    try:
        import hiredis
    except ImportError:
        pass
