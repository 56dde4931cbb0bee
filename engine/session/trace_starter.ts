import { type CaptureStart, type GroupPlan, machineArch } from "../../bpf/mod.ts";
import type { CallExtra } from "../../runtime/expression/mod.ts";
import type {
  Progress,
  ResettableSnapshotSource,
  RowsSwitch,
  TraceContext,
  TraceSession,
} from "../../runtime/contracts.ts";
import { IorError } from "../../runtime/errors.ts";
import type { Filter } from "../../runtime/filter/mod.ts";
import type { FlameConfig } from "../../runtime/flame_messages.ts";
import { reportMappedIo } from "../../runtime/report.ts";
import type { StatsConfig } from "../../runtime/messages.ts";
import type { Sampling } from "../../runtime/sampling.ts";
import { type CommandPlan, type CommandStatus, HeldCommand } from "../command.ts";
import { RecorderFeed } from "../recorder_feed.ts";
import { StreamFeed } from "../stream_feed.ts";
import { FlameClient } from "../workers/flame_client.ts";
import { StatsClient } from "../workers/stats_client.ts";
import { liveFilterSetter } from "./live_filter.ts";
import { ownStarting } from "./own_starting.ts";
import { prepare } from "./prepare.ts";
import { Probes } from "./probes.ts";
import { Publication } from "./publication.ts";
import type { TraceFacts } from "./prepared_trace.ts";
import type { EndedTrace, RunningTrace, TraceFigures } from "./running_trace.ts";

/** Configuration of a live trace, beside the filter and the bindings of its context. */
export interface LivePlan {
  /** Size of the ring, a power of two of at least a page. */
  ringBytes: number;
  /** Ends the trace after this long, nanoseconds; `null` for no end. */
  durationNs: number | null;
  /** What to start and trace, `null` for nothing. */
  command: CommandPlan | null;
  /** The control groups to trace, and whether rows say theirs; default all, and no. */
  groups?: GroupPlan;
  /** Which calls are rows, `null` when all are; default `null`. */
  sampling?: Sampling | null;
  /** Without `sampling`: the kernel adds up what nothing needs rows of; default false. */
  addsUp?: boolean;
  /** What is known of each call beside its record; default nothing. */
  extras?: readonly CallExtra[];
  /** Requests to io_uring may be selected later; default: only what is selected now can have rows. */
  mayFollowRequests?: boolean;
  /** Fewer calls are rows while the ring is more than half full; default false. */
  autoSamples?: boolean;
  /** Open file descriptions are followed from the first call on; default: once somebody asks. */
  followsFiles?: boolean;
  /** Ends the trace with the last child that the command leaves, rather than with the command. */
  waitsForChildren?: boolean;
  /** When the trace began that this one goes on with; default: it begins by itself. */
  start?: CaptureStart;
  /** Limits of the statistics. */
  stats: StatsConfig;
  /** Frames and limits of the trie. */
  flame: FlameConfig;
}

/** A trace for an interface: its statistics, rows, trie and controls are published while it exists. */
export class LiveSession implements TraceSession {
  readonly ended: Promise<void>;
  /** What is known before the first row. */
  readonly facts: TraceFacts;
  /** The command's process, `null` without one. */
  readonly commandPid: number | null;
  /** Resolves when the command has ended, which may be after the trace; `null` without one. */
  readonly commandEnded: Promise<CommandStatus> | null;
  readonly #running: RunningTrace;
  readonly #publication: Publication;
  readonly #resources: AsyncDisposableStack;

  /** As {@linkcode traceStarter} makes it. */
  constructor(
    { running, facts, commandEnded }: LiveTrace,
    publication: Publication,
    resources: AsyncDisposableStack,
  ) {
    this.#running = running;
    this.facts = facts;
    this.commandPid = running.commandPid;
    this.commandEnded = commandEnded;
    this.#publication = publication;
    this.#resources = resources;
    this.ended = running.ended.then(() => {}).finally(() => publication.endControls());
    this.ended.catch(() => {}); // whoever awaits it sees the reason
  }

  progress(): Progress {
    return this.#running.progress();
  }

  /** Nanoseconds since the trace began, or its whole length once it has ended. */
  get wallNs(): number {
    return this.#running.wallNs;
  }

  /** The selected processes and threads that have ended: others may have their numbers. */
  endedTasks(): Pick<Filter, "pids" | "tids"> {
    return this.#running.endedTasks();
  }

  /** The figures so far. */
  figures(): TraceFigures {
    return this.#running.figures();
  }

  /** The figures at the end, and the calls that had not returned; rejects with what went wrong. */
  result(): Promise<EndedTrace> {
    return this.#running.ended;
  }

  async stop(): Promise<void> {
    await this.#running.stop();
    await this.ended;
  }

  /** Withdraws what it has published: the next session may publish with the same bindings. */
  withdraw(): void {
    this.#publication[Symbol.dispose]();
  }

  /** Ends the trace and withdraws what it has published. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#resources.disposeAsync();
  }
}

/** What a session is made of. */
interface LiveTrace {
  running: RunningTrace;
  facts: TraceFacts;
  commandEnded: Promise<CommandStatus> | null;
}

/** The programs of a session are in the kernel, and its workers have started; nothing is traced or published yet. */
export class PreparedSession implements AsyncDisposable {
  readonly #begin: (resources: AsyncDisposableStack) => LiveSession;
  readonly #resources: AsyncDisposableStack;

