"""The documentation's examples that need other packages, or the modules, do what they say."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.examples import examples, pages
from tests.servers import RealServer
from tests.servers.packages import require_package
from tests.servers.stack import RedisStack, require_redis_stack

from .running import run

#: Pages, and the packages they need.
PAGES: dict[str, tuple[str, ...]] = {
    "fastapi": ("fastapi", "httpx"),
    "frameworks": (),
    "gunicorn": ("flask", "django"),
    "testing-applications": (),
    "testing-topologies": (),
    "workers": ("celery",),
}


@pytest.mark.parametrize("page", PAGES)
def test_its_examples(page: str, own_server: RealServer, tmp_path: Path) -> None:
    require_package(*PAGES[page])
    run("page", page, f"{own_server.host}:{own_server.port}", folder=tmp_path)


def test_those_of_the_modules(tmp_path: Path) -> None:
    require_redis_stack()
    with RedisStack.start(tmp_path) as server:
        run("page", "modules", f"{server.host}:{server.port}", folder=tmp_path)


def test_no_page_is_left_out() -> None:
    need_more = {page.stem for page in pages() if len(examples(page)) < len(examples(page, every=True))}
    assert need_more == {*PAGES, "modules"}
