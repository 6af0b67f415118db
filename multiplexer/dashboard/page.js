"use strict";
// Shows what the events say. Nothing is computed here that another page could know otherwise: sums come as they are.

const SECONDS = 900;
const SVG = "http://www.w3.org/2000/svg";
// The places of a point; see Point.
const [AT, OPERATIONS, P50, P99, PENDING, BACKLOG, SENT, RECEIVED, LOST, FAILED, RETRIED] = Array(11).keys();

const byId = (id) => document.getElementById(id);
const plain = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });

// -- numbers ------------------------------------------------------------------------------------------

function count(value) {
  if (value == null) return "–";
  return value >= 1e7 ? `${(value / 1e6).toFixed(1)} M` : value > 0 && value < 9.95 && value % 1 ? value.toFixed(1) : plain.format(value);
}

// Tenths of what is small; at an axis there are none of what is round.
const tenths = (value) => (value < 100 ? value.toFixed(1) : plain.format(value));
const round = (value) => (Math.abs(value - Math.round(value)) < 1e-6 ? plain.format(value) : value.toFixed(1));

function bytes(value, small = tenths) {
  if (value == null) return "–";
  for (const unit of ["B", "KiB", "MiB"]) {
    if (value < 1024) return `${unit === "B" ? plain.format(value) : small(value)} ${unit}`;
    value /= 1024;
  }
  return `${small(value)} GiB`;
}

function time(seconds, small = tenths) {
  if (seconds == null) return "–";
  if (seconds < 1e-3) return `${plain.format(seconds * 1e6)} µs`;
  return seconds < 1 ? `${small(seconds * 1e3)} ms` : `${small(seconds)} s`;
}

function ago(seconds) {
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  return `${Math.floor(seconds / 3600)} h ago`;
}

// A held-up process is late by more than this; less is the scheduler's.
const late = (lag) => (lag != null && lag > 0.2 ? "troubled" : "");

// -- parts of the page --------------------------------------------------------------------------------

// Make an element, or change one: what stays the same is not touched, so that focus and selection stay.
function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function drawn(name, attributes, text) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text != null) made.textContent = text;
  return made;
}

function state(kind, words) {
  return { state: kind, text: words };
}

function fill(cell, content) {
  const { text, state: kind, href } = typeof content === "object" ? content : { text: content };
  const shown = `${kind ?? ""}|${href ?? ""}|${text}`;
  if (cell.shown === shown) return;
  cell.shown = shown;
  if (kind) {
    const mark = element("span", { class: "mark", "aria-hidden": "true" });
    cell.replaceChildren(element("span", { class: `state ${kind}` }, mark, element("span", {}, text)));
  } else if (href) cell.replaceChildren(element("a", { href }, text));
  else cell.textContent = text;
}

// A table in a place of the page. The first column names the row; roles are said, as narrow pages lay cells out anew.
class Table {
  constructor(id, caption, columns, empty) {
    this.columns = columns;
    this.rows = new Map();
    this.empty = element("p", { class: "empty" }, empty);
    this.body = element("tbody", { role: "rowgroup" });
    const heads = columns.map(({ title, kind }) => element("th", { scope: "col", role: "columnheader", class: kind ?? "" }, title));
    this.table = element("table", { role: "table" },
      element("caption", { class: "unseen" }, caption),
      element("thead", { role: "rowgroup" }, element("tr", { role: "row" }, ...heads)), this.body);
    byId(id).append(this.table, this.empty);
  }

