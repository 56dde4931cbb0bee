import assert from "node:assert/strict";
import { findClang, outputOf } from "../kernel_lib/clang.ts";
import { scratchDirectory } from "../kernel_lib/scratch.ts";

const ARCHES = ["x86_64", "arm64"];
const BPF = new URL("../../bpf/", import.meta.url).pathname;
const SOURCES = `${BPF}c/`;

const sourceFiles = (ending: string) =>
  [...Deno.readDirSync(SOURCES)].map(({ name }) => name).filter((name) => name.endsWith(ending));

/**
 * At most this many programs in all, one more for each of {@linkcode SECOND}: every one costs a slot and a start. Half of them
 * are loaded only when they are asked for: those of waits, of what is cached, and of requests to io_uring.
 */
const MOST_PROGRAMS = 16;

/**
 * Programs whose section has one before them: attached to nothing, as ior_enter goes on in it; the second look at a call; and
 * attached to an event of perf.
 */
const SECOND = ["ior_enter32", "ior_enter_again", "ior_exit_again", "ior_major"];

interface Section {
  name: string;
  flags: number;
  bytes: Uint8Array;
}

const EM_BPF = 247;
const SHF_EXECINSTR = 4;

/** Sections of an ELF file (`man 5 elf`), 64 bits, little-endian. */
function sectionsOf(file: Uint8Array): Section[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  assert.deepEqual([...file.subarray(0, 6)], [0x7f, 0x45, 0x4c, 0x46, 2, 1], "no ELF of 64 bits");
  assert.equal(view.getUint16(18, true), EM_BPF);
  const table = Number(view.getBigUint64(40, true));
  const size = view.getUint16(58, true);
  const headers = Array.from({ length: view.getUint16(60, true) }, (_, i) => table + i * size);
  const bytesOf = (header: number) => {
    const offset = Number(view.getBigUint64(header + 24, true));
    const isEmpty = view.getUint32(header + 4, true) === 8; // SHT_NOBITS
    return file.subarray(offset, isEmpty ? offset : offset + Number(view.getBigUint64(header + 32, true)));
  };
  const names = bytesOf(headers[view.getUint16(62, true)]);
  return headers.map((header) => {
    const start = view.getUint32(header, true);
    return {
      name: new TextDecoder().decode(names.subarray(start, names.indexOf(0, start))),
      flags: Number(view.getBigUint64(header + 8, true)),
      bytes: bytesOf(header),
    };
  });
}

const readObject = (arch: string) => Deno.readFileSync(`${BPF}ior.${arch}.bpf.o`);

Deno.test("the objects that are checked in are what the sources build, byte for byte", () => {
  const clang = findClang();
  const out = scratchDirectory("objects");
  assert.notEqual(outputOf(`${BPF}build`, [out], { CLANG: clang }), null, "bpf/build is not there");
  for (const arch of ARCHES) {
    const built = Deno.readFileSync(`${out}/ior.${arch}.bpf.o`);
    const kept = readObject(arch);
    const same = built.length === kept.length && built.every((byte, i) => byte === kept[i]);
    assert.ok(
      same,
      `bpf/ior.${arch}.bpf.o is not what the sources build: run bpf/build and commit the result`,
    );
  }
});

for (const arch of ARCHES) {
  Deno.test(`the object for ${arch} has its types and no debug information`, () => {
    const sections = sectionsOf(readObject(arch));
    const names = sections.map(({ name }) => name);
    assert.deepEqual(names.filter((name) => name.includes("debug")), []);
    for (const needed of [".BTF", ".BTF.ext", ".maps", ".rodata.config", "license"]) {
      const section = sections.find(({ name }) => name === needed);
      assert.ok(section && section.bytes.length > 0, `${needed} is missing: ${names.join(" ")}`);
    }
  });

  Deno.test(`the object for ${arch} has at most ${MOST_PROGRAMS} programs`, () => {
    const programs = sectionsOf(readObject(arch)).filter(({ name, flags, bytes }) =>
      (flags & SHF_EXECINSTR) !== 0 && name !== ".text" && bytes.length > 0
    ).map(({ name }) => name);
    assert.ok(programs.length <= MOST_PROGRAMS, programs.join(" "));
    for (const needed of ["tp_btf/sys_enter", "tp_btf/sys_exit"]) assert.ok(programs.includes(needed));
  });
}

Deno.test("no two programs share a section but those that are known to, so that sections count programs", () => {
  const text = [...sourceFiles(".c"), ...sourceFiles(".h")]
    .map((name) => Deno.readTextFileSync(SOURCES + name)).join("\n");
  const programs = [...text.matchAll(/^SEC\("([^"]+)"\)\s*\n\s*int (?:BPF_PROG\()?(\w+)/gm)]
    .map(([, section, name]) => ({ section, name }));
  assert.ok(programs.length > 0);
  for (const name of SECOND) assert.ok(programs.some((program) => program.name === name), name);
  const sections = programs.filter(({ name }) => !SECOND.includes(name)).map(({ section }) => section);
  assert.equal(new Set(sections).size, sections.length, sections.join(" "));
});

/** Compiles C text that stands beside the headers; what the compiler says, `""` when it is content. */
function compilerSays(clang: string, text: string): string {
  const source = `${scratchDirectory("headers")}/one.bpf.c`;
  Deno.writeTextFileSync(source, text);
  const flags = ["-target", "bpf", "-mcpu=v3", "-D__TARGET_ARCH_x86", "-Wall", "-Werror", `-I${SOURCES}`];
  // A header alone leaves the static functions that it is there for unused.
  const args = [...flags, "-Wno-unused-function", "-fsyntax-only", source];
  return new TextDecoder().decode(new Deno.Command(clang, { args }).outputSync().stderr);
}

Deno.test("every header compiles by itself", () => {
  const clang = findClang();
  const headers = sourceFiles(".h");
  assert.ok(headers.length > 5, headers.join(" "));
  for (const header of headers) assert.equal(compilerSays(clang, `#include "${header}"\n`), "", header);
  assert.match(compilerSays(clang, "static u32 needs_types_h;\n"), /unknown type name/);
});
