import type { BatchConsumer } from "../batch_consumer.ts";
import { FanOut } from "../fan_out.ts";
import type { Recording } from "../recording/open_recording.ts";
import type { BatchFilter } from "./batch_filter.ts";
import { selectedBatches } from "./selected_batches.ts";

/**
 * Feeds the batches of a recording to consumers, as a session feeds those of the kernel. Calls that a filter selects are
 * renumbered without gaps. Resolves with the number of calls.
 */
export async function replay(
  recording: Pick<Recording, "batches" | "recycle">,
  filter: BatchFilter | null,
  consumers: readonly BatchConsumer[],
  isOver: () => boolean = () => false,
): Promise<number> {
  const fanOut = new FanOut(consumers, (columns) => recording.recycle(columns));
  let calls = 0;
  for await (const batch of selectedBatches(recording, filter)) {
    calls += batch.length;
    await fanOut.feed({ kind: "batch", batch });
    if (isOver()) break;
  }
  return calls;
}
