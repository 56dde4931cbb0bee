import assert from "node:assert/strict";
import { FileStatus, TextStatus } from "../../bpf/wire.ts";
import { FIRST_TEXT_SLOT, LARGEST_BATCH, TEXT_SLOTS } from "../../bpf/text_paths.ts";
import { EventFlag, NO_FILE } from "../../runtime/event_batch.ts";
import { syscallByName, syscallNumber } from "../../runtime/syscalls/mod.ts";
import {
  batchOfRecords,
  callRecord,
  decoding,
  feed,
  fileRecord,
  leafFirst,
  pathRecord,
  pathsOf,
  textRecord,
} from "./records.ts";

const nr = (name: string) => syscallNumber("x86_64", syscallByName(name)!)!;

Deno.test("a path argument is made absolute with the directory it is relative to", () => {
  const cases: [base: string, text: string, path: string][] = [
    ["/home/ada", "notes.txt", "/home/ada/notes.txt"],
    ["/home/ada", "./a//b/./c/", "/home/ada/a/b/c"],
    ["/home/ada", "../bob", "/home/ada/../bob"],
    ["/home/ada", ".", "/home/ada"],
    ["/", "etc", "/etc"],
    // A process whose root is another directory: the root is the base of its absolute paths.
    ["/srv/jail", "/etc/hosts", "/srv/jail/etc/hosts"],
  ];
  for (const [base, text, path] of cases) {
    const batch = batchOfRecords(pathRecord(5, base), textRecord({ fileId: 9 }, { path: text, base: 5 }));
    assert.deepEqual(pathsOf(batch), { path, oldPath: null }, `${text} in ${base}`);
  }
});

Deno.test("base 0 is the system's root", () => {
  assert.equal(pathsOf(batchOfRecords(textRecord({}, { path: "/etc//hosts" }))).path, "/etc/hosts");
});

Deno.test("both paths of a rename are there, each with its own directory", () => {
  const batch = batchOfRecords(
    pathRecord(5, "/new"),
    pathRecord(6, "/old"),
    textRecord({ nr: nr("renameat2") }, { path: "a", base: 5, oldPath: "b", oldBase: 6 }),
  );
  assert.deepEqual(pathsOf(batch), { path: "/new/a", oldPath: "/old/b" });
});

Deno.test("a symlink's target stays as given", () => {
  for (const name of ["symlink", "symlinkat"]) {
    const batch = batchOfRecords(
      pathRecord(5, "/home"),
      textRecord({ nr: nr(name) }, { path: "link", base: 5, oldPath: "..//./x/", oldBase: 5 }),
    );
    assert.deepEqual(pathsOf(batch), { path: "/home/link", oldPath: "..//./x/" });
  }
});

Deno.test("what is relative to a descriptor that is not open stays as given", () => {
  const record = textRecord({ nr: nr("linkat") }, {
    path: "a/./b",
    oldPath: "c//d",
    status: TextStatus.PATH_BARE | TextStatus.OLD_BARE,
  });
  assert.deepEqual(pathsOf(batchOfRecords(record)), { path: "a/./b", oldPath: "c//d" });
});

Deno.test("only the text whose descriptor is not open stays as given", () => {
  const texts = { path: "a", base: 0, oldPath: "b", oldBase: 0 };
  const bare = textRecord({ nr: nr("linkat") }, { ...texts, status: TextStatus.PATH_BARE });
  assert.deepEqual(pathsOf(batchOfRecords(bare)), { path: "a", oldPath: "/b" });
  const oldBare = textRecord({ nr: nr("linkat") }, { ...texts, status: TextStatus.OLD_BARE });
  assert.deepEqual(pathsOf(batchOfRecords(oldBare)), { path: "/a", oldPath: "b" });
});

Deno.test("a path that could not be read leaves no file, and says why", () => {
  const batch = batchOfRecords(textRecord({ fileId: 9 }, { status: TextStatus.FAULT }));
  assert.equal(batch.columns.file[0], NO_FILE);
  assert.equal(batch.columns.flags[0], EventFlag.PATH_FAULT);
});

Deno.test("one path that could not be read leaves the other alone", () => {
  const batch = batchOfRecords(
    textRecord({ nr: nr("rename") }, { oldPath: "/b", status: TextStatus.FAULT }),
  );
  assert.deepEqual(pathsOf(batch), { path: null, oldPath: "/b" });
  assert.equal(batch.columns.flags[0], EventFlag.PATH_FAULT);
});

Deno.test("a path that was cut is marked", () => {
  const batch = batchOfRecords(
    textRecord({}, { path: "/" + "x".repeat(4094), status: TextStatus.TRUNCATED }),
  );
  assert.equal(batch.columns.flags[0], EventFlag.PATH_TRUNCATED);
  assert.equal(pathsOf(batch).path?.length, 4095);
});

Deno.test("two texts of the greatest length fit", () => {
  const long = "/" + "y".repeat(4094);
  const batch = batchOfRecords(textRecord({ nr: nr("rename") }, { path: long, oldPath: long }));
  assert.deepEqual(pathsOf(batch), { path: long, oldPath: long });
});

Deno.test("bytes that are not UTF-8 are shown replaced and kept beside", () => {
  const text = Uint8Array.of(0x66, 0xff, 0x2e, 0x74);
  const batch = batchOfRecords(pathRecord(5, "/tmp"), textRecord({}, { path: text, base: 5 }));
  assert.deepEqual(batch.files[1], {
    slot: batch.columns.file[0],
    path: "/tmp/f\ufffd.t",
    raw: Uint8Array.of(0x2f, 0x74, 0x6d, 0x70, 0x2f, 0x66, 0xff, 0x2e, 0x74),
  });
});

