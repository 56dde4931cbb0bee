/** `ior files` on a program that hands descriptors on in every way, live and from a recording. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import type { FilesDocument, ListedSession } from "../../cli/files/document.ts";
import { compile } from "../kernel_lib/compile.ts";
import { runIor } from "../kernel_lib/ior.ts";
import { testSeed } from "../engine/batches.ts";
import { nothingLeftBehind } from "../kernel_lib/leftovers.ts";
import { scratchDirectory } from "../kernel_lib/scratch.ts";

/** Random programs, and how many calls the first process of each makes. */
const RANDOM_RUNS = 5;
const RANDOM_CALLS = 2000;

/** What is known of each file: calls that moved bytes, how the session ended, and how many processes used it. */
type Known = Pick<
  ListedSession,
  "opened_by" | "state" | "read_bytes" | "write_bytes" | "access" | "processes"
>;

const opened = { opened_by: "openat", state: "closed", read_bytes: 0, write_bytes: 0, processes: 1 } as const;

/** In the order of their opens; one that was not seen to be opened comes first. */
const KNOWN: readonly [name: string, known: Known][] = [
  // Received through a socket: nobody has seen its open.
  ["passed", { ...opened, opened_by: null, state: "unsure", read_bytes: 10, access: null }],
  ["sequential", { ...opened, write_bytes: 1000, access: "sequential" }],
  ["sequential", { ...opened, read_bytes: 100, access: "random" }],
  ["strided", { ...opened, read_bytes: 200, write_bytes: 10, access: "strided" }],
  ["pread", { ...opened, read_bytes: 100, access: "random" }],
  ["duplicates", { ...opened, write_bytes: 50, access: "sequential" }],
  ["forked", { ...opened, write_bytes: 30, access: "sequential", processes: 2 }],
  ["vforked", { ...opened, write_bytes: 40, access: "sequential", processes: 2 }],
  ["executed", { ...opened, write_bytes: 15, access: null, processes: 2 }],
  // Whether it is in the range is not in the row; the end of the process closes it in any case.
  ["ranged", { ...opened, write_bytes: 10, access: null }],
  ["passed", { ...opened, write_bytes: 20, access: "sequential" }],
  ["sequential", { ...opened, read_bytes: 1000, access: null }],
  ["copied", { ...opened, write_bytes: 1000, access: null }],
  // Without exit_group.
  ["exited", { ...opened, write_bytes: 10, access: null }],
  ["left", { ...opened, write_bytes: 20, access: "sequential" }],
];

async function program(): Promise<{ words: string[]; directory: string }> {
  const binary = await compile(fileURLToPath(new URL("../kernel_lib/descriptors.c", import.meta.url)));
  const directory = scratchDirectory("descriptors");
  return { words: [binary, directory], directory };
}

async function filesOf(args: readonly string[]): Promise<FilesDocument> {
  const { code, stdout, stderr } = await runIor(["files", "--json", "--sort", "opened", ...args]);
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout);
}

/** `hasArguments`: calls say where they read; those of a recording only when it asked for that. */
function assertKnown(
  { sessions, sees_processes, loss }: FilesDocument,
  directory: string,
  hasArguments: boolean,
): void {
  assert.deepEqual([sees_processes, loss.state], [true, "none"]);
  const found = sessions.filter(({ path }) => path.startsWith(`${directory}/`)).map((session) => {
    const { path, opened_by, state, read_bytes, write_bytes, access, processes } = session;
    return [path.slice(directory.length + 1), {
      opened_by,
      state,
      read_bytes,
      write_bytes,
      access,
      processes,
    }];
  });
  const key = (value: unknown) => JSON.stringify(value);
  assert.deepEqual(
    found.map(key),
    KNOWN.map(([name, known]) => [
      name,
      // In the order above.
      {
        opened_by: known.opened_by,
        state: known.state,
        read_bytes: known.read_bytes,
        write_bytes: known.write_bytes,
        access: name === "pread" && !hasArguments ? "unknown" : known.access,
        processes: known.processes,
      },
    ]).map(key),
  );
}

Deno.test("Every open file of a program is one session, however its descriptors are handed on", async () => {
  const { words, directory } = await program();
  const document = await filesOf(["--", ...words]);
  assertKnown(document, directory, true);
  const first = document.sessions.find(({ path }) => path === `${directory}/sequential`)!;
  // open, 100 writes, two syncs, close.
  assert.deepEqual([first.calls, first.syncs, first.seeks, first.errors, first.comm], [
    104,
    2,
    0,
    0,
    "descriptors",
  ]);
  assert.ok(first.opened! < first.closed! && first.duration_ns > first.total_ns);
  await nothingLeftBehind();
});

