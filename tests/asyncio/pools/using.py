"""What tests of pools do again and again."""

from __future__ import annotations

from typing import Any

from multiplexer.pools.asyncio import ConnectionPool


async def ask(connection: Any, *command: Any) -> Any:
    """Send a command and read its reply."""
    await connection.send_command(*command)
    return await connection.read_response()


async def ask_pool(pool: ConnectionPool, *command: Any) -> Any:
    """The same on a connection of a pool."""
    connection = await pool.get_connection()
    try:
        return await ask(connection, *command)
    finally:
        await pool.release(connection)


def counts(pool: ConnectionPool) -> tuple[int, int, int]:
    """Return how many connections a pool has created, has idle, and has in use."""
    assert [count for count, _ in pool.get_connection_count()] == [
        len(pool._available_connections),
        len(pool._in_use_connections),
    ]
    return pool.created_connections, len(pool._available_connections), len(pool._in_use_connections)
