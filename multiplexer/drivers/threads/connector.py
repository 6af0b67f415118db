"""Makes a bridge's connections, in a thread that lives until there is one."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from ...core.handshake.conversation import Conversation, Steps
from ...core.handshake.handshake import handshake
from ...core.handshake.server_facts import ServerFacts
from ...core.message import InternalMessage
from ...core.physical_bridge import BridgeState
from ...core.physical_connection import PhysicalConnection
from ...errors import RedisConnectionError, RedisTimeoutError
from .channel import Channel, TlsChannel, open_channel
from .waiting import Latch
from .worker import Worker

if TYPE_CHECKING:
    import socket
    import ssl
    from typing import Any, Protocol

    from ...configuration import EndPoint
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
        self._worker = Worker(f"multiplexer-connect-{self._bridge.endpoint}", self._step, self._is_done)

    def start(self) -> None:
        """See that there will be a connection. Cheap where somebody is at it already."""
        if self._stopped.is_open() or self._bridge.state is BridgeState.CLOSED:
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

    def stop(self) -> None:
        """Make no further attempt."""
        self._stopped.open()

    def _step(self) -> bool:
        if self._bridge.connection is None and not self._stopped.wait(self._bridge.reconnect_delay()):
            self._attempt()
        return False

    def _is_done(self) -> bool:
        return self._stopped.is_open() or self._bridge.connection is not None

    def _attempt(self) -> None:
        bridge = self._bridge
        try:
            self._connect()
        except Exception as failure:
            error = self._driver.explained(bridge, failure)
            bridge.hand_out_failures(bridge.connect_failed(error, monotonic()))
            bridge.listener.connect_failed(bridge, error)

    def _connect(self) -> None:
        bridge = self._bridge
        deadline = monotonic() + bridge.options.connect_timeout
        bridge.set_state(BridgeState.CONNECTING)
        channel = open_channel(
            bridge.endpoint, bridge.options, self._driver.ssl_context(), self._driver.addresses, deadline
        )
        try:
            self._check_peer(channel, deadline)
            bridge.set_state(BridgeState.ESTABLISHING)
            connection = self._driver.make_connection(bridge)
            introduction = self._driver.introduced(bridge.listener.introduction(bridge), deadline)
            facts = _converse(channel, connection, handshake(introduction), deadline)
        except BaseException:
            channel.close()
            raise
        connection.enter(facts.client_id, facts.database)
        with bridge.write_lock:
            # No writer has the old socket in hand now, so its descriptor can be freed.
            if bridge.state is BridgeState.CLOSED or bridge.connection is not None:
                channel.close()
                return
            if bridge.channel is not None:
                bridge.channel.close()
            bridge.make_buffer()
            bridge.channel = channel
            with self._driver.lock:  # whoever subscribes meanwhile is seen there, or sees the connection
                bridge.listener.established(bridge, facts)
                bridge.established(connection, monotonic())
        bridge.flush(monotonic())
        if bridge.pump.always:
            bridge.pump.start()
        bridge.promote()
        bridge.unpark()
        bridge.listener.restored(bridge)

    def _check_peer(self, channel: Channel, deadline: float) -> None:
        """Check whether the server's certificate was revoked."""
        check, endpoint = self._driver.revocation, self._bridge.endpoint
        if check is not None and isinstance(channel, TlsChannel):
            second = self._driver.open_socket(endpoint, deadline) if check.stapled else None
            check.of(channel.tls, self._bridge.options.server_hostname(endpoint), second)(deadline)


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
