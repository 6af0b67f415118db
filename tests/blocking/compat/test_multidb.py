# Generated from tests/asyncio/compat/test_multidb.py by scripts/generate_blocking.py; change that file instead.
"""redis-py's client of several databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from multiplexer.compat.blocking.client import Redis
from multiplexer.compat.blocking.connection import ConnectionPool
from multiplexer.compat.blocking.multidb.client import MultiDBClient
from multiplexer.compat.blocking.multidb.config import DatabaseConfig, InitialHealthCheck, MultiDbConfig
from multiplexer.compat.blocking.multidb.event import ActiveDatabaseChanged
from multiplexer.compat.event import (
    AsyncOnCommandsFailEvent,
    EventDispatcher,
    EventListenerInterface,
    OnCommandsFailEvent,
)
from multiplexer.compat.multidb.circuit import State
from multiplexer.compat.multidb.exception import (
    InitialHealthCheckFailedError,
    NoValidDatabaseException,
    TemporaryUnavailableException,
    UnhealthyDatabaseException,
)
from multiplexer.compat.multidb.failure_detector import CommandFailureDetector, FailureDetector
from multiplexer.compat.multidb.healthcheck import AbstractHealthCheck, HealthCheckPolicies, PingHealthCheck
from multiplexer.errors import ConfigurationError, DataError, RedisConnectionError, ResponseError
from multiplexer.retry import NoBackoff, Retry
from tests.blocking._world import spawn, until
from tests.blocking.groups import down, up
from tests.servers import FaultProxy

Connect = Callable[..., MultiDBClient]


def reached(proxy: FaultProxy, weight: float, **changes: Any) -> DatabaseConfig:
    kwargs = {"host": proxy.host, "port": proxy.port, "decode_responses": True, **changes}
    return DatabaseConfig(weight=weight, client_kwargs=kwargs)


@pytest.fixture
def connect(east: FaultProxy, west: FaultProxy) -> Iterator[Connect]:
    """Makes clients of both deployments, of which the one in the east is preferred."""
    made: list[MultiDBClient] = []

    def connect(*databases: DatabaseConfig, **changes: Any) -> MultiDBClient:
        given = {"health_check_interval": 0.3, "auto_fallback_interval": 0.2, "health_check_delay": 0.05, **changes}
        client = MultiDBClient(MultiDbConfig([*databases] or [reached(east, 1.0), reached(west, 0.5)], **given))
        made.append(client)
        return client

    yield connect
    for client in made:
        client.close()


def name_of(client: MultiDBClient) -> str:
    return client.group.active.name


def test_commands_go_to_the_one_with_the_most_weight(connect: Connect) -> None:
    client = connect()
    assert not client.initialized
    assert client.set("where", "east")
    assert client.initialized
    assert client.get("where") == "east"
    assert client.execute_command("GET", "where") == "east"
    first, second = (database for database, _ in client.get_databases())
    assert first.client.get("where") == "east"
    assert second.client.get("where") is None
    assert client.command_executor.active_database is first
    assert (first.weight, second.weight) == (1.0, 0.5)
    assert (first.circuit.state, first.circuit.grace_period, first.circuit.database) == (State.CLOSED, 60, first)


def test_the_other_one_is_used_while_it_is_away(connect: Connect, east: FaultProxy, west: FaultProxy) -> None:
    told: list[ActiveDatabaseChanged] = []

    class Listener(EventListenerInterface):
        def listen(self, event: ActiveDatabaseChanged) -> Any:
            told.append(event)
            return _nothing()

    dispatcher = EventDispatcher({ActiveDatabaseChanged: [Listener()]})
    client = connect(event_dispatcher=dispatcher)
    first, second = (database for database, _ in client.get_databases())
    states: list[tuple[State, State]] = []
    client.initialize()
    first.circuit.on_state_changed(lambda circuit, before, after: states.append((before, after)))
    down(east)
    until(lambda: name_of(client) == "database2")
    assert client.set("where", "west")
    assert second.client.get("where") == "west"
    until(lambda: [(event.old_database, event.new_database) for event in told] == [(first, second)])
    assert told[0].command_executor is client.command_executor
    up(east)
    until(lambda: client.command_executor.active_database is first)
    until(lambda: states == [(State.CLOSED, State.OPEN), (State.OPEN, State.CLOSED)])


def test_nothing_that_was_sent_is_sent_again_unless_it_only_reads(
    connect: Connect, east: FaultProxy, west: FaultProxy
) -> None:
    """redis-py applies such a command in both databases."""
    failed: list[OnCommandsFailEvent] = []

    class Listener(EventListenerInterface):
        def listen(self, event: OnCommandsFailEvent) -> Any:
            failed.append(event)
            return _nothing()

    # The one is dispatched in asyncio, the other in threads.
    dispatcher = EventDispatcher({AsyncOnCommandsFailEvent: [Listener()], OnCommandsFailEvent: [Listener()]})
    client = connect(event_dispatcher=dispatcher)
    client.set("key", "here")
    _, second = (database for database, _ in client.get_databases())
    second.client.set("key", "there")
    east.black_hole("to_client")
    east.refuse()
    write, read = spawn(partial(client.incr, "count")), spawn(partial(client.get, "key"))
    until(lambda: sum(server.interactive.sent_items_awaiting_response for server in _counters(client)) >= 2)
    east.reset()
    with pytest.raises(RedisConnectionError, match="may have been applied") as caught:
        write.result()
    assert caught.value.was_sent
    assert read.result() == "there"
    assert second.client.get("count") is None
    assert [event.commands[0] for event in failed][:1] == ["INCRBY"]
    assert failed[0].exception is caught.value


def _nothing() -> None:
    pass


def _counters(client: MultiDBClient) -> list[Any]:
    return client.group.get_counters()[name_of(client)]


def test_pipelines_and_transactions(connect: Connect, east: FaultProxy) -> None:
    client = connect()
    with client.pipeline() as pipe:
        pipe.set("n", 1)
        pipe.incr("n")
        assert pipe.execute() == [True, 2]
    pipe = client.pipeline(transaction=False)
    pipe.lpush("n", 1)
    pipe.get("n")
    with pytest.raises(ResponseError, match="Command # 1"):
        pipe.execute()
    pipe.get("n")
    assert pipe.execute(raise_on_error=False) == ["2"]

    def add(pipe: Any) -> None:
        n = int(pipe.get("n"))
        pipe.multi()
        pipe.set("n", n + 1)

    assert client.transaction(add, "n") == [True]
    assert client.get("n") == "3"
    with client.pipeline() as pipe:
        pipe.watch("n")
        client.set("n", 10)
        pipe.multi()
        pipe.incr("n")
        with pytest.raises(Exception, match="Watched variable changed"):
            pipe.execute()
    down(east)
    until(lambda: name_of(client) == "database2")
    pipe = client.pipeline()
    pipe.set("n", 5)
    assert pipe.execute() == [True]
    assert client.transaction(add, "n") == [True]
    assert client.get("n") == "6"


def test_subscriptions_follow(connect: Connect, east: FaultProxy, west: FaultProxy) -> None:
    client = connect()
    first, second = (database for database, _ in client.get_databases())
    pubsub = client.pubsub(ignore_subscribe_messages=True)
    heard: list[Any] = []

    def listen() -> None:
        for message in pubsub.listen():
            heard.append(message["data"])
            if message["data"] == "end":
                return

    pubsub.subscribe("news")
    pubsub.psubscribe(**{"p*": lambda message: heard.append((message["channel"], message["data"]))})
    task = spawn(listen)

    def publish(database: Any, data: str) -> None:
        def is_heard() -> bool:
            return bool(database.client.publish("news", data))

        until(is_heard)
        until(lambda: data in heard)

    publish(first, "from the east")
    client.set_active_database(second)
    publish(second, "from the west")
    second.client.publish("pattern", "too")
    until(lambda: ("pattern", "too") in heard)
    assert first.client.pubsub_numsub("news")[0][1] == 0
    down(west)
    until(lambda: name_of(client) == "database1")
    publish(first, "from the east again")
    publish(first, "end")
    task.result()
    pubsub.unsubscribe("news")
    pubsub.close()
    assert first.client.pubsub_numsub("news")[0][1] == 0


def test_databases_come_and_go(connect: Connect, east: FaultProxy, west: FaultProxy) -> None:
    client = connect(reached(east, 1.0))
    first = client.get_databases()[0][0]
    client.set("key", 1)
    second = client.add_database(reached(west, 2.0))
    assert [database for database, _ in client.get_databases()] == [second, first]
    assert client.get("key") is None
    client.update_database_weight(second, 0.5)
    assert client.get_databases().get_top_n(1) == [(first, 1.0)]
    client.set_active_database(first)
    assert client.get("key") == "1"
    client.remove_database(first)
    assert client.get("key") is None
    for call in (client.set_active_database, client.remove_database, partial(client.update_database_weight, weight=3)):
        with pytest.raises(ValueError, match="not a member of database list"):
            call(first)
    with pytest.raises(DataError, match="the last member stays"):
        client.remove_database(second)
    down(east)
    with pytest.raises(UnhealthyDatabaseException, match="cannot be reached") as caught:
        client.add_database(reached(east, 5.0), skip_initial_health_check=False)
    assert caught.value.database.weight == 5.0
    assert len(client.get_databases()) == 1
    added = client.add_database(reached(east, 5.0))
    assert added.circuit.state is State.OPEN
    with pytest.raises(NoValidDatabaseException, match="database is unhealthy"):
        client.set_active_database(added)


def test_circuits_are_opened_and_closed_by_hand(connect: Connect) -> None:
    client = connect(auto_fallback_interval=60, health_check_interval=60)
    first, second = (database for database, _ in client.get_databases())
    client.initialize()
    first.circuit.state = State.OPEN
    assert client.command_executor.active_database is second
    first.circuit.state = State.HALF_OPEN
    assert first.circuit.state is State.OPEN
    first.circuit.state = State.CLOSED
    assert first.circuit.state is State.CLOSED
    client.set_active_database(first)
    assert client.command_executor.active_database is first


def test_no_database_is_well(connect: Connect, east: FaultProxy, west: FaultProxy) -> None:
    client = connect(failover_attempts=1, failover_delay=0.2)
    client.initialize()
    down(east)
    down(west)
    until(lambda: not any(member.is_well for member in client.group.members.values()))
    with pytest.raises(TemporaryUnavailableException, match=r"database1: .*; database2: "):
        client.get("key")

    def is_over() -> bool:
        try:
            client.pipeline().get("key").execute()
        except NoValidDatabaseException:
            return True
        except TemporaryUnavailableException:
            return False
        return False

    until(is_over)
    up(west)
    until(lambda: client.group.active.is_well)
    assert client.get("key") is None


@pytest.mark.parametrize(
    ("policy", "enough"),
    [
        (InitialHealthCheck.ALL_AVAILABLE, False),
        (InitialHealthCheck.MAJORITY_AVAILABLE, False),
        (InitialHealthCheck.ONE_AVAILABLE, True),
    ],
)
def test_how_many_must_be_well_at_first(
    policy: InitialHealthCheck, enough: bool, connect: Connect, east: FaultProxy
) -> None:
    down(east)
    client = connect(initial_health_check_policy=policy)
    if enough:
        assert client.ping()
        assert name_of(client) == "database2"
        return
    with pytest.raises(InitialHealthCheckFailedError, match="1 of 2 databases are well"):
        client.ping()
    assert not client.initialized
    up(east)

    def is_ready() -> bool:
        try:
            return bool(client.ping())
        except InitialHealthCheckFailedError:
            return False

    until(is_ready)


def test_checks_of_the_applications_own(connect: Connect) -> None:
    ill: set[Any] = set()
    asked: set[Any] = set()

    class Check(AbstractHealthCheck):
        def check_health(self, database: Any, hc_client: Any) -> bool:
            asked.add((database, hc_client.ping()))
            return database not in ill

    client = connect(health_checks=[PingHealthCheck(3, 0.01, 30)], auto_fallback_interval=-1)
    first, second = (database for database, _ in client.get_databases())
    client.initialize()
    client.add_health_check(Check(3, 0.01, 30))
    until(lambda: asked == {(first, True), (second, True)})
    ill.add(first)
    until(lambda: client.command_executor.active_database is second)
    assert first.circuit.state is State.OPEN


def _lose(client: MultiDBClient, proxy: FaultProxy) -> None:
    """Have a command fail whose reply is lost with its connection."""
    until(lambda: client.group.active.multiplexer.is_connected)
    client.ping()
    proxy.black_hole("to_client")
    task = spawn(partial(client.set, "key", "again"))
    until(lambda: _counters(client)[0].interactive.sent_items_awaiting_response)
    proxy.reset()
    with pytest.raises(RedisConnectionError, match="may have been applied"):
        task.result()
    proxy.restore()


def test_detectors_of_the_applications_own(connect: Connect, east: FaultProxy) -> None:
    class Detector(FailureDetector):
        def __init__(self) -> None:
            self.calls: list[Any] = []
            self.failures: list[Any] = []

        def set_command_executor(self, command_executor: Any) -> None:
            self.executor = command_executor

        def register_command_execution(self, cmd: tuple[Any, ...]) -> None:
            self.calls.append(cmd)

        def register_failure(self, exception: Exception, cmd: tuple[Any, ...]) -> None:
            self.failures.append((type(exception), cmd))

    counting = CommandFailureDetector(2, 0.1, 60, [RedisConnectionError])
    detector = Detector()
    client = connect(
        failure_detectors=[detector], auto_fallback_interval=-1, health_check_interval=60, min_num_failures=10**6
    )
    client.add_failure_detector(counting)
    client.set("key", "value")
    client.pipeline().get("key").execute()
    assert detector.calls == [("SET", "key", "value"), (("GET", "key"),)]
    detector.calls.clear()
    assert detector.executor is client.command_executor
    first = client.command_executor.active_database
    for _ in range(2):
        _lose(client, east)
    assert detector.failures == [(RedisConnectionError, ("SET", "key", "again"))] * 2
    assert first.circuit.state is State.OPEN
    assert client.command_executor.active_database is not first


def test_databases_by_url_and_by_pool(connect: Connect, east: FaultProxy, west: FaultProxy) -> None:
    pool = ConnectionPool(host=west.host, port=west.port, decode_responses=True)
    url = f"redis://{east.host}:{east.port}?decode_responses=true"
    client = connect(DatabaseConfig(from_url=url, weight=2), DatabaseConfig(from_pool=pool))
    client.set("key", "east")
    assert client.get("key") == "east"
    _, second = (database for database, _ in client.get_databases())
    assert isinstance(second.client, Redis)
    client.set_active_database(second)
    assert client.get("key") is None


@pytest.mark.parametrize(
    ("databases", "changes", "problem"),
    [
        ([], {}, "databases_config must name at least one"),
        ([DatabaseConfig(circuit=object())], {}, "circuit cannot be one's own"),
        ([DatabaseConfig()], {"failover_strategy": object()}, "failover_strategy must be WeightBasedFailoverStrategy"),
        ([DatabaseConfig()], {"failure_rate_threshold": 2}, "failure_share must be from 0 to 1"),
        ([DatabaseConfig(client_kwargs={"redis_connect_func": print})], {}, "redis_connect_func"),
        (
            [DatabaseConfig(), DatabaseConfig(client_kwargs={"decode_responses": True})],
            {},
            "decode_responses must be the same for all databases",
        ),
    ],
)
def test_what_makes_no_client(databases: list[Any], changes: dict[str, Any], problem: str) -> None:
    with pytest.raises(ConfigurationError, match=problem):
        MultiDBClient(MultiDbConfig(databases, **changes))


def test_how_many_calls_are_made_again(connect: Connect, east: FaultProxy, west: FaultProxy) -> None:
    client = connect(command_retry=Retry(NoBackoff(), 0), auto_fallback_interval=-1)
    client.set("key", 1)
    _lose(client, east)


def test_no_secrets_are_shown() -> None:
    config = DatabaseConfig(client_kwargs={"password": "sesame"}, from_url="redis://:sesame@127.0.0.1")
    assert "sesame" not in repr(MultiDbConfig([config]))


def test_policies() -> None:
    majority, each, some = (HealthCheckPolicies[f"HEALTHY_{name}"] for name in ("MAJORITY", "ALL", "ANY"))
    assert [majority.bad_probes(count) for count in (1, 2, 3, 4, 5)] == [1, 1, 2, 2, 3]
    assert (each.bad_probes(3), some.bad_probes(3)) == (1, 3)
    assert InitialHealthCheck.MAJORITY_AVAILABLE.least(4) == 3
