/** What a live view is given in tests: made-up calls, counted by the real engine, and a state that shows them. */
import { emptyData } from "../../../cli/top/data.ts";
import { type Model, PROCESS_GROUPS, STACK_GROUPS, startModel, update } from "../../../cli/top/mod.ts";
import type { Effect } from "../../../cli/top/model.ts";
import type { Event } from "../../../cli/top/update.ts";
import { RowBuilder } from "../../../engine/event_rows.ts";
import { FileSessionFeed } from "../../../engine/file_session_feed.ts";
import { FlameTrie } from "../../../engine/flame/flame_trie.ts";
import { StatsEngine } from "../../../engine/stats/stats_engine.ts";
import { StreamRing } from "../../../engine/stream_ring.ts";
import type { ProbeState } from "../../../runtime/contracts.ts";
import type { FileName } from "../../../runtime/event_batch.ts";
import type { TrieField, TrieMetric } from "../../../runtime/flame.ts";
import type { SnapshotRequest, StatsSnapshot } from "../../../runtime/stats.ts";
import { mappedSums, type ReportMappedIo } from "../../../runtime/report.ts";
import { lossOf, withUnnamed } from "../../../runtime/loss.ts";
import { syscallByName, SYSCALLS } from "../../../runtime/syscalls/mod.ts";
import { batchOf, type Call, random, taskName } from "../../engine/batches.ts";

const NO_LOSS = { ring_full: 0, storage_full: 0, skipped: 0, compat_32bit: 0 };

const PATHS = [
  "/etc/ld.so.cache",
  "/usr/include/x86_64-linux-gnu/bits/types/struct_timespec.h",
  "/home/ada/src/frobnicator/third_party/compression/include/very_long_name_for_huffman_tables.h",
  "/home/ada/src/frobnicator/build/main.o",
  "/home/ada/daten/Übersicht 表表.txt",
  "/tmp/new\nline\x1b[31m",
  "/tmp/a[1].txt",
  "pipe:[81723]",
  "TCP:[10.0.0.1:40000->10.0.0.7:5432]",
];

const FILES: FileName[] = PATHS.map((path, i) => ({ slot: i + 1, path }));

/** The stacks of calls, in the slots after those of files. */
const STACKS = ["main;compile;read_header", "main;link;write_object\x1b[31m;__write"];

const TASKS = [
  taskName(1, 4100, { comm: "make" }),
  taskName(2, 4123, { comm: "cc1", processStartNs: 1_200_000_000 }),
  taskName(3, 4123, { tid: 4124, comm: "worker", processStartNs: 1_200_000_000 }),
  taskName(4, 4222, { comm: "ld\x1b[31m 表", processStartNs: 2_100_000_000 }),
];

const MIX = [
  { name: "read", ns: 900, errno: 11, bytes: 8_000 },
  { name: "write", ns: 2_500, errno: 28, bytes: 20_000 },
  { name: "openat", ns: 3_200, errno: 2, bytes: NaN },
  { name: "close", ns: 260, errno: 9, bytes: NaN },
  { name: "fsync", ns: 4_000_000, errno: 5, bytes: NaN },
];

const STACK_NAMES: FileName[] = STACKS.map((path, i) => ({ slot: FILES.length + 1 + i, path }));

/** Time between two samples, nanoseconds. */
const SAMPLE_NS = 500e6;

