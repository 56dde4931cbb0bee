/** One row as `ior stream --format ndjson` writes it; product names. */
export interface RowRecord {
  seq: number;
  time: string;
  time_ns: number;
  pid: number;
  tid: number;
  comm: string;
  uid: number;
  syscall: string;
  family: string;
  fd: number | null;
  path: string | null;
  old_path: string | null;
  path_raw?: string;
  old_path_raw?: string;
  path_error?: string;
  ret: number | null;
  errno: string | null;
  failed: boolean;
  bytes: number | null;
  latency_ns: number | null;
  gap_ns: number | null;
  restarts: number;
  epoch: number;
  cgroup?: string;
  gid?: number;
  iowait_ns?: number;
  blocked_ns?: number;
  runqueue_ns?: number;
  fetched_bytes?: number;
  stack?: string;
  offset_bytes?: number;
  flags?: string;
}

/** The last record of a stream. */
export interface EndRecord {
  type: "end";
  calls: number;
  loss: {
    state: "none" | "some" | "unknown";
    calls: number | null;
    by: Record<string, number>;
    unnamed?: number;
  };
  cost: Record<string, number | null>;
}

/** A whole stream. */
export interface RowsDocument {
  header: Record<string, unknown>;
  rows: RowRecord[];
  end: EndRecord;
}

/** Parses a record; an integer that a number cannot hold becomes its digits. */
function parseExactly(line: string) {
  if (!/:-?\d{16}/.test(line)) return JSON.parse(line);
  return JSON.parse(line.replace(/:(-?\d{16,})(?=[,}])/g, (whole, digits) => {
    return Number.isSafeInteger(Number(digits)) ? whole : `:"${digits}"`;
  }));
}

/**
 * Reads a stream of rows and holds it against what every stream must be: a header, an end that counts the rows, and
 * numbers without a hole.
 *
 * @throws {Error} When it is not such a stream.
 */
export function parseRows(text: string): RowsDocument {
  const records = text.split("\n").filter((line) => line !== "").map(parseExactly);
  const header = records.shift();
  const end = records.pop();
  if (header?.schema !== "ior.rows/1") {
    throw new Error(`The first record is no header: ${JSON.stringify(header)}`);
  }
  if (end?.type !== "end") throw new Error(`The last record is no end: ${JSON.stringify(end)}`);
  const rows = records as RowRecord[];
  rows.forEach((row, index) => {
    if (row.seq !== index + 1) throw new Error(`Row ${index + 1} has the number ${row.seq}`);
    if (row.failed !== (row.errno !== null)) {
      throw new Error(`Row ${row.seq}: failed is ${row.failed}, errno ${row.errno}`);
    }
    if (row.latency_ns !== null && row.latency_ns < 0) {
      throw new Error(`Row ${row.seq}: latency ${row.latency_ns}`);
    }
  });
  if (end.calls !== rows.length) {
    throw new Error(`The end says ${end.calls} calls, the rows are ${rows.length}`);
  }
  return { header, rows, end };
}

/** Reads a file of rows. */
export function readRows(path: string): RowsDocument {
  return parseRows(Deno.readTextFileSync(path));
}

/** The rows of a scenario, and the workload's own process. */
export interface Window {
  rows: RowRecord[];
  /** What came before, oldest first. */
  before: RowRecord[];
  mainPid: number;
}

/**
 * The rows strictly between the first and the last marker of a workload (`workload.h`).
 *
 * @throws {Error} When there are no two markers.
 */
export function windowOf(rows: RowRecord[]): Window {
  const isMarker = (row: RowRecord) => row.syscall === "write" && row.fd === -1 && row.errno === "EBADF";
  const first = rows.findIndex(isMarker);
  const last = rows.findLastIndex(isMarker);
  if (first === last) throw new Error(`The rows have no begin and end marker; there are ${rows.length} rows`);
  return { rows: rows.slice(first + 1, last), before: rows.slice(0, first), mainPid: rows[first].pid };
}
