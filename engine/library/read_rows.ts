import { compileFilter, type Filter } from "../../runtime/filter/mod.ts";
import type { StreamRow } from "../../runtime/row.ts";
import { RowBuilder } from "../event_rows.ts";
import type { Recording } from "../recording/mod.ts";

/**
 * The rows of a recording, of the calls that `filter` selects; all by default. Their numbers are those of the recording. Where
 * it is damaged the iteration throws an `IorError`.
 */
export async function* readRows(
  recording: Recording,
  filter: Filter | null = null,
): AsyncGenerator<StreamRow, void, void> {
  const builder = new RowBuilder(recording.arch);
  const isSelected = filter === null ? () => true : compileFilter(filter);
  for await (const batch of recording.batches()) {
    builder.apply(batch);
    for (let i = 0; i < batch.length; i++) {
      const row = builder.row(i);
      if (isSelected(row)) yield row;
    }
    recording.recycle(batch.columns);
  }
}
