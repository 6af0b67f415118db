"""Where tests take chance from: from one seed, which is 0 unless the environment variable TEST_SEED says otherwise.

``scripts/test`` so does the same each time; ``scripts/fuzz`` tries seed after seed.
"""

from __future__ import annotations

import os
from random import Random

#: What all chance in tests follows from.
SEED = os.environ.get("TEST_SEED", "0")


def seeded(name: object) -> Random:
    """Return a source of chance of one's own: the same for the same name and seed."""
    return Random(f"{SEED}/{name}")
