/** Reads reports that were written as JSON. */
import { IorError } from "../../runtime/errors.ts";
import { type Report, REPORT_SCHEMA, ROWS_SCHEMA } from "../../runtime/report.ts";
import {
  amount,
  anyObject,
  type Check,
  count,
  list,
  object,
  oneOf,
  optional,
  orNull,
  record,
  ShapeError,
  smallCount,
  text,
} from "./shape.ts";

/** An integer too long for a double. */
const LONG_INTEGER = /(?<![\d.])\d{16,}/;

/**
 * Reads the document of `ior trace --json`; `name` is that of the file, for errors. Only the members that comparisons and
 * assertions use are checked: a document of another version may have more. Integers beyond 2^53 become `bigint`, exactly.
 *
 * Throws an {@linkcode IorError} of code `usage` for text that is not JSON, is truncated, or has another schema, for several
 * reports in one file, and for a report with missing or wrong members.
 */
export function readReport(content: string, name: string): Report {
  const document = parseDocument(content, name);
  checkSchema(document, name);
  try {
    REPORT(document, "report");
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    throw new IorError("usage", `Cannot read ${name}: ${error.message.replace(/^report\./, "")}`, {
      hint: `Write it again with ior trace --json -o ${name}`,
      cause: error,
    });
  }
  return document as unknown as Report;
}

function parseDocument(content: string, name: string): unknown {
  try {
    return parseExact(content);
  } catch (cause) {
    const trimmed = content.trim();
    const lines = trimmed.split("\n", 2);
    if (trimmed === "") throw refuse(name, "it is empty", cause);
    // Rows and the reports of --interval are a document a line.
    const first = parseLine(lines[0]);
    if (first !== undefined) {
      checkSchema(first, name);
      if (lines.length > 1) {
        throw refuse(name, "it holds more than one report, it must be one", cause, ONE_OF_THEM);
      }
    }
    throw refuse(name, "it is not JSON, or it is truncated", cause);
  }
}

const ONE_OF_THEM = "Take one line of it, or write a report without --interval";

function parseLine(line: string): unknown {
  try {
    return parseExact(line);
  } catch {
    return undefined;
  }
}

/** `JSON.parse` that keeps integers exact that a double would round. */
function parseExact(content: string): unknown {
  if (!LONG_INTEGER.test(content)) return JSON.parse(content);
  const revive = (_: string, value: unknown, { source }: { source?: string }) =>
    typeof value === "number" && !Number.isSafeInteger(value) && /^-?\d+$/.test(source ?? "")
      ? BigInt(source!)
      : value;
  // The third argument is from ES2026 ("JSON.parse source text access"); the types lack it.
  return JSON.parse(content, revive as (key: string, value: unknown) => unknown);
}

function checkSchema(document: unknown, name: string): void {
  const schema = typeof document === "object" && document !== null && "schema" in document
    ? document.schema
    : undefined;
  if (schema === REPORT_SCHEMA) return;
  if (typeof schema !== "string") throw refuse(name, "it is JSON, but not a report of ior");
  const hint = schema === ROWS_SCHEMA ? "It holds rows: ior report --json makes a report of them" : undefined;
  throw refuse(name, `its schema is ${schema.slice(0, 40)}, it must be ${REPORT_SCHEMA}`, undefined, hint);
}

function refuse(
  name: string,
  reason: string,
  cause?: unknown,
  hint = "Write a report with ior trace --json -o FILE",
): IorError {
  return new IorError("usage", `Cannot read ${name}: ${reason}`, { hint, cause });
}

const HISTOGRAM: Check = object({ relative_error: amount, buckets: list(bucket) });

function bucket(value: unknown, at: string): void {
  list(smallCount)(value, at);
  const [low, high, calls, more] = value as number[];
  if (!(low < high) || calls === undefined || more !== undefined) {
    throw new ShapeError(at, value, "three numbers: low, high above it, calls");
  }
}

const LATENCY = orNull(smallCount);

/** What every table measures. */
const MEASURES = {
  calls: smallCount,
  errors: smallCount,
  read_bytes: count,
  write_bytes: count,
  total_ns: count,
  mean_ns: LATENCY,
  p50_ns: LATENCY,
  p90_ns: LATENCY,
  p99_ns: LATENCY,
  max_ns: LATENCY,
};

const GROUP_ROW = object({
  syscall: optional(text),
  family: optional(text),
  pid: optional(smallCount),
  comm: optional(text),
  started: optional(text),
  path: optional(orNull(text)),
  path_raw: optional(text),
  errno: optional(orNull(text)),
  ...MEASURES,
  latency: HISTOGRAM,
});

/** The members of a report that are used. */
const REPORT: Check = object({
  ior: text,
  host: text,
  kernel: text,
  arch: text,
  command: orNull(list(text)),
  command_status: orNull(anyObject),
  started: text,
  wall_ns: amount,
  selection: anyObject,
  loss: object({ state: oneOf("none", "some", "unknown"), calls: orNull(smallCount) }),
  calls: smallCount,
  errors: smallCount,
  read_bytes: count,
  write_bytes: count,
  total_ns: count,
  syscalls: list(
    object({ syscall: text, family: text, ...MEASURES, latency: HISTOGRAM, gap: HISTOGRAM, size: HISTOGRAM }),
  ),
  files: list(object({ path: text, path_raw: optional(text), ...MEASURES })),
  directories: list(object({ path: text, depth: smallCount, ...MEASURES })),
  processes: list(object({ pid: smallCount, comm: text, started: text, ...MEASURES })),
  errors_by: list(object({ errno: text, syscall: text, calls: smallCount })),
  groups: list(
    object({
      by: list(text),
      rows: list(GROUP_ROW),
      other: orNull(object({ ...MEASURES, latency: HISTOGRAM })),
    }),
  ),
  cut: record(object({ rows: smallCount, calls: smallCount })),
  folded: record(smallCount),
});
