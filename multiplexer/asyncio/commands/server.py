"""Commands that ask, set up and steer a server."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any, Literal

from ...core.commands.arguments import at_most_one, bad_argument, choice, flag_words, non_empty, not_negative, positive
from ...core.commands.command_table import COMMANDS
from ...core.results.common import always_true, chunks, list_of, ok, pairs_to_dict, text_dict, texts
from ...core.results.server import (
    command_docs,
    command_keys_and_flags,
    commands,
    debug_object,
    hot_keys,
    info,
    latency_histograms,
    memory_stats,
    moment,
    slow_commands,
    time_of_day,
)
from ...core.types import AnyStr, Encodable, Key, Pattern, Pending
from ...errors import RedisConnectionError, ResponseError
from .surface import CommandSurface

_BACKUP_ABORT = COMMANDS["BACKUP ABORT"]
_BACKUP_CLEANUP = COMMANDS["BACKUP CLEANUP"]
_BACKUP_LIST = COMMANDS["BACKUP LIST"]
_BACKUP_SEAL = COMMANDS["BACKUP SEAL"]
_BACKUP_START = COMMANDS["BACKUP START"]
_BACKUP_STATUS = COMMANDS["BACKUP STATUS"]
_BGREWRITEAOF = COMMANDS["BGREWRITEAOF"]
_BGSAVE = COMMANDS["BGSAVE"]
_COMMAND = COMMANDS["COMMAND"]
_COMMAND_COUNT = COMMANDS["COMMAND COUNT"]
_COMMAND_DOCS = COMMANDS["COMMAND DOCS"]
_COMMAND_GETKEYS = COMMANDS["COMMAND GETKEYS"]
_COMMAND_GETKEYSANDFLAGS = COMMANDS["COMMAND GETKEYSANDFLAGS"]
_COMMAND_INFO = COMMANDS["COMMAND INFO"]
_COMMAND_LIST = COMMANDS["COMMAND LIST"]
_COMMANDLOG_GET = COMMANDS["COMMANDLOG GET"]
_COMMANDLOG_LEN = COMMANDS["COMMANDLOG LEN"]
_COMMANDLOG_RESET = COMMANDS["COMMANDLOG RESET"]
_CONFIG_GET = COMMANDS["CONFIG GET"]
_CONFIG_RESETSTAT = COMMANDS["CONFIG RESETSTAT"]
_CONFIG_REWRITE = COMMANDS["CONFIG REWRITE"]
_CONFIG_SET = COMMANDS["CONFIG SET"]
_DBSIZE = COMMANDS["DBSIZE"]
_DEBUG_OBJECT = COMMANDS["DEBUG OBJECT"]
_FLUSHALL = COMMANDS["FLUSHALL"]
_FLUSHDB = COMMANDS["FLUSHDB"]
_HOTKEYS_GET = COMMANDS["HOTKEYS GET"]
_HOTKEYS_RESET = COMMANDS["HOTKEYS RESET"]
_HOTKEYS_START = COMMANDS["HOTKEYS START"]
_HOTKEYS_STOP = COMMANDS["HOTKEYS STOP"]
_INFO = COMMANDS["INFO"]
_LASTSAVE = COMMANDS["LASTSAVE"]
_LATENCY_DOCTOR = COMMANDS["LATENCY DOCTOR"]
_LATENCY_GRAPH = COMMANDS["LATENCY GRAPH"]
_LATENCY_HISTOGRAM = COMMANDS["LATENCY HISTOGRAM"]
_LATENCY_HISTORY = COMMANDS["LATENCY HISTORY"]
_LATENCY_LATEST = COMMANDS["LATENCY LATEST"]
_LATENCY_RESET = COMMANDS["LATENCY RESET"]
_LOLWUT = COMMANDS["LOLWUT"]
_MEMORY_DOCTOR = COMMANDS["MEMORY DOCTOR"]
_MEMORY_MALLOC_STATS = COMMANDS["MEMORY MALLOC-STATS"]
_MEMORY_PURGE = COMMANDS["MEMORY PURGE"]
_MEMORY_STATS = COMMANDS["MEMORY STATS"]
_MEMORY_USAGE = COMMANDS["MEMORY USAGE"]
_MODULE_LIST = COMMANDS["MODULE LIST"]
_MODULE_LOAD = COMMANDS["MODULE LOAD"]
_MODULE_LOADEX = COMMANDS["MODULE LOADEX"]
_MODULE_UNLOAD = COMMANDS["MODULE UNLOAD"]
_SAVE = COMMANDS["SAVE"]
_SHUTDOWN = COMMANDS["SHUTDOWN"]
_SLOWLOG_GET = COMMANDS["SLOWLOG GET"]
_SLOWLOG_LEN = COMMANDS["SLOWLOG LEN"]
_SLOWLOG_RESET = COMMANDS["SLOWLOG RESET"]
_SWAPDB = COMMANDS["SWAPDB"]
_TIME = COMMANDS["TIME"]

_COMMANDLOG_KINDS = ("SLOW", "LARGE-REQUEST", "LARGE-REPLY")

_modules = list_of(pairs_to_dict)


class ServerCommands(CommandSurface[AnyStr]):
    """Typed methods for the commands of the server group."""

    __slots__ = ()

    # -- the data set ---------------------------------------------------------------------------------------------

    def dbsize(self) -> Pending[int]:
        """Return the number of keys in the database.

        Redis command: DBSIZE
        """
        return self._execute(_DBSIZE, ("DBSIZE",))

    def flushall(self, asynchronous: bool = False) -> Pending[bool]:
        """Delete every key of every database.

        Redis command: FLUSHALL

        Args:
            asynchronous: Let the server free the memory afterwards in the background.
        """
        return self._execute(_FLUSHALL, ("FLUSHALL", "ASYNC") if asynchronous else ("FLUSHALL",), ok)

    def flushdb(self, asynchronous: bool = False) -> Pending[bool]:
        """Delete every key of the database.

        Redis command: FLUSHDB

        Args:
            asynchronous: Let the server free the memory afterwards in the background.
        """
        return self._execute(_FLUSHDB, ("FLUSHDB", "ASYNC") if asynchronous else ("FLUSHDB",), ok)

    def swapdb(self, first: int, second: int) -> Pending[bool]:
        """Let two databases change places, for all clients at once; needs ``allowAdmin``.

        Redis command: SWAPDB
        """
        not_negative("SWAPDB", "first", first)
        not_negative("SWAPDB", "second", second)
        return self._execute(_SWAPDB, ("SWAPDB", first, second), ok)

    # -- persistence and replication ------------------------------------------------------------------------------

    def bgrewriteaof(self) -> Pending[bool]:
        """Begin to rewrite the append-only file in the background.

        Redis command: BGREWRITEAOF
        """
        return self._execute(_BGREWRITEAOF, ("BGREWRITEAOF",), always_true)

    def bgsave(self, schedule: bool = True, cancel: bool = False) -> Pending[bool]:
        """Begin to save the data set in the background.

        Redis command: BGSAVE

        Args:
            schedule: Do it later where the append-only file is being rewritten; otherwise that is an error.
            cancel: Call off what is under way or scheduled instead (Valkey 8.1).
        """
        if cancel:
            return self._execute(_BGSAVE, ("BGSAVE", "CANCEL"), always_true)
        return self._execute(_BGSAVE, ("BGSAVE", "SCHEDULE") if schedule else ("BGSAVE",), always_true)

    def lastsave(self) -> Pending[datetime.datetime]:
        """Return when the data set was last saved, in local time.

        Redis command: LASTSAVE
        """
        return self._execute(_LASTSAVE, ("LASTSAVE",), moment)

    def save(self) -> Pending[bool]:
        """Save the data set; the server does nothing else meanwhile.

        Redis command: SAVE
        """
        return self._execute(_SAVE, ("SAVE",), ok)

    async def shutdown(
        self,
        save: bool = False,
        nosave: bool = False,
        now: bool = False,
        force: bool = False,
        abort: bool = False,
        safe: bool = False,
        failover: bool = False,
    ) -> None:
        """Stop the server; returns when it has closed the connection.

        Redis command: SHUTDOWN

        Args:
            save: Save the data set first, even if the server is not set up to.
            nosave: Do not save it, even if the server is set up to.
            now: Do not wait for replicas that lag behind.
            force: Stop even where saving fails.
            abort: Call off a shutdown that is under way.
            safe: Do not stop a node that serves slots of a cluster (Valkey 9).
            failover: Let a replica take over first, in a cluster (Valkey 9).

        Raises:
            DataError: Options contradict each other.
            ResponseError: The server did not stop, or there was nothing to call off.
        """
        at_most_one("SHUTDOWN", save=save, nosave=nosave, abort=abort)
        at_most_one("SHUTDOWN", now=now, abort=abort)
        at_most_one("SHUTDOWN", force=force, abort=abort)
        at_most_one("SHUTDOWN", safe=safe, abort=abort)
        at_most_one("SHUTDOWN", failover=failover, abort=abort)
        words: tuple[str, ...] = flag_words(
            save=save, nosave=nosave, now=now, force=force, abort=abort, safe=safe, failover=failover
        )
        try:
            await self._execute(_SHUTDOWN, ("SHUTDOWN", *words))
        except RedisConnectionError as error:
            # The only sign that it stopped, and only if it was asked to.
            if abort or not error.was_sent:
                raise
            return
        if not abort:
            raise ResponseError("SHUTDOWN: the server answered instead of stopping")

    # -- backups ------------------------------------------------------------------------------------------------

    def backup_abort(self) -> Pending[bool]:
        """Call off the backup that is under way.

        Redis command: BACKUP ABORT (Redis 8.10)
        """
        return self._execute(_BACKUP_ABORT, ("BACKUP", "ABORT"), ok)

    def backup_cleanup(self) -> Pending[bool]:
        """Remove the files of the finished backup.

        Redis command: BACKUP CLEANUP (Redis 8.10)
        """
        return self._execute(_BACKUP_CLEANUP, ("BACKUP", "CLEANUP"), ok)

    def backup_list(self) -> Pending[list[str]]:
        """Return the paths of the backup's files that are complete.

        Redis command: BACKUP LIST (Redis 8.10)
        """
        return self._execute(_BACKUP_LIST, ("BACKUP", "LIST"), texts)

    def backup_seal(self) -> Pending[bool]:
        """Complete the backup with the writes since its beginning.

        Redis command: BACKUP SEAL (Redis 8.10)
        """
        return self._execute(_BACKUP_SEAL, ("BACKUP", "SEAL"), ok)

    def backup_start(self) -> Pending[bool]:
        """Begin a backup into the directory that the server is set up to use.

        Redis command: BACKUP START (Redis 8.10)
        """
        return self._execute(_BACKUP_START, ("BACKUP", "START"), ok)

    def backup_status(self) -> Pending[dict[str, Any]]:
        """Return how far the backup is, as a dict of text.

        Redis command: BACKUP STATUS (Redis 8.10)
        """
        return self._execute(_BACKUP_STATUS, ("BACKUP", "STATUS"), text_dict)

    # -- configuration --------------------------------------------------------------------------------------------

    def config_get(self, pattern: Pattern = "*", *args: Pattern) -> Pending[dict[str, str]]:
        """Return the settings whose names match any of the patterns.

        Redis command: CONFIG GET
        """
        return self._execute(_CONFIG_GET, ("CONFIG", "GET", pattern, *args), text_dict, decode=False)

    def config_resetstat(self) -> Pending[bool]:
        """Set the counters of :meth:`info` to zero.

        Redis command: CONFIG RESETSTAT
        """
        return self._execute(_CONFIG_RESETSTAT, ("CONFIG", "RESETSTAT"), ok)

    def config_rewrite(self) -> Pending[bool]:
        """Write the settings as they are into the server's configuration file.

        Redis command: CONFIG REWRITE

        Raises:
            ResponseError: The server was started without one.
        """
        return self._execute(_CONFIG_REWRITE, ("CONFIG", "REWRITE"), ok)

    def config_set(self, name: Key, value: Encodable, *args: Encodable) -> Pending[bool]:
        """Change settings while the server runs.

        Redis command: CONFIG SET

        Args:
            name: The first setting.
            value: Its new value.
            args: Further names and values.

        Raises:
            DataError: A name has no value.
            ResponseError: There is no such setting, or it cannot have this value; none is changed then.
        """
        if len(args) % 2:
            raise bad_argument("CONFIG SET", "args must be pairs of name and value")
        return self._execute(_CONFIG_SET, ("CONFIG", "SET", name, value, *args), ok)

    # -- what the server says about itself ------------------------------------------------------------------------

    def debug_object(self, key: Key) -> Pending[dict[str, Any]]:
        """Return details of how the server keeps a value.

        Redis command: DEBUG

        Raises:
            ResponseError: There is no such key, or the server does not allow DEBUG.
        """
        return self._execute(_DEBUG_OBJECT, ("DEBUG", "OBJECT", key), debug_object, decode=False)

    def info(self, section: str | None = None, *args: str) -> Pending[dict[str, Any]]:
        """Return what the server says about itself, as one flat dict.

        Redis command: INFO

        Args:
            section: The section wanted, such as ``"memory"``; the usual ones where None.
            args: Further sections.

        Returns:
            Numbers as numbers; nested values, such as those of ``db0``, as dicts.
        """
        return self._execute(_INFO, ("INFO",) if section is None else ("INFO", section, *args), info, decode=False)

    def lolwut(self, *version_numbers: str | float) -> Pending[AnyStr]:
        """Return a drawing, and the server's version.

        Redis command: LOLWUT

        Args:
            version_numbers: Which version's drawing, and its parameters.
        """
        return self._execute(_LOLWUT, ("LOLWUT", "VERSION", *version_numbers) if version_numbers else ("LOLWUT",))

    def module_list(self) -> Pending[list[dict[AnyStr, Any]]]:
        """Return the modules that are loaded.

        Redis command: MODULE LIST
        """
        return self._execute(_MODULE_LIST, ("MODULE", "LIST"), _modules)

    def module_load(self, path: str, *args: Encodable) -> Pending[bool]:
        """Have the server load a module.

        Redis command: MODULE LOAD

        Args:
            path: The module's file on the server.
            args: What to tell it.

        Raises:
            ResponseError: It cannot be loaded, or modules may not be.
        """
        return self._execute(_MODULE_LOAD, ("MODULE", "LOAD", path, *args), ok)

    def module_loadex(
        self, path: str, options: Sequence[Encodable] | None = None, args: Sequence[Encodable] | None = None
    ) -> Pending[bool]:
        """Have the server load a module, with settings.

        Redis command: MODULE LOADEX

        Args:
            path: The module's file on the server.
            options: Settings: a name, its value, and so on.
            args: What to tell it.

        Raises:
            DataError: ``options`` are not pairs.
            ResponseError: It cannot be loaded, or modules may not be.
        """
        words: list[Encodable] = ["MODULE", "LOADEX", path]
        settings = list(options or ())
        if len(settings) % 2:
            raise bad_argument("MODULE LOADEX", "options must be names and values")
        for name, value in chunks(settings, 2):
            words += ("CONFIG", name, value)
        if args:
            words.append("ARGS")
            words += args
        return self._execute(_MODULE_LOADEX, tuple(words), ok)

    def module_unload(self, name: str) -> Pending[bool]:
        """Have the server unload a module.

        Redis command: MODULE UNLOAD

        Raises:
            ResponseError: There is no such module, or it is in use.
        """
        return self._execute(_MODULE_UNLOAD, ("MODULE", "UNLOAD", name), ok)

    def time(self) -> Pending[tuple[int, int]]:
        """Return the server's clock: seconds since 1970, and microseconds.

        Redis command: TIME
        """
        return self._execute(_TIME, ("TIME",), time_of_day)

    # -- what the server says about its commands ------------------------------------------------------------------

    def command(self) -> Pending[dict[str, dict[str, Any]]]:
        """Return a description of every command, by name.

        Redis command: COMMAND
        """
        return self._execute(_COMMAND, ("COMMAND",), commands)

    def command_count(self) -> Pending[int]:
        """Return the number of commands.

        Redis command: COMMAND COUNT
        """
        return self._execute(_COMMAND_COUNT, ("COMMAND", "COUNT"))

    def command_docs(self, *args: str) -> Pending[dict[str, dict[str, Any]]]:
        """Return the documentation of the commands named, or of all, by name.

        Redis command: COMMAND DOCS
        """
        return self._execute(_COMMAND_DOCS, ("COMMAND", "DOCS", *args), command_docs)

    def command_getkeys(self, *args: Encodable) -> Pending[list[AnyStr]]:
        """Return the keys among a command's words.

        Redis command: COMMAND GETKEYS

        Args:
            args: The whole command, its name first.

        Raises:
            DataError: There is no command.
            ResponseError: It has no keys, or makes no sense.
        """
        words: tuple[Encodable, ...] = non_empty("COMMAND GETKEYS", "args", args)
        return self._execute(_COMMAND_GETKEYS, ("COMMAND", "GETKEYS", *words))

    def command_getkeysandflags(self, *args: Encodable) -> Pending[list[list[Any]]]:
        """Return the keys among a command's words, each in a list with a list of flags.

        Redis command: COMMAND GETKEYSANDFLAGS

        Args:
            args: The whole command, its name first.

        Raises:
            DataError: There is no command.
            ResponseError: It has no keys, or makes no sense.
        """
        words: tuple[Encodable, ...] = non_empty("COMMAND GETKEYSANDFLAGS", "args", args)
        command = ("COMMAND", "GETKEYSANDFLAGS", *words)
        return self._execute(_COMMAND_GETKEYSANDFLAGS, command, command_keys_and_flags)

    def command_info(self, *args: str) -> Pending[dict[str, dict[str, Any]]]:
        """Return a description of the commands named, or of all, by name; unknown ones are left out.

        Redis command: COMMAND INFO
        """
        return self._execute(_COMMAND_INFO, ("COMMAND", "INFO", *args), commands)

    def command_list(
        self, module: str | None = None, category: str | None = None, pattern: str | None = None
    ) -> Pending[list[AnyStr]]:
        """Return the names of all commands, or of some.

        Redis command: COMMAND LIST

        Args:
            module: Those of this module.
            category: Those of this category of the access control list.
            pattern: Those that match this pattern.

        Raises:
            DataError: More than one is given.
        """
        at_most_one("COMMAND LIST", module=module, category=category, pattern=pattern)
        words: tuple[Encodable, ...] = ("COMMAND", "LIST")
        for name, value in (("MODULE", module), ("ACLCAT", category), ("PATTERN", pattern)):
            if value is not None:
                words = (*words, "FILTERBY", name, value)
        return self._execute(_COMMAND_LIST, words)

    # -- memory ---------------------------------------------------------------------------------------------------

    def memory_doctor(self) -> Pending[str]:
        """Return the server's advice on its memory.

        Redis command: MEMORY DOCTOR
        """
        return self._execute(_MEMORY_DOCTOR, ("MEMORY", "DOCTOR"), decode=True)

    def memory_malloc_stats(self) -> Pending[AnyStr]:
        """Return the statistics of the server's allocator.

        Redis command: MEMORY MALLOC-STATS
        """
        return self._execute(_MEMORY_MALLOC_STATS, ("MEMORY", "MALLOC-STATS"))

    def memory_purge(self) -> Pending[bool]:
        """Ask the allocator to give back what it does not need.

        Redis command: MEMORY PURGE
        """
        return self._execute(_MEMORY_PURGE, ("MEMORY", "PURGE"), ok)

    def memory_stats(self) -> Pending[dict[str, Any]]:
        """Return what the server's memory is used for, in bytes where not said otherwise.

        Redis command: MEMORY STATS
        """
        return self._execute(_MEMORY_STATS, ("MEMORY", "STATS"), memory_stats)

    def memory_usage(self, key: Key, samples: int | None = None) -> Pending[int | None]:
        """Return how many bytes a key takes, None where it does not exist.

        Redis command: MEMORY USAGE

        Args:
            key: The key.
            samples: How many nested values to look at, 0 all; the server looks at five.

        Raises:
            DataError: ``samples`` is negative.
        """
        words: tuple[Encodable, ...] = ("MEMORY", "USAGE", key)
        if samples is not None:
            words = (*words, "SAMPLES", not_negative("MEMORY USAGE", "samples", samples))
        return self._execute(_MEMORY_USAGE, words)

    # -- keys in heavy use -------------------------------------------------------------------------------------

    def hotkeys_get(self) -> Pending[list[dict[str, Any]] | None]:
        """Return which keys are used most, as counted so far; None where nothing was counted.

        Redis command: HOTKEYS GET (Redis 8.6)

        Returns:
            A list of one dict by the server's names, in which ``by-cpu-time-us`` and ``by-net-bytes`` are dicts by
            key.
        """
        return self._execute(_HOTKEYS_GET, ("HOTKEYS", "GET"), hot_keys)

    def hotkeys_reset(self) -> Pending[bool]:
        """Forget what was counted.

        Redis command: HOTKEYS RESET (Redis 8.6)
        """
        return self._execute(_HOTKEYS_RESET, ("HOTKEYS", "RESET"), ok)

    def hotkeys_start(
        self,
        metrics: Sequence[Literal["CPU", "NET"]],
        count: int | None = None,
        duration: int | None = None,
        sample_ratio: int | None = None,
        slots: Sequence[int] | None = None,
    ) -> Pending[bool]:
        """Begin to count which keys are used most.

        Redis command: HOTKEYS START (Redis 8.6)

        Args:
            metrics: What to count: ``"CPU"`` for time, ``"NET"`` for bytes.
            count: How many keys to return.
            duration: Stop by itself after so many seconds.
            sample_ratio: Look at one of so many commands only.
            slots: Only keys in these slots of the cluster.

        Raises:
            DataError: ``metrics`` is empty or has an unknown one, or a number is below one.
            ResponseError: It is counting already.
        """
        kinds: list[Encodable] = [choice("HOTKEYS START", "metrics", kind, ("CPU", "NET")) for kind in metrics]
        words: list[Encodable] = ["HOTKEYS", "START", "METRICS"]
        words += (len(non_empty("HOTKEYS START", "metrics", kinds)), *kinds)
        for word, argument, value in (
            ("COUNT", "count", count),
            ("DURATION", "duration", duration),
            ("SAMPLE", "sample_ratio", sample_ratio),
        ):
            if value is not None:
                words += (word, positive("HOTKEYS START", argument, value))
        if slots:
            words += ("SLOTS", len(slots))
            words += slots
        return self._execute(_HOTKEYS_START, tuple(words), ok)

    def hotkeys_stop(self) -> Pending[bool]:
        """Stop counting; what was counted can still be had.

        Redis command: HOTKEYS STOP (Redis 8.6)

        Returns:
            Whether it was counting.
        """
        return self._execute(_HOTKEYS_STOP, ("HOTKEYS", "STOP"), ok)

    # -- what took long -------------------------------------------------------------------------------------------

    def commandlog_get(self, count: int, kind: str) -> Pending[list[dict[str, Any]]]:
        """Return the latest commands that were slow or large.

        Redis command: COMMANDLOG GET (Valkey 8.1)

        Args:
            count: How many at most, -1 all.
            kind: ``"slow"``, ``"large-request"`` or ``"large-reply"``.

        Returns:
            As :meth:`slowlog_get`; ``duration`` is a number of bytes for the large ones.

        Raises:
            DataError: ``kind`` is none of these.
        """
        word = _commandlog_kind("COMMANDLOG GET", kind)
        return self._execute(_COMMANDLOG_GET, ("COMMANDLOG", "GET", count, word), slow_commands)

    def commandlog_len(self, kind: str) -> Pending[int]:
        """Return how many commands are kept as slow or large.

        Redis command: COMMANDLOG LEN (Valkey 8.1)

        Args:
            kind: ``"slow"``, ``"large-request"`` or ``"large-reply"``.

        Raises:
            DataError: ``kind`` is none of these.
        """
        return self._execute(_COMMANDLOG_LEN, ("COMMANDLOG", "LEN", _commandlog_kind("COMMANDLOG LEN", kind)))

    def commandlog_reset(self, kind: str) -> Pending[bool]:
        """Forget the commands that were slow or large.

        Redis command: COMMANDLOG RESET (Valkey 8.1)

        Args:
            kind: ``"slow"``, ``"large-request"`` or ``"large-reply"``.

        Raises:
            DataError: ``kind`` is none of these.
        """
        word = _commandlog_kind("COMMANDLOG RESET", kind)
        return self._execute(_COMMANDLOG_RESET, ("COMMANDLOG", "RESET", word), ok)

    def latency_doctor(self) -> Pending[str]:
        """Return the server's advice on what held it up.

        Redis command: LATENCY DOCTOR
        """
        return self._execute(_LATENCY_DOCTOR, ("LATENCY", "DOCTOR"), decode=True)

    def latency_graph(self, event: str) -> Pending[str]:
        """Return a drawing of how long an event took over time.

        Redis command: LATENCY GRAPH

        Raises:
            ResponseError: No such event was seen.
        """
        return self._execute(_LATENCY_GRAPH, ("LATENCY", "GRAPH", event), decode=True)

    def latency_histogram(self, *args: str) -> Pending[dict[str, dict[str, Any]]]:
        """Return how long the commands named, or all that were called, took.

        Redis command: LATENCY HISTOGRAM

        Returns:
            By command, ``calls`` and ``histogram_usec``: how many calls took up to so many microseconds.
        """
        return self._execute(_LATENCY_HISTOGRAM, ("LATENCY", "HISTOGRAM", *args), latency_histograms)

    def latency_history(self, event: str) -> Pending[list[list[int]]]:
        """Return when an event was slow (in seconds since 1970) and how slow (in milliseconds).

        Redis command: LATENCY HISTORY
        """
        return self._execute(_LATENCY_HISTORY, ("LATENCY", "HISTORY", event))

    def latency_latest(self) -> Pending[list[list[Any]]]:
        """Return name, time of the latest slow one, its length and the longest ever, of every event that was slow.

        Redis command: LATENCY LATEST
        """
        return self._execute(_LATENCY_LATEST, ("LATENCY", "LATEST"))

    def latency_reset(self, *events: str) -> Pending[int]:
        """Forget what is known of the events named, or of all.

        Redis command: LATENCY RESET

        Returns:
            How many events there were.
        """
        return self._execute(_LATENCY_RESET, ("LATENCY", "RESET", *events))

    def slowlog_get(self, num: int | None = None) -> Pending[list[dict[str, Any]]]:
        """Return the latest commands that took long.

        Redis command: SLOWLOG GET

        Args:
            num: How many at most, -1 all; the server returns ten.

        Returns:
            Dicts with ``id``, ``start_time`` (seconds since 1970), ``duration`` (microseconds), ``command``,
            ``client_address`` and ``client_name``.
        """
        words = ("SLOWLOG", "GET") if num is None else ("SLOWLOG", "GET", num)
        return self._execute(_SLOWLOG_GET, words, slow_commands)

    def slowlog_len(self) -> Pending[int]:
        """Return how many slow commands are kept.

        Redis command: SLOWLOG LEN
        """
        return self._execute(_SLOWLOG_LEN, ("SLOWLOG", "LEN"))

    def slowlog_reset(self) -> Pending[bool]:
        """Forget the slow commands.

        Redis command: SLOWLOG RESET
        """
        return self._execute(_SLOWLOG_RESET, ("SLOWLOG", "RESET"), ok)


def _commandlog_kind(command: str, kind: str) -> str:
    return choice(command, "kind", kind, _COMMANDLOG_KINDS)
