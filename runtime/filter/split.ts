/**
 * What of a filter the kernel decides, and what is left to user space. The kernel may let pass what user space drops, and
 * never drops what the filter takes.
 */
import { allOf, type Expression, type NumberComparison } from "../expression/mod.ts";
import { familyOfName } from "../syscalls/mod.ts";
import { clausesOf, isAboutOnly } from "./clauses.ts";
import type { Filter } from "./filter.ts";
import { compileCondition } from "./predicate.ts";

/** What the kernel decides by itself: before any work all but the last two, those at the exit. */
export interface KernelFilter extends Omit<Filter, "where"> {
  /** Real user numbers, empty for all. */
  uids: number[];
  /** Only calls that failed. */
  failedOnly: boolean;
  /** Only calls that took at least this long, nanoseconds; 0 for all. */
  slowerNs: number;
}

/** Who decides what. */
export interface FilterSplit {
  kernel: KernelFilter;
  /**
   * What the kernel learns when a task is announced: it drops calls of tasks for which this does not hold. `null` when it
   * judges no task.
   */
  tasks: Expression | null;
  /**
   * The same for files: it drops calls all of whose files are such, and calls without a file for which this does not hold.
   */
  files: Expression | null;
  /** What user space must still decide of each row that comes, the verdicts among it; `null` for nothing. */
  rest: Expression | null;
}

/** Fields that a task's announcement carries. */
const TASK_FIELDS = ["comm", "pid", "tid", "uid"] as const;

/** Largest user number, 32 bits. */
const UID_MAX = 0xffff_ffff;

/** Splits a filter. */
export function splitFilter(filter: Filter): FilterSplit {
  const { where, ...scope } = filter;
  const kernel: KernelFilter = { ...scope, uids: [], failedOnly: false, slowerNs: 0 };
  const rest = clausesOf(where).filter((clause) => !takeIntoKernel(kernel, clause));
  const files = rest.filter((clause) => isAboutOnly(clause, ["path"]));
  return {
    kernel,
    tasks: allOf(rest.filter((clause) => isAboutOnly(clause, TASK_FIELDS))),
    files: allOf([
      ...files.filter(staysFalse),
      // A file of a call with two may satisfy what the other does not: of several such clauses one is safe.
      ...files.filter((clause) => !staysFalse(clause) && isDecidedByEach(clause)).slice(0, 1),
    ]),
    rest: allOf(rest),
  };
}

/** Narrows what the kernel decides by a clause; true when nothing of the clause is left. */
function takeIntoKernel(kernel: KernelFilter, clause: Expression): boolean {
  if (isAboutOnly(clause, ["syscall", "family"])) {
    const matches = compileCondition(clause);
    kernel.syscalls = kernel.syscalls.filter((syscall) =>
      matches({ syscall, family: familyOfName(syscall) })
    );
    return !kernel.unknownSyscalls;
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

function takeNumber(kernel: KernelFilter, { field, operator, values }: NumberComparison): boolean {
  if (
    field === "uid" && operator === "=" && kernel.uids.length === 0 && values.every((uid) => uid <= UID_MAX)
  ) {
    kernel.uids = [...values];
    return true;
  }
  if (field === "latency" && (operator === ">=" || operator === ">")) {
    const slowerNs = operator === ">" ? values[0] + 1 : values[0];
    kernel.slowerNs = Math.max(kernel.slowerNs, slowerNs);
    return slowerNs > 0; // 0 means all calls to the kernel, also those without a time
  }
  return false;
}

/** True for a clause on paths that is false of a call when it is false of one of its files: nothing else in it can match. */
function staysFalse(clause: Expression): boolean {
  return termsOf(clause).every((term) => isNegative(term));
}

/** True for a clause on paths that is false of a call when it is false of each of its files. */
function isDecidedByEach(clause: Expression): boolean {
  return termsOf(clause).every((term) => isComparison(term) && !isNegative(term));
}

/** The terms of a clause, which are compared or negated when they are no `and` of an `or`. */
function termsOf(clause: Expression): Expression[] {
  return clause.kind === "or" ? clause.terms.flatMap(termsOf) : [clause];
}

function isComparison(term: Expression): boolean {
  return term.kind === "text" || (term.kind === "not" && term.term.kind === "text");
}

/** True for a comparison that one more path can only make false. */
function isNegative(term: Expression): boolean {
  const negated = term.kind === "not";
  const inner = negated ? term.term : term;
  return inner.kind === "text" && (inner.operator === "!=") !== negated;
}
