"""Makes another server of a group the primary, where neither sentinels nor a cluster do that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors import DataError, ReadOnlyError, RedisError

if TYPE_CHECKING:
    from typing import Protocol

    from ..configuration import ConfigurationOptions
    from .server import Server

    class Group(Protocol):
        """What is asked of the multiplexer whose servers they are."""

        @property
        def options(self) -> ConfigurationOptions:
            """The configuration."""

        def get_server(self, endpoint: str, /) -> Server[Any]:
            """Return the handle for a server."""

        def get_servers(self) -> list[Server[Any]]:
            """Return the handles for all servers."""

        def check_roles(self) -> None:
            """Ask all servers for their roles."""


async def make_primary(group: Group, endpoint: str, authority: str) -> None:
    """Promote a server, have the others replicate it, and tell other clients; see the multiplexer's method.

    Args:
        group: Whose servers they are.
        endpoint: Address of the server.
        authority: Who decides about primaries instead, in words; empty where nobody does.

    Raises:
        DataError: The server is not known, or something else decides about primaries.
        RedisError: The server did not let itself be promoted.
    """
    if authority:
        raise DataError(f"make_primary: {authority}")
    chosen = group.get_server(endpoint)
    others = [server for server in group.get_servers() if server.endpoint != chosen.endpoint and server.is_connected]
    everybody = [chosen, *others]
    # First where all can see it: whoever finds two primaries from here on knows which one counts.
    await _vote(group, others, chosen)
    await announce(group, everybody, chosen.endpoint)
    await chosen.execute("REPLICAOF", "NO", "ONE")
    await _vote(group, [chosen], chosen)
    host, _, port = chosen.endpoint.rpartition(":")
    failures: list[RedisError] = []
    for server in others:
        try:
            await server.execute("REPLICAOF", host.strip("[]"), port)
        except RedisError as error:
            failures.append(error)
    await announce(group, everybody, chosen.endpoint)
    group.check_roles()
    if failures:
        raise failures[0]


async def _vote(group: Group, servers: list[Server[Any]], chosen: Server[Any]) -> None:
    """Write the tie-breaker where that is possible; replicas get it from their primary."""
    if not group.options.tie_breaker:
        return
    for server in servers:
        try:
            await server.in_database(0).execute("SET", group.options.tie_breaker, chosen.endpoint)
        except ReadOnlyError:
            pass


async def announce(group: Group, servers: list[Server[Any]], what: str) -> int:
    """Publish on the configuration channel, on every server; return how many clients were reached."""
    reached = 0
    if group.options.config_channel:
        for server in servers:
            try:
                reached += int(await server.execute("PUBLISH", group.options.config_channel, what))
            except RedisError:
                pass  # it is going away, perhaps, and others are told by others
    return reached
