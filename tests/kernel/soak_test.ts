/**
 * What has many rows, for long: 20,000 files and 200 processes a second. A minute; ten with `IOR_NIGHTLY=1`. The figure is
 * the growth per minute once every table, slot and heap has had time to fill.
 */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { OWN_VARIABLES } from "../../engine/launch/started.ts";
import type { Report } from "../../runtime/report.ts";
import { compile } from "../kernel_lib/compile.ts";
import { iorWords } from "../kernel_lib/ior.ts";
import { scratchDirectory } from "../kernel_lib/scratch.ts";
import { startServing } from "../kernel_lib/served.ts";

const NIGHTLY = Deno.env.get("IOR_NIGHTLY") === "1";

const FILES = 20_000;

/** How long it runs, and how much of that is warm-up: half, as the slots of names fill within minutes. */
const SECONDS = NIGHTLY ? 600 : 60;
const WARM_UP_SECONDS = SECONDS / 2;

/** Most memory while it traces, bytes: the whole resident set, see `runtime/memory_budget.ts`. */
const MOST_BYTES = 160e6;

/**
 * Most growth per minute behind the warm-up, bytes. What is not bounded grows by more: the latencies of 20,000 files and
 * their names made 60 MB in the first minute. In the short form tables and names are still being filled, and half a minute
 * sees only a few collections: 8 to 27 MB a minute.
 */
const GROWTH_BYTES = NIGHTLY ? 4e6 : 36e6;

/** How much memory there was when. */
interface Memory {
  seconds: number;
  bytes: number;
}

/** The words of the load. */
async function loadWords(): Promise<[string, ...string[]]> {
  const program = await compile(fileURLToPath(new URL("../kernel_lib/many_files.c", import.meta.url)));
  return [program, scratchDirectory("soak-files"), String(FILES), String(SECONDS)];
}

/** Memory over time, about a value a second. */
async function soak(args: string[]): Promise<Memory[]> {
  const words = await loadWords();
  const [ior, ...rest] = iorWords([...args, "--", ...words]);
  const { code, stdout, stderr } = await new Deno.Command(ior, {
    args: rest,
    env: OWN_VARIABLES, // as the launcher sets it
    stdout: "piped",
    stderr: "piped",
  }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  const lines = new TextDecoder().decode(stdout).matchAll(/^memory (\d+) (\d+)$/gm);
  return Array.from(lines, ([, seconds, kb]) => ({ seconds: Number(seconds), bytes: Number(kb) * 1024 }));
}

/** Memory of a server meanwhile, which is scraped after each second of the load. */
async function soakServing(): Promise<Memory[]> {
  const [program, ...args] = await loadWords();
  await using served = await startServing([], { env: OWN_VARIABLES });
  const load = new Deno.Command(program, { args, stdout: "piped" }).spawn();
  const memory: Memory[] = [];
  for await (const text of load.stdout.pipeThrough(new TextDecoderStream())) {
    // Of more than one line the last: a server may take longer than a second to be scraped.
    const [, seconds] = /^memory (\d+) \d+\n$/m.exec(text) ?? assert.fail(text);
    const bytes = await served.sample("process_resident_memory_bytes");
    memory.push({ seconds: Number(seconds), bytes: bytes ?? assert.fail("Memory is no metric") });
  }
  assert.equal((await load.status).code, 0);
  assert.equal((await served.end()).code, 0);
  return memory;
}

/** Growth per minute of the least-squares line through the values behind the warm-up: one collection more does not decide. */
function growthPerMinute(memory: readonly Memory[]): number {
  const values = memory.filter(({ seconds }) => seconds > WARM_UP_SECONDS);
  const mean = (of: keyof Memory) => values.reduce((sum, value) => sum + value[of], 0) / values.length;
  const [middle, level] = [mean("seconds"), mean("bytes")];
  const [products, squares] = values.reduce(
    ([xy, xx], { seconds, bytes }) => [
      xy + (seconds - middle) * (bytes - level),
      xx + (seconds - middle) ** 2,
    ],
    [0, 0],
  );
  return 60 * products / squares;
}

Deno.test(`${FILES} files and 200 processes a second for ${SECONDS} seconds: memory stays flat`, async () => {
  const output = `${scratchDirectory("soak")}/report.json`;
  const memory = await soak(["trace", "--json", "-o", output]);
  const report: Report = JSON.parse(await Deno.readTextFile(output));
  const rows = [report.files, report.processes].map((table) =>
    table.reduce((sum, { calls }) => sum + calls, 0)
  );
  assert.equal(rows[1], report.calls, "the processes do not sum up to the calls");
  assert.ok(rows[0] <= report.calls && report.files.length <= FILES + 1);
  assertSteady(memory, report.cost.max_rss_bytes);
});

Deno.test(`A server of the same for ${SECONDS} seconds, scraped every second, stays as small`, async () => {
  const memory = await soakServing();
  assertSteady(memory, Math.max(...memory.map(({ bytes }) => bytes)));
});

/** Holds memory to the limits, and writes how it was. */
function assertSteady(memory: readonly Memory[], peakBytes: number): void {
  const curve = memory.filter((_, i) => i % 10 === 9)
    .map(({ seconds, bytes }) => `${Math.round(bytes / 2 ** 20)} at ${seconds}s`).join(", ");
  const most = Math.max(...memory.map(({ bytes }) => bytes));
  const growth = growthPerMinute(memory);
  console.log(
    `MiB: ${curve}; at most ${Math.round(peakBytes / 2 ** 20)}; growth ${
      (growth / 2 ** 20).toFixed(1)
    } MiB a minute`,
  );
  assert.ok(
    memory.length >= SECONDS / 4 && memory.at(-1)!.seconds >= SECONDS,
    `${memory.length} values, the last at ${memory.at(-1)?.seconds} s`,
  );
  assert.ok(most <= MOST_BYTES, `memory came to ${most} bytes: ${curve}`);
  assert.ok(growth <= GROWTH_BYTES, `memory grows by ${growth} bytes a minute: ${curve}`);
}
