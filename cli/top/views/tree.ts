/** Rows of a tree: what is unfolded shows its parts below it. */
import { type Model, type Step, step, type ViewId, withList } from "../model.ts";

/** A row of a tree. */
export interface TreeRow {
  id: string;
  level: number;
  /** `null` for a row without parts. */
  isUnfolded: boolean | null;
}

/** Columns of indentation of each level, and levels that are indented: deeper ones have no room. */
const INDENT = 2;
const MAX_INDENTED = 10;

/** What comes before the name of a row: its level, and whether it has parts. */
export function treeMark({ level, isUnfolded }: TreeRow, ascii: boolean): string {
  const marks = ascii ? ["  ", "+ ", "- "] : ["  ", "▹ ", "▿ "];
  const mark = isUnfolded === null ? marks[0] : isUnfolded ? marks[2] : marks[1];
  return " ".repeat(INDENT * Math.min(level, MAX_INDENTED)) + mark;
}

/** What right and left do: unfold and fold a row; left of a row without parts goes to the row that it is in. */
export function foldByKey(
  model: Model,
  view: ViewId,
  { rows, index, key }: { rows: readonly TreeRow[]; index: number; key: string },
): Step | null {
  const row = rows[index];
  if (row === undefined) return null;
  switch (key) {
    case "right":
    case "l":
    case "+":
      return step(row.isUnfolded === false ? flipped(model, view, row.id, index) : model);
    case "left":
    case "h":
    case "-": {
      if (row.isUnfolded === true) return step(flipped(model, view, row.id, index));
      const parent = rows.slice(0, index).findLastIndex(({ level }) => level < row.level);
      return step(parent < 0 ? model : withList(model, view, { selected: rows[parent].id, index: parent }));
    }
  }
  return null;
}

function flipped(model: Model, view: ViewId, id: string, index: number): Model {
  const rows = new Set(model.lists[view].flipped);
  if (!rows.delete(id)) rows.add(id);
  return withList(model, view, { flipped: rows, selected: id, index });
}
