# Generated from multiplexer/asyncio/connection_multiplexer.py by scripts/generate_blocking.py; change that file instead.
"""The multiplexer: one long-lived object that any number of tasks share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any, Literal, Self, overload

from ..configuration import ConfigurationOptions, EndPoint, ReadFrom
from ..configuration.hidden import hidden, hide_secrets, shown
from ..core.call_options import CallOptions
from ..core.commands.command_table import COMMANDS
from ..core.connection_counters import ServerCounters
from ..core.coordinator import Coordinator
from ..core.diagnosis.events import (
    ConfigurationEvent,
    ConnectionEvent,
    ErrorEvent,
    Event,
    HashSlotMoved,
    ServerMaintenance,
)
from ..core.handshake.credentials import from_token
from ..core.server_endpoint import ServerEndPoint
from ..core.server_selection_strategy import pinned_to
from ..drivers.threads import Bridge, Driver, close_with_loop, loop_registry, sharing
from ..errors import (
    ConfigurationError,
    DataError,
    MultiplexerClosedError,
    RedisConnectionError,
    RedisError,
    RedisTimeoutError,
)
from ..importing import importing
from .connecting import entered_at_once
from .database import CodedDatabase, Database
from .leases import Leases
from .server import Server
from .subscriber import Subscriber
from .subscription import SubscriptionHub

if TYPE_CHECKING:
    import os

    from ..attaching.status_server import StatusServer
    from ..core.cache.client_cache import ClientCache
    from ..core.coding.conversion import Codec
    from ..core.diagnosis.profiling import Profiler, ProfilingSession
    from ..core.health import Health
    from ..core.types import Value

_SELECT = COMMANDS["SELECT"]

#: Seconds that connecting allows for the wait before each attempt, beside the attempt's own deadline.
MOST_BETWEEN_ATTEMPTS = 1.0
#: Seconds that connecting gives the others, servers or members of a group, once one is connected; one that is silent
#: holds nobody up for longer.
PATIENCE_FOR_OTHERS = 1.0


class ConnectionMultiplexer:
    """One pipelined connection per server, shared by every caller.

    Make it once when the application starts, with :meth:`connect`, and take handles from it where they are
    needed: they are cheap and keep nothing.

    Attributes:
        options: The configuration.
        connection_failed: A connection broke or could not be made; fired once until it is back.
        connection_restored: A connection that had failed is back.
        configuration_changed: A server's role, version, run id or number of databases is another.
        configuration_changed_broadcast: A client announced that it changed the servers' roles.
        error_message: A fire-and-forget command failed.
        internal_error: Something of the package's own failed.
        hash_slot_moved: A server said that a hash slot lives elsewhere.
        server_maintenance: A server announced maintenance.
    """

    def __init__(self, options: ConfigurationOptions) -> None:
        """Make a multiplexer that is not connected; use :meth:`connect`."""
        if not isinstance(options, ConfigurationOptions):
            raise ConfigurationError("ConnectionMultiplexer: use ConnectionMultiplexer.connect(), which also connects")
        _refuse_contradictions(options)
        self.options = options
        self._driver = Driver(options)
        self._coordinator: Coordinator[Bridge] = Coordinator(options, self._driver, monotonic)
        self._driver.leases = self._leases = Leases(self._driver, self._coordinator)
        self._driver.make_cached = self._make_cached
        self._driver.on_beat = partial(_beat, self._coordinator, self._leases)
        self._databases: dict[tuple[int, bool], Database[Any]] = {}
        self._servers: dict[str, Server[Any]] = {}
        self._status_servers: list[StatusServer] = []
        self._subscriptions = SubscriptionHub(self._driver, self._coordinator)
        self._subscriber: Subscriber[bytes, bytes] = Subscriber(self._subscriptions, self.get_database())
        self._closing = False
        self._arrived = False  # whether it has once been waited for until it was connected, or could not be
        self._follow_provider()
        self.connection_failed: Event[ConnectionEvent] = self._coordinator.connection_failed
        self.connection_restored: Event[ConnectionEvent] = self._coordinator.connection_restored
        self.configuration_changed: Event[ConfigurationEvent] = self._coordinator.configuration_changed
        self.configuration_changed_broadcast: Event[ConfigurationEvent] = (
            self._coordinator.configuration_changed_broadcast
        )
        self.error_message: Event[ErrorEvent] = self._coordinator.error_message
        self.internal_error: Event[ErrorEvent] = self._coordinator.internal_error
        self.hash_slot_moved: Event[HashSlotMoved] = self._coordinator.hash_slot_moved
        self.server_maintenance: Event[ServerMaintenance] = self._coordinator.server_maintenance

    @shown
    def __repr__(self) -> str:
        servers = ", ".join(f"{server.endpoint} {_state(server)}" for server in self._coordinator.servers)
        return f"<ConnectionMultiplexer {servers}>"

    # -- life ------------------------------------------------------------------------------------------

    @classmethod
    @entered_at_once
    def connect(
        cls, configuration: str | ConfigurationOptions = "localhost:6379", **changes: Any
    ) -> ConnectionMultiplexer:
        """Make a multiplexer and connect it.

        While no server answers, it goes on trying in the background and commands wait in the backlog, unless
        ``abort_connect`` is set.

        Args:
            configuration: ``"host:port,host:port,key=value"``, a URL, or options.
            changes: Options by name, over those of ``configuration``.

        Returns:
            The multiplexer, connected if a server answered its first attempt. ``with`` takes it as it is and
            closes it at the end.

        Raises:
            ConfigurationError: The configuration is not understood; the message names the part.
            RedisConnectionError: ``abort_connect`` is set and no server answered; for refused credentials its
                subclass AuthenticationError, and so on.
        """
        configuration, changes = hidden(configuration), hide_secrets(changes)
        options = ConfigurationOptions.parse(configuration)
        if changes:
            options = options.with_changes(**changes)
        mux = cls(options)
        try:
            mux._connect()
        except BaseException:
            mux.close()
            raise
        return mux

    def begin(self) -> None:
        """Begin to connect and wait for nothing; :meth:`connect` does both.

        Raises:
            ConfigurationError: A certificate cannot be read, which will not mend by itself.
        """
        self._driver.ssl_context()
        self._coordinator.guide.start()
        self._driver.connect_without_threads()

    def _connect(self) -> None:
        self.begin()
        self._arrive()

    def _join(self) -> None:
        """Wait as whoever connects it does, where that has not come to its end."""
        if not self._arrived:
            self._arrive()

    def _arrive(self) -> None:
        self._settle()
        if self.options.abort_connect and not self.is_connected:
            reason = self._coordinator.guide.failure()
            if isinstance(reason, RedisConnectionError):
                raise reason
            raise RedisConnectionError(f"no server could be reached: {reason}") from reason
        self._arrived = True  # not before: whoever shares it is to be told as well

    def _settle(self) -> None:
        """Wait until servers were found, or could not be."""
        rounds = self.options.connect_retry if self.options.abort_connect else 1
        # Attempts end in time by themselves, and then say why: this is only a bound on the waits between them.
        limit = (self.options.connect_timeout + MOST_BETWEEN_ATTEMPTS) * rounds
        self._driver.wait_for(lambda: self._coordinator.guide.has_tried(rounds), limit)
        if self.is_connected:  # the others may be its primary, or a cluster that it is no part of
            self._driver.wait_for(lambda: self._coordinator.guide.has_heard_all, PATIENCE_FOR_OTHERS)
        if self.is_connected:  # in a cluster, first find out who serves what
            self._driver.wait_for(lambda: self._coordinator.guide.is_settled, self.options.connect_timeout)

    @classmethod
    def for_running_loop(cls, configuration: str | ConfigurationOptions) -> ConnectionMultiplexer:
        """Return the running event loop's multiplexer for a configuration; the first call connects it.

        Whoever comes while it is being connected waits as well, and is told as well where that fails.

        It is closed with the loop, by ``asyncio.run`` and whoever else has a loop's asynchronous generators end.

        In the blocking world there is one for the process.

        Raises:
            ConfigurationError: The configuration is not understood.
            RedisConnectionError: As :meth:`connect`.
        """
        configuration = hidden(configuration)
        options = ConfigurationOptions.parse(configuration)
        registry = loop_registry()
        with sharing:
            found: ConnectionMultiplexer | None = registry.get(options)
            if found is None or found._closing:
                # Kept before it is connected: whoever comes meanwhile shares it.
                mux = registry[options] = cls(options)
            else:
                mux = found
        if mux is found:
            mux._join()
            return mux
        close_with_loop(mux.close)
        try:
            mux._connect()
        except Exception:  # not where this caller alone is cancelled: others may wait for the same
            mux.close()
            raise
        return mux

    def close(self) -> None:
        """Let replies that are due arrive, then close; what is left fails with MultiplexerClosedError.

        It takes no longer than the configured timeout, and may be called again.
        """
        if self._closing:
            return
        self._closing = True
        self._subscriptions.end_all()
        try:
            for server in self._coordinator.servers:
                for bridge in server.stripes:
                    self._driver.drain(bridge)
            self._leases.close()
        finally:  # also when cancelled or interrupted meanwhile
            self._driver.close(MultiplexerClosedError("the multiplexer was closed"))
            for shown_at in self._status_servers:
                shown_at.close()
        self._driver.wait_for_end()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    @property
    def is_connected(self) -> bool:
        """Whether at least one server is connected."""
        return any(server.is_connected for server in self._coordinator.servers)

    # -- handles ---------------------------------------------------------------------------------------

    @overload
    def get_database(
        self, index: int | None = None, *, decode: Literal[False] = False, cached: bool | float = ...
    ) -> Database[bytes]: ...

    @overload
    def get_database(
        self, index: int | None = None, *, decode: Literal[True], cached: bool | float = ...
    ) -> Database[str]: ...

    @overload
    def get_database(
        self, index: int | None = None, *, codec: Codec[Value], cached: bool | float = ...
    ) -> CodedDatabase[Value]: ...

    def get_database(
        self,
        index: int | None = None,
        *,
        decode: bool = False,
        cached: bool | float = False,
        codec: Codec[Any] | None = None,
    ) -> Any:
        """Return the handle of a logical database.

        Args:
            index: Its number, or None for the configured default.
            decode: Whether text comes back as str instead of bytes.
            cached: Whether replies are kept until the server says that they have changed, or for how many seconds at
                most.
            codec: What makes bytes of values and back; see :class:`CodedDatabase`. Names come back as str then,
                whatever ``decode`` says.

        Raises:
            DataError: The number is negative, or no number; or ``cached`` is no number of seconds, or ``codec`` none.
            CommandDisabledError: A proxy stands before the servers, which have only database 0 there.
        """
        if codec is not None:
            return CodedDatabase(self.get_database(index, decode=True, cached=cached), codec)
        number = self.options.default_database if index is None else index
        if isinstance(number, bool) or not isinstance(number, int) or number < 0:
            raise DataError(f"get_database: index must be a number from 0, not {number!r}")
        handle = self._databases.get((number, decode))
        if handle is None:
            if number:
                self._coordinator.guard.permit(_SELECT)
            options = CallOptions(database=number, decode=decode)
            handle = Database(self._driver, self._coordinator.strategy, self._coordinator.guard, options)
            self._databases[number, decode] = handle
        return self._make_cached(handle._options, cached) if cached is not False else handle

    def _make_cached(self, options: CallOptions, cached: bool | float) -> Database[Any]:
        """Make a handle that keeps replies."""
        if options.travels:
            raise DataError("cached: handles of a group of deployments keep nothing")
        if not isinstance(cached, int | float) or not cached > 0:
            raise DataError(f"cached must be True, False or a positive number of seconds, not {cached!r}")
        with importing:
            from .cached import CachedDatabase  # only now: most multiplexers never need it

        self._driver.cache = cache = self._coordinator.client_cache()
        cache.start()
        age = float("inf") if cached is True else float(cached)
        coordinator = self._coordinator
        return CachedDatabase(self._driver, coordinator.strategy, coordinator.guard, options, cache, age)

    @property
    def client_cache(self) -> ClientCache[Any]:
        """What handles with ``cached`` keep: its statistics, and how to empty it."""
        return self._coordinator.client_cache()

    def get_server(self, endpoint: str | EndPoint | None = None) -> Server[bytes]:
        """Return the handle of one server.

        Args:
            endpoint: Its address, or None for the first.

        Raises:
            DataError: No such server is known.
        """
        return self._server_handle(self._server_named("get_server", endpoint))

    def _server_named(self, caller: str, endpoint: str | EndPoint | None) -> ServerEndPoint[Bridge]:
        for server in self._coordinator.servers:
            if endpoint is None or _same(server.endpoint, endpoint):
                return server
        known = ", ".join(str(server.endpoint) for server in self._coordinator.servers)
        raise DataError(f"{caller}: {endpoint} is not a server of this multiplexer; known are {known}")

    def get_servers(self) -> list[Server[bytes]]:
        """Return a handle for every server."""
        return [self._server_handle(server) for server in self._coordinator.servers]

    def _server_handle(self, server: ServerEndPoint[Bridge]) -> Server[bytes]:
        handle = self._servers.get(str(server.endpoint))
        if handle is None or handle._strategy.only is not server.interactive:  # it had left, and has come back
            options = CallOptions(database=self.options.default_database, pinned=True)
            handle = Server(self._driver, pinned_to(server.interactive), self._coordinator.guard, options)
            self._servers[str(server.endpoint)] = handle
        return handle

    @overload
    def get_subscriber(self, *, decode: Literal[False] = False, codec: None = None) -> Subscriber[bytes, bytes]: ...

    @overload
    def get_subscriber(self, *, decode: Literal[True], codec: None = None) -> Subscriber[str, str]: ...

    @overload
    def get_subscriber(self, *, codec: Codec[Value]) -> Subscriber[str, Value]: ...

    def get_subscriber(self, *, decode: bool = False, codec: Codec[Any] | None = None) -> Subscriber[Any, Any]:
        """Return the pub/sub handle.

        Args:
            decode: Whether names and messages come as str instead of bytes.
            codec: What makes bytes of messages and back; see :mod:`multiplexer.codecs`. Names come as str then.

        Raises:
            DataError: ``codec`` is none.
        """
        return self._subscriber.view(decode, codec)

    # -- roles -----------------------------------------------------------------------------------------

    @property
    def is_cluster(self) -> bool:
        """Whether the servers are members of a cluster."""
        return self._coordinator.strategy.splits

    def make_primary(self, endpoint: str) -> None:
        """Make a server of a group the primary, and the others its replicas; needs ``allowAdmin``.

        Other clients are told over the configuration channel, and the tie-breaker says from then on which server
        counts where two take themselves for primaries. What the old primary has not passed on by then is lost.

        Redis commands: REPLICAOF, PUBLISH, SET

        Args:
            endpoint: The server's address.

        Raises:
            CommandDisabledError: Admin commands are not allowed.
            DataError: The server is not known, or sentinels or a cluster decide about primaries.
            RedisError: The server did not let itself be promoted, or another one did not follow it.
        """
        with importing:
            from .promotion import make_primary

        make_primary(self, endpoint, self._coordinator.guide.authority)

    def publish_reconfigure(self) -> int:
        """Have all clients that listen to the configuration channel look at the servers' roles anew.

        Redis command: PUBLISH

        Returns:
            How many clients were reached.
        """
        with importing:
            from .promotion import announce

        return announce(self, [server for server in self.get_servers() if server.is_connected], "*")

    def check_roles(self) -> None:
        """Ask all servers for their roles now, and in a cluster for its topology."""
        self._coordinator.guide.doubt()

    # -- changes while running -------------------------------------------------------------------------

    def move(self, endpoint: str | EndPoint, to: str | EndPoint | None = None, *, timeout: float = 30.0) -> None:
        """Reach a server at another address from now on, without a command that fails.

        Each of its connections is replaced by one to the new address, made beside it, as soon as all it was sent is
        answered; what comes meanwhile waits for that moment. Leased connections follow as they are given back.
        Subscriptions are made anew, and are told of a gap. The server keeps the name it is known by.

        Args:
            endpoint: The server's address, by which it is known.
            to: Where it is reached from now on; None to look its name up anew.
            timeout: Seconds in which each connection is to have been without an unanswered command for a moment.

        Raises:
            DataError: No such server is known, ``to`` is no address, or ``timeout`` no number of seconds.
            ReadOnlyError: A replica is at the new address, and the server is a primary.
            MultiplexerClosedError: It was closed meanwhile.
            RedisConnectionError: There is no connection to be made to the new address. The old ones are used as before.
            RedisTimeoutError: It did not answer, or a connection was never idle; others may be there by then.
        """
        if isinstance(timeout, bool) or not isinstance(timeout, int | float) or not timeout >= 0:
            raise DataError(f"timeout must be a number of seconds, not {timeout!r}")
        server = self._server_named("move", endpoint)
        address = server.endpoint if to is None else _address("to", to, server.endpoint.port)
        self._driver.addresses.clear()  # those of names that were resolved once for good
        move = self._coordinator.mover().move(server, address, timeout, "asked for")
        limit = timeout + self.options.connect_timeout + MOST_BETWEEN_ATTEMPTS
        self._driver.wait_for(lambda: move.is_over or self._driver.closed, limit)
        error = move.error
        if error is not None and not isinstance(error, RedisError):
            raise RedisConnectionError(f"{address} cannot be reached: {error}") from error
        if error is not None:
            raise error
        if self._driver.closed:
            raise MultiplexerClosedError("the multiplexer was closed before its connections were replaced")
        if not move.is_over:
            raise RedisTimeoutError(f"not all connections to {server.endpoint} were replaced in time")

    def reconfigure(self, **changes: Any) -> None:
        """Change options of the running multiplexer.

        Timeouts, bounds and policies apply at once to all handles; credentials, names and TLS settings to the next
        connection that is made.

        Args:
            changes: Options by name.

        Raises:
            ConfigurationError: One is unknown or invalid, cannot be changed while running, or a certificate cannot be
                read; nothing is changed.
        """
        with importing:
            from ..configuration.reconfiguration import reconfigured

        changes = hide_secrets(changes)
        options = reconfigured(self.options, changes)
        options.create_ssl_context()  # what cannot be read is found out now, and not at the next reconnect
        self.options = options
        self._driver.reconfigure(options)
        self._coordinator.reconfigure(options)
        self._follow_provider()

    def _follow_provider(self) -> None:
        """Be told of a streaming provider's new credentials."""
        provider = self.options.credential_provider
        if hasattr(provider, "on_next"):
            with importing:
                from ..pools.blocking.credentials import follow

            follow(provider, self)

    def re_auth_callback(self, token: Any) -> None:
        """Authenticate all connections again: shared and idle ones at once, leased ones when they are given back.

        A streaming credential provider calls it by itself.

        Args:
            token: An object whose ``try_get("oid")`` is the user and ``get_value()`` the password.
        """
        self._coordinator.re_authenticate(from_token(token))
        self._leases.re_authenticate(token)

    # -- profiling -------------------------------------------------------------------------------------

    @contextmanager
    def profile(self, everybody: bool = False) -> Iterator[ProfilingSession]:
        """Collect when each command was made, queued, sent, answered and handed over.

        Commands count that are made in the current context: by this task and tasks it starts meanwhile. A thread
        has a context of its own unless it is run in a copy of this one. A batch or transaction counts as one
        command; what is sent on a connection that watches keys is left out.

        Args:
            everybody: Collect the commands of every task or thread.

        Returns:
            A context manager that gives the session, to be looked at afterwards.
        """
        with importing:
            from ..core.diagnosis.profiling import ProfilingSession, context_profiler, enter_context, leave_context

        session = ProfilingSession()
        profiler = (lambda: session) if everybody else context_profiler(session)
        self._driver.profiling.add(profiler)
        enter_context(session)
        try:
            yield session
        finally:
            leave_context(session)
            self._driver.profiling.remove(profiler)
            session.finish()

    def register_profiler(self, profiler: Profiler, ratio: float = 1.0) -> None:
        """Ask for each command which session it belongs to, until :meth:`unregister_profiler`.

        Args:
            profiler: Called where the command is made; returns a :class:`ProfilingSession`, or None.
            ratio: Part of the commands that it is asked about, from 0 to 1, chosen by chance. The others cost next to
                nothing.

        Raises:
            DataError: ``ratio`` is not from 0 to 1.
        """
        self._driver.profiling.add(profiler, ratio)

    def unregister_profiler(self, profiler: Profiler) -> None:
        """Ask a profiler no longer."""
        self._driver.profiling.remove(profiler)

    # -- diagnosis -------------------------------------------------------------------------------------

    def get_counters(self) -> list[ServerCounters]:
        """Return every server's counters; ``str()`` of one is a line for the log."""
        return [server.counters() for server in self._coordinator.servers]

    def log_counters(self, every: float = 60.0) -> None:
        """Write the counters to the logger ``multiplexer`` again and again.

        Args:
            every: Seconds between two lines; 0 ends it.

        Raises:
            DataError: ``every`` is negative.
        """
        if not every >= 0:
            raise DataError("log_counters: every must be a number of seconds, or 0 to end it")
        self._coordinator.report_every(every)

    def health(self) -> Health:
        """Return how it is, for a probe: ``ready``, ``degraded`` or ``down``, and a sentence for each server.

        It asks nobody, so it costs next to nothing and never waits: it says what is known, which of an idle connection
        is as old as the latest keep-alive.
        """
        return self._coordinator.health(self._closing)

    def get_status(self) -> dict[str, Any]:
        """Return the state of every server, bridge and counter as plain values; no secrets."""
        return {
            **self._coordinator.status(),
            "health": self.health().as_dict(),
            "leases": self._leases.status(),
        }

    def serve_status(self, where: str | os.PathLike[str] | int) -> StatusServer:
        """Show the state to whoever attaches, ``python -m multiplexer status --attach`` say, until this is closed.

        Viewers can do nothing but look, and are shown no secrets, keys or values. A thread of its own answers them;
        while nobody is attached it sleeps.

        Args:
            where: Path of a Unix socket, which only the same user can use; or a port on loopback, which everybody on
                this machine can, 0 for any.

        Returns:
            What ends it earlier, and says where it is.

        Raises:
            DataError: ``where`` is neither.
            ConfigurationError: It cannot be had; what another process left behind can.
            MultiplexerClosedError: The multiplexer is closed.
        """
        if self._closing:
            raise MultiplexerClosedError("serve_status: the multiplexer is closed")
        with importing:
            from ..attaching.status_server import StatusServer

        server = StatusServer(self.get_status, where)
        self._status_servers.append(server)
        return server

    @property
    def storm_log(self) -> str | None:
        """What was outstanding when timeouts last piled up, or None; see :meth:`clear_storm_log`."""
        return self._coordinator.storm_log.text

    def clear_storm_log(self) -> None:
        """Forget the storm, so that the next one is written down."""
        self._coordinator.storm_log.clear()

    def export_configuration(self) -> bytes:
        """Return a zip with what each server says of itself: INFO, CONFIG GET, CLIENT LIST, CLUSTER NODES.

        Passwords are left out. A command that a server refuses is noted in its file.
        """
        files: dict[str, Any] = {"status.json": self.get_status()}
        for server in self.get_servers():
            for name, words in _EXPORTED.items():
                try:
                    files[f"{server.endpoint}/{name}"] = server.execute(*words, decode=True)
                except RedisError as error:
                    files[f"{server.endpoint}/{name}"] = f"{type(error).__name__}: {error}"
        with importing:
            from ..core.status import exported

        return exported(files)


