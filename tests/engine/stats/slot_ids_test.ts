import assert from "node:assert/strict";
import { SlotIds } from "../../../engine/stats/slot_ids.ts";

Deno.test("a file that is made again under its path has its number again, in any slot", () => {
  const ids = new SlotIds();
  ids.namedFile({ slot: 1, path: "/a" });
  ids.namedFile({ slot: 200, path: "/b" });
  const [a, b] = [ids.ids[1], ids.ids[200]];
  assert.ok(a > 0 && b > 0 && a !== b);
  ids.namedFile({ slot: 200, path: "/a" });
  ids.namedFile({ slot: 1, path: "/b" });
  ids.namedFile({ slot: 2, path: "/a" });
  assert.deepEqual([ids.ids[200], ids.ids[1], ids.ids[2]], [a, b, a]);
});

Deno.test("files that only look the same have numbers of their own", () => {
  const ids = new SlotIds();
  ids.namedFile({ slot: 1, path: "/\ufffd" });
  ids.namedFile({ slot: 2, path: "/\ufffd", raw: Uint8Array.of(47, 255) });
  ids.namedFile({ slot: 3, path: "/\ufffd", raw: Uint8Array.of(47, 254) });
  assert.equal(new Set(ids.ids.subarray(1, 4)).size, 3);
});

Deno.test("among many files a number never stands for two paths", () => {
  const ids = new SlotIds();
  const pathOf = new Map<number, string>();
  for (let i = 0; i < 50_000; i++) {
    const path = `/${i % 20_000}`;
    ids.namedFile({ slot: 7, path });
    const id = ids.ids[7];
    assert.ok(
      pathOf.get(id) === undefined || pathOf.get(id) === path,
      `${id} is ${pathOf.get(id)} and ${path}`,
    );
    pathOf.set(id, path);
  }
});
