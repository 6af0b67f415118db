"""A model of a server: sessions, transactions, subscriptions, blocking pops, and what it says of itself."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

import hiredis

from tests.servers.wire import OK, Error, Push, Simple, encode

from .clock import CLOCK
from .keyspace import COMMANDS, SCRIPTS, TEXTS, WRONG_TYPE, Keyspace
from .network import Link, Network, Place

Words = list[bytes]

#: What does not queue up in a transaction.
_AT_ONCE = (b"EXEC", b"DISCARD", b"MULTI", b"WATCH")
#: What a server answers while it loads its data.
_WHILE_LOADING = (*_AT_ONCE, b"HELLO", b"AUTH", b"CLIENT", b"INFO", b"SELECT", b"CONFIG", b"SUBSCRIBE", b"RESET")
_NONE = object()


class ClientSession:
    """A server's side of a link.

    Attributes:
        server: Whose it is.
        link: The link.
        protocol: 2 or 3.
        database: Which one it is in.
        asking: Whether the next command comes by way of an ASK.
        reads_here: Whether READONLY was said.
        channels: What it has subscribed to.
    """

    def __init__(self, server: Server, link: Link) -> None:
        self.server = server
        self.link = link
        self.number = server.next_client()
        self.protocol = 2
        self.database = 0
        self.asking = False
        self.reads_here = False
        self.channels: dict[bytes, None] = {}
        self.caches_next = False
        self.tracks = False
        self._reader = hiredis.Reader()
        self._inbox: deque[Words] = deque()
        self._queued: list[Words] | None = None
        self._is_spoilt = False
        self._watched: dict[tuple[int, bytes], int] = {}
        self._blocked: tuple[list[bytes], object] | None = None

    # -- bytes -----------------------------------------------------------------------------------------

    def feed(self, data: bytes) -> None:
        """Take bytes of the client's."""
        self._reader.feed(data)
        while (words := self._reader.gets()) is not False:
            self._inbox.append(words)
        self.go_on()

    def go_on(self) -> None:
        """Do what was asked and is not done yet."""
        while self._inbox and self._blocked is None and not self.server.hangs:
            words = self._inbox.popleft()
            reply = self._do(words)
            if reply is not _NONE:
                self.say(reply)

    def say(self, reply: Any) -> None:
        """Send a reply or a push."""
        self.link.to_client(encode(reply, self.protocol))

    def gone(self) -> None:
        """The client has closed, or the link broke."""
        self.server.sessions.pop(self.number, None)
        self.server.forget_tracking(self)

    # -- commands --------------------------------------------------------------------------------------

    def _do(self, words: Words) -> Any:
        name = words[0].upper()
        server = self.server
        server.commands += 1
        if server.network.trace is not None:
            server.network.tell(f"{server.name} <- {self.number}: {b' '.join(words)[:100]!r}")
        if server.loading and name not in _WHILE_LOADING:
            self._is_spoilt = True
            return Error("LOADING server is loading the dataset in memory")
        if self._queued is not None and name not in _AT_ONCE:
            return self._queue(name, words)
        # It lasts for the next command, or for the whole transaction that this begins.
        asking, self.asking = self.asking, name == b"ASKING" or (name == b"MULTI" and self.asking)
        if name == b"EXEC":
            return self._exec(asking)
        return self._run(name, words, asking)

    def _queue(self, name: bytes, words: Words) -> Any:
        assert self._queued is not None
        refusal = self._refusal(name, words, self.asking)
        if refusal is not None:
            self._is_spoilt = True
            return refusal
        self._queued.append(words)
        return Simple("QUEUED")

    def _refusal(self, name: bytes, words: Words, asking: bool) -> Error | None:
        model = COMMANDS.get(name)
        if model is not None:
            return self.server.refusal(self, words[model.keys], model.writes, asking)
        if name in (b"EVALSHA", b"EVAL", b"BLPOP"):
            keys = words[1:-1] if name == b"BLPOP" else words[3 : 3 + int(words[2])]
            return self.server.refusal(self, keys, True, asking)
        return None

    def _run(self, name: bytes, words: Words, asking: bool) -> Any:
        refusal = self._refusal(name, words, asking)
        if refusal is not None:
            return refusal
        model = COMMANDS.get(name)
        try:
            if model is not None:
                space = self.space
                if self.caches_next and not model.writes:
                    self.server.track(self, words[model.keys])
                self.caches_next = False
                return model.run(space, *words[1:])
            method = getattr(self, f"_on_{name.decode().lower()}", None)
            if method is not None:
                return method(words)
        except TypeError:
            return WRONG_TYPE
        return self.server.answer(self, name, words)

    @property
    def space(self) -> Keyspace:
        """The database it is in."""
        return self.server.spaces[self.database]

    def _on_ping(self, words: Words) -> Any:
        if self.protocol == 2 and self.channels:
            return [b"pong", words[1] if len(words) > 1 else b""]
        return words[1] if len(words) > 1 else Simple("PONG")

    def _on_echo(self, words: Words) -> Any:
        return words[1]

    def _on_select(self, words: Words) -> Any:
        index = int(words[1])
        if not 0 <= index < len(self.server.spaces):
            return Error("ERR DB index is out of range")
        self.database = index
        return OK

    def _on_hello(self, words: Words) -> Any:
        if len(words) > 1:
            self.protocol = int(words[1])
        said = self.server.introduction()
        return {**said, "proto": self.protocol, "id": self.number}

    def _on_client(self, words: Words) -> Any:
        word = words[1].upper()
        if word == b"ID":
            return self.number
        if word == b"CACHING":
            self.caches_next = words[2].upper() == b"YES"
        elif word == b"TRACKING":
            self.tracks = words[2].upper() == b"ON"
        return OK

    def _on_asking(self, words: Words) -> Any:
        return OK

    def _on_readonly(self, words: Words) -> Any:
        self.reads_here = True
        return OK

    def _on_readwrite(self, words: Words) -> Any:
        self.reads_here = False
        return OK

    # -- scripts ---------------------------------------------------------------------------------------

    def _on_evalsha(self, words: Words) -> Any:
        if words[1] not in self.server.scripts:
            return Error("NOSCRIPT No matching script. Please use EVAL.")
        return SCRIPTS[words[1]](self.space, *words[3:])

    def _on_eval(self, words: Words) -> Any:
        digest = TEXTS[words[1]]
        self.server.scripts.add(digest)
        return SCRIPTS[digest](self.space, *words[3:])

    # -- transactions ----------------------------------------------------------------------------------

    def _on_multi(self, words: Words) -> Any:
        if self._queued is not None:
            return Error("ERR MULTI calls can not be nested")
        self._queued, self._is_spoilt = [], False
        return OK

    def _on_watch(self, words: Words) -> Any:
        for key in words[1:]:
            self._watched[self.database, key] = self.space.versions.get(key, 0)
        return OK

    def _on_unwatch(self, words: Words) -> Any:
        self._watched.clear()
        return OK

    def _on_discard(self, words: Words) -> Any:
        self._queued = None
        self._watched.clear()
        return OK

    def _exec(self, asking: bool) -> Any:
        queued, self._queued = self._queued, None
        watched, self._watched = self._watched, {}
        if queued is None:
            return Error("ERR EXEC without MULTI")
        if self._is_spoilt:
            return Error("EXECABORT Transaction discarded because of previous errors.")
        for words in queued:
            refusal = self._refusal(words[0].upper(), words, asking)
            if refusal is not None:  # what was so when they queued is so no more
                says = refusal.text
                return Error(f"EXECABORT Transaction discarded because of: {says}") if "READONLY" in says else refusal
        if any(self.server.spaces[db].versions.get(key, 0) != seen for (db, key), seen in watched.items()):
            return None
        return [self._run(each[0].upper(), each, asking) for each in queued]

    # -- subscriptions ---------------------------------------------------------------------------------

    def _on_subscribe(self, words: Words) -> Any:
        for channel in words[1:]:
            self.channels[channel] = None
            self.say(Push(b"subscribe", channel, len(self.channels)))
        return _NONE

    def _on_unsubscribe(self, words: Words) -> Any:
        for channel in words[1:] or list(self.channels) or [None]:  # type: ignore[list-item]
            self.channels.pop(channel, None)
            self.say(Push(b"unsubscribe", channel, len(self.channels)))
        return _NONE

    def _on_publish(self, words: Words) -> Any:
        return self.server.publish(words[1], words[2])

    # -- blocking --------------------------------------------------------------------------------------

    def _on_blpop(self, words: Words) -> Any:
        keys, seconds = words[1:-1], float(words[-1])
        found = self._pop(keys)
        if found is not None or self._queued is not None:
            return found
        blocked = object()
        self._blocked = keys, blocked
        if seconds:
            self.server.network.after(seconds, self._give_up, blocked)
        return _NONE

    def _pop(self, keys: list[bytes]) -> Any:
        for key in keys:
            there = self.space.get(key, list)
            if there:
                self.space.put(key, there[1:])
                return [key, there[0]]
        return None

    def _give_up(self, blocked: object) -> None:
        if self._blocked is not None and self._blocked[1] is blocked:
            self._blocked = None
            self.say(None)
            self.go_on()

    def pushed_to(self, key: bytes) -> None:
        """A list was pushed to: whoever waits for one gets an element, one waiter each."""
        if self._blocked is None or key not in self._blocked[0] or self.server.hangs or self.server.role == "slave":
            return
        found = self._pop(self._blocked[0])
        if found is not None:
            self._blocked = None
            self.say(found)
            self.go_on()

    def unblock(self) -> None:
        """The server takes no writes any more."""
        if self._blocked is not None:
            self._blocked = None
            self.say(
                Error("UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)")
            )
            self.go_on()


