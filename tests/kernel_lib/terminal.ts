import { fileURLToPath } from "node:url";
import { waitFor } from "../wait.ts";
import { ROOT } from "../gates/tree.ts";

const TERMINAL = fileURLToPath(new URL("./terminal.py", import.meta.url));

/** The prompt of the shell, and the line that sets it, in which it is in two parts: only a prompt shows it. */
const PROMPT = "<ready>";
const SET_PROMPT = "PS1='<rea''dy>'\n";

/** Longest wait for something to be shown, milliseconds. */
const SHOWN_MS = 30_000;

/** An interactive shell in a terminal, with ior's launcher as `$IOR`. */
export class Terminal implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #keys: WritableStreamDefaultWriter<Uint8Array>;
  readonly #ended: Promise<void>;
  /** What was shown and not yet waited for. */
  #shown = "";

  private constructor(child: Deno.ChildProcess) {
    this.#child = child;
    this.#keys = child.stdin.getWriter();
    this.#ended = (async () => {
      for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) this.#shown += text;
    })();
  }

  /** Starts the shell, and waits for its prompt. */
  static async open(): Promise<Terminal> {
    const child = new Deno.Command("python3", {
      args: [TERMINAL, "bash", "--norc", "--noprofile", "-i"],
      env: { IOR: `${ROOT}/ior`, IOR_DENO: Deno.execPath(), TERM: "dumb" },
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    const terminal = new Terminal(child);
    await terminal.type(SET_PROMPT);
    await terminal.prompt();
    return terminal;
  }

  /** Types keys. */
  async type(keys: string): Promise<void> {
    await this.#keys.write(new TextEncoder().encode(keys));
  }

  /** Waits until something is shown that was not shown before the last wait ended; returns what matched. */
  async shows(wanted: RegExp): Promise<RegExpExecArray> {
    const match = await waitFor(() => wanted.exec(this.#shown), {
      timeoutMs: SHOWN_MS,
      what: `the terminal to show ${wanted}`,
    });
    this.#shown = this.#shown.slice(match.index + match[0].length);
    return match;
  }

  /** Waits for the shell's next prompt. */
  async prompt(): Promise<void> {
    await this.shows(new RegExp(PROMPT));
  }

  /** True when the shell has shown its prompt. */
  get hasPrompt(): boolean {
    return this.#shown.includes(PROMPT);
  }

  /** Closes the terminal, which hangs up whoever is in it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#keys.close().catch(() => {});
    await this.#ended;
    await this.#child.status;
  }
}
