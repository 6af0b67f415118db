"""Run redis-py's own tests on redis-py, on the façade, and on the façade's shared lane, and compare.

What redis-py itself passes counts. A test that then fails on the façade must stand in ``facade_failures.txt`` with its
cause; any other is told at the end, and the exit status is 1. The tests come with redis-py's source distribution, which
pip fetches by its name into the environment's folder; nothing of it is kept in this checkout. Where pip cannot, nothing
is run, and the exit status is 3.

Usage::

    scripts/facade                        # everything
    scripts/facade --quick                # commands, pipelines, locks, scripts and subscriptions
    scripts/facade --group cluster        # a group, or several
    scripts/facade --file test_lock.py    # a file, or several
"""

from __future__ import annotations

import argparse
import functools
import json
import os
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # for the next lines, which so cannot stand above

from multiplexer.embedded import ServerProcess  # noqa: E402
from tests.servers import Certificates, RealCluster, RealServer, SentinelGroup, available_kinds  # noqa: E402
from tests.servers.stack import RedisStack, has_redis_stack  # noqa: E402

VERSION = "8.1.0"
KNOWN = ROOT / "scripts" / "facade_failures.txt"
LANES = ("redis", "facade", "shared")
#: Seconds a file may take on one lane, and a test.
LIMIT = 600.0
TEST_LIMIT = 10
#: So many tests of a file are run once more where they fail and nothing explains it.
MOST_AGAIN = 20
#: Held by whoever makes certificates: several files run at a time, and look for them in one place.
_MAKING = threading.Lock()
#: The exit status where redis-py's sources cannot be fetched.
NOT_TO_BE_HAD = 3

_EACH = ("commands", "pipeline", "lock", "scripting", "pubsub")
_ALL_SYNC = (*_EACH, "connection", "connection_pool", "encoding", "monitor", "retry", "multiprocessing")
_ALL_ASYNC = (*_EACH, "client", "connect", "connection", "connection_pool", "cwe_404", "encoding", "monitor", "retry")


def _files(names: Iterable[str], folder: str = "") -> tuple[str, ...]:
    return tuple(f"{folder}test_{name}.py" for name in names)


#: The files of each group; the second word of a name says what they need.
GROUPS = {
    "sync": _files(_ALL_SYNC),
    "asyncio": _files(_ALL_ASYNC, "test_asyncio/"),
    "sentinel": (*_files(("sentinel",)), *_files(("sentinel",), "test_asyncio/")),
    "tls": (*_files(("ssl",)), *_files(("ssl",), "test_asyncio/")),
    "cluster": _files(("cluster", "cluster_transaction")),
    "cluster-asyncio": _files(("cluster", "cluster_transaction"), "test_asyncio/"),
    "cache": _files(("cache",)),
    "modules": (
        *_files(("json", "search", "timeseries", "bloom")),
        *_files(("json", "search", "timeseries", "bloom"), "test_asyncio/"),
    ),
}
QUICK = (*_files(_EACH), *_files(_EACH, "test_asyncio/"))


@dataclass(frozen=True)
class Cause:
    """Why tests fail.

    Attributes:
        text: The cause.
        lane: The lane they fail on, or ``both``.
        test: The test's name; with ``*`` at its end, of all that begin so.
    """

    text: str
    lane: str
    test: str

    def explains(self, lane: str, test: str) -> bool:
        """Whether a failure is this one."""
        if self.lane not in ("both", lane):
            return False
        return test.startswith(self.test[:-1]) if self.test.endswith("*") else test == self.test


@dataclass
class Run:
    """What became of a file's tests on one lane.

    Attributes:
        outcomes: ``passed``, ``failed`` or ``skipped`` by the test's name.
        errors: What failures said, by the test's name.
        seconds: How long it took.
        ended: Whether all of them were run.
    """

    outcomes: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    ended: bool = True

    def passed(self) -> set[str]:
        """Return the tests that passed."""
        return {test for test, outcome in self.outcomes.items() if outcome == "passed"}


def read_causes(text: str) -> list[Cause]:
    """Read the list of known failures: below each cause, which begins with ``=``, a lane and a test on each line.

    Raises:
        ValueError: A line is none of these; the message has it.
    """
    causes = []
    cause = ""
    for line in text.splitlines():
        if line.startswith("="):
            cause = line[1:].strip()
        elif line.strip() and not line.startswith("#"):
            lane, _, test = line.partition(" ")
            if not cause or lane not in ("both", *LANES[1:]) or not test:
                raise ValueError(f"{KNOWN.name}: not understood: {line!r}")
            causes.append(Cause(cause, lane, test))
    return causes


