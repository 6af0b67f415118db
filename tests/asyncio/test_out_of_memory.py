"""A server at its memory limit, or read-only: writes fail with its word, reads go on, and it recovers."""

from __future__ import annotations

import pytest

from multiplexer.errors import OutOfMemoryError, ReadOnlyError
from tests.conftest import Target
from tests.servers import RealServer

from ._world import spawn, until
from .connecting import connect


async def test_out_of_memory(own_server: RealServer, target: Target) -> None:
    async with await connect(own_server, protocol=target.protocol) as mux:
        db = mux.get_database()
        await db.set("key", "value")
        own_server.command("CONFIG", "SET", "maxmemory", 1, "maxmemory-policy", "noeviction")
        with pytest.raises(OutOfMemoryError, match="OOM command not allowed") as caught:
            await db.set("other", "x")
        assert (caught.value.command, caught.value.phase) == ("SET", "answered")
        assert await db.get("key") == b"value"
        pipe = db.pipeline(transaction=False)
        pipe.set("a", 1)
        pipe.get("key")
        refused, read = await pipe.execute(raise_on_error=False)
        assert isinstance(refused, OutOfMemoryError)
        assert read == b"value"
        assert await db.delete("key") == 1
        own_server.command("CONFIG", "SET", "maxmemory", 0)
        assert await db.set("other", "x")
        assert mux.get_counters()[0].interactive.socket_count == 1


async def test_a_server_that_became_read_only(own_server: RealServer, target: Target) -> None:
    async with await connect(own_server, protocol=target.protocol) as mux:
        db = mux.get_database()
        await db.set("key", "value")
        own_server.command("REPLICAOF", "127.0.0.1", "1")
        with pytest.raises(ReadOnlyError):
            await db.with_options(timeout=0.3).set("key", "x")
        # It was asked at once what it is now.
        await until(lambda: mux.get_status()["servers"][0]["role"] == "replica")
        call = spawn(db.set, "key", "y")
        own_server.command("REPLICAOF", "NO", "ONE")
        assert await call.result() is True