  show(rows, key) {
    this.table.hidden = !rows.length;
    this.empty.hidden = Boolean(rows.length);
    const left = new Set(this.rows.keys());
    rows.forEach((row, index) => {
      const name = key(row);
      left.delete(name);
      let line = this.rows.get(name);
      if (!line) {
        const cells = this.columns.map(({ title, kind }, place) => place
          ? element("td", { role: "cell", class: kind ?? "", "data-label": title })
          : element("th", { role: "rowheader", scope: "row" }));
        line = element("tr", { role: "row" }, ...cells);
        this.rows.set(name, line);
      }
      if (this.body.children[index] !== line) this.body.insertBefore(line, this.body.children[index] ?? null);
      line.className = row.state === "gone" ? "gone-row" : "";
      this.columns.forEach(({ cell }, place) => fill(line.children[place], cell(row)));
    });
    for (const name of left) {
      this.rows.get(name).remove();
      this.rows.delete(name);
    }
  }
}

// -- charts -------------------------------------------------------------------------------------------

const LEFT = 58, RIGHT = 14, TOP = 8, BOTTOM = 24, HEIGHT = 136;
// Events are drawn by so many seconds together.
const BAR = 10;
const barAt = (at) => Math.floor(at / BAR) * BAR;

// Round places of an axis from 0 on; those of bytes are round in KiB or MiB.
function steps(most, inBytes) {
  const unit = inBytes ? 1024 ** Math.floor(Math.log2(Math.max(most, 1)) / 10) : 1;
  const rough = most / unit / 3, power = 10 ** Math.floor(Math.log10(rough));
  const each = [1, 2, ...(power > 1 ? [2.5] : []), 5, 10]; // halves are of no use to what is counted
  const step = unit * power * each.find((times) => times * power >= rough);
  return Array.from({ length: Math.ceil(most / step - 1e-9) + 1 }, (_, index) => index * step);
}

class Chart {
  // How: "lines", "log" (the axis of times) or "bars".
  constructor({ title, how, series, format, unit = "" }) {
    Object.assign(this, { title, how, series, format, unit });
    this.values = series.map(() => element("dd", {}));
    const names = series.map(({ name, kind }, index) =>
      element("div", { class: kind }, element("dt", {}, name), this.values[index]));
    this.svg = drawn("svg", { role: "img", "aria-label": title });
    this.node = element("figure", {},
      element("figcaption", {}, element("h3", {}, title), element("dl", {}, ...names)), this.svg);
    this.svg.addEventListener("pointermove", (event) => {
      const { left, width } = this.svg.getBoundingClientRect();
      const share = (event.clientX - left - LEFT) / (width - LEFT - RIGHT);
      pointAt(Math.round(Math.min(Math.max(share - 1, -1), 0) * span));
    });
    this.svg.addEventListener("pointerleave", () => pointAt(null));
  }

  show(points, now, chosen, cursor) {
    const bars = this.how === "bars" ? this.gathered(points, now) : null;
    this.series.forEach(({ place }, index) => {
      let value = chosen ? chosen[place] : null;
      // Of events: all of them, or those of the bar.
      if (bars) value = bars.filter((bar) => cursor == null || barAt(now + cursor) === bar[AT]).reduce((sum, bar) => sum + bar[place], 0);
      setText(this.values[index], value == null ? "–" : this.format(value) + this.unit);
    });
    const width = this.svg.clientWidth || 320;
    const x = (at) => LEFT + (1 + (at - now) / span) * (width - LEFT - RIGHT);
    const { y, ticks } = this.scale(bars ?? points);
    const parts = [];
    for (const tick of ticks) {
      parts.push(drawn("line", { class: tick === ticks[0] ? "base" : "grid", x1: LEFT, x2: width - RIGHT, y1: y(tick), y2: y(tick) }));
      parts.push(drawn("text", { x: LEFT - 6, y: y(tick) + 4, "text-anchor": "end" }, this.format(tick, round)));
    }
    const apart = span > 600 ? 5 : span > 240 ? 2 : 1;
    for (let minutes = 0; minutes * 60 <= span; minutes += apart) {
      const text = minutes ? `−${minutes} min` : "now";
      parts.push(drawn("text", { x: x(now - minutes * 60), y: HEIGHT - 4, "text-anchor": "middle" }, text));
    }
    if (bars) parts.push(...this.bars(bars, now, x, y));
    else parts.push(...this.lines(points, x, y));
    if (cursor != null) {
      const at = x(now + cursor);
      parts.push(drawn("line", { class: "cursor", x1: at, x2: at, y1: TOP, y2: HEIGHT - BOTTOM }));
    }
    this.svg.replaceChildren(...parts);
    this.svg.setAttribute("aria-label", this.told(points));
  }

