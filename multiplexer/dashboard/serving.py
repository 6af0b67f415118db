"""The server of a dashboard; it runs in a thread of its own."""

from __future__ import annotations

import asyncio
import ipaddress
import secrets
import socket
import threading
from collections.abc import Iterable
from contextlib import suppress

import uvicorn

from ..errors import ConfigurationError
from .application import event, make_application
from .feed import Feed
from .observer import Observer

__all__ = ["LEAST_TOKEN", "Dashboard"]

#: Characters of a token at least.
LEAST_TOKEN = 16
#: Seconds that ending may take at most.
_ENDING = 0.1


class Dashboard:
    """A page for all processes whose sockets fit some patterns.

    Attributes:
        address: Where it is, as a URL without the token.
        token: What browsers must have, or None where whoever reaches it may look.
    """

    def __init__(
        self, patterns: Iterable[str], host: str = "127.0.0.1", port: int = 8000, token: str | None = None
    ) -> None:
        """Listen; nothing is answered before :meth:`start`.

        Args:
            patterns: Patterns of the paths that applications gave to ``serve_status``, or ports.
            host: Name or address to listen at. Beyond loopback a token is needed, and made where none is given.
            port: TCP port; 0 for any.
            token: What browsers must have.

        Raises:
            ConfigurationError: It cannot listen there, or the token is too short.
        """
        if token is not None and len(token) < LEAST_TOKEN:
            raise ConfigurationError(f"dashboard: a token has {LEAST_TOKEN} characters at least")
        self._socket, is_loopback = _listen(host, port)
        bound, port = self._socket.getsockname()[:2]
        shown = f"[{host}]" if ":" in host else host
        self.address = f"http://{shown}:{port}/"
        self.token = token if token is not None or is_loopback else secrets.token_urlsafe(24)
        # On loopback whoever can send a request may look, but no page from elsewhere whose name leads here.
        hosts = {host, bound, "localhost", "127.0.0.1", "::1"} if is_loopback else None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._is_over = False
        self._over = asyncio.Event()
        self._feed = Feed()
        self._observer = Observer(patterns, self._publish)
        application = make_application(
            self._observer,
            self._feed,
            hosts=None if hosts is None else {f"[{each}]" if ":" in each else each for each in hosts},
            token=self.token,
        )
        self._server = uvicorn.Server(
            uvicorn.Config(
                application,
                log_config=None,
                access_log=False,
                lifespan="off",
                loop="asyncio",
                http="h11",
                ws="none",
                server_header=False,
            )
        )
        self._thread = threading.Thread(target=self._run, name="multiplexer-dashboard-http", daemon=True)

    def start(self) -> None:
        """Begin to look at the applications, and to answer."""
        self._observer.start()
        self._thread.start()

    def wait(self) -> None:
        """Wait until it ends."""
        self._thread.join()

    def close(self) -> None:
        """End it, whatever pages are open."""
        self._is_over = True
        self._observer.close()
        if self._loop is not None:
            with suppress(RuntimeError):  # it has ended
                self._loop.call_soon_threadsafe(self._over.set)
        if self._thread.ident is None:
            self._socket.close()
        else:
            self._thread.join(_ENDING)

    def _run(self) -> None:
        with self._socket:
            asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        if self._is_over:  # since before there was a loop to tell
            return
        serving = asyncio.create_task(self._server.serve(sockets=[self._socket]))
        ending = asyncio.create_task(self._over.wait())
        await asyncio.wait({serving, ending}, return_when=asyncio.FIRST_COMPLETED)
        # The server itself would wait for the pages, which never end.
        state = self._server.server_state
        for connection in tuple(state.connections):
            connection.transport.abort()
        if state.tasks:
            await asyncio.wait(tuple(state.tasks), timeout=_ENDING / 2)
        for task in (serving, ending):
            task.cancel()
        await asyncio.wait({serving, ending})
        if not serving.cancelled():
            serving.result()

    def _publish(self) -> None:
        """Tell the pages, from the observer's thread."""
        loop = self._loop
        if loop is None:
            return
        events = {process: event("state", self._observer.state(process)) for process in self._feed.wanted()}
        with suppress(RuntimeError):  # it has ended
            loop.call_soon_threadsafe(self._feed.publish, events)


def _listen(host: str, port: int) -> tuple[socket.socket, bool]:
    """Return a listening socket, and whether only this machine reaches it."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise ConfigurationError(f"dashboard: {host}: {error.strerror}") from error
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen()
    except OSError as error:
        listener.close()
        raise ConfigurationError(f"dashboard: {host}:{port}: {error.strerror}") from error
    return listener, ipaddress.ip_address(str(listener.getsockname()[0]).partition("%")[0]).is_loopback
