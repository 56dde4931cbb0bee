import assert from "node:assert/strict";
import { diffProfiles } from "../../../cli/flame/diff.ts";
import { type IcicleOptions, renderIcicleText } from "../../../cli/flame/icicle_text.ts";
import { textWidth } from "../../../cli/text/width.ts";
import { random, testSeed } from "../../engine/batches.ts";
import { assertGolden } from "../../golden.ts";
import {
  callFrames,
  changedProfile,
  exampleProfile,
  hostileProfile,
  profileOf,
  randomProfile,
} from "./profiles.ts";

const OPTIONS: IcicleOptions = { metric: "duration", width: 80, color: false };

for (const width of [50, 80, 120]) {
  for (const [name, looks] of [["", {}], ["_ascii", { ascii: true }], ["_color", { color: true }]] as const) {
    Deno.test(`A flamegraph as text: ${width} columns${name.replace("_", ", ")}`, () => {
      assertGolden(`flame/text_${width}${name}.txt`, pictures({ ...OPTIONS, ...looks, width }));
    });
  }
}

Deno.test("A flamegraph as text: hostile names, nothing, other metrics, every frame", () => {
  const text = [
    renderIcicleText(hostileProfile(), { ...OPTIONS, metric: "count" }),
    renderIcicleText(profileOf(["comm"], []), OPTIONS),
    renderIcicleText(exampleProfile(), { ...OPTIONS, metric: "bytes" }),
    renderIcicleText(exampleProfile(), { ...OPTIONS, metric: "gap", minShare: 0 }),
  ].join("\n");
  assertGolden("flame/text_cases.txt", text);
});

Deno.test("Folders that lead to one place only are one line, a call and its file are two", () => {
  const profile = profileOf(["syscall", "path"], [
    [[["syscall", "read"], ["path", "/a"], ["path", "b"], ["path", "c"]], { count: 1 }],
    [[["syscall", "read"], ["path", "/a"], ["path", "b"], ["path", "d"], ["path", "e"]], { count: 1 }],
  ]);
  const [header, ...lines] = renderIcicleText(profile, { ...OPTIONS, metric: "count" }).trimEnd().split("\n");
  assert.deepEqual(lines.map((line) => line.slice(header.indexOf("FRAME"))), [
    "all",
    "  read",
    "    /a/b",
    "      c",
    "      d/e",
  ]);
});

Deno.test("What is left out is said, with its part of the whole", () => {
  const small = Array.from({ length: 30 }, (_, i) => [callFrames("sh", `call${i}`), { count: 1 }] as const);
  const profile = profileOf(["comm", "syscall"], [...small, [callFrames("dd", "read"), { count: 9_970 }]]);
  const text = renderIcicleText(profile, { ...OPTIONS, metric: "count" });
  assert.equal(text.split("\n").at(-2), "… 31 smaller frames: 0.3% of the calls");
  const all = renderIcicleText(profile, { ...OPTIONS, metric: "count", minShare: 0 });
  assert.equal(all.split("\n").length, 1 + 1 + 2 + 31 + 1);
});

Deno.test("No line is wider than the terminal, whatever the names and however deep", () => {
  const next = random(testSeed());
  const deep = profileOf(["path", "comm"], [[
    Array.from({ length: 60 }, (_, i) => [i % 2 ? "path" : "comm", `part${i}`] as const),
    { duration: 5 },
  ]]);
  for (const picture of [hostileProfile(), deep, randomProfile(next, 100), diffProfiles(deep, deep)]) {
    for (const width of [60, 80, 133]) {
      const text = renderIcicleText(picture, { ...OPTIONS, width, minShare: 0 });
      for (const line of text.split("\n")) assert.ok(textWidth(line) <= width, line);
    }
  }
});

/** One flamegraph and one difference. */
function pictures(options: IcicleOptions): string {
  const diff = diffProfiles(exampleProfile(), changedProfile());
  return `${renderIcicleText(exampleProfile(), options)}\n${renderIcicleText(diff, options)}`;
}
