import { RECORDING_KEY } from "../../runtime/recording.ts";
import { VERSION } from "../../runtime/version.ts";
import type { PartFile } from "../files/part_file.ts";
import { writeChunk } from "./column_chunk.ts";
import { RECORDING_COLUMNS } from "./columns.ts";
import { footerBytes, structBytes } from "./footer.ts";
import { MAGIC } from "./parquet_numbers.ts";
import { ByteWriter } from "./parquet_writer_library.ts";
import type { RowGroup } from "./row_group.ts";

/** A row group in the file. */
interface WrittenGroup {
  /** As the footer has it. */
  description: Uint8Array;
  rows: number;
  /** Where it begins. */
  at: number;
}

/** A Parquet file that grows by row groups: what is whole can be kept when there is no room for more. */
export class ParquetFile {
  readonly #file: PartFile;
  readonly #groups: WrittenGroup[] = [];
  #rows = 0;

  /** Writes into a new file. Throws when there is no room for its first bytes. */
  constructor(file: PartFile) {
    this.#file = file;
    file.append(new TextEncoder().encode(MAGIC));
  }

  /** Rows of the row groups written. */
  get rows(): number {
    return this.#rows;
  }

  /** Bytes written. */
  get bytes(): number {
    return this.#file.bytes;
  }

  /** Appends a row group. Throws an `IorError` when it cannot be written; the file is then as it was. */
  append(group: RowGroup, startedWallNs: bigint): void {
    const { rows } = group;
    const columns = group.columns(startedWallNs);
    const writer = new ByteWriter(1 << 20);
    const at = this.#file.bytes;
    const chunks = RECORDING_COLUMNS.map((column) =>
      writeChunk(writer, at, column, rows, columns[column.name]())
    );
    this.#file.append(writer.getBytes());
    const plainBytes = chunks.reduce((sum, chunk) => sum + chunk.plainBytes, 0);
    const description = structBytes({
      field_1: chunks.map(({ thrift }) => thrift),
      field_2: BigInt(plainBytes),
      field_3: BigInt(rows),
      field_5: BigInt(at),
      field_6: BigInt(writer.offset),
    });
    this.#groups.push({ description: description.slice(), rows, at });
    this.#rows += rows;
  }

  /**
   * Writes the end of the file, with what `facts` says of the rows that are in it. Where there is no room for it, the last
   * row groups make room: the reason is returned then, and `kept` is false when none are left.
   */
  finish(facts: (rows: number) => string): { kept: boolean; error: unknown } {
    let reason: unknown = null;
    while (true) {
      const metadata = { [RECORDING_KEY]: facts(this.#rows) };
      const descriptions = this.#groups.map(({ description }) => description);
      try {
        this.#file.append(footerBytes(this.#rows, descriptions, metadata, `ior version ${VERSION}`));
        return { kept: true, error: reason };
      } catch (error) {
        reason ??= error;
        const last = this.#groups.pop();
        if (last === undefined) return { kept: false, error: reason };
        this.#rows -= last.rows;
        this.#file.truncate(last.at);
      }
    }
  }

  /** Gives the file its name. Rejects when that fails; it is gone then. */
  publish(): Promise<void> {
    return this.#file.publish();
  }

  /** Removes the file. */
  discard(): void {
    this.#file.discard();
  }
}
