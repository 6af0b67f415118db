# Generated from multiplexer/asyncio/handle.py by scripts/generate_blocking.py; change that file instead.
"""What databases, servers and everything that is made of them stand on."""

from __future__ import annotations

from math import inf
from time import monotonic
from typing import TYPE_CHECKING, Any, Generic, Self, overload

from ..configuration import ReadFrom
from ..configuration.values import DOUBTFUL, both_readings
from ..core.call_options import CallOptions, CommandFlags, prepared
from ..core.commands.batching import Result
from ..core.commands.command import Command, ReplayCategory
from ..core.commands.fieldsets import Fieldsets
from ..core.commands.words import split_words
from ..core.types import AnyStr, Encodable, Payload
from ..drivers.threads import Executor
from ..errors import DataError, RedisError
from ..retry import AbstractBackoff
from .leases import Lease, LeasedCall

if TYPE_CHECKING:
    from ..core.call_options import Preparation

#: Stands for an option that is left as it is.
UNSET: Any = object()

#: What may be sent again although it may have been applied.
_RETRIED = (
    ReplayCategory.READ_ONLY,
    ReplayCategory.WRITE_CHECKED,
    ReplayCategory.WRITE_LAST_WINS,
    ReplayCategory.ACCUMULATING,
)

#: Seconds that a call is given whose time is over: it fails as any other that comes too late.
_LEAST_TIMEOUT = 0.001


class Handle(Executor, Generic[AnyStr]):
    """What handles have in common: cheap, stateless, safe to share; a view costs nothing per call.

    Batches, locks, scripts and the like are made of one and ask nothing else of a database or server.
    """

    __slots__ = ()

    @property
    def database(self) -> int:
        """Index of the logical database."""
        return self._options.database

    @property
    def decodes(self) -> bool:
        """Whether text comes back as str."""
        return self._options.decode

    @property
    def key_prefix(self) -> bytes:
        """What is put before every key."""
        return self._options.key_prefix

    @property
    def is_plain(self) -> bool:
        """Whether commands are sent as they are: no key prefix, no renamed commands."""
        return self._plain

    @property
    def is_routed(self) -> bool:
        """Whether slots decide where a command goes: what holds several keys may have to be taken apart."""
        return self._strategy.splits

    @overload
    def execute(self, *words: Encodable, decode: bool | None = ..., returns: type[Result]) -> Result: ...

    @overload
    def execute(self, *words: Encodable, decode: bool | None = ...) -> Any: ...

    def execute(self, *words: Encodable, decode: bool | None = None, returns: object = None) -> Any:
        """Send any command, for those without a method; keys, role and lane come from the command table.

        Args:
            words: The command's words, as ``"GET", "key"`` or ``"CONFIG GET", "maxmemory"``.
            decode: True or False forces str or bytes; None takes the handle's setting.
            returns: What the reply is, such as ``int`` or ``list[bytes]``: for type checkers, nothing is converted.

        Returns:
            The reply as the server sent it.

        Raises:
            CommandDisabledError: The command would disturb the shared connection (the message names the method
                to use), is disabled, or needs ``allowAdmin=true``.
            DataError: No command, or an argument that cannot be sent.
        """
        command, words = split_words(words)
        reply: Any = self._execute(command, words, None, decode)
        return reply

    @property
    def loads_scripts(self) -> bool:
        """Whether a script can be put on the server that will run it, which behind a proxy nobody knows."""
        return self._guard.proxy is None

    def permit(self, command: Command) -> None:
        """Refuse what is sent by other ways than the methods where a proxy does not pass it on.

        Raises:
            CommandDisabledError: It does not.
        """
        self._guard.permit(command)

    @property
    def forgets(self) -> bool:
        """Whether nobody waits for the replies: fire-and-forget."""
        return self._options.forget

    def with_time_left(self, started: float, most: float = inf) -> Self:
        """Return a view whose calls may take what is left of one call's time since ``started``, or ``most``."""
        return self._view(
            with_deadline(self._options, started + min(self._options.timeout or self._driver.timeout, most))
        )

    def with_preparation(self, preparation: Preparation) -> Handle[AnyStr]:
        """Return a handle whose messages are written only on connections that were prepared for them."""
        return Handle(self._driver, self._strategy, self._guard, prepared(self._options, preparation))

    def leads_to(self, feature: str, command: Command, payload: Payload) -> bool:
        """Whether the server that something belongs to just now is known to have a feature."""
        try:
            bridge: Any = self._strategy.only or self._strategy.select_packed(command, self._options, payload)
        except RedisError:
            return False  # which whoever sends it will hear
        return bool(bridge.server.features.supports(feature))

    @property
    def fieldsets(self) -> Fieldsets:
        """What HIMPORT SET may name."""
        return self._guard.fieldsets

    def make_lock(self) -> Any:
        """Make a lock that orders calls, of this world's kind."""
        return self._driver.make_lock()

    def leased_call(self, command: Command, payload: Payload) -> LeasedCall:
        """Make a call that goes over a connection of its caller's own."""
        options = self.limited()._options
        return LeasedCall(command, payload, options, options.timeout or self._driver.timeout)

    def borrow(self, command: Command, payload: Payload) -> Lease:
        """Borrow a connection to the server a command belongs to; the lease must be ended.

        Raises:
            RedisError: There was none within the timeout.
        """
        lease: Lease = self._driver.leases.borrow(self._strategy, self.leased_call(command, payload))
        return lease

    def _view(self, options: CallOptions) -> Self:
        return type(self)(self._driver, self._strategy, self._guard, options)


