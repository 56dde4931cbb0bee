/** Rows as NDJSON, `ior.rows/1`: a header record, one record per row, an end record. */
import type { ExactInteger } from "../../runtime/exact_integer.ts";
import { lossOfRows, type ReportHeader, reportRunning, ROWS_SCHEMA } from "../../runtime/report.ts";
import type { RunningCall, StreamRow, WarningRow } from "../../runtime/row.ts";
import type { FieldType } from "../../runtime/row_fields.ts";
import { type ByteText, pieceOf } from "./byte_text.ts";
import type { RowClock } from "./clock.ts";
import { ROW_COLUMN_NAMES, rowColumn } from "./columns.ts";
import { jsonString, jsonValue } from "./json_text.ts";
import { type RowLine, writeLine } from "./row_line.ts";

/** The part of the header in the header record. */
export type RowsHeader = Pick<
  ReportHeader,
  | "ior"
  | "host"
  | "kernel"
  | "arch"
  | "libbpf"
  | "deno"
  | "started"
  | "covers"
  | "triggers"
  | "command"
  | "selection"
  | "sampling"
>;

/** The first record, without a line feed; it names the fields of the rows when they do not have all. */
export function renderRowsHeader(header: RowsHeader, columns: readonly string[] | null = null): string {
  const { ior, host, kernel, arch, libbpf, deno, started, covers, triggers, command, selection, sampling } =
    header;
  const own = {
    schema: ROWS_SCHEMA,
    ior,
    host,
    kernel,
    arch,
    libbpf,
    deno,
    started,
    ...(covers && { covers }),
    ...(triggers && { triggers }),
    command,
    selection,
    ...(sampling && { sampling }),
  };
  return jsonValue(columns === null ? own : { ...own, columns });
}

/** The part of the header in the end record. */
export type RowsEnd = Pick<
  ReportHeader,
  | "wall_ns"
  | "traced_ns"
  | "command_wall_ns"
  | "command_status"
  | "children_left"
  | "loss"
  | "cost"
  | "io_uring_requests"
  | "mapped_io"
  | "sampling"
>;

/** The last record, without a line feed: the number of rows, what was lost, what tracing cost, and what had not returned. */
export function renderRowsEnd(end: RowsEnd, calls: number, running: readonly RunningCall[] = []): string {
  const { wall_ns, traced_ns, command_wall_ns, command_status, children_left, cost, sampling } = end;
  return jsonValue({
    type: "end",
    calls,
    wall_ns,
    ...(traced_ns === undefined ? {} : { traced_ns }),
    ...(command_wall_ns === undefined ? {} : { command_wall_ns }),
    command_status,
    ...(children_left === undefined ? {} : { children_left }),
    loss: lossOfRows(end),
    cost: {
      cpu_ns: cost.cpu_ns,
      bpf_ns_per_call: cost.bpf_ns_per_call,
      bpf_ns_per_run: cost.bpf_ns_per_run ?? null,
      max_rss_bytes: cost.max_rss_bytes,
    },
    running: reportRunning(running),
    io_uring_requests: end.io_uring_requests ?? [],
    ...(end.mapped_io === undefined ? {} : { mapped_io: end.mapped_io }),
    ...(sampling === undefined ? {} : { sampling }),
  });
}

/**
 * The lines of rows with these fields, in their order. Fields that few rows have are left out when they have no value.
 * Throws a `RangeError` for an unknown field.
 */
export function ndjsonLine(clock: RowClock, names: readonly string[] = ROW_COLUMN_NAMES): RowLine {
  const fields = names.map(rowColumn).map((column) => {
    const { name, key, type, optional } = column;
    const quote = type === "timestamp" ? '"' : "";
    const write = writerOf(type, clock);
    return {
      ...column,
      before: pieceOf(`,"${name}":${quote}`),
      after: pieceOf(quote),
      absent: pieceOf(optional ? "" : `,"${name}":null`),
      write: (row: StreamRow, out: ByteText) => write(row[key] as Value, out),
    };
  });
  return { begin: pieceOf('{"type":"row"'), end: pieceOf("}\n"), fields };
}

/** A renderer of these lines, and of warnings. Throws a `RangeError` for an unknown field. */
export function createNdjsonRenderer(
  clock: RowClock,
  names?: readonly string[],
): (row: StreamRow | WarningRow, out: ByteText) => void {
  const line = ndjsonLine(clock, names);
  return (row, out) => {
    if ("warning" in row) out.text(`${warningRecord(row, clock)}\n`);
    else writeLine(line, row, out);
  };
}

type Value = NonNullable<StreamRow[keyof StreamRow]>;

/** Appends a value of a type of fields; a time is without its quotes. */
function writerOf(type: FieldType, clock: RowClock): (value: Value, out: ByteText) => void {
  switch (type) {
    case "text":
      return (value, out) => out.text(jsonString(value as string));
    case "bytes":
      return (value, out) => out.text(`"${(value as Uint8Array).toBase64()}"`);
    case "boolean":
      return (value, out) => out.text(String(value));
    case "timestamp":
      return (value, out) => clock.write(value as number, out);
    default:
      return (value, out) => out.integer(value as ExactInteger);
  }
}

function warningRecord({ seq, timeNs, warning }: WarningRow, clock: RowClock): string {
  const time = clock.timestamp(timeNs);
  return `{"type":"warning","seq":${seq},"time":"${time}","time_ns":${timeNs},"warning":${
    jsonString(warning)
  }}`;
}
