/** What recordings hold about their run, checked by the published schemas: what is accepted can be reported. */
import { type Schema, schemaFault } from "../../runtime/json_schema.ts";
import { LOSS_KINDS } from "../../runtime/loss.ts";
import { RECORDING_SCHEMA, type RecordingFacts } from "../../runtime/recording.ts";
import type { ReportHeader, ReportRunning } from "../../runtime/report.ts";
import { formatTime, parseTime } from "../../runtime/rfc3339.ts";
import type { RunningCall } from "../../runtime/row.ts";
import { RUN_END, RUN_PARTS, RUN_START, RUNNING } from "../../runtime/run_schema.ts";
import { require } from "../parquet/damage.ts";
import { shown } from "./read_errors.ts";

/** Members of a JSON object. */
export type Members = Readonly<Record<string, unknown>>;

/** The part of a header that the first record of NDJSON has. */
export type HeaderStart = Pick<ReportHeader, keyof typeof RUN_START.properties>;

/** The part that the last one has. */
export type HeaderEnd = Pick<ReportHeader, keyof typeof RUN_END.properties>;

const START: Schema = { type: "object", ...RUN_START, $defs: RUN_PARTS };
const COUNT: Schema = { $ref: "#/$defs/count" };
const END: Schema = {
  type: "object",
  required: RUN_END.required,
  properties: { ...RUN_END.properties, calls: COUNT, running: RUNNING },
  $defs: RUN_PARTS,
};
const HEADER = { ...RUN_START.properties, ...RUN_END.properties };
const FACTS: Schema = {
  type: "object",
  required: ["run", "header", "running", "rows", "dropped", "last_error", "complete"],
  properties: {
    run: { type: "string" },
    header: {
      type: "object",
      required: [...RUN_START.required, ...RUN_END.required, "libbpf", "deno", "wall_ns", "command_status"],
      properties: HEADER,
    },
    running: RUNNING,
    rows: COUNT,
    dropped: COUNT,
    last_error: { type: ["string", "null"] },
    complete: { type: "boolean" },
    segment: { type: "object", required: ["index"], properties: { index: COUNT } },
  },
  $defs: RUN_PARTS,
};

/** Parses the facts that a Parquet file carries. Throws `Damage` for any other text. */
export function parseFacts(json: string): RecordingFacts {
  let facts: unknown = null;
  try {
    facts = JSON.parse(json);
  } catch {
    // reported below
  }
  require(isObject(facts), () => "the facts about its recording are not JSON");
  require(
    facts.schema === RECORDING_SCHEMA,
    () => `its recording has the schema ${shown(facts.schema)}, ior reads ${RECORDING_SCHEMA}`,
  );
  const { header } = facts;
  const known = isObject(header) ? picked(asWrittenToday(header), HEADER) : header;
  const today = { ...facts, header: known };
  check(today, FACTS);
  checkYear(today as unknown as RecordingFacts);
  return today as unknown as RecordingFacts;
}

/** The header's part of the first record of NDJSON. Throws `Damage` when it is not as published. */
export function headerStart(record: Members): HeaderStart {
  const start = picked(asWrittenToday(record), RUN_START.properties);
  check(start, START);
  checkYear({ header: start as unknown as HeaderStart });
  return start as unknown as HeaderStart;
}

/**
 * The header's part of the last record, the number of rows, 0 when it does not say it, and the calls that had not
 * returned. Throws `Damage` when it is not as published.
 */
export function headerEnd(record: Members): { end: HeaderEnd; calls: number; running: RunningCall[] } {
  const end = picked(asWrittenToday(record), RUN_END.properties);
  const { calls = 0, running = [] } = record;
  check({ ...end, calls, running }, END);
  return {
    end: end as unknown as HeaderEnd,
    calls: calls as number,
    running: runningOf(running as ReportRunning[]),
  };
}

/** Older writers wrote times without a fraction, and did not know all kinds of loss: they had none of the others to count. */
function asWrittenToday(record: Members): Members {
  const { started, loss } = record;
  const startedNs = typeof started === "string" ? parseTime(started) : null;
  const kinds = Object.fromEntries(LOSS_KINDS.map((kind) => [kind, 0]));
  return {
    ...record,
    ...(startedNs !== null && { started: formatTime(startedNs) }),
    ...(isObject(loss) && isObject(loss.by) && { loss: { ...loss, by: { ...kinds, ...loss.by } } }),
  };
}

/** The members that a schema knows. */
function picked(record: Members, properties: Members): Members {
  return Object.fromEntries(
    Object.keys(properties).filter((name) => Object.hasOwn(record, name)).map((name) => [name, record[name]]),
  );
}

function check(value: unknown, schema: Schema): void {
  const fault = schemaFault(value, schema);
  require(fault === null, () => `its ${fault!.at} is ${fault!.found}, it must be ${fault!.wanted}`);
}

/** Times of rows are up to 104 days from the start, and must have years of four digits too. */
function checkYear({ header: { started } }: { header: HeaderStart }): void {
  require(
    !/^(0000|9999)/.test(started),
    () => `its started is ${shown(started)}, it must be in the years 0001 to 9998`,
  );
}

function isObject(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A header whose unknown members are filled in. */
export function headerOf(start: Omit<HeaderStart, "libbpf" | "deno"> & Partial<HeaderStart>): ReportHeader {
  return {
    libbpf: "unknown",
    deno: "unknown",
    command_status: null,
    wall_ns: 0,
    loss: { state: "unknown", calls: null, by: null },
    cost: { cpu_ns: 0, bpf_ns_per_call: null, bpf_ns_per_run: null, max_rss_bytes: 0 },
    ...start,
  };
}

/** Calls that had not returned, under the names of the engine. */
export function runningOf(running: readonly ReportRunning[]): RunningCall[] {
  return running.map(({ pid, tid, comm, syscall, path, age_ns: ageNs }) => (
    { pid, tid, comm, syscall, path, ageNs }
  ));
}
