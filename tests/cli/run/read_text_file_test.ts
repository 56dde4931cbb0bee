import assert from "node:assert/strict";
import { readTextFile } from "../../../cli/run/read_text_file.ts";
import { IorError } from "../../../runtime/errors.ts";

Deno.test("A device without an end is read to a limit and refused", async () => {
  await assert.rejects(readTextFile("/dev/zero"), (error) => {
    assert.ok(error instanceof IorError);
    assert.equal(error.code, "usage");
    assert.equal(error.message, "Cannot read /dev/zero: it has more than 268435456 bytes");
    return true;
  });
});

Deno.test("The text of a pipe is whole, also where a character is cut between two reads", async () => {
  const text = "é日本".repeat(10_000);
  const directory = Deno.makeTempDirSync();
  try {
    const fifo = `${directory}/fifo`;
    new Deno.Command("mkfifo", { args: [fifo] }).outputSync();
    const [read] = await Promise.all([
      readTextFile(fifo),
      new Deno.Command("sh", { args: ["-c", `printf '%s' "$0" >"$1"`, text, fifo] }).output(),
    ]);
    assert.equal(read, text);
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
});
