import assert from "node:assert/strict";
import {
  bootClockOffsetNs,
  checkPrivileges,
  kernelArch,
  KernelTypes,
  machineArch,
  maySudoGive,
  missingCapabilities,
  onlineCpus,
  pidMax,
  pidNamespace,
  preemptsPrograms,
} from "../../bpf/machine.ts";
import { IorError } from "../../runtime/errors.ts";
import { filesOf } from "./special_files.ts";

const bit = (...numbers: number[]) => numbers.reduce((sum, number) => sum | 1n << BigInt(number), 0n);
const status = (capabilities: bigint) =>
  `Name:\tdeno\nUid:\t0\t0\t0\t0\nCapPrm:\t000001ffffffffff\n` +
  `CapEff:\t${capabilities.toString(16).padStart(16, "0")}\nCapBnd:\t000001ffffffffff\n`;

Deno.test("the missing capabilities are named", () => {
  const [admin, perfmon, bpf] = [21, 38, 39];
  const cases: [bigint, string[]][] = [
    [0n, ["CAP_BPF", "CAP_PERFMON"]],
    [bit(bpf), ["CAP_PERFMON"]],
    [bit(perfmon), ["CAP_BPF"]],
    [bit(bpf, perfmon), []],
    [bit(admin), []],
    [0x1ffffffffffn, []],
    [0x1ffffffffffn & ~bit(admin, perfmon), ["CAP_PERFMON"]],
    [bit(20, 22, 37, 40), ["CAP_BPF", "CAP_PERFMON"]],
  ];
  for (const [capabilities, missing] of cases) {
    assert.deepEqual(missingCapabilities(status(capabilities)), missing, capabilities.toString(16));
  }
});

Deno.test("every architecture has its programs and its launch helper under the name that the kernel gives it", () => {
  for (const arch of ["x86_64", "aarch64"] as const) {
    for (const file of [`bpf/ior.${kernelArch(arch)}.bpf.o`, `launch/ior-launch.${kernelArch(arch)}`]) {
      assert.ok(Deno.statSync(new URL(`../../${file}`, import.meta.url)).isFile, file);
    }
  }
});

Deno.test("a status that says nothing counts as without capabilities", () => {
  assert.deepEqual(missingCapabilities(""), ["CAP_BPF", "CAP_PERFMON"]);
});

Deno.test("missing privileges are an error that names them and the way out", () => {
  const check = (capabilities: bigint) =>
    checkPrivileges(filesOf({ "/proc/self/status": status(capabilities) }));
  assert.doesNotThrow(() => check(bit(21)));
  assert.throws(() => check(0n), (error) => {
    assert.ok(error instanceof IorError);
    assert.equal(error.code, "privilege");
    assert.equal(error.message, "Cannot trace: this process lacks CAP_BPF and CAP_PERFMON");
    assert.equal(error.hint, "Run ior with sudo");
    return true;
  });
  assert.throws(() => check(bit(39)), /lacks CAP_PERFMON$/);
  assert.throws(() => checkPrivileges(filesOf({})), /lacks CAP_BPF and CAP_PERFMON$/);
});

Deno.test("sudo is advised only where it may give the capabilities", () => {
  const inBounds = (...numbers: number[]) => `CapBnd:\t${bit(...numbers).toString(16).padStart(16, "0")}\n`;
  assert.equal(maySudoGive(""), true);
  assert.equal(maySudoGive(inBounds(38, 39) + "NoNewPrivs:\t0\n"), true);
  assert.equal(maySudoGive(inBounds(21)), true);
  assert.equal(maySudoGive(inBounds(38, 39) + "NoNewPrivs:\t1\n"), false);
  assert.equal(maySudoGive(inBounds(0, 38)), false);
  assert.throws(
    () => checkPrivileges(filesOf({ "/proc/self/status": `CapEff:\t0\n${inBounds(0)}` })),
    (error) => error instanceof IorError && /docker run --cap-add=BPF/.test(error.hint ?? ""),
  );
});

