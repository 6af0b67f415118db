# Generated from tests/asyncio/test_tls.py by scripts/generate_blocking.py; change that file instead.
"""Over TLS, on a real server with certificates of the session's own authority."""

from __future__ import annotations

import base64
import ssl
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from multiplexer.blocking import ConnectionMultiplexer
from multiplexer.core import logging
from multiplexer.errors import ConfigurationError, RedisConnectionError
from multiplexer.retry import ConstantBackoff
from tests.servers import Certificates, RealServer, require_kind

from ._world import gather, until


@pytest.fixture(scope="module")
def tls_server(certificates: Certificates) -> Iterator[RealServer]:
    """A server with TLS."""
    require_kind("redis", tls=True)
    with RealServer.start("redis", tls=certificates) as server:
        yield server


def _address(server: RealServer, host: str = "localhost") -> str:
    return f"{host}:{server.tls_port}"


def _refused(server: RealServer, **options: Any) -> str:
    options = {"ssl": True, "abort_connect": True, "connect_retry": 1, **options}
    with pytest.raises(RedisConnectionError) as caught:
        ConnectionMultiplexer.connect(_address(server), **options)
    return str(caught.value)


@pytest.mark.parametrize("protocol", [2, 3])
@pytest.mark.parametrize("how", ["file", "data", "base64", "context", "url", "by address", "protocols"])
def test_connects_to_a_server_it_can_trust(
    tls_server: RealServer, certificates: Certificates, how: str, protocol: int
) -> None:
    address = _address(tls_server)
    pem = certificates.ca.read_text()
    text = base64.b64encode(pem.encode()).decode()
    configuration, options = {
        "file": (address, {"ssl": True, "ssl_ca_file": certificates.ca}),
        "data": (address, {"ssl": True, "ssl_ca_data": pem}),
        "base64": (f"{address},ssl=true,sslCaData={text}", {}),
        "context": (address, {"ssl": True, "ssl_context": certificates.client_context()}),
        "url": (f"rediss://{address}?ssl_ca_certs={certificates.ca}", {}),
        "by address": (_address(tls_server, "127.0.0.1"), {"ssl": True, "ssl_ca_file": certificates.ca}),
        "protocols": (f"{address},ssl=true,sslProtocols=tls13", {"ssl_ca_file": certificates.ca}),
    }[how]
    with ConnectionMultiplexer.connect(
        configuration, protocol=protocol, abort_connect=True, connect_retry=1, **options
    ) as mux:
        db = mux.get_database()
        db.set("key", how)
        assert db.get("key") == how.encode()


def test_a_server_of_an_unknown_authority_is_refused(tls_server: RealServer, certificates: Certificates) -> None:
    for options in ({}, {"ssl_ca_file": certificates.stranger}):
        told = _refused(tls_server, **options)
        assert "certificate verify failed" in told
        assert "the file with who does belongs in sslCaFile (ssl_ca_file)" in told


