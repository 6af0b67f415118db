# Generated from multiplexer/asyncio/commands/__init__.py by scripts/generate_blocking.py; change that file instead.
"""The typed command methods, in groups as the servers' documentation has them."""

from __future__ import annotations

from ...core.types import AnyStr
from .acl import AclCommands
from .arrays import ArrayCommands
from .bitmaps import BitmapCommands
from .cluster import ClusterCommands
from .connection import ConnectionCommands
from .consumer_groups import ConsumerGroupCommands
from .functions import FunctionCommands
from .geo import GeoCommands
from .hashes import HashCommands
from .hyperloglog import HyperLogLogCommands
from .keys import KeyCommands
from .lists import ListCommands
from .modules import ModuleCommands
from .pubsub import PubSubCommands
from .replication import ReplicationCommands
from .scripting import ScriptingCommands
from .sentinel import SentinelCommands
from .server import ServerCommands
from .sets import SetCommands
from .sorted_set_combinations import SortedSetCombinationCommands
from .sorted_set_ranges import SortedSetRangeCommands
from .sorted_sets import SortedSetCommands
from .streams import StreamCommands
from .strings import StringCommands
from .vector_sets import VectorSetCommands

__all__ = ["AdminCommands", "DataCommands"]


class AdminCommands(
    AclCommands[AnyStr],
    ClusterCommands[AnyStr],
    ConnectionCommands[AnyStr],
    FunctionCommands[AnyStr],
    KeyCommands[AnyStr],
    PubSubCommands[AnyStr],
    ReplicationCommands[AnyStr],
    ScriptingCommands[AnyStr],
    SentinelCommands[AnyStr],
    ServerCommands[AnyStr],
):
    """What makes sense to ask one particular server."""

    __slots__ = ()


class DataCommands(
    AdminCommands[AnyStr],
    ArrayCommands[AnyStr],
    BitmapCommands[AnyStr],
    ConsumerGroupCommands[AnyStr],
    GeoCommands[AnyStr],
    HashCommands[AnyStr],
    HyperLogLogCommands[AnyStr],
    ListCommands[AnyStr],
    ModuleCommands[AnyStr],
    SetCommands[AnyStr],
    SortedSetCombinationCommands[AnyStr],
    SortedSetCommands[AnyStr],
    SortedSetRangeCommands[AnyStr],
    StreamCommands[AnyStr],
    StringCommands[AnyStr],
    VectorSetCommands[AnyStr],
):
    """Every command."""

    __slots__ = ()
