import assert from "node:assert/strict";
import { runFlame } from "../../../../cli/commands/flame/run.ts";
import { rowFormat } from "../../../../cli/rows/mod.ts";
import { lossOf, UNKNOWN_LOSS } from "../../../../runtime/loss.ts";
import type { ReportHeader } from "../../../../runtime/report.ts";
import { HEADER } from "../../report/fixture.ts";
import { parse } from "../machine.ts";

/** Runs `ior flame` in a directory with a flamegraph and a comparison as folded stacks; gives what files there are. */
async function flame(line: (directory: string) => string) {
  const directory = Deno.makeTempDirSync();
  try {
    Deno.writeTextFileSync(`${directory}/one.folded`, "cat;read 5\ncat;write 7\n");
    Deno.writeTextFileSync(`${directory}/two.folded`, "cat;read 5 6\ncat;write 7 1\n");
    await runFlame(parse("flame", ...line(directory).split(" "))).catch((error) => {
      // The name of the directory is another one each time.
      error.message = error.message.replaceAll(`${directory}/`, "");
      throw error;
    });
    return [...Deno.readDirSync(directory)].map(({ name }) => name).sort();
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
}

Deno.test("a flamegraph that is drawn is written in another form", async () => {
  const files = await flame((at) => `--from ${at}/one.folded -o ${at}/one.svg`);
  assert.deepEqual(files, ["one.folded", "one.svg", "two.folded"]);
});

Deno.test("a flamegraph that is drawn has no calls to choose from", async () => {
  for (const flags of ["--fields path", "--failed", "--comm cat"]) {
    const [flag] = flags.split(" ");
    await assert.rejects(flame((at) => `--from ${at}/one.folded ${flags} -o ${at}/one.svg`), {
      code: "usage",
      message: `Cannot use ${flag} with one.folded: it is a flamegraph, which has no single calls to select`,
      hint: `Leave ${flag} out, or draw a recording`,
    });
  }
});

Deno.test("a comparison read from a file is refused by a form that has no place for it", async () => {
  await assert.rejects(flame((at) => `--from ${at}/two.folded -o ${at}/two.speedscope.json`), {
    code: "usage",
    message: "Cannot write two.folded as speedscope: that format has no room for two numbers",
    hint: "Choose html, svg, folded or text",
  });
});

/** What `ior flame` says of a recording with this loss, and sampling. */
async function saidOf(
  known: Partial<Pick<ReportHeader, "loss" | "sampling">>,
  flags: string,
): Promise<string[]> {
  const directory = Deno.makeTempDirSync();
  const said: string[] = [];
  const { error } = console;
  console.error = (line: string) => said.push(line);
  try {
    const header = { ...HEADER, ...known };
    const look = { color: false, ascii: false, width: null };
    const rows = rowFormat("ndjson", { header, startedEpochNs: 0n, columns: null, look });
    const name = `${directory}/lost.ndjson`;
    Deno.writeTextFileSync(name, rows.begin() + rows.end(header, 0, []));
    await runFlame(parse("flame", ...flags.replaceAll("NAME", name).split(" ")));
    return said;
  } finally {
    console.error = error;
    Deno.removeSync(directory, { recursive: true });
  }
}

Deno.test("what was lost is said where the flamegraph has no place for it", async () => {
  const loss = { loss: lossOf({ ring_full: 1_234, storage_full: 0, skipped: 0, compat_32bit: 0 }) };
  const lost = ["ior: 1,234 calls were lost"];
  for (const name of ["folded", "speedscope.json", "txt"]) {
    assert.deepEqual(await saidOf(loss, `--from NAME -o NAME.${name}`), lost, name);
    assert.deepEqual(await saidOf(loss, `--from NAME -q -o NAME.${name}`), [], name);
    assert.deepEqual(await saidOf({}, `--from NAME -o NAME.${name}`), [], name);
  }
  assert.deepEqual(await saidOf({ loss: UNKNOWN_LOSS }, "--from NAME -o NAME.folded"), [
    "ior: It is unknown how many calls were lost",
  ]);
  for (const name of ["html", "svg"]) {
    assert.deepEqual(await saidOf(loss, `--from NAME -o NAME.${name}`), [], `${name} tells it itself`);
  }
  assert.deepEqual(await saidOf(loss, "--diff NAME NAME -o NAME.svg"), [...lost, ...lost]);
});

Deno.test("what was sampled away is said where the flamegraph has no place for it", async () => {
  const sampling = { rates: { read: 10 }, calls: 4_321, by: { read: 4_321 }, counted: false };
  const away = ["ior: 4,321 calls were sampled away and are not counted"];
  assert.deepEqual(await saidOf({ sampling }, "--from NAME -o NAME.folded"), away);
  assert.deepEqual(await saidOf({ sampling }, "--from NAME -q -o NAME.folded"), []);
  assert.deepEqual(await saidOf({ sampling }, "--from NAME -o NAME.svg"), []);
  assert.deepEqual(await saidOf({ sampling }, "--diff NAME NAME -o NAME.svg"), [...away, ...away]);
  assert.deepEqual(
    await saidOf({ sampling: { ...sampling, calls: 0, by: {} } }, "--from NAME -o NAME.folded"),
    [],
  );
});
