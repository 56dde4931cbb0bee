/** ior as a library: nothing of it but its door is imported, and what docs/library.md shows is run. */
import assert from "node:assert/strict";
import {
  type EventBatch,
  familyFilter,
  IorError,
  openRecording,
  parseFilter,
  startTrace,
} from "../../mod.ts";
import { nothingLeftBehind } from "../kernel_lib/leftovers.ts";
import { scratchDirectory } from "../kernel_lib/scratch.ts";

const DOOR = new URL("../../mod.ts", import.meta.url).href;

/** Reads a file and looks for one that is not there. */
const COMMAND = ["sh", "-c", "cat /etc/passwd /no/such/file >/dev/null 2>&1; exit 3"];

Deno.test("Rows, statistics and batches of one trace are the same calls", async () => {
  let batched = 0;
  const counter = {
    keepsColumns: false as const,
    canIngest: true,
    room: () => Promise.resolve(),
    ingest: (batch: EventBatch) => void (batched += batch.length),
  };
  await using trace = await startTrace({
    command: COMMAND,
    rows: true,
    statistics: true,
    consumers: [counter],
  });
  assert.ok(trace.commandPid! > 1);
  const rows = [];
  for await (const row of trace.rows()) rows.push(row);
  const { calls, loss, commandStatus } = await trace.ended;
  const { syscalls } = await trace.snapshot();
  const counted = syscalls.reduce((sum, { calls }) => sum + calls, 0);
  assert.deepEqual([calls, batched, counted, loss.state], [rows.length, rows.length, rows.length, "none"]);
  assert.deepEqual(commandStatus, { exit: 3 });
  assert.ok(
    rows.some(({ path, syscall, bytes }) => path === "/etc/passwd" && syscall === "read" && bytes! > 0),
  );
  assert.ok(rows.some(({ path, errno }) => path === "/no/such/file" && errno === "ENOENT"));
  assert.deepEqual(rows.map(({ seq }) => seq), rows.map((_, i) => i + 1));
});

Deno.test("A filter, a duration and a loop that is left end as they should, and nothing is left in the kernel", async () => {
  const filter = { ...familyFilter("FS"), where: parseFilter("where path = /no/such/file").where };
  {
    await using trace = await startTrace({ filter, command: COMMAND, rows: true });
    const rows = [];
    for await (const { path } of trace.rows()) rows.push(path);
    assert.deepEqual(new Set(rows), new Set(["/no/such/file"]));
  }
  {
    await using trace = await startTrace({ durationNs: 50e6, statistics: true });
    const { wallNs } = await trace.ended;
    assert.ok(wallNs >= 50e6);
  }
  {
    await using trace = await startTrace({ command: ["sleep", "60"], rows: true });
    for await (const _ of trace.rows()) break;
    await trace.stop();
    Deno.kill(trace.commandPid!, "SIGKILL");
  }
  {
    // Rows that nobody reads do not keep a trace from its end.
    await using trace = await startTrace({
      command: ["sh", "-c", "ls -lR /usr/share/doc >/dev/null; :"],
      rows: true,
    });
    assert.ok(trace.commandPid! > 1);
  }
  await nothingLeftBehind();
});

Deno.test("What a trace was not asked for is refused with the way to ask", async () => {
  await using trace = await startTrace({ command: ["true"] });
  await trace.ended;
  for (const ask of [() => trace.rows(), () => trace.snapshot()]) {
    assert.throws(
      ask,
      (error) => error instanceof IorError && error.code === "usage" && /true \}$/.test(error.hint!),
    );
  }
  await assert.rejects(startTrace({ command: ["no-such-command"] }), { code: "command_not_found" });
  for (const options of [{ command: [] }, { durationNs: -1 }, { durationNs: 0 }, { durationNs: NaN }]) {
    await assert.rejects(startTrace(options), { code: "usage" });
  }
  await assert.rejects(openRecording([]), {
    code: "usage",
    message: "Cannot read recordings: none is named",
  });
});

Deno.test("Every example of docs/library.md runs", async (t) => {
  const folder = scratchDirectory("library");
  const main = new URL("../../cli/main.ts", import.meta.url).pathname;
  const run = (args: string[]) => new Deno.Command(Deno.execPath(), { args, cwd: folder }).outputSync();
  // With calls that do not return.
  const record = ["record", "-q", "--family", "FS,Process", "run.parquet", "--", "ls", "/etc"];
  const recorded = run(["run", "-A", "--no-check", main, ...record]);
  assert.ok(recorded.success);
  const text = Deno.readTextFileSync(new URL("../../docs/library.md", import.meta.url));
  const blocks = [...text.matchAll(/^## ([^\n]*)\n[^#]*?^```ts\n(.*?)^```$/gms)];
  assert.ok(blocks.length >= 5);
  const [ofTraces, ofReading] = Array.from(
    text.matchAll(/`(--allow-[^`]+)`/g),
    ([, words]) => words.split(" "),
  );
  const examples = blocks.map(([, title, block]) => {
    const file = `${title.replace(/\W+/g, "_")}.ts`;
    Deno.writeTextFileSync(`${folder}/${file}`, block.replaceAll("@ior/ior", DOOR));
    return { title, file, permissions: block.includes("startTrace(") ? ofTraces : ofReading };
  });
  const checked = run(["check", "--quiet", ...examples.map(({ file }) => file)]);
  assert.ok(checked.success, new TextDecoder().decode(checked.stderr));
  // A quiet machine makes no calls to print.
  const calls = new Deno.Command("sh", {
    args: ["-c", "while :; do cat /etc/passwd >/dev/null; sleep 0.01; done"],
  }).spawn();
  try {
    for (const { title, file, permissions } of examples) {
      await t.step(title, () => {
        const { success, stdout, stderr } = run(["run", ...permissions, "--no-prompt", "--no-check", file]);
        const decoder = new TextDecoder();
        assert.ok(success, decoder.decode(stderr));
        assert.match(decoder.decode(stdout), /\S/);
        assert.doesNotMatch(decoder.decode(stdout), /^(false|undefined)$/m);
      });
    }
  } finally {
    calls.kill("SIGKILL");
    await calls.status;
  }
});
