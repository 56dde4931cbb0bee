import assert from "node:assert/strict";
import { endingOf, endingText } from "../../../engine/flame/call_ending.ts";
import { returnWords } from "../../../runtime/outcome.ts";
import { EventFlag } from "../../../runtime/event_batch.ts";
import { batchOf, type Call } from "../batches.ts";

const { NO_RETURN, KILLED, PATH_FAULT, PATH_TRUNCATED } = EventFlag;

const CALLS: [Omit<Call, "nr">, string][] = [
  [{}, "ok"],
  [{ ret: 4_294_967_295n }, "ok"],
  [{ ret: -4_096n }, "ok"],
  [{ ret: -(2n ** 63n) }, "ok"],
  [{ ret: -1n }, "failed"],
  [{ ret: -4_095n }, "failed"],
  [{ flags: KILLED }, "killed"],
  [{ flags: NO_RETURN, durationNs: NaN }, "no_return"],
  [{ flags: NO_RETURN | KILLED }, "killed,no_return"],
  [{ restarts: 255 }, "ok,restarted"],
  [{ ret: -14n, flags: PATH_FAULT }, "failed,path_fault"],
  [{ ret: -36n, restarts: 1, flags: PATH_TRUNCATED }, "failed,restarted,path_truncated"],
  [{ ret: -2n, flags: KILLED, restarts: 2 }, "killed,restarted"],
];

Deno.test("How a call ended is told by its value, its restarts and its flags", () => {
  const { columns } = batchOf(CALLS.map(([call]) => ({ nr: 0, ...call })));
  const words = returnWords(columns);
  for (const [i, [, text]] of CALLS.entries()) assert.equal(endingText(endingOf(columns, words, i)), text);
});
