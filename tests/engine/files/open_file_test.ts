import assert from "node:assert/strict";
import { openFile, openPartFile } from "../../../engine/files/open_file.ts";
import { launchHelper } from "../../../engine/launch/helper.ts";
import { onlyNamedFiles } from "./only_named.ts";
import { partName } from "../../../engine/files/part_names.ts";

function inDirectory(use: (directory: string) => Promise<void> | void): () => Promise<void> {
  return async () => {
    const directory = Deno.makeTempDirSync();
    try {
      await use(directory);
    } finally {
      Deno.removeSync(directory, { recursive: true });
    }
  };
}

const bytes = (text: string) => new TextEncoder().encode(text);
const namesIn = (directory: string) => [...Deno.readDirSync(directory)].map(({ name }) => name).sort();

function makeFifo(path: string): void {
  assert.ok(new Deno.Command("mkfifo", { args: [path] }).outputSync().success);
}

/** Runs code that writes with `openFile` in a process of its own, started with descriptor 7 open on `out`. */
function writesInChild(name: string, out: string): string {
  const module = new URL("../../../engine/files/open_file.ts", import.meta.url).href;
  const code = `import { openFile } from "${module}";
    const file = openFile("${name}", null);
    await file.write(new TextEncoder().encode("text"));
    await file.complete();`;
  const command =
    `exec "$0" run --allow-ffi --allow-sys --ext=ts - 7>>"$1" 2>>"$1" >>"$1" <<'END'\n${code}\nEND`;
  new Deno.Command("sh", { args: ["-c", command, Deno.execPath(), out] }).outputSync();
  return Deno.readTextFileSync(out);
}

Deno.test(
  "The names of open descriptors mean these, and what was written to them before stays",
  inDirectory((directory) => {
    for (const name of ["/dev/stderr", "/dev/stdout", "/dev/fd/7", "/proc/self/fd/7"]) {
      Deno.writeTextFileSync(`${directory}/out`, "before ");
      assert.equal(writesInChild(name, `${directory}/out`), "before text", name);
    }
  }),
);

Deno.test("A descriptor that ior was not started with is refused, also one of the runtime's own", () => {
  for (const fd of [5, 12, 98765]) {
    assert.throws(() => openFile(`/dev/fd/${fd}`, null), {
      code: "usage",
      message: `Cannot write /dev/fd/${fd}: bad file descriptor`,
    });
  }
});

Deno.test(
  "A FIFO gets all that is written, also when its reader comes later",
  inDirectory(async (directory) => {
    makeFifo(`${directory}/fifo`);
    const file = openFile(`${directory}/fifo`, null);
    const text = "x".repeat(300_000);
    const writing = (async () => {
      for (let at = 0; at < text.length;) at += await file.write(bytes(text.slice(at)));
      await file.complete();
      file.close();
    })();
    const { stdout } = await new Deno.Command("cat", { args: [`${directory}/fifo`], stdout: "piped" })
      .output();
    await writing;
    assert.equal(new TextDecoder().decode(stdout), text);
  }),
);

Deno.test(
  "A FIFO whose reader goes is a broken pipe",
  inDirectory(async (directory) => {
    makeFifo(`${directory}/fifo`);
    const reader = new Deno.Command("head", { args: ["-c1", `${directory}/fifo`], stdout: "null" }).spawn();
    const file = openFile(`${directory}/fifo`, null);
    await file.write(bytes("a"));
    await reader.status;
    await assert.rejects(file.write(bytes("b")), Deno.errors.BrokenPipe);
    file.close();
  }),
);

Deno.test(
  "A FIFO that is closed before anybody reads it is waited for no longer",
  inDirectory(async (directory) => {
    makeFifo(`${directory}/fifo`);
    const file = openFile(`${directory}/fifo`, null);
    const writing = file.write(bytes("a"));
    file.close();
    await assert.rejects(writing, /it was closed/);
  }),
);

Deno.test(
  "The parts of processes that were killed go with the next run, those in use and other files stay",
  inDirectory(async (directory) => {
    const dead = new Deno.Command("true").spawn();
    await dead.status;
    const stay = ["out.part", `out.${dead.pid}.part.gz`, `other.${dead.pid}.part`, "out.1.part"];
    const left = [partName("out", dead.pid), partName("out")];
    for (const name of [...stay, ...left]) Deno.writeTextFileSync(`${directory}/${name}`, "");
    using locked = Deno.openSync(`${directory}/out.4000000.part`, { write: true, createNew: true });
    locked.lockSync(true);
    using _ = onlyNamedFiles();
    using part = openPartFile(`${directory}/out`, null);
    assert.deepEqual(namesIn(directory), [...stay, "out.4000000.part", partName("out")].sort());
    part.discard();
    assert.deepEqual(namesIn(directory), [...stay, "out.4000000.part"].sort());
  }),
);

Deno.test(
  "Where files must have names, a second one of the same name in one process is refused while the first is written",
  inDirectory((directory) => {
    using _ = onlyNamedFiles();
    using _first = openPartFile(`${directory}/out`, null);
    assert.throws(() => openPartFile(`${directory}/out`, null), { message: /: file exists$/ });
  }),
);

Deno.test(
  "Names lead through links, dots and doubled slashes, and links in circles lead nowhere",
  inDirectory(async (directory) => {
    Deno.mkdirSync(`${directory}/a/b`, { recursive: true });
    Deno.symlinkSync("a/../a", `${directory}/relative`);
    Deno.symlinkSync(`${directory}/a/b/`, `${directory}/absolute`);
    Deno.symlinkSync("two", `${directory}/one`);
    Deno.symlinkSync("one", `${directory}/two`);
    const cases = { "relative/b/x": "a/b/x", "absolute//./y": "a/b/y", "absolute/../z": "a/z" };
    for (const [name, real] of Object.entries(cases)) {
      await openPartFile(`${directory}/${name}`, null).publish();
      assert.ok(Deno.lstatSync(`${directory}/${real}`).isFile, name);
    }
    const refused = {
      "one": "too many levels of symbolic links",
      "none/x": "no such file or directory",
      "a/z/x": "not a directory",
      "new/": "it is a directory",
      "absolute": "it is a directory",
    };
    for (const [name, reason] of Object.entries(refused)) {
      const message = `Cannot write ${directory}/${name}: ${reason}`;
      assert.throws(() => openFile(`${directory}/${name}`, null), { code: "usage", message });
    }
    for (const name of ["", "/", ".", ".."]) {
      assert.throws(() => openFile(name, null), { code: "usage" }, name);
    }
  }),
);

Deno.test(
  "A limit of file size is a full disk: the write fails, and nothing is left",
  inDirectory((directory) => {
    const module = new URL("../../../engine/files/open_file.ts", import.meta.url).href;
    const code = `import { openFile } from "${module}";
      const file = openFile("${directory}/out", null);
      await file.write(new Uint8Array(1 << 20));
      await file.write(new Uint8Array(1)).catch((error) => console.log(error.message));
      file.remove();`;
    // As ior is started: without the helper the signal would end the process.
    const command =
      `ulimit -f 8; exec "$0" start 0 - / "$1" run --allow-ffi --allow-sys --ext=ts - <<'END'\n${code}\nEND`;
    const { code: status, stdout } = new Deno.Command("sh", {
      args: ["-c", command, launchHelper(), Deno.execPath()],
    }).outputSync();
    assert.deepEqual([status, new TextDecoder().decode(stdout)], [0, "File too large\n"]);
    assert.deepEqual(namesIn(directory), []);
  }),
);
