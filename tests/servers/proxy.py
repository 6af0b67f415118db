"""A TCP proxy between client and server that does to connections what networks do.

::

    with FaultProxy(server.host, server.port) as proxy:
        mux = ConnectionMultiplexer.connect(f"{proxy.host}:{proxy.port}")
        proxy.delay(0.05, direction="to_client")
        proxy.cut(after_items=3, after_bytes=2)      # three more replies, two bytes of the fourth, and the end
        proxy.black_hole()
        proxy.restore()

Faults can be switched at any time, from any thread, and hold for all connections, also for those made later. A
direction is ``"to_server"``, ``"to_client"`` or ``"both"``. Each call returns when the fault is in force.

Like a network, the proxy never loses a byte in the middle of a stream: what a black hole swallows arrives after
:meth:`FaultProxy.restore`, or the connection ends before. Only :meth:`FaultProxy.swallow` does otherwise. All
connections live in one event loop in one thread, so bytes keep their order and no lock is needed.
"""

from __future__ import annotations

import asyncio
import random
import socket
import struct
import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any, Literal, Self

from .wire import Boundaries, Item, give_back, listen

Direction = Literal["to_server", "to_client", "both"]

_ABRUPT = struct.pack("ii", 1, 0)  # SO_LINGER: closing sends RST
_DRAIN = 5.0  # longest an ended connection waits for the other side to close as well, in seconds
_QUEUE = 16 * 1024 * 1024  # bytes waiting in one direction before the proxy stops reading; a black hole has no limit
_SPLIT = 0.0003  # seconds between the parts of a chunk that chaos splits, so that they travel apart


class _End(Enum):
    EOF = "no more bytes in this direction"
    CLOSE = "orderly end of the connection"
    RESET = "end of the connection by RST"


@dataclass(slots=True)
class _Cut:
    after_items: int
    after_bytes: int
    end: _End
    times: int


@dataclass(slots=True)
class _Chaos:
    seed: object
    reset: float
    cut: float
    delay: float
    split: float
    refuse: float
    longest: float


