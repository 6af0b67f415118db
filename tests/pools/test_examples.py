"""The examples of redis-py's and coredis' documentation of pools, as far as they concern connections and pools.

They are run as written there, but for addresses.
"""

from __future__ import annotations

import textwrap
from typing import Any

import pytest

from tests.servers import RealServer

EXAMPLES = {
    "basic": """
        pool = ConnectionPool(
            host='localhost',
            port=6379,
            db=0,
            max_connections=20,
            retry_on_timeout=True
        )
    """,
    "unix": """
        pool = ConnectionPool(
            connection_class=UnixDomainSocketConnection,
            path='/var/run/redis/redis.sock',
            db=0
        )
    """,
    "blocking": """
        pool = BlockingConnectionPool(
            host='localhost',
            port=6379,
            max_connections=10,
            timeout=20,  # Wait up to 20 seconds for available connection
            db=0
        )
    """,
    "url": "pool = ConnectionPool.from_url('redis://localhost:6379/0')",
    "unix url": "pool = ConnectionPool.from_url('unix:///var/run/redis/redis.sock?db=0')",
    "health": """
        pool = ConnectionPool(
            host='localhost',
            port=6379,
            health_check_interval=30,  # Check every 30 seconds
            max_connections=20
        )
        connection = pool.get_connection('ping')
        try:
            connection.send_command('PING')
            response = connection.read_response()
            print(f"Connection healthy: {response}")
        finally:
            pool.release(connection)
    """,
    "keepalive": """
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
            retry_on_error=[errors.RedisConnectionError, errors.RedisTimeoutError]
        )
    """,
    "management": """
        pool = ConnectionPool(
            host='localhost',
            port=6379,
            max_connections=50
        )
        print(f"Created connections: {pool.created_connections}")
        print(f"Available connections: {len(pool._available_connections)}")
        print(f"In-use connections: {len(pool._in_use_connections)}")
        # Reset all connections (closes existing connections)
        pool.reset()
        # Disconnect all connections
        pool.disconnect()
    """,
}

OFFLINE = {
    "tls": """
        pool = ConnectionPool(
            connection_class=SSLConnection,
            host='redis-ssl.example.com',
            port=6380,
            ssl_cert_reqs='required',
            ssl_ca_certs='/path/to/ca-certificates.crt',
            ssl_certfile='/path/to/client.crt',
            ssl_keyfile='/path/to/client.key',
            ssl_check_hostname=True
        )
        connection = pool.make_connection()
    """,
    "tls url": """
        pool = ConnectionPool.from_url(
            'rediss://username:password@redis.example.com:6380/0'
        )
        connection = pool.make_connection()
        assert isinstance(connection, SSLConnection)
        assert (connection.username, connection.password) == ('username', 'password')
    """,
}


def run(code: str) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec("from multiplexer.pools import *\nfrom multiplexer import errors\n" + textwrap.dedent(code), names)
    return names


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples(name: str, server: RealServer) -> None:
    code = EXAMPLES[name].replace("/var/run/redis/redis.sock", server.unixsocket)
    with run(code.replace("6379", str(server.port)))["pool"] as pool:
        connection = pool.get_connection("PING")
        connection.send_command("PING")
        assert connection.read_response() == b"PONG"
        pool.release(connection)


@pytest.mark.parametrize("name", OFFLINE)
def test_examples_whose_servers_do_not_exist(name: str) -> None:
    assert not run(OFFLINE[name])["connection"].is_connected
