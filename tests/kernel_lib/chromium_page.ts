import { waitFor } from "../wait.ts";
import type { Devtools, Fields } from "./devtools.ts";

/** Deadline of whatever a page is waited for, milliseconds. */
const PAGE_MS = 60_000;

/** `KeyboardEvent.key` of keys without text, with the number by which the protocol knows them. */
const KEY_CODES: Readonly<Record<string, number>> = {
  ArrowDown: 40,
  ArrowLeft: 37,
  ArrowRight: 39,
  ArrowUp: 38,
  Backspace: 8,
  End: 35,
  Enter: 13,
  Escape: 27,
  Home: 36,
  Tab: 9,
};

/** What text a key without a letter types. */
const KEY_TEXT: Readonly<Record<string, string>> = { Enter: "\r" };

/** Modifiers as bits. */
export const CTRL = 2;

/** A page in {@linkcode Chromium}. Everything it complains about and asks the network for is kept. */
export class ChromiumPage {
  /** Errors of scripts, of the console, and of the content security policy. */
  readonly errors: string[] = [];
  /** Addresses that were asked for, apart from files and data in the page. */
  readonly requests: string[] = [];
  readonly #devtools: Devtools;
  readonly #target: string;
  readonly #session: string;
  /** How often the page was loaded. */
  #loads = 0;

  private constructor(devtools: Devtools, target: string, session: string) {
    this.#devtools = devtools;
    this.#target = target;
    this.#session = session;
  }

  static async open(
    devtools: Devtools,
    url: string,
    { width, height, scale = 1 }: { width: number; height: number; scale?: number },
  ): Promise<ChromiumPage> {
    const { targetId } = await devtools.send("Target.createTarget", { url: "about:blank" });
    const { sessionId } = await devtools.send("Target.attachToTarget", { targetId, flatten: true });
    const page = new ChromiumPage(devtools, targetId, sessionId);
    devtools.listeners.push(({ method, params, sessionId: from }) => {
      if (from !== sessionId) return;
      page.#note(method, params);
    });
    for (const domain of ["Page", "Runtime", "Log", "Network"]) await page.send(`${domain}.enable`);
    await page.resize(width, height, scale);
    await page.#load("Page.navigate", { url });
    return page;
  }

  /** Closes the page. */
  async close(): Promise<void> {
    await this.#devtools.send("Target.closeTarget", { targetId: this.#target });
  }

  /** Loads the page again. */
  async reload(): Promise<void> {
    await this.#load("Page.reload", {});
  }

  async #load(method: string, params: Fields): Promise<void> {
    const before = this.#loads;
    await this.send(method, params);
    await waitFor(() => this.#loads > before, { timeoutMs: PAGE_MS, what: "the page to load" });
  }

  #note(method: string, params: Fields): void {
    if (method === "Page.loadEventFired") this.#loads++;
    if (method === "Network.requestWillBeSent" && !/^(?:file|data|about):/.test(params.request.url)) {
      this.requests.push(params.request.url);
    }
    if (method === "Runtime.exceptionThrown") {
      this.errors.push(params.exceptionDetails.exception?.description ?? params.exceptionDetails.text);
    }
    if (method === "Log.entryAdded") this.errors.push(`${params.entry.level}: ${params.entry.text}`);
    if (method === "Runtime.consoleAPICalled") {
      this.errors.push(`console: ${params.args.map(({ value }: Fields) => value).join(" ")}`);
    }
  }

  /** A command of the protocol, to this page. */
  send(method: string, params: Fields = {}): Promise<Fields> {
    return this.#devtools.send(method, params, this.#session);
  }

  async resize(width: number, height: number, scale = 1): Promise<void> {
    await this.send("Emulation.setDeviceMetricsOverride", {
      width,
      height,
      deviceScaleFactor: scale,
      mobile: false,
    });
  }

  /** The value of an expression, or of the promise it is; plain data. Rejects with what it throws. */
  // deno-lint-ignore no-explicit-any
  async evaluate(expression: string): Promise<any> {
    const { result, exceptionDetails } = await this.send("Runtime.evaluate", {
      expression,
      returnByValue: true,
      awaitPromise: true,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  /** Waits until an expression is true; an error of the page ends the wait. */
  async until(expression: string): Promise<void> {
    await waitFor(async () => {
      const holds = await this.evaluate(`!!(${expression})`);
      if (!holds && this.errors.length > 0) throw new Error(`The page says: ${this.errors.join("; ")}`);
      return holds;
    }, { timeoutMs: PAGE_MS, what: expression });
  }

  /** Presses and lets go a key, by `KeyboardEvent.key`. */
  async key(key: string, modifiers = 0): Promise<void> {
    const text = modifiers === 0 ? KEY_TEXT[key] ?? (key.length === 1 ? key : undefined) : undefined;
    const windowsVirtualKeyCode = KEY_CODES[key] ?? key.toUpperCase().charCodeAt(0);
    const shared = { key, modifiers, windowsVirtualKeyCode };
    await this.send("Input.dispatchKeyEvent", { type: text ? "keyDown" : "rawKeyDown", text, ...shared });
    await this.send("Input.dispatchKeyEvent", { type: "keyUp", ...shared });
  }

  /** Types text into whatever has the focus. */
  async type(text: string): Promise<void> {
    await this.send("Input.insertText", { text });
  }

  /** Moves the pointer. */
  async point(x: number, y: number): Promise<void> {
    await this.send("Input.dispatchMouseEvent", { type: "mouseMoved", x, y });
  }

  /** Clicks at a place. */
  async click(x: number, y: number): Promise<void> {
    await this.point(x, y);
    for (const type of ["mousePressed", "mouseReleased"]) {
      await this.send("Input.dispatchMouseEvent", { type, x, y, button: "left", clickCount: 1 });
    }
  }

  /** Clicks in the middle of the element that a selector finds. */
  async clickOn(selector: string): Promise<void> {
    const [x, y] = await this.evaluate(
      `(({ x, y, width, height }) => [x + width / 2, y + height / 2])(` +
        `document.querySelector(${JSON.stringify(selector)}).getBoundingClientRect())`,
    );
    await this.click(x, y);
  }

  /** Writes what the window shows to a PNG file. */
  async screenshot(path: string): Promise<void> {
    const { data } = await this.send("Page.captureScreenshot", { format: "png" });
    await Deno.writeFile(path, Uint8Array.fromBase64(data));
  }

  /** Writes the page as printed to a PDF file. */
  async print(path: string): Promise<void> {
    const { data } = await this.send("Page.printToPDF", { printBackground: true, landscape: true });
    await Deno.writeFile(path, Uint8Array.fromBase64(data));
  }

  /** Says whether the system of the reader is dark. */
  async prefer(scheme: "dark" | "light"): Promise<void> {
    const features = [{ name: "prefers-color-scheme", value: scheme }];
    await this.send("Emulation.setEmulatedMedia", { features });
  }
}
