/** An SVG flamegraph in a real browser, opened by itself. */
import assert from "node:assert/strict";
import { renderFlameSvg } from "../../cli/flame/svg.ts";
import { pathFrames, profileOfStacks } from "../cli/flame/html_profiles.ts";
import { Chromium } from "../kernel_lib/chromium.ts";
import { scratchDirectory } from "../kernel_lib/scratch.ts";

const PROFILE = profileOfStacks(["path", "syscall"], [
  { frames: [...pathFrames("/usr/lib/a.so"), ["syscall", "read"]], values: { count: 60 } },
  { frames: [...pathFrames("/usr/lib/lib"), ["syscall", "openat"]], values: { count: 20 } },
  { frames: [...pathFrames("/etc/passwd"), ["syscall", "read"]], values: { count: 20 } },
]);

Deno.test("A picture zooms and searches when it is opened by itself", async () => {
  await using browser = await Chromium.start();
  const folder = Deno.env.get("IOR_TEST_OUTPUT") ?? scratchDirectory("svg");
  Deno.mkdirSync(folder, { recursive: true });
  const options = { metric: "count", title: "make", facts: [{ label: "loss", text: "none" }] } as const;
  Deno.writeTextFileSync(`${folder}/picture.svg`, renderFlameSvg(PROFILE, options));
  const page = await browser.open(`file://${folder}/picture.svg`, { width: 1220, height: 300 });

  /** What is shown of each frame: its path or name, its width in pixels, its text. */
  const shown = (): Promise<[string, number, string][]> =>
    page.evaluate(
      `[...document.querySelectorAll("g[data-name]")].filter((g) => g.style.display !== "none").map((g) =>
      [g.dataset.path ?? g.dataset.name, Math.round(g.querySelector("rect").getAttribute("width")),
       g.querySelector("text")?.textContent ?? ""])`,
    );
  const text = (id: string): Promise<string> => page.evaluate(`document.getElementById("${id}").textContent`);
  const click = (path: string) =>
    page.evaluate(`document.querySelector('g[data-path="${path}"]').dispatchEvent(new MouseEvent("click"))`);

  const start = await shown();
  assert.equal(start.length, 8);
  assert.ok(start.some(([path, , label]) => path === "/usr/lib" && label.startsWith("/usr/lib")));
  await page.screenshot(`${folder}/picture-start.png`);

  await click("/etc/passwd");
  const zoomed = await shown();
  assert.deepEqual(zoomed.map(([path]) => path), ["all", "/etc/passwd", "read"]);
  assert.ok(zoomed.every(([, width]) => width >= 1179), JSON.stringify(zoomed));
  assert.equal(await page.evaluate(`document.getElementById("reset").style.display`), "inline");
  await page.screenshot(`${folder}/picture-zoomed.png`);
  await page.evaluate(`document.getElementById("reset").dispatchEvent(new MouseEvent("click"))`);
  assert.deepEqual(await shown(), start);

  const search = async (query: string) => {
    await page.evaluate(`globalThis.prompt = () => ${JSON.stringify(query)}`);
    await page.evaluate(`document.getElementById("search").dispatchEvent(new MouseEvent("click"))`);
    return await text("found");
  };
  for (
    const [query, found] of [
      ["^read$", "80.0% matched"],
      ["lib", "80.0% matched"],
      ["^passwd$", "20.0% matched"],
      ["^/usr$", "80.0% matched"],
      ["/usr/lib/a", "60.0% matched"],
      ["(", "Invalid regular expression"],
    ]
  ) {
    assert.equal(await search(query), found, query);
    if (query === "lib") await page.screenshot(`${folder}/picture-found.png`);
    await page.evaluate(`document.getElementById("search").dispatchEvent(new MouseEvent("click"))`);
    assert.equal(await text("found"), "");
  }
  assert.deepEqual(await shown(), start);
  assert.deepEqual([page.errors, page.requests], [[], []]);
});
