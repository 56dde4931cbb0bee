/** Cells of threads that have ended and of files that nobody uses any more: none of their calls is missing, and memory is bounded. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { OWN_VARIABLES } from "../../engine/launch/started.ts";
import type { Report } from "../../runtime/report.ts";
import { compile } from "../kernel_lib/compile.ts";
import { iorWords } from "../kernel_lib/ior.ts";
import { scratchDirectory } from "../kernel_lib/scratch.ts";

/** The calls that the program counts, in the order in which it writes their numbers. */
const CALLS = ["openat", "pwrite64", "close"] as const;

/** Most memory of ior, bytes: the budget of the tables with everything else, see `runtime/memory_budget.ts`. */
const MOST_BYTES = 160e6;

/**
 * Most growth in the second half, bytes. Slots and tables are full long before, so that this is what collections leave;
 * something kept of each thread or file would be tens of megabytes more.
 */
const GROWTH_BYTES = 30e6;

/** What is used once and never again. The slots of names are given to others several times over. */
const CHURNS = [
  { kind: "threads", count: 100_000, perSecond: 10_000 },
  { kind: "files", count: 1_000_000, perSecond: 40_000 },
];

for (const { kind, count, perSecond } of CHURNS) {
  const title =
    `${count} ${kind}, ${perSecond} a second: calls made are calls reported, and memory is bounded`;
  Deno.test(title, async () => {
    const program = await compile(fileURLToPath(new URL("../kernel_lib/churn.c", import.meta.url)));
    const output = `${scratchDirectory("churn")}/report.json`;
    const words = [program, kind, scratchDirectory("churn-files"), String(count), String(perSecond)];
    const flags = ["--json", "-o", output, "-e", CALLS.join()];
    const [ior, ...args] = iorWords(["trace", ...flags, "--", ...words]);
    const { code, stdout, stderr } = await new Deno.Command(ior, {
      args,
      env: OWN_VARIABLES, // as the launcher sets it
      stdout: "piped",
      stderr: "piped",
    }).output();
    assert.equal(code, 0, new TextDecoder().decode(stderr));
    const text = new TextDecoder().decode(stdout);
    const made = /^made (\d+) (\d+) (\d+)$/m.exec(text)!.slice(1).map(Number);
    const report: Report = JSON.parse(await Deno.readTextFile(output));
    const { loss, syscalls, cost } = report;
    const counted = CALLS.map((name) => syscalls.find(({ syscall }) => syscall === name)?.calls ?? 0);
    const sum = (values: number[]) => values.reduce((sum, value) => sum + value, 0);
    console.log(
      `made ${made}, counted ${counted}, loss ${JSON.stringify(loss)}, ${cost.max_rss_bytes} bytes`,
    );
    // The pace leaves a margin; what a machine that stands still loses all the same is known to the call.
    assert.notEqual(loss.calls, null, "it is unknown how many calls were lost");
    assert.equal(sum(counted) + loss.calls!, sum(made));
    if (loss.calls === 0) assert.deepEqual(counted, made);
    const memory = Array.from(text.matchAll(/^memory (\d+)$/gm), ([, kb]) => Number(kb) * 1024);
    assert.equal(memory.length, 10);
    assert.ok(cost.max_rss_bytes <= MOST_BYTES, `memory came to ${cost.max_rss_bytes} bytes: ${memory}`);
    const growth = memory.at(-1)! - memory[memory.length / 2];
    assert.ok(growth <= GROWTH_BYTES, `memory grew by ${growth} bytes in the second half: ${memory}`);
  });
}
