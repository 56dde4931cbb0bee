import type { CallCells, SlowLimits } from "../runtime/call_cells.ts";
import type { StreamSequencer } from "../runtime/contracts.ts";
import type { EventBatch, EventColumns } from "../runtime/event_batch.ts";
import { IorError } from "../runtime/errors.ts";
import { CALL_EXTRAS, type CallExtra, FIELDS_OF_EXTRAS, usesField } from "../runtime/expression/mod.ts";
import type { MappedIo } from "../runtime/mapped_io.ts";
import { type Loss, withUnnamed } from "../runtime/loss.ts";
import type { RunningCall, UringRequests } from "../runtime/row.ts";
import { type CallSet, type Filter, splitFilter } from "../runtime/filter/mod.ts";
import { decidedByRows, rateOf, type Sampling, unsampledField } from "../runtime/sampling.ts";
import { type Arch, type Syscall, syscallByName, syscallNumber, SYSCALLS } from "../runtime/syscalls/mod.ts";
import { byteClasses, keptArguments } from "./call_spec.ts";
import { CallTable } from "./call_table.ts";
import { configBytes } from "./config.ts";
import { Counters, type ProgramCost } from "./counters.ts";
import { Decoder } from "./decoder.ts";
import { featureNames, hasFeature } from "./features.ts";
import { Libbpf } from "./ffi/libbpf.ts";
import { Clock, Libc } from "./ffi/libc.ts";
import { FilterMemory } from "./filter_memory.ts";
import { NameJudge } from "./judge.ts";
import { KernelMemory, mapEntries, ringGroups, type RingMemory, ringSizes } from "./kernel_memory.ts";
import { loadPrograms, readObject } from "./load.ts";
import {
  bootClockOffsetNs,
  bootId,
  checkPrivileges,
  KernelTypes,
  machineArch,
  onlineCpus,
  pidMax,
  pidNamespace,
  preemptsPrograms,
} from "./machine.ts";
import type { FaultBegin, MappedSums } from "./mapped_io.ts";
import type { LoadedObject, LoadOptions } from "./object.ts";
import { OwnProcess } from "./own_process.ts";
import { KeptPrograms } from "./prepared.ts";
import { RingReader, RowMerger } from "./ring_reader.ts";
import { SelectedTasks } from "./selected_tasks.ts";
import { Sums } from "./sums.ts";
import type { StackTexts } from "./symbols/stack_texts.ts";
import { ARGUMENT_POINTS, Extra, Offset, RATE_AUTO, URING_FIRST, Walk } from "./wire.ts";

/** Programs about tasks, attached first. */
const TASK_PROGRAMS = ["ior_fork", "ior_exec", "ior_end", "ior_signal"] as const;

/** Programs about calls: exits before enters, so that no enter is left without its exit. */
export const CALL_PROGRAMS = ["ior_exit", "ior_enter"] as const;

/** Programs that see the same calls once more, where the kernel may preempt programs. */
export const SECOND_LOOKS = ["ior_exit_again", "ior_enter_again"] as const;

/** Programs about what else a trace can be asked to know of calls. */
const EXTRA_PROGRAMS: Readonly<Record<CallExtra, readonly string[]>> = {
  waits: ["ior_switch", "ior_wakeup"],
  cache: ["ior_fetch"],
  stacks: [],
  arguments: [],
};

/** The program that sees requests to io_uring submitted, and those that see them complete, of which a kernel takes one. */
const URING_SUBMITS = ["ior_uring", "ior_uring_old"] as const;
const URING_ENDS = ["ior_uring_end_old", "ior_uring_end"] as const;
const WALK_PROGRAM = "ior_walk";

/** Programs about page faults. */
const FAULT_PROGRAMS = ["ior_fault", "ior_fault_event", "ior_major"] as const;

/**
 * How far the clock that programs read on one CPU may be behind that of another one: some nanoseconds, while the kernel adjusts
 * it (kernel/time/timekeeping.c, ktime_get_mono_fast_ns), and room for more.
 */
const CLOCK_SLACK_NS = 100_000;

