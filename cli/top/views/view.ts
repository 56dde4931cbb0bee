/** What a view is: a row of the table of views. */
import type { OptionalTable } from "../../../runtime/stats.ts";
import type { Content } from "../content.ts";
import type { Line } from "../line.ts";
import type { Model, Step, ViewId } from "../model.ts";

/** A key and what it does, for the help and the last line. */
export type KeyHelp = readonly [key: string, does: string];

/** The room that a view has. */
export interface Room {
  width: number;
  height: number;
}

/** One view. */
export interface View {
  id: ViewId;
  title: string;
  /** What it shows, for its help. */
  about: readonly string[];
  /** Keys of its own, beside those of every view and every list. */
  keys: readonly KeyHelp[];
  /** The optional tables that it shows now; left out for none. */
  tables?(model: Model): readonly OptionalTable[];
  /** Lines above its list, or the whole view without one; never more than the room. */
  lines(model: Model, room: Room): Line[];
  /** The list, `null` for none. */
  content(model: Model): Content | null;
  /** What a key of its own does, `null` for a key that it does not know. */
  press?(model: Model, key: string): Step | null;
}
