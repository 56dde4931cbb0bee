/**
 * Files by descriptor. Root must not operate by name on a file in another user's folder: that user can replace the file
 * meanwhile. The runtime offers only names, and opens `/dev` and `/proc` only with all permissions.
 */
import { IorError } from "../../runtime/errors.ts";
import { rawText } from "../../runtime/raw_text.ts";
import { FILE_SYMBOLS } from "./file_symbols.ts";
import { cString, directoryEntries } from "./libc.ts";

/** The numbers of `errno.h` that are handled. */
export const Errno = {
  ENOENT: 2,
  EINTR: 4,
  ENXIO: 6,
  EBADF: 9,
  EEXIST: 17,
  ENOTDIR: 20,
  EISDIR: 21,
  EPIPE: 32,
  ELOOP: 40,
  EOPNOTSUPP: 95,
} as const;

/** Flags of `openat`: two differ between the architectures. */
const O_WRONLY = 0o1;
const O_CREAT = 0o100;
const O_EXCL = 0o200;
const O_NOCTTY = 0o400;
const O_NONBLOCK = 0o4000;
const O_CLOEXEC = 0o2000000;
const O_PATH = 0o10000000;
const IS_ARM = Deno.build.arch === "aarch64";
const O_TMPFILE_BIT = 0o20000000;
const O_DIRECTORY = IS_ARM ? 0o40000 : 0o200000;
const O_NOFOLLOW = IS_ARM ? 0o100000 : 0o400000;

/** The working directory, where a descriptor of one is asked for. */
export const WORKING_DIRECTORY = -100;

const AT_EMPTY_PATH = 0x1000;
const AT_SYMLINK_FOLLOW = 0x400;
const STATX_BASIC_STATS = 0x7ff;
const STATX_BYTES = 256;
const STATFS_BYTES = 120;
const PROC_SUPER_MAGIC = 0x9fa0n;
const F_GETFD = 1;
const F_SETFL = 4;
const FD_CLOEXEC = 1;
const LOCK_EX = 2;
const LOCK_NB = 4;

/** Longest text of a link, `PATH_MAX`. */
const LINK_BYTES = 4096;
const DIRECTORY_BYTES = 32 * 1024;

/** Types of `st_mode`. */
const KINDS: Readonly<Record<number, FileStatus["kind"]>> = {
  0o010000: "fifo",
  0o020000: "device",
  0o040000: "directory",
  0o060000: "device",
  0o100000: "file",
  0o120000: "link",
  0o140000: "socket",
};

/** Status of an open file. */
export interface FileStatus {
  kind: "file" | "directory" | "link" | "fifo" | "device" | "socket";
  /** The lower twelve bits: permissions, set-uid, set-gid, sticky. */
  mode: number;
  uid: number;
  /** Bytes. */
  size: number;
  /** Number of the inode. */
  inode: bigint;
  /** The same for two names of one file, and for no other file. */
  identity: string;
}

/** The user who creates and opens files. */
export interface FileUser {
  uid: number;
  gid: number;
}

/** A call that failed; its message is libc's. */
export class SystemError extends Error {
  /** @inheritdoc */
  override readonly name = "SystemError";
  /** Positive error number. */
  readonly errno: number;

  constructor(errno: number, message: string) {
    super(message);
    this.errno = errno;
  }
}

/** Type of a directory in `struct linux_dirent64`. */
const DT_DIR = 4;

let opened: Files | null = null;

/** libc's calls on files. Everything that fails throws a {@linkcode SystemError}. */
export class Files {
  readonly #symbols: Deno.DynamicLibrary<typeof FILE_SYMBOLS>["symbols"];
  /** This thread's errno, read from memory: a foreign call to read it could change it. */
  readonly #errno: Int32Array;

  /** Opened once per thread: it takes some milliseconds. */
  static open(): Files {
    return opened ??= new Files();
  }

  private constructor() {
    try {
      this.#symbols = Deno.dlopen("libc.so.6", FILE_SYMBOLS).symbols;
    } catch (cause) {
      throw new IorError("unsupported", "Cannot open libc.so.6", {
        hint: "ior needs a system with the GNU C library",
        cause,
      });
    }
    const errno = this.#symbols.__errno_location();
    this.#errno = new Int32Array(Deno.UnsafePointerView.getArrayBuffer(errno!, 4));
  }

