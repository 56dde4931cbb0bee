import { IorError } from "../../runtime/errors.ts";
import { rawBytes, rawText } from "../../runtime/raw_text.ts";
import { FfiError } from "./errors.ts";
import { LIBC_SYMBOLS } from "./libc_symbols.ts";

const PROT_READ = 1;
const PROT_WRITE = 2;
const MAP_SHARED = 1;
const MAP_PRIVATE = 2;
const MADV_DONTNEED = 4;
const SEEK_END = 2;
const MAP_FAILED = 0xffff_ffff_ffff_ffffn;
const RUSAGE_SELF = 0;
const SYS_PIDFD_OPEN = 434n; // the same on every architecture
const SYS_MEMBARRIER = { x86_64: 324n, aarch64: 283n }[Deno.build.arch];
const MEMBARRIER_CMD_GLOBAL = 1n;
const SYS_PERF_EVENT_OPEN = { x86_64: 298n, aarch64: 241n }[Deno.build.arch];
const PERF_ATTR_BYTES = 64; // PERF_ATTR_SIZE_VER0
const PERF_TYPE_SOFTWARE = 1;
const PERF_EXCLUDE_KERNEL = 1n << 5n;
const PERF_FLAG_FD_CLOEXEC = 8n;
const POLLIN = 1;
const VA_LIST_BYTES = 32;
const AF_UNIX = 1;
const SOCK_STREAM = 1;
const SOCK_CLOEXEC = 0o2000000;
const MSG_NOSIGNAL = 0x4000;
const SHUT_RDWR = 2;
const PR_SET_DUMPABLE = 4;
const PRIO_PROCESS = 0;
const SC_PAGESIZE = 30;
const O_RDONLY = 0;
const O_CLOEXEC = 0o2000000;

/** Longest target of a symbolic link (`linux/limits.h`, PATH_MAX). */
const LINK_BYTES = 4096;

/** Bytes of a `sigset_t`. */
const SIGSET_BYTES = 128;

/** glibc's `struct sigaction`: handler, mask, flags, restorer. */
const SIGACTION_BYTES = 152;
const SA_FLAGS_AT = 136;
const SA_RESETHAND = 0x8000_0000;

/** First guess at how many groups a user is in. */
const GROUPS = 64;

/** Dispositions of a signal without a handler. */
export const SignalAction = { DEFAULT: 0n, IGNORE: 1n } as const;

/** First guess at the size of a file that does not report it. */
const SPECIAL_FILE_BYTES = 8192;

/** A string with a terminating NUL, as C expects it: the bytes of a name that is not UTF-8, see `runtime/raw_text.ts`. */
export function cString(text: string): Uint8Array<ArrayBuffer> {
  return rawBytes(text + "\0");
}

/** What `getdents64` has written: `struct linux_dirent64` has inode and offset, 8 bytes each, its length, type and name. */
export function* directoryEntries(bytes: Uint8Array<ArrayBuffer>): Generator<{ name: string; type: number }> {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  for (let at = 0; at < bytes.length; at += view.getUint16(at + 16, true)) {
    const name = bytes.subarray(at + 19, bytes.indexOf(0, at + 19));
    yield { name: rawText(name), type: bytes[at + 18] };
  }
}

/** Clocks of `clock_gettime`. */
export const Clock = { REALTIME: 0, BOOTTIME: 7 } as const;

/** Events that the kernel itself counts: `enum perf_sw_ids` of `linux/perf_event.h`. */
export const SoftwareEvent = { PAGE_FAULTS: 2n, PAGE_FAULTS_MAJ: 6n } as const;

/** Memory of a descriptor, mapped until {@linkcode Libc.unmap}; the buffer must not be touched after that. */
export interface Mapping {
  pointer: Deno.PointerObject;
  buffer: ArrayBuffer;
}

/** Bytes of a file, until they are disposed. */
export interface SpecialBytes extends Disposable {
  bytes: Uint8Array<ArrayBuffer>;
}

/** A part of this process's address space. */
export interface Part {
  /** Where it begins. */
  address: bigint;
  bytes: bigint;
}

/**
 * The parts of a program that nothing ever writes: its code, and its first segment with the constants. Not what is only
 * read-only by now: the loader has filled in the addresses there (`PT_GNU_RELRO`, see ld.so(8)).
 *
 * @param maps Text of `/proc/self/maps`, see proc_pid_maps(5).
 * @param program Path of the program, as it stands there.
 */
export function unwrittenParts(maps: string, program: string): Part[] {
  const parts = [];
  for (const line of maps.split("\n")) {
    const fields = /^([0-9a-f]+)-([0-9a-f]+) r-(-p 0+|xp [0-9a-f]+) \S+ \d+ +(.+)$/.exec(line);
    if (fields === null || fields[4] !== program) continue;
    const [from, to] = [fields[1], fields[2]].map((digits) => BigInt(`0x${digits}`));
    parts.push({ address: from, bytes: to - from });
  }
  return parts;
}

