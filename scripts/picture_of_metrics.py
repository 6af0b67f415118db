"""Draw the dashboard for Grafana from real figures, where there is no Grafana: every panel, by its own expressions.

An application works on a cluster of which one server is killed and started again; its collector is scraped once a
second. What the expressions mean is worked out here, as far as the dashboard uses the language of Prometheus.

Usage::

    python scripts/picture_of_metrics.py                 # five minutes, to docs/images
    python scripts/picture_of_metrics.py --seconds 60 --folder /somewhere
"""

from __future__ import annotations

import argparse
import io
import json
import re
import sys
import threading
import time
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # for the next lines, which so cannot stand above

from pictures import compressed  # noqa: E402
from prometheus_client import CollectorRegistry, generate_latest  # noqa: E402
from prometheus_client.parser import text_string_to_metric_families  # noqa: E402

from multiplexer import ConnectionMultiplexer  # noqa: E402
from multiplexer.embedded import EmbeddedCluster  # noqa: E402
from multiplexer.telemetry.prometheus import Collector  # noqa: E402
from tests.dashboard.load import Load  # noqa: E402

#: Seconds between two scrapes, and those that a rate is taken over.
EVERY = 1.0
RATED = 5.0
#: Lines of a panel at most, the highest: more cannot be told apart in a picture.
MOST_LINES = 9

Labels = frozenset[tuple[str, str]]
#: Values by their labels.
Vector = dict[Labels, float]


