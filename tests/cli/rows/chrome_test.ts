import assert from "node:assert/strict";
import { rowFormat } from "../../../cli/rows/mod.ts";
import type { StreamRow } from "../../../runtime/row.ts";
import { lineOf } from "./lines.ts";

const row = (members: Partial<StreamRow>): StreamRow => ({
  seq: 1,
  timeNs: 1_234_567,
  pid: 10,
  tid: 10,
  comm: "cat",
  uid: 0,
  syscall: "read",
  family: "FS",
  fd: 3,
  path: "/etc/passwd",
  oldPath: null,
  pathRaw: null,
  oldPathRaw: null,
  pathError: null,
  ret: 5,
  errno: null,
  failed: false,
  bytes: 5,
  latencyNs: 1_001,
  gapNs: null,
  restarts: 0,
  epoch: 0,
  cgroup: null,
  gid: null,
  iowaitNs: null,
  blockedNs: null,
  runqueueNs: null,
  fetchedBytes: null,
  stack: null,
  offsetBytes: null,
  flags: null,
  ...members,
});

const header = {
  ior: "0.1.0",
  host: "alpha",
  kernel: "6.1",
  arch: "x86_64",
  libbpf: "1.1",
  deno: "2",
  started: "2026-08-01T00:00:00Z",
  command: ["cat"],
  selection: {},
};

const loss = { state: "none", calls: 0, by: null } as const;
const waiting = { pid: 10, tid: 11, comm: "cat", syscall: "poll", path: null, ageNs: 500 };
// The other is of an earlier one of several recordings.
const running = [waiting, { ...waiting, syscall: "read", asOfNs: 3_000 }];

/** The document of rows that come in several batches. */
// deno-lint-ignore no-explicit-any
function document(...batches: (StreamRow | { seq: number; timeNs: number; warning: string })[][]): any {
  const look = { width: null, color: false, ascii: false };
  const format = rowFormat("chrome", { header, startedEpochNs: 0n, columns: null, look });
  const end = {
    wall_ns: 2_000_000,
    command_status: null,
    loss,
    cost: { cpu_ns: 0, bpf_ns_per_call: null, max_rss_bytes: 0 },
  };
  const rows = batches.flat().map(lineOf(format.row));
  return JSON.parse([format.begin(), ...rows, format.end(end, 3, running)].join(""));
}

Deno.test("A Chrome trace has a slice for each call on the track of its thread, to the nanosecond", () => {
  const { traceEvents, displayTimeUnit } = document([row({})], [], [
    row({ seq: 2, tid: 12, comm: 'a"b', errno: "EIO" }),
  ]);
  assert.equal(displayTimeUnit, "ns");
  assert.deepEqual(traceEvents.slice(0, 3), [
    { name: "thread_name", ph: "M", pid: 10, tid: 10, args: { name: "cat" } },
    { name: "process_name", ph: "M", pid: 10, tid: 10, args: { name: "cat" } },
    {
      name: "read",
      ph: "X",
      cat: "FS",
      ts: 1234.567,
      dur: 1.001,
      pid: 10,
      tid: 10,
      args: { seq: 1, ret: 5, path: "/etc/passwd", fd: 3, bytes: 5 },
    },
  ]);
  assert.deepEqual(traceEvents[3].args, { name: 'a"b' });
  assert.deepEqual([traceEvents[4].tid, traceEvents[4].args.errno], [12, "EIO"]);
});

Deno.test("A track is named once, and again when its thread has another name", () => {
  const { traceEvents } = document([row({}), row({}), row({ comm: "ls" })]);
  const names = traceEvents.filter(({ name }: { name: string }) => name === "thread_name");
  assert.deepEqual(names.map(({ args }: { args: { name: string } }) => args.name), ["cat", "ls", "cat"]);
});

Deno.test("What does not return is a point, what had not returned a slice without an end, a warning an event of all", () => {
  const { traceEvents, otherData } = document([
    row({ syscall: "exit", latencyNs: null, ret: null }),
    { seq: 2, timeNs: 5, warning: "lost" },
  ]);
  const phases = traceEvents.filter(({ ph }: { ph: string }) => ph !== "M");
  assert.deepEqual(phases.map(({ name, ph, ts }: Record<string, unknown>) => [name, ph, ts]), [
    ["exit", "i", 1234.567],
    ["lost", "i", 0.005],
    ["poll", "B", 1999.5],
    ["read", "B", 2.5],
  ]);
  assert.deepEqual([otherData.loss.state, otherData.calls, otherData.command], ["none", 3, ["cat"]]);
});

Deno.test("A Chrome trace without calls is one too", () => {
  assert.equal(document().traceEvents.length, 3);
});
