/** Programs that were prepared by one load: the next one is the same without libbpf's work, or is as if nothing had been kept. */
import assert from "node:assert/strict";
import { SECOND_LOOKS } from "../../bpf/capture.ts";
import { Libbpf } from "../../bpf/ffi/libbpf.ts";
import { Libc } from "../../bpf/ffi/libc.ts";
import { mapEntries } from "../../bpf/kernel_memory.ts";
import { loadPrograms, readObject } from "../../bpf/load.ts";
import { bootId } from "../../bpf/machine.ts";
import type { LoadedObject, LoadOptions } from "../../bpf/object.ts";
import { decodePrepared, encodePrepared, KeptPrograms, type PreparedHead } from "../../bpf/prepared.ts";
import { Extra } from "../../bpf/wire.ts";
import { random, testSeed } from "../engine/batches.ts";
import { mapsHeldBy, programsHeldBy, verifiedInstructions } from "../kernel_lib/leftovers.ts";
import { OF_EXTRAS, plainConfig } from "../kernel_lib/load_config.ts";
import { scratchDirectory } from "../kernel_lib/scratch.ts";
import { smallDisk } from "../kernel_lib/small_disk.ts";

const NOBODY = 65_534;
const libc = Libc.open();
const BOOT = bootId(libc)!;

function optionsOf(changed: Partial<LoadOptions> & { extras?: number; samples?: boolean } = {}): LoadOptions {
  const { extras = 0, samples = false, ...rest } = changed;
  return {
    bytes: readObject(),
    config: plainConfig({ samples, extras }),
    maxEntries: mapEntries({
      cpus: 2,
      pidMax: 1 << 22,
      ringBytes: 65_536,
      rowRings: false,
      samples,
      stacks: (extras & Extra.STACKS) !== 0,
      mapped: false,
    }),
    leftOut: [
      "ior_uring_old",
      "ior_uring_end",
      "ior_uring_end_old",
      ...SECOND_LOOKS,
      ...(extras === 0 ? OF_EXTRAS : []),
    ],
    ...rest,
  };
}

/** A folder that is trusted. */
function trustedFolder(): string {
  const folder = `${scratchDirectory("prepared")}/programs`;
  Deno.mkdirSync(folder, { mode: 0o700 });
  return folder;
}

function filesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => `${folder}/${name}`).sort();
}

/** What this process has in the kernel with an object that `load` loads. */
async function heldWith(load: () => Promise<LoadedObject>) {
  const before = new Set(mapsHeldBy(Deno.pid).map(({ id }) => id));
  using _object = await load();
  const maps = mapsHeldBy(Deno.pid).filter(({ id }) => !before.has(id));
  return {
    programs: await verifiedInstructions(),
    maps: maps.map(({ kind, valueBytes, entries }) => `${kind} ${valueBytes} ${entries}`).sort(),
  };
}

Deno.test("What was prepared puts the same programs and maps into the kernel as libbpf", async () => {
  using libbpf = new Libbpf(libc);
  const samples = optionsOf({ samples: true });
  const extras = optionsOf({
    extras: Extra.WAITS | Extra.STACKS | Extra.ARGUMENTS,
    leftOut: optionsOf().leftOut.filter((name) => !/switch|wakeup/.test(name)),
  });
  const folder = trustedFolder();
  const kept = KeptPrograms.open(BOOT, folder)!;
  // What was prepared for a trace with many entries serves one with few, and the other way round.
  for (const options of [samples, optionsOf(), samples, extras]) {
    const plain = await heldWith(() => loadPrograms(libbpf, options));
    assert.ok(Object.keys(plain.programs).length > 7 && plain.maps.length > 20);
    await (await loadPrograms(libbpf, options, kept))[Symbol.dispose]();
    const prepared = await heldWith(async () => {
      const loaded = await kept.load(libbpf, options);
      assert.ok(loaded !== null);
      return loaded;
    });
    assert.deepEqual(prepared, plain);
  }
  // Programs depend on what is left out, not on the configuration.
  assert.equal(filesIn(folder).length, 2);
  assert.deepEqual(programsHeldBy(Deno.pid), []);
});

Deno.test("What was prepared for another start, libbpf or object is not loaded", async () => {
  using libbpf = new Libbpf(libc);
  const folder = trustedFolder();
  const options = optionsOf();
  using _loaded = await loadPrograms(libbpf, options, KeptPrograms.open(BOOT, folder)!);
  const [path] = filesIn(folder);
  assert.equal(await KeptPrograms.open("another", folder)!.load(libbpf, options), null);
  const bytes = options.bytes.slice();
  bytes[bytes.length - 1] ^= 1;
  const kept = KeptPrograms.open(BOOT, folder)!;
  assert.equal(await kept.load(libbpf, { ...options, bytes }), null);
  const { head, body } = decodePrepared(Deno.readFileSync(path));
  const changed: Partial<PreparedHead>[] = [{ libbpf: "1.0" }, { leftOut: [] }, { sized: [] }];
  for (const change of changed) {
    Deno.writeFileSync(path, encodePrepared({ ...head, ...change }, body));
    assert.equal(await kept.load(libbpf, options), null);
  }
  Deno.writeFileSync(path, encodePrepared(head, body));
  using again = await kept.load(libbpf, options);
  assert.ok(again !== null);
});

