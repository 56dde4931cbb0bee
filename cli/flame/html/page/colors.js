/** Colours: hue by a frame's field, shade by its name; in a comparison, by its change. */
import { hashOf } from "./names.js";
import { OTHER_FRAME } from "./profile.js";

/** @import { FlameModel } from "./model.js" */

/** Hue in degrees and saturation in percent of each field; a field that is not listed looks like a path. */
const FIELD_TINTS = /** @type {Record<string, [number, number]>} */ ({
  path: [28, 84],
  comm: [150, 42],
  syscall: [212, 66],
  pid: [268, 46],
  tid: [300, 36],
  flags: [345, 52],
});

/** Colours of growth, and of shrinkage: few, so that frames drawn consecutively share them. */
const CHANGE_STEPS = 128;

/** The flag of a successful call; all others stand out. */
const QUIET_FLAG = "ok";

/** Shades of one field: neighbours differ, and a name has the same shade in every graph. */
const SHADES = 16;

/**
 * What the canvas uses of a theme. `saturation` scales that of the fields; `lightness` and `spread` are percent;
 * `quiet` is for frames that do not match a search.
 */
export const PALETTES = {
  light: {
    page: "#ffffff",
    text: "#1c1a17",
    value: "#1c1a17b0",
    saturation: 1,
    lightness: 77,
    spread: 9,
    hueSpread: 16,
    quiet: "#ecebe8",
    quietText: "#8b8780",
    found: "#b3128f",
    foundText: "#ffffff",
    root: "#e3e0da",
    ok: "#e6e2e0",
    rest: "#d8d4cc",
    same: [40, 8, 88],
    grown: { hue: 8, saturation: [44, 84], lightness: [87, 58] },
    shrunk: { hue: 214, saturation: [34, 80], lightness: [88, 60] },
  },
  dark: {
    page: "#17181b",
    text: "#f3f1ec",
    value: "#f3f1ecb0",
    saturation: 0.78,
    lightness: 34,
    spread: 8,
    hueSpread: 16,
    quiet: "#26272b",
    quietText: "#77777c",
    found: "#e254c0",
    foundText: "#1b0516",
    root: "#34353a",
    ok: "#33312f",
    rest: "#3d3e44",
    same: [40, 4, 25],
    grown: { hue: 8, saturation: [22, 66], lightness: [27, 47] },
    shrunk: { hue: 214, saturation: [22, 62], lightness: [28, 48] },
  },
};

/** @typedef {typeof PALETTES.light} Palette */

/**
 * A colour as `#rrggbb`, which every image viewer supports.
 * @param {number} hue Degrees.
 * @param {number} saturation Percent, like `lightness`.
 * @param {number} lightness
 */
function hexOf(hue, saturation, lightness) {
  const l = lightness / 100;
  const chroma = saturation / 100 * Math.min(l, 1 - l);
  /** @param {number} shift */
  const channel = (shift) => {
    const at = (shift + hue / 30 + 12) % 12;
    const value = l - chroma * Math.max(-1, Math.min(at - 3, 9 - at, 1));
    return Math.round(value * 255).toString(16).padStart(2, "0");
  };
  return `#${channel(0)}${channel(8)}${channel(4)}`;
}

/**
 * Fill of each field's frames by shade.
 * @param {Palette} palette
 * @param {readonly string[]} fields
 * @returns {string[][]}
 */
function shadesOf({ saturation, lightness, spread, hueSpread }, fields) {
  return (fields.length === 0 ? ["path"] : fields).map((field) => {
    const [hue, s] = FIELD_TINTS[field] ?? FIELD_TINTS.path;
    return Array.from({ length: SHADES }, (_, shade) => {
      // Two bits for the hue, two for the lightness.
      const h = hue + ((shade & 3) / 3 - 0.5) * hueSpread;
      const l = lightness + ((shade >> 2) / 3 - 0.5) * spread;
      return hexOf(h, s * saturation, l);
    });
  });
}

/**
 * The colour that stands for a field in the controls.
 * @param {Palette} palette
 * @param {string} field
 */
export function fieldColor({ saturation, lightness }, field) {
  const [hue, s] = FIELD_TINTS[field] ?? FIELD_TINTS.path;
  return hexOf(hue, s * saturation, lightness);
}

/**
 * How much a frame grew or shrank, from -1 to 1: its change relative to the larger side's grand total.
 * @param {number} before
 * @param {number} after
 * @param {number} whole
 */
export function changeOf(before, after, whole) {
  return whole > 0 ? (after - before) / whole : 0;
}

/**
 * Colour of a change. Small changes are easier to distinguish than large ones: a few percent of the total matter.
 * @param {Palette} palette
 * @param {number} change As returned by `changeOf`.
 */
export function changeColor({ same, grown, shrunk }, change) {
  if (change === 0) return hexOf(same[0], same[1], same[2]);
  const { hue, saturation, lightness } = change < 0 ? shrunk : grown;
  const part = Math.sqrt(Math.ceil(Math.min(1, Math.abs(change)) * CHANGE_STEPS) / CHANGE_STEPS);
  const [s, l] = [saturation, lightness].map(([from, to]) => from + (to - from) * part);
  return hexOf(hue, s, l);
}

/**
 * The fill of frames outside comparisons: a function of field and name. Names have the same colour in
 * every picture, so that pictures can be compared.
 * @param {Palette} palette
 * @param {readonly string[]} fields
 * @returns {(field: number, name: string) => string}
 */
export function plainFill(palette, fields) {
  const shades = shadesOf(palette, fields);
  return (field, name) => {
    if (name === OTHER_FRAME) return palette.rest;
    if (name === QUIET_FLAG && fields[field] === "flags") return palette.ok;
    return shades[field][hashOf(name) % SHADES];
  };
}

/**
 * The fill of each frame: a function of its node.
 * @param {FlameModel} model
 * @param {Palette} palette
 * @returns {(node: number) => string}
 */
export function frameFill({ profile, tree, view, found }, palette) {
  const { matched } = found;
  const { totalBefore, total } = tree;
  const plain = plainFill(palette, profile.fields);
  const after = total[view.metric];
  const before = totalBefore?.[view.metric];
  const whole = before ? Math.max(before[0], after[0]) : 0;
  return (node) => {
    if (matched !== null) return matched[node] === 1 ? palette.found : palette.quiet;
    if (before) return changeColor(palette, changeOf(before[node], after[node], whole));
    if (node === 0) return palette.root;
    return plain(tree.field[node], profile.names[tree.name[node]]);
  };
}
