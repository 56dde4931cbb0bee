import assert from "node:assert/strict";
import { diffProfiles, isFlameDiff } from "../../../cli/flame/diff.ts";
import { renderFolded } from "../../../cli/flame/folded.ts";
import { renderFlameHtml } from "../../../cli/flame/html/render_html.ts";
import { flameReaders, readFlameFile } from "../../../cli/flame/read_flame.ts";
import { renderFlameSvg } from "../../../cli/flame/svg.ts";
import { IorError } from "../../../runtime/errors.ts";
import { changedProfile, exampleProfile, hostileProfile, stacksOf } from "./profiles.ts";

const READERS = flameReaders("bytes");

Deno.test("A file of folded stacks is read with the metric asked for", () => {
  const read = readFlameFile(renderFolded(exampleProfile(), "bytes"), "x.folded", READERS);
  assert.ok(!isFlameDiff(read));
  assert.deepEqual(stacksOf(read, "bytes"), stacksOf(exampleProfile(), "bytes"));
});

Deno.test("A folded difference is read as one", () => {
  const diff = diffProfiles(exampleProfile(), changedProfile());
  const read = readFlameFile(renderFolded(diff, "bytes"), "x.folded", READERS);
  assert.ok(isFlameDiff(read));
  assert.deepEqual(stacksOf({ ...read, own: read.before }, "bytes"), stacksOf(exampleProfile(), "bytes"));
  assert.deepEqual(stacksOf({ ...read, own: read.after }, "bytes"), stacksOf(changedProfile(), "bytes"));
});

Deno.test("A page is read back, of one flamegraph and of a difference", () => {
  const page = { title: "t", facts: [], metric: "count" as const };
  const profile = hostileProfile();
  assert.deepEqual(readFlameFile(renderFlameHtml({ ...page, profile }), "x.html", READERS), profile);
  const diff = diffProfiles(exampleProfile(), changedProfile());
  const { before, after, ...shape } = diff;
  const html = renderFlameHtml({ ...page, profile: { ...shape, own: after }, before });
  assert.deepEqual(readFlameFile(html, "x.html", READERS), diff);
});

Deno.test("Other files are refused by their name, an empty one is a flamegraph of nothing", () => {
  const svg = renderFlameSvg(exampleProfile(), { metric: "count", title: "t", facts: [] });
  for (const text of [svg, "{}", "\x7fELF\x00\x00", "just text\n"]) {
    assert.throws(
      () => readFlameFile(text, "a\x1bb", READERS),
      (error) =>
        error instanceof IorError && error.code === "usage" &&
        error.message === "Cannot read a\\x1bb: it must hold a page of ior flame or folded stacks",
    );
  }
  assert.equal(readFlameFile("\n\n", "x.folded", READERS).length, 1);
});

Deno.test("Readers are a table: another form needs a row only", () => {
  const other = { about: "x", recognises: (text: string) => text === "X", read: () => exampleProfile() };
  assert.deepEqual(readFlameFile("X", "x", [...READERS, other]), exampleProfile());
});
