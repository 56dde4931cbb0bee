import assert from "node:assert/strict";
import { PerfMap } from "../../../bpf/symbols/perf_map.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("A perf map is read in pieces, whose lines and characters may be cut anywhere", () => {
  const whole = bytes("7f10 20 one\n0x7f30 0x10 näme with spaces\n");
  for (let cut = 0; cut <= whole.length; cut++) {
    const map = new PerfMap();
    map.add(whole.subarray(0, cut));
    map.add(whole.subarray(cut));
    assert.equal(map.nameAt(0x7f10), "one");
    assert.equal(map.nameAt(0x7f2f), "one");
    assert.equal(map.nameAt(0x7f3f), "näme with spaces");
    assert.equal(map.nameAt(0x7f40), null);
    assert.equal(map.nameAt(0x7f0f), null);
  }
});

Deno.test("Where code was compiled again at the same place the later name counts", () => {
  const map = new PerfMap();
  map.add(bytes("1000 20 old\n"));
  assert.equal(map.nameAt(0x1008), "old");
  map.add(bytes("1000 10 new\n"));
  assert.equal(map.nameAt(0x1008), "new");
});

Deno.test("Lines that are none are left out", () => {
  const map = new PerfMap();
  map.add(bytes("\n1000\nxyz 10 name\n2000 10\n3000 10 good\n"));
  assert.equal(map.nameAt(0x1000), null);
  assert.equal(map.nameAt(0x3000), "good");
});

Deno.test("A line without end is left out, and those behind it are read", () => {
  const map = new PerfMap();
  map.add(bytes("1000 20 first\n2000 20 "));
  for (let i = 0; i < 9; i++) map.add(bytes("x".repeat(20_000)));
  map.add(bytes("y\n3000 20 next\n"));
  assert.deepEqual([0x1000, 0x2000, 0x3000].map((address) => map.nameAt(address)), ["first", null, "next"]);
});
