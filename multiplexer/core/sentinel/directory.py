"""What sentinels say of a service: the conversation with one, and what to make of several that differ.

A sentinel that was cut off, or starts anew, goes on naming the primary of before. Each failover has a number of its
own, the configuration epoch, and a later one is later news: :meth:`Directory.best` goes by that first and by the
number of sentinels of the same opinion second. Sentinels can be wrong all the same, so whoever connects to the server
they name sees whether it is a primary, and tells :meth:`Directory.disprove` where it is not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from ...configuration import EndPoint
from ...errors import MasterNotFoundError, RedisError
from ...snapshots import snapshot, snapshot_items
from ..addresses import Remap, reachable
from ..handshake.conversation import Steps
from ..results.common import text
from ..results.sentinel_replies import address, state, states

#: What sentinels publish when a service may have other servers: another primary, a replica or sentinel that is found,
#: one of them down or up again.
NEWS = (
    b"+switch-master",
    b"+promoted-slave",
    b"+slave",
    b"+sentinel",
    b"+sdown",
    b"-sdown",
    b"+convert-to-slave",
    b"+reset-master",
)

#: Subcommands of SENTINEL that together tell all about a service.
QUESTIONS = ("MASTER", "GET-MASTER-ADDR-BY-NAME", "SLAVES", "SENTINELS")


def is_usable_primary(state: Mapping[str, Any], min_other_sentinels: int = 0) -> bool:
    """Whether a sentinel's state of a primary says that it is up and that enough other sentinels watch it."""
    up = state["is_master"] and not state["is_sdown"] and not state["is_odown"]
    return bool(up and state["num-other-sentinels"] >= min_other_sentinels)


def usable_replicas(states: Iterable[Mapping[str, Any]]) -> list[tuple[str, int]]:
    """Return host and port of the replicas whose states say that they are up."""
    return [(state["ip"], state["port"]) for state in states if not state["is_odown"] and not state["is_sdown"]]


class View(NamedTuple):
    """A service as one sentinel sees it.

    Attributes:
        primary: Address of the primary.
        epoch: Number of the failover that made it one.
        replicas: Addresses of the replicas that are up.
        sentinels: Addresses of the other sentinels.
    """

    primary: EndPoint
    epoch: int
    replicas: tuple[EndPoint, ...]
    sentinels: tuple[EndPoint, ...]


def ask(service: str, remap: Remap | None = None) -> Steps[View]:
    """Ask a sentinel for all it knows of a service.

    Args:
        service: The service.
        remap: ``address_remap`` of the configuration.

    Raises:
        MasterNotFoundError: It does not know the service, or names no address that could be connected to.
        RedisError: It refused, or the connection was lost.
    """
    replies = yield tuple(("SENTINEL", word, service) for word in QUESTIONS)
    for reply in replies:
        if isinstance(reply, RedisError):
            if "No such master" in str(reply):
                raise MasterNotFoundError(f"the service {service!r} is unknown")
            raise reply
    known = state(replies[0])
    before = reachable((known["ip"], known["port"]), remap)
    # While a failover is under way, the sentinel that leads it names the new primary here first.
    named = address(replies[1])
    primary = before if named is None else reachable((text(named[0]), named[1]), remap)
    if primary is None:
        raise MasterNotFoundError(f"the primary of {service!r} has no address")
    replicas = [reachable(place, remap) for place in usable_replicas(states(replies[2]))]
    if not known["is_sdown"]:
        replicas.append(before)
    others = (reachable((other["ip"], other["port"]), remap) for other in states(replies[3]))
    return View(
        primary,
        known.get("config-epoch", 0),
        tuple(replica for replica in replicas if replica is not None and replica != primary),
        tuple(other for other in others if other is not None),
    )


def concerns(channel: bytes, data: bytes, service: str) -> bool:
    """Whether an announcement is about a service.

    Args:
        channel: The channel, one of :data:`NEWS`.
        data: ``service host port host port`` for a switch; else ``type name host port``, followed by ``@ service host
            port`` where it is not about the primary itself.
        service: The service.
    """
    words = text(data).split(" ")
    if channel == NEWS[0]:
        return bool(words[0] == service)
    return service in (words[1:2] if "@" not in words else words[words.index("@") + 1 :][:1])


class Directory:
    """What several sentinels say of one service.

    Attributes:
        service: The service.
        failures: By sentinel, why it gave no answer when it was last asked.
    """

    def __init__(self, service: str) -> None:
        self.service = service
        self.failures: dict[EndPoint, BaseException] = {}
        self._views: dict[EndPoint, View] = {}
        self._disproved: set[tuple[EndPoint, int]] = set()

    def learn(self, sentinel: EndPoint, view: View) -> None:
        """Take a sentinel's answer."""
        self._views[sentinel] = view
        self.failures.pop(sentinel, None)

    def fail(self, sentinel: EndPoint, error: BaseException) -> None:
        """Note that a sentinel gave no answer; what it had said before counts no longer."""
        self._views.pop(sentinel, None)
        self.failures[sentinel] = error

    def disprove(self, primary: EndPoint) -> bool:
        """Note that the server named as primary is none: who names it with the same epoch is passed over.

        Returns:
            Whether that is news.
        """
        named = {(primary, view.epoch) for view in snapshot(self._views.values()) if view.primary == primary}
        news = named - self._disproved
        self._disproved |= news
        return bool(news)

    def confirm(self, primary: EndPoint) -> None:
        """Note that a server said it is a primary."""
        self._disproved = {entry for entry in self._disproved if entry[0] != primary}

    @property
    def is_informed(self) -> bool:
        """Whether any sentinel has answered, rightly or wrongly."""
        return bool(self._views)

    def names(self, primary: EndPoint) -> bool:
        """Whether any sentinel names a server as primary."""
        return any(view.primary == primary for view in snapshot(self._views.values()))

    def best(self) -> View | None:
        """Return the view to go by, None where no sentinel knows better than what was disproved."""
        views = snapshot(self._views.values())
        votes = Counter((view.primary, view.epoch) for view in views)
        candidates = [view for view in views if (view.primary, view.epoch) not in self._disproved]
        return max(candidates, key=lambda view: (view.epoch, votes[view.primary, view.epoch]), default=None)

    def replicas(self) -> tuple[EndPoint, ...]:
        """Return the replicas that those name who agree with :meth:`best`."""
        best = self.best()
        if best is None:
            return ()
        agreeing = [view for view in snapshot(self._views.values()) if view.primary == best.primary]
        return tuple(dict.fromkeys(replica for view in agreeing for replica in view.replicas))

    def sentinels(self) -> tuple[EndPoint, ...]:
        """Return every sentinel that answered or was named by one that did."""
        named = (other for view in snapshot(self._views.values()) for other in view.sentinels)
        return tuple(dict.fromkeys((*snapshot(self._views), *named)))

    def error(self) -> MasterNotFoundError:
        """Return what to say where no primary is known."""
        failures = snapshot_items(self.failures)
        reasons = [f"{sentinel}: {str(error) or type(error).__name__}" for sentinel, error in failures]
        reasons += [f"{sentinel}: {view.primary} is none" for sentinel, view in snapshot_items(self._views)]
        details = f" ({'; '.join(reasons)})" if reasons else ""
        return MasterNotFoundError(f"no sentinel names a primary of {self.service!r}{details}")
