import { IorError } from "../../runtime/errors.ts";
import type { EventBatch } from "../../runtime/event_batch.ts";
import type { Recording } from "./open_recording.ts";

/** What is read of a recording. */
type Rows = Pick<Recording, "batches" | "recycle">;

/**
 * The recording for what depends on the order in which its calls returned: reading it throws an {@linkcode IorError} where a
 * row is not in the order of its number, as after another program has sorted the rows by something else.
 */
export function inOrder(recording: Rows): Rows {
  return {
    async *batches() {
      let last = 0;
      for await (const batch of recording.batches()) {
        last = lastNumber(batch, last);
        yield batch;
      }
    },
    recycle: (columns) => recording.recycle(columns),
  };
}

/** The number of the last row; `before` is that of the row before the first. */
function lastNumber({ firstSeq, length, seqs }: EventBatch, before: number): number {
  if (seqs === undefined) return follow(before, firstSeq) + length - 1;
  return seqs.reduce(follow, before);
}

function follow(before: number, seq: number): number {
  if (seq > before) return seq;
  throw new IorError(
    "runtime",
    `Cannot follow calls that are out of order: row ${seq} comes after row ${before}`,
    {
      hint: "Write the rows again in the order of seq, each once; ior report, diff and flame need no order",
    },
  );
}
