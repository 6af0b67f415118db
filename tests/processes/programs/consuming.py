"""Consumes a stream in a process that is killed, interrupted, or forks.

Arguments: port, what to do (the name of a function below).
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
import time
import warnings
from typing import Any

import multiplexer.asyncio
from multiplexer import ConnectionMultiplexer, StreamConsumer, StreamEntry

from .forking import check, in_child

# Newer Pythons warn of every fork of a process with threads, which is what is tried here.
warnings.filterwarnings("ignore", "This process.*multi-threaded", DeprecationWarning)

#: Seconds after which what a killed process has left is claimed.
CLAIM_AFTER = 0.5


def _say(what: str) -> None:
    os.write(
        1, f"{what}\n".encode()
    )  # in one piece: print() writes the end of a line by itself, and others come between


def threads(port: int) -> None:
    """Say what is handled, until killed."""

    def handle(entry: StreamEntry[str, str]) -> None:
        time.sleep(0.002)
        _say(entry.fields["n"])

    with ConnectionMultiplexer.connect(f"127.0.0.1:{port}") as mux:
        StreamConsumer(
            mux.get_database(decode=True), "orders", "packers", handle, concurrency=3, claim_after=CLAIM_AFTER
        ).run()


def tasks(port: int) -> None:
    """The same in an event loop."""

    async def handle(entry: StreamEntry[str, str]) -> None:
        await asyncio.sleep(0.002)
        _say(entry.fields["n"])

    async def main() -> None:
        async with await multiplexer.asyncio.ConnectionMultiplexer.connect(f"127.0.0.1:{port}") as mux:
            consumer = multiplexer.asyncio.StreamConsumer(
                mux.get_database(decode=True), "orders", "packers", handle, concurrency=3, claim_after=CLAIM_AFTER
            )
            await consumer.run()

    asyncio.run(main())


def _consumer(mux: ConnectionMultiplexer, entered: threading.Event, done: list[str]) -> StreamConsumer[str, str]:
    def handle(entry: StreamEntry[str, str]) -> None:
        entered.set()
        time.sleep(0.5)
        done.append(entry.fields["n"])

    return StreamConsumer(
        mux.get_database(decode=True), "orders", "packers", handle, consumername="one", claim_after=3600, block=0.1
    )


def interrupted(port: int) -> None:
    """Ctrl-C: what has begun is handled and acknowledged, and the rest is left."""
    _ended_by(port, signal.SIGINT, KeyboardInterrupt)


def terminated(port: int) -> None:
    """The same for SIGTERM, where the program makes it an orderly end."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    _ended_by(port, signal.SIGTERM, SystemExit)


def _ended_by(port: int, number: int, expected: type[BaseException]) -> None:
    entered, done = threading.Event(), list[str]()
    with ConnectionMultiplexer.connect(f"127.0.0.1:{port}") as mux:
        consumer = _consumer(mux, entered, done)

        def interrupt() -> None:
            entered.wait(10)
            os.kill(os.getpid(), number)

        threading.Thread(target=interrupt, daemon=True).start()
        raised: Any = None
        try:
            consumer.run()
        except BaseException as error:
            raised = error
        assert isinstance(raised, expected), raised
        assert done == ["0"]
        assert not consumer.is_running
        assert consumer.statistics().acknowledged == 1


def twice_interrupted(port: int) -> None:
    """A second Ctrl-C does not wait for the handler."""
    entered, goes_on = threading.Event(), threading.Event()

    def handle(entry: StreamEntry[str, str]) -> None:
        entered.set()
        goes_on.wait(30)

    with ConnectionMultiplexer.connect(f"127.0.0.1:{port}") as mux:
        consumer = StreamConsumer(mux.get_database(decode=True), "orders", "packers", handle, block=0.1)

        def interrupt() -> None:
            entered.wait(10)
            os.kill(os.getpid(), signal.SIGINT)
            while not consumer._stopping:
                time.sleep(0.01)
            time.sleep(0.2)
            os.kill(os.getpid(), signal.SIGINT)

        threading.Thread(target=interrupt, daemon=True).start()
        began = time.monotonic()
        try:
            consumer.run()
        except KeyboardInterrupt:
            pass
        else:
            raise AssertionError("not interrupted")
        assert time.monotonic() - began < 10
        goes_on.set()


def forking(port: int) -> None:
    """The child has none of the threads, and waits for none; the parent goes on."""
    entered, done = threading.Event(), list[str]()
    with ConnectionMultiplexer.connect(f"127.0.0.1:{port}") as mux:
        consumer = _consumer(mux, entered, done)
        with consumer:
            entered.wait(10)

            def child() -> None:
                assert not consumer.is_running
                assert consumer.stop(0) is True

            check(in_child(child))
            while len(done) < 2:
                time.sleep(0.01)


if __name__ == "__main__":
    globals()[sys.argv[2]](int(sys.argv[1]))