/** A trace that makes calls when it is told to; the same seed makes the same calls. */
export class ScriptedTrace {
  readonly ring = new StreamRing(500);
  readonly #rows = new RowBuilder("x86_64");
  readonly #random: () => number;
  readonly #sessions = new FileSessionFeed("x86_64", () => ({ tasks: [], files: [] }));
  #stats = newStats();
  #trie = newTrie(["comm", "syscall", "path"], "duration");
  #shape: { fields: TrieField[]; metric: TrieMetric } = {
    fields: ["comm", "syscall", "path"],
    metric: "duration",
  };
  #seq = 1;
  #now = 0;
  readonly #off = new Set<string>();
  /** Loss so far. */
  lost = 0;
  /** Calls without names so far. */
  unnamed = 0;
  untracedRequests = 0;

  readonly #hasExtras: boolean;

  /** With `hasExtras` calls say where their time went, what they fetched and who makes them. */
  constructor(seed: number, hasExtras = false) {
    this.#random = random(seed);
    this.#hasExtras = hasExtras;
  }

  /** The time, nanoseconds since the trace began. */
  get atNs(): number {
    return this.#now;
  }

  /** Follows open file descriptions from now on. */
  async followed(): Promise<this> {
    await this.#sessions.follow(true);
    return this;
  }

  /** Makes calls, and half a second pass. */
  pass(calls: number): void {
    const made = Array.from({ length: calls }, (_, i) => this.#call(this.#now + i * 1000));
    const batch = batchOf(made, {
      tasks: TASKS,
      files: [...FILES, ...STACK_NAMES],
      firstSeq: this.#seq,
      epoch: 1,
    });
    this.#seq += calls;
    this.#now += SAMPLE_NS;
    this.#rows.apply(batch);
    for (let i = 0; i < batch.length; i++) this.ring.push(this.#rows.row(i));
    this.#stats.ingest(batch);
    this.#trie.ingest(batch);
    this.#sessions.ingest(batch);
  }

  /** Begins to count again. */
  reset(): void {
    this.#stats = newStats();
    this.#trie = newTrie(this.#shape.fields, this.#shape.metric);
  }

  /** Another flamegraph. */
  reshape(shape: Partial<{ fields: readonly TrieField[]; metric: TrieMetric }>): void {
    this.#shape = { ...this.#shape, ...shape, fields: [...shape.fields ?? this.#shape.fields] };
    this.#trie = newTrie(this.#shape.fields, this.#shape.metric);
  }

  /** Turns a call on or off. */
  toggle(syscall: string): void {
    if (!this.#off.delete(syscall)) this.#off.add(syscall);
  }

  /** Turns the calls of a family on, or off when all of them are on. */
  toggleFamily(family: string): void {
    const calls = this.#probes().filter((probe) => probe.family === family && probe.unavailable === null);
    const isOn = calls.every(({ active }) => active);
    for (const { syscall, active } of calls) if (active === isOn) this.toggle(syscall);
  }

  /** Turns every call on or off. */
  setAll(active: boolean): void {
    for (const probe of this.#probes()) if (probe.active !== active) this.toggle(probe.syscall);
  }

  /** What has been counted. */
  stats(request?: SnapshotRequest): StatsSnapshot {
    return this.#stats.snapshot(request);
  }

  /** What the view is told of it. */
  events(request?: SnapshotRequest): Event[] {
    const loss = withUnnamed(lossOf({ ...NO_LOSS, ring_full: this.lost }), this.unnamed);
    const { root } = this.#trie.tree();
    return [
      {
        kind: "sample",
        sample: { atNs: this.#now, stats: this.stats(request), tables: request?.tables },
      },
      {
        kind: "progress",
        elapsedNs: this.#now,
        loss,
        untracedRequests: this.untracedRequests,
        warnings: this.ring.warnings,
        probes: this.#probes(),
        recording: null,
      },
      { kind: "rows", rows: this.ring.snapshot() },
      { kind: "trie", trie: { root, ...this.#shape } },
      { kind: "sessions", sessions: this.#sessions.snapshot() },
      { kind: "mapped", mapped: this.#hasExtras ? this.#mapped() : null },
    ];
  }

  /** A process reads one file after the other by page faults, and others have read theirs. */
  #mapped(): ReportMappedIo {
    const ms = this.#now / 1e6;
    const file = (pid: number, comm: string, path: string, mapped_bytes: number, major_faults: number) => (
      { pid, comm, path, mapped_bytes, major_faults, fault_ns: 80_000 * major_faults }
    );
    return mappedSums([
      file(4123, "cc1", PATHS[2], 4096 * ms, ms),
      file(4222, "ld\x1b[31m 表", PATHS[4], 262_144, 0),
      file(4100, "make", PATHS[0], 32_768, 2),
    ], [{ mapped_bytes: 8192, major_faults: 1, fault_ns: 40_000 }]);
  }

  #probes(): ProbeState[] {
    return SYSCALLS.slice(0, 40).map(({ name, family, kinds }, i) => ({
      syscall: name,
      family,
      kinds,
      number: i,
      active: i !== 7 && !this.#off.has(name),
      unavailable: i === 7 ? "x86_64 has no such call" : null,
    }));
  }

  #call(enterNs: number): Call {
    const next = this.#random;
    const { name, ns, errno, bytes } = MIX[Math.floor(next() ** 2 * MIX.length)];
    const fails = next() < 0.1;
    const slow = next() < 0.02 ? 300 : 1;
    const moved = Math.floor(next() * bytes);
    const durationNs = Math.floor(ns * (0.5 + next()) * slow);
    const gapNs = Math.floor(next() * 10_000);
    const task = 1 + Math.floor(next() * TASKS.length);
    const file = 1 + Math.floor(next() * FILES.length);
    return {
      nr: syscallByName(name)!.x86_64!,
      enterNs,
      durationNs,
      gapNs,
      ret: fails ? BigInt(-errno) : BigInt(Number.isNaN(moved) ? 3 : moved),
      bytes: fails ? (Number.isNaN(bytes) ? NaN : 0) : moved,
      task,
      file,
      // A descriptor is of one file.
      fd: 4 * file + Math.floor(next() * 4),
      ...(this.#hasExtras ? { extra: this.#extra(name, durationNs, moved) } : {}),
    };
  }

  /** Slow calls wait for I/O, others are blocked or on a processor; every third read fetches what it reads. */
  #extra(name: string, durationNs: number, bytes: number): Call["extra"] {
    const next = this.#random;
    const offNs = Math.floor(durationNs * next());
    return {
      iowaitNs: durationNs > 100_000 ? offNs : 0,
      blockedNs: durationNs > 100_000 ? 0 : Math.floor(offNs / 2),
      runqueueNs: Math.floor((durationNs - offNs) * next() / 4),
      fetchedBytes: name === "read" ? (next() < 0.3 ? bytes : 0) : NaN,
      stack: FILES.length + 1 + Math.floor(next() * STACKS.length),
    };
  }
}

/** A state that shows a trace of four samples. */
export function exampleModel(
  size: { columns: number; rows: number },
  change: Partial<Model> = {},
  trace: ScriptedTrace = new ScriptedTrace(7),
): Model {
  let model = { ...startModel({ ...size, ascii: false, view: "overview", fileStem: "ior-1" }), ...change };
  for (const calls of [400, 1200, 0, 700]) {
    trace.pass(calls);
    model = told(model, trace.events());
  }
  return model;
}

/** The state after these events; what it asks for is left out. */
export function told(model: Model, events: readonly Event[]): Model {
  return events.reduce((state, event) => update(state, event).model, model);
}

/** The state after these keys. */
export function pressed(model: Model, ...keys: string[]): Model {
  return told(model, keys.map((key) => ({ kind: "input", input: { kind: "key", key } })));
}

/** What a state asks for at the last of these keys. */
export function pressedEffects(model: Model, ...keys: string[]): readonly Effect[] {
  const state = pressed(model, ...keys.slice(0, -1));
  return update(state, { kind: "input", input: { kind: "key", key: keys.at(-1)! } }).effects;
}

/** A state without data. */
export function emptyModel(size: { columns: number; rows: number }): Model {
  return { ...startModel({ ...size, ascii: false, view: "overview", fileStem: "ior-1" }), data: emptyData() };
}

function newStats(): StatsEngine {
  return new StatsEngine({
    arch: "x86_64",
    maxFiles: 50,
    maxProcesses: 50,
    maxSlowest: 5,
    by: [...PROCESS_GROUPS, ...STACK_GROUPS],
  });
}

function newTrie(fields: readonly TrieField[], metric: TrieMetric): FlameTrie {
  return new FlameTrie({ arch: "x86_64", fields, metric, maxNodes: 1000 });
}
