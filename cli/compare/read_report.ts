/** Reports that were written as JSON, read back. */
import { IorError } from "../../runtime/errors.ts";
import { type Report, REPORT_SCHEMA, type ReportHistogram, ROWS_SCHEMA } from "../../runtime/report.ts";
import { type Schema, type SchemaFault, schemaFault } from "../../runtime/json_schema.ts";
import REPORT_TEXT from "../../schema/ior.report.1.json" with { type: "text" };

/** What a report is, as it is published. */
const REPORT: Schema = JSON.parse(REPORT_TEXT);

/** An integer too long for a double. */
const LONG_INTEGER = /(?<![\d.])\d{16,}/;

/**
 * Reads the document of `ior trace --json`; `name` is the file's, for errors. It is checked by the published schema; members
 * that the schema does not know are ignored: a newer ior may say more. Integers beyond 2^53 become `bigint`, exactly.
 *
 * Throws an {@linkcode IorError} of code `usage` for what is no JSON, cut short, of another schema, several reports in one
 * file, or a report with something else in place of what must be there.
 */
export function readReport(content: string, name: string): Report {
  const document = parseDocument(content, name);
  checkSchema(document, name);
  const fault = schemaFault(document, REPORT) ?? contentFault(document as Report);
  if (fault !== null) {
    const { at, found, wanted } = fault;
    throw new IorError("usage", `Cannot read ${name}: ${at} is ${found}, it must be ${wanted}`, {
      hint: `Write it again with ior trace --json -o ${name}`,
    });
  }
  const report = document as Report;
  const { wall_ns, traced_ns, command_wall_ns } = report; // doubles in every other report
  return {
    ...report,
    wall_ns: Number(wall_ns),
    ...(traced_ns !== undefined && { traced_ns: Number(traced_ns) }),
    ...(command_wall_ns != null && { command_wall_ns: Number(command_wall_ns) }),
  };
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
    throw refuse(name, "it is not JSON, or it was cut short", cause);
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

/** `JSON.parse`, but for integers that a double would round. */
function parseExact(content: string): unknown {
  if (!LONG_INTEGER.test(content)) return JSON.parse(content);
  const revive = (_: string, value: unknown, { source }: { source?: string }) =>
    typeof value === "number" && !Number.isSafeInteger(value) && /^-?\d+$/.test(source ?? "")
      ? BigInt(source!)
      : value;
  // The third argument is of ES2026 ("JSON.parse source text access"); the types do not know it.
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

/** What the schema cannot say: buckets that have a width. */
function contentFault(report: Report): SchemaFault | null {
  for (const [at, { buckets }] of histograms(report)) {
    const i = buckets.findIndex(([low, high]) => !(low < high));
    if (i >= 0) {
      const [low, high] = buckets[i];
      return {
        at: `${at}.buckets[${i}]`,
        found: `from ${low} to ${high}`,
        wanted: "from a value to a larger one",
      };
    }
  }
  return null;
}

/** The histograms of a report and where they are. */
function* histograms({ syscalls, groups }: Report): Generator<[at: string, histogram: ReportHistogram]> {
  for (const [i, { latency, gap, size, on_files }] of syscalls.entries()) {
    yield* Object.entries({ latency, gap, size }).map(([name, histogram]) =>
      [`syscalls[${i}].${name}`, histogram] as [string, ReportHistogram]
    );
    if (on_files !== undefined) yield [`syscalls[${i}].on_files.latency`, on_files.latency];
  }
  for (const [i, { rows, other }] of groups.entries()) {
    for (const [k, { latency }] of rows.entries()) yield [`groups[${i}].rows[${k}].latency`, latency];
    if (other !== null) yield [`groups[${i}].other.latency`, other.latency];
  }
}
