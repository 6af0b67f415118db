"""Commands about users and what they may do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ...core.commands.arguments import bad_argument, non_empty, not_negative, whole_number
from ...core.commands.command_table import COMMANDS
from ...core.results.acl import denials, user
from ...core.results.common import ok, texts
from ...core.types import AnyStr, Encodable, Key, Pending
from .surface import CommandSurface

_ACL_CAT = COMMANDS["ACL CAT"]
_ACL_DELUSER = COMMANDS["ACL DELUSER"]
_ACL_DRYRUN = COMMANDS["ACL DRYRUN"]
_ACL_GENPASS = COMMANDS["ACL GENPASS"]
_ACL_GETUSER = COMMANDS["ACL GETUSER"]
_ACL_HELP = COMMANDS["ACL HELP"]
_ACL_LIST = COMMANDS["ACL LIST"]
_ACL_LOAD = COMMANDS["ACL LOAD"]
_ACL_LOG = COMMANDS["ACL LOG"]
_ACL_SAVE = COMMANDS["ACL SAVE"]
_ACL_SETUSER = COMMANDS["ACL SETUSER"]
_ACL_USERS = COMMANDS["ACL USERS"]
_ACL_WHOAMI = COMMANDS["ACL WHOAMI"]


class AclCommands(CommandSurface[AnyStr]):
    """Typed methods for the access control list."""

    __slots__ = ()

    def acl_cat(self, category: str | None = None) -> Pending[list[str]]:
        """Return the categories of commands, or the commands of one category.

        Redis command: ACL CAT
        """
        words: tuple[Encodable, ...] = ("ACL", "CAT")
        return self._execute(_ACL_CAT, words if category is None else (*words, category), decode=True)

    def acl_deluser(self, *username: str) -> Pending[int]:
        """Delete users and close their connections.

        Redis command: ACL DELUSER

        Returns:
            How many of them existed.

        Raises:
            DataError: There is no name.
        """
        return self._execute(_ACL_DELUSER, ("ACL", "DELUSER", *non_empty("ACL DELUSER", "username", username)))

    def acl_dryrun(self, username: str, *args: Encodable) -> Pending[AnyStr]:
        """Ask whether a user may send a command, without running it.

        Redis command: ACL DRYRUN

        Args:
            username: The user.
            args: The command's words.

        Returns:
            ``OK``, or why not.

        Raises:
            DataError: There is no command.
        """
        return self._execute(_ACL_DRYRUN, ("ACL", "DRYRUN", username, *non_empty("ACL DRYRUN", "args", args)))

    def acl_genpass(self, bits: int | None = None) -> Pending[str]:
        """Return a random password in hexadecimal, of 256 bits unless told otherwise.

        Redis command: ACL GENPASS

        Raises:
            DataError: ``bits`` is no number from 1 to 4096.
        """
        words: tuple[Encodable, ...] = ("ACL", "GENPASS")
        if bits is not None:
            if not 1 <= (whole_number(bits) or 0) <= 4096:
                raise bad_argument("ACL GENPASS", f"bits must be a number from 1 to 4096, not {bits!r}")
            words = (*words, bits)
        return self._execute(_ACL_GENPASS, words, decode=True)

    def acl_getuser(self, username: str) -> Pending[dict[str, Any] | None]:
        """Return what a user may do, None where there is no such user.

        Redis command: ACL GETUSER

        Returns:
            ``flags``, ``passwords`` (hashed), ``commands``, ``categories``, ``keys``, ``channels`` and ``selectors`` as
            lists, and ``enabled`` as a bool.
        """
        return self._execute(_ACL_GETUSER, ("ACL", "GETUSER", username), user, decode=False)

    def acl_help(self) -> Pending[list[str]]:
        """Return the lines of the server's own help.

        Redis command: ACL HELP
        """
        return self._execute(_ACL_HELP, ("ACL", "HELP"), texts)

    def acl_list(self) -> Pending[list[str]]:
        """Return all users with their rules, as in an ACL file.

        Redis command: ACL LIST
        """
        return self._execute(_ACL_LIST, ("ACL", "LIST"), decode=True)

    def acl_load(self) -> Pending[bool]:
        """Read all users from the server's ACL file.

        Redis command: ACL LOAD

        Raises:
            ResponseError: The server has no ACL file, or it is wrong.
        """
        return self._execute(_ACL_LOAD, ("ACL", "LOAD"), ok)

    def acl_log(self, count: int | None = None) -> Pending[list[dict[str, Any]]]:
        """Return what was denied lately.

        Redis command: ACL LOG

        Args:
            count: How many entries at most.

        Raises:
            DataError: ``count`` is negative.
        """
        words: tuple[Encodable, ...] = ("ACL", "LOG")
        if count is not None:
            words = (*words, not_negative("ACL LOG", "count", count))
        return self._execute(_ACL_LOG, words, denials, decode=False)

    def acl_log_reset(self) -> Pending[bool]:
        """Forget what was denied.

        Redis command: ACL LOG
        """
        return self._execute(_ACL_LOG, ("ACL", "LOG", "RESET"), ok)

    def acl_save(self) -> Pending[bool]:
        """Write all users to the server's ACL file.

        Redis command: ACL SAVE

        Raises:
            ResponseError: The server has no ACL file.
        """
        return self._execute(_ACL_SAVE, ("ACL", "SAVE"), ok)

    def acl_setuser(
        self,
        username: str,
        enabled: bool = False,
        nopass: bool = False,
        passwords: str | Iterable[str] | None = None,
        hashed_passwords: str | Iterable[str] | None = None,
        categories: Iterable[str] | None = None,
        commands: Iterable[str] | None = None,
        keys: Iterable[Key] | None = None,
        channels: Iterable[Key] | None = None,
        selectors: Iterable[tuple[str, Key]] | None = None,
        reset: bool = False,
        reset_keys: bool = False,
        reset_channels: bool = False,
        reset_passwords: bool = False,
        databases: Iterable[int] | None = None,
        reset_databases: bool = False,
    ) -> Pending[bool]:
        """Make or change a user.

        Redis command: ACL SETUSER

        Args:
            username: The user.
            enabled: Whether it may log in.
            nopass: Any password will do.
            passwords: Passwords to add (``"+…"``) or to take away (``"-…"``).
            hashed_passwords: The same by their SHA-256 in hexadecimal.
            categories: Categories of commands to allow (``"+read"`` or ``"+@read"``) or to forbid (``"-…"``).
            commands: Commands to allow (``"+get"``, ``"+client|id"``) or to forbid (``"-…"``).
            keys: Patterns of keys to allow.
            channels: Patterns of channels to allow.
            selectors: Further sets of rules: pairs of a command (``"+get"``) and a key pattern (``"~…"``, ``"%R~…"``).
            reset: Take everything away first.
            reset_keys: Take all key patterns away first.
            reset_channels: Take all channel patterns away first.
            reset_passwords: Take all passwords away first.
            databases: Indexes of the databases to allow, in place of those allowed before (Valkey 9.1).
            reset_databases: Take all databases away first (Valkey 9.1).

        Raises:
            DataError: ``nopass`` contradicts a password, or a rule does not begin with the sign it needs.
            ResponseError: The server knows no such command or category.
        """
        switches = (
            ("reset", reset),
            ("resetkeys", reset_keys),
            ("resetchannels", reset_channels),
            ("resetpass", reset_passwords),
            ("resetdbs", reset_databases),
        )
        words: list[Encodable] = [word for word, given in switches if given]
        words.append("on" if enabled else "off")
        words += _proofs(nopass, passwords, hashed_passwords)
        words += _permissions(categories, commands, keys, channels, databases, selectors)
        return self._execute(_ACL_SETUSER, ("ACL", "SETUSER", username, *words), ok)

    def acl_users(self) -> Pending[list[str]]:
        """Return the names of all users.

        Redis command: ACL USERS
        """
        return self._execute(_ACL_USERS, ("ACL", "USERS"), decode=True)

    def acl_whoami(self) -> Pending[str]:
        """Return the name of the user the connection is logged in as.

        Redis command: ACL WHOAMI
        """
        return self._execute(_ACL_WHOAMI, ("ACL", "WHOAMI"), decode=True)


def _proofs(
    nopass: bool, passwords: str | Iterable[str] | None, hashed_passwords: str | Iterable[str] | None
) -> Iterator[Encodable]:
    """The rules that say how a user proves who it is."""
    if nopass and (passwords or hashed_passwords):
        raise bad_argument("ACL SETUSER", "nopass and passwords contradict each other")
    yield from _signed("passwords", passwords, {"+": ">", "-": "<"})
    yield from _signed("hashed_passwords", hashed_passwords, {"+": "#", "-": "!"})
    if nopass:
        yield "nopass"


def _permissions(
    categories: Iterable[str] | None,
    commands: Iterable[str] | None,
    keys: Iterable[Key] | None,
    channels: Iterable[Key] | None,
    databases: Iterable[int] | None,
    selectors: Iterable[tuple[str, Key]] | None,
) -> Iterator[Encodable]:
    """The rules that say what a user may do."""
    for rule in _signed("categories", categories, {"+": "+", "-": "-"}):
        yield rule if rule[1] == "@" else f"{rule[0]}@{rule[1:]}"
    yield from _signed("commands", commands, {"+": "+", "-": "-"})
    yield from (_prefixed("~", pattern) for pattern in keys or ())
    yield from (_prefixed("&", pattern) for pattern in channels or ())
    if databases is not None:
        indexes = ",".join(str(index) for index in databases)
        yield f"db={non_empty('ACL SETUSER', 'databases', indexes)}"
    yield from (_selector(command, pattern) for command, pattern in selectors or ())


def _signed(argument: str, rules: str | Iterable[str] | None, signs: dict[str, str]) -> list[str]:
    """Put the server's sign in place of each rule's own."""
    words = []
    for rule in (rules,) if isinstance(rules, str) else rules or ():
        if rule[:1] not in signs or len(rule) < 2:
            # The rule itself stays out of the message: it may be a password.
            raise bad_argument("ACL SETUSER", f"each of {argument} must begin with {' or '.join(signs)}")
        words.append(signs[rule[0]] + rule[1:])
    return words


def _prefixed(sign: str, pattern: Key) -> Key:
    return sign + pattern if isinstance(pattern, str) else sign.encode() + bytes(pattern)


def _selector(command: str, pattern: Key) -> bytes:
    word, keys = (item.encode() if isinstance(item, str) else bytes(item) for item in (command, pattern))
    if word[:1] not in (b"+", b"-"):
        raise bad_argument("ACL SETUSER", "the command of each of selectors must begin with + or -")
    if keys[:1] not in (b"~", b"%"):
        raise bad_argument("ACL SETUSER", "the pattern of each of selectors must begin with ~ or %")
    return b"(%s %s)" % (word, keys)
