import type { FailOn } from "../../compare/fail_on.ts";
import type { LookOptions } from "../../options/look.ts";
import type { SelectOptions } from "../../options/select.ts";

/** What `ior diff` is asked to do. */
export interface DiffCommand extends LookOptions, SelectOptions {
  /** Tells the commands apart. */
  kind: "diff";
  /** Recordings or JSON reports. */
  before: string;
  /** As `before`. */
  after: string;
  /** The first option given that selects calls, which recordings have and reports have not; `null` for none. */
  callFlag: string | null;
  /** One JSON document in place of text. */
  json: boolean;
  /** Rows of each table, `null` for all. */
  top: number | null;
  /** Changes that end ior with status 3. */
  failOn: FailOn[];
}
