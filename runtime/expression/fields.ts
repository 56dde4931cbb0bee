/** The fields of a row that a condition can name. */
import type { Unit } from "./quantities.ts";

/** Type of each field. */
export const FIELDS = {
  syscall: { type: "text" },
  family: { type: "text" },
  comm: { type: "text" },
  path: { type: "text" },
  errno: { type: "text" },
  cgroup: { type: "text" },
  stack: { type: "text" },
  flags: { type: "text" },
  pid: { type: "number", unit: "count" },
  tid: { type: "number", unit: "count" },
  uid: { type: "number", unit: "count" },
  gid: { type: "number", unit: "count" },
  fd: { type: "number", unit: "value" },
  latency: { type: "number", unit: "ns" },
  gap: { type: "number", unit: "ns" },
  iowait: { type: "number", unit: "ns" },
  blocked: { type: "number", unit: "ns" },
  runqueue: { type: "number", unit: "ns" },
  bytes: { type: "number", unit: "bytes" },
  fetched: { type: "number", unit: "bytes" },
  offset: { type: "number", unit: "offset" },
  ret: { type: "number", unit: "value" },
  failed: { type: "flag" },
} as const satisfies Record<string, { type: "text" | "flag" } | { type: "number"; unit: Unit }>;

/** A field that a condition can name. */
export type Field = keyof typeof FIELDS;

/** The fields of a type. */
export type FieldsOf<Type> = {
  [Name in Field]: typeof FIELDS[Name]["type"] extends Type ? Name : never;
}[Field];

/** A field that is a text; `path` is two texts for a call with two paths. */
export type TextField = FieldsOf<"text">;

/** A field that is a number. */
export type NumberField = FieldsOf<"number">;

/** Aliases of fields: where calls are counted by process, the name of a thread is that of its process. */
export const FIELD_ALIASES: Readonly<Record<string, string>> = { process: "comm", comm: "process" };

/** How a text compares: equals one of, equals none of, matches one of the patterns, one of the regular expressions. */
export type TextOperator = "=" | "!=" | "~" | "=~";

/** Every {@linkcode TextOperator}. */
export const TEXT_OPERATORS: readonly TextOperator[] = ["=", "!=", "~", "=~"];

/** How a number compares; the first two accept a list. */
export type NumberOperator = "=" | "!=" | "<" | "<=" | ">" | ">=";

/** Every {@linkcode NumberOperator}. */
export const NUMBER_OPERATORS: readonly NumberOperator[] = ["=", "!=", "<", "<=", ">", ">="];

/** What a trace can be asked to know of each call beside its record: the words of its options. */
export const CALL_EXTRAS = ["waits", "cache", "stacks", "arguments"] as const;

/** One of {@linkcode CALL_EXTRAS}. */
export type CallExtra = typeof CALL_EXTRAS[number];

/** The fields that only a trace with an extra knows. */
export const FIELDS_OF_EXTRAS = {
  waits: ["iowait", "blocked", "runqueue"],
  cache: ["fetched"],
  stacks: ["stack"],
  arguments: ["offset", "flags"],
} as const satisfies Record<CallExtra, readonly string[]>;
