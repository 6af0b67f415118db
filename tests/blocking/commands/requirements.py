# Generated from tests/asyncio/commands/requirements.py by scripts/generate_blocking.py; change that file instead.
"""Leaves out tests of commands that the server under test does not have."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any

import pytest

Version = tuple[int, ...]


def requires(
    *, valkey: Version | None, redis: Version | None
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Run a test only against servers that are new enough.

    Args:
        valkey: The first version of Valkey that has what is tested, None where none has.
        redis: The same of Redis.
    """
    needed = {"valkey": valkey, "redis": redis}

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        signature = inspect.signature(test)
        wants_server = "server" in signature.parameters

        @functools.wraps(test)
        def checked(**fixtures: Any) -> None:
            server = fixtures["server"] if wants_server else fixtures.pop("server")
            first = needed[server.kind]
            if first is None or server.version < first:
                pytest.skip(f"{server.kind} {'.'.join(map(str, server.version))} has no such command")
            test(**fixtures)

        if not wants_server:
            server_fixture = inspect.Parameter("server", inspect.Parameter.POSITIONAL_OR_KEYWORD)
            parameters = [*signature.parameters.values(), server_fixture]
            checked.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
        return checked

    return decorate
