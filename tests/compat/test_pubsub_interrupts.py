"""A blocking PubSub that is interrupted goes on where it was, on a connection made anew."""

from __future__ import annotations

import signal
import threading
from typing import Any

import pytest

from multiplexer.compat.blocking.pubsub import PubSub
from multiplexer.pools import ConnectionPool
from tests.conftest import Target
from tests.servers import RealServer


def test_an_interrupt(server: RealServer, target: Target) -> None:
    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    with ConnectionPool(host=server.host, port=server.port, protocol=target.protocol) as pool, PubSub(pool) as pubsub:
        pubsub.subscribe("a")
        assert pubsub.get_message(timeout=5)
        before = signal.signal(signal.SIGUSR1, interrupt)
        try:
            main = threading.main_thread().ident or 0

            def send_once_it_reads() -> None:
                while not pubsub.connection._stream._receiving:
                    pass
                signal.pthread_kill(main, signal.SIGUSR1)

            sender = threading.Thread(target=send_once_it_reads)
            sender.start()
            with pytest.raises(KeyboardInterrupt):
                pubsub.get_message(timeout=None)
            sender.join()
        finally:
            signal.signal(signal.SIGUSR1, before)
        assert not pubsub.connection.is_connected
        confirmed = pubsub.get_message(timeout=5)
        assert confirmed is not None
        assert confirmed["type"] == "subscribe"
        server.command("PUBLISH", "a", "x")
        assert pubsub.get_message(timeout=5) == {"type": "message", "pattern": None, "channel": b"a", "data": b"x"}
