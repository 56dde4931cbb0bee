import { createColumns, type EventBatch, type EventColumns } from "../runtime/event_batch.ts";

/** All columns whose elements are numbers; a test compares them with the type. */
export const NUMBER_COLUMNS = [
  "enterNs",
  "durationNs",
  "gapNs",
  "bytes",
  "nr",
  "task",
  "file",
  "oldFile",
  "fd",
  "restarts",
  "flags",
] as const satisfies Exclude<keyof EventColumns, "ret">[];

/** A copy of the batch, in the last columns of `emptied` when they have the same length. */
export function copyOfBatch(batch: EventBatch, emptied: EventColumns[]): EventBatch {
  const { columns: from, length } = batch;
  const capacity = from.nr.length;
  const reused = emptied.pop();
  const columns = reused?.nr.length === capacity ? reused : createColumns(capacity);
  columns.ret.set(from.ret.subarray(0, length));
  for (const name of NUMBER_COLUMNS) columns[name].set(from[name].subarray(0, length));
  return { ...batch, columns };
}
