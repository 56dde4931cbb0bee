import assert from "node:assert/strict";
import { Recordings } from "../../../../cli/commands/top/recordings.ts";
import { TopInterface } from "../../../../cli/top/mod.ts";
import { RowSequencer } from "../../../../engine/mod.ts";
import { header, scratch, STARTED_NS } from "../../../engine/recording/fixture.ts";

Deno.test("A second recording is refused while one goes on, which is then complete", async () => {
  using folder = scratch();
  const [first, second] = ["first.parquet", "second.parquet"].map((name) => folder.path(name));
  const bindings = new TopInterface(null, new RowSequencer());
  await using recordings = new Recordings(bindings, STARTED_NS, () => header());
  await recordings.start(first);
  await assert.rejects(() => recordings.start(second), /another recording goes on; R stops it$/);
  assert.equal(await recordings.stop(), `0 calls recorded in ${first}`);
  assert.ok(Deno.statSync(first).isFile);
  assert.throws(() => Deno.statSync(second), Deno.errors.NotFound);
  await recordings.start(second);
  assert.equal(await recordings.stop(), `0 calls recorded in ${second}`);
});
