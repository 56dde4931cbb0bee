import type { StreamSequencer } from "../runtime/contracts.ts";
import { IorError } from "../runtime/errors.ts";
import type { EventBatch, EventColumns } from "../runtime/event_batch.ts";
import { type Loss, LOSS_KINDS, type LossKind, lossOf, UNKNOWN_LOSS } from "../runtime/loss.ts";
import type { RunningCall, UringRequests } from "../runtime/row.ts";
import { type Filter, type KernelFilter, splitFilter } from "../runtime/filter/mod.ts";
import { syscallByName, syscallNumber } from "../runtime/syscalls/mod.ts";
import { callTable, compatCalls } from "./call_spec.ts";
import { Decoder } from "./decoder.ts";
import { FfiError } from "./ffi/errors.ts";
import { Clock, Libc, type Mapping } from "./ffi/libc.ts";
import { Libbpf } from "./ffi/libbpf.ts";
import { NameJudge } from "./judge.ts";
import {
  bootClockOffsetNs,
  checkPrivileges,
  KernelTypes,
  machineArch,
  pidMax,
  pidNamespace,
} from "./machine.ts";
import { type LoadedObject, OpenedObject } from "./object.ts";
import { RingReader } from "./ring_reader.ts";
import { CALLS, Offset, REJECTED_SLOTS, Size, VERDICTS } from "./wire.ts";

const PAGE_BYTES = 4096;

/** Programs in the order they are attached: exits before enters, so that no enter is left without its exit. */
const PROGRAMS = ["ior_fork", "ior_exec", "ior_end", "ior_signal", "ior_exit", "ior_enter"] as const;

/** The program that counts requests to io_uring; older kernels have no such tracepoint. */
const URING_PROGRAM = "ior_uring";
const URING_TRACEPOINT = "btf_trace_io_uring_submit_req";
const RUNNING_PROGRAM = "ior_running";

/** What a capture is started with. */
export interface CaptureOptions {
  /** What is traced; fixed for the life of the capture. */
  selection: Filter;
  /** Whether a command is to be traced: only it and the selected processes are then. */
  launches: boolean;
  /** Size of the ring, a power of two of at least a page. */
  ringBytes: number;
  /** Numbers the calls. */
  sequencer: StreamSequencer;
  /** Number of the filter, carried by every batch. */
  epoch: number;
  /** The kernel object; the one beside this module by default. */
  object?: Uint8Array<ArrayBuffer>;
}

/** When the trace began, by two clocks at the same moment. */
export interface CaptureStart {
  /** Nanoseconds since 1970, UTC. */
  wallNs: bigint;
  /** Boot clock, nanoseconds, as the kernel counts it. */
  bootNs: bigint;
}

/** What the kernel's own statistics say of the programs' cost. */
export interface ProgramCost {
  /** Runs and their time while statistics were on. */
  runTimeNs: number;
  /** How often the program ran meanwhile. */
  runCount: number;
}

/** A process that is watched for its end. */
export interface ProcessWatch extends Disposable {
  /** True once the process has ended; does not wait. */
  hasEnded(): boolean;
}

/**
 * The first of the descriptors 3 to 9 that a started command would not inherit from whoever started ior: the rest are
 * the command's.
 */
export function spareDescriptor(): number {
  using libc = Libc.open();
  for (let fd = 3; fd < 9; fd++) if (!libc.isInherited(fd)) return fd;
  return 9;
}

/** Bytes of the kernel object for this machine. */
export function readObject(): Uint8Array<ArrayBuffer> {
  return Deno.readFileSync(new URL(`./ior.${machineArch()}.bpf.o`, import.meta.url));
}

/**
 * The capture: programs in the kernel, the ring, the decoder. {@linkcode Capture.load} puts it into the kernel,
 * {@linkcode Capture.attach} starts it, {@linkcode Capture.drain} takes what has come, {@linkcode Capture.disable} and
 * a last drain end it. Disposing it leaves nothing in the kernel.
 */
