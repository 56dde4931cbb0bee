/** The data of the page, as columns. */

/**
 * @typedef {object} Profile
 * @property {string} title
 * @property {{label: string, text: string, tone: string | null}[]} facts
 * @property {number} metric Index in METRICS of the metric shown first.
 * @property {boolean} inverted Whether the root is at the bottom at first.
 * @property {string[]} fields Fields of the frames, from the root outwards.
 * @property {string[]} names
 * @property {number} length Number of nodes. Each follows its parent; node 0 is the root.
 * @property {Int32Array} parent
 * @property {Uint8Array} field
 * @property {Int32Array} name
 * @property {Float64Array[]} own Own values by metric; in a comparison, those of the later run.
 * @property {Float64Array[] | null} before Own values of the earlier run by metric, when two runs are compared.
 */

/** Name of the frame that holds what was folded. */
export const OTHER_FRAME = "[other]";

/** What a width can count, in the order of the page's buttons. */
export const METRICS = /** @type {const} */ ([
  { name: "count", title: "Calls", kind: "count", unit: "calls" },
  { name: "duration", title: "Time in calls", kind: "duration", unit: "ns" },
  { name: "gap", title: "Time between calls", kind: "duration", unit: "ns" },
  { name: "bytes", title: "Bytes", kind: "bytes", unit: "bytes" },
]);

/**
 * @param {any} data The embedded document, which ior wrote and checked.
 * @returns {Profile}
 */
export function profileOf(data) {
  /** @param {Record<string, number[]>} lists */
  const columns = (lists) => METRICS.map(({ name }) => Float64Array.from(lists[name]));
  return {
    title: data.title,
    facts: data.facts,
    metric: METRICS.findIndex(({ name }) => name === data.metric),
    inverted: data.inverted === true,
    fields: data.fields,
    names: data.names,
    length: data.parent.length,
    parent: Int32Array.from(data.parent),
    field: Uint8Array.from(data.field),
    name: Int32Array.from(data.name),
    own: columns(data.own),
    before: data.before === undefined ? null : columns(data.before),
  };
}
