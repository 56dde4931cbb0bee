import { errnoNumber } from "../../runtime/errno.ts";
import { reasonOf } from "../../runtime/system_error.ts";
import { Errno, Files, type FileStatus, SystemError, WORKING_DIRECTORY } from "../../bpf/ffi/files.ts";
import { mayCallLibc } from "../launch/own_start.ts";

/** What reading files takes. */
export type ReadFiles = Pick<
  Files,
  "openPlace" | "openPlaceToRead" | "status" | "names" | "readAt" | "close"
>;

/** The first number that stands for a place here; a descriptor of the process is lower. */
const FIRST_PLACE = 2 ** 20;

/** A name, or an open file. */
interface Place {
  path: string;
  /** Whether the last link of the name is followed. */
  follow: boolean;
  file: Deno.FsFile | null;
}

/**
 * Files by name, read through the runtime: for a process that may not call foreign functions. A place is a name here, so
 * whoever owns its folder can give the name to another file meanwhile; the process has no rights that its user has not.
 */
export class PlainFiles implements ReadFiles {
  readonly #places = new Map<number, Place>();
  #next = FIRST_PLACE;

  /** As `Files.openPlace`. */
  openPlace(directory: number, name: string, follow = false): number {
    const place = { path: this.#pathOf(directory, name), follow, file: null };
    infoOf(place);
    return this.#add(place);
  }

  /** As `Files.openPlaceToRead`. */
  openPlaceToRead(place: number): number {
    const { path, follow } = this.#places.get(place)!;
    return this.#add({ path, follow, file: called(() => Deno.openSync(path)) });
  }

  /** As `Files.status`. */
  status(fd: number): FileStatus {
    const info = infoOf(this.#places.get(fd)!);
    return {
      kind: kindOf(info),
      mode: (info.mode ?? 0) & 0o7777,
      uid: info.uid ?? 0,
      size: info.size,
      inode: BigInt(info.ino ?? 0),
      identity: [info.dev, info.ino].join(),
    };
  }

  /** As `Files.names`. */
  names(directory: number, limit: number): string[] {
    const names: string[] = [];
    called(() => {
      for (const { name } of Deno.readDirSync(this.#places.get(directory)!.path)) {
        if (names.push(name) === limit) break;
      }
    });
    return names;
  }

  /** As `Files.readAt`, in this thread. */
  readAt(fd: number, bytes: Uint8Array<ArrayBuffer>, offset: number): Promise<number> {
    const file = this.#places.get(fd)!.file!;
    // No other read of this file comes between the two.
    return Promise.resolve().then(() =>
      called(() => {
        file.seekSync(offset, Deno.SeekMode.Start);
        return file.readSync(bytes) ?? 0;
      })
    );
  }

  /** As `Files.close`. */
  close(fd: number): void {
    this.#places.get(fd)?.file?.close();
    this.#places.delete(fd);
  }

  #add(place: Place): number {
    this.#places.set(this.#next, place);
    return this.#next++;
  }

  #pathOf(directory: number, name: string): string {
    if (name.startsWith("/") || directory === WORKING_DIRECTORY) return name;
    const place = this.#places.get(directory);
    // A working directory without a name: no relative name leads anywhere.
    if (place === undefined) throw new SystemError(Errno.ENOENT, "No such file or directory");
    return `${place.path}/${name}`;
  }
}

function infoOf({ path, follow, file }: Place): Deno.FileInfo {
  return called(() => file?.statSync() ?? (follow ? Deno.statSync(path) : Deno.lstatSync(path)));
}

/** Calls the runtime; its errors become those of the system. */
function called<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    const errno = typeof code === "string" ? errnoNumber(code) : undefined;
    throw errno === undefined ? error : new SystemError(errno, reasonOf(error));
  }
}

function kindOf(info: Deno.FileInfo): FileStatus["kind"] {
  if (info.isFile) return "file";
  if (info.isDirectory) return "directory";
  if (info.isSymlink) return "link";
  if (info.isFifo) return "fifo";
  return info.isSocket ? "socket" : "device";
}

let plain: PlainFiles | null = null;

/** Files to read: by libc where this process may call it, else by the runtime. */
export function filesToRead(): ReadFiles {
  return mayCallLibc() ? Files.open() : plain ??= new PlainFiles();
}
