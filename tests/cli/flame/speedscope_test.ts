import assert from "node:assert/strict";
import { renderFolded } from "../../../cli/flame/folded.ts";
import { readFlameHtml } from "../../../cli/flame/html/read_html.ts";
import { readFolded } from "../../../cli/flame/read_folded.ts";
import { renderFlame } from "../../../cli/flame/render_flame.ts";
import { renderSpeedscope } from "../../../cli/flame/speedscope.ts";
import { type FlameProfile, TRIE_METRICS } from "../../../runtime/flame.ts";
import { random, testSeed } from "../../engine/batches.ts";
import { assertGolden } from "../../golden.ts";
import { compileSchema } from "../../json_schema.ts";
import { exampleProfile, hostileProfile, profileOf, randomProfile, stacksOf, sum } from "./profiles.ts";
import published from "./speedscope/file-format-schema.json" with { type: "json" };

/** As far as these tests look at it. */
interface SpeedscopeFile {
  activeProfileIndex: number;
  shared: { frames: { name: string; file?: string }[] };
  profiles: { name: string; unit: string; endValue: number; samples: number[][]; weights: number[] }[];
}

// The published schema says that it is draft 7; what it uses means the same in 2020-12, which the validator knows.
const { $schema: _, ...schema } = published;
const check = compileSchema(schema);

Deno.test("A speedscope file: an example, hostile names", () => {
  const example = renderSpeedscope(exampleProfile(), { name: "dd", metric: "duration" });
  const hostile = renderSpeedscope(hostileProfile(), { name: `"</script>\u202e`, metric: "count" });
  assertGolden("flame/example.speedscope.json", example);
  assertGolden("flame/hostile.speedscope.json", hostile);
});

Deno.test("Speedscope files are valid by the published schema", () => {
  const next = random(testSeed());
  const profiles = [exampleProfile(), hostileProfile(), profileOf(["comm"], []), randomProfile(next, 80)];
  for (const profile of profiles) {
    for (const metric of TRIE_METRICS) assert.deepEqual(check(parse(profile, metric)), []);
  }
  assert.notDeepEqual(check({ ...parse(exampleProfile(), "count"), profiles: [{ type: "sampled" }] }), []);
});

Deno.test("A speedscope file has a profile with its unit for each metric, the one asked for first to be seen", () => {
  const file = parse(exampleProfile(), "bytes");
  assert.deepEqual(file.profiles.map(({ name, unit }) => [name, unit]), [
    ["calls", "none"],
    ["time in calls", "nanoseconds"],
    ["time before calls", "nanoseconds"],
    ["bytes", "bytes"],
  ]);
  assert.equal(file.activeProfileIndex, 3);
});

Deno.test("Names that differ in bytes that are no UTF-8 are two frames in every form, escaped", () => {
  const profile = profileOf(["path"], [
    [[["path", "/srv"], ["path", "caf\udce9"]], { count: 2 }],
    [[["path", "/srv"], ["path", "caf\udce8"]], { count: 1 }],
  ]);
  const look = { metric: "count", title: "t", facts: [], inverted: false } as const;
  const terminal = { width: 80, color: false, ascii: false };
  for (const format of ["folded", "svg", "speedscope", "text"] as const) {
    const text = renderFlame(profile, format, { ...look, ...terminal });
    for (const byte of ["351", "350"]) {
      assert.match(text, new RegExp(`caf\\\\${format === "speedscope" ? "\\\\" : ""}${byte}`), format);
    }
    assert.ok(text.isWellFormed() && !text.includes("\\udc"), format);
  }
  assert.deepEqual(readFlameHtml(renderFlame(profile, "html", { ...look, ...terminal })).profile, profile);
  const read = readFolded(renderFolded(profile, "count"), { name: "x", metric: "count" });
  assert.deepEqual(read.names.toSorted(), profile.names.toSorted());
});

Deno.test("A metric without values has no profile unless it is asked for", () => {
  const profile = profileOf(["comm"], [[[["comm", "a"]], { count: 1 }]]);
  assert.deepEqual(parse(profile, "count").profiles.map(({ name }) => name), ["calls"]);
  const asked = parse(profile, "bytes");
  assert.deepEqual(asked.profiles.map(({ name, endValue }) => [name, endValue]), [["calls", 1], [
    "bytes",
    0,
  ]]);
  assert.equal(asked.activeProfileIndex, 1);
});

Deno.test("A speedscope file holds every stack and every value of all metrics", () => {
  const next = random(testSeed());
  const profile = randomProfile(next, 80);
  const { profiles, shared } = parse(profile, "duration");
  const names = new Map(profiles.map((each) => [each.name, each]));
  for (
    const [metric, name] of [["count", "calls"], ["duration", "time in calls"], ["bytes", "bytes"]] as const
  ) {
    const { samples, weights, endValue } = names.get(name)!;
    assert.equal(samples.length, weights.length);
    assert.equal(endValue, sum(profile.own[metric]));
    const stacks = new Map<string, number>();
    for (const [i, sample] of samples.entries()) {
      const key = JSON.stringify(ownNames(sample.map((frame) => shared.frames[frame])));
      stacks.set(key, (stacks.get(key) ?? 0) + weights[i]);
    }
    assert.deepEqual(
      Object.fromEntries([...stacks].sort(([a], [b]) => a < b ? -1 : 1)),
      stacksOf(profile, metric),
    );
  }
});

Deno.test("A call and a file of one name are two frames of speedscope", () => {
  const { shared } = parse(
    profileOf(["syscall", "path"], [[[["syscall", "read"], ["path", "read"]], { count: 1 }]]),
    "count",
  );
  assert.deepEqual(shared.frames, [{ name: "read" }, { name: "read", file: "read" }]);
});

Deno.test("Folders of one name in two places are two frames of speedscope, a place is one wherever it stands", () => {
  const stack = (comm: string, ...path: string[]): [["comm" | "path", string][], { count: number }] => [
    [["comm", comm], ...path.map((part): ["path", string] => ["path", part])],
    { count: 1 },
  ];
  const { shared } = parse(
    profileOf(["comm", "path"], [
      stack("a", "/usr", "include"),
      stack("a", "/usr", "local", "include"),
      stack("b", "/usr", "include"),
      stack("b", "/"),
      stack("b", "/", "x"),
    ]),
    "count",
  );
  const files = shared.frames.flatMap(({ name, file }) => file === undefined ? [] : [[name, file]]);
  const paths = ["/usr", "/usr/include", "/usr/local", "/usr/local/include", "/", "/x"];
  assert.deepEqual(files.sort(), paths.map((path) => [path, path]).sort());
});

/** Names of frames where the frame before stands for the path before. */
function ownNames(frames: { name: string; file?: string }[]): string[] {
  return frames.map(({ name, file }, i) => {
    const before = i > 0 && file !== undefined ? frames[i - 1].file : undefined;
    if (before === undefined) return name;
    return name.slice(before.length + (before.endsWith("/") ? 0 : 1));
  });
}

function parse(profile: FlameProfile, metric: typeof TRIE_METRICS[number]): SpeedscopeFile {
  return JSON.parse(renderSpeedscope(profile, { name: "test", metric }));
}
