"""``import redis`` means the façade where it was asked to."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run code in a process that has a package redis of another make; return the last line it printed, as JSON."""
    packages = tmp_path / "packages"
    for name in ("redis", "valkey"):
        (packages / name / "only_there").mkdir(parents=True)
        (packages / name / "__init__.py").write_text("class Redis: pass\nmine = True\n")
        (packages / name / "only_there" / "__init__.py").write_text("")
        (packages / f"{name}-1.0.dist-info").mkdir()
        (packages / f"{name}-1.0.dist-info" / "METADATA").write_text(f"Name: {name}\nVersion: 1.0\n")
    (packages / "user.py").write_text("from redis import Redis\nimport redis.only_there\n")

    def run(code: str, *arguments: str, fails: bool = False) -> Any:
        start = f"import json, sys\nsys.path.insert(0, {str(packages)!r})\nfrom multiplexer.compat import *\n"
        program = tmp_path / "program.py"
        program.write_text(start + textwrap.dedent(code))
        command = arguments or (sys.executable, "-W", "error", str(program))
        done = subprocess.run(command, capture_output=True, text=True, timeout=50, cwd=tmp_path, check=False)
        assert (done.returncode != 0) == fails, done.stderr
        return done.stderr if fails else json.loads(done.stdout.splitlines()[-1])

    return run


def test_every_module_is_the_facade_s_own(run: Run) -> None:
    assert run(
        """
        import importlib
        install()
        install()
        import multiplexer.compat, multiplexer.compat.asyncio.lock
        import redis, redis.asyncio.lock, redis.asyncio as aioredis
        from redis import asyncio, Redis
        from redis.commands.core import AsyncScript, Script
        from redis.commands.search.query import Query
        from redis._parsers import BaseParser
        names = "client cluster connection credentials exceptions lock retry sentinel typing utils asyncio.cluster"
        for name in names.split():
            assert importlib.import_module(f"redis.{name}") is importlib.import_module(f"multiplexer.compat.{name}")
        assert redis is multiplexer.compat
        assert asyncio is aioredis is multiplexer.compat.asyncio
        assert redis.asyncio.lock is multiplexer.compat.asyncio.lock
        assert redis.__spec__.name == "multiplexer.compat" and asyncio.__spec__.name == "multiplexer.compat.asyncio"
        assert not hasattr(redis, "mine")
        print(json.dumps([Redis.__module__.partition(".")[0], is_installed(), is_installed("valkey")]))
        """
    ) == ["multiplexer", True, False]


def test_what_the_facade_lacks_is_not_looked_for_elsewhere(run: Run) -> None:
    assert run(
        """
        from importlib.util import find_spec
        install()
        try:
            import redis.only_there
        except ModuleNotFoundError as error:
            print(json.dumps([error.name, "multiplexer.compat" in str(error), find_spec("redis.lock") is not None]))
        """
    ) == ["redis.only_there", True, True]


def test_its_version_is_the_facade_s(run: Run) -> None:
    found = run(
        """
        from importlib.metadata import distributions, metadata, version
        before = version("redis")
        install("redis", "valkey")
        import redis
        inside = [version("redis"), version("Valkey"), metadata("redis")["Name"], redis.__version__]
        assert [d.version for d in distributions() if d.metadata["Name"] == "redis"][:1] == ["1.0"]
        uninstall()
        print(json.dumps([before, inside, version("redis")]))
        """
    )
    from multiplexer.compat import __version__

    assert found == ["1.0", [__version__, __version__, "redis", __version__], "1.0"]


def test_too_late(run: Run) -> None:
    assert run(
        """
        import redis, user
        try:
            install()
        except ValueError as error:
            print(json.dumps([str(error), is_installed(), redis.mine]))
        """
    ) == [
        "install: 'redis' has been imported already (by __main__, user); call install() before anything that imports "
        "it, or with replace=True for what is imported from now on",
        False,
        True,
    ]


def test_replacing_and_going_back(run: Run) -> None:
    assert run(
        """
        import redis as before
        import redis.only_there, user
        install(replace=True)
        import redis as meanwhile
        assert "redis.only_there" not in sys.modules
        uninstall()
        uninstall()
        import redis as after
        import redis.only_there
        assert not any("Finder" in type(each).__name__ and "installation" in type(each).__module__
                       for each in sys.meta_path)
        print(json.dumps([after is before, hasattr(meanwhile, "mine"), user.Redis is before.Redis]))
        """
    ) == [True, False, True]


def test_both_names(run: Run) -> None:
    assert run(
        """
        install("redis", "valkey")
        uninstall("redis")
        import redis, valkey.asyncio
        from valkey.exceptions import ValkeyError
        print(json.dumps([redis.mine, valkey.Valkey.__module__.partition(".")[0], is_installed("valkey")]))
        """
    ) == [True, "multiplexer", True]


def test_other_names_are_refused(run: Run) -> None:
    assert "not 'rediss'" in run('install("rediss")', fails=True)
    assert "not 'rediss'" in run('uninstall("rediss")', fails=True)


def test_many_threads(run: Run) -> None:
    assert run(
        """
        import threading
        barrier, found, names = threading.Barrier(8), [], ("lock", "sentinel", "credentials", "asyncio.lock")
        def work(number):
            barrier.wait()
            install()
            found.append(__import__(f"redis.{names[number % 4]}").Redis.__module__)
        threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
        finders = [each for each in sys.meta_path if "installation" in type(each).__module__]
        print(json.dumps([len(found), len(set(found)), len(finders)]))
        """
    ) == [8, 1, 1]


def test_pickles_of_one_name_are_those_of_the_other(run: Run) -> None:
    assert run(
        """
        import pickle
        install()
        import redis.exceptions
        from multiplexer.compat import exceptions
        theirs = b"credis.exceptions\\nConnectionError\\n."
        assert pickle.loads(theirs) is exceptions.ConnectionError
        print(json.dumps(isinstance(pickle.loads(pickle.dumps(redis.exceptions.LockError("x"))), exceptions.LockError)))
        """
    )


def test_a_program_run_with_it(run: Run, tmp_path: Path) -> None:
    (tmp_path / "told.py").write_text(
        "import json, sys, redis\n"
        "print(json.dumps([__name__, redis.Redis.__module__.partition('.')[0], sys.argv[1:]]))\n"
    )
    expected = ["__main__", "multiplexer", ["-x", "1"]]
    runner = (sys.executable, "-m", "multiplexer.compat")
    assert run("", *runner, "told.py", "-x", "1") == expected
    assert run("", *runner, "-m", "told", "-x", "1") == expected
    assert "usage" in run("", *runner, fails=True)
    assert "neither a command" in run("", *runner, "no-such-program", fails=True)
    done = subprocess.run([*runner, "pytest", "--version"], capture_output=True, text=True, timeout=50, check=False)
    assert (done.returncode, "pytest" in done.stdout + done.stderr) == (0, True)


def test_a_line_for_every_process(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("import multiplexer.compat\n\nmultiplexer.compat.install()\n")
    code = "import redis; print(redis.Redis.__module__)"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        capture_output=True,
        text=True,
        timeout=50,
        check=True,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
    )
    assert done.stdout.startswith("multiplexer.")
