/** Debian's Chromium without a window, with a profile of its own. */
import { waitFor } from "../wait.ts";
import { ChromiumPage } from "./chromium_page.ts";
import { Devtools } from "./devtools.ts";
import { scratchDirectory } from "./scratch.ts";

/** Deadline for the start and the end, milliseconds. */
const START_MS = 60_000;
const END_MS = 20_000;

const FLAGS = [
  "--headless=new",
  // The tests run as root, where the sandbox refuses to work.
  "--no-sandbox",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--disable-extensions",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-breakpad",
  "--disable-sync",
  "--no-first-run",
  "--no-default-browser-check",
  "--remote-debugging-port=0",
];

/** A running browser; `await using` ends it. */
export class Chromium implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;
  readonly #devtools: Devtools;

  private constructor(process: Deno.ChildProcess, devtools: Devtools) {
    this.#process = process;
    this.#devtools = devtools;
  }

  /** Starts a browser. Rejects with what it printed when it does not come up. */
  static async start(): Promise<Chromium> {
    const profile = scratchDirectory("chromium");
    const process = new Deno.Command("chromium", {
      args: [...FLAGS, `--user-data-dir=${profile}`, "about:blank"],
      env: { HOME: profile, XDG_CONFIG_HOME: profile, XDG_CACHE_HOME: profile },
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    const said: string[] = [];
    const reading = collect(process.stderr, said);
    try {
      let ended = false;
      process.status.then(() => ended = true);
      const address = await waitFor(() => {
        if (ended) throw new Error("Chromium ended at once");
        return /DevTools listening on (ws:\S+)/.exec(said.join(""))?.[1];
      }, { timeoutMs: START_MS, what: "Chromium to listen" });
      return new Chromium(process, await Devtools.connect(address));
    } catch (cause) {
      kill(process);
      await process.status;
      await reading;
      throw new Error(`Cannot start Chromium: ${said.join("").trim()}`, { cause });
    }
  }

  /** Opens a page of `width` times `height` CSS pixels, and waits until it is loaded. */
  async open(url: string, size: { width: number; height: number; scale?: number }): Promise<ChromiumPage> {
    return await ChromiumPage.open(this.#devtools, url, size);
  }

  /** Ends the browser: asks first, and kills it when it does not go. */
  async [Symbol.asyncDispose](): Promise<void> {
    const asked = this.#devtools.send("Browser.close").catch(() => {});
    const deadline = Promise.withResolvers<void>();
    const signal = AbortSignal.timeout(END_MS);
    signal.onabort = () => deadline.resolve();
    await Promise.race([this.#process.status, deadline.promise]);
    signal.onabort = null;
    kill(this.#process);
    await this.#process.status;
    this.#devtools.close();
    await asked;
  }
}

async function collect(stream: ReadableStream<Uint8Array>, into: string[]): Promise<void> {
  for await (
    const text of stream.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
  ) {
    into.push(text);
  }
}

function kill(process: Deno.ChildProcess): void {
  try {
    process.kill("SIGKILL");
  } catch {
    // It has ended.
  }
}
