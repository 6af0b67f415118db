"""The command line: ``multiplexer demo | ping | status``, or ``python -m multiplexer`` with the same."""

from __future__ import annotations

import sys

NEEDED = ("click", "rich")


def main() -> int:
    """Run the command line; return the exit code where it does not end the process itself."""
    try:
        from .cli import main as run
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in NEEDED:
            raise
        print(
            f'The command line needs the package {error.name}: pip install "redis-multiplexer[cli]"',
            file=sys.stderr,
        )
        return 1
    run(prog_name="python -m multiplexer" if __name__ == "__main__" else "multiplexer")
    return 0


if __name__ == "__main__":
    sys.exit(main())
