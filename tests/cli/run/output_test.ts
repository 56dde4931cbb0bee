import assert from "node:assert/strict";
import { fileOutput, type Output, standardOutput } from "../../../cli/run/output.ts";
import { IorError } from "../../../runtime/errors.ts";
import { onlyNamedFiles } from "../../engine/files/only_named.ts";

/** A directory of its own for the length of `use`. */
async function inDirectory(use: (directory: string) => Promise<void> | void): Promise<void> {
  const directory = Deno.makeTempDirSync();
  try {
    await use(directory);
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
}

const namesIn = (directory: string) => [...Deno.readDirSync(directory)].map(({ name }) => name).sort();

/** The error that making an output throws. */
function refusal(path: string): IorError {
  try {
    fileOutput(path, null)[Symbol.asyncDispose]();
  } catch (error) {
    assert.ok(error instanceof IorError, String(error));
    return error;
  }
  assert.fail(`${path} was opened`);
}

/** Runs `use` with another writer behind standard output. */
async function withStdout(
  write: (bytes: Uint8Array) => Promise<number>,
  use: (output: Output) => Promise<void>,
): Promise<void> {
  const own = Deno.stdout.write;
  Deno.stdout.write = write;
  try {
    await using output = standardOutput();
    await use(output);
  } finally {
    Deno.stdout.write = own;
  }
}

Deno.test("a file appears under its name only when it is complete", async () => {
  await inDirectory(async (directory) => {
    const path = `${directory}/report.json`;
    await using output = fileOutput(path, null);
    output.write("a");
    output.write("é\n");
    assert.deepEqual(namesIn(directory), []);
    await output.finish();
    assert.deepEqual(namesIn(directory), ["report.json"]);
    assert.equal(Deno.readTextFileSync(path), "aé\n");
  });
});

Deno.test("where files must have names, an incomplete one has that of a part, and leaves it when it is given up", async () => {
  await inDirectory(async (directory) => {
    using _ = onlyNamedFiles();
    const path = `${directory}/report.json`;
    for (const last of ["finish", "abandon"] as const) {
      await using output = fileOutput(path, null);
      assert.equal(output.leavesPart, true);
      output.write(last);
      assert.ok(namesIn(directory).includes(`report.json.${Deno.pid}.part`));
      await output[last]();
      assert.deepEqual(namesIn(directory), ["report.json"]);
    }
    assert.equal(Deno.readTextFileSync(path), "finish");
  });
});

Deno.test("a file that is there is replaced only when the new one is complete, and its mode stays", async () => {
  await inDirectory(async (directory) => {
    const path = `${directory}/rows`;
    Deno.writeTextFileSync(path, "old, and longer than the new one");
    Deno.chmodSync(path, 0o640);
    {
      await using output = fileOutput(path, null);
      output.write("new");
      assert.equal(Deno.readTextFileSync(path), "old, and longer than the new one");
      await output.finish();
    }
    assert.equal(Deno.readTextFileSync(path), "new");
    assert.equal(Deno.statSync(path).mode! & 0o7777, 0o640);
    assert.deepEqual(namesIn(directory), ["rows"]);
  });
});

Deno.test("an output that is given up leaves nothing, and the old file as it was", async () => {
  await inDirectory(async (directory) => {
    const path = `${directory}/rows`;
    Deno.writeTextFileSync(path, "old");
    for (const text of ["", "new", "x".repeat(4_000_000)]) {
      await using output = fileOutput(path, null);
      if (text !== "") output.write(text);
    }
    {
      await using _output = fileOutput(`${directory}/other`, null);
    }
    assert.deepEqual(namesIn(directory), ["rows"]);
    assert.equal(Deno.readTextFileSync(path), "old");
  });
});

Deno.test("what is abandoned in the middle of a write is gone at once, and stays away", async () => {
  await inDirectory(async (directory) => {
    const path = `${directory}/rows`;
    Deno.writeTextFileSync(path, "old");
    await using output = fileOutput(path, null);
    output.write("x".repeat(2_000_000));
    output.abandon();
    assert.deepEqual(namesIn(directory), ["rows"]);
    await assert.rejects(output.finish(), { name: "IorError", code: "runtime" });
    output.abandon();
    assert.deepEqual([namesIn(directory), Deno.readTextFileSync(path)], [["rows"], "old"]);
  });
});

Deno.test("a complete file stays when its output is abandoned", async () => {
  await inDirectory(async (directory) => {
    await using output = fileOutput(`${directory}/rows`, null);
    await output.finish();
    output.abandon();
    assert.deepEqual(namesIn(directory), ["rows"]);
  });
});

Deno.test("an empty output makes an empty file", async () => {
  await inDirectory(async (directory) => {
    await using output = fileOutput(`${directory}/rows`, null);
    await output.finish();
    assert.equal(Deno.readTextFileSync(`${directory}/rows`), "");
  });
});

Deno.test("a link keeps pointing: the file behind it is replaced", async () => {
  await inDirectory(async (directory) => {
    Deno.mkdirSync(`${directory}/there`);
    Deno.writeTextFileSync(`${directory}/there/file`, "old");
    Deno.symlinkSync("there/file", `${directory}/link`);
    {
      await using output = fileOutput(`${directory}/link`, null);
      output.write("new");
      await output.finish();
    }
    assert.equal(Deno.lstatSync(`${directory}/link`).isSymlink, true);
    assert.equal(Deno.readTextFileSync(`${directory}/there/file`), "new");
    assert.deepEqual([namesIn(directory), namesIn(`${directory}/there`)], [["link", "there"], ["file"]]);
  });
});

Deno.test("a name that cannot be written is a usage error before anything is traced", async () => {
  await inDirectory((directory) => {
    Deno.writeTextFileSync(`${directory}/file`, "");
    const cases: [path: string, reason: string][] = [
      [directory, "it is a directory"],
      [`${directory}/none/rows`, "no such file or directory"],
      [`${directory}/file/rows`, "not a directory"],
      [`${directory}/${"x".repeat(300)}`, "file name too long"],
    ];
    for (const [path, reason] of cases) {
      const error = refusal(path);
      assert.equal(error.code, "usage");
      assert.equal(error.message, `Cannot write ${path}: ${reason}`);
      assert.equal(error.hint, "Name a file in a directory that you may write to");
    }
    assert.deepEqual(namesIn(directory), ["file"]);
  });
});

Deno.test("a device is written to as it is", async () => {
  {
    await using output = fileOutput("/dev/null", { uid: 1, gid: 1, name: "ada", home: null });
    output.write("text");
    await output.finish();
  }
  assert.equal(Deno.statSync("/dev/null").isCharDevice, true);
});

Deno.test("a file of shared memory has its name when it is complete, as any other", async () => {
  const path = `/dev/shm/ior-output-test-${Deno.pid}`;
  await using output = fileOutput(path, null);
  output.write("text");
  await output.finish();
  try {
    assert.equal(Deno.readTextFileSync(path), "text");
  } finally {
    Deno.removeSync(path);
  }
});

Deno.test("a device without space is an error that names it", async () => {
  await using output = fileOutput("/dev/full", null);
  output.write("text");
  const refused = {
    name: "IorError",
    code: "runtime",
    message: "Cannot write to /dev/full: no space left on device",
    hint: "Check the space on its device",
  };
  await assert.rejects(output.finish(), refused);
  assert.equal(output.closed, true);
  output.write("more");
  await assert.rejects(output.finish(), refused, "the error stays");
});

Deno.test("a write that fails ends the wait for room with the error, and the file never appears", async () => {
  await inDirectory(async (directory) => {
    const path = `${directory}/rows`;
    const output = fileOutput(path, null);
    output.write("x".repeat(2_000_000));
    const finished = output.finish();
    // Filling a disk takes privileges; a file that is closed while it is written to refuses as well.
    await output[Symbol.asyncDispose]();
    const refused = { name: "IorError", code: "runtime", message: new RegExp(`^Cannot write to ${path}: `) };
    await assert.rejects(finished, refused);
    await assert.rejects(output.room(), refused);
    assert.equal(output.closed, true);
    assert.deepEqual(namesIn(directory), []);
  });
});

Deno.test("a reader that goes away closes the output quietly", async () => {
  let writes = 0;
  await withStdout(() => {
    writes++;
    return Promise.reject(new Deno.errors.BrokenPipe("Broken pipe (os error 32)"));
  }, async (output) => {
    output.write("a");
    await output.finish();
    assert.equal(output.closed, true);
    output.write("x".repeat(2_000_000));
    assert.equal(output.hasRoom, true);
    await output.room();
    await output.finish();
    assert.equal(writes, 1);
  });
});

Deno.test("another failure of standard output is an error", async () => {
  await withStdout(
    () => Promise.reject(new Error("No space left on device (os error 28)")),
    async (output) => {
      output.write("a");
      await assert.rejects(output.finish(), {
        message: "Cannot write to standard output: no space left on device",
      });
    },
  );
});

Deno.test("text is written in order, in pieces, also when the reader takes less than it is given", async () => {
  const pieces: Uint8Array[] = [];
  const take = [1, 100, 70_000];
  await withStdout((bytes) => {
    const count = Math.min(bytes.length, take[pieces.length % 3]);
    pieces.push(bytes.slice(0, count));
    assert.ok(bytes.length <= 65536);
    return Promise.resolve(count);
  }, async (output) => {
    const lines = Array.from({ length: 40_000 }, (_, i) => `${i} é\n`);
    for (const line of lines) output.write(line);
    await output.finish();
    const written = new Uint8Array(await new Blob(pieces as BlobPart[]).arrayBuffer());
    assert.equal(new TextDecoder().decode(written), lines.join(""));
  });
});

Deno.test("a slow reader leaves no room, and makes it when it has read", async () => {
  let take = Promise.withResolvers<void>();
  await withStdout(async (bytes) => {
    await take.promise;
    return bytes.length;
  }, async (output) => {
    assert.equal(output.hasRoom, true);
    output.write("x".repeat(1024 * 1024 - 1));
    assert.equal(output.hasRoom, true);
    output.write("y");
    assert.equal(output.hasRoom, false);
    let hasRoom = false;
    const room = output.room().then(() => hasRoom = true);
    const finished = output.finish();
    for (let i = 0; i < 20; i++) await Promise.resolve();
    assert.equal(hasRoom, false);
    take.resolve();
    take = Promise.withResolvers();
    take.resolve();
    await room;
    assert.equal(output.hasRoom, true);
    await finished;
  });
});

Deno.test("what is written just when the writing before ends is written too", async () => {
  // At each number of turns of the task queue between the end of a write and the next text.
  for (let turns = 0; turns < 12; turns++) {
    let written = "";
    let take = Promise.withResolvers<void>();
    await withStdout(async (bytes) => {
      await take.promise;
      written += new TextDecoder().decode(bytes);
      return bytes.length;
    }, async (output) => {
      output.write("first ");
      take.resolve();
      for (let i = 0; i < turns; i++) await Promise.resolve();
      take = Promise.withResolvers();
      take.resolve();
      output.write("second");
      await output.finish();
      assert.equal(written, "first second", `after ${turns} turns`);
    });
  }
});

Deno.test("an empty text is no trouble", async () => {
  let written = "";
  await withStdout((bytes) => {
    written += new TextDecoder().decode(bytes);
    return Promise.resolve(bytes.length);
  }, async (output) => {
    output.write("");
    await output.finish();
    output.write("");
    output.write("a");
    await output.finish();
    assert.equal(written, "a");
  });
});

Deno.test("a pipe that does not block and is full loses nothing", async () => {
  let written = "";
  let tries = 0;
  const write = (bytes: Uint8Array) => {
    if (tries++ % 3 !== 2) {
      return Promise.reject(new Deno.errors.WouldBlock("Resource temporarily unavailable"));
    }
    const taken = bytes.subarray(0, 4096);
    written += new TextDecoder().decode(taken);
    return Promise.resolve(taken.length);
  };
  const text = Array.from({ length: 4000 }, (_, i) => `row ${i}\n`).join("");
  await withStdout(write, async (output) => {
    output.write(text);
    await output.finish();
    assert.equal(output.closed, false);
  });
  assert.equal(written, text);
});
