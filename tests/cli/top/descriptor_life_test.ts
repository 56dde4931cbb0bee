import assert from "node:assert/strict";
import { descriptorLife } from "../../../cli/top/descriptor_life.ts";
import type { StreamRow } from "../../../runtime/row.ts";

/** Rows of process 1, or of the one named, from texts such as `openat 3`. */
function rowsOf(texts: readonly string[]): StreamRow[] {
  return texts.map((text, i) => {
    const [syscall, fd, pid = "1"] = text.split(" ");
    const isOpen = syscall === "openat";
    return {
      seq: i + 1,
      timeNs: i,
      pid: Number(pid),
      tid: Number(pid),
      comm: "c",
      uid: 0,
      cgroup: null,
      gid: null,
      iowaitNs: null,
      blockedNs: null,
      runqueueNs: null,
      fetchedBytes: null,
      stack: null,
      offsetBytes: null,
      flags: null,
      syscall: syscall.replace("!", ""),
      family: "FS",
      fd: Number(fd),
      path: "/a",
      oldPath: null,
      pathRaw: null,
      oldPathRaw: null,
      pathError: null,
      ret: isOpen ? Number(fd) : 0,
      errno: syscall.endsWith("!") ? "EIO" : null,
      failed: syscall.endsWith("!"),
      bytes: null,
      latencyNs: 1,
      gapNs: null,
      restarts: 0,
      epoch: 1,
    };
  });
}

const life = (texts: readonly string[], at: number) => {
  const rows = rowsOf(texts);
  return descriptorLife(rows, rows[at]).map(({ seq }) => texts[seq - 1]);
};

Deno.test("A descriptor lives from its open to its close, in its own process", () => {
  const texts = [
    "read 3",
    "close 3",
    "openat 3",
    "read 3 2",
    "read 4",
    "write 3",
    "close 3",
    "openat 3",
    "read 3",
  ];
  for (const at of [2, 5, 6]) assert.deepEqual(life(texts, at), ["openat 3", "write 3", "close 3"]);
  assert.deepEqual(life(texts, 0), ["read 3", "close 3"]);
  assert.deepEqual(life(texts, 8), ["openat 3", "read 3"]);
});

Deno.test("Without a close, the next open of the number begins another life; a close that failed ends none", () => {
  assert.deepEqual(life(["openat 3", "read 3", "openat 3", "write 3"], 1), ["openat 3", "read 3"]);
  assert.deepEqual(life(["openat 3", "close! 3", "read 3"], 0), ["openat 3", "close! 3", "read 3"]);
});

Deno.test("Warnings among the rows are left out", () => {
  const [row] = rowsOf(["read 3"]);
  assert.deepEqual(descriptorLife([{ seq: 0, timeNs: 0, warning: "3 calls were lost" }, row], row), [row]);
});
