import assert from "node:assert/strict";
import { callAfter, delay } from "../../runtime/delay.ts";

Deno.test("a delay ends after its time, at once when its signal aborts, and leaves nothing behind", async () => {
  const before = performance.now();
  await delay(5);
  assert.ok(performance.now() - before >= 4);

  const ended = new AbortController();
  const long = delay(1_000_000, ended.signal);
  ended.abort();
  await long;
  await delay(1_000_000, ended.signal);
});

Deno.test("a time that is longer than a timer of the runtime may be is not over at once", async () => {
  for (const ms of [2 ** 31, Infinity]) {
    const cancel = callAfter(ms, () => assert.fail(`${ms} ms are over`));
    await delay(20);
    cancel();
  }
});
