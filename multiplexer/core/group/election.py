"""Which of several primaries counts, where a group of servers has neither sentinels nor a cluster to say so.

Two servers of a group may both be primaries: one was promoted while the other was away, say. Clients that choose
differently would write to both. They agree by a key, the tie-breaker, that holds the address of the one that counts;
whoever promotes a server writes it to all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from ...configuration import EndPoint
from ...errors import ConfigurationError, RedisError
from ..call_options import CallOptions
from ..commands.command_table import COMMANDS
from ..logging import logger
from ..message import InternalMessage
from ..physical_bridge import PhysicalBridge
from ..server_endpoint import ServerEndPoint
from ..wire.resp import pack

Bridge = TypeVar("Bridge", bound=PhysicalBridge)

_GET = COMMANDS["GET"]
#: The tie-breaker is kept in the first database, whichever the application uses.
_FIRST_DATABASE = CallOptions(database=0)


class PrimaryElection(Generic[Bridge]):
    """Asks for the tie-breaker where there is more than one primary, and elects one of them.

    Attributes:
        elected: The primary that counts, or None where that needs no deciding.
    """

    def __init__(self, key: str, decided: Callable[[ServerEndPoint[Bridge] | None], None]) -> None:
        """Make an election that begins when it is told of several primaries.

        Args:
            key: The tie-breaker; empty for none.
            decided: Called with the primary that counts, or None where there is only one.
        """
        self.elected: ServerEndPoint[Bridge] | None = None
        self._key = key
        self._decided = decided
        self._round = 0

    def consider(self, servers: Sequence[ServerEndPoint[Bridge]]) -> None:
        """Look at the servers' roles, and hold an election where that is needed."""
        primaries = [server for server in servers if server.role == "primary" and server.is_connected]
        self._round += 1  # replies to an election before do not count any more
        if len(primaries) < 2:
            if self.elected is not None and self.elected.role != "primary":
                self._decide(None)
            return
        voters = [server for server in servers if server.is_connected]
        if not self._key:
            self._count([], primaries)
        else:
            self._ask(voters, primaries, self._round)

    def _ask(self, voters: list[ServerEndPoint[Bridge]], primaries: list[ServerEndPoint[Bridge]], number: int) -> None:
        replies: list[object] = []

        def answered(reply: object) -> None:
            replies.append(reply)  # and look afterwards: several threads may be here
            if len(replies) == len(voters) and number == self._round:
                votes = [reply.decode(errors="replace") for reply in replies if isinstance(reply, bytes)]
                self._count(votes, primaries)

        for voter in voters:
            message = InternalMessage(_GET, pack(("GET", self._key)), _FIRST_DATABASE, answered)
            try:
                voter.interactive.post([message])
            except RedisError as error:
                answered(error)

    def _count(self, votes: list[str], primaries: list[ServerEndPoint[Bridge]]) -> None:
        for vote, _ in Counter(votes).most_common():
            for server in primaries:
                if is_meant(vote, server.endpoint):
                    self._decide(server)
                    return
        logger().warning(
            "several primaries and no tie-breaker among %s: the first counts",
            ", ".join(str(server.endpoint) for server in primaries),
        )
        self._decide(primaries[0])

    def _decide(self, server: ServerEndPoint[Bridge] | None) -> None:
        if server is not self.elected:
            self.elected = server
            self._decided(server)


def is_meant(vote: str, endpoint: EndPoint) -> bool:
    """Whether a tie-breaker's value names an endpoint: by its whole address, or by its host without the domain."""
    if vote == str(endpoint):
        return True
    try:
        named = EndPoint.parse(vote)
    except ConfigurationError:
        return False
    if named.port != endpoint.port:
        return False
    return named.host == endpoint.host or endpoint.host.partition(".")[0] == named.host.partition(".")[0] != ""
