import assert from "node:assert/strict";
import { prepareWith } from "../../../engine/session/prepare.ts";
import { emptyFilter } from "../../../runtime/filter/mod.ts";
import { FakeCapture } from "./fake_capture.ts";

/** A kernel side that may not be asked once it is released. */
class ReleasedCapture extends FakeCapture {
  #isReleased = false;
  override usage = () => {
    if (this.#isReleased) throw new TypeError("The library is closed");
    return { cpuNs: 1, maxRssBytes: 2 };
  };
  override [Symbol.dispose](): void {
    this.#isReleased = true;
  }
}

Deno.test("The figures of the end stay when the trace is released", async () => {
  const plan = { selection: emptyFilter(), ringBytes: 4096, command: null };
  await using prepared = await prepareWith((options) => new ReleasedCapture(options), plan);
  const running = prepared.attach().run([], null);
  await running.stop();
  const figures = running.figures();
  await prepared[Symbol.asyncDispose]();
  assert.deepEqual(running.figures(), figures);
});
