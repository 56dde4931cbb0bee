import assert from "node:assert/strict";
import { saveView } from "../../../../cli/commands/top/save.ts";
import { FlameTrie } from "../../../../engine/flame/flame_trie.ts";
import { header, scratch } from "../../../engine/recording/fixture.ts";
import { parseTyped } from "../../../../cli/top/filters.ts";
import { exampleModel, pressed, ScriptedTrace, told } from "../../top/scripted.ts";

Deno.test("A report that is saved is of the conditions and the time that its calls are counted in", async () => {
  using folder = scratch();
  const trace = new ScriptedTrace(1);
  const start = exampleModel({ columns: 132, rows: 40 }, { view: "syscalls" }, trace);
  const save = async (model: typeof start) => {
    const path = folder.path("view.json");
    const stats = { snapshot: () => trace.stats() };
    const saved = { model, header: header({ wall_ns: 3e9, selection: { where: "fd > 3" } }), stats };
    await saveView(path, { ...saved, startedWallNs: 0n, trie: null, rows: null });
    const { wall_ns, selection, interval } = JSON.parse(Deno.readTextFileSync(path));
    return { wall_ns, selection, interval };
  };
  const given = { where: "fd > 3" };
  assert.deepEqual(await save(start), { wall_ns: 3e9, selection: given, interval: undefined });
  const filters = { typed: parseTyped("failed"), pushed: [] };
  const filtered = told(start, [{ kind: "filter-set", filters, typed: "failed", atNs: trace.atNs + 0.25 }]);
  trace.pass(100);
  const passed = told(filtered, trace.events());
  const interval = { index: 1, start_ns: 2e9, end_ns: 2.5e9 };
  const wanted = { wall_ns: 0.5e9, selection: { where: "fd > 3 and failed" }, interval };
  assert.deepEqual(await save(passed), wanted);
  trace.pass(100);
  assert.deepEqual(await save(told(pressed(passed, " "), trace.events())), wanted, "a pause stands still");
});

Deno.test("What is saved in a pause says when it is not of the moment that stands still", async () => {
  using folder = scratch();
  const trace = new ScriptedTrace(1);
  const stats = { snapshot: () => trace.stats() };
  const trie = new FlameTrie({ arch: "x86_64", fields: ["comm", "syscall"], metric: "count", maxNodes: 100 });
  const start = exampleModel({ columns: 132, rows: 40 }, { view: "syscalls" }, trace);
  const ofNow = ", as of now: only what a view shows is paused";
  for (const [view, key] of [["syscalls", "2"], ["stream", "7"]]) {
    const paused = pressed(pressed(start, key), " ");
    for (
      const [name, said] of [
        ["view.txt", ""],
        ["report.json", ""],
        ["rows.csv", view === "stream" ? "" : ofNow],
        ["flame.folded", ofNow],
      ]
    ) {
      const path = folder.path(name);
      const saved = { header: header(), startedWallNs: 0n, stats, trie, rows: null };
      assert.equal(await saveView(path, { ...saved, model: paused }), `Saved as ${path}${said}`, view);
      assert.equal(await saveView(path, { ...saved, model: start }), `Saved as ${path}`, view);
    }
  }
});
