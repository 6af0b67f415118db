"""An HTTP proxy that lets clients through with CONNECT."""

from __future__ import annotations

import socket
import threading
from typing import Self


class HttpTunnel:
    """Listens on a free port of 127.0.0.1 and connects clients to where they ask.

    Attributes:
        host, port: Its address.
        requests: The first line of every request so far.
        refusal: Status line to answer with instead of letting a client through, such as ``"403 Forbidden"``.
    """

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.host, self.port = self._listener.getsockname()
        self.requests: list[str] = []
        self.refusal: str | None = None
        self._sockets: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._run(self._accept)

    def _run(self, target: object, *args: object) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:  # closed
                return
            self._sockets.append(client)
            self._run(self._serve, client)

    def _serve(self, client: socket.socket) -> None:
        try:
            self._talk(client)
        except OSError:
            pass  # the client, or this proxy, is gone

    def _talk(self, client: socket.socket) -> None:
        request = b""
        while b"\r\n\r\n" not in request:
            data = client.recv(4096)
            if not data:
                return
            request += data
        line = request.split(b"\r\n")[0].decode()
        self.requests.append(line)
        if self.refusal is not None:
            client.sendall(f"HTTP/1.1 {self.refusal}\r\n\r\n".encode())
            client.shutdown(socket.SHUT_RDWR)
            return
        host, _, port = line.split()[1].rpartition(":")
        server = socket.create_connection((host.strip("[]"), int(port)))
        self._sockets.append(server)
        # In two parts: the answer may arrive so, too.
        client.sendall(b"HTTP/1.1 200 Connection est")
        client.sendall(b"ablished\r\nVia: test\r\n\r\n")
        self._run(self._copy, server, client)
        self._copy(client, server)

    def _copy(self, source: socket.socket, sink: socket.socket) -> None:
        try:
            while data := source.recv(65536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def close(self) -> None:
        """End it and all of its connections."""
        for sock in (self._listener, *self._sockets):
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            sock.close()
        for thread in self._threads:
            thread.join(5)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()
