"""redis-py's client of several databases, over a group of deployments."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from copy import deepcopy
from functools import partial
from inspect import isawaitable
from time import monotonic
from types import TracebackType
from typing import Any, Self

from ....asyncio.connection_group import ConnectionGroup, GroupMember
from ....configuration.hidden import shown
from ....core.availability.group_events import ActiveChanged, MemberHealthChanged
from ....core.availability.group_options import Member
from ....core.commands.command import ReplayCategory
from ....core.commands.words import split_words
from ....drivers.at_fork import free_in_child
from ....errors import ConfigurationError, RedisConnectionError, RedisError, RedisTimeoutError
from ....importing import importing
from ... import event as events
from ...data_structure import WeightedList
from ...multidb.exception import (
    InitialHealthCheckFailedError,
    NoValidDatabaseException,
    TemporaryUnavailableException,
    UnhealthyDatabaseException,
)
from ...multidb.healthcheck import HealthCheck, PingHealthCheck
from ..base import BaseClient
from ..connection import Encoder
from ..pubsub import PubSub
from ..standalone import Pipeline as _Pipeline
from ..standalone import Redis
from .command_executor import CommandExecutor
from .config import DatabaseConfig, MultiDbConfig
from .database import Database, Databases
from .event import ActiveDatabaseChanged
from .pool import GroupPool, SubscriberPool

__all__ = ["MultiDBClient", "Pipeline"]


class MultiDBClient(BaseClient):
    """Sends commands to one of several databases: of those that are well, to the one with the most weight.

    It looks like a client. The first call connects, as does :meth:`initialize`. Each command belongs to the database
    that took it: when another one is used from then on, what was not sent goes there, and what was sent is never sent
    there by itself unless it only reads. Subscriptions follow the database that is used; what is published as they
    change over is lost.

    Args:
        config: The databases, and when which one is used.

    Attributes:
        group: The group of deployments that the databases are, to which nothing is foreign that a
            :class:`~multiplexer.asyncio.ConnectionGroup` does.
        initialized: Whether it was connected.
        command_executor: See :class:`CommandExecutor`.

    Raises:
        ConfigurationError: Something is asked for that cannot be, or databases differ in what must be the same for all.
    """

    def __init__(self, config: MultiDbConfig) -> None:
        if not config.databases_config:
            raise ConfigurationError("MultiDbConfig: databases_config must name at least one")
        self._config = config
        self._checks = config.checks()
        self._retry = deepcopy(config.command_retry)
        self._retry.update_supported_errors((ConnectionRefusedError,))
        read = [(each, *each.options(config.client_class)) for each in config.databases_config]
        self._text = read[0][2]
        members = [
            Member(options, f"database{number}", each.weight) for number, (each, options, _) in enumerate(read, 1)
        ]
        for _, _, text in read:
            self._refuse_other(text)
        self.group = ConnectionGroup(members, config.group_options(self._probe()))
        self._databases: Databases = WeightedList()
        self._by_member: dict[GroupMember, Database] = {}
        for (each, _, _), member in zip(read, self.group.members.values(), strict=True):
            self._keep(each, member)
        self.command_executor = CommandExecutor(self)
        for detector in config.failure_detectors or ():
            self.add_failure_detector(detector)
        self._redis = Redis(connection_pool=GroupPool(self.group, **self._text))
        self._subscribers = SubscriberPool(self._redis.connection_pool, self._retry)
        self.response_callbacks = self._redis.response_callbacks
        self.initialized = False
        self._has_begun = False
        self._unavailable_since: float | None = None
        self.group.active_changed += self._tell_of_change
        self.group.member_health_changed += self._tell_of_health
        if True:  # ASYNC
            self._lock = asyncio.Lock()
        else:
            self._lock = free_in_child(threading.RLock())

    @shown
    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.group!r}>"

    def _refuse_other(self, text: dict[str, Any]) -> None:
        for name, value in text.items():
            if value != self._text[name]:
                raise ConfigurationError(f"MultiDbConfig: {name} must be the same for all databases")

    def _keep(self, config: DatabaseConfig, member: GroupMember) -> Database:
        """Keep a member of the group as a database."""
        client_class, text = self._config.client_class, self._text
        database = Database(member, config.grace_period, config.health_check_url, client_class, text)
        self._by_member = {**self._by_member, member: database}
        self._databases.add(database, database.weight)
        return database

    def database_of(self, member: GroupMember) -> Database:
        """Return the database that a member of the group is."""
        return self._by_member[member]

    def _member_of(self, database: Database) -> GroupMember:
        member = database.member
        if self.group.members.get(member.name) is not member:
            raise ValueError("Given database is not a member of database list")
        return member

    # -- from first to last ----------------------------------------------------------------------------

    async def initialize(self) -> None:
        """Connect the databases, and wait for as many as must be well at the beginning.

        Raises:
            InitialHealthCheckFailedError: Fewer are, or none. The next call looks again.
        """
        async with self._lock:
            if self.initialized:
                return
            members = tuple(self.group.members.values())
            if not self._has_begun:
                self._has_begun = True
                await self.group._connect()
                longest = max(member.multiplexer.options.connect_timeout for member in members)
                await self.group.until_tried(members, longest)
            self.group.look()
            well = sum(member.is_well for member in members)
            if well < self._config.initial_health_check_policy.least(len(members)):
                policy = self._config.initial_health_check_policy.value
                raise InitialHealthCheckFailedError(
                    f"Initial health check failed: {well} of {len(members)} databases are well, and the policy is "
                    f"{policy}; {self._reasons()}"
                )
            self.initialized = True

    def _reasons(self) -> str:
        reasons = [(name, member.health.reason) for name, member in self.group.members.items()]
        return "; ".join(f"{name}: {reason}" for name, reason in reasons if reason is not None)

    async def __aenter__(self) -> Self:
        try:
            await self.initialize()
        except BaseException:
            await self.aclose()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections to all databases."""
        await self.group.aclose()

    # -- databases -------------------------------------------------------------------------------------

    def get_databases(self) -> Databases:
        """Return the databases and their weights, the heaviest first."""
        return self._databases

    async def set_active_database(self, database: Database) -> None:
        """Use a database from now on, as long as it is well; while it is not, others stand in for it.

        ``client.group.failover_to(None)`` leaves the choice to weights again.

        Raises:
            ValueError: It is none of the client's.
            NoValidDatabaseException: It is not well.
        """
        member = self._member_of(database)
        if not self.initialized:
            await self.initialize()
        if not member.is_well:
            raise NoValidDatabaseException(f"Cannot set active database, database is unhealthy: {member.health.reason}")
        self.group.failover_to(member.name)

    async def add_database(self, config: DatabaseConfig, skip_initial_health_check: bool = True) -> Database:
        """Take one more database in, and return it. It is used at once where it is well and has the most weight.

        Args:
            config: How it is reached.
            skip_initial_health_check: Whether it is taken in though it is not well.

        Raises:
            ConfigurationError: Something is asked for that cannot be, or it differs in what must be the same for all.
            UnhealthyDatabaseException: It is not well.
        """
        if not self.initialized:
            await self.initialize()
        options, text = config.options(self._config.client_class)
        self._refuse_other(text)
        async with self._lock:  # two databases get two names
            member = await self.group.add(Member(options, self._free_name(), config.weight))
            database = self._keep(config, member)
        if not member.is_well and not skip_initial_health_check:
            reason = member.health.reason
            await self.remove_database(database)
            raise UnhealthyDatabaseException(f"Initial health check failed: {reason}", database, None)
        return database

    def _free_name(self) -> str:
        number = len(self.group.members) + 1
        while f"database{number}" in self.group.members:
            number += 1
        return f"database{number}"

    async def remove_database(self, database: Database) -> None:
        """Let a database go. Where it was the one that is used, another one is first.

        Raises:
            ValueError: It is none of the client's.
            DataError: It is the last one.
        """
        member = self._member_of(database)
        await self.group.remove(member.name)
        self._databases.remove(database)
        # It stays known: somebody may still ask for what was used a moment ago.

    async def update_database_weight(self, database: Database, weight: float) -> None:
        """Give a database another weight.

        Raises:
            ValueError: It is none of the client's.
            DataError: The weight is no positive number.
        """
        self._member_of(database).weight = weight
        self._databases.update_weight(database, weight)

    def _tell_of_change(self, change: ActiveChanged) -> Any:
        """Another database is used: have subscriptions follow, and tell the application."""
        self._subscribers.follow()
        named = {member.name: database for member, database in self._by_member.items()}
        old, new = named.get(change.previous), named.get(change.current)
        event = ActiveDatabaseChanged(old, new, self.command_executor)
        if True:  # ASYNC
            return self._config.event_dispatcher.dispatch_async(event)
        return self._config.event_dispatcher.dispatch(event)

    def _tell_of_health(self, change: MemberHealthChanged) -> None:
        for member, database in self._by_member.items():
            if member.name == change.member:
                database.circuit.tell()

    # -- health ----------------------------------------------------------------------------------------

    async def add_health_check(self, healthcheck: HealthCheck) -> None:
        """Have databases asked in one more way whether they are well."""
        self._checks = [*self._checks, healthcheck]
        self.group.options.probe = self._probe()

    def add_failure_detector(self, failure_detector: Any) -> None:
        """Have one more told of every call that fails or does not."""
        failure_detector.set_command_executor(self.command_executor)
        self.command_executor.failure_detectors = [*self.command_executor.failure_detectors, failure_detector]

    def _probe(self) -> Any:
        """Return how members are asked: by the group itself, unless checks are the application's own."""
        return "ping" if all(type(check) is PingHealthCheck for check in self._checks) else self._check

    async def _check(self, member: GroupMember) -> bool:
        """Return whether all checks find a database well."""
        database = self._by_member.get(member)
        if database is None:
            return True  # it is just being added
        for check in self._checks:
            found: Any
            if True:  # ASYNC
                found = await check.check_health(database, database.client)
            else:
                with importing:
                    from ...multidb.asyncio_checks import checked_in_a_loop  # only now: few have checks of their own

                found = checked_in_a_loop(check, database)
            if not found:
                return False
        return True

    # -- commands --------------------------------------------------------------------------------------

    def get_encoder(self) -> Encoder:
        """Return what turns values into bytes and replies into text."""
        return self._redis.get_encoder()

    async def execute_command(self, *args: Any, **options: Any) -> Any:
        """Send a command to the database that is used, and return its result.

        Raises:
            TemporaryUnavailableException: No database is well.
            NoValidDatabaseException: None has been for long.
            RedisError: As for :meth:`Redis.execute_command`.
        """
        return await self.carry(args, partial(self._redis.execute_command, *args, **options))

    async def carry(self, commands: tuple[Any, ...], call: Callable[[], Awaitable[Any]], is_one: bool = True) -> Any:
        """Make a call, and again as ``command_retry`` says where that can do no harm.

        Args:
            commands: The command's words, or the commands, for those who are told of calls.
            call: Makes it; gives a new awaitable each time.
            is_one: Whether it is one command, which may be seen to read only.
        """
        if not self.initialized:
            await self.initialize()

        def may_repeat(error: Exception) -> bool:
            if isinstance(error, RedisError) and not error.was_sent:
                return True
            return is_one and split_words(commands)[0].replay <= ReplayCategory.READ_ONLY

        return await self._retry.call_with_retry(
            partial(self._attempt, commands, call),
            lambda error: None,
            may_repeat,
        )

    async def _attempt(self, commands: tuple[Any, ...], call: Callable[[], Awaitable[Any]]) -> Any:
        if self.group.active.is_well:
            self._unavailable_since = None
        elif not any(member.is_well for member in self.group.members.values()):
            raise self._unavailable()
        try:
            result = await call()
        except (RedisConnectionError, RedisTimeoutError, OSError) as error:
            await self._note_failure(commands, error)
            raise
        for detector in self.command_executor.failure_detectors:
            if True:  # ASYNC
                noted = detector.register_command_execution(commands)
                if isawaitable(noted):
                    await noted
            else:
                detector.register_command_execution(commands)
        return result

    def _unavailable(self) -> Exception:
        now = monotonic()
        since = self._unavailable_since = now if self._unavailable_since is None else self._unavailable_since
        if now - since >= self._config.failover_attempts * self._config.failover_delay:
            return NoValidDatabaseException(
                f"No database is well, nor has been for {now - since:.0f} s: {self._reasons()}"
            )
        return TemporaryUnavailableException(f"No database is well just now: {self._reasons()}")

    async def _note_failure(self, commands: tuple[Any, ...], error: Exception) -> None:
        for detector in self.command_executor.failure_detectors:
            if True:  # ASYNC
                noted = detector.register_failure(error, commands)
                if isawaitable(noted):
                    await noted
            else:
                detector.register_failure(error, commands)
        if True:  # ASYNC
            await self._config.event_dispatcher.dispatch_async(events.AsyncOnCommandsFailEvent(commands, error))
        else:
            self._config.event_dispatcher.dispatch(events.OnCommandsFailEvent(commands, error))

    # -- other objects ---------------------------------------------------------------------------------

    def pipeline(self, transaction: bool = True, shard_hint: str | None = None) -> Any:
        """Return a pipeline, which collects commands and sends them to the database that is used by then.

        Args:
            transaction: Whether they run between MULTI and EXEC.
            shard_hint: For subclasses; of no meaning here.
        """
        return Pipeline(self, transaction, shard_hint)

    async def transaction(self, func: Callable[[Any], Any], *watches: Any, **options: Any) -> Any:
        """As :meth:`Redis.transaction`, on the database that is used."""
        return await self.carry((), partial(self._redis.transaction, func, *watches, **options), is_one=False)

    async def pubsub(self, **kwargs: Any) -> PubSub:
        """Return an object to subscribe to channels with, whose subscriptions follow the database that is used."""
        if not self.initialized:
            await self.initialize()
        return PubSub(self._subscribers, **kwargs)


