"""The cache of one multiplexer: its store, the fetches under way, and the connections that hear of changes.

Every change is made under the driver's lock, and in the order in which connections read: what a reply brings is stored
by whoever reads it, so that an invalidation behind it finds it there.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from ...errors import RedisError
from ..call_options import ANY_DATABASE
from ..commands.command import Command
from ..commands.command_table import COMMANDS
from ..commands.hash_slots import NO_SLOT, slot_of
from ..diagnosis.events import ErrorEvent
from ..logging import logger
from ..message import InternalMessage, Message
from ..physical_bridge import PhysicalBridge
from ..physical_connection import PhysicalConnection
from ..resending import words_of
from ..types import Payload
from ..wire.resp import pack
from .flights import Flight, ListFlight, Wanted
from .lifetimes import Lifetime
from .statistics import CacheStatistics
from .store import Entry, Shelf, Store, copied
from .tracking import Tracking, TrackingConnection, caching_yes
from .writes import Fence, Fences, Names, names_written

if TYPE_CHECKING:
    from typing import Protocol

    from ...configuration import ConfigurationOptions
    from ..commands.guard import Guard
    from ..diagnosis.events import Event
    from ..joining import Waiting
    from ..seam import CoordinatedDriver
    from ..server_endpoint import ServerEndPoint

    Served = TypeVar("Served", bound=PhysicalBridge, contravariant=True)

    class Choosing(Protocol[Served]):
        """Says where keys are served."""

        @property
        def splits(self) -> bool: ...
        def serves(self, bridge: Served, slot: int) -> bool: ...


Bridge = TypeVar("Bridge", bound=PhysicalBridge)

if TYPE_CHECKING:

    class Caching(Protocol[Bridge]):
        """Whose cache this is: what is asked of a coordinator."""

        @property
        def options(self) -> ConfigurationOptions: ...
        @property
        def guard(self) -> Guard: ...
        @property
        def strategy(self) -> Choosing[Bridge]: ...
        @property
        def servers(self) -> tuple[ServerEndPoint[Bridge], ...]: ...
        @property
        def error_message(self) -> Event[ErrorEvent]: ...


_TRACKING = COMMANDS["CLIENT TRACKING"]


class ClientCache(Generic[Bridge]):
    """The client-side cache of one multiplexer.

    Attributes:
        hit: To be called for every call that is answered from the store; a C function, as it is on the fast path.
        disabled: Why nothing is kept; None where something may be.
    """

    def __init__(
        self, coordinator: Caching[Bridge], driver: CoordinatedDriver[Bridge], clock: Callable[[], float]
    ) -> None:
        self._coordinator = coordinator
        self._driver = driver
        self._clock = clock
        self._broadcasts = coordinator.options.client_cache == "broadcast"
        prefixes = coordinator.options.client_cache_prefixes if self._broadcasts else ()
        #: What keys begin with that servers tell of; empty for all.
        self._prefixes = tuple([prefix.encode() for prefix in prefixes])
        options = coordinator.options
        self._store = Store(options.client_cache_bytes, options.client_cache_entries)
        self._shelves: dict[tuple[Any, ...], tuple[Shelf, Shelf]] = {}
        self._flying: dict[bytes, list[Flight]] = {}
        self._fences = Fences()
        self._watchers: dict[bytes, list[Waiting]] = {}
        self._trackings: list[Tracking] = []
        self._started = False
        self._warned = False
        self._swept_at = clock()
        self._must_sweep = False
        self._hits = count()
        self.hit: Callable[[], int] = self._hits.__next__
        self.disabled: str | None = "no handle that caches was made"
        self.misses = self.coalesced = self.invalidations = self.overwritten = 0

    # -- for the application ---------------------------------------------------------------------------

    def statistics(self) -> CacheStatistics:
        """Return what was counted, and what is held now."""
        store = self._store
        return CacheStatistics(
            hits=int(repr(self._hits)[6:-1]),  # "count(7)": all it says of itself without counting on
            misses=self.misses,
            coalesced=self.coalesced,
            stored=store.stored,
            evicted=store.evicted,
            refused=store.refused,
            invalidated=self.invalidations,
            overwritten=self.overwritten,
            bytes=store.bytes,
            entries=store.count,
            tracking=sum(not tracking.over for tracking in self._trackings),
            disabled=self.disabled,
        )

    def clear(self) -> None:
        """Drop everything, whether or not it has changed."""
        with self._driver.lock:
            self._forget_all()

    def discard(self, entries: Iterable[Entry]) -> None:
        """Drop some replies, whether or not they have changed."""
        with self._driver.lock:
            for entry in entries:
                self._store.remove(entry)

    def longest_unused(self, among: Container[int], count: int) -> list[Entry]:
        """Return so many of the entries with certain ids, those that would make room next."""
        with self._driver.lock:
            order = [entry for entry in self._store.in_order() if id(entry) in among]
        return sorted(order, key=lambda entry: entry.used)[:count]

    def is_live(self, entry: Entry) -> bool:
        """Whether a reply still counts."""
        return entry.is_live(self._clock())

    # -- connections -----------------------------------------------------------------------------------

    def start(self) -> None:
        """Have servers tell of changes from now on; called by each handle that caches."""
        with self._driver.lock:
            if self._started:
                return
            self._started = True
            self.disabled = None
        if self._coordinator.guard.proxy is not None:
            self._disable("a proxy stands before the servers, and passes on no invalidations")
        for server in self._coordinator.servers:
            for bridge in server.stripes:
                self.restored(bridge)

    def restored(self, bridge: Bridge) -> None:
        """A connection takes commands: have its server tell of changes."""
        if not self._started or bridge.kind != "interactive" or self._coordinator.guard.proxy is not None:
            return
        name = self._coordinator.options.command_map.get("CLIENT", "CLIENT")
        with self._driver.lock:
            connection = bridge.connection
            if connection is None or isinstance(connection, TrackingConnection):
                return
            obstacle = self._obstacle(bridge, connection, name)
            if obstacle is None:
                assert name is not None
                lead = b"" if self._broadcasts else caching_yes(name)  # servers refuse it where they say of all
                tracking = connection.tracking = Tracking(self, bridge, lead)
                connection.__class__ = TrackingConnection
                self._trackings = [*(each for each in self._trackings if not each.over), tracking]
        if obstacle is not None:
            self._disable(obstacle)
            return
        question = pack([str(name), "TRACKING", "ON", *self._how()])
        ask = InternalMessage(_TRACKING, question, ANY_DATABASE, partial(self._asked, tracking))
        try:
            bridge.post([ask])
        except RedisError:
            return  # lost meanwhile, and the next connection comes here too
        tracking.asked = True  # only now: what is fetched from here on comes behind the question
        self._driver.hear(bridge)

    def _how(self) -> list[str]:
        """Return the words that say which changes to tell of."""
        if not self._broadcasts:
            return ["OPTIN"]
        return ["BCAST", *[word for prefix in self._prefixes for word in ("PREFIX", prefix.decode())]]

    def _obstacle(self, bridge: Bridge, connection: PhysicalConnection, name: str | None) -> str | None:
        if name is None:
            return "the command map disables CLIENT"
        options = self._coordinator.options
        if options.client_cache_exact_ttl and options.command_map.get("PTTL", "PTTL") is None:
            return "the command map disables PTTL, which clientCacheExactTtl needs"
        if bridge.server.facts.protocol != 3:
            return f"{bridge.endpoint} speaks RESP2, and caching needs RESP3"
        if connection.__class__ is not PhysicalConnection:
            return f"connections of the class {type(connection).__name__} cannot be tracked"
        return None

    def _asked(self, tracking: Tracking, reply: Any) -> None:
        if not isinstance(reply, RedisError):
            self.disabled = None
            return
        tracking.end()
        if reply.phase is None:  # the server's word, and no lost connection
            self._disable(f"{tracking.bridge.endpoint} refused CLIENT TRACKING: {reply}")

    def _disable(self, reason: str) -> None:
        self.disabled = reason
        if not self._warned:
            self._warned = True
            logger().warning("nothing is cached: %s", reason)
            error = RedisError(f"nothing is cached: {reason}")
            self._coordinator.error_message.fire(ErrorEvent("CLIENT TRACKING", error))

    def changed(self, server: ServerEndPoint[Bridge]) -> None:
        """A server is not what it was: what was fetched from it counts no more."""
        with self._driver.lock:
            for tracking in self._trackings:
                if tracking.bridge.server is server:
                    tracking.renew()
                    self._must_sweep = True

    def review(self, only: int | None = None) -> None:
        """Where commands go may have changed: what was fetched elsewhere counts no more.

        Args:
            only: The one slot that has moved, or None.
        """
        serves = self._coordinator.strategy.serves
        with self._driver.lock:
            for tracking in self._trackings:
                for slot in tracking.slots() if only is None else (only,):
                    if not serves(cast("Bridge", tracking.bridge), slot):
                        tracking.end_slot(slot)
                        self._must_sweep = True

    def forget(self) -> None:
        """In the child of a fork: the parent is told of changes, and threads that fetched do so there."""
        for tracking in self._trackings:
            tracking.end()
        self._trackings = []
        self._flying.clear()
        for shelf in [shelf for shelves in self._shelves.values() for shelf in shelves]:
            shelf.flights.clear()
            shelf.entries.clear()
        self._store.forget()
        self._fences = Fences()
        self._watchers.clear()

    def reconfigure(self) -> None:
        """Take other options."""
        with self._driver.lock:
            options = self._coordinator.options
            self._store.limit(options.client_cache_bytes, options.client_cache_entries)

    def beat(self, now: float) -> None:
        """Look after what has ended, once a heartbeat."""
        if not self._coordinator.strategy.splits:
            self.review()  # who is the primary may have come to count by what others say
        with self._driver.lock:
            self._fences.prune()
        if self._must_sweep or now - self._swept_at >= self._coordinator.options.client_cache_ttl:
            self._must_sweep = False
            self._swept_at = now
            self._driver.run(self._sweep(now))

    def _sweep(self, now: float) -> Iterator[None]:
        slices = self._store.sweep(now)
        while True:
            with self._driver.lock:
                if next(slices, slices) is slices:
                    return
            yield

    # -- fetching --------------------------------------------------------------------------------------

    def shelves(self, *kind: Any) -> tuple[Shelf, Shelf]:
        """Return where replies are found by the name of a key, and by a packed command.

        Args:
            kind: What makes replies differ besides: the database, and where it is read from.
        """
        with self._driver.lock:
            found = self._shelves.get(kind)
            if found is None:
                found = self._shelves[kind] = self._store.make_shelf(True), self._store.make_shelf(False)
            return found

    def enter(
        self,
        bridge: PhysicalBridge,
        wanted: Wanted,
        owner: Any,
        make_waiting: Callable[[], Any],
    ) -> tuple[Flight | None, Any]:
        """Join a fetch that is under way, or begin one.

        Args:
            bridge: Where it would be fetched.
            wanted: What the caller asks for.
            owner: The caller's thread or loop, which cannot wait for itself; None where it can.
            make_waiting: Makes what a caller who joins waits for.

        Returns:
            The flight, and what to wait for where it is another's; None and None where nothing can be kept.
        """
        connection = bridge.connection
        shelf, key = wanted.shelf, wanted.key
        names = names_read(wanted)
        with self._driver.lock:
            flight = shelf.flights.get(key)
            if flight is not None and (owner is None or flight.owner != owner):
                self.coalesced += 1
                waiting = make_waiting()
                flight.join(waiting)
                return flight, waiting
            self.misses += 1
            if not names or flight is not None or not isinstance(connection, TrackingConnection):
                return None, None
            if self._fences.stand_before(names, connection.tracking) or not self._are_told_of(names):
                return None, None
            if wanted.spread is None:
                flight = Flight(shelf, key, names, owner)
            else:
                flight = ListFlight(shelf, key, names, owner, wanted.spread)
            shelf.flights[key] = flight
            for name in names:
                self._flying.setdefault(name, []).append(flight)
            return flight, None

    def _are_told_of(self, names: tuple[bytes, ...]) -> bool:
        return not self._prefixes or all(name.startswith(self._prefixes) for name in names)

    def land(self, flight: Flight, reply: Any) -> None:
        """Take the raw reply of a fetch, where it is read: keep it if nothing has overtaken it."""
        lifetimes: list[Lifetime] = []
        with self._driver.lock:
            flight.reply = reply
            flight.answered = True
            was_current = flight.current
            self._retire(flight)
            epoch = flight.epoch
            if was_current and epoch is not None and not epoch.over:
                born = flight.message.sent_at
                until = born + self._coordinator.options.client_cache_ttl
                exact = self._coordinator.options.client_cache_exact_ttl
                for shelf, key, names, value in flight.kept(reply):
                    about = names[0] if len(names) == 1 else names
                    entry = Entry(shelf, key, about, copied(value), born, born if exact else until, epoch)
                    self._store.add(entry)
                    if exact:
                        lifetimes.append(Lifetime(entry, until, self._refused_pttl))
        flight.wake()
        if lifetimes:
            self._ask_for(lifetimes, flight)

    def _ask_for(self, lifetimes: Iterable[Lifetime], flight: Flight) -> None:
        """Ask how long entries may live, which nobody uses before it is known."""
        name = self._coordinator.options.command_map.get("PTTL", "PTTL")
        if name is None or flight.bridge is None:
            return
        try:
            for lifetime in lifetimes:
                lifetime.ask(flight.bridge, name, flight.message.options)
        except RedisError:
            pass  # the connection is lost, and with it the entries

    def _refused_pttl(self, error: RedisError) -> None:
        self._disable(f"the server refused PTTL, which clientCacheExactTtl needs: {error}")

    def fail(self, flight: Flight, error: RedisError | None) -> None:
        """End a fetch without a reply.

        Args:
            flight: The fetch.
            error: What those who have joined get; None has them ask again by themselves.
        """
        with self._driver.lock:
            if flight.answered:
                return
            flight.error = error
            self._retire(flight)
        flight.wake()

    def _retire(self, flight: Flight) -> None:
        """Let nobody join a flight any more, and its reply not be kept."""
        flight.current = False
        flights = flight.shelf.flights
        if flights.get(flight.key) is flight:
            del flights[flight.key]
        for name in flight.names:
            left = [each for each in self._flying.get(name, ()) if each is not flight]
            if left:
                self._flying[name] = left
            else:
                self._flying.pop(name, None)

    def slot_of(self, name: bytes) -> int:
        """Return the slot of a key, where slots decide who serves it."""
        return slot_of(name) if self._coordinator.strategy.splits else NO_SLOT

    # -- changes ---------------------------------------------------------------------------------------

    def invalidated(self, names: list[bytes] | None, tracking: Tracking) -> None:
        """A server says that keys were written; None stands for all."""
        with self._driver.lock:
            if names is None:
                tracking.renew()
                self._must_sweep = True
                self.invalidations += 1
            else:
                self.invalidations += self._store.drop(names)
            if self._watchers:
                self._wake(tuple(self._watchers) if names is None else names)

    def watch(self, name: bytes, waiting: Waiting) -> bool:
        """Have somebody woken once a server says that a key was written which was read through a handle that caches.

        Returns:
            Whether a server may say so.
        """
        with self._driver.lock:
            if self.disabled is not None or not self._are_told_of((name,)):
                return False
            self._watchers.setdefault(name, []).append(waiting)
            return True

    def unwatch(self, name: bytes, waiting: Waiting) -> None:
        """Let nobody be woken any more who may have been."""
        with self._driver.lock:
            left = [each for each in self._watchers.pop(name, ()) if each is not waiting]
            if left:
                self._watchers[name] = left

    def _wake(self, names: Iterable[bytes]) -> None:
        for name in names:
            for waiting in self._watchers.pop(name, ()):
                waiting.give(True)

    def write_sent(self, message: Message, tracking: Tracking) -> None:
        """A write is about to go out over a connection that is tracked."""
        names = names_written(message.command, message.payload)
        with self._driver.lock:
            self._overwrite(names)
            if len(self._trackings) > 1:
                self._fences.add_until_answered(Fence(names, tracking, message))

    def write_forgotten(self, command: Command, payload: Payload) -> None:
        """A write is queued whose caller does not wait until it is sent."""
        if command.changes:
            names = names_written(command, payload)
            with self._driver.lock:
                self._overwrite(names)

    def write_elsewhere(self, command: Command, payload: Payload) -> Fence | None:
        """A write is about to go out over a connection that is not tracked.

        Returns:
            What is to be given to :meth:`written_elsewhere` once it is answered or lost; None where it changes nothing.
        """
        if not command.changes or not self._started:
            return None
        names = names_written(command, payload)
        fence = Fence(names, None, None)
        with self._driver.lock:
            self._overwrite(names)
            self._fences.add(fence)
        return fence

    def written_elsewhere(self, fence: Fence) -> None:
        """What goes on over connections that are tracked comes after a write again."""
        with self._driver.lock:
            self._fences.remove(fence)

    def _overwrite(self, names: Names) -> None:
        """Drop what the application itself writes, and have what is being fetched of it not kept."""
        if names is None:
            self._forget_all()
            return
        self.overwritten += self._store.drop(names)
        for name in names:
            self._part_with(self._flying.get(name, ()))

    def _forget_all(self) -> None:
        for tracking in self._trackings:
            tracking.renew()
        self._must_sweep = True
        for flights in tuple(self._flying.values()):
            self._part_with(flights)

    def _part_with(self, flights: Iterable[Flight]) -> None:
        for flight in tuple(flights):
            self._retire(flight)


def names_read(wanted: Wanted) -> tuple[bytes, ...]:
    """Return the keys that a command reads, as they are sent."""
    if wanted.names is not None:
        return wanted.names
    [words] = words_of(wanted.payload)
    return tuple([words[place] for place in wanted.command.key_positions(words)])
