"""The thread in which a blocking PubSub handles its messages."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

#: Seconds to wait for a message where the caller has named none: without any wait the thread would never rest.
_REST = 0.05


class PubSubWorkerThread(threading.Thread):
    """Asks a PubSub for messages until it is stopped, and then closes it.

    Args:
        pubsub: Whom to ask.
        sleep_time: Seconds for which each call waits for a message.
        daemon: Whether it ends with the program.
        exception_handler: Called with each error, ``pubsub`` and the thread; without one the first error ends it.
        sharded_pubsub: Whether to ask with ``get_sharded_message``.
    """

    def __init__(
        self,
        pubsub: Any,
        sleep_time: float,
        daemon: bool = False,
        exception_handler: Callable[[Exception, Any, PubSubWorkerThread], Any] | None = None,
        sharded_pubsub: bool = False,
    ) -> None:
        super().__init__(name="multiplexer-pubsub", daemon=daemon)
        self.pubsub = pubsub
        self.sleep_time = sleep_time
        self.exception_handler = exception_handler
        self.sharded_pubsub = sharded_pubsub
        self._ended = threading.Event()

    def run(self) -> None:
        """Handle messages; ``start()`` calls it."""
        get = self.pubsub.get_sharded_message if self.sharded_pubsub else self.pubsub.get_message
        try:
            while not self._ended.is_set():
                try:
                    get(ignore_subscribe_messages=True, timeout=self.sleep_time or _REST)
                except Exception as error:
                    if self.exception_handler is None:
                        raise
                    self.exception_handler(error, self.pubsub, self)
        finally:
            self.pubsub.close()

    def stop(self) -> None:
        """Handle no further message; the thread ends once its present wait does."""
        self._ended.set()
