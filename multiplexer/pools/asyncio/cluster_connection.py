"""Connections to nodes of a cluster."""

from __future__ import annotations

from typing import Any

from .connection import AbstractConnection
from .transports import Connection, SSLConnection


class _ReadsFromReplicas(AbstractConnection):
    """What tells a replica that reads of the connection may be answered by it."""

    def __init__(self, readonly: bool = False, **options: Any) -> None:
        super().__init__(**options)
        self.readonly = readonly
        if readonly:
            self.register_connect_callback(self._allow_reads)

    async def _allow_reads(self, connection: Any) -> None:
        await self.send_command("READONLY", check_health=False)
        await self.read_response(disable_decoding=True)


class ClusterConnection(_ReadsFromReplicas, Connection):
    """A connection over TCP to a node of a cluster.

    Args:
        readonly: Whether a replica may answer reads of this connection (READONLY is sent when it has connected).
        options: Those of :class:`Connection`.
    """


class ClusterSSLConnection(_ReadsFromReplicas, SSLConnection):
    """The same over TLS.

    Args:
        readonly: As above.
        options: Those of :class:`SSLConnection`.
    """
