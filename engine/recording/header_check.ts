/** Checks the facts that a recording holds about its run. */
import { LOSS_KINDS } from "../../runtime/loss.ts";
import { RECORDING_SCHEMA, type RecordingFacts } from "../../runtime/recording.ts";
import type { ReportHeader, ReportRunning } from "../../runtime/report.ts";
import type { RunningCall } from "../../runtime/row.ts";
import { parseTime } from "../../runtime/rfc3339.ts";
import { require } from "../parquet/damage.ts";
import { shown } from "./read_errors.ts";

type Check = (value: unknown) => boolean;
type Shape = Readonly<Record<string, Check>>;

const text: Check = (value) => typeof value === "string";
const flag: Check = (value) => typeof value === "boolean";
const count: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const amount: Check = (value) => typeof value === "number" && value >= 0 && value <= Number.MAX_SAFE_INTEGER;
const object: Check = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const isTime: Check = (value) => typeof value === "string" && parseTime(value) !== null;
const orNull = (check: Check): Check => (value) => value === null || check(value);
const orNothing = (check: Check): Check => (value) => value === undefined || check(value);
const listOf = (check: Check): Check => (value) => Array.isArray(value) && value.every(check);
const shaped = (shape: Shape): Check => (value) => faultOf(value, shape) === null;

const LOSS: Shape = {
  state: (value) => value === "none" || value === "some" || value === "unknown",
  calls: orNull(count),
  by: orNull(
    shaped(Object.fromEntries([...LOSS_KINDS, "not_shown"].map((kind) => [kind, orNothing(count)]))),
  ),
};

const COST: Shape = {
  cpu_ns: amount,
  bpf_ns_per_call: orNull(amount),
  bpf_ns_per_run: orNothing(orNull(amount)),
  max_rss_bytes: count,
};

const STATUS: Check = (value) =>
  shaped({ exit: (exit) => count(exit) && Number(exit) <= 255 })(value) ||
  shaped({ signal: (name) => typeof name === "string" && name.startsWith("SIG") })(value);

const RUNNING: Shape = {
  pid: count,
  tid: count,
  comm: text,
  syscall: text,
  path: orNull(text),
  age_ns: (value) => typeof value === "number" && Math.abs(value) <= Number.MAX_SAFE_INTEGER,
};

/** Times of rows are up to 104 days from the start, and have years of four digits too. */
function isStart(value: unknown): boolean {
  return typeof value === "string" && parseTime(value) !== null && !/^(0000|9999)/.test(value);
}

/** What is known of a run from the start. */
export const RUN: Shape = {
  ior: text,
  host: text,
  kernel: text,
  arch: (value) => value === "x86_64" || value === "aarch64",
  started: isStart,
  command: orNull((value) => listOf(text)(value) && (value as unknown[]).length > 0),
  selection: object,
};

/** A loss whose number is as its state says. */
function isLoss(value: unknown): boolean {
  if (!shaped(LOSS)(value)) return false;
  const { state, calls, by } = value as { state: string; calls: number | null; by: unknown };
  if (state === "unknown") return calls === null && by === null;
  return state === "none" ? calls === 0 : calls !== null && calls > 0;
}

/** What is known of it at its end. */
export const RUN_END: Shape = { loss: isLoss, cost: shaped(COST) };

/** From when to when it covers its run. */
const COVERS: Check = orNothing(shaped({ from: isTime, to: isTime }));

/** What else a header has. */
export const REST: Shape = {
  libbpf: text,
  deno: text,
  command_status: orNull(STATUS),
  wall_ns: amount,
  command_wall_ns: orNothing(orNull(amount)),
  children_left: orNothing(count),
  covers: COVERS,
  io_uring_requests: orNothing(listOf(shaped({ pid: count, requests: count }))),
};

/** Calls that had not returned. */
export const STILL_RUNNING: Check = listOf(shaped(RUNNING));

const FACTS: Shape = {
  run: text,
  running: STILL_RUNNING,
  rows: count,
  dropped: count,
  last_error: orNull(text),
  complete: flag,
  header: object,
  segment: orNothing(shaped({ index: count })),
};

/** Parses the facts that a Parquet file carries. Throws `Damage` for any other text. */
export function parseFacts(json: string): RecordingFacts {
  let facts: Partial<RecordingFacts> | null = null;
  try {
    facts = JSON.parse(json);
  } catch {
    // reported below
  }
  require(typeof facts === "object" && facts !== null, () => "the facts about its recording are not JSON");
  require(
    facts.schema === RECORDING_SCHEMA,
    () => `its recording has the schema ${shown(facts.schema)}, ior reads ${RECORDING_SCHEMA}`,
  );
  requireShape(facts, FACTS);
  requireShape(facts.header, { ...RUN, ...RUN_END, ...REST });
  return facts as RecordingFacts;
}

/** Throws `Damage` unless `value` is an object of this shape. */
export function requireShape(value: unknown, shape: Shape): void {
  const fault = faultOf(value, shape);
  require(fault === null, () => `the facts about its run are not as expected: ${fault}`);
}

/** A header whose unknown members are filled in. */
export function headerOf(
  run: Pick<ReportHeader, "ior" | "host" | "kernel" | "arch" | "started" | "command" | "selection">,
): ReportHeader {
  const { ior, host, kernel, arch, started, command, selection } = run;
  return {
    ior,
    host,
    kernel,
    arch,
    libbpf: "unknown",
    deno: "unknown",
    command,
    command_status: null,
    started,
    wall_ns: 0,
    selection,
    loss: { state: "unknown", calls: null, by: null },
    cost: { cpu_ns: 0, bpf_ns_per_call: null, bpf_ns_per_run: null, max_rss_bytes: 0 },
  };
}

/** Calls that had not returned, under the names of the engine. */
export function runningOf(running: readonly ReportRunning[]): RunningCall[] {
  return running.map(({ pid, tid, comm, syscall, path, age_ns: ageNs }) => (
    { pid, tid, comm, syscall, path, ageNs: Math.max(0, ageNs) }
  ));
}

/** The first wrong member, `null` for none. */
function faultOf(value: unknown, shape: Shape): string | null {
  if (typeof value !== "object" || value === null) return `${shown(value)} instead of an object`;
  const members = value as Record<string, unknown>;
  const name = Object.keys(shape).find((key) => !shape[key](members[key]));
  return name === undefined ? null : `${name} is ${shown(members[name])}`;
}
