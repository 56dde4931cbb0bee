import { type GroupPlan, machineArch } from "../../bpf/mod.ts";
import type { TraceSession, TraceStarter } from "../../runtime/contracts.ts";
import { IorError } from "../../runtime/errors.ts";
import type { FlameConfig } from "../../runtime/flame_messages.ts";
import type { Loss } from "../../runtime/loss.ts";
import type { StatsConfig } from "../../runtime/messages.ts";
import { StreamFeed } from "../stream_feed.ts";
import { FlameClient } from "../workers/flame_client.ts";
import { StatsClient } from "../workers/stats_client.ts";
import { holdCommand, type TracedCommand } from "./hold_command.ts";
import { liveFilterSetter } from "./live_filter.ts";
import { ownStarting } from "./own_starting.ts";
import { prepare } from "./prepare.ts";
import { Probes } from "./probes.ts";
import { Publication } from "./publication.ts";
import type { RunningTrace } from "./running_trace.ts";

/** Configuration of a live trace, beside the filter and the bindings of its context. */
export interface LivePlan {
  /** Size of the ring, a power of two of at least a page. */
  ringBytes: number;
  /** Ends the trace after this long, nanoseconds; `null` for no end. */
  durationNs: number | null;
  /** What to start and trace, `null` for nothing. */
  command: TracedCommand | null;
  /** The control groups to trace, and whether rows say theirs; default all, and no. */
  groups?: GroupPlan;
  /** Limits of the statistics. */
  stats: StatsConfig;
  /** Frames and limits of the trie. */
  flame: FlameConfig;
}

/** A trace for an interface: its statistics, rows, trie and controls are published while it exists. */
class LiveSession implements TraceSession {
  readonly ended: Promise<void>;
  readonly #running: RunningTrace;
  readonly #resources: AsyncDisposableStack;

  constructor(running: RunningTrace, publication: Publication, resources: AsyncDisposableStack) {
    this.#running = running;
    this.#resources = resources;
    this.ended = running.ended.then(() => {}).finally(() => publication.endControls());
    this.ended.catch(() => {}); // whoever awaits it sees the reason
  }

  progress(): { calls: number; loss: Loss } {
    return this.#running.progress();
  }

  async stop(): Promise<void> {
    await this.#running.stop();
    await this.ended;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#resources.disposeAsync();
  }
}

/**
 * The engine's {@linkcode TraceStarter} for a plan. A session must be disposed of before the next one starts with the same
 * bindings.
 */
export function traceStarter(plan: LivePlan): TraceStarter {
  return traceStarterWith(prepare, plan);
}

/** The same with another kernel side. */
export function traceStarterWith(prepareTrace: typeof prepare, plan: LivePlan): TraceStarter {
  return async (context) => {
    const selection = context.filter();
    const calls = context.calls();
    const bindings = context.bindings();
    if (!selection) throw new IorError("runtime", "Cannot start a trace without a filter");
    if (!bindings) throw new IorError("runtime", "Cannot start a live trace without bindings");
    await using resources = new AsyncDisposableStack();
    const command = plan.command && resources.use(holdCommand(plan.command));
    const startingStats = ownStarting(resources, StatsClient.start(plan.stats));
    const startingTrie = ownStarting(resources, FlameClient.start(plan.flame));
    const sequencer = bindings.streamSequencer();
    const epoch = bindings.filterEpoch();
    const traced = {
      selection: { ...selection, ...calls },
      ringBytes: plan.ringBytes,
      groups: plan.groups,
      command,
      sequencer,
      epoch,
    };
    const prepared = resources.use(await prepareTrace(traced));
    const [stats, trie] = [await startingStats, await startingTrie];
    const rows = bindings.streamBuffer();
    const arch = machineArch();
    const feeds = rows ? [new StreamFeed(arch, rows)] : [];
    const running = prepared.attach().run([...feeds, stats, trie], plan.durationNs);
    const probes = new Probes(running.calls, arch, selection, calls ?? null);
    const baselines = [stats, trie];
    const setFilter = liveFilterSetter(selection, { running, probes, baselines, rows });
    const publication = resources.use(
      new Publication(bindings, { stats, trie, rows, setFilter, probes }),
    );
    return new LiveSession(running, publication, resources.move());
  };
}
