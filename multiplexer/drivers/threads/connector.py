"""Makes a bridge's connections, in a thread that lives until there is one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.handshake.conversation import Conversation, Steps
from ...core.handshake.handshake import handshake
from ...core.handshake.server_facts import ServerFacts
from ...core.message import InternalMessage
from ...core.physical_bridge import BridgeState
from ...core.physical_connection import PhysicalConnection
from ...errors import RedisConnectionError, RedisTimeoutError
from .channel import Channel, TlsChannel, open_channel
from .primitives import deque, monotonic
from .waiting import Latch
from .worker import Worker

if TYPE_CHECKING:
    import socket
    import ssl
    from typing import Any, Protocol

    from ...configuration import EndPoint
    from ...core import seam
    from ...core.handshake.handshake import Introduction
    from ...ocsp import RevocationCheck
    from ..sockets import Addresses
    from .bridge import ThreadBridge

    class ConnectingDriver(Protocol):
        """What is asked of the driver whose bridges are connected."""

        lock: Any

        @property
        def addresses(self) -> Addresses: ...
        @property
        def revocation(self) -> RevocationCheck | None: ...
        def wake(self) -> None: ...
        def ssl_context(self) -> ssl.SSLContext | None: ...
        def open_socket(self, endpoint: EndPoint, deadline: float) -> socket.socket: ...
        def look_at_certificate(self, tls: Any, address: EndPoint) -> None: ...
        def make_connection(self, bridge: ThreadBridge) -> PhysicalConnection: ...
        def introduced(self, introduction: Introduction, deadline: float) -> Introduction: ...
        def explained(self, bridge: ThreadBridge, error: Exception) -> Exception: ...


class Connector:
    """Connects, again and again if need be: first at once, then after growing waits."""

    def __init__(self, bridge: ThreadBridge, driver: ConnectingDriver) -> None:
        self._bridge = bridge
        self._driver = driver
        self.forget()

    def forget(self) -> None:
        """Start afresh, also in the child of a fork, where no thread of the parent's lives."""
        self._stopped = Latch()
        self._is_swapping = False
        self._worker = Worker(f"multiplexer-connect-{self._bridge.endpoint}", self._step, self._is_done)
        self._handovers: deque[seam.Handover[PhysicalConnection]] = deque()
        # In a thread of its own: the connection there is may be lost while another one is being made.
        self._mover = Worker(f"multiplexer-move-{self._bridge.endpoint}", self._move, lambda: not self._handovers)

    def start(self) -> None:
        """See that there will be a connection. Cheap where somebody is at it already."""
        if self._stopped.is_open() or self._bridge.state is BridgeState.CLOSED or self._is_swapping:
            return
        self._driver.wake()
        self._worker.start()

    def start_or_connect(self) -> None:
        """See that there will be a connection; where no thread can be started for it, make an attempt in this one.

        A process may have as many threads as it is allowed, and one that is ending gets no more. Whoever reads or
        writes for all callers just now makes none, as the others would wait for it.
        """
        self.start()
        bridge = self._bridge
        holds_a_role = bridge.read_lock._is_owned() or bridge.write_lock._is_owned()
        if not self._worker.is_running and not self._is_done() and not holds_a_role:
            self._step()

    def hand_over(self, handover: seam.Handover[PhysicalConnection]) -> None:
        """Make another connection beside the one there is, in the background, and have it take its place."""
        self._handovers.append(handover)
        self._mover.start()

    def stop(self) -> None:
        """Make no further attempt."""
        self._stopped.open()

    def _step(self) -> bool:
        if self._is_needed() and not self._stopped.wait(self._bridge.reconnect_delay()):
            self._attempt()
        return False

    def _is_needed(self) -> bool:
        bridge = self._bridge
        if bridge.state is BridgeState.CLOSED:
            return False  # and stop() is about to say so
        return bridge.connection is None and not self._is_swapping  # where that has just ended, it is looked at again

    def _is_done(self) -> bool:
        return self._stopped.is_open() or not self._is_needed()

    def _attempt(self) -> None:
        bridge = self._bridge
        try:
            self._connect()
        except Exception as failure:
            error = self._driver.explained(bridge, failure)
            with bridge.write_lock:
                # Somebody who found no thread to do so may have connected meanwhile.
                is_needed = bridge.connection is None
                failed = bridge.connect_failed(error, monotonic()) if is_needed else []
            if not is_needed:
                bridge.kick()  # as in _come_to()
                return
            bridge.hand_out_failures(failed)
            bridge.listener.connect_failed(bridge, error)

    def _come_to(self, state: BridgeState) -> None:
        """Say how far an attempt has come, unless another one has succeeded meanwhile."""
        bridge = self._bridge
        with bridge.write_lock:
            if bridge.connection is None:
                bridge.set_state(state)
        bridge.kick()  # who had connected may have found this thread at the lock, and left it the backlog

    def _connect(self) -> None:
        bridge = self._bridge
        deadline = monotonic() + bridge.options.connect_timeout
        self._come_to(BridgeState.CONNECTING)
        address = bridge.address
        channel = self._open(address, deadline)
        self._come_to(BridgeState.ESTABLISHING)
        connection, facts = self._introduce(channel, deadline)
        if self._take_over(channel, connection, facts, address):
            self._go_on()
        else:
            bridge.kick()  # as in _come_to()

    def _take_over(
        self, channel: Channel, connection: PhysicalConnection, facts: ServerFacts, address: EndPoint
    ) -> bool:
        """Make a connection the bridge's; return False where there is one, or none is wanted any more."""
        bridge = self._bridge
        with bridge.write_lock:
            if bridge.state is BridgeState.CLOSED or bridge.connection is not None:
                channel.close()
                return False
            # Whoever lost the connection before has then left the reader's role: what it notes of that is not about
            # this one, and what it puts back, to be sent again, is in the backlog.
            with bridge.read_lock:
                # Nobody has the old socket in hand now, so its descriptor can be freed.
                if bridge.channel is not None:
                    bridge.channel.close()
                bridge.make_buffer()
                bridge.channel = channel
                bridge.reached = address
                with self._driver.lock:  # whoever subscribes meanwhile is seen there, or sees the connection
                    bridge.listener.established(bridge, facts)
                    bridge.established(connection, monotonic())
        return True

    def _go_on(self) -> None:
        """See to what has waited for the new connection."""
        bridge = self._bridge
        bridge.flush(monotonic())
        if bridge.pump.always:
            bridge.pump.start()
        bridge.promote()
        bridge.unpark()
        bridge.listener.restored(bridge)

    def _open(self, address: EndPoint, deadline: float) -> Channel:
        bridge, driver = self._bridge, self._driver
        name = bridge.name_for(address)
        channel = open_channel(address, name, bridge.options, driver.ssl_context(), driver.addresses, deadline)
        try:
            if isinstance(channel, TlsChannel):
                driver.look_at_certificate(channel.tls, address)
                check = driver.revocation
                if check is not None:
                    second = driver.open_socket(address, deadline) if check.stapled else None
                    check.of(channel.tls, name, second)(deadline)  # whether the server's certificate was revoked
        except BaseException:
            channel.close()
            raise
        return channel

    def _introduce(self, channel: Channel, deadline: float) -> tuple[PhysicalConnection, ServerFacts]:
        bridge, driver = self._bridge, self._driver
        try:
            connection = driver.make_connection(bridge)
            introduction = driver.introduced(bridge.listener.introduction(bridge), deadline)
            facts = _converse(channel, connection, handshake(introduction), deadline)
        except BaseException:
            channel.close()
            raise
        connection.enter(facts.client_id, facts.database)
        return connection, facts

    # -- another connection in place of the one there is -----------------------------------------------

    def _move(self) -> bool:
        try:
            handover = self._handovers.popleft()
        except IndexError:
            return False
        try:
            self._replace(handover)
        except Exception as failure:
            handover.done(self._driver.explained(self._bridge, failure))
        else:
            handover.done(None)
        return True

    def _replace(self, handover: seam.Handover[PhysicalConnection]) -> None:
        deadline = monotonic() + self._bridge.options.connect_timeout
        channel = self._open(handover.address, deadline)
        connection, facts = self._introduce(channel, deadline)
        is_taken = False
        try:
            handover.check(facts)
            while not is_taken:
                for seconds in handover.until_idle(monotonic):
                    if self._stopped.wait(seconds):
                        raise RedisConnectionError("the multiplexer was closed")
                is_taken = self._swap(handover, channel, connection, facts)
        finally:
            if not is_taken:
                handover.abandon()
                channel.close()
                if self._bridge.connection is None:
                    self.start()
        self._go_on()

    def _swap(
        self,
        handover: seam.Handover[PhysicalConnection],
        channel: Channel,
        connection: PhysicalConnection,
        facts: ServerFacts,
    ) -> bool:
        """Put a connection in the place of the one there is; return False where that is too late."""
        bridge = self._bridge
        with bridge.write_lock:
            old = bridge.channel
            if not handover.is_due() or old is None:
                return False
            # Whoever reads from the old one holds the reader's role until the socket is shut down, and then finds that
            # the connection is not the bridge's any more. Nobody finds one until the role is free: a reader would
            # otherwise take the one connection with the other one's socket.
            self._is_swapping = True
            bridge.connection = None
            try:
                old.shutdown()
                with bridge.read_lock:
                    old.close()
                    bridge.make_buffer()
                    bridge.channel = channel
                    with self._driver.lock:  # as where the first connection is made
                        handover.take(connection, facts, monotonic())
            finally:
                self._is_swapping = False
        return True


