import assert from "node:assert/strict";
import { addressOf, readElf } from "../../../bpf/symbols/elf_file.ts";
import { outputOf } from "../../kernel_lib/clang.ts";
import { buildNested } from "../../kernel_lib/nested.ts";

const ELF = Deno.readFileSync(buildNested({ compiler: "gcc", options: [] })).subarray(0, 4096);

Deno.test("The build id and the code of a file are those that readelf finds", () => {
  const program = buildNested({ compiler: "gcc", options: [] });
  const { buildId, segments } = readElf(Deno.readFileSync(program).subarray(0, 4096))!;
  assert.equal(buildId, /Build ID: ([0-9a-f]+)/.exec(outputOf("readelf", ["-n", program])!)![1]);
  const code = outputOf("readelf", ["-lW", program])!.split("\n").filter((line) => /^ +LOAD.* E /.test(line));
  assert.deepEqual(
    segments,
    code.map((line) => line.trim().split(/ +/).map(Number)).map(([, offset, address, , bytes]) => ({
      offset,
      bytes,
      address,
    })),
  );
  const [{ offset, bytes, address }] = segments;
  assert.equal(addressOf({ buildId, segments }, offset + 5), address + 5);
  assert.equal(addressOf({ buildId, segments }, offset + bytes), null);
});

Deno.test("What is no 64-bit ELF file is none, and one that is cut anywhere is read as far as it goes", () => {
  assert.equal(readElf(new TextEncoder().encode(`#!/bin/sh\n${" ".repeat(100)}`)), null);
  assert.equal(readElf(new Uint8Array(0)), null);
  const of32 = Uint8Array.from(ELF);
  of32[4] = 1;
  assert.equal(readElf(of32), null);
  for (let length = 0; length < ELF.length; length++) readElf(ELF.subarray(0, length));
});

Deno.test("A build id that is shorter than the kernel's has zeros behind it", () => {
  const program = buildNested({ compiler: "gcc", options: ["-Wl,--build-id=md5"] });
  const { buildId } = readElf(Deno.readFileSync(program).subarray(0, 4096))!;
  assert.match(buildId!, /^[0-9a-f]{32}0{8}$/);
});
