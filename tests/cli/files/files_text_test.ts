import assert from "node:assert/strict";
import { filesDocument } from "../../../cli/files/document.ts";
import { renderFiles } from "../../../cli/files/files_text.ts";
import { SESSION_SORTS, type SessionSort, sortSessions } from "../../../cli/files/sorts.ts";
import { schemaText } from "../../../cli/schema/mod.ts";
import type { FileSession } from "../../../runtime/file_sessions.ts";
import { UNKNOWN_LOSS } from "../../../runtime/loss.ts";
import { assertGolden } from "../../golden.ts";
import { compileSchema } from "../../json_schema.ts";
import { HEADER } from "../report/fixture.ts";

const SESSION: FileSession = {
  path: "/srv/db/base/16384/2619",
  pathRaw: null,
  pid: 4100,
  comm: "postgres",
  openedBy: "openat",
  openedNs: 1_500_000_000,
  flags: "O_RDWR|O_CLOEXEC|O_DIRECT",
  stack: null,
  closedNs: 3_250_000_000,
  state: "closed",
  calls: 1842,
  errors: 1,
  totalNs: 92_000_000,
  readBytes: 15_000_000,
  writeBytes: 8192,
  fetchedBytes: null,
  seeks: 900,
  syncs: 2,
  access: "random",
  processes: 1,
};

const SESSIONS: FileSession[] = [
  SESSION,
  {
    ...SESSION,
    path: "/var/log/a\x1b[31m.log",
    closedNs: null,
    state: "open",
    totalNs: 5_000,
    access: "sequential",
  },
  {
    ...SESSION,
    path: "/old",
    openedBy: null,
    openedNs: null,
    flags: null,
    state: "unsure",
    totalNs: 70_000,
    access: null,
  },
  { ...SESSION, path: "/data", comm: "tar", totalNs: 900, access: "unknown", readBytes: 0, openedNs: 1 },
];

/** With all that is known only when it is asked for. */
const ASKED: FileSession[] = [
  {
    ...SESSION,
    flags: "O_RDWR|O_CLOEXEC",
    stack: "main;PostgresMain;exec_simple_query;mdopenfork;openat64",
    fetchedBytes: 3_000_000,
  },
  { ...SESSION, path: "/old", openedBy: null, fetchedBytes: null },
  { ...SESSION, path: "/direct", fetchedBytes: 0 },
];

const ALL = { sort: "time", top: null } as const;

/** A part of the calls of a run. */
const PART = {
  ...HEADER,
  covers: { from: "2026-02-03T10:11:13.000000000Z", to: "2026-02-03T10:11:19.000000000Z" },
  sampling: { rates: { write: 10 }, calls: 1900, by: { write: 1900 }, counted: false },
};

const result = (more = {}) => ({ sessions: SESSIONS, folded: 0, seesProcesses: true, ...more });

Deno.test("Sessions as text: on a terminal, in a pipe, cut, with everything that is not known", () => {
  const wide = filesDocument(HEADER, result(), ALL);
  const cut = filesDocument(
    { ...HEADER, command: null, loss: UNKNOWN_LOSS },
    result({ folded: 7, seesProcesses: false }),
    { sort: "read", top: 1 },
  );
  const none = filesDocument(HEADER, result({ sessions: [] }), ALL);
  const asked = filesDocument(HEADER, result({ sessions: ASKED }), ALL);
  const part = filesDocument(PART, result({ sessions: [SESSION] }), ALL);
  const plain = { color: false, ascii: false };
  assertGolden(
    "files/sessions.txt",
    [
      renderFiles(wide, { ...plain, width: null }),
      renderFiles(wide, { ...plain, width: 80, ascii: true }),
      renderFiles(cut, { ...plain, width: 60, color: true }),
      renderFiles(asked, { ...plain, width: null }),
      renderFiles(asked, { ...plain, width: 120 }),
      renderFiles(none, { ...plain, width: 80 }),
      renderFiles(part, { ...plain, width: 80 }),
    ].join("\n"),
  );
});

Deno.test("The document is as published, whole and cut", async () => {
  const check = compileSchema(JSON.parse(await schemaText("files")));
  for (const top of [null, 2]) {
    const document = filesDocument(HEADER, result(), { sort: "opened", top });
    assert.deepEqual(check(JSON.parse(JSON.stringify(document))), []);
    assert.deepEqual([document.sessions.length, document.cut], top === null ? [4, 0] : [2, 2]);
  }
  assert.deepEqual(
    check(JSON.parse(JSON.stringify(filesDocument(HEADER, result({ sessions: ASKED }), ALL)))),
    [],
  );
  const part = filesDocument(PART, result(), ALL);
  assert.deepEqual([part.sampling, part.covers], [PART.sampling, PART.covers]);
  assert.deepEqual(check(JSON.parse(JSON.stringify(part))), []);
  assert.notDeepEqual(check({ ...part, sampling: { ...part.sampling, counted: true } }), []);
  const [first] = filesDocument(HEADER, result(), ALL).sessions;
  assert.equal(first.duration_ns, 1_750_000_000);
  assert.notDeepEqual(check({ ...filesDocument(HEADER, result(), ALL), sessions: [{}] }), []);
});

Deno.test("Sessions are sorted by the largest, or by when they were opened", () => {
  const sessions = SESSIONS.map((session, i) => (
    { ...session, calls: [3, 9, 1, 4][i], writeBytes: [5, 2, 8, 6][i] }
  ));
  const paths = (sort: SessionSort) => sortSessions(sessions, sort).map(({ path }) => path[1]);
  const wanted: Record<SessionSort, string> = {
    time: "sovd",
    calls: "vdso",
    read: "osvd",
    written: "odsv",
    opened: "odsv",
  };
  for (const sort of SESSION_SORTS) assert.equal(paths(sort).join(""), wanted[sort], sort);
});
