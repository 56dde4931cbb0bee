/** Writes the files of the corpus that ior's own writers make: `deno run -A tests/fuzz/make_corpus.ts`. */
import { gzipSync, zstdCompressSync } from "node:zlib";
import { diffProfiles } from "../../cli/flame/mod.ts";
import { DATA_END, DATA_START } from "../../cli/flame/html/page_data.ts";
import { renderFlame } from "../../cli/flame/render_flame.ts";
import { changedProfile, exampleProfile } from "../cli/flame/profiles.ts";
import { random } from "../engine/batches.ts";
import { header, ndjsonText, record, tracedBatches } from "../engine/recording/fixture.ts";
import { reportOf } from "./report_of.ts";

const FOLDER = new URL("./corpus/", import.meta.url).pathname;

const look = {
  metric: "duration",
  title: "dd",
  facts: [],
  inverted: false,
  width: 100,
  color: false,
  ascii: false,
} as const;

await record(`${FOLDER}few.parquet`, [tracedBatches(random(1), 3)()]);
await record(`${FOLDER}some.parquet`, [tracedBatches(random(2), 300)()]);
const rows = ndjsonText([tracedBatches(random(3), 24)()]);
Deno.writeTextFileSync(`${FOLDER}rows.ndjson`, rows);
Deno.writeFileSync(`${FOLDER}rows.ndjson.gz`, gzipSync(rows));
Deno.writeFileSync(`${FOLDER}rows.ndjson.zst`, zstdCompressSync(rows));
Deno.writeTextFileSync(`${FOLDER}one.report`, reportOf(header(), [tracedBatches(random(4), 40)()], []).json);
const diff = diffProfiles(exampleProfile(), changedProfile());
for (const [name, picture] of Object.entries({ one: exampleProfile(), two: diff })) {
  Deno.writeTextFileSync(`${FOLDER}${name}.folded`, renderFlame(picture, "folded", look));
  const page = renderFlame(picture, "html", look);
  // Style and script of a page are ior's own, and no one reads them back.
  const start = page.indexOf(DATA_START);
  const end = page.indexOf(DATA_END, start) + DATA_END.length;
  Deno.writeTextFileSync(`${FOLDER}${name}.page`, page.slice(start, end));
}
