import type { RunOptions } from "../../options/select.ts";
import type { ViewId } from "../../top/model.ts";

/** What `ior top` is asked to do. */
export interface TopCommand extends RunOptions {
  /** Tells the commands apart. */
  kind: "top";
  /** Recordings to play; none to trace. */
  from: string[];
  /** The view to begin with. */
  view: ViewId;
  /** Time between two frames, nanoseconds. */
  intervalNs: number;
  /** Time of a baseline, nanoseconds, `null` for one that does not end by itself. */
  resetEveryNs: number | null;
  /** How frames are printed; `null` for a view in the terminal. */
  batch: "text" | "json" | null;
  /** Frames of a batch after which to stop, `null` for no limit. */
  count: number | null;
}
