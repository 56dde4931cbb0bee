import { Offset, Size, STACK_FRAMES, STACK_TOP } from "../wire.ts";
import { BUILD_ID_BYTES } from "./elf_file.ts";

/** A place in the code of a process. */
export interface RawFrame {
  /** Address in the process; of a frame with a build id the low 32 bits. */
  address: number;
  /** Of the file that is mapped there, see {@linkcode ElfFile.buildId}; `null` when the kernel did not tell. */
  buildId: string | null;
  /** Place in that file, bytes from its beginning; 0 without a build id. */
  offset: number;
}

/** The stack of a thread, as the kernel side has sent it. */
export interface RawStack {
  /** Number of its process. */
  pid: number;
  /** Distinguishes the program from others that have run, or will, under the same number. */
  program: string;
  /** Address in the process of the program's first code. */
  codeStart: number;
  /** The frames, innermost first; each but the first is where a call returns to. */
  frames: RawFrame[];
  /** Words above the stack pointer that may be return addresses, 0 for those that are not. */
  top: number[];
  /** Whether there may be more frames than the kernel walks. */
  isCut: boolean;
  /** Whether the outermost frame leads to what is no code: its callers are not known. */
  isBroken: boolean;
}

const NO_BUILD_ID = "00".repeat(BUILD_ID_BYTES);

/** Reads a stack_record; `null` when it has not the length that it says. */
export function readStack(view: DataView<ArrayBuffer>): RawStack | null {
  const at = Offset.stack_record;
  const { byteLength } = view;
  if (byteLength < Size.stack_record) return null;
  const count = view.getUint16(at.frames, true);
  if (count > STACK_FRAMES || byteLength !== Size.stack_record + count * Size.stack_frame) return null;
  const pid = view.getUint32(at.pid, true);
  return {
    pid,
    program: [pid, view.getBigUint64(at.process_start_ns, true), view.getUint32(at.exec, true)].join(),
    codeStart: Number(view.getBigUint64(at.code_start, true)),
    frames: Array.from({ length: count }, (_, i) => frameAt(view, Size.stack_record + i * Size.stack_frame)),
    top: Array.from({ length: STACK_TOP }, (_, i) => Number(view.getBigUint64(at.top + 8 * i, true))),
    isCut: count === STACK_FRAMES,
    isBroken: view.getUint16(at.broken, true) !== 0,
  };
}

function frameAt(view: DataView<ArrayBuffer>, start: number): RawFrame {
  const at = Offset.stack_frame;
  const buildId = new Uint8Array(view.buffer, view.byteOffset + start + at.build_id, BUILD_ID_BYTES).toHex();
  const offset = Number(view.getBigUint64(start + at.offset, true));
  if (buildId === NO_BUILD_ID) return { address: offset, buildId: null, offset: 0 };
  return { address: view.getUint32(start + at.address, true), buildId, offset };
}
