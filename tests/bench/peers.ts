/** ior beside other tracers, on a quiet machine and on a busy one, written into README.md of this folder. */
import { fileURLToPath } from "node:url";
import type { Loop } from "./loops.ts";
import { machineLine } from "./machine.ts";
import { measure } from "./measure.ts";
import { peersTable, withPeers } from "./peers_table.ts";
import { run } from "./run.ts";
import { IOR, PEERS } from "./tracers.ts";

const PAGE = fileURLToPath(new URL("./README.md", import.meta.url));

const LOOPS: readonly Loop[] = ["read-write", "open-fstat-read-close", "mix"];

/** Seconds of a loop in a round. */
const LOOP_S = 0.4;

/** Measures, writes the tables into the page and answers with them; `seconds` is about what it takes. */
export async function peersLines(program: string, seconds: number): Promise<string[]> {
  const machine = await machineLine();
  const cores = navigator.hardwareConcurrency;
  const sections: string[] = [];
  for (
    const [title, cpus] of [
      ["Quiet: one loop, the tracer on another core", 1],
      [`Busy: a loop on each of ${cores} cores`, cores],
    ] as const
  ) {
    const loops = { program, cpus, seconds: LOOP_S, loops: LOOPS };
    const measured = await measure([...IOR, ...PEERS], loops, seconds / 2);
    const rounds = `Medians of ${measured.rounds} rounds, ${LOOP_S} s of each loop.`;
    sections.push(peersTable(title, LOOPS, measured), rounds);
  }
  const text = [`Measured on ${machine}.`, ...sections].join("\n\n");
  Deno.writeTextFileSync(PAGE, withPeers(Deno.readTextFileSync(PAGE), text));
  await run([Deno.execPath(), "fmt", "--quiet", PAGE]);
  return [...text.split("\n"), "", `Written to ${PAGE}`];
}
