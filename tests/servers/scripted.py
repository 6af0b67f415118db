"""A server that follows a script, for what real servers will not do on demand.

It answers like a small server (:mod:`.behaviour`); a test overrides single commands::

    with ScriptedServer() as server:
        server.on("SET", Sequence(Error("READONLY You can't write against a read only replica.")))  # only once
        server.on("GET", Close(b"value", after_bytes=3))
        server.on("CLIENT ID", lambda connection, args: 7)
        ...
        server.wait_for_command("GET")

A reply is a Python value (see :func:`.wire.encode`) or an action, and actions nest:

========================================  ==========================================================================
``Raw(data)``                             these bytes as they are
``Push(*items)``                          an out-of-band message; no reply by itself
``Pieces(first, second, …)``              these bytes as they are, each piece only once the one before was read
``Many(first, second, …)``                several replies or pushes, one after the other
``Close(reply, after_bytes=n)``           the reply, or its first ``n`` bytes, then the end of the connection
``Close(reset=True)``                     the end of the connection by RST
``Delay(seconds, reply)``                 the reply later; what comes after it on that connection waits as well
``Hold(event, reply)``                    the reply once a ``threading.Event`` is set
``Silence()``                             no reply to this command
``Sequence(first, second, …)``            one for each call, and then the usual behaviour
``DEFAULT``                               what the server would answer by itself
callable ``(connection, args)``           whatever it returns
========================================  ==========================================================================

Each connection has a thread of its own, so a delay on one leaves the others alone.
"""

from __future__ import annotations

import fcntl
import os
import selectors
import socket
import struct
import termios
import threading
import time
from collections.abc import Callable
from typing import Any, NamedTuple, Self

import hiredis

from .actions import DEFAULT, Close, Delay, Hold, Many, Pieces, Sequence, Silence, Usual
from .behaviour import Args, Behaviour
from .wire import Error, Push, encode, give_back, listen

_ABRUPT = struct.pack("ii", 1, 0)  # SO_LINGER: closing sends RST
_DRAIN = 5.0  # longest a closed connection waits for its client to close as well, in seconds


class Received(NamedTuple):
    """One command as it came in."""

    time: float  # by time.monotonic()
    connection: Connection
    args: Args

    @property
    def name(self) -> str:
        """The command's name in capitals."""
        return self.args[0].decode(errors="replace").upper()


