"""Names that applications import beside the clients."""

from __future__ import annotations

import ssl
from unittest.mock import Mock

import pytest

from multiplexer.compat import Redis
from multiplexer.compat.lock import Lock
from multiplexer.compat.machinery.case_insensitive_dict import CaseInsensitiveDict
from multiplexer.compat.machinery.responses import ResponseCallbacks
from multiplexer.compat.machinery.ssl_context import RedisSSLContext
from multiplexer.errors import ConfigurationError
from tests.servers import Certificates


def test_a_dict_by_name_in_any_case() -> None:
    found: CaseInsensitiveDict[int] = CaseInsensitiveDict({"get": 1, b"Set": 2}, del_=3)
    assert found == {"GET": 1, "SET": 2, "DEL_": 3}
    assert (found["Get"], found[b"GET"], found.get("set"), found.get("no"), found.get("no", 7)) == (1, 1, 2, None, 7)
    assert "sEt" in found
    assert b"set" in found
    assert 1 not in found
    found["gEt"] = 4
    assert found.pop("GET") == 4
    assert found.pop("get", None) is None
    with pytest.raises(KeyError):
        found.pop("get")
    assert found.setdefault("set", 9) == 2
    found.update([("x", 1)], y=2)
    found |= {"z": 3}
    del found["X"]
    assert "w" in found | {"w": 1}
    assert found.copy() == {"SET": 2, "DEL_": 3, "Y": 2, "Z": 3}
    assert "y" in found.copy()


def test_callbacks_are_such_a_dict() -> None:
    callbacks = ResponseCallbacks()
    assert "get" not in callbacks or callbacks["get"] is callbacks[b"GET"]
    copied = callbacks.copy()
    copied["get"] = len
    assert copied.has_changed
    assert not callbacks.has_changed
    assert copied["GET"] is len
    assert callbacks.get("GET") is not len
    assert isinstance(copied, CaseInsensitiveDict)


def test_a_context_for_tls(certificates: Certificates) -> None:
    settings = RedisSSLContext()
    assert settings.context is None
    context = settings.get()
    assert context is settings.get() is settings.context
    assert context.verify_mode is ssl.CERT_NONE
    assert not context.check_hostname
    settings = RedisSSLContext(
        cert_reqs="required",
        ca_certs=str(certificates.ca),
        check_hostname=True,
        min_version=ssl.TLSVersion.TLSv1_3,
        include_verify_flags=[ssl.VerifyFlags.VERIFY_X509_STRICT],
        exclude_verify_flags=[ssl.VerifyFlags.VERIFY_X509_TRUSTED_FIRST],
    )
    context = settings.get()
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.minimum_version is ssl.TLSVersion.TLSv1_3
    assert context.verify_flags & ssl.VerifyFlags.VERIFY_X509_STRICT
    assert not context.verify_flags & ssl.VerifyFlags.VERIFY_X509_TRUSTED_FIRST


def test_settings_for_tls_that_cannot_be() -> None:
    with pytest.raises(ConfigurationError, match="ssl_cert_reqs"):
        RedisSSLContext(cert_reqs="perhaps")
    with pytest.raises(ConfigurationError, match=r"ssl_(key|cert)file"):
        RedisSSLContext(keyfile="/nowhere", certfile="/nowhere").get()


def test_where_the_lock_is() -> None:
    from multiplexer.compat.blocking.lock import Lock as Blocking

    assert Lock is Blocking


def test_a_pool_of_mocks_is_not_taken_for_one_that_shares_connections() -> None:
    pool = Mock()  # of which every attribute is true
    pool.get_connection.return_value.retry.call_with_retry.side_effect = lambda call, *_: call()
    pool.get_connection.return_value.socket_timeout = None
    pool.get_connection.return_value.read_response.return_value = b"PONG"
    assert Redis(connection_pool=pool).ping() is True
    pool.get_multiplexer.assert_not_called()
    pool.release.assert_called_once()
