/**
 * Splits a filter between kernel and user space. The kernel may pass calls that user space drops, but never drops a call
 * that the filter selects.
 */
import {
  allOf,
  comparisonsOf,
  type Expression,
  type NumberComparison,
  type NumberField,
} from "../expression/mod.ts";
import { familyOfName, syscallByName } from "../syscalls/mod.ts";
import { clausesOf, isAboutOnly } from "./clauses.ts";
import type { Filter } from "./filter.ts";
import { compileCondition } from "./predicate.ts";

/** What the kernel decides alone: `failedOnly` and `slowerNs` at the exit, the rest at the enter, before any work. */
export interface KernelFilter extends Omit<Filter, "where"> {
  /** Real UIDs, empty for all. */
  uids: number[];
  /** Real GIDs, empty for all. */
  gids: number[];
  /** Only calls that failed. */
  failedOnly: boolean;
  /** Only calls that took at least this long, nanoseconds; 0 for all. */
  slowerNs: number;
}

/** The parts of a filter, by where they are decided. */
export interface FilterSplit {
  kernel: KernelFilter;
  /**
   * The condition on tasks, tested when a task is announced: the kernel drops calls of tasks that fail it. `null` for
   * none.
   */
  tasks: Expression | null;
  /**
   * The same for files: the kernel drops calls when all their files fail it. A call without a file is tested as such.
   */
  files: Expression | null;
  /** What user space must still test for each row, including the conditions above; `null` for nothing. */
  rest: Expression | null;
}

/** Fields that a task's announcement carries. */
export const TASK_FIELDS = ["comm", "cgroup", "pid", "tid", "uid", "gid"] as const;

/** A call that the table does not know: the name is a number. */
const UNKNOWN_CALL = "65534";

/** The lists of owners by their fields. */
const OWNERS = { uid: "uids", gid: "gids" } as const satisfies Partial<
  Record<NumberField, keyof KernelFilter>
>;

/** Largest number of a user or group, 32 bits. */
const OWNER_MAX = 0xffff_ffff;

/** Splits a filter. */
export function splitFilter(filter: Filter): FilterSplit {
  const { where, ...scope } = filter;
  const kernel: KernelFilter = { ...scope, uids: [], gids: [], failedOnly: false, slowerNs: 0 };
  const rest = clausesOf(where).filter((clause) => !takeIntoKernel(kernel, clause));
  const files = rest.filter((clause) => isAboutOnly(clause, ["path"]));
  return {
    kernel,
    tasks: allOf(rest.filter((clause) => isAboutOnly(clause, TASK_FIELDS))),
    files: allOf([
      ...files.filter(staysFalse),
      // In a call with two files, each may satisfy a clause that the other fails: only one such clause is safe.
      ...files.filter((clause) => !staysFalse(clause) && isDecidedByEach(clause)).slice(0, 1),
    ]),
    rest: allOf(rest),
  };
}

/** Moves what it can of a clause into the kernel's part; true when nothing of the clause is left. */
function takeIntoKernel(kernel: KernelFilter, clause: Expression): boolean {
  if (isAboutOnly(clause, ["syscall", "family"])) {
    const matches = compileCondition(clause);
    const matchesCall = (syscall: string) => matches({ syscall, family: familyOfName(syscall) });
    kernel.syscalls = kernel.syscalls.filter(matchesCall);
    if (tellsUnknownApart(clause)) return !kernel.unknownSyscalls;
    kernel.unknownSyscalls &&= matchesCall(UNKNOWN_CALL);
    return true;
  }
  switch (clause.kind) {
    case "failed":
      kernel.failedOnly = true;
      return true;
    case "text":
      // Only a call that failed has an error.
      if (clause.field === "errno") kernel.failedOnly = true;
      return false;
    case "number":
      return takeNumber(kernel, clause);
    default:
      return false;
  }
}

/** True for a condition that may hold for one number that the table does not know and fail for another. */
function tellsUnknownApart(clause: Expression): boolean {
  return comparisonsOf(clause).some((comparison) =>
    comparison.kind === "text" && comparison.field === "syscall" &&
    (/~/.test(comparison.operator) || comparison.values.some((name) => syscallByName(name) === undefined))
  );
}

function takeNumber(kernel: KernelFilter, { field, operator, values }: NumberComparison): boolean {
  if (field === "uid" || field === "gid") {
    const list = OWNERS[field];
    const fits = operator === "=" && kernel[list].length === 0 && values.every((id) => id <= OWNER_MAX);
    if (fits) kernel[list] = [...values];
    return fits;
  }
  if (field === "latency" && (operator === ">=" || operator === ">")) {
    const slowerNs = operator === ">" ? values[0] + 1 : values[0];
    kernel.slowerNs = Math.max(kernel.slowerNs, slowerNs);
    return slowerNs > 0; // to the kernel 0 means all calls, including those without a latency
  }
  return false;
}

/** True for a clause on paths that fails for a call as soon as it fails for one of its files: no other term can match. */
function staysFalse(clause: Expression): boolean {
  return termsOf(clause).every((term) => isNegative(term));
}

/** True for a clause on paths that fails for a call when it fails for each of its files. */
function isDecidedByEach(clause: Expression): boolean {
  return termsOf(clause).every((term) => isComparison(term) && !isNegative(term));
}

/** The terms of a clause: those of an `or`, otherwise the clause itself. */
function termsOf(clause: Expression): Expression[] {
  return clause.kind === "or" ? clause.terms.flatMap(termsOf) : [clause];
}

function isComparison(term: Expression): boolean {
  return term.kind === "text" || (term.kind === "not" && term.term.kind === "text");
}

/** True for a comparison that another path can only make false. */
function isNegative(term: Expression): boolean {
  const negated = term.kind === "not";
  const inner = negated ? term.term : term;
  return inner.kind === "text" && (inner.operator === "!=") !== negated;
}
