"""Every error the package raises, as one tree below :class:`RedisError` but for those of redis-py's that are not.

An error that concerns one command says how far that command came: ``error.phase`` is one of the
:data:`PHASES`, and ``error.was_sent`` is False only where it is certain that no server saw the command.
Nothing here shadows a builtin, and no message carries a password or a value the application stored.
"""

from __future__ import annotations

import re
from typing import Any

PHASES = ("created", "queued", "written", "answered", "dead")


class RedisError(Exception):
    """Base of all errors of this package.

    Attributes:
        phase: How far the command had come (one of :data:`PHASES`; what was given up in the backlog says
            ``"queued"``), or None where no command is concerned.
        command: Name of the command, such as ``"GET"``, or None.
        endpoint: ``host:port`` or socket path of the server concerned, or None.
        details: Diagnosis as a mapping: queue depths, ages in seconds, state of the connection.
    """

    phase: str | None = None
    command: str | None = None
    endpoint: str | None = None

    def __init__(self, *args: object) -> None:
        super().__init__(*args)
        self.details: dict[str, Any] = {}

    @property
    def was_sent(self) -> bool:
        """False only where the command certainly never left this process."""
        return self.phase in ("written", "answered")


class ConfigurationError(RedisError, ValueError):
    """An option, connection string or URL that is not understood; the message names the part."""


class DataError(RedisError):
    """An argument that cannot be sent; raised before anything is queued."""


class EncodeError(DataError):
    """A handle's codec cannot encode a value; what the codec says of it is the cause."""


class DecodeError(RedisError):
    """A codec cannot decode what a server has sent; what the codec says of it is the cause.

    Attributes:
        raw: What came. The message does not show it.
    """

    def __init__(self, message: object = None, raw: bytes = b"") -> None:
        super().__init__(*(() if message is None else (message,)))
        self.raw = raw


class RedisConnectionError(RedisError):
    """The connection was lost, could not be made, or is not available.

    ``was_sent`` tells whether the server may have run the command.
    """


class InvalidResponse(RedisError):
    """What arrived from the server cannot be understood."""


class ProtocolError(InvalidResponse, RedisConnectionError):
    """The server sent something that is not RESP, or a reply nobody asked for."""


class AuthenticationError(RedisConnectionError):
    """The server refused the user name or password."""


class AuthorizationError(RedisConnectionError):
    """The server demands authentication and none was configured."""


class BusyLoadingError(RedisConnectionError):
    """The server is still loading its data set (``LOADING``)."""


class MaxClientsError(RedisConnectionError):
    """The server has reached its ``maxclients`` limit."""


class ExternalAuthProviderError(RedisConnectionError):
    """Where credentials come from gave none."""


class MultiplexerClosedError(RedisConnectionError):
    """The multiplexer was closed before the command was answered."""


class WrongLoopError(RedisError, RuntimeError):
    """An asyncio multiplexer was used from another event loop than its own."""


class RedisTimeoutError(RedisError):
    """The deadline passed before the reply arrived; the message says where the time went."""


class BacklogFullError(RedisConnectionError):
    """The bound on pending messages was reached and no place came free before the deadline."""


class CircuitOpenError(RedisConnectionError):
    """The circuit breaker of the command's server is open: nothing was sent."""


class MaxConnectionsError(RedisConnectionError):
    """All connections a pool may have are in use."""


class WatchError(RedisError):
    """A watched key was changed meanwhile, or the connection that watched it was lost; nothing was run."""


class LockError(RedisError, ValueError):
    """A lock could not be taken, prolonged or given back.

    Attributes:
        lock_name: Name of the lock, or None.
    """

    def __init__(self, message: object = None, lock_name: object = None) -> None:
        super().__init__(*(() if message is None else (message,)))
        self.message = message
        self.lock_name = lock_name


class LockNotOwnedError(LockError):
    """The lock is not, or no longer, its caller's own."""


class PubSubError(RedisError):
    """A subscription was used in a way that cannot be."""


class ClusterError(RedisError):
    """The cluster could not serve a command, however often it was tried."""


class ChildDeadlockedError(Exception):
    """A pool could not be put right in the child of a fork."""


class RedisClusterException(Exception):
    """A cluster client was used in a way that cannot be, or could not start.

    It is no :class:`RedisError`, as in redis-py.
    """


