"""Run a program with ``import redis`` meaning the façade: ``python -m multiplexer.compat rq worker``."""

from __future__ import annotations

import runpy
import sys
from importlib.metadata import entry_points
from pathlib import Path

from ..importing import importing
from .machinery.installation import install

USAGE = """\
usage: python -m multiplexer.compat COMMAND [ARGUMENT ...]     a command that a package installs, such as rq
       python -m multiplexer.compat -m MODULE [ARGUMENT ...]
       python -m multiplexer.compat FILE.py [ARGUMENT ...]
       python -m multiplexer.compat doctor PATH               what programs use of redis-py, and what differs"""


def main(arguments: list[str]) -> object:
    """Run what the arguments name, in this process; return what ``sys.exit`` is to be given."""
    if not arguments or arguments[0] in ("-h", "--help") or arguments == ["-m"]:
        print(USAGE, file=sys.stderr)
        return 0 if arguments and arguments != ["-m"] else 2
    if arguments[0] == "doctor":
        with importing:
            from .machinery.doctor.program import main as diagnose

        return diagnose(arguments[1:])
    install()
    if arguments[0] == "-m":
        sys.argv = arguments[1:]
        runpy.run_module(arguments[1], run_name="__main__", alter_sys=True)
        return 0
    sys.argv = list(arguments)
    commands = entry_points(group="console_scripts", name=arguments[0])
    if commands:
        return next(iter(commands)).load()()
    if not Path(arguments[0]).is_file():
        print(f"{arguments[0]}: neither a command that a package has installed nor a file", file=sys.stderr)
        return 2
    sys.path.insert(0, str(Path(arguments[0]).resolve().parent))
    runpy.run_path(arguments[0], run_name="__main__")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))  # type: ignore[arg-type]
