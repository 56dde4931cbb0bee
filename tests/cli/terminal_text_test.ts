/** Nothing that a document from elsewhere says acts on the terminal. */
import assert from "node:assert/strict";
import { compareReports, readReport, renderComparison } from "../../cli/compare/mod.ts";
import { renderFlame } from "../../cli/flame/mod.ts";
import { runFacts } from "../../cli/report/header_text.ts";
import { renderReport } from "../../cli/report/report_text.ts";
import { say } from "../../cli/say.ts";
import type { Report } from "../../runtime/report.ts";
import { profileOf } from "./flame/profiles.ts";
import { exampleReport } from "./report/fixture.ts";
import { writeJson } from "./report/write_json.ts";

/** Sets a terminal's title, and makes what follows red. */
const HOSTILE = "\x1b]0;pwned\x07\x1b[31m\u202e";

/** Members whose texts a reader holds to a form. */
const HELD = [
  "schema",
  "state",
  "arch",
  "started",
  "from",
  "to",
  "kind",
  "use",
  "by",
  "path_error",
  "time",
  "path_raw",
  "old_path_raw",
];

/** A document in which each text of others is hostile. */
function hostile(value: unknown, name = ""): unknown {
  if (typeof value === "string") return HELD.includes(name) ? value : `${value}${HOSTILE}`;
  if (Array.isArray(value)) return value.map((item) => hostile(item, name));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, hostile(member, key)]));
}

function assertQuiet(text: string, what: string): void {
  assert.ok(text.includes("pwned"), what);
  // deno-lint-ignore no-control-regex -- what must not be there
  const [found] = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/.exec(text) ?? [];
  assert.equal(found, undefined, `${what}: ${JSON.stringify(text.slice(0, 300))}`);
}

const killed = { ...exampleReport(), command_status: { signal: "SIGKILL" } };
const REPORT = hostile(JSON.parse(writeJson(killed))) as Report;

for (const ascii of [false, true]) {
  const look = { width: 120, color: false, ascii };
  Deno.test(`A hostile report, comparison and flamegraph are quiet${ascii ? ", in ASCII" : ""}`, () => {
    assertQuiet(renderReport(REPORT, { ...look, top: null, sort: "time" }), "report");
    const read = readReport(JSON.stringify(REPORT), "a.json");
    const comparison = compareReports(read, JSON.parse(writeJson(exampleReport())));
    assertQuiet(renderComparison(comparison, { ...look, top: 50 }), "comparison");
    const facts = runFacts(REPORT, 7);
    for (const format of ["svg", "text"] as const) {
      const profile = profileOf(["comm"], [[[["comm", `dd${HOSTILE}`]], { count: 1 }]]);
      const picture = renderFlame(profile, format, {
        ...look,
        metric: "count",
        title: HOSTILE,
        facts,
        inverted: false,
      });
      assertQuiet(picture, format);
    }
  });
}

Deno.test("What ior says in a line is quiet, whatever names are in it", () => {
  const said: string[] = [];
  const { error } = console;
  console.error = (line: string) => said.push(line);
  try {
    say(`not read: a${HOSTILE}.parquet`);
    say("as it was: a\\x1b b");
  } finally {
    console.error = error;
  }
  assertQuiet(said[0], "say");
  assert.equal(said[1], "ior: as it was: a\\x1b b");
});
