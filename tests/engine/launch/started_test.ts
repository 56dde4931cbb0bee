import assert from "node:assert/strict";
import { startedFrom } from "../../../engine/launch/started.ts";

const STATUS =
  "Name:\tdeno\nSigBlk:\t0000000008000000\nSigIgn:\t0000000000001003\nSigCgt:\t0000000100000440\n";
const ALL = String(2n ** 64n - 1n);

Deno.test("the helper's note of this process is what ior was started with", () => {
  assert.deepEqual(startedFrom(`42 3 512 5 ${ALL} 824633720832 7 256 ${ALL} 3 1 2`, 42, STATUS), {
    ignored: 3n,
    blocked: 512n,
    closed: 5n,
    directory: null,
    capabilities: 0xc000000000n,
    limits: [
      { resource: 7n, soft: 256n, hard: 2n ** 64n - 1n },
      { resource: 3n, soft: 1n, hard: 2n },
    ],
  });
  assert.equal(startedFrom("42 0 0 0 11 0", 42, STATUS).directory, 11);
});

Deno.test("without a note, or with one of another process, the status has to do", () => {
  const fromStatus = {
    ignored: 3n,
    blocked: 0x8000000n,
    closed: 0n,
    directory: null,
    capabilities: 0n,
    limits: [],
  };
  for (
    const note of [
      undefined,
      "",
      "41 0 0 0 11 0",
      "42 0 0 0 11",
      "42 0 0 0 11 0 7",
      "42 x 0 0 11 0",
      "42 -1 0 0 11 0",
    ]
  ) {
    assert.deepEqual(startedFrom(note, 42, STATUS), fromStatus, note);
  }
  assert.deepEqual(startedFrom(undefined, 42, ""), { ...fromStatus, ignored: 0n, blocked: 0n });
});
