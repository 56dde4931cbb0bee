/** The HTML flamegraph in a real browser, opened from the disk. */
import assert from "node:assert/strict";
import { diffProfiles } from "../../cli/flame/diff.ts";
import type { FlamePage } from "../../cli/flame/html/flame_page.ts";
import { readFlameHtml } from "../../cli/flame/html/read_html.ts";
import { renderFlameHtml } from "../../cli/flame/html/render_html.ts";
import {
  busyProfile,
  HOSTILE_NAMES,
  largeProfile,
  pathFrames,
  profileOfStacks,
} from "../cli/flame/html_profiles.ts";
import { random } from "../engine/batches.ts";
import { Chromium } from "../kernel_lib/chromium.ts";
import { type ChromiumPage, CTRL } from "../kernel_lib/chromium_page.ts";

const SIZE = { width: 1400, height: 800 };
/** Frames of the large graph. */
const LARGE = 100_000;

/** Where the pages and the pictures of this run are kept: `IOR_TEST_OUTPUT`, or a temporary folder that stays. */
function outputFolder(): string {
  const given = Deno.env.get("IOR_TEST_OUTPUT");
  if (given === undefined) return Deno.makeTempDirSync({ prefix: "ior-flame-pages-" });
  Deno.mkdirSync(given, { recursive: true });
  return given;
}

const FACTS: FlamePage["facts"] = [
  { label: "command", text: "make -j8", tone: null },
  { label: "kernel", text: "Linux 6.12.9 x86_64", tone: null },
  { label: "loss", text: "none", tone: "good" },
];

const FILES: FlamePage = {
  title: "make -j8",
  facts: FACTS,
  metric: "count",
  profile: profileOfStacks(["path", "comm", "syscall"], [
    {
      frames: [...pathFrames("/usr/lib/a.so"), ["comm", "make"], ["syscall", "read"]],
      values: { count: 60, duration: 1000, bytes: 4096 },
    },
    {
      frames: [...pathFrames("/usr/lib/lib"), ["comm", "make"], ["syscall", "openat"]],
      values: { count: 20, duration: 9000 },
    },
    {
      frames: [...pathFrames("/etc/passwd"), ["comm", "bash"], ["syscall", "read"]],
      values: { count: 20, duration: 500, bytes: 904 },
    },
  ]),
};

/** Opens pages, keeps their pictures, and holds every page to silence: no error, no request. */
class Pages {
  readonly folder = outputFolder();
  readonly #browser: Chromium;

  constructor(browser: Chromium) {
    this.#browser = browser;
  }

  async use(
    name: string,
    page: FlamePage,
    test: (page: ChromiumPage, keep: (view: string) => Promise<void>) => Promise<void>,
    scale = 1,
  ): Promise<void> {
    const path = `${this.folder}/${name}.html`;
    Deno.writeTextFileSync(path, renderFlameHtml(page));
    const shown = await this.#browser.open(`file://${path}`, { ...SIZE, scale });
    await shown.prefer("light");
    await shown.until("globalThis.iorFlame && iorFlame.state().theme === 'light'");
    await test(shown, (view) => shown.screenshot(`${this.folder}/${name}-${view}.png`));
    assert.deepEqual(shown.errors, []);
    assert.deepEqual(shown.requests, []);
    assert.equal(await shown.evaluate("globalThis.__pwned"), undefined);
    assert.deepEqual(readFlameHtml(Deno.readTextFileSync(path)), page);
    await shown.close();
  }
}

const state = (page: ChromiumPage) => page.evaluate("iorFlame.state()");

/** Clicks on a frame, by the names from the root to it. */
async function clickFrame(page: ChromiumPage, ...stack: string[]): Promise<void> {
  const [x, y] = await placeOf(page, ...stack);
  await page.click(x, y);
}

async function placeOf(page: ChromiumPage, ...stack: string[]): Promise<[number, number]> {
  const box = await page.evaluate(
    `iorFlame.boxes().find(({ stack, rest }) => rest < 0 && stack.join("\\0") === ${
      JSON.stringify(stack.join("\0"))
    })`,
  );
  assert.ok(box, `${stack.join(" ")} is not drawn`);
  return [box.x + box.width / 2, box.y + box.height / 2];
}

