/**
 * `deno task pack [FILE]`: makes ior one executable file for this architecture, which needs a kernel and the C library only:
 * the front (launch/front.c), and behind it Deno, the bundle, and all else that ior opens, packed.
 */

import { deflateRawSync } from "node:zlib";
import { VERSION } from "../runtime/version.ts";
import { run } from "./make_bundle.ts";
import { ARCH, librariesOf, type Part, partsOf } from "./parts.ts";

/** What launch/packed.h reads: lengths of its texts, and of a file in the list. */
const NAME_BYTES = 64;
const VERSION_BYTES = 32;
const FILE_BYTES = 32 + 32 + NAME_BYTES;
const MAGIC = "ior packed 1\n\0\0\0";

/** Where offsets are aligned to. */
const ALIGNED = 8;

/** From 1, fast, to 9, small. */
const SMALLEST = 9;

const encoder = new TextEncoder();

/** The parts of a file, one after the other. */
class Pieces {
  readonly all: Uint8Array[] = [];
  length = 0;

  /** Appends some bytes at an aligned place, and returns the place. */
  add(bytes: Uint8Array): number {
    const at = this.length;
    const after = (ALIGNED - bytes.length % ALIGNED) % ALIGNED;
    this.all.push(bytes, new Uint8Array(after));
    this.length += bytes.length + after;
    return at;
  }
}

function paddedText(text: string, bytes: number): Uint8Array {
  const padded = new Uint8Array(bytes);
  const encoded = encoder.encode(text);
  if (encoded.length >= bytes) throw new Error(`Cannot pack: ${text} has more than ${bytes - 1} bytes`);
  padded.set(encoded);
  return padded;
}

const numbers = (...values: number[]) => new Uint8Array(BigUint64Array.from(values, BigInt).buffer);

/** The digest of a file, by the front, which verifies it. */
async function digest(front: string, path: string): Promise<Uint8Array> {
  return Uint8Array.fromHex(await run(front, ["digest", path], "/"));
}

async function digestOf(front: string, bytes: Uint8Array): Promise<Uint8Array> {
  const path = Deno.makeTempFileSync();
  try {
    Deno.writeFileSync(path, bytes);
    return await digest(front, path);
  } finally {
    Deno.removeSync(path);
  }
}

/**
 * An executable file of the front with these parts. Without any, it looks for them beside itself.
 *
 * @param level From 1, fast, to 9, small.
 */
export async function packedFile(
  root: string,
  parts: readonly Part[],
  level = SMALLEST,
): Promise<Uint8Array[]> {
  const pieces = new Pieces();
  const front = `${root}/launch/ior-front.${ARCH}`;
  pieces.add(Deno.readFileSync(front));
  const list = new Uint8Array(parts.length * FILE_BYTES);
  for (const [i, { name, path, mode }] of parts.entries()) {
    const bytes = Deno.readFileSync(path);
    const packed = deflateRawSync(bytes, { level });
    const at = pieces.add(packed);
    list.set(numbers(at, packed.length, bytes.length, mode), i * FILE_BYTES);
    list.set(await digest(front, path), i * FILE_BYTES + 32);
    list.set(paddedText(name, NAME_BYTES), i * FILE_BYTES + 64);
  }
  const listAt = pieces.add(list);
  pieces.add(numbers(listAt, parts.length));
  pieces.add(await digestOf(front, list));
  pieces.add(paddedText(VERSION, VERSION_BYTES));
  pieces.add(encoder.encode(MAGIC));
  return pieces.all;
}

/** Writes an executable file: all of it or nothing. */
export function writeProgram(path: string, pieces: readonly Uint8Array[]): void {
  const fresh = `${path}.new`;
  using file = Deno.openSync(fresh, { write: true, create: true, truncate: true, mode: 0o755 });
  for (const piece of pieces) {
    for (let at = 0; at < piece.length;) at += file.writeSync(piece.subarray(at));
  }
  Deno.renameSync(fresh, path);
}

/**
 * Makes the packed file of the checkout `root`.
 *
 * @param level As for {@linkcode packedFile}.
 */
export async function pack(root: string, path: string, level?: number): Promise<void> {
  const folder = Deno.makeTempDirSync();
  try {
    const parts = [...await partsOf(root, folder), ...await librariesOf()];
    writeProgram(path, await packedFile(root, parts, level));
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

if (import.meta.main) {
  const root = Deno.realPathSync(`${import.meta.dirname}/..`);
  const [path = "dist/ior"] = Deno.args;
  Deno.mkdirSync(path.replace(/[^/]*$/, "") || ".", { recursive: true });
  await pack(root, path);
  console.log(`${path}: ${(Deno.statSync(path).size / 2 ** 20).toFixed(1)} MiB`);
}
