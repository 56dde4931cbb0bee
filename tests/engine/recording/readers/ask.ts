/** Asks other engines what is in a Parquet file, and has them write it again. */
import { runApart } from "../apart.ts";

/** An engine: Arrow's in Rust, as WebAssembly, or Polars. */
export type Reader = "arrow" | "polars";

/** The packages of each. */
const PACKAGES: Record<Reader, string[]> = {
  arrow: ["npm:parquet-wasm@0.8.0", "npm:apache-arrow@21.1.0"],
  polars: ["npm:nodejs-polars@0.25.2"],
};

/** What a reader found: types by column, rows with numbers of 64 bits as text and times as microseconds. */
export interface Found {
  types: Record<string, string>;
  rows: Record<string, string | number | boolean | null>[];
}

/** Reads a file, and writes what was found to `copy`. */
export function readBy(reader: Reader, path: string, copy: string): Promise<Found> {
  return runApart(new URL(".", import.meta.url), {
    script: "read.ts",
    config: "readers.json",
    args: [reader, path, copy, ...PACKAGES[reader]],
  });
}

/** Runs an expression over Polars, which is `pl` in it and gives a table; returns its rows. */
export function askPolars(code: string): Promise<Record<string, unknown>[]> {
  return askDataSet("polars", code);
}

/** A table joined of files: the columns of each, with types, and sums of all. */
export interface Joined {
  columns: string[];
  calls: number;
  total_ns: string;
}

/** Reads files and joins them to one table. */
export function joinByArrow(paths: readonly string[]): Promise<Joined> {
  return askDataSet("arrow", JSON.stringify(paths));
}

function askDataSet<Answer>(reader: Reader, input: string): Promise<Answer> {
  return runApart(new URL(".", import.meta.url), {
    script: "data_set.ts",
    config: "readers.json",
    args: [reader, ...PACKAGES[reader]],
    input,
  });
}