Deno.test("a function of the kernel is known by its whole name", () => {
  const files = filesOf({ "/sys/kernel/btf/vmlinux": "\0bpf_loop\0bpf_rdonly_cast_more\0" });
  const types = new KernelTypes(files);
  assert.equal(types.has("bpf_loop"), true);
  assert.equal(types.has("bpf_rdonly_cast"), false);
  assert.equal(types.has("loop"), false);
});

Deno.test("a kernel without type information is an error with a way out", () => {
  const cases = [
    [{ "/sys/kernel/fscaps": "1\n" }, /\/sys\/kernel\/btf\/vmlinux is missing$/, /CONFIG_DEBUG_INFO_BTF=y/],
    [{}, /: \/sys is not mounted, where \/sys\/kernel\/btf\/vmlinux is$/, /mount -t sysfs sysfs \/sys$/],
  ] as const;
  for (const [files, message, hint] of cases) {
    assert.throws(() => new KernelTypes(filesOf(files)), (error) => {
      assert.ok(error instanceof IorError);
      assert.equal(error.code, "unsupported");
      assert.match(error.message, message);
      assert.match(error.hint ?? "", hint);
      return true;
    });
  }
});

Deno.test("the initial pid namespace is 0, another one its inode", () => {
  const namespace = (link: string) => pidNamespace(filesOf({ "/proc/self/ns/pid": link }));
  assert.equal(namespace("pid:[4026531836]"), 0);
  assert.equal(namespace("pid:[4026532999]"), 4026532999);
  assert.equal(pidNamespace(filesOf({})), 0);
});

Deno.test("the largest thread number is the kernel's, or the most any kernel allows", () => {
  assert.equal(pidMax(filesOf({ "/proc/sys/kernel/pid_max": "32768\n" })), 32768);
  assert.equal(pidMax(filesOf({})), 4194304);
  assert.equal(pidMax(filesOf({ "/proc/sys/kernel/pid_max": "nonsense" })), 4194304);
});

Deno.test("a time namespace shifts the boot clock by seconds and nanoseconds", () => {
  const offset = (text: string) => bootClockOffsetNs(filesOf({ "/proc/self/timens_offsets": text }));
  assert.equal(offset("monotonic           0         0\nboottime            0         0\n"), 0n);
  assert.equal(offset("monotonic  5 6\nboottime    86400  500\n"), 86_400_000_000_500n);
  // The kernel keeps the nanoseconds positive.
  assert.equal(offset("monotonic 0 0\nboottime     -2 900000000\n"), -1_100_000_000n);
  assert.equal(bootClockOffsetNs(filesOf({})), 0n);
});

Deno.test("the architecture is one ior knows numbers for", () => {
  assert.ok(["x86_64", "aarch64"].includes(machineArch()));
});

Deno.test("CPUs at work are counted in the kernel's ranges of them", () => {
  const online = (text: string) => onlineCpus(filesOf({ "/sys/devices/system/cpu/online": text }));
  assert.deepEqual(["0\n", "0-1\n", "0-63,128-191\n", "0,2,4-7\n"].map(online), [1, 2, 128, 6]);
  assert.equal(onlineCpus(filesOf({})), 1);
});

Deno.test("From 7.0 on programs prevent that they are preempted, where the kernel lets them", () => {
  const kernel = (names: string[]) => ({ has: (name: string) => names.includes(name) });
  const cases: [release: string, names: string[], preempts: boolean][] = [
    ["7.0.0", ["bpf_preempt_disable"], true],
    ["7.2.13+deb14-cloud-amd64", ["bpf_preempt_disable"], true],
    ["10.1.0", ["bpf_preempt_disable"], true],
    ["6.18.44", ["bpf_preempt_disable"], false],
    ["7.0.0", [], false],
  ];
  for (const [release, names, preempts] of cases) {
    assert.equal(preemptsPrograms(release, kernel(names)), preempts, release);
  }
});
