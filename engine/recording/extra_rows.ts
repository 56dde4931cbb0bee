import { EXTRA_COLUMNS, type ExtraColumn, type ExtraColumns } from "../../runtime/event_batch.ts";
import type { EncodedColumn } from "../parquet/write_column.ts";
import { encodeNulls } from "../parquet/write_dictionary.ts";
import { Int64Column } from "../parquet/write_numbers.ts";

/** Columns of numbers. */
const NUMBERS = [...EXTRA_COLUMNS, "offsetBytes"] as const;

/** One of them. */
type NumberName = ExtraColumn | "offsetBytes";

/** The extra columns of numbers of a row group. They take memory only when there is a value. */
export class ExtraRows {
  readonly #capacity: number;
  #columns: Record<NumberName, Int64Column> | null = null;

  /** `capacity` is the most rows. */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Adds calls `from` up to but excluding `to` of a batch, which become the rows from `row` on. */
  add(extra: ExtraColumns | undefined, from: number, to: number, row: number): void {
    if (extra === undefined) {
      for (const name of NUMBERS) this.#columns?.[name].addNulls(to - from);
      return;
    }
    const columns = this.#columns ??= this.#create(row);
    for (const name of NUMBERS) columns[name].addNumbers(extra[name], from, to);
  }

  /** A column as stored. */
  encode(name: NumberName, rows: number): EncodedColumn {
    return this.#columns === null ? encodeNulls(rows) : this.#columns[name].encode(rows);
  }

  /** Makes it empty. */
  clear(): void {
    for (const name of NUMBERS) this.#columns?.[name].clear();
  }

  /** Columns with `rows` rows that have no values. */
  #create(rows: number): Record<NumberName, Int64Column> {
    const column = () => {
      const column = new Int64Column(this.#capacity, true);
      column.addNulls(rows);
      return column;
    };
    return {
      iowaitNs: column(),
      blockedNs: column(),
      runqueueNs: column(),
      fetchedBytes: column(),
      offsetBytes: column(),
    };
  }
}
