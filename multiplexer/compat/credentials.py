"""redis-py's names for what provides credentials."""

from __future__ import annotations

from ..credentials import (
    CallableCredentialProvider,
    CredentialProvider,
    PasswordToken,
    RotatingCredentialProvider,
    StreamingCredentialProvider,
    UsernamePasswordCredentialProvider,
)

__all__ = [
    "CallableCredentialProvider",
    "CredentialProvider",
    "PasswordToken",
    "RotatingCredentialProvider",
    "StreamingCredentialProvider",
    "UsernamePasswordCredentialProvider",
]
