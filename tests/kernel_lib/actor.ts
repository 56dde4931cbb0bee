import { fileURLToPath } from "node:url";
import { compile } from "./compile.ts";
import { type IorOptions, runIor, startIor } from "./ior.ts";
import { type EndRecord, parseRows, readRows, type RowRecord } from "./rows.ts";
import { scratchDirectory } from "./scratch.ts";
import { waitFor } from "../wait.ts";

/** The program that does what its arguments say; its source lists them. */
export function actorProgram(): Promise<string> {
  return compile(fileURLToPath(new URL("./actor.c", import.meta.url)));
}

/** Traces an actor as ior's command and gives the rows. */
export async function traceActor(
  flags: string[],
  words: string[],
  options: IorOptions = {},
): Promise<RowRecord[]> {
  const output = `${scratchDirectory("rows")}/rows.ndjson`;
  const command = [await actorProgram(), ...words];
  const args = ["stream", "--format", "ndjson", ...flags, "-o", output, "--", ...command];
  const { code, stderr } = await runIor(args, options);
  if (code !== 0) throw new Error(`ior ends with status ${code}\n${stderr}`);
  return readRows(output).rows;
}

/** An actor that runs by itself. */
export interface Actor extends AsyncDisposable {
  pid: number;
  /** Numbers of the threads that have told it, in their order. */
  told: number[];
  /** Waits until it has told this many numbers in all. */
  tells(count: number): Promise<void>;
  /** Gives it a byte, for which it or one of its threads waits. */
  go(): Promise<void>;
  /** Resolves when it has ended. */
  ended: Promise<Deno.CommandStatus>;
}

/** Starts an actor; resolves when it has told `firstTells` numbers. */
export async function startActor(words: string[], firstTells: number): Promise<Actor> {
  const child = new Deno.Command(await actorProgram(), { args: words, stdin: "piped", stdout: "piped" })
    .spawn();
  const stdin = child.stdin.getWriter();
  const stdout = child.stdout.pipeThrough(new TextDecoderStream());
  const told: number[] = [];
  const reader = stdout.getReader();
  let text = "";
  const tells = async (count: number) => {
    while (told.length < count) {
      const { value, done } = await reader.read();
      if (done) throw new Error(`The actor ended before it told; it wrote ${JSON.stringify(text)}`);
      text += value;
      told.splice(0, told.length, ...text.split("\n").slice(0, -1).map(Number));
    }
  };
  await tells(firstTells);
  return {
    pid: child.pid,
    told,
    tells,
    go: () => stdin.write(new Uint8Array(1)),
    ended: child.status,
    async [Symbol.asyncDispose]() {
      try {
        child.kill("SIGKILL");
      } catch {
        // It has ended.
      }
      await child.status;
      await stdin.close().catch(() => {});
      await reader.cancel();
    },
  };
}

/** Other programs take a number that is to be given again, but not so often. */
const MOST_TRIES = 100;

/** Runs an actor under the number of a process that has ended. Returns the number that it got. */
export async function runActorAs(pid: number, words: string[]): Promise<number> {
  let given = 0;
  for (let tries = 0; given !== pid && tries < MOST_TRIES; tries++) {
    Deno.writeTextFileSync("/proc/sys/kernel/ns_last_pid", String(pid - 1));
    await using actor = await startActor(words, 0);
    given = actor.pid;
    await actor.ended;
  }
  return given;
}

/** A stream of rows that has begun: whatever happens from now on is traced. */
export interface LiveStream {
  child: Deno.ChildProcess;
  /** Waits for a row of this path. */
  sees(path: string): Promise<void>;
  /** Waits for ior's end and gives the rows; `status` is ior's. */
  rows(): Promise<{ rows: RowRecord[]; end: EndRecord; code: number; stderr: string }>;
}

/** Starts `ior stream` without a command and resolves when it traces: the header comes first. */
export async function startStream(flags: string[]): Promise<LiveStream> {
  const child = startIor(["stream", "--format", "ndjson", ...flags]);
  const [watched, kept] = child.stdout.tee();
  const reader = watched.pipeThrough(new TextDecoderStream()).getReader();
  const { done } = await reader.read();
  if (done) {
    const { stderr } = await new Response(child.stderr).text().then((stderr) => ({ stderr }));
    throw new Error(`ior ends before it traces: ${stderr}`);
  }
  // Both branches are read: an unread one would hold everything in memory all the same.
  let soFar = "";
  const drained = (async () => {
    for (let part = await reader.read(); !part.done; part = await reader.read()) soFar += part.value;
  })();
  const text = new Response(kept).text();
  const stderr = new Response(child.stderr).text();
  return {
    child,
    async sees(path) {
      const wanted = `"path":${JSON.stringify(path)},`;
      await waitFor(() => soFar.includes(wanted), { timeoutMs: 20_000, what: `a row of ${path}` });
    },
    async rows() {
      const [status, out, err] = await Promise.all([child.status, text, stderr, drained]);
      return { ...parseRows(out), code: status.code, stderr: err };
    },
  };
}
