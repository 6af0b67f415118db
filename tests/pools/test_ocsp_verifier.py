"""redis-py's names for OCSP, used with sockets of one's own."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from OpenSSL import SSL

from multiplexer.compat.ocsp import OCSPVerifier, ocsp_staple_verifier
from multiplexer.errors import RedisConnectionError, RedisTimeoutError
from tests.servers import ScriptedServer
from tests.servers.ocsp import Answers, Authority, Responder, TlsFront


@pytest.fixture
def authority() -> Authority:
    """Who issues the server's certificate."""
    return Authority()


@pytest.fixture
def responder() -> Iterator[Responder]:
    """Who is asked about it."""
    with Responder() as responder:
        yield responder


@pytest.fixture
def answers(authority: Authority, responder: Responder) -> Answers:
    """What is answered; at first that it is good."""
    answers = Answers(authority, authority.issue(responder.url))
    responder.answer = answers.make()
    return answers


@pytest.fixture
def front(answers: Answers, tmp_path: Path) -> Iterator[TlsFront]:
    """The server."""
    with (
        ScriptedServer() as server,
        TlsFront((server.host, server.port), answers.leaf.write(tmp_path, "server"), answers.make()) as front,
    ):
        yield front


@pytest.mark.parametrize("verified", [True, False])
def test_a_verifier_for_a_socket(
    front: TlsFront, authority: Authority, answers: Answers, responder: Responder, tmp_path: Path, verified: bool
) -> None:
    ca = str(authority.root.write(tmp_path, "ca").cert)
    context = ssl.create_default_context(cafile=ca)
    if not verified:  # the issuer is then found in the file
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    with (
        socket.create_connection(("127.0.0.1", front.port), 5) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as sock,
    ):
        verifier = OCSPVerifier(sock, "localhost", front.port, ca, timeout=0.5)
        assert verifier.is_valid() is True
        responder.answer = answers.revoked()
        with pytest.raises(RedisConnectionError, match="was revoked"):
            verifier.is_valid()
        responder.answer = None
        with pytest.raises(RedisTimeoutError, match="in time"):
            verifier.is_valid()


def _asked(front: TlsFront, authority: Authority, tmp_path: Path, expected: bytes | None) -> None:
    """Do a handshake in which a callback judges what is stapled."""
    context = SSL.Context(SSL.TLS_CLIENT_METHOD)
    context.load_verify_locations(str(authority.root.write(tmp_path, "ca").cert))
    context.set_ocsp_client_callback(ocsp_staple_verifier, expected)
    with socket.create_connection(("127.0.0.1", front.port), 5) as sock:
        sock.settimeout(None)
        connection = SSL.Connection(context, sock)
        connection.request_ocsp()
        connection.set_connect_state()
        connection.do_handshake()


def test_a_callback_for_staples(front: TlsFront, authority: Authority, answers: Answers, tmp_path: Path) -> None:
    # The server sends its own certificate only; the issuer's is one of several then.
    front.pair.cert.write_bytes(answers.leaf.pem + authority.root.pem)
    _asked(front, authority, tmp_path, None)
    _asked(front, authority, tmp_path, answers.leaf.pem)
    with pytest.raises(RedisConnectionError, match="not the expected one"):
        _asked(front, authority, tmp_path, authority.root.pem)
    front.staple = answers.revoked()
    with pytest.raises(RedisConnectionError, match="was revoked"):
        _asked(front, authority, tmp_path, None)
    front.staple = None
    with pytest.raises(RedisConnectionError, match="staples no answer"):
        _asked(front, authority, tmp_path, None)


def test_a_callback_without_the_issuer(front: TlsFront, authority: Authority, tmp_path: Path) -> None:
    with pytest.raises(RedisConnectionError, match="issuer of the server's certificate is unknown"):
        _asked(front, authority, tmp_path, None)
