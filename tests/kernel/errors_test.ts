import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { LIBBPF_SYMBOLS } from "../../bpf/ffi/libbpf_symbols.ts";
import { kernelArch } from "../../bpf/machine.ts";
import { renderError } from "../../cli/error_text.ts";
import { prepare } from "../../engine/mod.ts";
import { IorError } from "../../runtime/errors.ts";
import { emptyFilter } from "../../runtime/filter/mod.ts";
import { compile } from "../kernel_lib/compile.ts";
import { type IorOptions, runIor } from "../kernel_lib/ior.ts";
import { nothingLeftBehind } from "../kernel_lib/leftovers.ts";
import { asOrdinaryUser, mounted, overLibraries } from "../kernel_lib/less.ts";
import { limitMemory } from "../kernel_lib/memory_limit.ts";
import { scratchDirectory } from "../kernel_lib/scratch.ts";

/** The kernel gives out only numbers below this one, which is as large as its limit can be. */
const NO_PROCESS = 4194304;

const RUN = ["trace", "--", "true"];
const LIMIT_BYTES = 400 * 1024 * 1024;

/** Runs ior, which must fail with this status and exactly this text and leave nothing in the kernel. */
async function fails(
  args: string[],
  code: number,
  text: string | RegExp,
  wrapper: string[] = [],
  options: IorOptions = {},
): Promise<void> {
  const ran = await runIor(args, { wrapper, ...options });
  assert.deepEqual({ code: ran.code, stdout: ran.stdout }, { code, stdout: "" }, ran.stderr);
  // A test of its own holds that no blank line follows.
  const found = ran.stderr.trimEnd() + "\n";
  if (typeof text === "string") assert.equal(found, text);
  else assert.match(found, text);
  assert.ok(found.split("\n").length <= 3, `more than two lines:\n${found}`);
  await nothingLeftBehind();
}

Deno.test("An error is one or two lines, without an empty one", async () => {
  for (const args of [["trace", "-p", String(NO_PROCESS)], ["trase"], ["trace", "--", "no-such-command"]]) {
    const { stderr } = await runIor(args);
    assert.match(stderr, /^ior: .+\n(?: {2}.+\n)?$/);
  }
});

Deno.test("Without root the missing capabilities are named", async () => {
  const { wrapper, ...options } = asOrdinaryUser();
  const text = "ior: Cannot trace: this process lacks CAP_BPF and CAP_PERFMON\n  Run ior with sudo\n";
  await fails(RUN, 125, text, wrapper, options);
  await fails(["stream", "-d", "1s"], 1, text, wrapper, options);
});

Deno.test("A single missing capability of root is named", async () => {
  for (const [without, name] of [["-bpf", "CAP_BPF"], ["-perfmon", "CAP_PERFMON"]]) {
    const text = `ior: Cannot trace: this process lacks ${name}\n` +
      "  Give them to the container or service, where sudo cannot: docker run --cap-add=BPF --cap-add=PERFMON\n";
    await fails(RUN, 125, text, ["setpriv", `--bounding-set=${without},-sys_admin`]);
  }
});

for (const capabilities of ["-all,+bpf,+perfmon", "-bpf,-perfmon"]) {
  Deno.test(`Capabilities ${capabilities} are enough`, async () => {
    const wrapper = ["setpriv", `--bounding-set=${capabilities}`];
    const { code, stdout, stderr } = await runIor(["trace", "--json", "--family", "all", "--", "true"], {
      wrapper,
    });
    assert.equal(code, 0, stderr);
    assert.ok(JSON.parse(stdout).calls > 10);
  });
}

Deno.test("The privileges of a user namespace are not those that the kernel wants", async () => {
  const text =
    /^ior: Cannot trace: this process is in a user namespace of its own, .*\n {2}Run ior outside, .*\n$/;
  await fails(RUN, 125, text, ["unshare", "--user", "--map-root-user"]);
});

Deno.test("A kernel without type information is said to be one", async () => {
  const text =
    /^ior: Cannot trace: .*\/sys\/kernel\/btf\/vmlinux is missing\n {2}Use a kernel .*CONFIG_DEBUG_INFO_BTF=y.*\n$/;
  const wrapper = mounted("mount -t tmpfs none /sys/kernel/btf");
  await fails(RUN, 125, text, wrapper);
  await fails(["trace", "-d", "1s"], 1, text, wrapper);
});

