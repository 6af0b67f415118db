"""What a scripted server answers when the test does not say otherwise: a small, plausible server."""

from __future__ import annotations

import binascii
import fnmatch
import hashlib
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .actions import Close
from .wire import OK, Error, Push, Raw, Simple

if TYPE_CHECKING:
    from .scripted import Connection, ScriptedServer

Args = tuple[bytes, ...]


@dataclass(slots=True)
class Shard:
    """One shard of a scripted cluster: ranges of slots (both ends included), and its nodes, the primary first."""

    slots: list[tuple[int, int]]
    nodes: list[ScriptedServer]


@dataclass(slots=True)
class Behaviour:
    """State and built-in commands of a scripted server. Tests may change any attribute while it runs.

    Attributes:
        version: What INFO and HELLO claim.
        kind: ``"redis"`` or ``"valkey"``: likewise.
        run_id: 40 hexadecimal digits; also the node's id in a cluster.
        role: ``"master"`` or ``"slave"``; a slave refuses writes.
        primary: ``(host, port)`` a slave claims to replicate.
        password: What AUTH and HELLO ask for, or None for nothing.
        username: The only user.
        resp3: Whether HELLO 3 is accepted; otherwise HELLO is an unknown command.
        config: What CONFIG GET and CONFIG SET work on.
        databases: The data: one dict for each database number.
        cluster: The whole cluster's shards, or None for a server without cluster support.
    """

    version: str = "7.0.15"
    kind: str = "redis"
    run_id: str = field(default_factory=lambda: hashlib.sha1(repr(time.monotonic_ns()).encode()).hexdigest())
    role: str = "master"
    primary: tuple[str, int] = ("127.0.0.1", 6379)
    password: str | None = None
    username: str = "default"
    resp3: bool = True
    config: dict[str, str] = field(
        default_factory=lambda: {
            "timeout": "0",
            "databases": "16",
            "slave-read-only": "yes",
            "replica-read-only": "yes",
            "appendonly": "no",
            "save": "",
            "cluster-enabled": "no",
            "proto-max-bulk-len": "536870912",
        }
    )
    databases: defaultdict[int, dict[bytes, bytes]] = field(default_factory=lambda: defaultdict(dict))
    cluster: list[Shard] | None = None

    def answer(self, server: ScriptedServer, connection: Connection, args: Args) -> Any:
        """Return the reply to one command."""
        name = args[0].decode(errors="replace").lower()
        if self.password is not None and not connection.authenticated and name not in ("auth", "hello", "quit"):
            return Error("NOAUTH Authentication required.")
        if connection.queued is not None and name not in ("exec", "discard", "multi", "quit", "reset"):
            connection.queued.append(args)
            return Simple("QUEUED")
        if name == "cluster" and self.cluster is None:
            return Error("ERR This instance has cluster support disabled")
        handler = None
        if len(args) > 1:
            handler = getattr(self, f"do_{name}_{args[1].decode(errors='replace').lower().replace('-', '_')}", None)
        handler = handler or getattr(self, f"do_{name}", None)
        if handler is None:
            return Error(f"ERR unknown command '{name}', with args beginning with: ")
        try:
            return handler(server, connection, args)
        except IndexError:
            return Error(f"ERR wrong number of arguments for '{name}' command")
        except ValueError:
            return Error("ERR value is not an integer or out of range")

    # --- the connection itself

    def do_auth(self, server: ScriptedServer, connection: Connection, args: Args) -> Any:
        *user, password = (part.decode() for part in args[1:3])
        if self.password is None and not user:
            return Error("ERR AUTH <password> called without any password configured for the default user.")
        if (user or [self.username])[0] != self.username or password != (self.password or password):
            return Error("WRONGPASS invalid username-password pair or user is disabled.")
        connection.authenticated = True
        return OK

    def do_hello(self, server: ScriptedServer, connection: Connection, args: Args) -> Any:
        if not self.resp3:
            return Error(f"ERR unknown command 'HELLO', with args beginning with: {b' '.join(args[1:]).decode()}")
        if len(args) > 1 and args[1] not in (b"2", b"3"):
            return Error("NOPROTO unsupported protocol version")
        rest = [part.upper() for part in args[2:]]
        if b"AUTH" in rest:
            at = rest.index(b"AUTH") + 2
            reply = self.do_auth(server, connection, (b"AUTH", *args[at + 1 : at + 3]))
            if reply is not OK:
                return reply
        if self.password is not None and not connection.authenticated:
            return Error("NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO AUTH")
        if b"SETNAME" in rest:
            connection.name = args[rest.index(b"SETNAME") + 3].decode()
        if len(args) > 1:
            connection.protocol = int(args[1])
        return {
            "server": self.kind,
            "version": self.version,
            "proto": connection.protocol,
            "id": connection.id,
            "mode": "standalone" if self.cluster is None else "cluster",
            "role": "master" if self.role == "master" else "replica",
            "modules": [],
        }

    def do_client(self, server: ScriptedServer, connection: Connection, args: Args) -> Any:
        return Error(f"ERR unknown subcommand '{args[1].decode()}'. Try CLIENT HELP.")

    def do_client_setname(self, server: ScriptedServer, connection: Connection, args: Args) -> Any:
        connection.name = args[2].decode()
        return OK

    def do_client_getname(self, server: ScriptedServer, connection: Connection, args: Args) -> Any:
        return connection.name or None

    def do_client_id(self, server: ScriptedServer, connection: Connection, args: Args) -> Any:
        return connection.id

    def do_client_info(self, server: ScriptedServer, connection: Connection, args: Args) -> Any:
        return f"id={connection.id} name={connection.name} db={connection.database} resp={connection.protocol}\n"

    def _ok(self, server: ScriptedServer, connection: Connection, args: Args) -> Any:
        return OK

    do_client_setinfo = do_client_tracking = do_client_no_evict = do_client_no_touch = do_client_caching = _ok
    do_readonly = do_readwrite = do_asking = do_script_flush = do_unwatch = do_watch = _ok

    def do_ping(self, server: ScriptedServer, connection: Connection, args: Args) -> Any:
        if connection.subscriptions and connection.protocol == 2:
            return ["pong", args[1] if len(args) > 1 else ""]
        return args[1] if len(args) > 1 else Simple("PONG")

    def do_echo(self, server: ScriptedServer, connection: Connection, args: Args) -> Any:
        return args[1]

    def do_select(self, server: ScriptedServer, connection: Connection, args: Args) -> Any:
        if not 0 <= int(args[1]) < int(self.config["databases"]):
            return Error("ERR DB index is out of range")
        connection.database = int(args[1])
        return OK

    def do_quit(self, server: ScriptedServer, connection: Connection, args: Args) -> Any:
        return Close(OK)

    def do_reset(self, server: ScriptedServer, connection: Connection, args: Args) -> Any:
        connection.start_over()
        return Simple("RESET")

    # --- about the server

    def do_info(self, server: ScriptedServer, connection: Connection, args: Args) -> Any:
        lines = [
            "# Server",
            f"redis_version:{'7.2.4' if self.kind == 'valkey' else self.version}",
            *([f"server_name:valkey\r\nvalkey_version:{self.version}"] if self.kind == "valkey" else []),
            f"redis_mode:{'standalone' if self.cluster is None else 'cluster'}",
            "process_id:1",
            f"run_id:{self.run_id}",
            f"tcp_port:{server.port}",
            "# Clients",
            f"connected_clients:{len(server.connections)}",
            "# Persistence",
            "loading:0",
            "# Replication",
            f"role:{self.role}",
            "connected_slaves:0",
            "master_replid:" + "0" * 40,
        ]
        if self.role != "master":
            host, port = self.primary
            lines += [f"master_host:{host}", f"master_port:{port}", "master_link_status:up", "slave_read_only:1"]
        lines += ["# Cluster", f"cluster_enabled:{int(self.cluster is not None)}", "# Keyspace"]
        lines += [f"db{number}:keys={len(data)},expires=0,avg_ttl=0" for number, data in self.databases.items() if data]
        return "\r\n".join(lines) + "\r\n"

    def do_role(self, server: ScriptedServer, connection: Connection, args: Args) -> Any:
        return ["master", 0, []] if self.role == "master" else ["slave", *self.primary, "connected", 0]

    def do_config_get(self, server: ScriptedServer, connection: Connection, args: Args) -> Any:
        patterns = [part.decode() for part in args[2:]]
        return {k: v for k, v in self.config.items() if any(fnmatch.fnmatchcase(k, pattern) for pattern in patterns)}

    def do_config_set(self, server: ScriptedServer, connection: Connection, args: Args) -> Any:
        pairs = [part.decode() for part in args[2:]]
        self.config.update(zip(pairs[::2], pairs[1::2], strict=True))
        return OK

    def do_time(self, server: ScriptedServer, connection: Connection, args: Args) -> Any:
        now = time.time_ns() // 1000
        return [str(now // 1_000_000), str(now % 1_000_000)]

    # --- keys

    def _write(self, connection: Connection) -> Any:
        if self.role != "master":
            return Error("READONLY You can't write against a read only replica.")
        return None

    def _moved(self, server: ScriptedServer, key: bytes) -> Any:
        if self.cluster is None:
            return None
        slot = slot_of(key)
        for shard in self.cluster:
            if any(low <= slot <= high for low, high in shard.slots):
                return None if server in shard.nodes else moved(slot, shard.nodes[0])
        return Error("CLUSTERDOWN Hash slot not served")

    def do_get(self, server: ScriptedServer, connection: Connection, args: Args) -> Any:
        return self._moved(server, args[1]) or self.databases[connection.database].get(args[1])

    def do_mget(self, server: ScriptedServer, connection: Connection, args: Args) -> Any:
        data = self.databases[connection.database]
        return self._moved(server, args[1]) or [data.get(key) for key in args[1:]]

    def do_exists(self, server: ScriptedServer, connection: Connection, args: Args) -> Any:
        data = self.databases[connection.database]
        return self._moved(server, args[1]) or sum(key in data for key in args[1:])

    def do_set(self, server: ScriptedServer, connection: Connection, args: Args) -> Any:
        data, options = self.databases[connection.database], {part.upper() for part in args[3:]}
        refusal = self._moved(server, args[1]) or self._write(connection)
        if refusal:
            return refusal
        if (b"NX" in options and args[1] in data) or (b"XX" in options and args[1] not in data):
            return None
        data[args[1]] = args[2]
        return OK

    def do_mset(self, server: ScriptedServer, connection: Connection, args: Args) -> Any:
        refusal = self._moved(server, args[1]) or self._write(connection)
        if not refusal:
            self.databases[connection.database].update(zip(args[1::2], args[2::2], strict=True))
        return refusal or OK

    def do_incr(self, server: ScriptedServer, connection: Connection, args: Args) -> Any:
        data = self.databases[connection.database]
        refusal = self._moved(server, args[1]) or self._write(connection)
        if refusal:
            return refusal
        number = int(data.get(args[1], b"0")) + (int(args[2]) if len(args) > 2 else 1)
        data[args[1]] = b"%d" % number
        return number

    do_incrby = do_incr

    def do_del(self, server: ScriptedServer, connection: Connection, args: Args) -> Any:
        data = self.databases[connection.database]
        refusal = self._moved(server, args[1]) or self._write(connection)
        return refusal or sum(data.pop(key, None) is not None for key in args[1:])

    do_unlink = do_del

    def do_dbsize(self, server: ScriptedServer, connection: Connection, args: Args) -> Any:
        return len(self.databases[connection.database])

    def do_flushdb(self, server: ScriptedServer, connection: Connection, args: Args) -> Any:
        self.databases[connection.database].clear()
        return OK

    def do_flushall(self, server: ScriptedServer, connection: Connection, args: Args) -> Any:
        self.databases.clear()
        return OK

    # --- transactions, scripts, subscriptions

    def do_multi(self, server: ScriptedServer, connection: Connection, args: Args) -> Any:
        if connection.queued is not None:
            return Error("ERR MULTI calls can not be nested")
        connection.queued = []
        return OK

    def do_exec(self, server: ScriptedServer, connection: Connection, args: Args) -> Any:
        if connection.queued is None:
            return Error("ERR EXEC without MULTI")
        version = tuple(int(part) for part in self.version.split("."))
        if len(args) > 1 and (self.kind != "valkey" or version < (9, 2)):
            return Error("ERR wrong number of arguments for 'exec' command")  # and MULTI goes on
        queued, connection.queued = connection.queued, None
        return (
            [self.answer(server, connection, command) for command in queued]
            if self._holds(connection, list(args[1:]))
            else None
        )

    def _holds(self, connection: Connection, conditions: list[bytes]) -> bool:
        """Whether the conditions of EXEC hold, as Valkey has them from 9.2 on."""
        data = self.databases[connection.database]
        while conditions:
            option, key, *rest = conditions
            wanted = rest.pop(0) if option in (b"IFEQ", b"IFNE") else None
            found = data.get(key)
            if not {b"IFEQ": found == wanted, b"IFNE": found != wanted, b"NX": found is None, b"XX": found is not None}[
                option
            ]:
                return False
            conditions = rest
        return True

    def do_discard(self, server: ScriptedServer, connection: Connection, args: Args) -> Any:
        if connection.queued is None:
            return Error("ERR DISCARD without MULTI")
        connection.queued = None
        return OK

    def do_script_load(self, server: ScriptedServer, connection: Connection, args: Args) -> Any:
        return hashlib.sha1(args[2]).hexdigest()

    def do_evalsha(self, server: ScriptedServer, connection: Connection, args: Args) -> Any:
        return Error("NOSCRIPT No matching script. Please use EVAL.")

    def do_publish(self, server: ScriptedServer, connection: Connection, args: Args) -> Any:
        listeners = [other for other in server.connections if args[1] in other.subscriptions]
        for other in listeners:
            other.push("message", args[1], args[2])
        return len(listeners)

    def do_subscribe(self, server: ScriptedServer, connection: Connection, args: Args) -> Any:
        kind, replies = args[0].decode().lower(), b""
        for channel in args[1:]:
            connection.subscriptions.add(channel)
            replies += connection.encode(Push(kind, channel, len(connection.subscriptions)))
        return Raw(replies)

    def do_unsubscribe(self, server: ScriptedServer, connection: Connection, args: Args) -> Any:
        kind, replies = args[0].decode().lower(), b""
        channels: list[bytes | None] = [*(args[1:] or sorted(connection.subscriptions))]
        for channel in channels or [None]:
            if channel is not None:
                connection.subscriptions.discard(channel)
            replies += connection.encode(Push(kind, channel, len(connection.subscriptions)))
        return Raw(replies)

    do_psubscribe = do_ssubscribe = do_subscribe
    do_punsubscribe = do_sunsubscribe = do_unsubscribe

    # --- cluster

    def do_cluster(self, server: ScriptedServer, connection: Connection, args: Args) -> Any:
        return Error(f"ERR unknown subcommand '{args[1].decode()}'. Try CLUSTER HELP.")

    def do_cluster_slots(self, server: ScriptedServer, connection: Connection, args: Args) -> Any:
        return [
            [low, high, *([node.host, node.port, node.behaviour.run_id, []] for node in shard.nodes)]
            for shard in self.cluster or ()
            for low, high in shard.slots
        ]

    def do_cluster_shards(self, server: ScriptedServer, connection: Connection, args: Args) -> Any:
        return [
            {
                "slots": [end for part in shard.slots for end in part],
                "nodes": [
                    {
                        "id": node.behaviour.run_id,
                        "port": node.port,
                        "ip": node.host,
                        "endpoint": node.host,
                        "role": "master" if node is shard.nodes[0] else "replica",
                        "replication-offset": 0,
                        "health": "online",
                    }
                    for node in shard.nodes
                ],
            }
            for shard in self.cluster or ()
        ]

    def do_cluster_nodes(self, server: ScriptedServer, connection: Connection, args: Args) -> Any:
        lines = []
        for shard in self.cluster or ():
            for node in shard.nodes:
                first = node is shard.nodes[0]
                flags = ("myself," if node is server else "") + ("master" if first else "slave")
                primary = "-" if first else shard.nodes[0].behaviour.run_id
                ranges = [f"{low}-{high}" if low != high else f"{low}" for low, high in shard.slots] if first else []
                address = f"{node.host}:{node.port}@{node.port + 10000}"
                lines.append(" ".join([node.behaviour.run_id, address, flags, primary, "0 0 1 connected", *ranges]))
        return "\n".join(lines) + "\n"

    def do_cluster_myid(self, server: ScriptedServer, connection: Connection, args: Args) -> Any:
        return self.run_id

    def do_cluster_info(self, server: ScriptedServer, connection: Connection, args: Args) -> Any:
        shards = self.cluster or ()
        nodes = sum(len(shard.nodes) for shard in shards)
        return f"cluster_state:ok\r\ncluster_known_nodes:{nodes}\r\ncluster_size:{len(shards)}\r\n"


def slot_of(key: bytes) -> int:
    """Return a key's hash slot."""
    start = key.find(b"{")
    end = key.find(b"}", start + 1)
    if start >= 0 and end > start + 1:
        key = key[start + 1 : end]
    return binascii.crc_hqx(key, 0) % 16384


def moved(slot: int, server: ScriptedServer) -> Error:
    """Return the redirection of a slot that another server serves for good."""
    return Error(f"MOVED {slot} {server.host}:{server.port}")


def ask(slot: int, server: ScriptedServer) -> Error:
    """Return the redirection of one command whose key has already migrated."""
    return Error(f"ASK {slot} {server.host}:{server.port}")
