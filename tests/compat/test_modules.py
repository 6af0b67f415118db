"""The modules that programs import from redis-py are there, and what they hold is the façade's own."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any

import pytest

import multiplexer.compat as compat
import multiplexer.compat.asyncio as asyncio_compat
from multiplexer.compat.commands import CoreCommands, helpers, list_or_args
from multiplexer.compat.commands.core import DataPersistOptions, HashDataPersistOptions
from multiplexer.compat.commands.json.commands import FPHAType
from multiplexer.compat.crc import key_slot
from multiplexer.compat.exceptions import DataError
from tests.servers import RealServer, require_kind
from tests.servers.packages import require_redis_py

#: redis-py's public modules, and names that programs take from them.
MODULES = {
    "asyncio": "Redis",
    "asyncio.client": "Redis Pipeline PubSub",
    "asyncio.cluster": "RedisCluster ClusterNode ClusterPipeline",
    "asyncio.connection": "Connection ConnectionPool",
    "asyncio.lock": "Lock",
    "asyncio.multidb": "",
    "asyncio.multidb.client": "MultiDBClient",
    "asyncio.multidb.command_executor": "",
    "asyncio.multidb.config": "MultiDbConfig DatabaseConfig InitialHealthCheck",
    "asyncio.multidb.database": "AsyncDatabase Database Databases",
    "asyncio.multidb.event": "ActiveDatabaseChanged",
    "asyncio.multidb.failover": "WeightBasedFailoverStrategy",
    "asyncio.multidb.failure_detector": "CommandFailureDetector FailureDetector",
    "asyncio.multidb.healthcheck": "AbstractHealthCheck HealthCheck HealthCheckPolicies PingHealthCheck",
    "asyncio.retry": "Retry",
    "asyncio.sentinel": "Sentinel",
    "asyncio.utils": "from_url",
    "auth": "",
    "auth.err": "InvalidTokenSchemaErr RequestTokenErr TokenRenewalErr",
    "auth.idp": "IdentityProviderConfigInterface IdentityProviderInterface",
    "auth.token": "JWToken SimpleToken TokenInterface TokenResponse",
    "auth.token_manager": "CredentialsListener RetryPolicy TokenManager TokenManagerConfig",
    "backoff": "ExponentialBackoff",
    "cache": "EvictionPolicy",
    "client": "Redis Pipeline PubSub CaseInsensitiveDict bool_ok",
    "cluster": "RedisCluster ClusterNode ClusterPipeline",
    "commands": "CoreCommands AsyncCoreCommands RedisModuleCommands AsyncRedisModuleCommands SentinelCommands "
    "AsyncSentinelCommands RedisClusterCommands AsyncRedisClusterCommands READ_COMMANDS list_or_args",
    "commands.bf": "BFBloom CFBloom CMSBloom TDigestBloom TOPKBloom AsyncBFBloom AsyncCFBloom AsyncCMSBloom "
    "AsyncTDigestBloom AsyncTOPKBloom",
    "commands.bf.commands": "BFCommands CFCommands CMSCommands TDigestCommands TOPKCommands",
    "commands.bf.info": "BFInfo CFInfo CMSInfo TDigestInfo TopKInfo",
    "commands.cluster": "READ_COMMANDS RedisClusterCommands AsyncRedisClusterCommands",
    "commands.core": "CoreCommands Script AsyncScript DataPersistOptions HashDataPersistOptions HotkeysMetricsTypes "
    "ArrayAggregateOperations ArrayPredicateType ArrayPredicateCombinator",
    "commands.helpers": "list_or_args nativestr delist parse_to_list random_string decode_dict_keys",
    "commands.json": "JSON AsyncJSON",
    "commands.json.commands": "JSONCommands FPHAType",
    "commands.json.decoders": "bulk_of_jsons decode_dict_keys decode_list unstring",
    "commands.json.path": "Path",
    "commands.redismodules": "RedisModuleCommands AsyncRedisModuleCommands",
    "commands.search": "Search AsyncSearch",
    "commands.search.aggregation": "AggregateRequest",
    "commands.search.commands": "SearchCommands AsyncSearchCommands CREATE_CMD SEARCH_CMD STOPWORDS TEMPORARY NOHL",
    "commands.search.dialect": "",
    "commands.search.document": "Document",
    "commands.search.field": "TextField",
    "commands.search.hybrid_query": "",
    "commands.search.hybrid_result": "",
    "commands.search.index_definition": "IndexDefinition",
    "commands.search.profile_information": "ProfileInformation",
    "commands.search.query": "Query",
    "commands.search.querystring": "",
    "commands.search.reducers": "count",
    "commands.search.result": "Result",
    "commands.search.suggestion": "",
    "commands.sentinel": "SentinelCommands AsyncSentinelCommands",
    "commands.timeseries": "TimeSeries AsyncTimeSeries",
    "commands.timeseries.commands": "TimeSeriesCommands",
    "commands.timeseries.info": "TSInfo",
    "commands.timeseries.utils": "list_to_dict parse_get parse_m_get parse_m_range parse_n_range parse_range",
    "commands.vectorset": "VectorSet AsyncVectorSet",
    "commands.vectorset.commands": "VectorSetCommands QuantizationOptions",
    "connection": "Connection ConnectionPool parse_url",
    "crc": "key_slot REDIS_CLUSTER_HASH_SLOTS",
    "credentials": "CredentialProvider",
    "data_structure": "WeightedList",
    "driver_info": "DriverInfo",
    "event": "EventDispatcher EventDispatcherInterface EventListenerInterface AsyncEventListenerInterface "
    "EventException AfterConnectionReleasedEvent AfterPooledConnectionsInstantiationEvent ClientType "
    "OnCommandsFailEvent",
    "exceptions": "RedisError",
    "lock": "Lock",
    "maint_notifications": "EndpointType MaintNotificationsConfig MaintenanceState",
    "multidb.circuit": "State CircuitBreaker",
    "multidb.client": "MultiDBClient",
    "multidb.command_executor": "",
    "multidb.config": "MultiDbConfig DatabaseConfig InitialHealthCheck",
    "multidb.database": "Database Databases SyncDatabase",
    "multidb.event": "ActiveDatabaseChanged",
    "multidb.exception": "InitialHealthCheckFailedError NoValidDatabaseException TemporaryUnavailableException "
    "UnhealthyDatabaseException",
    "multidb.failover": "WeightBasedFailoverStrategy",
    "multidb.failure_detector": "CommandFailureDetector FailureDetector",
    "ocsp": "",
    "retry": "Retry",
    "sentinel": "Sentinel",
    "typing": "KeyT",
    "utils": "str_if_bytes",
}

#: What belongs to features of redis-py that the façade does not have, or is called back by its own machinery.
NOT_HERE = (
    "asyncio.http",
    "asyncio.keyspace_notifications",
    "asyncio.maint_notifications",
    "asyncio.observability",
    "background",
    "commands.policies",
    "commands.vectorset.utils",
    "himport",
    "http",
    "keyspace_notifications",
    "observability",
)

GROUPS = {
    "bf": "bf.BFBloom",
    "cf": "bf.CFBloom",
    "cms": "bf.CMSBloom",
    "ft": "search.Search",
    "json": "json.JSON",
    "tdigest": "bf.TDigestBloom",
    "topk": "bf.TOPKBloom",
    "ts": "timeseries.TimeSeries",
    "vset": "vectorset.VectorSet",
}


@pytest.mark.parametrize("module", MODULES)
def test_modules(module: str) -> None:
    found = importlib.import_module(f"multiplexer.compat.{module}")
    for name in MODULES[module].split():
        assert hasattr(found, name), name
    assert all(hasattr(found, name) for name in getattr(found, "__all__", ()))


def test_every_public_module_of_redis_py() -> None:
    require_redis_py()
    redis = importlib.import_module("redis")
    for found in pkgutil.walk_packages(redis.__path__, "redis.", onerror=lambda name: None):
        name = found.name.removeprefix("redis.")
        private = any(part.startswith("_") for part in name.split("."))
        if not private and not any(name == absent or name.startswith(f"{absent}.") for absent in NOT_HERE):
            assert importlib.import_module(f"multiplexer.compat.{name}"), name


@pytest.mark.parametrize("method", GROUPS)
def test_groups_of_commands_have_redis_py_s_classes(method: str) -> None:
    module, _, name = GROUPS[method].rpartition(".")
    package = importlib.import_module(f"multiplexer.compat.commands.{module}")
    clients: dict[str, Any] = {name: compat.Redis(), f"Async{name}": asyncio_compat.Redis()}
    for kind, client in clients.items():
        assert type(getattr(client, method)()) is getattr(package, kind)
        assert isinstance(getattr(package, kind)(client=client), getattr(package, kind))


def test_clients_are_of_the_commands_classes() -> None:
    commands: Any = importlib.import_module("multiplexer.compat.commands")
    assert issubclass(compat.Redis, CoreCommands | commands.RedisModuleCommands | commands.SentinelCommands)
    assert issubclass(asyncio_compat.Redis, commands.AsyncCoreCommands)
    assert issubclass(asyncio_compat.Redis, commands.AsyncRedisModuleCommands)
    assert issubclass(compat.RedisCluster, commands.RedisClusterCommands)
    assert issubclass(asyncio_compat.RedisCluster, commands.AsyncRedisClusterCommands)
    assert "GET" in commands.READ_COMMANDS
    assert "SET" not in commands.READ_COMMANDS
    assert not hasattr(commands, "no_such_name")


def test_options_may_be_members_of_enumerations(shared_servers: dict[str, RealServer]) -> None:
    require_kind("valkey")
    server = shared_servers["valkey"]
    server.command("FLUSHALL")
    with compat.Redis(host=server.host, port=server.port) as client:
        assert client.hsetex("h", "f", "1", ex=9, data_persist_option=HashDataPersistOptions.FNX) == 1
        assert client.hsetex("h", "f", "2", ex=9, data_persist_option=HashDataPersistOptions.FNX) == 0
        assert client.hget("h", "f") == b"1"
    assert [each.value for each in DataPersistOptions] == ["NX", "XX"]
    assert FPHAType.from_value("bf16") is FPHAType.from_value(FPHAType.BF16) is FPHAType.BF16
    with pytest.raises(DataError, match="FPHA"):
        FPHAType.from_value("FP8")


def test_helpers() -> None:
    assert list_or_args("ab", None) == ["ab"]
    assert list_or_args(("a", b"b"), ["c"]) == ["a", b"b", "c"]
    assert list_or_args(1, [2]) == [1, 2]
    assert (helpers.nativestr(b"a"), helpers.nativestr("b"), helpers.nativestr(b"null")) == ("a", "b", None)
    assert helpers.delist([b"a", "b"]) == ["a", "b"]
    assert helpers.delist(None) is None
    assert helpers.parse_to_list([b"1", "2.5", b"x", None, b"nan"]) == [1, 2.5, "x", None, "nan"]
    assert helpers.parse_to_list(None) == []
    assert helpers.decode_dict_keys({b"a": b"1", "b": 2}) == {"a": b"1", "b": 2}
    assert len(helpers.random_string(7)) == 7
    assert helpers.at_most_one_value_set([0, 1, None])
    assert not helpers.at_most_one_value_set([1, True])
    assert [helpers.get_protocol_version(compat.Redis(protocol=given)) for given in (None, 2, 3)] == [3, 2, 3]
    assert compat.client.bool_ok("OK")
    assert compat.client.bool_ok(b"OK")
    assert not compat.client.bool_ok(None)


def test_slots() -> None:
    assert key_slot(b"foo") == key_slot(b"{foo}bar") == key_slot(b"a{foo}{b}") == 12182
    assert key_slot(b"{}foo") != 12182
    assert key_slot(b"foo", 7) == 44950 % 7