def read_run(lines: Iterable[str]) -> Run:
    """Read what the plugin has recorded. A test that failed once has failed, and so has one that did not end."""
    run = Run(ended=False)
    begun = set()
    for line in lines:
        entry = json.loads(line)
        test = entry["test"].removeprefix("tests/")
        if entry["outcome"] == "finished":
            run.ended = True
            continue
        if entry["outcome"] == "begun":
            begun.add(test)
            continue
        begun.discard(test)
        if run.outcomes.get(test) != "failed":
            run.outcomes[test] = entry["outcome"]
        if entry["error"]:
            run.errors[test] = entry["error"]
    run.outcomes.update(dict.fromkeys(begun, "failed"))
    return run


def unexplained(lane: str, counted: set[str], run: Run, causes: Sequence[Cause]) -> list[str]:
    """Return the tests that should have passed on a lane, have not, and stand in no list."""
    failed = sorted(counted - run.passed())
    return [test for test in failed if not any(cause.explains(lane, test) for cause in causes)]


def fetch(folder: Path) -> Path:
    """Return the folder of redis-py's sources, which pip fetches where they are not there yet."""
    found = folder / f"redis-{VERSION}"
    if not (found / "tests").is_dir():
        with tempfile.TemporaryDirectory() as fetched:
            pip = (sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-input")
            wanted = ("--no-deps", "--no-binary", ":all:", "--dest", fetched, f"redis=={VERSION}")
            subprocess.run([*pip, *wanted], check=True)
            with tarfile.open(next(Path(fetched).glob("redis-*.tar.gz"))) as archive:
                archive.extractall(folder, filter="data")
    return found


@contextmanager
def servers_for(file: str, sources: Path) -> Iterator[list[str]]:
    """Start what a file's tests need, and yield the options that tell them where it is."""
    kind = available_kinds(tls="test_ssl" in file)[0]
    with ExitStack() as stack:
        if "test_cluster" in file:
            cluster = RealCluster(kind)
            stack.callback(cluster.close)
            url = f"redis://{cluster.nodes[0].address}/0"
            yield [f"--redis-url={url}", f"--redis-mod-url={url}", f"--redis-cluster-nodes={len(cluster.nodes)}"]
            return
        with _MAKING:
            certificates = _certificates(sources) if "test_ssl" in file else None
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server: ServerProcess
        if file in GROUPS["cache"]:
            server = stack.enter_context(RedisStack.start(folder))  # it refuses to cache what others say
        else:
            server = stack.enter_context(RealServer.start(kind, tls=certificates, config=["enable-debug-command yes"]))
        options = [f"--redis-url=redis://{server.host}:{server.port}/0"]
        if certificates is not None and isinstance(server, RealServer):
            options.append(f"--redis-ssl-url=rediss://localhost:{server.tls_port}")
        if "sentinel" in file:
            group = SentinelGroup(kind, service="redis-py-test", down_after=60.0)
            stack.callback(group.close)
            options.append("--sentinels=" + ",".join(f"{host}:{port}" for host, port in group.addresses))
        # Asked for its modules in any case: redis-py would look for another server, at a port of its own choice.
        modules: ServerProcess = server
        if file in GROUPS["modules"]:
            modules = stack.enter_context(RedisStack.start(folder))
        options.append(f"--redis-mod-url=redis://{modules.host}:{modules.port}/0")
        yield options


@functools.cache
def _certificates(sources: Path) -> Certificates:
    """Make certificates, once for all lanes, and put them where redis-py's tests look for theirs."""
    folder = sources / "dockers" / "standalone" / "tls"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "made").mkdir()
    made = Certificates.create(folder / "made")
    for name, pair in (("client", made.client), ("redis", made.server)):
        shutil.copy(pair.cert, folder / f"{name}.crt")
        shutil.copy(pair.key, folder / f"{name}.key")
    shutil.copy(made.ca, folder / "ca.crt")
    return made


def run_file(sources: Path, file: str, lane: str, only: Sequence[str] = ()) -> Run:
    """Run a file's tests on a lane, or only some of them, with servers of their own."""
    tests = [f"tests/{test}" for test in only or (file,)]
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, servers_for(file, sources) as options:
        outcomes = Path(folder) / "outcomes"
        outcomes.touch()
        run, size = Run(ended=False), -1
        # A test that ends its process takes the others along: another process goes on after it.
        while not run.ended and outcomes.stat().st_size > size:
            size = outcomes.stat().st_size
            _run_process(sources, [*tests, *options], lane, outcomes, began + LIMIT - time.monotonic())
            run = read_run(outcomes.read_text().splitlines())
    run.seconds = time.monotonic() - began
    print(f"{lane}: {file}, {len(run.passed())} of {len(run.outcomes)} passed in {run.seconds:.0f} s", flush=True)
    return run


