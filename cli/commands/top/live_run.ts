import {
  type CommandStatus,
  emptyTraceContext,
  type EndedTrace,
  type LivePlan,
  type LiveSession,
  machineArch,
  OwnSignals,
  planGroups,
  prepareSession,
  RowSequencer,
  StreamRing,
  type TraceFigures,
  traceStarter,
} from "../../../engine/mod.ts";
import type { Progress } from "../../../runtime/contracts.ts";
import { IorError } from "../../../runtime/errors.ts";
import { addLoss } from "../../../runtime/loss.ts";
import { addRequests, type ReportHeader, sumOfRequests } from "../../../runtime/report.ts";
import type { RunningCall } from "../../../runtime/row.ts";
import { headerSince } from "../../report/header_since.ts";
import { countedHeader, runHeader } from "../../run/run_header.ts";
import { traceUser } from "../../run/trace_user.ts";
import { formatDuration } from "../../text/format.ts";
import { type Followed, type Restart, TopInterface } from "../../top/mod.ts";
import { readRingBytes } from "../../options/values.ts";
import { flameConfig, statsConfig } from "./limits.ts";
import type { TopCommand } from "./task.ts";
import type { TopRun } from "./top_run.ts";

/** A trace, which can be started again while it is shown: rows, their numbers and a recording go on. */
export class LiveRun implements TopRun {
  readonly bindings: TopInterface;
  readonly signals: OwnSignals;
  readonly player = null;
  readonly ended: Promise<void>;
  readonly startedWallNs: bigint;
  readonly commandPid: number | null;
  readonly #task: TopCommand;
  readonly #commandEnded: Promise<CommandStatus> | null;
  readonly #end = Promise.withResolvers<void>();
  #plan: LivePlan;
  #session: LiveSession;
  #isHandingOver = false;
  #hasEnded = false;
  /** What the options select, and the command: a trace that is started again follows it as any process. */
  readonly #followedFirst: Followed;
  /** The same of this session. */
  #followed: Followed;
  /** Processes and threads that were seen to end: their numbers select nothing any more. */
  readonly #ended = { pids: new Set<number>(), tids: new Set<number>() };
  /** Figures of the sessions before this one. */
  #before: Pick<TraceFigures, "calls" | "loss" | "uringRequests"> | null = null;
  /** Figures of this one when it has ended, once they have been asked for. */
  #final: EndedTrace | null = null;

  private constructor(
    task: TopCommand,
    plan: LivePlan,
    { bindings, signals, session }: { bindings: TopInterface; signals: OwnSignals; session: LiveSession },
  ) {
    this.bindings = bindings;
    this.signals = signals;
    this.startedWallNs = session.facts.startedWallNs;
    this.commandPid = session.commandPid;
    this.ended = this.#end.promise;
    this.ended.catch(() => {}); // whoever awaits it sees the reason
    this.#task = task;
    this.#plan = plan;
    this.#session = session;
    const { pids, tids, follow } = task.selection;
    const command = session.commandPid === null ? [] : [session.commandPid];
    this.#followed = this.#followedFirst = { pids: [...new Set([...pids, ...command])], tids, follow };
    this.#commandEnded = session.commandEnded;
    this.#watch();
  }

  /** Starts the trace. */
  static async start(task: TopCommand): Promise<LiveRun> {
    const arch = machineArch();
    const signals = OwnSignals.open();
    const keepsRows = task.batch === null || (task.batch === "text" && task.needsRows !== null);
    const followsFiles = task.batch !== "json" && task.view === "opens";
    const bindings = new TopInterface(keepsRows ? new StreamRing() : null, new RowSequencer(), followsFiles);
    const plan: LivePlan = {
      ringBytes: task.ringBytes,
      // A filter that is typed later may name groups, so the rows of a view always say theirs.
      groups: planGroups(
        { groups: task.cgroups, showsGroups: task.batch === null || task.showsGroups },
        task.selection.where,
      ),
      sampling: task.sampling,
      addsUp: task.needsRows === null,
      mayFollowRequests: task.batch === null,
      autoSamples: task.autoSamples,
      extras: task.extras,
      followsFiles,
      durationNs: task.durationNs,
      waitsForChildren: task.waitsForChildren,
      command: task.command && {
        argv: task.command,
        stdoutToStderr: task.output === null,
        leavesTerminal: task.batch === null,
        user: traceUser(),
        environment: null,
      },
      stats: statsConfig(task, arch),
      flame: flameConfig(task, arch),
    };
    const context = emptyTraceContext().withBindings(bindings).withFilter(task.selection);
    const session = await traceStarter(plan)(context);
    return new LiveRun(task, plan, { bindings, signals, session });
  }

