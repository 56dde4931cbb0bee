/** The data of an HTML flamegraph as JSON, `ior.flame/1`: the page's script reads it, and so does ior. */
import { IorError } from "../../../runtime/errors.ts";
import { type FlameProfile, TRIE_FIELDS, TRIE_METRICS, type TrieMetric } from "../../../runtime/flame.ts";
import { escapeText } from "../../text/escape.ts";
import type { FlameFact, FlamePage } from "./flame_page.ts";

/** Version of the data. Additive changes keep it; readers ignore unknown fields. */
const FLAME_SCHEMA = "ior.flame/1";

/** Precedes the data in the page. */
export const DATA_START = '<script type="application/json" id="ior-flame">';

/** Follows the data, which contains no `<`. */
export const DATA_END = "</script>";

/** Characters shown of an unknown schema: enough to recognize it. */
const SCHEMA_SHOWN = 40;

type Values = Record<TrieMetric, Float64Array>;

/**
 * The page's data as JSON that can stand inside a `script` element: no `<`, so that no name ends the element or opens
 * another, and no line separator that old script parsers take for a line break.
 */
export function encodePage({ title, facts, metric, inverted, profile, before }: FlamePage): string {
  const { fields, length, parent, field, name, names, own } = profile;
  const json = JSON.stringify({
    schema: FLAME_SCHEMA,
    title,
    facts: facts.map(({ label, text, tone }) => ({ label, text, tone })),
    metric,
    ...(inverted ? { inverted } : {}),
    fields,
    names,
    parent: numbers(parent, length),
    field: numbers(field, length),
    name: numbers(name, length),
    own: valueLists(own, length),
    ...(before === undefined ? {} : { before: valueLists(before, length) }),
  });
  return json.replace(
    /[<\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function numbers(column: ArrayLike<number> & Iterable<number>, length: number): number[] {
  return Array.from(column).slice(0, length);
}

function valueLists(values: Values, length: number): Record<string, number[]> {
  return Object.fromEntries(TRIE_METRICS.map((metric) => [metric, numbers(values[metric], length)]));
}

/**
 * The page that {@linkcode encodePage} wrote. `subject` names the source in errors. Throws an {@linkcode IorError} of code
 * `usage` when `json` is anything else: files are untrusted.
 */
export function decodePage(json: string, subject: string): FlamePage {
  const refuse = (reason: string): never => {
    throw new IorError("usage", `Cannot read ${subject}: ${reason}`, {
      hint: "Use a file that ior flame wrote, as it was written",
    });
  };
  const data = parseObject(json) ?? refuse("its data is not a JSON object");
  if (data.schema !== FLAME_SCHEMA) {
    const found = typeof data.schema === "string"
      ? `\`${escapeText(data.schema.slice(0, SCHEMA_SHOWN))}\``
      : "missing";
    return refuse(`its schema is ${found}, ${FLAME_SCHEMA} is wanted`);
  }
  const take = <T>(key: string, read: (value: unknown) => T | undefined): T =>
    read(data[key]) ?? refuse(`\`${key}\` of its data is missing or broken`);
  const own = take("own", (value) => valuesOf(value));
  const length = own.count.length;
  if (length === 0) return refuse("its data has no nodes, one at least is wanted");
  const names = take("names", listReader(textOf));
  const column = (key: string, valid: (value: number, i: number) => boolean): number[] =>
    take(key, (value) => indexesOf(value, length, valid));
  const fields = take("fields", listReader((value) => TRIE_FIELDS.find((field) => field === value)));
  const profile: FlameProfile = {
    fields,
    length,
    parent: Int32Array.from(column("parent", (value, i) => value < Math.max(1, i))),
    field: Uint8Array.from(column("field", (value) => value < Math.max(1, fields.length))),
    name: Int32Array.from(column("name", (value) => value < names.length)),
    names,
    own,
  };
  return {
    title: take("title", textOf),
    facts: take("facts", listReader(factOf)),
    metric: take("metric", (value) => TRIE_METRICS.find((metric) => metric === value)),
    profile,
    ...(data.inverted === true ? { inverted: true } : {}),
    ...("before" in data ? { before: take("before", (value) => valuesOf(value, length)) } : {}),
  };
}

function parseObject(json: string): Record<string, unknown> | null {
  try {
    const value = JSON.parse(json);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function factOf(value: unknown): FlameFact | undefined {
  const { label, text, tone } = (value ?? {}) as Partial<FlameFact>;
  const valid = typeof label === "string" && typeof text === "string" &&
    (tone === null || tone === "good" || tone === "bad");
  return valid ? { label, text, tone } : undefined;
}

/** Reads a list of values that `read` accepts. */
function listReader<T>(read: (item: unknown) => T | undefined): (value: unknown) => T[] | undefined {
  return (value) => {
    const items = Array.isArray(value) ? value.map(read) : [undefined];
    return items.includes(undefined) ? undefined : items as T[];
  };
}

function indexesOf(
  value: unknown,
  length: number,
  valid: (value: number, i: number) => boolean,
): number[] | undefined {
  const fits = Array.isArray(value) && value.length === length &&
    value.every((item, i) => Number.isInteger(item) && item >= 0 && valid(item, i));
  return fits ? value : undefined;
}

/** One column per metric, all of `length` (or of equal length when it is omitted), without negative values. */
function valuesOf(value: unknown, length?: number): Values | undefined {
  const lists = TRIE_METRICS.map((metric) => (value as Partial<Record<string, unknown>> | null)?.[metric]);
  const first = lists[0];
  const wanted = length ?? (Array.isArray(first) ? first.length : 0);
  const valid = lists.every((list) =>
    Array.isArray(list) && list.length === wanted &&
    list.every((item) => Number.isFinite(item) && item >= 0)
  );
  if (!valid) return undefined;
  return Object.fromEntries(
    TRIE_METRICS.map((metric, i) => [metric, Float64Array.from(lists[i] as number[])]),
  ) as Values;
}
