import assert from "node:assert/strict";
import { buildReport } from "../../../cli/report/report.ts";
import { lineOf } from "../rows/lines.ts";
import { createNdjsonRenderer, createRowClock, ROW_COLUMNS } from "../../../cli/rows/mod.ts";
import { SCHEMA_NAMES, schemaText } from "../../../cli/schema/mod.ts";
import { UNKNOWN_LOSS } from "../../../runtime/loss.ts";
import type { StreamRow } from "../../../runtime/row.ts";
import { compileSchema } from "../../json_schema.ts";
import { emptyReport, exampleReport, exampleSnapshot, HEADER } from "../report/fixture.ts";
import { writeJson } from "../report/write_json.ts";

const schemas = Object.fromEntries(
  await Promise.all(SCHEMA_NAMES.map(async (name) => [name, JSON.parse(await schemaText(name))])),
);
const checkReport = compileSchema(schemas.report);
const checkRow = compileSchema(schemas.rows);

const GOLDEN = new URL("../../golden/", import.meta.url);

function goldens(folder: string, ending: string): [name: string, text: string][] {
  const names = [...Deno.readDirSync(new URL(folder, GOLDEN))].map(({ name }) => name)
    .filter((name) => name.endsWith(ending)).sort();
  assert.ok(names.length > 0, `No file in ${folder} ends in ${ending}`);
  return names.map((name) => [name, Deno.readTextFileSync(new URL(`${folder}/${name}`, GOLDEN))]);
}

Deno.test("Every golden report is valid", () => {
  for (const [name, text] of goldens("report", ".json")) {
    assert.deepEqual(checkReport(JSON.parse(text)), [], name);
  }
});

Deno.test("Every line of golden rows is valid", () => {
  for (const [name, text] of goldens("rows", ".ndjson")) {
    for (const line of text.trimEnd().split("\n")) {
      assert.deepEqual(checkRow(JSON.parse(line)), [], `${name}: ${line}`);
    }
  }
});

Deno.test("A report is valid in every state: empty, cut, without a command, killed, with losses and without counters", () => {
  const reports = [
    emptyReport(),
    buildReport(HEADER, exampleSnapshot(), { top: 1, sort: "name" }),
    exampleReport({ command: null, command_status: null }),
    exampleReport({ command_status: { signal: "SIGTERM" } }),
    exampleReport({ loss: { state: "some", calls: 7, by: { ...HEADER.loss.by!, ring_full: 7 } } }),
    exampleReport({ loss: UNKNOWN_LOSS, cost: { ...HEADER.cost, bpf_ns_per_run: null } }),
    { ...exampleReport(), total_ns: 2n ** 63n },
  ];
  for (const report of reports) assert.deepEqual(checkReport(JSON.parse(writeJson(report))), []);
});

const SMALL = writeJson(buildReport(HEADER, exampleSnapshot(), { top: 1, sort: "time" }));

/** A document as JSON gives it back, to be broken. */
// deno-lint-ignore no-explicit-any
function document(): any {
  return JSON.parse(SMALL);
}

Deno.test("A report without one of its members is not valid, one with more is", () => {
  const whole = document();
  for (const name of Object.keys(whole)) {
    const { [name]: _, ...rest } = whole;
    const isOptional = !schemas.report.required.includes(name);
    assert.equal(checkReport(rest).length === 0, isOptional, name);
  }
  assert.deepEqual(checkReport({ ...whole, more: 1 }), []);
  assert.ok(schemas.report.required.length >= 20);
});

Deno.test("A table row without one of its measures, or with one of another type, is not valid", () => {
  // What is nothing may be left out.
  const optional = ["waiting_ns", "on_files"];
  for (const table of ["syscalls", "families", "files", "processes", "commands", "waiting"]) {
    for (const name of Object.keys(document()[table][0])) {
      for (const value of optional.includes(name) ? [true] : [undefined, true]) {
        const broken = document();
        broken[table][0][name] = value;
        assert.notDeepEqual(checkReport(JSON.parse(JSON.stringify(broken))), [], `${table} ${name} ${value}`);
      }
    }
  }
});

Deno.test("Values that contradict each other are not valid", () => {
  const loss = (value: unknown) => checkReport({ ...document(), loss: value }).length > 0;
  const by = HEADER.loss.by;
  assert.ok(loss({ state: "none", calls: 1, by }));
  assert.ok(loss({ state: "some", calls: 0, by }));
  assert.ok(loss({ state: "unknown", calls: 0, by }));
  assert.ok(loss({ state: "none", calls: 0, by: { ring_full: 0 } }));
  assert.ok(!loss({ state: "none", calls: 0, by }));
  assert.notDeepEqual(checkReport({ ...document(), command_status: { exit: 256 } }), []);
  assert.notDeepEqual(checkReport({ ...document(), started: "2026-02-03 10:11:12" }), []);
  assert.notDeepEqual(checkReport({ ...document(), schema: "ior.report/2" }), []);
});

const ROW: StreamRow = {
  seq: 1,
  timeNs: 5,
  pid: 1,
  tid: 1,
  comm: "sh",
  uid: 0,
  syscall: "rename",
  family: "FS",
  fd: null,
  path: "/b",
  oldPath: "/a",
  pathRaw: Uint8Array.of(47, 255),
  oldPathRaw: Uint8Array.of(47),
  pathError: "truncated",
  ret: -1n,
  errno: "EPERM",
  failed: true,
  bytes: 0,
  latencyNs: 7,
  gapNs: null,
  restarts: 0,
  epoch: 1,
  cgroup: "docker:web",
  gid: 4_294_967_294,
  iowaitNs: 5,
  blockedNs: 6,
  runqueueNs: 7,
  fetchedBytes: 4096,
  stack: "main;outer",
  offsetBytes: -1,
  flags: "O_RDWR|O_CREAT",
};

Deno.test("A row has the fields of the schema and no others, and needs those that every row has", () => {
  const render = lineOf(createNdjsonRenderer(createRowClock(0n)));
  const row = JSON.parse(render(ROW));
  assert.deepEqual(checkRow(row), []);
  const { properties, required } = schemas.rows.$defs.row;
  const names = ROW_COLUMNS.map(({ name }) => name);
  assert.deepEqual(Object.keys(properties).filter((name) => properties[name] !== false), ["type", ...names]);
  assert.equal(row.type, "row");
  assert.deepEqual(required, ROW_COLUMNS.filter(({ optional }) => !optional).map(({ name }) => name));
  for (const name of names) {
    const { [name]: _, ...rest } = row;
    assert.equal(checkRow(rest).length > 0, required.includes(name), name);
    assert.notDeepEqual(checkRow({ ...row, [name]: {} }), [], name);
  }
  assert.deepEqual(schemas.report.$defs.row.required, required, "the slowest calls of a report are rows");
  const { type: _, schema: __, ...fields } = properties;
  assert.deepEqual(
    Object.keys(schemas.report.$defs.row.properties),
    Object.keys(fields),
    "with the same fields",
  );
});

Deno.test("The schemas are published files that name themselves", () => {
  for (const name of SCHEMA_NAMES) {
    assert.equal(schemas[name].title, `ior.${name}/1`);
    assert.equal(schemas[name].$schema, "https://json-schema.org/draft/2020-12/schema");
  }
});

Deno.test("A schema that is wrong itself is refused", () => {
  assert.throws(() => compileSchema({ type: "objekt" }));
  assert.throws(() => compileSchema({ requierd: ["a"] }));
});
