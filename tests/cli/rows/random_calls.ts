/** Random batches with everything that a line can have. */
import { type EventBatch, EventFlag, NO_FD } from "../../../runtime/event_batch.ts";
import { batchOf, type Call, taskName } from "../../engine/batches.ts";

const SLOTS = 12;
const NRS = [0, 1, 2, 82, 257, 231, 7_777, -5, 1_000_000];
const TEXTS = [
  "/",
  "/usr/lib/libc.so.6",
  "pipe:[12]",
  "/a b,c",
  '/q"uote',
  "/\u202e\x1b[2J",
  "/名前/é",
  " /x",
  "/l\n",
  "=1+1",
];
const RETURNS = [
  0n,
  1n,
  512n,
  -1n,
  -2n,
  -4095n,
  -4096n,
  2n ** 31n,
  -(2n ** 31n),
  2n ** 53n,
  2n ** 63n - 1n,
  -(2n ** 63n),
];
const TIMES = [0, 1, 999, 1e6, 1e9 - 1, 1e9, 123_456_789_012, 2 ** 53 - 1];

/** A source of batches; each call makes the next one. */
export function randomCalls(next: () => number): () => EventBatch {
  const whole = (limit: number) => Math.floor(next() * limit);
  const oneOf = <Value>(values: readonly Value[]) => values[whole(values.length)];
  const path = () =>
    next() < 0.002 ? "/" + "é".repeat(20_000) : `${oneOf(TEXTS)}${next() < 0.5 ? whole(50) : ""}`;
  let first = true;
  let seq = 1;
  let timeNs = -3e9;
  const call = (hasExtra: boolean): Call => ({
    nr: oneOf(NRS),
    enterNs: timeNs += next() < 0.01 ? oneOf(TIMES.slice(0, 6)) : whole(1e6),
    durationNs: next() < 0.1 ? NaN : oneOf(TIMES),
    gapNs: next() < 0.3 ? NaN : oneOf(TIMES),
    ret: oneOf(RETURNS),
    bytes: next() < 0.5 ? NaN : oneOf(TIMES),
    task: 1 + whole(SLOTS),
    file: whole(SLOTS + 1),
    oldFile: next() < 0.8 ? 0 : whole(SLOTS + 1),
    fd: next() < 0.3 ? NO_FD : whole(70_000) - 200,
    restarts: whole(3) * 127,
    flags: next() < 0.6 ? 0 : oneOf(Object.values(EventFlag)) | oneOf(Object.values(EventFlag)),
    ...(hasExtra && {
      extra: {
        iowaitNs: next() < 0.5 ? NaN : oneOf(TIMES),
        blockedNs: oneOf(TIMES),
        runqueueNs: oneOf(TIMES),
        fetchedBytes: next() < 0.5 ? NaN : 4096 * whole(9),
        stack: whole(SLOTS + 1),
        offsetBytes: next() < 0.5 ? NaN : next() < 0.5 ? -1 : oneOf(TIMES),
        flags: whole(SLOTS + 1),
      },
    }),
  });
  return () => {
    const named = Array.from({ length: SLOTS }, (_, i) => i + 1).filter(() => first || next() < 0.3);
    const tasks = named.map((slot) =>
      taskName(slot, 1 + whole(9_999), {
        comm: oneOf(["sh", 'a"b', "x,y", "名", ""]),
        ...(next() < 0.5 && { cgroup: path(), gid: whole(2 ** 32) }),
      })
    );
    const files = named.map((slot) =>
      next() < 0.2
        ? { slot, path: "/\ufffd", raw: Uint8Array.of(0x2f, 0xff, 0x22, whole(256)) }
        : { slot, path: path() }
    );
    first = false;
    const hasExtra = next() < 0.5;
    const calls = Array.from({ length: whole(200) }, () => call(hasExtra));
    const batch = batchOf(calls, { tasks, files, firstSeq: seq, epoch: whole(3) });
    if (next() < 0.2) batch.seqs = Float64Array.from(calls, (_, i) => seq + 2 * i);
    seq += 2 * calls.length;
    return batch;
  };
}
