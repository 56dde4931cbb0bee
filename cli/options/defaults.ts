/** Defaults of the options. The help prints these values. */
import { SEGMENT_LIMITS } from "../../runtime/recording.ts";
import type { Family } from "../../runtime/syscalls/types.ts";

import type { TrieField, TrieMetric } from "../../runtime/flame.ts";

/** Defaults of the options, in the units of the parsed values. */
export const DEFAULTS = {
  /** The families traced: file I/O, the question most users come with. */
  families: ["FS"] as readonly Family[],
  /** 16 MiB: room for a quarter of a million calls while the reader is busy. All of it counts as memory of ior. */
  ringBytes: 16 * 1024 * 1024,
  sort: "time",
  color: "auto",
  format: "text",
  /** Who, what, where: each frame within the one before it. */
  fields: ["comm", "syscall", "path"] as readonly TrieField[],
  /** The same with `--stacks`. */
  fieldsWithStacks: ["comm", "stack", "syscall", "path"] as readonly TrieField[],
  metric: "duration" as TrieMetric,
  /** Where the server listens: only this machine reaches it. */
  listen: "127.0.0.1:9947",
  /** As often as the SDKs of OpenTelemetry export. */
  otlpIntervalNs: 60e9,
  /** Long enough to see what led to a slow call, and what it led to. */
  beforeNs: 10e9,
  afterNs: 5e9,
  /** A million calls: ten seconds of a busy machine. */
  bufferBytes: 64 * 1024 * 1024,
  ...SEGMENT_LIMITS,
} as const;

/** Maximum number of `--by` tables: each adds to the cost of counting a call. */
export const GROUPS_MAX = 8;

/** When to colour. */
export const COLOR_MODES = ["auto", "always", "never"] as const;

/** One of {@linkcode COLOR_MODES}. */
export type ColorMode = typeof COLOR_MODES[number];
