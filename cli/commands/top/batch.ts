import type { Player } from "../../../runtime/contracts.ts";
import { countsAll, type Report, type ReportHeader } from "../../../runtime/report.ts";
import type { RunningCall } from "../../../runtime/row.ts";
import type { RunResult } from "../../exit_status.ts";
import { buildReport, reportLine } from "../../report/report.ts";
import { MissedSlow } from "../../report/slowest_missing.ts";
import { onEndingSignals, passOn } from "../../run/ending_signals.ts";
import { openOutput, type Output } from "../../run/output.ts";
import { lookOf } from "../../run/terminal.ts";
import { delay } from "../../../runtime/delay.ts";
import { traceUser } from "../../run/trace_user.ts";
import { batchText, isBaselineDue, type Model, requestOf, startModel, update } from "../../top/mod.ts";
import type { TopCommand } from "./task.ts";
import { knownExtras, type TopRun } from "./top_run.ts";

/** Size of a frame in a pipe. */
const DEFAULT_COLUMNS = 120;
const DEFAULT_ROWS = 28;

/** Prints frames, or reports, until enough are printed or nothing more comes. */
export async function runBatch(task: TopCommand, run: TopRun): Promise<RunResult> {
  await using output = openOutput(task.output, traceUser());
  using _signals = onEndingSignals(run.signals, {
    onFirst: (signal) => {
      passOn(signal, run.commandPid);
      void run.stop().catch(() => {});
    },
    onSecond: () => output.abandon(),
  });
  const frames: Printer = task.batch === "json" ? new Reports(run) : new Frames(task, run);
  const moments = run.player === null ? momentsOf(task, run) : momentsPlayed(task, run, run.player);
  let count = 0;
  for await (const _moment of moments) {
    await frames.write(output);
    await output.room();
    if (++count === task.count || output.closed) break;
  }
  await run.stop();
  // What has ended by itself has a last frame of what came since the one before.
  if (run.player === null && count !== task.count && !output.closed) {
    await frames.write(output, await run.running());
  }
  await output.finish();
  return { commandStatus: await run.commandStatus(), lossFree: countsAll(run.reportHeader()) };
}

/** The ends of the intervals of a trace, as they come, until it ends. */
async function* momentsOf({ intervalNs }: TopCommand, { ended }: TopRun): AsyncGenerator<void> {
  const startedMs = performance.now();
  let hasEnded = false;
  ended.catch(() => {}).finally(() => hasEnded = true);
  for (let count = 1;; count++) {
    // Counted from the start, so that a late frame does not delay all later ones.
    const dueMs = startedMs + count * intervalNs / 1e6;
    await Promise.race([delay(Math.max(0, dueMs - performance.now())), ended]);
    if (hasEnded) return;
    yield;
  }
}

/** The same of a recording, as fast as they are asked for; the last one is its end. */
async function* momentsPlayed(
  { intervalNs }: TopCommand,
  { ended }: TopRun,
  player: Player,
): AsyncGenerator<void> {
  let hasEnded = false;
  ended.catch(() => {}).finally(() => hasEnded = true);
  while (!hasEnded && (player.atNs < player.endNs || player.endNs === player.startNs)) {
    await player.seek(player.atNs + intervalNs);
    yield;
    if (player.endNs === player.startNs) return;
  }
}

/** What is printed. */
interface Printer {
  /** Prints what came since the last time; `running` had not returned when the trace ended. */
  write(output: Output, running?: readonly RunningCall[]): Promise<void>;
}

/** Frames as text. */
class Frames implements Printer {
  readonly #task: TopCommand;
  readonly #run: TopRun;
  readonly #color: boolean;
  #model: Model;
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
      played: run.player,
      ...knownExtras(task, run),
    });
  }

  async write(output: Output): Promise<void> {
    const { bindings } = this.#run;
    const { resetEveryNs, view } = this.#task;
    const atNs = this.#run.atNs();
    const startNs = this.#run.player?.startNs ?? 0;
    const isDue = resetEveryNs !== null &&
      isBaselineDue(this.#model.data, { atNs, startNs, everyNs: resetEveryNs });
    const request = requestOf(this.#model);
    const stats = await (isDue ? bindings.stats?.snapshotAndReset() : bindings.stats?.snapshot(request)) ??
      null;
    if (stats !== null) {
      this.#take({ kind: "sample", sample: { atNs, stats } });
    }
    const { loss, untracedRequests } = this.#run.progress();
    this.#take({
      kind: "progress",
      elapsedNs: atNs,
      loss,
      untracedRequests,
      warnings: bindings.streamBuffer()?.warnings ?? 0,
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
    if (view === "opens") {
      this.#take({ kind: "sessions", sessions: await bindings.sessions?.snapshot() ?? null });
    }
    if (view === "mapped") {
      this.#take({ kind: "mapped", mapped: await bindings.mapped?.snapshot() ?? null });
    }
    output.write(`${this.#count++ === 0 ? "" : "\n"}${batchText(this.#model, this.#color)}`);
    if (isDue) {
      await bindings.trie?.reset();
      this.#take({ kind: "baseline", atNs });
    }
  }

  #take(event: Parameters<typeof update>[1]): void {
    this.#model = update(this.#model, event).model;
  }
}

/** Reports as lines of JSON, each of its interval. */
class Reports implements Printer {
  readonly #run: TopRun;
  #before: ReportHeader | null = null;
  readonly #missed = new MissedSlow();
  #index = 0;

  constructor(run: TopRun) {
    this.#run = run;
  }

  async write(output: Output, running: readonly RunningCall[] = []): Promise<void> {
    const { bindings } = this.#run;
    const now = this.#run.reportHeader();
    const stats = await bindings.stats?.snapshotAndReset() ?? null;
    if (stats === null) return;
    // What is left of a recording begins later than its trace did.
    const beganNs = this.#run.player?.startNs ?? 0;
    const interval: Report["interval"] = {
      index: ++this.#index,
      start_ns: beganNs + (this.#before?.wall_ns ?? 0),
      end_ns: beganNs + now.wall_ns,
    };
    const header = this.#run.headerSince(now, this.#before);
    this.#before = now;
    const extras = { interval, running, slowestMissing: this.#missed.since(this.#run.missedSlow(), stats) };
    output.write(`${reportLine(buildReport(header, stats, { top: null, sort: "time" }, extras))}\n`);
  }
}