class Flow:
    """One direction of all connections: its faults, which only the proxy changes, and its counters.

    Attributes:
        name: ``"to_server"`` or ``"to_client"``.
        bytes: Bytes that came from the source of this direction, delivered or not.
        items: Whole requests (to the server) or replies without pushes (to the client) among them.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.bytes = 0
        self.items = 0
        self.held = False
        self.stalled = False
        self.delay = 0.0
        self.jitter = 0.0
        self.piece: int | None = None
        self.pause = 0.0
        self.cut: _Cut | None = None
        self.chaos: _Chaos | None = None
        self.swallows = 0

    @property
    def clear(self) -> bool:
        """Whether bytes pass as they come."""
        return not (self.held or self.delay or self.jitter or self.piece or self.cut or self.chaos or self.swallows)


class _Pipe:
    """One direction of one connection."""

    def __init__(self, link: Link, flow: Flow, loop: asyncio.AbstractEventLoop) -> None:
        self.link = link
        self.flow = flow
        self.source: _Side
        self.sink: _Side
        self.boundaries = Boundaries()
        self.finished = False  # nothing more is taken from the source
        self.ended = False  # the sink has been told that nothing more comes
        self.sink_full = False
        self.cut_index = 0
        self._loop = loop
        self._queue: deque[tuple[float, bytes | _End]] = deque()
        self._queued = 0
        self._last_due = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._random = random.Random()
        self.arm()

    def arm(self) -> None:
        """Take over the faults that have a state of their own for each connection."""
        if self.flow.cut is not None:
            self.cut_index = self.boundaries.whole + self.flow.cut.after_items
        if self.flow.chaos is not None:
            self._random.seed(f"{self.flow.chaos.seed}/{self.link.number}/{self.flow.name}")

    def receive(self, data: bytes) -> None:
        """Take bytes from the source."""
        flow = self.flow
        flow.bytes += len(data)
        whole = self.boundaries.whole
        items = self.boundaries.feed(data)
        flow.items += self.boundaries.whole - whole
        if self.finished:
            return
        if flow.clear and not self._queue:
            self.sink.write(data)
            return
        if flow.swallows:
            data = self._without_one(data, items)
        end = None
        if flow.cut is not None:
            allowed = self._allowed(flow.cut, data, items)
            if allowed is not None:
                data, end = data[:allowed], flow.cut.end
                self.link.proxy._cut_done(flow)
        if flow.chaos is not None and end is None:
            end = self._suffer(flow.chaos, data)
        elif data:
            self._put(data)
        if end is not None:
            self.receive_end(end)
        self.update_reading()

    def receive_end(self, end: _End) -> None:
        """Take the end from the source; it travels behind the bytes."""
        if not self.finished:
            self.finished = True
            self._put(end)

    def _allowed(self, cut: _Cut, data: bytes, items: list[Item]) -> int | None:
        """Return how many bytes of a chunk pass before the cut, or None where it is not in this chunk."""
        follow = self.boundaries
        began = follow.position - len(data)
        replies = [item for item in items if not item.is_push]
        at = self.cut_index - (follow.whole - len(replies))
        if 0 <= at < len(replies):
            item = replies[at]
            return max(min(item.start + cut.after_bytes, item.end) - began, 0)
        under_way = follow.under_way and not follow.is_push and follow.whole == self.cut_index
        if under_way and follow.start + cut.after_bytes <= follow.position:
            return max(follow.start + cut.after_bytes - began, 0)
        return None

    def _without_one(self, data: bytes, items: list[Item]) -> bytes:
        """Take a reply out of a chunk, if one lies within it."""
        began = self.boundaries.position - len(data)
        for item in items:
            if not item.is_push and item.start >= began:
                self.flow.swallows -= 1
                self.link.proxy.injected["swallow"] += 1
                return data[: item.start - began] + data[item.end - began :]
        return data

    def _suffer(self, chaos: _Chaos, data: bytes) -> _End | None:
        """Queue a chunk with what chance does to it; return the end of the connection if that is it."""
        chance, counted = self._random, self.link.proxy.injected
        if chance.random() < chaos.reset:
            counted["reset"] += 1
            return _End.RESET
        if chance.random() < chaos.cut:
            counted["cut"] += 1
            self._put(data[: chance.randrange(len(data))])
            return _End.CLOSE
        wait = 0.0
        if chance.random() < chaos.delay:
            counted["delay"] += 1
            wait = chance.uniform(0, chaos.longest)
        if chance.random() < chaos.split:
            counted["split"] += 1
            while len(data) > 1 and chance.random() < 0.8:
                size = chance.randrange(1, len(data))
                self._put(data[:size], wait)
                data, wait = data[size:], wait + _SPLIT
        self._put(data, wait)
        return None

    def _put(self, what: bytes | _End, wait: float = 0.0) -> None:
        flow = self.flow
        wait += flow.delay + (flow.jitter and self._random.uniform(0, flow.jitter))
        self._last_due = max(self._loop.time() + wait, self._last_due)
        self._queue.append((self._last_due, what))
        self._queued += len(what) if isinstance(what, bytes) else 0
        self.flush()

    def flush(self) -> None:
        """Deliver what is due, unless a black hole holds it."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        queue, flow = self._queue, self.flow
        while queue and not flow.held:
            due, what = queue[0]
            if due > self._loop.time():
                self._timer = self._loop.call_at(due, self.flush)
                break
            queue.popleft()
            if isinstance(what, _End):
                self._deliver_end(what)
            elif flow.piece is not None and len(what) > flow.piece:
                self.sink.write(what[: flow.piece])
                self._queued -= flow.piece
                queue.appendleft((self._loop.time() + flow.pause, what[flow.piece :]))
                self._timer = self._loop.call_at(queue[0][0], self.flush)
                break
            else:
                self._queued -= len(what)
                self.sink.write(what)
        self.update_reading()

    def _deliver_end(self, end: _End) -> None:
        self.ended = True
        if end is _End.EOF:
            self.sink.write_eof()
            self.link.check()
        else:
            self.link.end(end)

    def update_reading(self) -> None:
        """Read from the source, or not."""
        full = self.sink_full or (self._queued > _QUEUE and not self.flow.held)
        self.source.read(not (full or self.flow.stalled or self.sink.transport is None))

    def discard(self) -> None:
        """Drop what is queued; take nothing more."""
        self.finished = self.ended = True
        self._queue.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class _Side(asyncio.Protocol):
    """One of a connection's two sockets."""

    def __init__(self, link: Link, outgoing: _Pipe, incoming: _Pipe) -> None:
        self.link = link
        self.outgoing = outgoing  # this side is its source
        self.incoming = incoming  # this side is its sink
        outgoing.source = incoming.sink = self
        self.transport: asyncio.Transport | None = None
        self.lost = False
        self._heard_all = False
        self._reading = True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.link.side_ready(self)

    def data_received(self, data: bytes) -> None:
        self.outgoing.receive(data)

    def eof_received(self) -> bool:
        self._heard_all = True
        self.outgoing.receive_end(_End.EOF)
        return not self.link.ending  # True keeps the transport open

    def connection_lost(self, exc: Exception | None) -> None:
        self.lost = True
        self.outgoing.receive_end(_End.CLOSE if exc is None else _End.RESET)
        self.link.side_lost()

    def pause_writing(self) -> None:
        self.incoming.sink_full = True
        self.incoming.update_reading()

    def resume_writing(self) -> None:
        self.incoming.sink_full = False
        self.incoming.update_reading()

    @property
    def usable(self) -> bool:
        """Whether the socket is connected and not about to be closed."""
        return self.transport is not None and not self.transport.is_closing()

    def write(self, data: bytes) -> None:
        if self.lost:
            self.link.end(_End.RESET)  # as the kernel answers bytes for a socket that is no more
        elif self.usable and self.transport is not None:
            self.transport.write(data)

    def write_eof(self) -> None:
        if self.usable and self.transport is not None:
            try:
                self.transport.write_eof()
            except OSError:  # reset meanwhile, which shows only now where the other end has said all
                self.transport.abort()

    def read(self, wanted: bool) -> None:
        if wanted != self._reading and self.usable and self.transport is not None:
            self._reading = wanted
            self.transport.resume_reading() if wanted else self.transport.pause_reading()

    def close(self) -> None:
        if self.transport is not None:
            self.transport.close()

    def finish(self) -> None:
        """Say that nothing more comes, and close once the other end has done so too."""
        # Closing with unread input would send RST, and that may destroy what was sent before.
        self.write_eof()
        self.read(True)
        if self._heard_all:
            self.close()

    def abort(self) -> None:
        """Close with RST."""
        if self.transport is not None and not self.lost:
            try:
                self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _ABRUPT)
            except OSError:
                pass  # closed meanwhile
            self.transport.abort()


