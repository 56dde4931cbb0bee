import { errnoNumber } from "../../runtime/errno.ts";
import type { Labels } from "./labels.ts";
import type { RowRecord } from "./rows.ts";
import type { ExpectedRow } from "./scenario.ts";

/** Fields that are always compared, in the order they are shown. */
const COMPARED = [
  "fd",
  "path",
  "old_path",
  "ret",
  "errno",
  "bytes",
  "path_error",
  "path_raw",
  "old_path_raw",
] as const;

/** Fields that are compared where the data has them. */
const ON_REQUEST = [
  "comm",
  "uid",
  "family",
  "restarts",
  "latency_ns",
  "gap_ns",
  "offset_bytes",
  "flags",
] as const;

type Field = typeof COMPARED[number] | typeof ON_REQUEST[number];
type Value = number | string | null;

/** What placeholders stand for. */
export interface Values {
  directory: string;
  program: string;
  labels: Labels;
}

/** An expected row that is ready to be compared. */
export interface Wanted {
  process: string;
  syscall: string;
  fields: Map<Field, Value>;
}

/**
 * Fills in what a missing key means, and the placeholders: `$DIR`, `$BIN` (the workload's program), `$PID:LABEL`,
 * `$TID:LABEL` and `$REPEAT(TEXT,N)`.
 */
export function wantedRow(row: ExpectedRow, values: Values): Wanted {
  const fields = new Map<Field, Value>();
  const set = (field: Field, value: Value | undefined) =>
    fields.set(field, typeof value === "string" ? fill(value, values) : value ?? null);
  for (const field of ["fd", "path", "old_path", "errno", "bytes", "path_error"] as const) {
    set(field, row[field]);
  }
  set("path_raw", null);
  set("old_path_raw", null);
  setBytes(fields, "path", row.path_bytes, values);
  setBytes(fields, "old_path", row.old_path_bytes, values);
  const { errno } = row;
  set("ret", row.ret !== undefined ? row.ret : errno ? -(errnoNumber(errno) ?? NaN) : 0);
  for (const field of ON_REQUEST) if (row[field] !== undefined) set(field, row[field]);
  return { process: row.process, syscall: row.syscall, fields };
}

function fill(text: string, { directory, program, labels }: Values): string {
  return text
    .replaceAll("$DIR", directory)
    .replaceAll("$BIN", program)
    .replace(/\$PID:(\w+)/g, (_, label) => String(labels.pid(label) ?? `(no process ${label})`))
    .replace(/\$TID:(\w+(?:\/t\d+)?)/g, (_, label) => String(labels.tid(label) ?? `(no thread ${label})`))
    .replace(/\$REPEAT\(([^,]*),(\d+)\)/g, (_, part, count) => part.repeat(Number(count)));
}

/** A path given by its bytes: what a reader of UTF-8 makes of it, and the bytes themselves. */
function setBytes(
  fields: Map<Field, Value>,
  field: "path" | "old_path",
  text: string | undefined,
  values: Values,
): void {
  if (text === undefined) return;
  const parts = fill(text, values).split(/\\x([0-9a-f]{2})/);
  const bytes = parts.flatMap((part, i) =>
    i % 2 ? [parseInt(part, 16)] : [...new TextEncoder().encode(part)]
  );
  fields.set(field, new TextDecoder().decode(Uint8Array.from(bytes)));
  fields.set(`${field}_raw`, Uint8Array.from(bytes).toBase64());
}

/** True when a found row is what was wanted. */
export function matches(wanted: Wanted, found: RowRecord, labels: Labels): boolean {
  if (wanted.syscall !== found.syscall || wanted.process !== labels.of(found)) return false;
  for (const [field, value] of wanted.fields) {
    if (!valueMatches(field, value, found[field] ?? null)) return false;
  }
  return true;
}

function valueMatches(field: Field, wanted: Value, found: Value): boolean {
  if (wanted === found) return true;
  if (typeof wanted !== "string") return false;
  if (field === "path" || field === "old_path") {
    return wanted.includes("*") && typeof found === "string" && starPattern(wanted).test(found);
  }
  if (typeof found !== "number") return false;
  if (wanted === "any") return true;
  if (wanted === ">0") return found > 0;
  if (wanted === ">=0") return found >= 0;
  return /^\d+$/.test(wanted) && Number(wanted) === found;
}

/** `*` stands for digits. */
function starPattern(text: string): RegExp {
  return new RegExp(`^${text.split("*").map((part) => part.replace(/[^\w]/g, "\\$&")).join("\\d+")}$`);
}

/** A row in one line, with the fields that say something. */
export function showWanted({ process, syscall, fields }: Wanted): string {
  return show(process, syscall, [...fields]);
}

/** The same of a found row, with the fields that are compared. */
export function showFound(row: RowRecord, labels: Labels, extra: readonly ExpectedRow[]): string {
  const asked = ON_REQUEST.filter((field) => extra.some((expected) => expected[field] !== undefined));
  return show(
    labels.of(row),
    row.syscall,
    [...COMPARED, ...asked].map((field) => [field, row[field] ?? null]),
  );
}

function show(process: string, syscall: string, fields: [Field, Value][]): string {
  const shown = fields.filter(([field, value]) => value !== null || field === "ret").map(([field, value]) => {
    const text = typeof value === "string" && value.length > 200
      ? `${value.slice(0, 200)}… (${value.length})`
      : value;
    return `${field}=${JSON.stringify(text)}`;
  });
  return `${process} ${syscall} ${shown.join(" ")}`;
}
