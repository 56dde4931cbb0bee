/** What ior itself reads of an ELF file: where its code is, and its build id. */

/** Bytes that are read of a file: the headers, and usually the notes, are at its beginning. */
export const ELF_BYTES = 4096;

/** Bytes of a build id, at most. */
export const BUILD_ID_BYTES = 20;

const MAGIC = 0x464c_457f; // "\x7fELF"
const CLASS_64 = 2;
const LITTLE_ENDIAN = 1;
const PT_LOAD = 1;
const PT_NOTE = 4;
const PF_X = 1;
const HEADER_BYTES = 56;
const NT_GNU_BUILD_ID = 3;
const GNU = 0x0055_4e47; // "GNU\0"

/** Maximum number of program headers that are looked at: real files have about a dozen. */
const MOST_HEADERS = 64;

/** A part of a file that is mapped as code. */
export interface CodeSegment {
  /** Bytes from the beginning of the file. */
  offset: number;
  bytes: number;
  /** Address by which the file itself calls it. */
  address: number;
}

/** The code of a file. */
export interface ElfFile {
  /** As the kernel has it: {@linkcode BUILD_ID_BYTES} bytes in hexadecimal, with zeros behind a shorter one. `null` when the file has none, or not in its first {@linkcode ELF_BYTES} bytes. */
  buildId: string | null;
  segments: CodeSegment[];
}

/** Reads the first {@linkcode ELF_BYTES} bytes of a file, or all if it has fewer; `null` for what is no 64-bit ELF file. */
export function readElf(bytes: Uint8Array): ElfFile | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 64 || view.getUint32(0, true) !== MAGIC) return null;
  if (bytes[4] !== CLASS_64 || bytes[5] !== LITTLE_ENDIAN) return null;
  const segments: CodeSegment[] = [];
  let buildId: string | null = null;
  const start = number(view, 32);
  const count = Math.min(view.getUint16(56, true), MOST_HEADERS);
  for (let i = 0; i < count; i++) {
    const at = start + i * HEADER_BYTES;
    if (view.getUint16(54, true) !== HEADER_BYTES || at + HEADER_BYTES > bytes.length) break;
    const type = view.getUint32(at, true);
    const offset = number(view, at + 8);
    const size = number(view, at + 32);
    if (type === PT_LOAD && (view.getUint32(at + 4, true) & PF_X) !== 0) {
      segments.push({ offset, bytes: size, address: number(view, at + 16) });
    } else if (type === PT_NOTE) {
      buildId ??= buildIdIn(view, offset, Math.min(offset + size, bytes.length));
    }
  }
  return { buildId, segments };
}

/** The address of a place in a file's code; `null` when the place is not in code. */
export function addressOf({ segments }: ElfFile, offset: number): number | null {
  const segment = segments.find((one) => offset >= one.offset && offset < one.offset + one.bytes);
  return segment === undefined ? null : offset - segment.offset + segment.address;
}

/** A number of 64 bits; what has more than 53 is beyond every file. */
function number(view: DataView, at: number): number {
  return Number(view.getBigUint64(at, true));
}

/** Notes: sizes of name and description, type, then both, each padded to four bytes. */
function buildIdIn(view: DataView, from: number, to: number): string | null {
  for (let at = from; at + 16 <= to;) {
    const nameBytes = view.getUint32(at, true);
    const bytes = view.getUint32(at + 4, true);
    const data = at + 12 + padded(nameBytes);
    if (
      view.getUint32(at + 8, true) === NT_GNU_BUILD_ID && nameBytes === 4 && bytes > 0 &&
      view.getUint32(at + 12, true) === GNU && data + bytes <= to
    ) {
      const id = new Uint8Array(view.buffer, view.byteOffset + data, Math.min(bytes, BUILD_ID_BYTES));
      return id.toHex().padEnd(2 * BUILD_ID_BYTES, "0");
    }
    at = data + padded(bytes);
  }
  return null;
}

function padded(bytes: number): number {
  return Math.ceil(bytes / 4) * 4;
}