  /** What has come of all sessions. */
  progress(): Progress {
    const progress = this.#session.progress();
    if (this.#before === null) return progress;
    const { calls, loss, uringRequests } = this.#before;
    return {
      calls: calls + progress.calls,
      loss: addLoss(loss, progress.loss),
      untracedRequests: (progress.untracedRequests ?? 0) + sumOfRequests(uringRequests),
    };
  }

  atNs(): number {
    return this.#session.wallNs;
  }

  missedSlow(): Uint32Array | null {
    return this.#session.figures().missedSlow;
  }

  header(): ReportHeader {
    return runHeader(this.#task, this.#session.facts, this.#figures());
  }

  reportHeader(): ReportHeader {
    return countedHeader(this.header());
  }

  headerSince(now: ReportHeader, before: ReportHeader | null): ReportHeader {
    return headerSince(now, before);
  }

  async running(): Promise<readonly RunningCall[]> {
    this.#final = await this.#session.result();
    return this.#final.running;
  }

  /** The new trace is loaded while the old one runs: what is refused changes nothing. */
  restart = async ({ filter, ringSize, pid }: Restart): Promise<Followed> => {
    const plan = await this.#changedPlan(ringSize);
    const followed = this.#nextFollowed(pid);
    const { bindings } = this;
    const context = emptyTraceContext().withBindings(bindings).withFilter({ ...filter, ...followed })
      .withCalls(bindings.probes?.intended() ?? null);
    await using prepared = await prepareSession(plan, context);
    if (this.#hasEnded) throw hasEnded();
    await this.#handOver(() => prepared.start());
    this.#plan = plan;
    return this.#followed = followed;
  };

  /** The processes and threads of the next session: those of this one, or what is asked for. */
  #nextFollowed(asked: Restart["pid"]): Followed {
    if (this.#hasEnded) throw hasEnded();
    const { pids, tids } = this.#session.endedTasks();
    for (const pid of pids) this.#ended.pids.add(pid);
    for (const tid of tids) this.#ended.tids.add(tid);
    if (typeof asked === "number") return { pids: [asked], tids: [], follow: true };
    const followed = asked === null ? this.#followedFirst : this.#followed;
    const left = {
      ...followed,
      pids: followed.pids.filter((pid) => !this.#ended.pids.has(pid)),
      tids: followed.tids.filter((tid) => !this.#ended.tids.has(tid)),
    };
    // None would select every process.
    if (numbers(left) === 0 && numbers(followed) > 0) throw hasEnded();
    return left;
  }

  /** Ends the session and begins the next one. */
  async #handOver(begin: () => Promise<LiveSession>): Promise<void> {
    const old = this.#session;
    this.#isHandingOver = true;
    try {
      await old.stop();
      const { wallNs } = old;
      const before = this.#figures();
      old.withdraw();
      this.#session = await begin();
      this.#before = before;
      // Says what is in neither session.
      const gap = formatDuration(this.atNs() - wallNs);
      this.bindings.warn(`The trace was started again: calls of ${gap} between are missing`, wallNs);
      this.#watch();
    } catch (error) {
      this.#end.resolve(); // the old one is over
      throw error;
    } finally {
      this.#isHandingOver = false;
      await old[Symbol.asyncDispose]();
    }
  }

  /** What was chosen meanwhile is kept. */
  async #changedPlan(ringSize: string | undefined): Promise<LivePlan> {
    const { bindings } = this;
    const { trie } = bindings;
    const { durationNs, waitsForChildren } = this.#task;
    if (trie === null || this.#hasEnded) throw hasEnded();
    if (waitsForChildren) {
      throw new IorError(
        "runtime",
        "Cannot start the trace again: with --all-children it waits for the children of its command",
      );
    }
    return {
      ...this.#plan,
      // What shows or records rows gets all of them from the first call on.
      addsUp: this.#task.needsRows === null && !bindings.wantsRows,
      followsFiles: bindings.followsFiles,
      ...(ringSize === undefined ? {} : { ringBytes: readRingBytes("ring size", ringSize) }),
      durationNs: durationNs === null ? null : Math.max(0, durationNs - this.atNs()),
      command: null,
      start: this.#session.facts.start,
      flame: { ...this.#plan.flame, fields: await trie.fields(), metric: await trie.countField() },
    };
  }

  /** The run ends with the session that is in force. */
  #watch(): void {
    const ended = () => {
      if (this.#isHandingOver) return;
      this.#hasEnded = true;
      this.#end.resolve();
    };
    this.#session.ended.then(ended, this.#end.reject);
  }

  #figures(): TraceFigures | EndedTrace {
    const figures = this.#final ?? this.#session.figures();
    if (this.#before === null) return figures;
    const { calls, loss, uringRequests } = this.#before;
    return {
      ...figures,
      calls: figures.calls + calls,
      loss: addLoss(loss, figures.loss),
      uringRequests: addRequests(uringRequests, figures.uringRequests),
    };
  }

  async stop(): Promise<void> {
    await this.#session.stop();
    await this.ended;
  }

  async commandStatus(): Promise<CommandStatus | null> {
    if (!this.#task.waitsForCommand) return null;
    return await this.#commandEnded?.catch(() => null) ?? null;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#session[Symbol.asyncDispose]();
  }
}

/** How many processes and threads are selected by number. */
function numbers({ pids, tids }: Followed): number {
  return pids.length + tids.length;
}

function hasEnded(): IorError {
  return new IorError("runtime", "The trace has ended: it cannot be started again");
}
