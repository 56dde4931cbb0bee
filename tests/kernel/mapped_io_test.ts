/** What page faults read of mapped files, held against files that were driven out of the page cache and files that were not. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { prepare } from "../../engine/session/prepare.ts";
import { emptyFilter } from "../../runtime/filter/mod.ts";
import { schemaText } from "../../cli/schema/mod.ts";
import type { Report, ReportMappedIo } from "../../runtime/report.ts";
import { compileSchema } from "../json_schema.ts";
import { compile } from "../kernel_lib/compile.ts";
import { runIor } from "../kernel_lib/ior.ts";

const FILE_BYTES = 8 << 20;
const PAGE_BYTES = 4096;

/** Most that a file system needs of its own to find a file's blocks. */
const METADATA_BYTES = 64 << 10;
const SOURCE = fileURLToPath(new URL("../kernel_lib/mapped.c", import.meta.url));

/** A folder on a disk with a file: what a file system in memory holds is nowhere else. */
function makeFile(): { folder: string; path: string } & Disposable {
  const folder = Deno.makeTempDirSync({ dir: "/var/tmp", prefix: "ior_mapped_" });
  const path = `${folder}/data`;
  using file = Deno.openSync(path, { write: true, create: true });
  file.writeSync(new Uint8Array(FILE_BYTES).fill(7));
  file.syncSync();
  return { folder, path, [Symbol.dispose]: () => Deno.removeSync(folder, { recursive: true }) };
}

/** How a run of mapped.c is traced. */
interface Run {
  /** Options of ior. */
  options?: readonly string[];
  wrapper?: readonly string[];
  /** Words before the program. */
  before?: readonly string[];
}

/** Traces mapped.c; its output says which processes it had, and how many major faults each. */
async function trace(path: string, steps: string, { options = [], wrapper, before = [] }: Run = {}) {
  const command = [...before, await compile(SOURCE), path, ...steps.split(" ")];
  const args = ["trace", "--cache", "--json", ...options, "--", ...command];
  const { code, stdout, stderr } = await runIor(args, { wrapper });
  assert.equal(code, 0, stderr);
  const report: Report = JSON.parse(stdout);
  const counts = new Map(
    [...stderr.matchAll(/^(\d+) (\d+)$/gm)].map((match) => [Number(match[1]), Number(match[2])] as const),
  );
  const mapped = report.mapped_io!;
  assertSums(mapped);
  const rows = mapped.files.filter((row) => row.path === path);
  return { report, mapped, rows, counts, bytes: rows.reduce((sum, row) => sum + row.mapped_bytes, 0) };
}

function assertSums(mapped: ReportMappedIo): void {
  const rows = [...mapped.files, ...(mapped.without_file === undefined ? [] : [mapped.without_file])];
  for (const name of ["mapped_bytes", "major_faults", "fault_ns"] as const) {
    assert.equal(mapped[name], rows.reduce((sum, row) => sum + row[name]!, 0), name);
  }
}

Deno.test("Touching a mapping of a cold file reads as many bytes as it has, with what is read ahead, and of a warm one none", async () => {
  using file = makeFile();
  const check = compileSchema(JSON.parse(await schemaText("report")));
  const cold = await trace(file.path, "evict touch");
  assert.deepEqual(check(cold.report), []);
  assert.equal(cold.bytes, FILE_BYTES);
  const [{ pid, comm, major_faults, fault_ns }] = cold.rows;
  assert.deepEqual([pid, comm], [[...cold.counts.keys()][0], "mapped"]);
  assert.ok(major_faults! >= 1 && major_faults! < FILE_BYTES / PAGE_BYTES / 4, String(major_faults));
  assert.ok(fault_ns! > 0 && fault_ns! <= cold.report.command_wall_ns!);
  // Warmed by a child that is not followed, just before: the system may take pages back at any time.
  const warm = await trace(file.path, "touch", {
    options: ["--no-follow"],
    before: ["/bin/sh", "-c", '"$@" && exec "$@"', "sh"],
  });
  assert.deepEqual([warm.bytes, warm.rows], [0, []]);
});

Deno.test("Where nothing is read ahead each page is a major fault, as the kernel itself counts them", async () => {
  using file = makeFile();
  const { bytes, rows: [row], counts, mapped } = await trace(file.path, "evict random touch");
  assert.deepEqual([bytes, row.major_faults], [FILE_BYTES, FILE_BYTES / PAGE_BYTES]);
  assert.ok(mapped.major_faults! <= counts.get(row.pid)!);
});