class Link:
    """One connection through the proxy: the client's socket and the server's.

    Attributes:
        number: 1 for the first connection of a proxy, and so on.
        ending: Whether the proxy itself is ending it.
    """

    def __init__(self, proxy: FaultProxy, number: int) -> None:
        self.proxy = proxy
        self.number = number
        self.ending = False
        self._to_server = _Pipe(self, proxy.to_server, proxy._loop)
        self._to_client = _Pipe(self, proxy.to_client, proxy._loop)
        self._client = _Side(self, self._to_server, self._to_client)
        self._server = _Side(self, self._to_client, self._to_server)
        self.sides = (self._client, self._server)
        self.pipes = (self._to_server, self._to_client)
        self._task: asyncio.Task[None] | None = None
        self._connecting = False
        self._drain: asyncio.TimerHandle | None = None

    # --- for tests, from any thread

    def reset(self) -> None:
        """End this connection by RST on both sides."""
        self.proxy._call(self.end, _End.RESET)

    def close(self) -> None:
        """End this connection in an orderly way on both sides."""
        self.proxy._call(self.end, _End.CLOSE)

    # --- in the proxy's loop

    def side_ready(self, side: _Side) -> None:
        """Begin: connect to the server when the client has come."""
        if side is self._client:
            side.read(False)
            self.proxy._added(self)
            for pipe in self.pipes:
                pipe.arm()  # again: a fault set since this was made found it in no list
            chaos = self.proxy.to_client.chaos or self.proxy.to_server.chaos
            if chaos is not None and self.proxy._chance.random() < chaos.refuse:
                self.proxy.injected["refuse"] += 1
                self.end(_End.RESET)
            else:
                self._connecting = True
                self._task = self.proxy._loop.create_task(self._connect())

    async def _connect(self) -> None:
        try:
            await self.proxy._loop.create_connection(lambda: self._server, *self.proxy.target)
        except OSError:
            self.end(_End.RESET)
        self._connecting = False
        if self.ending:
            self._server.abort()
        for pipe in self.pipes:
            pipe.update_reading()
        self.side_lost()  # the client may be gone already

    def check(self) -> None:
        """Close both sockets once both directions have ended."""
        if all(pipe.ended for pipe in self.pipes):
            for side in self.sides:
                side.close()

    def end(self, how: _End) -> None:
        """End the connection now; what is queued is lost."""
        self.ending = True
        for pipe in self.pipes:
            pipe.discard()
        if how is _End.RESET:
            for side in self.sides:
                side.abort()
            return
        for side in self.sides:
            side.finish()
        if self._drain is None:
            self._drain = self.proxy._loop.call_later(_DRAIN, self.end, _End.RESET)

    def side_lost(self) -> None:
        """Forget the connection when both sockets are closed."""
        if not self._connecting and all(side.lost or side.transport is None for side in self.sides):
            for pipe in self.pipes:
                pipe.discard()
            if self._drain is not None:
                self._drain.cancel()
            self.proxy._removed(self)

    def __repr__(self) -> str:
        return f"<Link {self.number} of {self.proxy!r}>"


