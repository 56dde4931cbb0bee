import assert from "node:assert/strict";
import {
  cloneFilter,
  compileCondition,
  emptyFilter,
  type Filter,
  filterEquals,
  type FilterRow,
  formatFilter,
  parseFilter,
} from "../../../runtime/filter/mod.ts";
import { parseExpression } from "../../../runtime/expression/mod.ts";
import { draws } from "../expression/draw.ts";
import { randomFilter } from "./random_filters.ts";

const condition = (text: string) => parseExpression({ option: "--where", text, example: "failed" });

Deno.test("The text of a filter reads back to the same filter", () => {
  const draw = draws();
  for (let round = 0; round < 3000; round++) {
    const filter = randomFilter(draw);
    const text = formatFilter(filter);
    assert.deepEqual(parseFilter(text), filter, text);
  }
  assert.deepEqual(parseFilter(""), emptyFilter());
});

Deno.test("A copy of a filter is equal and shares nothing; filters that read differently are different", () => {
  const draw = draws();
  let differ = 0;
  for (let round = 0; round < 500; round++) {
    const [one, other] = [randomFilter(draw), randomFilter(draw)];
    const copy = cloneFilter(one);
    assert.ok(filterEquals(one, copy));
    assert.deepEqual(structuredClone(one), one);
    assert.notEqual(copy.syscalls, one.syscalls);
    if (one.where !== null) assert.notEqual(copy.where, one.where);
    const same = JSON.stringify(one) === JSON.stringify(other);
    assert.equal(filterEquals(one, other), same);
    if (!same) differ++;
  }
  assert.ok(differ > 400);
});

Deno.test("Each part of a filter counts for its equality", () => {
  const full: Filter = {
    pids: [1, 2],
    tids: [3],
    follow: false,
    syscalls: ["read", "write"],
    unknownSyscalls: true,
    where: condition("failed"),
  };
  for (const part of Object.keys(full) as (keyof Filter)[]) {
    assert.ok(!filterEquals(full, { ...full, [part]: emptyFilter()[part] }), part);
  }
  assert.ok(!filterEquals(full, { ...full, pids: [2, 1] }));
});

Deno.test("A comparison without a value is false whatever the operator, and not of it is true", () => {
  const cases: [string, FilterRow, boolean][] = [
    ["path = /a", {}, false],
    ["path != /a", {}, false],
    ["not path = /a", {}, true],
    ["not path != /a", {}, true],
    ["path =~ .*", { path: null }, false],
    ["latency < 5ms", { latencyNs: null }, false],
    ["latency != 5ms", { latencyNs: null }, false],
    ["not latency > 5ms", { latencyNs: null }, true],
    ["bytes = 0", { bytes: null }, false],
    ["errno != ENOENT", { errno: null, failed: false }, false],
    ["errno != ENOENT", { errno: "EIO", failed: true }, true],
    ["failed", {}, false],
  ];
  for (const [text, row, holds] of cases) assert.equal(compileCondition(condition(text))(row), holds, text);
});

Deno.test("Of a row with two paths one must compare, and with != both must differ", () => {
  const rename: FilterRow = { path: "/new", oldPath: "/old" };
  const cases: [string, boolean][] = [
    ["path = /new", true],
    ["path = /old", true],
    ["path != /old", false],
    ["path != /new,/x", false],
    ["path != /x", true],
    ["not path ~ old", false],
    ["path ~ new and path ~ old", true],
    ["path =~ ^/n and not path = /x", true],
  ];
  for (const [text, holds] of cases) assert.equal(compileCondition(condition(text))(rename), holds, text);
});

Deno.test("and binds before or, not before and; a list is one of, with != none of", () => {
  const row: FilterRow = { syscall: "read", pid: 1, uid: 2, fd: 3, comm: "sh", bytes: 4096, ret: 2n ** 62n };
  const cases: [string, boolean][] = [
    ["pid = 9 and pid = 1 or uid = 2", true],
    ["pid = 9 and (pid = 1 or uid = 2)", false],
    ["not pid = 9 and uid = 9", false],
    ["not (pid = 9 and uid = 9)", true],
    ["not not pid = 1", true],
    ["syscall = open,READ", true],
    ["syscall != write,read", false],
    ["NOT pid = 9 AND bytes >= 4k", true],
    ["comm ~ x,^S", true],
    ["fd > 2 and fd<=3", true],
    ["ret > 1024", true],
    ["process = sh", true],
  ];
  for (const [text, holds] of cases) assert.equal(compileCondition(condition(text))(row), holds, text);
});
