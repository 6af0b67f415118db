"""Holds a lock where processes fork, end and are interrupted; ends with code 0 where all went well.

Arguments: port, what to try (the name of a function below).
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
import time
import warnings

import pytest

import multiplexer.asyncio
from multiplexer import ConnectionMultiplexer
from multiplexer.errors import LockError

from .forking import check, in_child

# Newer Pythons warn of every fork of a process with threads, which is what is tried here.
warnings.filterwarnings("ignore", "This process.*multi-threaded", DeprecationWarning)


def fork_while_held(port: int) -> None:
    """The child owns nothing, may not release it, and can wait for it; the parent's watchdog goes on."""
    mux = ConnectionMultiplexer.connect(f"127.0.0.1:{port}")
    db = mux.get_database()
    lock = db.lock("lock", timeout=0.6, watchdog=True)
    assert lock.acquire()

    def child() -> None:
        assert not lock.owned()
        with pytest.raises(LockError, match="not held here"):
            lock.release()
        assert not lock.acquire(blocking=False)
        time.sleep(1)
        assert db.lock("lock", timeout=5, sleep=0.01).acquire(blocking_timeout=0.1) is False

    pid = in_child(child)
    check(pid)
    assert lock.owned()
    lock.release()

    def waiting_child() -> None:
        with db.lock("lock", timeout=5, watchdog=True, sleep=0.01):
            assert db.get("lock") is not None

    lock.acquire()
    pid = in_child(waiting_child)
    time.sleep(0.1)
    lock.release()
    check(pid)
    assert db.get("lock") is None
    mux.close()


def end_while_held(port: int) -> None:
    """A process that ends without releasing ends at once; the lock expires by itself."""
    mux = ConnectionMultiplexer.connect(f"127.0.0.1:{port}")
    assert mux.get_database().lock("lock", timeout=30, watchdog=True).acquire()
    print("held")


def end_loop_while_held(port: int) -> None:
    """The same for an event loop; nothing complains of a task that was left."""

    async def main() -> None:
        mux = await multiplexer.asyncio.ConnectionMultiplexer.connect(f"127.0.0.1:{port}")
        async with mux:
            assert await mux.get_database().lock("lock", timeout=30, watchdog=True).acquire()

    asyncio.run(main())


def interrupted(port: int) -> None:
    """Ctrl-C at any moment of taking a lock leaves none behind."""
    mux = ConnectionMultiplexer.connect(f"127.0.0.1:{port}")
    db = mux.get_database()
    watcher = ConnectionMultiplexer.connect(f"127.0.0.1:{port}").get_database()
    times = 0
    for number in range(150):
        timer = threading.Timer(0.0001 * (number % 30), os.kill, (os.getpid(), signal.SIGINT))
        try:
            lock = db.lock("lock", timeout=60)
            timer.start()
            lock.acquire()
            timer.join()  # it may come late, but not after this block
            time.sleep(0.02)
        except KeyboardInterrupt:
            times += 1
        timer.join()
        if lock._holding() is not None:
            lock.release()
        deadline = time.monotonic() + 5
        while watcher.get("lock") is not None:
            assert time.monotonic() < deadline, f"a lock was left behind by interrupt {number}"
            time.sleep(0.002)
    assert times > 100
    mux.close()


if __name__ == "__main__":
    globals()[sys.argv[2]](int(sys.argv[1]))
