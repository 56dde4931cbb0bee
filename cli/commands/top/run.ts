import {
  emptyTraceContext,
  machineArch,
  OwnSignals,
  planGroups,
  RowSequencer,
  StreamRing,
  traceStarter,
} from "../../../engine/mod.ts";
import { IorError } from "../../../runtime/errors.ts";
import { MAX_TRIE_NODES } from "../../../runtime/flame_messages.ts";
import { STATS_LIMITS } from "../../../runtime/messages.ts";
import { DEFAULTS } from "../../options/defaults.ts";
import { FailedWhileRunning, type RunResult } from "../../exit_status.ts";
import { traceUser } from "../../run/trace_user.ts";
import { canShowLiveView, PROCESS_GROUPS, TopInterface } from "../../top/mod.ts";
import { runBatch } from "./batch.ts";
import { runInteractive } from "./interactive.ts";
import type { TopCommand } from "./task.ts";
import { waitForCommand } from "./top_run.ts";

/** What is counted separately for a view: more than anyone scrolls through, and little to hand over twice a second. */
const VIEW_LIMITS = {
  ...STATS_LIMITS,
  maxFiles: 2000,
  maxProcesses: 1000,
  maxDirectories: 2000,
  maxGroups: 4000,
};

/** `ior top`: the live view, or its frames as text. */
export async function runTop(task: TopCommand): Promise<RunResult> {
  if (task.batch === null && !canShowLiveView()) {
    throw new IorError("usage", "Cannot show the live view: standard input and output must be a terminal", {
      hint: "To print frames: ior top --batch",
    });
  }
  await using resources = new AsyncDisposableStack();
  const signals = OwnSignals.open();
  const bindings = new TopInterface(task.batch === "json" ? null : new StreamRing(), new RowSequencer());
  const context = emptyTraceContext().withBindings(bindings).withFilter(task.selection);
  const arch = machineArch();
  const start = traceStarter({
    ringBytes: task.ringBytes,
    // A filter that is typed later may name groups, so the rows of a view always say theirs.
    groups: planGroups(
      { groups: task.cgroups, showsGroups: task.batch === null || task.showsGroups },
      task.selection.where,
    ),
    sampling: task.sampling,
    autoSamples: task.autoSamples,
    durationNs: task.durationNs,
    waitsForChildren: task.waitsForChildren,
    command: task.command && {
      argv: task.command,
      stdoutToStderr: task.output === null,
      leavesTerminal: task.batch === null,
      user: traceUser(),
      environment: null,
    },
    stats: task.batch === "json" ? { arch, ...STATS_LIMITS } : { arch, ...VIEW_LIMITS, by: PROCESS_GROUPS },
    flame: { arch, fields: DEFAULTS.fields, metric: DEFAULTS.metric, maxNodes: MAX_TRIE_NODES / 10 },
  });
  const session = resources.use(await start(context));
  try {
    return await (task.batch === null ? runInteractive : runBatch)(task, { session, bindings, signals });
  } catch (failure) {
    throw new FailedWhileRunning(failure, waitForCommand(task, session));
  }
}