Deno.test("A damaged file is as none: libbpf loads the programs and they are kept anew", async () => {
  using libbpf = new Libbpf(libc);
  const next = random(testSeed());
  const folder = trustedFolder();
  const options = optionsOf();
  const kept = KeptPrograms.open(BOOT, folder)!;
  (await loadPrograms(libbpf, options, kept))[Symbol.dispose]();
  const [path] = filesIn(folder);
  const whole = Deno.readFileSync(path);
  const headBytes = new DataView(whole.buffer).getUint32(0, true);
  for (let round = 0; round < 40; round++) {
    const damaged = whole.slice(0, Math.floor(next() * whole.length));
    Deno.writeFileSync(path, damaged);
    assert.equal(await kept.load(libbpf, options), null, `the first ${damaged.length} bytes`);
  }
  // Any other byte in the head: whatever comes of it, nothing is thrown and nothing stays in the kernel.
  for (let round = 0; round < 40; round++) {
    const damaged = whole.slice();
    damaged[4 + Math.floor(next() * headBytes)] = Math.floor(next() * 256);
    Deno.writeFileSync(path, damaged);
    (await kept.load(libbpf, options))?.[Symbol.dispose]();
  }
  assert.deepEqual(programsHeldBy(Deno.pid), []);
  Deno.writeFileSync(path, new Uint8Array());
  (await loadPrograms(libbpf, options, kept))[Symbol.dispose]();
  assert.deepEqual(Deno.readFileSync(path), whole);
});

Deno.test("A ring that the kernel does not make is said at once, and libbpf does not ask for it again", async () => {
  using libbpf = new Libbpf(libc);
  const options = optionsOf();
  const kept = KeptPrograms.open(BOOT, trustedFolder())!;
  (await loadPrograms(libbpf, options, kept))[Symbol.dispose]();
  // No power of two: libbpf would have made one of it.
  const odd = { ...options, maxEntries: { ...options.maxEntries, ring: 65_537 } };
  await assert.rejects(loadPrograms(libbpf, odd, kept), { reason: "ring_refused" });
  assert.deepEqual(programsHeldBy(Deno.pid), []);
});

Deno.test("A folder or a file that others could have written is neither read nor written", async () => {
  using libbpf = new Libbpf(libc);
  const options = optionsOf();
  const others: [name: string, change: (folder: string, file: string) => void][] = [
    ["the folder is another user's", (folder) => Deno.chownSync(folder, NOBODY, NOBODY)],
    ["anybody may write to the folder", (folder) => Deno.chmodSync(folder, 0o777)],
    ["the folder is a link", (folder) => {
      Deno.renameSync(folder, `${folder}.real`);
      Deno.symlinkSync(`${folder}.real`, folder);
    }],
    ["the file is another user's", (_, file) => Deno.chownSync(file, NOBODY, NOBODY)],
    ["a group may write to the file", (_, file) => Deno.chmodSync(file, 0o660)],
    ["the file is a link", (_, file) => {
      Deno.renameSync(file, `${file}.real`);
      Deno.symlinkSync(`${file}.real`, file);
    }],
  ];
  for (const [name, change] of others) {
    const folder = trustedFolder();
    const kept = KeptPrograms.open(BOOT, folder)!;
    (await loadPrograms(libbpf, options, kept))[Symbol.dispose]();
    const [file] = filesIn(folder);
    change(folder, file);
    assert.equal(await kept.load(libbpf, options), null, name);
    if (!name.includes("folder")) continue;
    const before = Deno.statSync(file).mtime;
    (await loadPrograms(libbpf, options, kept))[Symbol.dispose]();
    assert.deepEqual([filesIn(folder), Deno.statSync(file).mtime], [[file], before], name);
  }
});

Deno.test("Without room for it nothing is kept, and without a folder for it none is made", async () => {
  using libbpf = new Libbpf(libc);
  const options = optionsOf();
  {
    using disk = smallDisk(200_000);
    Deno.chmodSync(disk.path, 0o700);
    (await loadPrograms(libbpf, options, KeptPrograms.open(BOOT, disk.path)!))[Symbol.dispose]();
    assert.deepEqual(filesIn(disk.path), []);
  }
  const missing = `${scratchDirectory("prepared")}/no/folder`;
  const kept = KeptPrograms.open(BOOT, missing)!;
  (await loadPrograms(libbpf, options, kept))[Symbol.dispose]();
  assert.equal(kept.makeFolder(), false);
});

Deno.test("Nothing is kept by who may not write or is not root, and for a kernel whose start has no number", async () => {
  const folder = trustedFolder();
  assert.equal(KeptPrograms.open(null, folder), null);
  const script = `import { KeptPrograms } from ${
    JSON.stringify(import.meta.resolve("../../bpf/prepared.ts"))
  };
console.log(KeptPrograms.open("1", ${JSON.stringify(folder)}) === null ? "none" : "some");`;
  const path = `${scratchDirectory("prepared")}/open.ts`;
  Deno.writeTextFileSync(path, script);
  const all = ["--allow-read", "--allow-write", "--allow-sys"];
  const opened = async (wrapper: string[], permissions: string[]) => {
    const words = [...wrapper, Deno.execPath(), "run", "--no-check", "--quiet", ...permissions, path];
    const { stdout } = await new Deno.Command(words[0], { args: words.slice(1), stderr: "inherit" }).output();
    return new TextDecoder().decode(stdout).trim();
  };
  assert.equal(await opened([], all), "some");
  for (const left of all) assert.equal(await opened([], all.filter((one) => one !== left)), "none", left);
  // As nobody, with root's cache of modules still at hand.
  const capability = "+dac_override";
  const nobody = ["setpriv", `--reuid=${NOBODY}`, `--inh-caps=${capability}`, `--ambient-caps=${capability}`];
  assert.equal(await opened(nobody, all), "none");
});