  scale(points) {
    const places = this.series.map(({ place }) => place);
    const found = points.flatMap((point) => places.map((place) => point[place])).filter((value) => value != null);
    const inner = HEIGHT - TOP - BOTTOM;
    if (this.how === "log") {
      const low = Math.floor(Math.log10(Math.max(found.reduce((a, b) => Math.min(a, b), 1e-3), 1e-6)));
      const most = Math.max(Math.ceil(Math.log10(found.reduce((a, b) => Math.max(a, b), 1e-3)) - 1e-9), low + 2);
      const apart = Math.ceil((most - low) / 3), high = low + apart * Math.ceil((most - low) / apart);
      const ticks = Array.from({ length: Math.floor((high - low) / apart) + 1 }, (_, index) => 10 ** (low + index * apart));
      const y = (value) => TOP + inner * (1 - (Math.log10(Math.max(value, 10 ** low)) - low) / (high - low));
      return { y, ticks };
    }
    const ticks = steps(found.reduce((a, b) => Math.max(a, b), 3), this.format === bytes);
    const y = (value) => TOP + inner * (1 - value / ticks[ticks.length - 1]);
    return { y, ticks };
  }

  lines(points, x, y) {
    const parts = [];
    const base = y(0);
    for (const { place, kind } of this.series) {
      let line = "", area = "", begun = null, last = null;
      const close = () => { if (last) area += `L${x(last[AT]).toFixed(1)} ${base}L${x(begun[AT]).toFixed(1)} ${base}Z`; };
      for (const point of points) {
        const value = point[place];
        if (value == null) continue;
        const to = `${x(point[AT]).toFixed(1)} ${y(value).toFixed(1)}`;
        // Where nobody was there to be looked at, there is no line.
        if (!last || point[AT] - last[AT] > 5) {
          close();
          begun = point;
          line += `M${to}`;
          area += `M${x(point[AT]).toFixed(1)} ${base}L${to}`;
        } else {
          line += `L${to}`;
          area += `L${to}`;
        }
        last = point;
      }
      close();
      if (this.series.length === 1 && this.how !== "log") parts.push(drawn("path", { class: `area ${kind}`, d: area }));
      parts.push(drawn("path", { class: `line ${kind}`, d: line }));
    }
    return parts.reverse();
  }

  gathered(points, now) {
    const bars = new Map();
    for (const point of points) {
      const from = barAt(point[AT]);
      const bar = bars.get(from) ?? Array(11).fill(0);
      bar[AT] = from;
      for (const { place } of this.series) bar[place] += point[place];
      bars.set(from, bar);
    }
    return [...bars.values()].filter((bar) => bar[AT] > now - span);
  }

  bars(bars, now, x, y) {
    const parts = [];
    for (const bar of bars) {
      const from = x(bar[AT]), each = (x(Math.min(bar[AT] + BAR, now)) - from - 1) / this.series.length;
      this.series.forEach(({ place, kind }, index) => {
        if (bar[place]) {
          const top = y(bar[place]);
          parts.push(drawn("rect", { class: `bar ${kind}`, x: from + each * index, width: Math.max(each, 1.5), y: top, height: y(0) - top }));
        }
      });
    }
    return parts;
  }

  told(points) {
    const each = this.series.map(({ name, place }) => {
      const values = points.map((point) => point[place]).filter((value) => value != null);
      if (!values.length) return `${name}: nothing yet`;
      if (this.how === "bars") return `${name}: ${count(values.reduce((a, b) => a + b))} in all`;
      return `${name}: now ${this.format(values.at(-1))}${this.unit}, most ${this.format(values.reduce((a, b) => Math.max(a, b)))}${this.unit}`;
    });
    return `${this.title}, last fifteen minutes. ${each.join(". ")}.`;
  }
}