class Server:
    """A server that does one thing at a time.

    Attributes:
        network: Where it is.
        name: What stories call it.
        place: Its address and port.
        spaces: Its databases, which it may share with others of its shard.
        role: ``"master"`` or ``"slave"``.
        primary: Whose replica it is.
        sessions: Its clients, by number.
        hangs: Whether its process is stopped.
        loading: Whether it loads its data.
        full: Whether it takes no more clients.
        commands: How many it was sent.
    """

    mode = "standalone"

    def __init__(self, network: Network, place: Place, spaces: Sequence[Keyspace] | None = None) -> None:
        self.network = network
        self.place = place
        self.name = f"{place[0]}:{place[1]}"
        self.spaces = [Keyspace() for _ in range(2)] if spaces is None else list(spaces)
        self.role = "master"
        self.primary: Server | None = None
        self.sessions: dict[int, ClientSession] = {}
        self.scripts: set[bytes] = set()
        self.hangs = self.loading = self.full = False
        self.commands = 0
        self._incarnation = 0
        self._tracked: dict[bytes, dict[ClientSession, None]] = {}
        self._clients = 0
        for space in self.spaces:
            space.listeners.append(self._wrote)
        network.listeners[place] = self

    @property
    def address(self) -> str:
        """Its address."""
        return self.place[0]

    @property
    def is_up(self) -> bool:
        """Whether it listens."""
        return self.network.listeners.get(self.place) is self

    def next_client(self) -> int:
        """Return the number of a new client."""
        self._clients += 1
        return self._clients + self._incarnation * 1_000_000

    # -- the network -----------------------------------------------------------------------------------

    def accept(self, link: Link) -> ClientSession:
        """Take a client."""
        session = ClientSession(self, link)
        if self.full:
            self.network.after(0.0, self._turn_away, session)
        else:
            self.sessions[session.number] = session
        return session

    def _turn_away(self, session: ClientSession) -> None:
        session.say(Error("ERR max number of clients reached"))
        session.link.server_closes()

    def end_clients(self) -> None:
        """Close every client's connection, as CLIENT KILL does."""
        sessions, self.sessions = self.sessions, {}
        for session in sessions.values():
            self.forget_tracking(session)
            session.link.server_closes()

    def die(self) -> None:
        """End as a process does that is killed; what it had acknowledged is on its disk."""
        self.network.listeners.pop(self.place, None)
        self.hangs = False
        for link in self.network.links_to(self.address):
            if link.place == self.place:
                link.reset()
        self.sessions.clear()
        self._tracked.clear()

    def rise(self, place: Place | None = None) -> None:
        """Start anew, perhaps at another address."""
        self._incarnation += 1
        self.scripts.clear()
        self.place = place or self.place
        self.network.listeners[self.place] = self

    def follow(self, primary: Server | None) -> None:
        """Be a replica from here on, or the primary."""
        self.role, self.primary = ("master", None) if primary is None else ("slave", primary)
        if primary is not None:
            for session in list(self.sessions.values()):
                session.unblock()

    def hang(self) -> None:
        """Stop, as with SIGSTOP."""
        self.hangs = True

    def wake(self) -> None:
        """Go on after :meth:`hang`."""
        if self.hangs:
            self.hangs = False
            for session in list(self.sessions.values()):
                session.go_on()

    # -- what it says ----------------------------------------------------------------------------------

    def introduction(self) -> dict[str, Any]:
        """What HELLO says, but for what is the connection's own."""
        return {"server": "valkey", "version": "8.1.0", "mode": self.mode, "role": self.role, "modules": []}

    def answer(self, session: ClientSession, name: bytes, words: Words) -> Any:
        """Answer what is about the server."""
        if name == b"INFO":
            return self._info()
        if name == b"CONFIG":
            return {b"databases": b"%d" % len(self.spaces)} if words[2] == b"databases" else {}
        if name == b"TIME":
            now = CLOCK.time()
            return [str(int(now)), str(int(now % 1 * 1e6))]
        if name == b"ROLE":
            return self._role()
        return Error(f"ERR unknown command '{name.decode()}'")

    def command(self, *words: str) -> Any:
        """Answer somebody who needs no connection."""
        return self.answer(None, words[0].encode(), [])  # type: ignore[arg-type]

    def _info(self) -> str:
        lines = [
            "redis_version:7.2.4",
            "valkey_version:8.1.0",
            f"server_mode:{self.mode}",
            f"run_id:{self.name}/{self._incarnation}",
            f"role:{self.role}",
        ]
        if self.primary is not None:
            host, port = self.primary.place
            lines += [f"master_host:{host}", f"master_port:{port}", "master_link_status:up", "slave_read_only:1"]
        return "\r\n".join([*lines, ""])

    def _role(self) -> list[Any]:
        if self.primary is None:
            return ["master", 0, []]
        host, port = self.primary.place
        return ["slave", host, port, "connected", 0]

    def refusal(self, session: ClientSession, keys: list[bytes], writes: bool, asking: bool) -> Error | None:
        """Return why a command is refused, or None."""
        if writes and self.role == "slave":
            return Error("READONLY You can't write against a read only replica.")
        return None

    # -- what is pushed --------------------------------------------------------------------------------

    def publish(self, channel: bytes, data: bytes) -> int:
        """Hand a message to whoever has subscribed; return how many did."""
        for other in self.hearers():
            if other.is_up and other.address not in self.network.parted:
                other.tell_subscribers(channel, data)
        return self.tell_subscribers(channel, data)

    def hearers(self) -> list[Server]:
        """Return the servers that pass on what is published here: its replicas."""
        return []

    def tell_subscribers(self, channel: bytes, data: bytes) -> int:
        """Hand a message to those of its own clients who have subscribed."""
        told = [session for session in self.sessions.values() if channel in session.channels]
        for session in told:
            session.say(Push(b"message", channel, data))
        return len(told)

    def track(self, session: ClientSession, keys: list[bytes]) -> None:
        """Remember that a client keeps some keys."""
        for key in keys:
            self._tracked.setdefault(key, {})[session] = None

    def forget_tracking(self, session: ClientSession) -> None:
        """A client keeps nothing any more."""
        for sessions in self._tracked.values():
            sessions.pop(session, None)

    def _wrote(self, key: bytes) -> None:
        for session in self._tracked.pop(key, ()):
            session.say(Push(b"invalidate", [key]))
        for session in list(self.sessions.values()):
            session.pushed_to(key)


#: Something that happens to a server.
Happening = Callable[[Server], None]
