/** The state of the page, independent of the DOM: what is shown, and queries about it. */
import { layoutTree, widthsOf } from "./layout.js";
import { joinPath } from "./names.js";
import { METRICS } from "./profile.js";
import { NOTHING_SEARCHED, search } from "./search.js";
import { buildTree } from "./tree.js";

/** @import { Profile } from "./profile.js" */
/** @import { Tree } from "./tree.js" */
/** @import { Layout, Widths } from "./layout.js" */
/** @import { Found } from "./search.js" */
/** @import { Zoom } from "./visible.js" */

/**
 * What is shown: plain data, one step of the history.
 * @typedef {object} View
 * @property {number} metric Index in METRICS.
 * @property {number[]} order Indexes of the profile's fields, from the root outwards.
 * @property {boolean} reversed Each stack from its last frame to its first.
 * @property {Widths} widths
 * @property {Zoom} zoom
 */

/** Where a step of the keyboard leads from a frame. */
/** @typedef {"parent" | "child" | "next" | "previous" | "first" | "last"} Step */

export class FlameModel {
  /** @type {Profile} */ profile;
  /** @type {View} */ view;
  /** @type {Tree} */ tree;
  /** @type {Layout} */ layout;
  /** @type {Found} */ found = NOTHING_SEARCHED;
  query = "";
  isPattern = false;

  /** @param {Profile} profile */
  constructor(profile) {
    this.profile = profile;
    this.view = {
      metric: profile.metric,
      order: profile.fields.length === 0 ? [0] : profile.fields.map((_, index) => index),
      reversed: false,
      widths: "larger",
      zoom: { node: 0, skip: 0 },
    };
    this.tree = buildTree(profile, this.view.order, false);
    this.layout = this.#layoutOf(this.view);
  }

  /**
   * Shows another view. A zoomed frame that has no width there is replaced by its nearest ancestor that has one.
   * @param {View} view
   */
  show(view) {
    const { order, reversed, metric, widths } = this.view;
    const rebuilt = order.join() !== view.order.join() || reversed !== view.reversed;
    if (rebuilt) this.tree = buildTree(this.profile, view.order, view.reversed);
    if (rebuilt || metric !== view.metric || widths !== view.widths) {
      this.layout = this.#layoutOf(view);
    }
    const zoom = { ...view.zoom };
    while (zoom.node > 0 && !(this.layout.width[zoom.node] > 0)) {
      zoom.node = this.tree.parent[zoom.node];
      zoom.skip = 0;
    }
    zoom.node = this.layout.tail[zoom.node];
    if (zoom.skip >= this.layout.count[zoom.node]) zoom.skip = 0;
    this.view = { ...view, zoom };
    this.search(this.query, this.isPattern);
  }

  /** @param {View} view */
  #layoutOf({ metric, widths }) {
    return layoutTree(this.tree, widthsOf(this.tree, metric, widths), this.profile);
  }

  /**
   * @param {string} query Empty to clear the search.
   * @param {boolean} isPattern
   */
  search(query, isPattern) {
    this.query = query;
    this.isPattern = isPattern;
    const { reversed } = this.view;
    this.found = search(this.profile, this.tree, this.layout, { query, isPattern, reversed });
  }

  /**
   * The matching frame after (or before) a frame, from left to right, wrapping around; -1 for none.
   * @param {number} from
   * @param {1 | -1} direction
   */
  nextFound(from, direction) {
    const { nodes } = this.found;
    if (nodes.length === 0) return -1;
    const { start } = this.layout;
    const { depth } = this.tree;
    const position = nodes.findIndex((node) =>
      start[node] > start[from] || start[node] === start[from] && depth[node] >= depth[from]
    );
    const at = position < 0 ? nodes.length : position;
    const stepped = direction < 0 ? at - 1 : nodes[at] === from ? at + 1 : at;
    return nodes[(stepped + nodes.length) % nodes.length];
  }

  /**
   * The frame of the box one step away, or the frame itself if there is none.
   * @param {number} node
   * @param {Step} step
   */
  neighbour(node, step) {
    const { first, count, children, head, tail } = this.layout;
    const parent = this.tree.parent[head[node]];
    if (step === "parent") return parent;
    if (step === "child") return count[tail[node]] > 0 ? tail[children[first[tail[node]]]] : node;
    if (node === 0) return 0;
    const siblings = children.subarray(first[parent], first[parent] + count[parent]);
    const last = siblings.length - 1;
    const at = siblings.indexOf(head[node]);
    const to = { first: 0, last, previous: Math.max(0, at - 1), next: Math.min(last, at + 1) }[step];
    return tail[siblings[to]];
  }

  /**
   * True when the zoomed part contains the frame: it is the zoomed frame, its ancestor or its descendant.
   * @param {number} node
   */
  inZoom(node) {
    const { zoom } = this.view;
    const { first, children, start } = this.layout;
    if (this.#isAbove(node, zoom.node)) return true;
    if (!this.#isAbove(zoom.node, node)) return false;
    return zoom.skip === 0 || start[node] >= start[children[first[zoom.node] + zoom.skip]];
  }

  /** @param {number} upper @param {number} node */
  #isAbove(upper, node) {
    const { parent, depth } = this.tree;
    let at = node;
    while (depth[at] > depth[upper]) at = parent[at];
    return at === upper;
  }

  /**
   * Name of a frame's box up to the frame: one part of a path, or a chain of parts without branches.
   * @param {number} node
   */
  labelOf(node) {
    const { name, parent } = this.tree;
    const parts = [this.profile.names[name[node]]];
    for (let at = node; at !== this.layout.head[node];) {
      at = parent[at];
      parts.push(this.profile.names[name[at]]);
    }
    return joinPath(this.view.reversed ? parts : parts.reverse());
  }

  /**
   * Names of the frames from the root to a node, excluding the root.
   * @param {number} node
   */
  stackOf(node) {
    const names = [];
    for (let at = node; at > 0; at = this.tree.parent[at]) names.push(this.profile.names[this.tree.name[at]]);
    return names.reverse();
  }

  /** The metric shown. */
  get metric() {
    return METRICS[this.view.metric];
  }
}
