/** Opens a file by the name that a user gave: one that appears when complete, or a device, FIFO or descriptor as it is. */
import { Errno, Files, type FileUser } from "../../bpf/ffi/files.ts";
import { delay } from "../../runtime/delay.ts";
import { writeFailed } from "../../runtime/system_error.ts";
import { cannotMake, PartFile } from "./part_file.ts";
import { clearParts, partName, partOwner } from "./part_names.ts";
import { findPlace, isError, type Place, requireOwnFifo } from "./place.ts";

/** Time to wait for the reader of a FIFO, milliseconds: enough to type the second command. */
const READER_MS = 10_000;

/** Time between two checks, milliseconds. */
const READER_POLL_MS = 20;

/** A file that is written to. */
export interface OpenFile {
  /** True when an incomplete file stays if ior is killed. */
  readonly leavesPart: boolean;
  /** Resolves with the number of bytes written. Rejects with the system's error; `BrokenPipe` when the reader has gone. */
  write(bytes: Uint8Array): Promise<number>;
  /** Gives it its name. Throws an `IorError`. */
  complete(): Promise<void>;
  close(): void;
  /** Removes it, unless it is complete. Safe to call more than once. */
  remove(): void;
}

/**
 * Opens a file that replaces the one of its name when it is complete, and is invisible until then. It is created with the
 * rights of `user` (`null`: the process's own) and keeps the permissions of a file of that user that it replaces. Devices and FIFOs
 * are written to as they are, and so are descriptors (`/dev/stderr`, `/dev/fd/3`).
 *
 * @throws {IorError} `usage` when the file cannot be created, before anything is traced.
 */
export function openFile(path: string, user: FileUser | null): OpenFile {
  const files = Files.open();
  try {
    const descriptor = descriptorOf(path);
    if (descriptor === null) return files.as(user, () => openPlace(files, path, user));
    if (!files.isInherited(descriptor)) throw files.error(Errno.EBADF);
    return asItIs(files, () => Promise.resolve(descriptor), () => {});
  } catch (error) {
    throw cannotMake(path, error);
  }
}

/** A part file for a name, after removing those of dead processes. */
export function openPartFile(path: string, user: FileUser | null): PartFile {
  const files = Files.open();
  try {
    return files.as(user, () => {
      using place = findFile(files, path, user);
      if (place.found !== null && files.status(place.found).kind !== "file") {
        throw new Error("it is not a regular file");
      }
      return replacing(files, place, path, user);
    });
  } catch (error) {
    throw cannotMake(path, error);
  }
}

/** Number of an open descriptor, `null` for the name of a file. */
function descriptorOf(path: string): number | null {
  const standard = ["/dev/stdin", "/dev/stdout", "/dev/stderr"].indexOf(path);
  if (standard !== -1) return standard;
  const match = /^\/(?:dev|proc\/self)\/fd\/(\d{1,9})$/.exec(path);
  return match === null ? null : Number(match[1]);
}

function findFile(files: Files, path: string, user: FileUser | null): Place {
  const place = findPlace(files, path, (user ?? files.user).uid);
  const isDirectory = place.found === null
    ? path.endsWith("/")
    : files.status(place.found).kind === "directory";
  if (!isDirectory) return place;
  place[Symbol.dispose]();
  throw new Error("it is a directory");
}

function openPlace(files: Files, path: string, user: FileUser | null): OpenFile {
  using place = findFile(files, path, user);
  const status = place.found === null ? null : files.status(place.found);
  if (status === null || (status.kind === "file" && !place.isOpenFile)) {
    const part = replacing(files, place, path, user);
    return {
      leavesPart: part.isNamed,
      write: (bytes) => part.write(bytes),
      complete: () => part.publish(),
      close: () => {},
      remove: () => part.discard(),
    };
  }
  if (status.kind !== "fifo") {
    const fd = files.openToWrite(place.found!);
    return asItIs(files, () => Promise.resolve(fd), () => files.close(fd));
  }
  requireOwnFifo(files, place, status, (user ?? files.user).uid);
  return openFifo(files, place.found!, path, user);
}

/** A file that replaces what has the name. */
function replacing(files: Files, place: Place, path: string, user: FileUser | null): PartFile {
  const { name, found } = place;
  const uid = (user ?? files.user).uid;
  clearParts(files, place.directory, uid, (part) => partOwner(name, part));
  const directory = files.duplicate(place.directory);
  return new PartFile(files, { directory, name, part: partName(name), replaced: found, path }, user);
}

/** A file that exists already and stays, whatever becomes of the data. */
function asItIs(files: Files, opened: () => Promise<number>, close: () => void): OpenFile {
  let closed = false;
  return {
    leavesPart: false,
    async write(bytes) {
      const fd = await opened();
      // Its number may belong to another file by now.
      if (closed) throw new Error("it was closed");
      try {
        return await files.write(fd, bytes);
      } catch (error) {
        throw isError(error, Errno.EPIPE) ? new Deno.errors.BrokenPipe("its reader has gone") : error;
      }
    },
    complete: async () => void await opened(),
    close() {
      if (!closed) close();
      closed = true;
    },
    remove: () => {},
  };
}

/** A FIFO, whose reader may open it before there is anything to read. */
function openFifo(files: Files, place: number, path: string, user: FileUser | null): OpenFile {
  const fifo = files.duplicate(place);
  const deadlineMs = performance.now() + READER_MS;
  let fd: number | null = null;
  let closed = false;
  const opening = (async () => {
    while (fd === null && !closed) {
      try {
        fd = files.as(user, () => files.openToWrite(fifo));
      } catch (error) {
        if (!isError(error, Errno.ENXIO)) throw error;
        if (performance.now() > deadlineMs) throw new Error(`nobody has read it for ${READER_MS / 1000} s`);
        await delay(READER_POLL_MS);
      }
    }
    return fd ?? -1;
  })();
  opening.catch(() => {}); // the writer sees it
  const written = asItIs(files, () => opening, () => {
    closed = true;
    files.close(fifo);
    if (fd !== null) files.close(fd);
  });
  return {
    ...written,
    complete: () => written.complete().catch((error) => Promise.reject(writeFailed(path, error))),
  };
}
