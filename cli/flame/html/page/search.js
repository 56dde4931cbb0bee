/** Search in the names of the frames. */
import { joinPath } from "./names.js";

/** @import { Profile } from "./profile.js" */
/** @import { Tree } from "./tree.js" */
/** @import { Layout } from "./layout.js" */

/**
 * @typedef {object} Found
 * @property {string | null} error Why the pattern is invalid.
 * @property {Uint8Array | null} matched 1 for each node that matches, and for the last one of its box; `null` without a search.
 * @property {number[]} nodes The matching nodes that have a width, from left to right, each before its descendants.
 * @property {number} width Total width of all matches; nested matches count once.
 */

/** @type {Found} */
export const NOTHING_SEARCHED = { error: null, matched: null, nodes: [], width: 0 };

/**
 * @param {string} query
 * @param {boolean} isPattern A regular expression; otherwise text, ignoring case.
 * @returns {RegExp}
 * @throws {SyntaxError} for an invalid regular expression.
 */
export function searchPattern(query, isPattern) {
  if (isPattern) return new RegExp(query, "u");
  return new RegExp(query.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&"), "iu");
}

/**
 * A frame matches by its name; a part of a path also by the path that ends with it, when the search contains a slash.
 * @param {Profile} profile
 * @param {Tree} tree
 * @param {Layout} layout
 * @param {{query: string, isPattern: boolean, reversed: boolean}} wanted
 * @returns {Found}
 */
export function search(profile, tree, layout, { query, isPattern, reversed }) {
  if (query === "") return NOTHING_SEARCHED;
  let pattern;
  try {
    pattern = searchPattern(query, isPattern);
  } catch (error) {
    return { ...NOTHING_SEARCHED, error: /** @type {Error} */ (error).message };
  }
  const byName = profile.names.map((name) => pattern.test(name));
  const paths = query.includes("/") ? pathsOf(profile, tree, reversed) : null;
  const matched = new Uint8Array(tree.length);
  const covered = new Uint8Array(tree.length);
  /** @type {number[]} */
  const nodes = [];
  let width = 0;
  for (let node = 1; node < tree.length; node++) {
    const hit = byName[tree.name[node]] || paths !== null && paths[node] !== "" && pattern.test(paths[node]);
    const above = covered[tree.parent[node]];
    covered[node] = above;
    if (!hit) continue;
    matched[node] = matched[layout.tail[node]] = covered[node] = 1;
    if (layout.width[node] <= 0) continue;
    nodes.push(node);
    if (!above) width += layout.width[node];
  }
  nodes.sort((a, b) => layout.start[a] - layout.start[b] || tree.depth[a] - tree.depth[b]);
  return { error: null, matched, nodes, width };
}

/**
 * The path up to each part of a path, built from the parts above it; empty for frames of other fields.
 * @param {Profile} profile
 * @param {Tree} tree
 * @param {boolean} reversed Stacks run from their last frame to their first.
 */
export function pathsOf({ names, fields }, { length, parent, field, name }, reversed) {
  const paths = Array(length).fill("");
  const pathField = fields.indexOf("path");
  for (let node = 1; node < length; node++) {
    if (field[node] !== pathField) continue;
    const above = paths[parent[node]];
    const part = names[name[node]];
    paths[node] = above === "" ? part : reversed ? joinPath([part, above]) : joinPath([above, part]);
  }
  return paths;
}

/**
 * The path that ends with one frame.
 * @param {Profile} profile
 * @param {Tree} tree
 * @param {number} node
 * @param {boolean} reversed
 */
export function pathAt({ names }, { parent, field, name }, node, reversed) {
  const parts = [];
  for (let at = node; at > 0 && field[at] === field[node]; at = parent[at]) parts.push(names[name[at]]);
  return joinPath(reversed ? parts : parts.reverse());
}
