"""Has pushes read while nobody waits for a reply.

Whoever waits for a reply reads what is pushed too. While nobody does, a thread waits here until there is something to
read, and then has the pump read it. It does not take the reader's role meanwhile, which would cost every caller a
change of threads.
"""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING

from .primitives import sleep
from .worker import Worker

if TYPE_CHECKING:
    from .bridge import ThreadBridge
    from .channel import Channel

#: Seconds that whoever reads is left alone once something was found unread.
_PAUSE = 0.005
#: Seconds after which it looks whether the connection is still the bridge's.
_PATIENCE = 1.0


class Ear:
    """A daemon thread that waits for pushes on one connection, and ends with it.

    It holds the bridge only while it looks at it, so that a forgotten multiplexer can be collected.
    """

    def __init__(self, bridge: ThreadBridge, channel: Channel) -> None:
        self._bridge = weakref.ref(bridge)
        self._channel = channel
        self._worker = Worker(f"multiplexer-pushes-{bridge.endpoint}", self._step, self._is_done)

    def start(self) -> None:
        """See that the thread runs."""
        self._worker.start()

    def _is_done(self) -> bool:
        bridge = self._bridge()
        return bridge is None or bridge.channel is not self._channel or bridge.connection is None

    def _step(self) -> bool:
        try:
            self._channel.wait(_PATIENCE, read=True, write=False)
            unread = self._channel.is_readable()
        except (OSError, ValueError):  # it was closed meanwhile, and is not the bridge's any more, or soon will not be
            unread = True
        if self._is_done():
            return False
        if unread:
            bridge = self._bridge()
            if bridge is not None:
                bridge.attend()
                del bridge  # it is held only while it is looked at
            sleep(_PAUSE)
        return True
