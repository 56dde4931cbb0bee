import {
  I386_IPC,
  I386_IPC_CALLS,
  I386_NUMBERS,
  I386_SOCKET_CALLS,
  I386_SOCKETCALL,
} from "../runtime/syscalls/i386.ts";
import { type Arch, syscallByName, syscallNumber } from "../runtime/syscalls/mod.ts";
import { CALLS, COMPAT_CALLS, COMPAT_PARTS, CompatForm, Offset, Size } from "./wire.ts";

/** Calls whose arguments or result are not where the 64-bit call has them, by their 32-bit numbers. */
const FORMS: Readonly<Record<number, number>> = {
  89: CompatForm.READDIR,
  90: CompatForm.BLOCK, // the old mmap
  140: CompatForm.LLSEEK,
  339: CompatForm.SPLIT, // fanotify_mark
};

/** Arguments of the old mmap, behind its one. */
const MMAP_WORDS = 6;

/** Where the calls behind `socketcall` and `ipc` are. */
const SOCKET_CALLS = COMPAT_CALLS;
const IPC_CALLS = COMPAT_CALLS + COMPAT_PARTS;

/** What the calls of the 32-bit table are, as the bytes of the `compat` map. */
export function compatTable(arch: Arch): Uint8Array<ArrayBuffer> {
  const table = new Uint8Array(CALLS * Size.compat_call);
  const view = new DataView(table.buffer);
  const set = (index: number, form: number, nr: number, words = 0) => {
    const at = index * Size.compat_call;
    view.setUint16(at + Offset.compat_call.nr, nr, true);
    table[at + Offset.compat_call.form] = form;
    table[at + Offset.compat_call.words] = words;
  };
  if (arch !== "x86_64") {
    for (let index = 0; index < CALLS; index++) set(index, CompatForm.LOST, 0);
    return table;
  }
  const numberOf = (name: string) => syscallNumber(arch, syscallByName(name)!)!;
  for (const [name, numbers] of Object.entries(I386_NUMBERS)) {
    for (const number of numbers) {
      const form = FORMS[number] ?? CompatForm.SAME;
      set(number, form, numberOf(name), form === CompatForm.BLOCK ? MMAP_WORDS : 0);
    }
  }
  set(I386_SOCKETCALL, CompatForm.SOCKETCALL, SOCKET_CALLS);
  for (const [part, [name, words]] of Object.entries(I386_SOCKET_CALLS)) {
    set(SOCKET_CALLS + Number(part), CompatForm.SAME, numberOf(name), words);
  }
  set(I386_IPC, CompatForm.IPC, IPC_CALLS);
  for (const [part, name] of Object.entries(I386_IPC_CALLS)) {
    set(IPC_CALLS + Number(part), CompatForm.SAME, numberOf(name));
  }
  return table;
}
