"""Further keyword arguments of command methods, which redis-py hands to ``execute_command`` and its callbacks."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import isfunction, signature
from types import MethodType
from typing import Any

from ...core.commands.command import Command
from .forms import in_form
from .responses import CALL

_NAMES = """
    acl_cat acl_deluser acl_dryrun acl_genpass acl_getuser acl_help acl_list acl_load acl_log acl_log_reset acl_save
    acl_setuser acl_users acl_whoami bgrewriteaof bgsave client_getredir client_id client_info client_kill client_list
    client_pause client_trackinginfo client_unblock client_unpause cluster command command_count command_info config_get
    config_resetstat config_rewrite config_set dbsize debug_object echo flushall flushdb hotkeys_get hotkeys_reset
    hotkeys_start hotkeys_stop info keys lastsave lolwut memory_doctor memory_malloc_stats memory_purge memory_stats
    memory_usage migrate object ping publish pubsub_channels pubsub_numpat pubsub_numsub pubsub_shardchannels
    pubsub_shardnumsub randomkey save scan scan_iter shutdown slaveof slowlog_get slowlog_len slowlog_reset swapdb time
    wait waitaof
"""
#: The methods that take them, beside those that name them.
TAKES_OPTIONS = frozenset(_NAMES.split())


def takes_options(method: Callable[..., Any]) -> Callable[..., Any]:
    """Return a command's method that takes further keyword arguments, as options of the command it sends."""
    known = frozenset(signature(method).parameters)

    @wraps(method)
    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        if known.issuperset(kwargs):
            return method(self, *args, **kwargs)
        options = {name: kwargs.pop(name) for name in tuple(kwargs) if name not in known}
        return method(_WithOptions(self, options), *args, **kwargs)

    return call


class _WithOptions:
    """A client as its own methods see it, whose commands have further options.

    Args:
        client: The client.
        options: What goes to its ``execute_command`` beside what the methods say.
    """

    def __init__(self, client: Any, options: dict[str, Any]) -> None:
        self._client = client
        self._options = options

    def __getattr__(self, name: str) -> Any:
        found = getattr(type(self._client), name, None)
        return MethodType(found, self) if isfunction(found) else getattr(self._client, name)

    def _execute(
        self,
        command: Command,
        args: tuple[Any, ...],
        convert: Callable[[Any], Any] | None = None,
        decode: bool | None = None,
    ) -> Any:
        args, call = in_form(command, args, convert, decode, self._client.response_callbacks.forms)
        return self.execute_command(*args, **{CALL: call})

    def execute_command(self, *args: Any, **options: Any) -> Any:
        return self._client.execute_command(*args, **{**self._options, **options})
