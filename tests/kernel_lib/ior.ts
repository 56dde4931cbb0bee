import { fileURLToPath } from "node:url";
import { HEAP } from "../../setup/heap.ts";

/** The command line's module. */
export const MAIN = fileURLToPath(new URL("../../cli/main.ts", import.meta.url));

/** Longest run of ior in a test; only reached when it hangs, and then it is killed. */
const DEADLINE_MS = 60_000 * Number(Deno.env.get("IOR_TEST_PATIENCE") ?? 1);

/** How ior ended and what it wrote. */
export interface IorResult {
  code: number;
  signal: Deno.Signal | null;
  stdout: string;
  stderr: string;
}

/** What a run of ior may be given besides its arguments. */
export interface IorOptions {
  env?: Record<string, string>;
  cwd?: string;
  /** Words put before Deno, for instance `unshare -m`. */
  wrapper?: readonly string[];
  stdin?: "null" | "piped";
  /** Paths under which the runtime and the command line's module are to be found; default where they are. */
  places?: { deno: string; main: string };
}

/** The words that run ior with these arguments. */
export function iorWords(
  args: readonly string[],
  { wrapper = [], places = { deno: Deno.execPath(), main: MAIN } }: IorOptions = {},
): [string, ...string[]] {
  return [
    ...wrapper,
    places.deno,
    "run",
    HEAP, // as the launcher: what ior takes of memory is part of what is tested
    "--quiet",
    "--allow-all",
    "--no-check",
    places.main,
    ...args,
  ] as [
    string,
    ...string[],
  ];
}

/** Starts ior. The caller waits for its end, see {@linkcode outcome}. */
export function startIor(args: readonly string[], options: IorOptions = {}): Deno.ChildProcess {
  const [command, ...rest] = iorWords(args, options);
  return new Deno.Command(command, {
    args: rest,
    env: options.env,
    cwd: options.cwd,
    stdin: options.stdin ?? "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/**
 * Waits until a process that was started with pipes has ended.
 *
 * @throws {Error} When it has not ended at the deadline; it is killed then.
 */
export async function outcome(child: Deno.ChildProcess): Promise<IorResult> {
  const deadline = AbortSignal.timeout(DEADLINE_MS);
  let late = false;
  const kill = () => {
    late = true;
    child.kill("SIGKILL");
  };
  deadline.addEventListener("abort", kill);
  const { code, signal, stdout, stderr } = await child.output();
  deadline.removeEventListener("abort", kill);
  const decoder = new TextDecoder();
  const result = { code, signal, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
  if (late) throw new Error(`ior has not ended after ${DEADLINE_MS} ms; on stderr: ${result.stderr}`);
  return result;
}

/** Runs ior from start to end. */
export function runIor(args: readonly string[], options: IorOptions = {}): Promise<IorResult> {
  return outcome(startIor(args, options));
}
