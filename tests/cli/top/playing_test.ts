import assert from "node:assert/strict";
import { momentOf } from "../../../cli/top/playing.ts";
import { IorError } from "../../../runtime/errors.ts";

/** A recording whose first ten seconds were removed. */
const KEPT = { startNs: 10e9, endNs: 30e9, speed: 1, isPlaying: true };

Deno.test("A moment is a time since the first one, a part of the recording, or later and earlier than now", () => {
  const moment = (text: string) => momentOf(text, KEPT, 20e9) / 1e9;
  const texts = ["0s", "12s", "0%", "50%", "100%", "+5s", "-1.5s", " 2 "];
  assert.deepEqual(texts.map(moment), [10, 22, 10, 20, 30, 25, 18.5, 12]);
  for (const text of ["", "soon", "50 %", "++1s", "1h%"]) {
    assert.throws(
      () => moment(text),
      (error) => error instanceof IorError && error.message.includes("12s, +5s"),
    );
  }
});