class Scrapes:
    """What was scraped, and what expressions make of it at a moment."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self._values: list[dict[tuple[str, Labels], float]] = []

    def take(self, text: str) -> None:
        """Keep a scrape."""
        self.times.append(time.monotonic())
        self._values.append(
            {
                (sample.name, frozenset(sample.labels.items())): sample.value
                for family in text_string_to_metric_families(text)
                for sample in family.samples
            }
        )

    def at(self, place: int, expression: str) -> Vector:
        """Return what an expression is at the time of a scrape."""
        text = expression.strip()
        if (sides := _halves(text)) is not None:
            above, below = (self.at(place, side) for side in sides)
            return {labels: value / below[labels] for labels, value in above.items() if below.get(labels)}
        if found := re.fullmatch(r"(sum|max) by \(([^)]*)\) \((.*)\)", text):
            return _gathered(found[1], {name.strip() for name in found[2].split(",")}, self.at(place, found[3]))
        if found := re.fullmatch(r"histogram_quantile\(([\d.]+), (.*)\)", text):
            return _quantiles(float(found[1]), self.at(place, found[2]))
        if found := re.fullmatch(r"(rate|increase)\((.*)\[(.+)\]\)", text):
            return self._growth(place, found[2], 900.0 if found[3] == "15m" else RATED, found[1] == "rate")
        return self._selected(place, text)

    def _selected(self, place: int, selector: str) -> Vector:
        name, _, wanted = selector.partition("{")
        asked = dict(re.findall(r'(\w+)="([^"]*)"', wanted))
        return {
            labels: value
            for (known, labels), value in self._values[place].items()
            if known == name and asked.items() <= dict(labels).items()
        }

    def _growth(self, place: int, selector: str, seconds: float, each_second: bool) -> Vector:
        first = bisect_left(self.times, self.times[place] - seconds)
        now, before = self._selected(place, selector), self._selected(first, selector)
        passed = (self.times[place] - self.times[first]) or 1.0
        return {
            labels: (value - before.get(labels, 0.0)) / (passed if each_second else 1.0)
            for labels, value in now.items()
        }


def _halves(text: str) -> tuple[str, str] | None:
    """Return both sides of a division."""
    depth = 0
    for place, letter in enumerate(text):
        depth += (letter in "({[") - (letter in ")}]")
        if letter == "/" and not depth:
            return text[:place], text[place + 1 :]
    return None


def _gathered(how: str, by: set[str], vector: Vector) -> Vector:
    gather: Callable[[list[float]], float] = sum if how == "sum" else max
    groups: dict[Labels, list[float]] = defaultdict(list)
    for labels, value in vector.items():
        groups[frozenset(pair for pair in labels if pair[0] in by)].append(value)
    return {labels: gather(values) for labels, values in groups.items()}


def _quantiles(share: float, vector: Vector) -> Vector:
    buckets: dict[Labels, list[tuple[float, float]]] = defaultdict(list)
    for labels, value in vector.items():
        bound = dict(labels)["le"]
        buckets[labels - {("le", bound)}].append((float(bound), value))
    found = {}
    for labels, known in buckets.items():
        known.sort()
        total, low, below = known[-1][1], 0.0, 0.0
        if total <= 0:
            continue
        for bound, count in known:
            if count >= share * total:
                part = (share * total - below) / (count - below) if count > below else 1.0
                found[labels] = low if bound == float("inf") else low + (bound - low) * part
                break
            low, below = bound, count
    return found


def gather(seconds: float) -> Scrapes:
    """Have an application work, and its server be killed, for so long; return what was scraped."""
    scrapes, registry = Scrapes(), CollectorRegistry()
    with EmbeddedCluster(3, 1) as cluster, ConnectionMultiplexer.connect(f"{cluster.seeds},readFrom=any") as mux:
        registry.register(Collector(mux))
        load, over = Load(mux, 0.005), threading.Event()
        worker = threading.Thread(target=load.run, kwargs={"until": over.wait})
        worker.start()
        began = time.monotonic()
        node, killed = cluster.nodes[0], False
        while (passed := time.monotonic() - began) < seconds:
            scrapes.take(generate_latest(registry).decode())
            if passed > seconds * 0.55 and not killed:
                node.kill()
                killed = True
            elif passed > seconds * 0.65 and not node.alive:
                node.restart()
            time.sleep(EVERY)
        over.set()
        worker.join()
    return scrapes


def draw(scrapes: Scrapes) -> bytes:
    """Return the dashboard as a picture."""
    from matplotlib.figure import Figure

    dashboard = json.loads((ROOT / "docs" / "observability" / "dashboard.json").read_text(encoding="utf-8"))
    panels = dashboard["panels"]
    rows = max(panel["gridPos"]["y"] for panel in panels) // 8 + 1
    figure = Figure(figsize=(15, 3 * rows), dpi=80)
    figure.subplots_adjust(left=0.04, right=0.99, top=0.98, bottom=0.04, hspace=0.62, wspace=0.13)
    axes = figure.subplots(rows, 3)
    for panel in panels:
        axis = axes[panel["gridPos"]["y"] // 8][panel["gridPos"]["x"] // 8]
        axis.set_title(panel["title"], fontsize=9, loc="left", weight="bold")
        if panel["type"] == "stat":
            _draw_values(axis, scrapes, panel)
        else:
            _draw_lines(axis, scrapes, panel)
    stream = io.BytesIO()
    figure.savefig(stream, format="png")
    return compressed(stream.getvalue())


def _named(target: Any, labels: Labels) -> str:
    return re.sub(r"\{\{(\w+)\}\}", lambda found: dict(labels).get(found[1], ""), target["legendFormat"])


def _draw_values(axis: Any, scrapes: Scrapes, panel: Any) -> None:
    axis.axis("off")
    shown = [
        (_named(target, labels), value)
        for target in panel["targets"]
        for labels, value in scrapes.at(-1, target["expr"]).items()
    ]
    for line, (name, value) in enumerate(sorted(shown)):
        colour = "#1a7f4b" if value else "#b42318"
        axis.text(0, 0.9 - line * 0.15, name, fontsize=8)
        axis.text(0.7, 0.9 - line * 0.15, "connected" if value else "away", fontsize=8, weight="bold", color=colour)


def _draw_lines(axis: Any, scrapes: Scrapes, panel: Any) -> None:
    lines: dict[str, list[tuple[float, float]]] = defaultdict(list)
    end = scrapes.times[-1]
    for place, moment in enumerate(scrapes.times):
        for target in panel["targets"]:
            for labels, value in scrapes.at(place, target["expr"]).items():
                lines[_named(target, labels)].append(((moment - end) / 60, value))
    # What was nothing all the time would only fill the legend.
    told = {name: points for name, points in lines.items() if any(value for _, value in points)}
    most = sorted(told, key=lambda name: max(value for _, value in told[name]), reverse=True)[:MOST_LINES]
    for name in sorted(most):
        points = told[name]
        axis.plot(*zip(*points, strict=True), linewidth=0.9, label=name)
    if panel["fieldConfig"]["defaults"].get("unit") == "s" and told:
        axis.set_yscale("log")
    else:
        axis.set_ylim(bottom=0)
    axis.set_xlim((scrapes.times[0] - end) / 60, 0)
    axis.tick_params(labelsize=7)
    axis.grid(alpha=0.25, linewidth=0.5)
    axis.spines[["top", "right"]].set_visible(False)
    axis.locator_params(axis="x", nbins=5)
    axis.xaxis.set_major_formatter(lambda minutes, _: f"{minutes:g} min" if minutes else "now")
    axis.yaxis.set_major_formatter(lambda value, _: f"{value:,g}")
    if told:
        axis.legend(fontsize=6, ncols=3, loc="upper center", bbox_to_anchor=(0.5, -0.12), frameon=False)
    else:
        axis.text(0.5, 0.5, "none", transform=axis.transAxes, ha="center", color="#667085", fontsize=8)
        axis.set(xticks=[], yticks=[])


def main() -> None:
    """Run the script."""
    parser = argparse.ArgumentParser(description="Draw the dashboard for Grafana from real figures.")
    parser.add_argument("--seconds", type=float, default=300.0, help="how long is looked (300)")
    parser.add_argument("--folder", type=Path, default=ROOT / "docs" / "images", help="where it goes")
    given = parser.parse_args()
    path = given.folder / "grafana.png"
    path.write_bytes(draw(gather(given.seconds)))
    print(f"{path} ({path.stat().st_size:,} bytes)")


if __name__ == "__main__":
    main()
