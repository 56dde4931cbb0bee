/** The data of an HTML flamegraph as JSON, `ior.flame/1`: the page's script reads it, and so does ior. */
import { IorError } from "../../../runtime/errors.ts";
import { TRIE_METRICS, type TrieField, type TrieMetric } from "../../../runtime/flame.ts";
import { type Schema, type SchemaFault, schemaFault } from "../../../runtime/json_schema.ts";
import SCHEMA_TEXT from "../../../schema/ior.flame.1.json" with { type: "text" };
import { escapeText } from "../../text/escape.ts";
import type { FlameFact, FlamePage } from "./flame_page.ts";

/** Version of the data. Additive changes keep it; readers ignore unknown fields. */
const FLAME_SCHEMA = "ior.flame/1";

/** What the data is, as it is published. */
const SCHEMA: Schema = JSON.parse(SCHEMA_TEXT);

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

/** The data of a page, as the published schema has it. */
interface PageDocument {
  schema: string;
  title: string;
  facts: FlameFact[];
  metric: TrieMetric;
  inverted?: boolean;
  fields: TrieField[];
  names: string[];
  parent: number[];
  field: number[];
  name: number[];
  own: Record<TrieMetric, number[]>;
  before?: Record<TrieMetric, number[]>;
}

/**
 * The page that {@linkcode encodePage} wrote. `subject` names the source in errors. Throws an {@linkcode IorError} of code
 * `usage` when `json` is anything else: files are untrusted. The data is checked by the published schema; members that
 * the schema does not know are ignored.
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
  const fault = schemaFault(data, SCHEMA) ?? columnFault(data as unknown as PageDocument);
  if (fault !== null) {
    const { at, found, wanted } = fault;
    return refuse(`\`${at}\` of its data is ${escapeText(found)}, it must be ${wanted}`);
  }
  const { title, facts, metric, inverted, fields, names, parent, field, name, own, before } =
    data as unknown as PageDocument;
  return {
    title,
    facts: facts.map(({ label, text, tone }) => ({ label, text, tone })),
    metric,
    profile: {
      fields,
      length: parent.length,
      parent: Int32Array.from(parent),
      field: Uint8Array.from(field),
      name: Int32Array.from(name),
      names,
      own: columnsOf(own),
    },
    ...(inverted ? { inverted } : {}),
    ...(before === undefined ? {} : { before: columnsOf(before) }),
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

/** What the schema cannot say: columns of one length, and indexes that lead to something. */
function columnFault(data: PageDocument): SchemaFault | null {
  const { fields, names, parent, field, name, own, before } = data;
  const values = TRIE_METRICS.flatMap((metric) => [
    [`own.${metric}`, own[metric]] as const,
    [`before.${metric}`, before?.[metric] ?? parent] as const,
  ]);
  for (const [at, list] of [["field", field], ["name", name], ...values] as const) {
    if (list.length !== parent.length) {
      return { at, found: `a list of ${list.length}`, wanted: `of ${parent.length} like \`parent\`` };
    }
  }
  const indexes = [
    ["parent", parent, (i: number) => Math.max(1, i)],
    ["field", field, () => Math.max(1, fields.length)],
    ["name", name, () => names.length],
  ] as const;
  for (const [at, list, endOf] of indexes) {
    const i = list.findIndex((index, i) => index >= endOf(i));
    if (i >= 0) return { at: `${at}[${i}]`, found: String(list[i]), wanted: `less than ${endOf(i)}` };
  }
  return null;
}

function columnsOf(lists: Record<TrieMetric, number[]>): Values {
  return Object.fromEntries(
    TRIE_METRICS.map((metric) => [metric, Float64Array.from(lists[metric])]),
  ) as Values;
}
