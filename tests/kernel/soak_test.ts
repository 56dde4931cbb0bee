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

const NIGHTLY = Deno.env.get("IOR_NIGHTLY") === "1";

const FILES = 20_000;

/** How long it runs, and how much of that is warm-up: half, as the slots of names fill within minutes. */
const SECONDS = NIGHTLY ? 600 : 60;
const WARM_UP_SECONDS = SECONDS / 2;

/** Most memory while it traces, bytes: the whole resident set, see `runtime/memory_budget.ts`. */
const MOST_BYTES = 160e6;

/**
 * Most growth per minute behind the warm-up, bytes. What is not bounded grows by more: the latencies of 20,000 files and
 * their names made 60 MB in the first minute. In the short form tables and names are still being filled: 8 to 12 MB a
 * minute.
 */
const GROWTH_BYTES = NIGHTLY ? 4e6 : 20e6;

/** Bytes of memory, a value each second. */
async function soak(args: string[]): Promise<number[]> {
  const program = await compile(fileURLToPath(new URL("../kernel_lib/many_files.c", import.meta.url)));
  const words = [program, scratchDirectory("soak-files"), String(FILES), String(SECONDS)];
  const [ior, ...rest] = iorWords([...args, "--", ...words]);
  const { code, stdout, stderr } = await new Deno.Command(ior, {
    args: rest,
    env: OWN_VARIABLES, // as the launcher sets it
    stdout: "piped",
    stderr: "piped",
  }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  const lines = new TextDecoder().decode(stdout).matchAll(/^memory (\d+)$/gm);
  return Array.from(lines, ([, kb]) => Number(kb) * 1024);
}

/** Growth per minute of the least-squares line through the values behind the warm-up: one collection more does not decide. */
function growthPerMinute(bytes: readonly number[]): number {
  const values = bytes.slice(WARM_UP_SECONDS);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const middle = (values.length - 1) / 2;
  const [products, squares] = values.reduce(
    ([xy, xx], value, x) => [xy + (x - middle) * (value - mean), xx + (x - middle) ** 2],
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
  const curve = memory.filter((_, second) => second % 10 === 9).map((bytes) => Math.round(bytes / 2 ** 20));
  const growth = growthPerMinute(memory);
  console.log(
    `MiB each ten seconds: ${curve}; at most ${Math.round(report.cost.max_rss_bytes / 2 ** 20)}; growth ${
      (growth / 2 ** 20).toFixed(1)
    } MiB a minute`,
  );
  assert.ok(memory.length >= 0.8 * SECONDS, `${memory.length} values of memory`);
  assert.ok(Math.max(...memory) <= MOST_BYTES, `memory came to ${Math.max(...memory)} bytes: ${curve}`);
  assert.ok(growth <= GROWTH_BYTES, `memory grows by ${growth} bytes a minute: ${curve}`);
});
