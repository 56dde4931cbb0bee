/** Where each part of a filter is decided, and what that costs a call that it rejects. */
import { type Expression, formatExpression } from "../../runtime/expression/mod.ts";
import { type Filter, formatFilter, splitFilter } from "../../runtime/filter/mod.ts";
import { rateOf, type Sampling } from "../../runtime/sampling.ts";
import { familyOfName } from "../../runtime/syscalls/mod.ts";
import type { RowsNeed } from "../options/mod.ts";
import { type CostRange, RECORDED_NS, REJECTED_NS } from "./costs.ts";

/** A condition on names or rows, as text that parses back; `null` for none. */
export interface DecidedCondition {
  where: string | null;
  rejected_ns: CostRange;
}

/** The document of `--explain --json`: the steps in their order. A call has a row when it passes all of them. */
export interface Explanation {
  schema: "ior.explain/1";
  /** In the words of the options. */
  selection: Record<string, unknown>;
  /** The whole filter as text. */
  filter: string;
  /** In the kernel, when the call enters, before any work. */
  enter: {
    /** Names of the selected calls. */
    syscalls: string[];
    /** Also numbers that ior does not know. */
    unknown_syscalls: boolean;
    /** The command that is traced, `null` for none. */
    command: readonly string[] | null;
    pids: number[];
    tids: number[];
    /** Children of the processes and the command are traced as well. */
    follow: boolean;
    /** Real UIDs, empty for all. */
    uids: number[];
    /** Real GIDs, empty for all. */
    gids: number[];
    /** Control groups as given, empty for all. */
    cgroups: readonly string[];
    rejected_ns: CostRange;
  };
  /** In the kernel, by a verdict on the thread that user space made when its name was announced. */
  thread: DecidedCondition;
  /** In the kernel, by a verdict on each of the call's files: at the enter, or for a call that opens one at its exit. */
  file: DecidedCondition;
  /** In the kernel, when the call returns. */
  exit: { failed: boolean; slower_ns: number; rejected_ns: CostRange };
  /** In user space, for each row. */
  row: DecidedCondition;
  /**
   * What becomes of the calls that are left: all have rows, none has one and the kernel adds them up, or some have rows and
   * the others are added up.
   */
  taken_as: "rows" | "sums" | "both";
  /** Why; `null` when the kernel decides by itself, as nothing needs single calls. */
  taken_why: RowsNeed | null;
  /** What a call with a row pays. */
  recorded_ns: CostRange;
}

/** Which calls have rows, see the options of a run. */
export interface Taken {
  sampling: Sampling | null;
  autoSamples: boolean;
  needsRows: RowsNeed | null;
}

/** Explains `filter`; `selection` is what was given for it, `cgroups` the control groups, `taken` what has rows. */
export function explain(
  filter: Filter,
  selection: Record<string, unknown>,
  command: readonly string[] | null,
  cgroups: readonly string[] = [],
  taken: Taken = { sampling: null, autoSamples: false, needsRows: "option" },
): Explanation {
  const { kernel, tasks, files, rest } = splitFilter(filter);
  const { syscalls, unknownSyscalls, pids, tids, follow, uids, gids, failedOnly, slowerNs, ...unexplained } =
    kernel;
  // What the kernel learns to decide must be explained too.
  unexplained satisfies Record<string, never>;
  return {
    schema: "ior.explain/1",
    selection,
    filter: formatFilter(filter),
    enter: {
      syscalls,
      unknown_syscalls: unknownSyscalls,
      command,
      pids,
      tids,
      follow,
      uids,
      gids,
      cgroups,
      rejected_ns: REJECTED_NS.enter,
    },
    thread: { where: textOf(tasks), rejected_ns: REJECTED_NS.thread },
    file: { where: textOf(files), rejected_ns: REJECTED_NS.file },
    exit: { failed: failedOnly, slower_ns: slowerNs, rejected_ns: REJECTED_NS.exit },
    row: { where: textOf(rest), rejected_ns: REJECTED_NS.row },
    taken_as: takenAs(kernel.syscalls, taken),
    taken_why: taken.needsRows,
    recorded_ns: RECORDED_NS,
  };
}

function takenAs(
  syscalls: readonly string[],
  { sampling, autoSamples, needsRows }: Taken,
): Explanation["taken_as"] {
  if (needsRows === null) return "both";
  if (sampling === null) return autoSamples ? "both" : "rows";
  const rates = syscalls.map((name) => rateOf(sampling, { name, family: familyOfName(name) }));
  if (rates.every((rate) => rate === 0)) return "sums";
  return autoSamples || rates.some((rate) => rate !== 1) ? "both" : "rows";
}

function textOf(condition: Expression | null): string | null {
  return condition && formatExpression(condition);
}
