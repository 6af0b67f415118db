"""Makes a bridge's connections, in a task that lives until there is one."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from contextvars import Context
from time import monotonic
from typing import TYPE_CHECKING, Any

from ...core.handshake.conversation import Conversation
from ...core.handshake.handshake import handshake
from ...core.handshake.server_facts import ServerFacts
from ...core.message import InternalMessage
from ...core.physical_bridge import BridgeState
from ...errors import RedisConnectionError, RedisTimeoutError
from ..hints import NO_TLS_THERE
from .helpers import help_with
from .protocol import ConnectionProtocol

if TYPE_CHECKING:
    import ssl
    from typing import Protocol

    from ...configuration import EndPoint
    from ...core import seam
    from ...core.handshake.handshake import Introduction
    from ...core.physical_connection import PhysicalConnection
    from ...ocsp import RevocationCheck
    from .bridge import EventLoopBridge

    class ConnectingDriver(Protocol):
        """What is asked of the driver whose bridges are connected."""

        @property
        def loop(self) -> asyncio.AbstractEventLoop: ...
        @property
        def revocation(self) -> RevocationCheck | None: ...
        def wake(self) -> None: ...
        def notify(self) -> None: ...
        def ssl_context(self) -> ssl.SSLContext | None: ...
        async def open_socket(self, endpoint: EndPoint, deadline: float) -> socket.socket: ...
        def look_at_certificate(self, tls: Any, address: EndPoint) -> None: ...
        def make_connection(self, bridge: EventLoopBridge) -> PhysicalConnection: ...
        async def introduced(self, introduction: Introduction, deadline: float) -> Introduction: ...
        def explained(self, bridge: EventLoopBridge, error: Exception) -> Exception: ...


#: Seconds by which the bound on all of connecting comes after the deadline, at which each part says what took so long.
_LATER = 0.05
#: Seconds after its deadline at which an attempt is taken for lost, unless it goes on before the second look.
_LOST_AFTER = 2.0
_SECOND_LOOK = 0.5
#: Seconds in which a cancelled attempt ends, unless it is lost.
_ENDS_WITHIN = 1.0


class Connector:
    """Connects, again and again if need be: first at once, then after growing waits.

    Ctrl-C raises wherever the program is, in the event loop too, between taking a callback from its queue and calling
    it: a task whose turn that was goes on never. So an attempt that is long overdue is left, and another one made.
    """

    def __init__(self, bridge: EventLoopBridge, driver: ConnectingDriver) -> None:
        self._bridge = bridge
        self._driver = driver
        self._task: asyncio.Task[None] | None = None
        # Of a task of its own: the connection there is may be lost while another one is being made.
        self._handovers: set[asyncio.Task[None]] = set()
        self._lost_at = 0.0  # when the task, if it is still there, is taken for lost
        self._is_doubted = False  # whether that time has come once: it may be the loop that was held up

    def start(self) -> None:
        """See that there will be a connection. Cheap where somebody is at it already."""
        if self._bridge.is_closed:
            return
        task, now = self._task, monotonic()
        if task is not None and not task.done():
            if now < self._lost_at:
                return
            if not self._is_doubted:
                self._is_doubted, self._lost_at = True, now + _SECOND_LOOK
                return
            _leave(task)
        self._driver.wake()
        self._will_go_on_by(now)
        self._task = self._driver.loop.create_task(self._run(), context=Context())
        self._task.add_done_callback(self._ended)

    def _will_go_on_by(self, when: float) -> None:
        self._is_doubted, self._lost_at = False, when + _LOST_AFTER

    def keep_going(self) -> None:
        """See once a heartbeat, while there is no connection, that whoever was or is to make one is not lost."""
        if self._task is not None or self._bridge.ever_established:
            self.start()

    def keep_awake(self) -> None:
        """See that the heart beats."""
        self._driver.wake()

    def stop(self) -> None:
        """Make no further attempt."""
        for task in self._tasks():
            task.cancel()

    async def ended(self) -> None:
        """Wait until no attempt is under way; call :meth:`stop` first."""
        tasks = [task for task in self._tasks() if task is not asyncio.current_task()]
        if tasks:
            await asyncio.wait(tasks, timeout=_ENDS_WITHIN)

    def _tasks(self) -> list[asyncio.Task[None]]:
        return [*self._handovers] if self._task is None else [self._task, *self._handovers]

    def _ended(self, task: asyncio.Task[None]) -> None:
        if self._task is not task:
            return  # another one has taken its place before this was called
        self._task = None
        if not task.cancelled() and self._bridge.connection is None:
            self.start()  # lost between the last look and the end of the task

    async def _run(self) -> None:
        bridge = self._bridge
        while bridge.connection is None and not bridge.is_closed:
            delay = bridge.reconnect_delay()
            self._will_go_on_by(monotonic() + delay + bridge.options.connect_timeout)
            if delay:
                await asyncio.sleep(delay)
            try:
                await self._connect()
            except Exception as failure:
                error = self._driver.explained(bridge, failure)
                bridge.hand_out_failures(bridge.connect_failed(error, monotonic()))
                bridge.listener.connect_failed(bridge, error)
            self._driver.notify()

    async def _connect(self) -> None:
        bridge = self._bridge
        bridge.set_state(BridgeState.CONNECTING)
        address = bridge.address
        protocol, facts = await self._reach(address, bridge.set_state)
        if bridge.is_closed or bridge.connection is not None:
            _abort(protocol)
            return
        bridge.reached = address
        bridge.listener.established(bridge, facts)
        bridge.start_using(protocol, monotonic())
        bridge.listener.restored(bridge)

    async def _reach(
        self, address: EndPoint, set_state: Callable[[BridgeState], None]
    ) -> tuple[ConnectionProtocol, ServerFacts]:
        """Open a connection to an address and introduce it."""
        seconds = self._bridge.options.connect_timeout
        deadline = monotonic() + seconds
        try:
            async with asyncio.timeout_at(deadline + _LATER):
                protocol = await self._open(address, deadline)
                set_state(BridgeState.ESTABLISHING)
                facts = await self._introduce(protocol, deadline)
        except TimeoutError as error:
            because = f": {error}" if str(error) else ""
            raise RedisTimeoutError(f"no connection and handshake within {seconds:.3g} s{because}") from None
        protocol.connection.enter(facts.client_id, facts.database)
        return protocol, facts

    async def _open(self, address: EndPoint, deadline: float) -> ConnectionProtocol:
        bridge = self._bridge
        sock = await self._driver.open_socket(address, deadline)
        connection = self._driver.make_connection(bridge)  # only now: it counts as a socket opened
        protocol = ConnectionProtocol(bridge, connection)
        try:
            context = self._driver.ssl_context()
            protocol.sock = sock if context is None else None
            name = (bridge.name_for(address) or "") if context is not None else None
            is_unix = sock.family == getattr(socket, "AF_UNIX", None)
            take = bridge.loop.create_unix_connection if is_unix else bridge.loop.create_connection
            try:
                async with asyncio.timeout_at(deadline):
                    await take(lambda: protocol, sock=sock, ssl=context, server_hostname=name)
            except TimeoutError:  # a plain socket is taken as it is
                raise TimeoutError(NO_TLS_THERE) from None
            if context is not None:
                await self._check_peer(protocol, address, deadline)
        except BaseException:
            _abort(protocol)
            _close(sock, bridge.loop)
            raise
        return protocol

    async def _check_peer(self, protocol: ConnectionProtocol, address: EndPoint, deadline: float) -> None:
        """Look when the server's certificate expires, and whether it was revoked."""
        check = self._driver.revocation
        tls = protocol.transport.get_extra_info("ssl_object")
        self._driver.look_at_certificate(tls, address)
        if check is not None:
            second = await self._driver.open_socket(address, deadline) if check.stapled else None
            # It asks around: not in the thread of the event loop.
            call = check.of(tls, self._bridge.name_for(address), second)
            await help_with("asking by OCSP", deadline, call, deadline)

    async def _introduce(self, protocol: ConnectionProtocol, deadline: float) -> ServerFacts:
        try:
            return await self._converse(protocol, deadline)
        except BaseException:
            _abort(protocol)
            raise

    async def _converse(self, protocol: ConnectionProtocol, deadline: float) -> ServerFacts:
        """Run the handshake over a connection that nobody else uses yet."""
        introduction = await self._driver.introduced(self._bridge.listener.introduction(self._bridge), deadline)
        ended: asyncio.Future[None] = self._bridge.loop.create_future()
        connection = protocol.connection

        def send(messages: list[InternalMessage]) -> None:
            connection.send_first(messages, monotonic())
            protocol.write([b"".join(bytes(message.payload) for message in messages)])  # type: ignore[arg-type]

        def end(_: object = None) -> None:
            if not ended.done():
                ended.set_result(None)

        talk = Conversation(handshake(introduction), send, end)
        protocol.on_failure = end
        talk.start()
        await ended
        protocol.on_failure = None
        if not talk.finished:
            raise talk.first_error or protocol.failure or RedisConnectionError("the connection was closed")
        if talk.error is not None:
            raise talk.error
        assert talk.result is not None
        return talk.result

    # -- another connection in place of the one there is -----------------------------------------------

    def hand_over(self, handover: seam.Handover[PhysicalConnection]) -> None:
        """Make another connection beside the one there is, in the background, and have it take its place."""
        self._driver.wake()
        task = self._driver.loop.create_task(self._move(handover), context=Context())
        self._handovers.add(task)
        task.add_done_callback(self._handovers.discard)

    async def _move(self, handover: seam.Handover[PhysicalConnection]) -> None:
        try:
            await self._replace(handover)
        except Exception as failure:
            handover.done(self._driver.explained(self._bridge, failure))
        else:
            handover.done(None)

    async def _replace(self, handover: seam.Handover[PhysicalConnection]) -> None:
        bridge = self._bridge
        protocol, facts = await self._reach(handover.address, lambda state: None)
        old = None
        try:
            handover.check(facts)
            for seconds in handover.until_idle(monotonic):
                await asyncio.sleep(seconds)
            # From here on nothing else runs in this loop.
            if protocol.failure is not None:
                raise protocol.failure
            old = bridge.protocol
            handover.take(protocol.connection, facts, monotonic())
            bridge.protocol = protocol
        finally:
            if bridge.protocol is not protocol:
                handover.abandon()
                _abort(protocol)
        if old is not None:
            _abort(old)
        bridge.go_on()
        bridge.listener.restored(bridge)


class NoConnector(Connector):
    """Connects to nothing: the server is not known yet."""

    def start(self) -> None:
        """See that deadlines are looked at."""
        self.keep_awake()


def _leave(task: asyncio.Task[None]) -> None:
    """Let go of what a task has opened that never goes on."""
    task.cancel()
    try:
        task.get_coro().close()
    except (RuntimeError, ValueError):
        pass  # it does go on: now, and will see that it is cancelled


def _abort(protocol: ConnectionProtocol) -> None:
    if protocol.transport is not None:
        protocol.transport.abort()


def _close(sock: socket.socket, loop: asyncio.AbstractEventLoop) -> None:
    """Close a socket of which the event loop may have a transport that nobody has heard of, as Ctrl-C came before.

    Whatever socket is given its number later, the loop would take it for that transport's, and refuse it.
    """
    transport = getattr(loop, "_transports", {}).get(sock.fileno())
    if transport is not None:
        transport.abort()
    sock.close()