/** Their bits in the configuration of the programs. */
const EXTRA_BITS: Readonly<Record<CallExtra, number>> = {
  waits: Extra.WAITS,
  cache: Extra.CACHE,
  stacks: Extra.STACKS,
  arguments: Extra.ARGUMENTS,
};

const ALL_GROUPS: GroupPlan = { selected: [], nameOf: null };

/** Levels of the hierarchy that groups may be selected at: bits of a number. */
const GROUP_LEVELS = 32;

/** Options of a capture. */
export interface CaptureOptions {
  /** What is traced at first; see {@linkcode Capture.changeFilter}. */
  selection: Filter;
  /** Whether a command is traced: then only it and the selected processes are. */
  launches: boolean;
  /** The control groups to trace, and whether rows say theirs; default all, and no. */
  groups?: GroupPlan;
  /** Size of the ring, a power of two of at least a page; of all together where there are several. */
  ringBytes: number;
  /** Groups of CPUs that have a ring of their own, a power of two; default: as the machine is large. */
  ringGroups?: number;
  /** Whether the kernel may preempt the programs, which they then prevent; default: as this kernel does. */
  preemptible?: boolean;
  /** The programs about calls that are attached, in this order; default: all that are loaded. */
  callPrograms?: readonly string[];
  /** Numbers the calls. */
  sequencer: StreamSequencer;
  /** Number of the filter, carried by every batch. */
  epoch: number;
  /** Which calls are rows at first, see {@linkcode Capture.setRate}; none, the default: all are, which costs nothing. */
  sampling?: Sampling | null;
  /** With `sampling`: rates may be raised while rows are many; default false. */
  autoSamples?: boolean;
  /** Without `sampling`: calls may be added up where rows are many, see {@linkcode Capture.addUp}; default false. */
  addsUp?: boolean;
  /** What is known of each call beside its record; default nothing, which costs nothing. */
  extras?: readonly CallExtra[];
  /** Requests to io_uring may be selected later; default: only what the selection has at the load can have rows. */
  mayFollowRequests?: boolean;
  /** What names stacks, needed when they are among the extras: the capture disposes it. */
  stacks?: StackTexts;
  /** What reads the sums of mapped I/O, for a trace that asks for the cache; default none: page faults are not followed. */
  mappedSums?: typeof MappedSums;
  /** When the trace began that this one goes on with: times count from there. Default: when it is attached. */
  start?: CaptureStart;
  /** The kernel object; the one beside this module by default. */
  object?: Uint8Array<ArrayBuffer>;
}

/** Control groups of the unified hierarchy (cgroup v2). */
export interface GroupPlan {
  /** Only calls of threads in these groups, or in groups below them; empty for all. */
  selected: readonly GroupTarget[];
  /** Names of groups for rows: the name of a path. `null` when rows do not say their group. */
  nameOf: ((path: string) => string) | null;
}

/** A control group. */
export interface GroupTarget {
  /** Number of its directory's inode. */
  id: bigint;
  /** Its levels below the root of the hierarchy; `null` when that is not known. */
  level: number | null;
}

/** When the trace began, by two clocks at the same moment. */
export interface CaptureStart {
  /** Nanoseconds since 1970, UTC. */
  wallNs: bigint;
  /** Boot clock, nanoseconds, as the kernel counts it. */
  bootNs: bigint;
}

/**
 * The capture: programs in the kernel, the ring, the decoder. {@linkcode Capture.load} puts it into the kernel,
 * {@linkcode Capture.attach} starts it, {@linkcode Capture.drain} takes the records so far, {@linkcode Capture.disable} and
 * a last drain end it. Disposing it leaves nothing in the kernel.
 */
