"""Chooses which of several deployments is used."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from .member_health import MemberHealth


class Candidate(Protocol):
    """A deployment that may be used."""

    name: str
    weight: float
    health: MemberHealth


Member = TypeVar("Member", bound=Candidate)


def choose(members: Sequence[Member], active: Member, wanted: Member | None, now: float) -> tuple[Member, str]:
    """Return which member is to be used from now on, and why in words.

    Args:
        members: All of them; of several with the same weight the first is preferred.
        active: The one that is used now.
        wanted: The one that was asked for by name, or None. While it is well nothing else counts.
        now: Time in seconds.
    """
    if wanted is not None and (wanted.health.is_well or not any(member.health.is_well for member in members)):
        return wanted, "asked for"
    well = [member for member in members if member.health.is_well]
    if not well:
        return active, "no member is well"  # what is sent there waits, or fails, as the backlog policy has it
    if not active.health.is_well:
        return heaviest(well), f"{active.name}: {active.health.reason}"
    ready = [member for member in well if member.weight > active.weight and member.health.may_return(now)]
    if ready:
        best = heaviest(ready)
        return best, f"{best.name} is preferred, and well again"
    return active, "it is well"


def heaviest(members: Iterable[Member]) -> Member:
    """Return the preferred one of some, of which there must be one: the first with the most weight."""
    return max(members, key=lambda member: member.weight)
