import type { LookOptions } from "../../options/look.ts";
import type { ReportOptions } from "../../options/report.ts";
import type { SelectOptions } from "../../options/select.ts";

/** What `ior report` is asked to do. */
export interface ReportCommand extends LookOptions, SelectOptions, ReportOptions {
  /** Tells the commands apart. */
  kind: "report";
  /** Recordings to read. */
  from: string[];
}
