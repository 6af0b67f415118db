"""A pytest plugin: redis-py's tests run on the façade, whose classes and functions stand in redis-py's modules.

``FACADE_LANE`` says what they run on: ``redis`` leaves redis-py as it is, ``facade`` puts the façade in its place, and
``shared`` has its pools ride a multiplexer as well. What becomes of each test is appended to ``FACADE_OUTCOMES``, a
file, as soon as it is known, so that what was known of tests that hang is not lost.
"""

from __future__ import annotations

import functools
import importlib
import inspect
import json
import os
import pkgutil
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pytest

FACADE = "multiplexer.compat"


def modules_of(package: ModuleType) -> Iterator[ModuleType]:
    """Yield a package and all modules below it; those whose own requirements are not installed are left out."""
    yield package
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}.", onerror=lambda name: None):
        try:
            yield importlib.import_module(found.name)
        except ImportError:
            pass


def counterpart(name: str) -> ModuleType | None:
    """Return the façade's module of the same name as one of redis-py's, or None where it has none."""
    _, dot, rest = name.partition(".")
    try:
        return importlib.import_module(f"{FACADE}{dot}{rest}")
    except ModuleNotFoundError:
        return None


def replacements(theirs: ModuleType, ours: ModuleType) -> Iterator[tuple[Any, Any]]:
    """Yield what a module of redis-py defines and the façade has as well, with the façade's."""
    for name, value in vars(theirs).items():
        is_sentinel = type(value) is object
        if not (is_sentinel or inspect.isclass(value) or inspect.isfunction(value)):
            continue
        if not is_sentinel and value.__module__ != theirs.__name__:
            continue
        mine = getattr(ours, name, value)
        if mine is not value:
            yield value, mine


def graft(package: ModuleType) -> int:
    """Put the façade's classes and functions in the place of a package's, wherever it holds them; return how many."""
    modules = list(modules_of(package))
    table: dict[int, tuple[Any, Any]] = {}
    for theirs in modules:
        ours = counterpart(theirs.__name__)
        if ours is not None:
            table.update((id(value), (value, mine)) for value, mine in replacements(theirs, ours))
    for module in modules:
        for name, value in list(vars(module).items()):
            if id(value) in table:
                setattr(module, name, table[id(value)][1])
    return len(table)


def _with_default(method: Callable[..., Any], name: str, default: Any) -> Callable[..., Any]:
    @functools.wraps(method)
    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        kwargs.setdefault(name, default)
        return method(self, *args, **kwargs)

    return call


def share() -> None:
    """Have the façade's pools ride a multiplexer, and its clients too where they would keep to one connection."""
    for world in ("", ".asyncio"):
        for module, names in (("connection", ("ConnectionPool",)), ("cluster", ("RedisCluster",))):
            for name in names:
                kind: Any = getattr(importlib.import_module(f"{FACADE}{world}.{module}"), name)
                kind.__init__ = _with_default(kind.__init__, "multiplexed", True)
        client: Any = importlib.import_module(f"{FACADE}{world}.client").Redis
        client.client = lambda self: type(self)(connection_pool=self.connection_pool)


def follow() -> None:
    """Have the façade's ``Sentinel`` make its clients of what stands in redis-py's module: tests put theirs there."""
    for world in ("", ".asyncio"):
        kind: Any = importlib.import_module(f"{FACADE}{world}.sentinel").Sentinel
        kind.make_client = _maker(importlib.import_module(f"redis{world}.sentinel"))


def _maker(module: Any) -> Callable[..., Any]:
    return lambda self, **options: module.Redis(**options)


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: Any) -> None:
    """Put the façade in place before anything of the tests is imported, and keep a record."""
    tracemalloc.start = lambda nframe=1: None  # whose record of every allocation would double the time
    if os.environ["FACADE_LANE"] != "redis":
        import redis

        graft(redis)
        follow()
        if os.environ["FACADE_LANE"] == "shared":
            share()
    early_config.pluginmanager.register(Recorder(os.environ["FACADE_OUTCOMES"]))


class Recorder:
    """Appends what becomes of each test to a file, a line of JSON each.

    Args:
        path: The file.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._failed: dict[str, str] = {}
        self._skipped: set[str] = set()

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        """Leave out what was begun before: one of those tests has ended the process that this one goes on for."""
        with open(self._path, encoding="utf-8") as file:
            begun = {json.loads(line)["test"] for line in file}
        items[:] = [item for item in items if item.nodeid not in begun]

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Take the beginning of a test, which may have no end."""
        self._write(nodeid, "begun", None)

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        """Take the end of it all, unless something has ended it before: a time limit that struck between two tests."""
        if exitstatus not in (pytest.ExitCode.INTERRUPTED, pytest.ExitCode.INTERNAL_ERROR):
            self._write("", "finished", None)

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Take one phase of a test."""
        if report.failed:
            self._failed.setdefault(report.nodeid, _last_line(report))
        if report.skipped:
            self._skipped.add(report.nodeid)
        if report.when == "teardown":  # which follows on what was skipped as well
            error = self._failed.pop(report.nodeid, None)
            without = "skipped" if report.nodeid in self._skipped else "passed"
            self._write(report.nodeid, without if error is None else "failed", error)

    def pytest_collectreport(self, report: Any) -> None:
        """Take a file that cannot even be read."""
        if report.failed:
            self._write(report.nodeid, "failed", str(report.longrepr)[-300:])

    def _write(self, test: str, outcome: str, error: str | None) -> None:
        with open(self._path, "a", encoding="utf-8") as file:
            file.write(json.dumps({"test": test, "outcome": outcome, "error": error}) + "\n")


def _last_line(report: Any) -> str:
    crash = getattr(report.longrepr, "reprcrash", None)
    return (crash.message if crash is not None else str(report.longrepr))[:300]


if __name__ == "__main__":
    sys.exit("This is a plugin of pytest; run scripts/facade.")
