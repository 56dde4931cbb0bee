import type { Report, ReportHeader } from "../../../runtime/report.ts";
import type { RunResult } from "../../exit_status.ts";
import { headerSince } from "../../report/header_since.ts";
import { buildReport, reportLine } from "../../report/report.ts";
import { onEndingSignals, passOn } from "../../run/ending_signals.ts";
import { openOutput, type Output } from "../../run/output.ts";
import { countedHeader, runHeader } from "../../run/run_header.ts";
import { lookOf } from "../../run/terminal.ts";
import { delay } from "../../../runtime/delay.ts";
import { traceUser } from "../../run/trace_user.ts";
import { batchText, type Model, startModel, update } from "../../top/mod.ts";
import type { TopCommand } from "./task.ts";
import { type TopRun, waitForCommand } from "./top_run.ts";

/** Size of a frame in a pipe. */
const DEFAULT_COLUMNS = 120;
const DEFAULT_ROWS = 28;

/** Prints frames, or reports, until enough are printed or the trace ends. */
export async function runBatch(task: TopCommand, run: TopRun): Promise<RunResult> {
  const { session, signals } = run;
  await using output = openOutput(task.output, traceUser());
  using _signals = onEndingSignals(signals, {
    onFirst: (signal) => {
      passOn(signal, session.commandPid);
      void session.stop().catch(() => {});
    },
    onSecond: () => output.abandon(),
  });
  const frames = task.batch === "json" ? new Reports(task, run) : new Frames(task, run);
  const startedMs = performance.now();
  let [hasEnded, isEnough] = [false, false];
  session.ended.catch(() => {}).finally(() => hasEnded = true);
  for (let count = 1; !hasEnded && !isEnough && !output.closed; count++) {
    // Counted from the start, so that a late frame does not delay all later ones.
    const dueMs = startedMs + count * task.intervalNs / 1e6;
    await Promise.race([delay(Math.max(0, dueMs - performance.now())), session.ended]);
    if (hasEnded) break;
    await frames.write(output);
    await output.room();
    isEnough = count === task.count;
  }
  await session.stop();
  // A trace that has ended by itself has a last frame of what came since the one before.
  if (!isEnough && !output.closed) await frames.write(output);
  await output.finish();
  const { loss } = session.progress();
  return { commandStatus: await waitForCommand(task, session), lossFree: loss.state === "none" };
}

/** Frames as text. */
class Frames {
  readonly #task: TopCommand;
  readonly #run: TopRun;
  readonly #color: boolean;
  #model: Model;
  #baselineMs = performance.now();
  #count = 0;

  constructor(task: TopCommand, run: TopRun) {
    const { color, ascii, width } = lookOf(task);
    this.#task = task;
    this.#run = run;
    this.#color = color;
    const rows = Number(Deno.env.get("LINES")) || DEFAULT_ROWS;
    this.#model = startModel({
      columns: width ?? DEFAULT_COLUMNS,
      rows,
      ascii,
      view: task.view,
      fileStem: "",
    });
  }

  async write(output: Output): Promise<void> {
    const { bindings, session } = this.#run;
    const { resetEveryNs, view } = this.#task;
    const atNs = session.figures().wallNs;
    const isDue = resetEveryNs !== null && performance.now() - this.#baselineMs >= resetEveryNs / 1e6;
    const stats = await (isDue ? bindings.stats?.snapshotAndReset() : bindings.stats?.snapshot()) ?? null;
    if (stats !== null) this.#take({ kind: "sample", sample: { atNs, stats } });
    this.#take({
      kind: "progress",
      elapsedNs: atNs,
      loss: session.progress().loss,
      probes: [],
      recording: null,
    });
    if (view === "stream") this.#take({ kind: "rows", rows: bindings.rows?.snapshot() ?? [] });
    if (view === "flame" && bindings.trie !== null) {
      const { trie } = bindings;
      const [{ root }, fields, metric] = await Promise.all([
        trie.snapshotTree(),
        trie.fields(),
        trie.countField(),
      ]);
      this.#take({ kind: "trie", trie: { root, fields, metric } });
    }
    output.write(`${this.#count++ === 0 ? "" : "\n"}${batchText(this.#model, this.#color)}`);
    if (isDue) {
      this.#baselineMs = performance.now();
      await bindings.trie?.reset();
      this.#take({ kind: "baseline", atNs });
    }
  }

  #take(event: Parameters<typeof update>[1]): void {
    this.#model = update(this.#model, event).model;
  }
}

/** Reports as lines of JSON, each of its interval. */
class Reports {
  readonly #task: TopCommand;
  readonly #run: TopRun;
  #before: ReportHeader | null = null;
  #index = 0;

  constructor(task: TopCommand, run: TopRun) {
    this.#task = task;
    this.#run = run;
  }

  async write(output: Output): Promise<void> {
    const { bindings, session } = this.#run;
    const now = runHeader(this.#task, session.facts, session.figures());
    const stats = await bindings.stats?.snapshotAndReset() ?? null;
    if (stats === null) return;
    const interval: Report["interval"] = {
      index: ++this.#index,
      start_ns: this.#before?.wall_ns ?? 0,
      end_ns: now.wall_ns,
    };
    const header = countedHeader(headerSince(now, this.#before));
    this.#before = now;
    output.write(`${reportLine(buildReport(header, stats, { top: null, sort: "time" }, { interval }))}\n`);
  }
}