Deno.test("What a call reads and what a page fault reads of one file are kept apart", async () => {
  using file = makeFile();
  const { report, bytes } = await trace(file.path, "evict read tail");
  const row = report.files.find(({ path }) => path === file.path)!;
  assert.equal(bytes, FILE_BYTES / 2);
  // Pages of the file system that a call needed count as well.
  const more = Number(row.fetched_bytes) - FILE_BYTES / 2;
  assert.ok(more >= 0 && more <= METADATA_BYTES, String(more));
  // A call that is not selected is no page fault either.
  const others = await trace(file.path, "evict read tail", { options: ["-e", "fsync"] });
  assert.deepEqual([others.report.fetched_bytes, others.bytes], [0, FILE_BYTES / 2]);
});

Deno.test("Two processes that touch one file have read it once together", async () => {
  using file = makeFile();
  const { bytes, rows, counts } = await trace(file.path, "evict fork random touch");
  assert.equal(bytes, FILE_BYTES);
  assert.equal(counts.size, 2);
  for (const { pid } of rows) assert.ok(counts.has(pid));
});

Deno.test("A file that was removed while it was mapped says so", async () => {
  using file = makeFile();
  const { mapped } = await trace(file.path, "evict unlink touch");
  const row = mapped.files.find(({ path }) => path === `${file.path} (deleted)`)!;
  assert.equal(row.mapped_bytes, FILE_BYTES);
});

Deno.test("Mapped I/O is selected by process and file, and a condition on what only a call has selects none", async () => {
  using file = makeFile();
  const where = (condition: string) => trace(file.path, "evict touch", { options: ["--where", condition] });
  assert.equal((await where(`path = "${file.path}" and comm = mapped`)).bytes, FILE_BYTES);
  for (const condition of ["comm = other", "path = /other", "uid = 54321", "latency > 0ns", "failed"]) {
    const { mapped } = await where(condition);
    assert.deepEqual([mapped.mapped_bytes, mapped.files], [0, []], condition);
  }
  const child = await trace(file.path, "evict touch", {
    options: ["--no-follow"],
    before: ["/bin/sh", "-c", '"$@"; true', "sh"],
  });
  assert.deepEqual(child.rows, []);
});

Deno.test("What cannot be told while another thread changes the address space is counted all the same", async () => {
  using file = makeFile();
  const { bytes, mapped } = await trace(file.path, "churn evict random touch");
  const rest = mapped.without_file?.mapped_bytes ?? 0;
  assert.ok(bytes <= FILE_BYTES && bytes + rest >= FILE_BYTES, `${bytes} + ${rest}`);
});

/** Files of a page each: more than the kernel keeps sums of. */
const MANY_FILES = 5_000;

/** Reads each of them through a mapping, after driving it out of the page cache. */
const READ_MANY = `
import mmap, os, sys
def read():
    for name in range(int(sys.argv[2])):
        file = os.open(f"{sys.argv[1]}/{name}", os.O_RDONLY)
        os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
        with mmap.mmap(file, 0, prot=mmap.PROT_READ) as data:
            data[0]
        os.close(file)
`;

/** The same at once, and each time that it is told to. */
const READ_ONCE = `${READ_MANY}
read()
`;
const READ_WHEN_TOLD = `${READ_MANY}
print(flush=True)
for _ in sys.stdin:
    read()
    print(flush=True)
`;

/** A folder with so many of them, none of which has to be written any more. */
function makeMany(folder: string, files: number): void {
  Deno.mkdirSync(folder);
  for (let i = 0; i < files; i++) {
    Deno.writeFileSync(`${folder}/${i}`, new Uint8Array(PAGE_BYTES).fill(7));
  }
  assert.ok(new Deno.Command("sync", { args: ["-f", folder] }).outputSync().success);
}

