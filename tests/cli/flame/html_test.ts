import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { FlamePage } from "../../../cli/flame/html/flame_page.ts";
import { PAGE_SCRIPT, PAGE_STYLE } from "../../../cli/flame/html/page_parts.ts";
import { encodePage } from "../../../cli/flame/html/page_data.ts";
import { isFlameHtml, readFlameHtml } from "../../../cli/flame/html/read_html.ts";
import { renderFlameHtml } from "../../../cli/flame/html/render_html.ts";
import { schemaText } from "../../../cli/schema/mod.ts";
import { IorError } from "../../../runtime/errors.ts";
import { TRIE_METRICS, type TrieMetric } from "../../../runtime/flame.ts";
import { random, testSeed } from "../../engine/batches.ts";
import { assertGolden } from "../../golden.ts";
import { compileSchema } from "../../json_schema.ts";
import { busyProfile, HOSTILE_NAMES, pathFrames, profileOfStacks } from "./html_profiles.ts";

const SMALL: FlamePage = {
  title: "dd of=/dev/null",
  facts: [{ label: "host", text: "build7", tone: null }, { label: "loss", text: "none", tone: "good" }],
  metric: "duration",
  profile: profileOfStacks(["path", "comm", "syscall"], [
    {
      frames: [...pathFrames("/dev/zero"), ["comm", "dd"], ["syscall", "read"]],
      values: { count: 3, duration: 1234, bytes: 1536 },
    },
    { frames: [["comm", "dd"], ["syscall", "nanosleep"]], values: { count: 1, duration: 1_000_000, gap: 7 } },
  ]),
};

/** A page whose every text is hostile. */
function hostilePage(): FlamePage {
  const [first] = HOSTILE_NAMES;
  return {
    title: `{{ data }} ${HOSTILE_NAMES.join(" ")}`,
    facts: HOSTILE_NAMES.map((name) => ({ label: name, text: name, tone: "bad" as const })),
    metric: "bytes",
    profile: profileOfStacks(
      ["comm", "path"],
      HOSTILE_NAMES.map((name) => ({
        frames: [["comm", name], ["path", first], ["path", name]],
        values: { bytes: 2 ** 53 - 1, count: 2 ** 53, duration: 2 ** 62, gap: 0 },
      })),
    ),
  };
}

Deno.test("An HTML flamegraph is read back exactly", () => {
  const next = random(testSeed());
  const { fields } = SMALL.profile;
  const pages: FlamePage[] = [
    SMALL,
    hostilePage(),
    { ...SMALL, profile: busyProfile(next) },
    { ...SMALL, inverted: true },
    { ...SMALL, title: "", facts: [], profile: profileOfStacks(fields, []) },
    { ...SMALL, profile: profileOfStacks([], [{ frames: [], values: { count: 1 } }]) },
    { ...SMALL, profile: profileOfStacks(["comm"], [{ frames: [["comm", "dd"]], values: { count: 1 } }]) },
  ];
  for (const page of pages) {
    const html = renderFlameHtml(page);
    assert.ok(isFlameHtml(html));
    assert.deepEqual(readFlameHtml(html), page);
    assert.equal(renderFlameHtml(readFlameHtml(html)), html);
  }
});

Deno.test("An HTML comparison is read back with both sides", () => {
  const { length } = SMALL.profile;
  const before = Object.fromEntries(
    TRIE_METRICS.map((metric, m) => [metric, Float64Array.from({ length }, (_, i) => i * m)]),
  ) as Record<TrieMetric, Float64Array>;
  const html = renderFlameHtml({ ...SMALL, before });
  assert.deepEqual(readFlameHtml(html), { ...SMALL, before });
});

Deno.test("Columns that are longer than the profile are cut to it", () => {
  const { profile } = SMALL;
  const padded = { ...profile, parent: Int32Array.from([...profile.parent, 0, 0]) };
  assert.deepEqual(readFlameHtml(renderFlameHtml({ ...SMALL, profile: padded })), SMALL);
});

Deno.test("No text of the traced programs is markup in the page", () => {
  const html = renderFlameHtml(hostilePage());
  const clean = renderFlameHtml({ ...SMALL, title: "" });
  const tags = (text: string) => [...text.matchAll(/<[^\s>]*/g)].map(([tag]) => tag).join(" ");
  assert.equal(tags(html), tags(clean));
  assert.doesNotMatch(html, /[\u2028\u2029]/);
});

Deno.test("The page's policy admits its own script and style and nothing else", () => {
  const html = renderFlameHtml(SMALL);
  const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1];
  assert.equal(
    policy,
    `default-src 'none'; script-src ${hash(PAGE_SCRIPT)}; style-src ${hash(PAGE_STYLE)}; img-src data:; ` +
      "base-uri 'none'; form-action 'none'",
  );
  assert.ok(html.includes(`<script type="module">${PAGE_SCRIPT}</script>`));
  assert.ok(html.includes(`<style>${PAGE_STYLE}</style>`));
  assert.doesNotMatch(html, /https?:|\bon\w+="|style="/);
});

Deno.test("The markup around script and style of a small page is as it was", () => {
  const html = renderFlameHtml(SMALL).replace(PAGE_SCRIPT, "SCRIPT").replace(PAGE_STYLE, "STYLE")
    .replaceAll(/'sha256-[^']*'/g, "'sha256-HASH'");
  assertGolden("flame/small_page.html", html);
});

