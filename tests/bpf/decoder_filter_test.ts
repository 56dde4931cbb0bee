import assert from "node:assert/strict";
import { CALL_FILTER_SHIFT, FILTERS } from "../../bpf/wire.ts";
import type { Decoder } from "../../bpf/decoder.ts";
import {
  callRecord,
  decoding,
  feed,
  judgeOf,
  pathRecord,
  type RecordBytes,
  taskRecord,
  textRecord,
} from "./records.ts";

/** The flags of a call that the filter with this number judged. */
const of = (filter: number) => (filter % FILTERS) << CALL_FILTER_SHIFT;

/** Feeds records as the reader does, and takes each batch: its epoch and the results of its calls. */
function batches(decoder: Decoder, ...records: RecordBytes[]): [epoch: number, ...rets: number[]][] {
  const taken: [number, ...number[]][] = [];
  const take = () => {
    const batch = decoder.takeBatch();
    if (batch) taken.push([batch.epoch, ...[...batch.columns.ret.subarray(0, batch.length)].map(Number)]);
    return batch !== null;
  };
  for (const record of records) if (!feed(decoder, record)) take();
  while (take());
  return taken;
}

Deno.test("a batch has calls of one epoch, in the order they came", () => {
  const { decoder } = decoding(null, { epoch: 7 });
  decoder.changeFilter(judgeOf(null), 8);
  const calls = [0, 0, 1, 0, 1, 1].map((filter, i) => callRecord({ flags: of(filter), ret: BigInt(i) }));
  assert.deepEqual(batches(decoder, ...calls), [[7, 0, 1], [8, 2], [7, 3], [8, 4, 5]]);
});

Deno.test("sequence numbers follow without a hole over a change", () => {
  const { decoder } = decoding();
  decoder.changeFilter(judgeOf(null), 2);
  feed(decoder, callRecord(), callRecord());
  assert.equal(
    feed(decoder, callRecord({ flags: of(1) })),
    false,
    "the batch that ended must be taken first",
  );
  const [first, second] = [decoder.takeBatch()!, decoder.takeBatch()!];
  assert.deepEqual([first.firstSeq, first.length, second.firstSeq, second.length], [1, 2, 3, 1]);
  assert.equal(decoder.takeBatch(), null);
});

Deno.test("a record of a filter that was never set is refused", () => {
  const { decoder } = decoding();
  assert.throws(
    () => feed(decoder, callRecord({ flags: of(2) })),
    /^IorError: Cannot decode a call: no filter/,
  );
});

Deno.test("more changes than the low bits can tell keep their epochs", () => {
  const { decoder } = decoding(null, { epoch: 100 });
  for (let filter = 0; filter < 3 * FILTERS; filter++) {
    if (filter > 0) decoder.changeFilter(judgeOf(null), 100 + filter);
    assert.deepEqual(batches(decoder, callRecord({ flags: of(filter) })), [[100 + filter, 0]]);
  }
});

Deno.test("a filter without calls between two at the same place keeps their epochs apart", () => {
  const { decoder } = decoding(null, { epoch: 100 });
  feed(decoder, callRecord({ ret: 1n }));
  for (let filter = 1; filter <= FILTERS; filter++) decoder.changeFilter(judgeOf(null), 100 + filter);
  assert.deepEqual(batches(decoder, callRecord({ ret: 2n })), [[100, 1], [100 + FILTERS, 2]]);
});

Deno.test("a change judges the names that are known, and each record is judged by its own filter", () => {
  const { decoder, rejectedTasks, rejectedFiles } = decoding("path ~ /a");
  const call = (filter: number, fileId: number, ret: bigint) =>
    callRecord({ flags: of(filter), fileId, ret });
  feed(decoder, taskRecord({ taskId: 1, comm: "cat" }), pathRecord(1, "/a"), pathRecord(2, "/b"));
  assert.deepEqual(rejectedFiles.splice(0), [2]);
  decoder.changeFilter(judgeOf("path ~ /b"), 2);
  assert.deepEqual(rejectedFiles.splice(0), [1]);
  assert.deepEqual(
    batches(decoder, call(0, 1, 1n), call(0, 2, 2n), call(1, 1, 3n), call(1, 2, 4n), call(0, 1, 5n)),
    [[1, 1], [2, 4], [1, 5]],
  );
  decoder.changeFilter(judgeOf("comm ~ dd"), 3);
  assert.deepEqual(rejectedTasks, [1]);
});

Deno.test("names that come after a change are judged by the old filter for its last records too", () => {
  const { decoder, rejectedFiles } = decoding("path ~ /a");
  decoder.changeFilter(judgeOf("not path ~ /a"), 2);
  feed(decoder, taskRecord(), pathRecord(1, "/a"));
  assert.deepEqual(rejectedFiles, [1], "the kernel side is told the newest filter's verdict");
  const calls = [callRecord({ fileId: 1, ret: 1n }), callRecord({ flags: of(1), fileId: 1, ret: 2n })];
  assert.deepEqual(batches(decoder, ...calls), [[1, 1]]);
});

Deno.test("paths that are texts are judged again by a change", () => {
  const { decoder } = decoding("path ~ /a");
  const stat = (filter: number, path: string, ret: bigint) =>
    textRecord({ flags: of(filter), ret }, { path });
  assert.deepEqual(batches(decoder, taskRecord(), stat(0, "/a", 1n), stat(0, "/b", 2n)), [[1, 1]]);
  decoder.changeFilter(judgeOf("path ~ /b"), 2);
  assert.deepEqual(batches(decoder, stat(1, "/a", 3n), stat(1, "/b", 4n)), [[2, 4]]);
});

Deno.test("time of dropped calls is in the next gap of their thread, under whichever filter, and in no later one", () => {
  const { decoder } = decoding("not path ~ secret");
  const call = (filter: number, enterNs: bigint, gapNs: bigint, fileId = 0) =>
    callRecord({ flags: of(filter), enterNs, durationNs: 10n, gapNs, fileId });
  const gaps = () => {
    const { columns, length } = decoder.takeBatch()!;
    return [...columns.gapNs.subarray(0, length)];
  };
  feed(decoder, taskRecord(), pathRecord(4, "/secret"), call(0, 100n, 7n), call(0, 130n, 20n, 4));
  assert.deepEqual(gaps(), [7]);
  decoder.changeFilter(judgeOf(null), 2);
  feed(decoder, call(1, 150n, 10n), call(1, 165n, 5n));
  assert.deepEqual(gaps(), [40, 5]);
  decoder.changeFilter(judgeOf("not path ~ other"), 3);
  feed(decoder, call(2, 185n, 10n));
  assert.deepEqual(gaps(), [10]);
});
