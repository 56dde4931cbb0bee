/** Rows as NDJSON, `ior.rows/1`: a header record, one record per row, an end record. No line ends with its line feed. */
import { type ReportHeader, reportRunning, ROWS_SCHEMA } from "../../runtime/report.ts";
import type { RunningCall, StreamRow, WarningRow } from "../../runtime/row.ts";
import type { RowClock } from "./clock.ts";
import { rowColumn } from "./columns.ts";
import { jsonString, jsonValue } from "./json_text.ts";

/**
 * Quoted names kept: rows repeat few names many times, and a look-up costs less than scanning each character. The
 * cache is emptied when full, so a run over many files costs only what it saves.
 */
const QUOTED_NAMES_MAX = 4096;

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
  | "command"
  | "selection"
  | "sampling"
>;

/** The first record; it names the fields of the rows when they do not have all. */
export function renderRowsHeader(header: RowsHeader, columns: readonly string[] | null = null): string {
  const { ior, host, kernel, arch, libbpf, deno, started, covers, command, selection, sampling } = header;
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
  | "command_wall_ns"
  | "command_status"
  | "children_left"
  | "loss"
  | "cost"
  | "io_uring_requests"
  | "sampling"
>;

/** The last record: the number of rows, what was lost, what tracing cost, and what had not returned. */
export function renderRowsEnd(end: RowsEnd, calls: number, running: readonly RunningCall[] = []): string {
  const { wall_ns, command_wall_ns, command_status, children_left, loss, cost, sampling } = end;
  return jsonValue({
    type: "end",
    calls,
    wall_ns,
    ...(command_wall_ns === undefined ? {} : { command_wall_ns }),
    command_status,
    ...(children_left === undefined ? {} : { children_left }),
    loss: { state: loss.state, calls: loss.calls, by: loss.by },
    cost: {
      cpu_ns: cost.cpu_ns,
      bpf_ns_per_call: cost.bpf_ns_per_call,
      bpf_ns_per_run: cost.bpf_ns_per_run ?? null,
      max_rss_bytes: cost.max_rss_bytes,
    },
    running: reportRunning(running),
    io_uring_requests: end.io_uring_requests ?? [],
    ...(sampling === undefined ? {} : { sampling }),
  });
}

/**
 * A renderer of rows with some of their fields, in this order, and of warnings. Fields that few rows have are left out when
 * they have no value. Throws a `RangeError` for an unknown field.
 */
export function createNdjsonSubsetRenderer(
  clock: RowClock,
  names: readonly string[],
): (row: StreamRow | WarningRow) => string {
  const columns = names.map((name) => ({ ...rowColumn(name), prefix: `,"${name}":` }));
  return (row) => {
    if ("warning" in row) return warningRecord(row, clock);
    let members = "";
    for (const { prefix, optional, value: valueOf } of columns) {
      const value = valueOf(row, clock);
      if (optional && value === null) continue;
      members += `${prefix}${typeof value === "string" ? jsonString(value) : value}`;
    }
    return `{"type":"row"${members}}`;
  };
}

/**
 * A renderer of rows and warnings. It spells the record out by hand: `JSON.stringify` of an object cannot carry 64-bit
 * values, and was measured at two thirds of the speed. A test compares the fields with the columns.
 */
export function createNdjsonRenderer(clock: RowClock): (row: StreamRow | WarningRow) => string {
  const quoted = new Map<string, string>();
  const name = (text: string | null): string => {
    if (text === null) return "null";
    let known = quoted.get(text);
    if (known === undefined) {
      if (quoted.size === QUOTED_NAMES_MAX) quoted.clear();
      quoted.set(text, known = jsonString(text));
    }
    return known;
  };
  return (row) => {
    if ("warning" in row) return warningRecord(row, clock);
    return `{"type":"row","seq":${row.seq},${
      timeMembers(row, clock)
    },"pid":${row.pid},"tid":${row.tid},"comm":${name(row.comm)},"uid":${row.uid},` +
      `"syscall":${name(row.syscall)},"family":${name(row.family)},"fd":${row.fd},"path":${name(row.path)},` +
      `"old_path":${name(row.oldPath)},${pathExtras(row)}"ret":${row.ret},"errno":${name(row.errno)},` +
      `"failed":${row.failed},"bytes":${row.bytes},"latency_ns":${row.latencyNs},"gap_ns":${row.gapNs},` +
      `"restarts":${row.restarts},"epoch":${row.epoch}${groupMember(row, name)}}`;
  };
}

/** The control group with its comma, where it is known. */
function groupMember({ cgroup }: StreamRow, quoted: (text: string) => string): string {
  return cgroup === null ? "" : `,"cgroup":${quoted(cgroup)}`;
}

function warningRecord(row: WarningRow, clock: RowClock): string {
  const warning = jsonString(row.warning);
  return `{"type":"warning","seq":${row.seq},${timeMembers(row, clock)},"warning":${warning}}`;
}

function timeMembers({ timeNs }: StreamRow | WarningRow, clock: RowClock): string {
  return `"time":"${clock.timestamp(timeNs)}","time_ns":${timeNs}`;
}

/** The fields that few rows have, each with its comma. */
function pathExtras(row: StreamRow): string {
  if (row.pathRaw === null && row.oldPathRaw === null && row.pathError === null) return "";
  return (row.pathRaw === null ? "" : `"path_raw":"${row.pathRaw.toBase64()}",`) +
    (row.oldPathRaw === null ? "" : `"old_path_raw":"${row.oldPathRaw.toBase64()}",`) +
    (row.pathError === null ? "" : `"path_error":"${row.pathError}",`);
}
