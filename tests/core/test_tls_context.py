"""The TLS context that options describe, by handshakes in memory."""

from __future__ import annotations

import shutil
import ssl
import subprocess

import pytest
import trustme
from cryptography.hazmat.primitives import serialization

from multiplexer.configuration import ConfigurationOptions, EndPoint
from multiplexer.errors import ConfigurationError


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def server_context(authority):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("cache.example").configure_cert(context)
    authority.configure_trust(context)
    context.verify_mode = ssl.CERT_OPTIONAL
    return context


def options(**values: object) -> ConfigurationOptions:
    return ConfigurationOptions(**{"endpoints": "cache.example", "ssl": True, **values})


def handshake(configured: ConfigurationOptions, server_context: ssl.SSLContext) -> tuple[ssl.SSLObject, ssl.SSLObject]:
    """Connect both sides through memory and return them, client first."""
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    name = configured.server_hostname(configured.endpoints[0])
    client = configured.create_ssl_context().wrap_bio(to_client, to_server, server_hostname=name)
    server = server_context.wrap_bio(to_server, to_client, server_side=True)
    waiting = {client, server}
    for _ in range(10):
        for side in list(waiting):
            try:
                side.do_handshake()
                waiting.discard(side)
            except ssl.SSLWantReadError:
                pass
    assert not waiting
    return client, server


@pytest.fixture(scope="module")
def pem(authority) -> str:
    return authority.cert_pem.bytes().decode()


def test_no_context_without_tls():
    assert ConfigurationOptions(endpoints="h").create_ssl_context() is None


def test_certificate_and_name_are_verified_by_default(server_context):
    context = options().create_ssl_context()
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(options(), server_context)


@pytest.mark.parametrize("way", ["data", "file", "path"])
def test_own_authority(authority, pem, server_context, tmp_path, way):
    if way == "data":
        values = {"ssl_ca_data": pem}
    elif way == "file":
        authority.cert_pem.write_to_path(tmp_path / "ca.pem")
        values = {"ssl_ca_file": tmp_path / "ca.pem"}
    else:
        (tmp_path / f"{subject_hash(pem)}.0").write_text(pem)
        values = {"ssl_ca_path": tmp_path}
    handshake(options(**values), server_context)


def subject_hash(pem: str) -> str:
    """The name under which OpenSSL looks a certificate up in a directory."""
    if shutil.which("openssl") is None:
        pytest.skip("the openssl program is not installed; ssl_ca_path is not tested")
    command = ["openssl", "x509", "-noout", "-hash"]
    return subprocess.run(command, input=pem, capture_output=True, check=True, timeout=30, text=True).stdout.strip()


def test_a_wrong_name_is_refused_unless_told_otherwise(pem, server_context):
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(options(endpoints="other.example", ssl_ca_data=pem), server_context)
    handshake(options(endpoints="other.example", ssl_ca_data=pem, ssl_host="cache.example"), server_context)
    handshake(options(endpoints="other.example", ssl_ca_data=pem, ssl_check_hostname=False), server_context)
    handshake(options(endpoints="other.example", ssl_verify="none"), server_context)


def test_server_name():
    assert options().server_hostname(EndPoint("h", 1)) == "h"
    assert options(ssl_host="x").server_hostname(EndPoint("h", 1)) == "x"
    assert options().server_hostname(EndPoint(path="/x")) is None


@pytest.mark.parametrize("separate", [True, False])
def test_client_certificate(authority, pem, server_context, tmp_path, separate):
    certificate = authority.issue_cert("client.example")
    chain, key = tmp_path / "client.pem", tmp_path / "client.key"
    certificate.cert_chain_pems[0].write_to_path(chain)
    certificate.private_key_pem.write_to_path(key)
    if not separate:
        chain.write_text(chain.read_text() + key.read_text())
    own = {"ssl_cert_file": chain, "ssl_key_file": key} if separate else {"ssl_cert_file": chain}
    _, server = handshake(options(ssl_ca_data=pem, **own), server_context)
    assert ("DNS", "client.example") in server.getpeercert()["subjectAltName"]


def encrypted_key(authority, path, password: bytes) -> dict[str, object]:
    certificate = authority.issue_cert("client.example")
    key = serialization.load_pem_private_key(certificate.private_key_pem.bytes(), None)
    (path / "client.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(password),
        )
    )
    certificate.cert_chain_pems[0].write_to_path(path / "client.pem")
    return {"ssl_cert_file": path / "client.pem", "ssl_key_file": path / "client.key"}


def test_key_password(authority, pem, server_context, tmp_path):
    own = encrypted_key(authority, tmp_path, b"k3y")
    handshake(options(ssl_ca_data=pem, ssl_key_password="k3y", **own), server_context)
    for wrong in ("Hunter2zQ", None):  # None must not ask on the terminal either
        with pytest.raises(ConfigurationError, match="ssl_key_password") as caught:
            options(ssl_key_password=wrong, **own).create_ssl_context()
        assert "Hunter2zQ" not in str(caught.value)


def test_versions(pem, server_context):
    client, _ = handshake(options(ssl_ca_data=pem, ssl_protocols="tls12"), server_context)
    assert client.version() == "TLSv1.2"
    client, _ = handshake(options(ssl_ca_data=pem, ssl_min_version="1.3"), server_context)
    assert client.version() == "TLSv1.3"
    context = options(ssl_protocols="tls12|tls13", ssl_min_version="1.3").create_ssl_context()
    assert context.minimum_version is ssl.TLSVersion.TLSv1_3


def test_ciphers(pem, server_context):
    cipher = "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384"
    client, _ = handshake(options(ssl_ca_data=pem, ssl_protocols="1.2", ssl_ciphers=cipher), server_context)
    assert client.cipher()[0] in cipher.split(":")
    with pytest.raises(ConfigurationError, match="ssl_ciphers"):
        options(ssl_ciphers="NONSENSE").create_ssl_context()


def test_revocation_lists(pem, server_context):
    context = options(check_certificate_revocation=True).create_ssl_context()
    assert context.verify_flags & ssl.VERIFY_CRL_CHECK_LEAF
    with pytest.raises(ssl.SSLCertVerificationError, match="CRL"):
        handshake(options(ssl_ca_data=pem, check_certificate_revocation=True), server_context)


def test_files_that_cannot_be_read_are_named(tmp_path):
    with pytest.raises(ConfigurationError, match="ssl_ca_file"):
        options(ssl_ca_file=tmp_path / "none.pem").create_ssl_context()
    with pytest.raises(ConfigurationError, match="ssl_cert_file"):
        options(ssl_cert_file=tmp_path / "none.pem").create_ssl_context()
    (tmp_path / "bad.pem").write_text("rubbish")
    with pytest.raises(ConfigurationError, match="ssl_ca_file"):
        options(ssl_ca_file=tmp_path / "bad.pem").create_ssl_context()


def test_a_ready_made_context_is_used_as_it_is():
    context = ssl.create_default_context()
    assert options(ssl_context=context, ssl_host="x").create_ssl_context() is context
    with pytest.raises(ConfigurationError, match="ssl_context: cannot be combined with ssl_ca_file"):
        options(ssl_context=context, ssl_ca_file="x")
    with pytest.raises(ConfigurationError, match="needs ssl=true"):
        ConfigurationOptions(endpoints="h", ssl_context=context)