Deno.test("A recording with the calls of processes tells the same, and one without says that they are missing", async () => {
  const { words, directory } = await program();
  const whole = `${directory}/whole.parquet`;
  const record = await runIor(["record", whole, "--family", "FS,Process", "--", ...words]);
  assert.equal(record.code, 0, record.stderr);
  assertKnown(await filesOf([whole]), directory, false);
  assertKnown(await filesOf(["--from", whole, "-P", directory]), directory, false);

  const part = `${directory}/part.parquet`;
  assert.equal((await runIor(["record", part, "--", ...words])).code, 0);
  const { stdout } = await runIor(["files", part]);
  assert.match(stdout, /^No call that makes or ends a process is among these/m);
});

Deno.test("A selection of a trace shows files with a selected call, and --top and --sort choose among them", async () => {
  const { words, directory } = await program();
  const { sessions } = await filesOf(["-e", "fsync", "--", ...words]);
  assert.deepEqual(sessions.map(({ path, calls }) => [path, calls]), [[`${directory}/sequential`, 104]]);
  const { code, stdout } = await runIor([
    "files",
    "--top",
    "1",
    "--sort",
    "written",
    "-P",
    directory,
    "--",
    ...words,
  ]);
  assert.equal(code, 0);
  assert.match(stdout, /^ *\S+ +104 +0B +1000B /m);
  assert.match(stdout, /^14 more sessions; --top 0 shows all\.$/m);
});

Deno.test("A file in memory is a session from the call that makes it", async () => {
  const script = 'import os; file = os.memfd_create("odd"); os.write(file, b"x" * 10); os.close(file)';
  const { sessions } = await filesOf(["-P", "/memfd:odd", "--", "python3", "-c", script]);
  assert.deepEqual(
    sessions.map(({ path, opened_by, state, calls, write_bytes }) => ({
      path,
      opened_by,
      state,
      calls,
      write_bytes,
    })),
    [{ path: "/memfd:odd (deleted)", opened_by: "memfd_create", state: "closed", calls: 3, write_bytes: 10 }],
  );
});

Deno.test("A file that is renamed while it is open is one session, and each file has its own where closes have no row", async () => {
  const directory = scratchDirectory("renamed");
  const known = async (args: readonly string[], suffix: string) => {
    const { sessions } = await filesOf(args);
    return sessions.filter(({ path }) => path.startsWith(`${directory}/${suffix}`))
      .map((
        { path, opened_by, state, write_bytes },
      ) => [path.slice(directory.length + 1), opened_by, state, write_bytes]);
  };
  // Renamed by another process, then the directory above it, and then no more a name.
  const renames =
    "exec 3>old/a; echo 1 >&3; mv old/a old/b; echo 22 >&3; mv old new; echo 333 >&3; rm new/b; echo 4444 >&3";
  const shell = (script: string) => ["--", "sh", "-c", `cd ${directory}; mkdir old; ${script}`];
  const renamed = await known(shell(renames), "");
  assert.deepEqual(renamed, [["old/a", "openat", "closed", 14]]);
  const recording = `${directory}/writes.parquet`;
  const writes = shell("echo 1 >old/c; echo 22 >old/d; echo 333 >old/e");
  assert.equal((await runIor(["record", recording, "-e", "write", ...writes])).code, 0);
  const written = await known([recording], "old/");
  assert.deepEqual(written.sort(), [
    ["old/c", null, "unsure", 2],
    ["old/d", null, "unsure", 3],
    ["old/e", null, "open", 4],
  ]);
});

/** Opens a file in every way, and reads and writes it at offsets of its own, also of more than 32 bits. */
const OFFSETS = `
import ctypes, os, sys
path = sys.argv[1]
libc = ctypes.CDLL(None)
def at(flags, call, offsets):
    file = os.open(path, flags)
    for offset in offsets:
        call(file, offset)
    os.close(file)
if os.path.exists(path):
    os.unlink(path)
write = lambda file, offset: os.pwrite(file, b"x" * 10, offset)
read = lambda file, offset: os.preadv(file, [bytearray(10)], offset)
at(os.O_RDWR | os.O_CREAT | os.O_EXCL, write, [2**33 + 10 * i for i in range(30)])
at(os.O_RDONLY | os.O_NOATIME, read, [2**33 + 20 * i for i in range(10)])
at(os.O_WRONLY | os.O_APPEND | os.O_DSYNC, write, [(i * i * 7919) % 1000 for i in range(10)])
os.close(libc.creat(path.encode(), 0o600))
how = (ctypes.c_uint64 * 3)(os.O_RDWR | os.O_TRUNC, 0, 0)
os.close(libc.syscall(437, -100, path.encode(), how, 24))
`;

