"""Write the table of options in docs/configuration.md from the options themselves; --check only compares."""

from __future__ import annotations

import sys
from pathlib import Path

from multiplexer.configuration import ConfigurationOptions
from multiplexer.configuration.table import Option

PAGE = Path(__file__).resolve().parent.parent / "docs" / "configuration.md"
BEGIN, END = "<!-- options: begin -->\n", "<!-- options: end -->\n"


def default(declared: Option) -> str:
    """Return an option's default as the table shows it."""
    if declared.required:
        return "must be given"
    if declared.default_text:
        return declared.default_text
    if declared.default is None:
        return "none"
    text = declared.format(declared.default)
    return f"`{text}`" if text else "none"


def row(declared: Option) -> str:
    """Return one line of the table."""
    key = f"`{declared.key}`" if declared.key else "(`host:port`)" if declared.name == "endpoints" else "(code only)"
    cells = (key, f"`{declared.name}`", default(declared), declared.kind.unit, declared.doc)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def table() -> str:
    """Return the whole table."""
    head = "| Key in strings | Attribute | Default | Unit in strings | Meaning |\n|---|---|---|---|---|\n"
    return head + "".join(row(declared) for declared in ConfigurationOptions.options.values())


def main() -> int:
    """Write the table, or say whether it is up to date."""
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    after = rest.partition(END)[2]
    wanted = before + BEGIN + table() + END + after
    if "--check" in sys.argv[1:]:
        if page != wanted:
            print("docs/configuration.md is stale: run scripts/configuration_table.py", file=sys.stderr)
        return int(page != wanted)
    PAGE.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
