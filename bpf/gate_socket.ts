import { Libc } from "./ffi/libc.ts";

/** Bytes of an answer that are taken at once: it holds at most a path. */
const ANSWER_BYTES = 8192;

/** A connection to a program that ior starts: the program inherits the other end. */
export class GateSocket {
  /** Number of the program's end, here and there. */
  readonly inherited: number;
  readonly #libc: Libc;
  readonly #own: number;
  #receiving: Promise<unknown> | null = null;
  #isClosed = false;

  private constructor(libc: Libc) {
    this.#libc = libc;
    const [own, other] = libc.socketPair();
    try {
      this.inherited = libc.inheritable(other);
    } catch (error) {
      libc.close(own);
      throw error;
    } finally {
      libc.close(other);
    }
    this.#own = own;
  }

  /** To be called right before the start of the program, and {@linkcode GateSocket.keepOwnEnd} right after. */
  static open(): GateSocket {
    return new GateSocket(Libc.open());
  }

  /** Closes the program's end here, so that this end sees when the program is gone. */
  keepOwnEnd(): void {
    this.#libc.close(this.inherited);
  }

  /** Sends all bytes, unless the program is gone. */
  send(bytes: Uint8Array<ArrayBuffer>): void {
    if (!this.#isClosed) this.#libc.send(this.#own, bytes);
  }

  /** The next bytes; none when the program or this end has closed the connection. One call at a time. */
  async receive(): Promise<Uint8Array<ArrayBuffer>> {
    if (this.#isClosed) return new Uint8Array();
    const receiving = this.#receiving = this.#libc.receive(this.#own, new Uint8Array(ANSWER_BYTES));
    const bytes = await receiving;
    this.#receiving = null;
    if (this.#isClosed) this.#libc.close(this.#own);
    return bytes;
  }

  /** Closes the connection. Safe to call more than once. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    // The number stays taken while a thread waits on it.
    if (this.#receiving === null) this.#libc.close(this.#own);
    else this.#libc.shutdown(this.#own);
  }
}
