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
    library(facts),
    symbols(facts),
    met("deno", deno),
    traced(facts, trial),
  ];
}

/** True when ior can trace here. */
export function canTrace(checks: readonly Check[]): boolean {
  return checks.every(({ status }) => status !== "missing");
}

function library({ libbpf }: MachineFacts): Check {
  const name = "libbpf";
  if (typeof libbpf === "string") return met(name, libbpf);
  return {
    name,
    status: "missing",
    found: libbpf.message,
    costs: "nothing can be traced; recordings can be read",
    mend: libbpf.hint ?? null,
  };
}

function symbols({ libdw }: MachineFacts): Check {
  const name = "libdw";
  if (typeof libdw === "string") return met(name, libdw);
  return {
    name,
    status: "degraded",
    found: libdw.message,
    costs: "--stacks shows addresses in files instead of functions",
    mend: libdw.hint ?? null,
  };
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
