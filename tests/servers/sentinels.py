"""A primary with replicas, watched by sentinels, of either kind of server, for tests."""

from __future__ import annotations

from typing import Any

from multiplexer import embedded

from .real import Kind, RealServer

__all__ = ["SentinelGroup"]


class SentinelGroup(embedded.SentinelGroup[RealServer]):
    """See :class:`multiplexer.embedded.SentinelGroup`.

    Args:
        kind: Which servers.
        options: As there.

    Attributes:
        kind: ``"valkey"`` or ``"redis"``.

    Raises:
        LookupError: This machine has no such server.
        ServerStartError: One did not start.
    """

    def __init__(self, kind: Kind = "valkey", **options: Any) -> None:
        self.kind = kind
        super().__init__(**options)

    def _start_server(self, lines: list[str], arguments: tuple[str, ...]) -> RealServer:
        return RealServer.start(self.kind, config=lines, arguments=arguments)
