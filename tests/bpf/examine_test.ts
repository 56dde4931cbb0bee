import assert from "node:assert/strict";
import { factsIn } from "../../bpf/examine.ts";
import { filesOf } from "./special_files.ts";

const STATUS = "Name:\tdeno\nCapEff:\t000000c000000000\nSeccomp:\t0\n";
const LIMITS = "Limit                     Soft Limit           Hard Limit           Units     \n" +
  "Max locked memory         8388608              unlimited            bytes     \n";

const MACHINE = {
  "/proc/self/status": STATUS,
  "/proc/self/limits": LIMITS,
  "/proc/self/mountinfo": "30 20 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n",
  "/proc/self/ns/pid": "pid:[4026531836]",
  "/proc/self/ns/user": "user:[4026531837]",
  "/sys/kernel/btf/vmlinux": "\0bpf_rdonly_cast\0BPF_MAP_TYPE_RINGBUF\0",
  "/sys/kernel/security/lockdown": "none [integrity] confidentiality\n",
};

Deno.test("What the files of a machine tell", () => {
  assert.deepEqual(factsIn(filesOf(MACHINE)), {
    features: {
      ring_buffer: true,
      task_storage: false,
      tracepoints: false,
      loops: false,
      task_iterator: false,
      cast: true,
      io_uring: false,
      waits: false,
      cache: false,
      mapped_io: false,
      page_faults: false,
      stacks: false,
      memory_by_group: false,
    },
    missingCapabilities: [],
    maySudoGive: true,
    mayRunFirst: false,
    lockdown: "integrity",
    lockedMemoryBytes: 8388608,
    isFiltered: false,
    isInPidNamespace: false,
    isInUserNamespace: false,
    cgroups: "/sys/fs/cgroup",
  });
});

Deno.test("Who has CAP_SYS_NICE, or a limit of niceness for it, may run before others", () => {
  const may = (status: string, limit: string) => {
    const limits = `${LIMITS}Max nice priority         ${limit}                    40                   \n`;
    return factsIn(filesOf({ ...MACHINE, "/proc/self/status": status, "/proc/self/limits": limits }))
      .mayRunFirst;
  };
  assert.equal(may(STATUS, "0"), false);
  assert.equal(may(STATUS, "39"), false);
  assert.equal(may(STATUS, "40"), true);
  assert.equal(may(STATUS, "unlimited"), true);
  assert.equal(may(STATUS.replace("000000c000000000", "000000c000800000"), "0"), true);
});

Deno.test("What they do not tell is unknown, never none", () => {
  const facts = factsIn(filesOf({}));
  assert.match((facts.features as { message: string }).message, /\/sys is not mounted/);
  assert.deepEqual([facts.lockdown, facts.lockedMemoryBytes, facts.cgroups], [null, null, null]);
  assert.deepEqual(facts.missingCapabilities, ["CAP_BPF", "CAP_PERFMON"]);
});

Deno.test("A container shows in its namespaces, its filter and its limits", () => {
  const facts = factsIn(filesOf({
    ...MACHINE,
    "/proc/self/status": STATUS.replace("Seccomp:\t0", "Seccomp:\t2"),
    "/proc/self/limits": LIMITS.replace("8388608", "unlimited"),
    "/proc/self/ns/pid": "pid:[4026532201]",
    "/proc/self/ns/user": "user:[4026532199]",
  }));
  assert.deepEqual([facts.isFiltered, facts.isInPidNamespace, facts.isInUserNamespace], [true, true, true]);
  assert.equal(facts.lockedMemoryBytes, Infinity);
});
