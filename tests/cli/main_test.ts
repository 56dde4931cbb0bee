import assert from "node:assert/strict";
import { main } from "../../cli/main.ts";
import { VERSION } from "../../runtime/version.ts";

/** What a run of ior prints, and its status. */
async function run(...args: string[]): Promise<{ status: number | string; out: string; err: string }> {
  const { log, error } = console;
  const printed = { out: "", err: "" };
  console.log = (text: string) => void (printed.out += text + "\n");
  console.error = (text: string) => void (printed.err += text + "\n");
  try {
    return { status: await main(args), ...printed };
  } finally {
    Object.assign(console, { log, error });
  }
}

Deno.test("the version is one line on standard output", async () => {
  assert.deepEqual(await run("--version"), { status: 0, out: `ior ${VERSION}\n`, err: "" });
});

Deno.test("help that is asked for is data: standard output, status 0", async () => {
  for (const args of [["--help"], ["-h"], ["trace", "--help"], ["stream", "-h"]]) {
    const { status, out, err } = await run(...args);
    assert.deepEqual([status, err], [0, ""], args.join(" "));
    assert.match(out, /ior/);
    assert.doesNotMatch(out, /\n\n$/, "an empty line ends it");
  }
});

Deno.test("no command at all is a usage error that shows how", async () => {
  const { status, out, err } = await run();
  assert.deepEqual([status, out], [2, ""]);
  assert.match(err, /ior trace/);
  assert.doesNotMatch(err, /\n\n$/);
});

Deno.test("a wrong flag, value or command is status 2, also with a command to trace", async () => {
  const lines = [
    ["nosuch"],
    ["trace", "--nosuch"],
    ["trace", "-p", "x", "--", "true"],
    ["stream", "--format", "xml"],
    ["trace", "-o", "/no/such/directory/out", "--", "true"],
    ["trace", "-o", "/", "--", "true"],
  ];
  for (const line of lines) {
    const { status, out, err } = await run(...line);
    assert.deepEqual([status, out], [2, ""], line.join(" "));
    assert.match(err, /^ior: [A-Z].*[^.]\n(?: {2}[^ ].*[^.]\n)*$/, `${line.join(" ")}\n${err}`);
  }
});

/** Who may not trace is told so before the command is looked for. */
const IS_ROOT = Deno.uid() === 0;
const NOT_ROOT = IS_ROOT ? "" : " (skipped: only root may trace)";

Deno.test({
  name: "a command that is not there is status 127, one that cannot be executed 126, as env has it" +
    NOT_ROOT,
  ignore: !IS_ROOT,
  async fn() {
    for (const name of ["trace", "stream"]) {
      const missing = await run(name, "--", "ior-no-such-command");
      assert.deepEqual([missing.status, missing.out], [127, ""]);
      assert.match(missing.err, /^ior: Cannot find the command ior-no-such-command\n/);
      const directory = await run(name, "--", "/");
      assert.deepEqual([directory.status, directory.out], [126, ""]);
      assert.match(directory.err, /^ior: Cannot execute \/: it is a directory\n/);
    }
  },
});

Deno.test({
  name: "an output that was not used leaves nothing behind" + NOT_ROOT,
  ignore: !IS_ROOT,
  async fn() {
    const directory = Deno.makeTempDirSync();
    try {
      Deno.writeTextFileSync(`${directory}/out`, "old");
      const { status } = await run("trace", "-o", `${directory}/out`, "--", "ior-no-such-command");
      assert.equal(status, 127);
      assert.deepEqual([...Deno.readDirSync(directory)].map(({ name }) => name), ["out"]);
      assert.equal(Deno.readTextFileSync(`${directory}/out`), "old");
    } finally {
      Deno.removeSync(directory, { recursive: true });
    }
  },
});