const charts = [
  { title: "Throughput", how: "lines", format: count, unit: "/s", series: [{ name: "commands", place: OPERATIONS, kind: "one" }] },
  { title: "Latency, at most", how: "log", format: time, series: [{ name: "p50", place: P50, kind: "one" }, { name: "p99", place: P99, kind: "two" }] },
  { title: "Waiting", how: "lines", format: count, series: [{ name: "pending", place: PENDING, kind: "one" }, { name: "backlog", place: BACKLOG, kind: "two" }] },
  { title: "Bytes", how: "lines", format: bytes, unit: "/s", series: [{ name: "out", place: SENT, kind: "one" }, { name: "in", place: RECEIVED, kind: "two" }] },
  { title: "Reconnects", how: "bars", format: count, series: [{ name: "connections lost", place: LOST, kind: "bad" }] },
  { title: "Commands", how: "bars", format: count, series: [{ name: "sent again", place: RETRIED, kind: "two" }, { name: "failed", place: FAILED, kind: "bad" }] },
].map((each) => new Chart(each));
byId("charts").append(...charts.map((chart) => chart.node));

// -- tables -------------------------------------------------------------------------------------------

const named = (row) => (row.member ? `${row.member}: ${row.endpoint}` : row.endpoint);
const figures = [
  { title: "commands/s", kind: "number", cell: (row) => count(row.operations) },
  { title: "p50", kind: "number", cell: (row) => time(row.p50) },
  { title: "p99", kind: "number", cell: (row) => time(row.p99) },
  { title: "pending", kind: "number", cell: (row) => count(row.pending) },
  { title: "backlog", kind: "number", cell: (row) => count(row.backlog) },
];
const lag = { title: "lag", kind: "number", cell: (row) => (late(row.lag) ? state("troubled", time(row.lag)) : time(row.lag)) };
const servers = new Table("servers", "Servers, and how they are", [
  { title: "server", cell: named },
  { title: "role", cell: (row) => row.role },
  { title: "slots", kind: "whole", cell: (row) => row.slots },
  { title: "state", kind: "words-cell", cell: (row) => state(row.state, row.words) },
  ...figures, lag,
  { title: "version", kind: "whole", cell: (row) => row.version },
], "No server is known.");
const groups = new Table("groups", "Deployments of the group", [
  { title: "member", cell: (row) => row.name },
  { title: "used by", cell: (row) => (row.used ? `${row.used} of ${row.processes}` : "nobody") },
  { title: "state", kind: "words-cell", cell: (row) => state(row.state, row.words) },
  { title: "circuit breaker", cell: (row) => row.breaker },
  { title: "weight", kind: "number", cell: (row) => String(row.weight) },
], "");
const processes = new Table("processes", "Processes that show their multiplexer", [
  { title: "process", cell: (row) => ({ text: `${row.program} ${row.pid}`, href: `#${encodeURIComponent(row.name)}` }) },
  { title: "state", cell: processState },
  ...figures, lag,
  { title: "socket", kind: "words-cell", cell: (row) => row.where },
], "None yet.");
const leases = new Table("leases", "Connections that callers have to themselves", [
  { title: "server", cell: named },
  { title: "lent", kind: "number", cell: (row) => count(row.used) },
  { title: "idle", kind: "number", cell: (row) => count(row.idle) },
  { title: "at most", kind: "number", cell: (row) => count(row.most) },
  { title: "waiting", kind: "number", cell: (row) => (row.waiting ? state("troubled", count(row.waiting)) : "0") },
  { title: "commands/s", kind: "number", cell: (row) => count(row.operations) },
], "No connection was ever lent.");
const failures = new Table("failures", "What went wrong, the latest first", [
  { title: "what", cell: (row) => row.what },
  { title: "server", kind: "wide", cell: named },
  { title: "latest", kind: "number", cell: (row) => ago(row.ago) },
  { title: "times", kind: "number", cell: (row) => count(row.count) },
  { title: "cause", kind: "words-cell", cell: (row) => row.words },
], "Nothing has gone wrong.");

