"""Micro-benchmarks of what every command passes through. Run with ``pytest bench``; not part of the tests."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterator
from typing import Any

import pytest

from bench.loops import KEYS, VALUES
from bench.workloads import LARGE_VALUE
from multiplexer import ConnectionMultiplexer
from multiplexer.asyncio import ConnectionMultiplexer as AsyncConnectionMultiplexer
from multiplexer.core.call_options import ANY_DATABASE
from multiplexer.core.commands.command_table import COMMANDS
from multiplexer.core.connection_counters import ConnectionCounters
from multiplexer.core.message import InternalMessage
from multiplexer.core.physical_connection import PhysicalConnection
from multiplexer.core.wire.resp import RespReader, pack, pack_command
from multiplexer.embedded import EmbeddedServer

READ_SIZE = 1 << 16


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedServer]:
    """A server that holds the keys of the workloads."""
    with EmbeddedServer.start() as server:
        for key, value in zip(KEYS, VALUES, strict=True):
            server.command("SET", key, value)
        yield server


@pytest.mark.benchmark(group="pack")
def test_pack_a_small_command(benchmark: Any) -> None:
    packed = benchmark(pack_command, ("GET", KEYS[1]))
    assert packed == b"*2\r\n$3\r\nGET\r\n$10\r\nbench:0001\r\n"


@pytest.mark.benchmark(group="pack")
def test_pack_a_large_value(benchmark: Any) -> None:
    parts = benchmark(pack, ("SET", "bench:large", LARGE_VALUE))
    assert parts[1] is LARGE_VALUE


class Core:
    """One connection's protocol without a socket, and a thousand GETs to answer."""

    def __init__(self) -> None:
        self.connection = PhysicalConnection(ConnectionCounters("interactive"), print, 0.0)
        self.connection.read_with(RespReader())
        self.messages: list[InternalMessage] = []
        stream = b"".join(b"$%d\r\n%b\r\n" % (len(value), value) for value in VALUES)
        self.reads = [stream[start : start + READ_SIZE] for start in range(0, len(stream), READ_SIZE)]

    def queue(self) -> deque[Any]:
        """Make the messages."""
        self.messages = [InternalMessage(COMMANDS["GET"], pack_command(("GET", key)), ANY_DATABASE) for key in KEYS]
        return deque(self.messages)

    def send(self, backlog: deque[Any]) -> None:
        """Take what is to be written."""
        while self.connection.take(backlog, 1.0):
            pass

    def receive(self) -> None:
        """Hand in the replies."""
        for data in self.reads:
            self.connection.receive(data, len(data), 2.0)


@pytest.mark.benchmark(group="core, 1,000 commands")
def test_core_take(benchmark: Any) -> None:
    def setup() -> tuple[tuple[Core, deque[Any]], dict[str, Any]]:
        core = Core()
        return (core, core.queue()), {}

    benchmark.pedantic(Core.send, setup=setup, rounds=200)


@pytest.mark.benchmark(group="core, 1,000 commands")
def test_core_receive(benchmark: Any) -> None:
    cores = []

    def setup() -> tuple[tuple[Core], dict[str, Any]]:
        core = Core()
        core.send(core.queue())
        cores[:] = [core]
        return (core,), {}

    benchmark.pedantic(Core.receive, setup=setup, rounds=200)
    assert [message.reply for message in cores[0].messages] == VALUES


@pytest.mark.benchmark(group="one GET")
def test_get_blocking(benchmark: Any, server: EmbeddedServer) -> None:
    with ConnectionMultiplexer.connect(f"{server.host}:{server.port}") as mux:
        assert benchmark(mux.get_database().get, KEYS[0]) == VALUES[0]


@pytest.mark.benchmark(group="one GET")
def test_get_asyncio(benchmark: Any, server: EmbeddedServer) -> None:
    async def get() -> Any:
        return await database.get(KEYS[0])

    with asyncio.Runner() as runner:
        mux = runner.run(AsyncConnectionMultiplexer.connect(f"{server.host}:{server.port}"))
        database = mux.get_database()
        assert benchmark(lambda: runner.run(get())) == VALUES[0]
        runner.run(mux.aclose())


@pytest.mark.benchmark(group="1,000 GETs")
def test_gather(benchmark: Any, server: EmbeddedServer) -> None:
    async def gather() -> Any:
        return await asyncio.gather(*map(database.get, KEYS))

    with asyncio.Runner() as runner:
        mux = runner.run(AsyncConnectionMultiplexer.connect(f"{server.host}:{server.port}"))
        database = mux.get_database()
        assert benchmark(lambda: runner.run(gather())) == VALUES
        runner.run(mux.aclose())


@pytest.mark.benchmark(group="1,000 GETs")
def test_batch_blocking(benchmark: Any, server: EmbeddedServer) -> None:
    def batch() -> Any:
        commands = database.batch()
        for key in KEYS:
            commands.get(key)
        return commands.execute()

    with ConnectionMultiplexer.connect(f"{server.host}:{server.port}") as mux:
        database = mux.get_database()
        assert benchmark(batch) == VALUES
