/** What calls bring into the page cache, held against files that were driven out of it and files that were not. */
import assert from "node:assert/strict";
import { schemaText } from "../../cli/schema/mod.ts";
import type { Report } from "../../runtime/report.ts";
import { compileSchema } from "../json_schema.ts";
import { missingFeatures } from "../kernel_lib/features.ts";
import { runIor } from "../kernel_lib/ior.ts";
import { parseRows } from "../kernel_lib/rows.ts";

/** Reads a file from begin to end, after driving it out of the page cache if asked to. */
const READER = `
import os, sys
path, state = sys.argv[1:]
fd = os.open(path, os.O_RDONLY)
if state == "cold":
    os.fsync(fd)
    os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
while os.read(fd, 65536):
    pass
`;

const FILE_BYTES = 8 << 20;

/** Most that a file system needs of its own to find a file's blocks: how many depends on how they lie on the disk. */
const METADATA_BYTES = 64 << 10;

/** What calls fetched is the file, or nothing; pages of the file system that they needed count as well. */
function assertFetched(found: unknown, wanted: number, what: string): void {
  const more = Number(found) - wanted;
  assert.ok(more >= 0 && more <= (wanted === 0 ? 0 : METADATA_BYTES), `${what}: ${found}, not ${wanted}`);
}

/** A file on a disk: what a file system in memory holds is nowhere else. */
function makeFile(): { path: string } & Disposable {
  const path = Deno.makeTempFileSync({ dir: "/var/tmp", prefix: "ior_cache_" });
  Deno.writeFileSync(path, crypto.getRandomValues(new Uint8Array(65_536)));
  using file = Deno.openSync(path, { append: true });
  const block = new Uint8Array(1 << 20).fill(7);
  for (let bytes = 65_536; bytes < FILE_BYTES; bytes += block.length) {
    file.writeSync(block.subarray(0, Math.min(block.length, FILE_BYTES - bytes)));
  }
  return { path, [Symbol.dispose]: () => Deno.removeSync(path) };
}

async function run(args: readonly string[], path: string, state: "cold" | "warm"): Promise<string> {
  const { stdout, stderr, code } = await runIor([...args, "--", "python3", "-c", READER, path, state]);
  assert.equal(code, 0, stderr);
  return stdout;
}

Deno.test("Reads of a cold file fetch as many bytes as it has, and those of a warm one none", async () => {
  using file = makeFile();
  const checkRow = compileSchema(JSON.parse(await schemaText("rows")));
  for (const [state, wanted] of [["cold", FILE_BYTES], ["warm", 0]] as const) {
    const { rows } = parseRows(await run(["stream", "--format", "ndjson", "--cache"], file.path, state));
    const reads = rows.filter(({ path, syscall }) => path === file.path && syscall === "read");
    assert.equal(reads.reduce((sum, { bytes }) => sum + bytes!, 0), FILE_BYTES);
    assertFetched(reads.reduce((sum, { fetched_bytes }) => sum + fetched_bytes!, 0), wanted, state);
    assert.deepEqual(checkRow(reads[0]), []);
    assert.ok(!rows.some(({ syscall, fetched_bytes }) => syscall === "write" && fetched_bytes !== undefined));
  }
});

Deno.test("A report says the same of rows and of calls that the kernel added up", async () => {
  using file = makeFile();
  const checkReport = compileSchema(JSON.parse(await schemaText("report")));
  for (const rows of ["--rows", "--no-rows"]) {
    const text = await run(["trace", "--json", "--cache", "--waits", rows], file.path, "cold");
    const report: Report = JSON.parse(text);
    assert.deepEqual(checkReport(report), []);
    const row = report.files.find(({ path }) => path === file.path)!;
    assert.equal(row.read_bytes, FILE_BYTES, rows);
    assertFetched(row.fetched_bytes, FILE_BYTES, rows);
    const sum = (value: (row: Report["syscalls"][number]) => unknown) =>
      report.syscalls.reduce((sum, row) => sum + Number(value(row)), 0);
    assert.equal(sum(({ iowait_ns }) => iowait_ns), report.iowait_ns);
    assert.equal(sum(({ fetched_bytes }) => fetched_bytes), report.fetched_bytes);
    assert.ok(Number(report.iowait_ns) > 0);
    const off = [report.iowait_ns, report.blocked_ns, report.runqueue_ns].map(Number);
    assert.ok(off.reduce((sum, ns) => sum + ns) <= Number(report.total_ns));
  }
});

