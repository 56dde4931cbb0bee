import assert from "node:assert/strict";
import { Files } from "../../../bpf/ffi/files.ts";
import { Libc } from "../../../bpf/ffi/libc.ts";
import { Libdw } from "../../../bpf/ffi/libdw.ts";
import { readElf } from "../../../bpf/symbols/elf_file.ts";
import type { RawFrame, RawStack } from "../../../bpf/symbols/raw_stack.ts";
import { StackNames } from "../../../bpf/symbols/stack_names.ts";
import { buildNested } from "../../kernel_lib/nested.ts";

/** A process of nested.c that has printed the addresses of its stack. */
class Walked implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly pid: number;
  readonly addresses: number[];

  private constructor(child: Deno.ChildProcess, words: string[]) {
    this.#child = child;
    this.pid = Number(words[0]);
    this.addresses = words.slice(1).map(Number);
  }

  static async start(program: string): Promise<Walked> {
    const child = new Deno.Command(program, { args: ["walk"], stdin: "piped", stdout: "piped" }).spawn();
    const reader = child.stdout.getReader();
    const { value } = await reader.read();
    await reader.cancel();
    return new Walked(child, new TextDecoder().decode(value).trim().split(" "));
  }

  /** The stack as the kernel side sends it where it knows no build ids. */
  stack(
    frames = this.addresses.map((address): RawFrame => ({ address, buildId: null, offset: 0 })),
  ): RawStack {
    return {
      pid: this.pid,
      program: `${this.pid},1,1`,
      codeStart: 0,
      frames,
      top: [],
      isCut: false,
      isBroken: false,
    };
  }

  async end(): Promise<void> {
    await this.#child.stdin.close();
    await this.#child.status;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end().catch(() => {});
  }
}

/** The stack of the program as its mappings tell: with build ids. */
function withBuildIds({ pid, addresses }: Walked, program: string): RawFrame[] {
  const { buildId } = readElf(Deno.readFileSync(program).subarray(0, 4096))!;
  const maps = Libc.open().readSpecialText(`/proc/${pid}/maps`)!;
  const code = maps.split("\n").find((line) => line.includes(" r-xp ") && line.endsWith(program))!;
  const start = parseInt(code, 16);
  const offset = parseInt(code.split(" ")[2], 16);
  return addresses.map((address) => ({
    address: Number(BigInt.asUintN(32, BigInt(address))),
    buildId,
    offset: address - start + offset,
  }));
}

function names(libdw: Libdw | null, seenPaths: () => Iterable<string> = () => []): StackNames {
  return new StackNames(Libc.open(), Files.open(), libdw, seenPaths);
}

const SYMBOLS_ONLY = { compiler: "gcc", options: [] } as const;
const DEBUGGED = { compiler: "gcc", options: ["-g"] } as const;

Deno.test("Frames have the names of the symbol table, and those inlined where there is debugging information", async () => {
  using libdw = new Libdw();
  for (
    const [build, expected] of [
      [SYMBOLS_ONLY, "main;outer;middle"],
      [DEBUGGED, "main;outer;middle;inner"],
      [{ compiler: "clang", options: ["-g"] } as const, "main;outer;middle;inner"],
      [{ compiler: "gcc", options: ["-g", "-no-pie", "-static"] } as const, "main;outer;middle;inner"],
    ] as const
  ) {
    // A build id does not tell whether there is debugging information.
    using stacks = names(libdw);
    await using process = await Walked.start(buildNested(build));
    assert.equal(
      stacks.name(process.stack(), null),
      expected,
      `${build.compiler} ${build.options.join(" ")}`,
    );
  }
});

Deno.test("Without libdw frames have the file's name and the address that nm prints", async () => {
  using stacks = names(null);
  await using process = await Walked.start(buildNested(SYMBOLS_ONLY));
  assert.match(
    stacks.name(process.stack(), null),
    /^nested\+0x[0-9a-f]+;nested\+0x[0-9a-f]+;nested\+0x[0-9a-f]+$/,
  );
});

Deno.test("A process that was seen once keeps its names when it has ended", async () => {
  using libdw = new Libdw();
  using stacks = names(libdw);
  await using process = await Walked.start(buildNested(SYMBOLS_ONLY));
  const { addresses } = process;
  // The first stack has one frame: the others are named when the process is gone.
  assert.equal(
    stacks.name(process.stack([{ address: addresses[2], buildId: null, offset: 0 }]), null),
    "main",
  );
  await process.end();
  assert.equal(stacks.name(process.stack(), null), "main;outer;middle");
});

