/** `--stacks`: which code makes a call, of programs whose functions are known. */
import assert from "node:assert/strict";
import { outputOf } from "../kernel_lib/clang.ts";
import { runIor } from "../kernel_lib/ior.ts";
import { buildNested } from "../kernel_lib/nested.ts";
import { scratchDirectory } from "../kernel_lib/scratch.ts";

interface StackRow {
  syscall: string;
  path: string | null;
  stack?: string;
}

const FILE = "/etc/passwd";

/** The rows of calls on {@linkcode FILE}. */
async function rowsOf(command: string[], options: string[] = ["--stacks"]): Promise<StackRow[]> {
  const args = ["stream", "--json", "-q", ...options, "-P", `^${FILE}$`, "--", ...command];
  const { code, stdout, stderr } = await runIor(args);
  assert.equal(code, 0, stderr);
  const records = stdout.trim().split("\n").map((line) => JSON.parse(line));
  return records.filter(({ type }) => type === "row");
}

/** The rows of `ior trace --by stack`, as calls by the stack. */
async function callsByStack(options: string[], command: string[]): Promise<Map<string | null, number>> {
  const { code, stdout, stderr } = await runIor([
    "trace",
    "--json",
    "--by",
    "stack",
    ...options,
    "--",
    ...command,
  ]);
  assert.equal(code, 0, stderr);
  const [{ by, rows }] = JSON.parse(stdout).groups;
  assert.deepEqual(by, ["stack"]);
  return new Map(rows.map(({ stack, calls }: { stack: string | null; calls: number }) => [stack, calls]));
}

/** Words before ior that hide a library from it. */
function without(library: string): string[] {
  const path =
    new RegExp(`${library.replaceAll(".", "\\.")}.* => (\\S+)`).exec(outputOf("ldconfig", ["-p"])!)![1];
  return [
    "unshare",
    "-m",
    "sh",
    "-c",
    `mount --bind /dev/null ${Deno.realPathSync(path)} && exec "$@"`,
    "sh",
  ];
}

for (
  const [build, inner] of [
    [{ compiler: "gcc", options: [] } as const, ""],
    [{ compiler: "gcc", options: ["-g"] } as const, ";inner"],
    [{ compiler: "clang", options: ["-g"] } as const, ";inner"],
    [{ compiler: "gcc", options: ["-g", "-no-pie"] } as const, ";inner"],
  ] as const
) {
  const words = [build.compiler, ...build.options].join(" ");
  Deno.test(`Rows have the functions of a program that has ended: ${words}`, async () => {
    const rows = await rowsOf([buildNested(build), FILE]);
    const stacks = Object.fromEntries(rows.map(({ syscall, stack }) => [syscall, stack]));
    assert.match(stacks.read!, new RegExp(`;main;outer;middle${inner};\\w*read$`));
    // glibc's open may use the frame pointer for something else: then its caller is the last one known.
    assert.match(stacks.openat!, new RegExp(`(^\\[unknown\\]|;main;outer);middle${inner};\\w*open\\w*$`));
  });
}

const ON_X86 = Deno.build.arch === "x86_64";
Deno.test({
  name: "Functions without frames that call each other are all found" +
    (ON_X86 ? "" : " (skipped: of x86-64 only)"),
  ignore: !ON_X86,
  async fn() {
    const program = buildNested({ compiler: "gcc", options: ["-fomit-frame-pointer"] });
    const rows = await rowsOf([program, FILE]);
    const stacks = rows.filter(({ syscall }) => syscall === "read").map(({ stack }) => stack!);
    assert.match(stacks.at(-1)!, /main;outer;middle;\w*read$/);
  },
});

Deno.test({
  name:
    "The caller of a function without a frame is found where a page of the stack ends that nothing follows" +
    (ON_X86 ? "" : " (skipped: of x86-64 only)"),
  ignore: !ON_X86,
  async fn() {
    const options = ["-DAT_PAGE_END", "-fno-stack-clash-protection"];
    const rows = await rowsOf([buildNested({ compiler: "gcc", options }), FILE]);
    const stacks = rows.filter(({ syscall }) => syscall === "read").map(({ stack }) => stack!);
    assert.equal(stacks.length, 1);
    assert.match(stacks[0], /;main;at_page_end;outer;middle;\w*read$/);
  },
});

Deno.test("A program that takes the place of another has its own functions, under the same number", async () => {
  const program = buildNested({ compiler: "gcc", options: [] });
  const rows = await rowsOf(["sh", "-c", `read line < ${FILE}; exec ${program} ${FILE}`]);
  const reads = rows.filter(({ syscall }) => syscall === "read").map(({ stack }) => stack!);
  assert.match(reads.at(-1)!, /;main;outer;middle;\w*read$/);
  assert.ok(reads.length > 1);
  for (const stack of reads.slice(0, -1)) assert.doesNotMatch(stack, /middle/);
});

