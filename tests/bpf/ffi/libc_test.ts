import assert from "node:assert/strict";
import { Clock, cString, Libc, unwrittenParts } from "../../../bpf/ffi/libc.ts";
import { waitFor } from "../../wait.ts";

Deno.test("a C string ends with its NUL", () => {
  assert.deepEqual(cString("é"), Uint8Array.of(0xc3, 0xa9, 0));
  assert.deepEqual(cString(""), Uint8Array.of(0));
});

Deno.test("special files are read whole, also those longer than the first guess", () => {
  const libc = Libc.open();
  assert.match(libc.readSpecialText("/proc/self/status") ?? "", new RegExp(`^Pid:\\t${Deno.pid}$`, "m"));
  const path = Deno.makeTempFileSync();
  try {
    for (const length of [0, 8191, 8192, 8193, 100_000]) {
      const bytes = Uint8Array.from({ length }, (_, i) => i * 7);
      Deno.writeFileSync(path, bytes);
      assert.deepEqual(libc.readSpecialFile(path), bytes, `${length} bytes`);
      using opened = libc.openSpecialFile(path);
      assert.deepEqual(opened?.bytes, bytes, `${length} bytes`);
    }
  } finally {
    Deno.removeSync(path);
  }
});

Deno.test("what cannot be read is null, and leaves no descriptor open", () => {
  const libc = Libc.open();
  const open = () => [...Deno.readDirSync("/proc/self/fd")].length;
  const before = open();
  // Many times, because other tests open and close files of their own in this process meanwhile.
  for (let i = 0; i < 500; i++) {
    assert.equal(libc.readSpecialFile("/proc/no/such"), null);
    assert.equal(libc.readSpecialText("/proc/no/such"), null);
    assert.equal(libc.openSpecialFile("/proc/no/such"), null);
    assert.equal(libc.openSpecialFile("/proc/self"), null);
    using status = libc.openSpecialFile("/proc/self/status"); // has no size, so it is read
    assert.ok(status!.bytes.length > 0);
    assert.equal(libc.readSpecialLink("/proc/no/such"), null);
    assert.equal(libc.readSpecialFile("/proc/self"), null, "a directory opens and cannot be read");
  }
  assert.ok(open() < before + 250, `${open()} descriptors are open, ${before} were`);
});

Deno.test("the target of a special link is its text", () => {
  const libc = Libc.open();
  assert.match(libc.readSpecialLink("/proc/self/ns/pid") ?? "", /^pid:\[\d+\]$/);
});

Deno.test("a part is found in bytes at their begin and end, and not where it is not", () => {
  const libc = Libc.open();
  const bytes = Uint8Array.of(1, 2, 0, 3, 4);
  for (const part of [[1, 2], [3, 4], [2, 0, 3], [1, 2, 0, 3, 4]]) {
    assert.equal(libc.contains(bytes, Uint8Array.from(part)), true, String(part));
  }
  for (const part of [[2, 1], [4, 5], [1, 2, 0, 3, 4, 5]]) {
    assert.equal(libc.contains(bytes, Uint8Array.from(part)), false, String(part));
  }
});

Deno.test("clocks are in nanoseconds", () => {
  const libc = Libc.open();
  assert.ok(Math.abs(Number(libc.clockNs(Clock.REALTIME)) / 1e6 - Date.now()) < 10_000);
  const uptimeS = Number(Deno.readTextFileSync("/proc/uptime").split(" ")[0]);
  assert.ok(Math.abs(Number(libc.clockNs(Clock.BOOTTIME)) / 1e9 - uptimeS) < 10);
});

Deno.test("the process's own usage is in nanoseconds and bytes, and grows", async () => {
  const libc = Libc.open();
  // Before the peak is asked for: other tests of the same process take memory meanwhile.
  const memory = Deno.memoryUsage().rss;
  const { cpuNs, maxRssBytes } = libc.usage();
  assert.ok(cpuNs > 1e6 && cpuNs < 1e13, String(cpuNs));
  assert.ok(maxRssBytes > 10e6 && maxRssBytes < 100e9, String(maxRssBytes));
  assert.ok(maxRssBytes >= memory * 0.9, `${maxRssBytes} at most, ${memory} now`);
  // Work of this thread, and of the other tests of the process.
  let sum = 0;
  await waitFor(() => {
    for (let i = 0; i < 1e5; i++) sum += Math.sqrt(i);
    return libc.usage().cpuNs >= cpuNs + 2e6;
  }, { timeoutMs: 60_000, what: "two milliseconds of CPU time" });
  assert.ok(sum > 0);
});

