/** A file that cannot be made: each descriptor is closed once, and nothing is left in its directory. */
import assert from "node:assert/strict";
import { Files } from "../../../bpf/ffi/files.ts";
import { openPartFile } from "../../../engine/files/open_file.ts";
import { onlyNamedFiles } from "./only_named.ts";
import { openTarget } from "../../../engine/recording/recording_files.ts";
import { SEGMENT_LIMITS } from "../../../runtime/recording.ts";

const files = Files.open();

/** The calls that give a descriptor. */
const OPENING = [
  "openRoot",
  "openPlace",
  "createUnnamed",
  "create",
  "openToRead",
  "duplicate",
  "openToWrite",
] as const;

/**
 * Lets a call of libc fail, and notes the descriptors that are open meanwhile, and those that are closed without being
 * among them: their numbers may be other files'. Only its own count: other tests of the process open files too.
 */
function failing(
  call: "createUnnamed" | "create" | "setMode" | "link" | "writeAt",
): { open: Set<number>; closedTwice: number[] } & Disposable {
  const { close, names } = files;
  const open = new Set<number>();
  const closedTwice: number[] = [];
  for (const name of OPENING) {
    const opens = files[name] as (...args: unknown[]) => number | null;
    (files as unknown as Record<string, unknown>)[name] = (...args: unknown[]) => {
      const fd = opens.apply(files, args);
      if (fd !== null) open.add(fd);
      return fd;
    };
  }
  const closeNoted = (fd: number) => {
    if (!open.delete(fd)) closedTwice.push(fd);
    close.call(files, fd);
  };
  files.close = closeNoted;
  // It has a descriptor of its own.
  files.names = (...args) => {
    files.close = close;
    try {
      return names.apply(files, args);
    } finally {
      files.close = closeNoted;
    }
  };
  files[call] = () => {
    throw files.error(28);
  };
  return {
    open,
    closedTwice,
    [Symbol.dispose]() {
      for (const name of ["close", "names", call, ...OPENING] as const) {
        delete (files as Partial<Files>)[name];
      }
    },
  };
}

function regularFiles(directory: string): string[] {
  return [...Deno.readDirSync(directory)].flatMap(({ name, isDirectory }) =>
    isDirectory ? regularFiles(`${directory}/${name}`) : [name]
  );
}

/** Without names, as most file systems have files, and with names only. */
const nothing = { [Symbol.dispose]: () => {} };
const HOW = { unnamed: () => nothing, named: onlyNamedFiles };

for (
  const [call, how] of [["createUnnamed", "unnamed"], ["create", "named"], ["setMode", "unnamed"], [
    "setMode",
    "named",
  ]] as const
) {
  Deno.test(`Where ${call} fails there is no ${how} file, and each descriptor is closed once`, () => {
    using _ = HOW[how]();
    const directory = Deno.makeTempDirSync();
    Deno.writeTextFileSync(`${directory}/out`, "old");
    {
      using failed = failing(call);
      assert.throws(() => openPartFile(`${directory}/out`, null), { message: /no space left on device$/ });
      assert.deepEqual([[...failed.open], failed.closedTwice], [[], []]);
    }
    assert.deepEqual(regularFiles(directory), ["out"]);
    Deno.removeSync(directory, { recursive: true });
  });
}

for (
  const [call, how] of [["createUnnamed", "unnamed"], ["create", "named"], ["writeAt", "unnamed"], [
    "writeAt",
    "named",
  ]] as const
) {
  Deno.test(`Where ${call} fails a ${how} segment is not begun, and each descriptor is closed once`, () => {
    using _ = HOW[how]();
    const directory = Deno.makeTempDirSync();
    const segments = openTarget({ kind: "directory", path: directory, keep: null, ...SEGMENT_LIMITS }, null);
    {
      using failed = failing(call);
      assert.throws(() => segments.next("host", "run", 1, 0n), { message: /no space left on device$/ });
      assert.deepEqual([[...failed.open], failed.closedTwice], [[], []]);
    }
    assert.deepEqual(regularFiles(directory), []);
    Deno.removeSync(directory, { recursive: true });
  });
}

Deno.test("A file that gets no name is gone, and what it would have replaced stays", async () => {
  const directory = Deno.makeTempDirSync();
  Deno.writeTextFileSync(`${directory}/out`, "old");
  {
    using failed = failing("link");
    const part = openPartFile(`${directory}/out`, null);
    part.append(new TextEncoder().encode("new"));
    await assert.rejects(part.publish(), { message: /no space left on device$/ });
    assert.deepEqual([[...failed.open], failed.closedTwice], [[], []]);
  }
  assert.deepEqual(regularFiles(directory), ["out"]);
  assert.equal(Deno.readTextFileSync(`${directory}/out`), "old");
  Deno.removeSync(directory, { recursive: true });
});
