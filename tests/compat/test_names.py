"""The façade has redis-py's names, arguments and order, and modules where programs import from."""

from __future__ import annotations

import importlib
import inspect
import pickle
from typing import Any

import pytest

import multiplexer.compat as compat
import multiplexer.compat.asyncio as asyncio_compat
from multiplexer.errors import ConfigurationError
from tests.servers import RealServer
from tests.servers.packages import require_redis_py

NAMES = {
    "": "Redis StrictRedis ConnectionPool BlockingConnectionPool Connection SSLConnection from_url VERSION __version__ "
    "RedisCluster ValkeyCluster ClusterConnectionPool BlockingClusterConnectionPool cluster "
    "Sentinel SentinelConnectionPool CredentialProvider DriverInfo asyncio client lock sentinel retry utils exceptions",
    "asyncio": "Redis StrictRedis ConnectionPool BlockingConnectionPool Connection SSLConnection from_url Sentinel "
    "RedisCluster ClusterConnectionPool BlockingClusterConnectionPool cluster client lock sentinel retry utils",
    "asyncio.cluster": "RedisCluster ClusterNode ClusterPipeline ClusterPubSub NodesManager",
    "asyncio.client": "Redis Pipeline PubSub Monitor NEVER_DECODE EMPTY_RESPONSE",
    "asyncio.connection": "Connection ConnectionPool parse_url to_bool DefaultParser Encoder SENTINEL",
    "asyncio.retry": "Retry AbstractRetry",
    "asyncio.utils": "from_url pipeline",
    "backoff": "NoBackoff ConstantBackoff ExponentialBackoff FullJitterBackoff EqualJitterBackoff "
    "DecorrelatedJitterBackoff ExponentialWithJitterBackoff AbstractBackoff default_backoff",
    "client": "Redis StrictRedis Pipeline PubSub Monitor PubSubWorkerThread NEVER_DECODE EMPTY_RESPONSE",
    "cluster": "RedisCluster ClusterNode ClusterPipeline ClusterPubSub NodesManager LoadBalancingStrategy PRIMARY "
    "REPLICA LoadBalancer get_node_name REDIS_CLUSTER_HASH_SLOTS RedisClusterException SlotNotCoveredError",
    "connection": "Connection SSLConnection UnixDomainSocketConnection AbstractConnection ConnectionPool "
    "BlockingConnectionPool parse_url to_bool URL_QUERY_ARGUMENT_PARSERS DefaultParser Encoder SENTINEL",
    "exceptions": "ConnectionError TimeoutError LockError",
    "retry": "Retry AbstractRetry",
    "utils": "from_url pipeline str_if_bytes safe_str SENTINEL HIREDIS_AVAILABLE",
}

#: The arguments of redis-py's clients, in its order.
ARGUMENTS = [
    "host",
    "port",
    "db",
    "password",
    "socket_timeout",
    "socket_connect_timeout",
    "socket_read_size",
    "socket_keepalive",
    "socket_keepalive_options",
    "connection_pool",
    "unix_socket_path",
    "encoding",
    "encoding_errors",
    "decode_responses",
    "retry_on_timeout",
    "retry",
    "retry_on_error",
    "ssl",
    "ssl_keyfile",
    "ssl_certfile",
    "ssl_cert_reqs",
    "ssl_include_verify_flags",
    "ssl_exclude_verify_flags",
    "ssl_ca_certs",
    "ssl_ca_path",
    "ssl_ca_data",
    "ssl_check_hostname",
    "ssl_password",
    "ssl_validate_ocsp",
    "ssl_validate_ocsp_stapled",
    "ssl_ocsp_context",
    "ssl_ocsp_expected_cert",
    "ssl_min_version",
    "ssl_ciphers",
    "max_connections",
    "single_connection_client",
    "health_check_interval",
    "client_name",
    "lib_name",
    "lib_version",
    "driver_info",
    "username",
    "redis_connect_func",
    "credential_provider",
    "protocol",
    "legacy_responses",
    "cache",
    "cache_config",
    "event_dispatcher",
    "maint_notifications_config",
    "oss_cluster_maint_notifications_handler",
]

#: Methods of redis-py's client that this one does not have; docs/migrating.md says why.
MISSING = {
    "debug_segfault",
    "digest_local",
    "himport_discard",
    "himport_discard_all",
    "himport_discard_all_internal",
    "himport_discard_internal",
    "himport_prepare",
    "himport_prepare_internal",
    "himport_registry",
    "himport_set",
    "keyspace_notifications",
    "memory_help",
    "psync",
    "script_debug",
    "sentinel",
    "stralgo",
    "sync",
    "unwatch",
    "watch",
}


