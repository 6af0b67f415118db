"""What a client is to do when servers tell of maintenance. The façade's clients do not ask to be told."""

from __future__ import annotations

from enum import Enum
from typing import Literal

from ..configuration.hidden import shown

__all__ = ["EndpointType", "MaintNotificationsConfig", "MaintenanceState"]


class MaintenanceState(Enum):
    """What is going on with a server."""

    NONE = "none"
    MOVING = "moving"
    MAINTENANCE = "maintenance"


class EndpointType(Enum):
    """How a server is to name another one."""

    INTERNAL_IP = "internal-ip"
    INTERNAL_FQDN = "internal-fqdn"
    EXTERNAL_IP = "external-ip"
    EXTERNAL_FQDN = "external-fqdn"
    NONE = "none"

    def __str__(self) -> str:
        return self.value


class MaintNotificationsConfig:
    """What to do when a server tells of maintenance.

    Clients take it where it asks for nothing: with ``enabled=False``, or ``"auto"``, which goes on without where there
    are no notifications. With ``enabled=True`` they refuse it.

    Args:
        enabled: Whether to ask to be told; ``"auto"`` for where that can be had.
        proactive_reconnect: Whether to connect anew before a server goes.
        relaxed_timeout: Seconds to wait for replies meanwhile, None for ever, -1 for as long as ever.
        endpoint_type: How servers are to name others; None for as the client connected.
    """

    def __init__(
        self,
        enabled: bool | Literal["auto"] = "auto",
        proactive_reconnect: bool = True,
        relaxed_timeout: float | None = 10,
        endpoint_type: EndpointType | None = None,
    ) -> None:
        self.enabled = enabled
        self.proactive_reconnect = proactive_reconnect
        self.relaxed_timeout = relaxed_timeout
        self.endpoint_type = endpoint_type

    @shown
    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}(enabled={self.enabled!r}, proactive_reconnect={self.proactive_reconnect!r}, "
            f"relaxed_timeout={self.relaxed_timeout!r}, endpoint_type={self.endpoint_type!r})"
        )

    def is_relaxed_timeouts_enabled(self) -> bool:
        """Whether replies may take longer meanwhile."""
        return self.relaxed_timeout != -1