export class Capture implements Disposable {
  readonly #resources = new DisposableStack();
  readonly #libc: Libc;
  readonly #libbpf: Libbpf;
  readonly #object: LoadedObject;
  readonly #counters: Counters;
  /** The only ring, or that of names. */
  readonly #reader: RingReader;
  /** `null` when there is one ring. */
  readonly #merger: RowMerger | null;
  readonly #decoder: Decoder;
  readonly #calls: CallTable;
  readonly #tasks: SelectedTasks;
  readonly #filters: FilterMemory;
  readonly #command: DataView;
  readonly #sums: Sums | null;
  /** `null` when page faults are not followed. */
  readonly #mapped: MappedSums | null;
  /** Whether the rates are those of `sampling`. */
  readonly #isSampled: boolean;
  /** Whether calls may be added up where rows are many. */
  #addsUp = false;
  /** The program for submitted requests to io_uring; `null` when the kernel has nothing to attach it to. */
  readonly #uringProgram: string | null;
  /** Whether requests to io_uring may have rows. */
  readonly #followsRequests: boolean;
  readonly #followsGroups: boolean;
  /** Those that are attached. */
  readonly #callPrograms: readonly string[];
  readonly #extras: readonly CallExtra[];
  readonly #lacksSymbols: IorError | null;
  #selection: Filter;
  /** How far this process's boot clock is ahead of the kernel's; it never changes for a process that runs. */
  readonly #clockOffsetNs: bigint;
  /** When the trace began that this one goes on with, `null` for none. */
  readonly #origin: CaptureStart | null;
  readonly #ringBytes: number;
  /** Boot clock at the load, nanoseconds: records count from there. */
  readonly #loadedNs: bigint;
  #disabledNs: number | null = null;
  /** `null` while this process runs in turn. */
  #priority: Disposable | null = null;
  #start: CaptureStart;

