import type { Filter } from "../../../runtime/filter/mod.ts";
import type { SessionSort } from "../../files/sorts.ts";
import type { RunOptions } from "../../options/select.ts";

/** What is written: a table for people, a document, or a file of rows. */
export type FilesFormat = "text" | "json" | "parquet";

/** What `ior files` is asked to do. `selection` is what is traced: every call that makes, hands on or closes a descriptor. */
export interface FilesCommand extends RunOptions {
  /** Tells the commands apart. */
  kind: "files";
  /** The sessions with a call that this selects are shown. */
  shown: Filter;
  /** Recordings to read; empty for a trace. */
  from: string[];
  format: FilesFormat;
  /** Sessions to show, `null` for all. */
  top: number | null;
  sort: SessionSort;
}