class Pipeline(_Pipeline):
    """Collects commands; get it from :meth:`MultiDBClient.pipeline`."""

    def __init__(self, client: MultiDBClient, transaction: bool, shard_hint: str | None) -> None:
        super().__init__(client._redis.connection_pool, client.response_callbacks, transaction, shard_hint)
        self._client = client

    async def execute(self, raise_on_error: bool = True) -> list[Any]:
        """As for a client of one database.

        Raises:
            TemporaryUnavailableException: No database is well.
            NoValidDatabaseException: None has been for long.
        """
        if self.watching:  # it belongs to one database
            return await super().execute(raise_on_error)
        stack, scripts = self.command_stack, self.scripts
        commands = tuple(args for args, _ in stack)
        try:
            return list(
                await self._client.carry(commands, partial(self._run, stack, scripts, raise_on_error), is_one=False)
            )
        finally:
            await self.reset()

    async def _run(self, stack: list[Any], scripts: Any, raise_on_error: bool) -> list[Any]:
        self.command_stack, self.scripts = list(stack), scripts
        return await super().execute(raise_on_error)

    async def immediate_execute_command(self, *args: Any, **options: Any) -> Any:
        if not self._client.initialized:
            await self._client.initialize()
        return await super().immediate_execute_command(*args, **options)
