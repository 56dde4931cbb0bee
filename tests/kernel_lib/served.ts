import assert from "node:assert/strict";
import { waitFor } from "../wait.ts";
import { type IorOptions, type IorResult, outcome, startIor } from "./ior.ts";

/** Longest wait for anything of a server; only reached when it hangs. */
export const PATIENCE_MS = 60_000;

/** An `ior serve` that answers. */
export interface Served extends AsyncDisposable {
  /** Where, as it says. */
  name: string;
  /** Its process. */
  child: Deno.ChildProcess;
  /** What it has said so far. */
  said(): string;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  /** The value of a sample of `/metrics`, by its name with its labels as they are written; `undefined` when there is none. */
  sample(name: string): Promise<number | undefined>;
  /** Ends it by a signal. */
  end(signal?: Deno.Signal): Promise<Pick<IorResult, "code" | "signal">>;
}

/** Starts a server on a port that the system chooses, unless `args` say where; resolves when it answers. */
export async function startServing(args: readonly string[], options: IorOptions = {}): Promise<Served> {
  const listen = args.includes("--listen") ? [] : ["--listen", "127.0.0.1:0"];
  const child = startIor(["serve", ...listen, ...args], options);
  let text = "";
  const reading = (async () => {
    for await (const part of child.stderr.pipeThrough(new TextDecoderStream())) text += part;
  })();
  void child.stdout.cancel();
  let hasEnded = false;
  child.status.finally(() => hasEnded = true);
  const [, name] = await waitFor(() => {
    assert.ok(!hasEnded, `ior serve has ended: ${text}`);
    return /^ior: Serving at (.*)$/m.exec(text);
  }, { timeoutMs: PATIENCE_MS, what: "the server" });
  const get = (path: string, headers = {}) => fetch(new URL(path, name), { headers });
  const end = async (signal: Deno.Signal = "SIGTERM") => {
    if (!hasEnded) child.kill(signal);
    const status = await child.status;
    await reading;
    return status;
  };
  return {
    name,
    child,
    said: () => text,
    get,
    async sample(name) {
      const text = await (await get("/metrics")).text();
      const line = text.split("\n").find((line) => line.startsWith(`${name} `));
      return line === undefined ? undefined : Number(line.slice(name.length + 1));
    },
    end,
    async [Symbol.asyncDispose]() {
      await end("SIGKILL");
    },
  };
}

/** What a server says that is refused before it answers. */
export function refusedServer(...args: string[]): Promise<IorResult> {
  return outcome(startIor(["serve", ...args]));
}
