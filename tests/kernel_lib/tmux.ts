/** A real terminal for tests: tmux, whose screen can be read. */
import { waitFor } from "../wait.ts";

/** Longest wait for something on the screen; only reached when it does not come. */
const DEADLINE_MS = 60_000;

/** A shell in a terminal of its own. */
export class Terminal implements Disposable {
  readonly #socket: string;
  readonly #env: Record<string, string>;

  /** Starts a shell in `cwd`, in a terminal of so many columns and rows. */
  constructor(
    { columns, rows, cwd, env = {} }: {
      columns: number;
      rows: number;
      cwd: string;
      env?: Record<string, string>;
    },
  ) {
    this.#socket = `ior-test-${Deno.pid}-${crypto.randomUUID().slice(0, 8)}`;
    // The server has the environment of who starts it; its option for a session's does not take PATH.
    this.#env = { TERM: "xterm-256color", LANG: "C.UTF-8", PS1: "$ ", HISTFILE: "", ...env };
    this.#tmux(
      "-f",
      "/dev/null",
      "new-session",
      "-d",
      "-x",
      `${columns}`,
      "-y",
      `${rows}`,
      "-c",
      cwd,
      "sh",
    );
    this.#tmux("set", "-g", "escape-time", "0");
  }

  /** Types a line and Enter. */
  run(line: string): void {
    this.#tmux("send-keys", "-l", line);
    this.keys("Enter");
  }

  /** Presses keys, by the names that tmux has for them. */
  keys(...keys: string[]): void {
    for (const key of keys) this.#tmux("send-keys", key);
  }

  /** Types a text. */
  type(text: string): void {
    this.#tmux("send-keys", "-l", text);
  }

  /** The screen as text, without spaces at the ends of lines. */
  get screen(): string {
    return this.#tmux("capture-pane", "-p").split("\n").map((line) => line.trimEnd()).join("\n");
  }

  /** The screen with its colours, as escape sequences. */
  get coloredScreen(): string {
    return this.#tmux("capture-pane", "-p", "-e");
  }

  /** Waits until the screen shows it, and returns the screen. */
  shows(what: RegExp): Promise<string> {
    return waitFor(() => what.test(this.screen) ? this.screen : null, {
      what: `${what} on the screen`,
      timeoutMs: DEADLINE_MS,
    }).catch((error) => {
      throw new Error(`${error.message}\nThe screen:\n${this.screen}`);
    });
  }

  /** Another size. */
  resize(columns: number, rows: number): void {
    this.#tmux("resize-window", "-x", `${columns}`, "-y", `${rows}`);
  }

  /** What is known of the terminal: whether the cursor shows, the alternate screen is on, and the mouse is taken. */
  get modes(): string {
    return this.#tmux(
      "display-message",
      "-p",
      "cursor #{cursor_flag} alternate #{alternate_on} mouse #{mouse_any_flag} wrap #{wrap_flag}",
    ).trim();
  }

  /** Ends the shell and everything in its terminal. */
  [Symbol.dispose](): void {
    this.#tmux("kill-server");
  }

  #tmux(...args: string[]): string {
    const { success, stdout, stderr } = new Deno.Command("tmux", {
      args: ["-L", this.#socket, ...args],
      env: this.#env,
    }).outputSync();
    const decoder = new TextDecoder();
    if (!success) throw new Error(`tmux ${args.join(" ")}: ${decoder.decode(stderr)}`);
    return decoder.decode(stdout);
  }
}
