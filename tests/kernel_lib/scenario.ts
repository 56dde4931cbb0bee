import type { Arch } from "../../runtime/syscalls/mod.ts";
import { twinOf } from "./twins.ts";

/** A row as a scenario's data gives it. A missing key means `null`, for `ret` the value of `errno` or 0. */
export interface ExpectedRow {
  /** Label of the thread: `main`, `child1`, `main/t1`. */
  process: string;
  syscall: string;
  fd?: number | string | null;
  path?: string | null;
  old_path?: string | null;
  /** The path by its bytes, `\xNN` for one of them, instead of `path` when they are not UTF-8. */
  path_bytes?: string;
  old_path_bytes?: string;
  path_error?: string | null;
  ret?: number | string | null;
  errno?: string | null;
  bytes?: number | string | null;
  /** Compared only where given. */
  comm?: string;
  uid?: number;
  family?: string;
  restarts?: number | string;
  latency_ns?: number | string | null;
  gap_ns?: number | string | null;
  offset_bytes?: number | null;
  flags?: string | null;
}

/** What a descriptor table kept in user space would have said. */
export interface NaiveControl {
  about: string;
  /** Which row, 1 for the first. */
  row: number;
  path: string | null;
  /** False where replaying the rows with a table of descriptors cannot give `path`; default true. */
  replayed?: boolean;
}

/** A scenario with the calls of an architecture in the place of those that it lacks. */
export function scenarioOn(arch: Arch, scenario: Scenario): Scenario {
  const nameOf = (name: string) => twinOf(arch, name) ?? name;
  return {
    ...scenario,
    flags: scenario.flags.map((text, i, { [i - 1]: option }) =>
      CALL_OPTIONS.has(option) ? [...new Set(text.split(",").map(nameOf))].join() : text
    ),
    rows: scenario.rows.map((row) => ({ ...row, syscall: nameOf(row.syscall) })),
  };
}

/** A scenario: what to run and what its rows must be. */
export interface Scenario {
  /** `GROUP/NAME`. */
  name: string;
  /** Path of the C source. */
  source: string;
  about: string;
  flags: string[];
  /** Further arguments of the workload, after its directory. */
  args: string[];
  needs: string[];
  order: "process" | "any";
  rows: ExpectedRow[];
  naive: NaiveControl | null;
  exit: number;
  /** Calls that the kernel side must say it lost, by kind; default none. */
  loss: Record<string, number | string>;
}

/** Options of `flags` that take a list of calls. */
const CALL_OPTIONS: ReadonlySet<string> = new Set(["-e", "--syscall", "--no-syscall"]);

const SCENARIO_KEYS = ["about", "flags", "args", "needs", "order", "rows", "naive", "exit", "loss"];
const ROW_KEYS =
  "process syscall fd path old_path path_bytes old_path_bytes path_error ret errno bytes comm uid family restarts latency_ns gap_ns offset_bytes flags"
    .split(" ");
const NAIVE_KEYS = ["about", "row", "path", "replayed"];

/** Something below the folder that should be a scenario and is none. */
export interface Fault {
  name: string;
  fault: string;
}

/** Every scenario below a folder, by name, and what is wrong with those that cannot be read. */
export function readScenarios(root: string): (Scenario | Fault)[] {
  const files = new Set(walk(root));
  const names = [...files].filter((path) => /\.(?:c|json)$/.test(path)).map((path) =>
    path.replace(/\.\w+$/, "")
  );
  return [...new Set(names)].sort().map((path) => {
    const name = path.slice(root.length + 1);
    for (const ending of [".c", ".json"]) {
      if (!files.has(path + ending)) return { name, fault: `${path}${ending} does not exist` };
    }
    try {
      return readScenario(`${path}.c`, `${path}.json`, name);
    } catch (error) {
      return { name, fault: (error as Error).message };
    }
  });
}

function* walk(folder: string): Generator<string> {
  for (const entry of Deno.readDirSync(folder)) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) yield* walk(path);
    else yield path;
  }
}

function readScenario(source: string, json: string, name: string): Scenario {
  const fault = (what: string) => new Error(`${json}: ${what}`);
  const known = (what: string, value: Record<string, unknown>, keys: string[]) => {
    const unknown = Object.keys(value).filter((key) => !keys.includes(key));
    if (unknown.length > 0) throw fault(`${what} has ${unknown.join(", ")}; known are ${keys.join(", ")}`);
  };
  let data: Record<string, unknown>;
  try {
    data = JSON.parse(Deno.readTextFileSync(json));
  } catch (error) {
    throw fault((error as Error).message);
  }
  known("it", data, SCENARIO_KEYS);
  if (typeof data.about !== "string") throw fault("about is missing");
  const rows = data.rows as ExpectedRow[];
  if (!Array.isArray(rows) || rows.length === 0) throw fault("rows is missing or empty");
  rows.forEach((row, index) => {
    known(`row ${index + 1}`, row as unknown as Record<string, unknown>, ROW_KEYS);
    if (!row.process || !row.syscall) throw fault(`row ${index + 1} has no process or syscall`);
  });
  const order = data.order ?? "process";
  if (order !== "process" && order !== "any") throw fault(`order is ${order}, not process or any`);
  const naive = (data.naive ?? null) as NaiveControl | null;
  if (naive) {
    known("naive", naive as unknown as Record<string, unknown>, NAIVE_KEYS);
    const { path } = rows[naive.row - 1] ?? {};
    if (path === undefined && rows[naive.row - 1] === undefined) {
      throw fault(`naive.row is ${naive.row} of ${rows.length}`);
    }
    if ((path ?? null) === naive.path) {
      throw fault(`naive.path is what row ${naive.row} must say, so it proves nothing`);
    }
  }
  return {
    name,
    source,
    about: data.about,
    flags: (data.flags ?? []) as string[],
    args: (data.args ?? []) as string[],
    needs: (data.needs ?? []) as string[],
    order,
    rows,
    naive,
    exit: (data.exit ?? 0) as number,
    loss: (data.loss ?? {}) as Record<string, number | string>,
  };
}
