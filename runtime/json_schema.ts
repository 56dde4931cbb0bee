/** Documents from elsewhere, held against a published JSON schema (2020-12, the keywords that ior's own schemas use). */
import { parseTime } from "./rfc3339.ts";

/** A schema, or a part of one. */
export type Schema = boolean | { readonly [keyword: string]: unknown };

/** Why a document is refused: where, what stands there, what should. */
export interface SchemaFault {
  /** The member, for instance `files[3].path`; empty for the whole document. */
  at: string;
  found: string;
  wanted: string;
}

/** Longest value shown of a document, in characters. */
const SHOWN_MAX = 40;

/**
 * The first member that is not as the schema has it, `null` when all are. Members that the schema does not know are no fault.
 * Whole numbers may be `bigint`. References lead to the `$defs` of `root`.
 */
export function schemaFault(value: unknown, schema: Schema, root: Schema = schema): SchemaFault | null {
  if (typeof schema === "boolean") return schema ? null : faultOf(value, "left out");
  for (const part of included(schema, root)) {
    const fault = schemaFault(value, part, root);
    if (fault !== null) return fault;
  }
  if (!holds(value, schema)) return faultOf(value, wantedText(schema));
  if (schema.oneOf !== undefined) {
    const faults = list(schema.oneOf).map((part) => schemaFault(value, part as Schema, root));
    if (!faults.includes(null)) return nearest(faults as SchemaFault[]);
  }
  if (Array.isArray(value)) return itemFault(value, schema, root);
  return isObject(value) ? memberFault(value, schema, root) : null;
}

/** The fault of the choices that a value comes nearest to: those that are found deepest, what they want as one. */
function nearest(faults: readonly SchemaFault[]): SchemaFault {
  const deepest = faults.reduce((best, fault) => fault.at.length > best.at.length ? fault : best);
  const wanted = faults.filter(({ at }) => at === deepest.at).map((fault) => fault.wanted);
  return { ...deepest, wanted: [...new Set(wanted)].join(" or ") };
}

function memberFault(
  value: Record<string, unknown>,
  { required, properties = {}, additionalProperties = true }: Exclude<Schema, boolean>,
  root: Schema,
): SchemaFault | null {
  const known = properties as Record<string, Schema>;
  for (const name of list(required) as string[]) {
    if (Object.hasOwn(value, name)) continue;
    return { ...faultOf(undefined, wantedText(resolved(known[name] ?? true, root))), at: name };
  }
  for (const [name, item] of Object.entries(value)) {
    const schema = Object.hasOwn(known, name) ? known[name] : additionalProperties as Schema;
    const fault = schemaFault(item, schema, root);
    if (fault !== null) return within(name, fault);
  }
  return null;
}

function itemFault(
  value: readonly unknown[],
  { prefixItems, items = true }: Exclude<Schema, boolean>,
  root: Schema,
): SchemaFault | null {
  const first = list(prefixItems) as Schema[];
  for (let i = 0; i < value.length; i++) {
    const fault = schemaFault(value[i], first[i] ?? items as Schema, root);
    if (fault !== null) return within(`[${i}]`, fault);
  }
  return null;
}

/** A fault of a part, placed in what the part belongs to. */
function within(place: string, fault: SchemaFault): SchemaFault {
  const { at } = fault;
  return { ...fault, at: at === "" || at.startsWith("[") ? place + at : `${place}.${at}` };
}

/** Whether a value itself, apart from what is in it, is as the keywords of one schema say. */
function holds(value: unknown, schema: Exclude<Schema, boolean>): boolean {
  const { type, enum: texts, minimum, maximum, exclusiveMinimum, format, pattern } = schema;
  const { minItems, maxItems, uniqueItems } = schema;
  if (type !== undefined && !list(type).some((name) => isOfType(value, String(name)))) return false;
  if ("const" in schema && value !== schema.const) return false;
  if (texts !== undefined && !list(texts).includes(value)) return false;
  if (typeof value === "number" || typeof value === "bigint") {
    return !(value < Number(minimum) || value > Number(maximum) || value <= Number(exclusiveMinimum));
  }
  if (typeof value === "string") {
    if (format !== undefined && !isOfFormat(value, String(format))) return false;
    return pattern === undefined || new RegExp(String(pattern), "u").test(value);
  }
  if (!Array.isArray(value)) return true;
  if (value.length < Number(minItems) || value.length > Number(maxItems)) return false;
  return uniqueItems !== true || new Set(value).size === value.length;
}