const HEALTH = { ready: "well", degraded: "troubled", down: "away" };

function processState(row) {
  if (row.state === "gone") return state("none", `gone, ${ago(row.ago)}`);
  if (row.state === "silent") return state("away", `does not answer, ${row.ago} s`);
  return state(HEALTH[row.health], row.health);
}

function showCache(cache) {
  const place = byId("cache");
  if (!cache) return place.replaceChildren(element("p", { class: "empty" }, "Nothing is kept."));
  const asked = cache.hits + cache.misses + cache.coalesced;
  const facts = {
    "hit rate": asked ? `${((100 * cache.hits) / asked).toFixed(1)} %` : "–",
    hits: count(cache.hits), misses: count(cache.misses), coalesced: count(cache.coalesced), stored: count(cache.stored),
    held: bytes(cache.bytes), entries: count(cache.entries), invalidated: count(cache.invalidated),
    overwritten: count(cache.overwritten), evicted: count(cache.evicted), "too large": count(cache.refused),
    tracking: count(cache.tracking),
  };
  const list = element("dl", { class: "facts" }, ...Object.entries(facts).map(([name, value]) =>
    element("div", {}, element("dt", {}, name), element("dd", {}, value))));
  place.replaceChildren(list, ...cache.disabled.map((words) => element("p", { class: "empty troubled" }, words)));
}

let stormsShown = null;
function showStorms(storms) {
  const text = JSON.stringify(storms);
  if (text === stormsShown) return; // one that is read stays open
  stormsShown = text;
  byId("storms").replaceChildren(...(storms.length ? storms.map(({ process, member, text }) => {
    const first = text.split("\n", 1)[0];
    const all = element("pre", { tabindex: "0", role: "region", "aria-label": `Storm log of ${process}` }, text);
    return element("details", {}, element("summary", {}, `${member ? `${member}, ` : ""}${process}: ${first}`), all);
  }) : [element("p", { class: "empty" }, "There was no storm: timeouts have not piled up.")]));
}

// -- the whole ----------------------------------------------------------------------------------------

let points = [], last = null, pointed = null;
// Seconds that the charts show: those that were looked at, in whole minutes.
let span = SECONDS;
const chosenProcess = () => decodeURIComponent(location.hash.slice(1));

// Seconds before now that are looked at, by the pointer or by the slider; null for now.
function pointAt(seconds) {
  pointed = seconds;
  showCharts();
}

function showCharts() {
  if (!last) return;
  const now = last.at, minutes = Math.ceil((now - (points[0]?.[AT] ?? now)) / 60);
  span = Math.min(Math.max(minutes, 2) * 60, SECONDS);
  const moment = byId("moment");
  if (moment.min !== String(-span)) moment.min = String(-span);
  const cursor = pointed ?? (Number(moment.value) || null);
  const wanted = now + (cursor ?? 0);
  // The latest of about that time; what is missing was not there to be looked at.
  const chosen = points.findLast((point) => point[AT] <= wanted + 0.5);
  const words = cursor == null ? "now" : clock.format(new Date(wanted * 1000));
  setText(byId("moment-shown"), words);
  moment.setAttribute("aria-valuetext", words);
  for (const chart of charts) chart.show(points, now, chosen && wanted - chosen[AT] < 3 ? chosen : null, cursor);
}

function summary({ health, missing, servers, names }) {
  const live = names.filter((each) => each.state === "live").length;
  if (!health) return "No process is attached.";
  const ill = servers.filter((each) => each.state !== "well").map(named);
  const here = live === 1 ? "1 process" : `${live} processes`;
  if (missing.length) return `${missing.join("; ")}.`.replace(/^[a-z]+ /, (word) => word[0].toUpperCase() + word.slice(1));
  if (ill.length) return `Something is the matter with ${ill.join(", ")}.`;
  return `${here}; every server is connected.`;
}

