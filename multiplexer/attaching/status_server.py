"""Shows what a multiplexer of a running application does to whoever attaches to a socket.

A viewer is told the state as one line of JSON each time it sends something, whatever that is: there are no commands.
A thread of its own answers, so that an event loop that is held up can be looked at, too. While nobody is attached that
thread sleeps.
"""

from __future__ import annotations

import json
import os
import selectors
import socket
import stat
import sys
import threading
import weakref
from collections.abc import Callable
from time import monotonic, sleep, time
from typing import Any

from ..configuration.hidden import shown
from ..core.logging import logger
from ..drivers.at_fork import after_fork_in_child
from ..errors import ConfigurationError, DataError

__all__ = ["StatusServer"]

#: Viewers at the same time; of more one that is stuck has to leave, or the newest.
MOST_VIEWERS = 8
#: Seconds after which a viewer is stuck that has not taken all of an answer.
STUCK_AFTER = 1.0
#: Seconds between two answers to a viewer, so that one that asks all the time costs little.
LEAST_INTERVAL = 0.05
#: How often a state is looked at that changes meanwhile.
_ATTEMPTS = 5


class _Viewer:
    """Somebody who is attached.

    Attributes:
        socket: The connection.
        left: What is still to be sent.
        asked_at: When it last asked, in seconds of the monotonic clock.
        rests_until: When it may ask again; 0 for at once.
    """

    def __init__(self, sock: socket.socket) -> None:
        self.socket = sock
        self.left = memoryview(b"")
        self.asked_at = 0.0
        self.rests_until = 0.0


