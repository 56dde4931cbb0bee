/** What ior may do, and what its command may do, however ior got its privileges. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { ROOT } from "../gates/tree.ts";
import { kernelArch } from "../../bpf/machine.ts";
import { type IorOptions, iorWords, outcome, startIor } from "../kernel_lib/ior.ts";
import { grantBy } from "../../cli/commands/doctor/capabilities.ts";
import { asOrdinaryUser } from "../kernel_lib/less.ts";
import { run } from "../kernel_lib/system.ts";
import { scratchDirectory } from "../kernel_lib/scratch.ts";

const HELPER = `ior-launch.${Deno.build.arch === "x86_64" ? "x86_64" : "arm64"}`;

/** CAP_PERFMON and CAP_BPF, as a mask. */
const OF_TRACING = "000000c000000000";
const NONE = "0000000000000000";

/** The blocked signals, and no modules to choose. */
const WITHOUT_BUNDLE = ["0", "-", "/"];

/** The sets of a process in the text of its `/proc/PID/status`. */
function setsIn(status: string): Record<string, string> {
  return Object.fromEntries(
    Array.from(status.matchAll(/^(Cap\w+|NoNewPrivs):\t(\w+)$/gm), ([, name, value]) => [
      name,
      value,
    ]),
  );
}

/** Runs a program by the launch helper, as the launcher runs Deno; its output is its own status. */
function statusUnder(wrapper: readonly string[], ...words: string[]): Record<string, string> {
  const [command, ...args] = [...wrapper, ...words, ...WITHOUT_BUNDLE, "/bin/cat", "/proc/self/status"];
  return setsIn(run(command, ...args));
}

/** A copy of the helper that every user may run and whose file was given capabilities. */
function givenHelper(capabilities: string): string {
  const folder = scratchDirectory("given");
  Deno.chmodSync(folder, 0o755);
  const helper = `${folder}/${HELPER}`;
  Deno.copyFileSync(`${ROOT}/launch/${HELPER}`, helper);
  Deno.chmodSync(helper, 0o755);
  if (capabilities !== "") run("setcap", capabilities, helper);
  return helper;
}

const AS_NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];

/** Runs ior through a helper, in the way of the launcher. */
async function throughHelper(helper: string, args: readonly string[], options: IorOptions) {
  const { wrapper = [], ...rest } = options;
  const [command, ...words] = [...wrapper, helper, "start", ...WITHOUT_BUNDLE, ...iorWords(args, rest)];
  const { env, cwd } = rest;
  return await outcome(
    new Deno.Command(command, { args: words, env, cwd, stdin: "null", stdout: "piped", stderr: "piped" })
      .spawn(),
  );
}

Deno.test("A helper that was given the two capabilities lets an ordinary user trace, and its command has none of them", async () => {
  const helper = givenHelper("");
  const [sudo, ...setcap] = grantBy({ program: "ior", helper }).file.split(" ");
  assert.equal(sudo, "sudo");
  run(setcap[0], ...setcap.slice(1));
  const traced = await throughHelper(
    helper,
    ["trace", "--brief", "-o", "/dev/stderr", "--", "cat", "/proc/self/status"],
    asOrdinaryUser(),
  );
  assert.equal(traced.code, 0, traced.stderr);
  assert.match(traced.stderr, /^loss +none$/m);
  const { CapInh, CapPrm, CapEff, CapAmb, NoNewPrivs } = setsIn(traced.stdout);
  assert.deepEqual([CapInh, CapPrm, CapEff, CapAmb, NoNewPrivs], [NONE, NONE, NONE, NONE, "0"]);
});

Deno.test("The two capabilities do on a kernel without the functions of newer ones", async () => {
  const object = `bpf/ior.${kernelArch()}.bpf.o`;
  const text = Buffer.from(Deno.readFileSync(`${ROOT}/${object}`)).toString("latin1");
  const renamed = text.replaceAll("\0bpf_preempt_disable\0", "\0bpf_unknown_to_all_\0");
  assert.notEqual(renamed, text);
  const file = `${scratchDirectory("older")}/object`;
  Deno.writeFileSync(file, Buffer.from(renamed, "latin1"));
  Deno.chmodSync(file, 0o644);
  const options = asOrdinaryUser("+bpf,+perfmon", { [object]: file });
  const traced = await outcome(startIor(["trace", "--brief", "--", "true"], options));
  assert.equal(traced.code, 0, traced.stderr);
  assert.match(traced.stdout, /^loss +none$/m);
});

Deno.test("A command has the capabilities that its user had before ior, those of tracing too", async () => {
  const traced = await throughHelper(
    givenHelper(""),
    ["trace", "--brief", "-o", "/dev/stderr", "--", "cat", "/proc/self/status"],
    asOrdinaryUser("+bpf,+perfmon,+net_raw"),
  );
  assert.equal(traced.code, 0, traced.stderr);
  const all = "000000c000002000";
  const { CapInh, CapPrm, CapEff, CapAmb } = setsIn(traced.stdout);
  assert.deepEqual([CapInh, CapPrm, CapEff, CapAmb], [all, all, all, all]);
});

Deno.test("A helper passes the capabilities of tracing on, and no others of its file", () => {
  const sets = statusUnder(
    AS_NOBODY,
    givenHelper("cap_bpf,cap_perfmon,cap_sys_admin,cap_net_raw=p"),
    "start",
  );
  const { CapInh, CapPrm, CapEff, CapAmb } = sets;
  assert.deepEqual([CapInh, CapPrm, CapEff, CapAmb], [OF_TRACING, OF_TRACING, OF_TRACING, OF_TRACING]);
  const one = statusUnder(AS_NOBODY, givenHelper("cap_bpf=p"), "start");
  assert.equal(one.CapEff, "0000008000000000");
});

Deno.test("Without privileges of its file a helper changes none", () => {
  const before = setsIn(run("cat", "/proc/self/status"));
  assert.deepEqual(statusUnder([], givenHelper(""), "start"), before);
  const { CapEff, CapAmb } = statusUnder(AS_NOBODY, givenHelper(""), "start");
  assert.deepEqual([CapEff, CapAmb], [NONE, NONE]);
});

Deno.test("A reader of recordings has no privileges, and of root's only those on files", () => {
  const ofUser = statusUnder(AS_NOBODY, givenHelper("cap_bpf,cap_perfmon=p"), "read");
  assert.deepEqual([ofUser.CapPrm, ofUser.CapAmb, ofUser.NoNewPrivs], [NONE, NONE, "1"]);
  const wrapper = ["setpriv", "--inh-caps=+net_raw", "--ambient-caps=+net_raw"];
  const ofRoot = statusUnder(wrapper, givenHelper(""), "read");
  const files = "00000000000000cf";
  const { CapInh, CapPrm, CapEff, CapAmb, NoNewPrivs } = ofRoot;
  assert.deepEqual([CapInh, CapPrm, CapEff, CapAmb, NoNewPrivs], [NONE, files, files, NONE, "1"]);
});
