import type { EventBatch } from "../../runtime/event_batch.ts";
import type { Recording } from "../recording/open_recording.ts";
import { RowSequencer } from "../sequencer.ts";
import type { BatchFilter } from "./batch_filter.ts";

/** The batches of a recording with the calls that a filter selects, numbered without gaps; as they are for `null`. */
export async function* selectedBatches(
  recording: Pick<Recording, "batches">,
  filter: BatchFilter | null,
): AsyncGenerator<EventBatch, void, void> {
  const sequencer = new RowSequencer();
  for await (const batch of recording.batches()) {
    if (filter !== null) {
      batch.length = filter.apply(batch);
      batch.firstSeq = sequencer.take(batch.length);
      delete batch.seqs;
    }
    yield batch;
  }
}