/** Copies a file with the call that is named, after driving it out of the page cache if asked to. */
const COPIER = `
import os, sys
path, state, call, to = sys.argv[1:]
source = os.open(path, os.O_RDONLY)
target = os.open(to, os.O_WRONLY | os.O_CREAT)
if state == "cold":
    os.fsync(source)
    os.posix_fadvise(source, 0, 0, os.POSIX_FADV_DONTNEED)
left = os.fstat(source).st_size
while left > 0:
    if call == "sendfile":
        left -= os.sendfile(target, source, None, left)
    else:
        left -= os.copy_file_range(source, target, left)
`;

/** A folder of the disk. */
function diskFolder(): { path: string } & Disposable {
  const path = Deno.makeTempDirSync({ dir: "/var/tmp", prefix: "ior_copies_" });
  return { path, [Symbol.dispose]: () => Deno.removeSync(path, { recursive: true }) };
}

/** A folder of an overlayfs above the disk. */
function overlayFolder(): { path: string } & Disposable {
  using stack = new DisposableStack();
  const { path } = stack.use(diskFolder());
  const command = (...words: string[]) => {
    const { success, stderr } = new Deno.Command(words[0], { args: words.slice(1) }).outputSync();
    assert.ok(success, new TextDecoder().decode(stderr));
  };
  for (const name of ["lower", "upper", "work", "merged"]) Deno.mkdirSync(`${path}/${name}`);
  const options = ["lower", "upper", "work"].map((name) => `${name}dir=${path}/${name}`).join(",");
  const merged = `${path}/merged`;
  command("mount", "-t", "overlay", "overlay", "-o", options, merged);
  stack.defer(() => command("umount", merged));
  const owned = stack.move();
  return { path: merged, [Symbol.dispose]: () => owned.dispose() };
}

const FILE_SYSTEMS = [
  { where: "on a disk", makeFolder: diskFolder, lacking: [] },
  { where: "in an overlayfs", makeFolder: overlayFolder, lacking: missingFeatures(["overlayfs"]) },
];

for (const { where, makeFolder, lacking } of FILE_SYSTEMS) {
  Deno.test({
    name: `A copy ${where} fetches what it reads, not the pages that it writes` +
      (lacking.length > 0 ? " (skipped: this kernel has no overlayfs)" : ""),
    ignore: lacking.length > 0,
    async fn() {
      using folder = makeFolder();
      using file = makeFile();
      const source = `${folder.path}/source`;
      Deno.copyFileSync(file.path, source);
      for (const call of ["sendfile", "copy_file_range"]) {
        for (const [state, wanted] of [["cold", FILE_BYTES], ["warm", 0]] as const) {
          const target = `${folder.path}/${call}-${state}`;
          const command = ["python3", "-c", COPIER, source, state, call, target];
          const { stdout, stderr, code } = await runIor(["trace", "--json", "--cache", "--", ...command]);
          assert.equal(code, 0, stderr);
          const report: Report = JSON.parse(stdout);
          const [from, to] = [source, target].map((path) => report.files.find((row) => row.path === path)!);
          assert.deepEqual([from.read_bytes, to.write_bytes], [FILE_BYTES, FILE_BYTES]);
          assert.ok(Number(to.fetched_bytes) <= METADATA_BYTES, `${target}: ${to.fetched_bytes}`);
          assertFetched(from.fetched_bytes, wanted, `${call} of a ${state} file ${where}`);
        }
      }
    },
  });
}

Deno.test("An assertion on it asks for it, and holds or fails by it", async () => {
  using file = makeFile();
  const asserting = (state: "cold" | "warm") =>
    runIor([
      ...["trace", "--brief", "--assert", `fetched(path = "${file.path}") < 1M`],
      ...["--", "python3", "-c", READER, file.path, state],
    ]);
  assert.deepEqual([(await asserting("cold")).code, (await asserting("warm")).code], [3, 0]);
});
