import assert from "node:assert/strict";
import { runIor } from "../kernel_lib/ior.ts";
import { scratchDirectory } from "../kernel_lib/scratch.ts";

/** Calls and failed calls, by name of the call. */
type Counts = Record<string, { calls: number; errors: number }>;

/** Calls of which strace and ior say something different, and why. */
const EXCEPTIONS: Record<string, string> = {
  exit: "strace counts a call when it returns, and this one never does; ior shows it without a result",
  exit_group: "strace counts a call when it returns, and this one never does; ior shows it without a result",
};

/** What the commands see of the environment: the same from both tracers. */
const ENVIRONMENT = [
  "env",
  "-i",
  `PATH=${Deno.env.get("PATH")}`,
  "LC_ALL=C",
  "TZ=UTC",
  "HOME=/nonexistent",
  "GIT_CONFIG_NOSYSTEM=1",
  "GIT_OPTIONAL_LOCKS=0",
];

function run(cwd: string, command: string, ...args: string[]): void {
  const { success, stderr } = new Deno.Command(command, { args, cwd, stdout: "piped", stderr: "piped" })
    .outputSync();
  assert.ok(success, `${command} ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
}

/** A small tree whose times lie in the past, so that no tool looks twice at what has just changed. */
function makeTree(): string {
  const root = scratchDirectory("tree");
  for (const folder of ["docs", "src", "src/deep/er"]) {
    Deno.mkdirSync(`${root}/files/${folder}`, { recursive: true });
    for (let i = 0; i < 12; i++) {
      Deno.writeTextFileSync(`${root}/files/${folder}/file ${i}`, `${folder} ${i}\n`.repeat(i * 100));
    }
  }
  Deno.symlinkSync("docs/file 1", `${root}/files/link`);
  const git = (...args: string[]) =>
    run(`${root}/files`, "git", "-c", "user.name=a", "-c", "user.email=a@b", ...args);
  run(root, "find", "files", "-exec", "touch", "-h", "-d", "2020-01-01", "{}", "+");
  git("init", "--quiet", ".");
  git("add", ".");
  git("commit", "--quiet", "-m", "all");
  Deno.writeTextFileSync(`${root}/files/new`, "new\n");
  git("status");
  return root;
}

/** What strace counts. */
function straceCounts(words: string[], cwd: string): Counts {
  const table = `${scratchDirectory("strace")}/table`;
  run(cwd, "strace", "-f", "-c", "-U", "name,calls,errors", "-o", table, ...words);
  const counts: Counts = {};
  for (const line of Deno.readTextFileSync(table).split("\n")) {
    const [, name, calls, errors] = /^(\w+)\s+(\d+)(?:\s+(\d+))?\s*$/.exec(line) ?? [];
    if (name !== undefined && name !== "total") {
      counts[name] = { calls: Number(calls), errors: Number(errors ?? 0) };
    }
  }
  assert.ok(
    Object.keys(counts).length > 5,
    `strace counted almost nothing:\n${Deno.readTextFileSync(table)}`,
  );
  return counts;
}

/** What ior's report counts. */
async function iorCounts(words: string[], cwd: string): Promise<Counts> {
  const output = `${scratchDirectory("report")}/report.json`;
  const { code, stderr } = await runIor(
    ["trace", "--json", "--family", "all", "-o", output, "--", ...words],
    { cwd },
  );
  assert.equal(code, 0, stderr);
  const report = JSON.parse(Deno.readTextFileSync(output));
  assert.equal(report.loss.state, "none");
  const rows = report.syscalls as { syscall: string; calls: number; errors: number }[];
  return Object.fromEntries(rows.map(({ syscall, calls, errors }) => [syscall, { calls, errors }]));
}

const COMMANDS: Record<string, string[]> = {
  "ls -lR": ["ls", "-lR", "files"],
  "tar": ["tar", "-cf", "files.tar", "files"],
  "git status": ["git", "-C", "files", "status"],
  "find with a program for each file": ["find", "files/src", "-type", "f", "-exec", "cat", "{}", ";"],
};

for (const [name, command] of Object.entries(COMMANDS)) {
  Deno.test(`${name} makes as many calls of each kind by ior as by strace, failed ones too`, async () => {
    const root = makeTree();
    const words = [...ENVIRONMENT, ...command];
    const expected = straceCounts(words, root);
    const found = await iorCounts(words, root);
    for (const call of Object.keys(EXCEPTIONS)) {
      assert.equal(expected[call], undefined, `strace counts ${call} after all, so it is no exception`);
      delete found[call];
    }
    assert.deepEqual(sorted(found), sorted(expected));
  });
}

function sorted(counts: Counts): Counts {
  return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => a < b ? -1 : 1));
}