  /** The user who creates files: the process's own outside of {@linkcode Files.as}. */
  get user(): FileUser {
    return { uid: this.#symbols.geteuid(), gid: this.#symbols.getegid() };
  }

  /** Runs `work`, which must be synchronous, with `user`'s rights on files; `null` for the process's own. */
  as<Result>(user: FileUser | null, work: () => Result): Result {
    const own = this.user;
    if (user === null || own.uid !== 0 || user.uid === 0) return work();
    this.#symbols.setfsgid(user.gid);
    this.#symbols.setfsuid(user.uid);
    try {
      return work();
    } finally {
      this.#symbols.setfsuid(own.uid);
      this.#symbols.setfsgid(own.gid);
    }
  }

  /** The root, as a place for names. */
  openRoot(): number {
    return this.#open(WORKING_DIRECTORY, "/", O_PATH | O_DIRECTORY);
  }

  /** Opens a name as a place only (`O_PATH`), to resolve names in it or to examine it. Does not follow links by default. */
  openPlace(directory: number, name: string, follow = false): number {
    return this.#open(directory, name, O_PATH | (follow ? 0 : O_NOFOLLOW));
  }

  /** A new file, to write to. The umask applies to `mode`. */
  create(directory: number, name: string, mode: number): number {
    return this.#open(directory, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode);
  }

  /**
   * A new file without a name, to write to, which the kernel removes with its last descriptor; `null` where the file
   * system has none. The umask applies to `mode`.
   */
  createUnnamed(directory: number, mode: number): number | null {
    try {
      return this.#open(directory, ".", O_WRONLY | O_TMPFILE_BIT | O_DIRECTORY, mode);
    } catch (error) {
      // As file systems without them answer, and as some that do not know the flag.
      const unsupported: number[] = [Errno.EOPNOTSUPP, Errno.EISDIR];
      if (error instanceof SystemError && unsupported.includes(error.errno)) return null;
      throw error;
    }
  }

  /** Gives a name to a file without one. */
  link(fd: number, directory: number, name: string): void {
    const path = cString(`/proc/self/fd/${fd}`);
    this.#check(
      this.#symbols.linkat(WORKING_DIRECTORY, path, directory, cString(name), AT_SYMLINK_FOLLOW),
    );
  }

  /** Opens a file to read or lock it; neither a link nor anything that blocks. */
  openToRead(directory: number, name: string): number {
    return this.#open(directory, name, O_NOFOLLOW | O_NONBLOCK);
  }

  /** Duplicates a place, to be closed separately. */
  duplicate(place: number): number {
    if (place === WORKING_DIRECTORY) return this.openPlace(WORKING_DIRECTORY, ".");
    return this.#open(WORKING_DIRECTORY, `/proc/self/fd/${place}`, O_PATH);
  }

  /** Opens what is at a place for reading. */
  openPlaceToRead(place: number): number {
    return this.#open(WORKING_DIRECTORY, `/proc/self/fd/${place}`, O_NOCTTY | O_NONBLOCK);
  }

  /** Opens what is at a place for writing. Throws ENXIO for a FIFO that nobody reads. */
  openToWrite(place: number): number {
    const fd = this.#open(WORKING_DIRECTORY, `/proc/self/fd/${place}`, O_WRONLY | O_NOCTTY | O_NONBLOCK);
    this.#check(this.#symbols.fcntl(fd, F_SETFL, O_WRONLY));
    return fd;
  }

  /** True when the process inherited a descriptor: the runtime's own are closed on exec. */
  isInherited(fd: number): boolean {
    const flags = this.#symbols.fcntl(fd, F_GETFD, 0);
    return flags >= 0 && (flags & FD_CLOEXEC) === 0;
  }

  /** Closes a descriptor. */
  close(fd: number): void {
    this.#symbols.close(fd);
  }

  /** Status of an open file descriptor. */
  status(fd: number): FileStatus {
    const buffer = new Uint8Array(STATX_BYTES);
    this.#check(this.#symbols.statx(fd, cString(""), AT_EMPTY_PATH, STATX_BASIC_STATS, buffer));
    const view = new DataView(buffer.buffer);
    const mode = view.getUint16(28, true);
    return {
      kind: KINDS[mode & 0o170000] ?? "device",
      mode: mode & 0o7777,
      uid: view.getUint32(20, true),
      size: Number(view.getBigUint64(40, true)),
      inode: view.getBigUint64(32, true),
      identity: [view.getUint32(136, true), view.getUint32(140, true), view.getBigUint64(32, true)].join(),
    };
  }

  /** Whether a place is in `/proc`, whose links lead to open files instead of names. */
  isProc(place: number): boolean {
    const buffer = new BigInt64Array(STATFS_BYTES / 8);
    this.#check(this.#symbols.fstatfs(place, buffer));
    return buffer[0] === PROC_SUPER_MAGIC;
  }

