import assert from "node:assert/strict";
import { prepareWith } from "../../../engine/session/prepare.ts";
import type { BatchReader } from "../../../engine/batch_consumer.ts";
import type { EventBatch } from "../../../runtime/event_batch.ts";
import { emptyFilter } from "../../../runtime/filter/mod.ts";
import { waitFor } from "../../wait.ts";
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

/** A kernel side whose ring is full at each look, until it is off. */
class BusyCapture extends FakeCapture {
  #isOff = false;
  returned = 0;
  override onDisable = () => {
    this.#isOff = true;
  };
  override returnMemory = () => {
    this.returned++;
  };
  override drain(): { batch: EventBatch | null; full: boolean } {
    if (this.#isOff) return { batch: null, full: false };
    this.record([{ nr: 0 }]);
    return super.drain();
  }
}

Deno.test("What is done between two looks has its turn though the ring is never found empty", async () => {
  const plan = { selection: emptyFilter(), ringBytes: 4096, command: null };
  let capture: BusyCapture | null = null;
  await using prepared = await prepareWith((options) => capture = new BusyCapture(options), plan);
  const running = prepared.attach().run([], null);
  await running.betweenLooks(() => Promise.resolve());
  await waitFor(() => capture!.returned > 0, { timeoutMs: 60_000, what: "memory to be given back" });
  const { calls } = await running.stop();
  assert.ok(calls > 0);
});

Deno.test("A new baseline and a change of the filter wait for what is written by then, not for a ring that fills faster", async () => {
  const plan = { selection: emptyFilter(), ringBytes: 4096, command: null };
  await using prepared = await prepareWith((options) => new BusyCapture(options), plan);
  const running = prepared.attach().run([], null);
  assert.equal(await running.cut(() => Promise.resolve("begun")), "begun");
  const changed = running.betweenLooks(() => running.swapFilter(emptyFilter()));
  assert.equal(await changed, 2);
  await running.stop();
});

Deno.test("What is written by then is on the old side of a new baseline, and of a change of the filter", async () => {
  const plan = { selection: emptyFilter(), ringBytes: 4096, command: null };
  let capture: BusyCapture | null = null;
  await using prepared = await prepareWith((options) => capture = new BusyCapture(options), plan);
  const seen: number[] = [];
  const taker: BatchReader = {
    keepsColumns: false,
    canIngest: true,
    room: () => Promise.resolve(),
    ingest: ({ columns, length }) => seen.push(...columns.nr.subarray(0, length)),
  };
  const running = prepared.attach().run([taker], null);
  const writeMarked = (nr: number) => capture!.record([{ nr: 0 }, { nr: 0 }, { nr }]);
  await running.betweenLooks(() => Promise.resolve(writeMarked(7)));
  await running.cut(() => Promise.resolve(assert.ok(seen.includes(7))));
  await running.betweenLooks(async () => {
    writeMarked(8);
    capture!.onChange = () => writeMarked(9);
    await running.swapFilter(emptyFilter());
    assert.deepEqual([8, 9].filter((nr) => !seen.includes(nr)), []);
  });
  await running.stop();
});

/** A kernel side in whose ring a record waits at each look. */
class IdleCapture extends FakeCapture {
  looks = 0;
  override pendingBytes = 100;
  override drain(): { batch: EventBatch | null; full: boolean } {
    this.looks++;
    return super.drain();
  }
}

/** A trace of that, and its capture. */
async function startIdle(stack: AsyncDisposableStack, addsUp: boolean) {
  const plan = { selection: emptyFilter(), ringBytes: 65_536, command: null, addsUp };
  let capture: IdleCapture | null = null;
  const prepared = stack.use(await prepareWith((options) => capture = new IdleCapture(options), plan));
  return { running: prepared.attach().run([], null), capture: capture! as IdleCapture };
}

Deno.test("A few records stay in the ring where nobody waits for a row, and do not keep work waiting", async () => {
  await using stack = new AsyncDisposableStack();
  const rows = await startIdle(stack, false);
  const added = await startIdle(stack, true);
  await waitFor(() => rows.capture.looks >= 20, { timeoutMs: 60_000, what: "twenty looks at rows" });
  const { looks } = added.capture;
  assert.ok(2 * looks < rows.capture.looks, `${looks} looks instead of ${rows.capture.looks}`);
  await added.running.betweenLooks(() => Promise.resolve());
  assert.ok(added.capture.looks > looks);
  await Promise.all([rows, added].map(({ running }) => running.stop()));
});

Deno.test("While the ring is filling the process runs first, but not at the end, nor in a program of others", async () => {
  for (const keepsTurn of [false, true]) {
    await using stack = new AsyncDisposableStack();
    const plan = { selection: emptyFilter(), ringBytes: 2 ** 24, command: null, addsUp: true, keepsTurn };
    let found: FakeCapture | null = null;
    const prepared = stack.use(await prepareWith((options) => found = new FakeCapture(options), plan));
    const capture = found! as FakeCapture;
    const running = prepared.attach().run([], null);
    if (!keepsTurn) {
      await waitFor(() => capture.first.length >= 3, { timeoutMs: 60_000, what: "three looks" });
    }
    assert.ok(!capture.first.includes(true), "it is not filling");
    capture.pendingBytes = 2 ** 22;
    if (!keepsTurn) {
      await waitFor(() => capture.first.includes(true), {
        timeoutMs: 60_000,
        what: "a look at a ring that fills",
      });
    }
    await running.betweenLooks(() => Promise.resolve());
    capture.pendingBytes = 0;
    await running.stop();
    assert.equal(capture.first.at(-1), false);
    assert.equal(capture.first.includes(true), !keepsTurn);
  }
});
