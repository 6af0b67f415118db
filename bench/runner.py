"""Runs the workloads round robin: every client once a round, the order rotated, all others asleep meanwhile."""

from __future__ import annotations

import json
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import median
from typing import IO, Any

from multiplexer.embedded import EmbeddedServer

from .clients import Adapter, load
from .cluster import BenchCluster
from .commands import store
from .loops import KEYS, VALUES, Workload

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 30.0  # seconds that a worker may take beyond the time it was asked to run
WARM_UP = 0.2


@dataclass(slots=True)
class Cell:
    """The results of one client in one workload."""

    samples: list[float] = field(default_factory=list)
    error: str | None = None
    sockets: int | None = None

    @property
    def median(self) -> float | None:
        """The result, or None where there is none."""
        return median(self.samples) if self.samples and self.error is None else None


Results = dict[str, dict[str, Cell]]
"""By workload and client. A client that does not take part in a workload has no cell there."""

Progress = Callable[[str], None]
"""Called with a description of each step before it is done."""


class WorkerError(Exception):
    """A worker could not do what it was asked; the message says why."""


class WorkerProcess:
    """The process in which one client runs."""

    def __init__(self, client: str, root: Path = ROOT) -> None:
        """Start the process.

        Args:
            client: The client's name.
            root: The checkout whose code runs.
        """
        self.client = client
        self.errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by stop()
        command = [sys.executable, "-m", "bench.worker", client]
        self.process = subprocess.Popen(
            command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors
        )

    def ask(self, seconds: float = 0.0, **request: Any) -> Any:
        """Send a request and wait for its result.

        Raises:
            WorkerError: The client failed, its process ended, or it takes far longer than ``seconds``.
        """
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        try:
            self.process.stdin.write(json.dumps({**request, "seconds": seconds}).encode() + b"\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            raise WorkerError(self._end()) from None
        if not select.select([self.process.stdout], [], [], seconds + PATIENCE)[0]:
            self.process.kill()
            raise WorkerError(f"no answer within {seconds + PATIENCE:.0f} s")
        line = self.process.stdout.readline()
        if not line:
            raise WorkerError(self._end())
        reply = json.loads(line)
        if "error" in reply:
            raise WorkerError(reply["error"])
        return reply.get("result")

    def _end(self) -> str:
        code = self.process.wait()
        self.errors.seek(0)
        lines = self.errors.read().decode(errors="replace").strip().splitlines()
        return f"its process ended with {code}" + (f": {lines[-1][:300]}" if lines else "")

    @property
    def alive(self) -> bool:
        """Whether the process can be asked for more."""
        return self.process.poll() is None

    def stop(self) -> None:
        """End the process: by itself, or else by force."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        try:
            self.process.stdin.close()
        except BrokenPipeError:
            pass
        try:
            self.process.wait(5.0)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        self.errors.close()


class Runner:
    """Runs workloads on clients against one server.

    Args:
        server: The server; the keys of the workloads are written to it.
        clients: Names of the clients.
        rounds: Measurements per client and workload.
        seconds: Duration of a measurement.
        progress: Told about every step.
    """

    def __init__(
        self, server: EmbeddedServer, clients: Sequence[str], rounds: int, seconds: float, progress: Progress
    ) -> None:
        self.server = server
        self.clients = clients
        self.rounds = rounds
        self.seconds = seconds
        self.progress = progress
        self.workers: dict[str, WorkerProcess] = {}
        self._cluster: BenchCluster | None = None
        self._store(server.command)
        store(server.command)

    def _store(self, command: Callable[..., Any]) -> None:
        for key, value in zip(KEYS, VALUES, strict=True):
            command("SET", key, value)

    @property
    def cluster(self) -> BenchCluster:
        """The cluster, which is started when it is first wanted."""
        if self._cluster is None:
            self._cluster = BenchCluster()
            self._store(self._cluster.command)
        return self._cluster

    def close(self) -> None:
        """End the workers, and the cluster."""
        self.stop_workers()
        if self._cluster is not None:
            self._cluster.close()

    def stop_workers(self) -> None:
        """End the workers; the next workload has new ones."""
        for worker in self.workers.values():
            worker.stop()
        self.workers.clear()

    def adapter(self, client: str) -> Adapter:
        """Return what a client can do."""
        return load(client)

    def start(self, client: str) -> WorkerProcess:
        """Start a client's process."""
        return WorkerProcess(client)

    def participants(self, workload: Workload) -> list[str]:
        """Return the clients that have the workload's world."""
        adapters = [(client, self.adapter(client)) for client in self.clients]
        if workload.needs:
            adapters = [(client, adapter) for client, adapter in adapters if workload.needs in adapter.OFFERS]
        if workload.world == "blocking":
            return [client for client, adapter in adapters if adapter.BLOCKING is not None]
        return [client for client, adapter in adapters if adapter.ASYNCIO is not None]

    def steps(self, workload: Workload) -> int:
        """Return how often ``progress`` will be called for a workload."""
        return len(self.participants(workload)) * (1 if workload.once else 1 + self.rounds)

    def run(self, workload: Workload) -> dict[str, Cell]:
        """Measure one workload on all clients."""
        cells = {client: Cell() for client in self.participants(workload)}
        for client, cell in cells.items():
            self.progress(f"{workload.title}: {client}")
            self._attempt(client, cell, partial(self._open, client, workload, cell))
        for number in range(0 if workload.once else self.rounds):
            for client in rotated(list(cells), number):
                self.progress(f"{workload.title}: {client}")
                self._attempt(client, cells[client], partial(self._measure, client, cells[client]))
        for client, cell in cells.items():
            self._attempt(client, cell, partial(self._close, client))
        return cells

    def _attempt(self, client: str, cell: Cell, step: Callable[[], None]) -> None:
        """Take a step unless the client has failed before; a failure is noted, and the others go on."""
        if cell.error is not None:
            return
        try:
            step()
        except WorkerError as error:
            cell.error = str(error)
            self.server.resume()  # in case it died while it had the server paused

    def _open(self, client: str, workload: Workload, cell: Cell) -> None:
        """Open the client and warm it up; a workload that needs no repetition is then done."""
        worker = self.workers.get(client)
        if worker is None or not worker.alive:
            if worker is not None:
                worker.stop()
            worker = self.workers[client] = self.start(client)
        before = self._connections()
        server = self.cluster if workload.cluster else self.server
        host, port = server.address
        worker.ask(do="open", workload=workload.name, host=host, port=port, pid=server.pid)
        result = worker.ask(min(self.seconds, WARM_UP), do="run")
        if workload.once:
            cell.samples.append(result)
        if workload.sockets:
            cell.sockets = len(self._connections() - before)

    def _measure(self, client: str, cell: Cell) -> None:
        cell.samples.append(self.workers[client].ask(self.seconds, do="run"))

    def _close(self, client: str) -> None:
        self.workers[client].ask(do="close")

    def _connections(self) -> set[bytes]:
        """Return the ids of the connections over TCP; this very request comes over the Unix socket."""
        lines = self.server.command("CLIENT", "LIST").splitlines()
        return {line.split(b" ", 1)[0] for line in lines if b" flags=U" not in line}


def rotated(clients: list[str], by: int) -> list[str]:
    """Return the clients in another order, so that none is always the first after a pause."""
    by %= len(clients) or 1
    return clients[by:] + clients[:by]


def import_times(clients: Iterable[str], rounds: int, progress: Progress) -> dict[str, Cell]:
    """Measure how long importing each client takes, in ms, beyond the interpreter's own start."""
    modules = {client: load(client).IMPORTS for client in clients}
    cells = {client: Cell() for client in modules}
    for _ in range(rounds + 1):  # the first one fills the caches and does not count
        progress("import time")
        bare = start_time("pass")
        for client, cell in cells.items():
            try:
                cell.samples.append((start_time(f"import {modules[client]}") - bare) * 1_000)
            except subprocess.CalledProcessError as error:
                cell.error = error.stderr.decode(errors="replace").strip().splitlines()[-1][:300]
    for cell in cells.values():
        del cell.samples[:1]
    return cells


def start_time(code: str) -> float:
    """Return how long an interpreter takes to run some code, from start to end, in seconds."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True)
    return time.perf_counter() - start
