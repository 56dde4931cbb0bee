import assert from "node:assert/strict";
import { filesDocument } from "../../../cli/files/document.ts";
import { filesParquet } from "../../../cli/files/parquet.ts";
import type { FileSession } from "../../../runtime/file_sessions.ts";
import { askDuckDb } from "../../engine/recording/duckdb/ask.ts";
import { HEADER } from "../report/fixture.ts";

const SESSION: FileSession = {
  path: "/srv/\u{1f5c4}/2619\ufffd",
  pathRaw: "L3Nydi/wn5eELzI2MTn/",
  pid: 4100,
  comm: "postgres",
  openedBy: "openat",
  openedNs: 1_500_000_999,
  flags: "O_RDWR|O_CLOEXEC|O_DIRECT",
  stack: "main;open",
  closedNs: 3_250_000_000,
  state: "closed",
  calls: 1842,
  errors: 1,
  totalNs: 92_000_000,
  readBytes: 2 ** 40,
  writeBytes: 8192,
  fetchedBytes: 4096,
  seeks: 900,
  syncs: 2,
  access: "random",
  processes: 1,
};

/** One of which nothing is known that need not be. */
const BARE: FileSession = {
  ...SESSION,
  path: "/old",
  pathRaw: null,
  openedBy: null,
  openedNs: null,
  flags: null,
  stack: null,
  closedNs: null,
  state: "open",
  fetchedBytes: null,
  access: null,
};

function documentOf(sessions: FileSession[]) {
  const result = { sessions, folded: 0, seesProcesses: true };
  return filesDocument(HEADER, result, { sort: "time", top: null });
}

Deno.test("DuckDB reads from a file what the document has, an empty one too", async () => {
  const directory = Deno.makeTempDirSync();
  try {
    for (const sessions of [[SESSION, BARE], []]) {
      const document = documentOf(sessions);
      const path = `${directory}/${sessions.length}.parquet`;
      const file = Deno.openSync(path, { write: true, createNew: true });
      for (const piece of filesParquet(document)) file.writeSync(piece);
      file.close();
      const [rows, facts] = await askDuckDb([
        `SELECT * REPLACE (strftime(opened, '%Y-%m-%dT%H:%M:%S.%f') AS opened, strftime(closed, '%Y-%m-%dT%H:%M:%S.%f') AS closed)
         FROM '${path}'`,
        `SELECT decode(value) AS facts FROM parquet_kv_metadata('${path}') WHERE decode(key) = 'ior.files'`,
      ]);
      const withNulls = document.sessions.map((session) => ({
        path_raw: null,
        stack: null,
        fetched_bytes: null,
        ...session,
      }));
      const plain = withNulls.map((session) =>
        Object.fromEntries(
          Object.entries(session).map(([name, value]) => [
            name,
            name === "opened" || name === "closed"
              ? value && String(value).replace(/\d{3}Z$/, "")
              : typeof value === "number"
              ? String(value)
              : value,
          ]),
        )
      );
      assert.deepEqual(rows, plain);
      const { sessions: _, ...wanted } = document;
      assert.deepEqual(JSON.parse(String(facts[0].facts)), JSON.parse(JSON.stringify(wanted)));
    }
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
});