class SlotNotCoveredError(RedisClusterException):
    """No server serves a hash slot."""


class CrossSlotTransactionError(RedisClusterException):
    """A transaction's keys lie in several hash slots."""


class InvalidPipelineStack(RedisClusterException):
    """The commands of a cluster pipeline and their replies do not match."""


class MasterNotFoundError(RedisConnectionError):
    """No sentinel names a primary of the service that is up; the message says what each answered."""


class SlaveNotFoundError(RedisConnectionError):
    """No sentinel names a replica of the service that is up."""


class CommandDisabledError(RedisError):
    """The command is disabled, renamed away, or needs ``allowAdmin=true``."""


class ResponseError(RedisError):
    """The server answered with an error; the message is the server's own text."""


def _number(text: str) -> int:
    """Return the number that a server wrote, or -1 where it is none: whatever that text is, it shall not raise."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


class AskError(ResponseError):
    """``ASK slot host:port``: this once, ask the named server."""

    @property
    def slot_id(self) -> int:
        """The hash slot; -1 where the server named none."""
        slot, _ = self._words()
        return _number(slot)

    @property
    def node_addr(self) -> tuple[str, int]:
        """Host and port of the named server; an empty host means the one that was asked, port -1 that it named none."""
        host, colon, port = self._words()[1].rpartition(":")
        return host, _number(port) if colon else -1

    def _words(self) -> tuple[str, str]:
        words = str(self).split(" ")
        # Programs for redis-py make them without the first word, which servers begin with.
        slot, address, *_ = [*(words if words[0].isdigit() else words[1:]), "", ""]
        return slot, address

    @property
    def host(self) -> str:
        """The named server's host."""
        return self.node_addr[0]

    @property
    def port(self) -> int:
        """The named server's port."""
        return self.node_addr[1]


class MovedError(AskError):
    """``MOVED slot host:port``: the slot lives on the named server."""


class AuthenticationWrongNumberOfArgsError(ResponseError):
    """``AUTH`` was sent with a number of arguments the server does not take."""


class ClusterCrossSlotError(ResponseError):
    """``CROSSSLOT``: the keys of one command lie in several hash slots."""


class AcrossSlotsError(RedisError):
    """A part of a command that was split up by hash slots or servers failed; the other parts were done.

    Attributes:
        errors: What went wrong, by key (as bytes) or by the server's address.
    """

    errors: dict[bytes | str, BaseException]

    @classmethod
    def of(cls, command: str, errors: dict[bytes | str, BaseException]) -> AcrossSlotsError:
        """Make the error for a command of which parts failed."""
        shown = "; ".join(f"{where!r}: {error}" for where, error in list(errors.items())[:5])
        more = f" and {len(errors) - 5} more" if len(errors) > 5 else ""
        made = cls(f"{command} failed for {shown}{more}")
        made.errors = errors
        made.command = command
        first = next(iter(errors.values()))
        made.phase = next((e.phase for e in errors.values() if isinstance(e, RedisError) and e.was_sent), None)
        made.phase = made.phase or getattr(first, "phase", None)
        made.__cause__ = first
        return made


class ClusterDownError(ClusterError, ResponseError):
    """``CLUSTERDOWN``: the cluster does not serve the slot at present."""


class MasterDownError(ClusterDownError):
    """``MASTERDOWN``: the replica lost its primary and must not serve stale data."""


class ExecAbortError(ResponseError):
    """``EXECABORT``: a command inside MULTI was refused, so nothing was run."""


class ModuleError(ResponseError):
    """A module could not be loaded or unloaded."""


class NoPermissionError(ResponseError):
    """``NOPERM``: the access control list forbids the command, key or channel."""


class NoScriptError(ResponseError):
    """``NOSCRIPT``: the server does not know the script's digest."""


class NoSuchFieldsetError(ResponseError):
    """``no such fieldset``: the connection has not been told of the fields that HIMPORT SET names."""


class OutOfMemoryError(ResponseError):
    """``OOM``: the server is at its memory limit and refuses the write."""


class ReadOnlyError(ResponseError):
    """``READONLY``: a write reached a replica."""


