# Generated from tests/asyncio/test_ocsp.py by scripts/generate_blocking.py; change that file instead.
"""OCSP: only a valid answer that says "good" lets a server pass, in the multiplexer and in pools."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from multiplexer.errors import ConfigurationError, RedisConnectionError, RedisTimeoutError
from multiplexer.pools.blocking import ConnectionPool, SSLConnection
from tests.servers import RealServer
from tests.servers.ocsp import Answers, Authority, Issued, Responder, TlsFront

from ._world import gather, spawn, until
from .connecting import connect

HOUR = datetime.timedelta(hours=1)
DAY = datetime.timedelta(days=1)


class Site(NamedTuple):
    """Everything of one test."""

    authority: Authority
    responder: Responder
    answers: Answers
    front: TlsFront
    ca: Path

    def options(self, **changes: Any) -> dict[str, Any]:
        """Return what a connection of a pool needs."""
        return {"host": "localhost", "port": self.front.port, "ssl_ca_certs": str(self.ca), **changes}


@pytest.fixture(scope="module")
def plain_server() -> Iterator[RealServer]:
    """The server behind the TLS front."""
    with RealServer.start("valkey") as server:
        yield server


@pytest.fixture
def make_site(plain_server: RealServer, tmp_path: Path) -> Iterator[Callable[..., Site]]:
    """Make an authority, its responder, and a server with one of its certificates."""
    closing: list[Any] = []

    def make(key: str = "ec", named: bool = True, issuer_named: bool = False) -> Site:
        authority, responder = Authority(key=key), Responder()
        closing.append(responder)
        leaf = authority.issue(responder.url if named else None, responder.url if issuer_named else None)
        front = TlsFront((plain_server.host, plain_server.port), leaf.write(tmp_path, "server"))
        closing.append(front)
        answers = Answers(authority, leaf)
        responder.answer = answers.make()
        return Site(authority, responder, answers, front, authority.root.write(tmp_path, "ca").cert)

    yield make
    for each in closing:
        each.close()


def _pooled(site: Site, **changes: Any) -> bytes:
    connection = SSLConnection(**site.options(**changes))
    connection.connect()
    try:
        connection.send_command("ECHO", "word")
        reply: bytes = connection.read_response()
        return reply
    finally:
        connection.disconnect()


def _multiplexed(site: Site, how: str = "ocsp", **changes: Any) -> bytes:
    options = {"ssl": True, "ssl_ca_file": site.ca, "check_certificate_revocation": how, **changes}
    server = type("Server", (), {"host": "localhost", "port": site.front.port})
    with connect(server, abort_connect=True, connect_retry=1, **options) as mux:
        return bytes(mux.get_database().echo("word"))


FETCHED = [
    pytest.param(partial(_pooled, ssl_validate_ocsp=True), id="pool"),
    pytest.param(_multiplexed, id="multiplexer"),
]
STAPLED = [
    pytest.param(partial(_pooled, ssl_validate_ocsp_stapled=True), id="pool"),
    pytest.param(partial(_multiplexed, how="ocspStapled"), id="multiplexer"),
]


def _delegated(answers: Answers, **changes: Any) -> bytes:
    return answers.make(signer=answers.authority.entitle(**changes))


def _stranger(answers: Answers) -> Issued:
    return Authority("authority").root  # of the same name, too


def _refusal(answers: Answers) -> bytes:
    refused = ocsp.OCSPResponseBuilder.build_unsuccessful(ocsp.OCSPResponseStatus.TRY_LATER)
    return refused.public_bytes(serialization.Encoding.DER)


GOOD: dict[str, Callable[[Answers], bytes]] = {
    "by hash": lambda answers: answers.make(),
    "by name": lambda answers: answers.make(by_name=True),
    "SHA-256": lambda answers: answers.make(algorithm=hashes.SHA256()),
    "a responder of the issuer's": _delegated,
    "the same by name": lambda answers: answers.make(signer=answers.authority.entitle(), by_name=True),
    "without an end": lambda answers: answers.make(until=None),
    "clocks apart": lambda answers: answers.make(since=-HOUR, until=-datetime.timedelta(minutes=2)),
}

BAD: dict[str, tuple[Callable[[Answers], bytes], str]] = {
    "revoked": (lambda answers: answers.revoked(), r"was revoked \(keyCompromise\) on 20"),
    "unknown": (lambda answers: answers.unknown(), "does not know the server's certificate"),
    "stale": (lambda answers: answers.make(since=-2 * DAY, until=-DAY), "stale"),
    "old": (lambda answers: answers.make(since=-2 * DAY, until=None), "stale"),
    "of the future": (lambda answers: answers.make(since=HOUR, until=DAY), "holds only from"),
    "wrong signer": (lambda answers: answers.make(signer=_stranger(answers)), "did not entitle"),
    "wrong signer, hidden": (
        lambda answers: answers.make(signer=_stranger(answers), attached=False, by_name=True),
        "signature is wrong",
    ),
    "forged": (lambda answers: answers.forged(), "signature is wrong"),
    "a responder for something else": (partial(_delegated, usage=ExtendedKeyUsageOID.SERVER_AUTH), "did not entitle"),
    "a responder for nothing": (partial(_delegated, usage=None), "did not entitle"),
    "an expired responder": (
        lambda answers: _delegated(answers, until=datetime.datetime.now(datetime.UTC) - DAY),
        "did not entitle",
    ),
    "about another": (
        lambda answers: answers.make(about=answers.authority.issue(None).cert),
        "about another certificate|staples no answer",  # OpenSSL may notice before we do
    ),
    "a refusal": (_refusal, "refused to answer: try_later"),
    "garbage": (lambda answers: b"garbage", "cannot be understood|staples no answer"),
    "nothing": (lambda answers: b"", "cannot be understood|staples no answer"),
}


@pytest.mark.parametrize("ask", FETCHED)
@pytest.mark.parametrize("answer", GOOD.values(), ids=GOOD)
def test_a_good_certificate_passes(
    make_site: Callable[..., Site], ask: Any, answer: Callable[[Answers], bytes]
) -> None:
    site = make_site()
    site.responder.answer = answer(site.answers)
    assert ask(site) == b"word"
    (request,) = site.responder.asked
    assert ocsp.load_der_ocsp_request(request).serial_number == site.answers.leaf.cert.serial_number


@pytest.mark.parametrize("ask", FETCHED)
@pytest.mark.parametrize("answer", BAD.values(), ids=BAD)
def test_any_other_is_refused(
    make_site: Callable[..., Site], ask: Any, answer: tuple[Callable[[Answers], bytes], str]
) -> None:
    site = make_site()
    make, message = answer
    site.responder.answer = make(site.answers)
    with pytest.raises(RedisConnectionError, match=f"OCSP: .*({message})"):
        ask(site)


@pytest.mark.parametrize("ask", STAPLED)
@pytest.mark.parametrize("answer", GOOD.values(), ids=GOOD)
def test_a_server_that_proves_its_certificate_passes(
    make_site: Callable[..., Site], ask: Any, answer: Callable[[Answers], bytes]
) -> None:
    site = make_site()
    site.front.staple = answer(site.answers)
    assert ask(site) == b"word"
    assert site.front.asked == 1
    assert not site.responder.asked


@pytest.mark.parametrize("ask", STAPLED)
@pytest.mark.parametrize("answer", BAD.values(), ids=BAD)
def test_a_server_that_proves_anything_else_is_refused(
    make_site: Callable[..., Site], ask: Any, answer: tuple[Callable[[Answers], bytes], str]
) -> None:
    site = make_site()
    make, message = answer
    site.front.staple = make(site.answers)
    with pytest.raises(RedisConnectionError, match=f"OCSP: .*({message})"):
        ask(site)
    assert not site.responder.asked


@pytest.mark.parametrize("key", ["rsa", "ed25519"])
def test_other_keys(make_site: Callable[..., Site], key: str) -> None:
    site = make_site(key=key)
    assert _pooled(site, ssl_validate_ocsp=True) == b"word"
    site.responder.answer = site.answers.forged()
    with pytest.raises(RedisConnectionError, match="signature is wrong"):
        _pooled(site, ssl_validate_ocsp=True)


@pytest.mark.parametrize("ask", FETCHED)
def test_a_responder_that_is_absent_or_fails(make_site: Callable[..., Site], ask: Any) -> None:
    site = make_site()
    site.responder.status = 500
    with pytest.raises(RedisConnectionError, match=r"OCSP: .* answered with status 500"):
        ask(site)
    site.responder.status = 200
    site.responder.answer = bytes(300_000)
    with pytest.raises(RedisConnectionError, match=r"OCSP: .* more than"):
        ask(site)
    site.responder.close()
    with pytest.raises(RedisConnectionError, match=r"OCSP: .* cannot be asked"):
        ask(site)


def test_no_responder_is_named(make_site: Callable[..., Site]) -> None:
    site = make_site(named=False)
    with pytest.raises(RedisConnectionError, match=r"OCSP: .* names no responder"):
        _pooled(site, ssl_validate_ocsp=True)


@pytest.mark.parametrize("slowly", [0.0, 0.05])
def test_a_responder_that_does_not_end_is_given_up_at_the_deadline(
    make_site: Callable[..., Site], slowly: float
) -> None:
    site = make_site()
    if slowly:
        site.responder.slowly = slowly
    else:
        site.responder.answer = None
    for ask, error in (
        (partial(_pooled, site, ssl_validate_ocsp=True, socket_connect_timeout=0.4), RedisTimeoutError),
        (partial(_multiplexed, site, connect_timeout=0.4), RedisConnectionError),
    ):
        began = time.monotonic()
        with pytest.raises(error, match=r"Timeout|in time|within 0.4 s"):
            ask()
        assert time.monotonic() - began < 3
    assert len(site.responder.asked) == 2


def test_meanwhile_everything_else_goes_on(make_site: Callable[..., Site], plain_server: RealServer) -> None:
    site = make_site()
    site.responder.answer = None
    with connect(plain_server) as mux:
        asking = spawn(_pooled, site, ssl_validate_ocsp=True, socket_connect_timeout=2)
        other = spawn(_multiplexed, site, connect_timeout=2)
        until(lambda: len(site.responder.asked) == 2)
        assert gather(*[mux.get_database().ping] * 50)
        assert not asking.done()
        assert not other.done()
        with pytest.raises(RedisTimeoutError):
            asking.result()
        with pytest.raises(RedisConnectionError, match=r"in time|within 2 s"):
            other.result()


def test_the_expected_certificate(make_site: Callable[..., Site]) -> None:
    site = make_site()
    site.front.staple = site.answers.make()
    for how in ("ssl_validate_ocsp", "ssl_validate_ocsp_stapled"):
        own = site.answers.leaf.pem
        for expected in (own, own.decode()):
            assert _pooled(site, **{how: True, "ssl_ocsp_expected_cert": expected}) == b"word"
        with pytest.raises(RedisConnectionError, match="not the expected one"):
            _pooled(site, **{how: True, "ssl_ocsp_expected_cert": site.authority.root.pem})


def test_a_context_for_asking(make_site: Callable[..., Site]) -> None:
    from OpenSSL import SSL

    site = make_site()
    site.front.staple = site.answers.make()
    context = SSL.Context(SSL.TLS_CLIENT_METHOD)
    context.set_max_proto_version(SSL.TLS1_2_VERSION)
    assert _pooled(site, ssl_validate_ocsp_stapled=True, ssl_ocsp_context=context) == b"word"
    assert site.front.asked == 1


def test_a_server_named_by_its_address(make_site: Callable[..., Site]) -> None:
    site = make_site()
    site.front.staple = site.answers.make()
    for how in ("ssl_validate_ocsp", "ssl_validate_ocsp_stapled"):
        options = {"host": "127.0.0.1", "ssl_check_hostname": False, how: True}
        assert _pooled(site, **options) == b"word"


def test_another_certificate_on_the_second_connection(make_site: Callable[..., Site], tmp_path: Path) -> None:
    site = make_site()
    site.front.staple = site.answers.make()
    site.front.then = site.authority.issue(None).write(tmp_path, "other")
    with pytest.raises(RedisConnectionError, match="another certificate on a second connection"):
        _pooled(site, ssl_validate_ocsp_stapled=True)


def test_the_issuer_is_fetched_where_it_is_not_known(make_site: Callable[..., Site]) -> None:
    site = make_site(issuer_named=True)
    unverified = {"ssl_cert_reqs": "none", "ssl_ca_certs": None, "ssl_validate_ocsp": True}
    for encoding in (serialization.Encoding.DER, serialization.Encoding.PEM):
        site.responder.fetched = site.authority.root.cert.public_bytes(encoding)
        assert _pooled(site, **unverified) == b"word"
    for wrong in (b"garbage", Authority().root.pem):
        site.responder.fetched = wrong
        with pytest.raises(RedisConnectionError, match="the issuer of the server's certificate is unknown"):
            _pooled(site, **unverified)


def test_with_a_context_of_ones_own(make_site: Callable[..., Site]) -> None:
    import ssl

    site = make_site()
    context = ssl.create_default_context(cafile=str(site.ca))
    assert _multiplexed(site, ssl_ca_file=None, ssl_context=context) == b"word"
    site.responder.answer = site.answers.revoked()
    with pytest.raises(RedisConnectionError, match="was revoked"):
        _multiplexed(site, ssl_ca_file=None, ssl_context=context)


def test_leased_connections_are_checked_as_well(make_site: Callable[..., Site]) -> None:
    site = make_site()
    server = type("Server", (), {"host": "localhost", "port": site.front.port})
    options = {"ssl": True, "ssl_ca_file": site.ca, "check_certificate_revocation": "ocsp"}
    with connect(server, **options) as mux:
        db = mux.get_database()
        db.rpush("list", "a")
        assert db.blpop("list", 1)
        assert len(site.responder.asked) == 2


def test_a_pool_given_by_url(make_site: Callable[..., Site]) -> None:
    site = make_site()
    url = f"rediss://localhost:{site.front.port}?ssl_ca_certs={site.ca}&ssl_validate_ocsp="
    for word, asked in (("false", 0), ("true", 1)):
        pool = ConnectionPool.from_url(url + word)
        connection = pool.get_connection()
        pool.release(connection)
        pool.disconnect()
        assert len(site.responder.asked) == asked


def test_without_the_extra(make_site: Callable[..., Site], monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    site = make_site()
    monkeypatch.setitem(sys.modules, "OpenSSL", None)
    with pytest.raises(ConfigurationError, match=r"ssl_validate_ocsp_stapled: needs the extra 'ocsp'"):
        SSLConnection(ssl_validate_ocsp_stapled=True)
    with pytest.raises(ConfigurationError, match=r"check_certificate_revocation=ocspStapled: needs the extra"):
        _multiplexed(site, how="ocspStapled")
    monkeypatch.setitem(sys.modules, "cryptography", None)
    with pytest.raises(ConfigurationError, match=r"ssl_validate_ocsp: needs the extra 'ocsp'"):
        SSLConnection(ssl_validate_ocsp=True)


def test_a_pool_that_shares_a_connection(make_site: Callable[..., Site]) -> None:
    from multiplexer.compat.blocking.connection import ConnectionPool as SharingPool

    site = make_site()
    site.front.staple = site.answers.make()
    for name, how in (("ssl_validate_ocsp", "ocsp"), ("ssl_validate_ocsp_stapled", "ocspStapled")):
        options = site.options(**{name: True})
        pool = SharingPool(connection_class=SSLConnection, multiplexed=True, **options)
        mux = pool.get_multiplexer()
        assert mux.options.check_certificate_revocation == how
        assert mux.get_database().ping()
        pool.close()
        options["ssl_ocsp_expected_cert"] = site.answers.leaf.pem
        with pytest.raises(ConfigurationError, match="ssl_ocsp_expected_cert: not to be had"):
            SharingPool(connection_class=SSLConnection, multiplexed=True, **options)


def test_asked_for_while_running(make_site: Callable[..., Site], plain_server: RealServer) -> None:
    site = make_site()
    server = type("Server", (), {"host": "localhost", "port": site.front.port})
    with connect(server, ssl=True, ssl_ca_file=site.ca) as mux:
        db = mux.get_database()
        assert db.ping()
        assert not site.responder.asked
        mux.reconfigure(check_certificate_revocation="ocsp")
        plain_server.command("CLIENT", "KILL", "TYPE", "normal")
        until(lambda: len(site.responder.asked) == 1)
        assert db.echo("word") == b"word"
