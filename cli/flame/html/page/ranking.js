/** Frames by name: the totals of all frames with the same name. */
import { pathsOf } from "./search.js";

/** @import { FlameModel } from "./model.js" */

/**
 * @typedef {object} RankedFrame
 * @property {string} name For a part of a path, the whole path.
 * @property {string} field
 * @property {number} frames How many frames have the name.
 * @property {number} own In the unit of the metric shown; in a comparison, the later run's value.
 * @property {number} total A frame inside another of the same name counts once.
 */

/** What a ranking is sorted by. */
/** @typedef {"name" | "field" | "frames" | "own" | "total"} RankingKey */

/**
 * All names of the tree, in undefined order.
 * @param {FlameModel} model
 * @returns {RankedFrame[]}
 */
export function rankFrames({ profile, tree, view }) {
  const own = tree.own[view.metric];
  const total = tree.total[view.metric];
  const paths = pathsOf(profile, tree, view.reversed);
  /** @type {Map<string, number>} */
  const ids = new Map();
  /** @type {RankedFrame[]} */
  const ranked = [];
  const idOf = new Int32Array(tree.length).fill(-1);
  for (let node = 1; node < tree.length; node++) {
    const name = paths[node] === "" ? profile.names[tree.name[node]] : paths[node];
    const key = `${tree.field[node]} ${name}`;
    let id = ids.get(key);
    if (id === undefined) {
      id = ranked.length;
      ids.set(key, id);
      ranked.push({ name, field: profile.fields[tree.field[node]] ?? "", frames: 0, own: 0, total: 0 });
    }
    idOf[node] = id;
    const row = ranked[id];
    row.frames++;
    row.own += own[node];
    let above = tree.parent[node];
    while (above > 0 && idOf[above] !== id) above = tree.parent[above];
    if (above === 0) row.total += total[node];
  }
  return ranked;
}

/**
 * The first `limit` rows by one column: texts ascending, numbers descending; `reversed` inverts the order.
 * @param {RankedFrame[]} rows
 * @param {RankingKey} key
 * @param {boolean} reversed
 * @param {number} limit
 */
export function sortRanking(rows, key, reversed, limit) {
  /** @param {RankedFrame} a @param {RankedFrame} b */
  const byKey = (a, b) => {
    const [first, second] = [a[key], b[key]];
    if (first === second) return b.total - a.total || (a.name < b.name ? -1 : 1);
    const isBefore = typeof first === "string" ? first < second : Number(first) > Number(second);
    return isBefore !== reversed ? -1 : 1;
  };
  return rows.toSorted(byKey).slice(0, limit);
}
