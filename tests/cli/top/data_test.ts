import assert from "node:assert/strict";
import { isBaselineDue } from "../../../cli/top/data.ts";

/** When baselines begin, seconds since the first moment, with a frame at each of these. */
function baselines(frames: readonly number[], everyNs: number, startNs = 0): number[] {
  let baselineNs = startNs;
  return frames.filter((seconds) => {
    const atNs = startNs + seconds * 1e9;
    const isDue = isBaselineDue({ baselineNs }, { atNs, startNs, everyNs });
    if (isDue) baselineNs = atNs;
    return isDue;
  });
}

Deno.test("Baselines begin as often as they should, although frames are a little late", () => {
  assert.deepEqual(baselines([1.006, 2.011, 3.008, 4.009, 5.013, 6.007], 2e9), [2.011, 4.009, 6.007]);
  assert.deepEqual(baselines([1, 2, 3, 4, 5, 6], 1.5e9), [2, 3, 5, 6]);
  assert.deepEqual(baselines([1, 2, 3, 4], 2e9, 7.3e9), [2, 4], "of what is left of a recording");
});
