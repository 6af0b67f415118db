"""An interrupt while the façade's client waits: nobody is given the reply of another."""

from __future__ import annotations

import _thread
import threading

import pytest

from multiplexer.compat import BlockingConnectionPool, Redis
from tests.servers import FaultProxy, RealServer


@pytest.mark.parametrize("multiplexed", [False, True])
@pytest.mark.parametrize("transaction", [None, False, True])
def test_commands_and_pipelines(own_server: RealServer, multiplexed: bool, transaction: bool | None) -> None:
    with FaultProxy(own_server.host, own_server.port) as proxy:
        pool = BlockingConnectionPool(1, host=proxy.host, port=proxy.port, multiplexed=multiplexed)
        with Redis.from_pool(pool) as client:
            client.mset({"a": "a", "b": "b"})
            proxy.delay(0.1)
            with pytest.raises(KeyboardInterrupt):
                _interrupted(client, transaction)
            assert client.get("b") == b"b"
            assert client.pipeline(bool(transaction)).get("b").execute() == [b"b"]
            assert not pool._in_use_connections


def _interrupted(client: Redis, transaction: bool | None) -> None:
    threading.Timer(0.05, _thread.interrupt_main).start()
    if transaction is None:
        client.get("a")
    else:
        client.pipeline(transaction).get("a").execute()