Deno.test("Flags of opens and offsets of reads and writes are known, and from a recording that asked for them", async () => {
  const directory = scratchDirectory("offsets");
  const path = `${directory}/file`;
  const program = ["--", "python3", "-c", OFFSETS, path];
  const recordings = ["run.parquet", "run.ndjson"].map((name) => `${directory}/${name}`);
  const made = [
    await runIor(["record", recordings[0], "--arguments", ...program]),
    await runIor([
      "stream",
      "--json",
      "-o",
      recordings[1],
      "--where",
      `flags ~ O_ or path = "${path}"`,
      ...program,
    ]),
  ];
  for (const { code, stderr } of made) assert.equal(code, 0, stderr);
  for (const source of [program, ...recordings.map((name) => [name])]) {
    const { sessions } = await filesOf(["-P", path, ...source]);
    assert.deepEqual(
      sessions.map(({ flags, access }) => [flags, access]),
      [
        ["O_RDWR|O_CREAT|O_EXCL|O_CLOEXEC", "sequential"],
        ["O_RDONLY|O_NOATIME|O_CLOEXEC", "strided"],
        // Linux appends whatever the offset is.
        ["O_WRONLY|O_APPEND|O_DSYNC|O_CLOEXEC", "sequential"],
        ["O_WRONLY|O_CREAT|O_TRUNC", null],
        ["O_RDWR|O_TRUNC", null],
      ],
      source[0],
    );
  }
});

/** Reads a file to its end twice, the first time after driving it out of the page cache. */
const READERS = `
import os, sys
def read(path, cold):
    fd = os.open(path, os.O_RDONLY)
    if cold:
        os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
    while os.read(fd, 65536):
        pass
    os.close(fd)
read(sys.argv[1], True)
read(sys.argv[1], False)
`;

Deno.test("A session says how much it found in the page cache, and who opened it; the same from a recording", async () => {
  // On a disk: what a file system in memory holds is nowhere else.
  const directory = Deno.makeTempDirSync({ dir: "/var/tmp", prefix: "ior_files_" });
  try {
    const path = `${directory}/read`;
    Deno.writeFileSync(path, new Uint8Array(1 << 20).fill(7));
    assert.ok((await new Deno.Command("sync", { args: [path] }).output()).success);
    const words = ["--cache", "--stacks", "--", "python3", "-c", READERS, path];
    const recording = `${directory}/run.parquet`;
    assert.equal((await runIor(["record", recording, "--family", "FS,Process", ...words])).code, 0);
    for (const { sessions } of [await filesOf(words), await filesOf([recording])]) {
      const reads = sessions.filter((session) => session.path === path);
      assert.deepEqual(reads.map(({ read_bytes, fetched_bytes }) => [read_bytes, fetched_bytes]), [
        [1 << 20, 1 << 20],
        [1 << 20, 0],
      ]);
      for (const { stack } of reads) assert.match(stack!, /open/);
    }
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
});

Deno.test("Whatever processes do at the same time, each of their files is one session with all that was done", async () => {
  const seed = testSeed();
  const binary = await compile(fileURLToPath(new URL("../kernel_lib/handed_on.c", import.meta.url)));
  for (let run = 0; run < RANDOM_RUNS; run++) {
    const directory = scratchDirectory("handed-on");
    const output = `${directory}.json`;
    const words = [binary, directory, String(seed + run), String(RANDOM_CALLS)];
    const args = ["files", "--json", "--sort", "opened", "-o", output, "-P", directory, "--", ...words];
    const { code, stdout, stderr } = await runIor(args);
    assert.equal(code, 0, stderr);
    const { sessions, loss }: FilesDocument = JSON.parse(Deno.readTextFileSync(output));
    assert.equal(loss.state, "none");
    const found = sessions.map(({ path, opened_by, state, calls, write_bytes, processes }) => (
      [path.slice(directory.length + 1), opened_by, state, calls, write_bytes, processes].join(" ")
    ));
    const wanted = stdout.trim().split("\n").map((line) => line.replace(" ", " openat closed "));
    assert.deepEqual(found.sort(), wanted.sort(), `seed ${seed + run}`);
  }
});
