import { columnsBuffer } from "../../runtime/event_batch.ts";
import type { BatchConsumer } from "../batch_consumer.ts";
import type { Recording } from "../recording/open_recording.ts";
import { RowSequencer } from "../sequencer.ts";
import type { BatchFilter } from "./batch_filter.ts";

/**
 * Gives the batches of a recording to consumers, as a session gives those of the kernel. Calls that a filter leaves are
 * numbered anew, without holes. The last consumer may keep a batch's columns; whoever made it gives them back to the
 * recording. Resolves with how many calls they were.
 */
export async function replay(
  recording: Pick<Recording, "batches" | "recycle">,
  filter: BatchFilter | null,
  consumers: readonly BatchConsumer[],
  isOver: () => boolean = () => false,
): Promise<number> {
  const sequencer = new RowSequencer();
  let calls = 0;
  for await (const batch of recording.batches()) {
    const buffer = columnsBuffer(batch.columns);
    if (filter !== null) {
      batch.length = filter.apply(batch);
      batch.firstSeq = sequencer.take(batch.length);
      delete batch.seqs;
    }
    calls += batch.length;
    for (const consumer of consumers) {
      if (!consumer.canIngest) await consumer.room();
      void consumer.ingest(batch); // a worker's failure shows at the next room
    }
    // A consumer in a worker has taken the buffer with it and gives it back emptied.
    if (!buffer.detached) recording.recycle(batch.columns);
    if (isOver()) break;
  }
  return calls;
}