class Connection:
    """One client's connection.

    Attributes:
        id: 1 for the first connection of a server, and so on; what CLIENT ID answers.
        protocol: Version of RESP its replies are written in.
        name: What CLIENT SETNAME set.
        database: What SELECT set.
        authenticated: Whether AUTH succeeded.
        subscriptions: Channels, patterns and shard channels subscribed to.
        queued: Commands since MULTI, or None.
        received: Commands that came in, as :class:`Received`.
        closed: Set once the socket is closed; after an orderly end the client has closed its side before.
    """

    def __init__(self, server: ScriptedServer, sock: socket.socket, number: int) -> None:
        self.server = server
        self.id = number
        self.received: list[Received] = []
        self.closed = threading.Event()
        self._socket = sock
        self._out = bytearray()
        self._send_lock = threading.Lock()
        self._ending = threading.Event()  # asked to close by another thread
        self._reset = False
        self.start_over()
        self._thread = threading.Thread(target=self._run, name=f"scripted-{server.port}-{number}", daemon=True)
        # Every send gives up after a while to look whether the connection was asked to end.
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", 0, 50_000))

    def start_over(self) -> None:
        """Forget what the client has set, as RESET does."""
        self.protocol = 2
        self.name = ""
        self.database = 0
        self.authenticated = False
        self.subscriptions: set[bytes] = set()
        self.queued: list[Args] | None = None

    # --- for tests, from any thread

    def push(self, *items: Any) -> None:
        """Send an out-of-band message now, between two replies."""
        self.send(self.encode(Push(*items)))

    def send(self, data: bytes) -> None:
        """Send bytes now, as they are."""
        with self._send_lock:
            self._send(data)

    def send_pieces(self, *pieces: bytes) -> None:
        """Send bytes as they are, each piece once the client has read what was sent before; see :class:`.Pieces`."""
        for piece in pieces:
            while self._has_unread():
                if self._ending.is_set():
                    raise ConnectionAbortedError
                time.sleep(1e-5)
            self.send(piece)

    def _has_unread(self) -> bool:
        """Whether the client has not read everything yet; of a Unix socket Linux knows that."""
        assert self._socket.family == socket.AF_UNIX
        return any(fcntl.ioctl(self._socket, termios.TIOCOUTQ, bytes(4)))

    def close(self, *, reset: bool = False) -> None:
        """End the connection, orderly or with RST, whatever is under way on it, and wait until that is done."""
        self._reset = reset
        self._ending.set()
        try:
            # Wakes the thread out of recv() without a word to the client; only that thread closes the socket.
            self._socket.shutdown(socket.SHUT_RD)
        except OSError:
            pass
        if threading.current_thread() is not self._thread:
            self.closed.wait(_DRAIN)

    def encode(self, reply: Any) -> bytes:
        """Encode a reply in this connection's version of RESP."""
        return encode(reply, self.protocol)

    def commands(self, name: str | None = None) -> list[Args]:
        """Return what came in so far, or only one command of it."""
        return [item.args for item in [*self.received] if name is None or item.name == name.upper()]

    def __repr__(self) -> str:
        state = "closed" if self.closed.is_set() else "open"
        return f"<Connection {self.id} to port {self.server.port}, {len(self.received)} commands, {state}>"

    # --- its thread

    def _run(self) -> None:
        try:
            self._serve()
        except OSError:
            pass  # the client is gone
        finally:
            self._end()

    def _serve(self) -> None:
        reader = hiredis.Reader()
        if not self._perform(self.server.on_connect_reply):
            return
        self._flush()
        while not self._ending.is_set():
            data = self._socket.recv(65536)
            if not data:
                return
            reader.feed(data)
            try:
                while (request := reader.gets()) is not False:
                    if not self._handle(request):
                        return
            except hiredis.ProtocolError:
                self._perform(Error("ERR Protocol error: expected '*' or '$'"))
                return
            self._flush()

    def _handle(self, request: Any) -> bool:
        if not isinstance(request, list) or not request or not all(isinstance(part, bytes) for part in request):
            self._perform(Error("ERR Protocol error: a request is an array of bulk strings"))
            return False
        args = tuple(request)
        self.server._record(self, args)
        return self._perform(self.server._reply_to(args), args) and not self._ending.is_set()

    def _perform(self, reply: Any, args: Args = ()) -> bool:
        """Carry out a reply; return False when the connection is to end."""
        if callable(reply):
            reply = reply(self, args)
        match reply:
            case Usual():
                return self._perform(self.server._usual(self, args), args)
            case Sequence():
                return self._perform(reply.next(), args)
            case Silence():
                return True
            case Pieces():
                self._flush()
                self.send_pieces(*reply.pieces)
                return True
            case Many():
                return all(self._perform(part, args) for part in reply.replies)
            case Delay():
                self._flush()
                return not self._ending.wait(reply.seconds) and self._perform(reply.reply, args)
            case Hold():
                self._flush()
                while not reply.event.wait(0.02):
                    if self._ending.is_set():
                        return False
                return self._perform(reply.reply, args)
            case Close():
                before = len(self._out)
                self._perform(reply.reply, args)
                if reply.after_bytes is not None:
                    del self._out[before + reply.after_bytes :]
                self._reset = reply.reset
                return False
        self._out += self.encode(reply)
        return True

    def _flush(self) -> None:
        with self._send_lock:
            data, self._out = bytes(self._out), bytearray()
            self._send(data)

    def _send(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            try:
                view = view[self._socket.send(view) :]
            except BlockingIOError:  # SO_SNDTIMEO is over
                if self._ending.is_set():
                    raise ConnectionAbortedError from None

    def _end(self) -> None:
        self.server._closing(self)
        try:
            if self._reset:
                self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _ABRUPT)
            self._flush()
            if not self._reset:
                self._socket.shutdown(socket.SHUT_WR)
                self._drain()
        except OSError:
            pass
        self._socket.close()
        self.closed.set()
        self.server._closed(self)

    def _drain(self) -> None:
        # Closing with unread input would send RST, and that may destroy on the way what was sent before.
        deadline = time.monotonic() + _DRAIN
        with selectors.DefaultSelector() as selector:
            selector.register(self._socket, selectors.EVENT_READ)
            while not self._ending.is_set() and time.monotonic() < deadline:
                if selector.select(0.02) and not self._socket.recv(65536):
                    return