let opened: Libc | null = null;

/** libc, opened once in each thread when it is first asked for: the runtime takes milliseconds to bind its functions. */
export class Libc {
  readonly #library: Deno.DynamicLibrary<typeof LIBC_SYMBOLS>;
  /** This thread's errno: read as memory right after a call, before anything else can change it. */
  readonly #errno: Int32Array;
  /** Size of a memory page in bytes. */
  readonly pageBytes: number;

  private constructor(library: Deno.DynamicLibrary<typeof LIBC_SYMBOLS>) {
    this.#library = library;
    const errno = library.symbols.__errno_location()!;
    this.#errno = new Int32Array(Deno.UnsafePointerView.getArrayBuffer(errno, 4));
    this.pageBytes = Number(library.symbols.sysconf(SC_PAGESIZE));
  }

  static open(): Libc {
    try {
      return opened ??= new Libc(Deno.dlopen("libc.so.6", LIBC_SYMBOLS));
    } catch (cause) {
      throw new IorError("unsupported", "Cannot open libc.so.6", {
        hint: "ior needs a system with the GNU C library",
        cause,
      });
    }
  }

  /**
   * Maps `length` bytes of a descriptor, shared, read-only or read-write.
   *
   * @throws {FfiError} When the kernel refuses.
   */
  map(fd: number, length: number, offset: number, writable: boolean): Mapping {
    const mapping = this.#map(fd, length, offset, writable ? PROT_READ | PROT_WRITE : PROT_READ, MAP_SHARED);
    if (mapping === null) {
      throw new FfiError(`Cannot map ${length} bytes of kernel memory`, this.#errno[0]);
    }
    return mapping;
  }

  #map(fd: number, length: number, offset: number, protection: number, flags: number): Mapping | null {
    const pointer = this.#library.symbols.mmap(
      null,
      BigInt(length),
      protection,
      flags,
      fd,
      BigInt(offset),
    );
    if (pointer === null || Deno.UnsafePointer.value(pointer) === MAP_FAILED) return null;
    return { pointer, buffer: Deno.UnsafePointerView.getArrayBuffer(pointer, length) };
  }

  unmap(mapping: Mapping): void {
    this.#library.symbols.munmap(mapping.pointer, BigInt(mapping.buffer.byteLength));
  }

  close(fd: number): void {
    this.#library.symbols.close(fd);
  }

  /** Closes a descriptor in another thread: what the kernel does then may take long. */
  closeAside(fd: number): void {
    void this.#library.symbols.close_aside(fd);
  }

  /**
   * Bytes of a file of `/proc` or `/sys`, which Deno itself opens only with all permissions; `null` when it cannot
   * be read.
   */
  readSpecialFile(path: string): Uint8Array<ArrayBuffer> | null {
    const { open, read } = this.#library.symbols;
    const fd = open(cString(path), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return null;
    try {
      let bytes = new Uint8Array(SPECIAL_FILE_BYTES);
      let length = 0;
      for (;;) {
        if (length === bytes.length) {
          const larger = new Uint8Array(4 * bytes.length);
          larger.set(bytes);
          bytes = larger;
        }
        const count = Number(read(fd, bytes.subarray(length), BigInt(bytes.length - length)));
        if (count < 0) return null;
        if (count === 0) return bytes.subarray(0, length);
        length += count;
      }
    } finally {
      this.close(fd);
    }
  }

  /**
   * A large file of `/proc` or `/sys`, to be looked at until it is disposed; `null` when it cannot be read. Mapped where
   * the kernel can: read, it comes in pages of one call each.
   */
  openSpecialFile(path: string): SpecialBytes | null {
    const { open, lseek } = this.#library.symbols;
    const fd = open(cString(path), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return null;
    const length = Number(lseek(fd, 0n, SEEK_END));
    const mapping = length > 0 ? this.#map(fd, length, 0, PROT_READ, MAP_PRIVATE) : null;
    this.close(fd);
    if (mapping === null) {
      const bytes = this.readSpecialFile(path);
      return bytes && { bytes, [Symbol.dispose]: () => {} };
    }
    return { bytes: new Uint8Array(mapping.buffer), [Symbol.dispose]: () => this.unmap(mapping) };
  }

  /** Reads a descriptor to its end and closes it. */
  exhaust(fd: number): void {
    const bytes = new Uint8Array(SPECIAL_FILE_BYTES);
    while (this.#library.symbols.read(fd, bytes, BigInt(bytes.length)) > 0);
    this.close(fd);
  }

  /** Text of a file of `/proc` or `/sys`; `null` when it cannot be read. */
  readSpecialText(path: string): string | null {
    const bytes = this.readSpecialFile(path);
    return bytes && new TextDecoder().decode(bytes);
  }

  /** True when `bytes` contain `part`. */
  contains(bytes: Uint8Array<ArrayBuffer>, part: Uint8Array<ArrayBuffer>): boolean {
    return this.#library.symbols.memmem(bytes, BigInt(bytes.length), part, BigInt(part.length)) !== null;
  }

  /** Target of a symbolic link of `/proc`; `null` when it cannot be read. */
  readSpecialLink(path: string): string | null {
    const buffer = new Uint8Array(LINK_BYTES);
    const length = Number(this.#library.symbols.readlink(cString(path), buffer, BigInt(buffer.length)));
    return length < 0 ? null : new TextDecoder().decode(buffer.subarray(0, length));
  }

  /** A clock's time in nanoseconds. */
  clockNs(clock: number): bigint {
    const timespec = new BigInt64Array(2);
    this.#library.symbols.clock_gettime(clock, timespec);
    return timespec[0] * 1_000_000_000n + timespec[1];
  }

  /** A descriptor that becomes readable when the process ends; -1 when there is no such process. */
  pidfdOpen(pid: number): number {
    return Number(this.#library.symbols.syscall(SYS_PIDFD_OPEN, BigInt(pid), 0n));
  }

  /**
   * Waits until every processor has passed a moment at which no kernel program runs (membarrier(2), a grace period of
   * RCU); a few to some ten milliseconds. False when the kernel cannot: with CPUs that have no tick.
   */
  awaitPrograms(): boolean {
    return this.#library.symbols.syscall(SYS_MEMBARRIER, MEMBARRIER_CMD_GLOBAL, 0n) === 0n;
  }

  /**
   * Every single event of this kind in user mode, of all threads on a CPU: a descriptor to attach a program to.
   *
   * @throws {FfiError} When the kernel refuses.
   */
  openSoftwareEvent(event: bigint, cpu: number): number {
    const attr = new BigUint64Array(PERF_ATTR_BYTES / 8);
    attr[0] = BigInt(PERF_TYPE_SOFTWARE) | BigInt(PERF_ATTR_BYTES) << 32n;
    attr[1] = event;
    attr[2] = 1n; // sample_period
    attr[5] = PERF_EXCLUDE_KERNEL;
    const { perf_event_open } = this.#library.symbols;
    const fd = Number(
      perf_event_open(SYS_PERF_EVENT_OPEN, attr, -1n, BigInt(cpu), -1n, PERF_FLAG_FD_CLOEXEC),
    );
    if (fd < 0) throw new FfiError("Cannot open an event of perf", this.#errno[0]);
    return fd;
  }

  /** Gives pages of the heap that are free back to the system; some milliseconds. */
  trimHeap(): void {
    this.#library.symbols.malloc_trim(0n);
  }

  /**
   * Takes the pages of the program out of this process's memory; those that are still used come back one by one, from the
   * kernel's cache of the file. Half of them are of the start alone.
   */
  leaveProgram(): void {
    const maps = this.readSpecialText("/proc/self/maps");
    const program = this.readSpecialLink("/proc/self/exe");
    if (maps === null || program === null) return;
    for (const { address, bytes } of unwrittenParts(maps, program)) {
      this.#library.symbols.madvise(address, bytes, MADV_DONTNEED);
    }
  }

  /** True when the descriptor is readable now. */
  isReadable(fd: number): boolean {
    const pollfd = new Int16Array(4);
    new Int32Array(pollfd.buffer)[0] = fd;
    pollfd[2] = POLLIN;
    return this.#library.symbols.poll(pollfd, 1n, 0) > 0;
  }

  /**
   * CPU time of this process, user and system, in nanoseconds, and its largest resident set in bytes: `VmHWM`, because
   * the one of `getrusage` counts what the process was before its exec.
   */
  usage(): { cpuNs: number; maxRssBytes: number } {
    const rusage = new BigInt64Array(18);
    this.#library.symbols.getrusage(RUSAGE_SELF, rusage);
    const [userS, userUs, systemS, systemUs] = rusage;
    const peak = /^VmHWM:\s*(\d+) kB$/m.exec(this.readSpecialText("/proc/self/status") ?? "");
    return {
      cpuNs: Number((userS + systemS) * 1_000_000_000n + (userUs + systemUs) * 1000n),
      maxRssBytes: Number(peak?.[1] ?? 0) * 1024,
    };
  }

  /**
   * Two connected sockets, which started programs do not inherit.
   *
   * @throws {FfiError} When the kernel refuses.
   */
  socketPair(): [number, number] {
    const pair = new Int32Array(2);
    const { socketpair } = this.#library.symbols;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0) {
      throw new FfiError("Cannot make a pair of sockets", this.#errno[0]);
    }
    return [pair[0], pair[1]];
  }

  /**
   * Another descriptor for the same, which started programs inherit.
   *
   * @throws {FfiError} When the kernel refuses.
   */
  inheritable(fd: number): number {
    const copy = this.#library.symbols.dup(fd);
    if (copy < 0) throw new FfiError("Cannot copy a descriptor", this.#errno[0]);
    return copy;
  }

  /** Sends all bytes, and waits while the other end does not take them; false when it is gone. */
  send(fd: number, bytes: Uint8Array<ArrayBuffer>): boolean {
    for (let sent = 0; sent < bytes.length;) {
      const rest = bytes.subarray(sent);
      const count = Number(this.#library.symbols.send(fd, rest, BigInt(rest.length), MSG_NOSIGNAL));
      if (count < 0) return false;
      sent += count;
    }
    return true;
  }

  /** The next bytes, up to the length of `room`; none at the end, and when the other end is gone. */
  async receive(fd: number, room: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
    const count = Number(await this.#library.symbols.recv(fd, room, BigInt(room.length), 0));
    return room.subarray(0, Math.max(0, count));
  }

  /** Ends both directions of a connection: whoever waits for bytes sees its end. */
  shutdown(fd: number): void {
    this.#library.symbols.shutdown(fd, SHUT_RDWR);
  }

  /** Numbers of the threads of this process; none when they cannot be read. */
  threads(): number[] {
    const { open, getdents64 } = this.#library.symbols;
    const fd = open(cString("/proc/self/task"), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return [];
    const threads: number[] = [];
    const bytes = new Uint8Array(SPECIAL_FILE_BYTES);
    for (;;) {
      const length = Number(getdents64(fd, bytes, BigInt(bytes.length)));
      if (length <= 0) break;
      for (const { name } of directoryEntries(bytes.subarray(0, length))) threads.push(Number(name));
    }
    this.close(fd);
    return threads.filter((thread) => thread > 0);
  }

  /** Niceness of a thread, 0 for the calling one: -20, which runs first, to 19. */
  niceness(thread: number): number {
    return this.#library.symbols.getpriority(PRIO_PROCESS, thread);
  }

  /** Sets the niceness of a thread, which threads and processes that it makes inherit; false when that is not permitted. */
  setNiceness(thread: number, niceness: number): boolean {
    return this.#library.symbols.setpriority(PRIO_PROCESS, thread, niceness) === 0;
  }

  /** Lets the kernel end this process by a signal, or ignore the signal, replacing any handler. */
  setSignal(signal: number, action: bigint): void {
    this.#library.symbols.signal(signal, action);
  }

  /** Gives the handler of a signal one more; for the one after that the kernel does what it does without a handler. */
  handleOnce(signal: number): void {
    const action = new Uint8Array(SIGACTION_BYTES);
    this.#library.symbols.sigaction(signal, null, action);
    const flags = new DataView(action.buffer);
    flags.setUint32(SA_FLAGS_AT, flags.getUint32(SA_FLAGS_AT, true) | SA_RESETHAND, true);
    this.#library.symbols.sigaction(signal, action, null);
  }

  /** Prevents a core file when a signal ends this process. */
  leaveNoCore(): void {
    this.#library.symbols.prctl(PR_SET_DUMPABLE, 0n, 0n, 0n, 0n);
  }

  /** True when the blocked signal was pending; consumes it, without waiting. */
  takeSignal(signal: number): boolean {
    const set = new Uint8Array(SIGSET_BYTES);
    new BigUint64Array(set.buffer)[0] = 1n << BigInt(signal - 1);
    return this.#library.symbols.sigtimedwait(set, null, new BigInt64Array(2)) === signal;
  }

  /** Numbers of a user's groups, including `group`, from wherever the system keeps them. */
  groupsOf(user: string, group: number): number[] {
    for (let room = GROUPS;; room *= 2) {
      const groups = new Uint32Array(room);
      const count = new Int32Array([room]);
      if (this.#library.symbols.getgrouplist(cString(user), group, groups, count) >= 0) {
        return [...groups.subarray(0, count[0])];
      }
    }
  }

  /** Formats a C format string with a `va_list`, which is not modified. */
  format(format: Deno.PointerValue, args: Deno.PointerObject): string {
    let buffer = new Uint8Array(512);
    for (;;) {
      // Walking a va_list changes it: work on a copy of the structure (24 bytes on x86-64, 32 on arm64).
      const copy = new Uint8Array(Deno.UnsafePointerView.getArrayBuffer(args, VA_LIST_BYTES).slice(0));
      const length = this.#library.symbols.vsnprintf(
        buffer,
        BigInt(buffer.length),
        format,
        Deno.UnsafePointer.of(copy),
      );
      if (length < buffer.length) return new TextDecoder().decode(buffer.subarray(0, Math.max(0, length)));
      buffer = new Uint8Array(length + 1);
    }
  }
}
