"""An interrupt while the façade's client waits: nobody is given the reply of another."""

from __future__ import annotations

import _thread
import threading

import pytest

from multiplexer.compat import BlockingConnectionPool, Redis
from tests.servers import FaultProxy, RealServer


@pytest.mark.parametrize("multiplexed", [False, True])
@pytest.mark.parametrize("transaction", [None, False, True])
def test_commands_and_pipelines(server: RealServer, multiplexed: bool, transaction: bool | None) -> None:
    with FaultProxy(server.host, server.port) as proxy:
        pool = BlockingConnectionPool(1, host=proxy.host, port=proxy.port, multiplexed=multiplexed)
        with Redis.from_pool(pool) as client:
            client.mset({"a": "a", "b": "b"})
            proxy.delay(0.1)
            for _ in range(2):
                threading.Timer(0.05, _thread.interrupt_main).start()
                with pytest.raises(KeyboardInterrupt):
                    client.get("a") if transaction is None else client.pipeline(transaction).get("a").execute()
                assert client.get("b") == b"b"
                assert client.pipeline(bool(transaction)).get("b").execute() == [b"b"]
                assert not pool._in_use_connections
