/** Flamegraph files, given to the programs that they are made for. They are Debian's, which the test runner installs. */
import assert from "node:assert/strict";
import { diffProfiles } from "../../cli/flame/diff.ts";
import { escapeFrame, NO_FRAME } from "../../cli/flame/folded_frame.ts";
import { renderFolded } from "../../cli/flame/folded.ts";
import { flameTotals } from "../../cli/flame/profile_tree.ts";
import { renderFlameSvg } from "../../cli/flame/svg.ts";
import type { FlameProfile, TrieMetric } from "../../runtime/flame.ts";
import { changedProfile, exampleProfile, hostileProfile } from "../cli/flame/profiles.ts";
import { scratchDirectory } from "../kernel_lib/scratch.ts";

/** From the package `libdevel-nytprof-perl`. */
const FLAMEGRAPH_PL = "/usr/share/perl5/Devel/NYTProf/flamegraph.pl";

Deno.test("flamegraph.pl draws every frame of folded stacks with its value", () => {
  for (const profile of [exampleProfile(), hostileProfile()]) {
    const titles = flamegraphTitles(renderFolded(profile, "count"));
    const drawn = new Map<string, number>();
    for (const title of titles) {
      const [, name, value] = /^(.*) \(([\d,]+) units, [\d.]+%\)$/s.exec(title)!;
      drawn.set(name, (drawn.get(name) ?? 0) + Number(value.replaceAll(",", "")));
    }
    assert.deepEqual(sorted(drawn), sorted(totalsByName(profile, "count")));
  }
});

Deno.test("flamegraph.pl draws a folded difference with its widths after and the change", () => {
  const diff = diffProfiles(exampleProfile(), changedProfile());
  const titles = flamegraphTitles(renderFolded(diff, "duration"));
  assert.ok(titles.includes("out.img (3,000,000,000 units, 59.87%; -44.76%)"), titles.join("\n"));
  assert.ok(titles.includes("all (5,010,720,900 units, 100%)"));
});

Deno.test("An XML parser reads our SVG and finds every name as it is shown", () => {
  const options = {
    metric: "count",
    title: "t</title>\x00",
    facts: [{ label: "host", text: "<&>" }],
  } as const;
  const svg = renderFlameSvg(hostileProfile(), options);
  const program = "import json, sys, xml.dom.minidom as dom\n" +
    "tree = dom.parseString(sys.stdin.buffer.read())\n" +
    "print(json.dumps([t.firstChild.data for t in tree.getElementsByTagName('title')]))";
  const titles: string[] = JSON.parse(run(["python3", "-c", program], svg));
  assert.equal(titles.length, 1 + hostileProfile().length);
  assert.equal(titles[0], "t</title>\\x00");
  const shown = ["</script><img src=x onerror=alert(1)>", `"&<>'`, "emoji 🔥 👩\\u{200d}💻", "\\\\(none)"];
  for (const name of shown) assert.ok(titles.some((title) => title.startsWith(`${name}: `)), name);
});

/** Tooltips of the frames that the program draws, also of the narrowest. */
function flamegraphTitles(folded: string): string[] {
  const file = `${scratchDirectory("flame")}/stacks.folded`;
  Deno.writeTextFileSync(file, folded);
  const svg = run(["perl", FLAMEGRAPH_PL, "--minwidth=0", "--countname=units", file], "");
  return [...svg.matchAll(/<title>(.*?)<\/title>/gs)].map(([, title]) => unescapeXml(title));
}

/** Totals by the name that the program shows: it has no angle brackets, and all is one frame. */
function totalsByName(profile: FlameProfile, metric: TrieMetric): Map<string, number> {
  const totals = flameTotals(profile, profile.own[metric]);
  const named = new Map<string, number>([["all", totals[0]], [NO_FRAME, profile.own[metric][0]]]);
  for (let i = 1; i < profile.length; i++) {
    const name = escapeFrame(profile.names[profile.name[i]]).replaceAll("<", "(").replaceAll(">", ")");
    named.set(name, (named.get(name) ?? 0) + totals[i]);
  }
  return named;
}

function sorted(values: Map<string, number>): [string, number][] {
  return [...values].filter(([, value]) => value > 0).sort(([a], [b]) => a < b ? -1 : 1);
}

function unescapeXml(text: string): string {
  const entities: Record<string, string> = { "&lt;": "<", "&gt;": ">", "&quot;": '"', "&amp;": "&" };
  return text.replace(/&(?:lt|gt|quot|amp);/g, (entity) => entities[entity]);
}

/** Runs a program with `input` and returns what it wrote; what it complained about fails the test. */
function run([program, ...args]: string[], input: string): string {
  const file = `${scratchDirectory("input")}/input`;
  Deno.writeTextFileSync(file, input);
  const { code, stdout, stderr } = new Deno.Command("sh", {
    args: ["-c", 'exec "$@" <"$0"', file, program, ...args],
  }).outputSync();
  const text = new TextDecoder();
  assert.deepEqual([code, text.decode(stderr)], [0, ""]);
  return text.decode(stdout);
}
