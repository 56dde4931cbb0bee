import { IorError } from "../../runtime/errors.ts";
import { Files } from "../ffi/files.ts";
import { Libc } from "../ffi/libc.ts";
import { Libdw } from "../ffi/libdw.ts";
import { Offset, STACK_SLOTS } from "../wire.ts";
import { readStack } from "./raw_stack.ts";
import { type StackNamer, StackNames } from "./stack_names.ts";

/** The texts of stacks by the kernel's numbers. A place is given to another number long after its last use. */
export class StackTexts implements Disposable {
  readonly #resources = new DisposableStack();
  readonly #namer: StackNamer;
  readonly #ids = new Uint32Array(STACK_SLOTS);
  readonly #texts: string[] = [];
  /** Why frames have no names of functions; `null` when they have. */
  readonly lacksSymbols: IorError | null;
  /** Paths of files that the trace has met. */
  seenPaths: () => Iterable<string> = () => [];

  /** Names are given by `namer`, and without one by the files of this machine, with libdw where it is installed. */
  constructor(namer?: StackNamer) {
    this.lacksSymbols = null;
    if (namer !== undefined) {
      this.#namer = namer;
      return;
    }
    let libdw: Libdw | null = null;
    try {
      libdw = this.#resources.use(new Libdw());
    } catch (error) {
      if (!(error instanceof IorError)) throw error;
      this.lacksSymbols = error;
    }
    const seenPaths = () => this.seenPaths();
    this.#namer = this.#resources.use(new StackNames(Libc.open(), Files.open(), libdw, seenPaths));
  }

  /**
   * Takes a stack_record; false when it has not the length that it says.
   *
   * @param exe Path of its program, `null` where it is not known.
   */
  announce(view: DataView<ArrayBuffer>, exe: string | null): boolean {
    const stack = readStack(view);
    if (stack === null) return false;
    const id = view.getUint32(Offset.stack_record.stack_id, true);
    const slot = id & (STACK_SLOTS - 1);
    while (this.#texts.length <= slot) this.#texts.push("");
    this.#ids[slot] = id;
    this.#texts[slot] = this.#namer.name(stack, exe);
    return true;
  }

  /** The text of a number; `null` for none, and for a call so long that its place was given away meanwhile. */
  get(id: number): string | null {
    const slot = id & (STACK_SLOTS - 1);
    return id !== 0 && this.#ids[slot] === id ? this.#texts[slot] : null;
  }

  [Symbol.dispose](): void {
    this.#resources.dispose();
  }
}
