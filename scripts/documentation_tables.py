"""Write the tables of the documentation that are made from code; --check only compares.

The options in docs/configuration.md are the options themselves. What becomes of commands in docs/semantics.md, and
which servers those of modules are tested with in docs/modules.md, is what tests expect.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

# Found only now, as they lie beside this folder.
from multiplexer.configuration import ConfigurationOptions  # noqa: E402
from multiplexer.configuration.table import Option  # noqa: E402
from tests.servers import module_commands  # noqa: E402
from tests.truth import fates  # noqa: E402


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


def options() -> str:
    """Return the table of options."""
    head = "| Key in strings | Attribute | Default | Unit in strings | Meaning |\n|---|---|---|---|---|\n"
    return head + "".join(row(declared) for declared in ConfigurationOptions.options.values())


#: What makes each table, by its page and its name there.
TABLES = {
    ("configuration.md", "options"): options,
    ("modules.md", "servers"): module_commands.table,
    ("semantics.md", "fates"): fates.table,
}


def main() -> int:
    """Write the tables, or say whether they are up to date."""
    stale = 0
    for (name, what), table in TABLES.items():
        page = ROOT / "docs" / name
        text = page.read_text(encoding="utf-8")
        begin, end = f"<!-- {what}: begin -->\n", f"<!-- {what}: end -->\n"
        before, _, rest = text.partition(begin)
        wanted = before + begin + table() + end + rest.partition(end)[2]
        if "--check" not in sys.argv[1:]:
            page.write_text(wanted, encoding="utf-8")
        elif text != wanted:
            print(f"docs/{name} is stale: run scripts/documentation_tables.py", file=sys.stderr)
            stale = 1
    return stale


if __name__ == "__main__":
    sys.exit(main())
