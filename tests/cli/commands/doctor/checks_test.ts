import assert from "node:assert/strict";
import { ROUNDS } from "../../../../bpf/kernel_memory.ts";
import { CELLS } from "../../../../bpf/wire.ts";
import { grantBy } from "../../../../cli/commands/doctor/capabilities.ts";
import { checksJson, checksText } from "../../../../cli/commands/doctor/check_list.ts";
import { canTrace, checksOf, type TrialResult } from "../../../../cli/commands/doctor/checks.ts";
import { schemaText } from "../../../../cli/schema/mod.ts";
import type { MachineFacts } from "../../../../engine/mod.ts";
import { assertGolden } from "../../../golden.ts";
import { compileSchema } from "../../../json_schema.ts";
import { parse } from "../machine.ts";

/** A machine that has all, and traced one call. */
const WHOLE: MachineFacts = {
  kernel: "6.18.0",
  arch: "x86_64",
  features: {
    ring_buffer: true,
    task_storage: true,
    tracepoints: true,
    loops: true,
    task_iterator: true,
    cast: true,
    io_uring: true,
    waits: true,
    cache: true,
    mapped_io: true,
    page_faults: true,
    stacks: true,
    memory_by_group: true,
  },
  waitsForPrograms: true,
  libbpf: "1.5",
  libdw: "0.188",
  missingCapabilities: [],
  maySudoGive: true,
  countsCost: true,
  mayRunFirst: true,
  lockdown: "none",
  lockedMemoryBytes: 8 * 1024 * 1024,
  isFiltered: false,
  isInPidNamespace: false,
  isInUserNamespace: false,
  cgroups: "/sys/fs/cgroup",
};
const GRANT = grantBy({ program: "/opt/ior/ior", helper: "/opt/ior/launch/ior-launch.x86_64" });
const FOUND: TrialResult = { syscall: "openat", path: "/" };
const PRIVILEGE: TrialResult = {
  code: "privilege",
  message: "Cannot trace: this process lacks CAP_BPF and CAP_PERFMON",
  hint: "Run ior with sudo",
};

/** Machines, and how a trace went there. */
const MACHINES: Readonly<Record<string, [facts: MachineFacts, trial: TrialResult]>> = {
  "has all": [WHOLE, FOUND],
  "an old kernel": [{
    ...WHOLE,
    features: { ...WHOLE.features as Record<"cast", boolean>, cast: false, io_uring: false } as never,
    waitsForPrograms: false,
    cgroups: null,
  }, FOUND],
  "a kernel that is too old": [{
    ...WHOLE,
    features: {
      ring_buffer: false,
      task_storage: false,
      tracepoints: false,
      loops: false,
      task_iterator: false,
      cast: false,
      io_uring: false,
      waits: false,
      cache: false,
      mapped_io: false,
      page_faults: false,
      stacks: false,
      memory_by_group: false,
    },
  }, { code: "unsupported", message: "The kernel refuses the programs: EINVAL" }],
  "an ordinary user": [{
    ...WHOLE,
    missingCapabilities: ["CAP_BPF", "CAP_PERFMON"],
    countsCost: false,
    mayRunFirst: false,
    lockdown: null,
  }, PRIVILEGE],
  "root of a container": [{
    ...WHOLE,
    missingCapabilities: ["CAP_BPF", "CAP_PERFMON"],
    maySudoGive: false,
    countsCost: false,
  }, { ...PRIVILEGE, hint: "Give them to the container" }],
  "without type information and libbpf": [{
    ...WHOLE,
    features: {
      code: "unsupported",
      message: "Cannot trace: the kernel has no type information",
      hint: "Use another",
    },
    libbpf: { code: "unsupported", message: "Cannot open libbpf", hint: "Install it" },
    countsCost: null,
    mayRunFirst: false,
    lockedMemoryBytes: null,
  }, { code: "unsupported", message: "Cannot open libbpf", hint: "Install it" }],
  "a container": [{
    ...WHOLE,
    lockdown: "confidentiality",
    isFiltered: true,
    isInPidNamespace: true,
    isInUserNamespace: true,
  }, { code: "unsupported", message: "The kernel refuses the programs: EPERM" }],
  "a trace without rows": [{ ...WHOLE, lockedMemoryBytes: Infinity }, null],
};

Deno.test("The list says what is there, what its lack costs, and how to mend it", () => {
  const texts = Object.entries(MACHINES).map(([name, [facts, trial]]) =>
    `== ${name}\n${checksText(checksOf(facts, trial, "2.9.6"), GRANT, false)}`
  );
  assertGolden("doctor/list.txt", texts.join("\n"));
});

Deno.test("The document is valid by its schema, and no member of a check may be missing", async () => {
  const check = compileSchema(JSON.parse(await schemaText("doctor")));
  for (const [name, [facts, trial]] of Object.entries(MACHINES)) {
    const checks = checksOf(facts, trial, "2.9.6");
    const machine = { ior: "1.2.3", kernel: facts.kernel, arch: facts.arch };
    const document = JSON.parse(checksJson(checks, machine, GRANT));
    assert.deepEqual(check(document), [], name);
    assert.equal(document.can_trace, canTrace(checks));
    for (const member of Object.keys(document.checks[0])) {
      const { [member]: _, ...rest } = document.checks[0];
      assert.notDeepEqual(check({ ...document, checks: [rest] }), [], member);
    }
  }
});

Deno.test("What costs something does not keep ior from tracing, what is missing does", () => {
  const can = Object.entries(MACHINES).filter(([, [facts, trial]]) =>
    canTrace(checksOf(facts, trial, "2.9.6"))
  );
  assert.deepEqual(can.map(([name]) => name), ["has all", "an old kernel"]);
});

Deno.test("Every machine has the same checks, in the same order", () => {
  const names = Object.values(MACHINES).map(([facts, trial]) =>
    checksOf(facts, trial, "2.9.6").map(({ name }) => name)
  );
  for (const other of names) assert.deepEqual(other, names[0]);
  assert.equal(new Set(names[0]).size, names[0].length);
});

Deno.test("The command takes no words, and the form of its output", () => {
  assert.deepEqual(parse("doctor"), { kind: "doctor", json: false });
  assert.deepEqual(parse("doctor", "--json"), { kind: "doctor", json: true });
  assert.throws(() => parse("doctor", "now"), /takes only options/);
});

Deno.test("Where the kernel cannot wait, as many combinations are added up as there are cells for", () => {
  const check = checksOf({ ...WHOLE, waitsForPrograms: false }, FOUND, "2.9.6").find(({ name }) =>
    name === "membarrier"
  )!;
  const combinations = Number(/ ([\d,]+) combinations /.exec(check.costs!)![1].replace(",", ""));
  // An eighth of the cells is kept for calls without names.
  assert.ok(Math.abs(combinations / (ROUNDS * CELLS * 7 / 8) - 1) < 0.05, check.costs!);
});