  private constructor(options: CaptureOptions, loading: Loading, object: LoadedObject) {
    const { libc, libbpf, resources, split, arch, rings, samples, mappedSums, faultBegin } = loading;
    const { ringBytes, groups = ALL_GROUPS, sampling = null, addsUp = false, extras = [], stacks } = options;
    this.#libc = libc;
    this.#libbpf = libbpf;
    this.#object = object;
    this.#lacksSymbols = stacks?.lacksSymbols ?? null;
    this.#isSampled = sampling !== null;
    this.#extras = extras;
    this.#uringProgram = loading.submitProgram;
    this.#followsRequests = loading.followsRequests;
    this.#followsGroups = groups.nameOf !== null;
    this.#callPrograms = options.callPrograms ?? loading.callPrograms;
    this.#selection = options.selection;
    this.#clockOffsetNs = loading.clockOffsetNs;
    this.#origin = options.start ?? null;
    this.#start = loading.start;
    this.#loadedNs = this.#start.bootNs;
    const selection = split.kernel;
    const hasRowRings = rings.rowRings.length > 0;
    const memory = resources.use(new KernelMemory(libc, libbpf, this.#object, rings, samples));
    const judge = new NameJudge(split, arch);
    this.#filters = new FilterMemory(
      libbpf,
      { ...memory, ownersFd: this.#object.mapFd("owners") },
      selection,
      judge,
    );
    this.#sums = memory.sums && new Sums(memory.sums, () => libc.awaitPrograms(), extras);
    this.#sums?.setMoves(byteClasses(arch));
    if (extras.includes("arguments")) this.#keepArguments(arch);
    this.#mapped = mappedSums ? new mappedSums(libc, libbpf, this.#object, faultBegin) : null;
    this.#mapped?.setCondition(options.selection.where, this.#filters.number);
    if (sampling !== null) this.#setRates((call) => rateOf(sampling, call));
    if (options.autoSamples) this.#sums?.mayRaise();
    this.#command = new DataView(memory.command);
    this.#calls = new CallTable(arch, memory.calls, memory.compat);
    this.#decoder = new Decoder({
      arch,
      judge,
      sequencer: options.sequencer,
      epoch: options.epoch,
      verdicts: this.#filters,
      groupName: groups.nameOf ?? undefined,
      sums: this.#sums,
      mapped: this.#mapped,
      extras,
      stacks,
    });
    const readerOf = ({ consumer, data, size }: RingMemory) =>
      new RingReader(consumer, data, libc.pageBytes, size);
    this.#ringBytes = ringBytes;
    this.#reader = readerOf(memory.ring);
    this.#merger = hasRowRings ? new RowMerger(this.#reader, memory.rowRings.map(readerOf)) : null;
    this.#counters = resources.use(new Counters(libc, libbpf, this.#object, loading.preemptible));
    const taskMaps = { pids: this.#object.mapFd("pids"), tids: this.#object.mapFd("tids") };
    this.#tasks = resources.use(new SelectedTasks(libc, libbpf, taskMaps, selection));
    for (const { id } of groups.selected) {
      const key = new Uint8Array(BigUint64Array.of(id).buffer);
      libbpf.updateElement(this.#object.mapFd("groups"), key, Uint8Array.of(0));
    }
    if (addsUp && sampling === null) this.addUp(true);
    this.#resources.use(resources.move());
  }

  /**
   * Loads the programs into the kernel; nothing is traced yet.
   *
   * @throws {IorError} When a privilege, libbpf, a kernel feature or a selected process or thread is missing, or the kernel
   * refuses the programs.
   */
  static async load(options: CaptureOptions): Promise<Capture> {
    using resources = new DisposableStack();
    if (options.stacks !== undefined) resources.use(options.stacks);
    const libc = Libc.open();
    checkPrivileges(libc);
    const libbpf = resources.use(new Libbpf(libc));
    const loading = { libc, libbpf, resources, ...planLoad(options, libc, libbpf) };
    const kept = options.object === undefined ? KeptPrograms.open(bootId(libc)) : null;
    const object = resources.use(await loadPrograms(libbpf, loading.load, kept));
    return new Capture(options, loading, object);
  }

  /** Version of the system's libbpf. */
  get libbpfVersion(): string {
    return this.#libbpf.version;
  }

  /** Why frames of stacks have no names of functions; `null` when they have, or stacks are not asked for. */
  get lacksSymbols(): IorError | null {
    return this.#lacksSymbols;
  }

  /** Why major faults are not counted; `null` when they are, or page faults are not followed. */
  get lacksMajorFaults(): IorError | null {
    return this.#mapped?.lacksMajor ?? null;
  }

  /** Selects one more process: from now on, or after `execs` successful execs. */
  addProcess(pid: number, execs = 0): void {
    this.#tasks.addProcess(pid, execs);
  }

  /** True when the selection of the load names processes or threads by number. */
  get selectsTasks(): boolean {
    return this.#tasks.areAny;
  }

  /** True when all of these have ended. */
  get haveTasksEnded(): boolean {
    return this.#tasks.haveEnded;
  }

  /** Those of them that have ended; others may have their numbers. */
  endedTasks(): Pick<Filter, "pids" | "tids"> {
    return this.#tasks.ended();
  }

  /** When tracing began; before {@linkcode Capture.attach} the moment of the load. */
  get start(): CaptureStart {
    return this.#start;
  }

  /** Starts tracing. */
  attach(): void {
    // The programs count from the load: what lies between it and the start is subtracted when records are decoded.
    const loaded = this.#start;
    this.#start = this.#origin ?? this.#now();
    this.#decoder.startNs = Number(this.#start.bootNs - loaded.bootNs);
    this.selectCalls(this.#selection);
    for (const program of TASK_PROGRAMS) this.#object.attach(program);
    for (const extra of this.#extras) {
      for (const program of EXTRA_PROGRAMS[extra]) this.#object.attach(program);
    }
    this.#mapped?.attach();
    this.#tasks.forgetEnded();
    // From now on a child inherits its parent's verdict: the walk finds all others, and nothing is born in between.
    if (this.#selection.pids.length > 0 && this.#selection.follow) this.#walk(Walk.JUDGE);
    for (const program of this.#callPrograms) this.#object.attach(program);
    if (this.#uringProgram !== null) {
      if (this.#followsRequests) this.#object.attachFirst(URING_ENDS);
      this.#object.attach(this.#uringProgram);
    }
  }

  /**
   * Changes the filter while the trace runs. Each call is judged by one filter and comes in a batch of its epoch; a
   * call that enters under one filter and returns under the next belongs to neither and has no row. Processes, threads
   * and whether their children are followed stay those of the load.
   *
   * @throws {IorError} `usage` for a condition on control groups when the trace does not follow them, and for one on what
   * the calls of a sum do not have in common when calls are sampled.
   * @param filter The new one; its `pids`, `tids` and `follow` are ignored.
   * @param epoch The epoch of the batches of its calls.
   */
  changeFilter(filter: Filter, epoch: number): void {
    if (!this.#followsGroups && usesField(filter.where, "cgroup")) {
      throw new IorError("usage", "Cannot filter by control group: this trace does not follow them", {
        hint: "Start the trace again with --with-cgroup",
      });
    }
    for (const extra of CALL_EXTRAS) {
      const field = FIELDS_OF_EXTRAS[extra].find((field) => usesField(filter.where, field));
      if (field === undefined || this.#extras.includes(extra)) continue;
      throw new IorError("usage", `Cannot filter by ${field}: this trace does not know it`, {
        hint: `Start the trace again with --${extra}`,
      });
    }
    const unsampled = this.#isSampled ? unsampledField(filter) : null;
    if (unsampled !== null) {
      throw new IorError("usage", `Cannot filter by ${unsampled}: calls of this trace are sampled`, {
        hint: "Start the trace again without --sample, --auto-sample and --no-rows",
      });
    }
    const split = splitFilter(filter);
    const selection = split.kernel;
    if (!this.#followsRequests && hasRequests(selection)) {
      throw new IorError("usage", "Cannot select requests to io_uring: this trace does not follow them", {
        hint: "Start the trace again with them selected",
      });
    }
    const judge = new NameJudge(split, machineArch());
    this.#selection = filter;
    if (this.#sums !== null && !this.#isSampled) this.#setAutomatic();
    this.#filters.prepare(selection, judge);
    this.#calls.select(selection, () => this.#filters.publish());
    this.#decoder.changeFilter(judge, epoch);
    this.#mapped?.setCondition(filter.where, this.#filters.number);
  }

  /**
   * Turns calls on and off, at once and under the same filter and epoch: on are those of the set that the filter's
   * condition can select.
   */
  selectCalls(calls: CallSet): void {
    this.#calls.select(splitFilter({ ...this.#selection, ...calls }).kernel);
  }

  /** Whether calls with this number have rows. */
  isCallEnabled(nr: number): boolean {
    return this.#calls.isEnabled(nr);
  }

  /** Whether calls are added up where rows are many, see {@linkcode Capture.addUp}: then nobody waits for a row. */
  get addsUp(): boolean {
    return this.#addsUp;
  }

  /** Lets this process run before others, or in turn with them, as at first and at the end: see {@linkcode OwnProcess.runFirst}. */
  runFirst(on: boolean): void {
    if (on === (this.#priority !== null)) return;
    this.#priority?.[Symbol.dispose]();
    this.#priority = on ? OwnProcess.open().runFirst() : null;
  }

  /** Bytes waiting in the ring; where there are several, what it would be if all were as full as the fullest. */
  get pendingBytes(): number {
    return this.#merger === null ? this.#reader.pendingBytes : this.#merger.fill * this.#ringBytes;
  }

  /**
   * Decodes what is in the ring now, up to one batch.
   *
   * @returns The batch, `null` when there were no calls, and whether there may be more.
   */
  drain(): { batch: EventBatch | null; full: boolean } {
    const full = this.#read();
    this.#decoder.takeOwnCells();
    return { batch: this.#decoder.takeBatch(), full };
  }

  /** Remembers what is in the ring now: returns whether all of it has been decoded. It is in the batch after that at the latest. */
  mark(): () => boolean {
    return (this.#merger ?? this.#reader).mark();
  }

  /** True when the decoder had enough. */
  #read(): boolean {
    if (this.#merger === null) return this.#reader.drain(this.#decoder);
    return this.#merger.drain(this.#decoder, this.#disabledNs === null ? this.#recordNs() : Infinity);
  }

  /** Now, by the clock of the records: what is behind it no program reads any more. */
  #recordNs(): number {
    return Number(this.#libc.clockNs(Clock.BOOTTIME) - this.#clockOffsetNs - this.#loadedNs) - CLOCK_SLACK_NS;
  }

  /**
   * Sets of how many calls with a number one is a row, at once: 1 for all, 0 for none. The others are in
   * {@linkcode Capture.takeSums}. What no sum can say always is a row, see the README.
   *
   * @throws {RangeError} Without `sampling`.
   */
  setRate(nr: number, rate: number): void {
    if (this.#sums === null) throw new RangeError("Cannot sample calls: the capture was not loaded for it");
    this.#sums.setRate(nr, rate);
  }

  /**
   * Adds up the calls that a thread makes again and again, or all while the ring is busy: what it has no row for is in
   * {@linkcode Capture.takeSums}. Off, or under a filter of which user space decides a part for each row, all have rows. Takes
   * effect at once.
   *
   * @throws {RangeError} Without `addsUp` at the load.
   */
  addUp(on: boolean): void {
    if (this.#sums === null || this.#isSampled) {
      throw new RangeError("Cannot add calls up: the capture was not loaded for it");
    }
    this.#addsUp = on;
    this.#setAutomatic();
  }

  /** Sets which calls have rows all the same where others are added up: slow ones, all at first. */
  setSlow(limits: SlowLimits): void {
    this.#sums?.setSlow(limits);
  }

  /**
   * How many slow calls have no row, as the ring was busy, by the power of two of their latency in nanoseconds; `null` when
   * all calls have rows.
   */
  missedSlow(): Uint32Array | null {
    return this.#sums?.missed() ?? null;
  }

  /**
   * The calls of an epoch without a row that have ended since this was last asked; `null` when there are none. To be
   * asked when the ring is empty.
   */
  takeSums(epoch: number): CallCells | null {
    return this.#sums?.take(epoch, this.elapsedNs()) ?? null;
  }

  /** True when the sums should be taken soon, see `Sums.isRunningOut`. Costs nothing. */
  get areSumsRunningOut(): boolean {
    return this.#sums?.isRunningOut ?? false;
  }

  /** Looks at the sums and leaves them as they are; false when they should be taken: see `Sums.pass`. Costs little. */
  passSums(): boolean {
    return this.#sums?.pass(this.elapsedNs()) ?? true;
  }

  /** Takes columns back from a consumer, for reuse. */
  recycle(columns: EventColumns): void {
    this.#decoder.recycle(columns);
  }

  /** Ends tracing: what was recorded can still be drained. */
  disable(): void {
    this.#disabledNs = this.elapsedNs();
    this.#calls.clear();
    this.#object.detach();
  }

  /**
   * The calls that had entered and not returned when the trace was disabled, longest first. To be called once, after
   * the last drain: it uses the ring.
   */
  running(): RunningCall[] {
    this.#walk(Walk.RUNNING);
    this.#read();
    return this.#decoder.takeRunning(this.#disabledNs ?? this.elapsedNs());
  }

  /** From the started command's exec to the end of its last thread, nanoseconds; `null` before, and without one. */
  commandWallNs(): number | null {
    const { exec_ns, end_ns } = Offset.command;
    const endNs = this.#command.getBigUint64(end_ns, true);
    return endNs === 0n ? null : Number(endNs - this.#command.getBigUint64(exec_ns, true));
  }

  /** Followed processes that descend from the started command and run, without the command itself. */
  commandChildren(): number {
    return this.#command.getUint32(Offset.command.children, true);
  }

  /** Requests given to io_uring so far, which have no rows, by process. */
  uringRequests(): UringRequests[] {
    return this.#counters.uringRequests();
  }

  /** What page faults have read of mapped files so far; `null` when they are not followed. To be asked when the ring is empty. */
  mappedIo(): MappedIo | null {
    return this.#mapped?.take() ?? null;
  }

  /** Calls lost so far; unknown when the kernel does not say. With those that were taken without names. */
  loss(): Loss {
    return withUnnamed(this.#counters.loss(), this.#sums?.unnamed ?? 0);
  }

  /**
   * Turns the kernel's statistics on or off: they cost two clock reads per run of a program.
   *
   * @returns False when the kernel does not allow it: that takes CAP_SYS_ADMIN.
   */
  sampleCost(on: boolean): boolean {
    return this.#counters.sampleCost(on);
  }

  /** Cost of the enter and the exit program while statistics were on. */
  cost(): { enter: ProgramCost; exit: ProgramCost } {
    return this.#counters.cost();
  }

  /** CPU time and largest resident set of this process. */
  usage(): { cpuNs: number; maxRssBytes: number } {
    return this.#libc.usage();
  }

  /** Gives memory back to the system that this process has freed, or needed of its program for a while; some milliseconds. */
  returnMemory(): void {
    this.#libc.trimHeap();
    this.#libc.leaveProgram();
  }

  /** Nanoseconds since the trace began. */
  elapsedNs(): number {
    return Number(this.#now().bootNs - this.#start.bootNs);
  }

  /** Detaches, unloads and unmaps; columns that were drained stay valid. */
  [Symbol.dispose](): void {
    this.runFirst(false);
    this.#resources.dispose();
  }

  #now(): CaptureStart {
    return clocksNow(this.#libc, this.#clockOffsetNs);
  }

  #walk(walk: typeof Walk[keyof typeof Walk]): void {
    this.#filters.setWalk(walk);
    this.#object.iterate(WALK_PROGRAM, (fd) => this.#libc.exhaust(fd));
  }

  #setAutomatic(): void {
    const rate = this.#addsUp && decidedByRows(this.#selection) === null ? RATE_AUTO : 1;
    this.#setRates(() => rate);
  }

  #setRates(rateOf: (call: Syscall) => number): void {
    for (const call of SYSCALLS) {
      const nr = syscallNumber(machineArch(), call);
      if (nr !== null) this.setRate(nr, rateOf(call));
    }
  }

  #keepArguments(arch: Arch): void {
    const fd = this.#object.mapFd("arguments");
    for (const [nr, kept] of keptArguments(arch).entries()) {
      if (kept === null) continue;
      const place = Uint8Array.of(kept.position | (kept.points ? ARGUMENT_POINTS : 0));
      this.#libbpf.updateElement(fd, new Uint8Array(Uint32Array.of(nr).buffer), place);
    }
  }
}

/** What a load is made of, and what the capture goes on with. */
type Loading = ReturnType<typeof planLoad> & { libc: Libc; libbpf: Libbpf; resources: DisposableStack };

function planLoad(options: CaptureOptions, libc: Libc, libbpf: Libbpf) {
  const { ringBytes, groups = ALL_GROUPS, sampling = null, addsUp = false, extras = [] } = options;
  const samples = sampling !== null || addsUp;
  const split = splitFilter(options.selection);
  const selection = split.kernel;
  const arch = machineArch();
  using kernel = new KernelTypes(libc);
  for (const extra of extras) requireFeature(kernel, extra);
  const mappedSums = hasFeature(kernel, "mapped_io") ? options.mappedSums : undefined;
  const faultBegin: FaultBegin = hasFeature(kernel, "page_faults") ? "ior_fault" : "ior_fault_event";
  const submitProgram = uringProgram(kernel);
  const followsRequests = options.mayFollowRequests === true || hasRequests(selection);
  const clockOffsetNs = bootClockOffsetNs(libc);
  const start = clocksNow(libc, clockOffsetNs);
  const rings = ringSizes(ringBytes, options.ringGroups ?? ringGroups(onlineCpus(libc)), libc.pageBytes);
  const hasRowRings = rings.rowRings.length > 0;
  const preemptible = options.preemptible ?? preemptsPrograms(Deno.osRelease(), kernel);
  const load: LoadOptions = {
    bytes: options.object ?? readObject(),
    config: configBytes({
      arch,
      startNs: start.bootNs,
      selfPid: Deno.pid,
      pidNamespace: pidNamespace(libc),
      cast: hasFeature(kernel, "cast"),
      targets: options.launches || selection.pids.length + selection.tids.length > 0,
      follow: selection.follow,
      groups: groups.nameOf !== null,
      groupLevels: levelsOf(groups.selected),
      samples,
      extras: extras.reduce((bits, extra) => bits | EXTRA_BITS[extra], mappedSums ? Extra.MAPPED : 0),
      pageBytes: libc.pageBytes,
      requests: followsRequests,
      busyBytes: (hasRowRings ? rings.rowRings[0] : ringBytes) / 4,
      rowRings: hasRowRings,
      preemptible,
    }),
    maxEntries: mapEntries({
      cpus: libbpf.possibleCpus(),
      pidMax: pidMax(libc),
      ringBytes: rings.ring,
      rowRings: hasRowRings,
      samples,
      stacks: extras.includes("stacks"),
      mapped: mappedSums !== undefined,
    }),
    leftOut: [
      ...(preemptible ? [] : SECOND_LOOKS),
      ...uringLeftOut(submitProgram, followsRequests),
      ...faultsLeftOut(mappedSums ? faultBegin : null),
      ...CALL_EXTRAS.filter((extra) => !extras.includes(extra)).flatMap((extra) => EXTRA_PROGRAMS[extra]),
    ],
  };
  return {
    load,
    samples,
    split,
    arch,
    mappedSums,
    faultBegin,
    submitProgram,
    followsRequests,
    clockOffsetNs,
    start,
    rings,
    preemptible,
    callPrograms: preemptible ? [...CALL_PROGRAMS, ...SECOND_LOOKS] : CALL_PROGRAMS,
  };
}

/** Now; `offsetNs` is how far this process's boot clock is ahead of the kernel's. */
function clocksNow(libc: Libc, offsetNs: bigint): CaptureStart {
  return { wallNs: libc.clockNs(Clock.REALTIME), bootNs: libc.clockNs(Clock.BOOTTIME) - offsetNs };
}

/** Throws an `IorError` when the kernel lacks what an extra needs. */
function requireFeature(kernel: KernelTypes, extra: CallExtra): void {
  if (extra === "arguments") return;
  if (hasFeature(kernel, extra)) return;
  const names = featureNames(extra).map((name) => name.replace(/^btf_trace_/, "")).join(", ");
  throw new IorError("unsupported", `Cannot use --${extra}: this kernel lacks what it needs of ${names}`, {
    hint: `Leave --${extra} out; \`ior doctor\` shows what this kernel has`,
  });
}

/** What reads the sums of mapped I/O, loaded by a trace that asks for the cache alone. */
export async function loadMappedSums(): Promise<typeof MappedSums> {
  return (await import("./mapped_io.ts")).MappedSums;
}

/** What names stacks. Its modules take time to load, so only a trace that asks for stacks does. */
export async function loadStacks(): Promise<StackTexts> {
  const { StackTexts } = await import("./symbols/stack_texts.ts");
  return new StackTexts();
}

/** A bit for each level of the groups; all bits for a group whose level is not known. */
function levelsOf(groups: readonly GroupTarget[]): number {
  const bits = groups.map(({ level }) => level === null || level >= GROUP_LEVELS ? ~0 : 1 << level);
  return bits.reduce((all, bit) => all | bit, 0) >>> 0;
}

/** The program that sees requests to io_uring submitted on this kernel. */
function uringProgram(kernel: KernelTypes): string | null {
  if (!hasFeature(kernel, "io_uring")) return null;
  return URING_SUBMITS[kernel.has("btf_trace_io_uring_submit_req") ? 0 : 1];
}

/** The programs about page faults that a trace does without: all when it does not follow them, or else the other begin. */
function faultsLeftOut(begin: FaultBegin | null): string[] {
  return FAULT_PROGRAMS.filter((name) => begin === null || (name !== "ior_major" && name !== begin));
}

/** The programs for io_uring that a trace does without. */
function uringLeftOut(submit: string | null, followsRequests: boolean): string[] {
  const others = URING_SUBMITS.filter((name) => name !== submit);
  return submit === null || !followsRequests ? [...others, ...URING_ENDS] : others;
}

/** Whether requests to io_uring are among the selected calls. */
function hasRequests({ syscalls }: CallSet): boolean {
  return syscalls.some((name) => (syscallNumber(machineArch(), syscallByName(name)!) ?? 0) >= URING_FIRST);
}
