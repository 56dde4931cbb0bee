import assert from "node:assert/strict";
import { diffProfiles } from "../../../cli/flame/diff.ts";
import { renderFlameSvg, type SvgOptions } from "../../../cli/flame/svg.ts";
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
  type Stack,
} from "./profiles.ts";

const OPTIONS: SvgOptions = {
  metric: "duration",
  title: "dd: time in calls",
  facts: [
    { label: "command", text: "dd if=/dev/zero of=/var/tmp/out.img bs=1M count=4096" },
    { label: "host", text: "build7" },
    { label: "started", text: "2025-10-09T08:53:20Z" },
    { label: "loss", text: "none" },
  ],
};

Deno.test("An SVG flamegraph: an example, upside down, hostile names, nothing", () => {
  assertGolden("flame/example.svg", renderFlameSvg(exampleProfile(), OPTIONS));
  assertGolden(
    "flame/example_inverted.svg",
    renderFlameSvg(exampleProfile(), { ...OPTIONS, metric: "bytes", inverted: true }),
  );
  const hostile = `</title><script>alert(1)</script>"&\x00\ufffe${"w".repeat(200)}`;
  assertGolden(
    "flame/hostile.svg",
    renderFlameSvg(hostileProfile(), {
      metric: "count",
      title: hostile,
      facts: [{ label: "command", text: hostile }, { label: "host", text: "\u202ebad" }],
    }),
  );
  assertGolden("flame/empty.svg", renderFlameSvg(profileOf(["comm"], []), { ...OPTIONS, facts: [] }));
});

Deno.test("An SVG difference: the larger of both, before, after", () => {
  const diff = diffProfiles(exampleProfile(), changedProfile());
  assertGolden("flame/diff.svg", renderFlameSvg(diff, OPTIONS));
  assertGolden("flame/diff_before.svg", renderFlameSvg(diff, { ...OPTIONS, width: "before" }));
  assertGolden("flame/diff_after.svg", renderFlameSvg(diff, { ...OPTIONS, width: "after" }));
});

Deno.test("A frame inside another lies over it and within its width", () => {
  const next = random(testSeed());
  for (let round = 0; round < 10; round++) {
    const profile = randomProfile(next, 60);
    for (const inverted of [false, true]) {
      const levels = new Map<number, { x: number; end: number }[]>();
      for (const { x, y, width } of frames(renderFlameSvg(profile, { ...OPTIONS, inverted }))) {
        levels.set(y, [...levels.get(y) ?? [], { x, end: x + width }]);
      }
      const order = [...levels].sort(([a], [b]) => inverted ? b - a : a - b).map(([, level]) => level);
      assert.equal(order[0].length, 1);
      for (let i = 1; i < order.length; i++) {
        for (const { x, end } of order[i]) {
          // Places are rounded to a hundredth of a pixel, and frames end half a pixel before their neighbour.
          const holds = order[i - 1].some((below) => below.x <= x + 0.02 && end <= below.end + 0.52);
          assert.ok(holds, `Nothing is below ${x}..${end}`);
        }
        const sorted = order[i].sort((a, b) => a.x - b.x);
        assert.ok(sorted.every(({ x }, at) => at === 0 || sorted[at - 1].end <= x + 0.02), "Frames overlap");
      }
    }
  }
});

Deno.test("Frames narrower than a tenth of a pixel are not drawn, and how much that hides is said", () => {
  const stacks = Array.from({ length: 500 }, (_, i): Stack => [callFrames("tiny", `call${i}`), { count: 1 }]);
  const profile = profileOf(["comm", "syscall"], [...stacks, [callFrames("huge", "read"), {
    count: 99_999_500,
  }]]);
  const svg = renderFlameSvg(profile, { ...OPTIONS, metric: "count" });
  assert.equal(frames(svg).length, 3);
  assert.match(svg, />501 frames are too narrow to be drawn: &lt;0.1% of the calls</);
});

Deno.test("No name becomes markup, and no character that XML forbids is in the document", () => {
  const next = random(testSeed());
  for (const profile of [hostileProfile(), randomProfile(next, 200)]) {
    const svg = renderFlameSvg(profile, { ...OPTIONS, metric: "count", title: "\x1b</svg>" });
    // deno-lint-ignore no-control-regex -- these are what must not be there
    assert.doesNotMatch(svg, /[\x00-\x09\x0b-\x1f\x7f-\x9f\ufffe\uffff\u202a-\u202e]|\p{Cs}/u);
    const markup = svg.replace(SCRIPT, "");
    const tags = new Set([...markup.matchAll(/<\/?([^\s>/]*)/g)].map(([, tag]) => tag));
    assert.deepEqual([...tags].sort(), [
      "g",
      "rect",

      "style",
      "svg",
      "text",
      "title",
      "tspan",
    ]);
    assert.equal(markup.match(/&(?!(?:amp|lt|gt|quot|apos);)/), null);
  }
});

Deno.test("The script of a picture is the same for every run, and ends where it should", () => {
  const [first, second] = [exampleProfile(), hostileProfile()].map((profile) =>
    SCRIPT.exec(renderFlameSvg(profile, OPTIONS))![0]
  );
  assert.equal(first, second);
  assert.equal(first.split("]]>").length, 2);
});

Deno.test("The text of a frame has room in it", () => {
  const svg = renderFlameSvg(hostileProfile(), { ...OPTIONS, metric: "count" });
  const texts = [...svg.matchAll(/<svg x="[\d.]+" y="\d+" width="([\d.]+)".*?<text[^>]*>(.*?)<\/text>/g)];
  assert.ok(texts.length > 10);
  for (const [, width, text] of texts) {
    const plain = text.replace(/<[^>]*>/g, "").replace(/&\w+;/g, "&");
    assert.ok(textWidth(plain) * 7.2 <= Number(width), `${plain} is wider than ${width} pixels`);
  }
});

/** The script is the same in every picture. */
const SCRIPT = /<script><!\[CDATA\[.*?\]\]><\/script>/s;

/** Where the rectangles of frames are, in pixels. */
function frames(svg: string): { x: number; y: number; width: number }[] {
  return [...svg.matchAll(/<rect x="([\d.]+)" y="(\d+)" width="([\d.]+)"/g)]
    .map(([, x, y, width]) => ({ x: Number(x), y: Number(y), width: Number(width) }));
}