_EXPORTED = {
    "info.txt": ("INFO", "ALL"),
    "config.json": ("CONFIG", "GET", "*"),
    "clients.txt": ("CLIENT", "LIST"),
    "nodes.txt": ("CLUSTER", "NODES"),
}


def _beat(coordinator: Coordinator[Bridge], leases: Leases, now: float) -> None:
    coordinator.beat(now)
    leases.beat(now)  # after it: by then it is known what was found out about servers


def _refuse_contradictions(options: ConfigurationOptions) -> None:
    """Refuse, by name, what would otherwise be taken and then ignored."""
    if options.read_from is ReadFrom.AVAILABILITY_ZONE and options.availability_zone is None:
        raise ConfigurationError("read_from: availabilityZone needs the application's own, availability_zone")
    if options.maint_notifications == "enabled" and options.protocol == 2:
        raise ConfigurationError("maint_notifications: enabled needs RESP3, and protocol is 2")


def _same(known: EndPoint, asked: str | EndPoint) -> bool:
    if isinstance(asked, EndPoint):
        return known == asked
    return str(known) == asked or known == EndPoint.parse(asked, 6379)


def _address(argument: str, given: Any, default_port: int) -> EndPoint:
    if isinstance(given, EndPoint):
        return given
    if not isinstance(given, str):
        raise DataError(f"{argument} must be an address, not {type(given).__name__}")
    try:
        return EndPoint.parse(given, default_port, where=argument)
    except ConfigurationError as error:
        raise DataError(str(error)) from None


def _state(server: ServerEndPoint[Bridge]) -> str:
    return f"{server.role} {server.interactive.state.name.lower()}"
