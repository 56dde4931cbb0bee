/** Damage to JSON that leaves it JSON: what readers must check is then what it says. */
import type { Draw } from "./draw.ts";

type Parent = Record<string, unknown>;

/** Values that stand where others belong. `RAW` ones are put in as text: JSON has numbers that doubles do not. */
const VALUES: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  0.5,
  1e308,
  -1e308,
  2 ** 31,
  2 ** 32,
  2 ** 53,
  "",
  "x",
  "\u001b]0;x\u0007",
  "\u0000\ud800\u2028",
  "/" + "a/".repeat(2_000),
  "2026-13-40T25:61:61.999999999999Z",
  "+999999-12-31T23:59:59Z",
  "9999-12-31T23:59:59.999999999Z",
  "0000-01-01T00:00:00Z",
  [],
  {},
  [null],
  [[]],
  { __proto__: null, constructor: 1, toString: null },
];

const RAW = [
  "1e999",
  "-0",
  "9007199254740993",
  "18446744073709551616",
  "-9223372036854775809",
  `1${"0".repeat(400)}`,
];

/** What a raw number stands in for until the text is made. */
const PLACE = "\u0001raw";

/** A member like any other, also `__proto__`. */
const OPEN = { enumerable: true, configurable: true, writable: true };

const NAMES = ["__proto__", "constructor", "toString", "length", "", "seq", "path", "syscall"];

/** The JSON with some of its values changed, moved, repeated or left out. */
export function mutateJson(json: string, draw: Draw): string {
  const { whole, pick, oneIn } = draw;
  const root: Parent = { value: JSON.parse(json) };
  for (let times = 1 + whole(3); times > 0; times--) {
    const { parent, key } = pick(placesIn(root));
    switch (whole(8)) {
      case 0:
        if (Array.isArray(parent)) parent.splice(Number(key), 1);
        else if (parent !== root) delete parent[key];
        break;
      case 1: {
        const { parent: other, key: name } = pick(placesIn(root));
        parent[key] = structuredClone(other[name]);
        break;
      }
      case 2:
        if (Array.isArray(parent)) parent.splice(Number(key), 0, ...Array(whole(20)).fill(parent[key]));
        else Object.defineProperty(parent, pick(NAMES), { ...OPEN, value: structuredClone(pick(VALUES)) });
        break;
      case 3:
        parent[key] = PLACE + whole(RAW.length);
        break;
      case 4:
        parent[key] = Array.isArray(parent[key]) ? { ...parent[key] } : [parent[key]];
        break;
      case 5:
        // Not String(): one of VALUES has a toString that is no function.
        parent[key] = typeof parent[key] === "number"
          ? String(parent[key])
          : (JSON.stringify(parent[key]) ?? "").length;
        break;
      default:
        parent[key] = structuredClone(pick(VALUES));
    }
  }
  const text = (JSON.stringify(root.value) ?? "").replace(/"\\u0001raw(\d)"/g, (_, i) => RAW[i]);
  return oneIn(50) ? nested(text, draw) : text;
}

/** Deeper than any stack. */
function nested(text: string, { whole, pick }: Draw): string {
  const depth = pick([10, 1_000, 100_000]);
  const at = whole(text.length);
  const close = pick([true, false]);
  return text.slice(0, at) + "[".repeat(depth) + (close ? "]".repeat(depth) : "") + text.slice(at);
}

/** Every value that is in another, with where it is. */
function placesIn(root: Parent): { parent: Parent; key: string }[] {
  const places: { parent: Parent; key: string }[] = [];
  const visit = (parent: Parent) => {
    for (const key of Object.keys(parent)) {
      places.push({ parent, key });
      const value = parent[key];
      if (typeof value === "object" && value !== null) visit(value as Parent);
    }
  };
  visit(root);
  return places;
}