function isOfType(value: unknown, type: string): boolean {
  switch (type) {
    case "integer":
      return typeof value === "bigint" || Number.isInteger(value);
    case "number":
      return typeof value === "bigint" || Number.isFinite(value);
    case "array":
      return Array.isArray(value);
    case "object":
      return isObject(value);
    case "null":
      return value === null;
    case "string":
      return typeof value === "string";
    case "boolean":
      return typeof value === "boolean";
    default:
      throw new TypeError(`There is no type ${type} in a schema`);
  }
}

function isOfFormat(value: string, format: string): boolean {
  if (format !== "date-time") throw new TypeError(`There is no format ${format} in a schema`);
  return parseTime(value) !== null;
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  integer: "a whole number",
  number: "a number",
  string: "a text",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  null: "null",
};

/** What a schema wants of a value itself, in words. */
function wantedText(schema: Schema): string {
  if (typeof schema === "boolean") return "there";
  if ("const" in schema) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return `one of ${list(schema.enum).map(String).join(", ")}`;
  if (schema.format !== undefined) return "a time of RFC 3339 in UTC, with nanoseconds";
  const types = list(schema.type).filter((type) => type !== "null").map((type) => TYPE_WORDS[String(type)]);
  if (types.length === 0) return schema.type === undefined ? "there" : "null";
  const orNull = list(schema.type).includes("null") ? ", or null" : "";
  return `${types.join(" or ")}${limitText(schema)}${orNull}`;
}

function limitText(schema: Exclude<Schema, boolean>): string {
  const { minimum, maximum, exclusiveMinimum, minItems, maxItems, pattern } = schema;
  if (pattern !== undefined) return ` of the form ${pattern}`;
  if (exclusiveMinimum !== undefined) return ` above ${exclusiveMinimum}, at most ${maximum}`;
  if (minimum !== undefined) {
    return maximum === undefined ? ` from ${minimum} on` : ` from ${minimum} to ${limitWord(maximum)}`;
  }
  if (minItems === undefined) return "";
  if (maxItems === undefined) return ` of ${minItems} or more`;
  return maxItems === minItems ? ` of ${minItems}` : ` of ${minItems} to ${maxItems}`;
}

/** A limit as people write it. */
function limitWord(limit: unknown): string {
  if (limit === Number.MAX_SAFE_INTEGER) return "2^53 - 1";
  return limit === 2 ** 128 ? "2^128" : String(limit);
}

/** The part of a schema that says of what type a value is. */
function resolved(schema: Schema, root: Schema): Schema {
  if (typeof schema === "boolean" || schema.type !== undefined) return schema;
  const [next] = included(schema, root);
  return next === undefined ? schema : resolved(next, root);
}

const NOTHING_INCLUDED: readonly Schema[] = [];

/** The schemas that hold together with this one. */
function included({ $ref, allOf }: Exclude<Schema, boolean>, root: Schema): readonly Schema[] {
  if ($ref === undefined && allOf === undefined) return NOTHING_INCLUDED;
  return [...list($ref).map((ref) => definition(root, String(ref))), ...list(allOf) as Schema[]];
}

function definition(root: Schema, ref: string): Schema {
  const definitions = (root as { $defs?: Record<string, Schema> }).$defs ?? {};
  const found = definitions[ref.replace("#/$defs/", "")];
  if (found === undefined) throw new TypeError(`There is no ${ref} in the schema`);
  return found;
}

function list(value: unknown): readonly unknown[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

function faultOf(value: unknown, wanted: string): SchemaFault {
  return { at: "", found: shownValue(value), wanted };
}

/** A value as an error shows it. */
function shownValue(value: unknown): string {
  if (value === undefined) return "not there";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object" && value !== null) return "an object";
  const json = typeof value === "bigint" ? String(value) : JSON.stringify(value);
  return json.length <= SHOWN_MAX ? json : `${json.slice(0, SHOWN_MAX)}...`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
