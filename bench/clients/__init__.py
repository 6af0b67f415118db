"""One adapter per client, so that every client runs the very same loops.

An adapter module has the constants of :class:`Adapter`. Clients are imported only when a worker opens them:
the process that coordinates the workers must run where a peer is missing.
"""

from __future__ import annotations

import importlib
import importlib.metadata
from collections.abc import AsyncIterable, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from typing import Any, NamedTuple, Protocol, cast

ADAPTERS = {
    "redis-py": "redis_py",
    "valkey-py": "valkey_py",
    "coredis": "coredis_client",
    "valkey-glide": "valkey_glide",
    "valkey-glide-sync": "valkey_glide_sync",
    "multiplexer": "ours",
    "facade-pool": "facade_pool",
    "facade-shared": "facade_shared",
    "bare": "bare_loop",
}
"""Names of the clients, in the order of the report, and the modules with their adapters."""

FAMILIES = {"valkey-glide-sync": "valkey-glide"}
"""Clients that share a column with another one, as each of the two covers one world."""


class Blocking(NamedTuple):
    """What the blocking loops call; ``get`` and ``set`` are the client's own methods, without a layer between."""

    get: Callable[[str], Any]
    set: Callable[[str, bytes], Any]
    queue: Callable[[Sequence[str]], Any]
    execute: Callable[[Any], Any]
    wait: Callable[[str], Any] | None = None
    """Waits until a list has an element."""
    commands: Mapping[str, Callable[[], Any]] = {}
    """The client's own typed methods with their arguments: see :mod:`bench.commands`."""
    subscribe: Callable[[str], AbstractContextManager[tuple[Iterable[Any], Callable[[Any], Any]]]] | None = None
    """Subscribes to a channel; what is entered is its messages, and what takes the data out of one."""
    cached: Callable[[], Callable[[str], Any]] | None = None
    """Returns a GET that keeps replies until the server says that they have changed; connections are then watched."""
    observed: Callable[[float], AbstractContextManager[None]] | None = None
    """Shows what it does by OpenTelemetry: metrics, or such a part of the calls as spans."""


class Asynchronous(NamedTuple):
    """What the asyncio loops call; the same as :class:`Blocking`."""

    get: Callable[[str], Awaitable[Any]]
    set: Callable[[str, bytes], Awaitable[Any]]
    batch: Callable[[Sequence[str]], Awaitable[Any]]
    wait: Callable[[str], Awaitable[Any]] | None = None
    commands: Mapping[str, Callable[[], Awaitable[Any]]] = {}
    subscribe: Callable[[str], AbstractAsyncContextManager[tuple[AsyncIterable[Any], Callable[[Any], Any]]]] | None = (
        None
    )
    cached: Callable[[], Callable[[str], Awaitable[Any]]] | None = None
    observed: Callable[[float], AbstractContextManager[None]] | None = None


class Setting(NamedTuple):
    """Where the server listens and its process, how many callers share the client, whether values are huge.

    With ``cluster`` it is one of a cluster's.
    """

    host: str
    port: int
    pid: int
    callers: int
    large: bool = False
    cluster: bool = False


class Adapter(Protocol):
    """The members of an adapter module."""

    DISTRIBUTION: str
    """Name of the installed package."""

    IMPORTS: str
    """Module whose import time counts."""

    OFFERS: frozenset[str]
    """What it can do beyond GET, SET and batches, of ``wait``, ``commands``, ``messages``, ``cluster``, ``refresh``,
    ``cached`` (threads), ``keeps`` (everything else about kept replies), ``observed``."""

    BLOCKING: Callable[[Setting], AbstractContextManager[Blocking]] | None
    ASYNCIO: Callable[[Setting], AbstractAsyncContextManager[Asynchronous]] | None


def load(name: str) -> Adapter:
    """Return the adapter of a client; the client itself is not imported yet."""
    return cast(Adapter, importlib.import_module(f"{__name__}.{ADAPTERS[name]}"))


def installed_version(name: str) -> str | None:
    """Return the version of a client's package, or None where it is not installed."""
    try:
        return importlib.metadata.version(load(name).DISTRIBUTION)
    except importlib.metadata.PackageNotFoundError:
        return None