Deno.test("a directory whose name is not UTF-8 gives its bytes to the paths in it", () => {
  const batch = batchOfRecords(
    fileRecord({ fileId: 5 }, leafFirst(Uint8Array.of(0xc3))),
    textRecord({}, { path: "./é", base: 5 }),
  );
  assert.deepEqual(batch.files[1], {
    slot: batch.columns.file[0],
    path: "/\ufffd/é",
    raw: Uint8Array.of(0x2f, 0xc3, 0x2f, 0xc3, 0xa9),
  });
});

Deno.test("two paths that only look the same have slots of their own", () => {
  const batch = batchOfRecords(
    textRecord({}, { path: Uint8Array.of(0x2f, 0xff) }),
    textRecord({}, { path: Uint8Array.of(0x2f, 0xfe) }),
    textRecord({}, { path: "/\ufffd" }),
    textRecord({}, { path: Uint8Array.of(0x2f, 0xff) }),
  );
  const slots = [...batch.columns.file.subarray(0, 4)];
  assert.equal(new Set(slots).size, 3);
  assert.equal(slots[3], slots[0]);
});

Deno.test("the same path is announced once and keeps its slot, in later batches too", () => {
  const { decoder } = decoding();
  feed(decoder, textRecord({}, { path: "/a" }), textRecord({}, { path: "/a" }));
  const first = decoder.takeBatch()!;
  feed(decoder, textRecord({}, { path: "/a" }));
  const second = decoder.takeBatch()!;
  assert.equal(first.files.length, 1);
  assert.deepEqual(second.files, []);
  assert.equal(second.columns.file[0], first.columns.file[0]);
  assert.ok(first.columns.file[0] >= FIRST_TEXT_SLOT);
});

Deno.test("the paths of a rename are known again, wherever in a word the second one begins", () => {
  const { decoder } = decoding();
  const renames = Array.from(
    { length: 9 },
    (_, i) =>
      textRecord({ nr: nr("renameat2") }, {
        path: `/${"n".repeat(i)}ew`,
        oldPath: `/o${"l".repeat(2 * i)}d`,
      }),
  );
  feed(decoder, ...renames);
  const first = decoder.takeBatch()!;
  feed(decoder, ...renames);
  const second = decoder.takeBatch()!;
  assert.deepEqual(second.files, []);
  for (let i = 0; i < renames.length; i++) {
    const paths = { path: `/${"n".repeat(i)}ew`, oldPath: `/o${"l".repeat(2 * i)}d` };
    assert.deepEqual(pathsOf(first, i), paths);
    assert.equal(second.columns.file[i], first.columns.file[i]);
    assert.equal(second.columns.oldFile[i], first.columns.oldFile[i]);
  }
});

Deno.test("a text that stays as given is another path than the same text in its directory, known or not", () => {
  const texts = { path: "a", base: 5, oldPath: "a", oldBase: 5 };
  const records = ["linkat", "symlinkat", "linkat", "symlinkat"].map((name) =>
    textRecord({ nr: nr(name) }, texts)
  );
  const batch = batchOfRecords(pathRecord(5, "/home"), ...records);
  assert.deepEqual(records.map((_, i) => pathsOf(batch, i).oldPath), ["/home/a", "a", "/home/a", "a"]);
});

Deno.test("the name of a directory that is announced again is the new one", () => {
  const { decoder } = decoding();
  feed(decoder, pathRecord(5, "/before"), textRecord({}, { path: "f", base: 5 }));
  feed(decoder, pathRecord(5 + 131072, "/after"), textRecord({}, { path: "f", base: 5 + 131072 }));
  const batch = decoder.takeBatch()!;
  assert.equal(pathsOf(batch, 0).path, "/before/f");
  assert.equal(pathsOf(batch, 1).path, "/after/f");
});

Deno.test("a deleted directory is a base as it is named", () => {
  const batch = batchOfRecords(
    pathRecord(5, "/tmp/gone", FileStatus.DELETED),
    textRecord({}, { path: "f", base: 5 }),
  );
  assert.equal(pathsOf(batch).path, "/tmp/gone (deleted)/f");
});

Deno.test("the size limit and the flags of a call hold with texts too", () => {
  const record = textRecord({ nr: nr("getxattr"), ret: 100n, size: 64, restarts: 2, taskId: 3 }, {
    path: "/a",
  });
  const { columns } = batchOfRecords(record);
  assert.deepEqual([columns.bytes[0], columns.restarts[0], columns.task[0]], [64, 2, 3]);
});

Deno.test("rows that the judge drops do not take the slots of rows that are kept", () => {
  const { decoder } = decoding("path ~ wanted");
  const kept: { slot: number; path: string }[] = [];
  const take = () => {
    const batch = decoder.takeBatch();
    for (let i = 0; i < (batch?.length ?? 0); i++) {
      kept.push({ slot: batch!.columns.file[i], path: pathsOf(batch!, i).path! });
    }
  };
  feed(decoder, textRecord({}, { path: "/wanted/1" }));
  for (let i = 0; i < TEXT_SLOTS + LARGEST_BATCH; i++) {
    if (!feed(decoder, textRecord({}, { path: `/other/${i}` }))) take();
  }
  take();
  assert.deepEqual(kept, [{ slot: FIRST_TEXT_SLOT, path: "/wanted/1" }]);
});

Deno.test("a call without texts keeps the slots that the kernel gave", () => {
  const batch = batchOfRecords(pathRecord(4, "/k"), callRecord({ fileId: 4 }));
  assert.equal(pathsOf(batch).path, "/k");
});
