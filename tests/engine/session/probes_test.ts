import assert from "node:assert/strict";
import { Probes } from "../../../engine/session/probes.ts";
import { IorError } from "../../../runtime/errors.ts";
import type { CallSet } from "../../../runtime/filter/mod.ts";
import { FAMILIES, syscallByNumber, SYSCALLS } from "../../../runtime/syscalls/mod.ts";

const set = (...syscalls: string[]): CallSet => ({ syscalls, unknownSyscalls: false });

/** Probes of an arm64 machine, and the calls that are on in its kernel. */
function probesOf(selected: CallSet, carried: CallSet | null = null) {
  let on = carried ?? selected;
  const kernel = {
    isCallEnabled: (nr: number) => on.syscalls.includes(syscallByNumber("aarch64", nr)!.name),
    selectCalls: (calls: CallSet) => void (on = calls),
  };
  const probes = new Probes(kernel, "aarch64", selected, carried);
  return { probes, on: () => [...on.syscalls].sort(), unknown: () => on.unknownSyscalls };
}

const failure = (run: () => void) => {
  try {
    run();
  } catch (error) {
    if (error instanceof IorError) return [error.message, error.hint];
    throw error;
  }
  return null;
};

Deno.test("A call has its number, and one that the architecture lacks says so and cannot be turned on", () => {
  const { probes } = probesOf(set("read"));
  const state = (name: string) => probes.states().find(({ syscall }) => syscall === name)!;
  assert.deepEqual([state("read").number, state("read").active, state("read").unavailable], [63, true, null]);
  const { number, active, unavailable } = state("open");
  assert.deepEqual([number, active, unavailable], [null, false, "aarch64 has no such call"]);
  assert.deepEqual(failure(() => probes.toggle("open"))?.[0], `Cannot turn open on or off: ${unavailable}`);
  assert.match(failure(() => probes.toggle("opem"))![0]!, /unknown system call/);
  assert.equal(probes.intended(), null, "what failed changed nothing");
});

Deno.test("Families are in the order of the help, empty ones too, and count what is available", () => {
  const { probes } = probesOf(set("read", "socket"));
  const families = probes.familyStates();
  assert.deepEqual(families.map(({ family }) => family), [...FAMILIES]);
  const sum = (key: "active" | "total") => families.reduce((total, state) => total + state[key], 0);
  assert.deepEqual({ active: sum("active"), total: sum("total") }, probes.activeCount());
  assert.equal(probes.activeCount().total, SYSCALLS.filter(({ arm64 }) => arm64 !== null).length);
  assert.deepEqual(families.find(({ family }) => family === "Memory")!.active, 0);
});

Deno.test("A family goes on when any of it is off, and off when all of it is on", () => {
  const { probes, on } = probesOf(set("read", "socket"));
  const network = () => probes.familyStates().find(({ family }) => family === "Network")!;
  probes.toggleFamily("Network");
  assert.equal(network().active, network().total);
  assert.ok(on().includes("read"));
  probes.toggleFamily("Network");
  assert.equal(network().active, 0);
  assert.deepEqual(on(), ["read"]);
  assert.deepEqual(failure(() => probes.toggleFamily("Netwrk")), [
    "Cannot turn Netwrk on or off: unknown family",
    "Did you mean `Network`?",
  ]);
});

Deno.test("What matches a pattern is turned on, then off, and is counted", () => {
  const { probes, on } = probesOf(set("read"));
  assert.equal(probes.toggleMatching("^mkdir"), 1);
  assert.deepEqual(on(), ["mkdirat", "read"]);
  assert.equal(probes.toggleMatching("^MKDIR"), 1);
  assert.equal(probes.toggleMatching("renameat*"), 2);
  assert.deepEqual(on(), ["read", "renameat", "renameat2"]);
  assert.equal(probes.toggleMatching("frobnicate"), 0);
  assert.deepEqual(on(), ["read", "renameat", "renameat2"]);
  assert.match(failure(() => void probes.toggleMatching(""))![0]!, /empty pattern/);
});

Deno.test("All go off, numbers that the table does not know too, and stay off under the next filter", () => {
  const { probes, on, unknown } = probesOf({ syscalls: ["read"], unknownSyscalls: true });
  probes.setAll(false);
  assert.deepEqual([on(), unknown(), probes.activeCount().active], [[], false, 0]);
  const next = { syscalls: ["write", "socket"], unknownSyscalls: true };
  assert.deepEqual(probes.adjust(next), set());
  probes.setAll(true);
  assert.deepEqual([on().length, unknown()], [probes.activeCount().total, true]);
});

Deno.test("What was changed by hand is carried into the next trace, and stays so under its filters", () => {
  const first = probesOf(set("read", "write")).probes;
  assert.equal(first.intended(), null);
  first.toggle("write");
  first.toggle("socket");
  const carried = first.intended()!;
  assert.deepEqual(carried, set("read", "socket"));
  const second = probesOf(set("read", "write", "close"), carried).probes;
  assert.deepEqual(second.intended()!.syscalls.toSorted(), ["read", "socket"]);
  assert.deepEqual(second.adjust(set("write", "fsync")).syscalls.toSorted(), ["fsync", "socket"]);
});

Deno.test("Nothing on is carried as nothing on, and a filter of the next trace turns on only what is new to it", () => {
  const { probes } = probesOf({ syscalls: ["read"], unknownSyscalls: true });
  probes.setAll(false);
  assert.deepEqual(probes.intended(), set());
  const next = probesOf({ syscalls: ["read"], unknownSyscalls: true }, probes.intended());
  assert.deepEqual(next.on(), []);
  assert.deepEqual(next.probes.adjust({ syscalls: ["read", "write"], unknownSyscalls: true }), set("write"));
});

Deno.test("What is intended follows the filter in force", () => {
  const { probes } = probesOf(set("read"));
  probes.toggle("fsync");
  probes.filterChanged(set("write"));
  assert.deepEqual(probes.intended(), set("write", "fsync"));
});
