import assert from "node:assert/strict";
import { columnsBuffer, columnsFromBuffer, createColumns } from "../../runtime/event_batch.ts";

Deno.test("columns share one buffer and do not overlap", () => {
  const columns = createColumns(24);
  const arrays = Object.values(columns);
  const spans = arrays.map((array) => [array.byteOffset, array.byteOffset + array.byteLength])
    .sort((a, b) => a[0] - b[0]);
  let end = 0;
  for (const [from, to] of spans) {
    assert.equal(from, end);
    end = to;
  }
  const buffer = columnsBuffer(columns);
  assert.equal(end, buffer.byteLength);
  for (const array of arrays) {
    assert.equal(array.buffer, buffer);
    assert.equal(array.length, 24);
  }
});

Deno.test("the capacity is rounded up to eight calls", () => {
  for (const [capacity, length] of [[1, 8], [8, 8], [9, 16], [16384, 16384]]) {
    assert.equal(createColumns(capacity).nr.length, length);
  }
});

Deno.test("a capacity that is no positive whole number is refused with its value", () => {
  for (const capacity of [0, -1, 1.5, NaN, Infinity]) {
    assert.throws(() => createColumns(capacity), {
      name: "RangeError",
      message: `Cannot create event columns: capacity is ${capacity}, it must be a positive integer`,
    });
  }
});

Deno.test("a transferred buffer gives the same columns back", () => {
  const columns = createColumns(8);
  columns.ret[7] = -1n;
  columns.gapNs[0] = NaN;
  columns.flags[7] = 3;
  columns.fd[1] = -5;
  const moved = structuredClone(columnsBuffer(columns), { transfer: [columnsBuffer(columns)] });
  assert.equal(columns.nr.length, 0, "the old columns are empty");
  const again = columnsFromBuffer(moved);
  assert.deepEqual([again.ret[7], again.gapNs[0], again.flags[7], again.fd[1]], [-1n, NaN, 3, -5]);
  assert.equal(again.nr.length, 8);
});

Deno.test("extra columns are there when they are asked for, in the same buffer", () => {
  assert.equal(createColumns(8).extra, undefined);
  const columns = createColumns(8, true);
  columns.extra!.iowaitNs[0] = 5;
  columns.extra!.fetchedBytes[7] = 4096;
  columns.extra!.stack[6] = 12;
  columns.flags[7] = 3;
  const moved = structuredClone(columnsBuffer(columns), { transfer: [columnsBuffer(columns)] });
  const again = columnsFromBuffer(moved, true);
  assert.deepEqual([again.extra!.iowaitNs[0], again.extra!.fetchedBytes[7], again.flags[7]], [5, 4096, 3]);
  assert.equal(again.extra!.stack[6], 12);
  assert.throws(() => columnsFromBuffer(columnsBuffer(createColumns(8)), true), { name: "RangeError" });
});

Deno.test("a buffer of another size is refused", () => {
  const bytes = columnsBuffer(createColumns(8)).byteLength;
  for (const size of [0, 1, bytes - 1, bytes + 1, bytes / 2, bytes + bytes / 8]) {
    assert.throws(() => columnsFromBuffer(new ArrayBuffer(size)), {
      name: "RangeError",
      message: new RegExp(`it has ${size} bytes, it must have a positive multiple of ${bytes}$`),
    });
  }
});
