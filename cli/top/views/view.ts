/** What a view is: a row of the table of views. */
import type { SnapshotRequest } from "../../../runtime/stats.ts";
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

/** What a view or a dialog shows of the optional tables. */
export type ShownTables = Required<Pick<SnapshotRequest, "tables">> & Omit<SnapshotRequest, "tables">;

/** One view. */
export interface View {
  id: ViewId;
  title: string;
  /** What it shows, for its help. */
  about: readonly string[];
  /** Keys of its own, beside those of every view and every list. */
  keys: readonly KeyHelp[];
  /** What it shows now of the optional tables; left out for none. */
  needs?(model: Model): ShownTables;
  /** Lines above its list, or the whole view without one; never more than the room. */
  lines(model: Model, room: Room): Line[];
  /** The list, `null` for none. */
  content(model: Model): Content | null;
  /** What a key of its own does, `null` for a key that it does not know. */
  press?(model: Model, key: string): Step | null;
}
