import { Buffer } from "node:buffer";
import { type ColumnSpec, type ColumnType, ConvertedType, MAGIC, Repetition } from "./format.ts";
import { int32Bytes } from "./write_bytes.ts";
import { type EncodedColumn, PHYSICAL_TYPES, writeColumn } from "./write_column.ts";
import { type Struct, struct } from "./write_thrift.ts";

/** Version of the format that the file follows. */
const FORMAT_VERSION = 2;

/** Converted and logical types of the columns that are not plain numbers or bytes. */
const MEANINGS: Partial<Record<ColumnType, { converted: number; logical?: Struct }>> = {
  text: { converted: ConvertedType.UTF8, logical: struct({ 1: struct({}) }) },
  timestamp: {
    converted: ConvertedType.TIMESTAMP_MICROS,
    logical: struct({ 8: struct({ 1: true, 2: struct({ 2: struct({}) }) }) }), // in UTC, microseconds
  },
  uint32: { converted: ConvertedType.UINT_32 },
};

/** Where the bytes of a file go. */
export interface ByteSink {
  /** Bytes so far. */
  readonly bytes: number;
  /** Appends bytes. Throws when there is no room for them, and is then unchanged. */
  append(bytes: Uint8Array): void;
  /** Removes everything after the first `bytes`. */
  truncate(bytes: number): void;
}

/** A row group in the file. */
interface WrittenGroup {
  /** Encoded for the footer: a recording of hours keeps kilobytes per group and not thousands of objects. */
  description: Struct;
  rows: number;
  /** Where it begins. */
  at: number;
}

/** A Parquet file that grows by row groups: complete ones are kept when there is no room for more. */
export class ParquetWriter {
  readonly #sink: ByteSink;
  readonly #columns: readonly ColumnSpec[];
  readonly #groups: WrittenGroup[] = [];
  #rows = 0;

  /** Begins a file of these columns. Throws when there is no room for its first bytes. */
  constructor(sink: ByteSink, columns: readonly ColumnSpec[]) {
    this.#sink = sink;
    this.#columns = columns;
    sink.append(new TextEncoder().encode(MAGIC));
  }

  /** Rows of the row groups written. */
  get rows(): number {
    return this.#rows;
  }

  /** Appends a row group; `encode` is called for one column after the other. Throws what the sink throws. */
  append(rows: number, encode: (name: string) => EncodedColumn): void {
    const at = this.#sink.bytes;
    const parts: Uint8Array[] = [];
    const descriptions: Struct[] = [];
    let length = 0;
    let plainBytes = 0;
    for (const column of this.#columns) {
      const written = writeColumn(at + length, column, rows, encode(column.name));
      parts.push(...written.parts);
      descriptions.push(written.description);
      length += written.length;
      plainBytes += written.plainBytes;
    }
    this.#sink.append(Buffer.concat(parts, length));
    const description = struct({
      1: descriptions,
      2: BigInt(plainBytes),
      3: BigInt(rows),
      5: BigInt(at),
      6: BigInt(length),
    });
    this.#groups.push({ description, rows, at });
    this.#rows += rows;
  }

  /**
   * Writes the footer, with the texts by key that `metadata` returns for the number of rows. When there is no room for it,
   * row groups are dropped from the end to make room: the reason is then returned, and `kept` is false when none are left.
   */
  finish(
    metadata: (rows: number) => Readonly<Record<string, string>>,
    createdBy: string,
  ): { kept: boolean; error: unknown } {
    let reason: unknown = null;
    while (true) {
      try {
        this.#sink.append(this.#footer(metadata(this.#rows), createdBy));
        return { kept: true, error: reason };
      } catch (error) {
        reason ??= error;
        const last = this.#groups.pop();
        if (last === undefined) return { kept: false, error: reason };
        this.#rows -= last.rows;
        this.#sink.truncate(last.at);
      }
    }
  }

  #footer(metadata: Readonly<Record<string, string>>, createdBy: string): Uint8Array {
    const { bytes } = struct({
      1: FORMAT_VERSION,
      2: [struct({ 4: "schema", 5: this.#columns.length }), ...this.#columns.map(schemaElement)],
      3: BigInt(this.#rows),
      4: this.#groups.map(({ description }) => description),
      5: Object.entries(metadata).map(([key, value]) => struct({ 1: key, 2: value })),
      6: createdBy,
      7: this.#columns.map(() => struct({ 1: struct({}) })), // bounds are in the order of the types
    });
    return Buffer.concat([bytes, int32Bytes(bytes.length), new TextEncoder().encode(MAGIC)]);
  }
}

function schemaElement({ name, type, nullable }: ColumnSpec): Struct {
  return struct({
    1: PHYSICAL_TYPES[type],
    3: nullable ? Repetition.OPTIONAL : Repetition.REQUIRED,
    4: name,
    6: MEANINGS[type]?.converted,
    10: MEANINGS[type]?.logical,
  });
}
