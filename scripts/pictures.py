"""Make the pictures of the dashboard that the documentation shows: a cluster under load, of which one server is killed.

It needs the Chromium of this machine, and the groups test and acceptance of pyproject.toml.

Usage::

    python scripts/pictures.py                # fifteen minutes, to docs/images
    python scripts/pictures.py --seconds 60 --folder /somewhere
"""

from __future__ import annotations

import argparse
import io
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # for the next lines, which so cannot stand above

from multiplexer.dashboard.serving import Dashboard  # noqa: E402
from multiplexer.embedded import EmbeddedCluster  # noqa: E402
from tests.dashboard.browser import chromium, opened  # noqa: E402

#: Name of the picture, width, height, and the colours the page is asked for.
PICTURES = (
    ("dashboard-light", 1200, 900, "light"),
    ("dashboard-dark", 1200, 900, "dark"),
    ("dashboard-narrow", 390, 844, "light"),
)
#: Bytes of a picture at most.
MOST = 150_000
#: Seconds between commands of a caller, one a process.
PAUSES = (0.004, 0.008, 0.02)


def compressed(picture: bytes) -> bytes:
    """Return a picture with as many colours as fit into :data:`MOST`."""
    from PIL import Image

    with Image.open(io.BytesIO(picture)) as image:
        flat = image.convert("RGB")
    for colours in (256, 128, 64, 32):
        stream = io.BytesIO()
        flat.quantize(colours, dither=Image.Dither.NONE).save(stream, "PNG", optimize=True)
        if stream.tell() <= MOST:
            break
    return stream.getvalue()


def take(address: str, folder: Path) -> None:
    """Take all pictures."""
    for name, width, height, colours in PICTURES:
        with chromium() as browser, opened(browser, address, width=width, height=height, colours=colours) as page:
            page.locator("#servers tbody tr").nth(3).wait_for()
            picture = page.screenshot(full_page=width > 400)
        path = folder / f"{name}.png"
        path.write_bytes(compressed(picture))
        print(f"{path} ({path.stat().st_size:,} bytes)", flush=True)


def main() -> None:
    """Run the script."""
    parser = argparse.ArgumentParser(description="Make the pictures of the dashboard.")
    parser.add_argument("--seconds", type=float, default=900.0, help="how long the load lasts before (900)")
    parser.add_argument("--folder", type=Path, default=ROOT / "docs" / "images", help="where they go")
    given = parser.parse_args()
    given.folder.mkdir(exist_ok=True)
    with ExitStack() as stack:
        run = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        cluster = stack.enter_context(EmbeddedCluster(3, 1))
        for number, pause in enumerate(PAUSES):
            words = [
                "-m",
                "tests.dashboard.load",
                f"{cluster.seeds},readFrom=any",
                str(run / f"web-{number}.sock"),
                str(pause),
            ]
            application = subprocess.Popen([sys.executable, *words], cwd=ROOT, stdin=subprocess.PIPE)
            stack.callback(application.wait)
            assert application.stdin is not None
            stack.callback(application.stdin.close)
        dashboard = Dashboard([str(run / "*.sock")], port=0)
        stack.callback(dashboard.close)
        dashboard.start()
        time.sleep(given.seconds * 0.6)
        node = cluster.nodes[0]
        node.kill()
        time.sleep(min(20.0, given.seconds * 0.1))
        node.restart()
        time.sleep(given.seconds * 0.3)
        take(dashboard.address, given.folder)


if __name__ == "__main__":
    main()
