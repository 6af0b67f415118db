"""Proxies that stand for many servers: what they pass on, and what must not be sent to them.

Twemproxy closes the connection over anything it does not know, a command as well as a number of arguments, and with
it goes whatever everybody else has on the way there. Envoy answers with an error. Both send a command whose keys they
do not take apart to the server of its first key, whatever the others are: the result would be wrong, and nobody told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ...errors import ClusterCrossSlotError, CommandDisabledError
from ..types import Encodable
from .command import Command
from .hash_slots import hashed_part, key_bytes

_NO_LIMIT = 1 << 31

_NONE = range(1)
_ANY = range(_NO_LIMIT)
_SOME = range(1, _NO_LIMIT)


class Proxy:
    """One kind of proxy.

    Attributes:
        key: Its name in the configuration, and among the facts about a server.
        name: Its name in messages.
        questions: The commands with a text to return by which a connection may be asked whether replies have shifted.
    """

    __slots__ = ("_arguments", "_handshake", "_splits", "key", "name", "questions")

    def __init__(
        self,
        key: str,
        name: str,
        arguments: Mapping[range, str],
        splits: str,
        introduction: str,
        questions: str,
    ) -> None:
        self.key = key
        self.name = name
        self.questions = frozenset(questions.split())
        #: Commands that are passed on, each with the numbers of arguments it may have.
        self._arguments = dict(_by_command(arguments))
        self._splits = frozenset(splits.split())
        self._handshake: dict[str, str | None] = {word: None for word in _HANDSHAKE if word not in introduction.split()}

    def handshake_map(self, command_map: Mapping[str, str | None]) -> Mapping[str, str | None]:
        """Return a command map that leaves only what the proxy answers itself of what a new connection says."""
        return {**command_map, **self._handshake}

    def refuse(self, command: Command) -> None:
        """Refuse a command that is never passed on.

        Raises:
            CommandDisabledError: It is none that the proxy knows.
        """
        if command.name.partition(" ")[0] not in self._arguments:
            raise CommandDisabledError(f"{command.name} cannot be sent: {self.name} does not pass it on")

    def check(self, command: Command, args: Sequence[Encodable]) -> None:
        """Refuse a call that the proxy would refuse, or answer wrongly.

        Args:
            command: Entry of the command table.
            args: The whole command, its name first, its keys as they are sent.

        Raises:
            CommandDisabledError: It does not know the command, or not with so many arguments, or without a key.
            ClusterCrossSlotError: The keys may be on several servers, and the proxy would ask only one.
        """
        self.refuse(command)
        name = command.name.partition(" ")[0]
        if len(args) - 1 not in self._arguments[name]:
            raise CommandDisabledError(
                f"{command.name} cannot be sent with {len(args) - 1} arguments: {self.name} does not take it so"
            )
        if not command.key_specs:
            return
        keys = command.keys(args)
        if not keys:
            raise CommandDisabledError(f"{command.name} cannot be sent without a key: {self.name} finds no server")
        if len(keys) > 1 and name not in self._splits:
            self._check_together(command, keys)

    def _check_together(self, command: Command, keys: Sequence[Encodable]) -> None:
        first, *others = map(key_bytes, keys)
        for key in others:
            if hashed_part(key) != hashed_part(first):
                raise ClusterCrossSlotError(
                    f"{command.name} was not sent: {self.name} sends it to one server only, and the keys {first!r} and "
                    f"{key!r} share no {{hash tag}} that would put them on the same"
                )


def _by_command(arguments: Mapping[range, str]) -> Iterator[tuple[str, range]]:
    for numbers, names in arguments.items():
        for name in names.split():
            yield name, numbers


#: What a connection may say of itself and ask before it is used.
_HANDSHAKE = ("AUTH", "CLIENT", "CONFIG", "ECHO", "EXISTS", "HELLO", "INFO", "PING", "ROLE", "SELECT")

#: Twemproxy 0.5.
_TWEMPROXY = Proxy(
    "twemproxy",
    "Twemproxy",
    {
        _NONE: "COMMAND PING",
        _ANY: "LOLWUT",
        range(1, 2): """DECR DUMP GET GETDEL HGETALL HKEYS HLEN HVALS INCR LLEN PERSIST PTTL SCARD SMEMBERS STRLEN TTL
            TYPE ZCARD""",
        range(2, 3): """APPEND DECRBY EXPIRE EXPIREAT GETBIT GETSET HEXISTS HGET HSTRLEN INCRBY INCRBYFLOAT LINDEX
            PEXPIRE PEXPIREAT RPOPLPUSH SETNX SISMEMBER ZRANK ZREVRANK ZSCORE""",
        range(3, 4): """GETRANGE HINCRBY HINCRBYFLOAT HSETNX LRANGE LREM LSET LTRIM PSETEX SETBIT SETEX SETRANGE SMOVE
            ZCOUNT ZINCRBY ZLEXCOUNT ZREMRANGEBYLEX ZREMRANGEBYRANK ZREMRANGEBYSCORE""",
        range(4, 5): "LINSERT LMOVE",
        range(2, _NO_LIMIT, 2): "MSET",
        range(2, _NO_LIMIT): "EVAL EVALSHA",
        _SOME: """BITCOUNT BITFIELD BITPOS COPY DEL EXISTS GEOADD GEODIST GEOHASH GEOPOS GEORADIUS GEORADIUSBYMEMBER
            GEOSEARCH GEOSEARCHSTORE GETEX HDEL HMGET HMSET HRANDFIELD HSCAN HSET LPOP LPOS LPUSH LPUSHX MGET PFADD
            PFCOUNT PFMERGE RESTORE RPOP RPUSH RPUSHX SADD SDIFF SDIFFSTORE SET SINTER SINTERSTORE SMISMEMBER SORT SPOP
            SRANDMEMBER SREM SSCAN SUNION SUNIONSTORE TOUCH UNLINK ZADD ZDIFF ZDIFFSTORE ZINTER ZINTERSTORE ZMSCORE
            ZPOPMAX ZPOPMIN ZRANDMEMBER ZRANGE ZRANGEBYLEX ZRANGEBYSCORE ZRANGESTORE ZREM ZREVRANGE ZREVRANGEBYLEX
            ZREVRANGEBYSCORE ZSCAN ZUNION ZUNIONSTORE""",
    },
    splits="DEL MGET MSET TOUCH UNLINK",
    introduction="AUTH PING",
    questions="",  # it would end the connection over a PING with a text
)

#: What the newest Envoy lists, but for what changes the servers themselves or needs a connection's own state. An
#: older one answers some of it with an error.
_ENVOY = Proxy(
    "envoyproxy",
    "Envoy",
    {
        _NONE: "PING RANDOMKEY TIME",
        range(1, 2): "ECHO",
        _ANY: "FLUSHALL FLUSHDB INFO",
        _SOME: """APPEND BF.ADD BF.CARD BF.EXISTS BF.INFO BF.INSERT BF.LOADCHUNK BF.MADD BF.MEXISTS BF.RESERVE
            BF.SCANDUMP BITCOUNT BITFIELD BITFIELD_RO BITOP BITPOS COPY DECR DECRBY DEL DUMP EVAL EVALSHA EVALSHA_RO
            EVAL_RO EXISTS EXPIRE EXPIREAT GEOADD GEODIST GEOHASH GEOPOS GEORADIUS GEORADIUSBYMEMBER
            GEORADIUSBYMEMBER_RO GEORADIUS_RO GEOSEARCH GEOSEARCHSTORE GET GETBIT GETDEL GETEX GETRANGE GETSET HDEL
            HEXISTS HEXPIRE HEXPIREAT HEXPIRETIME HGET HGETALL HINCRBY HINCRBYFLOAT HKEYS HLEN HMGET HMSET HPERSIST
            HPEXPIRE HPEXPIREAT HPEXPIRETIME HPTTL HRANDFIELD HSCAN HSET HSETNX HSTRLEN HTTL HVALS INCR INCRBY
            INCRBYFLOAT KEYS LINDEX LINSERT LLEN LMOVE LPOP LPOS LPUSH LPUSHX LRANGE LREM LSET LTRIM MGET MSET MSETNX
            OBJECT PERSIST PEXPIRE PEXPIREAT PFADD PFCOUNT PFMERGE PSETEX PTTL PUBLISH RENAME RENAMENX RESTORE RPOP
            RPOPLPUSH RPUSH RPUSHX SADD SCAN SCARD SCRIPT SDIFF SDIFFSTORE SET SETBIT SETEX SETNX SETRANGE SINTER
            SINTERSTORE SISMEMBER SMEMBERS SMISMEMBER SMOVE SORT SORT_RO SPOP SRANDMEMBER SREM SSCAN STRLEN SUBSTR
            SUNION SUNIONSTORE TOUCH TTL TYPE UNLINK XACK XADD XAUTOCLAIM XCLAIM XDEL XLEN XPENDING XRANGE XREVRANGE
            XTRIM ZADD ZCARD ZCOUNT ZDIFF ZDIFFSTORE ZINCRBY ZINTER ZINTERSTORE ZLEXCOUNT ZMSCORE ZPOPMAX ZPOPMIN
            ZRANDMEMBER ZRANGE ZRANGEBYLEX ZRANGEBYSCORE ZRANGESTORE ZRANK ZREM ZREMRANGEBYLEX ZREMRANGEBYRANK
            ZREMRANGEBYSCORE ZREVRANGE ZREVRANGEBYLEX ZREVRANGEBYSCORE ZREVRANK ZSCAN ZSCORE ZUNION ZUNIONSTORE""",
    },
    splits="DEL EXISTS MGET MSET TOUCH UNLINK",
    introduction="AUTH ECHO PING",
    questions="ECHO PING",
)

_PROXIES = {proxy.key: proxy for proxy in (_TWEMPROXY, _ENVOY)}


def proxy_of(key: str | None) -> Proxy | None:
    """Return the proxy that the configuration names, or None where there is none."""
    return None if key is None else _PROXIES[key]
