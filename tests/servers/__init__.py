"""What tests run against: real servers, a scripted one, and a proxy that breaks connections on demand."""

from __future__ import annotations

from .actions import DEFAULT, Close, Delay, Hold, Many, Pieces, Sequence, Silence
from .behaviour import Behaviour, Shard, ask, moved, slot_of
from .certificates import Certificates, Pair
from .cluster import ClusterNode, RealCluster
from .proxies import EnvoyBehaviour, Twemproxy
from .proxy import FaultProxy, Link
from .real import KINDS, Kind, RealServer, available_kinds, require_kind, write_missing_summary
from .scripted import Connection, Received, ScriptedServer
from .scripted_sentinel import ScriptedSentinel
from .sentinels import SentinelGroup
from .shared import Shared
from .silent import SilentPort
from .wire import OK, Boundaries, Error, Push, Raw, Simple, Verbatim, encode

__all__ = [
    "DEFAULT",
    "KINDS",
    "OK",
    "Behaviour",
    "Boundaries",
    "Certificates",
    "Close",
    "ClusterNode",
    "Connection",
    "Delay",
    "EnvoyBehaviour",
    "Error",
    "FaultProxy",
    "Hold",
    "Kind",
    "Link",
    "Many",
    "Pair",
    "Pieces",
    "Push",
    "Raw",
    "RealCluster",
    "RealServer",
    "Received",
    "ScriptedSentinel",
    "ScriptedServer",
    "SentinelGroup",
    "Sequence",
    "Shard",
    "Shared",
    "Silence",
    "SilentPort",
    "Simple",
    "Twemproxy",
    "Verbatim",
    "ask",
    "available_kinds",
    "encode",
    "moved",
    "require_kind",
    "slot_of",
    "write_missing_summary",
]
