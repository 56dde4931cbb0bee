/** The tree for one order of frames, rebuilt from the stacks of the profile. */
import { METRICS, OTHER_FRAME } from "./profile.js";

/** @import { Profile } from "./profile.js" */

/**
 * @typedef {object} Tree
 * @property {number} length Number of nodes. Each follows its parent; node 0 is the root.
 * @property {Int32Array} parent
 * @property {Uint8Array} field Index in the profile's fields.
 * @property {Int32Array} name
 * @property {Int32Array} depth Number of ancestors; 0 for the root.
 * @property {Float64Array[]} own Own values by metric.
 * @property {Float64Array[]} total Own values plus those of all descendants.
 * @property {Float64Array[] | null} ownBefore The same for the earlier run, only in a comparison.
 * @property {Float64Array[] | null} totalBefore
 */

/**
 * A node of the profile with a value of its own is one stack. Its frames are grouped by field, and the groups follow
 * the new order; frames of hidden fields are removed, and stacks that become equal are added up. A stack that was
 * folded lacks the fields after its `[other]`, which stands for them.
 *
 * @param {Profile} profile
 * @param {number[]} order Fields to show, as indexes, from the root outwards.
 * @param {boolean} reversed Each stack from its last frame to its first.
 * @returns {Tree}
 */
export function buildTree(profile, order, reversed) {
  const { parent, field, name, fields, names } = profile;
  const sides = profile.before === null ? [profile.own] : [profile.own, profile.before];
  const columns = sides.flat();
  const nodes = createNodes(names.length, Math.max(1, fields.length));
  const target = new Int32Array(profile.length).fill(-1);
  const other = names.indexOf(OTHER_FRAME);
  /** @type {number[][]} */
  const groups = Array.from({ length: Math.max(1, fields.length) }, () => []);
  for (let node = 0; node < profile.length; node++) {
    if (!columns.some((column) => column[node] > 0)) continue;
    for (const group of groups) group.length = 0;
    let folded = false;
    for (let at = node; at > 0; at = parent[at]) {
      groups[field[at]].push(name[at]);
      folded ||= name[at] === other;
    }
    let end = 0;
    for (let i = 0; i < order.length; i++) {
      const index = reversed ? order[order.length - 1 - i] : order[i];
      const group = groups[index];
      if (folded && group.length === 0) group.push(other);
      // A group is collected from the leaf to the root.
      for (let k = 0; k < group.length; k++) {
        end = nodes.child(end, index, group[reversed ? k : group.length - 1 - k]);
      }
    }
    target[node] = end;
  }
  const tree = nodes.finish();
  const own = columns.map((column) => {
    const sums = new Float64Array(tree.length);
    for (let node = 0; node < profile.length; node++) {
      if (target[node] >= 0) sums[target[node]] += column[node];
    }
    return sums;
  });
  const total = own.map((column) => totalsOf(tree.parent, column));
  const split = METRICS.length;
  const compared = sides.length > 1;
  return {
    ...tree,
    own: own.slice(0, split),
    total: total.slice(0, split),
    ownBefore: compared ? own.slice(split) : null,
    totalBefore: compared ? total.slice(split) : null,
  };
}

/**
 * @param {Int32Array} parent
 * @param {Float64Array} own
 */
export function totalsOf(parent, own) {
  const total = own.slice();
  for (let node = total.length - 1; node > 0; node--) total[parent[node]] += total[node];
  return total;
}

/**
 * Nodes indexed by parent, field and name, in a hash table with open addressing.
 * @param {number} nameCount
 * @param {number} fieldCount
 */
function createNodes(nameCount, fieldCount) {
  let length = 1;
  let parent = new Int32Array(1024);
  let field = new Uint8Array(1024);
  let name = new Int32Array(1024);
  let depth = new Int32Array(1024);
  let slots = new Int32Array(4096);

  /** @param {number} a @param {number} b @param {number} c */
  const slotOf = (a, b, c) => {
    let hash = Math.imul(a, 0x9e3779b1) ^ Math.imul(c * fieldCount + b + nameCount, 0x85ebca6b);
    hash ^= hash >>> 15;
    return Math.imul(hash, 0x2c1b3c6d) >>> 0;
  };
  const grow = () => {
    const size = 2 * parent.length;
    parent = copyOf(new Int32Array(size), parent);
    field = copyOf(new Uint8Array(size), field);
    name = copyOf(new Int32Array(size), name);
    depth = copyOf(new Int32Array(size), depth);
    slots = new Int32Array(4 * size);
    for (let node = 1; node < length; node++) {
      let slot = slotOf(parent[node], field[node], name[node]) & (slots.length - 1);
      while (slots[slot] !== 0) slot = (slot + 1) & (slots.length - 1);
      slots[slot] = node;
    }
  };
  return {
    /** @param {number} above @param {number} fieldIndex @param {number} nameId @returns {number} */
    child(above, fieldIndex, nameId) {
      let slot = slotOf(above, fieldIndex, nameId) & (slots.length - 1);
      for (let node = slots[slot]; node !== 0; node = slots[slot]) {
        if (parent[node] === above && field[node] === fieldIndex && name[node] === nameId) return node;
        slot = (slot + 1) & (slots.length - 1);
      }
      if (length === parent.length) {
        grow();
        return this.child(above, fieldIndex, nameId);
      }
      parent[length] = above;
      field[length] = fieldIndex;
      name[length] = nameId;
      depth[length] = depth[above] + 1;
      slots[slot] = length;
      return length++;
    },
    finish: () => ({
      length,
      parent: parent.slice(0, length),
      field: field.slice(0, length),
      name: name.slice(0, length),
      depth: depth.slice(0, length),
    }),
  };
}

/**
 * @template {Int32Array | Uint8Array} T
 * @param {T} to
 * @param {T} from
 */
function copyOf(to, from) {
  to.set(from);
  return to;
}
