/** A file that cannot be made: each descriptor is closed once, and nothing is left in its directory. */
import assert from "node:assert/strict";
import { Files } from "../../../bpf/ffi/files.ts";
import { openPartFile } from "../../../engine/files/open_file.ts";
import { openTarget } from "../../../engine/recording/recording_files.ts";
import { SEGMENT_LIMITS } from "../../../runtime/recording.ts";

const files = Files.open();

const descriptors = () => [...Deno.readDirSync("/proc/self/fd")].length;

function isOpen(fd: number): boolean {
  try {
    return Deno.lstatSync(`/proc/self/fd/${fd}`) !== null;
  } catch {
    return false;
  }
}

/** Lets a call of libc fail, and notes what is closed without being open: its number may be another file's. */
function failing(call: "create" | "setMode" | "writeAt"): { closedTwice: number[] } & Disposable {
  const { close } = files;
  const closedTwice: number[] = [];
  files.close = (fd) => {
    if (!isOpen(fd)) closedTwice.push(fd);
    close.call(files, fd);
  };
  files[call] = () => {
    throw files.error(28);
  };
  return {
    closedTwice,
    [Symbol.dispose]() {
      for (const name of ["close", call] as const) delete (files as Partial<Files>)[name];
    },
  };
}

function regularFiles(directory: string): string[] {
  return [...Deno.readDirSync(directory)].flatMap(({ name, isDirectory }) =>
    isDirectory ? regularFiles(`${directory}/${name}`) : [name]
  );
}

for (const call of ["create", "setMode"] as const) {
  Deno.test(`Where ${call} fails there is no file, and each descriptor is closed once`, () => {
    const directory = Deno.makeTempDirSync();
    Deno.writeTextFileSync(`${directory}/out`, "old");
    const before = descriptors();
    {
      using failed = failing(call);
      assert.throws(() => openPartFile(`${directory}/out`, null), { message: /no space left on device$/ });
      assert.deepEqual(failed.closedTwice, []);
    }
    assert.equal(descriptors(), before);
    assert.deepEqual(regularFiles(directory), ["out"]);
    Deno.removeSync(directory, { recursive: true });
  });
}

for (const call of ["create", "writeAt"] as const) {
  Deno.test(`Where ${call} fails a segment is not begun, and each descriptor is closed once`, () => {
    const directory = Deno.makeTempDirSync();
    const segments = openTarget({ kind: "directory", path: directory, keep: null, ...SEGMENT_LIMITS }, null);
    const before = descriptors();
    {
      using failed = failing(call);
      assert.throws(() => segments.next("host", "run", 1, 0n), { message: /no space left on device$/ });
      assert.deepEqual(failed.closedTwice, []);
    }
    assert.equal(descriptors(), before);
    assert.deepEqual(regularFiles(directory), []);
    Deno.removeSync(directory, { recursive: true });
  });
}
