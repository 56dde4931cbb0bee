import assert from "node:assert/strict";
import { callTable } from "../../bpf/call_spec.ts";
import { CallTable } from "../../bpf/call_table.ts";
import { compatTable } from "../../bpf/compat_table.ts";
import { CALLS, Offset, Size, SpecFlag } from "../../bpf/wire.ts";
import { syscallByNumber, SYSCALLS } from "../../runtime/syscalls/mod.ts";

const [READ, WRITE, OPEN, EXECVE, EXECVEAT] = [0, 1, 2, 59, 322];

function memory(): { table: Uint8Array; compat: Uint8Array; calls: CallTable } {
  const table = new Uint8Array(CALLS * Size.call_spec);
  const compat = new Uint8Array(CALLS * Size.compat_call);
  return { table, compat, calls: new CallTable("x86_64", table, compat) };
}

const select = (...numbers: number[]) => ({
  syscalls: numbers.map((nr) => syscallByNumber("x86_64", nr)!.name),
  unknownSyscalls: false,
});

const exitsOf = (table: Uint8Array, nr: number) => table[nr * Size.call_spec + Offset.call_spec.exits];

Deno.test("a first selection is the table the kernel side is made from", () => {
  const { table, compat, calls } = memory();
  calls.select(select(READ, OPEN));
  assert.deepEqual(table, callTable("x86_64", select(READ, OPEN)));
  assert.deepEqual(compat, compatTable("x86_64"));
});

Deno.test("between two selections only calls of both are on, and exits of the first stay followed", () => {
  const { table, calls } = memory();
  calls.select(select(READ, WRITE));
  let between: boolean[] = [];
  calls.select(select(WRITE, OPEN), () => between = [READ, WRITE, OPEN].map((nr) => calls.isEnabled(nr)));
  assert.deepEqual(between, [false, true, false]);
  assert.deepEqual([READ, WRITE, OPEN].map((nr) => calls.isEnabled(nr)), [false, true, true]);
  assert.deepEqual([READ, WRITE, OPEN].map((nr) => exitsOf(table, nr)), [2, 1, 1]);
});

Deno.test("one call is turned on and off beside the others", () => {
  const { table, calls } = memory();
  calls.select(select(READ));
  calls.select(select(READ, WRITE));
  assert.deepEqual(table, callTable("x86_64", select(READ, WRITE)));
  calls.select(select(WRITE));
  assert.equal(calls.isEnabled(READ), false);
  assert.equal(calls.isEnabled(WRITE), true);
});

Deno.test("a call that was on has its exits looked at for ever, under another number each time it goes off", () => {
  const { table, calls } = memory();
  calls.select(select(READ, WRITE));
  const seen: number[] = [];
  for (let times = 1; times <= 600; times++) {
    calls.select(select(WRITE));
    seen.push(exitsOf(table, READ));
    calls.select(select(READ, WRITE));
    assert.equal(exitsOf(table, READ), seen.at(-1), "the number of the calls that enter from now on");
  }
  assert.ok(!seen.includes(0), "a thread inside a read has its row");
  assert.ok(seen.every((number, at) => number !== seen[at - 1]));
  assert.equal(exitsOf(table, WRITE), 1);
});

Deno.test("turning execveat on follows execve, whose number its exit has", () => {
  const { table, calls } = memory();
  calls.select(select());
  calls.select(select(EXECVEAT));
  assert.equal(calls.isEnabled(EXECVE), false);
  assert.equal(table[EXECVE * Size.call_spec] & SpecFlag.TRACKED, SpecFlag.TRACKED);
});

Deno.test("every known call can be turned on, and one that the machine does not have is left out", () => {
  const { calls } = memory();
  calls.select({ syscalls: SYSCALLS.map(({ name }) => name), unknownSyscalls: false });
  for (const { x86_64: nr } of SYSCALLS) assert.ok(nr === null || calls.isEnabled(nr));
  assert.ok(!calls.isEnabled(CALLS - 1));
});

Deno.test("a table that was cleared follows nothing", () => {
  const { table, compat, calls } = memory();
  calls.select(select(READ));
  calls.clear();
  assert.ok(table.every((byte) => byte === 0) && compat.every((byte) => byte === 0));
});
