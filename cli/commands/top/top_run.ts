import type { CommandStatus, OwnSignals } from "../../../engine/mod.ts";
import type { Player, TraceSession } from "../../../runtime/contracts.ts";
import type { ReportHeader } from "../../../runtime/report.ts";
import type { RunningCall } from "../../../runtime/row.ts";
import type { Followed, Restart, TopInterface } from "../../top/mod.ts";
import type { TopCommand } from "./task.ts";

/** What is shown: a trace, or a recording that is played. */
export interface TopRun extends TraceSession {
  /** The interface that it publishes to. */
  readonly bindings: TopInterface;
  readonly signals: OwnSignals;
  /** When the trace began, nanoseconds since 1970. */
  readonly startedWallNs: bigint;
  /** The process of the command, `null` without one. */
  readonly commandPid: number | null;
  /** Moves a recording on, `null` for a trace. */
  readonly player: Player | null;
  /** The moment that is shown, nanoseconds since the trace began. */
  atNs(): number;
  /** Slow calls without a row so far, see `slowestMissing`; `null` when all have one. */
  missedSlow(): Uint32Array | null;
  /** The header of the run so far: of its rows, and of what the statistics have counted. */
  header(): ReportHeader;
  reportHeader(): ReportHeader;
  /** The latter of what lies between two moments; `before` is the one of the earlier moment. */
  headerSince(now: ReportHeader, before: ReportHeader | null): ReportHeader;
  /** The calls that had not returned when the trace ended; rejects with what went wrong in it. */
  running(): Promise<readonly RunningCall[]>;
  /** Starts the trace again in another way, `null` for what cannot be. Rejects, and changes nothing, when that fails. */
  readonly restart: ((change: Restart) => Promise<Followed>) | null;
  /** How the command ended, when ior waits for it. */
  commandStatus(): Promise<CommandStatus | null>;
}

/** What is known beside calls and their results; whether a recording has stacks is known when it has been read. */
export function knownExtras(
  { extras }: Pick<TopCommand, "extras">,
  run: Pick<TopRun, "player" | "header">,
): { hasStacks: boolean; hasMapped: boolean } {
  if (run.player !== null) return { hasStacks: true, hasMapped: run.header().mapped_io !== undefined };
  return { hasStacks: extras.includes("stacks"), hasMapped: extras.includes("cache") };
}
