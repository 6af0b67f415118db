"""The examples of redis-py's and coredis' documentation of connections, run over the façade as they are written there.

Only addresses are changed, and what they would print is looked at.
"""

from __future__ import annotations

import sys
import textwrap
from typing import Any

import pytest

import multiplexer.compat
import multiplexer.compat.asyncio
import multiplexer.compat.exceptions
from tests.servers import Certificates, RealServer, require_kind

#: Examples whose server is there.
EXAMPLES = {
    "basic": """
        import redis
        from redis import ConnectionPool, Connection

        # Create a connection pool
        pool = ConnectionPool(
            host='localhost',
            port=6379,
            db=0,
            max_connections=20,
            retry_on_timeout=True
        )

        # Create Redis client with pool
        r = redis.Redis(connection_pool=pool)

        # Multiple clients can share the same pool
        r1 = redis.Redis(connection_pool=pool)
        r2 = redis.Redis(connection_pool=pool)
    """,
    "unix": """
        from redis import Redis, UnixDomainSocketConnection, ConnectionPool

        # Unix socket connection
        r = Redis(
            unix_domain_socket_path='/var/run/redis/redis.sock',
            db=0
        )
        r.ping()
        r.close()

        # With connection pool
        unix_pool = ConnectionPool(
            connection_class=UnixDomainSocketConnection,
            path='/var/run/redis/redis.sock',
            db=0
        )
        r = Redis(connection_pool=unix_pool)
    """,
    "blocking": """
        import redis
        from redis import Redis, BlockingConnectionPool

        # Blocking pool with connection limit
        blocking_pool = BlockingConnectionPool(
            host='localhost',
            port=6379,
            max_connections=10,
            timeout=20,  # Wait up to 20 seconds for available connection
            db=0
        )
        r = Redis(connection_pool=blocking_pool)

        # This will block if all connections are in use
        try:
            r.set('key', 'value')
        except redis.ConnectionError as e:
            print(f"Could not get connection: {e}")
        assert r.get('key') == b'value'
    """,
    "urls": """
        from redis import ConnectionPool, Redis

        # Create pool from URL
        pool = ConnectionPool.from_url('redis://localhost:6379/0')
        # Unix socket from URL
        unix_pool = ConnectionPool.from_url('unix:///var/run/redis/redis.sock?db=0')
        assert Redis.from_pool(unix_pool).ping()
        unix_pool.close()
        r = Redis.from_pool(pool)
    """,
    "health": """
        import redis
        from redis import ConnectionPool

        # Enable connection health checks
        pool = ConnectionPool(
            host='localhost',
            port=6379,
            health_check_interval=30,  # Check every 30 seconds
            max_connections=20
        )
        r = redis.Redis(connection_pool=pool)

        # Manual connection health check
        connection = pool.get_connection('ping')
        try:
            connection.send_command('PING')
            response = connection.read_response()
            print(f"Connection healthy: {response}")
        finally:
            pool.release(connection)
        assert response == b'PONG'
    """,
    "keepalive": """
        import redis
        from redis import ConnectionPool, Redis

        # Custom connection with keepalive
        pool = ConnectionPool(
            host='localhost',
            port=6379,
            socket_keepalive=True,
            socket_keepalive_options={
                1: 1,  # TCP_KEEPIDLE
                2: 3,  # TCP_KEEPINTVL
                3: 5   # TCP_KEEPCNT
            },
            socket_timeout=5.0,
            socket_connect_timeout=10.0,
            retry_on_timeout=True,
            retry_on_error=[redis.ConnectionError, redis.TimeoutError]
        )
        r = Redis(connection_pool=pool)
    """,
    "management": """
        import redis

        # Create pool with monitoring
        pool = redis.ConnectionPool(
            host='localhost',
            port=6379,
            max_connections=50
        )
        r = redis.Redis(connection_pool=pool)
        r.ping()

        # Check pool status
        print(f"Created connections: {pool.created_connections}")
        print(f"Available connections: {len(pool._available_connections)}")
        print(f"In-use connections: {len(pool._in_use_connections)}")
        assert pool.created_connections == len(pool._available_connections) == 1

        # Reset all connections (closes existing connections)
        pool.reset()

        # Disconnect all connections
        pool.disconnect()
    """,
    "errors": """
        from redis import Redis
        from redis.exceptions import ConnectionError, TimeoutError

        caught = None
        try:
            r = Redis(
                host='unreachable-host.invalid',
                port=6379,
                socket_connect_timeout=5,
                retry_on_timeout=True,
                retry=None
            )
            r.ping()
        except ConnectionError as e:
            caught = e
            print(f"Connection failed: {e}")
        except TimeoutError as e:
            caught = e
            print(f"Connection timed out: {e}")
        assert caught is not None
        r = Redis()
    """,
}

