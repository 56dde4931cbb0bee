import {
  Capture,
  type CaptureOptions,
  type CaptureStart,
  type GroupPlan,
  loadMappedSums,
  loadStacks,
  machineArch,
} from "../../bpf/mod.ts";
import type { CallExtra } from "../../runtime/expression/mod.ts";
import type { StreamSequencer } from "../../runtime/contracts.ts";
import type { Filter } from "../../runtime/filter/mod.ts";
import { rateOf, type Sampling } from "../../runtime/sampling.ts";
import { syscallByNumber } from "../../runtime/syscalls/mod.ts";
import { AutoSampler, type RateSetter } from "../auto_sampler.ts";
import type { HeldCommand } from "../command.ts";
import { RowSequencer } from "../sequencer.ts";
import { PreparedTrace } from "./prepared_trace.ts";
import type { TraceCapture } from "./trace_parts.ts";

/** What is traced, and how. */
export interface TracePlan {
  /** The calls that have rows. */
  selection: Filter;
  /** The control groups to trace, and whether rows say theirs; default all, and no. */
  groups?: GroupPlan;
  /** Size of the ring, a power of two of at least a page. */
  ringBytes: number;
  /** Which calls are rows, `null` when all are; default `null`. The others are added up. */
  sampling?: Sampling | null;
  /** Without `sampling`: calls are added up where rows are many, as far as the filter allows; default false. */
  addsUp?: boolean;
  /** What is known of each call beside its record; default nothing. */
  extras?: readonly CallExtra[];
  /** Requests to io_uring may be selected later; default: only what is selected now can have rows. */
  mayFollowRequests?: boolean;
  /** Fewer calls are rows while the ring is more than half full; default false. */
  autoSamples?: boolean;
  /** This process takes its turn with others however fast calls come; default: while they fill the ring it runs first. */
  keepsTurn?: boolean;
  /** The command to trace, held; `null` for none. The caller keeps it. */
  command: HeldCommand | null;
  /** Numbers the rows; default from 1 on. */
  sequencer?: StreamSequencer;
  /** Filter epoch; default 1. */
  epoch?: number;
  /** When the trace began that this one goes on with; default: it begins by itself. */
  start?: CaptureStart;
  /** Kernel object to use instead of ior's own. */
  object?: Uint8Array<ArrayBuffer>;
}

/**
 * Loads the programs into the kernel, and waits until the command is at its gate. Programs that were prepared are loaded while
 * this thread does other work; libbpf keeps it busy, but not before the caller has had its turn.
 *
 * @throws {IorError} When any of it fails. Nothing is then left behind.
 */
export function prepare(plan: TracePlan): Promise<PreparedTrace> {
  return prepareWith(Capture.load, plan);
}

/** The same with another kernel side. */
export async function prepareWith(
  load: (options: CaptureOptions) => TraceCapture | Promise<TraceCapture>,
  plan: TracePlan,
): Promise<PreparedTrace> {
  const { selection, groups, ringBytes, addsUp, extras, command, start, object, autoSamples = false } = plan;
  const sampling = plan.sampling ?? (autoSamples ? {} : null);
  const epoch = plan.epoch ?? 1;
  await using resources = new AsyncDisposableStack();
  const stacks = extras?.includes("stacks") ? await loadStacks() : undefined;
  const mappedSums = extras?.includes("cache") ? await loadMappedSums() : undefined;
  const capture = resources.use(
    await load({
      selection,
      groups,
      launches: command !== null,
      ringBytes,
      sequencer: plan.sequencer ?? new RowSequencer(),
      epoch,
      sampling,
      autoSamples,
      addsUp,
      extras,
      mayFollowRequests: plan.mayFollowRequests,
      stacks,
      mappedSums,
      start,
      object,
    }),
  );
  if (command) {
    await command.ready();
    capture.addProcess(command.pid, command.execs);
  }
  const autoSampler = autoSamples && sampling !== null ? new AutoSampler(ratesOf(capture, sampling)) : null;
  return new PreparedTrace(
    { capture, command, epoch, ringBytes, keepsTurn: plan.keepsTurn ?? false, autoSampler },
    resources.move(),
  );
}

/** The rates of a capture; `asked` are those of its load. */
function ratesOf(capture: TraceCapture, asked: Sampling): RateSetter {
  const arch = machineArch();
  return {
    rateOf: (nr) => {
      const call = syscallByNumber(arch, nr);
      return call === undefined ? 1 : rateOf(asked, call);
    },
    setRate: (nr, rate) => capture.setRate(nr, rate),
  };
}
