import assert from "node:assert/strict";
import { TopInterface } from "../../../cli/top/interface.ts";
import { RowSequencer, StreamRing } from "../../../engine/mod.ts";

Deno.test("Rows are turned on for the first who wants them, and off with the last", async () => {
  const bindings = new TopInterface(new StreamRing(), new RowSequencer());
  const turned: boolean[] = [];
  await bindings.wantRows("view", true);
  assert.equal(bindings.wantsRows, true, "also where every call has one");
  await bindings.wantRows("view", false);
  bindings.setRowsSwitch((wanted) => {
    turned.push(wanted);
    return Promise.resolve();
  });
  await bindings.wantRows("view", true);
  await bindings.wantRows("view", true);
  await bindings.wantRows("recording", true);
  await bindings.wantRows("view", false);
  assert.deepEqual(turned, [true]);
  await bindings.wantRows("recording", false);
  assert.deepEqual(turned, [true, false]);
});

Deno.test("Open file descriptions are followed while somebody looks, also by the next trace", async () => {
  const bindings = new TopInterface(new StreamRing(), new RowSequencer());
  const followed: boolean[] = [];
  bindings.setFileSessionSource({
    follow: (wanted) => {
      followed.push(wanted);
      return Promise.resolve();
    },
    snapshot: () => null,
  });
  await bindings.followFiles(true);
  assert.equal(bindings.followsFiles, true);
  await bindings.followFiles(false);
  assert.deepEqual([followed, bindings.followsFiles], [[true, false], false]);
  bindings.setFileSessionSource(null);
  await bindings.followFiles(true);
  assert.equal(bindings.followsFiles, true, "for the trace that comes");
});
