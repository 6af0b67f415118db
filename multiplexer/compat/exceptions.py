"""The exceptions, under redis-py's names: the package's own, so that every layer raises what is caught here."""

from __future__ import annotations

from ..errors import (
    AskError,
    AuthenticationError,
    AuthenticationWrongNumberOfArgsError,
    AuthorizationError,
    BusyLoadingError,
    ChildDeadlockedError,
    ClusterCrossSlotError,
    ClusterDownError,
    ClusterError,
    CommandDisabledError,
    CrossSlotTransactionError,
    DataError,
    ExecAbortError,
    ExternalAuthProviderError,
    InvalidPipelineStack,
    InvalidResponse,
    LockError,
    LockNotOwnedError,
    MasterDownError,
    MaxConnectionsError,
    ModuleError,
    MovedError,
    NoPermissionError,
    NoScriptError,
    NoSuchFieldsetError,
    OutOfMemoryError,
    PubSubError,
    ReadOnlyError,
    RedisClusterException,
    RedisError,
    ResponseError,
    SlotNotCoveredError,
    TryAgainError,
    WatchError,
)
from ..errors import RedisConnectionError as ConnectionError
from ..errors import RedisTimeoutError as TimeoutError


class SharedConnectionError(CommandDisabledError, ResponseError):
    """The command would concern everybody on the shared connection, so it was not sent.

    A server that forbids a command answers with a ``ResponseError``; programs that can do without the command catch
    that.
    """


#: valkey-py's names.
ValkeyError = RedisError
ValkeyClusterException = RedisClusterException

__all__ = [
    "AskError",
    "AuthenticationError",
    "AuthenticationWrongNumberOfArgsError",
    "AuthorizationError",
    "BusyLoadingError",
    "ChildDeadlockedError",
    "ClusterCrossSlotError",
    "ClusterDownError",
    "ClusterError",
    "ConnectionError",
    "CrossSlotTransactionError",
    "DataError",
    "ExecAbortError",
    "ExternalAuthProviderError",
    "InvalidPipelineStack",
    "InvalidResponse",
    "LockError",
    "LockNotOwnedError",
    "MasterDownError",
    "MaxConnectionsError",
    "ModuleError",
    "MovedError",
    "NoPermissionError",
    "NoScriptError",
    "NoSuchFieldsetError",
    "OutOfMemoryError",
    "PubSubError",
    "ReadOnlyError",
    "RedisClusterException",
    "RedisError",
    "ResponseError",
    "SharedConnectionError",
    "SlotNotCoveredError",
    "TimeoutError",
    "TryAgainError",
    "ValkeyClusterException",
    "ValkeyError",
    "WatchError",
]
