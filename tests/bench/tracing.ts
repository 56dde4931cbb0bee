/** What ior adds to a call by rows, by sums and as it chooses, beside the budgets. */
import { budgetRatio } from "./budgets.ts";
import type { Loop, LoopRun } from "./loops.ts";
import { measure } from "./measure.ts";
import { IOR } from "./tracers.ts";

const LOOPS: readonly Loop[] = ["read-write", "open-fstat-read-close", "mix"];

/** A line for each loop and way; on a busy machine there is a loop on each core. */
export async function tracingLines(
  program: string,
  machine: "quiet" | "busy",
  seconds: number,
): Promise<string[]> {
  const cpus = machine === "quiet" ? 1 : navigator.hardwareConcurrency;
  const loops: LoopRun = { program, cpus, seconds: 0.5, loops: LOOPS };
  const { bare, tracers } = await measure(IOR, loops, seconds);
  return LOOPS.flatMap((loop) => [
    `  ${loop}: ${bare.get(loop)!.toFixed(0)} ns untraced`,
    ...tracers.map(({ name, outcome }) => {
      if (outcome.kind !== "measured") throw new Error(`${name}: ${JSON.stringify(outcome)}`);
      const [base, traced] = [bare.get(loop)!, outcome.ns.get(loop)!];
      const budget = budgetRatio(machine, name, loop);
      const lost = outcome.lost === null ? "unknown" : `${outcome.lost} of ${outcome.seen + outcome.lost}`;
      return `    ${name}: ${(traced / base).toFixed(2)}x` +
        (budget === null ? "" : ` (budget ${budget.toFixed(2)}x)`) +
        `, +${(traced - base).toFixed(0)} ns, lost ${lost} calls`;
    }),
  ]);
}
