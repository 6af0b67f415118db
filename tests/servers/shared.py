"""What many tests share and costs something while it stands idle: clusters and sentinels gossip all the time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar


class _Closable(Protocol):
    def close(self) -> None: ...


S = TypeVar("S", bound=_Closable)

#: Seconds without a test that asks for them after which servers are stopped.
LINGER = 5.0


class Shared(Generic[S]):
    """Servers by kind: started when first asked for, and stopped once no test asks for them any more.

    A cluster of six and a primary with its sentinels take five per cent of a core for themselves, in each process that
    runs tests and of each kind, where only a few files of tests in a row need them.
    """

    def __init__(self, start: Callable[[str], S]) -> None:
        self._start = start
        self._servers: dict[str, S] = {}
        self._asked: dict[str, float] = {}

    def __call__(self, kind: str) -> S:
        """Return the servers of a kind, running."""
        if kind not in self._servers:
            self._servers[kind] = self._start(kind)
        self._asked[kind] = time.monotonic()
        return self._servers[kind]

    def rest(self) -> None:
        """Stop what no test has asked for of late. Called between tests."""
        for kind in list(self._servers):
            if time.monotonic() - self._asked[kind] > LINGER:
                self._servers.pop(kind).close()

    def close(self) -> None:
        """Stop all."""
        while self._servers:
            self._servers.popitem()[1].close()