Deno.test("A system without libbpf is told which package to install", async () => {
  const text = /^ior: Cannot open libbpf: .*libbpf\.so\.1.*\n {2}Install it: apt-get install libbpf1\n$/;
  await fails(RUN, 125, text, overLibraries("/dev/null"));
});

/** A library with these functions and nothing in them. */
function stubLibrary(functions: string[], version: string): string {
  const directory = scratchDirectory("stub");
  const source = functions.filter((name) => name !== "libbpf_version_string").map((name) =>
    `int ${name}(void){return 0;}`
  );
  source.push(`const char *libbpf_version_string(void) { return "${version}"; }`);
  Deno.writeTextFileSync(`${directory}/stub.c`, source.join("\n") + "\n");
  const args = ["-shared", "-fPIC", "-o", `${directory}/stub.so`, `${directory}/stub.c`];
  const { success, stderr } = new Deno.Command("gcc", { args }).outputSync();
  assert.ok(success, new TextDecoder().decode(stderr));
  return `${directory}/stub.so`;
}

Deno.test("A libbpf that is too old is named with the version wanted", async () => {
  const hint = "\n  Install the libbpf1 package of a newer release\n";
  const all = Object.keys(LIBBPF_SYMBOLS);
  await fails(
    RUN,
    125,
    `ior: Cannot use libbpf 1.0: ior needs 1.1 or a newer 1.x${hint}`,
    overLibraries(stubLibrary(all, "v1.0")),
  );
  await fails(
    RUN,
    125,
    `ior: libbpf is too old: ior needs 1.1 or newer${hint}`,
    overLibraries(stubLibrary([], "v0.5")),
  );
});

Deno.test("A libbpf of another architecture, or of 32 bits, is none", async () => {
  const library = Deno.readFileSync(stubLibrary(Object.keys(LIBBPF_SYMBOLS), "v1.5"));
  const [x86, arm] = [62, 183]; // EM_X86_64 and EM_AARCH64: e_machine of the header, at 18
  const changes = [
    { at: 18, to: library[18] === x86 ? arm : x86 },
    { at: 4, to: 1 }, // ELFCLASS32
  ];
  const text = /^ior: Cannot open libbpf: .*libbpf\.so\.1.*\n {2}Install it: apt-get install libbpf1\n$/;
  for (const { at, to } of changes) {
    const stub = `${scratchDirectory("stub")}/stub.so`;
    Deno.writeFileSync(stub, library.with(at, to));
    await fails(RUN, 125, text, overLibraries(stub));
  }
});

Deno.test("A sandbox that forbids bpf(2) is named, and not the programs blamed", async () => {
  const program = await compile(fileURLToPath(new URL("../kernel_lib/without_bpf.c", import.meta.url)));
  const text =
    "ior: Cannot trace: this system does not permit bpf(2), although the capabilities are there\n" +
    "  Look for what forbids it: a container's seccomp profile, a security module, or lockdown\n";
  await fails(RUN, 125, text, [program]);
});