export class Capture implements Disposable {
  readonly #resources = new DisposableStack();
  readonly #libc: Libc;
  readonly #libbpf: Libbpf;
  readonly #object: LoadedObject;
  readonly #reader: RingReader;
  readonly #decoder: Decoder;
  readonly #calls: Uint8Array;
  readonly #compat: Uint8Array;
  readonly #selection: KernelFilter;
  readonly #hasUring: boolean;
  #statsFd: number | null = null;
  #disabledNs = 0;
  #start: CaptureStart;

  private constructor(options: CaptureOptions) {
    using stack = new DisposableStack();
    const split = splitFilter(options.selection);
    const selection = split.kernel;
    const arch = machineArch();
    this.#selection = selection;
    this.#libc = stack.use(Libc.open());
    checkPrivileges(this.#libc);
    this.#libbpf = stack.use(new Libbpf(this.#libc));
    this.#start = this.#now();
    const judge = new NameJudge(split, arch);

    const bytes = options.object ?? readObject();
    const kernel = new KernelTypes(this.#libc);
    this.#hasUring = kernel.has(URING_TRACEPOINT);
    const config = this.#config(judge, options.launches, kernel);
    this.#object = stack.use(this.#load(bytes, config, options.ringBytes));

    this.#calls = new Uint8Array(
      this.#map(stack, "calls", CALLS * Size.call_spec, 0, true).buffer,
    );
    this.#compat = new Uint8Array(this.#map(stack, "compat", CALLS, 0, true).buffer);
    const rejectedTasks = this.#rejected(stack, "rejected_tasks");
    const rejectedFiles = this.#rejected(stack, "rejected_files");
    this.#decoder = new Decoder({
      arch,
      judge,
      sequencer: options.sequencer,
      epoch: options.epoch,
      verdicts: {
        rejectTask: (id) => rejectedTasks[id % REJECTED_SLOTS] = id,
        rejectFile: (id) => rejectedFiles[id % REJECTED_SLOTS] = id,
      },
    });
    const consumer = this.#map(stack, "ring", PAGE_BYTES, 0, true);
    const data = this.#map(stack, "ring", PAGE_BYTES + options.ringBytes, PAGE_BYTES, false);
    this.#reader = new RingReader(consumer.buffer, data.buffer, PAGE_BYTES, options.ringBytes);
    for (const pid of selection.pids) this.#addId("pids", pid, 0);
    for (const tid of selection.tids) this.#addId("tids", tid, 0);
    for (const uid of selection.uids) this.#addId("uids", uid, 0);
    this.#resources.use(stack.move());
  }

  /**
   * Loads the programs into the kernel; nothing is traced yet.
   *
   * @throws {IorError} When a privilege, libbpf or a kernel feature is missing, or the kernel refuses the programs.
   */
  static load(options: CaptureOptions): Capture {
    return new Capture(options);
  }

  /** Version of the system's libbpf. */
  get libbpfVersion(): string {
    return this.#libbpf.version;
  }

  /** Selects one more process: from now on, or from the successful exec on that is the last of `execs`. */
  addProcess(pid: number, execs = 0): void {
    this.#addId("pids", pid, execs);
  }

  /**
   * Watches a process for its end.
   *
   * @throws {IorError} When there is no such process.
   */
  watchProcess(pid: number): ProcessWatch {
    const fd = this.#libc.pidfdOpen(pid);
    if (fd < 0) {
      throw new IorError("runtime", `Cannot trace process ${pid}: there is no such process`, {
        hint: "List processes with: ps -e",
      });
    }
    return { hasEnded: () => this.#libc.isReadable(fd), [Symbol.dispose]: () => this.#libc.close(fd) };
  }

  /** When tracing began; before {@linkcode Capture.attach} the moment of the load. */
  get start(): CaptureStart {
    return this.#start;
  }

  /** Starts tracing. */
  attach(): void {
    // The programs count from the load: what has passed since is taken off when records are decoded.
    const loaded = this.#start;
    this.#start = this.#now();
    this.#decoder.startNs = Number(this.#start.bootNs - loaded.bootNs);
    this.#calls.set(callTable(machineArch(), this.#selection));
    this.#compat.set(compatCalls(machineArch(), this.#selection));
    for (const program of PROGRAMS) this.#object.attach(program);
    if (this.#hasUring) this.#object.attach(URING_PROGRAM);
  }

  /** Bytes waiting in the ring. */
  get pendingBytes(): number {
    return this.#reader.pendingBytes;
  }

  /**
   * Decodes what is in the ring now, as far as it goes into one batch.
   *
   * @returns The batch, `null` when there were no calls, and whether it was full: there may be more then.
   */
  drain(): { batch: EventBatch | null; full: boolean } {
    const full = this.#reader.drain(this.#decoder);
    return { batch: this.#decoder.takeBatch(), full };
  }

  /** Gives columns back that a consumer has emptied. */
  recycle(columns: EventColumns): void {
    this.#decoder.recycle(columns);
  }

  /** Ends tracing: what was recorded can still be drained. */
  disable(): void {
    this.#disabledNs = this.elapsedNs();
    this.#calls.fill(0);
    this.#compat.fill(0);
    this.#object.detach();
  }

  /**
   * The calls that had entered and not returned when the trace was disabled, longest first. To be asked once, after
   * the last drain: it uses the ring.
   */
  running(): RunningCall[] {
    this.#object.iterate(RUNNING_PROGRAM, (fd) => this.#libc.exhaust(fd));
    this.#reader.drain(this.#decoder);
    return this.#decoder.takeRunning(this.#disabledNs);
  }

  /** Requests given to io_uring so far, which have no rows, by process. */
  uringRequests(): UringRequests[] {
    const fd = this.#object.mapFd("uring_requests");
    return this.#libbpf.keysOf(fd, 4).map((key) => {
      const value = new Uint8Array(8);
      this.#libbpf.lookupElement(fd, key, value);
      return {
        pid: new DataView(key.buffer).getUint32(0, true),
        requests: Number(new DataView(value.buffer).getBigUint64(0, true)),
      };
    });
  }

  /** Calls lost so far; unknown when the kernel does not say. */
  loss(): Loss {
    try {
      const cpus = this.#libbpf.possibleCpus();
      const values = new BigUint64Array(cpus * Size.losses / 8);
      const bytes = new Uint8Array(values.buffer);
      this.#libbpf.lookupElement(this.#object.mapFd("losses"), new Uint8Array(4), bytes);
      const by = Object.fromEntries(LOSS_KINDS.map((kind) => [kind, 0])) as Record<LossKind, number>;
      for (let cpu = 0; cpu < cpus; cpu++) {
        for (const kind of LOSS_KINDS) {
          by[kind] += Number(values[(cpu * Size.losses + Offset.losses[kind]) / 8]);
        }
      }
      // An enter that the kernel skipped is a call without a row; a skipped exit is counted at the next enter.
      by.skipped += this.#object.programStats("ior_enter").recursionMisses;
      return lossOf(by);
    } catch (error) {
      if (error instanceof FfiError) return UNKNOWN_LOSS;
      throw error;
    }
  }

  /**
   * Turns the kernel's statistics on or off: they cost two clock reads per run of a program.
   *
   * @returns False when the kernel does not allow it: that takes CAP_SYS_ADMIN.
   */
  sampleCost(on: boolean): boolean {
    if (on && this.#statsFd === null) {
      try {
        this.#statsFd = this.#libbpf.enableStats();
      } catch (error) {
        if (error instanceof FfiError) return false;
        throw error;
      }
    }
    if (!on && this.#statsFd !== null) {
      this.#libc.close(this.#statsFd);
      this.#statsFd = null;
    }
    return true;
  }

  /** Cost of the enter and the exit program while statistics were on. */
  cost(): { enter: ProgramCost; exit: ProgramCost } {
    return { enter: this.#object.programStats("ior_enter"), exit: this.#object.programStats("ior_exit") };
  }

  /** CPU time and largest resident set of this process. */
  usage(): { cpuNs: number; maxRssBytes: number } {
    return this.#libc.usage();
  }

  /** Nanoseconds since the trace began. */
  elapsedNs(): number {
    return Number(this.#now().bootNs - this.#start.bootNs);
  }

  /** Detaches, unloads and unmaps; columns that were drained stay valid. */
  [Symbol.dispose](): void {
    this.sampleCost(false);
    this.#resources.dispose();
  }

  #now(): CaptureStart {
    return {
      wallNs: this.#libc.clockNs(Clock.REALTIME),
      bootNs: this.#libc.clockNs(Clock.BOOTTIME) - bootClockOffsetNs(this.#libc),
    };
  }

  #load(bytes: Uint8Array<ArrayBuffer>, config: Uint8Array<ArrayBuffer>, ringBytes: number): LoadedObject {
    using opened = new OpenedObject(this.#libbpf, bytes);
    opened.setSection(".rodata.config", config);
    opened.setMaxEntries("ring", ringBytes);
    opened.setMaxEntries("verdicts", Math.ceil(pidMax(this.#libc) / VERDICTS));
    if (!this.#hasUring) opened.leaveOut(URING_PROGRAM);
    try {
      return opened.load();
    } catch (error) {
      if (!(error instanceof FfiError)) throw error;
      const log = error.detail ?? "";
      if (RING_REFUSED.test(log)) {
        throw new IorError(
          "runtime",
          `Cannot make a ring of ${ringBytes} bytes: the kernel has no room for it`,
          {
            hint: "Choose a smaller --ring-size",
            detail: log,
            cause: error,
          },
        );
      }
      throw new IorError("unsupported", `The kernel refuses the programs: ${error.message}`, {
        hint: "Run again with -v for the whole log of the verifier",
        detail: log,
        cause: error,
      });
    }
  }

  #config(judge: NameJudge, launches: boolean, kernel: KernelTypes): Uint8Array<ArrayBuffer> {
    const selection = this.#selection;
    const config = new Uint8Array(Size.config);
    const view = new DataView(config.buffer);
    const at = Offset.config;
    const number = (name: string) => {
      const call = syscallByName(name);
      return (call && syscallNumber(machineArch(), call)) ?? CALLS;
    };
    view.setBigUint64(at.start_ns, this.#start.bootNs, true);
    view.setBigUint64(at.slower_ns, BigInt(selection.slowerNs), true);
    view.setUint32(at.self_pid, Deno.pid, true);
    view.setUint32(at.pid_namespace, pidNamespace(this.#libc), true);
    view.setUint32(at.nr_rt_sigreturn, number("rt_sigreturn"), true);
    view.setUint32(at.nr_restart_syscall, number("restart_syscall"), true);
    config[at.cast] = kernel.has("bpf_rdonly_cast") ? 1 : 0;
    config[at.targets] = launches || selection.pids.length + selection.tids.length > 0 ? 1 : 0;
    config[at.follow] = selection.follow ? 1 : 0;
    config[at.uids] = selection.uids.length > 0 ? 1 : 0;
    config[at.failed_only] = selection.failedOnly ? 1 : 0;
    config[at.judge_tasks] = judge.taskMode;
    config[at.judge_files] = judge.fileMode;
    return config;
  }

  #addId(map: "pids" | "tids" | "uids", id: number, value: number): void {
    this.#libbpf.updateElement(
      this.#object.mapFd(map),
      new Uint8Array(Uint32Array.of(id).buffer),
      Uint8Array.of(value),
    );
  }

  #map(stack: DisposableStack, map: string, bytes: number, offset: number, writable: boolean): Mapping {
    const length = Math.ceil(bytes / PAGE_BYTES) * PAGE_BYTES;
    const mapping = this.#libc.map(this.#object.mapFd(map), length, offset, writable);
    stack.defer(() => this.#libc.unmap(mapping));
    return mapping;
  }

  #rejected(stack: DisposableStack, map: string): Uint32Array {
    return new Uint32Array(this.#map(stack, map, REJECTED_SLOTS * 4, 0, true).buffer);
  }
}

/** What libbpf says when the kernel does not make the ring. */
const RING_REFUSED = /map 'ring': failed to create/;
