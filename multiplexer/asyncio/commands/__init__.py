"""The typed command methods, in groups as the servers' documentation has them."""

from __future__ import annotations

from ...core.types import AnyStr
from .acl import AclCommands
from .bitmaps import BitmapCommands
from .connection import ConnectionCommands
from .geo import GeoCommands
from .hashes import HashCommands
from .hyperloglog import HyperLogLogCommands
from .keys import KeyCommands
from .lists import ListCommands
from .pubsub import PubSubCommands
from .replication import ReplicationCommands
from .sentinel import SentinelCommands
from .server import ServerCommands
from .sets import SetCommands
from .sorted_sets import SortedSetCommands
from .streams import StreamCommands
from .strings import StringCommands

__all__ = ["AdminCommands", "DataCommands"]


class AdminCommands(
    AclCommands[AnyStr],
    ConnectionCommands[AnyStr],
    KeyCommands[AnyStr],
    PubSubCommands[AnyStr],
    ReplicationCommands[AnyStr],
    SentinelCommands[AnyStr],
    ServerCommands[AnyStr],
):
    """What makes sense to ask one particular server."""

    __slots__ = ()


class DataCommands(
    AdminCommands[AnyStr],
    BitmapCommands[AnyStr],
    GeoCommands[AnyStr],
    HashCommands[AnyStr],
    HyperLogLogCommands[AnyStr],
    ListCommands[AnyStr],
    SetCommands[AnyStr],
    SortedSetCommands[AnyStr],
    StreamCommands[AnyStr],
    StringCommands[AnyStr],
):
    """Every command."""

    __slots__ = ()
