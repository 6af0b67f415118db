"""Reads from a connection while nobody waits for its replies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .channel import READ_SLICE
from .primitives import monotonic
from .waiting import Bell
from .worker import Worker

if TYPE_CHECKING:
    from typing import Protocol

    from ...configuration import EndPoint
    from ...core.physical_connection import PhysicalConnection
    from .channel import Channel

    class ReadBridge(Protocol):
        """What is asked of the bridge whose replies are read."""

        buffer: bytearray
        read_lock: Any

        @property
        def endpoint(self) -> EndPoint: ...
        @property
        def connection(self) -> PhysicalConnection | None: ...
        @property
        def channel(self) -> Channel | None: ...
        def received(self, connection: PhysicalConnection, size: int, now: float) -> None: ...
        def lose(self, connection: PhysicalConnection, error: BaseException) -> None: ...
        def promote(self) -> None: ...


_LINGER = 5.0


class Pump:
    """A daemon thread that takes the reader's role when asked, and ends when it was idle for a while.

    With ``always`` set it keeps the role as long as there is a connection: pushes may arrive at any time, and
    handing the role to and fro would cost every caller a wake-up.
    """

    def __init__(self, bridge: ReadBridge) -> None:
        self._bridge = bridge
        self._wanted = Bell()
        self._stopped = False
        self._worker = Worker(f"multiplexer-pump-{bridge.endpoint}", self._step, self._is_done)
        self.always = False

    def start(self) -> None:
        """See that replies are read."""
        self._wanted.ring()
        self._worker.start()

    def stop(self) -> None:
        """End now; the connection is closed."""
        self.always = False
        self._stopped = True
        self._wanted.ring()

    def keep(self, always: bool) -> None:
        """Keep the reader's role from now on, or no longer."""
        self.always = always
        if always:
            self.start()

    def _step(self) -> bool:
        if not self._wanted.wait(_LINGER) or self._stopped:
            return False
        self._read()
        return True

    def _is_done(self) -> bool:
        return self._stopped or not self._wanted.rings()

    def _read(self) -> None:
        """Hold the reader's role until nothing is due, or the connection is lost."""
        bridge = self._bridge
        with bridge.read_lock:
            connection, channel = bridge.connection, bridge.channel
            if connection is None or channel is None:
                return  # the connector starts the pump again where it is needed
            if self.always:
                channel.set_read_slice(0)  # an idle subscription needs no look at the clock
            try:
                # The last look is for what nobody asked for: a push, or the end of an idle connection.
                while (connection.sent or self.always or channel.is_readable()) and bridge.connection is connection:
                    try:
                        size = channel.receive_into(bridge.buffer)
                    except BlockingIOError:
                        continue
                    bridge.received(connection, size, monotonic())
                channel.set_read_slice(READ_SLICE)
            except Exception as error:  # not only what can be foreseen: without its reader the connection is of no use
                bridge.lose(connection, error)
        bridge.promote()