/** ior's object for this machine, from sources in which the enter program reads what it must not. */
function refusedObject(): Uint8Array<ArrayBuffer> {
  const directory = scratchDirectory("refused");
  const bpf = fileURLToPath(new URL("../../bpf", import.meta.url));
  Deno.copyFileSync(`${bpf}/build`, `${directory}/build`);
  Deno.mkdirSync(`${directory}/c`);
  for (const { name } of Deno.readDirSync(`${bpf}/c`)) {
    Deno.copyFileSync(`${bpf}/c/${name}`, `${directory}/c/${name}`);
  }
  const source = `${directory}/c/ior.bpf.c`;
  const text = Deno.readTextFileSync(source);
  const bad = text.replace(
    /(int BPF_PROG\(ior_enter[^{]*\{)/,
    "$1\n\tif (nr == 1)\n\t\treturn *(volatile int *)nr;\n",
  );
  assert.notEqual(bad, text, "the enter program was not found in the sources");
  Deno.writeTextFileSync(source, bad);
  const { success, stderr } = new Deno.Command(`${directory}/build`, { args: [directory] }).outputSync();
  assert.ok(success, new TextDecoder().decode(stderr));
  return Deno.readFileSync(`${directory}/ior.${kernelArch()}.bpf.o`);
}

Deno.test("A program that the kernel refuses is explained by the last lines of the verifier's log, or all of it", async () => {
  const selection = { ...emptyFilter(), syscalls: ["read", "write"] };
  let error: unknown;
  await assert.rejects(
    prepare({ selection, ringBytes: 64 * 1024, command: null, object: refusedObject() }),
    (thrown) => {
      error = thrown;
      return true;
    },
  );
  assert.ok(error instanceof IorError);
  assert.equal(error.code, "unsupported");
  assert.match(error.message, /^The kernel refuses the programs: /);
  const short = renderError(error, { color: false, verbose: false }).trimEnd().split("\n");
  assert.match(short[1], /-v/);
  assert.match(short.join("\n"), /invalid mem access 'scalar'/);
  assert.ok(short.length <= 10, short.join("\n"));
  const long = renderError(error, { color: false, verbose: true });
  assert.match(long, /invalid mem access 'scalar'/);
  assert.match(long, /prog 'ior_enter': BPF program load failed/);
  assert.ok(long.split("\n").length > short.length + 5, long);
  await nothingLeftBehind();
});

const SELECTED = [
  ["process", "-p", "List processes with: ps -e"],
  ["thread", "-t", "List threads with: ps -eL"],
];

for (const [kind, option, hint] of SELECTED) {
  Deno.test(`A ${kind} that does not exist is said to be none`, async () => {
    const text = (id: number) => `ior: Cannot trace ${kind} ${id}: there is no such ${kind}\n  ${hint}\n`;
    await fails(["trace", option, String(NO_PROCESS)], 1, text(NO_PROCESS));
    const ended = new Deno.Command("true").spawn();
    await ended.status;
    await fails(["stream", option, `${Deno.pid},${ended.pid}`], 1, text(ended.pid));
  });
}

Deno.test("A wrong command line ends ior with 2 and a suggestion, before anything is traced", async () => {
  const cases: [args: string[], text: RegExp][] = [
    [["trace", "--slowr", "1ms"], /^ior: .*--slowr.*\n {2}.*--slower/],
    [["trace", "--family", "Netwrk"], /^ior: .*Netwrk.*\n {2}.*Network/],
    [["trace", "-e", "opnat"], /^ior: .*opnat.*\n {2}.*openat/],
    [["trace", "-p", "x"], /^ior: .*--pid.*x/],
    [["trace", "--slower", "1 year"], /^ior: .*1 year/],
    [["trase"], /^ior: .*trase.*\n {2}.*trace/],
    [["stream", "--format", "xml"], /^ior: .*xml.*\n {2}.*ndjson/],
    [["trace", "-u", "no-such-user"], /^ior: .*no-such-user/],
    [["trace", "--ring-size", "3k", "--", "true"], /^ior: .*3k.*power of two.*\n {2}.*--ring-size/],
    [["trace", "--ring-size", "100M", "--", "true"], /^ior: .*100M.*power of two.*\n {2}.*--ring-size/],
    [["trace", "--ring-size", "1T", "--", "true"], /^ior: .*1T/],
    [
      ["trace", "-o", "/nonexistent/file", "--", "true"],
      /^ior: Cannot write \/nonexistent\/file: no such file or directory\n/,
    ],
    [["trace", "-o", "/tmp", "--", "true"], /^ior: Cannot write \/tmp: /],
  ];
  for (const [args, text] of cases) await fails(args, 2, text);
});

const limit = limitMemory(LIMIT_BYTES);
const canLimit = limit !== null;
limit?.[Symbol.dispose]();

Deno.test({
  name: "A ring that the kernel has no room for is refused with the way out" +
    (canLimit ? "" : " (skipped: memory cannot be limited here)"),
  ignore: !canLimit,
  async fn() {
    using group = limitMemory(LIMIT_BYTES)!;
    const text =
      /^ior: Cannot make a ring of 1073741824 bytes: the kernel has no room for it\n {2}Choose a smaller --ring-size\n$/;
    await fails(["trace", "--ring-size", "1G", "--", "true"], 125, text, group.wrapper);
  },
});