Deno.test("Every module of the page is part of its script, once", () => {
  const folder = new URL("../../../cli/flame/html/page/", import.meta.url);
  const modules = [...Deno.readDirSync(folder)].filter(({ name }) => name.endsWith(".js"));
  assert.ok(modules.length > 10);
  for (const { name } of modules) {
    const title = Deno.readTextFileSync(new URL(name, folder)).split("\n", 1)[0];
    assert.equal(PAGE_SCRIPT.split(title).length, 2, name);
  }
  assert.doesNotMatch(PAGE_SCRIPT, /^(?:import|export)\b/m);
  assert.doesNotMatch(PAGE_SCRIPT, /<\/script|<!--/i);
  assert.doesNotMatch(PAGE_SCRIPT, /\binnerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b/);
});

/** The data of a page with changes. */
function withData(change: (data: Record<string, unknown>) => void): string {
  const html = renderFlameHtml(SMALL);
  const [before, rest] = html.split('id="ior-flame">');
  const end = rest.indexOf("</script>");
  const data = JSON.parse(rest.slice(0, end));
  change(data);
  return `${before}id="ior-flame">${JSON.stringify(data)}${rest.slice(end)}`;
}

Deno.test("What is no page of ior, or is damaged, is refused with what is wrong", () => {
  const whole = renderFlameHtml(SMALL);
  const cases: [text: string, message: string][] = [
    ["", "it holds no flamegraph data"],
    ["<!DOCTYPE html><p>a</p>", "it holds no flamegraph data"],
    [whole.slice(0, whole.indexOf("ior-flame") + 60), "it holds no flamegraph data"],
    ['<script type="application/json" id="ior-flame">[1]</script>', "its data is not a JSON object"],
    ['<script type="application/json" id="ior-flame">{"a":</script>', "its data is not a JSON object"],
    [withData((data) => delete data.schema), "its schema is missing, ior.flame/1 is wanted"],
    [
      withData((data) => data.schema = "ior.flame/2\x1b"),
      "its schema is `ior.flame/2\\x1b`, ior.flame/1 is wanted",
    ],
  ];
  const broken: [key: string, value: unknown, fault: string][] = [
    ["title", 1, "`title` is 1, it must be a text"],
    ["facts", [null], "`facts[0]` is null, it must be an object"],
    [
      "facts",
      [{ label: "a", text: "b", tone: "loud" }],
      '`facts[0].tone` is "loud", it must be one of good, bad, null',
    ],
    ["metric", "calls", '`metric` is "calls", it must be one of count, duration, gap, bytes'],
    [
      "fields",
      ["path", "file"],
      '`fields[1]` is "file", it must be one of path, comm, syscall, pid, tid, flags',
    ],
    ["names", ["", 1], "`names[1]` is 1, it must be a text"],
    ["parent", [0, 0, 1, 2, 4, 0, 6, 7], "`field` is a list of 7, it must be of 8 like `parent`"],
    ["parent", [0], "`field` is a list of 7, it must be of 1 like `parent`"],
    ["parent", [0, 0, 1, 2, 4, 0, 6], "`parent[4]` is 4, it must be less than 4"],
    ["parent", [], "`parent` is an empty list, it must be a list of 1 or more"],
    ["field", [0, 0, 0, 1, 2, 1, 9], "`field[6]` is 9, it must be less than 3"],
    ["name", "x", '`name` is "x", it must be a list of 1 or more'],
    ["name", [0, 1, 2, 3, 4, 3, 99], "`name[6]` is 99, it must be less than 6"],
    ["own", null, "`own` is null, it must be an object"],
    ["own", { count: [1] }, "`own.duration` is not there, it must be a list of 1 or more"],
    [
      "own",
      { count: [], duration: [], gap: [], bytes: [] },
      "`own.count` is an empty list, it must be a list of 1 or more",
    ],
    [
      "own",
      { count: [-1], duration: [0], gap: [0], bytes: [0] },
      "`own.count[0]` is -1, it must be a number from 0 on",
    ],
    [
      "own",
      { count: [1], duration: [0, 0], gap: [0], bytes: [0] },
      "`own.count` is a list of 1, it must be of 7 like `parent`",
    ],
    ["before", null, "`before` is null, it must be an object"],
    [
      "before",
      { count: [1], duration: [0], gap: [0], bytes: [0] },
      "`before.count` is a list of 1, it must be of 7 like `parent`",
    ],
    ["inverted", "yes\u009b", '`inverted` is "yes\\x9b", it must be true or false'],
  ];
  for (const [key, value, fault] of broken) {
    cases.push([withData((data) => data[key] = value), fault.replace(" is ", " of its data is ")]);
  }
  for (const [text, message] of cases) {
    const read = () => readFlameHtml(text, "a.html");
    assert.throws(read, (error) => {
      assert.ok(error instanceof IorError);
      assert.equal(error.message, `Cannot read a.html: ${message}`);
      assert.equal(error.code, "usage");
      return true;
    });
  }
  assert.throws(() => readFlameHtml(whole.replace('"gap":[0', '"gap":[1e999')), IorError);
});

Deno.test("Fields that a later version adds to the data are ignored", () => {
  assert.deepEqual(readFlameHtml(withData((data) => data.later = [1])), SMALL);
  const { own } = JSON.parse(encodePage(SMALL));
  assert.deepEqual(readFlameHtml(withData((data) => data.own = { ...own, later: null })), SMALL);
});

Deno.test("The data of a page is as its schema is published, by a validator that is not ours", async () => {
  const check = compileSchema(JSON.parse(await schemaText("flame")));
  const data = (page: FlamePage) => JSON.parse(encodePage(page));
  const before = SMALL.profile.own;
  for (const page of [SMALL, hostilePage(), { ...SMALL, inverted: true }, { ...SMALL, before }]) {
    assert.deepEqual(check(data(page)), []);
  }
  const small = data(SMALL);
  for (const key of Object.keys(small)) {
    const { [key]: _, ...rest } = small;
    assert.notDeepEqual(check(rest), [], key);
    assert.notDeepEqual(check({ ...small, [key]: {} }), [], key);
  }
});
