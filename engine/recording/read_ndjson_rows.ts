import { ROW_FIELDS, type RowField, type RowFieldName } from "../../runtime/row_fields.ts";
import { require } from "../parquet/damage.ts";
import { shown } from "./read_errors.ts";
import type { CodedColumn, ExactColumn } from "../parquet/read_column.ts";
import { knownExtra, type RowColumns } from "./row_columns.ts";

/** Members that rows are made of; the rest is derived from them. */
const FIELDS = ROW_FIELDS.filter(({ read }) => read !== "derived");

/** A record whose members have been checked against {@linkcode FIELDS}. */
type Row = Readonly<Record<RowFieldName, string | number | null | undefined>>;

/** A returned value that a double may not hold exactly. */
const LONG_RET = /"ret":\s*(-?\d{16,})/;

/** Collects rows of NDJSON as columns. */
export class NdjsonRows {
  readonly #rows: Row[] = [];
  readonly #rets: bigint[] = [];

  /** Rows collected. */
  get length(): number {
    return this.#rows.length;
  }

  /** Takes a record; `line` is its text. Throws `Damage` when a field is missing or wrong. */
  add(record: Record<string, unknown>, line: string): void {
    for (const field of FIELDS) checkField(record[field.name], field);
    const row = record as Row;
    const long = LONG_RET.exec(line);
    this.#rets.push(BigInt.asIntN(64, BigInt(long?.[1] ?? row.ret ?? 0)));
    this.#rows.push(row);
  }

  /** The rows collected since the last call; `source` names the file. */
  take(source: string): RowColumns {
    const rows = this.#rows;
    const numbers = (name: RowFieldName, none = NaN) =>
      Float64Array.from(rows, (row) => (row[name] as number | null | undefined) ?? none);
    const coded = <Value extends string | number>(name: RowFieldName) =>
      codesOf(rows.map((row) => row[name] as Value | null | undefined));
    const columns: RowColumns = {
      source,
      length: rows.length,
      seq: numbers("seq"),
      timeNs: numbers("time_ns"),
      pid: coded("pid"),
      tid: coded("tid"),
      comm: coded("comm"),
      uid: coded("uid"),
      // Rows lack the start of their process: the start of the trace is used instead.
      processStartNs: { codes: new Uint32Array(rows.length), values: [null] },
      syscall: coded("syscall"),
      fd: numbers("fd"),
      path: coded("path"),
      oldPath: coded("old_path"),
      pathRaw: bytesOf(coded("path_raw")),
      oldPathRaw: bytesOf(coded("old_path_raw")),
      pathError: coded("path_error"),
      ret: this.#exactRets(),
      bytes: numbers("bytes"),
      latencyNs: numbers("latency_ns"),
      gapNs: numbers("gap_ns"),
      restarts: numbers("restarts", 0),
      epoch: numbers("epoch", 0),
      cgroup: coded("cgroup"),
      gid: coded("gid"),
      extra: knownExtra({
        iowaitNs: numbers("iowait_ns"),
        blockedNs: numbers("blocked_ns"),
        runqueueNs: numbers("runqueue_ns"),
        fetchedBytes: numbers("fetched_bytes"),
      }),
      stack: coded("stack"),
      offsetBytes: numbers("offset_bytes"),
      flags: coded("flags"),
    };
    this.#rows.length = 0;
    this.#rets.length = 0;
    return columns;
  }

  #exactRets(): ExactColumn {
    const rets = BigInt64Array.from(this.#rets);
    return {
      words: new Int32Array(rets.buffer),
      present: Uint8Array.from(this.#rows, ({ ret }) => ret === null ? 0 : 1),
    };
  }
}

function checkField(value: unknown, { name, type, nullable, read }: RowField): void {
  if (value === null && nullable || value === undefined && read === "defaulted") return;
  const isText = type === "text" || type === "bytes";
  const fits = isText ? typeof value === "string" : Number.isInteger(value);
  require(
    fits,
    () =>
      `its ${name} is ${shown(value)}, it must be ${nullable ? "null or " : ""}${
        isText ? "text" : "a whole number"
      }`,
  );
}

function codesOf<Value>(values: readonly (Value | null | undefined)[]): CodedColumn<Value> {
  const codeOf = new Map<Value, number>();
  const distinct: (Value | null)[] = [null];
  const codes = Uint32Array.from(values, (value) => {
    if (value === null || value === undefined) return 0;
    let code = codeOf.get(value);
    if (code === undefined) {
      codeOf.set(value, code = distinct.length);
      distinct.push(value);
    }
    return code;
  });
  return { codes, values: distinct };
}

function bytesOf({ codes, values }: CodedColumn<string>): CodedColumn<Uint8Array> {
  return { codes, values: values.map((text) => text === null ? null : fromBase64(text)) };
}

function fromBase64(text: string): Uint8Array {
  try {
    return Uint8Array.fromBase64(text);
  } catch {
    require(false, () => `a raw path is not base64: ${shown(text)}`);
  }
}
