import type { FlameBeside } from "../../options/flame_options.ts";
import type { RecordTarget } from "../../options/recording.ts";
import type { ReportOptions } from "../../options/report.ts";
import type { RunOptions } from "../../options/select.ts";

/** What `ior trace` is asked to do. */
export interface TraceCommand extends RunOptions, ReportOptions {
  /** Tells the commands apart. */
  kind: "trace";
  /** Time of each report, nanoseconds, `null` for one report at the end. */
  intervalNs: number | null;
  /** Whether each is a whole report and not a line. */
  full: boolean;
  /** Reports of `intervalNs` after which to stop, `null` for no limit. */
  count: number | null;
  /** Recording to write in the same run. */
  record: RecordTarget | null;
  /** Flamegraph to write in the same run. */
  flame: FlameBeside | null;
}
