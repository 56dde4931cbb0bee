import type { RowFormatName } from "../../rows/mod.ts";
import type { RunOptions } from "../../options/select.ts";

/** What `ior stream` is asked to do. */
export interface StreamCommand extends RunOptions {
  /** Tells the commands apart. */
  kind: "stream";
  /** What a row is written as. */
  format: RowFormatName;
  /** Fields to write, `null` for the usual ones. */
  columns: string[] | null;
  /** Rows after which to stop, `null` for no limit. */
  maxRows: number | null;
  /** Recordings to read; none to trace. */
  from: string[];
}
