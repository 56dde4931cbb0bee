/** Rows as NDJSON, `ior.rows/1`: a header record, one record a row, an end record. No line ends with its line feed. */
import type { Cost, Loss } from "../../runtime/loss.ts";
import { type ReportHeader, ROWS_SCHEMA } from "../../runtime/report.ts";
import type { StreamRow, UringRequests, WarningRow } from "../../runtime/row.ts";
import type { RowClock } from "./clock.ts";
import { jsonString, jsonValue } from "./json_text.ts";

/**
 * Quoted names kept: rows repeat few names many times, and a look-up costs less than looking at each character. When it
 * is full it starts again, so a run over many files costs only what it saves.
 */
const QUOTED_NAMES_MAX = 4096;

/** What the header record tells of the trace. */
export type RowsHeader = Pick<
  ReportHeader,
  "ior" | "host" | "kernel" | "arch" | "started" | "command" | "selection"
>;

/** The first record. */
export function renderRowsHeader(header: RowsHeader): string {
  const { ior, host, kernel, arch, started, command, selection } = header;
  return jsonValue({ schema: ROWS_SCHEMA, ior, host, kernel, arch, started, command, selection });
}

/** The last record: how many calls the rows are, what was lost, and what tracing cost. */
export function renderRowsEnd(
  calls: number,
  loss: Loss,
  cost: Cost,
  uringRequests: readonly UringRequests[] = [],
): string {
  return jsonValue({
    type: "end",
    calls,
    loss: { state: loss.state, calls: loss.calls, by: loss.by },
    cost: { cpu_ns: cost.cpuNs, bpf_ns_per_call: cost.bpfNsPerCall, max_rss_bytes: cost.maxRssBytes },
    ...(uringRequests.length === 0 ? {} : { io_uring_requests: uringRequests }),
  });
}

/**
 * A renderer of rows and warnings. It spells the record out by hand: `JSON.stringify` of an object cannot carry 64-bit
 * values, and was measured at two thirds of the speed. A test holds the fields against the columns.
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
    const time = `"time":"${clock.timestamp(row.timeNs)}","time_ns":${row.timeNs}`;
    if ("warning" in row) {
      return `{"type":"warning","seq":${row.seq},${time},"warning":${jsonString(row.warning)}}`;
    }
    return `{"seq":${row.seq},${time},"pid":${row.pid},"tid":${row.tid},"comm":${
      name(row.comm)
    },"uid":${row.uid},` +
      `"syscall":${name(row.syscall)},"family":${name(row.family)},"fd":${row.fd},"path":${name(row.path)},` +
      `"old_path":${name(row.oldPath)},${pathExtras(row)}"ret":${row.ret},"errno":${name(row.errno)},` +
      `"failed":${row.failed},"bytes":${row.bytes},"latency_ns":${row.latencyNs},"gap_ns":${row.gapNs},` +
      `"restarts":${row.restarts},"epoch":${row.epoch}}`;
  };
}

/** The fields that few rows have, each with its comma. */
function pathExtras(row: StreamRow): string {
  if (row.pathRaw === null && row.oldPathRaw === null && row.pathError === null) return "";
  return (row.pathRaw === null ? "" : `"path_raw":"${row.pathRaw.toBase64()}",`) +
    (row.oldPathRaw === null ? "" : `"old_path_raw":"${row.oldPathRaw.toBase64()}",`) +
    (row.pathError === null ? "" : `"path_error":"${row.pathError}",`);
}
