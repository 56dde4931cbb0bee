import assert from "node:assert/strict";
import { Files, SystemError, WORKING_DIRECTORY } from "../../../bpf/ffi/files.ts";
import { PlainFiles, type ReadFiles } from "../../../engine/files/plain_files.ts";

/** A folder with a file, folders, links that lead somewhere and nowhere, and a pipe. */
function folder(): string {
  const path = Deno.makeTempDirSync({ prefix: "ior-plain-" });
  Deno.writeTextFileSync(`${path}/file`, "0123456789");
  Deno.chmodSync(`${path}/file`, 0o640);
  Deno.mkdirSync(`${path}/below/far`, { recursive: true });
  Deno.symlinkSync("file", `${path}/link`);
  Deno.symlinkSync("nowhere", `${path}/dangling`);
  Deno.symlinkSync("loop", `${path}/loop`);
  assert.ok(new Deno.Command("mkfifo", { args: [`${path}/pipe`] }).outputSync().success);
  return path;
}

const NAMES = ["file", "below", "below/far", "link", "dangling", "loop", "pipe", "nothing", "file/below", ""];

/** What becomes of each name: its status, or the number and text of the error. */
function statuses(files: ReadFiles, path: string, follow: boolean): unknown[] {
  const directory = files.openPlace(WORKING_DIRECTORY, path);
  const found = NAMES.map((name) => {
    for (const [from, whole] of [[directory, name], [WORKING_DIRECTORY, `${path}/${name}`]] as const) {
      if (from === directory && name === "") continue;
      try {
        const place = files.openPlace(from, whole, follow);
        const status = files.status(place);
        files.close(place);
        if (from === WORKING_DIRECTORY) {
          const { kind, mode, uid, size, inode } = status;
          return { name, kind, mode, uid, size, inode };
        }
      } catch (error) {
        assert.ok(error instanceof SystemError, `${name}: ${error}`);
        return { name, errno: error.errno, text: error.message.toLowerCase() };
      }
    }
  });
  files.close(directory);
  return found;
}

Deno.test("By name and by descriptor the same is found, and the same fails", () => {
  const path = folder();
  for (const follow of [false, true]) {
    assert.deepEqual(statuses(new PlainFiles(), path, follow), statuses(Files.open(), path, follow));
  }
  Deno.removeSync(path, { recursive: true });
});

Deno.test("Two names of a file have one identity, and two files have two", () => {
  const path = folder();
  const files = new PlainFiles();
  const identity = (name: string) =>
    files.status(files.openPlace(WORKING_DIRECTORY, `${path}/${name}`, true)).identity;
  assert.equal(identity("file"), identity("link"));
  assert.notEqual(identity("file"), identity("below"));
  Deno.removeSync(path, { recursive: true });
});

Deno.test("A file is read from any place, by several readers at once, and no further than its end", async () => {
  const path = folder();
  const files = new PlainFiles();
  const fd = files.openPlaceToRead(files.openPlace(WORKING_DIRECTORY, `${path}/link`, true));
  const read = async (at: number, length: number) => {
    const bytes = new Uint8Array(length);
    return new TextDecoder().decode(bytes.subarray(0, await files.readAt(fd, bytes, at)));
  };
  assert.deepEqual(await Promise.all([read(7, 2), read(0, 3), read(8, 100), read(100, 1)]), [
    "78",
    "012",
    "89",
    "",
  ]);
  files.close(fd);
  Deno.removeSync(path, { recursive: true });
});

Deno.test("The names in a folder are listed, up to a limit", () => {
  const path = folder();
  const files = new PlainFiles();
  const place = files.openPlace(WORKING_DIRECTORY, path);
  const names = ["below", "dangling", "file", "link", "loop", "pipe"];
  assert.deepEqual(files.names(place, 100).sort(), names);
  assert.equal(files.names(place, 2).length, 2);
  assert.throws(() => files.names(files.openPlace(place, "file"), 2), { errno: 20 });
  Deno.removeSync(path, { recursive: true });
});

Deno.test("A relative name leads nowhere from a directory that only a descriptor stands for", () => {
  assert.throws(() => new PlainFiles().openPlace(11, "file"), {
    errno: 2,
    message: "No such file or directory",
  });
  assert.ok(new PlainFiles().openPlace(11, "/etc") > 11);
});
