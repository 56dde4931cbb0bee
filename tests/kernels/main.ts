/**
 * `deno task kernels [NAME…]`: boots other kernels under emulation, with the checkout inside, and runs `ior doctor`, a trace and
 * the kernel tests that need no compiler there. Writes what came of it into docs/kernels.md. Needs root and qemu;
 * takes ten to thirty minutes a kernel.
 */
import { parseArgs } from "node:util";
import { ROOT } from "../gates/tree.ts";
import { parseReport } from "../report_counts.ts";
import { boot } from "./boot.ts";
import { run } from "./command.ts";
import { guestScript, PARTS, readParts } from "./guest_script.ts";
import { cacheFolder, checkTools, exists } from "./host.ts";
import { makeImage } from "./image.ts";
import { type Architecture, type Machine, machinesNamed } from "./machines.ts";
import { Packages } from "./packages.ts";
import { programsFor } from "./programs.ts";
import { type KernelRow, mergeTable } from "./table.ts";

const PAGE = `${ROOT}/docs/kernels.md`;

/** Tests of tests/kernel that call neither a compiler nor tools that a minimal system has not. */
const TESTS = ["workloads_test.ts", "doctor_test.ts"].map((name) => `tests/kernel/${name}`);

/** Longest for the tests of one kernel, seconds, and what a boot and the rest take besides. */
const TESTS_S = 5_400;
const BESIDES_S = 1_200;

/** The npm package's Deno for a guest of another architecture, fetched once. */
async function denoFor(arch: Architecture, cache: string): Promise<string> {
  if (arch.deno === Deno.build.arch) return Deno.execPath();
  const place = `${cache}/deno-${Deno.version.deno}-${arch.debian}`;
  const program = `${place}/package/deno`;
  if (!exists(program)) {
    Deno.mkdirSync(place, { recursive: true });
    await run("npm", ["pack", "--loglevel=error", `${arch.denoPackage}@${Deno.version.deno}`], place);
    await run("sh", ["-c", "tar -xzof ./*.tgz && chmod 755 package/deno && rm ./*.tgz"], place);
  }
  return program;
}

/** Boots one kernel and runs everything in it. Prints failures; the row of the table, `null` when the guest did not get far. */
async function runMachine(machine: Machine, filter: string | null): Promise<KernelRow | null> {
  const { name, arch } = machine;
  checkTools([
    [arch.emulator, [arch.emulatorPackage]],
    [`${arch.gnu}-gcc`, arch.compilerPackages],
    ["cpio", ["cpio"]],
    ["npm", ["npm"]],
  ]);
  const cache = cacheFolder();
  const packages = await Packages.open(machine, `${cache}/${name}`);
  const [kernel, root] = [await packages.kernel(arch.debian), await packages.root()];
  const deno = await denoFor(arch, cache);
  console.log(`${name}: building the tests' programs`);
  const programs = await programsFor(ROOT, arch, cache);
  const work = Deno.makeTempDirSync({ prefix: "ior-kernels-" });
  try {
    const script = guestScript(TESTS, filter, TESTS_S);
    await makeImage({ project: ROOT, root, programs, deno, script }, work, `${work}/image`);
    console.log(`${name}: booting ${kernel.slice(cache.length + 1)}`);
    let hidden = false;
    const text = await boot(arch, kernel, `${work}/image`, (TESTS_S + BESIDES_S) * 1000, (line) => {
      // The report at the end is for the program that reads it.
      hidden ||= line === "=== report";
      if (!hidden) console.log(`${name}: ${line}`);
    });
    return rowOf(machine, text, filter);
  } finally {
    Deno.removeSync(work, { recursive: true });
  }
}

/** What the console of a guest says, as a row. */
function rowOf({ name, arch }: Machine, text: string, filter: string | null): KernelRow | null {
  const parts = readParts(text);
  const output = (part: typeof PARTS[number]) => parts.get(part)?.output ?? "";
  const missing = PARTS.filter((part) => !parts.has(part));
  if (missing.length > 0) {
    console.log(
      `${name}: the guest ended before ${missing.join(", ")}; its last words:\n${text.slice(-2000)}`,
    );
    return null;
  }
  const doctor = JSON.parse(output("doctor"));
  const lacks = doctor.checks.filter((check: { status: string }) => check.status === "missing");
  const results = parseReport(output("report"));
  for (const { outcome, file, name: test, message } of results) {
    if (outcome === "failed") console.log(`${name}: FAILED ${file}: ${test}: ${message}`);
  }
  const traced = parts.get("trace")!.status === 0;
  const count = (wanted: string) => results.filter(({ outcome }) => outcome === wanted).length;
  return {
    kernel: output("kernel"),
    arch: arch.debian,
    libbpf: output("libbpf").replace(/^.*\.so\./, ""),
    doctor: doctor.can_trace
      ? "can trace"
      : `missing: ${lacks.map((check: { name: string }) => check.name).join(", ")}`,
    tests: filter ?? "all",
    passed: count("passed"),
    failed: count("failed") + (traced ? 0 : 1),
    // What the filter leaves out is in the report too, as skipped.
    skipped:
      results.filter(({ outcome, name }) => outcome === "skipped" && name.includes(filter ?? "")).length,
    date: new Date().toISOString().slice(0, 10),
  };
}

/** Names and the filter of the command line; ends the process when one is wrong. */
function readArguments(): { machines: Machine[]; filter: string | null } {
  const { values, positionals } = parseArgs({
    args: Deno.args,
    options: { filter: { type: "string" } },
    allowPositionals: true,
  });
  return { machines: machinesNamed(positionals), filter: values.filter ?? null };
}

let failed = false;
const { machines, filter } = readArguments();
for (const machine of machines) {
  const row = await runMachine(machine, filter);
  failed ||= row === null || row.failed > 0 || row.doctor !== "can trace";
  if (row === null) continue;
  console.log(
    `${machine.name}: doctor: ${row.doctor}; ${row.passed} passed, ${row.failed} failed, ${row.skipped} skipped`,
  );
  Deno.writeTextFileSync(PAGE, mergeTable(exists(PAGE) ? Deno.readTextFileSync(PAGE) : "", row));
  await run(Deno.execPath(), ["fmt", "--quiet", PAGE], ROOT);
}
Deno.exit(failed ? 1 : 0);
