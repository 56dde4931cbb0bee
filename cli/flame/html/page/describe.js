/** Description of a frame: exact numbers, as a table and as a sentence. */
import { formatShare } from "../../../text/numbers.js";
import { formatChange, formatExact, formatValue } from "./format.js";
import { showName } from "./names.js";
import { ROOT_NAME } from "./paint.js";
import { METRICS } from "./profile.js";
import { pathAt } from "./search.js";

/** @import { FlameModel } from "./model.js" */

/**
 * @typedef {object} Description
 * @property {string} name The frame's name; for a part of a path, the whole path up to it.
 * @property {string} field Kind of frame.
 * @property {string[]} columns Headings of the table.
 * @property {{title: string, current: boolean, cells: string[]}[]} rows One per metric of the graph.
 * @property {string} exact The value shown, to the last digit.
 * @property {string} sentence The shown metric in words.
 */

/**
 * @param {FlameModel} model
 * @param {number} node
 * @returns {Description}
 */
export function describeFrame(model, node) {
  const { profile, tree, view } = model;
  const name = node === 0 ? ROOT_NAME : showName(frameName(model, node));
  const field = node === 0 ? "" : profile.fields[tree.field[node]] ?? "";
  const compared = tree.totalBefore !== null;
  const rows = METRICS.flatMap((metric, i) =>
    i !== view.metric && isEmpty(model, i) ? [] : [{
      title: metric.title,
      current: i === view.metric,
      cells: compared ? comparedCells(model, i, node) : plainCells(model, i, node),
    }]
  );
  const exact = exactText(model, node);
  const columns = compared
    ? ["before", "after", "change", "difference"]
    : ["total", "own", "of all", "of zoomed frame"];
  const shares = compared ? "" : `, ${shareText(model, node)}`;
  const sentence = `${name}${field === "" ? "" : `, ${field}`}: ${exact}${shares}`;
  return { name, field, columns, rows, exact, sentence };
}

/**
 * Description of a box that stands for frames too narrow to draw.
 * @param {FlameModel} model
 * @param {number} node Their parent.
 * @param {number} rest Siblings before them.
 */
export function describeRest(model, node, rest) {
  const { layout, metric } = model;
  const { children, count, first, start, width } = layout;
  const last = children[first[node] + count[node] - 1];
  const sum = start[last] + width[last] - start[children[first[node] + rest]];
  const frames = formatExact({ kind: "count", unit: "frames" }, count[node] - rest);
  return `${frames} too narrow to draw, together ${formatValue(metric.kind, sum)} (${
    formatShare(sum, width[0])
  }); click to zoom in`;
}

/** @param {FlameModel} model @param {number} node */
function frameName({ profile, tree, view }, node) {
  const isPath = profile.fields[tree.field[node]] === "path";
  return isPath ? pathAt(profile, tree, node, view.reversed) : profile.names[tree.name[node]];
}

/** @param {FlameModel} model @param {number} metric */
function isEmpty({ tree }, metric) {
  return tree.total[metric][0] === 0 && (tree.totalBefore === null || tree.totalBefore[metric][0] === 0);
}

/** @param {FlameModel} model @param {number} i @param {number} node */
function plainCells({ tree, view }, i, node) {
  const { kind } = METRICS[i];
  const total = tree.total[i];
  return [
    formatValue(kind, total[node]),
    formatValue(kind, tree.own[i][node]),
    formatShare(total[node], total[0]),
    formatShare(total[node], total[view.zoom.node]),
  ];
}

/** @param {FlameModel} model @param {number} i @param {number} node */
function comparedCells({ tree }, i, node) {
  const { kind } = METRICS[i];
  const before = /** @type {Float64Array[]} */ (tree.totalBefore)[i][node];
  const after = tree.total[i][node];
  return [
    formatValue(kind, before),
    formatValue(kind, after),
    formatChange(before, after),
    `${after > before ? "+" : ""}${formatValue(kind, after - before)}`,
  ];
}

/** @param {FlameModel} model @param {number} node */
function exactText({ tree, view, metric }, node) {
  const after = tree.total[view.metric][node];
  if (tree.totalBefore === null) {
    const own = tree.own[view.metric][node];
    return formatExact(metric, after) + (own > 0 && own < after ? `, own ${formatExact(metric, own)}` : "");
  }
  const before = tree.totalBefore[view.metric][node];
  return `${formatExact(metric, before)} before, ${formatExact(metric, after)} after, ${
    formatChange(before, after)
  }`;
}

/** @param {FlameModel} model @param {number} node */
function shareText({ tree, view }, node) {
  const total = tree.total[view.metric];
  const all = `${formatShare(total[node], total[0])} of all`;
  return view.zoom.node === 0
    ? all
    : `${all}, ${formatShare(total[node], total[view.zoom.node])} of the zoomed frame`;
}
