import type { FlameFormat } from "../../flame/formats.ts";
import type { FlameShape } from "../../options/flame_options.ts";
import type { RunOptions } from "../../options/select.ts";

/** What `ior flame` is asked to do. */
export interface FlameCommand extends RunOptions, FlameShape {
  /** Tells the commands apart. */
  kind: "flame";
  /** Recordings or flamegraphs to read; none to trace. */
  from: string[];
  /** Recordings or flamegraphs to compare, `null` for none. */
  diff: [before: string, after: string] | null;
  /** Form to write; text unless the name of the output or `--format` says otherwise. */
  format: FlameFormat;
  /** A file for each metric. */
  split: boolean;
  /** The root at the top. */
  inverted: boolean;
  /** An option that was given and needs calls, which a flamegraph that is drawn has no more; `null` for none. */
  callFlag: string | null;
}
