from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .loading import load_script

checker = load_script("check_layers")

GOOD = {
    "__init__.py": "from .blocking import Database\nfrom .version import v\n",
    "__main__.py": "import time\nfrom . import Database\nfrom .cli import main\n",
    "cli/__init__.py": "import subprocess\nimport multiplexer\n",
    "version.py": "v = 1\n",
    "errors.py": "import typing\n",
    "core/__init__.py": "",
    "core/types.py": "from __future__ import annotations\nimport hiredis\n",
    "core/message.py": "from ..errors import E\nfrom . import types\nfrom .commands.command import Command\n",
    "core/wire/__init__.py": '"""The wire."""\n',
    "core/wire/resp.py": "from ..types import x\nfrom . import optional\n",
    "core/wire/optional.py": "",
    "core/commands/__init__.py": "",
    "core/commands/command.py": "import multiplexer.core.wire.resp\n",
    "drivers/__init__.py": "",
    "drivers/threads.py": "import socket, threading\nfrom ..core import message\n",
    "drivers/eventloop.py": "import asyncio\nfrom ..core.message import M\n",
    "asyncio/__init__.py": "import asyncio\nfrom ..drivers.eventloop import Driver\n",
    "blocking/__init__.py": "import time\nfrom ..drivers.threads import Driver\n",
    "blocking/commands/strings.py": "from ...core.message import M\nfrom .. import Database\n",
}

Check = Callable[[dict[str, str]], list[str]]


@pytest.fixture
def check(tmp_path: Path) -> Check:
    """Return a function that checks a tree: the good one with some files replaced."""

    def check(files: dict[str, str]) -> list[str]:
        for name, text in {**GOOD, **files}.items():
            path = tmp_path / "multiplexer" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        said: list[str] = []
        code = checker.main(["--root", str(tmp_path)], report=said.append)
        assert code == bool(said)
        return said

    return check


def test_a_good_tree_passes(check: Check) -> None:
    assert check({}) == []


@pytest.mark.parametrize(
    ("file", "text", "problem"),
    [
        ("core/message.py", "import socket\n", ":1: core must not import socket"),
        ("core/message.py", "x = 1\nimport os, time\n", ":2: core must not import time"),
        ("core/message.py", "from threading import Lock\n", ":1: core must not import threading"),
        ("core/message.py", "import asyncio.events\n", ":1: core must not import asyncio"),
        (
            "core/message.py",
            "def f():\n    with importing:\n        import _thread\n",
            ":3: core must not import _thread",
        ),
        (
            "core/message.py",
            "def f():\n    with importing:\n        from ssl import x\n",
            ":3: core must not import ssl",
        ),
        ("core/message.py", "if TYPE_CHECKING:\n    import selectors\n", ":2: core must not import selectors"),
        ("core/message.py", "def f():\n    import json\n", ":2: an import in a function needs `with importing:`"),
        (
            "core/message.py",
            "class C:\n    def f():\n        with x:\n            import json\n",
            "needs `with importing:`",
        ),
        ("core/message.py", "__import__('select')\n", ":1: core must not import select"),
        ("core/message.py", "importlib.import_module('select')\n", ":1: core must not import select"),
        ("core/message.py", "from ..drivers import threads\n", "core must not import multiplexer.drivers.threads"),
        ("core/message.py", "from .. import drivers\n", "core must not import multiplexer.drivers"),
        ("core/message.py", "from .. import Database\n", "core must not import multiplexer"),
        ("core/message.py", "import multiplexer.blocking\n", "core must not import multiplexer.blocking"),
        ("core/message.py", "from ..asyncio import x\n", "core must not import multiplexer.asyncio"),
        ("errors.py", "from .core.message import M\n", "errors must not import multiplexer.core.message"),
        ("drivers/threads.py", "from ..blocking import x\n", "drivers must not import multiplexer.blocking"),
        ("drivers/threads.py", "import asyncio\n", "drivers must not import asyncio"),
        ("drivers/eventloop.py", "from .. import Database\n", "drivers.eventloop must not import multiplexer"),
        ("blocking/__init__.py", "import asyncio\n", "blocking must not import asyncio"),
        ("blocking/__init__.py", "import threading\n", "blocking must not import threading"),
        ("blocking/__init__.py", "from ..asyncio import x\n", "blocking must not import multiplexer.asyncio"),
        (
            "blocking/commands/strings.py",
            "from ...drivers.eventloop import x\n",
            "blocking must not import multiplexer.drivers.eventloop",
        ),
        ("asyncio/__init__.py", "import select\n", "asyncio must not import select"),
        ("asyncio/__init__.py", "from ..blocking import x\n", "asyncio must not import multiplexer.blocking"),
        ("__init__.py", "import threading\n", "__init__ must not import threading"),
        ("novelty.py", "", "belongs to no layer"),
        ("core/novelty.py", "", "belongs to no room"),
        ("core/novelty/message.py", "", "belongs to no room"),
        ("core/ground/types.py", "", "belongs to no room"),
        (
            "core/wire/python_resp.py",
            "from ..message import M\n",
            ":1: room wire must not import message of room messages",
        ),
        (
            "core/wire/python_resp.py",
            "if TYPE_CHECKING:\n    from ..message import M\n",
            ":2: room wire must not import message of room messages",
        ),
        (
            "core/wire/python_resp.py",
            "def f():\n    with importing:\n        from ..commands import command\n",
            ":3: room wire must not import commands.command of room commands",
        ),
        (
            "core/types.py",
            "import multiplexer.core.wire.optional\n",
            ":1: room ground must not import wire.optional of room wire",
        ),
        ("core/wire/__init__.py", "from .optional import x\n", ":1: importing a room must import nothing"),
        ("core/__init__.py", "from . import types\n", ":1: importing a room must import nothing"),
    ],
)
def test_a_bad_import_is_found(check: Check, file: str, text: str, problem: str) -> None:
    (said,) = check({file: text})
    assert said.startswith(f"multiplexer/{file}:")
    assert problem in said


