/** The terminal that a live view has: raw mode on the alternate screen, as long as it is entered. */
import type { Display } from "./live_view.ts";

/** Alternate screen, no line wrap, mouse clicks and wheel as SGR sequences (ctlseqs of xterm). */
const ENTER = "\x1b[?1049h\x1b[?7l\x1b[?25l\x1b[?1000h\x1b[?1006h";
const LEAVE = "\x1b[?1006l\x1b[?1000l\x1b[?7h\x1b[0m\x1b[?25h\x1b[?1049l";

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

  /** Reads what it sends until its end, or until `isOver`. */
  async read(took: (bytes: Uint8Array) => void): Promise<void> {
    const buffer = new Uint8Array(READ_BYTES);
    for (let count = await Deno.stdin.read(buffer); count !== null; count = await Deno.stdin.read(buffer)) {
      took(buffer.subarray(0, count));
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
    for (let at = 0; at < bytes.length && this.#isEntered;) at += await Deno.stdout.write(bytes.subarray(at));
  }

  [Symbol.dispose](): void {
    this.leave();
  }
}

function writeAll(text: string): void {
  const bytes = encoder.encode(text);
  for (let at = 0; at < bytes.length;) at += Deno.stdout.writeSync(bytes.subarray(at));
}
