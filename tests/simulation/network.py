"""A network in memory: addresses, names, links between them, and everything that can befall these.

What happens later stands in one queue, :attr:`Network.due`, by time; the event loop's selector lets it happen. Bytes of
a link arrive in order and none is lost while the link lives, as with TCP: what a partition holds up arrives later, and
what a broken link carried never does.
"""

from __future__ import annotations

import errno
import heapq
import itertools
import socket
from collections import deque
from collections.abc import Callable
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Any, Protocol

from .clock import CLOCK

if TYPE_CHECKING:
    from .sockets import SimulatedSocket

Place = tuple[str, int]

#: Bytes that a sender's system takes until its peer has read some.
WINDOW = 64 * 1024
#: Seconds after which the system sends its first bytes of a connection again, in a partition.
RETRIES = (1.0, 2.0, 4.0, 8.0, 16.0)


class Session(Protocol):
    """A server's side of a link."""

    def feed(self, data: bytes) -> None:
        """Take bytes of the client's."""

    def gone(self) -> None:
        """The client has closed, or the link broke."""


class Listener(Protocol):
    """Whoever accepts links at a place."""

    def accept(self, link: Link) -> Session | None:
        """Return the server's side of a new link; None to refuse it."""


class Link:
    """One connection, both of its directions.

    Attributes:
        place: Whom the client has connected to.
        session: The server's side, once it was accepted and until it is gone.
        sock: The client's side.
        broken: Whether nothing arrives any more, in either direction.
    """

    def __init__(self, network: Network, sock: SimulatedSocket, place: Place) -> None:
        self.network = network
        self.sock: SimulatedSocket | None = sock
        self.place = place
        self.session: Session | None = None
        self.number = next(network.numbers)
        self.broken = False
        self.in_flight = 0
        self.stalled = False
        self.cut_after: dict[str, int] = {}
        self._latest = {"to_server": 0.0, "to_client": 0.0}
        self._unread: deque[bytes] = deque()

    # -- what the two ends do --------------------------------------------------------------------------

    def to_server(self, data: bytes) -> None:
        """The client sends; it must not send more than :meth:`room` bytes."""
        if self.broken:
            return
        self.in_flight += len(data)
        self._send("to_server", data, self._at_server)

    def room(self) -> int:
        """How many bytes the client's system takes now."""
        return max(WINDOW - self.in_flight, 0)

    def to_client(self, data: bytes) -> None:
        """The server sends."""
        if not self.broken:
            self._send("to_client", data, self._at_client)

    def client_closes(self) -> None:
        """The client's socket is gone."""
        self.sock = None
        self._later("to_server", self._end_of_client)

    def server_closes(self) -> None:
        """The server has said all it had to say."""
        self.session = None
        self.network.forget(self)
        self._later("to_client", self._end_of_server)

    # -- what befalls it -------------------------------------------------------------------------------

    def reset(self) -> None:
        """Break, and tell both ends so."""
        if not self.broken:
            self.broken = True
            self._end_of_client()
            if self.sock is not None:
                self.sock.failed(errno.ECONNRESET)

    def vanish(self) -> None:
        """Break, and tell nobody: the other machine is gone."""
        self.broken = True
        self._end_of_client()

    def stall(self) -> None:
        """Let the server read nothing for now."""
        self.stalled = True

    def unstall(self) -> None:
        """Let the server read again."""
        self.stalled = False
        while self._unread and not self.stalled and not self.broken:
            self._read(self._unread.popleft())

    # -- on the way ------------------------------------------------------------------------------------

    def _send(self, direction: str, data: bytes, arrive: Callable[[bytes], None]) -> None:
        left = self.cut_after.get(direction)
        if left is not None:
            data, self.cut_after[direction] = data[:left], left - len(data)
            if left - len(data) <= 0:
                del self.cut_after[direction]
                if data:
                    self._later(direction, partial(arrive, data))
                self._later(direction, self.reset)
                return
        network = self.network
        if network.dribbling and len(data) > 1:
            for part in network.parts(data):
                self._later(direction, partial(arrive, part))
        else:
            self._later(direction, partial(arrive, data))

    def _later(self, direction: str, happen: Callable[[], None]) -> None:
        when = max(CLOCK.now + self.network.latency(), self._latest[direction])
        self._latest[direction] = when
        self.network.at(when, self._happen, happen)

    def _happen(self, happen: Callable[[], None]) -> None:
        if self.place[0] in self.network.parted:
            self.network.held.append((self.place[0], happen))
        else:
            happen()

    def _at_server(self, data: bytes) -> None:
        if self.stalled:
            self._unread.append(data)
        elif not self.broken:
            self._read(data)

    def _read(self, data: bytes) -> None:
        self.in_flight -= len(data)
        if self.session is not None:
            self.session.feed(data)
            if self.sock is not None:
                self.sock.changed()
        elif self.sock is not None:
            self.reset()  # nobody is there any more

    def _at_client(self, data: bytes) -> None:
        if self.sock is not None and not self.broken:
            self.sock.arrived(data)

    def _end_of_client(self) -> None:
        session, self.session = self.session, None
        self.network.forget(self)
        if session is not None:
            session.gone()

    def _end_of_server(self) -> None:
        if self.sock is not None and not self.broken:
            self.sock.ended()


