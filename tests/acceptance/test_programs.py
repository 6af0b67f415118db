"""Each program runs real work over the façade: jobs, caches, locks, channel layers, rate limits."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.servers import RealCluster, RealServer, require_kind
from tests.servers.packages import require_package

from .running import run

#: What runs, and the packages it needs.
PROGRAMS = {
    "arq_jobs": ("arq",),
    "celery_jobs": ("celery",),
    "channels_layers": ("channels_redis",),
    "django_cache": ("django-redis",),
    "dramatiq_jobs": ("dramatiq",),
    "flask_cache": ("Flask-Caching",),
    "huey_jobs": ("huey",),
    "limits_rates": ("limits",),
    "rq_jobs": ("rq",),
    "saq_jobs": ("saq",),
}

#: Programs that hand on their URL as it is, which may then ask for a shared connection.
BY_URL = tuple(program for program in PROGRAMS if program not in ("arq_jobs", "celery_jobs"))


@pytest.mark.parametrize("program", PROGRAMS)
def test_runs_unmodified(program: str, own_server: RealServer, tmp_path: Path) -> None:
    require_package(*PROGRAMS[program])
    run(program, f"redis://{own_server.host}:{own_server.port}/0", folder=tmp_path)


@pytest.mark.parametrize("program", BY_URL)
def test_runs_on_the_shared_connection(program: str, own_server: RealServer, tmp_path: Path) -> None:
    require_package(*PROGRAMS[program])
    run(program, f"redis://{own_server.host}:{own_server.port}/0?multiplexed=yes", folder=tmp_path)


def test_runs_on_a_cluster(shared_clusters: Callable[[str], RealCluster], tmp_path: Path) -> None:
    require_package("limits", "Flask-Caching")
    require_kind("valkey")
    node = shared_clusters("valkey").nodes[0]
    run("cluster_caches", f"{node.host}:{node.port}", folder=tmp_path)