function showState(now) {
  last = now;
  const shown = chosenProcess();
  if (shown && !now.names.some((each) => each.name === shown)) {
    location.hash = "";
    return;
  }
  const health = byId("health"), words = summary(now);
  health.className = `state ${HEALTH[now.health] ?? "none"}`;
  setText(health.querySelector(".words"), now.health ?? "nobody there");
  setText(byId("summary"), words);
  setText(byId("announced"), `${now.health ?? ""}. ${words}`); // told only when it is another
  setText(byId("updated"), clock.format(new Date(now.at * 1000)));
  setText(byId("attached"), `Looked for once a second: ${now.attached.join(", ")}`);
  const notes = [...now.refused];
  if (!now.names.length) notes.unshift("No application shows itself there yet; one does with mux.serve_status(path).");
  byId("notes").hidden = !notes.length;
  if (byId("notes").textContent !== notes.join("")) byId("notes").replaceChildren(...notes.map((each) => element("p", {}, each)));
  showNames(now.names, shown);
  showCharts();
  const sentinels = now.sentinels.map((each) => ({ ...each, member: "", role: "sentinel", slots: "", version: "", lag: null }));
  servers.show([...now.servers, ...sentinels], (row) => `${row.role === "sentinel"}|${named(row)}`);
  groups.show(now.groups, (row) => row.name);
  byId("groups-part").hidden = !now.groups.length;
  processes.show(now.processes, (row) => row.name);
  failures.show(now.failures, (row) => [row.what, row.member, row.endpoint, row.kind].join("|"));
  leases.show(now.leases, named);
  showCache(now.cache);
  showStorms(now.storms);
}

function showNames(names, shown) {
  const select = byId("process");
  const wanted = [["", "all"], ...names.map(({ name, program, pid, state }) =>
    [name, `${program || "an application"} ${pid}${state === "gone" ? " (gone)" : ""}`])];
  const text = JSON.stringify(wanted);
  if (select.shown !== text) {
    select.shown = text;
    select.replaceChildren(...wanted.map(([value, label]) => element("option", { value }, label)));
  }
  if (select.value !== shown) select.value = shown;
}

// -- events -------------------------------------------------------------------------------------------

let source = null, retry = 0;

function open() {
  close();
  source = new EventSource(`events?process=${encodeURIComponent(chosenProcess())}`);
  source.addEventListener("history", (event) => {
    points = JSON.parse(event.data);
    document.body.classList.remove("stale");
  });
  source.addEventListener("state", (event) => {
    const now = JSON.parse(event.data);
    if (now.point && (!points.length || now.point[AT] > points.at(-1)[AT])) points.push(now.point);
    points = points.filter((point) => point[AT] > now.at - SECONDS);
    showState(now);
  });
  source.addEventListener("error", () => {
    document.body.classList.add("stale");
    const health = byId("health");
    health.className = "state away";
    setText(health.querySelector(".words"), "no contact");
    const since = last ? ` What is shown is from ${clock.format(new Date(last.at * 1000))}.` : "";
    setText(byId("summary"), `The dashboard does not answer.${since}`);
    setText(byId("announced"), "The dashboard does not answer.");
    if (source.readyState === EventSource.CLOSED) retry = setTimeout(open, 2000); // else the browser tries again
  });
}

function close() {
  clearTimeout(retry);
  source?.close();
}

byId("moment").addEventListener("input", showCharts);
byId("process").addEventListener("change", (event) => { location.hash = encodeURIComponent(event.target.value); });
addEventListener("hashchange", () => {
  byId("process").value = chosenProcess();
  open();
});
addEventListener("resize", showCharts);
// A browser has few connections for one place: a page that nobody sees gives its own back.
document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
open();
