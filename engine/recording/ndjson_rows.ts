import { require, shown } from "./read_errors.ts";
import type { CodedColumn, ExactColumn, RowColumns } from "./row_columns.ts";

type Kind = "integer" | "string";

/** Fields a row must have, and of which kind; those that may be `null` end with `?`. */
const FIELDS = {
  seq: "integer",
  time_ns: "integer",
  pid: "integer",
  tid: "integer",
  comm: "string",
  uid: "integer",
  syscall: "string",
  fd: "integer?",
  path: "string?",
  old_path: "string?",
  path_raw: "string?",
  old_path_raw: "string?",
  path_error: "string?",
  ret: "integer?",
  bytes: "integer?",
  latency_ns: "integer?",
  gap_ns: "integer?",
  restarts: "integer?",
  epoch: "integer?",
} as const satisfies Record<string, Kind | `${Kind}?`>;

type Field = keyof typeof FIELDS;
type Row = {
  [Name in Field]: typeof FIELDS[Name] extends `${infer K}?` ? Value<K> | null : Value<typeof FIELDS[Name]>;
};
type Value<K> = K extends "integer" ? number : string;

/** A value returned that a double does not hold. */
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
    for (const name in FIELDS) checkField(record, name as Field);
    const row = record as unknown as Row;
    const long = LONG_RET.exec(line);
    this.#rets.push(BigInt.asIntN(64, BigInt(long?.[1] ?? row.ret ?? 0)));
    this.#rows.push(row);
  }

  /** The rows collected since the last time; `source` names the file. */
  take(source: string): RowColumns {
    const rows = this.#rows;
    const numbers = (name: Field, none = NaN) =>
      Float64Array.from(rows, (row) => (row[name] as number | null | undefined) ?? none);
    const coded = <Value>(value: (row: Row) => Value | null | undefined) => codesOf(rows.map(value));
    const columns: RowColumns = {
      source,
      length: rows.length,
      seq: numbers("seq"),
      timeNs: numbers("time_ns"),
      pid: coded(({ pid }) => pid),
      tid: coded(({ tid }) => tid),
      comm: coded(({ comm }) => comm),
      uid: coded(({ uid }) => uid),
      // Rows do not say when their process began: the start of the trace stands for it.
      processStartNs: { codes: new Uint32Array(rows.length), values: [null] },
      syscall: coded(({ syscall }) => syscall),
      fd: numbers("fd"),
      path: coded(({ path }) => path),
      oldPath: coded((row) => row.old_path),
      pathRaw: bytesOf(coded((row) => row.path_raw)),
      oldPathRaw: bytesOf(coded((row) => row.old_path_raw)),
      pathError: coded((row) => row.path_error),
      ret: this.#exactRets(),
      bytes: numbers("bytes"),
      latencyNs: numbers("latency_ns"),
      gapNs: numbers("gap_ns"),
      restarts: numbers("restarts", 0),
      epoch: numbers("epoch", 0),
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

function checkField(record: Record<string, unknown>, name: Field): void {
  const kind: string = FIELDS[name];
  const value = record[name];
  const optional = kind.endsWith("?");
  if (optional && (value === null || value === undefined)) {
    if (name === "ret") record.ret = null;
    return;
  }
  const fits = kind.startsWith("string") ? typeof value === "string" : Number.isInteger(value);
  require(
    fits,
    () =>
      `its ${name} is ${shown(value)}, it must be ${optional ? "null or " : ""}${
        kind.startsWith("string") ? "text" : "a whole number"
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
    require(false, () => `a raw path is no base64: ${shown(text)}`);
  }
}
