import assert from "node:assert/strict";
import { openFlagsText } from "../../bpf/call_spec.ts";
import { RowBuilder } from "../../engine/event_rows.ts";
import { syscallByName, syscallNumber } from "../../runtime/syscalls/mod.ts";
import { callRecord, decoding, feed, pathsOf, taskRecord, textRecord, withExtra } from "./records.ts";

const WRITE = syscallNumber("x86_64", syscallByName("write")!)!;
const OPENAT = syscallNumber("x86_64", syscallByName("openat")!)!;
const EXTRA = { iowaitNs: 2n ** 40n + 5n, blockedNs: 2n, runqueueNs: 3n, fetchedBytes: 4096n };

Deno.test("What else is known of a call follows its record, and only what was asked for is a value", () => {
  for (
    const [extras, expected] of [
      [["waits", "cache"], [2 ** 40 + 5, 2, 3, 4096]],
      [["waits"], [2 ** 40 + 5, 2, 3, NaN]],
      [["cache"], [NaN, NaN, NaN, 4096]],
    ] as const
  ) {
    const { decoder } = decoding(null, { extras });
    feed(decoder, taskRecord(), withExtra(callRecord(), EXTRA));
    const { iowaitNs, blockedNs, runqueueNs, fetchedBytes } = decoder.takeBatch()!.columns.extra!;
    assert.deepEqual([iowaitNs[0], blockedNs[0], runqueueNs[0], fetchedBytes[0]], expected);
  }
});

Deno.test("Of a call that says them the offset or the flags are known, and of no other", () => {
  const { decoder } = decoding(null, { extras: ["arguments"] });
  const rows = new RowBuilder("x86_64");
  const argumentOf = (name: string, argument: bigint) => {
    const nr = syscallNumber("x86_64", syscallByName(name)!)!;
    feed(decoder, taskRecord(), withExtra(callRecord({ nr }), { argument }));
    rows.apply(decoder.takeBatch()!);
    const { offsetBytes, flags } = rows.row(0);
    return [offsetBytes, flags];
  };
  assert.deepEqual(argumentOf("pread64", 2n ** 40n + 5n), [2 ** 40 + 5, null]);
  assert.deepEqual(argumentOf("preadv2", -1n), [-1, null]);
  assert.deepEqual(argumentOf("pwrite64", 2n ** 62n + 1n), [null, null], "no double holds it");
  assert.deepEqual(argumentOf("openat", 0xffff_ffff_0000_0241n), [null, "O_WRONLY|O_CREAT|O_TRUNC"]);
  assert.deepEqual(argumentOf("openat2", 0o102n), [null, "O_RDWR|O_CREAT"]);
  assert.deepEqual(argumentOf("openat2", -1n), [null, null], "it could not be read");
  assert.deepEqual(argumentOf("read", 5n), [null, null]);
});

Deno.test("A program that opens with flags of all sorts has them all", () => {
  const { decoder } = decoding(null, { extras: ["arguments"] });
  const rows = new RowBuilder("x86_64");
  for (let flags = 0; flags < 2_500; flags++) {
    feed(decoder, taskRecord(), withExtra(callRecord({ nr: OPENAT }), { argument: BigInt(flags % 1_500) }));
    rows.apply(decoder.takeBatch()!);
    assert.equal(rows.row(0).flags, openFlagsText("x86_64", flags % 1_500));
  }
});

Deno.test("Texts of paths stand behind it", () => {
  const { decoder } = decoding(null, { extras: ["waits"] });
  feed(
    decoder,
    taskRecord(),
    withExtra(textRecord({}, { path: "/a/b" }), EXTRA),
    withExtra(textRecord({}, { path: "/new", oldPath: "/old" }), EXTRA),
  );
  const batch = decoder.takeBatch()!;
  assert.deepEqual([pathsOf(batch, 0), pathsOf(batch, 1)], [
    { path: "/a/b", oldPath: null },
    { path: "/new", oldPath: "/old" },
  ]);
  assert.deepEqual([...batch.columns.extra!.blockedNs.subarray(0, 2)], [2, 2]);
});

Deno.test("The pages of a call that only writes are its own: none were fetched", () => {
  const { decoder } = decoding(null, { extras: ["cache"] });
  feed(decoder, taskRecord(), withExtra(callRecord({ nr: WRITE }), EXTRA));
  assert.deepEqual(decoder.takeBatch()!.columns.extra!.fetchedBytes[0], NaN);
});

Deno.test("A condition on it is judged row by row", () => {
  const { decoder } = decoding("iowait > 10ns and fetched = 4096", { extras: ["waits", "cache"] });
  feed(
    decoder,
    taskRecord(),
    withExtra(callRecord({ ret: 1n }), EXTRA),
    withExtra(callRecord({ ret: 2n }), {}),
  );
  const { length, columns } = decoder.takeBatch()!;
  assert.deepEqual([length, columns.ret[0]], [1, 1n]);
});

Deno.test("A record without it is an error where it is asked for, and one with it where it is not", () => {
  const asked = decoding(null, { extras: ["waits"] }).decoder;
  assert.throws(() => feed(asked, callRecord()), /Cannot decode a call/);
  assert.throws(() => feed(asked, textRecord({}, { path: "/a" })), /Cannot decode a call with text/);
  assert.throws(() => feed(decoding(null).decoder, withExtra(callRecord(), EXTRA)), /Cannot decode a call/);
});
