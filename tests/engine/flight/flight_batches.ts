/** Batches as a trace has them, for the flight recorder: calls in the order of their ends, slots whose names change. */
import type { EventBatch } from "../../../runtime/event_batch.ts";
import { batchOf, taskName } from "../batches.ts";

const SLOTS = 12;

/** A source of batches of up to `most` calls that end up to `stepNs` nanoseconds apart. */
export function flightBatches(next: () => number, most: number, stepNs: number): () => EventBatch {
  const whole = (limit: number) => Math.floor(next() * limit);
  let [timeNs, seq, isFirst] = [0, 1, true];
  return () => {
    const named = Array.from({ length: SLOTS }, (_, i) => i + 1).filter(() => isFirst || next() < 0.1);
    isFirst = false;
    const calls = Array.from({ length: whole(most + 1) }, () => {
      timeNs += whole(stepNs);
      const durationNs = whole(10 * stepNs);
      return {
        nr: whole(3),
        enterNs: timeNs - durationNs,
        durationNs,
        ret: next() < 0.002 ? -5n : BigInt(whole(9)),
        task: 1 + whole(SLOTS),
        file: whole(SLOTS + 1),
      };
    });
    const batch = batchOf(calls, {
      firstSeq: seq,
      tasks: named.map((slot) => taskName(slot, 1 + whole(1000), { processStartNs: whole(stepNs) })),
      files: named.map((slot) => ({ slot, path: `/f${whole(1000)}` })),
    });
    seq += calls.length;
    return batch;
  };
}
