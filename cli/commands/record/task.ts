import type { RecordTarget } from "../../options/recording.ts";
import type { RunOptions } from "../../options/select.ts";
import type { RecordTrigger } from "../../options/trigger.ts";

/** What `ior record` is asked to do. */
export interface RecordCommand extends RunOptions {
  /** Tells the commands apart. */
  kind: "record";
  /** Where to. */
  record: RecordTarget;
  /** Which calls are written, `null` for all. */
  trigger: RecordTrigger | null;
}