def test_verification_can_be_switched_off(
    tls_server: RealServer, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which is said once."""
    monkeypatch.setattr(logging, "_said", set())
    for _ in range(2):
        with ConnectionMultiplexer.connect(_address(tls_server), ssl=True, ssl_verify="none") as mux:
            assert mux.get_database().ping()
    (warning,) = [record for record in caplog.records if record.levelname == "WARNING"]
    assert warning.getMessage().startswith("sslVerify=none: the server's certificate is not verified")


def test_a_certificate_for_another_host_is_refused(certificates: Certificates) -> None:
    require_kind("redis", tls=True)
    trusted = {"ssl": True, "ssl_ca_file": certificates.ca}
    with RealServer.start("redis", tls=certificates, certificate=certificates.wrong_host) as server:
        told = _refused(server, **trusted)
        assert "mismatch" in told
        assert "sslCaFile" not in told
        for accepted in ({"ssl_host": "elsewhere.example"}, {"ssl_check_hostname": False}):
            with ConnectionMultiplexer.connect(_address(server), **trusted, **accepted) as mux:
                assert mux.get_database().ping()


def test_an_expired_certificate_is_refused(certificates: Certificates) -> None:
    require_kind("redis", tls=True)
    with RealServer.start("redis", tls=certificates, certificate=certificates.expired) as server:
        assert "expired" in _refused(server, ssl_ca_file=certificates.ca)


def test_a_client_certificate_that_is_demanded(certificates: Certificates) -> None:
    require_kind("redis", tls=True)
    with RealServer.start("redis", tls=certificates, config=["tls-auth-clients yes"]) as server:
        trusted = {"ssl": True, "ssl_ca_file": certificates.ca}
        assert "the server demands a certificate of its clients" in _refused(server, **trusted)
        own = {"ssl_cert_file": certificates.client.cert, "ssl_key_file": certificates.client.key}
        with ConnectionMultiplexer.connect(_address(server), **trusted, **own) as mux:
            assert mux.get_database().ping()


def test_a_server_without_tls_is_told(server: RealServer, certificates: Certificates) -> None:
    with pytest.raises(RedisConnectionError, match="does not speak TLS at this port"):
        ConnectionMultiplexer.connect(
            f"localhost:{server.port}",
            ssl=True,
            ssl_ca_file=certificates.ca,
            abort_connect=True,
            connect_retry=1,
            connect_timeout=1,
        )


def test_a_client_without_tls_is_told(tls_server: RealServer) -> None:
    told = _refused(tls_server, ssl=False)
    assert "perhaps the server speaks TLS at this port, and TLS must be switched on: ssl=true, or rediss://" in told


def test_a_file_that_cannot_be_read_is_named(tls_server: RealServer) -> None:
    with pytest.raises(ConfigurationError, match=r"ssl_ca_file.*No such file"):
        ConnectionMultiplexer.connect(_address(tls_server), ssl=True, ssl_ca_file="/nowhere/ca.pem")


def test_many_callers_and_large_values(tls_server: RealServer, certificates: Certificates) -> None:
    # Values larger than TLS records, buffers and slices, both ways at the same time.
    with ConnectionMultiplexer.connect(
        _address(tls_server), ssl=True, ssl_ca_file=certificates.ca, timeout=20
    ) as mux:
        db = mux.get_database()

        def work(index: int) -> bool:
            right = True
            for size in (10, 16_384, 70_000, 300_000, 1_500_000 + index):
                value = bytes([index]) * size
                db.set(f"key-{index}", value)
                right = right and db.get(f"key-{index}") == value
                right = right and db.strlen(f"key-{index}") == size
            return right

        assert gather(*[partial(work, index) for index in range(16)]) == [True] * 16
        assert mux.get_counters()[0].interactive.socket_count == 1


def test_pushes_arrive_over_tls_while_nobody_waits(tls_server: RealServer, certificates: Certificates) -> None:
    with ConnectionMultiplexer.connect(_address(tls_server), ssl=True, ssl_ca_file=certificates.ca) as mux:
        subscription = mux.get_subscriber().subscribe("channel")
        for number in range(3):
            tls_server.command("PUBLISH", "channel", number)
            assert subscription.get(5).data == b"%d" % number


def test_reconnects_over_tls(certificates: Certificates) -> None:
    require_kind("redis", tls=True)
    with RealServer.start("redis", tls=certificates) as server:
        with ConnectionMultiplexer.connect(_address(server), ssl=True, ssl_ca_file=certificates.ca) as mux:
            assert mux.get_database().ping()
            server.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
            until(lambda: mux.get_counters()[0].interactive.socket_count == 2)
            assert mux.get_database().ping()


def test_sni_and_the_negotiated_version(certificates: Certificates) -> None:
    import socket
    import threading

    names: list[str | None] = []
    context = certificates.server_context()
    context.sni_callback = lambda sock, name, _: names.append(name)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"127.0.0.1:{listener.getsockname()[1]}"

        def serve() -> None:
            sock, _ = listener.accept()
            try:
                context.wrap_socket(sock, server_side=True).close()
            except (OSError, ssl.SSLError):
                sock.close()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        with pytest.raises(RedisConnectionError):
            ConnectionMultiplexer.connect(
                address,
                ssl=True,
                ssl_ca_file=certificates.ca,
                ssl_host="localhost",
                abort_connect=True,
                connect_retry=1,
                connect_timeout=2,
            )
        thread.join(5)
    assert names == ["localhost"]


def test_files_that_are_replaced_are_read_at_the_next_connect(
    tls_server: RealServer, certificates: Certificates, tmp_path: Path
) -> None:
    trusted = tmp_path / "trusted.pem"
    trusted.write_text(certificates.stranger.read_text())
    options = {"ssl": True, "ssl_ca_file": trusted, "reconnect_backoff": ConstantBackoff(0.02)}
    with ConnectionMultiplexer.connect(_address(tls_server), **options) as mux:
        db = mux.get_database()
        assert not mux.is_connected
        trusted.write_text(certificates.ca.read_text())
        until(lambda: mux.is_connected)
        assert db.rpush("replaced", "a", "b") == 2
        assert db.blpop("replaced", 5) == (b"replaced", b"a")  # a connection of its own
        trusted.write_text("half of a certif")  # as while it is being replaced: what there was goes on serving
        tls_server.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
        assert db.lrange("replaced", 0, -1) == [b"b"]
        assert mux.is_connected


def test_certificates_that_are_about_to_expire_are_told_of_once(
    tls_server: RealServer,
    certificates: Certificates,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(logging, "_said", set())
    pair = {"ssl_cert_file": certificates.client.cert, "ssl_key_file": certificates.client.key}
    with RealServer.start("redis", tls=certificates, certificate=certificates.ending) as server:
        own = {"ssl_cert_file": certificates.ending.cert, "ssl_key_file": certificates.ending.key}
        for _ in range(2):
            for address, shown in ((_address(server), own), (_address(tls_server), pair)):
                options = {"ssl": True, "ssl_ca_file": certificates.ca, "abort_connect": True, **shown}
                with ConnectionMultiplexer.connect(address, **options) as mux:
                    assert mux.get_database().blpop("nothing", 0.01) is None
        told = [record.getMessage() for record in caplog.records if "expires on" in record.getMessage()]
        assert [text.split(" expires on ")[0] for text in told] == [
            f"the client's certificate {certificates.ending.cert}",
            f"the certificate of {_address(server)}",
        ]
