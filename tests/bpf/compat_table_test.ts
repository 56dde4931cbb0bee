import assert from "node:assert/strict";
import { compatTable } from "../../bpf/compat_table.ts";
import { CALLS, COMPAT_CALLS, COMPAT_PARTS, CompatForm, Offset, Size } from "../../bpf/wire.ts";
import { syscallName } from "../../runtime/syscalls/mod.ts";

const at = Offset.compat_call;

function entry(table: Uint8Array, index: number): { name: string; form: number; words: number } {
  const bytes = table.subarray(index * Size.compat_call, (index + 1) * Size.compat_call);
  const nr = bytes[at.nr] + 256 * bytes[at.nr + 1];
  return { name: syscallName("x86_64", nr), form: bytes[at.form], words: bytes[at.words] };
}

const table = compatTable("x86_64");

Deno.test("a call of the 32-bit table is the 64-bit call that does the same", () => {
  assert.equal(table.length, CALLS * Size.compat_call);
  // asm/unistd_32.h: read, stat64, openat, clock_nanosleep_time64
  const names = [3, 195, 295, 407].map((nr) => entry(table, nr));
  assert.deepEqual(
    names,
    ["read", "stat", "openat", "clock_nanosleep"].map((name) => ({ name, form: CompatForm.SAME, words: 0 })),
  );
});

Deno.test("calls whose arguments or result are elsewhere say where", () => {
  assert.deepEqual(entry(table, 90), { name: "mmap", form: CompatForm.BLOCK, words: 6 });
  assert.deepEqual(entry(table, 140), { name: "lseek", form: CompatForm.LLSEEK, words: 0 });
  assert.deepEqual(entry(table, 89), { name: "getdents", form: CompatForm.READDIR, words: 0 });
  assert.deepEqual(entry(table, 339), { name: "fanotify_mark", form: CompatForm.SPLIT, words: 0 });
});

Deno.test("calls that share a number are behind the numbers of the table", () => {
  const nr = (index: number) => table[index * Size.compat_call] + 256 * table[index * Size.compat_call + 1];
  assert.equal(entry(table, 102).form, CompatForm.SOCKETCALL);
  assert.equal(entry(table, 117).form, CompatForm.IPC);
  assert.deepEqual([nr(102), nr(117)], [COMPAT_CALLS, COMPAT_CALLS + COMPAT_PARTS]);
  assert.deepEqual(entry(table, nr(102) + 3), { name: "connect", form: CompatForm.SAME, words: 3 });
  assert.deepEqual(entry(table, nr(102) + 9), { name: "sendto", form: CompatForm.SAME, words: 4 });
  assert.deepEqual(entry(table, nr(117) + 12), { name: "msgrcv", form: CompatForm.SAME, words: 0 });
  for (const unknown of [nr(102), nr(102) + 21, nr(117) + 5]) {
    assert.equal(entry(table, unknown).form, CompatForm.UNKNOWN);
  }
});

Deno.test("numbers that no kernel has, or that nothing does the same as, are unknown", () => {
  for (const nr of [113, 472, 511, CALLS - 1]) {
    assert.equal(entry(table, nr).form, CompatForm.UNKNOWN, `${nr}`);
  }
});

Deno.test("where the 32-bit table is not decoded every call of it is lost", () => {
  const lost = compatTable("aarch64");
  for (let nr = 0; nr < CALLS; nr++) assert.equal(lost[nr * Size.compat_call + at.form], CompatForm.LOST);
});
