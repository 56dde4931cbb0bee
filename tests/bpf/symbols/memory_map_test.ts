import assert from "node:assert/strict";
import { mappingOf, readMaps } from "../../../bpf/symbols/memory_map.ts";

const TEXT = `5581aa000000-5581aa001000 r--p 00000000 08:01 42                         /usr/bin/x
5581aa001000-5581aa003000 r-xp 00001000 08:01 42                         /usr/bin/x
7f0000000000-7f0000002000 rwxp 00000000 00:00 0 
7f1000000000-7f1000001000 r-xp 00000000 08:01 43                         /tmp/a b\\012c (deleted)
7ffd00000000-7ffd00002000 r-xp 00000000 00:00 0                          [vdso]
`;

Deno.test("The mappings that can be run are read, whatever their files are called", () => {
  const mappings = readMaps(TEXT);
  assert.deepEqual(mappings.map(({ path }) => path), [
    "/usr/bin/x",
    "",
    "/tmp/a b\\nc (deleted)".replace("\\n", "\n"),
    "[vdso]",
  ]);
  assert.deepEqual(mappings[0], {
    start: 0x5581aa001000,
    end: 0x5581aa003000,
    offset: 0x1000,
    path: "/usr/bin/x",
    inode: "08:01 42",
    name: "5581aa001000-5581aa003000",
  });
});

Deno.test("An address is in the mapping that begins at it or before and has not ended", () => {
  const mappings = readMaps(TEXT);
  assert.equal(mappingOf(mappings, 0x5581aa001000), mappings[0]);
  assert.equal(mappingOf(mappings, 0x5581aa002fff), mappings[0]);
  assert.equal(mappingOf(mappings, 0x5581aa003000), null);
  assert.equal(mappingOf(mappings, 0x5581aa000fff), null);
  assert.equal(mappingOf(mappings, 0x7ffd00000001), mappings[3]);
  assert.equal(mappingOf([], 1), null);
});