Deno.test("A process that ended before has names by the build ids of its program, or of a library that rows name", async () => {
  using libdw = new Libdw();
  const program = buildNested(DEBUGGED);
  const library = buildNested({ ...SYMBOLS_ONLY, name: "libnested.so.1" });
  for (
    const [file, exe, seen, expected] of [
      [program, program, [], "main;outer;middle;inner"],
      [library, null, ["/etc/passwd", library], "main;outer;middle"],
      [program, "/gone", [], /^([0-9a-f]{40}\+0x[0-9a-f]+;?){3}$/],
    ] as const
  ) {
    using stacks = names(libdw, () => seen);
    await using process = await Walked.start(file);
    const frames = withBuildIds(process, file);
    await process.end();
    const name = stacks.name({ ...process.stack(frames), program: "ended" }, exe);
    if (typeof expected === "string") assert.equal(name, expected);
    else assert.match(name, expected);
  }
});

Deno.test("A program that was replaced by another of the same name is not taken for it", async () => {
  using libdw = new Libdw();
  using stacks = names(libdw);
  const program = buildNested(SYMBOLS_ONLY);
  await using first = await Walked.start(program);
  const frames = withBuildIds(first, program);
  assert.equal(stacks.name(first.stack(frames), program), "main;outer;middle");
  const other = buildNested({
    compiler: "gcc",
    options: ["-Douter=other", '-DSTAY=__asm__ volatile("nop")'],
  });
  Deno.renameSync(other, program);
  await using second = await Walked.start(program);
  assert.equal(stacks.name(second.stack(withBuildIds(second, program)), program), "main;other;middle");
  assert.equal(stacks.name(first.stack(frames), program), "main;outer;middle");
});

Deno.test("Code without a file has the name of a perf map, and what is nowhere has none", () => {
  using stacks = names(null);
  const pid = Deno.pid;
  const map = `/tmp/perf-${pid}.map`;
  const stack: RawStack = {
    pid,
    program: "jit",
    codeStart: 0,
    frames: [0x1010, 0x2000, 0x2001, 0x9000].map((address) => ({ address, buildId: null, offset: 0 })),
    top: [],
    isCut: true,
    isBroken: false,
  };
  Deno.writeTextFileSync(map, "1000 20 first; one\n2000 10 second\nnonsense\n");
  try {
    // A call at the end of the function before returns to 0x2000, which is not in the second one. What follows is garbage.
    assert.equal(stacks.name(stack, null), "[unknown];first: one");
    const known = { ...stack, frames: stack.frames.filter((_, i) => i % 2 === 0) };
    assert.equal(stacks.name(known, null), "[truncated];second;first: one");
  } finally {
    Deno.removeSync(map);
  }
});

Deno.test({
  name: "A perf map of another user, a link to one and one without end give no names and take no memory" +
    (Deno.uid() === 0 ? "" : " (skipped: only root makes files of others)"),
  ignore: Deno.uid() !== 0,
  fn() {
    const map = `/tmp/perf-${Deno.pid}.map`;
    const stack: RawStack = {
      ...{ pid: Deno.pid, program: "jit", codeStart: 0, top: [], isCut: false, isBroken: false },
      frames: [{ address: 0x1010, buildId: null, offset: 0 }],
    };
    const named = () => {
      using stacks = names(null);
      return stacks.name(stack, null);
    };
    const other = Deno.makeTempFileSync();
    try {
      Deno.writeTextFileSync(map, "1000 20 planted\n");
      assert.equal(named(), "planted");
      Deno.chownSync(map, 65534, 65534);
      assert.equal(named(), "[unknown]");
      Deno.removeSync(map);
      Deno.writeTextFileSync(other, "1000 20 linked\n");
      Deno.symlinkSync(other, map);
      assert.equal(named(), "[unknown]");
      Deno.removeSync(map);
      Deno.writeTextFileSync(map, "");
      Deno.truncateSync(map, 2 ** 40);
      const before = Deno.memoryUsage().rss;
      assert.equal(named(), "[unknown]");
      assert.ok(Deno.memoryUsage().rss - before < 400e6);
    } finally {
      Deno.removeSync(map);
      Deno.removeSync(other);
    }
  },
});
