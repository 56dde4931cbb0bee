import assert from "node:assert/strict";
import { FileType, Offset, Size, TextStatus } from "../../bpf/wire.ts";
import { ALL_FILE_SLOTS } from "../../bpf/text_paths.ts";
import { type EventBatch, EventFlag } from "../../runtime/event_batch.ts";
import { random, testSeed } from "../engine/batches.ts";
import {
  callRecord,
  decoding,
  feed,
  fileRecord,
  leafFirst,
  pathRecord,
  type RecordBytes,
  runningRecord,
  socketName,
  taskRecord,
  textRecord,
} from "./records.ts";

/** What a decoder says of a record that it cannot trust. */
const REFUSAL = /^Cannot decode [a-z' ]+: /;

function refused(record: RecordBytes, what: string): void {
  const { decoder } = decoding();
  assert.throws(
    () => feed(decoder, record),
    { name: "IorError", code: "unsupported", message: REFUSAL },
    what,
  );
}

Deno.test("a record of an unknown kind is refused", () => {
  for (const kind of [0, 4, 255]) {
    const record = taskRecord();
    record[Offset.call_record.restarts] = kind;
    refused(record, `kind ${kind}`);
  }
});

Deno.test("a file of an unknown type is refused", () => {
  for (const type of [0, 4, 65535]) refused(fileRecord({ type }, leafFirst("a")), `type ${type}`);
});

Deno.test("a socket without its whole name is refused", () => {
  const name = socketName({ family: 10, localPort: 1 });
  refused(fileRecord({ type: FileType.SOCKET }, name.subarray(0, Size.socket_name - 8)), "too short");
  refused(fileRecord({ type: FileType.SOCKET }, new Uint8Array(Size.socket_name + 8)), "too long");
});

Deno.test("a record of a wrong length is refused", () => {
  const records: Record<string, RecordBytes> = {
    call: callRecord(),
    text: textRecord({}, { path: "/a" }),
    texts: textRecord({}, { path: "/a", oldPath: "/b" }),
    fault: textRecord({}, { status: TextStatus.FAULT }),
    task: taskRecord(),
    file: pathRecord(1, "/a/b"),
    running: runningRecord(),
  };
  for (const [name, record] of Object.entries(records)) {
    const longer = new Uint8Array(record.length + 8);
    longer.set(record);
    refused(longer, `${name}, longer`);
    for (const cut of [1, 8, record.length - 4]) {
      refused(record.slice(0, record.length - cut), `${name}, ${cut} bytes shorter`);
    }
  }
});

Deno.test("lengths of texts that differ from the record's are refused", () => {
  for (const field of [Offset.call_text.length, Offset.call_text.old_length]) {
    for (const length of [0, 1, 3, 65535]) {
      const record = textRecord({}, { path: "/a", oldPath: "/b" });
      new DataView(record.buffer).setUint16(Size.call_record + field, length, true);
      refused(record, `${field}: ${length}`);
    }
  }
});

/** Every flag that a call may have. */
const ALL_FLAGS = Object.values(EventFlag).reduce((all, flag) => all | flag, 0);

/** Every invariant that consumers of a batch rely on. */
function checkBatch(batch: EventBatch): void {
  assert.ok(batch.length >= 0 && batch.length <= batch.columns.nr.length);
  for (const { slot, path, raw } of batch.files) {
    assert.ok(slot >= 0 && slot < ALL_FILE_SLOTS);
    assert.equal(typeof path, "string");
    assert.ok(raw === undefined || raw instanceof Uint8Array);
  }
  for (const { slot, pid, tid, uid, gid, comm, processStartNs } of batch.tasks) {
    assert.ok(slot >= 0 && slot < 65536);
    for (const number of [pid, tid, uid, gid!, processStartNs]) assert.ok(Number.isFinite(number));
    assert.ok(comm.length <= 16);
  }
  for (let i = 0; i < batch.length; i++) {
    const { columns } = batch;
    assert.ok(columns.file[i] < ALL_FILE_SLOTS && columns.oldFile[i] < ALL_FILE_SLOTS);
    assert.ok(!(columns.bytes[i] < 0));
    assert.ok((columns.flags[i] & ~ALL_FLAGS) === 0);
  }
}

Deno.test("a record changed at random gives a clear error or a valid batch, never anything else", () => {
  const seed = testSeed();
  const next = random(seed);
  const below = (n: number) => Math.floor(next() * n);
  const originals = [
    callRecord({ nr: 0, ret: 5n, size: 8, fileId: 3, file2Id: 4 }),
    callRecord({ nr: 65535, size: 99999 }),
    textRecord({ nr: 82 }, { path: "a/b", base: 3, oldPath: "/c", oldBase: 4 }),
    textRecord({ nr: 88 }, { path: Uint8Array.of(0x2f, 0xff), oldPath: "../x" }),
    taskRecord(),
    runningRecord({ fileId: 3 }),
    pathRecord(3, "/one/two/three"),
    fileRecord({ fileId: 4, type: FileType.NAMED, magic: 0x50495045 }, leafFirst("")),
    fileRecord({ fileId: 5, type: FileType.SOCKET }, socketName({ family: 10, localPort: 1, protocol: 6 })),
    fileRecord({ fileId: 6, type: FileType.SOCKET }, socketName({ family: 1, path: "/run/x" })),
  ];
  let batches = 0, errors = 0;
  for (let round = 0; round < 30_000; round++) {
    const { decoder } = decodings[below(decodings.length)];
    let record: RecordBytes = originals[below(originals.length)].slice();
    for (let changes = below(4); changes >= 0; changes--) {
      record[below(record.length)] = next() < 0.5 ? below(256) : [0, 1, 2, 0x7f, 0x80, 0xff][below(6)];
    }
    if (next() < 0.2) record = record.slice(0, 4 + below(record.length - 4));
    try {
      feed(decoder, record);
    } catch (error) {
      errors++;
      assert.ok(error instanceof Error, `seed ${seed}, round ${round}: ${error}`);
      assert.match(error.message, REFUSAL, `seed ${seed}, round ${round}: ${error.name}`);
    }
    if (next() < 0.05) {
      const batch = decoder.takeBatch();
      if (batch) checkBatch(batch);
      batches++;
    }
  }
  assert.ok(batches > 500 && errors > 500, `${batches} batches and ${errors} errors`);
});

/** One that takes everything and one that judges, both used all along: what a bad record leaves must not hurt. */
const decodings = [decoding(), decoding("path ~ o and not comm ~ x")];
