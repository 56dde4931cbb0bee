import { batchFilter, OwnSignals, RowSequencer, StreamRing } from "../../../engine/mod.ts";
import { type PlaySession, playStarter } from "../../../engine/replay/play_starter.ts";
import { emptyTraceContext } from "../../../engine/mod.ts";
import type { Recording } from "../../../engine/recording/mod.ts";
import type { Player } from "../../../runtime/contracts.ts";
import type { ReportHeader } from "../../../runtime/report.ts";
import { headerOfPart } from "../../report/header_since.ts";
import { headerOfReplay, openInput, selectMapped } from "../../run/open_input.ts";
import { TopInterface } from "../../top/mod.ts";
import { flameConfig, statsConfig } from "./limits.ts";
import type { TopCommand } from "./task.ts";
import type { TopRun } from "./top_run.ts";

/** A recording that is played. */
export class PlayedRun implements TopRun {
  readonly bindings: TopInterface;
  readonly signals: OwnSignals;
  readonly player: Player;
  readonly ended: Promise<void>;
  readonly startedWallNs: bigint;
  readonly commandPid = null;
  readonly restart = null;
  readonly #session: PlaySession;
  readonly #header: ReportHeader;
  readonly #resources: AsyncDisposableStack;

  private constructor(
    { bindings, signals, session, header }: {
      bindings: TopInterface;
      signals: OwnSignals;
      session: PlaySession;
      header: ReportHeader;
    },
    { startedWallNs }: Recording,
    resources: AsyncDisposableStack,
  ) {
    this.bindings = bindings;
    this.signals = signals;
    this.player = session.player;
    this.ended = session.ended;
    this.startedWallNs = startedWallNs;
    this.#session = session;
    this.#header = header;
    this.#resources = resources;
  }

  /** Opens the recording, at its first moment. */
  static async open(task: TopCommand): Promise<PlayedRun> {
    await using resources = new AsyncDisposableStack();
    const recording = await openInput(task.from);
    const { arch } = recording;
    const signals = OwnSignals.open();
    const bindings = new TopInterface(task.batch === "json" ? null : new StreamRing(), new RowSequencer());
    const start = playStarter({
      recording,
      stats: { ...statsConfig(task, arch), ignoresFetched: !recording.knowsFetched },
      flame: flameConfig(task, arch),
      mapped: (filter) => selectMapped(recording.header, filter).mapped_io ?? null,
    });
    const context = emptyTraceContext().withBindings(bindings).withFilter(task.selection);
    const session = resources.use(await start(context));
    if (task.batch !== "json" && task.view === "opens") await bindings.followFiles(true);
    const header = headerOfReplay(recording, batchFilter(task.selection, arch), task);
    return new PlayedRun({ bindings, signals, session, header }, recording, resources.move());
  }

  progress(): ReturnType<PlaySession["progress"]> {
    return this.#session.progress();
  }

  missedSlow(): null {
    return null;
  }

  atNs(): number {
    return this.player.atNs;
  }

  /** How and when the command ended is shown at the end of the recording, not before. */
  header(): ReportHeader {
    const { startNs, atNs, endNs } = this.player;
    const header = { ...this.#header, wall_ns: atNs - startNs };
    if (atNs === endNs) return header;
    const { traced_ns: _ofWhole, ...rest } = header;
    return { ...rest, command_status: null, command_wall_ns: null };
  }

  reportHeader(): ReportHeader {
    return this.header();
  }

  /** What was lost and what it cost is known of the whole recording only. */
  headerSince(now: ReportHeader, before: ReportHeader | null): ReportHeader {
    return headerOfPart(now, now.wall_ns - (before?.wall_ns ?? 0));
  }

  running(): Promise<never[]> {
    return Promise.resolve([]);
  }

  stop(): Promise<void> {
    return this.#session.stop();
  }

  commandStatus(): Promise<null> {
    return Promise.resolve(null);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#resources.disposeAsync();
  }
}