Deno.test("What there are no more sums for is counted, and said to be of no known file", async () => {
  using file = makeFile();
  const folder = `${file.folder}/many`;
  makeMany(folder, MANY_FILES);
  const recording = `${file.folder}/run.parquet`;
  const program = ["--", "python3", "-c", READ_ONCE, folder, String(MANY_FILES)];
  const { code, stderr } = await runIor(["record", recording, "--cache", ...program]);
  assert.equal(code, 0, stderr);
  const report: Report = JSON.parse((await runIor(["report", "--json", recording])).stdout);
  const mapped = report.mapped_io!;
  assertSums(mapped);
  const rows = mapped.files.filter(({ path }) => path.startsWith(`${folder}/`));
  assert.deepEqual([...new Set(rows.map((row) => row.mapped_bytes))], [PAGE_BYTES]);
  assert.ok(rows.length > MANY_FILES / 2 && rows.length < MANY_FILES, `${rows.length} files`);
  const missing = (MANY_FILES - rows.length) * PAGE_BYTES;
  const { mapped_bytes: rest, major_faults } = mapped.without_file!;
  // What else the program maps may come after them.
  assert.ok(rest >= missing && rest <= missing + METADATA_BYTES, `${rest} bytes, ${missing} are missing`);
  assert.ok(major_faults! >= MANY_FILES - rows.length);
  const { stdout } = await runIor(["report", recording]);
  assert.match(stdout, /^mapped .* read by page faults, .*; [\d.]+MiB of it is known of no file$/m);
});

Deno.test("A change of the filter makes room for its sums: those of earlier filters have none any more", async () => {
  using file = makeFile();
  const folder = `${file.folder}/many`;
  const files = 1_500;
  makeMany(folder, files);
  const program = new Deno.Command("python3", {
    args: ["-c", READ_WHEN_TOLD, folder, String(files)],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const told = program.stdin.getWriter();
  const done = program.stdout.getReader();
  await done.read();
  const selection = { ...emptyFilter(), syscalls: ["getppid"], pids: [program.pid] };
  {
    const plan = { selection, ringBytes: 1 << 24, command: null, extras: ["cache" as const] };
    await using prepared = await prepare(plan);
    const running = prepared.attach().run([], null);
    // With those of three filters together there is no room.
    for (let round = 0; round < 4; round++) {
      await told.write(Uint8Array.of(10));
      await done.read();
      await running.cut(() => Promise.resolve());
      const { files: rows, missed } = running.figures().mappedIo!;
      const found = rows.filter(({ path }) => path.startsWith(`${folder}/`)).length;
      assert.deepEqual([found, missed.mappedBytes], [files, 0], `round ${round}`);
      await running.betweenLooks(() => running.swapFilter(selection));
    }
    await running.stop();
  }
  await told.close();
  await done.cancel();
  await program.status;
});

Deno.test("A file of overlayfs has the path that the program knows", async () => {
  using file = makeFile();
  const { folder } = file;
  for (const name of ["low", "up", "work", "merged"]) Deno.mkdirSync(`${folder}/${name}`);
  Deno.renameSync(file.path, `${folder}/low/data`);
  const mount = `lowerdir=${folder}/low,upperdir=${folder}/up,workdir=${folder}/work`;
  const wrapper = [
    ...["unshare", "--mount", "sh", "-c"],
    `mount -t overlay overlay -o ${mount} ${folder}/merged && exec "$@"`,
    "sh",
  ];
  const { bytes } = await trace(`${folder}/merged/data`, "evict touch", { wrapper });
  assert.equal(bytes, FILE_BYTES);
});

Deno.test("A recording and a stream of rows carry it to the reports made of them", async () => {
  using file = makeFile();
  const program = await compile(SOURCE);
  const checkRow = compileSchema(JSON.parse(await schemaText("rows")));
  for (
    const [name, words] of [["run.parquet", ["record"]], ["run.ndjson", ["stream", "--json", "-o"]]] as const
  ) {
    const recording = `${file.folder}/${name}`;
    const traced = await runIor([
      ...[words[0], "--cache", ...words.slice(1), recording],
      ...["--", program, file.path, "evict", "touch"],
    ]);
    assert.equal(traced.code, 0, traced.stderr);
    const { stdout } = await runIor(["report", "--json", recording]);
    const mapped: ReportMappedIo = JSON.parse(stdout).mapped_io;
    assertSums(mapped);
    assert.equal(mapped.files.find(({ path }) => path === file.path)!.mapped_bytes, FILE_BYTES, name);
  }
  const end = Deno.readTextFileSync(`${file.folder}/run.ndjson`).trimEnd().split("\n").at(-1)!;
  assert.deepEqual(checkRow(JSON.parse(end)), []);
});

Deno.test("A trace without --cache says nothing of it", async () => {
  const { stdout } = await runIor(["trace", "--json", "--", "true"]);
  assert.equal("mapped_io" in JSON.parse(stdout), false);
});
