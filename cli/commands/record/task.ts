import type { RecordTarget } from "../../options/recording.ts";
import type { RunOptions } from "../../options/select.ts";

/** What `ior record` is asked to do. */
export interface RecordCommand extends RunOptions {
  /** Tells the commands apart. */
  kind: "record";
  /** Where to. */
  record: RecordTarget;
}