class StatusServer:
    """Shows the state of one multiplexer or group; get it from their ``serve_status``.

    Attributes:
        address: Where: a path, or host and port.
    """

    def __init__(self, look: Callable[[], dict[str, Any]], where: str | os.PathLike[str] | int) -> None:
        """Begin to show what a method returns, which is held weakly.

        Args:
            look: Returns plain values; called in a thread.
            where: Path of a Unix socket, or a port on loopback; 0 for any.

        Raises:
            DataError: ``where`` is neither.
            ConfigurationError: Somebody else serves there, or it is to be had for another reason.
        """
        self._listener, self.address, self._path = _listen(where)
        self._file = None if self._path is None else os.lstat(self._path).st_ino
        self._look = weakref.WeakMethod(look, self._looked_last)
        self._wakes, self._wake = socket.socketpair()
        for each in (self._listener, self._wakes, self._wake):
            each.setblocking(False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._selector.register(self._wakes, selectors.EVENT_READ)
        self._viewers: set[_Viewer] = set()
        self._is_closed = False
        self._pid = os.getpid()
        self._thread = threading.Thread(target=self._run, name="multiplexer-status", daemon=True)
        _servers.add(self)
        self._thread.start()

    @shown
    def __repr__(self) -> str:
        return f"<StatusServer {self.address}{' closed' if self._is_closed else ''}>"

    def close(self) -> None:
        """Show it no longer. Viewers are detached; it may be called again."""
        if self._is_closed or self._pid != os.getpid():
            return
        self._stop()
        if self._thread is not threading.current_thread():
            self._thread.join(1.0)

    def _stop(self) -> None:
        self._is_closed = True
        try:
            self._wake.send(b"\0")
        except OSError:  # it has ended, or will wake up anyway
            pass

    def _looked_last(self, reference: object) -> None:
        """The multiplexer is gone. Called by the garbage collector in whatever thread: it waits for nothing."""
        self._stop()

    # -- the thread ------------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            while not self._is_closed:
                for key, _ in self._selector.select(self._until_somebody_may_ask()):
                    self._attend(key)
        except Exception:
            logger().exception("the state is shown no longer at %s", self.address)
        finally:
            self._is_closed = True
            if self._pid == os.getpid():
                self._end()

    def _end(self) -> None:
        try:
            if self._path is not None and os.lstat(self._path).st_ino == self._file:
                os.unlink(self._path)
        except OSError:  # somebody has removed it
            pass
        self._close_sockets()

    def _close_sockets(self) -> None:
        self._selector.close()
        for sock in (self._listener, self._wakes, self._wake, *(viewer.socket for viewer in self._viewers)):
            sock.close()

    def _until_somebody_may_ask(self) -> float | None:
        """Let viewers ask again who have rested; return in how many seconds the next one may."""
        now, soonest = monotonic(), None
        for viewer in self._viewers:
            wait = viewer.rests_until - now
            if not viewer.rests_until:
                continue
            if wait <= 0:
                viewer.rests_until = 0.0
                self._selector.register(viewer.socket, selectors.EVENT_READ, viewer)
            elif soonest is None or wait < soonest:
                soonest = wait
        return soonest

    def _attend(self, key: selectors.SelectorKey) -> None:
        viewer = key.data
        if viewer is None:
            if key.fileobj is self._listener:
                self._accept()
            return
        try:
            if viewer not in self._viewers:
                pass  # it had to leave just now
            elif viewer.left:
                self._go_on(viewer)
            elif viewer.socket.recv(4096):
                self._answer(viewer)
            else:
                self._drop(viewer)
        except BlockingIOError:
            pass
        except OSError:
            self._drop(viewer)

    def _accept(self) -> None:
        try:
            sock, _ = self._listener.accept()
        except BlockingIOError:
            return
        except OSError:
            sleep(LEAST_INTERVAL)  # there is no descriptor to be had, say: who waits goes on waiting
            return
        if len(self._viewers) >= MOST_VIEWERS:
            since = monotonic() - STUCK_AFTER
            stuck = next((each for each in self._viewers if each.left and each.asked_at < since), None)
            if stuck is None:
                sock.close()
                return
            self._drop(stuck)
        sock.setblocking(False)
        viewer = _Viewer(sock)
        self._viewers.add(viewer)
        self._selector.register(sock, selectors.EVENT_READ, viewer)

    def _answer(self, viewer: _Viewer) -> None:
        look = self._look()
        if look is None:
            self._is_closed = True
            return
        for _ in range(_ATTEMPTS):
            try:
                status = look()
                break
            except RuntimeError:  # something came or went as it was looked at, in another thread
                pass
        else:
            self._drop(viewer)
            return
        found = {"pid": self._pid, "program": os.path.basename(sys.argv[0]), "at": time(), "status": status}
        viewer.asked_at = monotonic()
        viewer.left = memoryview(json.dumps(found, default=str).encode() + b"\n")
        self._selector.modify(viewer.socket, selectors.EVENT_WRITE, viewer)

    def _go_on(self, viewer: _Viewer) -> None:
        viewer.left = viewer.left[viewer.socket.send(viewer.left) :]
        if not viewer.left:
            self._selector.unregister(viewer.socket)
            viewer.rests_until = monotonic() + LEAST_INTERVAL

    def _drop(self, viewer: _Viewer) -> None:
        self._viewers.remove(viewer)
        if not viewer.rests_until:
            self._selector.unregister(viewer.socket)
        viewer.socket.close()

    # -- forks -----------------------------------------------------------------------------------------

    def leave_to_parent(self) -> None:
        """In the child of a fork, where the thread is not: close what it had, and leave the path to the parent."""
        if not self._is_closed:
            self._is_closed = True
            self._close_sockets()


def _listen(where: Any) -> tuple[socket.socket, str, str | None]:
    """Return a listening socket, its address in words, and its path if it has one."""
    if isinstance(where, int) and not isinstance(where, bool):
        if not 0 <= where <= 65535:
            raise DataError("serve_status: a port is a number from 0 to 65535")
        listener = socket.socket()
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(("127.0.0.1", where))
            listener.listen(MOST_VIEWERS)
        except OSError as error:
            listener.close()
            raise ConfigurationError(f"serve_status: port {where}: {error.strerror}") from error
        return listener, "{}:{}".format(*listener.getsockname()), None
    if not isinstance(where, str | os.PathLike) or not os.fspath(where):
        raise DataError("serve_status: expected the path of a Unix socket, or a port on loopback")
    path = os.path.abspath(os.fspath(where))
    if not hasattr(socket, "AF_UNIX"):
        raise DataError("serve_status: there are no Unix sockets here; give a port")
    _make_room(path)
    listener = socket.socket(socket.AF_UNIX)
    try:
        listener.bind(path)
        os.chmod(path, 0o600)  # before anybody can connect
        listener.listen(MOST_VIEWERS)
    except OSError as error:
        listener.close()
        raise ConfigurationError(f"serve_status: {path}: {error.strerror or error}") from error
    return listener, path, path


def _make_room(path: str) -> None:
    """Remove a socket that a process left behind.

    Raises:
        ConfigurationError: Somebody serves there, or it is no socket.
    """
    try:
        if not stat.S_ISSOCK(os.lstat(path).st_mode):
            raise ConfigurationError(f"serve_status: {path} is there and is no socket")
    except FileNotFoundError:
        return
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(1.0)
        try:
            probe.connect(path)
        except ConnectionRefusedError:
            os.unlink(path)
            return
        except OSError as error:
            raise ConfigurationError(f"serve_status: {path}: {error.strerror or error}") from error
    raise ConfigurationError(f"serve_status: somebody else serves at {path}")


#: Those that show something.
_servers: weakref.WeakSet[StatusServer] = weakref.WeakSet()


def _leave_all_to_parent() -> None:
    for server in tuple(_servers):
        server.leave_to_parent()


after_fork_in_child(_leave_all_to_parent)