TLS = """
    import redis
    from redis import Redis, ConnectionPool, SSLConnection

    # SSL connection pool
    ssl_pool = ConnectionPool(
        connection_class=SSLConnection,
        host='redis-ssl.example.com',
        port=6380,
        ssl_cert_reqs='required',
        ssl_ca_certs='/path/to/ca-certificates.crt',
        ssl_certfile='/path/to/client.crt',
        ssl_keyfile='/path/to/client.key',
        ssl_check_hostname=True
    )

    # Create Redis client with SSL
    redis_ssl = Redis(connection_pool=ssl_pool)
    assert redis_ssl.ping()
    ssl_pool.close()

    # Alternatively, create SSL client directly
    r = Redis(
        host='redis-ssl.example.com',
        port=6380,
        ssl=True,
        ssl_ca_certs='/path/to/ca-certificates.crt',
        ssl_certfile='/path/to/client.crt',
        ssl_keyfile='/path/to/client.key'
    )
"""

COREDIS = """
    import coredis
    import asyncio

    async def test():
        client = coredis.Redis(ARGUMENTS)

        await client.set("fubar", 1)
        results = await asyncio.gather(
            *[client.get("fubar") for _ in range(10)],
            return_exceptions=True
        )
        await client.aclose()
        print(len([r for r in results if isinstance(r, Exception)]))
        assert len([r for r in results if isinstance(r, Exception)]) == EXPECTED

    asyncio.run(test())
"""


@pytest.fixture(autouse=True)
def imported_under_their_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """``import redis`` and ``import coredis`` find the façade."""
    monkeypatch.setitem(sys.modules, "redis", multiplexer.compat)
    monkeypatch.setitem(sys.modules, "redis.exceptions", multiplexer.compat.exceptions)
    monkeypatch.setitem(sys.modules, "coredis", multiplexer.compat.asyncio)


def run(code: str) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(textwrap.dedent(code), names)
    return names


@pytest.mark.filterwarnings("ignore:.*retry_on_timeout:DeprecationWarning")  # as redis-py itself warns
@pytest.mark.parametrize("name", EXAMPLES)
def test_redis_py(name: str, server: RealServer) -> None:
    code = EXAMPLES[name].replace("/var/run/redis/redis.sock", server.unixsocket).replace("6379", str(server.port))
    if "r = Redis()" in code:
        code = code.replace("r = Redis()", f"r = Redis(port={server.port})")
    client = run(code)["r"]
    assert client.ping()
    client.close()
    client.connection_pool.close()


@pytest.mark.parametrize(
    ("arguments", "failures"),
    [
        ("max_connections=2", 8),
        ("max_connections=10", 0),
        ("connection_pool_cls=coredis.BlockingConnectionPool, max_connections=2", 0),
    ],
)
def test_coredis(arguments: str, failures: int, server: RealServer) -> None:
    address = f"port={server.port}, {arguments}"
    run(COREDIS.replace("ARGUMENTS", address).replace("EXPECTED", str(failures)))


def test_coredis_over_a_unix_socket(server: RealServer) -> None:
    arguments = f"unix_socket_path={server.unixsocket!r}, max_connections=10"
    run(COREDIS.replace("ARGUMENTS", arguments).replace("EXPECTED", "0"))


def test_tls(certificates: Certificates) -> None:
    require_kind("redis", tls=True)
    with RealServer.start("redis", tls=certificates) as server:
        code = TLS.replace("redis-ssl.example.com", "localhost").replace("6380", str(server.tls_port))
        code = code.replace("/path/to/ca-certificates.crt", str(certificates.ca))
        code = code.replace("/path/to/client.crt", str(certificates.client.cert))
        code = code.replace("/path/to/client.key", str(certificates.client.key))
        client = run(code)["r"]
        assert client.ping()
        client.close()


def test_an_option_that_does_not_exist_is_refused_by_name() -> None:
    from multiplexer.compat import ConnectionPool, SSLConnection
    from multiplexer.errors import ConfigurationError

    pool = ConnectionPool(connection_class=SSLConnection, ssl_disable_dev_restrictions=True)
    with pytest.raises(ConfigurationError, match="ssl_disable_dev_restrictions"):
        pool.make_connection()