Deno.test("a process is watched to its end, and one that is not there is -1", async () => {
  const libc = Libc.open();
  const child = new Deno.Command("cat", { stdin: "piped", stdout: "null" }).spawn();
  const fd = libc.pidfdOpen(child.pid);
  try {
    assert.ok(fd >= 0);
    assert.equal(libc.isReadable(fd), false);
    await child.stdin.close();
    await waitFor(() => libc.isReadable(fd), { timeoutMs: 60_000, what: "the end of cat" });
  } finally {
    libc.close(fd);
    await child.status;
  }
  assert.equal(libc.pidfdOpen(child.pid), -1);
});

Deno.test("memory of a descriptor is mapped and shared with it", () => {
  const libc = Libc.open();
  const path = Deno.makeTempFileSync();
  using file = Deno.openSync(path, { read: true, write: true });
  try {
    file.truncateSync(8192);
    const fd = Number(
      [...Deno.readDirSync("/proc/self/fd")].map(({ name }) => name)
        .find((name) => libc.readSpecialLink(`/proc/self/fd/${name}`) === path),
    );
    const writable = libc.map(fd, 4096, 4096, true);
    const readable = libc.map(fd, 8192, 0, false);
    new Uint8Array(writable.buffer)[5] = 42;
    assert.equal(new Uint8Array(readable.buffer)[4096 + 5], 42);
    libc.unmap(writable);
    libc.unmap(readable);
    assert.equal(Deno.readFileSync(path)[4096 + 5], 42);
    assert.throws(() => libc.map(-1, 4096, 0, false), /Cannot map 4096 bytes/);
  } finally {
    Deno.removeSync(path);
  }
});

const MAPS = `\
1000-3000 r--p 00000000 fe:00 12   /opt/a b/deno
3000-7000 r-xp 00002000 fe:00 12   /opt/a b/deno
7000-8000 r--p 00006000 fe:00 12   /opt/a b/deno
8000-9000 rw-p 00007000 fe:00 12   /opt/a b/deno
9000-a000 rwxp 00008000 fe:00 12   /opt/a b/deno
a000-b000 r--s 00000000 fe:00 12   /opt/a b/deno
b000-c000 r-xp 00000000 fe:00 13   /lib/libc.so.6
c000-d000 r-xp 00000000 00:00 0
7ffd2000-7ffd4000 r-xp 00000000 00:00 0    [vdso]
`;

Deno.test("the code and the constants of a program are never written; what the loader fills in is not among them", () => {
  assert.deepEqual(unwrittenParts(MAPS, "/opt/a b/deno"), [
    { address: 0x1000n, bytes: 0x2000n },
    { address: 0x3000n, bytes: 0x4000n },
  ]);
  assert.deepEqual(unwrittenParts(MAPS, "/opt/a"), []);
});

Deno.test("this process has such parts", () => {
  const maps = Deno.readTextFileSync("/proc/self/maps");
  const parts = unwrittenParts(maps, Deno.readLinkSync("/proc/self/exe"));
  assert.ok(parts.reduce((sum, { bytes }) => sum + bytes, 0n) > 10_000_000n, maps);
});

Deno.test("the program goes on when its pages are taken out of memory, and takes less", () => {
  const libc = Libc.open();
  const bytesOfFiles = () =>
    Number(/^RssFile:\s*(\d+)/m.exec(libc.readSpecialText("/proc/self/status")!)![1]);
  const before = bytesOfFiles();
  libc.leaveProgram();
  const after = bytesOfFiles();
  assert.ok(after < before / 2, `${after} kB of files are in memory, ${before} were`);
});
