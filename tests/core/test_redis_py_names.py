"""What redis-py's clients are told by name is taken here, or it is said what does it."""

from __future__ import annotations

import inspect
import ssl
from typing import Any

import pytest

from multiplexer.compat import Redis, RedisCluster
from multiplexer.configuration import ConfigurationOptions, redis_py_names
from multiplexer.configuration.reconfiguration import reconfigured
from multiplexer.errors import ConfigurationError

parse = ConfigurationOptions.parse


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"host": "h"}, "h"),
        ({"host": "h", "port": 7}, "h:7"),
        ({"host": "::1", "port": 7}, "[::1]:7"),
        ({"host": "h", "ssl": True}, "h:6380,ssl=true"),
        ({"port": 7}, "localhost:7"),
        ({"port": None}, "localhost:6379"),
        ({"unix_socket_path": "/run/r.sock"}, "unix:/run/r.sock"),
        ({"db": 3}, "localhost:6379,defaultDatabase=3"),
        ({"username": "u", "password": "p"}, "localhost:6379,user=u,password=p"),
        ({"username": None}, "localhost:6379,user="),
        ({"client_name": "me"}, "localhost:6379,name=me"),
        ({"protocol": 2}, "localhost:6379,protocol=2"),
        ({"socket_timeout": 1.5}, "localhost:6379,timeout=1500"),
        ({"socket_timeout": 7200}, "localhost:6379,timeout=2h"),  # in redis-py it can only be seconds
        ({"socket_connect_timeout": 2}, "localhost:6379,connectTimeout=2s"),
        ({"socket_keepalive": False}, "localhost:6379,tcpKeepAlive=false"),
        ({"health_check_interval": 30}, "localhost:6379,keepAlive=30"),
        ({"ssl": True, "ssl_cert_reqs": "none"}, "localhost:6379,ssl=true,sslVerify=none"),
        ({"ssl": True, "ssl_cert_reqs": ssl.CERT_OPTIONAL}, "localhost:6379,ssl=true,sslVerify=optional"),
        ({"ssl": True, "ssl_ca_certs": "/ca"}, "localhost:6379,ssl=true,sslCaFile=/ca"),
        (
            {"ssl": True, "ssl_certfile": "c", "ssl_keyfile": "k", "ssl_password": "p"},
            "localhost:6379,ssl=true,sslCertFile=c,sslKeyFile=k,sslKeyPassword=p",
        ),
    ],
    ids=lambda given: "-".join(given) if isinstance(given, dict) else None,
)
def test_the_same_by_another_name(given: dict[str, Any], text: str) -> None:
    options = parse("localhost:6379").with_changes(**given)
    assert options == parse(text)
    assert options.given.keys() == parse(text).given.keys()


def test_an_address_goes_over_the_one_there_was() -> None:
    assert ConfigurationOptions(host="h", port=7) == parse("h:7")
    assert ConfigurationOptions(port=7) == parse("localhost:7")
    assert parse("cache:6380").with_changes(port=7) == parse("cache:7")
    assert parse("a,b").with_changes(host="c") == parse("c")
    assert parse("cache:7").with_changes(host=None, port=None) == parse("cache:7")


@pytest.mark.parametrize(
    ("configuration", "given", "message"),
    [
        ("h", {"endpoints": "h", "host": "h"}, r"^host, port, unix_socket_path: contradict endpoints"),
        ("a,b", {"port": 7}, r"^port: belongs to a host, and there is not just one"),
        ("/run/r.sock", {"port": 7}, r"^port: belongs to a host"),
        ("h", {"host": "h", "unix_socket_path": "/s"}, r"^unix_socket_path: either"),
        ("h", {"host": 5}, r"^host, port: the host must be a str"),
        ("h", {"port": "7"}, r"^port: the port must be a number"),
        ("h", {"port": 70000}, r"^port: the port must be a number"),
        ("h", {"db": "one"}, r"^db \(default_database\): expected a whole number"),
        ("h", {"db": 1, "default_database": 2}, r"^default_database: contradicts default_database|^db: contradicts"),
        ("h", {"socket_timeout": None}, r"^socket_timeout \(timeout\): expected a number of seconds"),
        ("h", {"ssl_cert_reqs": True}, r"^ssl_cert_reqs \(ssl_verify\): expected one of required"),
        ("h", {"ssl_ca_certs": "/ca"}, r"^ssl_ca_file: needs ssl=true"),
        ("h", {"decode_responses": True}, r"^decode_responses: .*get_database\(decode=True\)$"),
        ("h", {"max_connections": 9}, r"^max_connections: .*max_pending .*max_leases"),
        ("h", {"retry_on_timeout": True}, r"^retry_on_timeout: .*with_options\(retry=\.\.\.\)"),
        ("h", {"startup_nodes": []}, r"^startup_nodes: endpoints takes"),
        ("h", {"ssl_validate_ocsp": True}, r"^ssl_validate_ocsp: check_certificate_revocation="),
    ],
)
def test_what_is_done_otherwise_is_said(configuration: str, given: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        parse(configuration).with_changes(**given)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("redis://h?decode_responses=True", r"^URL option 1 \(decode_responses\): .*get_database\(decode=True\)$"),
        ("redis://h?db=1&max_connections=5", r"^URL option 2 \(max_connections\): .*max_leases"),
        ("redis://h?host=x", r"^URL option 1 \(host\): the address comes first: host:port"),
        ("h,port=7", r"^part 2 \(port\): the address comes first: host:port"),
        ("h,db=1", r"^part 2 \(db\): redis-py's name; here it is defaultDatabase$"),
        ("h,socket_timeout=1", r"^part 2 \(socket_timeout\): .* here it is timeout, with its unit or in ms$"),
        ("h,Retry_On_Timeout=1", r"^part 2 \(retry_on_timeout\): .*with_options\(retry=\.\.\.\)"),
    ],
)
def test_in_strings_and_urls(text: str, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        parse(text)
    assert parse(text + ("&" if "://" in text else ",") + "ignoreUnknown=true").endpoints


def test_while_running() -> None:
    options = parse("h")
    assert reconfigured(options, {"socket_timeout": 2, "username": "u"}) == parse("h,timeout=2s,user=u")
    with pytest.raises(ConfigurationError, match=r"^default_database: cannot be changed while running"):
        reconfigured(options, {"db": 1})


def test_no_argument_of_redis_py_is_left_out() -> None:
    """What its constructors take has an answer here, but for what only says how the client itself is made."""
    of_the_client = {"self", "kwargs", "url", "multiplexed", "multiplexer"}
    of_the_client |= {"connection_pool_cls", "unix_domain_socket_path"}
    names = {name for client in (Redis, RedisCluster) for name in inspect.signature(client.__init__).parameters}
    known = redis_py_names.IN_CODE | ConfigurationOptions.options.keys()
    assert names - of_the_client - known == set()