  /** The text of a link. */
  readLink(directory: number, name: string): string {
    const buffer = new Uint8Array(LINK_BYTES);
    const length = this.#symbols.readlinkat(directory, cString(name), buffer, BigInt(buffer.length));
    return rawText(buffer.subarray(0, this.#check(Number(length))));
  }

  /** Names in a directory, at most `limit` of them, in undefined order. */
  names(directory: number, limit: number): string[] {
    return this.#entries(directory, limit).map(({ name }) => name);
  }

  /** Names of the directories in a directory, by a file system that tells them apart there. */
  directories(directory: number): string[] {
    return this.#entries(directory, Infinity).filter(({ type }) => type === DT_DIR).map(({ name }) => name);
  }

  #entries(directory: number, limit: number): { name: string; type: number }[] {
    const fd = this.#open(directory, ".", O_DIRECTORY);
    try {
      const names: { name: string; type: number }[] = [];
      const buffer = new Uint8Array(DIRECTORY_BYTES);
      while (names.length < limit) {
        const length = this.#check(Number(this.#symbols.getdents64(fd, buffer, BigInt(buffer.length))));
        if (length === 0) break;
        names.push(...directoryEntries(buffer.subarray(0, length)));
      }
      return names.filter(({ name }) => name !== "." && name !== "..");
    } finally {
      this.close(fd);
    }
  }

  /** Makes a directory. */
  makeDirectory(directory: number, name: string): void {
    this.#check(this.#symbols.mkdirat(directory, cString(name), 0o777));
  }

  /** Removes a file. */
  remove(directory: number, name: string): void {
    this.#check(this.#symbols.unlinkat(directory, cString(name), 0));
  }

  /** Removes a file if it exists and may be removed. */
  removeQuietly(directory: number, name: string): void {
    this.#symbols.unlinkat(directory, cString(name), 0);
  }

  /** Renames a file within a directory. */
  rename(directory: number, from: string, to: string): void {
    this.#check(this.#symbols.renameat(directory, cString(from), directory, cString(to)));
  }

  /** Sets the permissions of an open file. */
  setMode(fd: number, mode: number): void {
    this.#check(this.#symbols.fchmod(fd, mode));
  }

  /** Locks a file until the process ends; false when another process has the lock. */
  lock(fd: number): boolean {
    return this.#symbols.flock(fd, LOCK_EX | LOCK_NB) === 0;
  }

  /** Truncates a file. */
  truncate(fd: number, bytes: number): void {
    this.#check(this.#symbols.ftruncate(fd, BigInt(bytes)));
  }

  /** Writes at an offset of a file; returns the number of bytes written. */
  writeAt(fd: number, bytes: Uint8Array, offset: number): number {
    for (;;) {
      const written = Number(
        this.#symbols.pwrite(fd, bytes as Uint8Array<ArrayBuffer>, BigInt(bytes.length), BigInt(offset)),
      );
      if (written >= 0 || this.#errno[0] !== Errno.EINTR) return this.#check(written);
    }
  }

  /** Reads at an offset; returns the number of bytes read, 0 at the end. */
  readNow(fd: number, bytes: Uint8Array<ArrayBuffer>, offset: number): number {
    return this.#check(Number(this.#symbols.pread(fd, bytes, BigInt(bytes.length), BigInt(offset))));
  }

  /** Reads at an offset in another thread; resolves with the number of bytes read, 0 at the end. */
  async readAt(fd: number, bytes: Uint8Array<ArrayBuffer>, offset: number): Promise<number> {
    const [size, at] = [BigInt(bytes.length), BigInt(offset)];
    const read = Number(await this.#symbols.preadInBackground(fd, bytes, size, at));
    // errno stays in the other thread: repeating the call in this one sets it here.
    return read >= 0 ? read : this.#check(Number(this.#symbols.pread(fd, bytes, size, at)));
  }

  /** Writes in another thread; resolves with the number of bytes written. */
  async write(fd: number, bytes: Uint8Array): Promise<number> {
    const data = bytes as Uint8Array<ArrayBuffer>;
    const written = Number(await this.#symbols.writeInBackground(fd, data, BigInt(data.length)));
    // errno stays in the other thread: repeating the call in this one sets it here.
    return written >= 0 ? written : this.#check(Number(this.#symbols.write(fd, data, BigInt(data.length))));
  }

  /** Resolves when a file is on its device. */
  async sync(fd: number): Promise<void> {
    if (await this.#symbols.fdatasyncInBackground(fd) !== 0) this.#check(this.#symbols.fdatasync(fd));
  }

  /** True when a process with this number exists and is visible. */
  isRunning(pid: number): boolean {
    const fd = this.#symbols.openat(WORKING_DIRECTORY, cString(`/proc/${pid}`), O_PATH | O_CLOEXEC, 0);
    if (fd >= 0) this.close(fd);
    return fd >= 0;
  }

  /** The error of a number, for failures detected without a call. */
  error(errno: number): SystemError {
    const text = this.#symbols.strerror(errno);
    return new SystemError(errno, text === null ? `error ${errno}` : Deno.UnsafePointerView.getCString(text));
  }

  #open(directory: number, name: string, flags: number, mode = 0): number {
    return this.#check(this.#symbols.openat(directory, cString(name), flags | O_CLOEXEC, mode));
  }

  #check(result: number): number {
    if (result < 0) throw this.error(this.#errno[0]);
    return result;
  }
}
