/** What ior needs of a machine, and what this one has of it: data in, data out. */
import type { MachineFacts, TriedCall } from "../../../engine/mod.ts";
import type { ErrorData } from "../../../runtime/errors.ts";
import { type Check, met } from "./check.ts";
import { kernelChecks } from "./kernel_checks.ts";
import { processChecks } from "./process_checks.ts";

/** How a trace of one call went: the call, `null` when it had no row, or why there was no trace. */
export type TrialResult = TriedCall | null | ErrorData;

/** All requirements. `deno` is the version of the runtime. */
export function checksOf(facts: MachineFacts, trial: TrialResult, deno: string): Check[] {
  return [
    ...kernelChecks(facts),
    ...processChecks(facts),
    library("libbpf", facts.libbpf, {
      status: "missing",
      costs: "nothing can be traced; recordings can be read",
    }),
    library("libdw", facts.libdw, {
      status: "degraded",
      costs: "--stacks shows addresses in files instead of functions",
    }),
    met("deno", deno),
    traced(facts, trial),
  ];
}

/** True when ior can trace here. */
export function canTrace(checks: readonly Check[]): boolean {
  return checks.every(({ status }) => status !== "missing");
}

/** The check of a library of the system: its version, or why it cannot be used and what that means. */
function library(
  name: string,
  found: string | ErrorData,
  { status, costs }: Pick<Check, "status" | "costs">,
): Check {
  if (typeof found === "string") return met(name, found);
  return { name, status, found: found.message, costs, mend: found.hint ?? null };
}

function traced({ isFiltered }: MachineFacts, trial: TrialResult): Check {
  const name = "trace";
  if (trial !== null && "syscall" in trial) {
    return met(name, `loaded, attached, and found the row of ${trial.syscall}("${trial.path}")`);
  }
  const failed = { name, status: "missing", costs: "nothing can be traced" } as const;
  if (trial === null) {
    return {
      ...failed,
      found: "loaded and attached, but a call that was made has no row",
      mend: "Run again; if it stays so, report it with what `ior doctor --json` prints",
    };
  }
  // A filter answers for the kernel, and a container may have one for bpf(2).
  const filtered = isFiltered && trial.code !== "privilege"
    ? "A seccomp filter judges the calls of this process: permit bpf(2)"
    : null;
  return { ...failed, found: trial.message, mend: filtered ?? trial.hint ?? null };
}