def test_every_bad_import_is_listed(check: Check) -> None:
    assert len(check({"core/message.py": "import socket\nimport time\n", "core/types.py": "import ssl\n"})) == 3


@pytest.mark.parametrize(
    ("files", "folder", "circle"),
    [
        (
            {"core/wire/optional.py": "if TYPE_CHECKING:\n    from .resp import x\n"},
            "core",
            "wire.optional > wire.resp > wire.optional",
        ),
        (
            {
                "core/wire/optional.py": "from .python_resp import x\n",
                "core/wire/python_resp.py": "def f():\n    with importing:\n        from . import resp\n",
            },
            "core",
            "wire.optional > wire.python_resp > wire.resp > wire.optional",
        ),
        (
            {
                "asyncio/database.py": "from .commands.keys import K\n",
                "asyncio/commands/keys.py": "if TYPE_CHECKING:\n    from ..database import Database\n",
            },
            "asyncio",
            "commands.keys > database > commands.keys",
        ),
        (
            {
                "drivers/threads/bridge.py": "from .connector import Connector\n",
                "drivers/threads/connector.py": "if TYPE_CHECKING:\n    from .bridge import ThreadBridge\n",
            },
            "drivers",
            "threads.bridge > threads.connector > threads.bridge",
        ),
        (
            {
                "configuration/options.py": "def f():\n    with importing:\n        from . import urls\n",
                "configuration/urls.py": "from .options import ConfigurationOptions\n",
            },
            "configuration",
            "options > urls > options",
        ),
        (
            {"blocking/__init__.py": "from .commands.strings import S\n"},
            "blocking",
            "__init__ > commands.strings > __init__",
        ),
        (
            {
                "pools/asyncio/pool.py": "from ..urls import parse\n",
                "pools/urls.py": "import multiplexer.pools.asyncio.pool\n",
            },
            "pools",
            "asyncio.pool > urls > asyncio.pool",
        ),
        (
            {
                "compat/__init__.py": "if TYPE_CHECKING:\n    from .machinery.installation import install\n",
                "compat/machinery/installation.py": "def f():\n    with importing:\n        from .. import version\n",
            },
            "compat",
            "__init__ > machinery.installation > __init__",
        ),
        (
            {
                "compat/client.py": "from .asyncio import Redis\n",
                "compat/asyncio/__init__.py": "from .. import client\n",
            },
            "compat",
            "asyncio > client > asyncio",
        ),
    ],
)
def test_modules_that_import_one_another_are_found(
    check: Check, files: dict[str, str], folder: str, circle: str
) -> None:
    assert check(files) == [f"multiplexer/{folder}: modules import one another: {circle}"]


def test_modules_that_only_import_one_another_s_folders_are_no_circle(check: Check) -> None:
    """That ``asyncio.database`` is imported by the folder it lies in is no circle: it does not import the folder."""
    files = {"asyncio/__init__.py": "from .database import Database\n", "asyncio/database.py": "from . import handle\n"}
    assert check({**files, "asyncio/handle.py": ""}) == []


@pytest.mark.parametrize("table", [checker.LAYERS, checker.ROOMS], ids=["layers", "rooms"])
def test_what_may_be_imported_has_no_circles(table: dict[str, Any]) -> None:
    placed: set[str] = set()
    waiting = dict(table)
    while waiting:
        ready = {name for name, layer in waiting.items() if layer.below <= placed}
        assert ready, f"a circle among {sorted(waiting)}"
        placed |= ready
        for name in ready:
            del waiting[name]
