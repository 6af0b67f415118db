"""The options of a multiplexer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from ..errors import ConfigurationError
from ..importing import importing
from ..retry import AbstractBackoff, FullJitterBackoff
from . import values
from .endpoint import DEFAULT_PORT, DEFAULT_SENTINEL_PORT, DEFAULT_TLS_PORT, EndPoint
from .hidden import hidden, shown
from .table import Converted, OptionTable, option

if TYPE_CHECKING:
    import socket
    from os import PathLike
    from ssl import SSLContext, TLSVersion  # by name: in the class below, `ssl` is an option


class BacklogPolicy(Enum):
    """What becomes of a command while its server is not connected."""

    QUEUE = "queue"
    """It waits in the backlog, up to its deadline, and is sent when the server is back."""

    FAIL_FAST = "failFast"
    """It fails at once."""


class ReadFrom(Enum):
    """Which servers read-only commands go to."""

    PRIMARY = "primary"
    """Only primaries."""

    PREFER_PRIMARY = "preferPrimary"
    """Primaries while they are connected, replicas otherwise."""

    REPLICA = "replica"
    """Only replicas."""

    PREFER_REPLICA = "preferReplica"
    """Replicas while one is connected, primaries otherwise."""

    ANY = "any"
    """Primaries and replicas in turn."""

    NEAREST = "nearest"
    """The server with the lowest measured latency."""

    AVAILABILITY_ZONE = "availabilityZone"
    """Servers in the application's own availability zone first."""


_FLAG = values.Flag()
_TEXT = values.Text()
_FILE = values.FilePath()
_TIMEOUT = values.Seconds()
_CALLABLE = values.CodeOnly(callable, "a callable")
_BACKOFF = values.CodeOnly(lambda value: isinstance(value, AbstractBackoff), "a back-off of multiplexer.retry")
_CLASS = values.CodeOnly(lambda value: isinstance(value, type), "a class")
_PROVIDER = values.CodeOnly(lambda value: hasattr(value, "get_credentials"), "an object with get_credentials()")
_SSL_CONTEXT = values.CodeOnly(lambda value: hasattr(value, "wrap_bio"), "an ssl.SSLContext")
_CLIENT_NAME = values.Text(r"[!-~]+", "printable ASCII without spaces")
_PROTOCOL = values.Choice({"auto": "auto", "2": 2, "3": 3}, also={"resp2": 2, "resp3": 3})
_PROXY = values.Choice({"twemproxy": "twemproxy", "envoyproxy": "envoyproxy"}, also={"none": None})
_PARSER = values.Choice({word: word for word in ("auto", "hiredis", "python")})
_REVOCATION = values.Choice(
    {"false": False, "true": True, "ocsp": "ocsp", "ocspStapled": "ocspStapled"},
    also={**dict.fromkeys(values.FALSE_WORDS, False), **dict.fromkeys(values.TRUE_WORDS, True)},
)
_CLIENT_CACHE = values.Choice({word: word for word in ("optIn", "broadcast")})
_VERIFY = values.Choice({word: word for word in ("required", "optional", "none")})

# Waits double from at most 0.1 s to at most 1 s, each drawn from zero upwards. The longest stays well below the default
# timeout, so that a command queued as the server comes back is still sent in time.
DEFAULT_RECONNECT_BACKOFF = FullJitterBackoff(cap=1.0, base=0.05)

# What says how TLS is to be used, and therefore that it is wanted.
_TLS_DETAILS = (
    "ssl_host",
    "ssl_ca_file",
    "ssl_ca_path",
    "ssl_ca_data",
    "ssl_cert_file",
    "ssl_key_file",
    "ssl_key_password",
    "ssl_protocols",
    "ssl_min_version",
    "ssl_ciphers",
    "ssl_verify",
    "ssl_check_hostname",
    "check_certificate_revocation",
)


# Defaults that also complete a value that was given.
_ALWAYS_DERIVED = ("endpoints", "command_map")