class FaultProxy:
    """A proxy on a free port of 127.0.0.1 that passes everything on until told otherwise; see the module.

    Attributes:
        host: ``127.0.0.1``.
        port: Its port, also after connections were refused.
        target: ``(host, port)`` of the server; may be changed for connections made from then on.
        connections: How many connections clients have made so far.
        to_server: Counters of one direction: ``bytes`` and ``items`` (requests).
        to_client: Counters of the other: ``bytes`` and ``items`` (replies, pushes not counted).
        injected: How often each kind of fault was injected by :meth:`chaos` and :meth:`cut`.
    """

    def __init__(self, target_host: str, target_port: int, *, port: int | None = None) -> None:
        self.host = "127.0.0.1"
        self.target = (target_host, target_port)
        self.connections = 0
        self.to_server = Flow("to_server")
        self.to_client = Flow("to_client")
        self.injected: Counter[str] = Counter()
        self._chance = random.Random()
        self._links: list[Link] = []
        self._listener: socket.socket | None = None
        self._accepting: set[asyncio.Task[Any]] = set()
        listener = listen(port)
        self.port: int = listener.getsockname()[1]
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name=f"proxy-{self.port}", daemon=True)
        self._thread.start()
        self._await(self._listen(listener))

    # --- faults

    def delay(self, seconds: float, *, jitter: float = 0.0, direction: Direction = "both") -> None:
        """Let everything arrive ``seconds`` later, and up to ``jitter`` seconds more; order is kept. 0 ends it."""
        self._set(direction, delay=seconds, jitter=jitter)

    def limit(self, size: int | None, *, pause: float = 0.0, direction: Direction = "both") -> None:
        """Pass on at most ``size`` bytes at a time, ``pause`` seconds apart; None ends it."""
        self._set(direction, piece=size, pause=pause)

    def dribble(self, *, pause: float = 0.0, direction: Direction = "both") -> None:
        """Pass on one byte at a time; :meth:`restore` ends it."""
        self.limit(1, pause=pause, direction=direction)

    def black_hole(self, direction: Direction = "both") -> None:
        """Take everything and deliver nothing, not even the end of a connection, until :meth:`restore`."""
        self._set(direction, held=True)

    def stall(self, direction: Direction = "both") -> None:
        """Stop reading, so that the sender's buffers fill up, until :meth:`restore`."""
        self._set(direction, stalled=True)

    def restore(self, direction: Direction = "both") -> None:
        """End delays, limits, black holes, stalls, what waits to be cut or lost, and chaos; deliver what was held."""
        self._set(
            direction,
            held=False,
            stalled=False,
            delay=0.0,
            jitter=0.0,
            piece=None,
            pause=0.0,
            cut=None,
            chaos=None,
            swallows=0,
        )

    def cut(
        self,
        *,
        after_items: int = 0,
        after_bytes: int = 0,
        direction: Literal["to_server", "to_client"] = "to_client",
        reset: bool = False,
        times: int = 1,
    ) -> None:
        """End the connection in the middle of a reply, or of a request.

        Every connection counts from now on, or from its beginning; the first to come that far is cut.

        Args:
            after_items: Replies (or requests) that still pass whole; pushes pass uncounted.
            after_bytes: Bytes of the next one that pass as well. With 0 the server has answered (a request: has
                been asked nothing), and nothing of it arrives; with more than it is long, it arrives whole.
            direction: ``"to_client"`` to cut a reply, ``"to_server"`` to cut a request.
            reset: End by RST, not in an orderly way.
            times: How many connections to cut, one after the other.
        """
        end = _End.RESET if reset else _End.CLOSE
        self._set(direction, cut=_Cut(after_items, after_bytes, end, times))

    def swallow(self, times: int = 1) -> None:
        """Lose the next whole reply to any client, as a broken middlebox might: those behind it move up.

        Args:
            times: How many replies to lose.
        """
        self._set("to_client", swallows=times)

    def half_close(self, direction: Direction) -> None:
        """Send the end of the stream one way on every open connection; the other way stays open."""

        def apply() -> None:
            for pipe in self._pipes(direction):
                pipe.receive_end(_End.EOF)

        self._call(apply)

    def reset(self) -> None:
        """End all connections by RST, on both sides."""
        self._call(self._end_all, _End.RESET)

    def close_all(self) -> None:
        """End all connections in an orderly way, on both sides; what is under way in the proxy is lost."""
        self._call(self._end_all, _End.CLOSE)

    def refuse(self) -> None:
        """Refuse new connections; those that are open stay."""
        self._call(self._stop_listening)

    def accept(self) -> None:
        """Take new connections again, on the same port."""
        if self._listener is None:
            self._await(self._listen(listen(self.port)))

    def chaos(
        self,
        seed: object,
        *,
        reset: float = 0.002,
        cut: float = 0.002,
        delay: float = 0.02,
        split: float = 0.1,
        refuse: float = 0.0,
        longest: float = 0.02,
        direction: Direction = "both",
    ) -> None:
        """Leave it to chance, for every chunk that passes. Decisions follow from the seed, connection by connection.

        Args:
            seed: Where chance starts from; name it in a failing test's message.
            reset: Probability that a chunk is lost and its connection reset.
            cut: Probability that only a part of a chunk arrives before its connection ends.
            delay: Probability that a chunk, and what follows it, arrives later.
            split: Probability that a chunk arrives in parts.
            refuse: Probability that a new connection is reset at once.
            longest: Longest delay of a chunk, in seconds.
            direction: Which chunks suffer.
        """
        self._call(self._chance.seed, f"{seed}")
        self._set(direction, chaos=_Chaos(seed, reset, cut, delay, split, refuse, longest))

    # --- what happens

    @property
    def links(self) -> list[Link]:
        """The connections that are open now, oldest first."""
        return [*self._links]

    def wait_for(self, predicate: Callable[[FaultProxy], Any], timeout: float = 5.0) -> Any:
        """Wait until a predicate of this proxy holds, and return its value.

        Raises:
            TimeoutError: It does not hold after ``timeout`` seconds.
        """
        deadline = time.monotonic() + timeout
        while not (value := predicate(self)):
            if time.monotonic() > deadline:
                raise TimeoutError(f"{self!r} waited in vain")
            time.sleep(0.002)
        return value

    def close(self) -> None:
        """End all connections by RST and the proxy with them."""
        if self._loop.is_closed():
            return
        self.refuse()
        self._await(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        give_back(self.port)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<FaultProxy {self.host}:{self.port} to {self.target}, {len(self._links)} of {self.connections} links>"

    # --- in the loop, or on the way there

    def _await(self, coroutine: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(10)

    def _call(self, function: Callable[..., object], *args: Any) -> None:
        async def call() -> None:
            function(*args)

        self._await(call())

    def _set(self, direction: Direction, **settings: Any) -> None:
        def apply() -> None:
            for flow in self._flows(direction):
                for name, value in settings.items():
                    setattr(flow, name, value)
            for pipe in self._pipes(direction):
                if settings.get("cut") or settings.get("chaos"):
                    pipe.arm()
                pipe.flush()

        self._call(apply)

    def _flows(self, direction: Direction) -> list[Flow]:
        flows = {"to_server": [self.to_server], "to_client": [self.to_client], "both": [self.to_server, self.to_client]}
        return flows[direction]

    def _pipes(self, direction: Direction) -> list[_Pipe]:
        flows = self._flows(direction)
        return [pipe for link in self._links for pipe in link.pipes if pipe.flow in flows]

    def _cut_done(self, flow: Flow) -> None:
        self.injected["cut"] += 1
        if flow.cut is not None:
            flow.cut.times -= 1
            if not flow.cut.times:
                flow.cut = None

    def _end_all(self, how: _End) -> None:
        for link in self.links:
            link.end(how)

    async def _end(self) -> None:
        while self._accepting:  # a connection accepted just now shows up
            await asyncio.wait(self._accepting)
        while self._links:
            self._end_all(_End.RESET)
            await asyncio.sleep(0.001)

    async def _listen(self, listener: socket.socket) -> None:
        # Not by create_server: a Server that is closed while it accepts leaves that socket behind.
        listener.setblocking(False)
        self._listener = listener
        self._loop.add_reader(listener, self._accept, listener)

    def _accept(self, listener: socket.socket) -> None:
        try:
            accepted, _ = listener.accept()
        except OSError:
            return  # gone before it was accepted
        task = self._loop.create_task(self._loop.connect_accepted_socket(self._new_side, accepted))
        self._accepting.add(task)
        task.add_done_callback(self._accepting.discard)

    def _stop_listening(self) -> None:
        if self._listener is not None:
            self._loop.remove_reader(self._listener)
            self._listener.close()
            self._listener = None

    def _new_side(self) -> asyncio.Protocol:
        self.connections += 1
        return Link(self, self.connections).sides[0]

    def _added(self, link: Link) -> None:
        self._links.append(link)

    def _removed(self, link: Link) -> None:
        if link in self._links:
            self._links.remove(link)
