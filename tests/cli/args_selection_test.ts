import assert from "node:assert/strict";
import {
  type Arch,
  type Syscall,
  syscallByName,
  syscallNumber,
  SYSCALLS,
} from "../../runtime/syscalls/mod.ts";
import { MACHINE, parseOn, parseTrace } from "./args_machine.ts";

/** Numbers of the calls that a rule picks, as a selection has them. */
function numbers(pick: (call: Syscall) => boolean, arch: Arch = "x86_64"): number[] {
  const found = SYSCALLS.filter(pick).map((call) => syscallNumber(arch, call)).filter((number) =>
    number !== null
  );
  return found.sort((a, b) => a - b);
}

/** Numbers of the calls with these names. */
function named(...names: string[]): number[] {
  for (const name of names) assert.ok(syscallByName(name), name);
  return numbers((call) => names.includes(call.name));
}

function selected(line: string): number[] {
  return parseTrace(...line.split(" ")).selection.syscalls;
}

Deno.test("The default family holds only while no family, kind or call is given", () => {
  const fs = numbers((call) => call.family === "FS");
  assert.deepEqual(parseTrace().selection.syscalls, fs);
  assert.deepEqual(
    selected("-x --no-syscall close"),
    numbers((call) => call.family === "FS" && call.name !== "close"),
  );
  assert.deepEqual(
    selected("--no-kind read"),
    numbers((call) => call.family === "FS" && call.kind !== "read"),
  );
  assert.deepEqual(selected("--no-family Network"), fs);
});

Deno.test("--syscall alone selects exactly the calls named, by any of their spellings", () => {
  assert.deepEqual(selected("-e openat,read"), named("openat", "read"));
  assert.deepEqual(selected("-e newfstat -e read,read"), named("fstat", "read"));
  assert.deepEqual(selected("-e socket"), named("socket"));
});

Deno.test("An entry between slashes is a regular expression over names, and may hold commas", () => {
  assert.deepEqual(selected("-e /^open/"), numbers((call) => call.name.startsWith("open")));
  assert.deepEqual(selected("-e /^.{2,3}$/,close"), numbers((call) => /^(.{2,3}|close)$/.test(call.name)));
  assert.deepEqual(selected("-e close,/^f.{0,1}sync$/,read"), named("close", "fsync", "read"));
});

Deno.test("--family selects families, in any case, and all with the numbers the table does not know", () => {
  assert.deepEqual(selected("--family network"), numbers((call) => call.family === "Network"));
  assert.deepEqual(
    selected("--family FS,IPC"),
    numbers((call) => call.family === "FS" || call.family === "IPC"),
  );
  const all = parseTrace("--family", "all").selection;
  assert.deepEqual(all.syscalls, numbers(() => true));
  assert.equal(all.unknownSyscalls, true);
  assert.equal(parseTrace("--family", "FS").selection.unknownSyscalls, false);
  assert.equal(parseTrace("--family", "all", "--kind", "read").selection.unknownSyscalls, false);
  assert.equal(parseTrace("--family", "all", "--no-family", "FS").selection.unknownSyscalls, true);
});

Deno.test("--syscall and --family add up", () => {
  assert.deepEqual(
    selected("--family Network -e openat"),
    numbers((call) => call.family === "Network" || call.name === "openat"),
  );
});

Deno.test("--kind narrows families, and alone takes its kinds from all of them", () => {
  assert.deepEqual(
    selected("--family Network --kind read,write"),
    numbers((call) => call.family === "Network" && (call.kind === "read" || call.kind === "write")),
  );
  assert.deepEqual(selected("--kind close"), numbers((call) => call.kind === "close"));
  assert.deepEqual(
    selected("--kind close -e read"),
    numbers((call) => call.kind === "close" || call.name === "read"),
  );
});

Deno.test("What the --no- flags name is taken away from all that was selected", () => {
  assert.deepEqual(selected("-e openat,read --no-syscall /^open/"), named("read"));
  assert.deepEqual(
    selected("--family all --no-family FS --no-kind read,write"),
    numbers((call) => call.family !== "FS" && call.kind !== "read" && call.kind !== "write"),
  );
});

Deno.test("Calls have the numbers of the machine, and those that it lacks are left out of families", () => {
  const arm = { ...MACHINE, arch: "aarch64" } as const;
  const parse = (...args: string[]) => {
    return parseOn(arm, "trace", ...args).selection.syscalls;
  };
  assert.deepEqual(parse(), numbers((call) => call.family === "FS", "aarch64"));
  assert.deepEqual(parse("-e", "read"), [63]);
  assert.deepEqual(parse("-e", "/^open$|^openat$/"), [56]);
  assert.throws(() => parse("-e", "open"), { message: /aarch64 has no such system call/, hint: /`openat`/ });
});

Deno.test("A selection says what was given and the families that it comes to", () => {
  const describe = (line: string) => parseTrace(...line.split(" ")).selectionDescription;
  assert.deepEqual(describe("-e /^open/,socket --no-syscall open"), {
    syscall: ["/^open/", "socket"],
    no_syscall: ["open"],
    families: ["FS", "Network"],
  });
  assert.deepEqual(describe("--family fs,fs --kind Read --no-kind close --no-family ipc --slower 0ns"), {
    family: ["FS"],
    kind: ["read"],
    no_family: ["IPC"],
    no_kind: ["close"],
    slower_ns: 0,
    families: ["FS"],
  });
  assert.deepEqual(JSON.parse(JSON.stringify(describe("-p 1"))), { pid: [1], families: ["FS"] });
});