class ConfigurationOptions(OptionTable):
    """Everything that can be set about a multiplexer: immutable, validated, keyword-only.

    Durations are float seconds here, and milliseconds or seconds in strings as the table in ``docs/configuration.md``
    says. Passwords show neither in ``repr`` nor in any error.

    Example:
        >>> options = ConfigurationOptions.parse("localhost:6379,password=s3cret,connectTimeout=2000")
        >>> options.connect_timeout
        2.0
        >>> options
        ConfigurationOptions('localhost:6379,connectTimeout=2000,password=***')

    Raises:
        ConfigurationError: An option is unknown or invalid, or two contradict each other. The message names them.
    """

    endpoints: Converted[Iterable[EndPoint | str | tuple[str, int]] | str | EndPoint, tuple[EndPoint, ...]] = option(
        values.EndPoints(), "Servers to connect to first (sentinels where `service_name` is set)."
    )

    # Time
    timeout: float = option(_TIMEOUT, "Deadline of a command, from the call to the reply.", key="timeout", default=5.0)
    sync_timeout: float = option(
        _TIMEOUT, "The same, for blocking callers only.", key="syncTimeout", default=None, default_text="`timeout`"
    )
    async_timeout: float = option(
        _TIMEOUT,
        "The same, for asyncio callers only.",
        key="asyncTimeout",
        default=None,
        default_text="`timeout` if set, else `sync_timeout`",
    )
    connect_timeout: float = option(
        _TIMEOUT, "Deadline of one attempt to connect, handshake included.", key="connectTimeout", default=5.0
    )
    connect_retry: int = option(
        values.Whole(), "Rounds over all endpoints before the first connect gives up.", key="connectRetry", default=3
    )
    keep_alive: float = option(
        values.Seconds("s", zero=True),
        "Idle time after which a PING is sent; 0 for never.",
        key="keepAlive",
        default=60.0,
    )
    heartbeat_interval: float = option(
        _TIMEOUT,
        "Time between looks at deadlines, idle connections and dead sockets.",
        key="heartbeatInterval",
        default=1.0,
    )
    config_check_seconds: float = option(
        values.Seconds("s", zero=True),
        "Time between checks of each server's role; 0 for never.",
        key="configCheckSeconds",
        default=60.0,
    )
    max_connection_lifetime: float = option(
        values.Seconds("s", zero=True),
        "Time after which a connection is replaced by a new one, give or take a tenth, without a command that fails; "
        "0 for never.",
        key="maxConnectionLifetime",
        default=0.0,
    )
    maint_notifications: Literal["auto", "enabled", "disabled"] = option(
        values.Choice({word: word for word in ("auto", "enabled", "disabled")}),
        "Whether servers are asked to announce maintenance, with RESP3: `auto`: those whose names say that they do; "
        "`enabled`: all, and one that refuses is not connected to.",
        key="maintNotifications",
        default="auto",
    )
    maint_relaxed_timeout: float = option(
        values.Seconds(zero=True),
        "How long commands without a timeout of their own may take while their server is being maintained, where that "
        "is longer; 0 for no longer than ever.",
        key="maintRelaxedTimeout",
        default=10.0,
    )
    maint_moving_endpoint_type: str = option(
        values.Choice(
            {word: word for word in ("auto", "internal-ip", "internal-fqdn", "external-ip", "external-fqdn", "none")}
        ),
        "How a server that moves is to name its new address; `auto` follows from how it was named and from TLS, `none` "
        "has its name looked up anew.",
        key="maintMovingEndpointType",
        default="auto",
    )
    tcp_keep_alive: bool = option(
        _FLAG, "Whether the system probes idle connections.", key="tcpKeepAlive", default=True
    )
    tcp_user_timeout: float = option(
        values.Seconds(zero=True),
        "How long sent data may stay unacknowledged before the system drops the connection, where the system can "
        "(`TCP_USER_TIMEOUT`); 0 for the system's own rule.",
        key="tcpUserTimeout",
        default=None,
        default_text="4 times the longer of `sync_timeout` and `async_timeout`",
    )
    reconnect_backoff: AbstractBackoff = option(
        _BACKOFF,
        "Waits between attempts to reconnect. The first attempt is made at once.",
        default=DEFAULT_RECONNECT_BACKOFF,
        default_text="`FullJitterBackoff(cap=1.0, base=0.05)`",
    )

    # Behaviour
    abort_connect: bool = option(
        _FLAG,
        "Whether connecting raises when no server answers; otherwise it goes on in the background.",
        key="abortConnect",
        default=False,
    )
    allow_admin: bool = option(
        _FLAG,
        "Whether dangerous commands (FLUSHALL, SHUTDOWN, CONFIG SET…) are allowed.",
        key="allowAdmin",
        default=False,
    )
    backlog_policy: BacklogPolicy = option(
        values.Choice({policy.value: policy for policy in BacklogPolicy}),
        "`queue`: commands wait while their server is away; `failFast`: they fail at once.",
        key="backlogPolicy",
        default=BacklogPolicy.QUEUE,
    )
    circuit_breaker: bool = option(
        _FLAG,
        "Whether commands to a server fail at once while most of them fail, or it cannot be connected to, until it has "
        "answered probes again.",
        key="circuitBreaker",
        default=False,
    )
    read_from: ReadFrom = option(
        values.Choice({source.value: source for source in ReadFrom}),
        "Which servers read-only commands go to.",
        key="readFrom",
        default=ReadFrom.PRIMARY,
    )
    connections_per_endpoint: int = option(
        values.Whole(1),
        "Connections that share the commands for one server, each key always on the same one.",
        key="connectionsPerEndpoint",
        default=1,
    )
    availability_zone: str | None = option(
        _TEXT,
        "The application's own availability zone, for `readFrom=availabilityZone`.",
        key="availabilityZone",
        default=None,
        optional=True,
    )
    max_pending: int = option(
        values.Whole(1),
        "Most commands queued or unanswered per connection; beyond it callers wait.",
        key="maxPending",
        default=65_536,
    )
    max_pending_bytes: int = option(
        values.Whole(1, "bytes"),
        "Most bytes queued per connection; beyond it callers wait. One larger command alone still passes.",
        key="maxPendingBytes",
        default=64 * 1024 * 1024,
    )
    max_reply_bytes: int = option(
        values.Whole(1, "bytes"),
        "Most bytes of one reply; a connection on which more arrive is given up.",
        key="maxReplyBytes",
        default=1024 * 1024 * 1024,
    )
    auto_pipeline: bool = option(
        _FLAG, "Whether commands issued at the same time leave in one write.", key="autoPipeline", default=True
    )
    max_flush_delay: float = option(
        values.Seconds(zero=True), "How long a write may wait for more commands.", key="maxFlushDelay", default=0.0
    )
    lease_above: int = option(
        values.Whole(0, "bytes"),
        "Size from which a command with a large value takes a connection of its own for the time; 0 for never.",
        key="leaseAbove",
        default=1024 * 1024,
    )
    max_leases: int = option(
        values.Whole(1),
        "Most connections per server and database that callers have to themselves at a time (blocking commands, "
        "WATCH, MONITOR, large values); beyond it they wait within their deadlines.",
        key="maxLeases",
        default=1000,
    )
    client_cache: Literal["optIn", "broadcast"] = option(
        _CLIENT_CACHE,
        "How servers know what handles with `cached` keep. `optIn`: they remember what was asked for; `broadcast`: "
        "they say of every key that is written, or of those with `clientCachePrefixes`.",
        key="clientCache",
        default="optIn",
    )
    client_cache_prefixes: Converted[Iterable[str] | str, tuple[str, ...]] = option(
        values.Words(),
        "With `clientCache=broadcast`: what keys begin with that are kept, such as `user:|session:`; empty for all.",
        key="clientCachePrefixes",
        default=(),
    )
    client_cache_bytes: int = option(
        values.Whole(1, "bytes"),
        "Most bytes of replies that handles with `cached` keep; what was unused for longest makes room.",
        key="clientCacheBytes",
        default=64 * 1024 * 1024,
    )
    client_cache_entries: int = option(
        values.Whole(0),
        "Most replies that handles with `cached` keep; 0 for as many as their bytes allow.",
        key="clientCacheEntries",
        default=0,
    )
    client_cache_ttl: float = option(
        values.Seconds(),
        "How long a reply is kept at most, though the server says of no change.",
        key="clientCacheTtl",
        default=60.0,
    )
    client_cache_exact_ttl: bool = option(
        _FLAG,
        "Whether servers are asked when keys expire, with each reply that is kept, so that none outlives its keys.",
        key="clientCacheExactTtl",
        default=False,
    )
    high_integrity: bool = option(
        _FLAG,
        "Whether a token after every command proves that its reply is its own.",
        key="highIntegrity",
        default=False,
    )
    parser: Literal["auto", "hiredis", "python"] = option(
        _PARSER,
        "What parses replies: `hiredis`, `python` (the same results, slower), or `auto` for hiredis where it is "
        "installed.",
        key="parser",
        default="auto",
    )
    include_detail_in_errors: bool = option(
        _FLAG,
        "Whether errors carry queue depths, ages and states.",
        key="includeDetailInErrors",
        default=True,
    )

    error_details: bool = option(
        _FLAG,
        "Whether errors show the arguments that servers quote in their texts, which may be passwords, values or "
        "personal data. For development.",
        key="errorDetails",
        default=False,
    )

    # Identity
    user: str | None = option(_TEXT, "ACL user.", key="user", default=None, optional=True)
    password: str | None = option(_TEXT, "Password.", key="password", default=None, optional=True, secret=True)
    credential_provider: Any = option(
        _PROVIDER,
        "Object whose `get_credentials()` returns user and password, or a password alone, as a tuple; asked at each "
        "connect, instead of `user` and `password`.",
        default=None,
        optional=True,
    )
    name: str | None = option(
        _CLIENT_NAME,
        "Name of the connections in CLIENT LIST.",
        key="name",
        default=None,
        optional=True,
    )
    setlib: bool = option(
        _FLAG, "Whether CLIENT SETINFO tells servers the library's name and version.", key="setlib", default=True
    )
    default_database: int = option(values.Whole(), "Database of `get_database()`.", key="defaultDatabase", default=0)
    channel_prefix: str | None = option(
        _TEXT, "Put before every channel's name.", key="channelPrefix", default=None, optional=True
    )

    # Servers
    protocol: Literal["auto", 2, 3] = option(
        _PROTOCOL,
        "RESP version: `2`, `3`, or `auto` for 3 where the server has it.",
        key="protocol",
        default="auto",
    )
    version: Converted[str | tuple[int, ...] | None, tuple[int, ...] | None] = option(
        values.Version(),
        "Version to assume of a server that does not tell, such as `7.2`; a tuple in code.",
        key="version",
        default=None,
        optional=True,
    )
    command_map: Mapping[str, str | None] = option(
        values.CommandMap(),
        "Renamed (`$NAME=other`) and disabled (`$NAME=`) commands; in code a mapping of names to `str` or None.",
        key="$NAME",
        default=MappingProxyType({}),
        default_text="empty",
    )
    config_channel: str = option(
        _TEXT,
        "Channel that announces changes of the configuration; the default is the one .NET clients listen to. "
        "Empty for none.",
        key="configChannel",
        default="__Booksleeve_MasterChanged",
    )
    tie_breaker: str = option(
        _TEXT,
        "Key that settles which of several primaries counts; the default is the one .NET clients use. Empty for none.",
        key="tiebreaker",
        default="__Booksleeve_TieBreak",
    )
    service_name: str | None = option(
        _TEXT,
        "Name of the primary to ask sentinels for; the endpoints are then sentinels.",
        key="serviceName",
        default=None,
        optional=True,
    )
    sentinel_user: str | None = option(
        _TEXT, "ACL user at the sentinels.", key="sentinelUser", default=None, optional=True
    )
    sentinel_password: str | None = option(
        _TEXT, "Password at the sentinels.", key="sentinelPassword", default=None, optional=True, secret=True
    )
    proxy: Literal["twemproxy", "envoyproxy"] | None = option(
        _PROXY,
        "`twemproxy` or `envoyproxy` where one stands before the servers.",
        key="proxy",
        default=None,
        optional=True,
    )

    # Network
    resolve_dns: bool = option(
        _FLAG,
        "Whether host names are resolved once for good; otherwise anew at each connect.",
        key="resolveDns",
        default=False,
    )
    tunnel: str | None = option(
        values.Tunnel(),
        "`http:host:port`: an HTTP proxy to go through with CONNECT.",
        key="tunnel",
        default=None,
        optional=True,
    )
    socket_factory: Callable[[EndPoint, float], socket.socket] | None = option(
        _CALLABLE, "`f(endpoint, timeout)` that returns a connected socket.", default=None, optional=True
    )
    connection_class: type | None = option(_CLASS, "A connection class of your own.", default=None, optional=True)
    address_remap: Callable[[tuple[str, int]], tuple[str, int]] | None = option(
        _CALLABLE,
        "`f((host, port))` that returns where to reach an address the servers announce, such as behind NAT.",
        default=None,
        optional=True,
    )

    # TLS
    ssl: bool = option(_FLAG, "Whether to use TLS.", key="ssl", default=False)
    ssl_host: str | None = option(
        _TEXT,
        "Name the certificate must have, also sent as SNI.",
        key="sslHost",
        default=None,
        default_text="the endpoint's host",
        optional=True,
    )
    ssl_verify: Literal["required", "optional", "none"] = option(
        _VERIFY,
        "`required`, `optional` or `none`: whether the server's certificate is verified.",
        key="sslVerify",
        default="required",
    )
    ssl_check_hostname: bool = option(
        _FLAG,
        "Whether the certificate's name is verified.",
        key="sslCheckHostname",
        default=None,
        default_text="true, unless `ssl_verify` is `none`",
    )
    ssl_ca_file: Converted[str | PathLike[str] | None, str | None] = option(
        _FILE,
        "File of trusted certificates (PEM).",
        key="sslCaFile",
        default=None,
        default_text="the system's",
        optional=True,
    )
    ssl_ca_path: Converted[str | PathLike[str] | None, str | None] = option(
        _FILE, "Directory of trusted certificates.", key="sslCaPath", default=None, optional=True
    )
    ssl_ca_data: str | None = option(
        values.PemText(),
        "Trusted certificates as PEM text; in strings the same in base64.",
        key="sslCaData",
        default=None,
        optional=True,
    )
    ssl_cert_file: Converted[str | PathLike[str] | None, str | None] = option(
        _FILE, "The client's own certificate (PEM).", key="sslCertFile", default=None, optional=True
    )
    ssl_key_file: Converted[str | PathLike[str] | None, str | None] = option(
        _FILE,
        "Its private key (PEM).",
        key="sslKeyFile",
        default=None,
        default_text="in `ssl_cert_file`",
        optional=True,
    )
    ssl_key_password: str | None = option(
        _TEXT, "Password of the private key.", key="sslKeyPassword", default=None, optional=True, secret=True
    )
    ssl_protocols: Converted[Iterable[str] | str | None, tuple[str, ...] | None] = option(
        values.TlsVersions(),
        "TLS versions to allow, such as `tls12|tls13`.",
        key="sslProtocols",
        default=None,
        default_text="1.2 and later",
        optional=True,
    )
    ssl_min_version: Converted[str | TLSVersion | None, str | None] = option(
        values.TlsVersion(),
        "Lowest TLS version to allow.",
        key="sslMinVersion",
        default=None,
        default_text="1.2",
        optional=True,
    )
    ssl_ciphers: str | None = option(
        _TEXT, "Cipher suites in OpenSSL's notation, up to TLS 1.2.", key="sslCiphers", default=None, optional=True
    )
    check_certificate_revocation: Literal[False, True, "ocsp", "ocspStapled"] = option(
        _REVOCATION,
        "Whether it is checked that the certificate was not revoked. `true`: by revocation lists, which must be among "
        "the trusted certificates; `ocsp`: by asking the responder it names; `ocspStapled`: by what the server got "
        "from there. The latter two need the extra `ocsp`.",
        key="checkCertificateRevocation",
        default=False,
    )
    ssl_context: SSLContext | None = option(
        _SSL_CONTEXT, "A ready-made context, instead of the options above.", default=None, optional=True
    )

    @classmethod
    def parse(cls, source: str | ConfigurationOptions) -> ConfigurationOptions:
        """Read a connection string or a URL; options are returned as they are.

        Args:
            source: ``"host:port,host:port,key=value"`` or ``"redis://user:password@host:port/0?key=value"``.

        Raises:
            ConfigurationError: A part is malformed, unknown or contradicts another; the message names the part and
                never repeats a value.
        """
        if isinstance(source, ConfigurationOptions):
            return source
        if not isinstance(source, str):
            raise ConfigurationError(f"expected a connection string, URL or options, got {type(source).__name__}")
        source = hidden(source)
        with importing:
            from . import connection_string, urls

        return cls._read(urls.read if urls.is_url(source) else connection_string.read, source)

    @classmethod
    def from_url(cls, url: str) -> ConfigurationOptions:
        """Read a URL: ``redis://``, ``rediss://``, ``valkey://``, ``valkeys://``, ``unix://`` or ``sentinel://``.

        Raises:
            ConfigurationError: A part is malformed, unknown or contradicts another; the message names the part and
                never repeats a value.
        """
        url = hidden(url)
        with importing:
            from . import urls

        return cls._read(urls.read, url)

    @classmethod
    def _read(cls, read: Callable[[str, type[OptionTable]], dict[str, Any]], text: str) -> ConfigurationOptions:
        try:
            return cls.of(read(text, cls))
        except ConfigurationError as error:
            refused = error
        # Without the frames of those who took the text apart: their variables are parts of it.
        raise refused.with_traceback(None)

    @classmethod
    def translated(cls, values: dict[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
        if values.keys() <= cls.options.keys():
            return values
        with importing:
            from .redis_py_names import translated

        return translated(values, before, cls.options)

    def to_string(self, include_password: bool = False) -> str:
        """Return the connection string of what was set explicitly.

        ``parse`` reads it back to equal options, except for what strings cannot hold (sockets, classes, callables)
        and, unless ``include_password`` is true, passwords, which are left out.
        """
        with importing:
            from .connection_string import write

        return write(self, (lambda text: text) if include_password else None)

    @shown
    def __repr__(self) -> str:
        with importing:
            from .connection_string import write

        in_code = [name for name, declared in self.options.items() if not declared.key and name in self.given]
        extra = "".join(f", {name}=..." for name in in_code if name != "endpoints")
        return f"{type(self).__name__}({write(self, lambda _: '***')!r}{extra})"

    @property
    def tunnel_endpoint(self) -> EndPoint | None:
        """Address of the HTTP proxy to go through, or None."""
        return EndPoint.parse(self.tunnel.removeprefix("http:")) if self.tunnel else None

    def server_hostname(self, endpoint: EndPoint) -> str | None:
        """Return the name that the certificate of ``endpoint`` must have and that is sent as SNI."""
        return self.ssl_host or endpoint.host or None

    def create_ssl_context(self) -> SSLContext | None:
        """Return a TLS context for these options, or None where TLS is off. It reads files.

        Raises:
            ConfigurationError: A certificate, key or cipher list cannot be used.
        """
        if not self.ssl:
            return None
        with importing:
            from .tls import create_ssl_context

        return create_ssl_context(self)

    def _derived(self) -> dict[str, Any]:
        given = self.given
        sync_timeout = given.get("sync_timeout", self.timeout)
        async_timeout = given.get("async_timeout", self.timeout if "timeout" in given else sync_timeout)
        if self.service_name is not None:
            port = DEFAULT_SENTINEL_PORT
        else:
            port = DEFAULT_TLS_PORT if self.ssl else DEFAULT_PORT
        derived = {
            "endpoints": tuple(dict.fromkeys(endpoint.with_default_port(port) for endpoint in self.endpoints)),
            "sync_timeout": sync_timeout,
            "async_timeout": async_timeout,
            "tcp_user_timeout": 4 * max(sync_timeout, async_timeout),
            "ssl_check_hostname": self.ssl_verify != "none",
            "command_map": MappingProxyType(dict(self.command_map)),
        }
        return {name: value for name, value in derived.items() if name not in given or name in _ALWAYS_DERIVED}

    def _check_together(self) -> None:
        if self.credential_provider is not None and (self.user is not None or self.password is not None):
            raise ConfigurationError("credential_provider: cannot be combined with user and password")
        if self.high_integrity:
            self._check_high_integrity()
        if self.proxy is not None:
            self._check_proxy()
        if self.tunnel is not None:
            if self.socket_factory is not None:
                raise ConfigurationError("tunnel: cannot be combined with socket_factory")
            if any(endpoint.is_unix for endpoint in self.endpoints):
                raise ConfigurationError("tunnel: an HTTP proxy cannot reach a Unix socket")
        if self.ssl:
            self._check_tls()
        elif not self.is_given("ssl"):
            wanted = [name for name in (*_TLS_DETAILS, "ssl_context") if self.given.get(name)]
            if wanted:  # going on without TLS would be a nasty surprise
                raise ConfigurationError(f"{wanted[0]}: needs ssl=true")

    def _check_high_integrity(self) -> None:
        if self.connection_class is not None:
            raise ConfigurationError("high_integrity: cannot be combined with connection_class")
        if self.proxy is not None:
            raise ConfigurationError("high_integrity: needs ECHO, which proxies do not pass on")
        if self.command_map.get("ECHO", "ECHO") is None:
            raise ConfigurationError("high_integrity: needs ECHO, which the command map disables")

    def _check_proxy(self) -> None:
        if self.protocol == 3:
            raise ConfigurationError("protocol: proxies speak RESP2 only")
        if self.default_database:
            raise ConfigurationError("default_database: a proxy has none but 0")
        if self.service_name is not None:
            raise ConfigurationError("service_name: cannot be combined with proxy")
        if self.read_from is not ReadFrom.PRIMARY:
            raise ConfigurationError("read_from: a proxy chooses the servers by itself")
        if self.proxy == "twemproxy" and self.user is not None:
            raise ConfigurationError("user: Twemproxy knows passwords only")

    def _check_tls(self) -> None:
        if self.ssl_context is not None:
            for name in _TLS_DETAILS[1:]:  # all but ssl_host, which is no part of a context
                by_ocsp = name == "check_certificate_revocation" and isinstance(self.given.get(name), str)
                if self.given.get(name) is not None and not by_ocsp:
                    raise ConfigurationError(f"ssl_context: cannot be combined with {name}")
            return
        if isinstance(self.check_certificate_revocation, str) and self.ssl_verify == "none":
            raise ConfigurationError("check_certificate_revocation: needs ssl_verify")
        if self.ssl_cert_file is None and (self.ssl_key_file is not None or self.ssl_key_password is not None):
            raise ConfigurationError("ssl_key_file, ssl_key_password: need ssl_cert_file")
        if self.ssl_check_hostname:
            if self.ssl_verify == "none":
                raise ConfigurationError("ssl_check_hostname: contradicts ssl_verify=none")
            if self.ssl_host is None and any(endpoint.is_unix for endpoint in self.endpoints):
                raise ConfigurationError("ssl_host: needed for TLS over a Unix socket, or ssl_check_hostname=false")
        if self.ssl_protocols and self.ssl_min_version and self.ssl_min_version > self.ssl_protocols[-1]:
            raise ConfigurationError("ssl_min_version: higher than all of ssl_protocols")
