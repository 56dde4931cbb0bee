import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { compile } from "./compile.ts";
import { runIor } from "./ior.ts";
import type { EndRecord, RowRecord } from "./rows.ts";
import { scratchDirectory } from "./scratch.ts";

/** What `many_names.c` meets: files that stay, files that are removed while open, names of its thread. */
export type Names = "files" | "removed" | "threads";

/** A run of `many_names.c` under ior. */
export interface NamesRun {
  names: Names;
  count: number;
  /** Rest after each thousand, microseconds. */
  pauseUs: number;
  /** Size of the ring as a flag takes it; the default when it is not given. */
  ringSize?: string;
}

/** What a run has shown. */
export interface NamesResult {
  rows: number;
  loss: EndRecord["loss"];
  /** Rows with another name than the workload knows, as far as they are shown. */
  wrong: string[];
  /** Largest resident memory of ior, bytes: by ior, and by the kernel at the workload's end. */
  memoryByIor: number;
  memoryByKernel: number;
}

/** Calls of each element, in their order. */
const STEPS: Record<Names, readonly string[]> = {
  files: ["openat", "lseek", "close"],
  removed: ["openat", "lseek", "unlink", "close"],
  threads: ["lseek"],
};

/** Calls that a whole run makes. */
export function callsOf({ names, count }: NamesRun): number {
  return STEPS[names].length * count;
}

/** Wrong rows that are shown. */
const SHOWN = 10;

/**
 * Makes ior the child of a shell. The kernel keeps the largest memory of a process over its exec (`exec_mmap` in the kernel's
 * `fs/exec.c`), and before that a process has the memory of its parent, which here is the test runner's.
 */
const SMALL_PARENT = ["sh", "-c", '"$@"; exit $?', "sh"];

/** Runs the workload under a command of ior and hands its output to `read`. */
async function traced<T>(
  run: NamesRun,
  command: readonly string[],
  read: (output: string, directory: string) => Promise<T>,
): Promise<T & { memoryByKernel: number }> {
  const program = await compile(fileURLToPath(new URL("../workloads_random/many_names.c", import.meta.url)));
  // Files in memory: a disk would be the slowest part, and say nothing.
  const directory = Deno.makeTempDirSync({ dir: "/dev/shm", prefix: "ior-tests-" });
  const output = `${scratchDirectory("names")}/output`;
  try {
    const ring = run.ringSize === undefined ? [] : ["--ring-size", run.ringSize];
    const flags = ["-e", STEPS[run.names].join(","), ...ring, "-o", output];
    const words = [program, run.names, directory, String(run.count), String(run.pauseUs)];
    const { code, stdout, stderr } = await runIor([...command, ...flags, "--", ...words], {
      wrapper: SMALL_PARENT,
    });
    if (code !== 0) throw new Error(`ior ends with status ${code}\n${stderr}`);
    return { ...await read(output, directory), memoryByKernel: Number(stdout) * 1024 };
  } finally {
    await new Deno.Command("rm", { args: ["-rf", directory, output] }).output();
  }
}

/** Streams the workload and judges every row, one after the other: there are too many to be held at once. */
export function traceNames(run: NamesRun): Promise<NamesResult> {
  const read = (output: string, directory: string) => judge(output, run.names, directory);
  return traced(run, ["stream", "--format", "ndjson"], read);
}

/** The same calls in a report. */
export function reportNames(
  run: NamesRun,
): Promise<Pick<NamesResult, "loss" | "memoryByIor" | "memoryByKernel"> & { calls: number }> {
  return traced(run, ["trace", "--json"], async (output) => {
    const { calls, loss, cost } = JSON.parse(await Deno.readTextFile(output));
    return {
      calls: calls as number,
      loss: loss as EndRecord["loss"],
      memoryByIor: cost.max_rss_bytes as number,
    };
  });
}

/**
 * Judges each row by what is known without its name: the calls come in a fixed order, so element and step only ever
 * grow, also where rows are lost between, and the result of lseek is the element itself.
 */
async function judge(output: string, names: Names, directory: string) {
  const steps = STEPS[names];
  const result = { rows: 0, wrong: [] as string[] };
  let previous = -1, end: EndRecord | null = null;
  for await (const line of createInterface({ input: createReadStream(output), crlfDelay: Infinity })) {
    const record = JSON.parse(line);
    if (record.type === "end") end = record;
    if (record.syscall === undefined) continue;
    const row = record as RowRecord;
    result.rows++;
    const element = elementOf(row, names, directory);
    const place = element === null ? -1 : element * steps.length + steps.indexOf(row.syscall);
    const right = place > previous && (row.syscall !== "lseek" || row.ret === element) && row.errno === null;
    if (!right && result.wrong.length < SHOWN) result.wrong.push(line);
    previous = Math.max(previous, place);
  }
  if (end === null) throw new Error("The stream has no end");
  return { ...result, loss: end.loss, memoryByIor: end.cost.max_rss_bytes! };
}

/** Which element a row's name says, `null` when none. */
function elementOf(row: RowRecord, names: Names, directory: string): number | null {
  const deleted = names === "removed" && row.syscall === "close" ? " (deleted)" : "";
  const path = names === "threads" ? row.comm : row.path;
  const start = names === "threads" ? "task_" : `${directory}/file_`;
  if (path === null || !path.startsWith(start) || !path.endsWith(deleted)) return null;
  const number = path.slice(start.length, path.length - deleted.length);
  return /^\d+$/.test(number) ? Number(number) : null;
}
