"""How long to wait between attempts, under redis-py's names."""

from __future__ import annotations

from ..retry import (
    AbstractBackoff,
    ConstantBackoff,
    DecorrelatedJitterBackoff,
    EqualJitterBackoff,
    ExponentialBackoff,
    ExponentialWithJitterBackoff,
    FullJitterBackoff,
    LinearBackoff,
    NoBackoff,
    default_backoff,
)

__all__ = [
    "AbstractBackoff",
    "ConstantBackoff",
    "DecorrelatedJitterBackoff",
    "EqualJitterBackoff",
    "ExponentialBackoff",
    "ExponentialWithJitterBackoff",
    "FullJitterBackoff",
    "LinearBackoff",
    "NoBackoff",
    "default_backoff",
]
