"""What the semantic conventions of OpenTelemetry call things, as far as both metrics and spans need it."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import ip_address

from ..configuration import EndPoint

SYSTEM = "db.system.name"
#: There is no value of its own for Valkey.
SYSTEM_VALUE = "redis"
SERVER_ADDRESS = "server.address"
SERVER_PORT = "server.port"

_DEFAULT_PORT = 6379

Values = dict[str, str | int | float | bool]


def server_attributes(endpoint: EndPoint) -> Values:
    """Return where a server is: its port only where it is not the usual one."""
    if endpoint.path is not None:
        return {SERVER_ADDRESS: endpoint.path}
    where: Values = {SERVER_ADDRESS: endpoint.host}
    return where if endpoint.port == _DEFAULT_PORT else {**where, SERVER_PORT: endpoint.port}


def peer_attributes(endpoint: EndPoint) -> Values:
    """Return who really answered, where that is known: a host's name is no address of a peer."""
    if endpoint.path is not None:
        return {"network.peer.address": endpoint.path}
    if not _is_address(endpoint.host):
        return {}
    return {"network.peer.address": endpoint.host, "network.peer.port": endpoint.port}


@lru_cache(maxsize=1024)
def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
