import assert from "node:assert/strict";
import { PathNames } from "../../runtime/path_names.ts";

Deno.test("a slot has the path it was given last, and its bytes when they are not UTF-8", () => {
  const names = new PathNames();
  assert.equal(names.get(1), undefined);
  const odd = { slot: 4, path: "/\ufffd", raw: Uint8Array.of(0x2f, 0xff) };
  names.set(odd);
  assert.deepEqual(names.get(4), odd);
  assert.equal(names.get(3), undefined);
  names.set({ slot: 4, path: "/a" });
  assert.deepEqual(names.get(4), { slot: 4, path: "/a" }, "the bytes of the name before are gone");
  names.set({ slot: 1, path: "" });
  assert.deepEqual([...names.all()], [{ slot: 1, path: "" }, { slot: 4, path: "/a" }]);
});