@pytest.mark.parametrize("module", NAMES)
def test_modules(module: str) -> None:
    found = importlib.import_module(f"multiplexer.compat.{module}".rstrip("."))
    for name in NAMES[module].split():
        assert hasattr(found, name), name


@pytest.mark.parametrize("kind", [compat.Redis, asyncio_compat.Redis])
def test_arguments(kind: type[Any]) -> None:
    parameters = list(inspect.signature(kind).parameters.values())
    positional = [each.name for each in parameters if each.kind is each.POSITIONAL_OR_KEYWORD]
    assert positional == ARGUMENTS
    defaults = {each.name: each.default for each in parameters}
    assert defaults["socket_timeout"] is None
    assert defaults["retry"].get_retries() == 10


@pytest.mark.parametrize("world", ["redis", "redis.asyncio"])
def test_methods_are_those_of_redis_py(world: str) -> None:
    require_redis_py()
    theirs = importlib.import_module(world).Redis
    ours = asyncio_compat.Redis if "asyncio" in world else compat.Redis
    names = {name for name in dir(theirs) if not name.startswith("_")}
    assert {name for name in names if not hasattr(ours, name)} <= MISSING


def test_retry_is_the_package_s_own() -> None:
    from multiplexer import retry
    from multiplexer.compat.asyncio.retry import Retry as AsyncRetry
    from multiplexer.compat.retry import Retry

    assert (Retry, AsyncRetry) == (retry.Retry, retry.AsyncRetry)


def test_connection_kwargs_can_be_pickled() -> None:
    """Programs hand them to worker processes, which make pools of them."""
    kwargs = compat.Redis(host="h", retry_on_error=[compat.ConnectionError]).connection_pool.connection_kwargs
    again = pickle.loads(pickle.dumps(kwargs))
    assert compat.ConnectionPool(**again).make_connection().host == "h"


def test_helpers() -> None:
    from multiplexer.compat.utils import safe_str, str_if_bytes

    assert (str_if_bytes(b"a"), str_if_bytes(1), safe_str(1), safe_str(b"\xff")) == ("a", 1, "1", "�")


@pytest.mark.parametrize("world", ["", ".asyncio"])
def test_urls_are_options_of_pools(world: str) -> None:
    connection = importlib.import_module(f"multiplexer.compat{world}.connection")
    expected = {"host": "h", "port": 1, "db": 2, "socket_timeout": 3.0}
    assert connection.parse_url("redis://h:1/2?socket_timeout=3") == expected
    assert connection.parse_url("rediss://h") == {"host": "h", "connection_class": connection.SSLConnection}
    assert connection.parse_url("unix:///p") == {
        "path": "/p",
        "connection_class": connection.UnixDomainSocketConnection,
    }
    for url in ("redis://h:1/2", "rediss://h", "unix:///p"):
        pool = connection.ConnectionPool(**connection.parse_url(url))
        assert pool.connection_class is connection.ConnectionPool.from_url(url).connection_class


def test_brackets(server: RealServer) -> None:
    with compat.Redis(host=server.host, port=server.port) as client:
        client["k"] = "v"
        assert client["k"] == b"v"
        assert "k" in client
        del client["k"]
        assert "k" not in client
        with pytest.raises(KeyError, match="k"):
            client["k"]


def test_names_that_do_not_exist() -> None:
    for module in (compat, asyncio_compat):
        assert not hasattr(module, "no_such_name")
        assert all(hasattr(module, name) for name in module.__all__)


def test_driver_info(server: RealServer) -> None:
    from multiplexer.compat import DriverInfo, Redis

    info = DriverInfo("mine", "1.0").add_upstream_driver("celery", "5.4").add_upstream_driver("an-app", "2")
    assert info.formatted_name == "mine(an-app_v2;celery_v5.4)"
    assert info.upstream_drivers == ["an-app_v2", "celery_v5.4"]
    for wrong in (("Celery", "1"), ("celery", "1 2"), ("celery", "1;2")):
        with pytest.raises(ConfigurationError, match="driver_"):
            info.add_upstream_driver(*wrong)
    with Redis(port=server.port, driver_info=info) as client:
        if server.version >= (7, 2):
            assert client.client_info()["lib-name"] == info.formatted_name
        assert client.get_connection_kwargs()["driver_info"] is info
