import {
  ALL_EXTRA_COLUMNS,
  createColumns,
  type EventBatch,
  type EventColumns,
} from "../runtime/event_batch.ts";

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
] as const satisfies Exclude<keyof EventColumns, "ret" | "extra">[];

/** A copy of the batch, in the last columns of `emptied` when they have the same length. */
export function copyOfBatch(batch: EventBatch, emptied: EventColumns[]): EventBatch {
  const { nr, extra } = batch.columns;
  const reused = emptied.pop();
  const fits = reused?.nr.length === nr.length && (reused.extra === undefined) === (extra === undefined);
  const columns = fits ? reused : createColumns(nr.length, extra !== undefined);
  appendCalls(batch, 0, batch.length, columns, 0);
  return { ...batch, columns };
}

/**
 * A copy of the calls of a batch from `from` up to but excluding `to`, in `spare` columns that are long enough; its first
 * part carries the names.
 */
export function partOfBatch(batch: EventBatch, from: number, to: number, spare?: EventColumns): EventBatch {
  const hasExtra = batch.columns.extra !== undefined;
  const fits = spare && spare.nr.length >= to - from && (spare.extra !== undefined) === hasExtra;
  const columns = fits ? spare : createColumns(Math.max(1, to - from), hasExtra);
  appendCalls(batch, from, to, columns, 0);
  return {
    length: to - from,
    firstSeq: batch.seqs?.[from] ?? batch.firstSeq + from,
    ...(batch.seqs && { seqs: batch.seqs.slice(from, to) }),
    epoch: batch.epoch,
    columns,
    tasks: from === 0 ? batch.tasks : [],
    files: from === 0 ? batch.files : [],
  };
}

/** Copies the calls of a batch from `from` up to but excluding `to` into columns, from `at` on. */
export function appendCalls(
  { columns: source }: EventBatch,
  from: number,
  to: number,
  columns: EventColumns,
  at: number,
): void {
  columns.ret.set(source.ret.subarray(from, to), at);
  for (const name of NUMBER_COLUMNS) columns[name].set(source[name].subarray(from, to), at);
  const { extra } = source;
  if (extra === undefined) return;
  for (const name of ALL_EXTRA_COLUMNS) columns.extra?.[name].set(extra[name].subarray(from, to), at);
}
