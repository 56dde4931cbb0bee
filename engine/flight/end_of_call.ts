import type { EventColumns } from "../../runtime/event_batch.ts";

/** When call `i` ended, nanoseconds since the trace began; its enter for one that does not return. */
export function endOfCall({ enterNs, durationNs }: EventColumns, i: number): number {
  return enterNs[i] + (durationNs[i] || 0);
}