def _run_process(sources: Path, arguments: Sequence[str], lane: str, outcomes: Path, limit: float) -> None:
    """Run those tests that were not begun yet, for so many seconds at most."""
    plugins = ("-p", "facade_graft", "-p", "no:cacheprovider")
    process = subprocess.Popen(
        [sys.executable, "-m", "pytest", *plugins, f"--timeout={TEST_LIMIT}", "-q", *arguments],
        cwd=sources,
        env={
            **os.environ,
            "FACADE_LANE": lane,
            "FACADE_OUTCOMES": str(outcomes),
            "PYTHONPATH": os.pathsep.join((str(sources), str(ROOT / "scripts"))),
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(max(limit, 0))
    except subprocess.TimeoutExpired:
        pass
    finally:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait()


def run_again(sources: Path, runs: dict[tuple[str, str], Run], causes: Sequence[Cause]) -> None:
    """Run what nothing explains once more by itself, as the machine may have been busy; what passes then has passed."""
    for (file, lane), run in runs.items():
        failed = [] if lane == "redis" else unexplained(lane, runs[file, "redis"].passed(), run, causes)
        if 0 < len(failed) <= MOST_AGAIN:
            second = run_file(sources, file, lane, failed)
            run.outcomes.update(dict.fromkeys(second.passed(), "passed"))


def table(files: Sequence[str], runs: dict[tuple[str, str], Run]) -> Iterator[str]:
    """Yield a line for each file: what redis-py passes, how much of it the lanes pass, and the seconds each took."""
    yield f"{'file':42} {'redis-py':>8} {'façade':>14} {'shared lane':>14} {'seconds':>16}"
    sums = [0, 0, 0]
    for file in files:
        counted = runs[file, "redis"].passed()
        passed = [len(runs[file, lane].passed() & counted) for lane in LANES]
        sums = [before + more for before, more in zip(sums, passed, strict=True)]
        seconds = " ".join(f"{runs[file, lane].seconds:4.0f}" for lane in LANES)
        yield _row(file, passed, seconds)
    yield _row("together", sums, "")


def _row(name: str, passed: Sequence[int], seconds: str) -> str:
    shares = [f"{count} ({count / passed[0]:.0%})" if passed[0] else "-" for count in passed[1:]]
    return f"{name:42} {passed[0]:8} {shares[0]:>14} {shares[1]:>14} {seconds:>16}"


def judge(files: Sequence[str], runs: dict[tuple[str, str], Run], causes: Sequence[Cause]) -> list[str]:
    """Return what is wrong: failures that nothing explains, and files redis-py does not get through."""
    wrong = [f"redis-py does not get through {file}" for file in files if not runs[file, "redis"].ended]
    for file in files:
        counted = runs[file, "redis"].passed()
        for lane in LANES[1:]:
            run = runs[file, lane]
            for test in unexplained(lane, counted, run, causes):
                wrong.append(f"{lane} {test}  # {' '.join(run.errors.get(test, 'it did not end').split())[:150]}")
    return wrong


def outdated(files: Sequence[str], runs: dict[tuple[str, str], Run], causes: Sequence[Cause]) -> list[str]:
    """Return the lines of the list about these files that explain no failure any longer."""
    failed = {
        (lane, test)
        for file in files
        for lane in LANES[1:]
        for test in runs[file, "redis"].passed() - runs[file, lane].passed()
    }
    about = [cause for cause in causes if cause.test.partition("::")[0] in files]
    return [f"{each.lane} {each.test}" for each in about if not any(each.explains(*failure) for failure in failed)]


def chosen_files(arguments: argparse.Namespace) -> list[str]:
    """Return the files that the arguments ask for."""
    if arguments.file:
        return list(arguments.file)
    if arguments.quick:
        return list(QUICK)
    groups = arguments.group or list(GROUPS)
    if not arguments.group and not has_redis_stack():
        groups = [group for group in groups if group not in ("cache", "modules")]
        print("Redis Stack is not to be had here: the files of its modules, and of caches, are left out")
    return [file for group in groups for file in GROUPS[group]]


def main() -> int:
    """Run what the arguments ask for; return the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="commands, pipelines, locks, scripts and subscriptions")
    parser.add_argument("--group", action="append", choices=GROUPS, help="a group of files")
    parser.add_argument("--file", action="append", help="a file, such as test_lock.py or test_asyncio/test_lock.py")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="files at a time")
    arguments = parser.parse_args()
    files = chosen_files(arguments)
    try:
        sources = fetch(Path(sys.prefix))
    except subprocess.CalledProcessError:
        print(f"the source distribution of redis {VERSION} is not to be had here: nothing was run")
        return NOT_TO_BE_HAD
    jobs = [(file, lane) for file in files for lane in LANES]
    with ThreadPoolExecutor(arguments.workers) as pool:
        results = list(pool.map(lambda job: run_file(sources, *job), jobs))
    runs = dict(zip(jobs, results, strict=True))
    causes = read_causes(KNOWN.read_text())
    run_again(sources, runs, causes)
    print(*table(files, runs), sep="\n")
    passing = outdated(files, runs, causes)
    if passing:
        print(f"{len(passing)} in {KNOWN.name} that pass by now:", *passing, sep="\n")
    wrong = judge(files, runs, causes)
    if wrong:
        print(f"{len(wrong)} that {KNOWN.name} does not explain:", *wrong, sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