Deno.test("--by stack counts who asks, and many files are not many stacks", async () => {
  const directory = scratchDirectory("asked");
  const files = Array.from({ length: 40 }, (_, i) => `${directory}/${"x".repeat(i % 9)}${i}`);
  for (const file of files) Deno.writeTextFileSync(file, "1");
  const program = buildNested({ compiler: "gcc", options: [] });
  const calls = await callsByStack(["-P", `^${directory}/`], [program, ...files]);
  const ofCall = (name: RegExp) => [...calls].filter(([stack]) => name.test(stack ?? ""));
  assert.deepEqual(ofCall(/;main;outer;middle;\w*read$/).map(([, calls]) => calls), [40]);
  assert.deepEqual(ofCall(/;middle;\w*open\w*$/).map(([, calls]) => calls), [40]);
  assert.equal(calls.size, 2, Deno.inspect(calls));
});

Deno.test("A recording keeps the stacks: its report, its rows and its flamegraph show what the trace did", async () => {
  const recording = `${scratchDirectory("recording")}/run.parquet`;
  const program = buildNested({ compiler: "gcc", options: [] });
  const made = await runIor(["record", "-q", "--stacks", recording, "--", program, FILE]);
  assert.equal(made.code, 0, made.stderr);
  const outputs = await Promise.all([
    ["report", "--by", "stack", "--json", recording],
    ["stream", "--json", "--where", 'stack ~ "*;middle;*read"', recording],
    ["flame", "--fields", "comm,stack,syscall", "--format", "folded", recording],
  ].map((args) => runIor(args)));
  const [report, rows, flame] = outputs.map(({ stdout, stderr }) => stdout === "" ? stderr : stdout);
  const stacks: string[] = JSON.parse(report).groups[0].rows.map(({ stack }: StackRow) => stack);
  assert.equal(stacks.filter((stack) => /;main;outer;middle;\w*read$/.test(stack)).length, 1, report);
  const records = rows.trim().split("\n").map((line) => JSON.parse(line)).filter(({ type }) =>
    type === "row"
  );
  assert.deepEqual(records.map(({ path }) => path), [FILE]);
  assert.match(records[0].stack, /;main;outer;middle;\w*read$/);
  assert.match(flame, /^nested;.*;main;outer;middle;\w*read;read \d+$/m);
});

Deno.test("Frames of a flamegraph are between the program and the call, unless --fields says otherwise", async () => {
  const program = buildNested({ compiler: "gcc", options: [] });
  const flame = async (...options: string[]) => {
    const { code, stdout, stderr } = await runIor([
      "flame",
      "-q",
      ...options,
      "--format",
      "folded",
      "--",
      program,
      FILE,
    ]);
    assert.equal(code, 0, stderr);
    return stdout;
  };
  assert.match(await flame("--stacks"), /^nested;.*;main;outer;middle;\w*read;read;\/etc;passwd \d+$/m);
  assert.match(await flame("--fields", "stack"), /;main;outer;middle;\w*read \d+$/m);
  assert.doesNotMatch(await flame(), /middle/);
});

Deno.test("Without --stacks no row has one, and a condition on it asks for them", async () => {
  const command = [buildNested({ compiler: "gcc", options: [] }), FILE];
  const plain = await rowsOf(command, []);
  assert.ok(plain.length > 0);
  for (const row of plain) assert.ok(!("stack" in row));
  const rows = await rowsOf(command, ["--where", 'stack ~ "*middle*read"']);
  assert.deepEqual(rows.map(({ syscall }) => syscall), ["read"]);
});

Deno.test("Without libdw a trace says so once and shows files with addresses; --quiet says nothing", async () => {
  const program = buildNested({ compiler: "gcc", options: [] });
  for (const options of [[], ["-q"]]) {
    const args = ["stream", "--json", "--stacks", ...options, "-P", `^${FILE}$`, "--", program, FILE];
    const { code, stdout, stderr } = await runIor(args, { wrapper: without("libdw.so.1") });
    assert.equal(code, 0, stderr);
    assert.match(stdout, /"stack":"[^"]*nested\+0x[0-9a-f]+;libc\.so\.6\+0x[0-9a-f]+"/);
    const said = stderr.split("\n").filter((line) => line.includes("libdw1"));
    assert.equal(said.length, options.length === 0 ? 1 : 0, stderr);
  }
});

Deno.test("Functions that node has compiled have the names of its perf map", async () => {
  const directory = scratchDirectory("node");
  const script = `${directory}/ask.js`;
  Deno.writeTextFileSync(
    script,
    `const fs = require("fs");
     function innerAsk() { return fs.readFileSync("${FILE}"); }
     function outerAsk() { return innerAsk(); }
     for (let i = 0; i < 300; i++) outerAsk();`,
  );
  const pids: number[] = [];
  try {
    const rows = await rowsOf(["node", "--perf-basic-prof", script]);
    assert.ok(rows.length > 0);
    const stacks = rows.map(({ stack }) => stack ?? "");
    assert.ok(stacks.some((stack) => /outerAsk[^;]*;.*innerAsk[^;]*;/.test(stack)), stacks.at(-1));
  } finally {
    for (const { name } of Deno.readDirSync("/tmp")) {
      if (/^perf-\d+\.map$/.test(name) && Deno.readTextFileSync(`/tmp/${name}`).includes(script)) {
        pids.push(Number(/\d+/.exec(name)![0]));
        Deno.removeSync(`/tmp/${name}`);
      }
    }
  }
  assert.equal(pids.length, 1);
});
