"""What a server says of itself, put together from HELLO, INFO and CONFIG GET."""

from __future__ import annotations

from ..shapes import plain_text
from ..types import Reply


class ServerFacts:
    """Facts about one server; None where nobody told.

    Attributes:
        protocol: 2 or 3.
        client_id: The connection's number.
        database: Database the connection is in.
        server: ``"redis"`` or ``"valkey"``.
        version: As ``(major, minor, patch)``.
        mode: ``"standalone"``, ``"cluster"`` or ``"sentinel"``; of a proxy its name in the configuration.
        role: ``"primary"``, ``"replica"`` or ``"proxy"``.
        primary: Host and port of a replica's primary.
        run_id: Changes when the server restarts.
        databases: How many logical databases there are.
        replica_read_only: Whether a replica refuses writes.
        availability_zone: Where the server runs.
        link_up: Whether a replica is in touch with its primary.
    """

    __slots__ = (
        "availability_zone",
        "client_id",
        "database",
        "databases",
        "link_up",
        "mode",
        "primary",
        "protocol",
        "replica_read_only",
        "role",
        "run_id",
        "server",
        "version",
    )

    def __init__(self) -> None:
        self.protocol: int = 2
        self.client_id: int | None = None
        self.database: int = 0
        self.server: str | None = None
        self.version: tuple[int, ...] | None = None
        self.mode: str | None = None
        self.role: str | None = None
        self.primary: tuple[str, int] | None = None
        self.run_id: str | None = None
        self.databases: int | None = None
        self.replica_read_only: bool | None = None
        self.availability_zone: str | None = None
        self.link_up: bool | None = None


_ROLES = {"master": "primary", "primary": "primary", "slave": "replica", "replica": "replica"}


def _version(text: str) -> tuple[int, ...] | None:
    try:
        return tuple(int(part) for part in text.split(".")[:3])
    except ValueError:
        return None


def _pairs(reply: Reply) -> dict[str, Reply]:
    if isinstance(reply, dict):
        return {plain_text(key): value for key, value in reply.items()}
    if isinstance(reply, list):
        return {plain_text(key): value for key, value in zip(reply[::2], reply[1::2], strict=False)}
    return {}


def facts_from_hello(facts: ServerFacts, reply: Reply) -> None:
    """Take what HELLO answered."""
    said = _pairs(reply)
    if isinstance(protocol := said.get("proto"), int):
        facts.protocol = protocol
    if isinstance(client_id := said.get("id"), int):
        facts.client_id = client_id
    if "server" in said:
        facts.server = plain_text(said["server"])
    if "version" in said:
        facts.version = _version(plain_text(said["version"]))
    if "mode" in said:
        facts.mode = plain_text(said["mode"])
    if "role" in said:
        facts.role = _ROLES.get(plain_text(said["role"]))
    if said.get("availability_zone"):
        facts.availability_zone = plain_text(said["availability_zone"])


def facts_from_info(facts: ServerFacts, text: str) -> None:
    """Take what INFO answered, whichever sections it holds."""
    said = dict(line.split(":", 1) for line in text.splitlines() if ":" in line and not line.startswith("#"))
    if "valkey_version" in said:
        facts.server, facts.version = "valkey", _version(said["valkey_version"])
    elif "redis_version" in said and facts.server in (None, "redis"):  # what others say of it is what they resemble
        facts.server, facts.version = "redis", _version(said["redis_version"])
    facts.mode = said.get("server_mode") or said.get("redis_mode") or facts.mode
    facts.run_id = said.get("run_id") or facts.run_id
    facts.availability_zone = said.get("availability_zone") or facts.availability_zone
    if "role" in said:
        facts.role = _ROLES.get(said["role"])
        facts.primary = None
    if "master_host" in said and said.get("master_port", "").isdigit():
        facts.primary = (said["master_host"], int(said["master_port"]))
    if "master_link_status" in said:
        facts.link_up = said["master_link_status"] == "up"
    if said.get("slave_read_only") in ("0", "1"):
        facts.replica_read_only = said["slave_read_only"] == "1"


def facts_from_config(facts: ServerFacts, reply: Reply) -> None:
    """Take what CONFIG GET answered."""
    said = {key: plain_text(value) for key, value in _pairs(reply).items()}
    if said.get("databases", "").isdigit():
        facts.databases = int(said["databases"])
    for name in ("replica-read-only", "slave-read-only"):
        if name in said:
            facts.replica_read_only = said[name] == "yes"
