/** What a recording says of its run, held against what it must say. */
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
const number: Check = (value) => typeof value === "number" && value >= 0;
const orNull = (check: Check): Check => (value) => value === null || check(value);
const orNothing = (check: Check): Check => (value) => value === undefined || check(value);
const listOf = (check: Check): Check => (value) => Array.isArray(value) && value.every(check);
const shaped = (shape: Shape): Check => (value) => faultOf(value, shape) === null;

const LOSS: Shape = {
  state: (value) => value === "none" || value === "some" || value === "unknown",
  calls: orNull(number),
  by: orNull(
    shaped(Object.fromEntries([...LOSS_KINDS, "not_shown"].map((kind) => [kind, orNothing(number)]))),
  ),
};

const COST: Shape = {
  cpu_ns: number,
  bpf_ns_per_call: orNull(number),
  bpf_ns_per_run: orNothing(orNull(number)),
  max_rss_bytes: number,
};

const STATUS: Check = (value) => shaped({ exit: number })(value) || shaped({ signal: text })(value);

const RUNNING: Shape = {
  pid: number,
  tid: number,
  comm: text,
  syscall: text,
  path: orNull(text),
  age_ns: (value) => typeof value === "number",
};

/** What is known of a run from its first row on. */
export const RUN: Shape = {
  ior: text,
  host: text,
  kernel: text,
  arch: (value) => value === "x86_64" || value === "aarch64",
  started: (value) => typeof value === "string" && parseTime(value) !== null,
  command: orNull(listOf(text)),
  selection: (value) => typeof value === "object" && value !== null,
};

/** What is known of it at its end. */
export const RUN_END: Shape = { loss: shaped(LOSS), cost: shaped(COST) };

/** What else a header has. */
export const REST: Shape = {
  libbpf: text,
  deno: text,
  command_status: orNull(STATUS),
  wall_ns: number,
  command_wall_ns: orNothing(orNull(number)),
  children_left: orNothing(number),
  io_uring_requests: orNothing(listOf(shaped({ pid: number, requests: number }))),
};

/** Calls that had not returned. */
export const STILL_RUNNING: Check = listOf(shaped(RUNNING));

const FACTS: Shape = {
  run: text,
  running: STILL_RUNNING,
  rows: number,
  dropped: number,
  last_error: orNull(text),
  complete: flag,
  header: (value) => typeof value === "object" && value !== null,
  segment: orNothing(shaped({ index: number })),
};

/** The facts that a Parquet file carries. Throws `Damage` for text that is none. */
export function parseFacts(json: string): RecordingFacts {
  let facts: Partial<RecordingFacts> | null = null;
  try {
    facts = JSON.parse(json);
  } catch {
    // said below
  }
  require(typeof facts === "object" && facts !== null, () => "what it says of its recording is no JSON");
  require(
    facts.schema === RECORDING_SCHEMA,
    () => `its recording is of the form ${shown(facts.schema)}, ior reads ${RECORDING_SCHEMA}`,
  );
  requireShape(facts, FACTS);
  requireShape(facts.header, { ...RUN, ...RUN_END, ...REST });
  return facts as RecordingFacts;
}

/** Throws `Damage` unless `value` is an object of this shape. */
export function requireShape(value: unknown, shape: Shape): void {
  const fault = faultOf(value, shape);
  require(fault === null, () => `what it says of its run is not as expected: ${fault}`);
}

/** A header with what is not known yet. */
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

/** Calls that had not returned, in the names of the engine. */
export function runningOf(running: readonly ReportRunning[]): RunningCall[] {
  return running.map(({ pid, tid, comm, syscall, path, age_ns: ageNs }) => (
    { pid, tid, comm, syscall, path, ageNs }
  ));
}

/** The first member that is not as it should be, `null` for none. */
function faultOf(value: unknown, shape: Shape): string | null {
  if (typeof value !== "object" || value === null) return `${shown(value)} in place of its members`;
  const members = value as Record<string, unknown>;
  const name = Object.keys(shape).find((key) => !shape[key](members[key]));
  return name === undefined ? null : `${name} is ${shown(members[name])}`;
}
