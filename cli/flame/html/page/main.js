/** Puts the page together. */
import { describeFrame, describeRest } from "./describe.js";
import { Graph } from "./graph.js";
import { openHelp } from "./help.js";
import { createHistory } from "./history.js";
import { exposeState } from "./inspect.js";
import { listenForKeys } from "./keys.js";
import { FlameModel } from "./model.js";
import { hashOf, showName } from "./names.js";
import { METRICS, profileOf } from "./profile.js";
import { createTable } from "./table.js";
import { byId, createToolbar } from "./toolbar.js";
import { element, fillTooltip, placeTooltip } from "./tooltip.js";

/** @import { Step, View } from "./model.js" */

const json = byId("ior-flame").textContent ?? "";
const model = new FlameModel(profileOf(JSON.parse(json)));
const scroll = byId("scroll");
const query = /** @type {HTMLInputElement} */ (byId("query"));
const graph = new Graph(model, {
  scroll,
  space: byId("space"),
  canvas: /** @type {HTMLCanvasElement} */ (byId("canvas")),
});
const prefersDark = matchMedia("(prefers-color-scheme: dark)");
/** The frame that the keyboard is on. */
let focused = 0;

for (const { label, text, tone } of model.profile.facts) {
  const pair = document.createElement("div");
  pair.append(element("dt", showName(label)), element("dd", showName(text), tone ?? ""));
  byId("facts").append(pair);
}

const steps = createHistory(`${json.length} ${hashOf(json)}`, model.view, showView);
const openTable = createTable(model, (name) => {
  query.value = name;
  model.search(name, false);
  refresh();
});
byId("open-table").onclick = openTable;
const updateToolbar = createToolbar(model, {
  change,
  flip,
  back,
  reset,
  switchTheme,
  openHelp,
  search: (text, isPattern) => {
    model.search(text, isPattern);
    refresh();
  },
});
listenForKeys({
  move,
  back,
  reset,
  find,
  flip,
  switchTheme,
  openHelp,
  openTable,
  zoomIn: () => zoomTo(focused, 0),
  openSearch: () => {
    query.focus();
    query.select();
  },
  setMetric: (metric) => change({ metric }),
  nextMetric: () => {
    const { view, tree } = model;
    const order = METRICS.map((_, i) => (view.metric + 1 + i) % METRICS.length);
    const metric = order.find((i) => tree.total[i][0] + (tree.totalBefore?.[i][0] ?? 0) > 0);
    if (metric !== undefined) change({ metric });
  },
  reverse: () => change({ reversed: !model.view.reversed }),
}, () => graph.flipped);

/** Updates everything on the screen from the model. */
function refresh() {
  byId("empty").hidden = model.layout.width[0] > 0;
  updateToolbar({ theme: graph.theme, flipped: graph.flipped, canBack: steps.canBack });
  graph.draw();
  unhover();
  showFocus();
}

/** @param {View} view */
function showView(view) {
  const { tree } = model;
  model.show(view);
  if (model.tree !== tree) focused = 0;
  if (!model.inZoom(focused)) focused = model.view.zoom.node;
  refresh();
}

/** @param {Partial<View>} part */
function change(part) {
  const rebuilt = part.order !== undefined || part.reversed !== undefined;
  const view = { ...model.view, ...(rebuilt ? { zoom: { node: 0, skip: 0 } } : {}), ...part };
  if (JSON.stringify(view) === JSON.stringify(model.view)) return;
  steps.push(view);
  showView(view);
}

/** @param {number} node @param {number} skip */
function zoomTo(node, skip) {
  const { zoom } = model.view;
  if (zoom.node === node && zoom.skip === skip) return;
  focused = node;
  change({ zoom: { node, skip } });
  graph.reveal(model.layout.row[node]);
}

function back() {
  steps.back();
}

function reset() {
  zoomTo(0, 0);
  graph.revealRoot();
}

function flip() {
  graph.flipped = !graph.flipped;
  refresh();
  graph.revealRoot();
  graph.draw();
}

/** @param {Step} step */
function move(step) {
  focusFrame(model.neighbour(focused, step));
}

/** @param {1 | -1} direction */
function find(direction) {
  const node = model.nextFound(focused, direction);
  if (node >= 0) focusFrame(node);
}

/** @param {number} node */
function focusFrame(node) {
  focused = node;
  scroll.focus({ preventScroll: true });
  if (!model.inZoom(node)) zoomTo(0, 0);
  focused = node;
  graph.reveal(model.layout.row[node]);
  showFocus();
  byId("live").textContent = describeFrame(model, node).sentence;
}

function showFocus() {
  graph.markFrame(byId("focus"), focused);
  byId("focus").hidden ||= document.activeElement !== scroll;
  byId("status").textContent = describeFrame(model, focused).sentence;
}

function closeSearch() {
  query.value = "";
  model.search("", model.isPattern);
  scroll.focus({ preventScroll: true });
  refresh();
}

function unhover() {
  byId("hover").hidden = true;
  byId("tooltip").hidden = true;
  scroll.style.cursor = "";
}

/** @param {"light" | "dark" | null} theme `null` for the system's setting. */
function setTheme(theme) {
  if (theme === null) delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  graph.theme = theme ?? (prefersDark.matches ? "dark" : "light");
}

function switchTheme() {
  setTheme(graph.theme === "dark" ? "light" : "dark");
  refresh();
}

prefersDark.addEventListener("change", () => {
  if (document.documentElement.dataset.theme === undefined) {
    setTheme(null);
    refresh();
  }
});

query.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    event.preventDefault();
    closeSearch();
  } else if (event.key === "Enter") {
    event.preventDefault();
    const node = model.nextFound(focused, event.shiftKey ? -1 : 1);
    if (node < 0) return;
    focusFrame(node);
    query.focus();
  }
});

scroll.addEventListener("pointermove", (event) => {
  const hit = graph.at(event);
  if (hit === null) return unhover();
  graph.markBox(byId("hover"), hit.index);
  scroll.style.cursor = "pointer";
  const tooltip = byId("tooltip");
  if (hit.rest >= 0) tooltip.replaceChildren(element("span", describeRest(model, hit.node, hit.rest)));
  else fillTooltip(tooltip, describeFrame(model, hit.node));
  placeTooltip(tooltip, event);
});
scroll.addEventListener("pointerleave", unhover);
scroll.addEventListener("scroll", unhover);
scroll.addEventListener("click", (event) => {
  const hit = graph.at(event);
  if (hit !== null) zoomTo(hit.node, Math.max(0, hit.rest));
});
scroll.addEventListener("focus", showFocus);
scroll.addEventListener("blur", showFocus);
new ResizeObserver(showFocus).observe(scroll);

exposeState(model, graph, () => focused);
setTheme(null);
graph.flipped = model.profile.inverted;
showView(steps.start);
graph.revealRoot();
