"""Each program runs real work over the façade: jobs, caches, locks, channel layers, rate limits."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.servers import RealServer
from tests.servers.packages import require_package

from .running import run

#: What runs, and the packages it needs.
PROGRAMS = {
    "rq_jobs": ("rq",),
}


@pytest.mark.parametrize("program", PROGRAMS)
def test_runs_unmodified(program: str, own_server: RealServer, tmp_path: Path) -> None:
    require_package(*PROGRAMS[program])
    run(program, f"redis://{own_server.host}:{own_server.port}/0", folder=tmp_path)
