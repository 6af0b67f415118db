"""What the commands show on terminals of two sizes, in good times and in bad ones, is what ``screens/`` has.

Each file is what a user sees of one command, on a terminal of some size, in some situation. What differs from one run
to the next (ports, run ids, versions, counts, times) is replaced by as many characters that stand for it. After a
change that is meant to show, write the files anew, and read them as a user would::

    python -m pytest tests/cli/test_screens.py --rewrite
    git diff tests/cli/screens
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest
from rich.console import Console

from multiplexer import ConnectionMultiplexer
from multiplexer.cli.status import settle, tables
from multiplexer.cli.topology import render, take
from multiplexer.cli.watching import show
from multiplexer.embedded import free_port
from tests.servers import Certificates, RealCluster, RealServer, require_kind

from .conftest import PASSWORD, Run

SCREENS = Path(__file__).parent / "screens"
SIZES = ("60x20", "100x30")
SITUATIONS = ("single", "cluster", "dead", "wrong-password", "no-authority")
#: What is given to each command, so that it ends soon.
COMMANDS = {
    "status": "",
    "topology": "",
    "monitor": "--every 0.2 --count 1",
    "ping": "--count 3 --interval 0",
}

#: What differs from run to run. What may be of another length, too, is replaced together with the spaces before it.
DIFFERENT = (
    re.compile(r"(?<=^multiplexer )[\d.]+|(?<=valkey )[\d.]+|(?<=_ssl\.c:)\d+|(?<=epoch )\d+|\b[\d.]+(?= ms)"),
    re.compile(r"(?<= )[0-9a-f]{8}$"),  # run id
    re.compile(r"(?<=Servers at )[\d:]+"),
    re.compile(r"(?<=established) +\d+|(?<=disconnected) +\d+"),  # client id, attempts
    re.compile(r"(?<= ) *[\d.]+ [KM]?i?B\b"),
)
#: Rows all of whose numbers do; heartbeats may be on their way.
ROWS = re.compile(r"(?:operations|unsent|sent|largest batch|127\.0\.0\.1:\w+  (?:primary|replica)  +[\d,]+  )")


class Situation(NamedTuple):
    """Where a command is sent.

    Attributes:
        configuration: What it is given.
        ports: The ports that it may show.
    """

    configuration: str
    ports: list[int]


class Situations:
    """Servers in all situations, each started when it is first asked for."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._found: dict[str, Situation] = {}
        self.stack = ExitStack()

    def __getitem__(self, name: str) -> Situation:
        if name not in self._found:
            self._found[name] = getattr(self, name.replace("-", "_"))()
        return self._found[name]

    def single(self) -> Situation:
        port = self.stack.enter_context(RealServer.start("valkey", password=PASSWORD)).port
        return Situation(f"127.0.0.1:{port},password={PASSWORD}", [port])

    def cluster(self) -> Situation:
        # So patient that nobody is taken for dead on a busy machine.
        nodes = self.stack.enter_context(RealCluster("valkey")).nodes
        return Situation(f"127.0.0.1:{nodes[0].port}", [node.port for node in nodes])

    def dead(self) -> Situation:
        port = free_port()
        return Situation(f"127.0.0.1:{port}", [port])

    def wrong_password(self) -> Situation:
        [port] = self["single"].ports
        return Situation(f"127.0.0.1:{port},password=wrong-but-secret", [port])

    def no_authority(self) -> Situation:
        require_kind("redis", tls=True)
        certificates = Certificates.create(self._directory)
        port = self.stack.enter_context(RealServer.start("redis", tls=certificates)).tls_port
        assert port is not None
        return Situation(f"127.0.0.1:{port},ssl=true", [port])


@pytest.fixture(scope="module")
def situations(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Situations]:
    situations = Situations(tmp_path_factory.mktemp("certificates"))
    with situations.stack:
        yield situations


@pytest.fixture
def compare(request: pytest.FixtureRequest) -> Callable[[str, Situation, str], None]:
    """Compare what was shown with the file of a name, or write that."""

    def compare(name: str, situation: Situation, shown: str) -> None:
        assert "secret" not in shown
        path = SCREENS / f"{name}.txt"
        text = "\n".join(_without_what_differs(line.rstrip(), situation.ports) for line in shown.splitlines()) + "\n"
        if request.config.getoption("rewrite"):
            path.write_text(text)
        assert text == path.read_text()

    return compare


def _without_what_differs(line: str, ports: list[int]) -> str:
    for number, port in enumerate(ports):
        line = re.sub(rf"(?<![-\d]){port}(?![-\d])", f"port{number}".ljust(len(str(port))), line)
    whole_row = ROWS.match(line)
    for different in DIFFERENT:
        line = different.sub(_stand_in, line)
    return re.sub(r"(?<= ) *[\d.,]+(?= |$)", _stand_in, line) if whole_row else line


def _stand_in(found: re.Match[str]) -> str:
    return "#".rjust(len(found[0])) if found[0].startswith(" ") else "#" * len(found[0])


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", SITUATIONS)
@pytest.mark.parametrize("command", COMMANDS)
def test_screens(
    run: Run, situations: Situations, compare: Callable[..., None], command: str, name: str, size: str
) -> None:
    situation, (columns, lines) = situations[name], size.split("x")
    result = run(command, situation.configuration, *COMMANDS[command].split(), env={"COLUMNS": columns, "LINES": lines})
    typed = f"$ multiplexer {command} CONFIGURATION {COMMANDS[command]}".rstrip()
    compare(f"{command}-{size}-{name}", situation, f"{typed}\n{result.output}exit code: {result.exit_code}")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", ["single", "cluster"])
@pytest.mark.parametrize("command", ["status", "topology"])
def test_frames(situations: Situations, compare: Callable[..., None], command: str, name: str, size: str) -> None:
    """What ``--watch`` shows in place ends within the screen."""
    situation, (columns, lines) = situations[name], map(int, size.split("x"))
    shown = io.StringIO()
    console = Console(file=shown, width=columns, height=lines, force_terminal=True, markup=False, highlight=False)
    with ConnectionMultiplexer.connect(situation.configuration, timeout=5, connect_timeout=5) as mux:
        settle(mux)
        status = (mux.get_status, partial(tables, watched=True))
        look, form = status if command == "status" else (partial(take, mux), render)
        show(look, form, console, every=1, times=1)
    [*_, frame] = re.sub(r"\x1b\[(?!H)[\d;?]*[a-zA-Z]", "", shown.getvalue()).split("\x1b[H")
    assert len(frame.splitlines()) <= lines
    compare(f"{command}-watch-{size}-{name}", situation, frame.rstrip())
