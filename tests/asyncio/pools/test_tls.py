"""Connections over TLS."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from typing import Any

import pytest

from multiplexer.core import logging
from multiplexer.errors import ConfigurationError, RedisConnectionError, RedisTimeoutError
from multiplexer.pools.asyncio import Connection, ConnectionPool, SSLConnection
from tests.servers import Certificates, FaultProxy, RealServer, ScriptedServer, Silence, require_kind

from .using import ask, ask_pool, counts


@pytest.fixture(scope="module")
def tls_server(certificates: Certificates) -> Iterator[RealServer]:
    require_kind("redis", tls=True)
    with RealServer.start("redis", tls=certificates) as server:
        yield server


@pytest.fixture
def tls_options(tls_server: RealServer, certificates: Certificates) -> dict[str, Any]:
    return {"host": "localhost", "port": tls_server.tls_port, "ssl_ca_certs": str(certificates.ca)}


async def test_what_programs_look_at() -> None:
    connection = SSLConnection(
        ssl_keyfile="/k", ssl_certfile="/c", ssl_password="p", ssl_ca_certs="/ca", ssl_ciphers="HIGH"
    )
    assert (connection.keyfile, connection.certfile, connection.certificate_password) == ("/k", "/c", "p")
    assert (connection.ca_certs, connection.ca_path, connection.ca_data) == ("/ca", None, None)
    assert (connection.cert_reqs, connection.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert (connection.ssl_min_version, connection.ssl_ciphers) == (None, "HIGH")
    lax = SSLConnection(ssl_cert_reqs="none")
    assert (lax.cert_reqs, lax.check_hostname) == (ssl.CERT_NONE, False)


@pytest.mark.parametrize("protocol", [2, 3])
async def test_talks(tls_options: dict[str, Any], protocol: int) -> None:
    connection = SSLConnection(**tls_options, protocol=protocol)
    for size in (1, 100_000, 3_000_000):
        assert await ask(connection, "ECHO", b"x" * size) == b"x" * size
    await connection.send_packed_command(connection.pack_commands([("PING",), ("PING",)]))
    assert await connection.read_response() == b"PONG"
    assert await connection.can_read(timeout=5)
    assert await connection.read_response() == b"PONG"
    assert not await connection.can_read(timeout=0.01)
    await connection.send_command("BLPOP", "nothing", 0)
    with pytest.raises(RedisTimeoutError):
        await connection.read_response(timeout=0.02)
    assert not connection.is_connected


async def test_in_a_pool(tls_options: dict[str, Any]) -> None:
    async with ConnectionPool(connection_class=SSLConnection, **tls_options) as pool:
        connection = await pool.get_connection()
        await connection.send_command("ECHO", "mine")
        assert await connection.can_read(timeout=5)
        await pool.release(connection)
        assert await ask_pool(pool, "ECHO", "yours") == b"yours"
        number = connection.client_id
        assert await ask_pool(pool, "CLIENT ID") == number
        assert counts(pool) == (1, 1, 0)


async def test_small_buffers(tls_options: dict[str, Any]) -> None:
    connection = SSLConnection(**tls_options, socket_read_size=100)
    assert await ask(connection, "ECHO", b"x" * 50_000) == b"x" * 50_000
    await connection.disconnect()


async def test_over_a_slow_line(tls_server: RealServer, tls_options: dict[str, Any]) -> None:
    with FaultProxy("127.0.0.1", tls_server.tls_port or 0) as proxy:
        connection = SSLConnection(**{**tls_options, "port": proxy.port})
        proxy.limit(100)
        assert await ask(connection, "ECHO", b"x" * 5000) == b"x" * 5000
        await connection.disconnect()


async def test_from_a_url(tls_server: RealServer, certificates: Certificates) -> None:
    url = f"rediss://localhost:{tls_server.tls_port}/1?ssl_ca_certs={certificates.ca}&ssl_min_version=TLSv1_2"
    async with ConnectionPool.from_url(url) as pool:
        assert await ask_pool(pool, "PING") == b"PONG"


async def test_a_client_certificate(certificates: Certificates) -> None:
    require_kind("redis", tls=True)
    with RealServer.start("redis", tls=certificates, config=["tls-auth-clients yes"]) as server:
        options: dict[str, Any] = {"host": "localhost", "port": server.tls_port, "ssl_ca_certs": certificates.ca}
        mine = {"ssl_certfile": str(certificates.client.cert), "ssl_keyfile": str(certificates.client.key)}
        connection = SSLConnection(**options, **mine)
        assert await ask(connection, "PING") == b"PONG"
        await connection.disconnect()
        with pytest.raises(RedisConnectionError, match="the server demands a certificate of its clients"):
            await ask(SSLConnection(**options), "PING")


async def test_tls_at_one_end_only(tls_server: RealServer, tls_options: dict[str, Any]) -> None:
    plain = Connection(host="localhost", port=tls_server.tls_port or 0)
    with pytest.raises(RedisConnectionError, match="perhaps the server speaks TLS at this port"):
        await plain.connect()
    tls = SSLConnection(**{**tls_options, "port": tls_server.port}, socket_connect_timeout=0.5)
    with pytest.raises(RedisTimeoutError, match="perhaps the server does not speak TLS at this port"):
        await tls.connect()


async def test_certificates_that_are_not_trusted(
    tls_options: dict[str, Any],
    certificates: Certificates,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """They are taken where nobody looks at them, which is said once."""
    monkeypatch.setattr(logging, "_said", set())
    tls_options["ssl_ca_certs"] = str(certificates.stranger)
    with pytest.raises(RedisConnectionError, match="certificate verify failed"):
        await SSLConnection(**tls_options).connect()
    for lenient in ("none", ssl.CERT_NONE, None):
        connection = SSLConnection(**tls_options, ssl_cert_reqs=lenient)
        assert await ask(connection, "PING") == b"PONG"
        await connection.disconnect()
    (warning,) = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert warning.startswith('ssl_cert_reqs="none": the server\'s certificate is not verified')


async def test_a_certificate_of_another_host(certificates: Certificates) -> None:
    require_kind("redis", tls=True)
    with RealServer.start("redis", tls=certificates, certificate=certificates.wrong_host) as server:
        options: dict[str, Any] = {"host": "localhost", "port": server.tls_port, "ssl_ca_certs": certificates.ca}
        with pytest.raises(RedisConnectionError, match=r"[Hh]ostname"):
            await SSLConnection(**options).connect()
        connection = SSLConnection(**options, ssl_check_hostname=False)
        assert await ask(connection, "PING") == b"PONG"
        await connection.disconnect()


async def test_trust_from_data_and_verification_flags(tls_options: dict[str, Any], certificates: Certificates) -> None:
    del tls_options["ssl_ca_certs"]
    tls_options["ssl_ca_data"] = certificates.ca.read_text()
    connection = SSLConnection(**tls_options)
    assert await ask(connection, "PING") == b"PONG"
    await connection.disconnect()
    with pytest.raises(RedisConnectionError, match="CRL"):
        await SSLConnection(**tls_options, ssl_include_verify_flags=[ssl.VERIFY_CRL_CHECK_LEAF]).connect()


async def test_a_server_without_tls(server: RealServer) -> None:
    with pytest.raises((RedisConnectionError, RedisTimeoutError)):
        await SSLConnection(host="localhost", port=server.port, socket_connect_timeout=0.2).connect()


async def test_a_handshake_that_never_ends() -> None:
    with ScriptedServer() as server:
        server.on("*", Silence())
        with pytest.raises((RedisTimeoutError, RedisConnectionError)):
            await SSLConnection(host="localhost", port=server.port, socket_connect_timeout=0.1).connect()


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"ssl_ca_certs": "/no/such/file"}, "ssl_ca_certs"),
        ({"ssl_certfile": "/no/such/file", "ssl_keyfile": "/no/such/file"}, "ssl_certfile"),
        ({"ssl_ciphers": "NO-SUCH-CIPHER"}, "ssl_ciphers"),
    ],
)
async def test_files_that_are_not_there(tls_options: dict[str, Any], given: dict[str, Any], text: str) -> None:
    with pytest.raises(ConfigurationError, match=text):
        await SSLConnection(**{**tls_options, **given}).connect()


async def test_options_that_cannot_be() -> None:
    for given in ({"ssl_ocsp_context": object()}, {"ssl_cert_reqs": "perhaps"}, {"ssl_disable_dev_restrictions": True}):
        with pytest.raises(ConfigurationError, match=next(iter(given))):
            SSLConnection(**given)  # type: ignore[arg-type]
    with pytest.raises(ConfigurationError, match="ssl_ocsp_expected_cert: needs"):
        SSLConnection(ssl_ocsp_expected_cert="-----")
    with pytest.raises(ConfigurationError, match="only one of them"):
        SSLConnection(ssl_validate_ocsp=True, ssl_validate_ocsp_stapled=True)
    with pytest.raises(ConfigurationError, match="certificate cannot be read"):
        SSLConnection(ssl_validate_ocsp=True, ssl_ocsp_expected_cert="-----")
    with pytest.raises(ConfigurationError, match="ssl_validate_ocsp: there is no certificate without TLS"):
        Connection(ssl_validate_ocsp=True)
    with pytest.raises(TypeError, match="ssl_keyfile"):
        Connection(ssl_keyfile="x")
