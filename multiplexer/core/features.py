"""What a server can do: which commands, and which of their newer options, by its kind and version or its own word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import DataError
from .commands.command_table import COMMANDS, VERSIONS

if TYPE_CHECKING:
    from .handshake.server_facts import ServerFacts

#: Since when Redis and Valkey have an option of a command that they had before without it; empty for never so far.
OPTIONS: dict[str, tuple[str, str]] = {
    "CLIENT TRACKING OPTIN": ("6.0.0", "6.0.0"),
    "EXEC IFEQ": ("", "9.2.0"),
    "EXEC IFNE": ("", "9.2.0"),
    "EXEC NX": ("", "9.2.0"),
    "EXEC XX": ("", "9.2.0"),
    "MOVE REPLACE": ("", "9.2.0"),
    "SET GET": ("6.2.0", "6.2.0"),
    "SET IFDEQ": ("8.4.0", ""),
    "SET IFDNE": ("8.4.0", ""),
    "SET IFEQ": ("8.4.0", "8.1.0"),
    "SET IFNE": ("8.4.0", "9.2.0"),
    "SET KEEPTTL": ("6.0.0", "6.0.0"),
    "SISMEMBER XX": ("", "9.2.0"),
    "XADD IDMP": ("8.6.0", ""),
    "XADD IDMPAUTO": ("8.6.0", ""),
    "XADD NOMKSTREAM": ("6.2.0", "6.2.0"),
    "XREAD MAXCOUNT": ("8.10.0", ""),
    "XREAD MAXSIZE": ("8.10.0", ""),
    "ZRANGE BYSCORE": ("6.2.0", "6.2.0"),
    "ZRANGE XX": ("", "9.2.0"),
}

#: Which of the two numberings a server's versions are in.
_KINDS = ("redis", "valkey")


class Features:
    """What one server can do; get it from ``mux.get_server(endpoint).features``.

    It knows what the server said of itself when it was connected to, and asks nothing. A server that is replaced by
    another version is known anew from the moment it is connected.
    """

    __slots__ = ("_asked", "_facts")

    def __init__(self, facts: ServerFacts) -> None:
        self._facts = facts
        self._asked: dict[str, bool] = {}

    def __repr__(self) -> str:
        version = "" if self.version is None else " " + ".".join(map(str, self.version))
        return f"<Features {self.server or 'unknown'}{version}>"

    @property
    def server(self) -> str | None:
        """What kind it is, such as ``"redis"`` or ``"valkey"``; None where it has not said."""
        return self._facts.server

    @property
    def version(self) -> tuple[int, ...] | None:
        """Its version, as ``(major, minor, patch)``; None where it has not said."""
        return self._facts.version

    def supports(self, what: str) -> bool | None:
        """Tell whether the server has a command, or an option of one.

        Args:
            what: A command or sub command, such as ``"XNACK"`` or ``"CLUSTER MIGRATION"``, or a command with an option
                that it has not always had, such as ``"SET IFEQ"``.

        Returns:
            None where its version does not say: of modules' commands, of commands the package does not know, and of a
            server of another kind. ``Server.supports`` then asks.

        Raises:
            DataError: ``what`` is empty, or names an option the package knows nothing of.
        """
        name = named(what)
        if name in self._asked:
            return self._asked[name]
        facts = self._facts
        since = OPTIONS.get(name) or VERSIONS.get(name)
        if since is None:
            command = COMMANDS.get(name)
            if command is None or "." in name or command.group == "sentinel":  # not what a server has by its version
                return None
            since = (command.since, command.since)
        if facts.version is None or facts.server not in _KINDS or facts.role == "proxy":
            return None
        first = since[_KINDS.index(facts.server)]
        return bool(first) and facts.version >= tuple(map(int, first.split(".")))

    def note(self, what: str, has_it: bool) -> None:
        """Keep what the server said when it was asked."""
        self._asked[named(what)] = has_it

    def forget(self) -> None:
        """Another server is there: what was asked of the one before is no longer true."""
        self._asked.clear()


def named(what: str) -> str:
    """Return what is asked for in the form of the tables.

    Raises:
        DataError: It is empty, or an option that no table has.
    """
    words = what.replace("|", " ").upper().split() if isinstance(what, str) else []
    if not words:
        raise DataError("supports: what must be a command, or a command and one of its options")
    name = " ".join(words)
    command = COMMANDS.get(words[0])
    known = len(words) == 1 or name in OPTIONS or name in COMMANDS
    if not known and command is not None and not command.container:
        raise DataError(f"supports: what must name an option that is known; none such of {command.name} is")
    return name


def question(what: str) -> tuple[str, ...] | None:
    """Return the command that asks a server whether it has another; None where no command tells, as of options."""
    name = named(what)
    if name in OPTIONS:
        return None
    word = name.split()[0] if "." in name else name.replace(" ", "|")  # modules' sub commands are not always told
    return ("COMMAND", "INFO", word.lower())