  /** As {@linkcode prepareSession} makes it. */
  constructor(begin: (resources: AsyncDisposableStack) => LiveSession, resources: AsyncDisposableStack) {
    this.#begin = begin;
    this.#resources = resources;
  }

  /** Begins to trace, and publishes. To be called once, when an earlier session with the same bindings has withdrawn. */
  async start(): Promise<LiveSession> {
    const resources = this.#resources.move();
    try {
      return this.#begin(resources);
    } catch (error) {
      await resources.disposeAsync();
      throw error;
    }
  }

  /** Releases what was not started. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#resources.disposeAsync();
  }
}

/** The engine's `TraceStarter` for a plan. A session must have withdrawn before the next one starts with the same bindings. */
export function traceStarter(plan: LivePlan): (context: TraceContext) => Promise<LiveSession> {
  return traceStarterWith(prepare, plan);
}

/** The same with another kernel side. */
export function traceStarterWith(
  prepareTrace: typeof prepare,
  plan: LivePlan,
): (context: TraceContext) => Promise<LiveSession> {
  return async (context) => (await prepareSessionWith(prepareTrace, plan, context)).start();
}

/** The first half of {@linkcode traceStarter}: what can fail, while another trace may run. */
export function prepareSession(plan: LivePlan, context: TraceContext): Promise<PreparedSession> {
  return prepareSessionWith(prepare, plan, context);
}

/** The same with another kernel side. */
export async function prepareSessionWith(
  prepareTrace: typeof prepare,
  plan: LivePlan,
  context: TraceContext,
): Promise<PreparedSession> {
  const selection = context.filter();
  const calls = context.calls();
  const bindings = context.bindings();
  if (!selection) throw new IorError("runtime", "Cannot start a trace without a filter");
  if (!bindings) throw new IorError("runtime", "Cannot start a live trace without bindings");
  await using resources = new AsyncDisposableStack();
  const command = plan.command && resources.use(HeldCommand.start(plan.command));
  const startingStats = ownStarting(resources, StatsClient.start(plan.stats));
  const startingTrie = ownStarting(resources, FlameClient.start(plan.flame));
  const sequencer = bindings.streamSequencer();
  const epoch = bindings.filterEpoch();
  const traced = {
    selection: { ...selection, ...calls },
    ringBytes: plan.ringBytes,
    groups: plan.groups,
    sampling: plan.sampling,
    addsUp: plan.addsUp,
    extras: plan.extras,
    mayFollowRequests: plan.mayFollowRequests,
    autoSamples: plan.autoSamples,
    command,
    sequencer,
    epoch,
    start: plan.start,
  };
  const prepared = resources.use(await prepareTrace(traced));
  const [stats, trie] = [await startingStats, await startingTrie];
  const arch = machineArch();
  const recorder = new RecorderFeed(() => bindings.recorder());
  const { FileSessionFeed } = await import("../file_session_feed.ts"); // other commands start faster without it
  const sessions = new FileSessionFeed(arch, () => recorder.names());
  if (plan.followsFiles) await sessions.follow(true);
  const begin = (resources: AsyncDisposableStack) => {
    const rows = bindings.streamBuffer();
    const feed = rows && new StreamFeed(arch, rows);
    // The recorder comes last: it gets the batches themselves, and mostly gives them back at once.
    const takers = [...(feed ? [feed] : []), sessions, stats, trie, recorder];
    const attached = prepared.attach();
    const { facts } = attached;
    const running = attached.run(takers, plan.durationNs, plan.waitsForChildren);
    // The buffer outlives the session.
    running.ended.catch(() => {}).finally(() => feed?.flush());
    const probes = new Probes(running.calls, arch, selection, calls ?? null);
    const baselines = [stats, trie, sessions];
    const setFilter = liveFilterSetter(selection, { running, probes, baselines, rows: feed });
    // The rows of before are a sample.
    const turnRows: RowsSwitch | null = plan.addsUp === true
      ? (wanted) => running.giveRows(wanted, () => wanted && feed?.retain(() => false))
      : null;
    const publication = resources.use(
      new Publication(bindings, {
        stats: cutting(stats, running),
        trie,
        rows: feed,
        sessions,
        mapped: {
          snapshot() {
            const { mappedIo } = running.figures();
            return mappedIo && reportMappedIo(mappedIo);
          },
        },
        setFilter,
        turnRows,
        probes,
      }),
    );
    return new LiveSession({ running, facts, commandEnded: command?.ended ?? null }, publication, resources);
  };
  return new PreparedSession(begin, resources.move());
}

/** Statistics of all that has ended when they are asked for; they begin anew with that, also after the end of the trace. */
function cutting(stats: StatsClient, running: RunningTrace): ResettableSnapshotSource {
  let isStopping = false;
  running.stopping.then(() => isStopping = true);
  const begin = () => stats.snapshotAndReset(running.wallNs);
  return {
    snapshot: async (request) => {
      await running.freshen().catch(() => {}); // has ended: all is counted
      return await stats.snapshot(request);
    },
    snapshotAndReset: () =>
      running.cut(begin).catch(async (reason) => {
        if (!isStopping) throw reason;
        await running.ended.catch(() => {}); // what is still in the ring counts too
        return await begin();
      }),
  };
}