def with_deadline(options: CallOptions, deadline: float) -> CallOptions:
    """Return options of calls that may take until a deadline."""
    return options.replace(timeout=max(deadline - monotonic(), _LEAST_TIMEOUT))


def sent_once(options: CallOptions) -> CallOptions:
    """Return options for what only a primary is asked, once, by somebody who waits for the reply in bytes."""
    flags = options.flags & ~(CommandFlags.FIRE_AND_FORGET | CommandFlags.RETRY_WRITES)
    return options.replace(decode=False, read_from=ReadFrom.PRIMARY, flags=flags, retry_up_to=None)


def changed_options(options: CallOptions, **changes: Any) -> CallOptions:
    """Return call options with some fields changed, checked; fields that are unset stay."""
    given = {name: value for name, value in changes.items() if value is not UNSET}
    timeout = given.get("timeout")
    if timeout is not None and (isinstance(timeout, bool) or not isinstance(timeout, int | float) or not timeout > 0):
        raise DataError("with_options: timeout must be a positive number of seconds, or None")
    if timeout is not None and DOUBTFUL < timeout < inf:
        raise DataError(f"with_options: timeout is in seconds, and {both_readings('timeout', timeout)}")
    if not isinstance(given.get("flags", CommandFlags.NONE), CommandFlags):
        raise DataError("with_options: flags must be CommandFlags")
    if not isinstance(given.get("retry"), AbstractBackoff | None):
        raise DataError("with_options: retry must be a back-off of multiplexer.retry, or None")
    limit = given.get("retry_up_to", ReplayCategory.READ_ONLY)
    if not isinstance(limit, ReplayCategory) or limit not in _RETRIED:
        names = ", ".join([each.name for each in _RETRIED])
        raise DataError(f"with_options: retry_up_to must be a ReplayCategory, one of {names}")
    if not isinstance(given.get("read_from"), ReadFrom | None):
        raise DataError("with_options: read_from must be a ReadFrom, or None")
    if "key_prefix" in given:
        prefix = given["key_prefix"]
        if not isinstance(prefix, str | bytes):
            raise DataError("with_options: key_prefix must be str or bytes")
        given["key_prefix"] = options.key_prefix + (prefix.encode() if isinstance(prefix, str) else prefix)
    return options.replace(**given)
