import type { FailOn } from "../../compare/fail_on.ts";
import type { LookOptions } from "../../options/look.ts";

/** What `ior diff` is asked to do. */
export interface DiffCommand extends LookOptions {
  /** Tells the commands apart. */
  kind: "diff";
  /** Recordings or JSON reports. */
  before: string;
  /** As `before`. */
  after: string;
  /** One JSON document in place of text. */
  json: boolean;
  /** Rows of each table, `null` for all. */
  top: number | null;
  /** Changes that end ior with status 3. */
  failOn: FailOn[];
}
