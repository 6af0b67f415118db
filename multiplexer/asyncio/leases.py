"""Connections that one caller has to itself for a while.

What would hold up everybody on a shared connection goes here by itself: commands that block, WATCH, MONITOR, large
values. The connections come from the classic pools, one pool per server and database, and are made as the shared
ones are: same sockets, same TLS, same introduction.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, Any

from ..core.call_options import CallOptions, database_of, is_asking
from ..core.commands.command import Command
from ..core.commands.command_table import COMMANDS
from ..core.commands.guard import NeedsLease
from ..core.diagnosis import causes
from ..core.message import MESSAGE_SLOTS, QUEUED, Message
from ..core.resending import Rerouted, Resend, words_of
from ..core.types import Payload, size_of
from ..core.wire.resp import decode, pack
from ..drivers import deadlines
from ..drivers.eventloop import Bridge, Driver
from ..errors import (
    AuthenticationError,
    AuthorizationError,
    MultiplexerClosedError,
    NoPermissionError,
    ReadOnlyError,
    RedisConnectionError,
    RedisError,
    RedisTimeoutError,
    UnblockedError,
)
from ..importing import importing
from ..snapshots import snapshot, snapshot_items

if TYPE_CHECKING:
    from ..configuration import EndPoint
    from ..core.coordinator import Coordinator
    from ..core.diagnosis.profiling import Profile
    from ..core.server_selection_strategy import ServerSelectionStrategy
    from .lease_pool import LeasedConnection, LeasePool

_INFINITY = float("inf")

#: What another attempt would not mend.
_FINAL = (AuthenticationError, AuthorizationError, NoPermissionError)

_ASKING = COMMANDS["ASKING"]
#: How a server says that it released who was blocked as it became a replica; nobody was given anything.
_BECAME_REPLICA = "instance state changed"

#: WAIT counts from what its own connection wrote last, which here would be nothing: it would answer for no write. This
#: is what replicas get to see and what changes nothing; with it sent before, WAIT answers for every write before it.
_UNHEARD_MESSAGE = pack(("PUBLISH", "multiplexer:wait", ""))
#: The same for nodes of a cluster, which pass no messages on to replicas: a dump of no functions at all.
_NO_FUNCTIONS = pack(("FUNCTION", "RESTORE", b"\n\x00]\x9b\\@\x0f\x7f\xa2\xda", "APPEND"))


class LeasedCall(Message):
    """One command on its way over a connection of its own."""

    __slots__ = ("timeout", *MESSAGE_SLOTS)

    def __init__(self, command: Command, payload: Payload, options: CallOptions, timeout: float) -> None:
        self.command = command
        self.payload = payload
        self.options = options
        self.convert = None
        self.timeout = timeout
        self.deadline = monotonic() + timeout
        self.phase = QUEUED
        self.attempts = 0
        self.sent_at = 0.0

    def abandoned(self) -> bool:
        return False

    def may_be_repeated(self, bridge: Bridge) -> bool:
        """Whether it may be sent again after the connection it was sent over was lost."""
        if not bridge.may_resend(self, monotonic()) or (self.options.pinned and bridge.retiring):
            return False
        return b"$" not in words_of(self.payload)[0]  # from now on: what came meanwhile would be left out


class Lease:
    """A borrowed connection.

    Attributes:
        bridge: The shared connection to the same server.
        connection: The connection, for its borrower alone.
        given_up: Why the connection was given up from outside, or None.
    """

    __slots__ = ("_call", "_leases", "_pool", "_role", "_silence", "_strategy", "bridge", "connection", "given_up")

    def __init__(
        self,
        leases: Leases,
        pool: LeasePool,
        bridge: Bridge,
        connection: LeasedConnection,
        strategy: ServerSelectionStrategy[Bridge],
        call: LeasedCall,
    ) -> None:
        self._leases = leases
        self._pool = pool
        self._strategy = strategy
        self._call = call
        self._role = bridge.server.role
        self._silence = bridge.silence
        self.bridge = bridge
        self.connection = connection
        self.given_up: RedisError | None = None

    async def ask(self, call: LeasedCall, wanted: int = 1, block_time: float = 0.0) -> list[Any]:
        """Send a call and return its raw replies; error replies stand among them.

        Args:
            call: What to send; its time starts anew.
            wanted: How many replies there will be.
            block_time: Seconds the server may hold them back.

        Raises:
            MultiplexerClosedError: The multiplexer was closed meanwhile.
            RedisConnectionError: The connection was lost.
            RedisTimeoutError: The replies did not arrive in time.
        """
        if self.given_up is not None:
            text = f"{call.command.name} was not sent: its connection was given up{causes.because(self.given_up)}"
            raise causes.describe(RedisConnectionError(text), call, self.bridge, "queued")
        call.sent_at = began = monotonic()
        cache = self._leases.coordinator.cache
        fence = None if cache is None else cache.write_elsewhere(call.command, call.payload)
        self._began(call, wanted)
        failed = wanted
        usual, left = call.timeout + block_time, deadlines.left()
        try:
            replies = await self.connection.ask(call.payload, wanted, began + min(usual, left))
            failed = 0
            return replies
        except RedisError as error:
            raise self._lost(error, call, left < usual) from error.__cause__
        finally:
            seconds = monotonic() - began
            if block_time:
                # The time it may block comes on top, but not beyond the deadline of the block it was called in.
                call.deadline = min(call.deadline + seconds, monotonic() + deadlines.left())
            self._ended(seconds, wanted, failed)
            if cache is not None and fence is not None:
                cache.written_elsewhere(fence)

    def _began(self, call: LeasedCall, wanted: int) -> None:
        counters = self.bridge.lease_counters
        with self._leases.driver.lock:
            counters.operation_count += wanted
            counters.sent_items_awaiting_response += wanted
            counters.bytes_sent += size_of(call.payload)
            counters.flushes += 1
            counters.largest_batch = max(counters.largest_batch, wanted)

    def _ended(self, seconds: float, wanted: int, failed: int) -> None:
        counters = self.bridge.lease_counters
        with self._leases.driver.lock:
            counters.sent_items_awaiting_response -= wanted
            counters.failed += failed
            counters.lost += failed
            counters.latency.add(seconds, wanted - failed)
            if True:  # ASYNC
                counters.completed_asynchronously += wanted - failed
            else:
                counters.completed_synchronously += wanted - failed
            self._count_reads()

    def _count_reads(self) -> None:
        reads, received = self.connection.take_reads()
        counters = self.bridge.lease_counters
        counters.reads += reads
        counters.bytes_received += received

    def _lost(self, error: RedisError, call: LeasedCall, cut_short: bool = False) -> RedisError:
        self._leases.driver.attend(self.bridge)
        where = f"{call.command.name} to {self.bridge.endpoint}"
        text = f"{where} was sent on a connection of its own and may have been applied"
        if self._leases.closed:
            lost: RedisError = MultiplexerClosedError(f"{text}: the multiplexer was closed")
        elif isinstance(error, RedisTimeoutError):
            within = f"within {call.timeout:.3g} s beyond the time it may block"
            lost = RedisTimeoutError(f"{text}: no reply {'before the deadline of its block' if cut_short else within}")
        else:
            lost = type(error)(f"{text}: the connection was lost{causes.because(self.given_up or error)}")
        return causes.describe(lost, call, self.bridge, "written")

    async def push(self) -> Any:
        """Return what arrives next, for a connection that was turned into a stream.

        Raises:
            MultiplexerClosedError: The multiplexer was closed.
            RedisConnectionError: The connection was lost.
        """
        try:
            return await self.connection.push(_INFINITY)
        except RedisError as broken:
            if self._leases.closed:
                raise MultiplexerClosedError("the multiplexer was closed") from None
            error = self.given_up or broken
            error.endpoint = str(self.bridge.endpoint)
            raise error from None
        finally:
            with self._leases.driver.lock:
                self._count_reads()

    def verdict(self) -> RedisError | None:
        """Return why the connection is of no more use although nothing is seen on it, or None where it is."""
        bridge, call, server = self.bridge, self._call, self.bridge.endpoint
        if bridge.silence is not self._silence:
            return RedisConnectionError(f"{server} is silent: {bridge.silence}")
        if self._leases.is_brief(call):
            return None  # it ends by itself, and may well be answered
        if bridge.retiring:
            return RedisConnectionError(f"{server} has left")
        if call.options.pinned:
            return None
        if self._role == "primary" and bridge.server.role == "replica":
            return RedisConnectionError(f"{server} is no primary any more")
        if self._leases.is_taken_over(self._strategy, bridge, call):
            return RedisConnectionError(f"another server has taken over from {server}")
        return None

    def give_up(self, error: RedisError) -> None:
        """End the connection under its borrower, who gets an error that says why."""
        with self._leases.driver.lock:
            if self in self._leases.lent:  # else the connection is somebody else's by now
                self.given_up = error
                self.connection.break_off()

    async def give_back(self) -> None:
        """End the lease; the connection goes to the next borrower unless it owes a reply."""
        with self._leases.driver.lock:
            self._leases.lent.discard(self)
        await self._pool.release(self.connection)

    async def close(self) -> None:
        """End the lease and the connection."""
        await self.connection.disconnect()
        await self.give_back()


class Leases:
    """All leased connections of one multiplexer.

    Attributes:
        driver: The multiplexer's.
        coordinator: Says how connections introduce themselves.
        closed: Whether the multiplexer was closed.
        lent: Those that are borrowed.
        is_used: Says whether this is the deployment of a group that is used; what waits here and belongs to the group
            goes to the other one where it is not.
    """

    def __init__(self, driver: Driver, coordinator: Coordinator[Bridge]) -> None:
        self.driver = driver
        self.coordinator = coordinator
        self.closed = False
        self.is_used: Callable[[], bool] = lambda: True
        self.lent: set[Lease] = set()
        self._pools: dict[tuple[EndPoint, int], LeasePool] = {}
        #: Calls that do not block, and are let end when the multiplexer is closed.
        self._brief: set[LeasedCall] = set()

    async def call(
        self,
        strategy: ServerSelectionStrategy[Bridge],
        command: Command,
        options: CallOptions,
        need: NeedsLease,
        convert: Callable[[Any], Any] | None,
    ) -> Any:
        """Send one command over a connection of its own and return its result.

        Args:
            strategy: Chooses the server.
            command: Entry of the command table.
            options: The handle's.
            need: The words, and for how long the server may hold back the reply.
            convert: Turns the raw reply into the result.

        Raises:
            RedisError: It was refused, lost, or its deadline passed.
        """
        timeout = options.timeout or self.driver.timeout
        call = LeasedCall(command, need.payload, options, timeout)
        profile = self.driver.profiling.begin(call, monotonic())
        if not need.block_time:
            self._brief.add(call)
        try:
            reply = await self._answered(strategy, call, need.block_time, profile)
            if profile is not None:
                profile.completed(call, None)
        except BaseException as error:
            if profile is not None:
                profile.completed(call, error)
            raise
        finally:
            self._brief.discard(call)
            if self.closed:
                self.driver.notify()
        if options.decode:
            reply = decode(reply)
        return reply if convert is None else convert(reply)

    async def _answered(
        self,
        strategy: ServerSelectionStrategy[Bridge],
        call: LeasedCall,
        block_time: float,
        profile: Profile | None,
    ) -> Any:
        target: Bridge | None = None
        while True:
            lease = await self.borrow(strategy, call, target)
            if profile is not None:
                profile.enqueued(str(lease.bridge.endpoint), monotonic())
            lost = False
            try:
                reply = await self._exchange(lease, call, block_time)
                if profile is not None:
                    profile.responded(call, reply)
            except RedisConnectionError:
                # Whoever ended it: a server that takes over does so, too, to those who had come to it early.
                if self.closed or not call.may_be_repeated(lease.bridge):
                    raise
                lost = True
            finally:
                await lease.give_back()
            if lost:
                target = None
                self._restart(lease.bridge, call)
            elif isinstance(reply, RedisError):
                target = await self._after_refusal(lease.bridge, call, reply)
            else:
                return reply
            if profile is not None:
                profile.restarted(call)

    async def _exchange(self, lease: Lease, call: LeasedCall, block_time: float) -> Any:
        """Send a call, and before it what it needs, and return the raw reply; error replies are returned."""
        if is_asking(call.options):
            await lease.ask(LeasedCall(_ASKING, pack(("ASKING",)), call.options, call.timeout))
        reply = await self._write_mark(lease, call) if call.command.counts_own_writes else None
        if not isinstance(reply, RedisError):
            [reply] = await lease.ask(call, 1, block_time)
        return reply

    def _restart(self, bridge: Bridge, call: LeasedCall) -> None:
        with self.driver.lock:
            Resend(0.0).prepare(call, bridge.lease_counters)
            bridge.lease_counters.retried_after_loss += 1

    async def _write_mark(self, lease: Lease, call: LeasedCall) -> Any:
        """Have the connection write something, and return the reply."""
        nodes = (server for server in self.coordinator.servers if server.facts.mode == "cluster")
        of_cluster = any(lease.bridge in node.bridges for node in nodes)
        mark = _NO_FUNCTIONS if of_cluster else _UNHEARD_MESSAGE
        [reply] = await lease.ask(LeasedCall(call.command, mark, call.options, call.timeout))
        return reply

    async def _after_refusal(self, bridge: Bridge, call: LeasedCall, error: RedisError) -> Bridge | None:
        """Wait where the command may be sent again, and return whereto if that is known; else raise the error."""
        refusal = error
        if isinstance(error, UnblockedError) and _BECAME_REPLICA in str(error):
            refusal = ReadOnlyError(str(error))  # it was served as little as who comes just too late
        resend = bridge.listener.resend(bridge, call, refusal)
        if resend is None:
            raise causes.describe(error, call, bridge, "answered")
        with self.driver.lock:
            resend.prepare(call, bridge.lease_counters)
        await self.driver.pause(resend.delay)
        target: Bridge | None = resend.bridge
        return target

    async def borrow(
        self, strategy: ServerSelectionStrategy[Bridge], call: LeasedCall, target: Bridge | None = None
    ) -> Lease:
        """Borrow a connection to the server a call belongs to; the lease must be ended.

        While the server is away the call waits, as any other would in the backlog.

        Args:
            strategy: Chooses the server.
            call: What the connection is for.
            target: The server, where another one has pointed to it.

        Raises:
            MultiplexerClosedError: The multiplexer is closed.
            RedisConnectionError: There is no connection to be had.
            RedisTimeoutError: There was none before the call's deadline.
        """
        while True:
            if self._travels_on(call):
                raise Rerouted(f"{call.command.name} is sent elsewhere")
            bridge = target or strategy.only or strategy.select_packed(call.command, call.options, call.payload)
            await self._until_connected(strategy, bridge, call)
            if bridge.connection is None:
                if call.options.pinned:
                    raise bridge.rejection(call)
                target = None  # another server has taken over what the call is for
                continue
            pool = self._pool(bridge, database_of(call.options))
            try:
                connection = await self._take(pool, call)
            except RedisError as error:
                await self._after_failure(bridge, call, error)
                continue
            lease = Lease(self, pool, bridge, connection, strategy, call)
            with self.driver.lock:
                self.lent.add(lease)
            return lease

    def _travels_on(self, call: LeasedCall) -> bool:
        """Whether another deployment of the group is used by now, to which a call that was not sent goes."""
        return call.options.travels and not self.is_used()

    async def _take(self, pool: LeasePool, call: LeasedCall) -> LeasedConnection:
        counters = pool.bridge.lease_counters
        with self.driver.lock:
            counters.pending_unsent_items += 1
        try:
            return await pool.borrow(call.deadline)
        finally:
            with self.driver.lock:
                counters.pending_unsent_items -= 1

    async def _until_connected(
        self, strategy: ServerSelectionStrategy[Bridge], bridge: Bridge, call: LeasedCall
    ) -> None:
        """Wait for the server, or for another one to take its place: where the shared connection is up, others come."""

        def belongs_elsewhere() -> bool:
            if bridge.retiring or self._travels_on(call):
                return True
            # Reads go from one server to the next: that another one's turn has come means nothing.
            if not strategy.is_steady(call.command):
                return False
            return strategy.select_packed(call.command, call.options, call.payload) is not bridge

        if bridge.connection is None and bridge.accepting and not self.closed:
            bridge.connector.start()
            await self.driver.wait_for(
                lambda: bridge.connection is not None or not bridge.accepting or self.closed or belongs_elsewhere(),
                max(call.deadline - monotonic(), 0),
            )
        if self.closed or (not bridge.accepting and not bridge.retiring):
            raise bridge.rejection(call)
        if bridge.connection is None and not belongs_elsewhere():
            raise bridge.timeout_error(call, monotonic(), call.timeout)

    async def _after_failure(self, bridge: Bridge, call: LeasedCall, error: RedisError) -> None:
        """Wait before another attempt to connect; raise where there is none."""
        if self.closed:
            raise bridge.rejection(call) from error
        self.driver.attend(bridge)  # the shared connection may be as broken, and not know yet
        call.attempts += 1
        delay = float(self.driver.options.reconnect_backoff.compute(call.attempts))
        what = f"{call.command.name} was not sent: it had no connection of its own to {bridge.endpoint}"
        if isinstance(error, _FINAL) or bridge.options.backlog_policy.name == "FAIL_FAST":
            raised = type(error)(f"{what}{causes.because(error)}{bridge.beyond(call)}")
            raise causes.describe(raised, call, bridge, "queued") from error
        if monotonic() + delay >= call.deadline:
            text = f"{what} within {call.timeout:.3g} s{causes.because(error)}{bridge.beyond(call)}"
            late = RedisTimeoutError(text)
            raise causes.describe(late, call, bridge, "queued") from error
        await self.driver.pause(delay)

    def usage(self, endpoint: EndPoint) -> tuple[int, int]:
        """Return how many connections of a server's are lent now, and how many wait for a borrower."""
        pools = [pool for (where, _), pool in snapshot_items(self._pools) if where == endpoint]
        each = [pool.usage for pool in pools]
        return sum(used for used, _ in each), sum(idle for _, idle in each)

    def status(self) -> list[dict[str, Any]]:
        """Return as plain values how many connections of each server's are lent, wait for a borrower, and may be."""
        found: dict[str, dict[str, Any]] = {}
        for (endpoint, _), pool in snapshot_items(self._pools):
            sums = found.setdefault(str(endpoint), {"endpoint": str(endpoint), "used": 0, "idle": 0, "most": 0})
            used, idle = pool.usage
            sums["used"] += used
            sums["idle"] += idle
            sums["most"] += self.driver.options.max_leases
        return list(found.values())

    def _pool(self, bridge: Bridge, database: int) -> LeasePool:
        key = (bridge.endpoint, database)
        pool = self._pools.get(key)
        if pool is not None and pool.bridge.retiring:
            self._forget(key)  # the server had left, and has come back
            pool = None
        if pool is None:
            with importing:
                from .lease_pool import make_pool  # only now: most multiplexers never need one

            # Atomic: of two threads one wins.
            pool = self._pools.setdefault(key, make_pool(self.driver, self.coordinator, bridge, database))
        return pool

    def _forget(self, key: tuple[EndPoint, int]) -> None:
        pool = self._pools.pop(key, None)
        if pool is not None:
            pool.reset()

    # -- servers that hang or leave, or whose role another one has ---------------------------------------

    def is_brief(self, call: LeasedCall) -> bool:
        """Whether a call ends by itself, within its timeout."""
        return call in self._brief

    def is_taken_over(self, strategy: ServerSelectionStrategy[Bridge], bridge: Bridge, call: LeasedCall) -> bool:
        """Whether a call would by now be sent to another server, one that is connected."""
        if is_asking(call.options) or not strategy.is_steady(call.command):
            return False
        try:
            meant = strategy.only or strategy.select_packed(call.command, call.options, call.payload)
        except RedisError:  # nobody else is known
            return False
        return meant.server is not bridge.server and meant.connection is not None

    def beat(self, now: float) -> None:
        """Give up connections whose server hangs or has left, or has lost its role. Called at each heartbeat."""
        with self.driver.lock:
            lent = tuple(self.lent)
        for lease in lent:
            error = None if lease.given_up is not None else lease.verdict()
            if error is not None:
                lease.give_up(error)
        for key, pool in snapshot_items(self._pools):
            if pool.bridge.retiring:
                self._forget(key)

    async def re_authenticate(self, token: Any) -> None:
        """Have idle connections authenticate again at once, and those in use when they are given back."""
        for pool in snapshot(self._pools.values()):
            await pool.re_auth_callback(token)

    async def aclose(self) -> None:
        """Let what does not block end, within the timeout; what is left fails with MultiplexerClosedError."""
        self.closed = True
        await self.driver.wait_for(lambda: not self._brief, self.driver.timeout)
        for pool in snapshot(self._pools.values()):
            await pool.aclose()
