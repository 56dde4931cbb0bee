/** The parts of `deno task kernels` and `deno task unit-boot` that need no guest. */
import assert from "node:assert/strict";
import { guestScript, PARTS, readParts } from "../kernels/guest_script.ts";
import { type KernelRow, mergeTable } from "../kernels/table.ts";
import { unitChecks, unitScript } from "../kernels/unit_checks.ts";

const ROW: KernelRow = {
  kernel: "6.1.0-50-cloud-arm64",
  arch: "arm64",
  libbpf: "1.1.2",
  doctor: "can trace",
  tests: "all",
  passed: 100,
  failed: 0,
  skipped: 7,
  date: "2026-11-28",
};

const rowsOf = (page: string) => page.split("\n").filter((line) => /^\| \d/.test(line));

Deno.test("A kernel's row takes the place of the one of its release, and others stay in order", () => {
  const other = { ...ROW, kernel: "6.12.9-cloud-arm64" };
  const page = [
    other,
    ROW,
    { ...ROW, arch: "amd64", kernel: "7.2.13-cloud-amd64" },
    { ...ROW, kernel: "6.1.0-51-cloud-arm64", passed: 101 },
  ].reduce(mergeTable, "");
  assert.deepEqual(rowsOf(page).map((line) => line.split("|").slice(1, 7).map((cell) => cell.trim())), [
    ["7.2.13-cloud-amd64", "amd64", "1.1.2", "can trace", "all", "100"],
    ["6.1.0-51-cloud-arm64", "arm64", "1.1.2", "can trace", "all", "101"],
    ["6.12.9-cloud-arm64", "arm64", "1.1.2", "can trace", "all", "100"],
  ]);
  assert.equal(mergeTable(page, other), page);
});

Deno.test("What a guest prints is read back part by part, to where it ended", () => {
  const { stdout } = new Deno.Command("sh", {
    args: ["-c", guestScript(["tests/kernel/doctor_test.ts"], null, 1)],
    cwd: "/",
    stderr: "null",
  }).outputSync();
  const text = new TextDecoder().decode(stdout);
  const parts = readParts(`[    1.0] Run /init\n${text}`);
  assert.deepEqual([...parts.keys()], [...PARTS]);
  assert.deepEqual(parts.get("kernel"), { output: Deno.osRelease(), status: 0 });
  assert.notEqual(parts.get("doctor")!.status, 0);
  const cut = text.slice(0, text.indexOf("=== trace ended"));
  assert.deepEqual([...readParts(cut).keys()], ["kernel", "libbpf", "doctor"]);
});

/** What a guest says of a unit that works. */
const RUNS = "Result=success\nUID=64444\nNRestarts=0\nExecMainStatus=0\nDynamicUser=yes\n" +
  "ActiveState=active\nSubState=running";
const SETS = ["CapAmb", "CapBnd", "CapEff", "CapInh", "CapPrm"].map((name) => `${name}:\t000000c000000000`);
const UNIT: Readonly<Record<string, string>> = {
  verify: "",
  start: "",
  health: "ok",
  metrics: 'ior_command_syscalls_total{comm="dd"} 276',
  active: RUNS,
  processes: "171",
  threads: [...SETS, "NoNewPrivs:\t1", "Seccomp:\t2", "Uid:\t64444\t64444\t64444\t64444"].join("\n"),
  limits: "Max open files            1024                 524288               files     \n" +
    "Max nice priority         40                   40                   ",
  folders: "run/ior 64444 755\nvar/lib/ior 64444 750\nvar/cache/ior 64444 755",
  security: "→ Overall exposure level for ior.service: 1.8 OK",
  reload: "",
  reloaded: `ok\n${RUNS}`,
  kill: "",
  again: `ok\n${RUNS.replace("NRestarts=0", "NRestarts=1")}`,
  edit: "",
  socket: "ok",
  segment: "/var/lib/ior/1.parquet",
  recording: RUNS,
  stop: "",
  stopped: `${RUNS.replace("=active", "=inactive")}\n/var/lib/ior/1.parquet\n/var/lib/ior/2.parquet`,
  report: '{ "calls": 276 }',
  journal: "ior: Serving at http://127.0.0.1:9947/\nior: Serving at unix:/run/ior/ior.sock",
};

/** How many checks do not hold of what a guest says, where `changed` is different. */
function unitFaults(changed: Readonly<Record<string, string>>): number {
  const parts = new Map(
    Object.entries({ ...UNIT, ...changed }).map(([name, output]) => [name, { output, status: 0 }]),
  );
  return unitChecks(parts, 2).filter(([, check]) => {
    try {
      check();
      return false;
    } catch {
      return true;
    }
  }).length;
}

Deno.test("The checks of the unit hold of one that works, and each finds what it is for", () => {
  assert.equal(unitFaults({}), 0);
  for (
    const [part, from, to] of [
      ["verify", "", "ior.service: Command /bin/kill is not executable"],
      ["health", "ok", "trace_failed"],
      ["metrics", "276", "12"],
      ["processes", "171", "171\n172"],
      ["threads", "CapEff:\t000000c000000000", "CapEff:\t000000c000200000"],
      ["threads", "NoNewPrivs:\t1", "NoNewPrivs:\t0"],
      ["limits", "40", "0"],
      ["folders", "750", "755"],
      ["security", "1.8", "2.1"],
      ["reloaded", "NRestarts=0", "NRestarts=1"],
      ["again", "active", "failed"],
      ["segment", "/var/lib/ior/1.parquet", ""],
      ["stopped", "Result=success", "Result=exit-code"],
      ["report", "276", "0"],
      ["journal", "unix", "nowhere"],
    ]
  ) assert.equal(unitFaults({ [part]: UNIT[part].replace(from, to) }), 1, `${part} with ${to}`);
  for (const [, check] of unitChecks(new Map(), 2)) assert.throws(check, /^AssertionError.*ended before/);
});

Deno.test("The script of a guest's checks is one for a shell", () => {
  const { code, stderr } = new Deno.Command("sh", { args: ["-n", "-c", unitScript("ExecStart=")] })
    .outputSync();
  assert.deepEqual([code, new TextDecoder().decode(stderr)], [0, ""]);
});
