/** The parts of `deno task kernels` that need no guest. */
import assert from "node:assert/strict";
import { guestScript, PARTS, readParts } from "../kernels/guest_script.ts";
import { type KernelRow, mergeTable } from "../kernels/table.ts";

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
