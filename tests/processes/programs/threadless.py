"""Calls where no thread can be started any more; ends with code 0 where each call gave its result.

Arguments: port.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

import multiplexer.compat as redis
from multiplexer import ConnectionMultiplexer, Database
from multiplexer.errors import RedisConnectionError, RedisTimeoutError


@contextmanager
def no_more_threads() -> Iterator[None]:
    """What a limit on processes, or the end of the interpreter, does to every new thread."""
    start = threading.Thread.start

    def refuse(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    threading.Thread.start = refuse  # type: ignore[method-assign]
    try:
        yield
    finally:
        threading.Thread.start = start  # type: ignore[method-assign]


def fresh(address: str) -> Database[bytes]:
    db = ConnectionMultiplexer.connect(address, timeout=5, allow_admin=True).get_database()
    assert db.get("nothing") is None
    return db


def half_written(db: Database[bytes], other: Database[bytes]) -> None:
    """Write to a server that takes no more, and let time run out."""
    process = int(other.info("server")["process_id"])
    batch = db.with_options(timeout=0.2).batch()
    for _ in range(1000):
        batch.set("value", b"x" * 15_000)
    with no_more_threads():
        os.kill(process, signal.SIGSTOP)
        try:
            with pytest.raises((RedisConnectionError, RedisTimeoutError)) as caught:
                batch.execute()
        finally:
            os.kill(process, signal.SIGCONT)
        assert caught.value.was_sent  # type: ignore[attr-defined]
        assert db.get("nothing") is None  # the connection that had half a command was given up


def main(port: int) -> None:
    address = f"127.0.0.1:{port}"
    other = fresh(address)

    db = fresh(address)
    with no_more_threads():
        assert db.get("nothing") is None
        assert db.set("large", b"x" * 2_000_000) is True  # over a connection of its own

    db = fresh(address)
    other.rpush("queue", "item")
    with no_more_threads():
        assert db.blpop("queue", timeout=1) == (b"queue", b"item")  # popped, and so must be handed over

    db = fresh(address)
    other.execute("CLIENT", "KILL", "TYPE", "normal")
    with no_more_threads():
        assert db.get("nothing") is None  # connects anew

    db = fresh(address)
    half_written(db, other)

    with no_more_threads():
        assert fresh(address).get("nothing") is None

    client = redis.Redis(connection_pool=redis.ConnectionPool(port=port, max_idle_time=60))
    with no_more_threads():
        assert client.incr("n") == 1  # idle connections stay open a while longer
    assert client.incr("n") == 2


if __name__ == "__main__":
    main(int(sys.argv[1]))
