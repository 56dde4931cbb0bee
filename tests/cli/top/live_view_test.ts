import assert from "node:assert/strict";
import type { Actions } from "../../../cli/top/live_view.ts";
import { LiveView, TopInterface } from "../../../cli/top/mod.ts";
import { RowSequencer, StreamRing } from "../../../engine/mod.ts";
import { emptyFilter } from "../../../runtime/filter/mod.ts";
import { lossOf } from "../../../runtime/loss.ts";
import { waitFor } from "../../wait.ts";
import { ScriptedTrace } from "./scripted.ts";

const NO_LOSS = lossOf({ ring_full: 0, storage_full: 0, skipped: 0, compat_32bit: 0 });

/** Codes of a terminal; one of a place begins another line. */
// deno-lint-ignore no-control-regex
const CODES = /\x1b\[[0-9;?]*[a-zA-Z]/g;

/** Begins a baseline at nearly every frame. */
const RESET_MS = 10;
const INTERVAL_MS = 5;

/** Nobody of these tests asks for anything. */
const NO_ACTIONS: Actions = {
  startRecording: () => Promise.reject(new Error("Nobody records")),
  stopRecording: () => Promise.reject(new Error("Nobody records")),
  save: () => Promise.reject(new Error("Nobody saves")),
  edit: () => Promise.reject(new Error("Nobody edits")),
  suspend: () => {},
  restart: null,
};

/** A view of a trace whose counts begin again all the time, for as long as it is used. */
class ShownTrace implements AsyncDisposable {
  /** Baselines so far, and samples. */
  baselines = 0;
  samples = 0;
  /** Ends the trace. */
  readonly end: () => void;
  readonly #view: LiveView;
  readonly #running: Promise<void>;
  #written = "";

  constructor() {
    const trace = new ScriptedTrace(1);
    const bindings = new TopInterface(new StreamRing(), new RowSequencer());
    trace.pass(100);
    bindings.setDashboardSnapshotSource({
      snapshot: () => {
        this.samples++;
        return trace.stats();
      },
      snapshotAndReset: () => {
        this.baselines++;
        return trace.stats();
      },
    });
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    this.end = resolve;
    this.#view = new LiveView({
      bindings,
      session: { ended, progress: () => ({ calls: 100, loss: NO_LOSS }) },
      display: {
        write: (text) => {
          this.#written += text;
          return Promise.resolve();
        },
        size: () => ({ columns: 120, rows: 30 }),
      },
      actions: NO_ACTIONS,
      base: emptyFilter(),
      start: { ascii: true, view: "syscalls", fileStem: "ior-1", resetEveryMs: RESET_MS },
      color: false,
      intervalMs: INTERVAL_MS,
    });
    this.#running = this.#view.run();
  }

  press(key: string): void {
    this.#view.input([{ kind: "key", key }]);
  }

  /** All that is on the screen. */
  async screen(): Promise<string> {
    this.#written = "";
    this.press("ctrl-l");
    return (await waitFor(() => this.#written, { timeoutMs: 60_000, what: "a frame" })).replace(CODES, "\n");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#view.quit();
    this.end();
    await this.#running;
  }
}

Deno.test("A baseline that begins by itself does not end a pause: it waits", async () => {
  await using trace = new ShownTrace();
  await waitFor(() => trace.baselines > 1, { timeoutMs: 60_000, what: "baselines" });
  await waitFor(async () => /fsync/.test(await trace.screen()), { timeoutMs: 60_000, what: "counts" });
  trace.press(" ");
  // A baseline that had begun before the key is over by the next sample.
  const [samples, baselines] = [trace.samples, trace.baselines];
  await waitFor(() => trace.samples > samples + 20, { timeoutMs: 60_000, what: "frames that nobody sees" });
  assert.ok(trace.baselines <= baselines + 1, `${trace.baselines - baselines} baselines in the pause`);
  assert.match(await trace.screen(), /PAUSED/);
  trace.press(" ");
  await waitFor(() => trace.baselines > baselines + 2, { timeoutMs: 60_000, what: "baselines again" });
});

Deno.test("What was counted last stays when the trace has ended: no baseline begins, by itself or by z", async () => {
  await using trace = new ShownTrace();
  await waitFor(() => trace.baselines > 1, { timeoutMs: 60_000, what: "baselines" });
  trace.end();
  await waitFor(async () => /ended/.test(await trace.screen()), { timeoutMs: 60_000, what: "the end" });
  const { baselines } = trace;
  trace.press("z");
  const deadline = performance.now() + 10 * RESET_MS;
  await waitFor(() => performance.now() > deadline, {
    timeoutMs: 60_000,
    what: "time in which baselines would begin",
  });
  assert.equal(trace.baselines, baselines);
  assert.match(await trace.screen(), /fsync/);
});

Deno.test("Every step of a recording counts, also those that come while another moment is still counted", async () => {
  const trace = new ScriptedTrace(1);
  trace.pass(100);
  const bindings = new TopInterface(new StreamRing(), new RowSequencer());
  bindings.setDashboardSnapshotSource({
    snapshot: () => trace.stats(),
    snapshotAndReset: () => trace.stats(),
  });
  const sought: number[] = [];
  /** What the player waits for on its way to the first step, and to the second. */
  const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let isHeld = false;
  const player = {
    startNs: 0,
    endNs: 100e9,
    atNs: 0,
    async seek(toNs: number) {
      sought.push(toNs);
      if (isHeld) await (toNs > 5e9 ? second : first).promise;
      this.atNs = toNs;
    },
  };
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  const view = new LiveView({
    bindings,
    session: { ended, progress: () => ({ calls: 100, loss: NO_LOSS }) },
    player,
    display: { write: () => Promise.resolve(), size: () => ({ columns: 120, rows: 30 }) },
    actions: NO_ACTIONS,
    base: emptyFilter(),
    start: { ascii: true, view: "syscalls", fileStem: "ior-1" },
    color: false,
    intervalMs: INTERVAL_MS,
  });
  const running = view.run();
  const press = (key: string) => view.input([{ kind: "key", key }]);
  const until = (condition: () => boolean, what: string) => waitFor(condition, { timeoutMs: 60_000, what });
  await until(() => player.atNs > 0, "the recording to play");
  press(" ");
  press("@");
  for (const key of ["0", "%", "enter"]) press(key);
  await until(() => sought.at(-1) === 0 && player.atNs === 0, "the first moment");
  isHeld = true;
  press(".");
  await until(() => sought.at(-1)! > 0, "the way to the first step");
  press(".");
  first.resolve();
  await until(() => sought.at(-1)! > 5e9, "the way to the second step");
  press(".");
  second.resolve();
  await until(() => player.atNs === 15e9, "three steps");
  view.quit();
  end();
  await running;
});