def _converse(
    channel: Channel, connection: PhysicalConnection, steps: Steps[ServerFacts], deadline: float
) -> ServerFacts:
    """Run a conversation over a channel that nobody else uses yet.

    Raises:
        RedisError: What the generator raised, or the server's refusal where it closed the connection.
        OSError: The connection broke.
    """

    def send(messages: list[InternalMessage]) -> None:
        connection.send_first(messages, monotonic())
        left = channel.send([b"".join(bytes(message.payload) for message in messages)])  # type: ignore[arg-type]
        while left:
            channel.wait(deadline - monotonic(), read=False, write=True)
            left = channel.send_rest(left)

    talk = Conversation(steps, send)
    talk.start()
    buffer = bytearray(65536)
    while not talk.finished:
        remaining = deadline - monotonic()
        if remaining <= 0:
            raise RedisTimeoutError("the handshake did not end in time")
        if not channel.has_unread():
            channel.wait(remaining, read=True, write=False)
        try:
            size = channel.receive_now(buffer)
        except BlockingIOError:
            continue
        except OSError as error:
            raise talk.first_error or error from error
        if not size:
            raise talk.first_error or RedisConnectionError("the server closed the connection during the handshake")
        connection.receive(buffer, size, monotonic())
    if talk.error is not None:
        raise talk.error
    assert talk.result is not None
    return talk.result


class NoConnector(Connector):
    """Connects to nothing: the server is not known yet."""

    def start(self) -> None:
        """See that deadlines are looked at."""
        self._driver.wake()

    def start_or_connect(self) -> None:
        """See that deadlines are looked at."""
        self._driver.wake()