class Network:
    """All that is between clients and servers.

    Attributes:
        chance: What everything about it follows from.
        due: What happens next: time, number, what.
        names: Addresses by name; what has none is unknown.
        listeners: Who accepts at an address and port.
        parted: Addresses that nothing reaches, or leaves.
        silent_names: Whether nobody answers questions for names.
        links: Links that servers know of.
        connects: How often a client began to connect.
    """

    def __init__(self, chance: Random, trace: Callable[[str], None] | None = None) -> None:
        self.chance = chance
        self.trace = trace
        self.due: list[tuple[float, int, Callable[..., None], tuple[Any, ...]]] = []
        self.numbers = itertools.count(1)
        self.names: dict[str, list[str]] = {}
        self.listeners: dict[Place, Listener] = {}
        self.parted: set[str] = set()
        self.held: list[tuple[str, Callable[[], None]]] = []
        self.silent_names = False
        self.links: dict[int, Link] = {}
        self.sockets: set[SimulatedSocket] = set()
        self.touched: set[int] = set()
        self.by_number: dict[int, SimulatedSocket] = {}
        self.connects = 0
        self.slowest = 0.002
        self.dribbling = False
        self._order = itertools.count()

    def at(self, when: float, call: Callable[..., None], *args: Any) -> None:
        """Have something happen at a time."""
        heapq.heappush(self.due, (when, next(self._order), call, args))

    def after(self, seconds: float, call: Callable[..., None], *args: Any) -> None:
        """Have something happen in so many seconds."""
        self.at(CLOCK.now + seconds, call, *args)

    def happen(self) -> None:
        """Let everything happen whose time has come."""
        due = self.due
        while due and due[0][0] <= CLOCK.now:
            _, _, call, args = heapq.heappop(due)
            call(*args)

    def tell(self, text: str) -> None:
        """Write a line of the story, where anybody wants it."""
        if self.trace is not None:
            self.trace(text)

    def latency(self) -> float:
        """Draw the time that something is on its way."""
        return 0.0001 + self.chance.random() * self.slowest

    def parts(self, data: bytes) -> list[bytes]:
        """Cut bytes into a few parts, or into single bytes."""
        size = self.chance.choice((1, 2, 7, 100))
        size = max(size, len(data) // 50)
        return [data[at : at + size] for at in range(0, len(data), size)]

    # -- connecting ------------------------------------------------------------------------------------

    def connect(self, sock: SimulatedSocket, place: Place) -> None:
        """Begin to connect a client's socket."""
        self.connects += 1
        self.after(self.latency(), self._ring, sock, place, 0)

    def _ring(self, sock: SimulatedSocket, place: Place, attempt: int) -> None:
        if sock.closed:
            return
        if place[0] in self.parted:
            if attempt < len(RETRIES):
                self.after(RETRIES[attempt], self._ring, sock, place, attempt + 1)
            return
        listener = self.listeners.get(place)
        link = Link(self, sock, place)
        session = None if listener is None else listener.accept(link)
        if session is None:
            self.after(self.latency(), sock.failed, errno.ECONNREFUSED)
            return
        link.session = session
        self.links[link.number] = link
        self.after(self.latency(), sock.connected, link)

    def forget(self, link: Link) -> None:
        """A server knows nothing of a link any more."""
        self.links.pop(link.number, None)

    def links_to(self, address: str | None = None) -> list[Link]:
        """Return the links that servers have, in the order in which they were made: all, or those of an address."""
        return [link for link in self.links.values() if address is None or link.place[0] == address]

    def part(self, address: str) -> None:
        """Let nothing reach or leave an address."""
        self.parted.add(address)

    def join(self, address: str) -> None:
        """End what :meth:`part` began: what was held up arrives soon."""
        self.parted.discard(address)
        held, self.held = self.held, []
        for where, happen in held:
            if where == address:
                self.after(self.latency() * 0, happen)
            else:
                self.held.append((where, happen))

    def heal(self) -> None:
        """End everything that befalls the network as a whole."""
        for address in sorted(self.parted):
            self.join(address)
        self.silent_names = self.dribbling = False
        self.slowest = 0.002
        for link in self.links_to():
            link.cut_after.clear()
            link.unstall()

    # -- names -----------------------------------------------------------------------------------------

    def getaddrinfo(self, host: Any, port: Any, family: int = 0, type: int = 0, *rest: int) -> list[Any]:
        """What ``socket.getaddrinfo`` is.

        Raises:
            OSError: Nobody has that name.
        """
        name = host.decode() if isinstance(host, bytes) else str(host)
        addresses = self.names.get(name)
        if addresses is None and name.replace(".", "").isdigit():
            addresses = [name]
        if not addresses:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        kind = (socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "")
        return [(*kind, (address, int(port))) for address in addresses]
