/** The terminal that a live view has: raw mode on the alternate screen, as long as it is entered. */
import { delay, whenReady } from "../../runtime/delay.ts";
import type { Display } from "./live_view.ts";

/** Alternate screen, no line wrap, mouse clicks and wheel as SGR sequences (ctlseqs of xterm). */
const ENTER = "\x1b[?1049h\x1b[?7l\x1b[?25l\x1b[?1000h\x1b[?1006h";
const LEAVE = "\x1b[?1006l\x1b[?1000l\x1b[?7h\x1b[0m\x1b[?25h\x1b[?1049l";

/** Asks where the cursor is (Device Status Report of ECMA-48): the answer ends a read that waits. */
const ASK_POSITION = "\x1b[6n";

/** Longest wait for the answer, milliseconds: over a slow line, or none from what is no real terminal. */
const ANSWER_MS = 500;

/** Size of a terminal that does not say. */
const DEFAULT_SIZE = { columns: 80, rows: 24 };

/** Bytes read at once: more than a person types and a wheel turns. */
const READ_BYTES = 4096;

const encoder = new TextEncoder();

/** True when input and output are a terminal that can be drawn on. */
export function canShowLiveView(): boolean {
  return Deno.stdin.isTerminal() && Deno.stdout.isTerminal() && (Deno.env.get("TERM") ?? "dumb") !== "dumb";
}

/** The terminal of standard input and output. Disposing leaves it as it was. */
export class LiveTerminal implements Display, Disposable {
  #isEntered = false;
  /** While another program has the terminal: the reader says that it has stopped, and goes on afterwards. */
  #lent: { stopped: PromiseWithResolvers<void>; back: PromiseWithResolvers<void> } | null = null;

  /** Enters it. */
  static open(): LiveTerminal {
    const terminal = new LiveTerminal();
    terminal.enter();
    return terminal;
  }

  /** Takes the terminal. Safe to call more than once. */
  enter(): void {
    if (this.#isEntered) return;
    this.#isEntered = true;
    Deno.stdin.setRaw(true);
    writeAll(ENTER);
  }

  /** Gives it back as it was. Safe to call more than once, and when it is gone. */
  leave(): void {
    if (!this.#isEntered) return;
    this.#isEntered = false;
    try {
      writeAll(LEAVE);
      Deno.stdin.setRaw(false);
    } catch {
      // The terminal is gone.
    }
  }

  /** Reads what it sends until its end. */
  async read(took: (bytes: Uint8Array) => void): Promise<void> {
    const buffer = new Uint8Array(READ_BYTES);
    for (let count = await Deno.stdin.read(buffer); count !== null; count = await Deno.stdin.read(buffer)) {
      if (this.#lent === null) took(buffer.subarray(0, count));
      this.#lent?.stopped.resolve();
      await this.#lent?.back.promise;
    }
  }

  /** True while another program has the terminal. */
  get isLent(): boolean {
    return this.#lent !== null;
  }

  /** Lets another program have the terminal until `work` is done. A read that waits would take what is typed there. */
  async lend(work: () => Promise<void>): Promise<void> {
    const lent = this.#lent = { stopped: Promise.withResolvers<void>(), back: Promise.withResolvers<void>() };
    try {
      writeAll(ASK_POSITION);
      await Promise.race([lent.stopped.promise, delay(ANSWER_MS)]);
      this.leave();
      await work();
    } finally {
      this.#lent = null;
      this.enter();
      lent.back.resolve();
    }
  }

  size(): { columns: number; rows: number } {
    try {
      const { columns, rows } = Deno.consoleSize();
      return columns > 0 && rows > 0 ? { columns, rows } : DEFAULT_SIZE;
    } catch {
      return DEFAULT_SIZE;
    }
  }

  async write(text: string): Promise<void> {
    const bytes = encoder.encode(text);
    for (let at = 0; at < bytes.length && this.#isEntered;) {
      at += await whenReady(() => Deno.stdout.write(bytes.subarray(at)));
    }
  }

  [Symbol.dispose](): void {
    this.leave();
  }
}

function writeAll(text: string): void {
  const bytes = encoder.encode(text);
  for (let at = 0; at < bytes.length;) at += Deno.stdout.writeSync(bytes.subarray(at));
}
