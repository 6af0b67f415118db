"""Results of the commands about a cluster."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..shapes import as_int, as_list, as_text
from ..types import Elements, Reply
from .common import chunks, deep_text, list_of, ok, pairs, text, text_dict, text_keyed, texts

#: A node's address, and its description.
Nodes = dict[str, dict[str, Any]]


def cluster_info(reply: Reply) -> dict[str, str]:
    """``CLUSTER INFO`` as a dict of text."""
    return dict(line.split(":", 1) for line in as_text(reply).splitlines() if ":" in line)


def nodes(reply: Reply) -> Nodes:
    """``CLUSTER NODES``: the nodes by address."""
    return dict(_node(line) for line in as_text(reply).splitlines() if line)


def replicas(reply: Elements | str | bytes) -> Nodes:
    """``CLUSTER REPLICAS``, lines of ``CLUSTER NODES`` in an array, or in one text: the nodes by address."""
    return nodes(reply) if isinstance(reply, str | bytes) else dict(_node(line) for line in texts(reply))


def _node(line: str) -> tuple[str, dict[str, Any]]:
    node_id, place, flags, primary, ping, pong, epoch, link, *slots = line.split(" ")
    address, _, hostname = place.partition(",")
    return (
        address.partition("@")[0],
        {
            "node_id": node_id,
            "hostname": hostname.partition(",")[0],  # what follows are further fields such as the shard's id
            "flags": flags,
            "master_id": primary,
            "last_ping_sent": ping,
            "last_pong_rcvd": pong,
            "epoch": epoch,
            "slots": [word.split("-") for word in slots if not word.startswith("[")],
            "migrations": [_migration(word[1:-1]) for word in slots if word.startswith("[")],
            "connected": link == "connected",
        },
    )


def _migration(word: str) -> dict[str, str]:
    for arrow, state in (("->-", "migrating"), ("-<-", "importing")):
        slot, found, node_id = word.partition(arrow)
        if found:
            return {"slot": slot, "node_id": node_id, "state": state}
    return {"slot": word, "node_id": "", "state": ""}


def slots(reply: Reply) -> dict[tuple[int, int], dict[str, Any]]:
    """``CLUSTER SLOTS``: by first and last slot, the addresses of the primary and of its replicas."""
    return {
        (as_int(first), as_int(last)): {"primary": _address(primary), "replicas": [_address(node) for node in others]}
        for first, last, primary, *others in map(as_list, as_list(reply))
    }


def _address(node: Reply) -> tuple[str, int]:
    host, port, *_ = as_list(node)
    return as_text(host or b""), as_int(port)  # nil: the address that was asked


def shards(reply: list[Reply]) -> list[dict[str, Any]]:
    """``CLUSTER SHARDS``: for each shard its ranges of slots, as pairs, and its nodes, as dicts of text."""
    return [_shard(entry) for entry in reply]


def _shard(entry: Reply) -> dict[str, Any]:
    result = text_keyed(entry)
    result["slots"] = chunks(result["slots"], 2)
    result["nodes"] = [text_dict(node) for node in result["nodes"]]
    return {name: text(value) for name, value in result.items()}


def slot_statistics(reply: Reply) -> dict[int, dict[str, Any]]:
    """``CLUSTER SLOT-STATS``: statistics by slot."""
    return {as_int(slot): text_dict(statistics) for slot, statistics in pairs(reply)}


def bumped(reply: Reply) -> str:
    """``CLUSTER BUMPEPOCH``: a word and the epoch, as text."""
    return str(text(reply))


#: Dicts of text: links, slot migrations.
descriptions = list_of(text_dict)


def cluster_scan_page(reply: Reply) -> tuple[str, list[Any]]:
    """One page of ``CLUSTERSCAN``: the cursor to go on with (``"0"`` at the end) and the keys."""
    cursor, keys = as_list(reply)
    return as_text(cursor), as_list(keys)


#: How the reply of each sub command becomes a result, where it does not stay as it is.
CONVERTERS: dict[str, Callable[[Any], Any]] = {
    "CLUSTER ADDSLOTS": ok,
    "CLUSTER ADDSLOTSRANGE": ok,
    "CLUSTER BUMPEPOCH": bumped,
    "CLUSTER CANCELSLOTMIGRATIONS": ok,
    "CLUSTER DELSLOTS": ok,
    "CLUSTER DELSLOTSRANGE": ok,
    "CLUSTER FAILOVER": ok,
    "CLUSTER FLUSHSLOT": ok,
    "CLUSTER FLUSHSLOTS": ok,
    "CLUSTER FORGET": ok,
    "CLUSTER GETSLOTMIGRATIONS": descriptions,
    "CLUSTER INFO": cluster_info,
    "CLUSTER LINKS": descriptions,
    "CLUSTER MEET": ok,
    "CLUSTER MIGRATESLOTS": ok,
    "CLUSTER MYID": text,
    "CLUSTER MYSHARDID": text,
    "CLUSTER NODES": nodes,
    "CLUSTER REPLICAS": replicas,
    "CLUSTER REPLICATE": ok,
    "CLUSTER RESET": ok,
    "CLUSTER SAVECONFIG": ok,
    "CLUSTER SET-CONFIG-EPOCH": ok,
    "CLUSTER SETSLOT": ok,
    "CLUSTER SHARDS": shards,
    "CLUSTER SLAVES": replicas,
    "CLUSTER SLOT-STATS": slot_statistics,
    "CLUSTER SLOTS": slots,
    "CLUSTER HELP": deep_text,
}
