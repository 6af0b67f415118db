"""One of several databases."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ....configuration.hidden import shown
from ...data_structure import WeightedList
from ...multidb.circuit import MemberCircuit
from ..standalone import Redis

if TYPE_CHECKING:
    from ....asyncio.connection_group import GroupMember

__all__ = ["Database", "Databases"]


class Database:
    """One of several databases, as it is now.

    Attributes:
        circuit: Says whether it is used; see :class:`~multiplexer.compat.multidb.circuit.MemberCircuit`.
        health_check_url: As it was given.
        member: The member of the group that it is.
        text: What its client goes by that concerns text and the form of results.
    """

    def __init__(
        self,
        member: GroupMember,
        grace_period: float,
        health_check_url: str | None,
        client_class: type[Any],
        text: Mapping[str, Any],
    ) -> None:
        self.member = member
        self.health_check_url = health_check_url
        self.circuit = MemberCircuit(member, grace_period)
        self.circuit.database = self
        self._class = client_class
        self.text = text
        self._client: Any = None

    @shown
    def __repr__(self) -> str:
        return f"Database({self.member.name}, weight={self.weight:g})"

    @property
    def weight(self) -> float:
        """Of those that are well, the one with the most is used; may be set."""
        return self.member.weight

    @weight.setter
    def weight(self, weight: float) -> None:
        self.member.weight = weight

    @property
    def client(self) -> Any:
        """A client of this very database. What is sent with it stays there, and it is not to be closed."""
        client = self._client
        if client is None:
            client = self._client = self._class(multiplexer=self.member.multiplexer, **self.text)
        return client

    def is_cluster(self) -> bool:
        """Whether its client is one for clusters."""
        return not issubclass(self._class, Redis)


if True:  # ASYNC
    AsyncDatabase = Database
    __all__ += ["AsyncDatabase"]
else:
    SyncDatabase = Database
    __all__ += ["SyncDatabase"]

#: Databases and their weights, the heaviest first.
Databases = WeightedList[Database]
