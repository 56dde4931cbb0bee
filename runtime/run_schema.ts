/**
 * What is known of a run, as a JSON schema: recordings are checked by it when they are read. The published schemas of rows
 * and reports say the same, and a test holds them to it; times in a report of several runs may be longer.
 */
import type { Schema } from "./json_schema.ts";

const COUNT: Schema = { $ref: "#/$defs/count" };
const TASK: Schema = { $ref: "#/$defs/task" };
const TIME: Schema = { $ref: "#/$defs/time" };
const TEXT: Schema = { type: "string" };
const NS = { type: "number", minimum: 0, maximum: Number.MAX_SAFE_INTEGER } as const;
const NS_OR_NULL = { ...NS, type: ["number", "null"] } as const;
const MAPPED = {
  mapped_bytes: COUNT,
  major_faults: { type: ["integer", "null"], minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
  fault_ns: NS_OR_NULL,
} as const satisfies Record<string, Schema>;
const MAPPED_NAMES = ["mapped_bytes", "major_faults", "fault_ns"] as const;

/** Parts that the other members refer to. */
export const RUN_PARTS = {
  count: { type: "integer", minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
  // At most PID_MAX_LIMIT of the kernel's include/linux/threads.h; 0 is a task that ior's own namespace has no number for.
  task: { type: "integer", minimum: 0, maximum: 4_194_304 },
  time: {
    type: "string",
    format: "date-time",
    pattern: "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{9}Z$",
  },
  loss: {
    type: "object",
    required: ["state", "calls", "by"],
    properties: {
      state: { enum: ["none", "some", "unknown"] },
      calls: { type: ["integer", "null"], minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
      unnamed: COUNT,
      by: {
        type: ["object", "null"],
        required: ["ring_full", "storage_full", "skipped", "compat_32bit"],
        properties: {
          ring_full: COUNT,
          storage_full: COUNT,
          skipped: COUNT,
          compat_32bit: COUNT,
          not_shown: COUNT,
        },
      },
    },
    oneOf: [
      { properties: { state: { const: "none" }, calls: { const: 0 } } },
      { properties: { state: { const: "some" }, calls: { type: "integer", minimum: 1 } } },
      { properties: { state: { const: "unknown" }, calls: { type: "null" }, by: { type: "null" } } },
    ],
  },
  cost: {
    type: "object",
    required: ["cpu_ns", "bpf_ns_per_call", "max_rss_bytes"],
    properties: {
      cpu_ns: NS,
      bpf_ns_per_call: NS_OR_NULL,
      bpf_ns_per_run: NS_OR_NULL,
      max_rss_bytes: COUNT,
    },
  },
  trigger: {
    type: "object",
    required: [
      "condition",
      "time",
      "pid",
      "tid",
      "comm",
      "syscall",
      "path",
      "errno",
      "latency_ns",
      "matches",
      "before_ns",
      "after_ns",
    ],
    properties: {
      condition: TEXT,
      time: TIME,
      pid: TASK,
      tid: TASK,
      comm: TEXT,
      syscall: TEXT,
      path: { type: ["string", "null"] },
      errno: { type: ["string", "null"] },
      latency_ns: NS_OR_NULL,
      matches: COUNT,
      before_ns: NS,
      after_ns: NS,
      wanted_before_ns: NS,
    },
  },
  sampling: {
    type: "object",
    required: ["rates", "calls", "by", "counted"],
    properties: {
      rates: { type: "object", additionalProperties: COUNT },
      raised: { type: "object", additionalProperties: COUNT },
      calls: COUNT,
      by: { type: "object", additionalProperties: COUNT },
      counted: { type: "boolean" },
    },
  },
} as const satisfies Record<string, Schema>;

/** What is known from the start. */
export const RUN_START = {
  required: ["ior", "host", "kernel", "arch", "started", "command", "selection"],
  properties: {
    ior: TEXT,
    host: TEXT,
    kernel: TEXT,
    arch: { enum: ["x86_64", "aarch64"] },
    libbpf: TEXT,
    deno: TEXT,
    started: TIME,
    covers: { type: "object", required: ["from", "to"], properties: { from: TIME, to: TIME } },
    triggers: { type: "array", items: { $ref: "#/$defs/trigger" } },
    command: { type: ["array", "null"], items: TEXT, minItems: 1 },
    selection: { type: "object" },
    sampling: { $ref: "#/$defs/sampling" },
  },
} as const satisfies Schema;

/** What is known at the end. */
export const RUN_END = {
  required: ["loss", "cost"],
  properties: {
    wall_ns: NS,
    traced_ns: NS,
    command_wall_ns: NS_OR_NULL,
    children_left: COUNT,
    command_status: {
      oneOf: [
        { type: "null" },
        {
          type: "object",
          required: ["exit"],
          properties: { exit: { type: "integer", minimum: 0, maximum: 255 } },
        },
        {
          type: "object",
          required: ["signal"],
          properties: { signal: { type: "string", pattern: "^SIG" } },
        },
      ],
    },
    loss: { $ref: "#/$defs/loss" },
    cost: { $ref: "#/$defs/cost" },
    io_uring_requests: {
      type: "array",
      items: { type: "object", required: ["pid", "requests"], properties: { pid: TASK, requests: COUNT } },
    },
    mapped_io: {
      type: "object",
      required: [...MAPPED_NAMES, "files"],
      properties: {
        ...MAPPED,
        files: {
          type: "array",
          items: {
            type: "object",
            required: ["pid", "comm", "path", ...MAPPED_NAMES],
            properties: { pid: TASK, comm: TEXT, path: TEXT, path_raw: TEXT, ...MAPPED },
          },
        },
        without_file: { type: "object", required: [...MAPPED_NAMES], properties: MAPPED },
      },
    },
    sampling: { $ref: "#/$defs/sampling" },
  },
} as const satisfies Schema;

/** Calls that had not returned at the end. */
export const RUNNING = {
  type: "array",
  items: {
    type: "object",
    required: ["pid", "tid", "comm", "syscall", "path", "age_ns"],
    properties: {
      pid: TASK,
      tid: TASK,
      comm: TEXT,
      syscall: TEXT,
      path: { type: ["string", "null"] },
      age_ns: NS,
    },
  },
} as const satisfies Schema;