class ScriptedServer:
    """A server that follows a script; see the module's description.

    Attributes:
        host: ``127.0.0.1``.
        port: Its port; the same after :meth:`start_listening`.
        unixsocket: Path it listens on as well, or None.
        behaviour: The built-in behaviour and its settings, such as ``behaviour.password``.
        on_connect_reply: What a new connection is greeted with; see :meth:`on_connect`.
    """

    def __init__(
        self,
        *,
        port: int | None = None,
        unixsocket: str | os.PathLike[str] | None = None,
        behaviour: Behaviour | None = None,
        **settings: Any,
    ) -> None:
        """Listen on a free port, or on ``port``.

        Args:
            port: Port of 127.0.0.1.
            unixsocket: Path to listen on as well.
            behaviour: Built-in behaviour; by default one of its own.
            **settings: Attributes of :class:`.behaviour.Behaviour`, such as ``password="secret"`` or ``resp3=False``.
        """
        self.host = "127.0.0.1"
        self.port = port or 0
        self.unixsocket = os.fspath(unixsocket) if unixsocket is not None else None
        self.behaviour = behaviour or Behaviour(**settings)
        self.on_connect_reply: Any = Silence()
        self._script: dict[str, Any] = {}
        self._received: list[Received] = []
        self._open: list[Connection] = []
        self._living: list[Connection] = []  # also those that only wait for the client to close as well
        self._accepted = 0
        self._changed = threading.Condition()
        self._data = threading.RLock()  # commands are atomic, as on a real server
        self._listeners: list[socket.socket] = []
        self._wake: socket.socket | None = None
        self._thread: threading.Thread | None = None
        self.start_listening()

    # --- the script

    def on(self, command: str, reply: Any) -> None:
        """Answer a command in a certain way from now on, on every connection.

        Args:
            command: Its name, or name and subcommand (``"CLIENT SETINFO"``), or ``"*"`` for all that have no
                entry of their own.
            reply: A value or an action; see the module's description.
        """
        self._script[command.upper()] = reply

    def off(self, *commands: str) -> None:
        """Answer some commands (by default all) by the built-in behaviour again."""
        for command in commands or [*self._script]:
            self._script.pop(command.upper(), None)

    def on_connect(self, reply: Any) -> None:
        """Greet new connections, for example with ``Close(Error("ERR max number of clients reached"))``."""
        self.on_connect_reply = reply

    def _reply_to(self, args: Args) -> Any:
        name = args[0].decode(errors="replace").upper()
        script = self._script
        if len(args) > 1:
            both = f"{name} {args[1].decode(errors='replace').upper()}"
            if both in script:
                return script[both]
        return script[name] if name in script else script.get("*", DEFAULT)

    # --- what happened

    @property
    def received(self) -> list[Received]:
        """Every command so far, of all connections, in the order of arrival."""
        with self._changed:
            return [*self._received]

    @property
    def connections(self) -> list[Connection]:
        """The connections that are open now, oldest first."""
        with self._changed:
            return [*self._open]

    @property
    def accepted(self) -> int:
        """How many connections were made so far."""
        return self._accepted

    def commands(self, name: str | None = None) -> list[Args]:
        """Return the arguments of everything received so far, or of one command (``"GET"``) only."""
        return [item.args for item in self.received if name is None or item.name == name.upper()]

    def clear(self) -> None:
        """Forget what was received so far."""
        with self._changed:
            self._received.clear()

    def wait_for(self, predicate: Callable[[ScriptedServer], Any], timeout: float = 5.0) -> Any:
        """Wait until a predicate of this server holds, and return its value.

        It is asked again whenever a command comes in and whenever a connection begins or ends.

        Args:
            predicate: For example ``lambda server: len(server.connections) == 2``.
            timeout: Longest wait, in seconds.

        Raises:
            TimeoutError: It does not hold after ``timeout``; the message says what did happen.
        """
        deadline = time.monotonic() + timeout
        with self._changed:
            while not (value := predicate(self)):
                left = deadline - time.monotonic()
                if left <= 0:
                    raise TimeoutError(f"{self!r} waited in vain; last received: {self.commands()[-20:]}")
                self._changed.wait(left)
            return value

    def wait_for_command(self, name: str, count: int = 1, timeout: float = 5.0) -> list[Args]:
        """Wait until a command was received ``count`` times; return the arguments of each."""
        self.wait_for(lambda server: len(server.commands(name)) >= count, timeout)
        return self.commands(name)

    # --- what a test does to it

    def push(self, *items: Any) -> None:
        """Send an out-of-band message on all connections: ``push("message", "channel", "text")``."""
        for connection in self.connections:
            connection.push(*items)

    def close_connections(self, *, reset: bool = False) -> None:
        """End all connections, orderly or with RST."""
        for connection in self.connections:
            connection.close(reset=reset)

    def start_listening(self) -> None:
        """Listen again, on the same port."""
        if self._thread is not None:
            return
        listener = listen(self.port or None)
        self.port = listener.getsockname()[1]
        self._listeners = [listener]
        if self.unixsocket is not None:
            if os.path.exists(self.unixsocket):
                os.unlink(self.unixsocket)
            local = socket.socket(socket.AF_UNIX)
            local.bind(self.unixsocket)
            local.listen(512)
            self._listeners.append(local)
        self._wake, wake = socket.socketpair()
        self._thread = threading.Thread(
            target=self._accept, args=(self._listeners, wake), name=f"scripted-{self.port}", daemon=True
        )
        self._thread.start()

    def stop_listening(self) -> None:
        """Refuse new connections; those that are open stay."""
        if self._thread is not None and self._wake is not None:
            self._wake.close()
            self._thread.join()
            self._thread = None

    def close(self) -> None:
        """Stop listening and end all connections."""
        self.stop_listening()
        with self._changed:
            living = [*self._living]
        for connection in living:
            connection.close(reset=True)
        give_back(self.port)
        if self.unixsocket is not None and os.path.exists(self.unixsocket):
            os.unlink(self.unixsocket)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<ScriptedServer {self.host}:{self.port}, {len(self.connections)} of {self._accepted} connections>"

    # --- its threads

    def _accept(self, listeners: list[socket.socket], wake: socket.socket) -> None:
        with selectors.DefaultSelector() as selector:
            for opened in (wake, *listeners):
                opened.setblocking(False)
                selector.register(opened, selectors.EVENT_READ)
            while True:
                readable = [key.fileobj for key, _ in selector.select()]
                for listener in listeners:
                    # Also before the end: a connection that was made must not be reset when listening stops.
                    while self._welcome(listener):
                        pass
                if wake in readable:
                    break
        for opened in (wake, *listeners):
            opened.close()

    def _welcome(self, listener: socket.socket) -> bool:
        try:
            sock, _ = listener.accept()
        except BlockingIOError:
            return False
        except OSError:
            return True  # this one went away before we came to it
        sock.setblocking(True)
        if sock.family != socket.AF_UNIX:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with self._changed:
            self._accepted += 1
            connection = Connection(self, sock, self._accepted)
            self._open.append(connection)
            self._living.append(connection)
            self._changed.notify_all()
        connection._thread.start()
        return True

    def _record(self, connection: Connection, args: Args) -> None:
        item = Received(time.monotonic(), connection, args)
        with self._changed:
            self._received.append(item)
            connection.received.append(item)
            self._changed.notify_all()

    def _usual(self, connection: Connection, args: Args) -> Any:
        with self._data:
            return self.behaviour.answer(self, connection, args)

    def _closing(self, connection: Connection) -> None:
        with self._changed:
            self._open.remove(connection)
            self._changed.notify_all()

    def _closed(self, connection: Connection) -> None:
        with self._changed:
            self._living.remove(connection)
            self._changed.notify_all()
