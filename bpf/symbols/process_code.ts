import { type Files, SystemError, WORKING_DIRECTORY } from "../ffi/files.ts";
import type { Libc } from "../ffi/libc.ts";
import { type Mapping, mappingOf, readMaps } from "./memory_map.ts";
import { PerfMap } from "./perf_map.ts";

/** Time between two looks at a file of a process, milliseconds: a look takes a tenth of one, and more for large programs. */
const LOOK_MS = 50;

/** Bytes of a perf map that are read at once, and at most: anybody can write one, without any end. */
const PIECE_BYTES = 256 * 1024;
const MOST_BYTES = 128 * PIECE_BYTES;

/** What is known of the code of a process, from the first look at it on: it stays when the process ends. */
export class ProcessCode {
  /** Path of the program's file, `null` where it is not known. */
  readonly exe: string | null;
  readonly #pid: number;
  readonly #libc: Libc;
  readonly #files: Files;
  #mappings: Mapping[] = [];
  #lookedAtMs = -Infinity;
  #perfMap: PerfMap | null = null;
  #perfMapPlaces: string[] = [];
  #uid = 0;
  #perfMapBytes = 0;
  #perfMapAtMs = -Infinity;

  /** Takes the first look. */
  constructor(pid: number, exe: string | null, libc: Libc, files: Files) {
    this.exe = exe;
    this.#pid = pid;
    this.#libc = libc;
    this.#files = files;
    this.look();
    const status = libc.readSpecialText(`/proc/${pid}/status`) ?? "";
    const own = /^NSpid:.*\t(\d+)$/m.exec(status)?.[1];
    this.#uid = Number(/^Uid:\t(\d+)/m.exec(status)?.[1] ?? 0);
    // A program writes its own number, in its own file system.
    this.#perfMapPlaces = [
      ...(own === undefined ? [] : [`/proc/${pid}/root/tmp/perf-${own}.map`]),
      `/tmp/perf-${pid}.map`,
    ];
  }

  /** The mappings of the last look. */
  get mappings(): readonly Mapping[] {
    return this.#mappings;
  }

  /** Looks again, unless the last look was just now; the mappings stay when the process has ended. */
  look(): void {
    const nowMs = performance.now();
    if (nowMs - this.#lookedAtMs < LOOK_MS) return;
    this.#lookedAtMs = nowMs;
    const maps = this.#libc.readSpecialText(`/proc/${this.#pid}/maps`);
    if (maps) this.#mappings = readMaps(maps);
  }

  /** The mapping of an address, by a new look when the last one did not have it. */
  mappingAt(address: number): Mapping | null {
    const found = mappingOf(this.#mappings, address);
    if (found !== null) return found;
    this.look();
    return mappingOf(this.#mappings, address);
  }

  /** Names under which the file of a mapping can be opened, the surest first: that link leads to the very file. */
  placesOf({ name, path }: Mapping): string[] {
    return [`/proc/${this.#pid}/map_files/${name}`, `/proc/${this.#pid}/root${path}`, path];
  }

  /** The name that the process has written for compiled code. */
  compiledAt(address: number): string | null {
    const found = this.#perfMap?.nameAt(address) ?? null;
    if (found !== null) return found;
    this.#readPerfMap();
    return this.#perfMap?.nameAt(address) ?? null;
  }

  /** Takes what the process has written since the last look. */
  #readPerfMap(): void {
    const nowMs = performance.now();
    if (nowMs - this.#perfMapAtMs < LOOK_MS) return;
    this.#perfMapAtMs = nowMs;
    for (const place of this.#perfMapPlaces) {
      try {
        const fd = this.#files.openToRead(WORKING_DIRECTORY, place);
        try {
          const { kind, uid } = this.#files.status(fd);
          if (kind !== "file" || (uid !== 0 && uid !== this.#uid)) continue; // another user's says what that one likes
          this.#perfMap ??= new PerfMap();
          this.#takePieces(fd, this.#perfMap);
          this.#perfMapPlaces = [place];
          return;
        } finally {
          this.#files.close(fd);
        }
      } catch (error) {
        if (!(error instanceof SystemError)) throw error;
      }
    }
  }

  #takePieces(fd: number, map: PerfMap): void {
    const bytes = new Uint8Array(PIECE_BYTES);
    while (!map.isFull && this.#perfMapBytes < MOST_BYTES) {
      const length = this.#files.readNow(fd, bytes, this.#perfMapBytes);
      if (length === 0) return;
      this.#perfMapBytes += length;
      map.add(bytes.subarray(0, length));
    }
  }
}
