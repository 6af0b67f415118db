"""What a page is told of some processes: sums, rows of tables, and sentences; of a state nothing goes out but that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Protocol

from ..core.health import FINE
from .readings import Flow, Key, Point, deployments

__all__ = ["Observed", "overview"]

#: What :meth:`Health` says in one word, the best first.
_STATES = ("ready", "degraded", "down")
_WELL = "connected"
#: What went wrong, of what is counted that happens seldom.
_FAILURES = {"lost": "connection lost", "connect_failed": "could not connect", "timed_out": "command timed out"}
_CACHED = (
    "hits",
    "misses",
    "coalesced",
    "stored",
    "invalidated",
    "overwritten",
    "evicted",
    "refused",
    "entries",
    "bytes",
    "tracking",
)
#: Failures that are told at most.
_MOST_FAILURES = 20

#: Part of a state, as plain values.
Status = Mapping[str, Any]
Row = dict[str, Any]


class Observed(Protocol):
    """What is looked at of a process."""

    @property
    def name(self) -> str: ...
    @property
    def program(self) -> str: ...
    @property
    def pid(self) -> int: ...
    @property
    def where(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def heard(self) -> float: ...
    @property
    def status(self) -> Status: ...
    @property
    def flows(self) -> Mapping[Key, Flow]: ...


def overview(processes: Sequence[Observed], now: float) -> Row:
    """Return everything a page shows beside the charts.

    Args:
        processes: Those that are to be shown.
        now: Seconds of the clock their ``heard`` is from.
    """
    live = [process for process in processes if process.state == "live"]
    return {
        "health": max((_health(each) for each in live), key=_STATES.index, default=None),
        "missing": sorted({words for each in live for words in _missing(each)}),
        "processes": [_process(each, now) for each in processes],
        "servers": sorted(_servers(live), key=_place),
        "sentinels": list(_sentinels(live)),
        "groups": list(_groups(live)),
        "cache": _cache(live),
        "leases": list(_leases(live)),
        "failures": _failures(live),
        "storms": [
            {"process": f"{each.program}, process {each.pid}", "member": member, "text": status["storm_log"]}
            for each, member, status in _deployments(live)
            if status.get("storm_log")
        ],
    }


def _deployments(processes: Iterable[Observed]) -> Iterator[tuple[Observed, str, Status]]:
    for process in processes:
        for member, status in deployments(process.status):
            yield process, member, status


def _health(process: Observed) -> str:
    """Return how a process is: of a group, how the member is that it uses."""
    used = [each for _, each in deployments(process.status) if each.get("is_active", True)]
    states = [each.get("health", {}).get("state", "ready") for each in used]
    return max(states, key=_STATES.index, default="ready")


def _missing(process: Observed) -> Iterator[str]:
    for member, status in deployments(process.status):
        for words in status.get("health", {}).get("missing", ()):
            yield f"{member}: {words}" if member else words


def _process(process: Observed, now: float) -> Row:
    point = Point.of(0.0, process.flows.values()) if process.state == "live" else None
    is_live = process.state == "live"
    return {
        "name": process.name,
        "program": process.program or "an application",
        "pid": process.pid,
        "where": process.where,
        "state": process.state,
        "ago": round(now - process.heard),
        "health": _health(process) if is_live else None,
        "lag": max((bridge["lag"] for bridge in _bridges(process)), default=0.0) if is_live else None,
        **_shown(point),
    }


def _shown(point: Point | None) -> Row:
    if point is None:
        return dict.fromkeys(("operations", "p50", "p99", "pending", "backlog"))
    return {name: getattr(point, name) for name in ("operations", "p50", "p99", "pending", "backlog")}


def _bridges(process: Observed) -> Iterator[Status]:
    for _, status in deployments(process.status):
        for server in status["servers"]:
            for kind in ("interactive", "subscription"):
                if server[kind] is not None:
                    yield {"lag": 0.0, **server[kind]}


# -- servers -------------------------------------------------------------------------------------------


def _servers(processes: Iterable[Observed]) -> Iterator[Row]:
    """Yield a row for each server, whoever uses it."""
    found: dict[tuple[str, str], list[tuple[Observed, Status, Status]]] = {}
    for process, member, status in _deployments(processes):
        for server in status["servers"]:
            found.setdefault((member, server["endpoint"]), []).append((process, status, server))
    for (member, endpoint), seen in found.items():
        _, status, server = seen[0]
        flows = [
            flow
            for process, *_ in seen
            for key, flow in process.flows.items()
            if key[0] == member and key[1] == endpoint
        ]
        words = [_words(status, server) for _, status, server in seen]
        wrong = [each for each in words if each not in FINE]
        connected = sum(server["interactive"]["state"] == "established" for _, _, server in seen)
        yield {
            "member": member,
            "endpoint": endpoint,
            "role": " or ".join(sorted({server["role"] for _, _, server in seen})),
            "slots": _slots(status, endpoint),
            "version": f"{server['server'] or ''} {'.'.join(map(str, server['version'] or ()))}".strip(),
            "zone": server["availability_zone"] or "",
            "state": ("well" if connected else "none") if not wrong else "troubled" if connected else "away",
            "words": _of_so_many(wrong, len(seen)) if wrong else _WELL if connected else words[0],
            "processes": len(seen),
            "connected": connected,
            "lag": max(server["interactive"].get("lag", 0.0) for _, _, server in seen),
            **_shown(Point.of(0.0, flows)),
        }


def _place(row: Row) -> tuple[str, bool, int, str]:
    """Return what servers are listed by: primaries come first, those of a cluster in the order of their slots."""
    first, _, _ = row["slots"].partition("-")
    return row["member"], row["role"] != "primary", int(first) if first.isdigit() else 0, row["endpoint"]


def _words(status: Status, server: Status) -> str:
    """Say how a server is to one process."""
    known = status.get("health", {}).get("servers", {})
    state = server["interactive"]["state"]
    words = str(known.get(server["endpoint"], _WELL if state == "established" else state))
    if server["under_way"]:
        words += f", during {', '.join(server['under_way'])}"
    return words


def _of_so_many(wrong: list[str], processes: int) -> str:
    return wrong[0] if processes == 1 else f"for {len(wrong)} of {processes} processes: {wrong[0]}"


def _slots(status: Status, endpoint: str) -> str:
    for shard in status.get("cluster", {}).get("shards", ()):
        if shard["primary"] == endpoint:
            ranges = shard["slots"]
            named = ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in ranges)
            return named or "none"
        if endpoint in shard["replicas"]:
            return f"as {shard['primary']}" if shard["primary"] else "of no primary"
    return ""


def _sentinels(processes: Iterable[Observed]) -> Iterator[Row]:
    found: dict[str, list[Status]] = {}
    for _, _, status in _deployments(processes):
        for sentinel in status.get("sentinels", ()):
            found.setdefault(sentinel["endpoint"], []).append(sentinel)
    for endpoint, seen in found.items():
        errors = [each["error"] for each in seen if each["error"]]
        away = [each for each in seen if not each["connected"]]
        words = errors[0] if errors else "not connected" if away else _WELL
        yield {"endpoint": endpoint, "state": "troubled" if errors or away else "well", "words": words}


# -- what a process may have ---------------------------------------------------------------------------


def _groups(processes: Iterable[Observed]) -> Iterator[Row]:
    members: dict[str, list[Status]] = {}
    for process in processes:
        for member in process.status.get("members", ()):
            members.setdefault(member["name"], []).append(member)
    for name, seen in members.items():
        ill = [each["reason"] for each in seen if not each["is_well"]]
        yield {
            "name": name,
            "weight": seen[0]["weight"],
            "processes": len(seen),
            "used": sum(each["is_active"] for each in seen),
            "state": "troubled" if ill else "well",
            "words": _of_so_many([each or "given up" for each in ill], len(seen)) if ill else "well",
            "breaker": "open" if any(each["circuit_breaker"] == "open" for each in seen) else "closed",
        }


def _cache(processes: Iterable[Observed]) -> Row | None:
    caches = [status["client_cache"] for _, _, status in _deployments(processes) if "client_cache" in status]
    if not caches:
        return None
    return {
        **{name: sum(cache[name] for cache in caches) for name in _CACHED},
        "disabled": sorted({cache["disabled"] for cache in caches if cache["disabled"]}),
    }


def _leases(processes: Iterable[Observed]) -> Iterator[Row]:
    found: dict[tuple[str, str], Row] = {}
    for process, member, status in _deployments(processes):
        servers = {server["endpoint"]: server["leased"] for server in status["servers"]}
        for lease in status.get("leases", ()):
            endpoint = lease["endpoint"]
            row = found.setdefault((member, endpoint), {"member": member, "endpoint": endpoint, **_NO_LEASES})
            for name in ("used", "idle", "most"):
                row[name] += lease[name]
            if endpoint in servers:
                row["waiting"] += servers[endpoint]["pending_unsent_items"]
            flow = process.flows.get((member, endpoint, "leased"))
            if flow is not None:
                row["operations"] += flow.operations
    yield from found.values()


_NO_LEASES = {"used": 0, "idle": 0, "most": 0, "waiting": 0, "operations": 0.0}


def _failures(processes: Iterable[Observed]) -> list[Row]:
    """Return what went wrong, the latest first; the same of several processes is told once."""
    every = [
        {
            "what": _FAILURES[each["what"]],
            "member": member,
            "endpoint": each["endpoint"],
            "kind": each["kind"],
            "words": each["words"] or each["kind"],
            "count": each["count"],
            "ago": round(each["ago"]),
        }
        for _, member, status in _deployments(processes)
        for each in status.get("happenings", ())
        if each["what"] in _FAILURES
    ]

    def same(row: Row) -> tuple[str, ...]:
        return row["what"], row["member"], row["endpoint"], row["kind"]

    every.sort(key=lambda row: (same(row), row["ago"]))
    told = []
    for _, rows in groupby(every, same):
        latest, *others = rows
        told.append({**latest, "count": latest["count"] + sum(row["count"] for row in others)})
    told.sort(key=lambda row: (row["ago"], same(row)))
    return told[:_MOST_FAILURES]
