# Generated from multiplexer/asyncio/transaction.py by scripts/generate_blocking.py; change that file instead.
"""Transactions with conditions."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any, Self, overload

from ..configuration.hidden import shown
from ..core.commands.batching import (
    Queued,
    Result,
    in_transaction,
    joined,
    transaction_command,
    transaction_results,
)
from ..core.commands.command_table import COMMANDS
from ..core.commands.conditions import Condition
from ..core.commands.words import split_words
from ..core.preparation import Demand, UnsupportedError
from ..core.types import AnyStr, Encodable
from ..core.wire.resp import pack
from ..errors import DataError, WatchError
from .batch import Collector, checked
from .session import WatchSession

if TYPE_CHECKING:
    from .commands.collected import QueuedDataCommands
    from .handle import Handle
else:
    from .commands import DataCommands as QueuedDataCommands


#: What a server has whose EXEC takes conditions.
EXEC_IF = "EXEC IFEQ"


class Outcome(Enum):
    """What became of a transaction."""

    COMMITTED = "committed"
    """It ran."""

    CONDITION_FAILED = "condition failed"
    """A condition did not hold, so nothing was run."""

    RACE_LOST = "race lost"
    """The conditions held, but somebody changed a key of theirs before the transaction ran, so nothing was run."""


class TransactionResult:
    """How a transaction ended; true where it was committed.

    Attributes:
        outcome: See :class:`Outcome`.
        results: The commands' results, in the order of the calls; empty where nothing was run.
        failed: The conditions that did not hold. Where the server judged several by itself it does not say which, and
            all stand here.
    """

    __slots__ = ("failed", "outcome", "results")

    def __init__(self, outcome: Outcome, results: list[Any], failed: tuple[Condition, ...] = ()) -> None:
        self.outcome = outcome
        self.results = results
        self.failed = failed

    def __bool__(self) -> bool:
        return self.outcome is Outcome.COMMITTED

    @shown
    def __repr__(self) -> str:
        failed = f": {', '.join(map(repr, self.failed))}" if self.failed else ""
        return f"<TransactionResult {self.outcome.value}{failed}>"

    @property
    def committed(self) -> bool:
        """Whether it ran."""
        return self.outcome is Outcome.COMMITTED


class TransactionCollector(Collector[AnyStr]):
    """What a transaction does; the commands' methods are mixed into it."""

    __slots__ = ("_conditions",)

    def __init__(self, database: Handle[AnyStr]) -> None:
        super().__init__(database)
        self._conditions: list[Condition] = []

    def require(self, *conditions: Condition) -> Self:
        """Run only if all of these hold.

        Raises:
            DataError: Something is no condition.
        """
        for condition in conditions:
            if not isinstance(condition, Condition):
                raise DataError(f"require: expected a Condition, got {type(condition).__name__}")
        self._conditions += conditions
        return self

    @overload
    def execute_command(self, *words: Encodable, returns: type[Result]) -> Queued[Result]: ...

    @overload
    def execute_command(self, *words: Encodable) -> Queued[Any]: ...

    def execute_command(self, *words: Encodable, returns: object = None) -> Queued[Any]:
        """Add any command, word by word.

        Args:
            words: Its words.
            returns: What the reply is, such as ``int``: for type checkers, nothing is converted.

        Raises:
            DataError: No command, or an argument that cannot be sent.
        """
        command, words = split_words(words)
        queued: Queued[Any] = self._execute(command, words)
        return queued

    def _clear(self) -> None:
        super()._clear()
        self._conditions = []

    def execute(self, raise_on_error: bool = True) -> TransactionResult:
        """Run the transaction.

        Redis commands: WATCH, MULTI, EXEC; without WATCH where EXEC itself takes the conditions (Valkey 9.2)

        Args:
            raise_on_error: Whether the first error of a command is raised; otherwise errors stand in the place of
                their results. The other commands of the transaction were run all the same.

        Returns:
            Whether it was committed, a condition failed, or the race was lost.

        Raises:
            RedisError: The transaction could not be sent, its connection was lost, or a command failed.
            ExecAbortError: The server refused a command while it queued the transaction, so nothing was run.
        """
        conditions = tuple(self._conditions)
        if not conditions:
            return TransactionResult(Outcome.COMMITTED, self._send_transaction(raise_on_error))
        if self._queued and all(condition.exec_words is not None for condition in conditions):
            result = self._judged_by_exec(conditions, raise_on_error)
            if result is not None:
                return result
        self._session = session = WatchSession(self._database)
        try:
            failed = self._failed(session, conditions)
            if failed:
                self._clear()
                return TransactionResult(Outcome.CONDITION_FAILED, [], failed)
            return TransactionResult(Outcome.COMMITTED, self._send_transaction(raise_on_error))
        except WatchError:
            return TransactionResult(Outcome.RACE_LOST, [])
        finally:
            self._session = None
            session.end()

    def _judged_by_exec(
        self, conditions: tuple[Condition, ...], raise_on_error: bool
    ) -> TransactionResult | None:
        """Have EXEC judge the conditions, on the shared connection; None where the server cannot: nothing was sent."""
        database, queued, payloads = self._database, self._queued, self._payloads
        scripts, fieldsets = self._scripts, self._fieldsets
        prefix = database.key_prefix
        words: list[Encodable] = [word for each in conditions for word in each.words_of_exec(prefix)]
        sent = in_transaction(payloads, pack(("EXEC", *words)))
        command = transaction_command(queued)
        if not database.leads_to(EXEC_IF, command, joined(sent)):
            return None
        database.permit(COMMANDS["MULTI"])
        self._clear()
        try:
            self._database = database.with_preparation(Demand(EXEC_IF))
            replies = self._send_unit(command, sent, len(queued) + 2, scripts.values(), fieldsets)
        except UnsupportedError:  # the server is another one since
            self._queued, self._payloads, self._scripts, self._fieldsets = queued, payloads, scripts, fieldsets
            return None
        finally:
            self._database = database
        if replies[-1] is None:
            return TransactionResult(Outcome.CONDITION_FAILED, [], conditions)
        return TransactionResult(Outcome.COMMITTED, checked(transaction_results(queued, replies), raise_on_error))

    def _failed(self, session: WatchSession, conditions: tuple[Condition, ...]) -> tuple[Condition, ...]:
        """Watch the conditions' keys, and return those that do not hold."""
        keys = tuple(dict.fromkeys(condition.key for condition in conditions))
        asking = [self._database.pack(condition.command, condition.words, True) for condition in conditions]
        replies = session.watch(keys, *asking)
        judged = zip(conditions, replies, strict=True)
        return tuple(condition for condition, reply in judged if not condition.holds(reply))


class Transaction(TransactionCollector[AnyStr], QueuedDataCommands[AnyStr]):
    """Collects commands that run as one, if all conditions hold.

    Its methods return objects that have the commands' own results once :meth:`execute` has committed. Without
    conditions it travels on the shared connection as one unit; so it does with conditions that the server's EXEC judges
    itself. With others it travels on a connection of its own, so that nobody waits.
    """

    __slots__ = ()
