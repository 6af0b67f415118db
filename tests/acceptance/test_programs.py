"""Each program runs real work over the façade: jobs, caches, locks, channel layers, rate limits, models, spans."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.servers import RealCluster, RealServer, Shared, require_kind
from tests.servers.packages import require_package
from tests.servers.stack import RedisStack, require_redis_stack

from .running import run

#: What runs, and the packages it needs.
PROGRAMS = {
    "aiocache_values": ("aiocache",),
    "arq_jobs": ("arq",),
    "celery_jobs": ("celery",),
    "channels_layers": ("channels_redis",),
    "django_cache": ("django-redis",),
    "dramatiq_jobs": ("dramatiq",),
    "fastapi_limiter_rates": ("fastapi-limiter", "httpx"),
    "flask_cache": ("Flask-Caching",),
    "huey_jobs": ("huey",),
    "limits_rates": ("limits",),
    "opentelemetry_spans": ("opentelemetry-instrumentation-redis", "opentelemetry-sdk"),
    "redbeat_schedule": ("celery-redbeat",),
    "redis_lock_locks": ("python-redis-lock",),
    "rq_jobs": ("rq",),
    "saq_jobs": ("saq",),
    "walrus_containers": ("walrus",),
}

#: Those that need the modules of Redis Stack.
ON_STACK = {"redis_om_models": ("redis-om",), "redisvl_vectors": ("redisvl",)}

#: Programs that hand on their URL as it is, which may then ask for a shared connection.
BY_URL = tuple(program for program in PROGRAMS if program not in ("aiocache_values", "arq_jobs", "celery_jobs"))

#: Those whose clients are gone with the event loop they were used in, before the process ends.
WITHOUT_BOOKS = ("channels_layers",)


@pytest.mark.parametrize("program", PROGRAMS)
def test_runs_unmodified(program: str, own_server: RealServer, tmp_path: Path) -> None:
    require_package(*PROGRAMS[program])
    run(program, f"redis://{own_server.host}:{own_server.port}/0", folder=tmp_path)


@pytest.mark.parametrize("program", BY_URL)
def test_runs_on_the_shared_connection(program: str, own_server: RealServer, tmp_path: Path) -> None:
    require_package(*PROGRAMS[program])
    operations = run(program, f"redis://{own_server.host}:{own_server.port}/0?multiplexed=yes", folder=tmp_path)
    assert operations > 0 or program in WITHOUT_BOOKS


@pytest.mark.parametrize("options", ["", "?multiplexed=yes"], ids=["own", "shared"])
@pytest.mark.parametrize("program", ON_STACK)
def test_runs_on_the_modules(program: str, options: str, tmp_path: Path) -> None:
    require_package(*ON_STACK[program])
    require_redis_stack()
    with RedisStack.start(tmp_path) as server:
        run(program, f"redis://{server.host}:{server.port}/0{options}", folder=tmp_path)


def test_runs_on_a_cluster(shared_clusters: Shared[RealCluster], tmp_path: Path) -> None:
    require_package("limits", "Flask-Caching")
    require_kind("valkey")
    node = shared_clusters("valkey").nodes[0]
    run("cluster_caches", f"{node.host}:{node.port}", folder=tmp_path)