class RedirectError(ReadOnlyError):
    """``REDIRECT host:port``: a write reached a replica, which names its primary.

    Attributes:
        node_addr: Host and port of the primary; ``("", 0)`` where the reply names none.
    """

    def __init__(self, *args: object) -> None:
        super().__init__(*args)
        host, _, port = str(self).partition(" ")[2].strip().rpartition(":")
        self.node_addr = (host.strip("[]"), int(port)) if port.isascii() and port.isdigit() else ("", 0)


class TryAgainError(ResponseError):
    """``TRYAGAIN``: the keys of a command are being moved between two servers."""


class BusyGroupError(ResponseError):
    """``BUSYGROUP``: the consumer group exists already."""


class NoGroupError(ResponseError):
    """``NOGROUP``: the stream or consumer group does not exist."""


class WrongTypeError(ResponseError):
    """``WRONGTYPE``: the key holds another kind of value."""


class UnblockedError(ResponseError):
    """``UNBLOCKED``: a blocked client was released by ``CLIENT UNBLOCK … ERROR``."""


_BY_CODE: dict[str, type[RedisError]] = {
    "ASK": AskError,
    "BUSYGROUP": BusyGroupError,
    "CLUSTERDOWN": ClusterDownError,
    "CROSSSLOT": ClusterCrossSlotError,
    "EXECABORT": ExecAbortError,
    "LOADING": BusyLoadingError,
    "MASTERDOWN": MasterDownError,
    "MOVED": MovedError,
    "NOAUTH": AuthorizationError,
    "NOGROUP": NoGroupError,
    "NOPERM": NoPermissionError,
    "NOSCRIPT": NoScriptError,
    "OOM": OutOfMemoryError,
    "READONLY": ReadOnlyError,
    "REDIRECT": RedirectError,
    "TRYAGAIN": TryAgainError,
    "UNBLOCKED": UnblockedError,
    "WRONGPASS": AuthenticationError,
    "WRONGTYPE": WrongTypeError,
}

# Errors that servers mark with the catch-all code ERR only.
_BY_TEXT: tuple[tuple[str, type[RedisError]], ...] = (
    ("ERR max number of clients reached", MaxClientsError),
    ("ERR invalid password", AuthenticationError),
    ("ERR Client sent AUTH, but no password is set", AuthenticationError),
    ("ERR AUTH <password> called without any password configured", AuthenticationError),
    ("ERR wrong number of arguments for 'auth' command", AuthenticationWrongNumberOfArgsError),
    ("ERR Error loading the extension", ModuleError),
    ("ERR Error unloading module", ModuleError),
    ("ERR no such fieldset", NoSuchFieldsetError),
)


# Where servers quote what they were sent, which may be a password, a value or personal data: what comes before it, and
# what may be kept of what follows.
_QUOTES = (
    r"(unknown command .*?)(?:, with args beginning with:.*)()",
    r"(SETUSER modifier )'.*'(: .*)",
    r"(HELLO option )'.*'()",
    r"(Unknown argument )[`'].*[`'](.*)",
    r"( near ).*()",
    r"(NOGROUP No such (?:key|consumer group) )'.*'(.*)",
)


def without_quotes(text: str) -> str:
    """Return a server's error text without the arguments it quotes."""
    for pattern in _QUOTES:
        text = re.sub(pattern, _shortened, text, flags=re.DOTALL)
    return text


def _shortened(found: re.Match[str]) -> str:
    return f"{found[1]}…{found[2]}" if found[1][-1] == " " else found[1]


def from_reply(text: str) -> RedisError:
    """Make the error that a server's error reply stands for, without the arguments that it quotes.

    Args:
        text: The error line as sent, without the leading ``-``.

    Returns:
        An instance of the class that belongs to the reply's code; :class:`ResponseError` for unknown codes.
    """
    return from_whole_reply(without_quotes(text))


def from_whole_reply(text: str) -> RedisError:
    """Make the error that a server's error reply stands for, with all its text; see :func:`from_reply`."""
    code = text.partition(" ")[0]
    if code == "ERR":
        for start, kind in _BY_TEXT:
            if text.startswith(start):
                return kind(text)
        return ResponseError(text)
    return _BY_CODE.get(code, ResponseError)(text)


#: Replies after which it is certain that the server did not apply the command.
NEVER_APPLIED: tuple[type[RedisError], ...] = (
    BusyLoadingError,
    AskError,
    TryAgainError,
    ClusterDownError,
    ReadOnlyError,
)
