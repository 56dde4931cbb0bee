import assert from "node:assert/strict";
import { cpusIn } from "../../bpf/mapped_io.ts";
import { decoding, feed, mappedRecord, pathRecord, taskRecord } from "./records.ts";

Deno.test("A list of CPUs has ranges and single numbers", () => {
  assert.deepEqual(cpusIn("0\n"), [0]);
  assert.deepEqual(cpusIn("0-2,5,7-8\n"), [0, 1, 2, 5, 7, 8]);
});

Deno.test("A sum of mapped I/O is announced with the process and the file that its key has by then", () => {
  const told: unknown[] = [];
  const mapped = {
    announce: (key: Uint8Array, task: { pid: number }, file: { path: string }) =>
      told.push([key[0], key[4], task.pid, file.path]),
  };
  const { decoder } = decoding(null, { mapped });
  feed(
    decoder,
    taskRecord({ taskId: 1, pid: 7 }),
    pathRecord(3, "/lib/a.so"),
    mappedRecord({ task_id: 1, file_id: 3 }),
    pathRecord(3, "/lib/b.so"),
  );
  assert.deepEqual(told, [[1, 3, 7, "/lib/a.so"]]);
  assert.throws(
    () => feed(decoder, mappedRecord({}).subarray(0, 16)),
    /Cannot decode a mapped file: its record has 16 bytes/,
  );
  assert.throws(() => feed(decoder, mappedRecord({ task_id: 9 })), /it has no name/);
  assert.throws(() => feed(decoding().decoder, mappedRecord({})), /page faults are not followed/);
});