/** What the tooltip says, its cells apart by spaces. */
const tooltip = (page: ChromiumPage): Promise<string> =>
  page.evaluate(
    `[...document.querySelectorAll("#tooltip strong, #tooltip p, #tooltip .field, #tooltip th, #tooltip td")]
      .map((part) => part.textContent).filter((text) => text !== "").join(" | ")`,
  );

const text = (page: ChromiumPage, id: string): Promise<string> =>
  page.evaluate(`document.getElementById("${id}").textContent`);

/** Pixels of the canvas, as different colours that it has. */
const colors = (page: ChromiumPage): Promise<number> =>
  page.evaluate(`(() => {
    const canvas = document.getElementById("canvas");
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return new Set(new Uint32Array(data.buffer)).size;
  })()`);

Deno.test("The flamegraph page works in a browser, from one file", async (t) => {
  await using browser = await Chromium.start();
  const pages = new Pages(browser);
  console.log(`The pages and their pictures are in ${pages.folder}`);

  await t.step("It shows the graph, and the facts of the run", async () => {
    await pages.use("files", FILES, async (page, keep) => {
      assert.equal(await page.evaluate("document.title"), "make -j8");
      assert.equal(await text(page, "title"), "make -j8");
      assert.match(await text(page, "facts"), /kernelLinux 6\.12\.9 x86_64lossnone/);
      const { frames, drawn, metric, order } = await state(page);
      // /usr and /usr/lib are one box, as are /etc and /etc/passwd.
      assert.deepEqual([frames, drawn, metric], [FILES.profile.length, FILES.profile.length - 2, "count"]);
      assert.deepEqual(order, ["path", "comm", "syscall"]);
      assert.ok(await colors(page) > 6);
      await keep("start");
      await page.key("l");
      const cells =
        `[...document.querySelectorAll("#table-rows tr:first-child td")].map((cell) => cell.textContent)`;
      assert.deepEqual(await page.evaluate(cells), ["/usr", "path", "1", "0 0.0%", "80 80.0%"]);
      await page.clickOn("#table-head th:first-child button");
      assert.equal((await page.evaluate(cells))[0], "/etc");
      await keep("table");
      await page.clickOn("#table-rows tr:first-child button");
      assert.match(await text(page, "found"), /^20\.0% of all in 2 frames$/);
      await page.evaluate(`document.getElementById("query").value = ""`);
      await page.evaluate(`document.getElementById("query").dispatchEvent(new Event("input"))`);
    });
  });

  await t.step("The root is at the bottom when it is asked for", async () => {
    await pages.use("inverted", { ...FILES, inverted: true }, async (page, keep) => {
      assert.equal((await state(page)).flipped, true);
      const [, root] = await placeOf(page);
      const [, lib] = await placeOf(page, "/usr", "lib");
      assert.ok(root > lib, `${root} ${lib}`);
      await keep("start");
      await page.key("i");
      assert.equal((await state(page)).flipped, false);
    });
  });

  await t.step("A click zooms, and Esc, Backspace, the buttons and the browser go back", async () => {
    await pages.use("files", FILES, async (page) => {
      await clickFrame(page, "/usr", "lib", "a.so");
      assert.deepEqual((await state(page)).zoom, ["/usr", "lib", "a.so"]);
      await clickFrame(page, "/usr", "lib");
      assert.deepEqual((await state(page)).zoom, ["/usr", "lib"]);
      await page.key("Escape");
      await page.until("iorFlame.state().zoom.length === 3");
      await page.key("Backspace");
      await page.until("iorFlame.state().zoom.length === 0");
      await page.evaluate("history.forward()");
      await page.until("iorFlame.state().zoom.length === 3");
      await page.clickOn("#back");
      await page.until("iorFlame.state().zoom.length === 0");
      assert.equal(await page.evaluate("document.getElementById('back').disabled"), true);
      await clickFrame(page, "/etc", "passwd");
      await page.clickOn("#reset");
      assert.deepEqual((await state(page)).zoom, []);
      await page.key("Escape");
      await page.until("iorFlame.state().zoom.length === 2");
    });
  });

  await t.step("A page that is loaded again shows what it showed", async () => {
    await pages.use("files", FILES, async (page) => {
      await page.key("4");
      await clickFrame(page, "/usr", "lib", "a.so");
      await page.reload();
      const { metric, zoom } = await state(page);
      assert.deepEqual([metric, zoom], ["bytes", ["/usr", "lib", "a.so"]]);
      await page.key("Escape");
      await page.until("iorFlame.state().zoom.length === 0");
    });
  });

  await t.step("The pointer on a frame shows exact numbers", async () => {
    await pages.use("files", FILES, async (page, keep) => {
      await page.point(...await placeOf(page, "/usr", "lib", "a.so"));
      assert.equal(
        await tooltip(page),
        "/usr/lib/a.so | path | 60 calls | total | own | of all | of zoomed frame | " +
          "Calls | 60 | 0 | 60.0% | 60.0% | Time in calls | 1.00µs | 0ns | 9.5% | 9.5% | " +
          "Bytes | 4.00KiB | 0B | 81.9% | 81.9%",
      );
      await keep("tooltip");
      await page.point(5, 5);
      await page.until("document.getElementById('tooltip').hidden");
    });
  });

  await t.step("The keyboard reaches every frame, and says where it is", async () => {
    await pages.use("files", FILES, async (page, keep) => {
      const live: string[] = [];
      for (const key of ["ArrowDown", "ArrowRight", "ArrowLeft", "ArrowDown", "End", "Home"]) {
        await page.key(key);
        live.push((await state(page)).focus.join("/"));
      }
      assert.deepEqual(live, [
        "/usr/lib",
        "/etc/passwd",
        "/usr/lib",
        "/usr/lib/a.so",
        "/usr/lib/lib",
        "/usr/lib/a.so",
      ]);
      const sentence = "/usr/lib/a.so, path: 60 calls, 60.0% of all";
      assert.equal(await text(page, "live"), sentence);
      assert.equal(await text(page, "status"), sentence);
      assert.equal(await page.evaluate("document.activeElement.id"), "scroll");
      await keep("focus");
      await page.key("Enter");
      assert.deepEqual((await state(page)).zoom, ["/usr", "lib", "a.so"]);
      await page.key("0");
      assert.deepEqual((await state(page)).zoom, []);
      await page.key("?");
      assert.equal(await page.evaluate("document.getElementById('keys').open"), true);
      assert.match(await text(page, "key-rows"), /Enter Space zoom to the frame/);
      await keep("keys");
      await page.key("Escape");
      await page.until("!document.getElementById('keys').open");
    });
  });

  await t.step("A search marks what matches and adds it up once", async () => {
    await pages.use("files", FILES, async (page, keep) => {
      await page.key("/");
      await page.type("lib");
      assert.equal(await text(page, "found"), "80.0% of all in 2 frames");
      await keep("search");
      await page.key("Enter");
      assert.deepEqual((await state(page)).focus, ["/usr", "lib"]);
      await page.key("Enter");
      assert.deepEqual((await state(page)).focus, ["/usr", "lib", "lib"]);
      await page.key("Escape");
      assert.equal(await text(page, "found"), "");
      await page.key("f", CTRL);
      assert.equal(await page.evaluate("document.activeElement.id"), "query");
      await page.type("^(read");
      await page.clickOn("#pattern");
      assert.equal(await text(page, "found"), "Invalid regular expression");
      await page.evaluate("document.getElementById('query').focus()");
      await page.type(")$");
      assert.equal(await text(page, "found"), "80.0% of all in 2 frames");
    });
  });

  await t.step("Metric, order of the frames and direction change in the page", async () => {
    await pages.use("files", FILES, async (page, keep) => {
      await page.clickOn("#metrics button:nth-child(2)");
      assert.deepEqual([(await state(page)).metric, (await state(page)).total], ["duration", 10_500]);
      await page.key("m");
      assert.equal((await state(page)).metric, "bytes", "a metric without values is passed over");
      await page.key("1");
      await page.clickOn('[data-key="comm left"]');
      assert.deepEqual((await state(page)).order, ["comm", "path", "syscall"]);
      assert.equal(
        await page.evaluate("document.activeElement.dataset.key"),
        "comm name",
        "the focus stays with the field",
      );
      await page.clickOn('[data-key="path name"]');
      assert.deepEqual((await state(page)).order, ["comm", "syscall"]);
      assert.deepEqual(
        (await page.evaluate("iorFlame.boxes()")).map(({ stack }: { stack: string[] }) => stack.join("/"))
          .sort(),
        ["", "bash", "bash/read", "make", "make/openat", "make/read"],
      );
      await keep("order");
      await page.key("v");
      assert.deepEqual((await state(page)).reversed, true);
      await placeOf(page, "read", "make");
      await page.key("i");
      const [, root] = await placeOf(page);
      const [, read] = await placeOf(page, "read");
      assert.ok(root > read, "the root is at the bottom");
      await page.key("ArrowUp");
      assert.deepEqual((await state(page)).focus, ["read"]);
      await keep("flipped");
      for (let step = 0; step < 6; step++) await page.key("Escape");
      await page.until("document.getElementById('back').disabled");
      const { metric, order, reversed } = await state(page);
      assert.deepEqual([metric, order, reversed], ["count", ["path", "comm", "syscall"], false]);
    });
  });

  await t.step("It is dark or light as the system is, or as the reader says", async () => {
    await pages.use("busy", { ...FILES, profile: busyProfile(random(7)) }, async (page, keep) => {
      const background = "getComputedStyle(document.body).backgroundColor";
      await keep("light");
      assert.equal(await page.evaluate(background), "rgb(255, 255, 255)");
      await page.prefer("dark");
      await page.until("iorFlame.state().theme === 'dark'");
      assert.equal(await page.evaluate(background), "rgb(23, 24, 27)");
      await keep("dark");
      await page.key("t");
      assert.equal((await state(page)).theme, "light");
      await page.prefer("dark");
      assert.equal(await page.evaluate(background), "rgb(255, 255, 255)");
    });
  });

  await t.step("On paper it is light, whole and without controls", async () => {
    const frames = Array.from({ length: 90 }, () => ["comm", "deep"] as ["comm", string]);
    const profile = profileOfStacks(["comm"], [{ frames, values: { count: 1 } }]);
    await pages.use("paper", { ...FILES, profile }, async (page, keep) => {
      await page.key("t");
      assert.ok((await state(page)).drawn < profile.length);
      await page.send("Emulation.setEmulatedMedia", { media: "print" });
      await page.evaluate("dispatchEvent(new Event('beforeprint'))");
      assert.equal((await state(page)).drawn, profile.length);
      assert.equal(await page.evaluate("getComputedStyle(document.querySelector('nav')).display"), "none");
      assert.equal(
        await page.evaluate("getComputedStyle(document.body).backgroundColor"),
        "rgb(255, 255, 255)",
      );
      await keep("print");
      await page.evaluate("dispatchEvent(new Event('afterprint'))");
      await page.send("Emulation.setEmulatedMedia", { media: "" });
      await page.print(`${pages.folder}/paper.pdf`);
      await page.until(`iorFlame.state().drawn < ${profile.length}`);
    });
  });

  await t.step("A comparison shows both numbers, and colours what grew and shrank", async () => {
    const earlier = profileOfStacks(FILES.profile.fields, [
      {
        frames: [...pathFrames("/usr/lib/a.so"), ["comm", "make"], ["syscall", "read"]],
        values: { count: 40, duration: 1000 },
      },
      {
        frames: [...pathFrames("/etc/passwd"), ["comm", "bash"], ["syscall", "read"]],
        values: { count: 80 },
      },
      { frames: [...pathFrames("/etc/shadow"), ["comm", "su"], ["syscall", "read"]], values: { count: 120 } },
    ]);
    const { before, after: own, ...shape } = diffProfiles(earlier, FILES.profile);
    const page: FlamePage = { ...FILES, profile: { ...shape, own }, before };
    await pages.use("diff", page, async (page, keep) => {
      assert.equal(await page.evaluate("document.getElementById('legend').hidden"), false);
      await page.point(...await placeOf(page, "/etc"));
      assert.equal(
        await tooltip(page),
        "/etc | path | 200 calls before, 20 calls after, −90.0% | before | after | change | difference | " +
          "Calls | 200 | 20 | −90.0% | −180 | Time in calls | 0ns | 500ns | new | +500ns | " +
          "Bytes | 0B | 904B | new | +904B",
      );
      await keep("light");
      assert.deepEqual([(await state(page)).widths, (await state(page)).total], ["larger", 280]);
      await page.clickOn("#widths button:nth-child(2)");
      assert.deepEqual([(await state(page)).widths, (await state(page)).total], ["after", 100]);
      await page.key("t");
      await keep("dark");
    });
  });

  await t.step("No name of the traced programs runs or loads anything", async () => {
    const hostile: FlamePage = {
      title: HOSTILE_NAMES.join(" "),
      facts: HOSTILE_NAMES.map((name) => ({ label: name, text: name, tone: null })),
      metric: "count",
      profile: profileOfStacks(
        ["path", "comm"],
        [...HOSTILE_NAMES, "<img src=http://ior.invalid/a.png>"].map((name, i) => ({
          frames: [["path", name], ["comm", name]],
          values: { count: 5 + i },
        })),
      ),
    };
    await pages.use("hostile", hostile, async (page, keep) => {
      const { drawn, frames } = await state(page);
      assert.equal(drawn, frames);
      for (const name of HOSTILE_NAMES) {
        await page.point(...await placeOf(page, name));
        await page.until("!document.getElementById('tooltip').hidden");
        await clickFrame(page, name);
        await page.key("Escape");
        await page.until("iorFlame.state().zoom.length === 0");
      }
      await page.key("/");
      await page.type("<img");
      assert.match(await text(page, "found"), / of all in 4 frames$/);
      assert.equal(await page.evaluate("document.querySelectorAll('img').length"), 0);
      await keep("start");
    });
  });

  await t.step("A metric without values says so, and a graph of nothing is shown", async () => {
    const nothing: FlamePage = { ...FILES, profile: profileOfStacks([], []) };
    await pages.use("nothing", nothing, async (page, keep) => {
      assert.equal(await page.evaluate("document.getElementById('empty').hidden"), false);
      for (const key of ["ArrowDown", "ArrowRight", "Enter", "v", "i", "m", "n", "Escape"]) {
        await page.key(key);
      }
      await keep("start");
    });
  });

  await t.step(`A graph of ${LARGE} frames draws and zooms, only what can be seen`, async () => {
    const page: FlamePage = { ...FILES, profile: largeProfile(LARGE, random(3)) };
    await pages.use("large", page, async (page, keep) => {
      const { frames, drawn, drawMs } = await state(page);
      assert.equal(frames, LARGE);
      assert.ok(drawn > 100 && drawn < LARGE / 10, `${drawn} boxes`);
      await keep("start");
      const times: number[] = [drawMs];
      for (let step = 0; step < 12; step++) {
        const box = await page.evaluate(
          `iorFlame.boxes().filter(({ rest, width, stack }) => rest < 0 && width > 20 && width < 1300)[${step}]`,
        );
        if (!box) break;
        await page.click(box.x + box.width / 2, box.y + box.height / 2);
        const { drawn, drawMs } = await state(page);
        assert.ok(drawn < LARGE / 10, `${drawn} boxes`);
        times.push(drawMs);
      }
      await page.resize(900, 700, 1);
      await page.until("document.getElementById('canvas').width < 900");
      await page.key("/");
      await page.type("part-1");
      assert.match(await text(page, "found"), /% of all in [\d,]+ frames$/);
      assert.equal(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), true);
      await keep("search");
      const shown = times.map((time) => time.toFixed(1)).join(" ");
      console.log(`Milliseconds of script for each drawing of ${LARGE} frames: ${shown}`);
    }, 2);
  });
});
